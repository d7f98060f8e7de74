//! The end of an account: the password once more, and the username typed by whoever means it.
//! The clinic's record of the patient is not touched.
//!
//! It must not know who is signed in, nor what is kept of an account that has ended.

use jiff::SignedDuration;
use protocol::{Answer, Field, FieldProblem, Progress, Step};
use serde::{Deserialize, Serialize};

use super::{
    About, Effect, Fact, Passed, Question, Refusal, Subject, Verdict, confirm, out_of_step,
    patience,
};
use crate::audit::Event;
use crate::crypto::redact;

/// Where a deactivation stands.
#[derive(Clone, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum State {
    /// Types the password once more.
    Password,
    /// Is told what it means, and types the username.
    Confirm {
        /// Whose password was right.
        passed: Passed,
    },
    /// It is done.
    Done,
}

redact!(State);

impl State {
    pub(super) const fn step(&self) -> Step {
        match self {
            Self::Password => confirm::step(),
            Self::Confirm { .. } => Step::Confirm,
            Self::Done => Step::Done { username: None },
        }
    }

    pub(super) const fn progress(&self) -> Progress {
        let step = match self {
            Self::Password => 1,
            Self::Confirm { .. } | Self::Done => 2,
        };
        Progress { step, of: 2 }
    }

    pub(super) fn subject(&self) -> Option<Subject> {
        match self {
            Self::Confirm { passed } => Some(Subject::Account(passed.account)),
            Self::Password | Self::Done => None,
        }
    }

    pub(super) const fn patience(&self) -> SignedDuration {
        match self {
            Self::Confirm { .. } => patience::PROVEN,
            Self::Password | Self::Done => patience::ORDINARY,
        }
    }

    pub(super) fn answer(&self, answer: &Answer, fact: Option<&Fact>) -> Verdict {
        match (self, answer) {
            (Self::Password, Answer::Password(typed)) => confirm::check(typed, fact, |passed| {
                super::State::Deactivation(Self::Confirm { passed })
            }),
            (Self::Confirm { passed }, Answer::Confirm(typed)) => match fact {
                None => Verdict::Ask(Question::OwnUsername(typed.clone())),
                Some(Fact::OwnUsername(true)) => Verdict::Advance {
                    state: super::State::Deactivation(Self::Done),
                    effects: vec![
                        Effect::Deactivate(*passed),
                        Effect::Audit(Event::AccountDeactivated, About::Account(passed.account)),
                    ],
                },
                Some(Fact::OwnUsername(false)) => {
                    Refusal::field(Field::Username, FieldProblem::WrongUsername).into()
                }
                Some(_) => out_of_step(),
            },
            _ => out_of_step(),
        }
    }
}
