//! Answers that are known to be well formed, step by step, and every problem of
//! those that are not. It must not know how they came in.

use alloc::borrow::ToOwned;
use alloc::string::String;

use zeroize::{ZeroizeOnDrop, Zeroizing};

use super::Answers;
use crate::values::{BirthDate, Code, Email, InvitationCode, MAX_LINE, Name, PostalCode, Username};
use crate::{Channel, Field, FieldProblem, FieldProblems, StepName};

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

        impl core::fmt::Debug for $name {
            fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
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
    Password(PasswordText),
    Confirm(Username),
    SignIn {
        username: Username,
        password: PasswordText,
    },
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
            StepName::Password => read
                .field(Field::Password, password_text)
                .map(Self::Password),
            StepName::Confirm => read
                .field(Field::Username, Username::parse)
                .map(Self::Confirm),
            StepName::SignIn => {
                let username = read.field(Field::Username, Username::parse);
                let password = read.field(Field::Password, password_text);
                username
                    .zip(password)
                    .map(|(username, password)| Self::SignIn { username, password })
            }
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
