//! What an enrollment does between two steps: sends a code, takes a proof, makes
//! the account.
//!
//! It must not know which answer comes at which step.

use jiff::Timestamp;
use protocol::values::{Email, Username};
use protocol::{Channel, ProblemCode};

use super::super::code::{self, Sent};
use super::super::{About, CodeFor, Effect, NewAccount, Recipient, Refusal, Verdict, out_of_step};
use super::{Claim, Proven, State, go};
use crate::audit::Event;
use crate::crypto::PasswordHash;
use crate::flow;

pub(super) fn send_to_phone(
    claim: Claim,
    channel: Channel,
    last_sent: Option<Timestamp>,
    now: Timestamp,
) -> Result<(flow::State, Vec<Effect>), Refusal> {
    code::check_cooldown(last_sent, now)?;
    let to = Recipient::OnFile(claim.phone.clone());
    let about = About::Patient(claim.invited.patient);
    let state = flow::State::Enrollment(State::PhoneCode {
        claim,
        channel,
        last_sent: now,
    });
    Ok((state, code::send(to, channel, about)))
}

pub(super) fn send_to_email(
    proven: &Proven,
    email: &str,
    last_sent: Option<Timestamp>,
    now: Timestamp,
) -> Result<(flow::State, Vec<Effect>), Refusal> {
    code::check_cooldown(last_sent, now)?;
    let state = flow::State::Enrollment(State::EmailCode {
        proven: proven.clone(),
        email: email.to_owned(),
        last_sent: now,
    });
    let to = Recipient::NewEmail(email.to_owned());
    Ok((state, code::send(to, Channel::Email, proven.about())))
}

/// The code was right: the claim is proven.
pub(super) fn prove(claim: Claim, channel: Channel, now: Timestamp) -> Verdict {
    let about = About::Patient(claim.invited.patient);
    let at = now;
    Verdict::Advance {
        state: flow::State::Enrollment(State::Contact {
            proven: Proven { claim, channel, at },
            last_sent: None,
        }),
        effects: vec![
            Effect::SpendCode(CodeFor::Phone),
            Effect::Audit(Event::PhoneProven, about),
        ],
    }
}

/// The address that the invitation was mailed to is proven by the invitation;
/// any other one, on file or not, gets a code of its own.
pub(super) fn contact(
    proven: &Proven,
    email: &Email,
    last_sent: Option<&Sent<String>>,
    now: Timestamp,
) -> Verdict {
    if !proven.is_fresh(now) {
        return Refusal::Problem(ProblemCode::FlowExpired).into();
    }
    let mailed_to = proven.claim.invited.mailed_to.as_deref().map(Email::parse);
    let invited_at = mailed_to
        .and_then(Result::ok)
        .filter(|mailed_to| mailed_to.lookup_key() == email.lookup_key());
    if let Some(mailed_to) = invited_at {
        // Its own spelling is kept: that is the one that was written to.
        let state = State::Credentials {
            proven: proven.clone(),
            email: mailed_to.as_str().to_owned(),
        };
        return go(state, Event::EmailConfirmed, proven.claim.invited.patient);
    }
    if let Some(sent) = code::still_good(last_sent, Channel::Email, now, |to| to == email.as_str())
    {
        return Verdict::Advance {
            state: flow::State::Enrollment(State::EmailCode {
                proven: proven.clone(),
                email: sent.to.clone(),
                last_sent: sent.at,
            }),
            effects: Vec::new(),
        };
    }
    match send_to_email(proven, email.as_str(), last_sent.map(|sent| sent.at), now) {
        Ok((state, effects)) => Verdict::Advance { state, effects },
        Err(refusal) => refusal.into(),
    }
}

pub(super) fn create(
    proven: &Proven,
    email: &str,
    username: &Username,
    hash: PasswordHash,
) -> Verdict {
    let Ok(email) = Email::parse(email) else {
        return out_of_step();
    };
    let Claim { invited, phone, .. } = &proven.claim;
    let account = NewAccount {
        patient: invited.patient,
        username: username.clone(),
        hash,
        email,
        phone: phone.clone(),
        phone_channel: proven.channel,
    };
    Verdict::Advance {
        state: flow::State::Enrollment(State::Done {
            username: username.as_str().to_owned(),
        }),
        effects: vec![
            Effect::UseInvitation(invited.invitation),
            Effect::CreateAccount(Box::new(account)),
            Effect::Audit(Event::Enrolled, proven.about()),
        ],
    }
}
