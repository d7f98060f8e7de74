//! Template faults, gathered over all pages: a fault in a shared template is one finding that
//! names a page on which it shows, not one for each page.

use std::collections::BTreeMap;

use crate::diagnostic::{Finding, Findings};
use crate::page::model::Doc;
use crate::template::Engine;

/// Gathers faults.
pub(super) struct Faults<'a> {
    engine: &'a Engine,
    found: BTreeMap<Finding, Vec<String>>,
}

impl<'a> Faults<'a> {
    /// Starts with none.
    pub(super) fn new(engine: &'a Engine) -> Self {
        Self {
            engine,
            found: BTreeMap::new(),
        }
    }

    /// Adds a finding that stands by itself.
    pub(super) fn push(&mut self, finding: Finding) {
        self.found.entry(finding).or_default();
    }

    /// Adds the faults of one rendering; `on` is what was being rendered.
    pub(super) fn add(&mut self, faults: Vec<Finding>, on: &str) {
        for fault in faults {
            self.found.entry(fault).or_default().push(on.to_owned());
        }
    }

    /// Adds the faults of rendering a page. A fault that only repeats a broken `@/` link of the
    /// page's front matter is left out: it is reported there.
    pub(super) fn add_for(&mut self, faults: Vec<Finding>, doc: &Doc) {
        let repeats = |fault: &Finding| {
            doc.references.iter().any(|(link, _)| {
                self.engine
                    .index
                    .resolve(link)
                    .is_err_and(|known| fault.sentence == known)
            })
        };
        let fresh = faults.into_iter().filter(|fault| !repeats(fault)).collect();
        self.add(fresh, &doc.text.file);
    }

    /// Hands the findings over.
    pub(super) fn report(self, findings: &mut Findings) {
        for (mut finding, pages) in self.found {
            if let Some(first) = pages.first() {
                let seen = match pages.len() {
                    1 => format!("It shows when {first} is rendered."),
                    n => format!("It shows when {first} is rendered, and on {} more.", n - 1),
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
