//! What is found in texts: headings, pictures, links, sentences, words, contacts.

use jiff::civil::date;
use site_builder::Mode;

use super::{DAY, answer, places, site};
use crate::support::{CONFIG, put};

#[test]
fn headings_are_found_in_the_editors_own_text() {
    let text = "## Two\n\n#### Four\n\n# One more\n\n## {{ 1 + 1 }}\n\n#### Four again\n";
    assert_eq!(
        places(text),
        [
            "content/a.md:6:1 heading-order",
            "content/a.md:8:1 one-main-heading",
            "content/a.md:12:1 heading-order",
        ]
    );
}

#[test]
fn a_heading_of_a_template_is_told_once_for_all_its_pages() {
    let built = site()
        .file("templates/page.html", "{{ page.content | safe }}")
        .page("_index.md", "Home", "[First](@/a.md) [Second](@/b.md)")
        .page("b.md", "Second", "Call us.")
        .build();
    assert_eq!(built.places(), ["templates/page.html:1:1 one-main-heading"]);
    let findings = built.findings();
    assert!(
        findings.contains("It shows on /a/ and 1 more."),
        "{findings}"
    );
}

#[test]
fn pictures_need_words_wherever_they_come_from() {
    let built = site()
        .page(
            "a.md",
            "First",
            "![](/p.png) and ![image](/p.png)\n\n<img src=\"/q.png\"> <img src=\"/p.png\" alt=\"\">",
        )
        .file("templates/index.html", "<h1>H</h1>{{ section.content | safe }}<img src=\"/q.png\">")
        .file("static/p.png", "p")
        .file("static/q.png", "q")
        .build();
    assert_eq!(
        built.places(),
        [
            "content/a.md:4:1 image-text",
            "content/a.md:4:17 image-text",
            "content/a.md:6:10 image-text",
            "templates/index.html:1:48 image-text",
        ]
    );
}

#[test]
fn pictures_that_browsers_lack_are_told_once_where_they_were_asked_for() {
    let site = || {
        site()
            .page(
                "a.md",
                "First",
                "![The box](/p.tif) and ![The key](/q.png)\n\n<img src=\"/r.HEIC\" alt=\"A key\">",
            )
            .file(
                "templates/page.html",
                "<h1>T</h1>{{ page.content | safe }}<img src=\"/s.bmp\" alt=\"\">",
            )
            .file("static/p.tif", "p")
            .file("static/q.png", "q")
            .file("static/r.HEIC", "r")
            .file("static/s.bmp", "s")
    };
    let built = site().build();
    assert_eq!(
        built.places(),
        [
            "content/a.md:4:1 image-format",
            "content/a.md:6:10 image-format",
            "templates/page.html:1:45 image-format",
        ]
    );
    let off = format!("{CONFIG}[extra.check.levels]\nimage-format = \"off\"\n");
    site().file("zola.toml", &off).build().clean();
}

#[test]
fn words_of_links_are_told_once_at_the_link() {
    let built = site()
        .page(
            "a.md",
            "First",
            "See [here](@/_index.md) and [home](@/_index.md).",
        )
        .file(
            "templates/page.html",
            "<h1>T</h1>{{ page.content | safe }}<a href=\"/a/\"></a><a href=/a/ aria-label=Top></a>\
             <a href=/a/ title=Top></a>",
        )
        .build();
    assert_eq!(
        built.places(),
        [
            "content/a.md:4:5 link-text",
            "templates/page.html:1:44 link-text"
        ]
    );
}

#[test]
fn what_a_list_of_headings_says_is_no_fault_and_a_title_is_told_at_itself() {
    let list = "<h1>{{ page.title }}</h1><a href=\"#here\">Here</a>{{ page.content | safe }}";
    let built = site()
        .file("templates/page.html", list)
        .page("_index.md", "Home", "[First](@/a.md)")
        .page("a.md", "More", "## Here\n\nCall us.")
        .file(
            "templates/index.html",
            "<h1>H</h1>{{ section.content | safe }}<a href=\"/a/\">More</a>",
        )
        .build();
    assert_eq!(built.places(), ["content/a.md:2:10 link-text"]);
    // Another page has no such heading.
    let other = list.replace("#here", "/#here");
    let built = site().file("templates/page.html", &other).build();
    assert!(
        built.findings().contains("“Here” does not say"),
        "{}",
        built.findings()
    );
}

#[test]
fn a_main_heading_in_a_text_is_told_there_and_not_in_lists_that_show_it() {
    let all = "<h1>All</h1>{% for page in section.pages %}<h2><a href=\"{{ page.permalink }}\">{{ page.title }}</a></h2>\
               {{ page.content | replace(from='<h1', to='<h1 class=x') | safe }}<h3>Next</h3>{% endfor %}";
    let built = site()
        .file("templates/index.html", all)
        .page("a.md", "First", "# Before\n\nCall us.")
        .build();
    assert_eq!(built.places(), ["content/a.md:4:1 one-main-heading"]);
}

