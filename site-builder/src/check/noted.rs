//! Findings about what many pages share, told once with a page that shows it.

use std::collections::{BTreeMap, BTreeSet};

use crate::diagnostic::{Finding, Findings};
use crate::render::Output;

/// Findings, each with the pages that show it.
#[derive(Debug, Default)]
pub(super) struct Noted {
    found: BTreeMap<Finding, BTreeSet<String>>,
}

impl Noted {
    /// Adds a finding whose place says it all.
    pub(super) fn plain(&mut self, finding: Finding) {
        self.found.entry(finding).or_default();
    }

    /// Adds a finding that a page shows.
    pub(super) fn on_page(&mut self, file: &Output, finding: Finding) {
        let url = file.path.strip_suffix("index.html").unwrap_or(&file.path);
        self.found
            .entry(finding)
            .or_default()
            .insert(format!("/{url}"));
    }

    /// Adds all that another one holds.
    pub(super) fn append(&mut self, other: Self) {
        for (finding, pages) in other.found {
            self.found.entry(finding).or_default().extend(pages);
        }
    }

    /// Hands the findings over.
    pub(super) fn report(self, findings: &mut Findings) {
        for (mut finding, pages) in self.found {
            if let Some(first) = pages.first() {
                let seen = match pages.len() {
                    1 => format!("It shows on {first}."),
                    n => format!("It shows on {first} and {} more.", n - 1),
                };
                finding.help = Some(match finding.help {
                    Some(help) => format!("{help} {seen}"),
                    None => seen,
                });
            }
            findings.push(finding);
        }
    }
}
