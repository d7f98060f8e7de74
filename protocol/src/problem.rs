//! The closed set of things that can go wrong, and how they are told (RFC 9457).
//!
//! Codes are for programs; the words for people are in [`crate::messages`].
//! It must not know causes: those go to the API's log.

use alloc::borrow::ToOwned;
use alloc::boxed::Box;
use alloc::collections::BTreeMap;
use alloc::string::String;

use serde::{Deserialize, Serialize};

use crate::{Field, View};

/// Declares an enum whose variants have a kebab-case name on the wire.
macro_rules! codes {
    ($(#[$meta:meta])* $name:ident { $($(#[$doc:meta])* $variant:ident = $text:literal,)* }) => {
        $(#[$meta])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
        pub enum $name {
            $($(#[$doc])* #[serde(rename = $text)] $variant,)*
        }

        impl $name {
            /// Every code.
            pub const ALL: &'static [Self] = &[$(Self::$variant),*];

            /// The name on the wire.
            pub const fn as_str(self) -> &'static str {
                match self {
                    $(Self::$variant => $text,)*
                }
            }
        }

        #[cfg(feature = "openapi")]
        impl utoipa::PartialSchema for $name {
            fn schema() -> utoipa::openapi::RefOr<utoipa::openapi::Schema> {
                crate::openapi::names(Self::ALL.iter().map(|code| code.as_str()))
            }
        }

        #[cfg(feature = "openapi")]
        impl utoipa::ToSchema for $name {}
    };
}

codes! {
    /// What is wrong with a request as a whole.
    ProblemCode {
        /// The request is not one that this address understands.
        BadRequest = "bad-request",
        /// No such address.
        NotFound = "not-found",
        /// The address does not take this method.
        MethodNotAllowed = "method-not-allowed",
        /// The body is larger than any answer.
        TooLarge = "too-large",
        /// No flow belongs to this token.
        UnknownFlow = "unknown-flow",
        /// No provider that is not retired has this key.
        WrongKey = "wrong-key",
        /// The flow has run out of time.
        FlowExpired = "flow-expired",
        /// The answer is for another step than the current one.
        WrongStep = "wrong-step",
        /// Some fields need to be looked at again.
        InvalidAnswers = "invalid-answers",
        /// The details do not match what the clinic has on file.
        NotMatched = "not-matched",
        /// The same, and one try is left.
        NotMatchedOneLeft = "not-matched-one-left",
        /// The username or the password is not right; which of them is not told.
        WrongSignIn = "wrong-sign-in",
        /// Who signs in must be known by a cookie, and the browser brought none.
        NeedsCookies = "needs-cookies",
        /// Nobody is signed in, or not whoever began the flow.
        SignInFirst = "sign-in-first",
        /// Too many tries; a new start, or the clinic, is the way on.
        TooManyTries = "too-many-tries",
        /// The invitation was replaced, used or has run out since it was typed.
        InvitationEnded = "invitation-ended",
        /// Asked for another code too soon.
        TooSoon = "too-soon",
        /// After wrong codes in a row, the next one has to wait.
        CodeWait = "code-wait",
        /// More was asked for than anybody needs; it can be had again later.
        OverLimit = "over-limit",
        /// Nothing can be sent again at this step.
        NothingToResend = "nothing-to-resend",
        /// There is no earlier step to go back to.
        NoWayBack = "no-way-back",
        /// The service cannot do it right now; trying again later helps.
        Unavailable = "unavailable",
    }
}

impl ProblemCode {
    /// The HTTP status that goes with the code.
    pub const fn status(self) -> u16 {
        match self {
            Self::BadRequest => 400,
            Self::UnknownFlow | Self::WrongKey => 401,
            Self::NotFound => 404,
            Self::MethodNotAllowed => 405,
            Self::WrongStep | Self::NothingToResend | Self::NoWayBack => 409,
            Self::FlowExpired | Self::InvitationEnded => 410,
            Self::TooLarge => 413,
            Self::NeedsCookies | Self::SignInFirst => 403,
            Self::InvalidAnswers
            | Self::NotMatched
            | Self::NotMatchedOneLeft
            | Self::WrongSignIn => 422,
            Self::TooManyTries | Self::TooSoon | Self::CodeWait | Self::OverLimit => 429,
            Self::Unavailable => 503,
        }
    }

    /// A short English sentence for developers (RFC 9457 `title`).
    pub const fn title(self) -> &'static str {
        match self {
            Self::BadRequest => "The request could not be understood.",
            Self::NotFound => "There is nothing at this address.",
            Self::MethodNotAllowed => "This address does not take that method.",
            Self::TooLarge => "The request is too large.",
            Self::UnknownFlow => "No flow belongs to this token.",
            Self::WrongKey => "This is the key of no provider.",
            Self::FlowExpired => "The flow has expired.",
            Self::WrongStep => "The answer is not for the current step.",
            Self::InvalidAnswers => "Some fields need another look.",
            Self::NotMatched => "The details do not match the record.",
            Self::NotMatchedOneLeft => "The details do not match the record; one try is left.",
            Self::WrongSignIn => "The username or the password is not right.",
            Self::NeedsCookies => "The browser keeps no cookies.",
            Self::SignInFirst => "Nobody is signed in, or not whoever began the flow.",
            Self::TooManyTries => "Too many tries.",
            Self::InvitationEnded => "The invitation no longer works.",
            Self::TooSoon => "Too soon to send another code.",
            Self::CodeWait => "Too many wrong codes in a row; the next one has to wait.",
            Self::OverLimit => "More was asked for than is allowed at once.",
            Self::NothingToResend => "Nothing can be sent again at this step.",
            Self::NoWayBack => "There is no earlier step to go back to.",
            Self::Unavailable => "The service is not available right now.",
        }
    }
}

codes! {
    /// What is wrong with one field.
    FieldProblem {
        /// Nothing was given.
        Required = "required",
        /// Longer than any real value.
        TooLong = "too-long",
        /// Not a date that exists.
        InvalidDate = "invalid-date",
        /// A date with day and month the other way round, and not as it stands.
        SwappedDate = "swapped-date",
        /// A date that has not come yet.
        FutureDate = "future-date",
        /// Not a ZIP code.
        InvalidPostalCode = "invalid-postal-code",
        /// Not a phone number.
        InvalidPhone = "invalid-phone",
        /// A toll-free number, which a code does not reach.
        TollFreePhone = "toll-free-phone",
        /// A phone number with an extension, which no code can reach.
        PhoneExtension = "phone-extension",
        /// Not the number that the clinic has on file.
        PhoneNotOnFile = "phone-not-on-file",
        /// The same, and one try is left.
        PhoneNotOnFileOneLeft = "phone-not-on-file-one-left",
        /// Not an email address.
        InvalidEmail = "invalid-email",
        /// Not one of the choices.
        InvalidChoice = "invalid-choice",
        /// Not six digits.
        InvalidCode = "invalid-code",
        /// Six digits, but not the right ones.
        WrongCode = "wrong-code",
        /// The same, and one try is left.
        WrongCodeOneLeft = "wrong-code-one-left",
        /// The code was right once, and has run out.
        ExpiredCode = "expired-code",
        /// The same, and one try is left.
        ExpiredCodeOneLeft = "expired-code-one-left",
        /// Too many wrong codes: this code no longer works.
        SpentCode = "spent-code",
        /// Not shaped like an invitation.
        InvalidInvitation = "invalid-invitation",
        /// No such invitation, or a newer one has replaced it.
        UnknownInvitation = "unknown-invitation",
        /// The invitation has run out.
        ExpiredInvitation = "expired-invitation",
        /// The invitation was used before.
        UsedInvitation = "used-invitation",
        /// Has signs that usernames do not have, or is too short or long.
        InvalidUsername = "invalid-username",
        /// An email address where a username belongs.
        UsernameIsEmail = "username-is-email",
        /// Somebody has this username.
        UsernameTaken = "username-taken",
        /// Not the username of whoever is signed in.
        WrongUsername = "wrong-username",
        /// Not the password of whoever is signed in.
        WrongPassword = "wrong-password",
        /// Under fifteen characters.
        PasswordTooShort = "password-too-short",
        /// A password that many people use.
        PasswordCommon = "password-common",
        /// Made of the username or of the clinic's or portal's name.
        PasswordPredictable = "password-predictable",
    }
}

/// The fields that need another look, in the order of [`Field`].
pub type FieldProblems = BTreeMap<Field, FieldProblem>;

/// A problem as it travels (`application/problem+json`).
#[derive(Clone, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Problem {
    /// A URI that names the kind of problem.
    #[serde(rename = "type")]
    pub type_uri: String,
    /// The same in words, for developers.
    pub title: String,
    /// The HTTP status.
    pub status: u16,
    /// The code that programs go by.
    pub code: ProblemCode,
    /// Fields to look at again.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    #[cfg_attr(feature = "openapi", schema(value_type = BTreeMap<Field, FieldProblem>))]
    pub fields: FieldProblems,
    /// Seconds after which trying again can help.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(nullable = false))]
    pub retry_after: Option<u32>,
    /// How many more guesses are looked at, after a wrong one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(nullable = false))]
    pub tries_left: Option<u8>,
    /// The flow as it stands, where the answer was for another step.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(nullable = false))]
    pub view: Option<Box<View>>,
}

impl Problem {
    /// A problem with nothing but its code.
    ///
    /// ```
    /// # use protocol::{Problem, ProblemCode};
    /// assert_eq!(Problem::new(ProblemCode::FlowExpired).status, 410);
    /// ```
    pub fn new(code: ProblemCode) -> Self {
        Self {
            type_uri: ["urn:frontdesk:problem:", code.as_str()].concat(),
            title: code.title().to_owned(),
            status: code.status(),
            code,
            fields: BTreeMap::new(),
            retry_after: None,
            tries_left: None,
            view: None,
        }
    }

    /// A problem of fields.
    pub fn fields(fields: FieldProblems) -> Self {
        Self {
            fields,
            ..Self::new(ProblemCode::InvalidAnswers)
        }
    }

    /// A problem of one field.
    pub fn field(field: Field, problem: FieldProblem) -> Self {
        Self::fields(BTreeMap::from([(field, problem)]))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_field_problem_travels_as_documented() {
        let problem = Problem::field(Field::BirthDate, FieldProblem::InvalidDate);
        assert_eq!(
            serde_json::to_value(&problem).unwrap(),
            serde_json::json!({
                "type": "urn:frontdesk:problem:invalid-answers",
                "title": "Some fields need another look.",
                "status": 422,
                "code": "invalid-answers",
                "fields": { "birth_date": "invalid-date" },
            })
        );
    }
}
