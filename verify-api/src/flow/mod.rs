//! The flows, as pure functions.
//!
//! A flow is a state. Given an answer (and, where the answer alone is not
//! enough, one fact from outside) it says what comes next: the new state, and
//! the effects that belong to it. Time is an argument; there is no I/O, no
//! clock and no randomness here, and nothing of HTTP, SQL or mail.
//!
//! ```text
//! answer(state, answer, None)        -> Ask(question)        the app finds the fact
//! answer(state, answer, Some(fact))  -> Advance { state, effects }
//!                                     | Refuse(refusal)      the state stays
//! ```
//!
//! One file a kind. Each state is an enum variant that holds the proofs made so
//! far: a later step cannot be built without them.

pub mod code;
pub mod confirm;
mod deactivation;
mod effect;
mod email_change;
pub mod enrollment;
pub mod password_reset;
mod patience;
mod phone_change;
mod question;
mod recipient;
mod sign_in;
mod subject;
pub mod username_recovery;

pub use effect::{About, Effect, NewAccount};
pub use question::{
    Check, CodeFact, Fact, InvitationFact, NoPatient, PasswordFact, Question, Rehash, SignInFact,
    Tried, Tries,
};
pub use recipient::{CodeFor, Recipient};
pub use sign_in::Passed;
pub use subject::{Guessed, Subject};

use jiff::civil::Date;
use jiff::tz::Offset;
use jiff::{SignedDuration, Timestamp};
use protocol::{
    Answer, Channel, Field, FieldProblem, FieldProblems, FlowKind, ProblemCode, Progress, Step,
};
use serde::{Deserialize, Serialize};

use crate::account::AccountId;

/// Where a flow stands.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum State {
    /// See [`enrollment`].
    Enrollment(enrollment::State),
    /// See [`username_recovery`].
    UsernameRecovery(username_recovery::State),
    /// See [`password_reset`].
    PasswordReset(password_reset::State),
    /// From a username and a password to a session, with a code where one is required.
    SignIn(sign_in::State),
    /// Another phone in the place of the one linked to an account.
    PhoneChange(phone_change::State),
    /// Another email in the place of the one on an account.
    EmailChange(email_change::State),
    /// The end of an account.
    Deactivation(deactivation::State),
}

/// Names an invitation without being it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct InvitationId(pub [u8; 16]);

/// What the engine makes of an answer.
#[derive(Debug)]
pub enum Verdict {
    /// The answer cannot be judged without this fact.
    Ask(Question),
    /// The flow goes on, and these effects belong to it.
    Advance {
        /// The new state.
        state: State,
        /// What must be true together with the new state.
        effects: Vec<Effect>,
    },
    /// The answer is not accepted; the state stays as it is.
    Refuse(Refusal),
}

/// Why an answer is not accepted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// Some fields need another look.
    Fields(FieldProblems),
    /// The whole does.
    Problem(ProblemCode),
    /// A guess was wrong, and not the last one.
    Guess {
        /// What is told of it.
        why: WrongGuess,
        /// How many more are looked at.
        tries_left: u8,
    },
    /// It comes too early.
    TooSoon {
        /// Seconds to wait.
        retry_after: u32,
    },
}

/// What is told of a wrong guess: of one field, or of all of them together.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum WrongGuess {
    /// This field.
    Field(Field, FieldProblem),
    /// Which of the fields it is, nobody is told.
    Whole(ProblemCode),
}

impl Refusal {
    fn field(field: Field, problem: FieldProblem) -> Self {
        Self::Fields(FieldProblems::from([(field, problem)]))
    }
}

impl From<Refusal> for Verdict {
    fn from(refusal: Refusal) -> Self {
        Self::Refuse(refusal)
    }
}

impl State {
    /// The first state of a kind.
    pub fn begin(kind: FlowKind) -> Self {
        match kind {
            FlowKind::Enrollment => Self::Enrollment(enrollment::State::Invitation),
            FlowKind::UsernameRecovery => {
                Self::UsernameRecovery(username_recovery::State::PersonalInfo)
            }
            FlowKind::PasswordReset => {
                Self::PasswordReset(password_reset::State::Identify { last_sent: None })
            }
            FlowKind::SignIn => Self::SignIn(sign_in::State::SignIn { last_sent: None }),
            FlowKind::PhoneChange => Self::PhoneChange(phone_change::State::Password),
            FlowKind::EmailChange => Self::EmailChange(email_change::State::Password),
            FlowKind::Deactivation => Self::Deactivation(deactivation::State::Password),
        }
    }

