//! `published.txt` in the site's root: every address that the site ever had, one a line, sorted, so
//! that two branches that add to it seldom meet in a line.
//!
//! ```text
//! # A comment.
//! /faq/email/
//! /faq/email/#lost-mail
//! ```
//!
//! Owns the form of the file, and adding to it; a line is taken out by hand only, so that the commit
//! says why. Which addresses a site has, and what has become of the others, is for
//! [`crate::check`] to say.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::io;
use std::ops::Range;
use std::path::Path;

use crate::diagnostic::{Finding, Findings, Place};
use crate::text::Text;

/// The file's name.
pub(crate) const FILE: &str = "published.txt";

/// What stands above the first address in a new file.
const HEADER: &str = "\
# Every address that this site has published. `site-builder build --record` adds new ones.
# Take a line out only when its address may stop working, and say why in the commit.
";

/// The list, with where each address stands.
#[derive(Debug, Clone)]
pub(crate) struct Published {
    text: Text,
    addresses: BTreeMap<String, Range<usize>>,
}

impl Published {
    /// Reads the list.
    pub(crate) fn read(text: Text, findings: &mut Findings) -> Self {
        let mut addresses = BTreeMap::new();
        let mut at = 0;
        for line in text.body.split_inclusive('\n') {
            let trimmed = line.trim();
            let start = at + (line.len() - line.trim_start().len());
            let range = start..start + trimmed.len();
            at += line.len();
            if trimmed.starts_with('/') {
                addresses.insert(trimmed.to_owned(), range);
            } else if !trimmed.is_empty() && !trimmed.starts_with('#') {
                let sentence = "This line is no address of the site.";
                findings.push(
                    Finding::error("published-line", text.place(range), sentence)
                        .help("An address begins with `/`, and a comment with `#`."),
                );
            }
        }
        Self { text, addresses }
    }

    /// Every address, sorted, with where it stands.
    pub(crate) fn addresses(&self) -> impl Iterator<Item = (&str, &Range<usize>)> {
        self.addresses
            .iter()
            .map(|(address, at)| (address.as_str(), at))
    }

    /// Whether an address is in the list.
    pub(crate) fn has(&self, address: &str) -> bool {
        self.addresses.contains_key(address)
    }

    /// The place of a range.
    pub(crate) fn place(&self, at: &Range<usize>) -> Place {
        self.text.place(at.clone())
    }
}

/// Adds addresses to the list of the site in this folder. Returns how many are new.
pub(crate) fn record(
    root: &Path,
    addresses: &BTreeSet<String>,
    findings: &mut Findings,
) -> Option<usize> {
    match add(root, addresses) {
        Ok(new) => Some(new),
        Err(error) => {
            let sentence = format!("`{FILE}` cannot be written: {error}.");
            findings.push(
                Finding::error("not-writable", Place::file(FILE), sentence)
                    .help("Check that you may write in the site's folder."),
            );
            None
        }
    }
}

fn add(root: &Path, addresses: &BTreeSet<String>) -> io::Result<usize> {
    let file = root.join(FILE);
    let before = match fs::read_to_string(&file) {
        Ok(before) => before,
        Err(error) if error.kind() == io::ErrorKind::NotFound => HEADER.to_owned(),
        Err(error) => return Err(error),
    };
    let lines = Text::new(FILE, &before).body;
    let (listed, comments): (Vec<&str>, Vec<&str>) = lines
        .lines()
        .filter(|line| !line.trim().is_empty())
        .partition(|line| line.trim_start().starts_with('/'));
    let mut all: BTreeSet<&str> = listed.into_iter().map(str::trim).collect();
    let known = all.len();
    all.extend(addresses.iter().map(String::as_str));
    let new = all.len() - known;
    if new > 0 {
        let lines: String = comments
            .into_iter()
            .chain(all)
            .flat_map(|line| [line, "\n"])
            .collect();
        let temporary = root.join(format!(".{FILE}.site-builder-new"));
        fs::write(&temporary, lines)?;
        fs::rename(&temporary, &file)?;
    }
    Ok(new)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_that_is_no_address_is_found_where_it_stands() {
        let mut findings = Findings::default();
        let text = Text::new(FILE, "# One\n/a/\n\n  /a/#x\n<<<<<<< HEAD\n");
        let list = Published::read(text, &mut findings);
        let addresses: Vec<_> = list.addresses().map(|(address, _)| address).collect();
        assert_eq!(addresses, ["/a/", "/a/#x"]);
        assert_eq!(list.place(&list.addresses["/a/#x"]).column, 3);
        let found: Vec<_> = findings
            .iter()
            .map(|f| (f.code, f.place.line, f.place.width))
            .collect();
        assert_eq!(found, [("published-line", 5, 12)]);
    }

    #[test]
    fn what_is_new_is_sorted_in_and_nothing_is_taken_out() {
        let folder = tempfile::tempdir().unwrap();
        let add = |addresses: &[&str]| {
            let addresses = addresses.iter().map(|&line| line.to_owned()).collect();
            add(folder.path(), &addresses).unwrap()
        };
        let read = || fs::read_to_string(folder.path().join(FILE)).unwrap();
        assert_eq!(add(&["/b/", "/b/#x", "/b/c/"]), 3);
        assert_eq!(read(), format!("{HEADER}/b/\n/b/#x\n/b/c/\n"));
        fs::write(folder.path().join(FILE), "/c/\r\n# Ours\n/b/").unwrap();
        assert_eq!(add(&["/b/"]), 0);
        assert_eq!(read(), "/c/\r\n# Ours\n/b/");
        assert_eq!(add(&["/a/", "/b/"]), 1);
        assert_eq!(read(), "# Ours\n/a/\n/b/\n/c/\n");
    }
}
