//! Names of files that say a language which is not there, or says nothing.

use super::{site, with};
use crate::support::Site;

#[test]
fn a_page_in_a_language_that_is_not_there_is_an_error() {
    let built = site()
        .page("a.fr.md", "A", "")
        .page("b.ess.md", "B", "")
        .build();
    assert_eq!(
        built.places(),
        [
            "content/a.fr.md:1:1 language-in-name",
            "content/b.ess.md:1:1 language-in-name"
        ]
    );
    let findings = built.findings();
    assert!(
        findings.contains("Add `[languages.fr]` to the settings"),
        "{findings}"
    );
    assert!(
        findings.contains("Did you mean `es`? Add `[languages.ess]`"),
        "{findings}"
    );
    assert!(built.report.findings.has_errors());
}

#[test]
fn a_section_in_a_language_that_is_not_there_is_not_read() {
    for site in [site(), Site::new()] {
        let built = site
            .page("faq/_index.md", "Questions", "")
            .page("faq/_index.fr.md", "Questions", "")
            .build();
        assert_eq!(
            built.places(),
            ["content/faq/_index.fr.md:1:1 language-in-name"]
        );
        assert!(built.has("faq/index.html") && !built.has("faq/index-fr/index.html"));
    }
}

#[test]
fn the_default_language_is_in_no_name() {
    let built = site().page("a.en.md", "A", "").build();
    assert_eq!(built.places(), ["content/a.en.md:1:1 language-in-name"]);
    assert!(built.findings().contains("Name it `a.md`."));
    assert!(built.has("a-en/index.html"));
}

#[test]
fn in_one_language_a_dot_is_a_dot() {
    let built = Site::new()
        .page("v1.2.md", "A", "")
        .page("notes.fr.md", "B", "")
        .page("release.md", "C", "")
        .page("release.notes.md", "D", "")
        .build()
        .clean();
    assert!(built.has("v1-2/index.html") && built.has("notes-fr/index.html"));
    // Beside the page that it would translate, it was hardly meant so.
    let beside = Site::new()
        .page("a.md", "A", "")
        .page("a.fr.md", "A", "")
        .build();
    assert_eq!(beside.places(), ["content/a.fr.md:1:1 language-in-name"]);
    assert!(beside.has("a-fr/index.html"));
}

#[test]
fn a_folder_needs_a_description_in_each_language() {
    let built = with("[languages.es]\n")
        .without("content/_index.es.md")
        .page("faq/_index.md", "Questions", "")
        .page("faq/a.es.md", "A", "")
        .build();
    assert_eq!(
        built.places(),
        [
            "content/_index.es.md:1:1 no-section",
            "content/faq:1:1 no-section"
        ]
    );
    assert!(
        built
            .findings()
            .contains("site-builder new faq/_index.es.md")
    );
    assert!(built.has("es/index.html") && built.has("es/faq/a/index.html"));
}

#[test]
fn new_makes_what_is_above_in_the_same_language() {
    let site = site().without("content/_index.es.md");
    let output = site.run(&["new", "faq/codes/a.es.md", "Códigos"]);
    assert!(output.status.success(), "{output:?}");
    for file in ["_index.es.md", "faq/_index.es.md", "faq/codes/_index.es.md"] {
        assert!(site.root().join("content").join(file).exists(), "{file}");
    }
    assert!(!site.root().join("content/faq/_index.md").exists());
}

#[test]
fn new_goes_behind_the_pages_of_its_own_language() {
    let section = "+++\ntitle = \"x\"\nsort_by = \"weight\"\n+++\n";
    let page = |weight: u32| format!("+++\ntitle = \"x\"\nweight = {weight}\n+++\n");
    let site = site()
        .file("content/faq/_index.md", section)
        .file("content/faq/_index.es.md", section)
        .file("content/faq/a.md", &page(500))
        .file("content/faq/a.es.md", &page(30));
    for (file, weight) in [("b.es.md", 40), ("b.md", 510)] {
        let output = site.run(&["new", &format!("faq/{file}"), "Codes"]);
        assert!(output.status.success(), "{output:?}");
        let made = std::fs::read_to_string(site.root().join("content/faq").join(file)).unwrap();
        assert!(made.contains(&format!("weight = {weight}\n")), "{made}");
    }
}

#[test]
fn a_section_is_no_page_in_any_language() {
    let fields = "[languages.es]\n[extra.check.fields]\nrelated = { type = \"pages\" }\n";
    let lists =
        |path: &str| format!("+++\ntitle = \"x\"\n[extra]\nrelated = [\"@/{path}\"]\n+++\n");
    let built = with(fields)
        .file("content/a.es.md", &lists("_index.es.md"))
        .file("content/b.es.md", &lists("a.es.md"))
        .build();
    assert_eq!(built.places(), ["content/a.es.md:4:12 wrong-type"]);
}
