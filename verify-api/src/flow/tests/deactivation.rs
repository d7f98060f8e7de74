//! The end of an account, walked by hand.

use super::*;
use crate::audit::Event;

const PASSED: Passed = Passed {
    account: AccountId([9; 16]),
    password_no: 3,
};

fn password() -> Answer {
    answer(
        StepName::Password,
        &[(Field::Password, "a garden with three gates")],
    )
}

fn username() -> Answer {
    answer(StepName::Confirm, &[(Field::Username, "rosa.n")])
}

fn confirmed() -> State {
    let fact = Fact::Password(PasswordFact::Right(PASSED));
    let begun = State::begin(FlowKind::Deactivation);
    advance(begun.answer(&password(), Some(fact), now())).0
}

#[test]
fn nobody_ends_an_account_before_the_password_was_right() {
    let begun = State::begin(FlowKind::Deactivation);
    assert!(begun.asks_password());
    let early = begun.answer(&username(), Some(Fact::OwnUsername(true)), now());
    assert_eq!(refusal(early), Refusal::Problem(ProblemCode::WrongStep));
    let wrong = Some(Fact::Password(PasswordFact::Wrong));
    let wrong = begun.answer(&password(), wrong, now());
    let told = Refusal::field(Field::Password, FieldProblem::WrongPassword);
    assert_eq!(refusal(wrong), told);
    assert_eq!(step_of(&confirmed()), StepName::Confirm);
}

#[test]
fn an_account_ends_once_its_username_is_typed() {
    let asked = confirmed().answer(&username(), None, now());
    assert!(matches!(asked, Verdict::Ask(Question::OwnUsername(_))));
    let other = confirmed().answer(&username(), Some(Fact::OwnUsername(false)), now());
    let told = Refusal::field(Field::Username, FieldProblem::WrongUsername);
    assert_eq!(refusal(other), told);
    let own = confirmed().answer(&username(), Some(Fact::OwnUsername(true)), now());
    let (state, effects) = advance(own);
    assert_eq!(step_of(&state), StepName::Done);
    assert!(matches!(
        effects[..],
        [
            Effect::Deactivate(PASSED),
            Effect::Audit(
                Event::AccountDeactivated,
                About::Account(AccountId([9, ..]))
            ),
        ]
    ));
}

/// A form that was left open must not stay open.
#[test]
fn what_ends_an_account_waits_a_quarter_of_an_hour_and_leads_nowhere_else() {
    let state = confirmed();
    assert_eq!(state.patience(), SignedDuration::from_mins(15));
    assert!(state.back(now()).is_none(), "the password was right");
    let refused = state.resend(None, now()).err();
    let told = Refusal::Problem(ProblemCode::NothingToResend);
    assert_eq!(refused, Some(told));
}
