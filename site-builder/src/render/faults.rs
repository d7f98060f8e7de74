//! Template faults, gathered over all pages: a fault in a shared template is one finding that
//! names a page on which it shows, not one for each page.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use tera::Context;

use crate::diagnostic::{Finding, Findings};
use crate::page::model::Doc;
use crate::template::Engine;

/// Gathers faults.
pub(super) struct Faults<'a> {
    engine: &'a Engine,
    found: BTreeMap<Finding, Vec<String>>,
    missing: BTreeSet<String>,
}

impl<'a> Faults<'a> {
    /// Starts with none.
    pub(super) fn new(engine: &'a Engine) -> Self {
        Self {
            engine,
            found: BTreeMap::new(),
            missing: BTreeSet::new(),
        }
    }

    /// Renders one file of the output, or notes that it is missing. Templates that could not be
    /// loaded are reported already, so nothing is rendered with what is left of them.
    pub(super) fn render(&mut self, template: &str, context: &Context, path: &str) -> Attempt {
        if self.engine.broken {
            self.missing.insert(path.to_owned());
            return Attempt::Reported;
        }
        match self.engine.render(template, context) {
            Ok(text) => Attempt::Text(text.into_bytes().into()),
            Err(faults) => {
                self.missing.insert(path.to_owned());
                Attempt::Faults(faults)
            }
        }
    }

    /// Adds a finding that stands by itself, about a file that is missing because of it.
    pub(super) fn push(&mut self, finding: Finding, path: &str) {
        self.missing.insert(path.to_owned());
        if !self.engine.broken {
            self.found.entry(finding).or_default();
        }
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

    /// Hands the findings over, and returns the files that are missing because of them.
    pub(super) fn report(self, findings: &mut Findings) -> BTreeSet<String> {
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
        self.missing
    }
}

/// What came of rendering a file.
pub(crate) enum Attempt {
    /// Its bytes.
    Text(Arc<[u8]>),
    /// What is wrong.
    Faults(Vec<Finding>),
    /// Something is wrong that is reported already.
    Reported,
}
