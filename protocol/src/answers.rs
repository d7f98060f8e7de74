//! What each step accepts.
//!
//! [`Answers`] is what came in, field by field, as text; [`Answer`] is the same
//! once it is known to be well formed. Both hosts end here: JSON brings
//! [`Answers`] ready made, a form is read by [`Answers::from_form`].
//! It must not know whether an answer is *right*: that is the API's engine.

mod parsed;

use alloc::borrow::ToOwned;
use alloc::collections::BTreeMap;
use alloc::string::{String, ToString};

use serde::{Deserialize, Serialize};
use zeroize::{Zeroize as _, ZeroizeOnDrop};

pub use parsed::{Answer, Identity, PasswordText, PersonalInfo, PhoneText};

use crate::Field;

/// Answers as text, by field name. Unknown names are kept and ignored.
/// What was typed is wiped from memory when they go: a password may be among it.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Answers(BTreeMap<String, String>);

impl core::fmt::Debug for Answers {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
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
        let mut answers = Self::default();
        answers.0.extend(pairs);
        let part = |part| answers.named(&["birth_date-", part].concat()).trim();
        let [month, day, year] = DATE_PARTS.map(part);
        if !(month.is_empty() && day.is_empty() && year.is_empty()) {
            let month = match month_number(month) {
                Some(number) => two_digits(&number.to_string()),
                None => month.to_owned(),
            };
            let date = [year, "-", &month, "-", &two_digits(day)].concat();
            answers.set(Field::BirthDate, date);
        }
        answers
    }
}

fn two_digits(number: &str) -> String {
    let mut digits = number.chars();
    match (digits.next(), digits.next()) {
        (None, _) => "00".to_owned(),
        (Some(_), None) => ["0", number].concat(),
        _ => number.to_owned(),
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
    let found = MONTHS.iter().position(|names| {
        names
            .iter()
            .any(|name| *name == text || name.get(..3) == Some(text))
    })?;
    Some(found + 1)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::values::{Code, InvitationCode};
    use crate::{FieldProblem, FieldProblems, StepName};

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
