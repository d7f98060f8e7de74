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
        findings.contains("`[What it is](notes.docx)`"),
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
fn while_a_page_cannot_be_read_nobody_knows_what_leads_where() {
    let built = site()
        .file("content/b/index.md", "+++\ntitle = “B”\n+++\n")
        .file("content/b/notes.docx", "x")
        .build();
    assert_eq!(built.places(), ["content/b/index.md:2:9 toml-syntax"]);
}
