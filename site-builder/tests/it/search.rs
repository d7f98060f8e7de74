//! Search indexes: which pages are in one, what each format holds, and what the theme is told of it.

use serde_json::{Value, json};

use crate::support::{CONFIG, Site};

/// A site with an index, whose `[search]` goes on with these lines.
fn site(settings: &str) -> Site {
    let settings = format!("{CONFIG}build_search_index = true\n[search]\n{settings}");
    Site::new()
        .file("zola.toml", &settings)
        .page("faq/_index.md", "Questions", "Pick one.")
        .file(
            "content/faq/email.md",
            "+++\ntitle = \"Where is my email?\"\ndescription = \"Look in spam & junk.\"\n\
             date = 2026-01-31\n+++\nIt can land in *spam*.\n\n\n<b>1 < 2</b>\n",
        )
        .page("faq/code.md", "No code?", "Wait a minute.")
}

fn fuse(site: Site) -> Value {
    let text = site.build_and_read("search_index.en.json");
    serde_json::from_str(&text).expect("an index is JSON")
}

fn titles(index: &Value) -> Vec<&str> {
    let entries = index.as_array().expect("a list").iter();
    entries
        .filter_map(|entry| entry["title"].as_str())
        .collect()
}

const FUSE: &str = "index_format = \"fuse_json\"\n";

#[test]
fn a_plain_index_lists_pages_section_by_section() {
    let index = fuse(site(FUSE));
    let url = |path: &str| format!("https://help.example.org{path}");
    assert_eq!(
        index,
        json!([
            { "url": url("/"), "title": "Home", "body": "" },
            { "url": url("/faq/"), "title": "Questions", "body": "Pick one." },
            { "url": url("/faq/code/"), "title": "No code?", "body": "Wait a minute." },
            {
                "url": url("/faq/email/"),
                "title": "Where is my email?",
                "body": "It can land in spam.\n1 &lt; 2"
            },
        ])
    );
}

#[test]
fn settings_say_what_an_entry_holds() {
    let settings = format!(
        "{FUSE}include_title = false\ninclude_description = true\ninclude_path = true\n\
         include_date = true\ntruncate_content_length = 6\n"
    );
    let index = fuse(site(&settings));
    assert_eq!(
        index[3],
        json!({
            "url": "https://help.example.org/faq/email/",
            "description": "Look in spam & junk.",
            "body": "It can",
            "path": "/faq/email/"
        })
    );
    let index = fuse(site(&format!("{FUSE}include_content = false\n")));
    assert_eq!(index[1].get("body"), None);
}

#[test]
fn what_asks_to_stay_out_stays_out() {
    let out = "+++\ntitle = \"T\"\nin_search_index = false\n+++\n";
    let index = fuse(site(FUSE).file("content/faq/code.md", out));
    assert_eq!(titles(&index), ["Home", "Questions", "Where is my email?"]);
    // A section takes its pages with it, as in Zola.
    let index = fuse(site(FUSE).file("content/faq/_index.md", out));
    assert_eq!(titles(&index), ["Home"]);
}

#[test]
fn a_result_leads_to_a_page() {
    let unseen = "+++\ntitle = \"T\"\nrender = false\n+++\n";
    let moved = "+++\ntitle = \"T\"\nredirect_to = \"/\"\n+++\n";
    let site = site(FUSE)
        .file("content/faq/code.md", unseen)
        .file("content/faq/_index.md", moved)
        .file("content/more/_index.md", unseen);
    assert_eq!(titles(&fuse(site)), ["Home", "Where is my email?"]);
}

#[test]
fn a_page_of_a_transparent_section_is_there_once() {
    let site = site(FUSE)
        .file(
            "content/faq/more/_index.md",
            "+++\ntitle = \"More\"\ntransparent = true\n+++\n",
        )
        .page("faq/more/old.md", "Old", "");
    let index = fuse(site);
    let times = titles(&index)
        .iter()
        .filter(|title| **title == "Old")
        .count();
    assert_eq!(times, 1, "{index}");
}

#[test]
fn a_script_sets_what_scripts_made_for_zola_read() {
    let built = site("index_format = \"fuse_javascript\"\n").build().clean();
    let script = built.text("search_index.en.js");
    assert!(
        script.starts_with("window.searchIndex = [{\"url\":"),
        "{script}"
    );
    assert!(!built.has("elasticlunr.min.js"));
}