#[test]
fn a_main_heading_of_a_template_is_told_though_a_text_has_one_of_the_same_words() {
    let built = site()
        .file(
            "templates/index.html",
            "<h1>{{ section.title }}</h1>{{ section.content | safe }}<h1>Contact</h1>",
        )
        .page("a.md", "First", "# Contact\n\nCall us.")
        .build();
    assert_eq!(
        built.places(),
        [
            "content/a.md:4:1 one-main-heading",
            "templates/index.html:1:1 one-main-heading"
        ]
    );
}

#[test]
fn what_does_not_follow_from_a_main_heading_of_a_text_is_told_in_a_list_too() {
    let all = "<h1>All</h1>{% for page in section.pages %}<a href=\"{{ page.permalink }}\">{{ page.title }}</a>\
               {{ page.content | safe }}<h3>Next</h3><h5>After</h5>{% endfor %}";
    let built = site()
        .file("templates/index.html", all)
        .page("a.md", "First", "# Before\n\nCall us.")
        .build();
    assert_eq!(
        built.places(),
        [
            "content/a.md:4:1 one-main-heading",
            "templates/index.html:1:1 heading-order"
        ]
    );
    assert!(built.findings().contains("“After”"), "{}", built.findings());
}

#[test]
fn the_title_of_a_page_that_is_not_looked_at_is_told_where_a_link_says_it() {
    let settings = "[extra.check]\nskip_pages = [\"a.md\"]\n";
    let built = site()
        .file("zola.toml", &format!("{CONFIG}{settings}"))
        .file(
            "templates/index.html",
            "<h1>Help</h1><a href=\"/a/\">Here</a>",
        )
        .page("a.md", "Here", "Call us.")
        .build();
    assert_eq!(built.places(), ["templates/index.html:1:22 link-text"]);
}

#[test]
fn an_address_of_no_form_can_stop_a_build_too() {
    let text = "[Our site](http://) [Mail us](mailto:help) [Ours](www.example.org)";
    let built = answer(text, "");
    assert_eq!(
        built.places(),
        [
            "content/a.md:4:12 link-form",
            "content/a.md:4:31 link-form",
            "content/a.md:4:51 broken-link",
        ]
    );
    let findings = built.findings();
    assert!(
        findings.contains("write `https://www.example.org`"),
        "{findings}"
    );
    let strict = "[extra.check.levels]\nlink-form = \"error\"\n";
    let stopped = site()
        .file("zola.toml", &format!("{CONFIG}{strict}"))
        .page("a.md", "First", text)
        .with(|options| options.mode = Mode::Build)
        .build();
    assert_eq!(stopped.places().len(), 3);
    assert!(stopped.report.written.is_none());
}

#[test]
fn review_dates_are_held_against_the_day_that_is_given() {
    let page = "+++\ntitle = \"First\"\n[extra]\nlast_reviewed = 2026-01-02\nreview_by = 2026-11-24\n+++\n";
    let on = |today| {
        let site = site().file("content/a.md", page);
        site.with(|options| options.today = today).build().places()
    };
    assert_eq!(on(Some(DAY)), ["content/a.md:5:1 review-due"]);
    assert_eq!(on(Some(date(2026, 11, 24))), [""; 0]);
    assert_eq!(
        on(Some(date(2026, 1, 1))),
        ["content/a.md:4:1 review-dates"]
    );
    assert_eq!(on(None), [""; 0]);
}

#[test]
fn long_sentences_and_hard_pages_are_found_at_the_sentence() {
    let long = "one two three four five six seven";
    let settings = "[extra.check.limits]\nsentence_words = 6\n";
    let built = answer(&format!("A short one. Now {long}.\n"), settings);
    assert_eq!(built.places(), ["content/a.md:4:14 long-sentence"]);

    let easy = "Call us.\n\n";
    let hard = "Administrative identification necessitates authentication.\n\n";
    let built = answer(&format!("{easy}{}", hard.repeat(9)), "");
    assert_eq!(built.places(), ["content/a.md:6:1 reading-grade"]);
}

#[test]
fn the_editors_own_words_are_held_against_text_title_and_description() {
    let built = site()
        .file(
            "content/a.md",
            "+++\ntitle = \"Utilize it\"\ndescription = \"How to submit.\"\n+++\n\
             # {{ 1 }} {#x}\nPlease submit, not `submit`.\n",
        )
        .file("templates/page.html", "{{ page.content | safe }}")
        .file(
            "words.toml",
            "[en]\n\"utilize\" = \"use\"\n\"submit\" = \"send\"\n",
        )
        .build();
    assert_eq!(
        built.places(),
        [
            "content/a.md:2:10 plain-words",
            "content/a.md:3:23 plain-words",
            "content/a.md:6:8 plain-words",
        ]
    );
    let findings = built.findings();
    assert!(findings.contains("Write “use”."), "{findings}");
}

