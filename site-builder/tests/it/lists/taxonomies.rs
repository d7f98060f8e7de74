//! Terms, their pages, and the functions that ask for them.

use super::{front, site};
use crate::support::Site;

const LIST: &str = "{{ current_path }} {{ taxonomy.name }}:{% for term in terms %} {{ term.name }}={{ term.page_count }}{% endfor %}";
const SINGLE: &str = "{{ current_path }} {{ term.name }} {{ term.permalink }}:{% for page in term.pages %} {{ page.slug }}{% endfor %}";

fn tagged(settings: &str) -> Site {
    site(settings)
        .file("templates/taxonomy_list.html", LIST)
        .file("templates/taxonomy_single.html", SINGLE)
        .file(
            "content/old.md",
            &front("date = 2025-01-01\ntaxonomies.tags = [\"New things\", \"b\"]"),
        )
        .file(
            "content/new.md",
            &front("date = 2026-01-01\ntaxonomies.tags = [\"New things\"]"),
        )
        .file(
            "content/undated.md",
            &front("taxonomies.tags = [\"New things\"]"),
        )
        .file(
            "content/apart.md",
            &front("render = false\ntaxonomies.tags = [\"New things\", \"apart\"]"),
        )
}

#[test]
fn terms_list_their_pages_latest_first() {
    let built = tagged("taxonomies = [{ name = \"tags\" }]\n")
        .build()
        .clean();
    assert_eq!(
        built.text("tags/index.html"),
        "/tags/ tags: b=1 New things=3"
    );
    assert_eq!(
        built.text("tags/new-things/index.html"),
        "/tags/new-things/ New things https://help.example.org/tags/new-things/: new old undated"
    );
    assert!(!built.has("tags/apart"), "of a page that is not rendered");
    assert!(!built.has("tags/b/page") && !built.has("tags/b/atom.xml"));
}

#[test]
fn the_settings_say_where_taxonomies_are() {
    let built = tagged(
        "taxonomy_root = \"/by/\"\ntaxonomies = [{ name = \"tags\", slug = \"About This\" }]\n\
         [slugify]\ntaxonomies = \"safe\"\n",
    )
    .build()
    .clean();
    assert!(built.text("by/About This/index.html").contains(" tags:"));
    assert!(built.has("by/About This/New things/index.html"));
}

#[test]
fn a_taxonomys_own_templates_come_first_and_one_without_pages_needs_none() {
    let settings = "taxonomies = [{ name = \"tags\" }, { name = \"kinds\", render = false, paginate_by = 1 }]\n";
    let built = tagged(settings)
        .file("templates/tags/list.html", "own list")
        .file("templates/tags/single.html", "own {{ term.slug }}")
        .file("content/k.md", &front("taxonomies.kinds = [\"x\"]"))
        .without("templates/taxonomy_list.html")
        .without("templates/taxonomy_single.html")
        .build()
        .clean();
    assert_eq!(built.text("tags/index.html"), "own list");
    assert_eq!(built.text("tags/b/index.html"), "own b");
    assert!(!built.has("kinds"));
}

#[test]
fn a_taxonomy_without_terms_has_no_page() {
    let built = site("taxonomies = [{ name = \"tags\" }]\n").build().clean();
    assert!(!built.has("tags"));
}

#[test]
fn functions_answer_on_pages_and_in_bodies() {
    let ask = |expression: &str| {
        let expression = match expression.split_once(" » ") {
            Some((call, rest)) => format!("{{% set it = {call} %}}{{{{ it{rest} }}}}"),
            None => format!("{{{{ {expression} }}}}"),
        };
        tagged("taxonomies = [{ name = \"tags\", paginate_by = 5 }]\n")
            .file("templates/page.html", &expression)
            .file(
                "templates/section.html",
                "{{ section.content | striptags | trim }}",
            )
            .page("s/_index.md", "S", &expression)
            .build()
            .clean()
    };
    let url = "https://help.example.org/tags/new-things/";
    for (expression, answer) in [
        ("get_taxonomy_url(kind='tags', term='NEW things')", url),
        ("get_taxonomy_url(kind='tags', name='new things')", url),
        (
            "get_taxonomy_term(kind='tags', term='New things') » .page_count",
            "3",
        ),
        (
            "get_taxonomy_term(kind='tags', term='b') » .pages[0].slug",
            "old",
        ),
        (
            "get_taxonomy_term(kind='tags', term='x', required=false) is none",
            "true",
        ),
        ("get_taxonomy(kind='x', required=false) is none", "true"),
        ("get_taxonomy(kind='tags') » .items | length", "2"),
        ("get_taxonomy(kind='tags') » .kind.paginate_by", "5"),
        (
            "get_taxonomy(kind='tags') » .permalink",
            "https://help.example.org/tags/",
        ),
        ("config.taxonomies[0].name", "tags"),
    ] {
        let built = ask(expression);
        assert_eq!(built.text("old/index.html"), answer, "{expression}");
        assert_eq!(built.text("s/index.html"), answer, "{expression} in a body");
    }
}

