//! What is written down about every act, for six years (45 CFR 164.316(b)(2)).
//!
//! A line says what happened, when, to which record and by whom. It never holds
//! a name, an address, a number, a code or a password; lines are committed
//! together with the change that they record, and each is linked to the one
//! before it, so that `audit verify` finds any change.

mod chain;
mod verify;

pub use chain::{Chain, Head, Line, NoHead};
pub use verify::{Broken, Verifier};

use crate::account::AccountId;
use crate::crypto::KeyId;
use crate::staff::StaffId;

/// Something that happened.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Event {
    /// A staff user was added.
    StaffAdded,
    /// A staff user has set up what they sign in with.
    StaffSetUp,
    /// What a staff user signs in with was taken away, and they were given a new link.
    StaffReset,
    /// A staff user was disabled.
    StaffDisabled,
    /// A staff user was given another role.
    StaffRoleChanged,
    /// A staff user signed in.
    StaffSignedIn,
    /// A staff user signed out.
    StaffSignedOut,
    /// The fifth try in a row to sign in as somebody of the staff was counted: the next must
    /// wait. It is counted before it is looked at, so a right one may have followed.
    StaffSignInWaits,
    /// The hundredth was: none is looked at any more.
    StaffSignInStopped,
    /// A staff user looked a patient up, who has come to the desk.
    PatientLookedUp,
    /// A staff user looked a patient up, and nobody has the number.
    PatientNotFound,
    /// A staff user looked up more patients than one may in an hour: the next was not shown. It is
    /// written down once an hour.
    LookupsOverBudget,
    /// Documents of a patient were seen at the desk.
    PatientChecked,
    /// Staff noted that somebody acts for a patient.
    ProxyNoted,
    /// Staff ended that, and with it an open invitation.
    ProxyEnded,
    /// Staff ended an open invitation.
    InvitationCancelled,
    /// Staff ended the stop after a hundred wrong codes about an account, in person.
    StopLifted,
    /// A patient record was imported or updated.
    PatientImported,
    /// An import came to its end; the subject counts its records.
    ImportEnded,
    /// The open invitation of a patient ended, since they have died, are no patient any
    /// more, or have another record.
    InvitationWithdrawn,
    /// Patients were searched for by name and birth date; the subject counts those who were
    /// shown.
    PatientsSearched,
    /// Staff invited a patient after checking who they are in person.
    PatientInvited,
    /// An invitation's code was typed.
    InvitationOpened,
    /// The identity questions were answered as the record has them.
    IdentityMatched,
    /// A code was asked for.
    CodeAsked,
    /// The fifth code in a row about somebody was counted: the next must wait. It is
    /// counted before it is looked at, so a right one may have followed.
    CodesWait,
    /// The hundredth code in a row about somebody was counted: no other is looked at.
    CodesStopped,
    /// The last try at an invitation's identity questions or phone was counted.
    InvitationTriesSpent,
    /// The phone on file was proven by a code.
    PhoneProven,
    /// A changed email was proven by a code.
    EmailProven,
    /// The email on file was confirmed.
    EmailConfirmed,
    /// An account was made.
    Enrolled,
    /// Somebody asked for a username.
    UsernameRecoveryAsked,
    /// Details fitted more than one account: staff should have a look.
    UsernameRecoveryAmbiguous,
    /// A username was shown to the holder of the emailed link.
    UsernameShown,
    /// Somebody asked for another password.
    PasswordResetAsked,
    /// The code of a reset was right.
    PasswordResetProven,
    /// The emailed link that leads past the code of a reset was used.
    ResetLinkUsed,
    /// The password was changed.
    PasswordChanged,
    /// A phone was linked to the account: another one, or the same once more.
    PhoneChanged,
    /// The email of an account was changed: to another one, or to the same once more.
    EmailChanged,
    /// An account was deactivated by its owner, for good.
    AccountDeactivated,
    /// Somebody signed in.
    SignedIn,
    /// A password was typed for a username after five wrong ones in a row.
    SignInGuessed,
    /// A code to sign in with was typed after five wrong ones in a row: somebody may know
    /// the password.
    SignInCodesGuessed,
    /// A password was typed after a hundred: no password signs in, until there is a new one.
    SignInStopped,
    /// The last password that may be typed once more in a session was counted. It is counted
    /// before it is looked at, so it may have been the right one.
    ConfirmTriesSpent,
    /// Somebody signed out.
    SignedOut,
    /// Somebody ended all their sessions.
    SignedOutEverywhere,
    /// A provider was added from the shell.
    ProviderAdded,
    /// Which features a provider uses was changed from the shell.
    ProviderChanged,
    /// A provider was given another key, and the one before ended.
    ProviderKeyMade,
    /// A provider was retired: the key and all connections ended.
    ProviderRetired,
    /// The system of a practice asked that a patient be invited, who may not be there.
    ConnectionAsked,
    /// It asked that such an invitation end.
    WithdrawalAsked,
    /// A provider, or staff for one, invited the owner of an account.
    ConnectionInvited,
    /// A provider, or staff, took such an invitation back.
    ConnectionWithdrawn,
    /// The owner of an account accepted one.
    ConnectionAccepted,
    /// The owner of an account declined one.
    ConnectionDeclined,
    /// The owner of an account ended a connection.
    ConnectionEnded,
    /// A message could not be delivered.
    MessageDead,
    /// A message was not sent: a budget of what leaves was used up.
    MessageOverBudget,
    /// Lines older than the law asks for were removed; the subject counts up to
    /// which.
    AuditShortened,
    /// A message left, and its provider reported that it did not arrive.
    MessageUndelivered,
    /// Records are sealed with another key from now on; the subject is its number.
    KeyAdded,
    /// A key that no record needs any more was erased; the subject is its number.
    KeyErased,
    /// All keys were put into the wrapping of another master key.
    KeysRewrapped,
    /// A message that was given up was queued once more from the shell.
    MessageRetried,
    /// A backup took the place of the database; the subject counts up to which line
    /// its trail went. What happened since then is forgotten.
    DatabaseRestored,
}

