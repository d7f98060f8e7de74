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
//! Signing in has two rows that nobody sees: of the passwords of a username, and of the
//! codes behind an account's right password. They ask nobody to wait, since a stranger would
//! keep the owner waiting, and after [`STOP`] the answer is still that it was wrong. Then
//! no password signs in, or no code is sent, and the owner is mailed the way to a new
//! password. A right sign-in ends them, and so does a new password. What is seen, that a
//! code is asked for as well (see `flow::sign_in`), follows from a budget that grows back
//! by time alone: so a stranger who goes on guessing does not see when the owner signs in.
//! Only staff, in a visit of the patient, are told that no password signs in.

use jiff::SignedDuration;

use crate::audit::Event;
use crate::flow::CodeFor;

/// What is guessed at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Guessing {
    /// The six digits of a message.
    Code,
    /// Those behind a right password.
    SignInCode,
    /// The password of a username.
    Password,
    /// Password and code of a staff user, together.
    Staff,
}

/// Failures in a row until the first wait, which are a flow's own tries.
pub const FREE: u32 = 5;

/// Failures in a row after which no code works, until the front desk has looked, and no
/// password, until there is another.
pub const STOP: u32 = 100;

/// How long a row is remembered after its last failure, one that has come to
/// [`STOP`] included: a hundred guesses a year get nowhere.
pub const KEPT: SignedDuration = SignedDuration::from_hours(365 * 24);

/// A guess that was counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Counted {
    /// Failures in a row, this one included, as far as they are counted.
    pub failures: u32,
    /// Whether this one was the first of so many.
    pub is_first: bool,
}

impl Counted {
    /// Whether a hidden row had come to the stop before this guess.
    pub const fn is_stopped(self) -> bool {
        self.failures > STOP
    }

    /// What is written down about it.
    pub fn event(self, guessing: Guessing) -> Option<Event> {
        guessing.event(self.failures).filter(|_| self.is_first)
    }
}

impl Guessing {
    /// What is guessed at with a code.
    pub const fn of_code(purpose: CodeFor) -> Self {
        match purpose {
            CodeFor::SignIn => Self::SignInCode,
            CodeFor::Phone
            | CodeFor::NewEmail
            | CodeFor::NewPhone
            | CodeFor::ChangedEmail
            | CodeFor::Reset => Self::Code,
        }
    }

    /// Whether nobody is told of the row: not that it makes them wait, nor that it has come
    /// to the stop.
    pub const fn is_hidden(self) -> bool {
        match self {
            Self::Code | Self::Staff => false,
            Self::SignInCode | Self::Password => true,
        }
    }

    /// How far a row is counted. A hidden one goes on by one: it has come to the stop
    /// when somebody comes after that.
    pub const fn counted(self) -> u32 {
        if self.is_hidden() { STOP + 1 } else { STOP }
    }

    /// The wait before the next guess after so many failures in a row.
    pub fn wait(self, failures: u32) -> SignedDuration {
        const STEPS: [i64; 7] = [30, 60, 2 * 60, 5 * 60, 15 * 60, 30 * 60, 60 * 60];
        let (Self::Code | Self::Staff, Some(step)) = (self, failures.checked_sub(FREE)) else {
            return SignedDuration::ZERO;
        };
        let step = usize::try_from(step).unwrap_or(usize::MAX);
        SignedDuration::from_secs(STEPS[step.min(STEPS.len() - 1)])
    }

    /// What is written down after so many failures in a row: somebody may be guessing.
    const fn event(self, failures: u32) -> Option<Event> {
        const AFTER_FREE: u32 = FREE + 1;
        const AFTER_STOP: u32 = STOP + 1;
        match (self, failures) {
            (Self::Code, FREE) => Some(Event::CodesWait),
            (Self::Code, STOP) | (Self::SignInCode, AFTER_STOP) => Some(Event::CodesStopped),
            (Self::Staff, FREE) => Some(Event::StaffSignInWaits),
            (Self::Staff, STOP) => Some(Event::StaffSignInStopped),
            // It comes after five, or a hundred, that were wrong.
            (Self::Password, AFTER_FREE) => Some(Event::SignInGuessed),
            (Self::Password, AFTER_STOP) => Some(Event::SignInStopped),
            (Self::SignInCode, AFTER_FREE) => Some(Event::SignInCodesGuessed),
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
        assert_eq!(Guessing::Staff.wait(6), wait(6));
        for hidden in [Guessing::Password, Guessing::SignInCode] {
            assert_eq!(hidden.wait(99).as_secs(), 0);
        }
    }
}
