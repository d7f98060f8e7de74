//! Copies of earlier builds, kept beside the site.
//!
//! A name stands for all that went into a copy, so what is there by that name is right, as long as
//! it is whole: each file begins with the hash of the rest. A cache that cannot be used costs time
//! and nothing else.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use sha2::{Digest, Sha256};

use crate::replace;

/// The cache's folder in the root of a site.
const FOLDER: &str = ".site-builder-cache";

/// Keeps the folder out of version control, whatever the site's own rules are.
const IGNORE: &str = ".gitignore";

/// How the names of what is kept about whole builds begin.
pub(crate) const SEAL: &str = "seal-";

const HASH: usize = 32;

/// The cache of a site.
#[derive(Debug, Clone)]
pub(crate) struct Cache {
    folder: PathBuf,
}

impl Cache {
    /// The cache of the site in this folder. Nothing is made before there is something to keep.
    pub(crate) fn new(root: &Path) -> Self {
        Self {
            folder: root.join(FOLDER),
        }
    }

    /// A copy by its path in the output.
    pub(crate) fn load(&self, path: &str) -> Option<Arc<[u8]>> {
        if !self.is_ours() {
            return None;
        }
        let bytes = fs::read(self.file(path)).ok()?;
        let (hash, bytes) = bytes.split_at_checked(HASH)?;
        (Sha256::digest(bytes)[..] == *hash).then(|| bytes.into())
    }

    /// Keeps a copy.
    pub(crate) fn store(&self, path: &str, bytes: &[u8]) {
        let file = self.file(path);
        let _ = self.open().and_then(|folder| {
            let kept = [&Sha256::digest(bytes)[..], bytes].concat();
            replace::file(folder, &file, &kept)
        });
    }

    /// Lets go of every copy that is not among these paths. What another build is keeping just now is
    /// left to it.
    pub(crate) fn keep<'a>(&self, paths: impl Iterator<Item = &'a String>) {
        let kept: BTreeSet<_> = paths
            .filter_map(|path| Path::new(path).file_name())
            .collect();
        if !self.is_ours() {
            return;
        }
        replace::clear(&self.folder);
        for entry in fs::read_dir(&self.folder).into_iter().flatten().flatten() {
            let name = entry.file_name();
            let text = name.to_string_lossy();
            let is_others = text.starts_with(SEAL) || replace::is_unfinished(&text);
            if name != IGNORE && !is_others && !kept.contains(name.as_os_str()) {
                let _ = fs::remove_file(entry.path());
            }
        }
    }

    fn file(&self, path: &str) -> PathBuf {
        self.folder.join(path.rsplit('/').next().unwrap_or(path))
    }

    /// The folder, made if need be. Folders in it are others' own.
    pub(crate) fn open(&self) -> std::io::Result<&Path> {
        if !self.is_ours() {
            match fs::create_dir(&self.folder) {
                // Another thread came first.
                Err(_) if self.is_ours() => {}
                Err(error) => return Err(error),
                Ok(()) => fs::write(self.folder.join(IGNORE), "*\n")?,
            }
        }
        Ok(&self.folder)
    }

    /// The folder, when it is there.
    pub(crate) fn existing(&self) -> Option<&Path> {
        self.is_ours().then_some(self.folder.as_path())
    }

    /// A symlink is not: it may lead out of the site.
    fn is_ours(&self) -> bool {
        fs::symlink_metadata(&self.folder).is_ok_and(|found| found.is_dir())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_another_build_is_keeping_just_now_is_left_to_it() {
        let folder = tempfile::tempdir().unwrap();
        let cache = Cache::new(folder.path());
        for path in ["p/a.png", "p/b.png"] {
            cache.store(path, b"picture");
        }
        let of_others = ".site-builder-new-1-0";
        fs::write(cache.file(of_others), "half").unwrap();
        cache.keep([&"p/a.png".to_owned()].into_iter());
        let has = |name: &str| cache.file(name).exists();
        assert!(has("a.png") && has(of_others) && !has("b.png"));
        assert_eq!(cache.load("p/a.png").as_deref(), Some(&b"picture"[..]));
    }
}
