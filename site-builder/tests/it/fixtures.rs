//! Whole sites: each folder in `fixtures/` is built and compared with what it expects.
//!
//! A fixture with a folder `expected/` must build without findings to exactly those files. One with
//! a file `expected-findings.txt` must fail with exactly those findings and write nothing.
//! `UPDATE_FIXTURES=1` writes the expectations anew, to be looked over in the diff.

use std::collections::BTreeMap;
use std::fs;

use crate::support::{Site, fixtures, put, read_tree};

const MANIFEST: &str = ".site-builder-manifest";

#[test]
fn every_fixture_builds_to_what_it_expects() {
    let mut names: Vec<_> = fs::read_dir(fixtures())
        .expect("the fixtures")
        .map(|entry| entry.expect("an entry").file_name())
        .map(|name| name.into_string().expect("a UTF-8 name"))
        .collect();
    names.sort();
    assert!(names.len() >= 4, "fixtures are missing: {names:?}");
    for name in names {
        let expectation = fixtures().join(&name).join("expected-findings.txt");
        if expectation.exists() {
            expect_findings(&name);
        } else {
            expect_output(&name);
        }
    }
}

fn updating() -> bool {
    std::env::var_os("UPDATE_FIXTURES").is_some()
}

fn expect_findings(name: &str) {
    let site = Site::fixture(name);
    let built = site.build();
    let path = fixtures().join(name).join("expected-findings.txt");
    if updating() {
        put(&path, built.findings().as_bytes());
    }
    let expected = fs::read_to_string(&path).expect("the expected findings");
    assert_eq!(built.findings(), expected, "findings of `{name}`");
    assert!(!expected.is_empty(), "`{name}` expects nothing");
    assert!(!site.output().exists(), "`{name}` wrote something");
}

fn expect_output(name: &str) {
    let site = Site::fixture(name);
    let built = site.build().clean();
    let mut tree = built.tree();
    tree.remove(MANIFEST).expect("a manifest");
    let folder = fixtures().join(name).join("expected");
    if updating() {
        if folder.exists() {
            fs::remove_dir_all(&folder).expect("the old expectation to go");
        }
        for (path, bytes) in &tree {
            put(&folder.join(path), bytes);
        }
    }
    let expected = read_tree(&folder);
    let names = |tree: &BTreeMap<String, Vec<u8>>| tree.keys().cloned().collect::<Vec<_>>();
    assert_eq!(names(&tree), names(&expected), "files of `{name}`");
    for (path, bytes) in &tree {
        let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
        assert_eq!(text(bytes), text(&expected[path]), "{name}: {path}");
    }
}
