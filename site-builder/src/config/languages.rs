//! What the settings say of each language: under `[languages.es]`, and for the default language at
//! the top, or under `[languages.en]`.
//!
//! Owns the keys that each language has of its own, and `config` as the templates of a language see
//! it. Knows no page.

use std::collections::BTreeMap;

use icu_locale::LanguageIdentifier;
use tera::{Map, Value};

use super::lists::{self, Feeds, TaxonomyConfig};
use super::search::{self, Search};
use super::{Config, Slugify, optional, tables};
use crate::diagnostic::{Finding, Findings, Place};
use crate::document::{Data, Node, Table};
use crate::fields::Fields;
use crate::text::Text;

/// The settings of one language.
#[derive(Debug, Clone)]
pub(crate) struct Language {
    /// Where its table is, or the settings as a whole.
    pub at: Place,
    /// `title` of the site.
    title: Option<String>,
    /// `description` of the site.
    description: Option<String>,
    /// Its taxonomies.
    pub taxonomies: Vec<TaxonomyConfig>,
    /// Its feeds.
    pub feeds: Feeds,
    /// `build_search_index`: where an index is asked for.
    pub index: Option<Place>,
    /// `[search]`.
    search: Option<Search>,
    /// Words for `trans`, by key.
    pub translations: Translations,
    /// The settings as templates of this language see them.
    pub value: Value,
}

/// The words of a language by their keys, each with the place where it is set.
pub(crate) type Translations = BTreeMap<String, (String, Place)>;

impl Config {
    /// The settings of a language; those of the default one for a language that there is not.
    pub(crate) fn language(&self, code: &str) -> &Language {
        let others = &self.other_languages;
        others.get(code).unwrap_or(&self.main_language)
    }

    /// Every language by its code, the default one first.
    pub(crate) fn languages(&self) -> impl Iterator<Item = (&str, &Language)> {
        let main = (self.default_language.as_str(), &self.main_language);
        let others = self.other_languages.iter();
        std::iter::once(main).chain(others.map(|(code, language)| (code.as_str(), language)))
    }

    /// What is in the search index of a language: what its own `[search]` says or else that of the
    /// default language, which decides on the format of all.
    pub(crate) fn search(&self, language: &Language) -> Search {
        let main = self.main_language.search.unwrap_or_default();
        Search {
            format: main.format,
            ..language.search.unwrap_or(main)
        }
    }

    /// Whether the site has this language.
    pub(crate) fn has_language(&self, code: &str) -> bool {
        code == self.default_language || self.other_languages.contains_key(code)
    }

    /// What the paths of a language start with: `/es`, or nothing for the default one.
    pub(crate) fn language_root(&self, code: &str) -> String {
        if code == self.default_language {
            String::new()
        } else {
            format!("/{code}")
        }
    }
}

/// The keys of a language, as they are written.
#[derive(Default)]
pub(super) struct Keys<'a> {
    title: Option<String>,
    description: Option<String>,
    generate_feeds: Option<Place>,
    feed_filenames: Option<Vec<(String, Place)>>,
    taxonomies: Option<&'a Node>,
    index: Option<Place>,
    search: Option<Search>,
    translations: Option<&'a Table>,
}

/// Those that the default language cannot have both at the top and in a table of its own.
const ONCE: [&str; 6] = [
    "title",
    "description",
    "feed_filenames",
    "taxonomies",
    "search",
    "translations",
];

impl<'a> Keys<'a> {
    /// Reads them from a language's table, or from the top of the settings.
    pub(super) fn read(text: &Text, fields: &mut Fields<'a, '_>) -> Self {
        Self {
            title: fields.text("title"),
            description: fields.text("description"),
            generate_feeds: lists::generate_feeds(text, fields),
            feed_filenames: lists::feed_filenames(text, fields),
            taxonomies: fields.node("taxonomies"),
            index: search::asked(text, fields),
            search: search::read(fields),
            translations: fields.table("translations"),
        }
    }

    fn or(self, other: Self) -> Self {
        Self {
            title: self.title.or(other.title),
            description: self.description.or(other.description),
            generate_feeds: self.generate_feeds.or(other.generate_feeds),
            feed_filenames: self.feed_filenames.or(other.feed_filenames),
            taxonomies: self.taxonomies.or(other.taxonomies),
            index: self.index.or(other.index),
            search: self.search.or(other.search),
            translations: self.translations.or(other.translations),
        }
    }

    fn settle(self, text: &Text, at: Place, slugify: Slugify, findings: &mut Findings) -> Language {
        let atom = || vec![("atom.xml".to_owned(), text.whole())];
        Language {
            at,
            title: self.title,
            description: self.description,
            taxonomies: lists::taxonomies(text, self.taxonomies, slugify, findings),
            feeds: Feeds {
                generate: self.generate_feeds,
                filenames: self.feed_filenames.unwrap_or_else(atom),
            },
            index: self.index,
            search: self.search,
            translations: tables::translations(text, self.translations, findings),
            value: Value::none(),
        }
    }
}

/// The languages as they are read, still without `config` for their templates.
pub(super) struct Languages {
    /// The code of the default language.
    pub default: String,
    main: Language,
    others: BTreeMap<String, Language>,
}

