//! Template faults, gathered over all pages: a fault in a shared template is one finding that
//! names a page on which it shows, not one for each page. A fault that a page's front matter makes is
//! moved there.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use tera::Context;

use crate::config::Mode;
use crate::diagnostic::{Finding, Findings};
use crate::page::model::{Doc, Front, Id, Library};
use crate::template::Engine;
use crate::template::lenient::all_faults;
use crate::template::reads::{Reads, record};

/// Gathers faults.
pub(super) struct Faults<'a> {
    engine: &'a Engine,
    library: &'a Library,
    found: BTreeMap<Finding, Vec<String>>,
    missing: BTreeSet<String>,
    /// Front matter that could not be read in full.
    broken: Vec<&'a str>,
    /// The paths of the files to render; all of them without.
    only: Option<&'a BTreeSet<String>>,
}

impl<'a> Faults<'a> {
    /// Starts with none.
    pub(super) fn new(
        engine: &'a Engine,
        library: &'a Library,
        only: Option<&'a BTreeSet<String>>,
    ) -> Self {
        Self {
            engine,
            library,
            found: BTreeMap::new(),
            missing: BTreeSet::new(),
            broken: library.broken().map(Doc::front_text).collect(),
            only,
        }
    }

    /// Whether a file is to be rendered.
    pub(super) fn wants(&self, path: &str) -> bool {
        self.only.is_none_or(|only| only.contains(path))
    }

    /// Whether a file whose path begins like this is to be rendered.
    pub(super) fn wants_any(&self, beginning: &str) -> bool {
        self.only
            .is_none_or(|only| only.iter().any(|path| path.starts_with(beginning)))
    }

    /// Whether anything is found.
    pub(super) fn is_empty(&self) -> bool {
        self.found.is_empty() && self.missing.is_empty()
    }

    /// Renders one file of the output, or notes that it is missing.
    pub(super) fn render(&mut self, template: &str, context: &Context, path: &str) -> Attempt {
        let attempt = attempt(self.engine, template, context);
        self.note(&attempt, path);
        attempt
    }

    /// Notes a file that is missing because it could not be rendered.
    pub(super) fn note(&mut self, attempt: &Attempt, path: &str) {
        if !matches!(attempt, Attempt::Text(..)) {
            self.missing.insert(path.to_owned());
        }
    }

    /// Adds a finding that stands by itself, about a file that is missing because of it.
    pub(super) fn push(&mut self, finding: Finding, path: &str) {
        self.missing.insert(path.to_owned());
        if !self.engine.broken {
            self.found.entry(finding).or_default();
        }
    }

    /// Adds a finding for which nothing is missing.
    pub(super) fn mention(&mut self, finding: Finding) {
        self.found.entry(finding).or_default();
    }

    /// Adds the faults of one rendering; `on` is what was being rendered. What may follow from a file
    /// that cannot be read is left out: that is told already.
    pub(super) fn add(&mut self, faults: Vec<Finding>, on: &str) {
        let broken_file = &self.engine.index.config().checks.browsers.broken_file;
        let is_of_file = |fault: &Finding| {
            let file = broken_file.as_ref().map(|file| format!("`{file}`, line"));
            file.is_some_and(|file| fault.sentence.starts_with(&file))
        };
        for fault in faults {
            if self.is_in_broken(&fault) || is_of_file(&fault) {
                continue;
            }
            self.found.entry(fault).or_default().push(on.to_owned());
        }
    }

    /// Whether a template lacks what stands in front matter that could not be read.
    fn is_in_broken(&self, fault: &Finding) -> bool {
        let name = fault.sentence.split('`').nth(1).unwrap_or_default();
        let key = name.rsplit('.').next().unwrap_or_default();
        lacks(fault) && self.broken.iter().any(|front| front.contains(key))
    }

