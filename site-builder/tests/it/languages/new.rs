//! `new` for a page that is there in the default language.

use std::fs;

use super::with;
use crate::command::stderr;
use crate::support::Site;

pub(super) const SETTINGS: &str = "[languages.es]\n[extra.check.levels]\nspelling = \"off\"\norphan-page = \"off\"\n\
    one-main-heading = \"off\"\n[extra.check.fields]\nreviewed = { type = \"date\", required = true }\n\
    due = { type = \"date\", months_ahead = 6 }\nflow = { type = \"text\" }\n";

pub(super) fn site() -> Site {
    let home = "+++\ntitle = \"Home\"\n[extra]\nreviewed = 2026-01-01\n+++\n";
    with(SETTINGS)
        .file("content/_index.md", home)
        .file("content/_index.es.md", home)
}

pub(super) fn new(site: &Site, arguments: &[&str]) -> String {
    let output = site.run(&[&["new"], arguments].concat());
    assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
    stderr(&output)
}

#[test]
fn a_translation_begins_as_its_original_with_fresh_dates_and_marks_to_write_at() {
    let page = "+++\ntitle = \"Lost phone\" # Ours\ndescription = \"\"\"Two\nlines.\"\"\"\nweight = 7\n\
        template = \"page.html\"\naliases = [\n  \"old\",\n]\nupdated = 2026-01-01\n\n[extra]\n\
        reviewed = 2026-01-01\ndue = 2026-02-01\nflow = \"reset\"\nrelated = [\"@/b.md\"]\n+++\n\
        Text.\n\n## What you *need*\n\nMore.\n\n### Then {#next}\n\nSetext\n------\n";
    let other = "+++\ntitle = \"B\"\n[extra]\nreviewed = 2026-01-01\n+++\n";
    let site = site()
        .file("content/a.md", page)
        .file("content/b.md", other);
    new(&site, &["a.es.md", "Teléfono perdido"]);
    let made = fs::read_to_string(site.root().join("content/a.es.md")).unwrap();
    let due = made.split("due = ").nth(1).and_then(|due| due.get(..10));
    let reviewed = made
        .split("reviewed = ")
        .nth(1)
        .and_then(|day| day.get(..10));
    let (due, reviewed) = (due.unwrap(), reviewed.unwrap());
    assert!(due > reviewed && reviewed > "2026-01-01", "{made}");
    let expected = format!(
        "+++\ntitle = \"Teléfono perdido\" # Ours\ndraft = true\ndescription = \"(Not written yet.)\"\nweight = 7\n\
         template = \"page.html\"\n\n[extra]\nreviewed = {reviewed}\ndue = {due}\nflow = \"reset\"\n\
         related = [\"@/b.md\"]\n+++\n\n(Not written yet.)\n\n\
         ## (Not written yet.) What you *need* {{#what-you-need}}\n\n\
         ### (Not written yet.) Then {{#next}}\n\n## (Not written yet.) Setext {{#setext}}\n"
    );
    assert_eq!(made, expected);
    let checked = stderr(&site.run(&["check", "--drafts"]));
    assert!(
        checked.contains("not written yet") && !checked.contains("error:"),
        "{checked}"
    );
    assert!(!checked.contains("content/a.md"), "{checked}");
}

#[test]
fn a_translation_can_do_without_a_title_and_brings_its_sections_along() {
    let section =
        "---\ntitle: Questions\nsort_by: weight\nweight: 3\nextra:\n  reviewed: 2026-01-01\n---\n";
    let page = "---\ntitle: Codes\nweight: 4\nextra:\n  reviewed: 2026-01-01\n---\nText.\n";
    let site = site()
        .file("content/faq/_index.md", section)
        .file("content/faq/codes.md", page);
    let told = new(&site, &["content/faq/codes.es.md"]);
    assert_eq!(told.matches("Created").count(), 2, "{told}");
    let read = |path: &str| fs::read_to_string(site.root().join(path)).unwrap();
    let made = read("content/faq/_index.es.md");
    let same = "title: \"(Not written yet.)\"\nsort_by: weight\nweight: 3\nextra:\n  reviewed: 2";
    assert!(made.contains(same), "{made}");
    assert!(!made.ends_with("(Not written yet.)\n"), "{made}");
    let made = read("content/faq/codes.es.md");
    assert!(
        made.contains("title: \"(Not written yet.)\"\ndraft: true\nweight: 4\n"),
        "{made}"
    );
    let checked = stderr(&site.run(&["check", "--drafts"]));
    assert!(
        !checked.contains("error:") && !checked.contains("no translation"),
        "{checked}"
    );

    for (path, reason) in [
        ("faq/more.es.md", "needs a title"),
        ("faq/codes.fr.md", "no language `fr`"),
    ] {
        let refused = site.run(&["new", path]);
        assert_eq!(refused.status.code(), Some(1));
        assert!(stderr(&refused).contains(reason), "{}", stderr(&refused));
    }
    // A dot may be a part of a name.
    new(&site, &["faq/codes.v2.md", "Codes anew"]);
}

#[test]
fn a_page_that_stands_alone_does_so_in_another_language_at_an_address_of_its_own() {
    let page =
        "+++\ntitle = \"A\"\npath = \"/alone\"\n[extra]\nreviewed = 2026-01-01\n+++\nText.\n";
    let site = site().file("content/forms/a.md", page);
    let told = new(&site, &["forms/a.es.md", "A"]);
    assert!(
        told.starts_with("Created ./content/forms/a.es.md.\n"),
        "{told}"
    );
    let made = fs::read_to_string(site.root().join("content/forms/a.es.md")).unwrap();
    assert!(made.contains("path = \"es/alone\"\n"), "{made}");
    let checked = stderr(&site.run(&["check", "--drafts"]));
    assert!(!checked.contains("error:"), "{checked}");
}
