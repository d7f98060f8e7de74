//! What follows from wrong codes and wrong passwords in a row.
//!
//! Six digits can be guessed, so guesses are counted for the one whom they are
//! about, across flows, channels and servers, and not for the one who makes
//! them, who can be anywhere. It must not know whether that one exists.
//!
//! NIST SP 800-63B-4 §3.2.2 allows 100 failures in a row at most, and names
//! growing waits as a remedy before that. A right code ends the row; a new code
//! does not. The rule limits *guessing*: the link that is mailed to an owner
//! (see `Job::ResetLink`) has more bits than anybody can guess, so it works
//! while codes wait or have stopped.
//!
//! Passwords have a row of their own, which nobody sees. It asks nobody to wait: a
//! stranger would keep the owner waiting. After [`STOP`] no password signs in, and the
//! owner is mailed the way to a new one; a right sign-in ends the row, and so does a new
//! password. What is seen, that a code is asked for as well (see `flow::sign_in`), follows
//! from a budget that grows back by time alone: so a stranger who goes on guessing does
//! not see when the owner has signed in.

use jiff::SignedDuration;
use serde::{Deserialize, Serialize};

use crate::audit::Event;

/// What is guessed at.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Guessing {
    /// The six digits of a message.
    Code,
    /// The password of a username.
    Password,
}

/// Failures in a row until the first wait, which are a flow's own tries.
pub const FREE: u32 = 5;

/// Failures in a row after which no code works, until the front desk has looked, and no
/// password, until there is another.
pub const STOP: u32 = 100;

/// How long a row is remembered after its last failure, one that has come to
/// [`STOP`] included: a hundred guesses a year get nowhere.
pub const KEPT: SignedDuration = SignedDuration::from_hours(365 * 24);

impl Guessing {
    /// How far a row is counted. Of a password it is known only later whether it was a
    /// failure, so that a row has come to the stop shows with the one after it.
    pub const fn counted(self) -> u32 {
        match self {
            Self::Code => STOP,
            Self::Password => STOP + 1,
        }
    }

    /// The wait before the next guess after so many failures in a row.
    pub fn wait(self, failures: u32) -> SignedDuration {
        const STEPS: [i64; 7] = [30, 60, 2 * 60, 5 * 60, 15 * 60, 30 * 60, 60 * 60];
        let (Self::Code, Some(step)) = (self, failures.checked_sub(FREE)) else {
            return SignedDuration::ZERO;
        };
        let step = usize::try_from(step).unwrap_or(usize::MAX);
        SignedDuration::from_secs(STEPS[step.min(STEPS.len() - 1)])
    }

    /// What is written down after so many failures in a row: somebody may be guessing.
    pub const fn event(self, failures: u32) -> Option<Event> {
        const AFTER_FREE: u32 = FREE + 1;
        const AFTER_STOP: u32 = STOP + 1;
        match (self, failures) {
            (Self::Code, FREE) => Some(Event::CodesWait),
            (Self::Code, STOP) => Some(Event::CodesStopped),
            // It comes after five, or a hundred, that were wrong.
            (Self::Password, AFTER_FREE) => Some(Event::SignInGuessed),
            (Self::Password, AFTER_STOP) => Some(Event::SignInStopped),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waits_grow_from_half_a_minute_to_an_hour() {
        let wait = |n| Guessing::Code.wait(n);
        let seconds: Vec<i64> = (0..=13).map(|n| wait(n).as_secs()).collect();
        assert_eq!(seconds[..5], [0; 5]);
        assert_eq!(
            seconds[5..],
            [30, 60, 120, 300, 900, 1800, 3600, 3600, 3600]
        );
        assert_eq!(wait(u32::MAX).as_secs(), 3600);
        assert_eq!(Guessing::Password.wait(99).as_secs(), 0);
    }
}
