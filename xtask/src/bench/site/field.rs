//! Builders side by side on the same site: ours, Zola and Hugo, and the copy of what came of it.

use std::path::{Path, PathBuf};
use std::process::Command;

use tempfile::TempDir;

use super::plain::{self, Beside, Dialect};
use super::run::{Cost, Place, cost};
use super::{FEWER, PAGES, RUNS};
use crate::failure::Result;
use crate::tools;

/// A site of ten thousand pages, and what each builder makes of it.
pub(super) struct Field {
    builder: PathBuf,
    where_: &'static str,
    beside: Beside,
    /// Holds the sites and what came of them.
    folder: TempDir,
}

impl Field {
    pub(super) fn new(
        builder: &Path,
        place: &Place,
        where_: &'static str,
        beside: Beside,
    ) -> Result<Self> {
        Ok(Self {
            builder: builder.to_owned(),
            where_,
            beside,
            folder: place.folder()?,
        })
    }

    pub(super) fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn what(&self, name: &str) -> String {
        format!("{name}, {}", self.where_)
    }

    /// Runs our builder on the site.
    pub(super) fn ours(&self, command: &str, name: &str, output: Option<&Path>) -> Result<Cost> {
        let (root, at) = (self.path("site"), self.path("output"));
        cost(&self.what(name), RUNS, output, || {
            our_command(&self.builder, command, &root, &at)
        })
    }

    pub(super) fn build(&self) -> Result<Cost> {
        plain::lay_out(&self.path("site"), Dialect::Zola, self.beside, PAGES)?;
        self.ours("build", "building", Some(&self.path("output")))
    }

    /// Copies what was built: the least that any builder could do.
    pub(super) fn copy(&self) -> Result<Cost> {
        let (output, copy) = (self.path("output"), self.path("copy"));
        cost(&self.what("copying"), RUNS, Some(&copy), || {
            let mut command = Command::new("cp");
            command.arg("-r").arg(&output).arg(&copy);
            command
        })
    }

    /// Zola and Hugo, where they are installed.
    pub(super) fn others(&self) -> Result<Vec<(&'static str, Cost)>> {
        let mut rows = Vec::new();
        if let Some(zola) = tools::find("zola") {
            let (root, theirs) = (self.path("site"), self.path("zola"));
            let name = self.what("building with Zola");
            let took = cost(&name, FEWER, Some(&theirs), || {
                let mut command = Command::new(&zola);
                command.arg("--root").arg(&root).arg("build");
                command.arg("--output-dir").arg(&theirs);
                command
            })?;
            rows.push(("zola build", took));
        }
        if let Some(hugo) = tools::find("hugo") {
            let (root, theirs) = (self.path("hugo-site"), self.path("hugo"));
            plain::lay_out(&root, Dialect::Hugo, self.beside, PAGES)?;
            let name = self.what("building with Hugo");
            let took = cost(&name, FEWER, Some(&theirs), || {
                let mut command = Command::new(&hugo);
                command.arg("--source").arg(&root);
                command.arg("--destination").arg(&theirs).arg("--quiet");
                command
            })?;
            rows.push(("hugo", took));
        }
        Ok(rows)
    }
}

/// A run of our builder.
pub(super) fn our_command(builder: &Path, command: &str, root: &Path, output: &Path) -> Command {
    let mut ours = Command::new(builder);
    ours.arg(command).arg("--root").arg(root);
    ours.arg("--output").arg(output);
    ours
}
