//! Enrollment: invitation, identity, phone on file, code, contact, credentials.
//!
//! Three things prove who enrolls: the check in person that the invitation
//! stands for, the invitation itself, and the phone on file. The identity
//! questions only make sure that the invitation is in the right hands
//! (NIST SP 800-63A-4 §2.5.1).

mod acts;
mod checks;
mod presence;

use jiff::{SignedDuration, Timestamp};
use protocol::{Answer, Channel, Field, FieldProblem, ProblemCode, Progress, Step};
use serde::{Deserialize, Serialize};

use self::acts::{contact, create, prove, send_to_email, send_to_phone};
use self::checks::{invitation, phone_on_file, with_patient};
use super::code::{self, Sent};
use super::{
    About, Check, CodeFor, Effect, Fact, Guessed, InvitationId, Question, Refusal, Tries, Verdict,
    out_of_step, patience,
};
use crate::audit::Event;
use crate::crypto::redact;
use crate::patient::{PatientId, matching, phone::Phone};

/// Tries at an invitation's identity questions, and as many at its phone. A new
/// invitation, given in person, brings new ones.
pub const TRIES: u8 = 5;

/// Where an enrollment stands.
#[derive(Clone, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum State {
    /// Types the invitation's code.
    Invitation,
    /// Says who they are.
    Identity {
        /// Who is invited.
        invited: Invited,
        /// The code that was last sent, for someone who came back from later.
        last_sent: Option<Sent<Claim>>,
        /// Whether the answers were right before, so that it is written down once.
        has_matched: bool,
    },
    /// Gives the phone on file.
    Phone {
        /// Who is invited.
        invited: Invited,
        /// The code that was last sent, for someone who came back from later.
        last_sent: Option<Sent<Claim>>,
    },
    /// Types the code sent to the phone on file.
    PhoneCode {
        /// What the code will prove.
        claim: Claim,
        /// How the code travels.
        channel: Channel,
        /// When it was asked for.
        last_sent: Timestamp,
    },
    /// Confirms or changes the email for notices.
    Contact {
        /// Who is enrolling, proven.
        proven: Proven,
        /// The code that was last sent, for someone who came back from later.
        last_sent: Option<Sent<String>>,
    },
    /// Types the code sent to a changed email.
    EmailCode {
        /// Who is enrolling, proven.
        proven: Proven,
        /// The new address.
        email: String,
        /// When the code was asked for.
        last_sent: Timestamp,
    },
    /// Chooses username and password.
    Credentials {
        /// Who is enrolling, proven.
        proven: Proven,
        /// Where notices go.
        email: String,
    },
    /// It is done.
    Done {
        /// The username that was chosen.
        username: String,
    },
}

/// Who holds an open invitation.
#[derive(Clone, Serialize, Deserialize)]
pub struct Invited {
    /// The invitation.
    pub invitation: InvitationId,
    /// Whom it invites.
    pub patient: PatientId,
    /// The address that it was mailed to, which it then proves.
    pub mailed_to: Option<String>,
}

/// Who says that a phone on file is theirs.
#[derive(Clone, Serialize, Deserialize)]
pub struct Claim {
    /// Who is invited.
    pub invited: Invited,
    /// The phone on file, which becomes the linked one.
    pub phone: Phone,
    /// The email that the clinic has, if any.
    pub email: Option<String>,
}

redact!(State, Invited, Claim);

/// A claim that a code has proven; only a right code makes one.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Proven {
    claim: Claim,
    /// How the code went that has proven it.
    channel: Channel,
    /// When whoever has proven it was last known to be there.
    at: Timestamp,
}

impl Proven {
    fn about(&self) -> About {
        About::Patient(self.claim.invited.patient)
    }
}

impl State {
    pub(super) fn step(&self, now: Timestamp) -> Step {
        match self {
            Self::Invitation => Step::Invitation,
            Self::Identity { .. } => Step::Identity,
            Self::Phone { .. } => Step::Phone,
            Self::PhoneCode {
                claim,
                channel,
                last_sent,
            } => Step::Code {
                channel: *channel,
                to: Some(claim.phone.last_two().to_owned()),
                resend_in: code::resend_in(*last_sent, now),
            },
            Self::Contact { proven, .. } => Step::Contact {
                email: proven.claim.email.clone().unwrap_or_default(),
            },
            Self::EmailCode {
                email, last_sent, ..
            } => Step::Code {
                channel: Channel::Email,
                to: Some(email.clone()),
                resend_in: code::resend_in(*last_sent, now),
            },
            Self::Credentials { .. } => Step::Credentials,
            Self::Done { username } => Step::Done {
                username: Some(username.clone()),
            },
        }
    }

