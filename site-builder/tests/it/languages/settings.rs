//! What the settings say of languages, and what templates see of it.

use super::{site, with};
use crate::support::{CONFIG, Site};

fn places(settings: &str) -> Vec<String> {
    Site::new()
        .file("zola.toml", &format!("{CONFIG}{settings}"))
        .page("_index.es.md", "Inicio", "")
        .build()
        .places()
}

#[test]
fn templates_see_their_own_language_and_the_others() {
    let shown = "{{ config.title }} {{ config.description or '-' }}:\
                 {% for code, l in config.languages %} {{ code }} {{ l.title }} \
                 {{ l.generate_feeds }} {{ l.translations.hi }}{% endfor %}";
    let settings = "title = \"Help\"\ndescription = \"D\"\n\
                    translations = { hi = \"Hello\" }\n\
                    [languages.es]\ntitle = \"Ayuda\"\ntranslations = { hi = \"Hola\" }\n";
    let built = with(settings)
        .file("templates/index.html", shown)
        .build()
        .clean();
    assert_eq!(built.text("index.html"), "Help D: es Ayuda false Hola");
    assert_eq!(built.text("es/index.html"), "Ayuda -: en Help false Hello");
}

#[test]
fn the_default_language_may_have_a_table_of_its_own() {
    let settings = "translations = { hi = \"Hello\" }\n\
                    [languages.en]\ntitle = \"Help\"\ntaxonomies = [{ name = \"tags\" }]\n";
    let built = with(settings)
        .without("content/_index.es.md")
        .file(
            "templates/index.html",
            "{{ config.title }} {{ trans(key='hi') }}",
        )
        .build()
        .clean();
    assert_eq!(built.text("index.html"), "Help Hello");
}

#[test]
fn what_is_set_twice_for_the_default_language_is_found() {
    let settings = "title = \"A\"\ngenerate_feeds = true\n\
                    [languages.en]\ntitle = \"B\"\ngenerate_feeds = true\n\
                    [languages.es]\ntitle = \"C\"\n";
    let found = places(settings);
    assert_eq!(
        found.first().map(String::as_str),
        Some("zola.toml:5:9 set-twice")
    );
    assert!(
        found
            .iter()
            .skip(1)
            .all(|place| place.ends_with("empty-feed")),
        "{found:?}"
    );
}

#[test]
fn a_slip_in_a_languages_table_is_found() {
    for (settings, place) in [
        (
            "[languages.es]\ntitel = \"x\"\n",
            "zola.toml:3:1 unknown-key",
        ),
        ("[languages]\nes = \"x\"\n", "zola.toml:3:6 wrong-type"),
        ("[languages.\"e s\"]\n", "zola.toml:2:12 bad-language"),
        (
            "default_language = \"english!\"\n",
            "zola.toml:2:20 bad-language",
        ),
    ] {
        let found = places(settings);
        assert_eq!(
            found.last().map(String::as_str),
            Some(place),
            "{settings}: {found:?}"
        );
    }
}

#[test]
fn speed_of_reading_is_that_of_the_language() {
    let words = "palabra ".repeat(201);
    let site = site()
        .file(
            "templates/page.html",
            "{{ page.word_count }} {{ page.reading_time }}",
        )
        .page("a.md", "A", &words)
        .page("a.es.md", "A", &words)
        .build()
        .clean();
    assert_eq!(site.text("a/index.html"), "201 1");
    assert_eq!(site.text("es/a/index.html"), "201 2");
}