    /// A sign-in that is done before it has begun, of somebody who is signed in.
    pub const fn signed_in() -> Self {
        Self::SignIn(sign_in::State::Done)
    }

    /// The kind of flow.
    pub const fn kind(&self) -> FlowKind {
        match self {
            Self::Enrollment(_) => FlowKind::Enrollment,
            Self::UsernameRecovery(_) => FlowKind::UsernameRecovery,
            Self::PasswordReset(_) => FlowKind::PasswordReset,
            Self::SignIn(_) => FlowKind::SignIn,
            Self::PhoneChange(_) => FlowKind::PhoneChange,
            Self::EmailChange(_) => FlowKind::EmailChange,
            Self::Deactivation(_) => FlowKind::Deactivation,
        }
    }

    /// Whether the session that it was of has ended with it.
    pub(crate) const fn has_ended_session(&self) -> bool {
        matches!(self, Self::Deactivation(deactivation::State::Done))
    }

    /// What is asked now.
    pub fn step(&self, now: Timestamp) -> Step {
        match self {
            Self::Enrollment(state) => state.step(now),
            Self::UsernameRecovery(state) => state.step(),
            Self::PasswordReset(state) => state.step(now),
            Self::SignIn(state) => state.step(now),
            Self::PhoneChange(state) => state.step(now),
            Self::EmailChange(state) => state.step(now),
            Self::Deactivation(state) => state.step(),
        }
    }

    /// How far the flow has come.
    pub const fn progress(&self) -> Progress {
        match self {
            Self::Enrollment(state) => state.progress(),
            Self::UsernameRecovery(state) => state.progress(),
            Self::PasswordReset(state) => state.progress(),
            Self::SignIn(state) => state.progress(),
            Self::PhoneChange(state) => state.progress(),
            Self::EmailChange(state) => state.progress(),
            Self::Deactivation(state) => state.progress(),
        }
    }

    /// The tries without which no answer helps here.
    pub fn tries(&self) -> Vec<Tries> {
        match self {
            Self::Enrollment(state) => state.tries(),
            Self::UsernameRecovery(_) | Self::Deactivation(_) => Vec::new(),
            Self::PasswordReset(state) => state.tries(),
            Self::SignIn(state) => state.tries(),
            Self::PhoneChange(state) => state.tries(),
            Self::EmailChange(state) => state.tries(),
        }
    }

    /// Whom the flow is about, once that was said. The details of a username
    /// recovery name nobody: each is known to others, and whom all of them fit is
    /// found out where the email is written. Nor does a sign-in, in whose name anybody
    /// asks for codes: what they take of their owner's is taken when they leave.
    pub fn subject(&self) -> Option<Subject> {
        match self {
            Self::Enrollment(state) => state.patient().map(Subject::Patient),
            Self::UsernameRecovery(_) | Self::SignIn(_) => None,
            Self::PasswordReset(state) => state
                .username()
                .map(|username| Subject::Username(username.to_owned())),
            Self::PhoneChange(state) => state.subject(),
            Self::EmailChange(state) => state.subject(),
            Self::Deactivation(state) => state.subject(),
        }
    }

    /// Whom a guess at this step is about; nobody where no code is asked for.
    pub fn guessed(&self) -> Option<Guessed> {
        match self {
            Self::Enrollment(state) => state.guessed(),
            Self::UsernameRecovery(_) | Self::Deactivation(_) => None,
            Self::PasswordReset(state) => state.guessed(),
            Self::SignIn(state) => state.guessed(),
            Self::PhoneChange(state) => state.guessed(),
            Self::EmailChange(state) => state.guessed(),
        }
    }

    /// Whether the password of whoever is signed in is asked for.
    pub const fn asks_password(&self) -> bool {
        matches!(
            self,
            Self::PhoneChange(phone_change::State::Password)
                | Self::EmailChange(email_change::State::Password)
                | Self::Deactivation(deactivation::State::Password)
        )
    }

    /// The reset of a password by someone who has proven to read the email of
    /// the account, without a code.
    pub fn proven_by_link(username: String, account: AccountId) -> Self {
        Self::PasswordReset(password_reset::State::NewPassword { username, account })
    }

