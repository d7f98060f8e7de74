//! Signing in: username and password, and a code once somebody has guessed at them.
//!
//! Of a few wrong passwords a day for a username it is told that they were wrong; after
//! them every password leads to the code, right or wrong, and a code leaves only if it was
//! right. So whoever guesses learns nothing more, and the owner still gets in. That the
//! password was right is known here, since a session follows from it; it is in no step, and
//! so nobody sees it.

use jiff::Timestamp;
use protocol::{Answer, Channel, ProblemCode, Progress, Step};
use serde::{Deserialize, Serialize};

use super::{
    About, CodeFor, Effect, Fact, Guessed, Question, Recipient, Refusal, SignInFact, Tries,
    Verdict, code, out_of_step,
};
use crate::account::AccountId;
use crate::audit::Event;
use crate::crypto::redact;

/// Whose password was right, and which of their passwords: once they have another one,
/// nothing follows from it any more.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Passed {
    /// The account.
    pub account: AccountId,
    /// Counts the passwords that the account has had.
    pub password_no: i64,
}

/// Where a sign-in stands.
#[derive(Clone, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum State {
    /// Gives username and password.
    SignIn {
        /// When a code was last sent, for someone who came back from it.
        last_sent: Option<Timestamp>,
    },
    /// Types the code.
    Code {
        /// As typed.
        username: String,
        /// Whose password was right; nobody's, where it was wrong.
        passed: Option<Passed>,
        /// Whether there were wrong ones for this very username.
        is_guessed: bool,
        /// How the code travels: to the phone, never by email, which proves no second
        /// factor (NIST SP 800-63B-4 §3.1.3.1).
        channel: Channel,
        /// When it was asked for.
        last_sent: Timestamp,
    },
    /// Is signed in.
    Done,
}

redact!(State);

impl State {
    pub(super) fn step(&self, now: Timestamp) -> Step {
        match self {
            Self::SignIn { .. } => Step::SignIn,
            Self::Code {
                channel, last_sent, ..
            } => Step::Code {
                channel: *channel,
                to: None,
                resend_in: code::resend_in(*last_sent, now),
            },
            Self::Done => Step::Done { username: None },
        }
    }

    /// Most people have one step; that there is another is told when it comes.
    pub(super) const fn progress(&self) -> Progress {
        match self {
            Self::SignIn { .. } => Progress { step: 1, of: 1 },
            Self::Code { .. } | Self::Done => Progress { step: 2, of: 2 },
        }
    }

    pub(super) fn tries(&self) -> Vec<Tries> {
        match self {
            // Whoever comes back from a code still has that code's tries.
            Self::SignIn { last_sent: Some(_) } | Self::Code { .. } => {
                vec![Tries::Code(CodeFor::SignIn)]
            }
            Self::SignIn { last_sent: None } | Self::Done => Vec::new(),
        }
    }

    pub(super) fn guessed(&self) -> Option<Guessed> {
        match self {
            Self::Code {
                username, passed, ..
            } => Some(Guessed::SignIn {
                username: username.clone(),
                passed: *passed,
            }),
            Self::SignIn { .. } | Self::Done => None,
        }
    }

    pub(super) fn answer(&self, answer: &Answer, fact: Option<Fact>, now: Timestamp) -> Verdict {
        match (self, answer) {
            (Self::SignIn { last_sent }, Answer::SignIn { username, password }) => match fact {
                None => Verdict::Ask(Question::SignIn {
                    username: username.clone(),
                    password: password.clone(),
                }),
                Some(Fact::SignIn(fact)) => {
                    judge(username.as_str().to_owned(), *last_sent, fact, now)
                }
                Some(_) => out_of_step(),
            },
            (
                Self::Code {
                    username,
                    passed,
                    is_guessed,
                    ..
                },
                Answer::Code(typed),
            ) => code::check(CodeFor::SignIn, typed, fact.as_ref(), |sent_for| {
                // A code that was sent for no right password cannot be right.
                match passed.filter(|passed| Some(passed.account) == sent_for) {
                    Some(passed) => {
                        let mut effects = vec![
                            Effect::SpendCode(CodeFor::SignIn),
                            begin(passed, username.clone(), None),
                            signed_in(passed),
                        ];
                        if *is_guessed {
                            effects.push(Effect::TellOfGuesses(passed.account));
                        }
                        go(Self::Done, effects)
                    }
                    None => out_of_step(),
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
            username,
            passed,
            is_guessed,
            channel: before,
            last_sent,
        } = self
        else {
            return Err(Refusal::Problem(ProblemCode::NothingToResend));
        };
        let channel = code::by_phone(channel.unwrap_or(*before))?;
        let typed = Typed {
            username: username.clone(),
            passed: *passed,
            is_guessed: *is_guessed,
        };
        send(typed, channel, Some(*last_sent), now)
    }

    pub(super) fn back(&self) -> Option<Self> {
        match self {
            Self::Code { last_sent, .. } => Some(Self::SignIn {
                last_sent: Some(*last_sent),
            }),
            Self::SignIn { .. } | Self::Done => None,
        }
    }
}

fn judge(
    username: String,
    last_sent: Option<Timestamp>,
    fact: SignInFact,
    now: Timestamp,
) -> Verdict {
    match fact {
        SignInFact::Right { passed, better } => go(
            State::Done,
            vec![
                begin(passed, username.clone(), better),
                Effect::GiveBackPasswordTry(username),
                signed_in(passed),
            ],
        ),
        SignInFact::Wrong => Refusal::Problem(ProblemCode::WrongSignIn).into(),
        SignInFact::CodeRequired { passed, is_guessed } => {
            let typed = Typed {
                username,
                passed,
                is_guessed,
            };
            match send(typed, Channel::Text, last_sent, now) {
                Ok((state, effects)) => Verdict::Advance { state, effects },
                Err(refusal) => refusal.into(),
            }
        }
    }
}

fn go(state: State, effects: Vec<Effect>) -> Verdict {
    Verdict::Advance {
        state: super::State::SignIn(state),
        effects,
    }
}

/// What was typed at the first step, and what it was.
struct Typed {
    username: String,
    passed: Option<Passed>,
    is_guessed: bool,
}

/// Sends a code to whose password it was, unless it is too soon. Whether it was anybody's
/// is the worker's business.
fn send(
    typed: Typed,
    channel: Channel,
    last_sent: Option<Timestamp>,
    now: Timestamp,
) -> Result<(super::State, Vec<Effect>), Refusal> {
    code::check_cooldown(last_sent, now)?;
    let Typed {
        username,
        passed,
        is_guessed,
    } = typed;
    let to = Recipient::SignIn {
        username: username.clone(),
        passed,
    };
    let state = super::State::SignIn(State::Code {
        username,
        passed,
        is_guessed,
        channel,
        last_sent: now,
    });
    Ok((state, code::send(to, channel, About::Flow)))
}

fn begin(passed: Passed, username: String, better: Option<Box<super::Rehash>>) -> Effect {
    Effect::BeginSession {
        passed,
        username,
        better,
    }
}

fn signed_in(passed: Passed) -> Effect {
    Effect::Audit(Event::SignedIn, About::Account(passed.account))
}
