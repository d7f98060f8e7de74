//! An account of what has really been proven, kept beside the engine.
//!
//! It knows what was typed and whether that was true, and has numbers of its own
//! for how long and how often something holds. It must not look at the engine's
//! state, nor use the engine's constants: it is there to disagree.

mod coming_back;
mod effects;
mod proof;
mod weigh;

use jiff::{SignedDuration, Timestamp};
use protocol::{Channel, FlowKind, StepName};

use self::proof::Proof;
use super::acts::{self, Start, Way};
use super::house::{Counted, House, Invitation, Sent, account_of, index};
use super::record::Seen;
use crate::account::AccountId;
use crate::flow::CodeFor;

const TRIES: u8 = 5;
/// After so many wrong passwords one alone is not enough.
const GUESSED: u8 = 5;
const COOLDOWN: SignedDuration = SignedDuration::from_secs(60);
/// How long after the phone was proven its owner is taken to be there.
const PRESENCE: SignedDuration = SignedDuration::from_mins(15);

const fn lifetime(channel: Channel) -> SignedDuration {
    match channel {
        Channel::Email => SignedDuration::from_hours(24),
        Channel::Text | Channel::Call => SignedDuration::from_mins(10),
    }
}

/// What has been shown so far and not been taken back.
#[derive(Clone, Debug, Default)]
#[expect(clippy::struct_excessive_bools, reason = "each is a proof by itself")]
pub(super) struct Ledger {
    invitation: bool,
    identity: bool,
    phone: bool,
    /// When whoever has proven the phone was last seen to be there.
    phone_proven: Option<Timestamp>,
    address: Option<String>,
    email_proven: bool,
    credentials: Option<String>,
    username: Option<String>,
    reset: Option<AccountId>,
    password: bool,
    personal_info: bool,
    sign_in: Option<SignIn>,
    /// Whether whoever is signed in has typed their password once more.
    confirmed: bool,
    new_phone: Option<String>,
    new_phone_proven: bool,
    /// Whether it is the email that whoever is signed in changes.
    changes_email: bool,
    changed_email: Option<String>,
    changed_email_proven: bool,
    own_username: bool,
    /// Passwords in a row, before those that were typed last.
    passwords_before: u8,
    used_codes: Vec<String>,
    /// Guesses, as they should be counted.
    pub(super) guesses: Counted,
}

/// A password that led on, and what else was shown.
#[derive(Clone, Copy, Debug)]
struct SignIn {
    account: Option<AccountId>,
    needs_code: bool,
    code: bool,
}

impl SignIn {
    /// Whose session may begin.
    fn proven(self) -> Option<AccountId> {
        self.account.filter(|_| self.code || !self.needs_code)
    }
}

impl Ledger {
    pub(super) fn new(start: Start) -> Self {
        match start {
            Start::GuessedSignIn => Self {
                guesses: Counted {
                    passwords: GUESSED,
                    ..Counted::default()
                },
                ..Self::default()
            },
            Start::ResetLink => Self {
                username: Some(acts::USERNAME.to_owned()),
                reset: account_of(acts::USERNAME),
                ..Self::default()
            },
            Start::Flow(kind) => Self {
                changes_email: kind == FlowKind::EmailChange,
                ..Self::default()
            },
            Start::PaperInvitation => Self::default(),
        }
    }

    /// Whether the phone is proven, so that a code would be for an email.
    pub(super) fn is_about_email(&self) -> bool {
        self.phone_proven.is_some()
    }

    /// What a code would prove now.
    fn awaited(&self) -> CodeFor {
        if self.sign_in.is_some() {
            return CodeFor::SignIn;
        }
        if self.confirmed && self.changes_email {
            return CodeFor::ChangedEmail;
        }
        if self.confirmed {
            return CodeFor::NewPhone;
        }
        match (&self.username, self.phone_proven) {
            (Some(_), _) => CodeFor::Reset,
            (None, None) => CodeFor::Phone,
            (None, Some(_)) => CodeFor::NewEmail,
        }
    }

