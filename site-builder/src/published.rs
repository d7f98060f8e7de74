//! `published.txt` in the site's root: every address that the site ever had, one a line, sorted, so
//! that two branches that add to it seldom meet in a line.
//!
//! ```text
//! # A comment.
//! /faq/email/
//! /faq/email/#lost-mail
//! ```
//!
//! A line is written as in a browser: what would end an address or a line is `%` and a number.
//!
//! Owns the form of the file, and adding to it; a line is taken out by hand only, so that the commit
//! says why. Which addresses a site has, and what has become of the others, is for
//! [`crate::check`] to say.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::fs;
use std::io;
use std::ops::Range;
use std::path::Path;

use percent_encoding::percent_decode_str;

use crate::diagnostic::{Finding, Findings, Place};
use crate::replace;
use crate::text::Text;

/// The file's name.
pub(crate) const FILE: &str = "published.txt";

/// What stands above the first address in a new file.
const HEADER: &str = "\
# Every address that this site has published. `site-builder build --record` adds new ones.
# Take a line out only when its address may stop working, and say why in the commit.
";

/// The line of an address: of a path, and of an id on the page when there is one.
pub(crate) fn line(path: &str, id: Option<&str>) -> String {
    let mut line = escaped(path, "%?#");
    if let Some(id) = id {
        line.push('#');
        line.push_str(&escaped(id, "%"));
    }
    line
}

/// The path and the id that a line stands for. The id is empty when it names none.
pub(crate) fn parts(line: &str) -> (String, String) {
    let (path, id) = line.split_once('#').unwrap_or((line, ""));
    let plain = |part| percent_decode_str(part).decode_utf8_lossy().into_owned();
    (plain(path), plain(id))
}

/// Letters of other languages stay as they are: a person is to read the list.
fn escaped(text: &str, signs: &str) -> String {
    let mut escaped = String::new();
    for sign in text.chars() {
        if sign.is_control() || sign.is_whitespace() || signs.contains(sign) {
            let mut bytes = [0; 4];
            for byte in sign.encode_utf8(&mut bytes).bytes() {
                // A string takes whatever is written to it.
                let _ = write!(escaped, "%{byte:02X}");
            }
        } else {
            escaped.push(sign);
        }
    }
    escaped
}

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
        replace::clear(root);
        replace::file(root, &file, lines.as_bytes())?;
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
    fn a_line_stands_for_its_path_and_id_whatever_they_are() {
        for (path, id, written) in [
            ("/días/", None, "/días/"),
            ("/what?/", None, "/what%3F/"),
            ("/a#b/", Some("c#d?"), "/a%23b/#c#d?"),
            ("/100%25/", Some("100%"), "/100%2525/#100%25"),
            ("/a b\n\u{85}/", Some("c\td"), "/a%20b%0A%C2%85/#c%09d"),
        ] {
            let line = line(path, id);
            assert_eq!(line, written);
            let back = parts(&line);
            assert_eq!(back, (path.to_owned(), id.unwrap_or("").to_owned()));
        }
        // As a person may write it.
        assert_eq!(parts("/a b/#100%"), ("/a b/".to_owned(), "100%".to_owned()));
    }

    #[test]
    fn what_is_new_is_sorted_in_and_nothing_is_taken_out() {
        let folder = tempfile::tempdir().unwrap();
        let add = |addresses: &[&str]| {
            let addresses = addresses.iter().map(|&line| line.to_owned()).collect();
            add(folder.path(), &addresses).unwrap()
        };
        let read = || fs::read_to_string(folder.path().join(FILE)).unwrap();
        // What stands in the way of one temporary name stands in the way of no record.
        fs::create_dir(folder.path().join(format!(".{FILE}.site-builder-new"))).unwrap();
        assert_eq!(add(&["/b/", "/b/#x", "/b/c/"]), 3);
        assert_eq!(read(), format!("{HEADER}/b/\n/b/#x\n/b/c/\n"));
        fs::write(folder.path().join(FILE), "/c/\r\n# Ours\n/b/").unwrap();
        assert_eq!(add(&["/b/"]), 0);
        assert_eq!(read(), "/c/\r\n# Ours\n/b/");
        assert_eq!(add(&["/a/", "/b/"]), 1);
        assert_eq!(read(), "# Ours\n/a/\n/b/\n/c/\n");
    }
}