#[test]
fn a_page_knows_its_terms() {
    let built = tagged("taxonomies = [{ name = \"tags\" }]\n")
        .file(
            "templates/page.html",
            "{{ page.taxonomies.tags | join(sep='+') }}",
        )
        .build()
        .clean();
    assert_eq!(built.text("old/index.html"), "New things+b");
}

#[test]
fn functions_name_what_is_not_there_and_what_is_near() {
    for (expression, sentence) in [
        (
            "get_taxonomy(kind='tag')",
            "There is no taxonomy `tag`; did you mean `tags`?",
        ),
        (
            "get_taxonomy_url(kind='tags', term='new thing')",
            "No page has the term `new thing` in the taxonomy `tags`; did you mean `new-things`?",
        ),
    ] {
        let findings = tagged("taxonomies = [{ name = \"tags\" }]\n")
            .file("templates/page.html", &format!("{{{{ {expression} }}}}"))
            .build()
            .findings();
        assert!(findings.contains(sentence), "{findings}");
    }
}

#[test]
fn two_spellings_of_a_term_are_one_term_and_are_told() {
    let built = tagged("taxonomies = [{ name = \"tags\" }]\n")
        .file(
            "content/other.md",
            &front("date = 2027-01-01\ntaxonomies.tags = [\"new THINGS\", \"New things\", \"b\", \"b\"]"),
        )
        .file(
            "content/third.md",
            &front("date = 2027-01-02\ntaxonomies.tags = [\"new THINGS\"]"),
        )
        .build();
    assert_eq!(
        built.places(),
        [
            "content/other.md:4:20 term-spelling",
            "content/third.md:4:20 term-spelling"
        ]
    );
    assert_eq!(
        built.text("tags/new-things/index.html"),
        "/tags/new-things/ New things https://help.example.org/tags/new-things/: other new old undated third"
    );
    assert!(built.text("tags/b/index.html").ends_with(": other old"));
}

#[test]
fn faults_are_found_where_they_are_written() {
    let settings = "taxonomies = [{ name = \"tags\" }, { name = \"Tags\" }, { name = \"\" }, 3, { name = \"x\", paginate_by = -1, pagnate = 1 }]\n";
    let page = "[taxonomies]\ntag = [\"a\"]\ntags = \"a\"\nx = [\"\", 3, \"???\", \"ok\"]\n+++\n[x](/x/) [ok](/x/ok/)";
    let page = format!("+++\ntitle = \"T\"\n{page}\n");
    let built = site(settings).file("content/a.md", &page).build();
    assert_eq!(
        built.places(),
        [
            "content/a.md:4:1 unknown-taxonomy",
            "content/a.md:5:8 wrong-type",
            "content/a.md:6:6 empty-term",
            "content/a.md:6:10 wrong-type",
            "content/a.md:6:13 no-address",
            "zola.toml:2:43 same-taxonomy",
            "zola.toml:2:62 no-address",
            "zola.toml:2:68 wrong-type",
            "zola.toml:2:80 no-template",
            "zola.toml:2:80 no-template",
            "zola.toml:2:99 unknown-value",
            "zola.toml:2:103 unknown-key",
        ]
    );
    let findings = built.findings();
    for words in [
        "Did you mean `tags`?",
        "neither `x/list.html` nor `taxonomy_list.html`",
        "neither `x/single.html` nor `taxonomy_single.html`",
        "`paginate_by` cannot be -1; it is 0 or more.",
    ] {
        assert!(findings.contains(words), "{words}: {findings}");
    }
}

#[test]
fn a_page_at_a_terms_address_is_a_finding() {
    let built = tagged("taxonomies = [{ name = \"tags\" }]\n")
        .file("content/mine.md", &front("path = \"tags/b\""))
        .build();
    assert_eq!(built.places(), ["zola.toml:1:1 same-address"]);
}

#[test]
fn a_fault_in_a_template_names_a_list_that_shows_it() {
    let findings = tagged("taxonomies = [{ name = \"tags\" }]\n")
        .file("templates/taxonomy_single.html", "{{ term.nane.x }}")
        .build()
        .findings();
    assert!(
        findings.contains("It shows when /tags/b/ is rendered, and on 1 more."),
        "{findings}"
    );
}
