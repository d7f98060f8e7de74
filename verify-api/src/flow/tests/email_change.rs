//! Changes of an account's email, walked by hand.

use super::*;

const ACCOUNT: AccountId = AccountId([9; 16]);
const PASSED: Passed = Passed {
    account: ACCOUNT,
    password_no: 3,
};
const NEW: &str = "rosa.new@example.org";

fn email(address: &str) -> Answer {
    answer(StepName::Contact, &[(Field::Email, address)])
}

fn confirmed() -> State {
    let typed = answer(
        StepName::Password,
        &[(Field::Password, "a garden with three gates")],
    );
    let fact = Fact::Password(PasswordFact::Right(PASSED));
    let begun = State::begin(FlowKind::EmailChange);
    advance(begun.answer(&typed, Some(fact), now())).0
}

fn waiting() -> State {
    advance(confirmed().answer(&email(NEW), None, now())).0
}

#[test]
fn nobody_gives_an_email_before_the_password_was_right() {
    let begun = State::begin(FlowKind::EmailChange);
    assert!(begun.asks_password());
    let early = begun.answer(&email(NEW), None, now());
    assert_eq!(refusal(early), Refusal::Problem(ProblemCode::WrongStep));
    assert_eq!(step_of(&confirmed()), StepName::Contact);
}

#[test]
fn whoever_comes_back_from_the_code_finds_the_new_email_and_never_the_old_one() {
    let shown = |state: &State| match state.step(now()) {
        Step::Contact { email } => email,
        step => panic!("{step:?}"),
    };
    assert_eq!(shown(&confirmed()), "");
    assert_eq!(shown(&waiting().back(now()).unwrap()), NEW);
}

#[test]
fn the_code_goes_to_the_new_email_and_only_then_it_is_the_accounts() {
    let (state, effects) = advance(confirmed().answer(&email(NEW), None, now()));
    let Effect::SendCode { to, channel } = &effects[0] else {
        panic!("no code is asked for: {effects:?}");
    };
    assert!(matches!(to, Recipient::ChangedEmail { passed, email }
        if *passed == PASSED && email == NEW));
    assert_eq!(
        (to.purpose(), *channel),
        (CodeFor::ChangedEmail, Channel::Email)
    );
    let right = Fact::Code(CodeFact::Right {
        account: Some(ACCOUNT),
    });
    let (state, effects) = advance(state.answer(&code(), Some(right), now()));
    assert_eq!(step_of(&state), StepName::Done);
    assert!(matches!(
        effects[0],
        Effect::SpendCode(CodeFor::ChangedEmail)
    ));
    assert!(matches!(&effects[1], Effect::ChangeEmail { passed, email }
        if *passed == PASSED && email == NEW));
}

#[test]
fn a_code_that_was_sent_for_another_account_changes_no_email() {
    for account in [None, Some(AccountId([8; 16]))] {
        let fact = Fact::Code(CodeFact::Right { account });
        let verdict = waiting().answer(&code(), Some(fact), now());
        assert_eq!(refusal(verdict), Refusal::Problem(ProblemCode::WrongStep));
    }
}

#[test]
fn another_email_waits_as_another_code_does_and_the_password_is_not_asked_again() {
    let back = waiting().back(now()).expect("a way back");
    assert_eq!(step_of(&back), StepName::Contact);
    assert!(back.back(now()).is_none(), "the password was right");
    let at = |seconds| {
        let later = now() + SignedDuration::from_secs(seconds);
        back.answer(&email("rosa.other@example.org"), None, later)
    };
    assert!(matches!(refusal(at(59)), Refusal::TooSoon { .. }));
    advance(at(60));
}

#[test]
fn the_code_of_an_email_never_goes_by_phone() {
    let later = now() + SignedDuration::from_secs(60);
    let by = |channel| waiting().resend(channel, later);
    assert!(by(None).is_ok() && by(Some(Channel::Email)).is_ok());
    let expected = Refusal::field(Field::Channel, FieldProblem::InvalidChoice);
    for channel in [Channel::Text, Channel::Call] {
        assert_eq!(by(Some(channel)).err(), Some(expected.clone()));
    }
}
