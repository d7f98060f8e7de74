//! Stage 5: making the output folder hold exactly the checked files.
//!
//! Owns the output folder and the manifest in it. Writes only what changed, each file (and a folder
//! that was not there, with all that is in it) in one step, so that a server never hands out half a
//! file; removes what an earlier build wrote and this one does not; leaves alone whatever it did not
//! write.

mod fresh;
mod manifest;
mod seal;

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::io;
use std::path::Path;
use std::sync::Arc;

use rayon::prelude::*;

use crate::check::Checked;
use crate::diagnostic::{Finding, Findings, Place};
use crate::replace;
use manifest::Manifest;
pub(crate) use seal::Before;

/// The path in the output folder of the list of files that the builder wrote.
pub(crate) const MANIFEST: &str = manifest::NAME;

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

/// What was to be written, and why it could not.
type Fault = (String, io::Error);

/// The site's files by their path in the output folder.
type Files = BTreeMap<String, Arc<[u8]>>;

fn at(path: &Path) -> impl Fn(io::Error) -> Fault + '_ {
    move |error| (path.display().to_string(), error)
}

fn write_all(checked: &Checked) -> Result<Written, Fault> {
    let root = &checked.output;
    fs::create_dir_all(root).map_err(at(root))?;
    replace::clear(root);
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
    let fresh = fresh::put(root, &checked.files)?;
    let others = (checked.files.par_iter()).filter(|(path, _)| !fresh.contains(path.as_str()));
    let changes: Vec<_> = others
        .map(|(path, bytes)| update(root, &root.join(path), bytes))
        .collect();
    written.changed = fresh.len();
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
        put(root, target, bytes)?;
    }
    Ok(!is_same)
}

/// Puts a file in place in one step.
fn put(root: &Path, target: &Path, bytes: &[u8]) -> Result<(), Fault> {
    let folder = target.parent().unwrap_or(target);
    fs::create_dir_all(folder).map_err(at(folder))?;
    // In the output folder itself, so that what a killed build left is found without a search.
    replace::file(root, target, bytes).map_err(at(target))
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
