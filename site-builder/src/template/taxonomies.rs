//! Taxonomies and terms as templates see them, and the functions that ask for them.

use std::fmt::Write as _;

use tera::{Error, Kwargs, Map, TeraResult, Value};

use super::index::Index;
use super::reads::note;
use super::values::Values;
use crate::diagnostic::nearest;
use crate::page::model::{Page, PageTerms, Taxonomy, Term};

/// The values of one taxonomy.
#[derive(Debug, Clone)]
pub(crate) struct TaxonomyValues {
    lang: String,
    name: String,
    slug: String,
    /// What `get_taxonomy` gives.
    whole: Value,
    /// Its terms, by slug.
    pub terms: Vec<TermValue>,
}

/// The value of one term.
#[derive(Debug, Clone)]
pub(crate) struct TermValue {
    slug: String,
    permalink: String,
    /// What templates see.
    pub value: Value,
}

impl TaxonomyValues {
    /// Makes the values; `listed` gives a page by its place in the library.
    pub(super) fn new(taxonomy: &Taxonomy, listed: impl Fn(usize) -> Value) -> Self {
        let terms: Vec<TermValue> = taxonomy
            .terms
            .iter()
            .map(|term| TermValue {
                slug: term.slug.clone(),
                permalink: term.permalink.clone(),
                value: term_value(term, &listed),
            })
            .collect();
        let items: Vec<Value> = terms.iter().map(|term| term.value.clone()).collect();
        let whole = Map::from_iter([
            ("kind".into(), taxonomy.config.value.clone()),
            ("lang".into(), Value::from(taxonomy.lang.as_str())),
            ("permalink".into(), Value::from(taxonomy.permalink.as_str())),
            ("items".into(), Value::from(items)),
        ]);
        Self {
            lang: taxonomy.lang.clone(),
            name: taxonomy.config.name.clone(),
            slug: taxonomy.config.slug.clone(),
            whole: Value::from(whole),
            terms,
        }
    }

    /// All terms, for the taxonomy's own page.
    pub(crate) fn items(&self) -> Value {
        let items: Vec<Value> = self.terms.iter().map(|term| term.value.clone()).collect();
        Value::from(items)
    }
}

fn term_value(term: &Term, listed: impl Fn(usize) -> Value) -> Value {
    let pages: Vec<Value> = term.pages.iter().map(|&at| listed(at)).collect();
    Value::from(Map::from_iter([
        ("name".into(), Value::from(term.name.as_str())),
        ("slug".into(), Value::from(term.slug.as_str())),
        ("path".into(), Value::from(term.path.as_str())),
        ("permalink".into(), Value::from(term.permalink.as_str())),
        ("page_count".into(), Value::from(pages.len())),
        ("pages".into(), Value::from(pages)),
    ]))
}

/// `page.taxonomies`: the names of terms by the name of their taxonomy.
pub(super) fn of_page(page: &Page) -> Value {
    let names = |terms: &PageTerms| {
        let names = terms
            .terms
            .iter()
            .map(|(name, _)| Value::from(name.as_str()));
        Value::from(names.collect::<Vec<_>>())
    };
    let entries = page.taxonomies.iter();
    let map: Map = entries
        .map(|terms| (terms.taxonomy.0.clone().into(), names(terms)))
        .collect();
    Value::from(map)
}

/// `get_taxonomy`: a taxonomy with all its terms.
pub(super) fn get_taxonomy(index: &Index, kwargs: &Kwargs, lang: &str) -> TeraResult<Value> {
    let values = index.values();
    let taxonomy = find(&values, kwargs, lang)?;
    Ok(taxonomy.map_or_else(Value::none, |taxonomy| taxonomy.whole.clone()))
}

/// `get_taxonomy_term`: a term with its pages.
pub(super) fn get_taxonomy_term(index: &Index, kwargs: &Kwargs, lang: &str) -> TeraResult<Value> {
    let values = index.values();
    let term = find_term(&values, index, kwargs, lang)?;
    Ok(term.map_or_else(Value::none, |term| term.value.clone()))
}

/// `get_taxonomy_url`: a term's address.
pub(super) fn get_taxonomy_url(index: &Index, kwargs: &Kwargs, lang: &str) -> TeraResult<Value> {
    let values = index.values();
    let term = find_term(&values, index, kwargs, lang)?;
    Ok(term.map_or_else(Value::none, |term| Value::from(term.permalink.as_str())))
}

/// The taxonomy with the name, or slug, that `kind` says.
fn find<'a>(
    values: &'a Values,
    kwargs: &Kwargs,
    lang: &str,
) -> TeraResult<Option<&'a TaxonomyValues>> {
    note(|reads| reads.taxonomies = true);
    let kind = kwargs.must_get::<&str>("kind")?;
    let known = || {
        let all = values.taxonomies.iter();
        all.filter(|taxonomy| taxonomy.lang == lang)
    };
    let found = known().find(|taxonomy| taxonomy.name == kind || taxonomy.slug == kind);
    if found.is_none() && required(kwargs)? {
        let names = known().map(|taxonomy| taxonomy.name.as_str());
        return Err(unknown(
            format!("There is no taxonomy `{kind}`"),
            kind,
            names,
        ));
    }
    Ok(found)
}

fn find_term<'a>(
    values: &'a Values,
    index: &Index,
    kwargs: &Kwargs,
    lang: &str,
) -> TeraResult<Option<&'a TermValue>> {
    let Some(taxonomy) = find(values, kwargs, lang)? else {
        return Ok(None);
    };
    let term = match kwargs.get::<&str>("term")? {
        Some(term) => term,
        // The older name of the argument.
        None => match kwargs.get::<&str>("name")? {
            Some(name) => name,
            None => kwargs.must_get::<&str>("term")?,
        },
    };
    let slug = index.config().slugify_taxonomies.apply(term);
    let terms = &taxonomy.terms;
    let found = terms.binary_search_by(|known| known.slug.cmp(&slug));
    let found = found.ok().map(|at| &terms[at]);
    if found.is_none() && required(kwargs)? {
        let sentence = format!(
            "No page has the term `{term}` in the taxonomy `{}`",
            taxonomy.name
        );
        let slugs = terms.iter().map(|term| term.slug.as_str());
        return Err(unknown(sentence, &slug, slugs));
    }
    Ok(found)
}

fn required(kwargs: &Kwargs) -> TeraResult<bool> {
    Ok(kwargs.get::<bool>("required")?.unwrap_or(true))
}

fn unknown<'a>(mut sentence: String, name: &str, known: impl Iterator<Item = &'a str>) -> Error {
    if let Some(near) = nearest(name, known) {
        let _ = write!(sentence, "; did you mean `{near}`?");
    }
    Error::message(sentence)
}
