//! Walking a folder in a fixed order, without leaving the site by a symlink, and which files and
//! folders are no input.

use std::path::{Path, PathBuf};

use walkdir::{DirEntry, WalkDir};

use crate::diagnostic::{Finding, Findings, Place};
use crate::text::has_ending;

/// A file found in a folder.
pub(super) struct Found {
    /// Path inside the folder, with `/`.
    pub relative: String,
    /// Path that findings name.
    pub file: String,
    /// Where it is on disk.
    pub path: PathBuf,
}

/// All files under `folder`, sorted by path; none when it does not exist. `label` stands for the
/// folder in findings. A symlink that leads out of `limit` is a finding and is not followed: what
/// it points at was never meant to be published. The output folder is never input.
pub(super) fn files(
    folder: &Path,
    label: &str,
    limit: &Path,
    output: &Path,
    findings: &mut Findings,
) -> Vec<Found> {
    if !folder.is_dir() {
        return Vec::new();
    }
    let limit = limit.canonicalize().unwrap_or_else(|_| limit.to_owned());
    let output = output.canonicalize().ok();
    let mut outside = Vec::new();
    let mut found = Vec::new();
    let walk = WalkDir::new(folder)
        .follow_links(true)
        .into_iter()
        .filter_entry(|entry| {
            let inside = stays_inside(entry, &limit);
            if !inside {
                outside.push(file_name(folder, label, entry.path()));
            }
            // Only a folder can be the output; asking for every file would take as long as reading it.
            let may_be_output = output.is_some() && entry.file_type().is_dir();
            inside && !(may_be_output && entry.path().canonicalize().ok() == output)
        });
    for entry in walk {
        match entry {
            Ok(entry) if entry.file_type().is_file() => {
                let Some(relative) = relative(folder, entry.path()) else {
                    findings.push(
                        Finding::error(
                            "bad-name",
                            Place::file(&file_name(folder, label, entry.path())),
                            "The name of this file is not UTF-8.",
                        )
                        .help("Rename it."),
                    );
                    continue;
                };
                found.push(Found {
                    file: format!("{label}/{relative}"),
                    relative,
                    path: entry.into_path(),
                });
            }
            Ok(_) => {}
            Err(error) => {
                let file = error
                    .path()
                    .map_or_else(|| label.to_owned(), |path| file_name(folder, label, path));
                let what = if error.loop_ancestor().is_some() {
                    "This symlink leads back to a folder that it is in.".to_owned()
                } else {
                    format!("This cannot be read: {}.", reason(&error))
                };
                findings.push(Finding::error("unreadable", Place::file(&file), what));
            }
        }
    }
    for file in outside {
        findings.push(
            Finding::error(
                "symlink-outside",
                Place::file(&file),
                "This symlink leads out of the site's folder.",
            )
            .help("Copy the file here instead."),
        );
    }
    found.sort_by(|a, b| a.relative.cmp(&b.relative));
    found
}

fn reason(error: &walkdir::Error) -> String {
    error
        .io_error()
        .map_or_else(|| "unknown reason".to_owned(), ToString::to_string)
}

fn stays_inside(entry: &DirEntry, limit: &Path) -> bool {
    !entry.path_is_symlink()
        || entry
            .path()
            .canonicalize()
            .is_ok_and(|target| target.starts_with(limit))
}

fn relative(folder: &Path, path: &Path) -> Option<String> {
    let parts: Option<Vec<_>> = path
        .strip_prefix(folder)
        .ok()?
        .components()
        .map(|part| part.as_os_str().to_str())
        .collect();
    Some(parts?.join("/"))
}

fn file_name(folder: &Path, label: &str, path: &Path) -> String {
    let rest = path.strip_prefix(folder).unwrap_or(path).to_string_lossy();
    format!("{label}/{}", rest.replace('\\', "/"))
}

/// The output folder must not be a folder that the site is read from, nor hold the site.
pub(super) fn check_output(root: &Path, output: &Path, findings: &mut Findings) {
    let full = |path: &Path| {
        path.canonicalize()
            .or_else(|_| std::path::absolute(path))
            .unwrap_or_else(|_| path.to_owned())
    };
    let (root, output) = (full(root), full(output));
    let input = ["content", "templates", "static", "sass", "themes"]
        .iter()
        .any(|folder| output.starts_with(root.join(folder)));
    if input || root.starts_with(&output) {
        findings.push(
            Finding::error(
                "bad-output",
                Place::file(&output.display().to_string()),
                "The output folder cannot be a folder that the site is made from.",
            )
            .help("Pass another `--output`, such as `public`."),
        );
    }
}

/// What editors and operating systems leave lying about.
pub(crate) fn is_clutter(name: &str) -> bool {
    name.starts_with('.')
        // What word processors lock a file with.
        || name.starts_with("~$")
        || name.ends_with('~')
        || has_ending(name, "swp")
        || matches!(name, "Thumbs.db" | "desktop.ini")
}
