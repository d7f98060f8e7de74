//! What somebody does who wants to get through, from wherever they are.

use proptest::test_runner::TestCaseError;
use protocol::{Field, FieldProblem, ProblemCode, StepName};

use super::acts::{Act, Way};
use super::house::Invitation;
use super::journey::Journey;
use super::record::Refused;

/// More than the longest way: seven steps, each with a wait and a newer code.
const MOST_ACTS: usize = 30;

/// Goes on to the end of the flow, or to a page that says why it is over and
/// begins anew; each such end must be true.
pub(super) fn gets_through(mut journey: Journey) -> Result<(), TestCaseError> {
    // A clock that was set back is right again.
    journey.house.now = journey.latest;
    for _ in 0..MOST_ACTS {
        let step = journey.house.step().name();
        if matches!(step, StepName::Done | StepName::CheckEmail) || journey.house.is_expired() {
            return Ok(());
        }
        if journey.house.is_out_of_tries() {
            return holds(journey.ledger.is_out_of_tries(), "tries are left");
        }
        let act = sensible(&journey, step);
        let Some(Err(refused)) = journey.act(act).outcome else {
            continue;
        };
        match is_over(&refused, &journey) {
            Some(is_true) => return holds(is_true, &format!("{refused:?} is not so")),
            None => go_on(&refused, act, &mut journey)?,
        }
    }
    Err(TestCaseError::fail("it never ends"))
}

fn sensible(journey: &Journey, step: StepName) -> Act {
    match step {
        StepName::Code | StepName::Method if !journey.ledger.is_readable() => Act::Back,
        StepName::Code if !journey.ledger.is_code_fresh(&journey.house) => Act::Resend(None),
        _ => Act::Answer(Way::Right),
    }
}

/// Whether a refusal ends the flow, with a page that begins anew, and rightly so.
fn is_over(refused: &Refused, journey: &Journey) -> Option<bool> {
    match refused {
        Refused::Problem(ProblemCode::FlowExpired) => {
            Some(journey.ledger.has_left(journey.house.now))
        }
        Refused::Problem(ProblemCode::InvitationEnded) => {
            Some(journey.house.invitation != Invitation::Open)
        }
        Refused::Problem(ProblemCode::TooManyTries) => Some(is_told_again(journey)),
        Refused::Fields(fields) => match (fields.get(&Field::Invitation), fields.get(&Field::Code))
        {
            (Some(_), _) => Some(journey.house.invitation != Invitation::Open),
            (_, Some(FieldProblem::SpentCode)) => Some(is_told_again(journey)),
            _ => None,
        },
        _ => None,
    }
}

/// Whether tries are gone, and a page that is loaded again says so, rather than ask
/// for what cannot be right. (The address of the invitation needs no code.)
fn is_told_again(journey: &Journey) -> bool {
    let has_another_way =
        journey.house.step().name() == StepName::Contact && journey.house.has_mailed();
    let is_told = journey.house.is_out_of_tries() || has_another_way;
    journey.ledger.is_out_of_tries() && is_told
}

/// Does what the refusal asks for.
fn go_on(refused: &Refused, act: Act, journey: &mut Journey) -> Result<(), TestCaseError> {
    match refused {
        Refused::TooSoon(seconds) => {
            journey.act(Act::Wait(i64::from(*seconds)));
            Ok(())
        }
        Refused::Fields(fields)
            if fields.get(&Field::Username) == Some(&FieldProblem::UsernameTaken) =>
        {
            Ok(())
        }
        // Somebody at a mistyped address who has waited too long: the button for
        // another code tells them.
        Refused::Problem(ProblemCode::NoWayBack) => match journey.act(Act::Resend(None)).outcome {
            Some(Err(refused)) => {
                let is_over = is_over(&refused, journey) == Some(true);
                holds(is_over, &format!("neither back nor on: {refused:?}"))?;
                journey.house.wait(24 * 60 * 60);
                Ok(())
            }
            _ => Err(TestCaseError::fail(
                "no way back from an address nobody reads",
            )),
        },
        other => Err(TestCaseError::fail(format!("{act:?} gives {other:?}"))),
    }
}

fn holds(is_true: bool, what: &str) -> Result<(), TestCaseError> {
    if is_true {
        Ok(())
    } else {
        Err(TestCaseError::fail(what.to_owned()))
    }
}