    /// The newest code that would prove it.
    pub(super) fn latest<'a>(&self, house: &'a House) -> Option<&'a Sent> {
        let purpose = self.awaited();
        house.sent.iter().rev().find(|sent| sent.purpose == purpose)
    }

    /// Whether that one still works for somebody who reads it now.
    pub(super) fn is_code_fresh(&self, house: &House) -> bool {
        self.latest(house)
            .is_some_and(|sent| house.now.duration_since(sent.at) < lifetime(sent.channel))
    }

    pub(super) fn is_present(&self, now: Timestamp) -> bool {
        self.phone_proven
            .is_some_and(|at| now.duration_since(at) <= PRESENCE)
    }

    /// Somebody asks for more time at `step`. Whoever is asked for the email is there then; a
    /// code by email may be waited for by nobody. A clock that was set back makes it no earlier.
    pub(super) fn see(&mut self, step: StepName, now: Timestamp) {
        if step == StepName::Contact && self.is_present(now) {
            self.phone_proven = self.phone_proven.max(Some(now));
        }
    }

    /// Whether somebody has proven the phone, too long ago to change the email.
    pub(super) fn has_left(&self, now: Timestamp) -> bool {
        self.phone_proven.is_some() && !self.is_present(now)
    }

    /// Counts `times` answers as guesses, if they guess at something.
    pub(super) fn count(
        &mut self,
        step: StepName,
        way: Way,
        times: u8,
        seen: &Seen,
        house: &House,
    ) {
        if step != seen.step || house.is_expired() || way == Way::Malformed {
            return;
        }
        if step == StepName::SignIn {
            self.passwords_before = self.guesses.passwords;
            self.guesses.passwords += times;
            return;
        }
        if step == StepName::Password {
            let tries = &mut self.guesses.confirmations;
            *tries = (*tries + times).min(TRIES);
            return;
        }
        let is_open = house.invitation == Invitation::Open;
        let is_real = way != Way::Odd;
        let purpose = self.awaited();
        let tries = match step {
            StepName::Identity if is_open && is_real => &mut self.guesses.identity,
            // Any number may be linked.
            StepName::Phone if self.confirmed => return,
            StepName::Phone if way == Way::Right && self.has_phone_code(house) => return,
            StepName::Phone if is_open && is_real && !self.must_wait(house) => {
                &mut self.guesses.phone
            }
            StepName::Code => &mut self.guesses.codes[index(purpose)],
            _ => return,
        };
        *tries = (*tries + times).min(TRIES);
    }

    fn must_wait(&self, house: &House) -> bool {
        self.latest(house)
            .is_some_and(|sent| house.now.duration_since(sent.at) < COOLDOWN)
    }

    /// Whether somebody has no try left for one thing or another.
    pub(super) fn is_out_of_tries(&self) -> bool {
        let Counted {
            identity,
            phone,
            codes,
            passwords: _,
            confirmations,
        } = self.guesses;
        [identity, phone, confirmations]
            .iter()
            .chain(&codes)
            .any(|tries| *tries >= TRIES)
    }

    /// Enters what an answer has shown that was taken.
    pub(super) fn enter(&mut self, proof: Option<Proof>, house: &House) {
        if matches!(
            proof,
            Some(
                Proof::PhoneCode
                    | Proof::EmailCode
                    | Proof::ResetCode(_)
                    | Proof::SignInCode
                    | Proof::NewPhoneCode
                    | Proof::ChangedEmailCode
            )
        ) {
            self.used_codes
                .extend(self.latest(house).map(|sent| sent.code.clone()));
        }
        match proof {
            None => {}
            Some(Proof::Invitation) => self.invitation = true,
            Some(Proof::Identity) => {
                self.identity = true;
                self.guesses.identity = self.guesses.identity.saturating_sub(1);
            }
            Some(Proof::Phone) => self.phone = true,
            Some(Proof::Confirmation) => {
                self.confirmed = true;
                self.guesses.confirmations = 0;
            }
            Some(Proof::NewPhone(phone)) => self.new_phone = Some(phone),
            Some(Proof::NewPhoneCode) => self.new_phone_proven = true,
            Some(Proof::ChangedEmail(email)) => self.changed_email = Some(email),
            Some(Proof::ChangedEmailCode) => self.changed_email_proven = true,
            Some(Proof::OwnUsername) => self.own_username = true,
            Some(Proof::PhoneCode) => self.phone_proven = Some(house.now),
            Some(Proof::Address(address, by_invitation)) => {
                self.address = Some(address);
                self.email_proven = by_invitation;
            }
            Some(Proof::EmailCode) => self.email_proven = true,
            Some(Proof::Credentials(username)) => self.credentials = Some(username),
            Some(Proof::Username(username)) => self.username = Some(username),
            Some(Proof::ResetCode(account)) => self.reset = Some(account),
            Some(Proof::Password) => self.password = true,
            Some(Proof::PersonalInfo) => self.personal_info = true,
            Some(Proof::SignIn(account)) => {
                // Of two at once the first right one counts.
                let needs_code = self.passwords_before + 1 > GUESSED;
                if account.is_some() && !needs_code {
                    // A right one is given back.
                    self.guesses.passwords -= 1;
                }
                self.sign_in = Some(SignIn {
                    account,
                    needs_code: needs_code || account.is_none(),
                    code: false,
                });
            }
            Some(Proof::SignInCode) => {
                self.sign_in = self.sign_in.map(|it| SignIn { code: true, ..it });
            }
        }
    }

    /// Whoever goes back is asked once more.
    pub(super) fn take_back(&mut self, shown: StepName) {
        match shown {
            StepName::Identity => (self.identity, self.phone) = (false, false),
            StepName::Phone => self.phone = false,
            StepName::Contact => (self.address, self.email_proven) = (None, false),
            StepName::Identify => self.username = None,
            StepName::SignIn => self.sign_in = None,
            _ => {}
        }
    }

    /// Whether the address that a code would go to is one that its owner reads.
    pub(super) fn is_readable(&self) -> bool {
        match self.awaited() {
            CodeFor::Phone => true,
            CodeFor::NewEmail => self.address.as_deref() != Some(acts::MISTYPED_EMAIL),
            CodeFor::Reset => self.username.as_deref() == Some(acts::USERNAME),
            CodeFor::SignIn => self.sign_in.is_some_and(|it| it.account.is_some()),
            CodeFor::NewPhone => self.new_phone.as_deref() == Some(acts::PHONE),
            CodeFor::ChangedEmail => self.changed_email.as_deref() != Some(acts::MISTYPED_EMAIL),
        }
    }

    /// Whether all that was proven must still be seen in the step.
    pub(super) fn keeps_proven(&self, step: StepName) -> bool {
        use StepName as S;
        if self.reset.is_some() {
            return matches!(step, S::NewPassword | S::Done);
        }
        if self.signed_in().is_some() {
            return step == S::Done;
        }
        if self.confirmed {
            let is_done = self.new_phone_proven || self.changed_email_proven || self.own_username;
            return if is_done {
                step == S::Done
            } else {
                matches!(step, S::Phone | S::Contact | S::Code | S::Confirm)
            };
        }
        match (self.phone_proven.is_some(), self.email_proven) {
            (true, true) => matches!(step, S::Credentials | S::Done),
            (true, false) => matches!(step, S::Contact | S::Code),
            (false, _) => true,
        }
    }

    /// Whether the step may be shown.
    pub(super) fn allows(&self, seen: &Seen) -> bool {
        use StepName as S;
        let invited = self.invitation;
        let identified = invited && self.identity;
        let proven = identified && self.phone && self.phone_proven.is_some();
        let reachable = proven && self.email_proven && self.address.is_some();
        match (seen.kind, seen.step) {
            (FlowKind::Enrollment, S::Invitation)
            | (FlowKind::UsernameRecovery, S::PersonalInfo)
            | (FlowKind::PasswordReset, S::Identify)
            | (FlowKind::SignIn, S::SignIn)
            | (
                FlowKind::PhoneChange | FlowKind::EmailChange | FlowKind::Deactivation,
                S::Password,
            ) => true,
            (FlowKind::Deactivation, S::Done) => self.confirmed && self.own_username,
            (FlowKind::EmailChange, S::Code) => self.confirmed && self.changed_email.is_some(),
            (FlowKind::EmailChange, S::Done) => self.confirmed && self.changed_email_proven,
            (FlowKind::Deactivation, S::Confirm)
            | (FlowKind::PhoneChange, S::Phone)
            | (FlowKind::EmailChange, S::Contact) => self.confirmed,
            (FlowKind::PhoneChange, S::Code) => self.confirmed && self.new_phone.is_some(),
            (FlowKind::PhoneChange, S::Done) => self.confirmed && self.new_phone_proven,
            (FlowKind::SignIn, S::Code) => self.sign_in.is_some_and(|it| it.needs_code),
            (FlowKind::SignIn, S::Done) => self.signed_in().is_some(),
            (FlowKind::Enrollment, S::Identity) => invited,
            (FlowKind::Enrollment, S::Phone) => identified,
            (FlowKind::Enrollment, S::Code) if self.phone_proven.is_none() => {
                identified && self.phone
            }
            (FlowKind::Enrollment, S::Contact) => proven,
            (FlowKind::Enrollment, S::Code) => proven && self.address.is_some(),
            (FlowKind::Enrollment, S::Credentials) => reachable,
            (FlowKind::Enrollment, S::Done) => reachable && self.credentials.is_some(),
            (FlowKind::UsernameRecovery, S::CheckEmail) => self.personal_info,
            (FlowKind::PasswordReset, S::Method | S::Code) => self.username.is_some(),
            (FlowKind::PasswordReset, S::NewPassword) => self.is_reset_proven(),
            (FlowKind::PasswordReset, S::Done) => self.is_reset_proven() && self.password,
            _ => false,
        }
    }

    /// Whose session may begin.
    fn signed_in(&self) -> Option<AccountId> {
        self.sign_in.and_then(SignIn::proven)
    }

    fn is_reset_proven(&self) -> bool {
        self.reset.is_some() && self.reset == self.username.as_deref().and_then(account_of)
    }
}
