//! The checks of translations, and that the others go by a page's own language.

use super::with;
use crate::support::{Built, Site};
use site_builder::Mode;

pub(super) const OTHERS_OFF: &str = "[extra.check.levels]\n\
    orphan-page = \"off\"\none-main-heading = \"off\"\nspelling = \"off\"\n";

pub(super) fn site(settings: &str) -> Site {
    with(&format!("{settings}[languages.es]\n{OTHERS_OFF}"))
        .with(|options| options.mode = Mode::Check)
}

pub(super) fn page(keys: &str) -> String {
    format!("+++\ntitle = \"x\"\n{keys}+++\n")
}

/// The places and codes of what is found about translations.
pub(super) fn found(built: &Built) -> Vec<String> {
    let places = built.places();
    let kept = places
        .into_iter()
        .filter(|place| place.contains(" translation-"));
    kept.collect()
}

#[test]
fn a_translation_that_is_behind_is_found_where_its_date_is() {
    let reviewed = |day: &str| page(&format!("[extra]\nlast_reviewed = {day}\n"));
    let updated = |day: &str| page(&format!("updated = {day}\n"));
    for (original, translation, place) in [
        (reviewed("2026-02-01"), reviewed("2026-01-31"), Some("4:1")),
        (reviewed("2026-02-01"), reviewed("2026-02-01"), None),
        (
            updated("2026-02-01T10:00:00Z"),
            updated("2026-01-01"),
            Some("3:1"),
        ),
        (updated("2026-02-01"), reviewed("2026-03-01"), None),
        (reviewed("2026-02-01"), updated("2026-01-01"), Some("3:1")),
        (reviewed("2026-02-01"), page(""), None),
        (page(""), reviewed("2026-02-01"), None),
    ] {
        let built = site("")
            .file("content/a.md", &original)
            .file("content/a.es.md", &translation)
            .build();
        let expected = place.map(|place| format!("content/a.es.md:{place} translation-stale"));
        let expected: Vec<String> = expected.into_iter().collect();
        assert_eq!(found(&built), expected, "{original}{translation}");
    }
}

#[test]
fn a_translation_of_nothing_is_found() {
    let built = site("")
        .page("faq/_index.md", "Questions", "")
        .page("faq/_index.es.md", "Preguntas", "")
        .page("faq/codes.md", "Codes", "")
        .page("faq/code.es.md", "Códigos", "")
        .page("faq/coded.md", "Translated", "")
        .page("faq/coded.es.md", "Traducido", "")
        .build();
    assert_eq!(
        found(&built),
        [
            "content/faq/code.es.md:1:1 translation-orphaned",
            "content/faq/codes.md:1:1 translation-missing",
        ]
    );
    let findings = built.findings();
    assert!(
        findings.contains("Name it `content/faq/codes.es.md` if it is the translation"),
        "{findings}"
    );
    let draft = site("")
        .file("content/a.md", &page("draft = true\n"))
        .page("a.es.md", "A", "")
        .build();
    assert!(
        draft
            .findings()
            .contains("what is still a draft: content/a.md")
    );
}

#[test]
fn a_link_out_of_a_pages_language_is_found_where_it_need_not_be() {
    let built = site("")
        .page("a.md", "A", "[Spanish](@/a.es.md)")
        .page(
            "a.es.md",
            "A",
            "[In English](@/a.md)\n[Codes](@/b.md#x)\n[Only](@/c.md)\n[Own](@/b.es.md)",
        )
        .page("b.md", "B", "## B {#x}")
        .page("b.es.md", "B", "## B {#x}")
        .page("c.md", "C", "")
        .build();
    assert_eq!(
        found(&built),
        [
            "content/a.es.md:5:9 translation-link",
            "content/c.md:1:1 translation-missing"
        ]
    );
    let findings = built.findings();
    assert!(findings.contains("Write `@/b.es.md#x`."), "{findings}");
}

#[test]
fn each_check_can_be_set_and_a_build_runs_errors_only() {
    let build = |levels: &str| {
        let settings = format!("[languages.es]\n[extra.check.levels]\n{levels}");
        with(&settings).page("a.md", "A", "").build()
    };
    assert!(found(&build("")).is_empty());
    let strict = build("translation-missing = \"error\"\n");
    assert_eq!(found(&strict), ["content/a.md:1:1 translation-missing"]);
    assert!(strict.report.findings.has_errors());
    let off = "translation-missing = \"off\"\norphan-page = \"off\"\none-main-heading = \"off\"\n";
    let quiet = with(&format!("[languages.es]\n[extra.check.levels]\n{off}"))
        .with(|options| options.mode = Mode::Check)
        .page("a.md", "A", "")
        .build();
    assert!(found(&quiet).is_empty());
}

#[test]
fn words_and_sentences_are_held_to_the_language_of_the_page() {
    let list = "[en]\nutilize = \"use\"\n[es]\nutilizar = \"usar\"\n";
    let built = site("")
        .file("words.toml", list)
        .page("a.md", "A utilizar", "Utilize, utilizar.")
        .page("a.es.md", "A utilize", "Utilize, utilizar.")
        .build();
    assert_eq!(
        built.places(),
        [
            "content/a.es.md:4:10 plain-words",
            "content/a.md:4:1 plain-words"
        ]
    );
}