/// Reads all languages. `root` is the whole settings and `top` what they say of the default language
/// outside of its table.
pub(super) fn read(
    text: &Text,
    root: &Table,
    top: Keys<'_>,
    default: Option<String>,
    slugify: Slugify,
    findings: &mut Findings,
) -> Languages {
    if let Some(code) = &default
        && let Some(node) = root.get("default_language")
    {
        check_code(code, text.place(node.at.clone()), findings);
    }
    let default = default.unwrap_or_else(|| "en".to_owned());
    let tables = match root.get("languages").map(|node| &node.data) {
        Some(Data::Table(table)) => &table.entries[..],
        _ => &[],
    };
    let mut main = top;
    let mut others = BTreeMap::new();
    for entry in tables {
        let at = text.place(entry.key_at.clone());
        let Data::Table(table) = &entry.node.data else {
            let what = format!("`languages.{}`", entry.key);
            Fields::new(text, root, findings).wrong_type(&what, &entry.node, "a table");
            continue;
        };
        if !check_code(&entry.key, at.clone(), findings) {
            continue;
        }
        let mut fields = Fields::new(text, table, findings);
        let keys = Keys::read(text, &mut fields);
        fields.finish("A language");
        if entry.key == default {
            report_twice(text, root, table, &default, findings);
            main = keys.or(main);
        } else {
            let language = keys.settle(text, at, slugify, findings);
            others.insert(entry.key.clone(), language);
        }
    }
    Languages {
        main: main.settle(text, text.whole(), slugify, findings),
        default,
        others,
    }
}

/// Whether a language's code is one, so that it can be a part of addresses and file names.
fn check_code(code: &str, place: Place, findings: &mut Findings) -> bool {
    let good = LanguageIdentifier::try_from_str(code).is_ok();
    if !good {
        let sentence = format!("`{code}` is not the code of a language.");
        findings.push(
            Finding::error("bad-language", place, sentence)
                .help("Use the code of the language, such as `es`, or `pt-BR` for a kind of it."),
        );
    }
    good
}

fn report_twice(text: &Text, root: &Table, own: &Table, code: &str, findings: &mut Findings) {
    for key in ONCE {
        if let (Some(_), Some(node)) = (root.get(key), own.get(key)) {
            let place = text.place(node.at.clone());
            let sentence = format!("`{key}` is set twice for the default language.");
            findings.push(Finding::error("set-twice", place, sentence).help(format!(
                "Keep it either at the top of the settings or under `[languages.{code}]`."
            )));
        }
    }
}

impl Languages {
    /// The codes of all languages, the default one first.
    pub(super) fn codes(&self) -> Vec<&str> {
        let others = self.others.keys().map(String::as_str);
        std::iter::once(self.default.as_str())
            .chain(others)
            .collect()
    }

    /// Completes the languages with `config` as their templates see it, which holds what all have in
    /// common. Returns the default language's code and settings, and the others.
    pub(super) fn complete(
        mut self,
        shared: &Map,
    ) -> (String, Language, BTreeMap<String, Language>) {
        let all = [(&self.default, &self.main)]
            .into_iter()
            .chain(&self.others);
        let options: Vec<(String, Value)> = all
            .map(|(code, language)| (code.clone(), Value::from(language.options())))
            .collect();
        let search = self.main.search.unwrap_or_default();
        let main = (&self.default, &mut self.main);
        for (code, language) in std::iter::once(main).chain(&mut self.others) {
            let others = options.iter().filter(|(other, _)| other != code);
            let others: Map = others
                .map(|(code, options)| (code.clone().into(), options.clone()))
                .collect();
            let mut map = shared.clone();
            map.extend(language.own());
            // The name that older templates have for it.
            let feeds = Value::from(language.feeds.generate.is_some());
            map.insert("generate_feed".into(), feeds);
            map.insert("languages".into(), Value::from(others));
            map.insert("search".into(), search.to_value());
            language.value = Value::from(map);
        }
        (self.default, self.main, self.others)
    }
}

impl Language {
    /// Its settings as templates of other languages see them.
    fn options(&self) -> Map {
        let words = self.translations.iter();
        let words = words.map(|(key, (word, _))| (key.clone().into(), Value::from(word.as_str())));
        let mut map = self.own();
        map.insert("translations".into(), Value::from(words.collect::<Map>()));
        map
    }

    /// Its settings as its own templates see them.
    fn own(&self) -> Map {
        let filenames = self.feeds.filenames.iter();
        let filenames = filenames.map(|(name, _)| Value::from(name.as_str()));
        let taxonomies = self.taxonomies.iter();
        let taxonomies = taxonomies.map(|taxonomy| taxonomy.value.clone());
        Map::from_iter([
            ("title".into(), optional(self.title.as_deref())),
            ("description".into(), optional(self.description.as_deref())),
            (
                "generate_feeds".into(),
                Value::from(self.feeds.generate.is_some()),
            ),
            (
                "feed_filenames".into(),
                Value::from(filenames.collect::<Vec<_>>()),
            ),
            (
                "taxonomies".into(),
                Value::from(taxonomies.collect::<Vec<_>>()),
            ),
            (
                "build_search_index".into(),
                Value::from(self.index.is_some()),
            ),
        ])
    }
}
