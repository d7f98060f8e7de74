//! Codes: what one proves, and whom it goes to.
//!
//! It must not know whether anybody is there, nor how a code travels.

use serde::{Deserialize, Serialize};

use super::Passed;
use crate::crypto::redact;
use crate::patient::phone::Phone;

/// What a code proves. A code for one thing is no code for another.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CodeFor {
    /// That someone holds the phone or email linked to an account.
    Reset,
    /// That someone holds the phone on file.
    Phone,
    /// That someone reads the email that is to become theirs.
    NewEmail,
    /// That whoever knows the password holds the phone linked to the account.
    SignIn,
    /// That whoever is signed in holds the phone that is to become the linked one.
    NewPhone,
    /// That whoever is signed in reads the email that is to become that of the account.
    ChangedEmail,
}

impl CodeFor {
    /// The name under which it is stored.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Reset => "reset",
            Self::Phone => "phone",
            Self::NewEmail => "new-email",
            Self::SignIn => "sign-in",
            Self::NewPhone => "new-phone",
            Self::ChangedEmail => "changed-email",
        }
    }
}

/// Whom a code goes to.
#[derive(Clone, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Recipient {
    /// Whoever has this username; whether anyone has is found out when it is sent.
    Username(String),
    /// A number on file of a patient.
    OnFile(Phone),
    /// The address that is to become the patient's.
    NewEmail(String),
    /// Whoever has typed the right password of an account, and nobody else.
    SignIn {
        /// The username, as typed.
        username: String,
        /// Whose password was right; nobody's, where it was wrong.
        passed: Option<Passed>,
    },
    /// The number that is to be linked to an account.
    NewPhone {
        /// Whose password was right.
        passed: Passed,
        /// The number.
        phone: Phone,
    },
    /// The address that is to become that of an account.
    ChangedEmail {
        /// Whose password was right.
        passed: Passed,
        /// The address.
        email: String,
    },
}

redact!(Recipient);

impl Recipient {
    /// What a code to this recipient proves.
    pub const fn purpose(&self) -> CodeFor {
        match self {
            Self::Username(_) => CodeFor::Reset,
            Self::OnFile(_) => CodeFor::Phone,
            Self::NewEmail(_) => CodeFor::NewEmail,
            Self::SignIn { .. } => CodeFor::SignIn,
            Self::NewPhone { .. } => CodeFor::NewPhone,
            Self::ChangedEmail { .. } => CodeFor::ChangedEmail,
        }
    }
}
