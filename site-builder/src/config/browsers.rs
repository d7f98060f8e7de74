//! The browsers that a site is for: `[extra.check.browsers]`, and the file of data that it names;
//! an extension of ours.
//!
//! ```toml
//! [extra.check.browsers]
//! file = "browsers.toml"
//! may_lack = ["text-wrap", "::marker"]   # what pages are as good without
//!
//! # browsers.toml, which templates can read as well; keys beyond these two are theirs
//! [[browsers]]
//! name = "Firefox"
//! oldest = "17"
//! ```
//!
//! Owns the list. What a browser can do is in [`crate::check`].

use std::collections::BTreeSet;

use crate::diagnostic::{Finding, Findings};
use crate::document::{Data, Node, Table, parse_toml};
use crate::fields::Fields;
use crate::text::Text;

/// The browsers that there is data about: the names that people know, and those of the data.
const KNOWN: [(&str, &str); 6] = [
    ("Chrome", "chrome"),
    ("Edge", "edge"),
    ("Firefox", "firefox"),
    ("Internet Explorer", "ie"),
    ("Safari", "safari"),
    ("Safari on iPhone and iPad", "safari_ios"),
];

/// The browsers that pages must work in.
#[derive(Debug, Clone, Default)]
pub(crate) struct Browsers {
    /// Each with its oldest version, in the order of the file.
    pub listed: Vec<Browser>,
    /// Features that may be missing.
    pub may_lack: BTreeSet<String>,
    /// The file that lists them, when it cannot be read in full.
    pub broken_file: Option<String>,
}

/// A browser that pages must work in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Browser {
    /// Such as `Internet Explorer`.
    pub name: &'static str,
    /// Its name in the data about features.
    pub key: &'static str,
    /// The oldest version, such as `11` or `10.1`.
    pub oldest: String,
}

/// What the settings say, before the file is read.
#[derive(Debug, Default)]
pub(super) struct Settings {
    /// The file that lists the browsers.
    pub file: Option<String>,
    /// Features that may be missing.
    pub may_lack: BTreeSet<String>,
}

/// Reads `[extra.check.browsers]`.
pub(super) fn settings(text: &Text, table: &Table, findings: &mut Findings) -> Settings {
    let mut fields = Fields::new(text, table, findings);
    let file = fields.text("file");
    let may_lack = fields.texts("may_lack").unwrap_or_default();
    fields.finish("`[extra.check.browsers]`");
    Settings {
        file,
        may_lack: may_lack.into_iter().collect(),
    }
}

/// Reads the list; nothing is returned when not all of it can be read.
pub(super) fn read(text: &Text, findings: &mut Findings) -> Option<Vec<Browser>> {
    let (table, is_whole) = parse_toml(text, 0..text.body.len(), findings);
    if !is_whole {
        return None;
    }
    let Some(Node {
        data: Data::List(items),
        ..
    }) = table.get("browsers")
    else {
        let sentence = "This file lists no browsers.";
        let finding = Finding::error("browsers-file", text.whole(), sentence);
        findings.push(finding.help(
            "Write each one as `[[browsers]]`, with `name = \"Firefox\"` and `oldest = \"17\"` below.",
        ));
        return Some(Vec::new());
    };
    let browsers = items
        .iter()
        .filter_map(|item| browser(text, item, findings));
    Some(browsers.collect())
}

fn browser(text: &Text, item: &Node, findings: &mut Findings) -> Option<Browser> {
    let empty = Table::default();
    let table = match &item.data {
        Data::Table(table) => table,
        _ => &empty,
    };
    let words = |key: &str| match table.get(key) {
        Some(Node {
            data: Data::Text(words),
            at,
        }) => Some((words.as_str(), at)),
        _ => None,
    };
    let (Some((name, name_at)), Some((oldest, oldest_at))) = (words("name"), words("oldest"))
    else {
        let sentence = "This browser lacks its `name` or its `oldest` version.";
        let finding = Finding::error("browsers-file", text.place(item.at.clone()), sentence);
        let help = "Write both in quotes: `name = \"Firefox\"` and `oldest = \"17\"`.";
        findings.push(finding.help(help));
        return None;
    };
    let mut numbers = oldest.split('.');
    if !numbers.all(|number| number.parse::<u32>().is_ok()) {
        let sentence = format!("`{oldest}` is not the number of a version.");
        let finding = Finding::error("browsers-file", text.place(oldest_at.clone()), sentence);
        findings.push(finding.help("Write it like `17` or `10.1`."));
        return None;
    }
    let Some((name, key)) = KNOWN.into_iter().find(|(known, _)| *known == name) else {
        let sentence = format!("Nobody can check pages for `{name}`: there is no data about it.");
        let finding = Finding::warning("browsers-file", text.place(name_at.clone()), sentence);
        let names = KNOWN.map(|(name, _)| name);
        let near = finding.nearest(name, names);
        findings.push(if near.help.is_some() {
            near
        } else {
            near.help(format!("There is data about `{}`.", names.join("`, `")))
        });
        return None;
    };
    Some(Browser {
        name,
        key,
        oldest: oldest.to_owned(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn list(source: &str) -> (Vec<String>, Vec<(usize, Option<String>)>) {
        let mut findings = Findings::default();
        let read = read(&Text::new("browsers.toml", source), &mut findings).unwrap();
        let listed = read
            .into_iter()
            .map(|found| format!("{} {}", found.key, found.oldest));
        let found = findings.iter().map(|f| (f.place.line, f.help.clone()));
        (listed.collect(), found.collect())
    }

    #[test]
    fn a_browser_has_a_name_and_its_oldest_version() {
        let (listed, found) = list(
            "[[browsers]]\nname = \"Internet Explorer\"\noldest = \"11\"\nbuild = \"x\"\n\
             [[browsers]]\nname = \"Safari\"\noldest = \"10.1\"\n",
        );
        assert_eq!(listed, ["ie 11", "safari 10.1"]);
        assert!(found.is_empty(), "{found:?}");
    }

    #[test]
    fn what_is_no_browser_is_found_where_it_stands() {
        let (listed, found) = list(
            "[[browsers]]\nname = \"Fierfox\"\noldest = \"17\"\n\
             [[browsers]]\nname = \"Firefox\"\noldest = \"new\"\n\
             [[browsers]]\nname = \"Firefox\"\noldest = 17\n",
        );
        assert!(listed.is_empty(), "{listed:?}");
        let lines: Vec<_> = found.iter().map(|(line, _)| *line).collect();
        assert_eq!(lines, [2, 6, 7]);
        assert_eq!(found[0].1.as_deref(), Some("Did you mean `Firefox`?"));
        assert_eq!(list("").1[0].0, 1);
    }
}
