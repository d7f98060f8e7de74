//! Every word that a patient reads in a flow, by key.
//!
//! The words stand in one text file per language beside this module, one
//! `key = text` a line, so that a translator needs no Rust. The API carries the
//! files; the widget fetches only the language that is asked for.
//!
//! A text may hold `{name}` placeholders. Texts are plain: whoever shows them
//! escapes them.

use alloc::borrow::ToOwned;
use alloc::string::String;
use alloc::vec::Vec;

use crate::{Field, FieldProblem, FlowKind, Locale, StepName};

/// How the keys of words begin that only pages of the API show, and never the widget.
const OF_PAGES: [&str; 5] = ["account.", "feedback.", "reset-link.", "reveal.", "staff."];

/// The words in one language.
pub struct Catalog<'a> {
    locale: Locale,
    entries: Vec<(&'a str, &'a str)>,
}

impl<'a> Catalog<'a> {
    /// Reads `key = text` lines; empty lines and lines that begin with `#` are
    /// for people. A line without `=` is passed over: a test holds our own
    /// files to the form, and a phone must not fail over a stray line.
    ///
    /// ```
    /// # use protocol::{Locale, messages::Catalog};
    /// let words = Catalog::parse(Locale::En, "# greeting\nhello = Good day, {name}");
    /// assert_eq!(words.fill("hello", &[("name", "Ana")]), "Good day, Ana");
    /// ```
    pub fn parse(locale: Locale, text: &'a str) -> Self {
        let entries = text
            .lines()
            .filter(|line| !line.starts_with('#'))
            .filter_map(|line| line.split_once('='))
            .map(|(key, text)| (key.trim(), text.trim()))
            .collect();
        Self { locale, entries }
    }

    /// Which language these words are in.
    pub const fn locale(&self) -> Locale {
        self.locale
    }

    fn find(&self, key: &str) -> Option<&'a str> {
        // A form asks for some fifty of two hundred keys: sorting them costs more, in
        // time and on a phone in bytes, than going through them.
        let mut entries = self.entries.iter();
        entries
            .find(|(name, _)| *name == key)
            .map(|(_, text)| *text)
    }

    /// The text of a key. A key that is missing shows itself, so that a person
    /// still sees a form; tests make sure that none is.
    pub fn text<'k>(&self, key: &'k str) -> &'k str
    where
        'a: 'k,
    {
        self.find(key).unwrap_or(key)
    }

    /// The text of a key that not every step has.
    pub fn optional(&self, key: &str) -> Option<&'a str> {
        self.find(key)
    }

    /// The text of a key with its placeholders filled.
    pub fn fill(&self, key: &str, values: &[(&str, &str)]) -> String {
        let mut parts = self.text(key).split('{');
        let mut filled = parts.next().unwrap_or_default().to_owned();
        for part in parts {
            let placeholder = part.split_once('}').and_then(|(name, rest)| {
                let (_, value) = values.iter().find(|(known, _)| *known == name)?;
                Some([value, rest])
            });
            for text in placeholder.unwrap_or(["{", part]) {
                filled.push_str(text);
            }
        }
        filled
    }

    /// What to tell about a field: the words for this very field in this kind of flow or at
    /// this step if there are any, else those for the field, else those for the problem in
    /// general.
    pub fn field_problem(
        &self,
        kind: FlowKind,
        step: StepName,
        field: Field,
        problem: FieldProblem,
    ) -> String {
        let general = ["problem.", problem.as_str()].concat();
        let of_field = [&general, ".", field.as_str()].concat();
        let of_kind = [&of_field, ".", kind.as_str()].concat();
        let of_step = [&of_field, ".", step.as_str()].concat();
        self.optional(&of_kind)
            .or_else(|| self.optional(&of_step))
            .or_else(|| self.optional(&of_field))
            .or_else(|| self.optional(&general))
            .unwrap_or_default()
            .to_owned()
    }
}

/// The file of a language, as the API carries it and the widget fetches it.
pub const fn source(locale: Locale) -> &'static str {
    match locale {
        Locale::En => include_str!("en.txt"),
        Locale::Es => include_str!("es.txt"),
    }
}

