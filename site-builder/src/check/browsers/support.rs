//! What the listed browsers can do.
//!
//! Owns the table `compat.tsv`, which `cargo xtask browsers` makes and whose lines
//! `xtask/src/compat.rs` describes. Knows neither CSS nor HTML.

use std::collections::HashMap;
use std::sync::LazyLock;

use crate::config::{Browser, Browsers};

/// The table's text.
const TABLE: &str = include_str!("compat.tsv");

/// The lines by what they are about.
static ROWS: LazyLock<HashMap<&str, &str>> = LazyLock::new(|| {
    let lines = TABLE.lines().filter(|line| !line.starts_with('#'));
    lines.filter_map(|line| line.split_once('\t')).collect()
});

/// The properties that a browser may know by another name, by that name.
static OTHER_NAMES: LazyLock<HashMap<&str, &str>> = LazyLock::new(|| {
    let properties = ROWS.iter().filter_map(|(about, cells)| {
        let name = about.strip_prefix("property ")?;
        (!name.contains(' ')).then_some((name, *cells))
    });
    let mut others: Vec<_> = properties
        .flat_map(|(name, cells)| {
            let versions = cells.split(['\t', ' ']);
            let others = versions.filter_map(|version| version.split_once('@'));
            others
                .filter(|(other, _)| !other.ends_with('-'))
                .map(move |(other, _)| (other, name))
        })
        .collect();
    // One name can be another of two properties; the same one counts in every run.
    others.sort_unstable();
    others.reverse();
    others.into_iter().collect()
});

/// Some of the listed browsers, a bit for each.
pub(super) type Group = u64;

/// The listed browsers, and what each can do.
pub(super) struct Support<'a> {
    listed: Vec<Listed<'a>>,
}

struct Listed<'a> {
    browser: &'a Browser,
    column: usize,
    version: Vec<u32>,
}

impl<'a> Support<'a> {
    /// Looks the browsers up in the table's head.
    pub(super) fn new(browsers: &'a Browsers) -> Self {
        let head = TABLE.lines().find_map(|line| line.strip_prefix("#\t"));
        let columns: Vec<_> = head.unwrap_or_default().split('\t').collect();
        let listed = browsers.listed.iter().filter_map(|browser| {
            let column = columns.iter().position(|column| *column == browser.key)?;
            let version = numbers(&browser.oldest);
            Some(Listed {
                browser,
                column,
                version,
            })
        });
        Self {
            listed: listed.take(64).collect(),
        }
    }

    /// Whether there is nothing to hold anything to.
    pub(super) fn is_empty(&self) -> bool {
        self.listed.is_empty()
    }

    /// The browsers that lack a feature, by its own name or, if one is given, by that prefix or
    /// other name. Nothing is known of a feature that is not in the table.
    pub(super) fn lacking(&self, about: &str, name: Option<&str>) -> Option<Group> {
        let cells: Vec<_> = ROWS.get(about)?.split('\t').collect();
        let mut lacking = 0;
        for (bit, listed) in self.listed.iter().enumerate() {
            let mut versions = cells.get(listed.column)?.split(' ');
            let has = versions.any(|version| match (version.split_once('@'), name) {
                (None, None) => listed.is_since(version),
                (Some((other, version)), Some(name)) => other == name && listed.is_since(version),
                _ => false,
            });
            lacking |= u64::from(!has) << bit;
        }
        Some(lacking)
    }

    /// The prefixes and other names by which some of these browsers have a feature.
    pub(super) fn names(&self, about: &str, some: Group) -> Vec<&'static str> {
        let cells: Vec<_> = ROWS
            .get(about)
            .map_or("", |cells| *cells)
            .split('\t')
            .collect();
        let mut names: Vec<_> = self
            .of(some)
            .filter_map(|listed| {
                let versions = cells.get(listed.column)?.split(' ');
                let mut named = versions.filter_map(|version| version.split_once('@'));
                named.find(|(_, version)| listed.is_since(version))
            })
            .map(|(name, _)| name)
            .collect();
        names.sort_unstable();
        names.dedup();
        names
    }

    /// The browsers in words: `Chrome 24 and Safari 6`.
    pub(super) fn words(&self, some: Group) -> String {
        let names: Vec<_> = self
            .of(some)
            .map(|listed| format!("{} {}", listed.browser.name, listed.browser.oldest))
            .collect();
        match names.split_last() {
            Some((last, rest)) if !rest.is_empty() => format!("{} and {last}", rest.join(", ")),
            _ => names.concat(),
        }
    }

    fn of(&self, some: Group) -> impl Iterator<Item = &Listed<'a>> {
        let listed = self.listed.iter().enumerate();
        listed.filter_map(move |(bit, listed)| (some >> bit & 1 == 1).then_some(listed))
    }
}

