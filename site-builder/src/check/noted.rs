//! Findings about what many pages share, told once with a page that shows it.

use std::collections::{BTreeMap, BTreeSet};

use super::map::SiteMap;
use crate::diagnostic::{Finding, Findings};
use crate::render::{Origin, Output, Rendered};

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
        self.found
            .entry(finding)
            .or_default()
            .insert(file.path.clone());
    }

    /// Adds all that another one holds.
    pub(super) fn append(&mut self, other: Self) {
        for (finding, pages) in other.found {
            self.found.entry(finding).or_default().extend(pages);
        }
    }

    /// Hands the findings over. What a page shows of another one's text is told there, and not on top
    /// at this page or its template. What stands in a text is never left out: two pages with one fault
    /// would each be told at the other.
    pub(super) fn report(self, rendered: &Rendered, map: SiteMap<'_>, findings: &mut Findings) {
        let shared = self.shared(rendered, map);
        for (mut finding, pages) in self.found {
            let from_others = shared.get(&finding);
            let own: Vec<_> = pages
                .iter()
                .filter(|page| from_others.is_none_or(|others| !others.contains(*page)))
                .collect();
            if own.is_empty() && !pages.is_empty() {
                continue;
            }
            if let Some(first) = own.first() {
                let first = first.strip_suffix("index.html").unwrap_or(first);
                let seen = match own.len() {
                    1 => format!("It shows on /{first}."),
                    n => format!("It shows on /{first} and {} more.", n - 1),
                };
                finding.help = Some(match finding.help {
                    Some(help) => format!("{help} {seen}"),
                    None => seen,
                });
            }
            findings.push(finding);
        }
    }

    /// The findings that stand at another content file as well, each with the pages that show the text
    /// of that file.
    fn shared(&self, rendered: &Rendered, map: SiteMap<'_>) -> BTreeMap<Finding, BTreeSet<String>> {
        let mut texts: BTreeMap<(&str, &str), BTreeSet<&str>> = BTreeMap::new();
        for finding in self.found.keys() {
            let relative = finding.place.file.strip_prefix("content/");
            if let Some(relative) = relative.filter(|_| is_in_text(finding)) {
                let about = (finding.code, finding.sentence.as_str());
                texts.entry(about).or_default().insert(relative);
            }
        }
        let mut shared: BTreeMap<Finding, BTreeSet<String>> = BTreeMap::new();
        for (finding, pages) in self
            .found
            .iter()
            .filter(|(finding, _)| !is_in_text(finding))
        {
            let Some(of) = texts.get(&(finding.code, finding.sentence.as_str())) else {
                continue;
            };
            for page in pages {
                let file = map.files[page.as_str()];
                let mut others = of.iter().filter(
                    |relative| !matches!(&file.origin, Origin::Document(own) if own == **relative),
                );
                if others.any(|relative| shows(file, relative, rendered)) {
                    let pages = shared.entry(finding.clone()).or_default();
                    pages.insert(page.clone());
                }
            }
        }
        shared
    }
}

/// Whether a finding stands where an editor wrote the text, and not on top of a file.
fn is_in_text(finding: &Finding) -> bool {
    finding.place.file.starts_with("content/") && !finding.place.excerpt.is_empty()
}

/// Whether a page shows the text of a content file.
fn shows(file: &Output, relative: &str, rendered: &Rendered) -> bool {
    let doc = rendered.library.find(relative);
    let text = doc.map(|doc| doc.content.html.as_str());
    let html = String::from_utf8_lossy(&file.bytes);
    text.is_some_and(|text| !text.is_empty() && html.contains(text))
}
