//! Changes of a linked phone, walked by hand.

use super::*;

const ACCOUNT: AccountId = AccountId([9; 16]);
const PASSED: Passed = Passed {
    account: ACCOUNT,
    password_no: 3,
};

fn password() -> Answer {
    answer(
        StepName::Password,
        &[(Field::Password, "a garden with three gates")],
    )
}

fn judged(fact: PasswordFact) -> Verdict {
    let begun = State::begin(FlowKind::PhoneChange);
    begun.answer(&password(), Some(Fact::Password(fact)), now())
}

fn confirmed() -> State {
    advance(judged(PasswordFact::Right(PASSED))).0
}

fn waiting() -> State {
    advance(confirmed().answer(&phone("207-555-0199"), None, now())).0
}

#[test]
fn nobody_gives_a_number_before_the_password_was_right() {
    let begun = State::begin(FlowKind::PhoneChange);
    let early = begun.answer(&phone("207-555-0199"), None, now());
    assert_eq!(refusal(early), Refusal::Problem(ProblemCode::WrongStep));
    let asked = begun.answer(&password(), None, now());
    assert!(matches!(asked, Verdict::Ask(Question::Password(_))));
    let wrong = Refusal::field(Field::Password, FieldProblem::WrongPassword);
    assert_eq!(refusal(judged(PasswordFact::Wrong)), wrong);
    let spent = Refusal::Problem(ProblemCode::TooManyTries);
    assert_eq!(refusal(judged(PasswordFact::Spent)), spent);
    let (state, effects) = advance(judged(PasswordFact::Right(PASSED)));
    assert_eq!(step_of(&state), StepName::Phone);
    assert!(matches!(effects[..], [Effect::EndPasswordTries]));
}

#[test]
fn the_code_goes_to_the_new_number_and_only_then_it_is_linked() {
    let (state, effects) = advance(confirmed().answer(&phone("207-555-0199"), None, now()));
    let Effect::SendCode { to, channel } = &effects[0] else {
        panic!("no code is asked for: {effects:?}");
    };
    assert!(matches!(to, Recipient::NewPhone { passed, phone }
        if *passed == PASSED && phone.as_e164() == "+12075550199"));
    assert_eq!((to.purpose(), *channel), (CodeFor::NewPhone, Channel::Text));
    let right = Fact::Code(CodeFact::Right {
        account: Some(ACCOUNT),
    });
    let (state, effects) = advance(state.answer(&code(), Some(right), now()));
    assert_eq!(step_of(&state), StepName::Done);
    assert!(matches!(effects[0], Effect::SpendCode(CodeFor::NewPhone)));
    assert!(
        matches!(&effects[1], Effect::ChangePhone { passed, phone, channel }
        if *passed == PASSED && phone.as_e164() == "+12075550199" && *channel == Channel::Text)
    );
}

#[test]
fn a_code_that_was_sent_for_another_account_links_nothing() {
    for account in [None, Some(AccountId([8; 16]))] {
        let fact = Fact::Code(CodeFact::Right { account });
        let verdict = waiting().answer(&code(), Some(fact), now());
        assert_eq!(refusal(verdict), Refusal::Problem(ProblemCode::WrongStep));
    }
}

#[test]
fn a_number_that_no_code_can_go_to_is_told() {
    for (typed, problem) in [
        ("900-555-0199", FieldProblem::InvalidPhone),
        ("207-976-0199", FieldProblem::InvalidPhone),
        ("800-555-0199", FieldProblem::TollFreePhone),
        ("207-555-0199 x4", FieldProblem::PhoneExtension),
    ] {
        let verdict = confirmed().answer(&phone(typed), None, now());
        assert_eq!(refusal(verdict), Refusal::field(Field::Phone, problem));
    }
}

#[test]
fn another_number_waits_as_another_code_does_and_the_password_is_not_asked_again() {
    let back = waiting().back(now()).expect("a way back");
    assert_eq!(step_of(&back), StepName::Phone);
    assert!(back.back(now()).is_none(), "the password was right");
    let at = |seconds| {
        let later = now() + SignedDuration::from_secs(seconds);
        back.answer(&phone("207-555-0177"), None, later)
    };
    assert!(matches!(refusal(at(59)), Refusal::TooSoon { .. }));
    advance(at(60));
}

#[test]
fn the_code_never_goes_by_email() {
    let later = now() + SignedDuration::from_secs(60);
    let by = |channel| waiting().resend(Some(channel), later);
    assert!(by(Channel::Text).is_ok() && by(Channel::Call).is_ok());
    let expected = Refusal::field(Field::Channel, FieldProblem::InvalidChoice);
    assert_eq!(by(Channel::Email).err(), Some(expected));
}
