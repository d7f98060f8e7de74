//! A try at one of a flow's codes, and what it is compared with.
//!
//! It must not know what was typed.

use jiff::Timestamp;

use super::FlowId;
use crate::account::AccountId;
use crate::audit::Event;
use crate::crypto::Digest;
use crate::flow::CodeFor;
use crate::limits::ladder::{Counted, Guessing};

/// A try at one of a flow's codes.
#[derive(Clone, Copy, Debug)]
pub struct Guess {
    /// The flow.
    pub flow: FlowId,
    /// The version at which the flow asked for it: what is counted, and against whom,
    /// follows from where the flow stands.
    pub version: i64,
    /// What the code should prove.
    pub purpose: CodeFor,
    /// Tries at all codes of the flow for this purpose.
    pub limit: u8,
    /// The row in which it is counted as a failure.
    pub ladder: Digest,
    /// The username that it is about, where it is about one: the audit trail names
    /// its account, also while the code is still on its way.
    pub username: Option<Digest>,
    /// Whose password was right before it, where one is asked for.
    pub account: Option<AccountId>,
    /// When it is made.
    pub at: Timestamp,
}

/// What a try at a code is compared with.
#[derive(Debug)]
pub struct Challenge {
    /// The keyed hash of the code; nothing while the message is still being made.
    pub code: Option<Digest>,
    /// The account that the code was sent for, where it was sent for one.
    pub account: Option<AccountId>,
    /// When the code stops working.
    pub expires_at: Timestamp,
    /// Tries that the flow still has after this one.
    pub tries_left: u8,
}

impl Guess {
    /// What is written down about it: behind a wrong password it is about nobody.
    pub(super) fn event(&self, counted: Counted) -> Option<Event> {
        let guessing = self.guessing();
        let is_about_nobody = guessing.is_hidden() && self.account.is_none();
        counted.event(guessing).filter(|_| !is_about_nobody)
    }

    /// What is guessed at.
    pub(super) const fn guessing(&self) -> Guessing {
        Guessing::of_code(self.purpose)
    }
}

impl Challenge {
    /// The same, where no code fits after a stop that nobody is told of.
    pub(super) fn once_counted(self, counted: Counted) -> Self {
        let code = self.code.filter(|_| !counted.is_stopped());
        Self { code, ..self }
    }
}