impl Event {
    /// The name under which it is stored.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::StaffAdded => "staff-added",
            Self::StaffSetUp => "staff-set-up",
            Self::StaffReset => "staff-reset",
            Self::StaffDisabled => "staff-disabled",
            Self::StaffRoleChanged => "staff-role-changed",
            Self::StaffSignedIn => "staff-signed-in",
            Self::StaffSignedOut => "staff-signed-out",
            Self::StaffSignInWaits => "staff-sign-in-waits",
            Self::StaffSignInStopped => "staff-sign-in-stopped",
            Self::PatientLookedUp => "patient-looked-up",
            Self::PatientNotFound => "patient-not-found",
            Self::LookupsOverBudget => "lookups-over-budget",
            Self::PatientChecked => "patient-checked",
            Self::ProxyNoted => "proxy-noted",
            Self::ProxyEnded => "proxy-ended",
            Self::InvitationCancelled => "invitation-cancelled",
            Self::StopLifted => "stop-lifted",
            Self::PatientImported => "patient-imported",
            Self::ImportEnded => "import-ended",
            Self::InvitationWithdrawn => "invitation-withdrawn",
            Self::PatientsSearched => "patients-searched",
            Self::PatientInvited => "patient-invited",
            Self::InvitationOpened => "invitation-opened",
            Self::IdentityMatched => "identity-matched",
            Self::CodeAsked => "code-asked",
            Self::CodesWait => "codes-wait",
            Self::CodesStopped => "codes-stopped",
            Self::InvitationTriesSpent => "invitation-tries-spent",
            Self::PhoneProven => "phone-proven",
            Self::EmailProven => "email-proven",
            Self::EmailConfirmed => "email-confirmed",
            Self::Enrolled => "enrolled",
            Self::UsernameRecoveryAsked => "username-recovery-asked",
            Self::UsernameRecoveryAmbiguous => "username-recovery-ambiguous",
            Self::UsernameShown => "username-shown",
            Self::PasswordResetAsked => "password-reset-asked",
            Self::PasswordResetProven => "password-reset-proven",
            Self::ResetLinkUsed => "reset-link-used",
            Self::PasswordChanged => "password-changed",
            Self::PhoneChanged => "phone-changed",
            Self::EmailChanged => "email-changed",
            Self::AccountDeactivated => "account-deactivated",
            Self::SignedIn => "signed-in",
            Self::SignInGuessed => "sign-in-guessed",
            Self::SignInCodesGuessed => "sign-in-codes-guessed",
            Self::SignInStopped => "sign-in-stopped",
            Self::ConfirmTriesSpent => "confirm-tries-spent",
            Self::SignedOut => "signed-out",
            Self::SignedOutEverywhere => "signed-out-everywhere",
            Self::ProviderAdded => "provider-added",
            Self::ProviderChanged => "provider-changed",
            Self::ProviderKeyMade => "provider-key-made",
            Self::ProviderRetired => "provider-retired",
            Self::ConnectionAsked => "connection-asked",
            Self::WithdrawalAsked => "withdrawal-asked",
            Self::ConnectionInvited => "connection-invited",
            Self::ConnectionWithdrawn => "connection-withdrawn",
            Self::ConnectionAccepted => "connection-accepted",
            Self::ConnectionDeclined => "connection-declined",
            Self::ConnectionEnded => "connection-ended",
            Self::MessageDead => "message-dead",
            Self::MessageOverBudget => "message-over-budget",
            Self::AuditShortened => "audit-shortened",
            Self::MessageUndelivered => "message-undelivered",
            Self::KeyAdded => "key-added",
            Self::KeyErased => "key-erased",
            Self::KeysRewrapped => "keys-rewrapped",
            Self::MessageRetried => "message-retried",
            Self::DatabaseRestored => "database-restored",
        }
    }
}

