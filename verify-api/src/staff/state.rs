//! How far a patient has come, as the desk tells it.
//!
//! It must not know how it is shown.

use jiff::Timestamp;

use crate::audit::Event;
use crate::flow::enrollment::TRIES;
use crate::patient::Standing;
use crate::store::FoundVisit;

/// How far a patient has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PatientState {
    /// The record is of nobody who can be invited.
    Closed,
    /// There is no invitation that works.
    NotInvited,
    /// The invitation has run out.
    RanOut,
    /// An invitation is out, and nobody has typed it.
    Invited,
    /// It was typed.
    Opened,
    /// Its questions were answered wrongly until no try was left.
    QuestionsSpent,
    /// The questions were answered, and no phone was given yet.
    AtPhone,
    /// A phone was given that is not the one on file.
    OtherPhone,
    /// The same, until no try was left.
    PhoneSpent,
    /// A code was sent to the phone on file.
    AtCode,
    /// The phone was proven, and there is no account yet.
    Proven,
    /// There is an account.
    Done,
}

impl PatientState {
    /// The name of it in keys of texts.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Closed => "closed",
            Self::NotInvited => "not-invited",
            Self::RanOut => "ran-out",
            Self::Invited => "invited",
            Self::Opened => "opened",
            Self::QuestionsSpent => "questions-spent",
            Self::AtPhone => "at-phone",
            Self::OtherPhone => "other-phone",
            Self::PhoneSpent => "phone-spent",
            Self::AtCode => "at-code",
            Self::Proven => "proven",
            Self::Done => "done",
        }
    }

    /// Whether somebody can be invited who has come so far.
    pub const fn can_be_invited(self) -> bool {
        !matches!(self, Self::Closed | Self::Done)
    }

    /// What follows from what is on file.
    pub(crate) fn of(found: &FoundVisit, standing: Standing, now: Timestamp) -> Self {
        let is_told = |event: Event| found.events.iter().any(|it| it == event.as_str());
        if found.account.is_some() {
            return Self::Done;
        }
        if !standing.is_current() {
            return Self::Closed;
        }
        let Some(invitation) = found.invitation.as_ref().filter(|it| it.is_open) else {
            return Self::NotInvited;
        };
        let spent = u32::from(TRIES);
        if invitation.expires_at <= now {
            Self::RanOut
        } else if is_told(Event::PhoneProven) {
            Self::Proven
        } else if is_told(Event::CodeAsked) {
            Self::AtCode
        } else if invitation.phone_tries >= spent {
            Self::PhoneSpent
        } else if invitation.phone_tries > 0 {
            Self::OtherPhone
        } else if is_told(Event::IdentityMatched) {
            Self::AtPhone
        } else if invitation.identity_tries >= spent {
            Self::QuestionsSpent
        } else if is_told(Event::InvitationOpened) {
            Self::Opened
        } else {
            Self::Invited
        }
    }
}
