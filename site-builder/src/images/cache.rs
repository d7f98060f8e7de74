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
        let temporary = file.with_extension(format!("{}-new", std::process::id()));
        let _ = self.open().and_then(|_| {
            fs::write(&temporary, [&Sha256::digest(bytes)[..], bytes].concat())?;
            fs::rename(&temporary, &file)
        });
    }

    /// Lets go of every copy that is not among these paths.
    pub(crate) fn keep<'a>(&self, paths: impl Iterator<Item = &'a String>) {
        let kept: BTreeSet<_> = paths
            .filter_map(|path| Path::new(path).file_name())
            .collect();
        if !self.is_ours() {
            return;
        }
        for entry in fs::read_dir(&self.folder).into_iter().flatten().flatten() {
            let name = entry.file_name();
            let is_seal = name.to_string_lossy().starts_with(SEAL);
            if name != IGNORE && !is_seal && !kept.contains(name.as_os_str()) {
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