/// A line to be written.
#[derive(Clone, Copy, Debug)]
pub struct Entry {
    /// What happened.
    pub event: Event,
    /// The record it happened to: a flow, patient, account, staff or provider id.
    pub subject: [u8; 16],
    /// Who did it, where it was somebody with an account of their own.
    pub actor: Option<[u8; 16]>,
}

impl Entry {
    /// What nobody with an account of their own did to a record.
    pub(crate) const fn about(event: Event, subject: [u8; 16]) -> Self {
        Self {
            event,
            subject,
            actor: None,
        }
    }

    /// What a staff user did about themselves.
    pub(crate) const fn of_staff(event: Event, staff: StaffId) -> Self {
        Self {
            event,
            subject: staff.0,
            actor: Some(staff.0),
        }
    }

    /// That the holder of an emailed link saw the username of an account.
    pub(crate) fn username_shown(account: AccountId) -> Self {
        Self::about(Event::UsernameShown, account.0)
    }

    /// That the holder of an emailed link went past the code of a reset.
    pub(crate) fn reset_link_used(account: AccountId) -> Self {
        Self::about(Event::ResetLinkUsed, account.0)
    }

    /// That an import came to its end: how many records were new, brought up to date, as
    /// they were, and refused, with 32 bits for each.
    pub(crate) fn import_ended(counts: [u64; 4]) -> Self {
        let counts = counts.map(|count| u32::try_from(count).unwrap_or(u32::MAX));
        let subject = counts
            .into_iter()
            .fold(0_u128, |subject, count| subject << 32 | u128::from(count));
        Self::about(Event::ImportEnded, subject.to_be_bytes())
    }

    /// That so many patients were shown to somebody who searched; never for whom.
    pub(crate) fn patients_searched(shown: usize, actor: Option<[u8; 16]>) -> Self {
        let shown = u128::try_from(shown).unwrap_or(u128::MAX);
        Self {
            actor,
            ..Self::about(Event::PatientsSearched, shown.to_be_bytes())
        }
    }

    /// What happened to a key.
    pub(crate) fn key(event: Event, key: KeyId) -> Self {
        Self::about(event, u128::from(key.0).to_be_bytes())
    }

    /// That everything up to a line was removed because of its age.
    pub(crate) fn shortened(last: &Head) -> Self {
        Self::of_line(Event::AuditShortened, last)
    }

    /// That a backup was put in place, whose trail went to this line.
    pub(crate) fn restored(last: &Head) -> Self {
        Self::of_line(Event::DatabaseRestored, last)
    }

    fn of_line(event: Event, line: &Head) -> Self {
        Self::about(event, i128::from(line.seq).to_be_bytes())
    }
}
