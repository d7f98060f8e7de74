//! What is found in front matter that was declared: lists of pages, and `[extra]` itself.

use super::site;
use crate::support::{Built, CONFIG};

/// The answer with these lines at its top, beside another answer, both in a list of pages.
fn top(lines: &str, settings: &str) -> Built {
    let declared = "[extra.check.fields]\nowner = { type = \"text\", required = true }\n\
                    related = { type = \"pages\" }\n";
    let settings = format!("{CONFIG}{declared}[extra.check.levels]\n{settings}");
    site()
        .file("zola.toml", &settings)
        .file("content/_index.md", "+++\ntitle = \"Home\"\n[extra]\nowner = \"x\"\n+++\n[First](@/a.md) [Second](@/b.md)\n")
        .file("content/a.md", &format!("+++\ntitle = \"First\"\n{lines}+++\nCall us.\n"))
        .file("content/b.md", "+++\ntitle = \"Second\"\n[extra]\nowner = \"x\"\n+++\nCall us.\n")
        .build()
}

#[test]
fn a_list_of_pages_has_each_once_and_not_the_page_itself() {
    let lines = "[extra]\nowner = \"x\"\nrelated = [\n\"@/b.md\",\n\"@/a.md\",\n\"@/b.md\",\n]\n";
    assert_eq!(
        top(lines, "").places(),
        ["content/a.md:7:1 page-list", "content/a.md:8:1 page-list"]
    );
    top(lines, "page-list = \"off\"\n").clean();
}

#[test]
fn a_slip_in_the_name_of_extra_is_told_once_with_the_right_name() {
    for name in ["Extra", "extras", "EXTRA"] {
        let lines = format!("[{name}]\nowner = \"x\"\n");
        let built = top(&lines, "unknown-key = \"error\"\n");
        assert_eq!(built.places(), ["content/a.md:3:2 unknown-key"], "{name}");
        let findings = built.findings();
        assert!(findings.contains("Write `[extra]`."), "{findings}");
    }
}

#[test]
fn no_error_about_extra_is_left_out_for_a_warning_about_its_name() {
    let built = top("[Extra]\nowner = \"x\"\n", "");
    assert_eq!(
        built.places(),
        [
            "content/a.md:1:1 missing-extra",
            "content/a.md:3:2 unknown-key"
        ]
    );
}
