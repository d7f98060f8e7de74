//! Whether a person's answers fit a record.
//!
//! Names are compared as people write them, not as computers store them: case,
//! accents, apostrophes, hyphens, spaces and suffixes do not tell two names apart
//! (O'Dowd, O Dowd and Odowd are one), and every letter does, because twins can
//! differ by one. The answers
//! find the right record; they prove nothing about who gave them (NIST SP
//! 800-63A-4 §2.5.1). It must not know what follows from a match.

use protocol::answers::{Identity, PersonalInfo};
use protocol::values::{BirthDate, Name};
use unicode_normalization::UnicodeNormalization as _;
use unicode_normalization::char::is_combining_mark;

use super::Patient;

/// Whether the answers of an enrollment fit the record: name, birth date, and
/// the ZIP code where the record has one.
///
/// Every part is compared, also when an earlier one does not fit, so that the
/// time it takes does not say which part was wrong.
pub fn is_same_person(patient: &Patient, identity: &Identity) -> bool {
    let named = is_named(patient, &identity.given_name, &identity.family_name);
    let born = was_born_on(patient, identity.birth_date);
    let lives = patient
        .postal_code
        .as_ref()
        .is_none_or(|code| *code == identity.postal_code);
    [named, born, lives] == [true; 3]
}

/// Whether the name and birth date of a username recovery fit the record.
///
/// The email is not compared here: the one that counts belongs to the account.
pub fn fits_personal_info(patient: &Patient, info: &PersonalInfo) -> bool {
    let named = is_named(patient, &info.given_name, &info.family_name);
    let born = was_born_on(patient, info.birth_date);
    [named, born] == [true; 2]
}

/// Whether two spellings are one name.
///
/// ```
/// # use verify_api::patient::matching::names_match;
/// assert!(names_match("O’Neil-Núñez", "O NEILNUNEZ"));
/// assert!(!names_match("Ana", "Anna"));
/// ```
pub fn names_match(one: &str, other: &str) -> bool {
    in_a_row(&plain(one)) == in_a_row(&plain(other))
}

/// What two records of one person have in common: the first given name, the family name
/// and the birth date, as they are compared. Other people may share it, too.
pub fn likeness(patient: &Patient) -> String {
    let first = patient.given_names.first().map_or("", String::as_str);
    let family = plain(&patient.family_name);
    let parts = [in_a_row(&plain(first)), in_a_row(without_suffix(&family))];
    format!("{}/{}", parts.join("/"), patient.birth_date)
}

/// The given name may be the first one or all of them; the family name may have
/// a suffix on either side.
fn is_named(patient: &Patient, given: &Name, family: &Name) -> bool {
    let first = patient.given_names.first().map_or("", String::as_str);
    let all = patient.given_names.join(" ");
    let given_fits = [first, &all].map(|name| names_match(given.as_str(), name));
    let [typed, on_file] =
        [family.as_str(), &patient.family_name].map(|name| in_a_row(without_suffix(&plain(name))));
    let family_fits = typed == on_file;
    // Without letters of its own a name fits nothing, not even another such one.
    let written = !plain(given.as_str()).is_empty();
    [written, given_fits.contains(&true), family_fits] == [true; 3]
}

fn was_born_on(patient: &Patient, date: BirthDate) -> bool {
    patient.birth_date == date
}

/// The letters of a plain name without the gaps between its words: whoever fills in a form leaves
/// one out, or makes one, where the record has an apostrophe or a hyphen.
pub(super) fn in_a_row(plain: &str) -> String {
    plain.replace(' ', "")
}

/// The plain form of a name: lower case, no accents, no apostrophes, one space
/// for whatever stands between words.
pub(super) fn plain(name: &str) -> String {
    let mut plain = String::with_capacity(name.len());
    // Apostrophes go before decomposition, which would take some of them apart.
    let letters = name
        .chars()
        .filter(|c| !is_apostrophe(*c))
        .flat_map(char::to_lowercase)
        .nfkd()
        .filter(|c| !is_apostrophe(*c) && !is_combining_mark(*c));
    for letter in letters {
        match letter {
            // Letters with strokes and joined letters do not decompose.
            'ß' => plain.push_str("ss"),
            'æ' => plain.push_str("ae"),
            'œ' => plain.push_str("oe"),
            'þ' => plain.push_str("th"),
            'ø' => plain.push('o'),
            'ł' => plain.push('l'),
            'đ' | 'ð' => plain.push('d'),
            'ħ' => plain.push('h'),
            'ı' => plain.push('i'),
            // At the end of a word Greek writes another sigma.
            'ς' => plain.push('σ'),
            c if c.is_alphanumeric() => plain.push(c),
            // Hyphens, spaces, full stops, commas: one gap, whatever it was.
            _ if !plain.is_empty() && !plain.ends_with(' ') => plain.push(' '),
            _ => {}
        }
    }
    plain.truncate(plain.trim_end().len());
    plain
}

/// The modifier letter, the quotation marks used for it, the accents that
/// keyboards have instead, and the mark of Hawaiian names.
const fn is_apostrophe(c: char) -> bool {
    matches!(
        c,
        '\'' | '\u{2019}'
            | '\u{2018}'
            | '\u{201B}'
            | '\u{02BC}'
            | '\u{02BB}'
            | '\u{02B9}'
            | '\u{2032}'
            | '\u{FF07}'
            | '`'
            | '\u{B4}'
    )
}

/// A plain family name without the suffix at its end. One that is nothing but a
/// suffix is left as it is.
pub(super) fn without_suffix(family: &str) -> &str {
    match family.rsplit_once(' ') {
        Some((name, "jr" | "sr" | "ii" | "iii" | "iv")) => name,
        _ => family,
    }
}

#[cfg(test)]
mod tests;
