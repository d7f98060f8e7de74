//! Phone numbers and emails in pages, held against those in the settings: a patient who calls must
//! reach somebody.

use std::ops::Range;
use std::sync::LazyLock;

use percent_encoding::percent_decode_str;
use regex::Regex;

use super::link_form::is_email;
use crate::config::Contact;

/// The rule's name.
pub(super) const RULE: &str = "contact";

/// The numbers and emails that pages may show.
#[derive(Debug)]
pub(super) struct Known<'a> {
    phones: Vec<(String, &'a Contact)>,
    emails: Vec<&'a Contact>,
}

/// What is wrong with a number or email: its range, a sentence, and what to do.
pub(super) type Found = (Range<usize>, String, String);

/// Numbers as people write them in North America, with letters too, and with `+` in all the world.
/// Digits in other groups, such as those of a date, are none. One separator stands between groups:
/// what follows a full stop and a space is the next sentence. Word processors make other dashes of
/// hyphens.
static PHONE: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(
        r"(?x)
        (?: \+? 1 [\ \u{a0}.\u{2010}-\u{2013}-] )?
          (?: \( [2-9][0-9]{2} \) [\ \u{a0}]? | [2-9][0-9]{2} [\ \u{a0}.\u{2010}-\u{2013}-] )
          [2-9A-Z][0-9A-Z]{2} [\ \u{a0}.\u{2010}-\u{2013}-]? [0-9A-Z]{4} \b
        | \+ [0-9]+
          (?: [\ \u{a0}.-]? \( [0-9]+ \) [\ \u{a0}.-]? [0-9]+ )?
          (?: [\ \u{a0}.-] [0-9]+ )*
        | [2-9][0-9]{2} - [0-9]{4}
        | [2-9][0-9]{2} [2-9][0-9]{6}
        ",
    )
    .ok()
});

static EMAIL: LazyLock<Option<Regex>> =
    LazyLock::new(|| Regex::new(r"[A-Za-z0-9._%+-]+@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+").ok());

impl<'a> Known<'a> {
    /// Takes what of the settings is a number or an email.
    pub(super) fn new(contacts: &'a [Contact]) -> Self {
        let mut known = Self {
            phones: Vec::new(),
            emails: Vec::new(),
        };
        for contact in contacts {
            if is_email(&contact.value) {
                known.emails.push(contact);
            } else if phones(&contact.value).next() == Some(0..contact.value.len()) {
                known.phones.push((digits(&contact.value), contact));
            }
        }
        known
    }

    /// Looks at the numbers and emails of a text. Where the settings have none of a kind, there is
    /// nothing to hold a page's against.
    pub(super) fn check(&self, text: &str) -> Vec<Found> {
        let mut found = Vec::new();
        if !self.phones.is_empty() && text.bytes().filter(u8::is_ascii_digit).count() >= 3 {
            for at in phones(text) {
                found.extend(self.phone(&text[at.clone()]).map(|(s, h)| (at, s, h)));
            }
        }
        if !self.emails.is_empty() && text.contains('@') {
            for email in EMAIL.iter().flat_map(|email| email.find_iter(text)) {
                let fault = self.email(email.as_str());
                found.extend(fault.map(|(s, h)| (email.range(), s, h)));
            }
        }
        found
    }

    /// Looks at a link that dials a number or writes an email.
    pub(super) fn check_link(&self, address: &str) -> Option<(String, String)> {
        let decoded = percent_decode_str(address).decode_utf8_lossy();
        let (scheme, rest) = decoded.split_once(':')?;
        let to = rest.split(['?', ';']).next().unwrap_or_default();
        match scheme.to_ascii_lowercase().as_str() {
            "mailto" if !self.emails.is_empty() && is_email(to) => self.email(to),
            // What is dialled has one spelling, whatever a page shows.
            "tel" if !self.phones.is_empty() && digits(to).len() >= 7 => {
                let wanted = digits(to);
                let known = self.phones.iter().any(|(digits, _)| *digits == wanted);
                (!known).then(|| self.unknown_phone(to))
            }
            _ => None,
        }
    }

    fn phone(&self, written: &str) -> Option<(String, String)> {
        let wanted = digits(written);
        let same = self.phones.iter().filter(|(digits, _)| *digits == wanted);
        let same: Vec<&Contact> = same.map(|(_, contact)| *contact).collect();
        let shown = same.iter().filter(|contact| !self.is_dialled(contact));
        let has_letters = |text: &str| text.contains(|c: char| c.is_ascii_uppercase());
        let is_like = |contact: &&&Contact| has_letters(&contact.value) == has_letters(written);
        let best = shown.clone().find(is_like).or(shown.clone().next());
        let Some(best) = best.or(same.first()) else {
            return Some(self.unknown_phone(written));
        };
        if shown.clone().any(|contact| contact.value == written) || best.value == written {
            return None;
        }
        Some((
            format!("`{written}` is written another way than in `zola.toml`."),
            format!(
                "Write `{}`, so that people know it again, or `{{{{ config.extra.{} }}}}`, which \
                 follows every change.",
                best.value, best.key
            ),
        ))
    }

