//! Another phone in the place of the one linked to an account: the password once more, the
//! new number, and a code that proves it. The numbers on file at the clinic are not touched.
//!
//! It must not know who is signed in: a flow of theirs is answered by nobody else.

use jiff::{SignedDuration, Timestamp};
use protocol::answers::PhoneText;
use protocol::{Answer, Channel, Field, ProblemCode, Progress, Step};
use serde::{Deserialize, Serialize};

use super::code::{self, Sent};
use super::{
    About, CodeFor, Effect, Fact, Guessed, Passed, Recipient, Refusal, Subject, Tries, Verdict,
    confirm, out_of_step, patience,
};
use crate::audit::Event;
use crate::crypto::redact;
use crate::patient::phone::Phone;

/// Where the change of a phone stands.
#[derive(Clone, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum State {
    /// Types the password once more.
    Password,
    /// Gives the new number.
    Phone {
        /// Whose password was right.
        passed: Passed,
        /// The code that was last sent, for someone who came back from it.
        last_sent: Option<Sent<Phone>>,
    },
    /// Types the code that was sent to the new number.
    Code {
        /// Whose password was right.
        passed: Passed,
        /// The new number.
        phone: Phone,
        /// How the code travels.
        channel: Channel,
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
            Self::Phone { .. } => Step::Phone,
            Self::Code {
                phone,
                channel,
                last_sent,
                ..
            } => Step::Code {
                channel: *channel,
                to: Some(phone.last_two().to_owned()),
                resend_in: code::resend_in(*last_sent, now),
            },
            Self::Done => Step::Done { username: None },
        }
    }

    pub(super) const fn progress(&self) -> Progress {
        let step = match self {
            Self::Password => 1,
            Self::Phone { .. } => 2,
            Self::Code { .. } | Self::Done => 3,
        };
        Progress { step, of: 3 }
    }

    pub(super) fn tries(&self) -> Vec<Tries> {
        match self {
            // Another number brings no new tries.
            Self::Phone { .. } | Self::Code { .. } => vec![Tries::Code(CodeFor::NewPhone)],
            Self::Password | Self::Done => Vec::new(),
        }
    }

    pub(super) fn subject(&self) -> Option<Subject> {
        self.passed().map(|passed| Subject::Account(passed.account))
    }

    pub(super) fn guessed(&self) -> Option<Guessed> {
        match self {
            Self::Code { passed, phone, .. } => {
                Some(Guessed::NewPhone(passed.account, phone.clone()))
            }
            Self::Password | Self::Phone { .. } | Self::Done => None,
        }
    }

    pub(super) const fn patience(&self) -> SignedDuration {
        match self {
            Self::Phone { .. } | Self::Code { .. } => patience::PROVEN,
            Self::Password | Self::Done => patience::ORDINARY,
        }
    }

    const fn passed(&self) -> Option<Passed> {
        match self {
            Self::Phone { passed, .. } | Self::Code { passed, .. } => Some(*passed),
            Self::Password | Self::Done => None,
        }
    }

    pub(super) fn answer(&self, answer: &Answer, fact: Option<&Fact>, now: Timestamp) -> Verdict {
        match (self, answer) {
            (Self::Password, Answer::Password(typed)) => confirm::check(typed, fact, |passed| {
                super::State::PhoneChange(Self::Phone {
                    passed,
                    last_sent: None,
                })
            }),
            (Self::Phone { passed, last_sent }, Answer::Phone { phone, channel }) => {
                let sent = last_sent.as_ref();
                match number(phone).and_then(|it| to_code(*passed, it, *channel, sent, now)) {
                    Ok((state, effects)) => Verdict::Advance { state, effects },
                    Err(refusal) => refusal.into(),
                }
            }
            (
                Self::Code {
                    passed,
                    phone,
                    channel,
                    ..
                },
                Answer::Code(typed),
            ) => code::check(CodeFor::NewPhone, typed, fact, |sent_for| {
                if sent_for != Some(passed.account) {
                    return out_of_step();
                }
                Verdict::Advance {
                    state: super::State::PhoneChange(Self::Done),
                    effects: vec![
                        Effect::SpendCode(CodeFor::NewPhone),
                        Effect::ChangePhone {
                            passed: *passed,
                            phone: phone.clone(),
                            channel: *channel,
                        },
                        Effect::Audit(Event::PhoneChanged, About::Account(passed.account)),
                    ],
                }
            }),
            _ => out_of_step(),
        }
    }

    pub(super) fn resend(
        &self,
        channel: Option<Channel>,
        now: Timestamp,
    ) -> Result<(super::State, Vec<Effect>), Refusal> {
        let Self::Code {
            passed,
            phone,
            channel: before,
            last_sent,
        } = self
        else {
            return Err(Refusal::Problem(ProblemCode::NothingToResend));
        };
        let channel = code::by_phone(channel.unwrap_or(*before))?;
        send(*passed, phone.clone(), channel, Some(*last_sent), now)
    }

    /// To another number; never to the password, which was right.
    pub(super) fn back(&self) -> Option<Self> {
        match self {
            Self::Code {
                passed,
                phone,
                channel,
                last_sent,
            } => Some(Self::Phone {
                passed: *passed,
                last_sent: Some(Sent {
                    to: phone.clone(),
                    channel: *channel,
                    at: *last_sent,
                }),
            }),
            Self::Password | Self::Phone { .. } | Self::Done => None,
        }
    }
}

fn number(typed: &PhoneText) -> Result<Phone, Refusal> {
    Phone::parse(typed.as_str()).map_err(|problem| Refusal::field(Field::Phone, problem))
}

/// Leads to the code that the number still has, or sends it one.
fn to_code(
    passed: Passed,
    phone: Phone,
    channel: Channel,
    last_sent: Option<&Sent<Phone>>,
    now: Timestamp,
) -> Result<(super::State, Vec<Effect>), Refusal> {
    match code::still_good(last_sent, channel, now, |to| *to == phone) {
        Some(sent) => Ok((
            super::State::PhoneChange(State::Code {
                passed,
                phone,
                channel,
                last_sent: sent.at,
            }),
            Vec::new(),
        )),
        None => send(passed, phone, channel, last_sent.map(|sent| sent.at), now),
    }
}

/// Sends a code to the new number, unless it is too soon.
fn send(
    passed: Passed,
    phone: Phone,
    channel: Channel,
    last_sent: Option<Timestamp>,
    now: Timestamp,
) -> Result<(super::State, Vec<Effect>), Refusal> {
    code::check_cooldown(last_sent, now)?;
    let to = Recipient::NewPhone {
        passed,
        phone: phone.clone(),
    };
    let state = super::State::PhoneChange(State::Code {
        passed,
        phone,
        channel,
        last_sent: now,
    });
    Ok((
        state,
        code::send(to, channel, About::Account(passed.account)),
    ))
}
