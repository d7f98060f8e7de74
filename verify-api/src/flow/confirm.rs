//! The password once more, before something of an account is changed: what all flows of
//! whoever is signed in begin with (NIST SP 800-63B-4 §5.2, OWASP ASVS 5.0 V7.5).
//!
//! It must not know who is signed in, nor what is to be changed.

use protocol::answers::PasswordText;
use protocol::{Field, FieldProblem, ProblemCode, Step};

use super::{Effect, Fact, Passed, PasswordFact, Question, Refusal, Verdict, out_of_step};

/// Wrong passwords in a row that are looked at in one session.
pub const TRIES: u8 = 5;

/// The step that asks for it; whose it is, whoever shows it knows.
pub(super) const fn step() -> Step {
    let username = String::new();
    Step::Password { username }
}

/// Asks whether it is the password of whoever is signed in, which counts a try; a right
/// one goes on.
pub(super) fn check(
    typed: &PasswordText,
    fact: Option<&Fact>,
    go_on: impl FnOnce(Passed) -> super::State,
) -> Verdict {
    match fact {
        None => Verdict::Ask(Question::Password(typed.clone())),
        Some(Fact::Password(PasswordFact::Right(passed))) => Verdict::Advance {
            state: go_on(*passed),
            effects: vec![Effect::EndPasswordTries],
        },
        Some(Fact::Password(PasswordFact::Wrong)) => {
            Refusal::field(Field::Password, FieldProblem::WrongPassword).into()
        }
        Some(Fact::Password(PasswordFact::Spent)) => {
            Refusal::Problem(ProblemCode::TooManyTries).into()
        }
        Some(_) => out_of_step(),
    }
}
