//! Putting a file in place in one step, so that nobody ever reads half of one.
//!
//! Owns the names of files and folders that are still to be put in their places: no two builds share
//! one, and those that a killed build left are known by it. Knows nothing of what is in them.

use std::fs::{self, File};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use tempfile::TempDir;

/// What the names of files and folders begin with that are still to be put in their places.
const UNFINISHED: &str = ".site-builder-new-";

/// Nothing takes longer to write: what is older is left over.
const LONGEST: Duration = Duration::from_hours(1);

/// Makes a file hold these bytes. It is written in `folder`, which is on the same disk, and moved.
pub(crate) fn file(folder: &Path, target: &Path, bytes: &[u8]) -> io::Result<()> {
    let (temporary, mut unfinished) = create(folder)?;
    let written = unfinished.write_all(bytes);
    drop(unfinished);
    written
        .and_then(|()| fs::rename(&temporary, target))
        // Half a file, when the disk is full.
        .inspect_err(|_| {
            let _ = fs::remove_file(&temporary);
        })
}

/// A folder in `folder` for what is to be moved out of it into place; gone, with what is still in
/// it, when it is dropped.
pub(crate) fn folder(folder: &Path) -> io::Result<TempDir> {
    let mut named = tempfile::Builder::new();
    named.prefix(UNFINISHED).tempdir_in(folder)
}

/// Whether this is the name of what is still to be put in its place.
pub(crate) fn is_unfinished(name: &str) -> bool {
    name.starts_with(UNFINISHED)
}

/// A file that nobody else writes: a build in another container may have the same number.
fn create(folder: &Path) -> io::Result<(PathBuf, File)> {
    loop {
        let path = folder.join(unfinished());
        match File::create_new(&path) {
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {}
            made => return Ok((path, made?)),
        }
    }
}

/// A name that no other file of this build has.
fn unfinished() -> String {
    static NEXT: AtomicUsize = AtomicUsize::new(0);
    let number = NEXT.fetch_add(1, Ordering::Relaxed);
    format!("{UNFINISHED}{}-{number}", std::process::id())
}

/// Removes what builds that were killed left in a folder, but not what another one is writing just
/// now. Should that fail, the next build tries again.
pub(crate) fn clear(folder: &Path) {
    let entries = fs::read_dir(folder).into_iter().flatten().flatten();
    let left = entries.filter(|entry| is_unfinished(&entry.file_name().to_string_lossy()));
    let left: Vec<_> = left.map(|entry| entry.path()).collect();
    if left.is_empty() {
        return;
    }
    // The file system's clock, as the one that says how old the files are.
    let now = create(folder).and_then(|(probe, file)| {
        let now = file.metadata().and_then(|probe| probe.modified());
        let _ = fs::remove_file(probe);
        now
    });
    for path in left {
        let written = fs::metadata(&path).and_then(|found| found.modified());
        if let (Ok(now), Ok(written)) = (&now, written)
            && now.duration_since(written).is_ok_and(|age| age > LONGEST)
        {
            let _ = fs::remove_file(&path).or_else(|_| fs::remove_dir_all(&path));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_builds_at_once_do_not_share_a_file_and_none_is_left() {
        let folder = tempfile::tempdir().unwrap();
        let root = folder.path();
        // What another build is writing, whichever it is.
        let of_others = root.join(".a.html.site-builder-new");
        fs::create_dir(&of_others).unwrap();
        file(root, &root.join("a.html"), b"one").unwrap();
        assert_eq!(fs::read(root.join("a.html")).unwrap(), b"one");
        assert_ne!(unfinished(), unfinished());
        assert!(unfinished().contains(&std::process::id().to_string()));
        // A file cannot take the place of a folder.
        assert!(file(root, &of_others, b"two").is_err());
        assert_eq!(fs::read_dir(root).unwrap().count(), 2);
    }

    #[test]
    fn what_a_killed_build_left_is_removed_and_what_is_being_written_is_not() {
        let folder = tempfile::tempdir().unwrap();
        let root = folder.path();
        let aged = |path: &Path, age: Duration| {
            let file = File::open(path).unwrap();
            let modified = file.metadata().unwrap().modified().unwrap() - age;
            file.set_modified(modified).unwrap();
        };
        let file = |name: &str, age: Duration| {
            let path = root.join(name);
            fs::write(&path, "x").unwrap();
            aged(&path, age);
        };
        let left = super::folder(root).unwrap().keep();
        fs::create_dir(left.join("faq")).unwrap();
        fs::write(left.join("faq/index.html"), "x").unwrap();
        aged(&left, 2 * LONGEST);
        file(".site-builder-new-1-0", 2 * LONGEST);
        file(".site-builder-new-2-0", Duration::ZERO);
        file("old.html", 2 * LONGEST);
        clear(root);
        let names = fs::read_dir(root).unwrap();
        let mut names: Vec<_> = names.map(|entry| entry.unwrap().file_name()).collect();
        names.sort();
        assert_eq!(names, [".site-builder-new-2-0", "old.html"]);
    }
}
