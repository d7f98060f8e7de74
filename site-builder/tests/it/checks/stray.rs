//! Files among the pages that nobody meant to publish.

use super::site;
use crate::support::{Built, CONFIG};

/// The site with an answer that has a folder to itself, and these files in it.
fn with(files: &[&str], text: &str, settings: &str) -> Built {
    let mut site = site()
        .without("content/a.md")
        .file("zola.toml", &format!("{CONFIG}{settings}"))
        .page("_index.md", "Home", "[First answer](@/a/index.md)")
        .page("a/index.md", "First", text);
    for file in files {
        site = site.file(&format!("content/{file}"), "x");
    }
    site.build()
}

#[test]
fn a_document_that_no_page_leads_to_is_told() {
    let files = [
        "a/notes.docx",
        "a/index.md.bak",
        "a/names.TXT",
        "phones.pages",
    ];
    let found = with(&files, "Text.", "").places();
    let mut told = files.map(|file| format!("content/{file}:1:1 stray-file"));
    told.sort();
    assert_eq!(found, told);
    let findings = with(&["a/notes.docx"], "Text.", "").findings();
    assert!(
        findings.contains("`[What it is](/a/notes.docx)`"),
        "{findings}"
    );
}

#[test]
fn what_a_page_leads_to_and_what_is_no_document_is_fine() {
    let text = "[The form](form.pdf), [as text](/a/form.docx) and ![a cat](cat.png).";
    let files = [
        "a/form.pdf",
        "a/form.docx",
        "a/cat.png",
        "a/data.csv",
        "a/~$form.docx",
    ];
    with(&files, text, "").clean();
}

#[test]
fn what_the_settings_leave_out_is_not_told() {
    with(
        &["a/notes.docx"],
        "Text.",
        "ignored_content = [\"*.docx\"]\n",
    )
    .clean();
    let off = "[extra.check.levels]\nstray-file = \"off\"\n";
    with(&["a/notes.docx"], "Text.", off).clean();
}

#[test]
fn a_file_that_was_to_be_a_page_is_told_with_its_right_name() {
    let page = "+++\ntitle = \"B\"\n+++\nText.\n";
    for (file, right) in [
        ("b.MD", "b.md"),
        ("b.markdown", "b.md"),
        ("b.md.txt", "b.md"),
        ("b.txt", "b.md"),
        ("b.html", "b.md"),
    ] {
        let built = site().file(&format!("content/{file}"), page).build();
        assert_eq!(built.places(), [format!("content/{file}:1:1 stray-file")]);
        let said = built.findings();
        assert!(said.contains(&format!("Name it `{right}`.")), "{said}");
    }
    let built = site().file("content/b.html", "<p>Text").build();
    assert!(built.findings().contains("no page leads to it"));
}

#[test]
fn a_copy_of_a_page_is_told_as_one_and_nothing_else_of_it() {
    let page = "+++\ntitle = \"B\"\ndescription = \"About b.\"\nweight = 1\n+++\nText.\n";
    let home =
        "+++\ntitle = \"Home\"\ndescription = \"All.\"\nsort_by = \"weight\"\n+++\n[B](@/b.md)\n";
    for copy in ["b - Copy", "b (1)", "Copy of b"] {
        let built = site()
            .without("content/a.md")
            .file("content/_index.md", home)
            .file("content/b.md", page)
            .file(&format!("content/{copy}.md"), page)
            .with(|options| options.today = None)
            .build();
        let place = format!("content/{copy}.md:1:1 stray-file");
        assert_eq!(built.places(), [place], "{}", built.findings());
    }
}

#[test]
fn a_link_that_misses_a_document_is_told_and_not_the_document_as_well() {
    let text = "See [the form](/b/form.docx).";
    let built = with(&["a/form.docx"], text, "");
    assert_eq!(built.places(), ["content/a/index.md:4:16 broken-link"]);
    let said = built.findings();
    assert!(said.contains("Write `/a/form.docx`."), "{said}");
    let said = with(&[], text, "").findings();
    assert!(said.contains("write `/documents/form.docx`"), "{said}");
}

#[test]
fn a_document_of_another_site_says_nothing_of_ours_with_its_name() {
    let text = "See [the form](https://example.com/form.docx).";
    let built = with(&["a/form.docx"], text, "");
    assert_eq!(built.places(), ["content/a/form.docx:1:1 stray-file"]);
}

#[test]
fn while_a_page_cannot_be_read_nobody_knows_what_leads_where() {
    let built = site()
        .file("content/b/index.md", "+++\ntitle = “B”\n+++\n")
        .file("content/b/notes.docx", "x")
        .build();
    assert_eq!(built.places(), ["content/b/index.md:2:9 toml-syntax"]);
}
