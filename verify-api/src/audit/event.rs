//! Which events are written down: each with the name under which it is stored.
//!
//! There is one list, from which the type and its names are made. It must not know who is told
//! of an event, nor in which words.

macro_rules! events {
    ($($(#[$doc:meta])* $name:ident = $text:literal,)*) => {
        /// Something that happened.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub enum Event {
            $($(#[$doc])* $name,)*
        }

        impl Event {
            /// All of them.
            pub const ALL: &[Self] = &[$(Self::$name),*];

            /// The name under which it is stored.
            pub const fn as_str(self) -> &'static str {
                match self {
                    $(Self::$name => $text,)*
                }
            }
        }
    };
}

events! {
    /// A staff user was added.
    StaffAdded = "staff-added",
    /// Somebody went on from the link by which a staff user sets up what they sign in with: the key
    /// of an app was shown in their browser.
    StaffSetUpBegun = "staff-set-up-begun",
    /// A staff user has set up what they sign in with.
    StaffSetUp = "staff-set-up",
    /// What a staff user signs in with was taken away, and they were given a new link.
    StaffReset = "staff-reset",
    /// A staff user was disabled.
    StaffDisabled = "staff-disabled",
    /// A staff user was given another role.
    StaffRoleChanged = "staff-role-changed",
    /// A staff user signed in.
    StaffSignedIn = "staff-signed-in",
    /// A staff user signed out, or somebody signed in where they still were.
    StaffSignedOut = "staff-signed-out",
    /// The fifth try in a row to sign in as somebody of the staff was counted: the next must
    /// wait. It is counted before it is looked at, so a right one may have followed.
    StaffSignInWaits = "staff-sign-in-waits",
    /// The hundredth was: none is looked at any more.
    StaffSignInStopped = "staff-sign-in-stopped",
    /// A staff user looked a patient up, who has come to the desk.
    PatientLookedUp = "patient-looked-up",
    /// A staff user looked a patient up, and nobody has the number.
    PatientNotFound = "patient-not-found",
    /// A staff user looked up more patients than one may in an hour: the next was not shown. It is
    /// written down once an hour.
    LookupsOverBudget = "lookups-over-budget",
    /// Documents of a patient were seen at the desk.
    PatientChecked = "patient-checked",
    /// Staff noted that somebody acts for a patient, and ended an open invitation with it.
    ProxyNoted = "proxy-noted",
    /// Staff ended that, and with it an open invitation and the sessions of the account.
    ProxyEnded = "proxy-ended",
    /// Staff ended an open invitation.
    InvitationCancelled = "invitation-cancelled",
    /// Staff ended the stop after a hundred wrong codes about an account, in person.
    StopLifted = "stop-lifted",
    /// A patient record was imported or updated.
    PatientImported = "patient-imported",
    /// An import came to its end; the subject counts its records.
    ImportEnded = "import-ended",
    /// The open invitation of a patient ended with an import, since they have died, are no
    /// patient any more, have another record, or cannot be invited by another birth date.
    InvitationWithdrawn = "invitation-withdrawn",
    /// Patients were searched for by name and birth date; the subject counts those who were
    /// shown.
    PatientsSearched = "patients-searched",
    /// Staff invited a patient after checking who they are in person.
    PatientInvited = "patient-invited",
    /// An invitation's code was typed.
    InvitationOpened = "invitation-opened",
    /// The identity questions were answered as the record has them.
    IdentityMatched = "identity-matched",
    /// A code was asked for.
    CodeAsked = "code-asked",
    /// The fifth code in a row about somebody was counted: the next must wait. It is
    /// counted before it is looked at, so a right one may have followed.
    CodesWait = "codes-wait",
    /// The hundredth code in a row about somebody was counted: no other is looked at.
    CodesStopped = "codes-stopped",
    /// The last try at an invitation's identity questions or phone was counted.
    InvitationTriesSpent = "invitation-tries-spent",
    /// The phone on file was proven by a code.
    PhoneProven = "phone-proven",
    /// A changed email was proven by a code.
    EmailProven = "email-proven",
    /// The email on file was confirmed.
    EmailConfirmed = "email-confirmed",
    /// An account was made.
    Enrolled = "enrolled",
    /// Somebody asked for a username.
    UsernameRecoveryAsked = "username-recovery-asked",
    /// Details fitted more than one account: staff should have a look.
    UsernameRecoveryAmbiguous = "username-recovery-ambiguous",
    /// A username was shown to the holder of the emailed link.
    UsernameShown = "username-shown",
    /// Somebody asked for another password.
    PasswordResetAsked = "password-reset-asked",
    /// The code of a reset was right.
    PasswordResetProven = "password-reset-proven",
    /// The emailed link that leads past the code of a reset was used.
    ResetLinkUsed = "reset-link-used",
    /// The password was changed.
    PasswordChanged = "password-changed",
    /// A phone was linked to the account: another one, or the same once more.
    PhoneChanged = "phone-changed",
    /// The email of an account was changed: to another one, or to the same once more.
    EmailChanged = "email-changed",
    /// An account was deactivated by its owner, for good.
    AccountDeactivated = "account-deactivated",
    /// Somebody signed in.
    SignedIn = "signed-in",
    /// A password was typed for a username after five wrong ones in a row.
    SignInGuessed = "sign-in-guessed",
    /// A code to sign in with was typed after five wrong ones in a row: somebody may know
    /// the password.
    SignInCodesGuessed = "sign-in-codes-guessed",
    /// A password was typed after a hundred: no password signs in, until there is a new one.
    SignInStopped = "sign-in-stopped",
    /// The last password that may be typed once more in a session was counted. It is counted
    /// before it is looked at, so it may have been the right one.
    ConfirmTriesSpent = "confirm-tries-spent",
    /// Somebody signed out.
    SignedOut = "signed-out",
    /// Somebody ended all their sessions.
    SignedOutEverywhere = "signed-out-everywhere",
    /// A provider was added from the shell.
    ProviderAdded = "provider-added",
    /// Which features a provider uses was changed from the shell.
    ProviderChanged = "provider-changed",
    /// A provider was given another key, and the one before ended.
    ProviderKeyMade = "provider-key-made",
    /// A provider was retired: the key and all connections ended.
    ProviderRetired = "provider-retired",
    /// The system of a practice asked that a patient be invited, who may not be there.
    ConnectionAsked = "connection-asked",
    /// It asked that such an invitation end.
    WithdrawalAsked = "withdrawal-asked",
    /// The owner of an account was not invited with the key of a provider: the key was replaced
    /// since, or taken away by retiring the provider or restoring a backup.
    ConnectionDropped = "connection-dropped",
    /// A provider, or staff for one, invited the owner of an account.
    ConnectionInvited = "connection-invited",
    /// A provider, or staff, took such an invitation back.
    ConnectionWithdrawn = "connection-withdrawn",
    /// The owner of an account accepted one.
    ConnectionAccepted = "connection-accepted",
    /// The owner of an account declined one.
    ConnectionDeclined = "connection-declined",
    /// The owner of an account ended a connection.
    ConnectionEnded = "connection-ended",
    /// Which provider the line before is about, as the actor, where somebody else did it.
    ConnectionProvider = "connection-provider",
    /// A message could not be delivered.
    MessageDead = "message-dead",
    /// A message was not sent: a budget of what leaves was used up.
    MessageOverBudget = "message-over-budget",
    /// Lines older than the law asks for were removed; the subject counts up to
    /// which.
    AuditShortened = "audit-shortened",
    /// A message left, and its provider reported that it did not arrive.
    MessageUndelivered = "message-undelivered",
    /// Records are sealed with another key from now on; the subject is its number.
    KeyAdded = "key-added",
    /// A key that no record needs any more was erased; the subject is its number.
    KeyErased = "key-erased",
    /// All keys were put into the wrapping of another master key.
    KeysRewrapped = "keys-rewrapped",
    /// A message that was given up was queued once more from the shell.
    MessageRetried = "message-retried",
    /// A backup took the place of the database; the subject counts up to which line
    /// its trail went. What happened since then is forgotten.
    DatabaseRestored = "database-restored",
    /// A staff user read the trail. The subject is the record or the staff user whose lines were
    /// asked for, or else the end of the name of the kind; nought where everything was.
    TrailSearched = "trail-searched",
    /// The same, and took what was found away as a file.
    TrailDownloaded = "trail-downloaded",
    /// A staff user had the trail looked over, which was whole; the subject counts up to which
    /// line.
    TrailVerified = "trail-verified",
}

impl Event {
    /// The event of a stored name.
    pub fn named(name: &str) -> Option<Self> {
        let mut all = Self::ALL.iter().copied();
        all.find(|event| event.as_str() == name)
    }

    /// What stands for the event where a subject is asked for: the end of its name, which
    /// differs from that of every other.
    pub(crate) fn as_subject(self) -> [u8; 16] {
        let mut subject = [0; 16];
        let name = self.as_str().as_bytes().iter().rev();
        for (to, from) in subject.iter_mut().rev().zip(name) {
            *to = *from;
        }
        subject
    }

    /// The event that such a subject stands for.
    pub(crate) fn of_subject(subject: &[u8; 16]) -> Option<Self> {
        let mut all = Self::ALL.iter().copied();
        all.find(|event| event.as_subject() == *subject)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_event_is_read_by_the_name_that_it_is_stored_under() {
        for event in Event::ALL {
            assert_eq!(Event::named(event.as_str()), Some(*event));
            assert_eq!(Event::of_subject(&event.as_subject()), Some(*event));
        }
        assert_eq!(Event::named("nothing"), None);
        assert_eq!(Event::of_subject(&[0; 16]), None);
    }
}
