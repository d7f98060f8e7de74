//! What the engine asks of the world, and what it is told.
//!
//! A question says which try is to be counted before anything is looked at. It
//! must not know how a fact is found.

use protocol::answers::PasswordText;
use protocol::values::{Code, InvitationCode, Username};
use protocol::{FieldProblem, FieldProblems};

use super::{CodeFor, InvitationId, Passed};
use crate::account::AccountId;
use crate::crypto::{PasswordHash, redact};
use crate::patient::{Patient, PatientId};

/// What the engine needs to know before it can judge an answer.
#[derive(Debug)]
pub enum Question {
    /// What has become of the invitation with this code?
    Invitation(InvitationCode),
    /// Count one try of `check` at this invitation; if any were left, who is it for?
    Patient {
        /// The invitation.
        invitation: InvitationId,
        /// What is being tried.
        check: Check,
    },
    /// Count one try at this flow's code; then, is this the one that was sent?
    Code {
        /// What was typed.
        typed: Code,
        /// Which of the flow's codes it should be.
        purpose: CodeFor,
    },
    /// Is this username free, and what does this password look like when it is stored?
    NewAccount {
        /// The username as typed.
        username: Username,
        /// The password as typed.
        password: PasswordText,
    },
    /// Count one failure about this username; then, is this its password?
    SignIn {
        /// The username as typed.
        username: Username,
        /// The password as typed.
        password: PasswordText,
    },
    /// Count one failure about whoever is signed in; then, is this their password?
    Password(PasswordText),
    /// Is this the username of whoever is signed in?
    OwnUsername(Username),
    /// What does this password look like when it is stored?
    PasswordHash {
        /// The password as typed.
        password: PasswordText,
        /// The username that it must not be made of.
        username: Username,
    },
}

/// What is tried against a patient's record.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Check {
    /// The name, birth date and postal code.
    Identity,
    /// The phone number on file.
    Phone,
}

/// Tries that a step lives by.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tries {
    /// At the flow's codes for one purpose.
    Code(CodeFor),
    /// At an invitation.
    Invitation(InvitationId, Check),
}

/// What the app found out.
#[derive(Debug)]
pub enum Fact {
    /// Answers [`Question::Invitation`].
    Invitation(InvitationFact),
    /// Answers [`Question::Patient`].
    Patient(Result<Box<Tried>, NoPatient>),
    /// Answers [`Question::Code`].
    Code(CodeFact),
    /// Answers [`Question::NewAccount`]: all that is wrong is told at once.
    NewAccount(Result<PasswordHash, FieldProblems>),
    /// Answers [`Question::PasswordHash`].
    PasswordHash(Result<PasswordHash, FieldProblem>),
    /// Answers [`Question::SignIn`].
    SignIn(SignInFact),
    /// Answers [`Question::Password`].
    Password(PasswordFact),
    /// Answers [`Question::OwnUsername`].
    OwnUsername(bool),
}

/// A record, for which a try was counted.
#[derive(Debug)]
pub struct Tried {
    /// What the clinic knows.
    pub patient: Patient,
    /// Tries that the invitation still has after this one.
    pub tries_left: u8,
}

/// Why a record cannot be tried against.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NoPatient {
    /// The invitation was used, replaced or has run out.
    InvitationEnded,
    /// No try was left.
    NoTryLeft,
}

/// What has become of an invitation.
#[derive(Clone)]
pub enum InvitationFact {
    /// There is none with this code, or a newer one has replaced it.
    Unknown,
    /// Its fourteen days are over.
    Expired,
    /// Somebody has enrolled with it.
    Used,
    /// It can be used.
    Open {
        /// Its id.
        id: InvitationId,
        /// Whom it invites.
        patient: PatientId,
        /// The address that it was mailed to.
        mailed_to: Option<String>,
    },
}

redact!(InvitationFact);

/// What a typed code was. The tries that are left are those of the flow, which are counted
/// alike whether there is anybody or not: so they may be told. Those that strangers share
/// with the owner, as the passwords of a username, are not.
#[derive(Clone, Copy, Debug)]
pub enum CodeFact {
    /// The one that was sent, in time.
    Right {
        /// The account it was sent for, where it was sent for one.
        account: Option<AccountId>,
    },
    /// The one that was sent, too late.
    Expired {
        /// Tries that are left, one at least.
        tries_left: u8,
    },
    /// Another one.
    Wrong {
        /// Tries that are left, one at least.
        tries_left: u8,
    },
    /// No try is left.
    Spent,
}

/// What a typed password was.
#[derive(Debug)]
pub enum SignInFact {
    /// The right one.
    Right {
        /// Whose it is.
        passed: Passed,
        /// The same password in a stronger stored form, where there is one.
        better: Option<Box<Rehash>>,
    },
    /// Another one, or nobody's username.
    Wrong,
    /// So many wrong ones were told that of this one it is not: a code is asked for,
    /// right or wrong.
    CodeRequired {
        /// Whose it is, if it is right.
        passed: Option<Passed>,
        /// Whether there were wrong ones for this very username.
        is_guessed: bool,
    },
}

/// What the password of whoever is signed in was.
#[derive(Clone, Copy, Debug)]
pub enum PasswordFact {
    /// The right one.
    Right(Passed),
    /// Another one.
    Wrong,
    /// There were so many wrong ones that none is looked at any more.
    Spent,
}

/// A stored password that was made anew with today's parameters.
#[derive(Debug)]
pub struct Rehash {
    /// As it is stored.
    pub old: PasswordHash,
    /// As it shall be.
    pub new: PasswordHash,
}
