//! `new` for a translation, whatever way its original's front matter is written in.

use std::fs;

use super::new::{SETTINGS, new, site};
use crate::command::stderr;
use crate::support::Site;

/// Translates a page with this front matter, and returns the translation's and what was said.
fn translated(front: &str) -> (String, String) {
    let site = site().file("content/a.md", &format!("{front}Text.\n"));
    let told = new(&site, &["a.es.md", "Uno"]);
    (read(&site, "a.es.md"), told)
}

fn read(site: &Site, page: &str) -> String {
    fs::read_to_string(site.root().join("content").join(page)).unwrap_or_default()
}

/// The lines between the fences.
fn front(page: &str) -> String {
    let lines = page.lines().skip(1);
    let lines = lines.take_while(|line| !matches!(*line, "+++" | "---"));
    lines.fold(String::new(), |all, line| all + line + "\n")
}

#[test]
fn what_is_not_copied_takes_no_other_key_along() {
    let yaml = [
        (
            "description: Some words",
            "description: \"(Not written yet.)\"",
        ),
        ("weight: 3", "weight: 3"),
        ("template: page.html", "template: page.html"),
        ("in_search_index: false", "in_search_index: false"),
        ("date: 2026-01-02", "date: 2026-01-02"),
        ("# A note", "# A note"),
        ("extra:\n  flow: x", "extra:\n  flow: x"),
        ("authors:\n  - A\n  - B", "authors:\n  - A\n  - B"),
        ("taxonomies: {}", "taxonomies: {}"),
        ("draft: false\nweight: 3", "weight: 3"),
    ];
    let aliases = "aliases:\n  - /x/\n  - /y/\n";
    for (written, expected) in yaml {
        for before in ["", "weight: 1\n"] {
            if before == "weight: 1\n" && written.contains("weight") {
                continue;
            }
            let page = format!("---\ntitle: A\n{before}{aliases}{written}\n---\n");
            let (made, _) = translated(&page);
            let whole = format!("title: \"Uno\"\ndraft: true\n{before}{expected}\n");
            assert_eq!(front(&made), whole, "{page}");
        }
    }
    let toml = [
        (
            "description = \"Some words\"",
            "description = \"(Not written yet.)\"",
        ),
        ("weight = 3", "weight = 3"),
        ("date = 2026-01-02", "date = 2026-01-02"),
        ("# A note", "# A note"),
        ("[extra]\nflow = \"x\"", "[extra]\nflow = \"x\""),
        ("authors = [\n  \"A\",\n]", "authors = [\n  \"A\",\n]"),
        ("draft = false\nweight = 3", "weight = 3"),
    ];
    let aliases = "aliases = [\n  \"/x/\",\n]\n";
    for (written, expected) in toml {
        let (made, _) = translated(&format!("+++\ntitle = \"A\"\n{aliases}{written}\n+++\n"));
        let whole = format!("title = \"Uno\"\ndraft = true\n{expected}\n");
        assert_eq!(front(&made), whole);
    }
}

#[test]
fn a_layout_that_the_changes_do_not_fit_is_written_anew_with_every_key() {
    for page in [
        "{title: A, weight: 3, draft: true, aliases: [x], extra: {flow: x}}",
        "{title: A,\n weight: 3,\n aliases: [x], extra: {flow: x}}",
        "title: >\n  A\n  b\naliases: [x]\nweight: 3\nextra: {flow: x}",
    ] {
        let (made, _) = translated(&format!("---\n{page}\n---\n"));
        assert!(made.starts_with("+++\n"), "{made}");
        let whole = "title = \"Uno\"\ndraft = true\nweight = 3\n\n[extra]\nflow = \"x\"\n";
        assert_eq!(front(&made), whole, "{page}");
    }
    let (made, _) = translated("---\naliases:\n  - x\ndescription: |\n  Some\n  words\n---\n");
    let expected = "title = \"Uno\"\ndraft = true\ndescription = \"(Not written yet.)\"\n";
    assert_eq!(front(&made), expected);
    // A date stays one, and tables come last wherever they stood.
    let (made, _) = translated("---\n{extra: {flow: x}, date: 2026-01-02, authors: [A]}\n---\n");
    let expected = "title = \"Uno\"\ndraft = true\ndate = 2026-01-02\nauthors = [\"A\"]\n\n\
        [extra]\nflow = \"x\"\n";
    assert_eq!(front(&made), expected);
}

#[test]
fn a_page_without_a_title_has_a_translation_that_is_a_draft() {
    let (made, told) = translated("---\nweight: 3\n---\n");
    assert_eq!(front(&made), "title: \"Uno\"\ndraft: true\nweight: 3\n");
    assert!(told.contains("Take out its line `draft: true`"), "{told}");
    let (made, told) = translated("+++\n[extra]\nflow = \"x\"\n+++\n");
    let expected = "title = \"Uno\"\ndraft = true\n[extra]\nflow = \"x\"\n";
    assert_eq!(front(&made), expected);
    assert!(told.contains("Take out its line `draft = true`"), "{told}");
    // A draft can be translated before it is published.
    let (made, _) = translated("+++\ntitle = \"A\"\ndraft = true\n+++\n\n## Then\n\n");
    assert_eq!(front(&made), "title = \"Uno\"\ndraft = true\n");
    assert!(made.contains("{#then}"), "{made}");
}

#[test]
fn pages_are_listed_only_where_each_has_a_translation() {
    let declared = format!("{SETTINGS}related = {{ type = \"pages\" }}\n");
    let page = |list: &str| {
        format!(
            "---\ntitle: A\nextra:\n  reviewed: 2026-01-01\n  related:\n    - {list}\n  flow: x\n---\nText.\n"
        )
    };
    let plain = "+++\ntitle = \"B\"\n[extra]\nreviewed = 2026-01-01\n+++\n";
    let site = super::with(&declared)
        .file("content/_index.md", plain)
        .file("content/_index.es.md", plain)
        .file("content/b.md", plain)
        .file("content/c.md", plain)
        .file("content/c.es.md", plain)
        .file("content/one.md", &page("\"@/c.md\""))
        .file("content/two.md", &page("\"@/c.md\"\n    - \"@/b.md\""));
    new(&site, &["one.es.md", "Uno"]);
    new(&site, &["two.es.md", "Dos"]);
    let made = read(&site, "one.es.md");
    assert!(
        made.contains("  related:\n    - \"@/c.md\"\n  flow: x\n"),
        "{made}"
    );
    let made = read(&site, "two.es.md");
    assert!(
        !made.contains("@/") && made.contains("  flow: x\n"),
        "{made}"
    );
    let checked = stderr(&site.run(&["check", "--drafts"]));
    assert!(!checked.contains("error:"), "{checked}");
}
