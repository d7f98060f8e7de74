//! A fault in one page's text is told there, and not again where other pages show that text.

use site_builder::Mode;

use crate::support::{CONFIG, Site};

/// A page with this text, and a home page whose template shows the text of all pages.
fn places(text: &str) -> Vec<String> {
    let all = "<h1>All</h1>{% for page in section.pages %}<a href=\"{{ page.permalink }}\">{{ page.title }}</a>\
               <div>{{ page.content | safe }}</div>{% endfor %}";
    Site::new()
        .file(
            "zola.toml",
            &format!("{CONFIG}[extra.check.browsers]\nfile = \"browsers.toml\"\n"),
        )
        .file(
            "browsers.toml",
            "[[browsers]]\nname = \"Firefox\"\noldest = \"17\"\n",
        )
        .file("templates/index.html", all)
        .file(
            "templates/page.html",
            "<h1>{{ page.title }}</h1>{{ page.content | safe }}",
        )
        .page("a.md", "A", &format!("Some text.\n\n{text}\n"))
        .with(|options| options.mode = Mode::Check)
        .build()
        .places()
}

#[test]
fn what_is_wrong_with_a_text_is_told_at_the_text_alone() {
    for (text, place) in [
        ("<b>bold", "1 html-syntax"),
        ("</div>", "1 html-syntax"),
        ("<div>", "1 html-syntax"),
        ("<nope>x</nope>", "1 html-element"),
        ("<label for=\"no\">x</label>", "1 html-reference"),
        ("<dialog>x</dialog>", "1 browser-html"),
        ("<p style=\"display:grid\">x</p>", "10 browser-css"),
        ("<img alt=\"A cat\" src=\"/no.png\">", "22 broken-link"),
        ("<a href=\"/\">here</a>", "9 link-text"),
        ("##### Five", "1 heading-order"),
        ("<i id=\"b\">one</i> <i id=\"b\">two</i>", "22 repeated-id"),
    ] {
        let found = places(text);
        assert_eq!(found, [format!("content/a.md:6:{place}")], "{text}");
    }
}

#[test]
fn a_heading_is_told_at_its_text_though_a_list_of_texts_gives_it_an_id_of_its_own() {
    let shown = "{{ page.content | replace(from=' id=\"', to=' id=\"' ~ page.slug ~ '-') \
                 | replace(from='<h1', to='<h1 class=\"x\"') | safe }}";
    let all = format!(
        "<h1>All</h1>{{% for page in section.pages %}}<h2><a href=\"{{{{ page.permalink }}}}\">\
         {{{{ page.title }}}}</a></h2>{shown}{{% endfor %}}<h4 id=\"x\">Five</h4>"
    );
    let built = Site::new()
        .file("templates/index.html", &all)
        .file("templates/page.html", "<h1>A</h1>{{ page.content | safe }}")
        .page("a.md", "A", "##### Five\n\n## Two\n\n# One\n\n## Last\n")
        .with(|options| options.mode = Mode::Check)
        .build();
    assert_eq!(
        built.places(),
        [
            "content/a.md:4:1 heading-order",
            "content/a.md:8:1 one-main-heading",
            "templates/index.html:1:1 heading-order",
        ]
    );
}

#[test]
fn what_a_comment_without_an_end_hides_is_not_told() {
    let all = "<h1>All</h1>{% for page in section.pages %}<a href=\"{{ page.permalink }}\">{{ page.title }}</a>\
               {{ page.content | safe }}{% endfor %}<a href=\"#foot\">Foot</a><p id=\"foot\">Foot</p>";
    let text = "Text.\n\n```\n<!-- code\n```\n\n<!-- A note\n\n## Part\n";
    for (level, is_error) in [("error", true), ("warn", false)] {
        let settings = format!("{CONFIG}[extra.check.levels]\ncomment-open = \"{level}\"\n");
        let site = Site::new()
            .file("zola.toml", &settings)
            .file("templates/index.html", all)
            .file("templates/page.html", "<h1>A</h1>{{ page.content | safe }}")
            .file("published.txt", "/\n/a/\n")
            .page("a.md", "A", text);
        let built = site.build();
        assert_eq!(built.places(), ["content/a.md:10:1 comment-open"]);
        assert_eq!(built.report.findings.has_errors(), is_error);
        let built = site.with(|options| options.mode = Mode::Check).build();
        assert_eq!(built.places(), ["content/a.md:10:1 comment-open"]);
    }
    // Published headings and links to them are hidden, too.
    let built = Site::new()
        .file(
            "zola.toml",
            &format!("{CONFIG}[extra.check.levels]\ncomment-open = \"error\"\n"),
        )
        .file(
            "templates/index.html",
            "<h1>All</h1>{{ section.content | safe }}",
        )
        .file("templates/page.html", "<h1>A</h1>{{ page.content | safe }}")
        .file("published.txt", "/a/#part\n")
        .page("_index.md", "Home", "[That part](@/a.md#part)")
        .page("a.md", "A", text)
        .with(|options| options.mode = Mode::Check)
        .build();
    assert_eq!(built.places(), ["content/a.md:10:1 comment-open"]);
}