    pub(super) const fn progress(&self) -> Progress {
        let step = match self {
            Self::Invitation => 1,
            Self::Identity { .. } => 2,
            Self::Phone { .. } => 3,
            Self::PhoneCode { .. } => 4,
            Self::Contact { .. } | Self::EmailCode { .. } => 5,
            Self::Credentials { .. } | Self::Done { .. } => 6,
        };
        Progress { step, of: 6 }
    }

    pub(super) fn tries(&self) -> Vec<Tries> {
        let at = |invited: &Invited, check| Tries::Invitation(invited.invitation, check);
        match self {
            Self::Identity { invited, .. } => vec![at(invited, Check::Identity)],
            // A right number sends a code, and the tries at the codes stay counted.
            Self::Phone { invited, .. } => {
                vec![at(invited, Check::Phone), Tries::Code(CodeFor::Phone)]
            }
            Self::PhoneCode { .. } => vec![Tries::Code(CodeFor::Phone)],
            Self::EmailCode { .. } => vec![Tries::Code(CodeFor::NewEmail)],
            // The address that the invitation was mailed to needs no code; where
            // there is none, every address does.
            Self::Contact { proven, .. } if proven.claim.invited.mailed_to.is_none() => {
                vec![Tries::Code(CodeFor::NewEmail)]
            }
            Self::Invitation
            | Self::Contact { .. }
            | Self::Credentials { .. }
            | Self::Done { .. } => Vec::new(),
        }
    }

    /// Who is invited, once the invitation was typed.
    pub(super) const fn patient(&self) -> Option<PatientId> {
        match self {
            Self::Identity { invited, .. } | Self::Phone { invited, .. } => Some(invited.patient),
            Self::PhoneCode { claim, .. } => Some(claim.invited.patient),
            Self::Contact { proven, .. }
            | Self::EmailCode { proven, .. }
            | Self::Credentials { proven, .. } => Some(proven.claim.invited.patient),
            Self::Invitation | Self::Done { .. } => None,
        }
    }

    pub(super) fn guessed(&self) -> Option<Guessed> {
        match self {
            Self::PhoneCode { claim, .. } => Some(Guessed::Invitation(claim.invited.invitation)),
            Self::EmailCode { proven, email, .. } => Some(Guessed::Email(
                proven.claim.invited.invitation,
                email.clone(),
            )),
            _ => None,
        }
    }

    pub(super) const fn patience(&self) -> SignedDuration {
        match self {
            Self::EmailCode { .. } => patience::FOR_EMAIL,
            Self::Contact { .. } | Self::Credentials { .. } | Self::Done { .. } => patience::PROVEN,
            _ => patience::ORDINARY,
        }
    }

    pub(super) fn answer(&self, answer: &Answer, fact: Option<Fact>, now: Timestamp) -> Verdict {
        match (self, answer) {
            (Self::Invitation, Answer::Invitation(code)) => match fact {
                None => Verdict::Ask(Question::Invitation(code.clone())),
                Some(Fact::Invitation(fact)) => invitation(fact),
                Some(_) => out_of_step(),
            },
            (
                Self::Identity {
                    invited,
                    last_sent,
                    has_matched,
                },
                Answer::Identity(identity),
            ) => {
                // Told before a try is counted: nobody was guessed at.
                if identity.birth_date.is_after(super::utc_date(now)) {
                    return Refusal::field(Field::BirthDate, FieldProblem::FutureDate).into();
                }
                with_patient(invited, Check::Identity, fact, |patient| {
                    if !matching::is_same_person(patient, identity) {
                        return None;
                    }
                    let mut effects = vec![Effect::GiveBackIdentityTry(invited.invitation)];
                    if !has_matched {
                        let about = About::Patient(invited.patient);
                        effects.push(Effect::Audit(Event::IdentityMatched, about));
                    }
                    Some(Verdict::Advance {
                        state: super::State::Enrollment(Self::Phone {
                            invited: invited.clone(),
                            last_sent: last_sent.clone(),
                        }),
                        effects,
                    })
                })
            }
            (Self::Phone { invited, last_sent }, Answer::Phone { phone, channel }) => {
                phone_on_file(invited, phone, *channel, last_sent.as_ref(), fact, now)
            }
            (Self::PhoneCode { claim, channel, .. }, Answer::Code(typed)) => {
                code::check(CodeFor::Phone, typed, fact.as_ref(), |_| {
                    prove(claim.clone(), *channel, now)
                })
            }
            _ => self.answer_proven(answer, fact, now),
        }
    }

