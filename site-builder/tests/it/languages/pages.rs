//! Where pages and sections in each language go, and how they hang together.

use super::{site, with};
use crate::support::CONFIG;

const SHOWN: &str = "{{ page.lang }} {{ lang }} {{ config.title }} {{ page.path }} {{ page.slug }} \
                     {{ current_path }} | {{ page.ancestors | join(sep=' ') }}";

#[test]
fn a_translation_is_a_page_under_its_language() {
    let built = site()
        .file("templates/page.html", SHOWN)
        .page("faq/_index.md", "Questions", "")
        .page("faq/_index.es.md", "Preguntas", "")
        .page("faq/codes.md", "Codes", "")
        .page("faq/codes.es.md", "Códigos", "")
        .build()
        .clean();
    assert_eq!(
        built.text("faq/codes/index.html"),
        "en en Help /faq/codes/ codes /faq/codes/ | _index.md faq/_index.md"
    );
    assert_eq!(
        built.text("es/faq/codes/index.html"),
        "es es Ayuda /es/faq/codes/ codes /es/faq/codes/ | _index.es.md faq/_index.es.md"
    );
    assert!(built.has("es/index.html") && built.has("es/faq/index.html"));
}

#[test]
fn each_language_has_a_page_for_what_is_not_there() {
    let site = site().file("templates/404.html", "{{ lang }} {{ config.title }}");
    let built = site.build().clean();
    assert_eq!(built.text("404.html"), "en Help");
    assert_eq!(built.text("es/404.html"), "es Ayuda");
}

#[test]
fn a_section_lists_what_is_in_its_language() {
    let list = "{{ lang }}:{% for p in section.pages %} {{ p.relative_path }}{% endfor %} \
                {{ section.subsections | join(sep=' ') }}";
    let built = site()
        .file("templates/index.html", list)
        .file("templates/section.html", list)
        .page("a.md", "A", "")
        .page("a.es.md", "A", "")
        .page("b.es.md", "B", "")
        .page("faq/_index.md", "Questions", "")
        .page("faq/_index.es.md", "Preguntas", "")
        .file(
            "content/faq/x/_index.es.md",
            "+++\ntitle = \"X\"\ntransparent = true\n+++\n",
        )
        .page("faq/x/y.es.md", "Y", "")
        .build()
        .clean();
    assert_eq!(built.text("index.html"), "en: a.md faq/_index.md");
    assert_eq!(
        built.text("es/index.html"),
        "es: a.es.md b.es.md faq/_index.es.md"
    );
    assert_eq!(built.text("faq/index.html"), "en: ");
    // What a transparent section holds is on the list above it, in its language only.
    assert_eq!(
        built.text("es/faq/index.html"),
        "es: faq/x/y.es.md faq/x/_index.es.md"
    );
}

#[test]
fn slug_path_and_date_are_a_translations_own() {
    let page = |keys: &str| format!("+++\ntitle = \"x\"\n{keys}+++\n");
    let built = site()
        .file("templates/page.html", "{{ page.slug }} {{ page.date }}")
        .file("content/a.es.md", &page("slug = \"Código\"\n"))
        .file("content/b.es.md", &page("path = \"codigo/b\"\n"))
        .file("content/2026-01-02-c.es.md", &page(""))
        .build()
        .clean();
    assert_eq!(built.text("es/codigo/index.html"), "codigo ");
    assert_eq!(built.text("codigo/b/index.html"), "b ");
    assert_eq!(built.text("es/c/index.html"), "c 2026-01-02");
}

#[test]
fn a_page_knows_itself_in_every_language_by_path() {
    let all = "{% for t in page.translations %}{{ t.lang }} {{ t.title }} {{ t.permalink }} \
               {{ t.path }};{% endfor %}";
    let french = "[languages.es]\n[languages.fr]\n";
    let built = with(french)
        .page("_index.fr.md", "Accueil", "")
        .file("templates/page.html", all)
        .file("templates/index.html", &all.replace("page.", "section."))
        .page("a.md", "A", "")
        .page("a.es.md", "Á", "")
        .file(
            "content/a.fr.md",
            "+++\ntitle = \"À\"\nrender = false\n+++\n",
        )
        .page("b.md", "B", "")
        .build()
        .clean();
    let expected = "es Á https://help.example.org/es/a/ a.es.md;\
                    en A https://help.example.org/a/ a.md;";
    assert_eq!(built.text("a/index.html"), expected);
    assert_eq!(built.text("es/a/index.html"), expected);
    assert_eq!(
        built.text("b/index.html"),
        "en B https://help.example.org/b/ b.md;"
    );
    let homes = built.text("fr/index.html");
    let languages: Vec<_> = homes.split(';').filter_map(|t| t.get(..2)).collect();
    assert_eq!(languages, ["es", "fr", "en"]);
}

#[test]
fn a_site_in_one_language_has_no_translations() {
    let alone = crate::support::Site::new()
        .file("zola.toml", CONFIG)
        .file("templates/page.html", "{{ page.translations | length }}")
        .page("a.md", "A", "");
    assert_eq!(alone.build_and_read("a/index.html"), "0");
}

#[test]
fn files_beside_a_page_or_section_are_there_in_every_language() {
    let built = site()
        .file(
            "templates/page.html",
            "{{ page.colocated_path }} {{ page.assets | join(sep=' ') }}",
        )
        .page("faq/_index.md", "Questions", "")
        .page("faq/_index.es.md", "Preguntas", "")
        .page("faq/card/index.md", "Card", "")
        .page("faq/card/index.es.md", "Tarjeta", "")
        .file("content/faq/card/card.txt", "card")
        .file("content/faq/list.txt", "list")
        .build()
        .clean();
    for root in ["", "es/"] {
        assert_eq!(built.text(&format!("{root}faq/card/card.txt")), "card");
        assert_eq!(built.text(&format!("{root}faq/list.txt")), "list");
        assert_eq!(
            built.text(&format!("{root}faq/card/index.html")),
            "faq/card/ /faq/card/card.txt"
        );
    }
}

#[test]
fn a_draft_hides_what_is_below_it_in_its_language() {
    let draft = "+++\ntitle = \"Preguntas\"\ndraft = true\n+++\n";
    let built = site()
        .page("faq/_index.md", "Questions", "")
        .file("content/faq/_index.es.md", draft)
        .page("faq/a.md", "A", "")
        .page("faq/a.es.md", "A", "")
        .build()
        .clean();
    assert!(built.has("faq/a/index.html"));
    assert!(!built.has("es/faq/index.html") && !built.has("es/faq/a/index.html"));
}

#[test]
fn links_lead_to_the_file_that_they_name() {
    let built = site()
        .page("a.md", "A", "")
        .page("a.es.md", "A", "# T\n[en](@/a.md) [es](@/a.es.md#t)")
        .build()
        .clean();
    let html = built.text("es/a/index.html");
    for address in ["/a/", "/es/a/#t"] {
        let link = format!("href=\"https://help.example.org{address}\"");
        assert!(html.contains(&link), "{html}");
    }
}
