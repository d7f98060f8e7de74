//! What is written down about every act, for six years (45 CFR 164.316(b)(2)).
//!
//! A line says what happened, when, to which record and by whom. It never holds
//! a name, an address, a number, a code or a password; lines are committed
//! together with the change that they record, and each is linked to the one
//! before it, so that `audit verify` finds any change.

mod chain;
mod event;
mod verify;

pub use chain::{Chain, Head, Line, NoHead};
pub use event::Event;
pub use verify::{Broken, Verifier};

use crate::account::AccountId;
use crate::crypto::KeyId;
use crate::staff::StaffId;

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

    /// That a staff user had the trail looked over, and it was whole up to this line.
    pub(crate) fn verified(last: &Head, staff: StaffId) -> Self {
        Self {
            actor: Some(staff.0),
            ..Self::of_line(Event::TrailVerified, last)
        }
    }

    fn of_line(event: Event, line: &Head) -> Self {
        Self::about(event, i128::from(line.seq).to_be_bytes())
    }
}