impl Listed<'_> {
    fn is_since(&self, version: &str) -> bool {
        // `?` has no numbers, and so is older than any version.
        version != "-" && self.version >= numbers(version)
    }
}

/// The property that is meant, and the prefix or other name that means it; nothing for a name that
/// no browser knows.
pub(super) fn property(name: &str) -> Option<(&str, Option<&str>)> {
    if ROWS.contains_key(format!("property {name}").as_str()) {
        return Some((name, None));
    }
    if let Some((prefix, plain)) = prefixed(name) {
        return Some((plain, Some(prefix)));
    }
    OTHER_NAMES.get(name).map(|plain| (*plain, Some(name)))
}

/// A name with a maker's prefix, such as `-webkit-`, taken apart.
pub(super) fn prefixed(name: &str) -> Option<(&str, &str)> {
    let end = name.strip_prefix('-')?.find('-')? + 2;
    (end > 2).then(|| name.split_at(end))
}

/// The names of a kind, for "did you mean".
pub(super) fn known(kind: &str) -> impl Iterator<Item = &'static str> {
    let start = format!("{kind} ");
    let names = ROWS.keys();
    names
        .filter_map(move |about| about.strip_prefix(start.as_str()))
        .filter(|name| !name.contains(' '))
}

/// The lines of a kind, sorted.
pub(super) fn all(kind: &str) -> Vec<&'static str> {
    let start = format!("{kind} ");
    let mut all: Vec<_> = ROWS
        .keys()
        .copied()
        .filter(|about| about.starts_with(&start))
        .collect();
    all.sort_unstable();
    all
}

fn numbers(version: &str) -> Vec<u32> {
    let mut numbers: Vec<_> = version
        .split('.')
        .map_while(|number| number.parse().ok())
        .collect();
    while numbers.last() == Some(&0) {
        numbers.pop();
    }
    numbers
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;

    /// The browsers that the tests of these modules go by.
    pub(in super::super) fn browsers() -> Browsers {
        let listed = [
            ("Internet Explorer", "ie", "11"),
            ("Chrome", "chrome", "24"),
            ("Firefox", "firefox", "17"),
            ("Safari", "safari", "6"),
        ];
        Browsers {
            listed: listed
                .map(|(name, key, oldest)| Browser {
                    name,
                    key,
                    oldest: oldest.to_owned(),
                })
                .to_vec(),
            ..Browsers::default()
        }
    }

    #[test]
    fn a_feature_is_there_from_its_version_on_and_by_its_name() {
        let browsers = browsers();
        let support = Support::new(&browsers);
        let lacking = |about: &str, name| support.words(support.lacking(about, name).unwrap());
        assert_eq!(lacking("property color", None), "");
        assert_eq!(
            lacking("property transform", None),
            "Chrome 24 and Safari 6"
        );
        assert_eq!(
            lacking("property transform", Some("-webkit-")),
            "Firefox 17"
        );
        assert_eq!(
            lacking("element dialog", None),
            "Internet Explorer 11, Chrome 24, Firefox 17 and Safari 6"
        );
        assert_eq!(support.lacking("property colr", None), None);
        // Nobody knows about Internet Explorer.
        assert_eq!(lacking("property border solid", None), "");
        let all = support.lacking("property transform", None).unwrap();
        assert_eq!(support.names("property transform", all), ["-webkit-"]);
    }

    #[test]
    fn versions_count_by_their_numbers() {
        assert!(numbers("10.1") > numbers("10"));
        assert!(numbers("10.10") > numbers("10.9"));
        assert_eq!(numbers("10.0"), numbers("10"));
    }

    #[test]
    fn a_property_is_known_by_all_its_names() {
        assert_eq!(property("gap"), Some(("gap", None)));
        assert_eq!(
            property("-webkit-transform"),
            Some(("transform", Some("-webkit-")))
        );
        assert_eq!(
            property("word-wrap"),
            Some(("overflow-wrap", Some("word-wrap")))
        );
        assert_eq!(property("colour"), None);
    }
}