    /// How long the flow waits for the next answer; see [`State::waits_until`].
    ///
    /// A day where an email is waited for (the code in it works that long), an
    /// hour elsewhere, and a quarter of one where a proof has been made or a
    /// username is shown: a form left open on a library's computer must not stay open.
    pub const fn patience(&self) -> SignedDuration {
        match self {
            Self::Enrollment(state) => state.patience(),
            Self::PasswordReset(state) => state.patience(),
            Self::PhoneChange(state) => state.patience(),
            Self::EmailChange(state) => state.patience(),
            Self::Deactivation(state) => state.patience(),
            Self::UsernameRecovery(_) | Self::SignIn(_) => patience::ORDINARY,
        }
    }

    /// When a flow that comes to this state at `now` stops waiting: within its [`LIFETIME`],
    /// and no later than a proof is good for without which no answer helps here.
    pub fn waits_until(&self, begun_at: Timestamp, now: Timestamp) -> Timestamp {
        let end = (now + self.patience()).min(begun_at + LIFETIME);
        let proof = match self {
            Self::Enrollment(state) => state.is_good_until(),
            Self::UsernameRecovery(_)
            | Self::PasswordReset(_)
            | Self::SignIn(_)
            | Self::PhoneChange(_)
            | Self::EmailChange(_)
            | Self::Deactivation(_) => None,
        };
        proof.map_or(end, |proof| end.min(proof))
    }

    /// The same step for somebody who has asked for more time at `now` (WCAG 2.2, 2.2.1):
    /// they are there, so what holds while they are holds anew.
    #[must_use]
    pub fn extended(self, now: Timestamp) -> Self {
        match self {
            Self::Enrollment(state) => Self::Enrollment(state.extended(now)),
            state => state,
        }
    }

    /// Judges an answer.
    pub fn answer(&self, answer: &Answer, fact: Option<Fact>, now: Timestamp) -> Verdict {
        match self {
            Self::Enrollment(state) => state.answer(answer, fact, now),
            Self::UsernameRecovery(state) => state.answer(answer, now),
            Self::PasswordReset(state) => state.answer(answer, fact, now),
            Self::SignIn(state) => state.answer(answer, fact, now),
            Self::PhoneChange(state) => state.answer(answer, fact.as_ref(), now),
            Self::EmailChange(state) => state.answer(answer, fact.as_ref(), now),
            Self::Deactivation(state) => state.answer(answer, fact.as_ref()),
        }
    }

    /// Sends another code, by `channel` or as before.
    ///
    /// # Errors
    /// Nothing to send at this step, a channel that cannot be used here, or too
    /// soon after the last one.
    pub fn resend(
        &self,
        channel: Option<Channel>,
        now: Timestamp,
    ) -> Result<(Self, Vec<Effect>), Refusal> {
        match self {
            Self::Enrollment(state) => state.resend(channel, now),
            Self::UsernameRecovery(_) | Self::Deactivation(_) => {
                Err(Refusal::Problem(ProblemCode::NothingToResend))
            }
            Self::PasswordReset(state) => state.resend(channel, now),
            Self::SignIn(state) => state.resend(channel, now),
            Self::PhoneChange(state) => state.resend(channel, now),
            Self::EmailChange(state) => state.resend(channel, now),
        }
    }

    /// The step before, where going there gives up no proof.
    pub fn back(&self, now: Timestamp) -> Option<Self> {
        match self {
            Self::Enrollment(state) => state.back(now).map(Self::Enrollment),
            Self::UsernameRecovery(_) | Self::Deactivation(_) => None,
            Self::PasswordReset(state) => state.back().map(Self::PasswordReset),
            Self::SignIn(state) => state.back().map(Self::SignIn),
            Self::PhoneChange(state) => state.back().map(Self::PhoneChange),
            Self::EmailChange(state) => state.back().map(Self::EmailChange),
        }
    }
}

/// How long a flow lives at most, from its beginning, however often it is moved on:
/// a flow is paid for once, and must not be a thing to come back to for ever.
///
/// Two days: a code by email works for one, and another can be asked for on it.
pub const LIFETIME: SignedDuration = SignedDuration::from_hours(48);

/// The date at `now` in UTC, for telling dates that have not come.
pub(crate) fn utc_date(now: Timestamp) -> Date {
    Offset::UTC.to_datetime(now).date()
}

/// The answer belongs to another step. The app compares steps first, so that
/// this is only reached when two requests race.
fn out_of_step() -> Verdict {
    Verdict::Refuse(Refusal::Problem(ProblemCode::WrongStep))
}

#[cfg(test)]
mod properties;
#[cfg(test)]
mod tests;
