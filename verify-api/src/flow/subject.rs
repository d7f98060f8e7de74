//! Whom a flow is about, as far as it can say.
//!
//! It must not know whether anybody is there.

use super::{InvitationId, Passed};
use crate::account::AccountId;
use crate::crypto::redact;
use crate::patient::{PatientId, phone::Phone};

/// Whom a message or a guess is about, as far as a flow knows: what was typed,
/// whether or not anybody has it.
#[derive(Clone, PartialEq, Eq)]
pub enum Subject {
    /// A username, as typed.
    Username(String),
    /// A patient who holds an invitation.
    Patient(PatientId),
    /// Whoever is signed in: apart from whom others say to be.
    Account(AccountId),
}

redact!(Subject);

impl Subject {
    /// The patient, where it is one.
    pub const fn patient(&self) -> Option<PatientId> {
        match self {
            Self::Patient(patient) => Some(*patient),
            Self::Username(_) | Self::Account(_) => None,
        }
    }
}

/// Whom a guessed code would be about, whether or not anybody is there.
#[derive(Clone, PartialEq, Eq)]
pub enum Guessed {
    /// Whoever has this username, as typed.
    Username(String),
    /// Whoever signs in with this username, as typed. Behind the right password it is its
    /// account, and so apart from resets, which have another proof before them; behind a
    /// wrong one it is nobody.
    SignIn {
        /// The username.
        username: String,
        /// Whose password was right.
        passed: Option<Passed>,
    },
    /// Whoever is invited. Each invitation is given after a check in person, so a
    /// new one begins anew.
    Invitation(InvitationId),
    /// Whoever reads this email, as typed by somebody with that invitation.
    /// Counted apart: a right code for one's own address must not make room for
    /// guesses at another's.
    Email(InvitationId, String),
    /// Whoever holds this phone, as typed by whoever is signed in. Counted apart, too: a
    /// right code for one's own phone must not make room for guesses at another's.
    NewPhone(AccountId, Phone),
    /// Whoever reads this email, as typed by whoever is signed in; apart for the same reason.
    ChangedEmail(AccountId, String),
}

redact!(Guessed);

impl Guessed {
    /// Whose password was right before the guess, where one is asked for.
    pub fn account(&self) -> Option<AccountId> {
        match self {
            Self::SignIn { passed, .. } => passed.map(|passed| passed.account),
            Self::NewPhone(account, _) | Self::ChangedEmail(account, _) => Some(*account),
            Self::Username(_) | Self::Invitation(_) | Self::Email(..) => None,
        }
    }
}