/// The words of a language.
pub fn catalog(locale: Locale) -> Catalog<'static> {
    Catalog::parse(locale, source(locale))
}

/// The file of a language as the widget fetches it: without words of pages, and without
/// the lines that only translators need.
pub fn source_of_widget(locale: Locale) -> String {
    let is_of_widget = |line: &&str| {
        let is_of_page = OF_PAGES.iter().any(|start| line.starts_with(start));
        !line.is_empty() && !line.starts_with('#') && !is_of_page
    };
    let lines = source(locale).lines().filter(is_of_widget);
    lines.flat_map(|line| [line, "\n"]).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Notice, ProblemCode};

    #[test]
    fn each_line_is_a_key_and_a_text_and_no_key_comes_twice() {
        for locale in Locale::ALL {
            let mut keys = alloc::collections::BTreeSet::new();
            for line in source(locale).lines() {
                if line.is_empty() || line.starts_with('#') {
                    continue;
                }
                let (key, text) = line.split_once(" = ").expect(line);
                assert!(!text.trim().is_empty(), "{key} is empty");
                assert!(keys.insert(key), "{key} stands twice");
            }
        }
    }

    #[test]
    fn the_widget_is_spared_the_words_of_pages_and_no_others() {
        for locale in Locale::ALL {
            let fetched = source_of_widget(locale);
            let fetched: Vec<_> = fetched.lines().collect();
            let lines = source(locale).lines().filter(|line| !line.is_empty());
            let (kept, spared): (Vec<_>, Vec<_>) = lines.partition(|line| fetched.contains(line));
            let starts: Vec<_> = OF_PAGES.into_iter().chain(["#"]).collect();
            let is_of_page = |line: &str| starts.iter().any(|start| line.starts_with(start));
            assert!(spared.iter().all(|line| is_of_page(line)), "{spared:?}");
            assert!(!kept.iter().any(|line| is_of_page(line)), "{kept:?}");
            for start in &starts {
                let is_meant = spared.iter().any(|line| line.starts_with(start));
                assert!(is_meant, "no words begin with {start} any more");
            }
        }
    }

    #[test]
    fn what_is_filled_in_is_not_looked_at_again() {
        let words = Catalog::parse(Locale::En, "a = {x} {y}, {z} {x");
        assert_eq!(
            words.fill("a", &[("x", "{y}"), ("y", "1")]),
            "{y} 1, {z} {x"
        );
    }

    /// A patient who reads Spanish must not find a line of English, nor `{username}`.
    #[test]
    fn each_language_has_every_key_with_the_same_placeholders() {
        let shape = |locale: Locale| {
            let lines = source(locale)
                .lines()
                .filter(|line| !line.starts_with('#'))
                .filter_map(|line| line.split_once(" = "));
            let placeholders = |text: &str| {
                let parts = text.split('{').skip(1);
                let names = parts.filter_map(|part| Some(part.split_once('}')?.0.to_owned()));
                names.collect::<alloc::collections::BTreeSet<_>>()
            };
            lines
                .map(|(key, text)| (key.to_owned(), placeholders(text)))
                .collect::<Vec<_>>()
        };
        for locale in Locale::ALL {
            assert_eq!(shape(locale), shape(Locale::En), "{locale:?}");
        }
    }

    #[test]
    fn every_problem_and_notice_has_words() {
        for locale in Locale::ALL {
            let words = catalog(locale);
            for step in StepName::ALL {
                for field in step.fields() {
                    for problem in FieldProblem::ALL {
                        let kind = FlowKind::PhoneChange;
                        let text = words.field_problem(kind, step, *field, *problem);
                        assert_ne!(text, "", "{problem:?}");
                    }
                }
            }
            for code in ProblemCode::ALL {
                let key = format!("problem.{}", code.as_str());
                assert!(words.optional(&key).is_some(), "{key}");
            }
            for notice in Notice::ALL {
                let key = format!("notice.{}", notice.as_str());
                assert!(words.optional(&key).is_some(), "{key}");
            }
        }
    }
}
