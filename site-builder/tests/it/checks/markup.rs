//! What is found of HTML that is not valid, and where a person can mend it.

use super::{answer, places, site};
use crate::support::Site;

const PAGE: &str = "<!doctype html>\n<html lang=en><title>Help</title>\n<h1>{{ page.title }}</h1>\n\
                    <main>{{ page.content | safe }}</main>";

fn page_template(template: &str) -> Site {
    site().file("templates/page.html", template)
}

#[test]
fn html_in_markdown_is_told_at_the_editors_line() {
    let text = "One.\n\n<div>\n\nTwo <b>three.\n\n<center>four</center>\n\n| a |\n|---|\n| b |\n";
    assert_eq!(
        answer(text, "").places(),
        [
            "content/a.md:6:1 html-syntax",
            "content/a.md:8:5 html-syntax",
            "content/a.md:10:1 html-element",
        ]
    );
}

#[test]
fn of_equal_tags_the_one_at_fault_is_told() {
    let text = "<div>one</div>\n\n<div>two\n\n<b>x</b> and <b>y\n";
    assert_eq!(
        answer(text, "").places(),
        [
            "content/a.md:6:1 html-syntax",
            "content/a.md:8:14 html-syntax"
        ]
    );
}

#[test]
fn a_comment_without_end_and_a_character_that_cannot_be_seen_are_told_at_their_lines() {
    let built = answer("One.\n\n<!-- two -->\n\nThree.\n\n<!-- four\n\nFive.\n", "");
    assert_eq!(built.places(), ["content/a.md:10:1 comment-open"]);
    let shown = built.findings();
    assert!(shown.contains("This comment is never ended"), "{shown}");
    let text = "One.\n\nTwo\u{1}.\n\nThree *four*\u{1}.\n";
    assert_eq!(
        answer(text, "").places(),
        [
            "content/a.md:6:4 html-syntax",
            "content/a.md:8:13 html-syntax"
        ]
    );
}

#[test]
fn what_is_no_element_and_an_end_without_its_slash_are_told_once() {
    for (text, code) in [
        ("Press <Enter> now.", "7 html-element"),
        ("Press <Enter>now</Enter>.", "7 html-element"),
        ("This is <b>bold<b> now.", "16 html-syntax"),
    ] {
        assert_eq!(places(text), [format!("content/a.md:4:{code}")], "{text}");
    }
    let said = answer("<b>bold<b> now", "").findings();
    assert!(said.contains("write `</b>`"), "{said}");
}

#[test]
fn html_of_a_template_is_told_there_once_for_all_its_pages() {
    let built = page_template(&PAGE.replace("</main>", "</div></main>"))
        .page("_index.md", "Home", "[First](@/a.md) [Second](@/b.md)")
        .page("b.md", "Second", "Call us.")
        .build();
    assert_eq!(built.places(), ["templates/page.html:4:32 html-syntax"]);
    let findings = built.findings();
    assert!(
        findings.contains("It shows on /a/ and 1 more."),
        "{findings}"
    );
}

#[test]
fn a_template_that_puts_a_text_into_a_paragraph_is_at_fault_itself() {
    let built = page_template(&PAGE.replace("main>", "p>")).build();
    assert_eq!(built.places(), ["templates/page.html:4:29 html-nesting"]);
}

#[test]
fn a_page_needs_its_kind_its_language_and_a_title() {
    let built = page_template("<html>\n<h1>T</h1>{{ page.content | safe }}").build();
    assert_eq!(
        built.places(),
        ["templates/page.html:1:1 html-document"; 3],
        "{}",
        built.findings()
    );
}

#[test]
fn each_rule_can_be_turned_off() {
    let off = "[extra.check.levels]\nhtml-syntax = \"off\"\nhtml-element = \"error\"\n";
    let built = answer("<div>\n\n<tt>a</tt>\n", off);
    assert_eq!(built.places(), ["content/a.md:6:1 html-element"]);
    assert!(built.report.findings.has_errors());
}

#[test]
fn faults_between_tags_are_told_at_their_lines() {
    let text = "A `<p>Salt &nosuch; pepper</p>` and 3 < 4.\n\n<p>Salt &nosuch; pepper</p>\n\n\
                <p>If 1 < 2, 3 <4 and &nbsp no</p>\n\n<p title=\"a\"class=\"b\">x</p>\n\n\
                <div>\nstray < <!- two ->\n</div>\n";
    let built = answer(text, "[extra.check.levels]\nspelling = \"off\"\n");
    assert_eq!(
        built.places(),
        [
            "content/a.md:6:9 html-syntax",
            "content/a.md:8:9 html-syntax",
            "content/a.md:8:16 html-syntax",
            "content/a.md:8:23 html-syntax",
            "content/a.md:10:1 html-syntax",
            "content/a.md:13:7 html-syntax",
            "content/a.md:13:9 html-syntax",
        ],
        "{}",
        built.findings()
    );
    let template = PAGE.replace("<main>", "<main>\n<p>Salt &nosuch; pepper</p>");
    let built = page_template(&template).build();
    assert_eq!(built.places(), ["templates/page.html:5:9 html-syntax"]);
}
