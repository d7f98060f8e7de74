//! Password reset: username, method, code, new password.
//!
//! Until the code is right, nothing here knows whether the username belongs to
//! anyone; the states before hold the username as it was typed and no more.

use jiff::{SignedDuration, Timestamp};
use protocol::answers::PasswordText;
use protocol::values::Username;
use protocol::{Answer, Channel, Field, ProblemCode, Progress, Step};
use serde::{Deserialize, Serialize};

use super::code::{self, Sent};
use super::{
    About, CodeFor, Effect, Fact, Guessed, Question, Recipient, Refusal, Tries, Verdict,
    out_of_step, patience,
};
use crate::account::AccountId;
use crate::audit::Event;
use crate::crypto::redact;

/// Where the reset of a password stands.
#[derive(Clone, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum State {
    /// Says whose password it is.
    Identify {
        /// The code that was last sent, for someone who came back from later.
        last_sent: Option<Sent<String>>,
    },
    /// Chooses how the code travels.
    Method {
        /// As typed.
        username: String,
        /// The code that was last sent, for someone who came back from later.
        last_sent: Option<Sent<String>>,
    },
    /// Types the code.
    Code {
        /// As typed.
        username: String,
        /// How the code travels.
        channel: Channel,
        /// When it was asked for.
        last_sent: Timestamp,
    },
    /// Chooses a new password; the code was right.
    NewPassword {
        /// As typed.
        username: String,
        /// The account that the code was sent for.
        account: AccountId,
    },
    /// It is done.
    Done,
}

redact!(State);

impl State {
    pub(super) fn step(&self, now: Timestamp) -> Step {
        match self {
            Self::Identify { .. } => Step::Identify,
            Self::Method { .. } => Step::Method,
            Self::Code {
                channel, last_sent, ..
            } => Step::Code {
                channel: *channel,
                to: None,
                resend_in: code::resend_in(*last_sent, now),
            },
            Self::NewPassword { username, .. } => Step::NewPassword {
                username: username.clone(),
            },
            Self::Done => Step::Done { username: None },
        }
    }

    pub(super) const fn progress(&self) -> Progress {
        let step = match self {
            Self::Identify { .. } => 1,
            Self::Method { .. } => 2,
            Self::Code { .. } => 3,
            Self::NewPassword { .. } | Self::Done => 4,
        };
        Progress { step, of: 4 }
    }

    pub(super) fn tries(&self) -> Vec<Tries> {
        match self {
            // Whoever comes back from a code still has that code's tries.
            Self::Method { .. } | Self::Code { .. } => vec![Tries::Code(CodeFor::Reset)],
            Self::Identify { .. } | Self::NewPassword { .. } | Self::Done => Vec::new(),
        }
    }

    pub(super) fn guessed(&self) -> Option<Guessed> {
        match self {
            Self::Code { username, .. } => Some(Guessed::Username(username.clone())),
            _ => None,
        }
    }

    pub(super) const fn patience(&self) -> SignedDuration {
        match self {
            Self::Code {
                channel: Channel::Email,
                ..
            } => patience::FOR_EMAIL,
            Self::NewPassword { .. } => patience::PROVEN,
            _ => patience::ORDINARY,
        }
    }

    /// The username that the flow is about, once it was typed.
    pub fn username(&self) -> Option<&str> {
        match self {
            Self::Method { username, .. }
            | Self::Code { username, .. }
            | Self::NewPassword { username, .. } => Some(username),
            Self::Identify { .. } | Self::Done => None,
        }
    }

    /// The username, once it is proven that its owner is asking.
    pub fn proven_username(&self) -> Option<&str> {
        match self {
            Self::NewPassword { username, .. } => Some(username),
            _ => None,
        }
    }

    /// The account, once it is proven that its owner is asking.
    pub const fn proven_account(&self) -> Option<AccountId> {
        match self {
            Self::NewPassword { account, .. } => Some(*account),
            _ => None,
        }
    }

