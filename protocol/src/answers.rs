//! What each step accepts.
//!
//! [`Answers`] is what came in, field by field, as text; [`Answer`] is the same
//! once it is known to be well formed. Both hosts end here: JSON brings
//! [`Answers`] ready made, a form is read by [`Answers::from_form`].
//! It must not know whether an answer is *right*: that is the API's engine.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use zeroize::{Zeroize as _, ZeroizeOnDrop, Zeroizing};

use crate::values::{BirthDate, Code, Email, InvitationCode, MAX_LINE, Name, PostalCode, Username};
use crate::{Channel, Field, FieldProblem, FieldProblems, StepName};

/// Answers as text, by field name. Unknown names are kept and ignored.
/// What was typed is wiped from memory when they go: a password may be among it.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Answers(BTreeMap<String, String>);

impl std::fmt::Debug for Answers {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Answers(redacted)")
    }
}

impl Drop for Answers {
    fn drop(&mut self) {
        for text in self.0.values_mut() {
            text.zeroize();
        }
    }
}

impl ZeroizeOnDrop for Answers {}

/// The three boxes of a date, as `birth_date-month` and so on, in the order of the form.
pub const DATE_PARTS: [&str; 3] = ["month", "day", "year"];

impl Answers {
    /// The text of a field; empty when it was not given.
    pub fn get(&self, field: Field) -> &str {
        self.named(field.as_str())
    }

    /// The text of a form control by its name; empty when it was not given.
    pub fn named(&self, name: &str) -> &str {
        self.0.get(name).map_or("", String::as_str)
    }

    /// Sets the text of a field.
    pub fn set(&mut self, field: Field, text: impl Into<String>) {
        self.0.insert(field.as_str().to_owned(), text.into());
    }

    /// Reads the controls of a form. Of a repeated name the last one counts; the
    /// three boxes of a date become one `YYYY-MM-DD`, and stay as they are too,
    /// so that a form that comes back can show what was typed.
    ///
    /// ```
    /// # use protocol::{Answers, Field};
    /// let answers = Answers::from_form([
    ///     ("birth_date-month".into(), "March".into()),
    ///     ("birth_date-day".into(), "7".into()),
    ///     ("birth_date-year".into(), "1944".into()),
    /// ]);
    /// assert_eq!(answers.get(Field::BirthDate), "1944-03-07");
    /// ```
    pub fn from_form(pairs: impl IntoIterator<Item = (String, String)>) -> Self {
        let mut answers = Self(pairs.into_iter().collect());
        let [month, day, year] = DATE_PARTS.map(|part| {
            answers
                .named(&format!("birth_date-{part}"))
                .trim()
                .to_owned()
        });
        if !(month.is_empty() && day.is_empty() && year.is_empty()) {
            let month = month_number(&month).map_or(month, |n| format!("{n:02}"));
            answers.set(Field::BirthDate, format!("{year}-{month}-{day:0>2}"));
        }
        answers
    }
}

/// The number of a month written as a word, in English or Spanish, short or long.
fn month_number(text: &str) -> Option<usize> {
    const MONTHS: [[&str; 2]; 12] = [
        ["january", "enero"],
        ["february", "febrero"],
        ["march", "marzo"],
        ["april", "abril"],
        ["may", "mayo"],
        ["june", "junio"],
        ["july", "julio"],
        ["august", "agosto"],
        ["september", "septiembre"],
        ["october", "octubre"],
        ["november", "noviembre"],
        ["december", "diciembre"],
    ];
    let text = text.to_ascii_lowercase();
    let text = text.trim_end_matches('.');
    if text == "setiembre" || text == "sept" {
        return Some(9);
    }
    let found = MONTHS
        .iter()
        .position(|names| names.iter().any(|name| *name == text || name[..3] == *text))?;
    Some(found + 1)
}

/// A phone number as typed: present and of a sane length, not yet judged.
#[derive(Clone)]
pub struct PhoneText(Zeroizing<String>);

/// A password as typed: present, not yet judged.
#[derive(Clone)]
pub struct PasswordText(Zeroizing<String>);

macro_rules! text_types {
    ($($name:ident),*) => { $(
        impl $name {
            /// What was typed.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl ZeroizeOnDrop for $name {}

        impl std::fmt::Debug for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(concat!(stringify!($name), "(redacted)"))
            }
        }
    )* };
}
text_types!(PhoneText, PasswordText);

