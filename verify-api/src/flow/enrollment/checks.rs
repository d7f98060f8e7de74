//! What an enrollment checks against what the clinic knows: the invitation, and the
//! patient's record, each look at which counts a try.
//!
//! It must not know which answer comes at which step.

use jiff::Timestamp;
use protocol::answers::PhoneText;
use protocol::{Channel, Field, FieldProblem, ProblemCode};

use super::super::code::{self, Sent};
use super::super::{
    Check, Fact, InvitationFact, NoPatient, Question, Refusal, Verdict, WrongGuess, out_of_step,
};
use super::acts::send_to_phone;
use super::{Claim, Invited, State, go};
use crate::audit::Event;
use crate::flow;
use crate::patient::{Patient, phone::Phone};

pub(super) fn invitation(fact: InvitationFact) -> Verdict {
    let problem = match fact {
        InvitationFact::Open {
            id,
            patient,
            mailed_to,
        } => {
            let invited = Invited {
                invitation: id,
                patient,
                mailed_to,
            };
            let state = State::Identity {
                invited,
                last_sent: None,
                has_matched: false,
            };
            return go(state, Event::InvitationOpened, patient);
        }
        InvitationFact::Unknown => FieldProblem::UnknownInvitation,
        InvitationFact::Expired => FieldProblem::ExpiredInvitation,
        InvitationFact::Used => FieldProblem::UsedInvitation,
    };
    Refusal::field(Field::Invitation, problem).into()
}

/// Asks for the patient's record, which counts a try, and then goes on where the
/// answer matches it.
pub(super) fn with_patient(
    invited: &Invited,
    check: Check,
    fact: Option<Fact>,
    go_on: impl FnOnce(&Patient) -> Option<Verdict>,
) -> Verdict {
    match fact {
        None => Verdict::Ask(Question::Patient {
            invitation: invited.invitation,
            check,
        }),
        Some(Fact::Patient(Ok(tried))) => match go_on(&tried.patient) {
            Some(verdict) => verdict,
            None => mismatch(check, tried.tries_left).into(),
        },
        Some(Fact::Patient(Err(NoPatient::NoTryLeft))) => {
            Refusal::Problem(ProblemCode::TooManyTries).into()
        }
        Some(Fact::Patient(Err(NoPatient::InvitationEnded))) => {
            Refusal::Problem(ProblemCode::InvitationEnded).into()
        }
        Some(_) => out_of_step(),
    }
}

/// Why an answer that does not match the record is refused. That no try is left is told now,
/// since to answer once more would be of no use. (A right answer in another tab at this
/// moment may give one back; then the page that is loaded again asks.)
fn mismatch(check: Check, tries_left: u8) -> Refusal {
    let of_phone = |problem| WrongGuess::Field(Field::Phone, problem);
    let why = match (check, tries_left) {
        (_, 0) => return Refusal::Problem(ProblemCode::TooManyTries),
        (Check::Identity, 1) => WrongGuess::Whole(ProblemCode::NotMatchedOneLeft),
        (Check::Identity, _) => WrongGuess::Whole(ProblemCode::NotMatched),
        (Check::Phone, 1) => of_phone(FieldProblem::PhoneNotOnFileOneLeft),
        (Check::Phone, _) => of_phone(FieldProblem::PhoneNotOnFile),
    };
    Refusal::Guess { why, tries_left }
}

pub(super) fn phone_on_file(
    invited: &Invited,
    typed: &PhoneText,
    channel: Channel,
    last_sent: Option<&Sent<Claim>>,
    fact: Option<Fact>,
    now: Timestamp,
) -> Verdict {
    let phone = match Phone::parse(typed.as_str()) {
        Ok(phone) => phone,
        Err(problem) => return Refusal::field(Field::Phone, problem).into(),
    };
    // No try is counted: that this number is on file was told when the code left.
    if let Some(sent) = code::still_good(last_sent, channel, now, |to| to.phone == phone) {
        return Verdict::Advance {
            state: flow::State::Enrollment(State::PhoneCode {
                claim: sent.to.clone(),
                channel,
                last_sent: sent.at,
            }),
            effects: Vec::new(),
        };
    }
    let last_sent = last_sent.map(|sent| sent.at);
    // Told before a try is counted: waiting must not cost one.
    if let Err(refusal) = code::check_cooldown(last_sent, now) {
        return refusal.into();
    }
    with_patient(invited, Check::Phone, fact, |patient| {
        if !patient.phone_on_file(&phone) {
            return None;
        }
        let claim = Claim {
            invited: invited.clone(),
            phone: phone.clone(),
            email: patient
                .email
                .as_ref()
                .map(|email| email.as_str().to_owned()),
        };
        Some(match send_to_phone(claim, channel, last_sent, now) {
            Ok((state, effects)) => Verdict::Advance { state, effects },
            Err(refusal) => refusal.into(),
        })
    })
}
