//! What is valid is not told, and what is not is told at its tag.

use super::super::browsers::Watch;
use super::super::html::{Wanted, scan};
use super::{DOCUMENT, ELEMENT, Fault, MOST, NESTING, REFERENCE, SYNTAX, TABLE};

fn faults(html: &str) -> Vec<Fault> {
    let wanted = Wanted {
        faults: true,
        ..Wanted::default()
    };
    scan(html, &Watch::default(), wanted).faults
}

/// The rule and the tag of each fault.
fn told(html: &str) -> Vec<(&'static str, &str)> {
    let tag = |fault: Fault| (fault.rule, &html[fault.at]);
    faults(html).into_iter().map(tag).collect()
}

#[test]
fn what_is_valid_has_no_fault() {
    for html in [
        "<!doctype html><html lang=en><head><meta charset=utf-8><title>T</title><body><main><p>a<p>b</main>",
        "<ul><li>a<li><p>b<ul><li>c</ul><li>d</ul><dl><dt>a<dd>b</dl><dl><div><dt>c<dd>d</div></dl>",
        "<table><caption>C</caption><thead><tr><th>a<th>b<tbody><tr><td>1<td>2<tr><td><p>3</table>",
        "<p>a <em>b <a href=/><img src=a.png alt=''> c</a></em><br>d</p><hr><input><custom-tag a></custom-tag>",
        "<p><em><em>a</em></em> <strong><strong>b</strong></strong> <b>c<b>d</b></b></p>",
        "<svg viewBox='0 0 1 1'><title>T</title><path d=''/><g><use href='#a'/></g></svg>",
        "<label for=a>A</label><input id=a aria-describedby='b c'><p id=b>b</p><p id=c>c</p>",
        "<a href=/><div><h2>A card</h2></div></a><button><span>b</span></button>",
        "<script>if (a</b/.x) '<p>'</script><style>p > a {}</style><textarea><b></textarea><noscript><p></noscript>",
        "<select><optgroup label=a><option>a<option>b<optgroup label=b><option>c</select>",
        "<form><fieldset><legend>L</legend><p>a</p></fieldset></form><form></form>",
        "<details><summary>s</summary><p>a</p></details><ruby>a<rp>(<rt>b<rp>)</ruby>",
        "<math><mi>x</mi></math><p>&amp; &copy; &#39; a & b</p><ol><template><li>a</li></template></ol>",
        "<table role=presentation><tr><td>a<tr><td>b</table><table><tr><td>only one</table>",
    ] {
        assert_eq!(told(html), [], "{html}");
    }
}

#[test]
fn tags_that_do_not_match_are_told() {
    for (html, tag) in [
        ("<div><p>a</p>", "<div>"),
        ("<main><b>a</main>", "<b>"),
        ("<p><b><i>a</b></i></p>", "<i>"),
        ("a</div>", "</div>"),
        ("a</br>", "</br>"),
        ("<div class='x'/><p>a</p></div></div>", "<div class='x'/>"),
        ("<table><tr><th></div></table>", "</div>"),
        ("<p a=1 a=2>b</p>", "<p a=1 a=2>"),
    ] {
        let found = faults(html);
        assert_eq!(found[0].rule, SYNTAX, "{html}");
        if found[0].sentence.contains('`') {
            assert_eq!(&html[found[0].at.clone()], tag, "{html}");
        }
    }
    assert_eq!(
        told("<p><b><i>a</b></i></p>").len(),
        1,
        "one slip is told once"
    );
}

#[test]
fn a_style_that_begins_again_instead_of_ending_is_told_once_at_its_second_tag() {
    for html in [
        "<p><b>a<b > b</p>",
        "<p><b>a<b > b</b></p>",
        "<p><b>a<b > b</p></b>",
        "<b>a<b > b",
    ] {
        assert_eq!(told(html), [(SYNTAX, "<b >")], "{html}");
    }
}

