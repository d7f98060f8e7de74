//! Taxonomies, feeds, pagers and the sitemap of each language.

use super::with;
use crate::support::{Built, Site};

const SETTINGS: &str = "generate_feeds = true\n\
    taxonomies = [{ name = \"tags\", feed = true }, { name = \"authors\" }]\n\
    [languages.es]\n\
    title = \"Ayuda\"\n\
    generate_feeds = true\n\
    feed_filenames = [\"rss.xml\"]\n\
    taxonomies = [{ name = \"tags\", paginate_by = 1 }, { name = \"autores\" }]\n";

fn page(date: &str, terms: &str) -> String {
    format!("+++\ntitle = \"x\"\ndate = {date}\n[taxonomies]\n{terms}+++\n")
}

fn site() -> Site {
    let single = "{{ lang }} {{ taxonomy.name }} {{ term.name }} {{ current_path }}:\
                  {% for p in paginator.pages or term.pages %} {{ p.relative_path }}{% endfor %}";
    with(SETTINGS)
        .file(
            "templates/taxonomy_list.html",
            "{{ lang }} {{ terms | length }} {{ current_path }}",
        )
        .file(
            "templates/taxonomy_single.html",
            &single.replace("paginator.pages or ", ""),
        )
        .file(
            "templates/page.html",
            "{% set tags = get_taxonomy(kind='tags') %}{{ tags.permalink }} \
             {{ get_taxonomy_url(kind='tags', term='uno', lang='es') }}",
        )
        .file(
            "content/a.md",
            &page("2026-01-01", "tags = [\"one\", \"both\"]\n"),
        )
        .file(
            "content/a.es.md",
            &page(
                "2026-01-02",
                "tags = [\"uno\", \"both\"]\nautores = [\"Ñandú\"]\n",
            ),
        )
        .file("content/b.es.md", &page("2026-01-03", "tags = [\"uno\"]\n"))
}

fn built() -> Built {
    site().build().clean()
}

#[test]
fn each_language_has_its_own_taxonomies_and_terms() {
    let built = built();
    assert_eq!(built.text("tags/index.html"), "en 2 /tags/");
    assert_eq!(built.text("es/tags/index.html"), "es 2 /es/tags/");
    assert_eq!(
        built.text("tags/both/index.html"),
        "en tags both /tags/both/: a.md"
    );
    assert_eq!(
        built.text("es/tags/both/index.html"),
        "es tags both /es/tags/both/: a.es.md"
    );
    assert!(built.has("es/autores/nandu/index.html") && !built.has("es/authors/index.html"));
    assert_eq!(
        built.text("es/a/index.html"),
        "https://help.example.org/es/tags/ https://help.example.org/es/tags/uno/"
    );
    assert_eq!(
        built.text("a/index.html"),
        "https://help.example.org/tags/ https://help.example.org/es/tags/uno/"
    );
}

#[test]
fn a_taxonomy_of_another_language_is_none() {
    let built = site()
        .file(
            "content/c.es.md",
            &page("2026-01-01", "authors = [\"x\"]\n"),
        )
        .build();
    assert_eq!(built.places(), ["content/c.es.md:5:1 unknown-taxonomy"]);
}

#[test]
fn pagers_are_below_their_language() {
    let built = site()
        .file(
            "content/faq/_index.es.md",
            "+++\ntitle = \"x\"\npaginate_by = 1\n+++\n",
        )
        .file(
            "templates/section.html",
            "{{ current_path }} {{ paginator.base_url | safe }}",
        )
        .page("faq/a.es.md", "A", "")
        .page("faq/b.es.md", "B", "")
        .build()
        .clean();
    assert!(
        built
            .text("es/tags/uno/page/2/index.html")
            .starts_with("es tags uno")
    );
    assert_eq!(
        built.text("es/faq/page/2/index.html"),
        "/es/faq/page/2/ https://help.example.org/es/faq/page/"
    );
    assert!(built.text("es/faq/page/1/index.html").contains("/es/faq/"));
    assert!(
        built
            .text("sitemap.xml")
            .contains("https://help.example.org/es/faq/page/2/")
    );
}

#[test]
fn each_language_has_feeds_of_its_own_pages() {
    let built = built();
    let english = built.text("atom.xml");
    assert!(
        english.contains("xml:lang=\"en\"") && !english.contains("/es/"),
        "{english}"
    );
    let spanish = built.text("es/rss.xml");
    for part in [
        "<language>es</language>",
        "<title>Ayuda</title>",
        "<link>https://help.example.org/es/</link>",
        "href=\"https://help.example.org/es/rss.xml\"",
        "https://help.example.org/es/b/",
    ] {
        assert!(spanish.contains(part), "{part}: {spanish}");
    }
    assert!(!spanish.contains("help.example.org/a/"));
    assert!(built.has("tags/one/atom.xml"));
    assert!(!built.has("es/tags/uno/atom.xml") && !built.has("es/atom.xml"));
}

#[test]
fn the_sitemap_has_all_languages() {
    let sitemap = built().text("sitemap.xml");
    for path in ["/", "/a/", "/es/", "/es/a/", "/es/tags/uno/"] {
        let entry = format!("<loc>https://help.example.org{path}</loc>");
        assert!(sitemap.contains(&entry), "{path}: {sitemap}");
    }
}

#[test]
fn a_redirect_speaks_the_language_of_its_page() {
    let alias = "+++\ntitle = \"x\"\naliases = [\"/es/antes\"]\n+++\n";
    let built = site()
        .file(
            "templates/internal/alias.html",
            "{{ lang }} {{ config.title }} {{ url | safe }}",
        )
        .file("content/c.es.md", alias)
        .build()
        .clean();
    assert_eq!(
        built.text("es/antes/index.html"),
        "es Ayuda https://help.example.org/es/c/"
    );
}