    /// Whether a number is there for links that dial it, beside the one that people read.
    fn is_dialled(&self, contact: &Contact) -> bool {
        let is_plain = |number: &str| {
            let rest = number.strip_prefix('+');
            rest.is_some_and(|rest| rest.bytes().all(|byte| byte.is_ascii_digit()))
        };
        let wanted = digits(&contact.value);
        is_plain(&contact.value)
            && self
                .phones
                .iter()
                .any(|(digits, other)| *digits == wanted && !is_plain(&other.value))
    }

    fn unknown_phone(&self, written: &str) -> (String, String) {
        let known = self.phones.iter().map(|(_, contact)| *contact);
        let known = known.filter(|contact| !self.is_dialled(contact));
        unknown("phone number", written, known)
    }

    fn email(&self, written: &str) -> Option<(String, String)> {
        let mut known = self.emails.iter();
        let is = known.any(|contact| contact.value.eq_ignore_ascii_case(written));
        (!is).then(|| unknown("email address", written, self.emails.iter().copied()))
    }
}

fn unknown<'a>(
    what: &str,
    written: &str,
    known: impl Iterator<Item = &'a Contact>,
) -> (String, String) {
    let list = known
        .map(|contact| format!("`{}` ({})", contact.value, contact.key))
        .collect::<Vec<_>>()
        .join(", ");
    (
        format!("The {what} `{written}` is not one of ours."),
        format!("Correct it, or add it to `[extra]` in `zola.toml`. We have {list}."),
    )
}

/// The numbers in a text.
pub(super) fn phones(text: &str) -> impl Iterator<Item = Range<usize>> + '_ {
    let joined = |c: char| c.is_alphanumeric() || "-_/=&".contains(c);
    PHONE
        .iter()
        .flat_map(move |phone| phone.find_iter(text))
        .map(|found| found.start()..found.start() + longest(found.as_str()).len())
        .filter(move |at| {
            let before = text[..at.start].chars().next_back();
            let after = text[at.end..].chars().next();
            let number = &text[at.clone()];
            // Without a few digits it is a word, or how much warmer it is.
            let least = if number.starts_with('+') { 7 } else { 3 };
            digits(number).len() >= least
                && count(number) >= 3
                && !before.is_some_and(joined)
                && !after.is_some_and(joined)
        })
}

/// As many of a number's groups as a number can have: no more than 15 digits in all the world.
fn longest(mut number: &str) -> &str {
    let other = |c: char| !c.is_ascii_digit();
    while count(number) > 15 {
        let last = number.rfind(other).unwrap_or_default();
        number = number[..last].trim_end_matches(other);
    }
    number
}

fn count(number: &str) -> usize {
    number.bytes().filter(u8::is_ascii_digit).count()
}