/// The answer to [`StepName::Identity`].
#[derive(Clone, Debug)]
#[allow(missing_docs, reason = "the fields are those of the step")]
pub struct Identity {
    pub given_name: Name,
    pub family_name: Name,
    pub birth_date: BirthDate,
    pub postal_code: PostalCode,
}

/// The answer to [`StepName::PersonalInfo`].
#[derive(Clone, Debug)]
#[allow(missing_docs, reason = "the fields are those of the step")]
pub struct PersonalInfo {
    pub given_name: Name,
    pub family_name: Name,
    pub birth_date: BirthDate,
    pub email: Email,
}

/// A well-formed answer; the variants are named after their steps.
#[derive(Clone, Debug)]
#[allow(missing_docs, reason = "variants and fields are those of the step")]
pub enum Answer {
    Invitation(InvitationCode),
    Identity(Identity),
    Phone {
        phone: PhoneText,
        channel: Channel,
    },
    Code(Code),
    Contact(Email),
    Credentials {
        username: Username,
        password: PasswordText,
    },
    PersonalInfo(PersonalInfo),
    Identify(Username),
    Method(Channel),
    NewPassword(PasswordText),
}

impl Answer {
    /// Reads the answers of `step`.
    ///
    /// # Errors
    /// Every field that is not well formed, with its problem. Steps that ask
    /// nothing have no answer: `Ok(None)`.
    ///
    /// ```
    /// # use protocol::{Answer, Answers, Field, FieldProblem, StepName};
    /// let problems = Answer::parse(StepName::Identify, &Answers::default()).unwrap_err();
    /// assert_eq!(problems[&Field::Username], FieldProblem::Required);
    /// ```
    pub fn parse(step: StepName, answers: &Answers) -> Result<Option<Self>, FieldProblems> {
        let mut read = Reader {
            answers,
            problems: FieldProblems::new(),
        };
        let answer = match step {
            StepName::Invitation => read
                .field(Field::Invitation, InvitationCode::parse)
                .map(Self::Invitation),
            StepName::Identity => {
                let given_name = read.field(Field::GivenName, Name::parse);
                let family_name = read.field(Field::FamilyName, Name::parse);
                let birth_date = read.field(Field::BirthDate, BirthDate::parse);
                let postal_code = read.field(Field::PostalCode, PostalCode::parse);
                (|| {
                    Some(Self::Identity(Identity {
                        given_name: given_name?,
                        family_name: family_name?,
                        birth_date: birth_date?,
                        postal_code: postal_code?,
                    }))
                })()
            }
            StepName::Phone => {
                let phone = read.field(Field::Phone, phone_text);
                let channel = read.field(Field::Channel, |text| {
                    channel(text).and_then(|c| match c {
                        Channel::Email => Err(FieldProblem::InvalidChoice),
                        c => Ok(c),
                    })
                });
                phone
                    .zip(channel)
                    .map(|(phone, channel)| Self::Phone { phone, channel })
            }
            StepName::Code => read.field(Field::Code, Code::parse).map(Self::Code),
            StepName::Contact => read.field(Field::Email, Email::parse).map(Self::Contact),
            StepName::Credentials => {
                let username = read.field(Field::Username, Username::parse);
                let password = read.field(Field::Password, password_text);
                username
                    .zip(password)
                    .map(|(username, password)| Self::Credentials { username, password })
            }
            StepName::PersonalInfo => {
                let given_name = read.field(Field::GivenName, Name::parse);
                let family_name = read.field(Field::FamilyName, Name::parse);
                let birth_date = read.field(Field::BirthDate, BirthDate::parse);
                let email = read.field(Field::Email, Email::parse);
                (|| {
                    Some(Self::PersonalInfo(PersonalInfo {
                        given_name: given_name?,
                        family_name: family_name?,
                        birth_date: birth_date?,
                        email: email?,
                    }))
                })()
            }
            StepName::Identify => read
                .field(Field::Username, Username::parse)
                .map(Self::Identify),
            StepName::Method => read.field(Field::Channel, channel).map(Self::Method),
            StepName::NewPassword => read
                .field(Field::Password, password_text)
                .map(Self::NewPassword),
            StepName::CheckEmail | StepName::Done => None,
        };
        if read.problems.is_empty() {
            Ok(answer)
        } else {
            Err(read.problems)
        }
    }
}