    pub(super) fn answer(&self, answer: &Answer, fact: Option<Fact>, now: Timestamp) -> Verdict {
        match (self, answer, fact) {
            (Self::Identify { last_sent }, Answer::Identify(username), _) => go(
                Self::Method {
                    username: username.as_str().to_owned(),
                    last_sent: last_sent.clone(),
                },
                Vec::new(),
            ),
            (
                Self::Method {
                    username,
                    last_sent,
                },
                Answer::Method(channel),
                _,
            ) => method(username, *channel, last_sent.as_ref(), now),
            (Self::Code { username, .. }, Answer::Code(typed), fact) => {
                code::check(
                    CodeFor::Reset,
                    typed,
                    fact.as_ref(),
                    |account| match account {
                        Some(account) => go(
                            Self::NewPassword {
                                username: username.clone(),
                                account,
                            },
                            vec![
                                Effect::SpendCode(CodeFor::Reset),
                                Effect::Audit(Event::PasswordResetProven, About::Account(account)),
                            ],
                        ),
                        // A code that was sent for no account cannot be right.
                        None => out_of_step(),
                    },
                )
            }
            (Self::NewPassword { username, account }, Answer::NewPassword(password), fact) => {
                new_password(username, *account, password, fact)
            }
            _ => out_of_step(),
        }
    }

    pub(super) fn resend(
        &self,
        channel: Option<Channel>,
        now: Timestamp,
    ) -> Result<(super::State, Vec<Effect>), Refusal> {
        let Self::Code {
            username,
            channel: before,
            last_sent,
        } = self
        else {
            return Err(Refusal::Problem(ProblemCode::NothingToResend));
        };
        send(username, channel.unwrap_or(*before), Some(*last_sent), now)
    }

    pub(super) fn back(&self) -> Option<Self> {
        match self {
            Self::Method { last_sent, .. } => Some(Self::Identify {
                last_sent: last_sent.clone(),
            }),
            Self::Code {
                username,
                channel,
                last_sent,
            } => Some(Self::Method {
                username: username.clone(),
                last_sent: Some(Sent {
                    to: username.clone(),
                    channel: *channel,
                    at: *last_sent,
                }),
            }),
            _ => None,
        }
    }
}

fn go(state: State, effects: Vec<Effect>) -> Verdict {
    Verdict::Advance {
        state: super::State::PasswordReset(state),
        effects,
    }
}

/// Leads to the code, by names as they were typed alone: whoever has one or nobody, it is
/// the same.
fn method(
    username: &str,
    channel: Channel,
    last_sent: Option<&Sent<String>>,
    now: Timestamp,
) -> Verdict {
    if let Some(sent) = code::still_good(last_sent, channel, now, |to| to == username) {
        let state = State::Code {
            username: username.to_owned(),
            channel,
            last_sent: sent.at,
        };
        return go(state, Vec::new());
    }
    match send(username, channel, last_sent.map(|sent| sent.at), now) {
        Ok((state, effects)) => Verdict::Advance { state, effects },
        Err(refusal) => refusal.into(),
    }
}

/// Sends a code to whoever has `username`, unless it is too soon.
///
/// That a reset was asked for is written down here, with a message that is paid
/// for, and once: a name can be typed for ever, and costs nothing.
fn send(
    username: &str,
    channel: Channel,
    last_sent: Option<Timestamp>,
    now: Timestamp,
) -> Result<(super::State, Vec<Effect>), Refusal> {
    code::check_cooldown(last_sent, now)?;
    let state = super::State::PasswordReset(State::Code {
        username: username.to_owned(),
        channel,
        last_sent: now,
    });
    let to = Recipient::Username(username.to_owned());
    let mut effects = code::send(to, channel, About::Flow);
    if last_sent.is_none() {
        effects.push(Effect::Audit(Event::PasswordResetAsked, About::Flow));
    }
    Ok((state, effects))
}

fn new_password(
    username: &str,
    account: AccountId,
    password: &PasswordText,
    fact: Option<Fact>,
) -> Verdict {
    match fact {
        None => match Username::parse(username) {
            Ok(username) => Verdict::Ask(Question::PasswordHash {
                password: password.clone(),
                username,
            }),
            Err(_) => out_of_step(),
        },
        Some(Fact::PasswordHash(Ok(hash))) => go(
            State::Done,
            vec![
                Effect::ChangePassword {
                    account,
                    username: username.to_owned(),
                    hash,
                },
                Effect::Audit(Event::PasswordChanged, About::Account(account)),
            ],
        ),
        Some(Fact::PasswordHash(Err(problem))) => Refusal::field(Field::Password, problem).into(),
        Some(_) => out_of_step(),
    }
}
