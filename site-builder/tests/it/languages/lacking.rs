//! What a language lacks, told as what is to be done next and not page by page.

use super::checks::{OTHERS_OFF, found, page, site};
use super::with;
use site_builder::Mode;

#[test]
fn a_page_that_is_not_translated_is_found() {
    let built = site("")
        .page("a.md", "A", "")
        .page("b.md", "B", "")
        .page("b.es.md", "B", "")
        .file("content/c.md", &page("render = false\n"))
        .build();
    assert_eq!(found(&built), ["content/a.md:1:1 translation-missing"]);
    let findings = built.findings();
    assert!(
        findings.contains("This page has no translation into `es`."),
        "{findings}"
    );
    assert!(
        findings.contains("Run `site-builder new a.es.md"),
        "{findings}"
    );
    let draft = site("")
        .page("a.md", "A", "")
        .file("content/a.es.md", &page("draft = true\n"))
        .build();
    assert!(
        draft
            .findings()
            .contains("There is a draft of content/a.es.md.")
    );
}

#[test]
fn several_languages_are_one_finding() {
    let built = with(&format!("[languages.es]\n[languages.fr]\n{OTHERS_OFF}"))
        .with(|options| options.mode = Mode::Check)
        .page("_index.fr.md", "Accueil", "")
        .page("a.md", "A", "")
        .build();
    assert_eq!(found(&built), ["content/a.md:1:1 translation-missing"]);
    assert!(
        built
            .findings()
            .contains("no translation into `es` and `fr`.")
    );
}

#[test]
fn a_language_in_which_nothing_is_written_is_one_finding() {
    let built = site("")
        .page("a.md", "A", "")
        .page("s/_index.md", "S", "")
        .page("s/b.md", "B", "")
        .page("s/c.md", "C", "")
        .without("content/_index.es.md")
        .build();
    assert_eq!(found(&built), ["zola.toml:2:12 translation-missing"]);
    let findings = built.findings();
    assert!(
        findings.contains("Nothing is translated into `es` yet: 5 pages."),
        "{findings}"
    );
    assert!(
        findings.contains("content has 2, content/s has 3."),
        "{findings}"
    );
}

#[test]
fn what_a_section_lacks_is_one_finding_with_the_list() {
    let none = site("")
        .page("s/_index.md", "S", "")
        .page("s/b.md", "B", "")
        .build();
    let sentence = "None of the 2 pages of this section has a translation into `es`.";
    assert!(none.findings().contains(sentence), "{}", none.findings());
    let built = site("")
        .page("a.md", "A", "")
        .page("s/_index.md", "S", "")
        .page("s/_index.es.md", "Ese", "")
        .page("s/b.md", "B", "")
        .page("s/c.md", "C", "")
        .file("content/s/c.es.md", &page("draft = true\n"))
        .page("s/d/index.md", "D", "")
        .build();
    assert_eq!(
        found(&built),
        [
            "content/a.md:1:1 translation-missing",
            "content/s/_index.md:1:1 translation-missing"
        ]
    );
    let findings = built.findings();
    assert!(
        findings.contains("3 of the 4 pages of this section have no"),
        "{findings}"
    );
    let all = "Run `site-builder new s/b.es.md \"Its title\"`, and the same for s/d/index.es.md. \
               There is a draft of content/s/c.es.md.";
    assert!(findings.contains(all), "{findings}");
}

#[test]
fn a_word_that_a_language_lacks_is_found() {
    let words = "[translations]\nhi = \"Hello\"\nbye = \"Bye\"\n\
                 [languages.es.translations]\nhi = \"Hola\"\nsi = \"Sí\"\n";
    let built = site("")
        .file("zola.toml", &format!("{}{words}", crate::support::CONFIG))
        .build();
    assert_eq!(
        found(&built),
        [
            "zola.toml:4:1 translation-key",
            "zola.toml:7:1 translation-key"
        ]
    );
    let more = words.replace("bye = ", "by = \"By\"\nbye = ");
    let together = site("")
        .file("zola.toml", &format!("{}{more}", crate::support::CONFIG))
        .build();
    assert_eq!(
        found(&together),
        [
            "zola.toml:6:12 translation-key",
            "zola.toml:8:1 translation-key"
        ]
    );
    let shown = together.findings();
    assert!(
        shown.contains("2 words have no translation into `es`."),
        "{shown}"
    );
    assert!(
        shown.contains("Add a line for each under `[languages.es.translations]`: `by` and `bye`."),
        "{shown}"
    );
    let findings = built.findings();
    assert!(findings.contains("Add `bye = \"…\"` under `[languages.es.translations]`."));
    assert!(
        findings.contains("Add `si = \"…\"` under `[translations]`."),
        "{findings}"
    );
}

#[test]
fn all_that_templates_miss_in_a_language_is_told_in_one_run() {
    let words = "[translations]\nhi = \"Hello\"\nbye = \"Bye\"\n[languages.es]\n";
    let site = with(words)
        .file(
            "templates/index.html",
            "{{ trans(key=\"hi\") }}{{ get_url(path=\"@/a.md\", lang=lang) }}\n\
             {{ trans(key=\"bye\") }}{% set b = get_page(path=\"b.md\") %}{{ b.title }}\n\
             {% set s = get_section(path=\"s/_index.md\") %}{{ s.title }}{{ nothing }}",
        )
        .page("a.md", "A", "")
        .page("b.md", "B", "")
        .page("s/_index.md", "S", "");
    let built = site.build();
    let at = ["1:4", "1:25", "2:34", "3:12", "3:62"];
    let found: Vec<String> = built.places();
    let expected = at.map(|at| format!("templates/index.html:{at} template"));
    assert_eq!(found, expected, "{}", built.findings());
    let findings = built.findings();
    let words = "Add `hi = \"…\"` under `[languages.es.translations]`. These lack one, too: `bye`.";
    assert!(findings.contains(words), "{findings}");
    assert!(
        findings.contains("Run `site-builder new s/_index.es.md"),
        "{findings}"
    );
}

#[test]
fn what_a_language_lacks_is_told_before_its_home_page_is_there() {
    let built = with("[translations]\nhi = \"Hello\"\n[languages.es]\n")
        .file("templates/index.html", "{{ trans(key=\"hi\") }}")
        .without("content/_index.es.md")
        .build();
    assert_eq!(
        built.places(),
        [
            "content/_index.es.md:1:1 no-section",
            "templates/index.html:1:4 template"
        ]
    );
}