    /// The steps after the phone on file was proven.
    fn answer_proven(&self, answer: &Answer, fact: Option<Fact>, now: Timestamp) -> Verdict {
        match (self, answer) {
            (Self::Contact { proven, last_sent }, Answer::Contact(email)) => {
                contact(proven, email, last_sent.as_ref(), now)
            }
            (Self::EmailCode { proven, email, .. }, Answer::Code(typed)) => {
                code::check(CodeFor::NewEmail, typed, fact.as_ref(), |_| {
                    Verdict::Advance {
                        state: super::State::Enrollment(Self::Credentials {
                            proven: proven.clone(),
                            email: email.clone(),
                        }),
                        effects: vec![
                            Effect::SpendCode(CodeFor::NewEmail),
                            Effect::Audit(Event::EmailProven, proven.about()),
                        ],
                    }
                })
            }
            (Self::Credentials { proven, email }, Answer::Credentials { username, password }) => {
                match fact {
                    None => Verdict::Ask(Question::NewAccount {
                        username: username.clone(),
                        password: password.clone(),
                    }),
                    Some(Fact::NewAccount(Ok(hash))) => create(proven, email, username, hash),
                    Some(Fact::NewAccount(Err(problems))) => Refusal::Fields(problems).into(),
                    Some(_) => out_of_step(),
                }
            }
            _ => out_of_step(),
        }
    }

    pub(super) fn resend(
        &self,
        channel: Option<Channel>,
        now: Timestamp,
    ) -> Result<(super::State, Vec<Effect>), Refusal> {
        match self {
            Self::PhoneCode {
                claim,
                channel: before,
                last_sent,
            } => {
                let channel = code::by_phone(channel.unwrap_or(*before))?;
                send_to_phone(claim.clone(), channel, Some(*last_sent), now)
            }
            Self::EmailCode {
                proven,
                email,
                last_sent,
            } => {
                if !proven.is_fresh(now) {
                    return Err(Refusal::Problem(ProblemCode::FlowExpired));
                }
                if channel.is_some_and(|channel| channel != Channel::Email) {
                    return Err(Refusal::field(Field::Channel, FieldProblem::InvalidChoice));
                }
                send_to_email(proven, email, Some(*last_sent), now)
            }
            _ => Err(Refusal::Problem(ProblemCode::NothingToResend)),
        }
    }

    pub(super) fn back(&self, now: Timestamp) -> Option<Self> {
        match self {
            Self::Phone { invited, last_sent } => Some(Self::Identity {
                invited: invited.clone(),
                last_sent: last_sent.clone(),
                has_matched: true,
            }),
            Self::PhoneCode {
                claim,
                channel,
                last_sent,
            } => Some(Self::Phone {
                invited: claim.invited.clone(),
                last_sent: Some(Sent {
                    to: claim.clone(),
                    channel: *channel,
                    at: *last_sent,
                }),
            }),
            Self::EmailCode {
                proven,
                email,
                last_sent,
            } if proven.is_fresh(now) => Some(Self::Contact {
                proven: proven.clone(),
                last_sent: Some(Sent {
                    to: email.clone(),
                    channel: Channel::Email,
                    at: *last_sent,
                }),
            }),
            _ => None,
        }
    }
}

fn go(state: State, event: Event, patient: PatientId) -> Verdict {
    Verdict::Advance {
        state: super::State::Enrollment(state),
        effects: vec![Effect::Audit(event, About::Patient(patient))],
    }
}
