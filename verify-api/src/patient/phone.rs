//! Phone numbers that a code can be sent to.
//!
//! One parser for what patients type and for what the clinic has on file, so
//! that two spellings of a number are one number. It must not know whose it is.

use phonenumber::metadata::DATABASE;
use phonenumber::{Mode, Type, country};
use protocol::FieldProblem;
use serde::{Deserialize, Serialize};

use crate::crypto::redact;

/// A number in the North American plan that reaches a person by text or call,
/// in E.164: `+12075550142`.
#[derive(Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(into = "String", try_from = "String")]
pub struct Phone(String);

redact!(Phone);

/// Why a text is no number that a code can be sent to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PhoneProblem {
    /// There is nothing.
    Missing,
    /// It is no whole number.
    NoNumber,
    /// It is outside the North American plan.
    Foreign,
    /// It charges its callers, or no person has it.
    ReachesNobody,
    /// It is toll-free.
    TollFree,
    /// It goes on behind a switchboard.
    Extension,
}

impl From<PhoneProblem> for FieldProblem {
    fn from(problem: PhoneProblem) -> Self {
        match problem {
            PhoneProblem::Missing => Self::Required,
            PhoneProblem::TollFree => Self::TollFreePhone,
            PhoneProblem::Extension => Self::PhoneExtension,
            PhoneProblem::NoNumber | PhoneProblem::Foreign | PhoneProblem::ReachesNobody => {
                Self::InvalidPhone
            }
        }
    }
}

impl Phone {
    /// Reads a number as people write it; without a country code it is a
    /// number of the United States.
    ///
    /// Numbers that charge the caller or that ring at no person's phone are
    /// refused: 900 and 976 (premium), 8xx (toll-free), 5xx (personal numbers),
    /// and whatever is outside the North American plan. Bots that make a service
    /// call such numbers earn by it, and no patient has one.
    ///
    /// # Errors
    /// [`FieldProblem::Required`] when empty, [`FieldProblem::PhoneExtension`]
    /// when the number goes on behind a switchboard, where no code arrives;
    /// [`FieldProblem::TollFreePhone`] when it is toll-free, which a person may
    /// well have been given by somebody; [`FieldProblem::InvalidPhone`] otherwise.
    ///
    /// ```
    /// # use verify_api::patient::phone::Phone;
    /// let phone = Phone::parse("(207) 555-0142").unwrap();
    /// assert_eq!(phone.as_e164(), "+12075550142");
    /// assert_eq!(phone.last_two(), "42");
    /// ```
    pub fn parse(text: &str) -> Result<Self, FieldProblem> {
        Ok(Self::judge(text)?)
    }

    /// Like [`parse`](Self::parse), and tells more of what is wrong: for those who look
    /// after records.
    ///
    /// # Errors
    /// See [`PhoneProblem`].
    pub fn judge(text: &str) -> Result<Self, PhoneProblem> {
        let text = plain(text);
        if text.is_empty() {
            return Err(PhoneProblem::Missing);
        }
        let (text, extension) = split_extension(&text);
        let number =
            phonenumber::parse(Some(country::US), text).map_err(|_| PhoneProblem::NoNumber)?;
        if number.code().value() != 1 {
            return Err(PhoneProblem::Foreign);
        }
        if is_toll_free(&number) {
            return Err(PhoneProblem::TollFree);
        }
        reaches_a_person(&number)?;
        if extension || number.extension().is_some() {
            return Err(PhoneProblem::Extension);
        }
        let number = number.format().mode(Mode::E164).to_string();
        // libphonenumber keeps a zero in front, and judges the number without it.
        if number.len() != "+1".len() + 10 {
            return Err(PhoneProblem::NoNumber);
        }
        Ok(Self(number))
    }

    /// The number in E.164.
    pub fn as_e164(&self) -> &str {
        &self.0
    }

    /// The last two digits, by which people recognise their own number.
    pub fn last_two(&self) -> &str {
        &self.0[self.0.len() - 2..]
    }
}

