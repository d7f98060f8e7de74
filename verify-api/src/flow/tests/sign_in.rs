//! Sign-ins, walked by hand.

use super::*;

const ACCOUNT: AccountId = AccountId([9; 16]);
const PASSED: Passed = Passed {
    account: ACCOUNT,
    password_no: 3,
};

fn password() -> Answer {
    answer(
        StepName::SignIn,
        &[
            (Field::Username, "rosa.n"),
            (Field::Password, "a garden with three gates"),
        ],
    )
}

fn judged(state: &State, fact: SignInFact, now: Timestamp) -> Verdict {
    state.answer(&password(), Some(Fact::SignIn(fact)), now)
}

fn waiting(passed: Option<Passed>) -> (State, Vec<Effect>) {
    let begun = State::begin(FlowKind::SignIn);
    let required = SignInFact::CodeRequired {
        passed,
        is_guessed: true,
    };
    advance(judged(&begun, required, now()))
}

#[test]
fn a_right_password_begins_a_session_and_a_wrong_one_tells_nothing_of_its_fields() {
    let begun = State::begin(FlowKind::SignIn);
    let asked = begun.answer(&password(), None, now());
    assert!(matches!(asked, Verdict::Ask(Question::SignIn { .. })));
    let right = SignInFact::Right {
        passed: PASSED,
        better: None,
    };
    let (state, effects) = advance(judged(&begun, right, now()));
    assert!(matches!(
        effects[0],
        Effect::BeginSession { passed, .. } if passed == PASSED
    ));
    assert!(matches!(effects[1], Effect::GiveBackPasswordTry(_)));
    assert_eq!(step_of(&state), StepName::Done);
    assert_eq!(
        refusal(judged(&begun, SignInFact::Wrong, now())),
        Refusal::Problem(ProblemCode::WrongSignIn)
    );
}

/// Whoever sees the step must not learn whether the password was right.
#[test]
fn where_a_code_is_required_right_and_wrong_passwords_lead_to_the_same_step() {
    let ((right, sent), (wrong, unsent)) = (waiting(Some(PASSED)), waiting(None));
    assert_eq!(right.step(now()), wrong.step(now()));
    assert_eq!(right.patience(), wrong.patience());
    assert_eq!(right.subject(), wrong.subject());
    assert_eq!(sent.len(), unsent.len());
    for (effect, expected) in [(&sent[0], Some(PASSED)), (&unsent[0], None)] {
        let Effect::SendCode { to, channel } = effect else {
            panic!("no code is asked for: {effect:?}");
        };
        let Recipient::SignIn { passed, .. } = to else {
            panic!("it goes to somebody else");
        };
        assert_eq!((*passed, *channel), (expected, Channel::Text));
    }
}

#[test]
fn a_right_code_after_a_right_password_begins_a_session_and_its_owner_is_told() {
    let (state, _) = waiting(Some(PASSED));
    let (state, effects) = advance(state.answer(&code(), Some(right()), now()));
    assert_eq!(step_of(&state), StepName::Done);
    assert!(matches!(effects[0], Effect::SpendCode(CodeFor::SignIn)));
    assert!(matches!(effects[1], Effect::BeginSession { passed, .. } if passed == PASSED));
    assert!(matches!(effects[3], Effect::TellOfGuesses(ACCOUNT)));
}

#[test]
fn no_code_helps_a_wrong_password_or_another_account() {
    let elsewhere = Some(Passed {
        account: AccountId([8; 16]),
        ..PASSED
    });
    for passed in [None, elsewhere] {
        let (state, _) = waiting(passed);
        let verdict = state.answer(&code(), Some(right()), now());
        assert_eq!(refusal(verdict), Refusal::Problem(ProblemCode::WrongStep));
    }
}

#[test]
fn going_back_from_the_code_does_not_get_around_the_wait() {
    let (state, _) = waiting(Some(PASSED));
    let back = state.back(now()).unwrap();
    assert_eq!(step_of(&back), StepName::SignIn);
    let again = |seconds| {
        let later = now() + SignedDuration::from_secs(seconds);
        let passed = Some(PASSED);
        judged(
            &back,
            SignInFact::CodeRequired {
                passed,
                is_guessed: true,
            },
            later,
        )
    };
    assert!(matches!(refusal(again(59)), Refusal::TooSoon { .. }));
    advance(again(60));
}

#[test]
fn the_code_goes_to_the_phone_and_never_by_email() {
    let (state, _) = waiting(Some(PASSED));
    let later = now() + SignedDuration::from_secs(60);
    let by = |channel| state.resend(Some(channel), later);
    assert!(by(Channel::Text).is_ok() && by(Channel::Call).is_ok());
    let refused = by(Channel::Email).err();
    let expected = Refusal::field(Field::Channel, FieldProblem::InvalidChoice);
    assert_eq!(refused, Some(expected));
}

/// It would be untrue: others were guessed at.
#[test]
fn nobody_is_told_of_guesses_at_another_username() {
    let begun = State::begin(FlowKind::SignIn);
    let required = SignInFact::CodeRequired {
        passed: Some(PASSED),
        is_guessed: false,
    };
    let (state, _) = advance(judged(&begun, required, now()));
    let (_, effects) = advance(state.answer(&code(), Some(right()), now()));
    let told = |effect: &Effect| matches!(effect, Effect::TellOfGuesses(_));
    assert!(!effects.iter().any(told));
}
