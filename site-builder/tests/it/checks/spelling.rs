//! What is found of spelling: words, their places, and the dictionaries they are held against.

use std::fs;

use super::{answer, site};
use crate::command::stderr;
use crate::support::{Built, CONFIG, Site};

/// Endings and words of a small dictionary.
const ENDINGS: &str = "SET UTF-8\nSFX S Y 1\nSFX S 0 s .\n";
const WORDS: &str = "3\nhola/S\nniño/S\nprimero\n";

fn spanish(text: &str, spelling: &str) -> Site {
    let settings = format!("default_language = \"es\"\n[extra.check.spelling]\n{spelling}");
    site()
        .file("zola.toml", &format!("{CONFIG}{settings}"))
        .page("_index.md", "Hola", "[Hola](@/a.md)")
        .page("a.md", "Primero", text)
}

fn slips(built: &Built) -> Vec<String> {
    let mut places = built.places();
    places.retain(|place| place.ends_with("spelling"));
    places
}

#[test]
fn a_wrong_word_is_told_once_a_page_at_its_first_place() {
    let built = site()
        .file(
            "content/a.md",
            "+++\ntitle = \"Enrolll\"\n+++\n\
             Call **teh** clinic, `teh` and teh <b>hlep</b> desk.\n\n\
             ![A pohto](/p.png) [teh\nhlep](https://www.exampel.org/teh)\n",
        )
        .file("static/p.png", "p")
        .build();
    assert_eq!(
        slips(&built),
        [
            "content/a.md:2:10 spelling",
            "content/a.md:4:8 spelling",
            "content/a.md:4:39 spelling",
            "content/a.md:6:1 spelling",
        ]
    );
    let findings = built.findings();
    for part in [
        "“teh” is not in the dictionary. It stands here 3 times.",
        "Did you mean “help”",
        "add `\"teh\"` to the list `en = […]`",
    ] {
        assert!(findings.contains(part), "{part}: {findings}");
    }
}

#[test]
fn words_that_editors_know_are_right() {
    let built = site()
        .page(
            "a.md",
            "First",
            "Quuxly’s Quuxly-help at Wubbo Ally. quuxly\n",
        )
        .file("words.toml", "[known]\nen = [\"Quuxly\", \"Wubbo Ally\"]\n")
        .build();
    assert_eq!(slips(&built), ["content/a.md:4:37 spelling"]);
}

#[test]
fn what_is_in_another_language_is_not_read() {
    let built = answer(
        "A <i lang=\"es\">niño <i>hola</i> adios</i> mispeld.\n\n\
         <div lang=\"es\">\n\nHola adios\n\n</div>\n\n<b lang=\"en-GB\">wrogn</b>\n",
        "",
    );
    assert_eq!(
        slips(&built),
        ["content/a.md:4:43 spelling", "content/a.md:12:17 spelling"]
    );
}

#[test]
fn a_site_can_bring_a_dictionary_of_its_own() {
    let site = spanish("Niños, adios.", "es = \"data/es\"\n")
        .file("data/es.aff", ENDINGS)
        .file("data/es.dic", WORDS);
    assert_eq!(slips(&site.build()), ["content/a.md:4:8 spelling"]);
}

#[test]
fn each_language_has_its_own_dictionary() {
    let settings = "[languages.es]\n[extra.check.spelling]\nes = \"data/es\"\n";
    let site = site()
        .file("zola.toml", &format!("{CONFIG}{settings}"))
        .file("data/es.aff", ENDINGS)
        .file("data/es.dic", WORDS)
        .file("words.toml", "[known]\nes = [\"Inicio\"]\n")
        .page("_index.es.md", "Inicio", "[Hola](@/a.es.md)")
        .page("a.md", "First", "Words, not niños or Inicio.")
        .page("a.es.md", "Primero", "Niños, words.");
    assert_eq!(
        slips(&site.build()),
        [
            "content/a.es.md:4:8 spelling",
            "content/a.md:4:12 spelling",
            "content/a.md:4:21 spelling",
        ]
    );
}

#[test]
fn what_new_leaves_to_be_written_is_no_slip_in_any_language() {
    let settings = "[languages.es]\n[extra.check.spelling]\nes = \"data/es\"\n";
    let site = site()
        .file("zola.toml", &format!("{CONFIG}{settings}"))
        .file("data/es.aff", ENDINGS)
        .file("data/es.dic", WORDS)
        .page("_index.es.md", "Hola", "Hola.")
        .page("a.md", "First", "Words.\n\n## What you need\n\nMore.\n");
    for arguments in [["new", "a.es.md", "Primero"], ["new", "b.md", "Second"]] {
        let made = site.run(&arguments);
        assert!(made.status.success(), "{}", stderr(&made));
    }
    let check = || stderr(&site.run(&["check", "--drafts"]));
    let checked = check();
    let told = checked.matches("This page is not written yet.").count();
    assert_eq!(told, 2, "{checked}");
    assert!(!checked.contains("not in the dictionary"), "{checked}");

    let made = site.root().join("content/a.es.md");
    let text = fs::read_to_string(&made).unwrap();
    let heading = "(Not written yet.) What you need";
    assert!(text.contains(heading), "{text}");
    fs::write(&made, text.replace(heading, "Hola adios")).unwrap();
    let checked = check();
    assert!(checked.contains("“adios” is not in"), "{checked}");
    assert!(!checked.contains("“hola” is not in"), "{checked}");
}

#[test]
fn a_dictionary_that_is_not_there_is_told_once() {
    let site = spanish("Niños, adios.", "es = \"data/es\"\n");
    let built = site.build();
    assert_eq!(slips(&built), ["zola.toml:1:1 spelling"]);
    assert!(built.findings().contains("Correct the path"));
    let site = spanish("Niños.", "es = \"../es\"\n");
    for (name, text) in [("es.aff", ENDINGS), ("es.dic", WORDS)] {
        fs::write(site.beside(name), text).unwrap();
    }
    assert_eq!(
        slips(&site.build()),
        ["zola.toml:1:1 spelling"],
        "outside of the site"
    );
    let site = spanish("Niños.", "es = \"data/es\"\n")
        .file("data/es.aff", "SFX A Y\n")
        .file("data/es.dic", "no number");
    assert!(site.build().findings().contains("format of Hunspell"));
    let site = spanish("Hola.", "").file(
        "zola.toml",
        &format!("{CONFIG}default_language = \"qaa\"\n"),
    );
    let built = site.build();
    assert_eq!(slips(&built), ["zola.toml:1:1 spelling"]);
    assert!(built.findings().contains("hunspell-qaa"));
}

#[test]
fn spelling_can_be_turned_off_and_is_no_matter_of_a_build() {
    let off = "[extra.check.levels]\nspelling = \"off\"\n";
    assert_eq!(slips(&answer("Teh.", off)), [""; 0]);
    let site = site()
        .page("a.md", "First", "Teh.")
        .with(|options| options.mode = site_builder::Mode::Build);
    site.build().clean();
}
