//! Stage 5: making the output folder hold exactly the checked files.
//!
//! Owns the output folder and the manifest in it. Writes only what changed, each file in one step,
//! so that a server never hands out half a file; removes what an earlier build wrote and this one
//! does not; leaves alone whatever it did not write.

mod manifest;
mod seal;

use std::collections::BTreeSet;
use std::fs;
use std::io;
use std::path::Path;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use rayon::prelude::*;

use crate::check::Checked;
use crate::diagnostic::{Finding, Findings, Place};
use manifest::Manifest;
pub(crate) use seal::Before;

/// The path in the output folder of the list of files that the builder wrote.
pub(crate) const MANIFEST: &str = manifest::NAME;

/// What the names of files begin with that are still to be put in their places. All are in the
/// output folder itself, so that those of a build that was killed are found without a search.
const UNFINISHED: &str = ".site-builder-new-";

/// No build takes longer to write a file: what is older is left over.
const LONGEST: Duration = Duration::from_hours(1);

/// What was done to the output folder.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
pub struct Written {
    /// Files of the site.
    pub files: usize,
    /// Files that were new or different.
    pub changed: usize,
    /// Files of an earlier build that were removed.
    pub removed: usize,
    /// Whether all stands as it did after the last build, so that there was nothing to do.
    pub unchanged: bool,
}

/// Writes the site.
pub(crate) fn write(checked: &Checked, findings: &mut Findings) -> Option<Written> {
    match write_all(checked) {
        Ok(written) => Some(written),
        Err((path, error)) => {
            findings.push(
                Finding::error(
                    "not-writable",
                    Place::file(&path),
                    format!("The output cannot be written: {error}."),
                )
                .help("Check the folder's permissions and the space on the disk, or pass another `--output`."),
            );
            None
        }
    }
}

type Fault = (String, io::Error);

fn at(path: &Path) -> impl Fn(io::Error) -> Fault + '_ {
    move |error| (path.display().to_string(), error)
}

fn write_all(checked: &Checked) -> Result<Written, Fault> {
    let root = &checked.output;
    fs::create_dir_all(root).map_err(at(root))?;
    clear(root);
    let before = Manifest::read(root);
    let now: BTreeSet<String> = checked.files.keys().cloned().collect();
    // Written before the files: should this run be cut short, the next one still knows what is its
    // own to remove.
    let during: BTreeSet<String> = before.paths().union(&now).cloned().collect();
    if during != *before.paths() {
        Manifest::write(root, &during)?;
    }
    let mut written = Written {
        files: now.len(),
        ..Written::default()
    };
    // First, so that a folder can take the place of a file, and the other way round.
    for path in before.paths().difference(&now) {
        if remove(root, path)? {
            written.removed += 1;
        }
    }
    let changes: Vec<_> = checked
        .files
        .par_iter()
        .map(|(path, bytes)| update(root, &root.join(path), bytes))
        .collect();
    for changed in changes {
        written.changed += usize::from(changed?);
    }
    if during != now {
        Manifest::write(root, &now)?;
    }
    Ok(written)
}

/// Makes a file hold these bytes; whether it did not.
fn update(root: &Path, target: &Path, bytes: &[u8]) -> Result<bool, Fault> {
    let is_same = fs::metadata(target).is_ok_and(|old| old.len() == bytes.len() as u64)
        && fs::read(target).is_ok_and(|old| old == bytes);
    if !is_same {
        replace(root, target, bytes)?;
    }
    Ok(!is_same)
}

/// Puts a file in place in one step.
fn replace(root: &Path, target: &Path, bytes: &[u8]) -> Result<(), Fault> {
    let folder = target.parent().unwrap_or(target);
    fs::create_dir_all(folder).map_err(at(folder))?;
    let temporary = root.join(unfinished());
    fs::write(&temporary, bytes)
        .map_err(at(&temporary))
        .and_then(|()| fs::rename(&temporary, target).map_err(at(target)))
        // Half a file, when the disk is full.
        .inspect_err(|_| {
            let _ = fs::remove_file(&temporary);
        })
}

/// A name that no other build has, and no other file of this one.
fn unfinished() -> String {
    static NEXT: AtomicUsize = AtomicUsize::new(0);
    let number = NEXT.fetch_add(1, Ordering::Relaxed);
    format!("{UNFINISHED}{}-{number}", std::process::id())
}

/// Removes what builds that were killed left, but not what another one is writing just now. Should
/// that fail, the next build tries again.
fn clear(root: &Path) {
    let entries = fs::read_dir(root).into_iter().flatten().flatten();
    let left = entries.filter(|entry| entry.file_name().to_string_lossy().starts_with(UNFINISHED));
    let left: Vec<_> = left.map(|entry| entry.path()).collect();
    if left.is_empty() {
        return;
    }
    // The file system's clock, as the one that says how old the files are.
    let probe = root.join(unfinished());
    let now = fs::write(&probe, "").and_then(|()| fs::metadata(&probe)?.modified());
    let _ = fs::remove_file(&probe);
    for path in left {
        let written = fs::metadata(&path).and_then(|found| found.modified());
        if let (Ok(now), Ok(written)) = (&now, written)
            && now.duration_since(written).is_ok_and(|age| age > LONGEST)
        {
            let _ = fs::remove_file(path);
        }
    }
}

/// Removes a file, and the folders that are empty without it.
fn remove(root: &Path, path: &str) -> Result<bool, Fault> {
    let target = root.join(path);
    match fs::remove_file(&target) {
        Ok(()) => {}
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(false),
        Err(error) => return Err((target.display().to_string(), error)),
    }
    let mut folder = target.parent();
    while let Some(empty) = folder.filter(|folder| *folder != root) {
        // Fails when something else is in it, which is the reason to leave it.
        if fs::remove_dir(empty).is_err() {
            break;
        }
        folder = empty.parent();
    }
    Ok(true)
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
        replace(root, &root.join("a.html"), b"one").unwrap();
        assert_eq!(fs::read(root.join("a.html")).unwrap(), b"one");
        assert_ne!(unfinished(), unfinished());
        assert!(unfinished().contains(&std::process::id().to_string()));
        // A file cannot take the place of a folder.
        assert!(replace(root, &of_others, b"two").is_err());
        assert_eq!(fs::read_dir(root).unwrap().count(), 2);
    }

    #[test]
    fn what_a_killed_build_left_is_removed_and_what_is_being_written_is_not() {
        let folder = tempfile::tempdir().unwrap();
        let root = folder.path();
        let file = |name: &str, age: Duration| {
            let path = root.join(name);
            fs::write(&path, "x").unwrap();
            let modified = fs::metadata(&path).unwrap().modified().unwrap() - age;
            fs::File::options()
                .write(true)
                .open(&path)
                .and_then(|file| file.set_modified(modified))
                .unwrap();
        };
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
