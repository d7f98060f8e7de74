//! What templates ask for goes by the language of the page that they render, unless they say another.

use super::{site, with};
use crate::support::Site;

/// What an expression is on the English and on the Spanish page.
fn on_both(expression: &str) -> [String; 2] {
    let built = faq(site())
        .file("templates/page.html", &format!("{{{{ {expression} }}}}"))
        .build();
    ["faq/a/index.html", "es/faq/a/index.html"].map(|path| {
        let shown = built.has(path).then(|| built.text(path));
        shown.unwrap_or_else(|| built.findings())
    })
}

fn faq(site: Site) -> Site {
    site.page("faq/_index.md", "Questions", "")
        .page("faq/_index.es.md", "Preguntas", "")
        .page("faq/a.md", "A", "")
        .page("faq/a.es.md", "Á", "")
}

#[test]
fn an_address_is_that_of_the_translation() {
    let base = "https://help.example.org";
    for (call, english, spanish) in [
        ("path='@/faq/a.md'", "/faq/a/", "/es/faq/a/"),
        ("path='@/faq/a.md#v1.2'", "/faq/a/#v1.2", "/es/faq/a/#v1.2"),
        ("path='@/faq/a.md', lang='es'", "/es/faq/a/", "/es/faq/a/"),
        ("path='@/faq/a.md', lang='en'", "/faq/a/", "/faq/a/"),
        ("path='@/faq/a.es.md'", "/es/faq/a/", "/es/faq/a/"),
        ("path='css/a.css'", "/css/a.css", "/css/a.css"),
        ("path='/'", "/", "/"),
        ("path='/', lang='es'", "/es/", "/es/"),
        ("path='/', lang='en'", "/", "/"),
        ("path='tags/x', lang=lang", "/tags/x", "/es/tags/x"),
        ("path='es/tags', lang='es'", "/es/tags", "/es/tags"),
        ("path='essay', lang='es'", "/es/essay", "/es/essay"),
    ] {
        assert_eq!(
            on_both(&format!("get_url({call}) | safe")),
            [format!("{base}{english}"), format!("{base}{spanish}")],
            "{call}"
        );
    }
}

#[test]
fn a_page_and_a_section_are_their_translations() {
    let of = |call: &str| {
        on_both(&format!(
            "'' }}}}{{% set found = {call} %}}{{{{ found.title"
        ))
    };
    assert_eq!(of("get_page(path='faq/a.md')"), ["A", "Á"]);
    assert_eq!(of("get_page(path='faq/a.es.md')"), ["A", "Á"]);
    assert_eq!(of("get_page(path='faq/a.md', lang='es')"), ["Á", "Á"]);
    assert_eq!(
        of("get_section(path='faq/_index.md')"),
        ["Questions", "Preguntas"]
    );
    assert_eq!(
        of("get_section(path='faq/_index.md', metadata_only=true, lang='en')"),
        ["Questions", "Questions"]
    );
}

#[test]
fn what_is_not_translated_is_said_to_be() {
    let site = faq(site()).page("only.md", "Only", "").file(
        "templates/page.html",
        "{% if lang == 'es' %}{{ get_url(path='@/only.md') }}{% endif %}",
    );
    let findings = site.build().findings();
    assert!(
        findings.contains("The page `@/only.md` has no translation into `es`."),
        "{findings}"
    );
    let draft = "+++\ntitle = \"Solo\"\ndraft = true\n+++\n";
    let site = site.file("content/only.es.md", draft);
    let findings = site.build().findings();
    assert!(
        findings.contains("The page `@/only.es.md` is a draft"),
        "{findings}"
    );
    let missing = site.file(
        "templates/page.html",
        "{{ get_page(path='only.md', lang='es', allow_missing=true) is none }}\
         {{ get_section(path='faq/_index.md', lang='fr', allow_missing=true) is none }}",
    );
    assert_eq!(missing.build_and_read("faq/a/index.html"), "truetrue");
}

#[test]
fn a_link_in_front_matter_to_what_is_not_translated_is_found_there() {
    let related = "+++\ntitle = \"B\"\n[extra]\nrelated = [\"@/only.md\"]\n+++\n";
    let built = faq(site())
        .page("only.md", "Only", "")
        .file("content/b.md", related)
        .file("content/b.es.md", related)
        .file(
            "templates/page.html",
            "{% for path in page.extra.related or [] %}{{ get_url(path=path) }}{% endfor %}",
        )
        .build();
    assert_eq!(built.places(), ["content/b.es.md:4:12 broken-link"]);
}

#[test]
fn words_and_direction_are_those_of_the_language() {
    let words = "[translations]\nhi = \"Hello\"\n[languages.es.translations]\nhi = \"Hola\"\n";
    let built = faq(with(words))
        .file(
            "templates/page.html",
            "{{ trans(key='hi') }} {{ trans(key='hi', lang='es') }} {{ text_direction() }}",
        )
        .build()
        .clean();
    assert_eq!(built.text("faq/a/index.html"), "Hello Hola ltr");
    assert_eq!(built.text("es/faq/a/index.html"), "Hola Hola ltr");
    let arabic = with("[languages.es]\n[languages.ar]\n")
        .page("_index.ar.md", "x", "")
        .file("templates/index.html", "{{ text_direction() }}")
        .build()
        .clean();
    assert_eq!(arabic.text("ar/index.html"), "rtl");
    assert_eq!(arabic.text("es/index.html"), "ltr");
}

#[test]
fn a_body_speaks_its_own_language() {
    let words = "title = \"Help\"\n[translations]\nhi = \"Hello\"\n\
                 [languages.es]\ntitle = \"Ayuda\"\ntranslations = { hi = \"Hola\" }\n\
                 [markdown]\ninsert_anchor_links = \"left\"\n";
    let body = "# {{ trans(key=\"hi\") }}\n{{ lang }} {{ page.lang }} {{ config.title }}";
    let built = with(words)
        .file("templates/anchor-link.html", "{{ lang }}:")
        .page("a.md", "A", body)
        .page("a.es.md", "A", body)
        .build()
        .clean();
    assert_eq!(
        built.text("a/index.html"),
        "<h1 id=\"hello\">en:Hello</h1>\n<p>en en Help</p>\n"
    );
    assert_eq!(
        built.text("es/a/index.html"),
        "<h1 id=\"hola\">es:Hola</h1>\n<p>es es Ayuda</p>\n"
    );
}

#[test]
fn a_word_or_language_that_is_not_there_is_an_error() {
    for (call, sentence) in [
        ("trans(key='hi')", "There is no translation for `hi`"),
        (
            "trans(key='hi', lang='es')",
            "There is no translation for `hi` into `es`",
        ),
        (
            "trans(key='hi', lang='fr')",
            "The site has no language `fr`",
        ),
        (
            "get_url(path='/', lang='fr')",
            "The site has no language `fr`",
        ),
        (
            "get_page(path='faq/a.md', lang='fr')",
            "The page `@/faq/a.md` has no translation into `fr`",
        ),
    ] {
        let findings = on_both(call).concat();
        assert!(findings.contains(sentence), "{call}: {findings}");
    }
}
