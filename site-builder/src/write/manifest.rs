//! The list of files that the builder wrote, kept in the output folder.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Component, Path};

use super::{Fault, at, put};

/// The manifest's name in the output folder.
pub(super) const NAME: &str = ".site-builder-manifest";

const HEADER: &str = "# Files that site-builder wrote here, and may remove.";

/// The files of the last build.
#[derive(Debug, Default)]
pub(super) struct Manifest {
    paths: BTreeSet<String>,
}

impl Manifest {
    /// Reads the manifest; a missing one is empty. A line that would lead out of the folder is not
    /// ours, whoever wrote it.
    pub(super) fn read(root: &Path) -> Self {
        let text = fs::read_to_string(root.join(NAME)).unwrap_or_default();
        let paths = text
            .lines()
            // An address may begin with `#`: only the line that stands above all is a comment.
            .filter(|line| !line.is_empty() && *line != HEADER)
            .filter(|line| {
                Path::new(line)
                    .components()
                    .all(|part| matches!(part, Component::Normal(_)))
            })
            .map(str::to_owned)
            .collect();
        Self { paths }
    }

    /// The paths in it.
    pub(super) fn paths(&self) -> &BTreeSet<String> {
        &self.paths
    }

    /// Writes a manifest.
    pub(super) fn write(root: &Path, paths: &BTreeSet<String>) -> Result<(), Fault> {
        let mut text = format!("{HEADER}\n");
        for path in paths {
            text.push_str(path);
            text.push('\n');
        }
        fs::create_dir_all(root).map_err(at(root))?;
        put(root, &root.join(NAME), text.as_bytes())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_read_back_whatever_its_name_and_nothing_outside_the_folder() {
        let folder = tempfile::tempdir().unwrap();
        let own = ["# Notes/index.html", "#x/index.html", "a.html"];
        let own: BTreeSet<String> = own.map(str::to_owned).into();
        let mut all = own.clone();
        all.extend(["../b.html", "/c.html"].map(str::to_owned));
        Manifest::write(folder.path(), &all).unwrap();
        assert_eq!(*Manifest::read(folder.path()).paths(), own);
    }
}