#[test]
fn elasticlunr_is_the_default_and_brings_its_library() {
    let built = site("include_date = true\n").build().clean();
    let script = built.text("search_index.en.js");
    let index = script.strip_prefix("window.searchIndex = ").unwrap();
    let index: Value = serde_json::from_str(index).unwrap();
    assert_eq!(index["fields"], json!(["title", "date", "body"]));
    assert_eq!(index["lang"], "English");
    let docs = &index["documentStore"]["docs"];
    let email = &docs["https://help.example.org/faq/email/"];
    assert_eq!(email["date"], "2026-01-31T00:00:00Z");
    let code = &docs["https://help.example.org/faq/code/"];
    assert_eq!(
        (&code["date"], &code["body"]),
        (&json!(""), &json!("Wait a minute."))
    );
    assert!(built.text("elasticlunr.min.js").contains("MIT Licensed"));
}

#[test]
fn a_language_that_elasticlunr_lacks_is_a_finding() {
    let settings = format!("{CONFIG}default_language = \"zh\"\nbuild_search_index = true\n");
    let built = Site::new().file("zola.toml", &settings).build();
    assert_eq!(built.places(), ["zola.toml:3:22 no-index"]);
    let settings = format!("{settings}[search]\n{FUSE}");
    let built = Site::new().file("zola.toml", &settings).build().clean();
    assert!(built.has("search_index.zh.json"));
}

#[test]
fn each_language_that_asks_for_one_has_its_own() {
    let settings = format!(
        "{CONFIG}build_search_index = true\n[languages.es]\nbuild_search_index = true\n[languages.fr]\n"
    );
    let built = Site::new()
        .file("zola.toml", &settings)
        .page("_index.es.md", "Inicio", "La clínica")
        .page("_index.fr.md", "Accueil", "")
        .build()
        .clean();
    assert!(
        built
            .text("search_index.es.js")
            .contains("\"lang\":\"Spanish\"")
    );
    assert!(built.text("search_index.es.js").contains("Inicio"));
    assert!(!built.text("search_index.en.js").contains("Inicio"));
    assert!(!built.has("search_index.fr.js"));
    // What it holds is set for all, or for one; the form is the same for all.
    let settings = format!(
        "{settings}[languages.es.search]\ninclude_title = false\n[search]\n{FUSE}include_path = true\n"
    );
    let built = Site::new()
        .file(
            "zola.toml",
            &settings.replace(
                "[languages.fr]\n",
                "[languages.fr]\nbuild_search_index = true\n",
            ),
        )
        .page("_index.es.md", "Inicio", "La clínica")
        .page("_index.fr.md", "Accueil", "")
        .build()
        .clean();
    let entry = |lang: &str| {
        let text = built.text(&format!("search_index.{lang}.json"));
        serde_json::from_str::<Value>(&text).expect("an index is JSON")[0].clone()
    };
    let url = "https://help.example.org/es/";
    assert_eq!(entry("es"), json!({ "url": url, "body": "La clínica" }));
    assert_eq!(entry("fr")["path"], "/fr/");
    assert_eq!(entry("en")["path"], "/");
}

#[test]
fn what_is_wrong_in_the_settings_is_found() {
    let built = site("index_format = \"fuse\"\ninclude_titel = true\n").build();
    assert_eq!(
        built.places(),
        ["zola.toml:4:16 unknown-value", "zola.toml:5:1 unknown-key"]
    );
}

#[test]
fn templates_know_of_it() {
    let shown = "{{ config.build_search_index }} {{ config.search.index_format }}";
    let with = site(FUSE).file("templates/index.html", shown);
    assert_eq!(with.build_and_read("index.html"), "true fuse_json");
    let without = Site::new().file("templates/index.html", shown);
    assert_eq!(
        without.build_and_read("index.html"),
        "false elasticlunr_javascript"
    );
}

#[test]
fn synonyms_are_in_the_plain_index_and_their_faults_are_told() {
    let list = "en = [\n\"email, e-mail\",\n\"spam, junk mail\",\n\"wait, hold on\",\n]\n";
    let index = fuse(site(FUSE).file("synonyms.toml", list));
    assert_eq!(index[2]["body_synonyms"], "hold on");
    assert_eq!(index[3]["synonyms"], "e-mail");
    assert_eq!(index[3]["body_synonyms"], "junk mail");
    assert_eq!(index[0].get("synonyms"), None);
    let built = site(FUSE).file("synonyms.toml", "en = [\"email\"]").build();
    assert_eq!(built.places(), ["synonyms.toml:1:7 synonyms-file"]);
}