/// Whether the number has ten digits of which the first are a toll-free code.
///
/// By the code and not by libphonenumber, which takes 555 numbers for none at all.
fn is_toll_free(number: &phonenumber::PhoneNumber) -> bool {
    const CODES: [&str; 7] = ["800", "833", "844", "855", "866", "877", "888"];
    let national = number.national().to_string();
    national.len() == 10 && CODES.iter().any(|code| national.starts_with(code))
}

/// Whether the number is of a kind that a person has, or why not.
fn reaches_a_person(number: &phonenumber::PhoneNumber) -> Result<(), PhoneProblem> {
    let national = number.national().to_string();
    // Within every area code the exchange 976 is premium, and 555-1212 is
    // directory assistance, for a fee; libphonenumber tells neither apart.
    let charges =
        matches!(national.get(3..), Some(rest) if rest.starts_with("976") || rest == "5551212");
    match number.number_type(&DATABASE) {
        _ if charges => Err(PhoneProblem::ReachesNobody),
        Type::FixedLine | Type::Mobile | Type::FixedLineOrMobile | Type::Voip => Ok(()),
        Type::Unknown => Err(PhoneProblem::NoNumber),
        _ => Err(PhoneProblem::ReachesNobody),
    }
}

/// The text without what cannot be seen, full-width signs made plain.
fn plain(text: &str) -> String {
    use unicode_normalization::UnicodeNormalization as _;
    let seen = |c: &char| {
        !c.is_control()
            && !matches!(c, '\u{200B}'..='\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2060}'..='\u{2069}' | '\u{FEFF}' | '\u{00AD}')
    };
    text.nfkc()
        .filter(seen)
        .collect::<String>()
        .trim()
        .to_owned()
}

/// Cuts off what follows a number: words such as `(cell)`, which are forgiven,
/// or an extension, of which the second part tells.
///
/// Done here and not by libphonenumber, which takes some of the ways to write an
/// extension for digits of the number.
fn split_extension(text: &str) -> (&str, bool) {
    let text = text.trim_start_matches(|c: char| !(c.is_ascii_digit() || matches!(c, '+' | '(')));
    let digits = |text: &str| text.bytes().filter(u8::is_ascii_digit).count();
    let end = text
        .char_indices()
        .filter(|(_, c)| c.is_alphabetic() || matches!(c, '#' | ';' | ',' | '*'))
        .map(|(at, _)| at)
        .find(|at| digits(&text[..*at]) >= 7);
    match end {
        // A second number is no extension: leave it in, and the whole is refused.
        Some(end) if digits(&text[end..]) < 7 => {
            let number = text[..end].trim_end_matches(|c: char| !c.is_ascii_digit());
            (number, digits(&text[end..]) > 0)
        }
        _ => (text, false),
    }
}

impl TryFrom<String> for Phone {
    type Error = &'static str;

    /// Takes what [`as_e164`](Self::as_e164) gave. It was judged when it was
    /// stored; a number must not vanish because a later table knows it no more.
    fn try_from(text: String) -> Result<Self, Self::Error> {
        let national = text.strip_prefix("+1").unwrap_or_default();
        if national.len() == 10 && national.bytes().all(|b| b.is_ascii_digit()) {
            Ok(Self(text))
        } else {
            Err("a stored phone number is not in E.164")
        }
    }
}