/// The digits that a phone dials, letters as on its keys, without the 1 of North America.
pub(super) fn digits(written: &str) -> String {
    const KEYS: &[u8; 26] = b"22233344455566677778889999";
    let digits: String = written
        .bytes()
        .filter_map(|byte| match byte {
            b'0'..=b'9' => Some(byte),
            b'A'..=b'Z' => Some(KEYS[usize::from(byte - b'A')]),
            _ => None,
        })
        .map(char::from)
        .collect();
    match digits.strip_prefix('1') {
        Some(rest) if rest.len() == 10 => rest.to_owned(),
        _ => digits,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnostic::Place;

    fn contacts() -> Vec<Contact> {
        [
            ("support.phone", "207-555-0100"),
            ("support.letters", "888-555-HELP"),
            ("support.email", "help@example.org"),
            ("clinic.name", "Wellsprings"),
        ]
        .map(|(key, value)| Contact {
            key: key.to_owned(),
            value: value.to_owned(),
            place: Place::file("zola.toml"),
        })
        .to_vec()
    }

    fn found(text: &str) -> Vec<(String, bool)> {
        Known::new(&contacts())
            .check(text)
            .into_iter()
            .map(|(at, sentence, _)| (text[at].to_owned(), sentence.contains("not one of ours")))
            .collect()
    }

    #[test]
    fn our_own_numbers_pass_as_they_are_written() {
        assert_eq!(
            found("Call 207-555-0100, or 888-555-HELP. help@example.org"),
            []
        );
        assert_eq!(found("Help@Example.org"), []);
    }

    #[test]
    fn another_spelling_and_another_number_are_found() {
        for (text, number, unknown) in [
            ("Call (207) 555-0100.", "(207) 555-0100", false),
            ("207.555.0100", "207.555.0100", false),
            ("2075550100", "2075550100", false),
            ("1-207-555-0100", "1-207-555-0100", false),
            ("+1 207 555 0100", "+1 207 555 0100", false),
            ("888-555-4357", "888-555-4357", false),
            ("207-555-0101", "207-555-0101", true),
            ("just 555-0101 here", "555-0101", true),
            ("+44 20 7946 0958", "+44 20 7946 0958", true),
            ("desk@example.org", "desk@example.org", true),
        ] {
            assert_eq!(found(text), [(number.to_owned(), unknown)], "{text}");
        }
    }

    #[test]
    fn a_number_ends_where_the_next_words_begin() {
        for (text, number) in [
            ("Call +1 207-555-0100. 24 hours a day", "+1 207-555-0100"),
            ("Call +1 207-555-0100 24 hours a day", "+1 207-555-0100"),
            ("(+1 207-555-0100) 24 hours", "+1 207-555-0100"),
            ("+1 207-555-0100 (24 hours)", "+1 207-555-0100"),
            ("+12075550100. 7 days", "+12075550100"),
            ("+1 (207) 555-0100.", "+1 (207) 555-0100"),
            ("+1(207)555-0100", "+1(207)555-0100"),
            ("+1 888-555-HELP", "+1 888-555-HELP"),
            ("+44 (0)20 7946 0958. 9 to 5", "+44 (0)20 7946 0958"),
            ("+44 20 7946 0958 - 24 hours", "+44 20 7946 0958"),
            ("+44 20 7946 0958 900 1800", "+44 20 7946 0958 900"),
        ] {
            let numbers: Vec<_> = found(text).into_iter().map(|(at, _)| at).collect();
            assert_eq!(numbers, [number], "{text}");
        }
        for text in ["+1234567890123456", "+5 degrees in 2026", "+10 000"] {
            assert_eq!(found(text), [], "{text}");
        }
    }

    #[test]
    fn other_numbers_are_no_phones() {
        for text in [
            "2026-11-20",
            "04101-1234",
            "911 or 988",
            "WS-2001",
            "10 000 000",
            "12.5.2026",
            "1234-5678-9012-3456",
            "Chrome 24, Firefox 17",
            "order 200-300 units",
        ] {
            assert_eq!(found(text), [], "{text}");
        }
    }

    #[test]
    fn a_number_is_to_be_written_as_the_settings_have_it_in_its_kind() {
        let contacts = [
            ("phone_letters", "888-555-HELP"),
            ("phone_link", "+18885554357"),
            ("phone", "888-555-4357"),
        ]
        .map(|(key, value)| Contact {
            key: key.to_owned(),
            value: value.to_owned(),
            place: Place::file("zola.toml"),
        });
        let known = Known::new(&contacts);
        for (written, right) in [
            ("1-888-555-4357", "`888-555-4357`"),
            ("+1 888 555 4357", "`888-555-4357`"),
            ("+18885554357", "`888-555-4357`"),
            ("(888) 555-4357", "`888-555-4357`"),
            ("888\u{2013}555\u{2013}4357", "`888-555-4357`"),
            ("888\u{2011}555\u{2011}4357", "`888-555-4357`"),
            ("1-888-555-HELP", "`888-555-HELP`"),
        ] {
            for text in [
                format!("Call {written}."),
                format!("Llame al {written} hoy."),
            ] {
                let found = known.check(&text);
                assert_eq!(found.len(), 1, "{text}");
                assert!(found[0].1.contains("another way"), "{text}: {}", found[0].1);
                assert!(
                    found[0].2.starts_with(&format!("Write {right}")),
                    "{}",
                    found[0].2
                );
            }
        }
        assert_eq!(known.check("888-555-4357 or 888-555-HELP"), []);
        let only = Known::new(&contacts[1..2]).check("+18885554357");
        assert_eq!(only, []);
        let (_, _, help) = &known.check("207-555-0100")[0];
        assert!(!help.contains("+1"), "{help}");
    }

    #[test]
    fn links_dial_and_write_to_ours_only() {
        let contacts = contacts();
        let known = Known::new(&contacts);
        assert_eq!(known.check_link("tel:+12075550100"), None);
        assert_eq!(known.check_link("mailto:help@example.org?subject=Hi"), None);
        assert_eq!(known.check_link("https://example.org"), None);
        assert!(known.check_link("tel:+12075550101").is_some());
        assert!(known.check_link("mailto:desk@example.org").is_some());
    }

    #[test]
    fn without_numbers_of_our_own_nothing_is_held_against_them() {
        assert_eq!(Known::new(&[]).check("207-555-0101, a@example.org"), []);
    }
}