#[test]
fn what_may_not_stand_in_what_is_told() {
    for (html, tag) in [
        ("<p>a<div>b</div></p>", "<div>"),
        ("<p><em><ul></ul></em></p>", "<ul>"),
        ("<h2><p>a</p></h2>", "<p>"),
        ("<p><a href=/><div>a</div></a></p>", "<div>"),
        ("<a href=/><b><a href=/x>b</a></b></a>", "<a href=/x>"),
        ("<button><a href=/>b</a></button>", "<a href=/>"),
        ("<form><form></form></form>", "<form>"),
        ("<div><li>a</div>", "<li>"),
        ("<ul><b>a</b></ul>", "<b>"),
        ("<div><td>a</td></div>", "<td>"),
        ("<h2>a<h3>b</h3></h2>", "<h3>"),
        ("<label>a<label>b</label></label>", "<label>"),
    ] {
        let found = told(html);
        assert!(found.contains(&(NESTING, tag)), "{html}: {found:?}");
    }
}

#[test]
fn elements_ids_tables_and_pages_are_told() {
    assert_eq!(
        told("<blok>a</blok><center>b</center><tt>c</tt>"),
        [
            (ELEMENT, "<blok>"),
            (ELEMENT, "<center>"),
            (ELEMENT, "<tt>")
        ]
    );
    assert_eq!(
        told("<label for=a></label><p id=b aria-labelledby='b c'></p>"),
        [
            (REFERENCE, "<label for=a>"),
            (REFERENCE, "<p id=b aria-labelledby='b c'>")
        ]
    );
    assert_eq!(
        told("<table><tr><td>a<tr><td>b</table>"),
        [(TABLE, "<table>")]
    );
    let page = "<html><svg><title>T</title></svg>";
    assert_eq!(told(page), [(DOCUMENT, "<html>"); 3]);
    assert_eq!(
        told("<!doctype html SYSTEM 'x'><html lang=en><title>T</title>"),
        []
    );
}

#[test]
fn characters_that_are_no_html_are_told_in_words() {
    for (html, part) in [
        ("<p a=1a=\"2\">", "quotes or blanks"),
        ("a &nosuch; b", "lacks its `;`"),
        ("1 <2", "begins no element"),
        ("<p class=\"a>b", "ends inside of a tag"),
        ("<!-- a", "never ended"),
        ("<b></b a=1>", "nothing else"),
        ("<?php ?>", "breaks a rule"),
    ] {
        let found = faults(html);
        let has = found.iter().any(|fault| fault.sentence.contains(part));
        assert!(has, "{html}: {found:?}");
    }
}

#[test]
fn a_comment_that_is_never_ended_is_told_where_it_begins_and_alone() {
    let html = "<!doctype html><html lang=en><title>T</title><!-- a --><main>b<!-- c <!-- d</main>";
    let found = faults(html);
    assert_eq!(found.len(), 1, "{found:?}");
    assert_eq!(&html[found[0].at.start..], "<!-- c <!-- d</main>");
}

#[test]
fn each_character_that_no_page_may_hold_is_told_where_it_is() {
    let html = "<p>a\u{1}b</p>\t\r\n<p title='\u{85}'>é\u{fffe}</p>";
    assert_eq!(
        told(html),
        ["\u{1}", "\u{85}", "\u{fffe}"].map(|sign| (SYNTAX, sign))
    );
}

#[test]
fn a_page_with_no_end_of_faults_or_of_depth_is_read_to_its_end() {
    assert_eq!(faults(&"</b>".repeat(100_000)).len(), MOST);
    let deep = "<i>".repeat(100_000) + &"</i>".repeat(100_000);
    let found = faults(&deep);
    assert_eq!(found.len(), 1, "{found:?}");
    assert!(found[0].sentence.contains("deep"));
    let many: String = (0..200_000)
        .flat_map(|at| [" a".to_owned(), at.to_string()])
        .collect();
    assert_eq!(told(&format!("<p{many}>a</p>")), []);
}
