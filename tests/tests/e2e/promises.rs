//! What `SECURITY.md` and `ACCESSIBILITY.md` promise is there: the tests that they name, and
//! the files.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

/// Folders of a crate that hold its sources and tests.
const SOURCES: [&str; 6] = [
    "protocol",
    "widget",
    "verify-api",
    "site-builder",
    "tests",
    "xtask",
];

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

/// What stands between backticks in the rows of the tables.
fn named(text: &str) -> BTreeSet<&str> {
    let rows = text.lines().filter(|line| line.starts_with('|'));
    rows.flat_map(|row| row.split('`').skip(1).step_by(2))
        .collect()
}

/// The functions that stand right below an attribute which makes them tests, and
/// the names that are given to a macro which does so on each database, or in each browser.
fn tests_in(source: &str, found: &mut BTreeSet<String>) {
    let (mut is_test, mut is_ignored) = (false, false);
    for each in ["on_each_store!(", "in_each_browser!("] {
        for given in source.split(each).skip(1) {
            let names = given.split(')').next().unwrap_or_default();
            found.extend(names.split(',').map(|name| name.trim().to_owned()));
        }
    }
    for line in source.lines().map(str::trim) {
        let declared = line.strip_prefix("async ").unwrap_or(line);
        if let Some(rest) = declared.strip_prefix("fn ") {
            let name = rest.split(['(', '<']).next().unwrap_or_default();
            if is_test && !is_ignored {
                found.insert(name.to_owned());
            }
            (is_test, is_ignored) = (false, false);
        } else if line.starts_with("#[") && line.contains("ignore") {
            is_ignored = true;
        } else if line == "#[test]" || line.starts_with("#[tokio::test") {
            is_test = true;
        }
    }
}

fn every_test() -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    let mut folders: Vec<_> = SOURCES.map(|folder| root().join(folder)).into();
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(&folder).expect("a folder of sources is read") {
            let path = entry.expect("a folder of sources is read").path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|kind| kind == "rs") {
                let source = std::fs::read_to_string(&path).expect("a source is read");
                tests_in(&source, &mut found);
            }
        }
    }
    found
}

#[test]
fn every_test_and_file_that_security_md_names_is_there() {
    names_what_is_there("SECURITY.md", 100);
}

#[test]
fn every_test_and_file_that_accessibility_md_names_is_there() {
    names_what_is_there("ACCESSIBILITY.md", 25);
}

/// Looks for what a document names, which are at least so many tests.
#[track_caller]
fn names_what_is_there(document: &str, at_least: usize) {
    let text = std::fs::read_to_string(root().join(document)).expect("the document is read");
    let tests = every_test();
    let promised = named(&text);
    let (files, others): (Vec<&str>, Vec<&str>) =
        promised.into_iter().partition(|name| name.contains('/'));
    let promised: Vec<_> = others
        .into_iter()
        .filter(|name| is_test_name(name))
        .collect();
    let count = promised.len();
    assert!(count > at_least, "the tables are read: {promised:?}");
    let missing: Vec<_> = promised
        .iter()
        .filter(|name| !tests.contains(**name))
        .collect();
    assert!(
        missing.is_empty(),
        "{document} names no such tests: {missing:?}"
    );
    let missing: Vec<_> = files
        .iter()
        .filter(|file| !root().join(file).exists())
        .collect();
    assert!(
        missing.is_empty(),
        "{document} names no such files: {missing:?}"
    );
}

/// Whether this is written as the name of a function is: by mistake with a capital
/// letter, too.
fn is_test_name(name: &str) -> bool {
    let is_sign = |b: u8| b.is_ascii_alphanumeric() || b == b'_';
    name.bytes().all(is_sign) && name.contains('_')
}

#[test]
fn every_rule_and_fault_has_a_test() {
    let text = std::fs::read_to_string(root().join("SECURITY.md")).expect("SECURITY.md is read");
    let tests = every_test();
    let mut is_shown = false;
    let mut rows = 0;
    for line in text.lines() {
        if line.starts_with('#') {
            is_shown = false;
        } else if line.starts_with("| rule") || line.starts_with("| fault") {
            is_shown = true;
        } else if is_shown && line.starts_with('|') && !line.starts_with("| ---") {
            let last = line.trim_end_matches(" |").rsplit(" | ").next();
            let mut names = last.unwrap_or_default().split('`').skip(1).step_by(2);
            let has_test = names.any(|name| tests.contains(name));
            assert!(has_test, "this row of SECURITY.md names no test: {line}");
            rows += 1;
        }
    }
    assert!(rows > 50, "the tables are read: {rows}");
}