#[test]
fn a_word_list_that_is_missing_or_faulty_is_found() {
    let built = answer("", "[extra.check]\nwords = \"data/words.toml\"\n");
    assert_eq!(built.places(), ["data/words.toml:1:1 unreadable"]);
    let built = site().file("words.toml", "utilize = \"use\"\n").build();
    assert_eq!(built.places(), ["words.toml:1:1 words-file"]);
}

#[test]
fn phone_numbers_and_emails_are_those_of_the_settings() {
    let settings = "[extra.support]\nphone = \"207-555-0100\"\nemail = \"help@example.org\"\n";
    let text = "Call 207-555-0100 or (207) 555-0100, {{ config.extra.support.phone }}.\n\n\
                [Call](tel:+12075550100) or [write](mailto:desk@example.org) or desk@example.org\n";
    let built = answer(text, settings);
    assert_eq!(
        built.places(),
        [
            "content/a.md:4:22 contact",
            "content/a.md:6:29 contact",
            "content/a.md:6:65 contact"
        ]
    );
    let findings = built.findings();
    let fix =
        "Write `207-555-0100`, so that people know it again, or `{{ config.extra.support.phone }}`";
    assert!(findings.contains(fix), "{findings}");

    let template = "<h1>T</h1>{{ page.content | safe }}<a href=\"tel:+12075550199\">Call</a>";
    let built = site()
        .file("zola.toml", &format!("{CONFIG}{settings}"))
        .file("templates/page.html", template)
        .build();
    assert_eq!(built.places(), ["templates/page.html:1:44 contact"]);
}

#[test]
fn scripts_stay_out_of_texts() {
    let text = "<script>go()</script>\n\nA <b onclick=\"go()\">word</b>.\n";
    assert_eq!(
        places(text),
        ["content/a.md:4:1 script", "content/a.md:6:3 script"]
    );
}

#[test]
fn odd_characters_blur_a_place_and_stop_nothing() {
    let settings = "[extra.support]\nphone = \"207-555-0100\"\nemail = \"help@example.org\"\n\
                    [extra.check.limits]\nsentence_words = 1\ngrade = 0\n";
    let odd = "# \u{0}é &amp;&nvlt; `ü` “so” \u{1f600}\n\né\u{0}\u{0} ways `ß` 207-555-0101”\u{a0}é@é.é \
               a@example.org… [\u{1f600}](mailto:é) ![é.png](http://é) \\* &notanentity; — “ends”\n\n\
               <a href=\"javascript:é\">\u{1f600}</a> one two &ngE; three&ngE;\n";
    for text in [odd.to_owned(), format!("{{{{ 1 }}}}é{odd}"), odd.repeat(9)] {
        assert!(!answer(&text, settings).places().is_empty());
    }
}

#[test]
fn a_word_list_outside_the_site_is_not_read() {
    let site = site().file(
        "zola.toml",
        &format!("{CONFIG}[extra.check]\nwords = \"../secret.toml\"\n"),
    );
    put(&site.beside("secret.toml"), b"secret = [");
    let findings = site.build().findings();
    assert!(findings.contains("outside the site's folder"), "{findings}");
    assert!(!findings.contains("secret = ["), "{findings}");
}

#[test]
fn markdown_that_did_not_take_is_found_in_text_title_and_description() {
    let built = site()
        .file(
            "content/a.md",
            "+++\ntitle = \"**First**\"\ndescription = \"Salt &amp; pepper\"\n+++\n\
             ##Before you call\n\n{{ 1 + 1 }} of [these] (@/_index.md).\n\n```\n##no\n```\n",
        )
        .build();
    assert_eq!(
        built.places(),
        [
            "content/a.md:2:10 raw-markup",
            "content/a.md:3:21 raw-markup",
            "content/a.md:5:1 raw-markup",
            "content/a.md:7:16 raw-markup",
        ]
    );
    let findings = built.findings();
    assert!(
        findings.contains("Write `[these](@/_index.md)`."),
        "{findings}"
    );
    let off = "[extra.check.levels]\nraw-markup = \"off\"\n";
    assert_eq!(answer("##Before you call", off).places(), [""; 0]);
}

#[test]
fn headings_without_words_and_with_words_of_others_are_found() {
    let text =
        "## Hours\n\n##\n\n## {#mark}\n\n### Other\n\n## Hours\n\n## First\n\n## ![](/p.png)\n";
    let settings = "[extra.check.levels]\nimage-text = \"off\"\nbroken-link = \"off\"\n";
    let built = answer(text, settings);
    assert_eq!(
        built.places(),
        [
            "content/a.md:6:1 heading-empty",
            "content/a.md:8:1 heading-empty",
            "content/a.md:12:1 heading-twice",
            "content/a.md:14:1 heading-twice",
        ]
    );
    let findings = built.findings();
    assert!(findings.contains("Then look at line 4."), "{findings}");
}