/// Reads fields and remembers every problem, so that all are told at once.
struct Reader<'a> {
    answers: &'a Answers,
    problems: FieldProblems,
}

impl Reader<'_> {
    fn field<T>(
        &mut self,
        field: Field,
        parse: impl FnOnce(&str) -> Result<T, FieldProblem>,
    ) -> Option<T> {
        match parse(self.answers.get(field)) {
            Ok(value) => Some(value),
            Err(problem) => {
                self.problems.insert(field, problem);
                None
            }
        }
    }
}

fn channel(text: &str) -> Result<Channel, FieldProblem> {
    match text {
        "" => Err(FieldProblem::Required),
        name => Channel::from_name(name).ok_or(FieldProblem::InvalidChoice),
    }
}

fn phone_text(text: &str) -> Result<PhoneText, FieldProblem> {
    let text = text.trim();
    match text.chars().count() {
        0 => Err(FieldProblem::Required),
        1..=MAX_LINE => Ok(PhoneText(text.to_owned().into())),
        _ => Err(FieldProblem::TooLong),
    }
}

/// Not trimmed: a space is as good a sign as any in a password.
fn password_text(text: &str) -> Result<PasswordText, FieldProblem> {
    if text.is_empty() {
        return Err(FieldProblem::Required);
    }
    Ok(PasswordText(text.to_owned().into()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn form(pairs: &[(&str, &str)]) -> Answers {
        Answers::from_form(
            pairs
                .iter()
                .map(|(k, v)| ((*k).to_owned(), (*v).to_owned())),
        )
    }

    #[test]
    fn every_bad_field_is_told_at_once() {
        let problems = Answer::parse(
            StepName::Identity,
            &form(&[
                ("given_name", "  "),
                ("family_name", "Okafor"),
                ("birth_date-month", "2"),
                ("birth_date-day", "30"),
                ("birth_date-year", "1950"),
                ("postal_code", "12"),
            ]),
        )
        .unwrap_err();
        assert_eq!(
            problems,
            FieldProblems::from([
                (Field::GivenName, FieldProblem::Required),
                (Field::BirthDate, FieldProblem::InvalidDate),
                (Field::PostalCode, FieldProblem::InvalidPostalCode),
            ])
        );
    }

    #[test]
    fn months_may_be_words() {
        for (word, number) in [
            ("Mar", "03"),
            ("sept.", "09"),
            ("diciembre", "12"),
            ("1", "1"),
        ] {
            let answers = form(&[
                ("birth_date-month", word),
                ("birth_date-day", "7"),
                ("birth_date-year", "1944"),
            ]);
            assert_eq!(answers.get(Field::BirthDate), format!("1944-{number}-07"));
            assert_eq!(answers.named("birth_date-month"), word);
        }
    }

    #[test]
    fn three_empty_boxes_are_no_date() {
        let answers = form(&[
            ("birth_date-month", ""),
            ("birth_date-day", " "),
            ("birth_date-year", ""),
        ]);
        assert_eq!(answers.get(Field::BirthDate), "");
    }

    #[test]
    fn a_phone_step_takes_no_email_channel() {
        let problems = Answer::parse(
            StepName::Phone,
            &form(&[("phone", "555-0100"), ("channel", "email")]),
        )
        .unwrap_err();
        assert_eq!(problems[&Field::Channel], FieldProblem::InvalidChoice);
    }

    #[test]
    fn steps_without_fields_have_no_answer() {
        for step in StepName::ALL {
            let parsed = Answer::parse(step, &Answers::default());
            assert_eq!(parsed.is_ok(), step.fields().is_empty(), "{step:?}");
        }
    }

    #[test]
    fn what_was_typed_is_wiped() {
        fn is_wiped<T: ZeroizeOnDrop>() {}
        is_wiped::<Answers>();
        is_wiped::<PasswordText>();
        is_wiped::<PhoneText>();
        is_wiped::<Code>();
        is_wiped::<InvitationCode>();
    }

    #[test]
    fn nothing_typed_shows_in_debug() {
        let answers = form(&[("password", "correct horse battery")]);
        let answer = Answer::parse(StepName::NewPassword, &answers).unwrap();
        let shown = format!("{answers:?} {answer:?}");
        assert!(!shown.contains("horse"), "{shown}");
    }
}