#[test]
fn a_translation_may_have_the_same_title() {
    let built = site("")
        .page("a.md", "Portal", "")
        .page("a.es.md", "Portal", "")
        .build();
    assert!(built.places().is_empty(), "{}", built.findings());
}

#[test]
fn the_page_of_a_flow_needs_its_widget_in_every_language() {
    let settings = "[extra.flows]\nenroll = \"@/a.md\"\n\
                    [extra.check]\nserved_elsewhere = [\"/f/\"]\n\
                    [extra.check.flow_pages]\n\
                    pages = \"flows\"\nelement = \"my-widget\"\nform = \"/f/\"\n";
    let widget = "<my-widget flow=\"enroll\"><form action=\"/f/enroll\"></form></my-widget>";
    let built = site("")
        .file(
            "zola.toml",
            &format!(
                "{}[languages.es]\n{OTHERS_OFF}{settings}",
                crate::support::CONFIG
            ),
        )
        .page("a.md", "A", widget)
        .page("a.es.md", "A", "Texto.")
        .build();
    assert_eq!(built.places(), ["content/a.es.md:1:1 flow-page"]);
}

#[test]
fn a_language_that_is_set_twice_by_capitals_is_told_once_and_with_its_home() {
    let settings = format!("[languages.es]\n[languages.ES]\n{OTHERS_OFF}")
        .replace("orphan-page = \"off\"\n", "translation-missing = \"off\"\n");
    let built = with(&settings)
        .with(|options| options.mode = Mode::Check)
        .page(
            "_index.md",
            "Home",
            "[One](@/a.md) [Inicio](@/_index.es.md)",
        )
        .page("_index.es.md", "Inicio", "[Uno](@/a.es.md)")
        .page("a.md", "One", "")
        .page("a.es.md", "Uno", "")
        .build();
    assert_eq!(
        built.places(),
        [
            "content/_index.ES.md:1:1 no-section",
            "zola.toml:2:12 case-only"
        ]
    );
    let shown = built.findings();
    assert!(shown.contains("Keep one of the two languages."), "{shown}");
}

#[test]
fn what_did_not_take_is_found_in_every_language() {
    let contact = "[extra.support]\nphone = \"888-555-0143\"\n";
    let home = "[Primero](@/a.es.md) [Segundo](@/documentos.es.md)";
    let built = site(contact)
        .page("_index.es.md", "Inicio", home)
        .file(
            "content/a.es.md",
            "+++\ntitle = \"**Códigos**\"\ndescription = \"Pida un código.\"\n+++\n\
             ##¿Qué necesita?\n\n•\tSu tarjeta\n\n## Llame\n\n## ¡Llame!\n\n\
             Vea [la lista] (@/documentos.es.md) o llame al +1 888 555 0143.\n\n\
             La clÃ\u{ad}nica o el médico.\n\n\tLlame a la clínica.\n\n##\n\n\
             [Vea](@/lista-documentos.es.md) y [vea](@/documentos.es.md#llame-hoy) ![Una carta](/carta.png)\n",
        )
        .page("documentos.es.md", "Lista", "## Llame ahora\n")
        .build();
    let found: Vec<String> = built
        .places()
        .into_iter()
        .filter(|place| place.contains(".es.md") && !place.contains("translation-"))
        .collect();
    assert_eq!(
        found,
        [
            "content/a.es.md:2:10 raw-markup",
            "content/a.es.md:5:1 raw-markup",
            "content/a.es.md:7:1 raw-markup",
            "content/a.es.md:11:1 heading-twice",
            "content/a.es.md:13:5 raw-markup",
            "content/a.es.md:13:48 contact",
            "content/a.es.md:15:6 raw-markup",
            "content/a.es.md:17:2 raw-markup",
            "content/a.es.md:19:1 heading-empty",
            "content/a.es.md:21:7 broken-link",
            "content/a.es.md:21:41 broken-link",
            "content/a.es.md:21:84 broken-link",
            "content/documentos.es.md:2:1 description-missing",
        ],
        "{}",
        built.findings()
    );
    let findings = built.findings();
    for help in [
        "Write `## ¿Qué necesita?`",
        "`- Su tarjeta`",
        "Write `[la lista](@/documentos.es.md)`.",
        "Write `888-555-0143`",
        "Write `clínica`",
        "Did you mean `@/documentos.es.md`?",
        "Did you mean `#llame-ahora`",
    ] {
        assert!(findings.contains(help), "{help}: {findings}");
    }
}

#[test]
fn a_translation_that_is_gone_is_known_by_the_address_that_it_had() {
    for (file, address) in [
        ("faq/x.es.md", "/es/faq/x/"),
        ("faq/y/index.es.md", "/es/faq/y/"),
        ("faq/_index.es.md", "/es/faq/"),
    ] {
        let said = site("")
            .file("published.txt", &format!("{address}\n"))
            .page("_index.es.md", "Inicio", &format!("[X](@/{file})"))
            .build()
            .findings();
        let gone = format!("There is no page `@/{file}` any more.");
        assert!(said.contains(&gone), "{said}");
    }
}
