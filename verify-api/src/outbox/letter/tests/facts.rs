//! Which facts may stand where: held for every file of `emails/`, so that no letter comes in
//! without somebody saying what it tells.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use protocol::{Channel, Locale};

use super::{NAME, each};

/// What the texts of a letter take in, by its folder. A first name comes with `greeting`.
/// Whoever adds something says here what it is: no family name, birth date, address or number
/// of a person, nobody who treats them and nowhere they are treated, and no username.
const MAY_SAY: [(&str, &[&str]); 15] = [
    (
        "code",
        &[
            "code", "digits", "purpose", "time", "unasked", "warning", "host",
        ],
    ),
    // Which provider it is may say what somebody is treated for.
    ("connection", &["greeting", "link"]),
    ("deactivated", &["greeting"]),
    ("email-changed", &["greeting"]),
    ("enrolled", &["greeting"]),
    ("invitation", &["greeting", "code", "link"]),
    ("new-sign-in", &["greeting"]),
    ("password-changed", &["greeting"]),
    ("phone-changed", &["greeting"]),
    ("providers-changed", &["greeting"]),
    ("reset-link", &["greeting", "link", "action"]),
    ("sign-in-stopped", &["greeting", "link", "action"]),
    // Whoever asks knows the name; whoever shares the mailbox need not be told it.
    ("username", &["link", "action"]),
    // What stands around each email.
    ("frame.html", &["subject", "body"]),
    ("frame.text", &["body"]),
];

/// Pages that open for everybody say nothing of a person; they may stand in any email.
const PAGES: [&str; 4] = ["home", "reset", "sign_in", "recover"];

/// What may stand where others see it: on a locked phone, in a list of emails, in a room.
const IN_THE_OPEN: [&str; 6] = ["code", "digits", "purpose", "warning", "host", "unasked"];

fn folder(locale: Locale) -> PathBuf {
    let emails = Path::new(env!("CARGO_MANIFEST_DIR")).join("emails");
    emails.join(locale.as_str())
}

/// The names of what is in a folder, and where.
fn entries(folder: &Path) -> Vec<(String, PathBuf)> {
    let entries = std::fs::read_dir(folder).unwrap();
    let paths = entries.map(|entry| entry.unwrap().path());
    let named = paths.map(|path| {
        let name = path.file_name().unwrap().to_str().unwrap().to_owned();
        (name, path)
    });
    named.collect()
}

fn taken_in(text: &str) -> BTreeSet<&str> {
    let parts = text.split('{').skip(1);
    parts
        .map(|part| part.split_once('}').expect("a placeholder ends").0)
        .collect()
}

#[test]
fn each_text_takes_in_only_the_facts_that_its_letter_is_about() {
    for locale in Locale::ALL {
        let mut seen = BTreeSet::new();
        for (name, path) in entries(&folder(locale)) {
            if name == "words.txt" {
                continue;
            }
            let found = MAY_SAY.iter().find(|(letter, _)| *letter == name);
            let (letter, may_say) = found.unwrap_or_else(|| panic!("what may {name} say?"));
            seen.insert(*letter);
            let parts = if path.is_dir() {
                entries(&path)
            } else {
                vec![("frame".to_owned(), path)]
            };
            for (part, path) in parts {
                let text = std::fs::read_to_string(path).unwrap();
                for fact in taken_in(&text) {
                    let place = format!("{locale:?} {name}/{part} takes in {fact}");
                    assert!(may_say.contains(&fact) || PAGES.contains(&fact), "{place}");
                    let is_open = ["subject", "sms", "call"].contains(&part.as_str());
                    assert!(!is_open || IN_THE_OPEN.contains(&fact), "{place}");
                    assert!(part != "subject", "{place}");
                }
            }
        }
        assert_eq!(seen.len(), MAY_SAY.len(), "{locale:?}: {seen:?}");
    }
}

/// Words that go into letters are looked through as letters are.
#[test]
fn the_only_fact_in_words_is_the_name_of_a_greeting() {
    for locale in Locale::ALL {
        let words = std::fs::read_to_string(folder(locale).join("words.txt")).unwrap();
        for line in words.lines().filter(|line| !line.starts_with('#')) {
            let mut facts = taken_in(line);
            facts.retain(|fact| !PAGES.contains(fact));
            let (key, _) = line.split_once(" = ").unwrap_or_default();
            assert_eq!(facts, BTreeSet::from_iter(of_key(key)), "{locale:?} {key}");
        }
    }
}

fn of_key(key: &str) -> Option<&'static str> {
    (key == "greeting").then_some("name")
}

/// The samples leave no file out: what holds for them holds for all that is ever said.
#[test]
fn every_text_is_among_the_samples() {
    for locale in Locale::ALL {
        for (name, path) in entries(&folder(locale)) {
            if !path.is_dir() {
                continue;
            }
            for (part, path) in entries(&path) {
                let text = std::fs::read_to_string(path).unwrap();
                let mut is_said = false;
                each(|sample, channel, words| {
                    let said = match (part.as_str(), channel) {
                        ("subject", Channel::Email) => words.subject.as_deref(),
                        ("html", Channel::Email) => words.html.as_deref(),
                        ("text", Channel::Email)
                        | ("sms", Channel::Text)
                        | ("call", Channel::Call) => Some(words.text.as_str()),
                        _ => None,
                    };
                    let is_of_locale = sample.ends_with(&format!("{locale:?}"));
                    is_said |= is_of_locale && said.is_some_and(|said| fits(&text, said));
                });
                assert!(is_said, "{locale:?} {name}/{part} is in no sample");
            }
        }
    }
}

/// Whether what was said is this text, filled in. Lines may have been broken anew.
fn fits(text: &str, said: &str) -> bool {
    let flat = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
    let (text, said) = (flat(text), flat(said));
    let mut rest = said.as_str();
    text.split('{').enumerate().all(|(n, part)| {
        let literal = match n {
            0 => part,
            _ => part.split_once('}').map_or("", |(_, literal)| literal),
        };
        let found = rest.find(literal);
        rest = found.map_or("", |at| &rest[at + literal.len()..]);
        found.is_some()
    })
}

#[test]
fn a_first_name_stands_in_the_body_of_an_email_alone() {
    each(|name, channel, words| {
        let subject = words.subject.as_deref().unwrap_or_default();
        assert!(!subject.contains("Rosa"), "{name}");
        let is_named = words.text.contains(NAME);
        assert!(channel == Channel::Email || !is_named, "{name} {channel:?}");
    });
}
