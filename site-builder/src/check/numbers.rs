//! A phone number or email that the settings have in several forms, such as one to read and one to
//! dial: whoever changes one of them forgets another.

use std::collections::BTreeMap;

use percent_encoding::percent_decode_str;

use super::contacts::{RULE, digits, phones};
use super::link_form::is_email;
use crate::config::{Config, Contact};
use crate::diagnostic::{Finding, Findings};

/// What the name of a form ends with, such as `phone_link`. Other names are of other numbers, such
/// as `phone_night`, or `text` for messages.
const FORMS: [&str; 16] = [
    "address", "dial", "digits", "display", "e164", "href", "html", "label", "letters", "link",
    "number", "shown", "tel", "uri", "url", "words",
];

/// Holds the forms of each number and email to each other.
pub(super) fn check(config: &Config, findings: &mut Findings) {
    let Some(level) = config.checks.levels.of(RULE) else {
        return;
    };
    let mut first: BTreeMap<(String, bool), (&Contact, String)> = BTreeMap::new();
    let mut no_numbers = Vec::new();
    for contact in &config.checks.contacts {
        let Some(thing) = thing(&contact.key) else {
            continue;
        };
        let Some((is_phone, meant)) = meant(&contact.value) else {
            no_numbers.push((contact, thing));
            continue;
        };
        if let Some(plain) = with_plain_signs(&contact.value).filter(|_| is_phone) {
            let sentence = format!(
                "`{}` has a long dash or another sign in it that no phone number has.",
                contact.key
            );
            let place = contact.place.clone();
            findings
                .push(Finding::new(level, RULE, place, sentence).help(format!("Write `{plain}`.")));
        }
        let (other, same) = first
            .entry((thing, is_phone))
            .or_insert((contact, meant.clone()));
        if *same == meant {
            continue;
        }
        let what = if is_phone { "number" } else { "email" };
        let sentence = format!(
            "`{}` is another {what} than `{}`, which is `{}`.",
            contact.key, other.key, other.value
        );
        findings.push(
            Finding::new(level, RULE, contact.place.clone(), sentence).help(
                "Write the same in all of its forms: who clicks on one must reach whom another shows.",
            ),
        );
    }
    for (contact, thing) in no_numbers {
        // A form that holds words, such as `phone_label`, holds few digits.
        let digits = contact.value.bytes().filter(u8::is_ascii_digit).count();
        if let Some((other, _)) = first.get(&(thing, true)).filter(|_| digits >= 3) {
            let sentence = format!("`{}` is no number that a phone can dial.", contact.key);
            let help = format!(
                "Write the number of `{}`, which is `{}`: ten digits or capital letters, with plain \
                 hyphens between them.",
                other.key, other.value
            );
            findings.push(Finding::new(level, RULE, contact.place.clone(), sentence).help(help));
        }
    }
}

/// A number with the hyphens and blanks of a keyboard in place of others; nothing when it has no
/// others.
fn with_plain_signs(value: &str) -> Option<String> {
    let plain = |sign| match sign {
        '\u{2010}'..='\u{2015}' => '-',
        '\u{a0}' | '\u{2009}' | '\u{202f}' => ' ',
        sign => sign,
    };
    let right: String = value.chars().map(plain).collect();
    (right != value).then_some(right)
}

/// What a key is a form of: the same for `support.phone_link` and `support.phone`.
fn thing(key: &str) -> Option<String> {
    let (table, name) = key.rsplit_once('.').unwrap_or(("", key));
    if FORMS.contains(&name) {
        return Some(format!("{table}."));
    }
    match name.split_once(['_', '-']) {
        None => Some(format!("{table}.{name}")),
        Some((stem, form)) => FORMS.contains(&form).then(|| format!("{table}.{stem}")),
    }
}

/// The number that a value dials, or the address that it writes to; with whether it is a number.
fn meant(value: &str) -> Option<(bool, String)> {
    let decoded = percent_decode_str(value).decode_utf8_lossy();
    let plain = ["tel:", "mailto:"]
        .iter()
        .find_map(|scheme| decoded.strip_prefix(scheme))
        .unwrap_or(&decoded);
    let plain = plain.split(['?', ';']).next().unwrap_or_default();
    if is_email(plain) {
        return Some((false, plain.to_lowercase()));
    }
    let at = phones(plain).next()?;
    Some((true, digits(&plain[at])))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn forms_of_one_thing_are_told_from_other_things() {
        let same = |a: &str, b: &str| thing(a).is_some() && thing(a) == thing(b);
        assert!(same("support.phone", "support.phone_link"));
        assert!(same("support.phone_letters", "support.phone-digits"));
        assert!(same("support.phone.digits", "support.phone.href"));
        assert!(!same("support.phone", "clinic.phone"));
        assert!(!same("support.phone", "support.fax"));
        assert!(!same("support.number", "support.text"));
        assert_eq!(thing("support.phone_night"), None);
    }

    #[test]
    fn a_number_is_what_it_dials() {
        let number = Some((true, "2075550100".to_owned()));
        for value in [
            "207-555-0100",
            "tel:+1-207-555-0100",
            "tel:+12075550100;ext=2",
            "+12075550100",
            "207-555-0100 (weekdays)",
            "Call 1-207-555-0100",
        ] {
            assert_eq!(meant(value), number, "{value}");
        }
        let email = Some((false, "help@example.org".to_owned()));
        assert_eq!(meant("mailto:Help@example.org?subject=Hi"), email);
        assert_eq!(meant("Wellsprings"), None);
    }
}