#[test]
fn what_looks_like_the_start_of_a_comment_in_an_attribute_or_a_script_is_none() {
    for text in [
        "<p title=\"<!-- a\">One</p>",
        "<script>const a = \"<!-- a\";</script>",
    ] {
        let site = Site::new().page("a.md", "A", text);
        let html = site.build_and_read("a/index.html");
        assert!(!html.contains("-->"), "{html}");
    }
}

#[test]
fn an_address_with_quotes_or_backslashes_is_told_at_its_place_alone() {
    for text in [
        "See [b](“@/b.md”).",
        "See [b](@\\b.md).",
        "See [b](\"/b/\").",
    ] {
        let built = Site::new()
            .file(
                "templates/index.html",
                "<h1>All</h1>{% for page in section.pages %}<a href=\"{{ page.permalink }}\">{{ page.title }}</a>\
                 {{ page.content | replace(from='href=\"#', to='href=\"#a-') | safe }}{% endfor %}",
            )
            .file("templates/page.html", "<h1>A</h1>{{ page.content | safe }}")
            .page("a.md", "A", text)
            .page("b.md", "B", "Text.")
            .with(|options| options.mode = Mode::Check)
            .build();
        assert_eq!(built.places(), ["content/a.md:4:9 broken-link"], "{text}");
        let said = built.findings();
        assert!(said.contains("b.md`.") || said.contains("`/b/`."), "{said}");
    }
}

#[test]
fn a_word_to_avoid_is_no_slip_in_spelling_as_well() {
    let site = Site::new()
        .file(
            "templates/index.html",
            "<h1>A</h1>{{ section.content | safe }}",
        )
        .file("words.toml", "[en]\n\"passcode\" = \"code\"\n")
        .page("_index.md", "Home", "Type the passcode.")
        .with(|options| options.mode = Mode::Check);
    assert_eq!(
        site.build().places(),
        ["content/_index.md:4:10 plain-words"]
    );
    let off = format!("{CONFIG}[extra.check.levels]\nplain-words = \"off\"\n");
    let built = site.file("zola.toml", &off).build();
    assert_eq!(built.places(), ["content/_index.md:4:10 spelling"]);
}

#[test]
fn template_syntax_that_cannot_be_rendered_is_no_text_of_the_page() {
    for (text, place) in [
        ("{{ xqfunction() }}", 4),
        ("{{<xqcomponent a=\"xqword\" />}}", 3),
        ("{{ xqopen", 4),
        ("{% xqtag %}", 4),
    ] {
        let found = places(text);
        assert_eq!(
            found,
            [format!("content/a.md:6:{place} template")],
            "{text}"
        );
    }
    // The rest of it is.
    let found = places("{{ xqfunction() }} [here](@/no.md)");
    let codes: Vec<_> = found
        .iter()
        .map(|place| place.rsplit(' ').next().unwrap())
        .collect();
    assert_eq!(codes, ["template", "link-text", "broken-link"]);
}

#[test]
fn what_a_template_itself_adds_is_told_there() {
    let built = Site::new()
        .file("templates/index.html", "<h1>All</h1><label for=\"no\">a</label><a href=\"/a/\">A</a>{% for page in section.pages %}{{ page.content | safe }}{% endfor %}")
        .file("templates/page.html", "<h1>A</h1>{{ page.content | safe }}")
        .page("a.md", "A", "Text. <label for=\"nope\">b</label>\n")
        .with(|options| options.mode = Mode::Check)
        .build();
    let found = built.places();
    assert!(
        found.contains(&"templates/index.html:1:13 html-reference".to_owned()),
        "{found:?}"
    );
}

#[test]
fn what_stands_in_two_texts_is_told_at_each() {
    let all = "<h1>All</h1>{% for page in section.pages %}<a href=\"{{ page.permalink }}\">{{ page.title }}</a>\
               {{ page.content | safe }}{% endfor %}";
    let text = "<a href=\"/gone/\">The form</a>\n";
    let built = Site::new()
        .file("templates/index.html", all)
        .file(
            "templates/page.html",
            "<h1>{{ page.title }}</h1>{{ page.content | safe }}",
        )
        .page("a.md", "A", text)
        .page("b.md", "B", text)
        .with(|options| options.mode = Mode::Check)
        .build();
    let places = built.places();
    for file in ["a", "b"] {
        let place = format!("content/{file}.md:4:9 broken-link");
        assert!(places.contains(&place), "{places:?}");
    }
}

#[test]
fn no_error_is_hidden_behind_a_warning() {
    let levels = "[extra.check.levels]\nhtml-syntax = \"error\"\n";
    let built = Site::new()
        .file("zola.toml", &format!("{CONFIG}{levels}"))
        .file(
            "templates/page.html",
            "<h1 class=\"a\"id=\"t\">{{ page.title }}</h1>{{ page.content | safe }}",
        )
        .page("a.md", "A", "<p><div>Hello</div></p>\n")
        .with(|options| options.mode = Mode::Check)
        .build();
    let errors: Vec<_> = built
        .places()
        .into_iter()
        .filter(|place| place.starts_with("templates/page.html"))
        .collect();
    assert_eq!(errors.len(), 1, "{:?}", built.places());
}