impl From<Phone> for String {
    fn from(phone: Phone) -> Self {
        phone.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_number_in_many_spellings() {
        for text in [
            "+12075550142",
            "2075550142",
            "(207) 555-0142",
            "1-207-555-0142",
            "207.555.0142",
            " 207 555 0142 ",
            "207\u{2011}555\u{2013}0142",
            "+1 (207) 555 0142",
            "tel:+1-207-555-0142",
            "２０７５５５０１４２",
            "\u{202a}207-555-0142\u{202c}",
            "207/555-0142",
            "207-555-0142 (cell)",
            "Home: 207-555-0142",
            "011 1 207 555 0142",
            "207-555-01 4 2",
        ] {
            let phone = Phone::parse(text);
            assert_eq!(
                phone.as_ref().map(Phone::as_e164),
                Ok("+12075550142"),
                "{text}"
            );
        }
    }

    #[test]
    fn the_whole_plan_is_reached() {
        for text in [
            "+1 416 555 0123",
            "787-234-5678",
            "340-642-3456",
            "212 555 0199",
            "202-456-1111",
        ] {
            assert!(Phone::parse(text).is_ok(), "{text}");
        }
    }

    #[test]
    fn numbers_that_charge_or_reach_nobody_are_refused() {
        for text in [
            "900-234-5678",
            "1-900-555-0142",
            "+1 (027) 0555-0142",
            "207-976-1234",
            "207-555-1212",
            "500-234-5678",
            "+44 7911 123456",
            "+52 55 1234 5678",
            "+979 123456789",
            "+882 16 12345678",
            "011 44 7911 123456",
            "911",
            "555-0142",
            "207-055-0142",
            "123-456-7890",
            "207-555-01422",
            "207-555-0142 or 207-555-0143",
            "my phone",
            "+",
            "call me",
            "rosa1110@example.org",
            ";phone-context=",
        ] {
            assert_eq!(
                Phone::parse(text),
                Err(FieldProblem::InvalidPhone),
                "{text}"
            );
        }
        assert_eq!(Phone::parse(" \u{200b}"), Err(FieldProblem::Required));
    }

    #[test]
    fn those_who_look_after_records_are_told_what_is_wrong() {
        for (text, problem) in [
            ("", PhoneProblem::Missing),
            ("555-0142", PhoneProblem::NoNumber),
            ("my phone", PhoneProblem::NoNumber),
            ("+44 7911 123456", PhoneProblem::Foreign),
            ("+52 55 1234 5678", PhoneProblem::Foreign),
            ("900-234-5678", PhoneProblem::ReachesNobody),
            ("500-234-5678", PhoneProblem::ReachesNobody),
            ("207-976-1234", PhoneProblem::ReachesNobody),
            ("800-234-5678", PhoneProblem::TollFree),
            ("207-555-0142 x4", PhoneProblem::Extension),
        ] {
            assert_eq!(Phone::judge(text), Err(problem), "{text}");
        }
    }

    #[test]
    fn a_toll_free_number_is_told_as_such() {
        for text in ["888-747-4255", "800-234-5678", "1 (800) 555-0199"] {
            assert_eq!(
                Phone::parse(text),
                Err(FieldProblem::TollFreePhone),
                "{text}"
            );
        }
    }

    #[test]
    fn an_extension_is_told_as_such() {
        for text in [
            "207-555-0142 x4",
            "207-555-0142x4",
            "(207) 555-0142 ext. 4",
            "2075550142 extension 4567",
            "207-555-0142 #12",
            "207-555-0142,4",
            "tel:+1-207-555-0142;ext=4",
        ] {
            assert_eq!(
                Phone::parse(text),
                Err(FieldProblem::PhoneExtension),
                "{text}"
            );
        }
    }

    #[test]
    fn nonsense_is_refused_and_never_worse() {
        let pieces = [
            "+",
            "1",
            "0",
            "x",
            ";",
            "#",
            "(",
            "é",
            "phone-context=",
            "tel:",
            " ",
            "2075550",
        ];
        for a in pieces {
            for b in pieces {
                for c in pieces {
                    let text = format!("{a}{b}{c}");
                    assert!(Phone::parse(&text).is_err(), "{text}");
                }
            }
        }
    }

    #[test]
    fn a_number_shows_only_its_end() {
        let phone = Phone::parse("207-555-0142").unwrap();
        assert_eq!(phone.last_two(), "42");
        assert_eq!(format!("{phone:?}"), "Phone(redacted)");
    }
}
