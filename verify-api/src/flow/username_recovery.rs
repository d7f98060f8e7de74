//! Username recovery: personal information, then an email.
//!
//! The flow ends the same way for everyone. Whether the details match an
//! account is found out when the email is to be written, never here.

use jiff::Timestamp;
use protocol::{Answer, Field, FieldProblem, Progress, Step};
use serde::{Deserialize, Serialize};

use super::{About, Effect, Refusal, Verdict, out_of_step};
use crate::audit::Event;

/// Where the recovery of a username stands.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum State {
    /// Says who they are.
    PersonalInfo,
    /// Is told to look in their email.
    CheckEmail,
}

impl State {
    pub(super) const fn step(&self) -> Step {
        match self {
            Self::PersonalInfo => Step::PersonalInfo,
            Self::CheckEmail => Step::CheckEmail,
        }
    }

    pub(super) const fn progress(&self) -> Progress {
        let step = match self {
            Self::PersonalInfo => 1,
            Self::CheckEmail => 2,
        };
        Progress { step, of: 2 }
    }

    pub(super) fn answer(&self, answer: &Answer, now: Timestamp) -> Verdict {
        let (Self::PersonalInfo, Answer::PersonalInfo(info)) = (self, answer) else {
            return out_of_step();
        };
        if info.birth_date.is_after(super::utc_date(now)) {
            return Refusal::field(Field::BirthDate, FieldProblem::FutureDate).into();
        }
        Verdict::Advance {
            state: super::State::UsernameRecovery(Self::CheckEmail),
            effects: vec![
                Effect::SendUsername(info.clone()),
                Effect::Audit(Event::UsernameRecoveryAsked, About::Flow),
            ],
        }
    }
}