    /// Adds the faults of rendering a page. One cause is one finding: what a template makes of front
    /// matter that is reported already, or of a broken `@/` link in it, is left out. A link to what
    /// the page's language lacks is one of the front matter's, too.
    pub(super) fn add_for(&mut self, faults: Vec<Finding>, doc: &Doc) {
        let index = &self.engine.index;
        for fault in faults {
            // What a home page without a file makes show that its language lacks is no fault of its.
            let of_language =
                doc.text.body.is_empty() && fault.sentence.contains(" no translation ");
            if doc.front == Front::Broken && !of_language {
                continue;
            }
            let is_fault = |known: String| fault.sentence == known;
            let mut references = doc.references.iter();
            if references.any(|(link, _)| index.resolve(link).is_err_and(is_fault)) {
                continue;
            }
            let reference = doc.references.iter().find(|(link, _)| {
                let translated = index.resolve_in(link, &doc.lang);
                translated.is_err_and(is_fault)
            });
            if let Some((link, at)) = reference {
                if index.resolve(link).is_ok() {
                    let place = doc.text.place(at.clone());
                    let moved = Finding::error("broken-link", place, fault.sentence)
                        .help("Translate that page, or take the link out until somebody does.");
                    self.found.entry(moved).or_default();
                }
            } else if let Some(moved) = lacking(&fault, doc, self.library) {
                self.found.entry(moved).or_default();
            } else {
                self.add(vec![fault], &doc.text.file);
            }
        }
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

/// Whether a template found no value where it needs one.
fn lacks(fault: &Finding) -> bool {
    ["not defined", "undefined"]
        .iter()
        .any(|word| fault.sentence.contains(word))
}

/// A template reads a key that this page's `[extra]` lacks and that of some other page has. If none
/// has it, the fault is the template's.
fn lacking(fault: &Finding, doc: &Doc, library: &Library) -> Option<Finding> {
    if !lacks(fault) {
        return None;
    }
    let own = match library.index.get(&doc.relative)? {
        Id::Page(_) => "page.",
        Id::Section(_) => "section.",
    };
    let line = &fault.place.excerpt;
    let mut reads = line.match_indices("extra.").filter_map(|(at, found)| {
        let before = &line[..at];
        // A component's argument is named `extra` itself; `config.extra` is the site's.
        let of_page = before.ends_with(own) || !before.ends_with(['.', '_']);
        let rest = &line[at + found.len()..];
        let end = rest.find(|c: char| !c.is_alphanumeric() && c != '_');
        of_page.then(|| &rest[..end.unwrap_or(rest.len())])
    });
    let has = |doc: &Doc, key: &str| doc.extra.get_from_path(key).is_some();
    let key = reads.find(|key| !has(doc, key) && library.docs().any(|other| has(other, key)))?;
    let place = match &doc.extra_at {
        Some(at) => doc.text.place(at.clone()),
        None => doc.text.whole(),
    };
    let sentence = format!("This page has no `{key}` under `[extra]`, which its template needs.");
    Some(
        Finding::error("missing-extra", place, sentence).help(format!(
            "Add `{key} = …` below the line `[extra]` at its top. It is read at {}.",
            spot(fault)
        )),
    )
}

fn spot(fault: &Finding) -> String {
    let place = &fault.place;
    format!("{}:{}:{}", place.file, place.line, place.column)
}

/// Renders one file of the output. Templates that could not be loaded are reported already, so
/// nothing is rendered with what is left of them.
pub(super) fn attempt(engine: &Engine, template: &str, context: &Context) -> Attempt {
    if engine.broken {
        return Attempt::Reported;
    }
    let keeps = engine.index.config().mode == Mode::Serve;
    let rendered = all_faults(|| {
        let (rendered, reads) = record(keeps, || engine.render(template, context));
        rendered.map(|text| (text, reads))
    });
    match rendered {
        Ok((text, reads)) => Attempt::Text(text.into_bytes().into(), reads),
        Err(faults) => Attempt::Faults(faults),
    }
}

/// What came of rendering a file.
pub(crate) enum Attempt {
    /// Its bytes, and what its template asked for.
    Text(Arc<[u8]>, Reads),
    /// What is wrong.
    Faults(Vec<Finding>),
    /// Something is wrong that is reported already.
    Reported,
}
