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
    /// The same, after the patient has closed their account.
    AccountClosed,
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
            Self::AccountClosed => "account-closed",
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
            return match found.closed_at {
                Some(_) => Self::AccountClosed,
                None => Self::NotInvited,
            };
        };
        let spent = u32::from(TRIES);
        if invitation.expires_at <= now {
            Self::RanOut
        } else if is_told(Event::PhoneProven) {
            Self::Proven
        } else if invitation.phone_tries >= spent {
            // Somebody may have given the right phone, gone back and given others.
            Self::PhoneSpent
        } else if is_told(Event::CodeAsked) {
            Self::AtCode
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::account::AccountId;
    use crate::crypto::Sealed;
    use crate::flow::InvitationId;
    use crate::patient::PatientId;
    use crate::store::{DeskInvitation, FoundAccount};

    const PATIENT: PatientId = PatientId([1; 16]);

    fn now() -> Timestamp {
        Timestamp::from_second(1_000).unwrap()
    }

    /// Whoever has an invitation that ends in a second, with wrong answers and phones.
    fn invited(identity_tries: u32, phone_tries: u32, events: &[Event]) -> FoundVisit {
        let invitation = DeskInvitation {
            id: InvitationId([2; 16]),
            expires_at: Timestamp::from_second(1_001).unwrap(),
            is_open: true,
            identity_tries,
            phone_tries,
            message: None,
        };
        FoundVisit {
            patient: PATIENT,
            record: Sealed(Vec::new()),
            documents: None,
            invitation: Some(invitation),
            account: None,
            closed_at: None,
            events: events.iter().map(|it| it.as_str().to_owned()).collect(),
            codes: Vec::new(),
        }
    }

    fn state(found: &FoundVisit) -> PatientState {
        PatientState::of(found, Standing::Current, now())
    }

    #[test]
    fn what_has_come_last_is_told() {
        let opened = [Event::InvitationOpened];
        let matched = [Event::InvitationOpened, Event::IdentityMatched];
        let asked = [&matched[..], &[Event::CodeAsked]].concat();
        let proven = [&asked[..], &[Event::PhoneProven]].concat();
        for (identity, phone, events, expected) in [
            (0, 0, &[][..], PatientState::Invited),
            (0, 0, &opened, PatientState::Opened),
            (4, 0, &opened, PatientState::Opened),
            (5, 0, &opened, PatientState::QuestionsSpent),
            (4, 0, &matched, PatientState::AtPhone),
            (5, 0, &matched, PatientState::AtPhone),
            (0, 1, &matched, PatientState::OtherPhone),
            (0, 4, &matched, PatientState::OtherPhone),
            (0, 5, &matched, PatientState::PhoneSpent),
            (0, 4, &asked, PatientState::AtCode),
            (0, 5, &asked, PatientState::PhoneSpent),
            (0, 5, &proven, PatientState::Proven),
        ] {
            let found = invited(identity, phone, events);
            assert_eq!(state(&found), expected, "{identity} {phone} {events:?}");
        }
    }

    #[test]
    fn an_invitation_that_works_no_more_is_none() {
        let mut found = invited(5, 5, &[Event::PhoneProven]);
        let invitation = found.invitation.as_mut().unwrap();
        invitation.expires_at = now();
        assert_eq!(state(&found), PatientState::RanOut);
        found.invitation.as_mut().unwrap().is_open = false;
        assert_eq!(state(&found), PatientState::NotInvited);
        found.invitation = None;
        assert_eq!(state(&found), PatientState::NotInvited);
    }

    #[test]
    fn a_closed_account_is_told_until_there_is_an_invitation() {
        let mut found = invited(0, 0, &[]);
        found.closed_at = Some(now());
        assert_eq!(state(&found), PatientState::Invited);
        found.invitation.as_mut().unwrap().is_open = false;
        assert_eq!(state(&found), PatientState::AccountClosed);
        assert!(state(&found).can_be_invited());
        let closed = PatientState::of(&found, Standing::Inactive, now());
        assert_eq!(closed, PatientState::Closed);
    }

    #[test]
    fn an_account_comes_first_and_a_closed_record_after_it() {
        let mut found = invited(0, 0, &[]);
        let closed = [Standing::Deceased, Standing::Inactive, Standing::Replaced];
        for standing in closed {
            let state = PatientState::of(&found, standing, now());
            assert_eq!(state, PatientState::Closed);
        }
        found.account = Some(FoundAccount {
            id: AccountId([3; 16]),
            sealed: Sealed(Vec::new()),
            patient: PATIENT,
            patient_sealed: Sealed(Vec::new()),
        });
        for standing in closed.into_iter().chain([Standing::Current]) {
            let state = PatientState::of(&found, standing, now());
            assert_eq!(state, PatientState::Done);
            assert!(!state.can_be_invited());
        }
    }
}
