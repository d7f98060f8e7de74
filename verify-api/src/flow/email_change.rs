//! Another email in the place of the one on an account: the password once more, the new
//! address, and a code that proves it. The email on file at the clinic is not touched.
//!
//! It must not know who is signed in: a flow of theirs is answered by nobody else.

use jiff::{SignedDuration, Timestamp};
use protocol::{Answer, Channel, Field, FieldProblem, ProblemCode, Progress, Step};
use serde::{Deserialize, Serialize};

use super::code::{self, Sent};
use super::{
    About, CodeFor, Effect, Fact, Guessed, Passed, Recipient, Refusal, Subject, Tries, Verdict,
    confirm, out_of_step, patience,
};
use crate::audit::Event;
use crate::crypto::redact;

/// Where the change of an email stands.
#[derive(Clone, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum State {
    /// Types the password once more.
    Password,
    /// Gives the new address.
    Contact {
        /// Whose password was right.
        passed: Passed,
        /// The code that was last sent, for someone who came back from it.
        last_sent: Option<Sent<String>>,
    },
    /// Types the code that was sent to the new address.
    Code {
        /// Whose password was right.
        passed: Passed,
        /// The new address.
        email: String,
        /// When it was asked for.
        last_sent: Timestamp,
    },
    /// It is done.
    Done,
}

redact!(State);

impl State {
    pub(super) fn step(&self, now: Timestamp) -> Step {
        match self {
            Self::Password => confirm::step(),
            // The address of before is not to be confirmed, and is shown to nobody. The new one
            // was shown by the step of its code, and may have a slip to mend.
            Self::Contact { last_sent, .. } => Step::Contact {
                email: last_sent
                    .as_ref()
                    .map_or_else(String::new, |sent| sent.to.clone()),
            },
            Self::Code {
                email, last_sent, ..
            } => Step::Code {
                channel: Channel::Email,
                to: Some(email.clone()),
                resend_in: code::resend_in(*last_sent, now),
            },
            Self::Done => Step::Done { username: None },
        }
    }

    pub(super) const fn progress(&self) -> Progress {
        let step = match self {
            Self::Password => 1,
            Self::Contact { .. } => 2,
            Self::Code { .. } | Self::Done => 3,
        };
        Progress { step, of: 3 }
    }

    pub(super) fn tries(&self) -> Vec<Tries> {
        match self {
            // Another address brings no new tries.
            Self::Contact { .. } | Self::Code { .. } => vec![Tries::Code(CodeFor::ChangedEmail)],
            Self::Password | Self::Done => Vec::new(),
        }
    }

    pub(super) fn subject(&self) -> Option<Subject> {
        self.passed().map(|passed| Subject::Account(passed.account))
    }

    pub(super) fn guessed(&self) -> Option<Guessed> {
        match self {
            Self::Code { passed, email, .. } => {
                Some(Guessed::ChangedEmail(passed.account, email.clone()))
            }
            Self::Password | Self::Contact { .. } | Self::Done => None,
        }
    }

    /// A quarter of an hour, also where an email is waited for: the session waits no longer.
    pub(super) const fn patience(&self) -> SignedDuration {
        match self {
            Self::Contact { .. } | Self::Code { .. } => patience::PROVEN,
            Self::Password | Self::Done => patience::ORDINARY,
        }
    }

    const fn passed(&self) -> Option<Passed> {
        match self {
            Self::Contact { passed, .. } | Self::Code { passed, .. } => Some(*passed),
            Self::Password | Self::Done => None,
        }
    }

    pub(super) fn answer(&self, answer: &Answer, fact: Option<&Fact>, now: Timestamp) -> Verdict {
        match (self, answer) {
            (Self::Password, Answer::Password(typed)) => confirm::check(typed, fact, |passed| {
                super::State::EmailChange(Self::Contact {
                    passed,
                    last_sent: None,
                })
            }),
            (Self::Contact { passed, last_sent }, Answer::Contact(email)) => {
                match to_code(*passed, email.as_str().to_owned(), last_sent.as_ref(), now) {
                    Ok((state, effects)) => Verdict::Advance { state, effects },
                    Err(refusal) => refusal.into(),
                }
            }
            (Self::Code { passed, email, .. }, Answer::Code(typed)) => {
                code::check(CodeFor::ChangedEmail, typed, fact, |sent_for| {
                    if sent_for != Some(passed.account) {
                        return out_of_step();
                    }
                    Verdict::Advance {
                        state: super::State::EmailChange(Self::Done),
                        effects: vec![
                            Effect::SpendCode(CodeFor::ChangedEmail),
                            Effect::ChangeEmail {
                                passed: *passed,
                                email: email.clone(),
                            },
                            Effect::Audit(Event::EmailChanged, About::Account(passed.account)),
                        ],
                    }
                })
            }
            _ => out_of_step(),
        }
    }

    /// By email only: the code proves that address and no other.
    pub(super) fn resend(
        &self,
        channel: Option<Channel>,
        now: Timestamp,
    ) -> Result<(super::State, Vec<Effect>), Refusal> {
        let Self::Code {
            passed,
            email,
            last_sent,
        } = self
        else {
            return Err(Refusal::Problem(ProblemCode::NothingToResend));
        };
        if channel.is_some_and(|channel| channel != Channel::Email) {
            return Err(Refusal::field(Field::Channel, FieldProblem::InvalidChoice));
        }
        send(*passed, email.clone(), Some(*last_sent), now)
    }

    /// To another address; never to the password, which was right.
    pub(super) fn back(&self) -> Option<Self> {
        match self {
            Self::Code {
                passed,
                email,
                last_sent,
            } => Some(Self::Contact {
                passed: *passed,
                last_sent: Some(Sent {
                    to: email.clone(),
                    channel: Channel::Email,
                    at: *last_sent,
                }),
            }),
            Self::Password | Self::Contact { .. } | Self::Done => None,
        }
    }
}

/// Leads to the code that the address still has, or sends it one.
fn to_code(
    passed: Passed,
    email: String,
    last_sent: Option<&Sent<String>>,
    now: Timestamp,
) -> Result<(super::State, Vec<Effect>), Refusal> {
    match code::still_good(last_sent, Channel::Email, now, |to| *to == email) {
        Some(sent) => Ok((
            super::State::EmailChange(State::Code {
                passed,
                email,
                last_sent: sent.at,
            }),
            Vec::new(),
        )),
        None => send(passed, email, last_sent.map(|sent| sent.at), now),
    }
}

/// Sends a code to the new address, unless it is too soon.
fn send(
    passed: Passed,
    email: String,
    last_sent: Option<Timestamp>,
    now: Timestamp,
) -> Result<(super::State, Vec<Effect>), Refusal> {
    code::check_cooldown(last_sent, now)?;
    let to = Recipient::ChangedEmail {
        passed,
        email: email.clone(),
    };
    let state = super::State::EmailChange(State::Code {
        passed,
        email,
        last_sent: now,
    });
    let about = About::Account(passed.account);
    Ok((state, code::send(to, Channel::Email, about)))
}
