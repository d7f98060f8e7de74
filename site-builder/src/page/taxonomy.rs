//! Taxonomies: which pages are filed under which term, and at which address the term is.
//!
//! Terms whose address is the same are one term. Order follows from slugs, dates and addresses only.

use std::collections::BTreeMap;
use std::ops::Range;

use super::model::Library;
use super::sort::by_date;
use crate::config::{Config, TaxonomyConfig};
use crate::diagnostic::{Finding, Findings};

/// A taxonomy with its terms.
#[derive(Debug)]
pub(crate) struct Taxonomy {
    /// Its settings.
    pub config: TaxonomyConfig,
    /// The language of its pages.
    pub lang: String,
    /// Path of its address.
    pub path: String,
    /// Its full address.
    pub permalink: String,
    /// Its terms, by slug. Each has a page.
    pub terms: Vec<Term>,
}

/// A term with its pages.
#[derive(Debug)]
pub(crate) struct Term {
    /// As pages write it.
    pub name: String,
    /// The last part of its address.
    pub slug: String,
    /// Path of its address.
    pub path: String,
    /// Its full address.
    pub permalink: String,
    /// Its pages: the latest first, those without a date last.
    pub pages: Vec<usize>,
}

/// The pages of each term, by the term's slug and spelling; with each page goes the place of the term
/// in its front matter.
type Filed<'a> = BTreeMap<(String, &'a str), Vec<(usize, &'a Range<usize>)>>;

/// Files every page that is rendered under its terms, each language by itself.
pub(super) fn collect(
    library: &Library,
    config: &Config,
    findings: &mut Findings,
) -> Vec<Taxonomy> {
    report_unknown(library, config, findings);
    let taxonomies = config.languages().flat_map(|(lang, language)| {
        let taxonomies = language.taxonomies.iter();
        taxonomies.map(move |taxonomy| (lang, taxonomy))
    });
    taxonomies
        .map(|(lang, taxonomy)| {
            let filed = file(library, lang, taxonomy, config, findings);
            let path = config.taxonomy_path(lang, taxonomy);
            Taxonomy {
                terms: terms(library, config, &path, filed, findings),
                config: taxonomy.clone(),
                lang: lang.to_owned(),
                permalink: config.permalink(&path),
                path,
            }
        })
        .collect()
}

fn report_unknown(library: &Library, config: &Config, findings: &mut Findings) {
    for page in &library.pages {
        let taxonomies = &config.language(&page.doc.lang).taxonomies;
        let known = || taxonomies.iter().map(|known| known.name.as_str());
        for terms in &page.taxonomies {
            let (name, at) = &terms.taxonomy;
            if known().any(|known| known == name) {
                continue;
            }
            let place = page.doc.text.place(at.clone());
            let sentence = format!("There is no taxonomy `{name}`.");
            let finding =
                Finding::error("unknown-taxonomy", place, sentence).nearest(name, known());
            findings.push(match finding.help {
                Some(_) => finding,
                None => finding.help("Add it to `taxonomies` in the settings, or remove it here."),
            });
        }
    }
}

fn file<'a>(
    library: &'a Library,
    lang: &str,
    taxonomy: &TaxonomyConfig,
    config: &Config,
    findings: &mut Findings,
) -> Filed<'a> {
    let mut filed = Filed::new();
    let pages = library.pages.iter().enumerate();
    for (at, page) in pages.filter(|(_, page)| page.doc.render && page.doc.lang == lang) {
        let own = page.taxonomies.iter();
        let own = own.filter(|terms| terms.taxonomy.0 == taxonomy.name);
        for (name, place) in own.flat_map(|terms| &terms.terms) {
            let slug = config.slugify_taxonomies.apply(name);
            if slug.is_empty() {
                let place = page.doc.text.place(place.clone());
                let sentence = format!("No address can be made from the term `{name}`.");
                findings.push(
                    Finding::error("no-address", place, sentence)
                        .help("Use a term with a letter or a digit in it."),
                );
                continue;
            }
            let pages = filed.entry((slug, name.as_str())).or_default();
            if pages.last().is_none_or(|&(last, _)| last != at) {
                pages.push((at, place));
            }
        }
    }
    filed
}

fn terms(
    library: &Library,
    config: &Config,
    path: &str,
    filed: Filed<'_>,
    findings: &mut Findings,
) -> Vec<Term> {
    let mut terms: Vec<Term> = Vec::new();
    for ((slug, name), mut filed) in filed {
        filed.sort_by(|&(a, _), &(b, _)| by_date(&library.pages[a], &library.pages[b]));
        let pages = filed.iter().map(|&(page, _)| page);
        if let Some(term) = terms.last_mut().filter(|term| term.slug == slug) {
            for &(page, at) in &filed {
                let text = &library.pages[page].doc.text;
                let sentence = format!("`{name}` and `{}` are the same term.", term.name);
                findings.push(
                    Finding::warning("term-spelling", text.place(at.clone()), sentence)
                        .help("They have the same address. Spell the term in one way everywhere."),
                );
            }
            let new: Vec<usize> = pages.filter(|page| !term.pages.contains(page)).collect();
            term.pages.extend(new);
        } else {
            let path = format!("{path}{slug}/");
            terms.push(Term {
                name: name.to_owned(),
                permalink: config.permalink(&path),
                path,
                pages: pages.collect(),
                slug,
            });
        }
    }
    terms
}
