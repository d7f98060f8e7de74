//! What every code step has in common: how long a code works, how soon another
//! can be asked for, and what a wrong one means.
//!
//! It must not know what the code proves.

use jiff::{SignedDuration, Timestamp};
use protocol::values::Code;
use protocol::{Channel, Field, FieldProblem};
use serde::{Deserialize, Serialize};

use super::{
    About, CodeFact, CodeFor, Effect, Fact, Question, Recipient, Refusal, Verdict, WrongGuess,
    out_of_step,
};
use crate::account::AccountId;
use crate::audit::Event;

/// Tries at one flow's codes; another code does not bring new ones.
pub const TRIES: u8 = 5;

/// Seconds between two codes.
pub const COOLDOWN: SignedDuration = SignedDuration::from_secs(60);

/// The code that was last sent, for someone who came back from its step.
#[derive(Clone, Serialize, Deserialize)]
pub struct Sent<T> {
    /// Whom it went to.
    pub to: T,
    /// How it went.
    pub channel: Channel,
    /// When it was asked for.
    pub at: Timestamp,
}

impl<T> std::fmt::Debug for Sent<T> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Sent(redacted)")
    }
}

/// The code that is still good where another one would go to the same recipient, the same
/// way: whoever asks for it once more is led back to it. Another one would only end it.
pub(super) fn still_good<T>(
    last_sent: Option<&Sent<T>>,
    channel: Channel,
    now: Timestamp,
    is_recipient: impl FnOnce(&T) -> bool,
) -> Option<&Sent<T>> {
    last_sent.filter(|sent| {
        sent.channel == channel
            && now.duration_since(sent.at) < lifetime(channel)
            && is_recipient(&sent.to)
    })
}

/// How long a code works: ten minutes by phone (NIST SP 800-63B-4 §3.1.3.2),
/// a day by email (§4.2.1.2 for recovery codes).
pub const fn lifetime(channel: Channel) -> SignedDuration {
    match channel {
        Channel::Email => SignedDuration::from_hours(24),
        Channel::Text | Channel::Call => SignedDuration::from_mins(10),
    }
}

/// Seconds until another code can be asked for.
pub fn resend_in(last_sent: Timestamp, now: Timestamp) -> u32 {
    let left = COOLDOWN - now.duration_since(last_sent);
    // Rounded up: asking at the moment that was named must succeed.
    let seconds = left.as_secs() + i64::from(left.subsec_nanos() > 0);
    u32::try_from(seconds.clamp(0, COOLDOWN.as_secs())).unwrap_or_default()
}

/// Refuses what would send a code too soon after the last one.
pub(super) fn check_cooldown(last_sent: Option<Timestamp>, now: Timestamp) -> Result<(), Refusal> {
    match last_sent.map_or(0, |sent| resend_in(sent, now)) {
        0 => Ok(()),
        retry_after => Err(Refusal::TooSoon { retry_after }),
    }
}

/// Refuses email for a code that proves a phone.
pub(super) fn by_phone(channel: Channel) -> Result<Channel, Refusal> {
    match channel {
        Channel::Text | Channel::Call => Ok(channel),
        Channel::Email => Err(Refusal::field(Field::Channel, FieldProblem::InvalidChoice)),
    }
}

/// The effects that put a code on its way.
pub(super) fn send(to: Recipient, channel: Channel, about: About) -> Vec<Effect> {
    vec![
        Effect::SendCode { to, channel },
        Effect::Audit(Event::CodeAsked, about),
    ]
}

/// Asks whether the code is right, which counts a try; a right one goes on, with
/// the account it was sent for, where it was sent for one.
pub(super) fn check(
    purpose: CodeFor,
    typed: &Code,
    fact: Option<&Fact>,
    go_on: impl FnOnce(Option<AccountId>) -> Verdict,
) -> Verdict {
    let (problem, tries_left) = match fact {
        None => {
            return Verdict::Ask(Question::Code {
                typed: typed.clone(),
                purpose,
            });
        }
        Some(Fact::Code(CodeFact::Right { account })) => return go_on(*account),
        Some(Fact::Code(CodeFact::Expired { tries_left })) => match tries_left {
            1 => (FieldProblem::ExpiredCodeOneLeft, *tries_left),
            _ => (FieldProblem::ExpiredCode, *tries_left),
        },
        Some(Fact::Code(CodeFact::Wrong { tries_left })) => match tries_left {
            1 => (FieldProblem::WrongCodeOneLeft, *tries_left),
            _ => (FieldProblem::WrongCode, *tries_left),
        },
        Some(Fact::Code(CodeFact::Spent)) => {
            return Refusal::field(Field::Code, FieldProblem::SpentCode).into();
        }
        Some(_) => return out_of_step(),
    };
    let why = WrongGuess::Field(Field::Code, problem);
    Refusal::Guess { why, tries_left }.into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_wait_is_named_in_whole_seconds_that_suffice() {
        let sent = Timestamp::from_second(1_000).unwrap();
        let after = |ms| sent + SignedDuration::from_millis(ms);
        assert_eq!(resend_in(sent, sent), 60);
        assert_eq!(resend_in(sent, after(500)), 60);
        assert_eq!(resend_in(sent, after(59_001)), 1);
        assert_eq!(resend_in(sent, after(60_000)), 0);
        assert!(check_cooldown(Some(sent), after(60_000)).is_ok());
        assert!(check_cooldown(Some(sent), after(59_999)).is_err());
    }
}
