//! One act and what came of it: what the properties look at.

use jiff::Timestamp;
use protocol::{FieldProblems, FlowKind, ProblemCode, StepName};

use super::acts::Act;
use super::house::{Counted, House};
use crate::flow::Effect;

/// What a person is told who is not let on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Refused {
    Expired,
    WrongStep,
    Fields(FieldProblems),
    Problem(ProblemCode),
    TooSoon(u32),
}

/// The effects of what was committed, or why nothing was.
pub(super) type Outcome = Result<Vec<Effect>, Refused>;

/// A flow as it can be seen from outside.
#[derive(Clone, Debug)]
pub(super) struct Seen {
    pub(super) kind: FlowKind,
    pub(super) step: StepName,
    pub(super) progress: u8,
    pub(super) tries: Counted,
    pub(super) kept: String,
    pub(super) at: Timestamp,
    pub(super) expires_at: Timestamp,
}

impl Seen {
    pub(super) fn of(house: &House) -> Self {
        let state = house.state();
        Self {
            kind: state.kind(),
            step: state.step(house.now).name(),
            progress: state.progress().step,
            tries: house.tries,
            kept: house.kept().to_owned(),
            at: house.now,
            expires_at: house.expires_at,
        }
    }
}

#[derive(Debug)]
pub(super) struct Record {
    pub(super) act: Act,
    pub(super) before: Seen,
    pub(super) after: Seen,
    /// Nothing for acts that do not touch the flow.
    pub(super) outcome: Option<Outcome>,
}

impl Record {
    pub(super) fn effects(&self) -> &[Effect] {
        match &self.outcome {
            Some(Ok(effects)) => effects,
            _ => &[],
        }
    }

    pub(super) const fn is_accepted(&self) -> bool {
        matches!(self.outcome, Some(Ok(_)))
    }
}
