//! What belongs to a step forward: all that must be true together with a flow's new state.
//!
//! It must not know how it is made true.

use protocol::Channel;
use protocol::answers::PersonalInfo;
use protocol::values::{Email, Username};

use super::{CodeFor, InvitationId, Passed, Recipient, Rehash};
use crate::account::AccountId;
use crate::audit::Event;
use crate::crypto::PasswordHash;
use crate::patient::{PatientId, phone::Phone};

/// What must be true together with a flow's new state.
pub enum Effect {
    /// A new code is on its way, and replaces the one before.
    SendCode {
        /// Whom it goes to.
        to: Recipient,
        /// How it travels.
        channel: Channel,
    },
    /// The code has done its work and cannot be used again.
    SpendCode(CodeFor),
    /// An email with the way to the username, if these details match an account.
    SendUsername(PersonalInfo),
    /// The identity was right: the try that was counted before is given back, so
    /// that starting over does not wear an invitation out. (A right phone number
    /// gives none back: each one sends a message.)
    GiveBackIdentityTry(InvitationId),
    /// The invitation is used up.
    UseInvitation(InvitationId),
    /// The patient has an account.
    CreateAccount(Box<NewAccount>),
    /// The account has another password; other unfinished flows about it end, and so do
    /// its sessions and the rows of guesses at signing in to it.
    ChangePassword {
        /// The account.
        account: AccountId,
        /// Its username, under which guesses are counted.
        username: String,
        /// The stored form of the password.
        hash: PasswordHash,
    },
    /// Somebody is signed in; guesses at this username are counted anew.
    BeginSession {
        /// Whose password was right.
        passed: Passed,
        /// The username, under which guesses are counted.
        username: String,
        /// The same password in a stronger stored form, where there is one.
        better: Option<Box<Rehash>>,
    },
    /// The password was right: what trying it took from budgets is given back.
    GiveBackPasswordTry(String),
    /// The password of whoever is signed in was right: guesses at it are counted anew, and
    /// what trying it took from budgets is given back.
    EndPasswordTries,
    /// Another phone is linked to the account. Its other sessions end, and so do unfinished
    /// flows about it and the codes that are on their way to the phone before, whose holder
    /// is told.
    ChangePhone {
        /// Whose password was right.
        passed: Passed,
        /// The new number.
        phone: Phone,
        /// How the code went that has proven it.
        channel: Channel,
    },
    /// The account has another email. The same ends as with another phone; whoever reads the
    /// email before, and the phone, are told.
    ChangeEmail {
        /// Whose password was right.
        passed: Passed,
        /// The new address.
        email: String,
    },
    /// The account of whoever had the right password ends for good, with all that anybody has
    /// begun about it; its owner is told.
    Deactivate(Passed),
    /// An email to an account's owner, who has signed in after guesses at their password.
    TellOfGuesses(AccountId),
    /// A line in the audit trail.
    Audit(Event, About),
}

/// Its name alone: what it carries is about a person.
impl std::fmt::Debug for Effect {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let name = match self {
            Self::SendCode { .. } => "SendCode",
            Self::SpendCode(purpose) => return f.debug_tuple("SpendCode").field(purpose).finish(),
            Self::SendUsername(_) => "SendUsername",
            Self::GiveBackIdentityTry(_) => "GiveBackIdentityTry",
            Self::UseInvitation(_) => "UseInvitation",
            Self::CreateAccount(_) => "CreateAccount",
            Self::ChangePassword { .. } => "ChangePassword",
            Self::BeginSession { .. } => "BeginSession",
            Self::GiveBackPasswordTry(_) => "GiveBackPasswordTry",
            Self::EndPasswordTries => "EndPasswordTries",
            Self::ChangePhone { .. } => "ChangePhone",
            Self::ChangeEmail { .. } => "ChangeEmail",
            Self::Deactivate(_) => "Deactivate",
            Self::TellOfGuesses(_) => "TellOfGuesses",
            Self::Audit(event, _) => return f.debug_tuple("Audit").field(event).finish(),
        };
        f.write_str(name)
    }
}

/// The record that a line in the audit trail is about.
///
/// Flows are forgotten soon and the trail is kept for years, so a line names a
/// patient or an account as soon as one is known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum About {
    /// The flow: nobody is known yet.
    Flow,
    /// A patient.
    Patient(PatientId),
    /// An account.
    Account(AccountId),
}

/// An account as enrollment makes it.
#[derive(Debug)]
pub struct NewAccount {
    /// Whose it is.
    pub patient: PatientId,
    /// The name to sign in with; it never changes.
    pub username: Username,
    /// The stored form of the password.
    pub hash: PasswordHash,
    /// Where notices go.
    pub email: Email,
    /// The phone that is now linked to the account.
    pub phone: Phone,
    /// How the code went that has proven the phone.
    pub phone_channel: Channel,
}

impl Effect {
    /// Whether it sends a message that somebody asked for. A notice is not asked
    /// for: it follows from a proof.
    pub const fn is_asked_for(&self) -> bool {
        match self {
            Self::SendCode { .. } | Self::SendUsername(_) => true,
            Self::SpendCode(_)
            | Self::GiveBackIdentityTry(_)
            | Self::UseInvitation(_)
            | Self::CreateAccount(_)
            | Self::ChangePassword { .. }
            | Self::BeginSession { .. }
            | Self::GiveBackPasswordTry(_)
            | Self::EndPasswordTries
            | Self::ChangePhone { .. }
            | Self::ChangeEmail { .. }
            | Self::Deactivate(_)
            | Self::TellOfGuesses(_)
            | Self::Audit(..) => false,
        }
    }
}
