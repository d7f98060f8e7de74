//! Back from a code that was sent, and on again: the code that is on its way is enough.

use super::*;

const PASSED: Passed = Passed {
    account: AccountId([9; 16]),
    password_no: 3,
};

fn by(channel: Channel, number: &str) -> Answer {
    let fields = [(Field::Phone, number), (Field::Channel, channel.as_str())];
    answer(StepName::Phone, &fields)
}

fn email(address: &str) -> Answer {
    answer(StepName::Contact, &[(Field::Email, address)])
}

fn method(channel: Channel) -> Answer {
    answer(StepName::Method, &[(Field::Channel, channel.as_str())])
}

fn confirmed(kind: FlowKind) -> State {
    let typed = answer(
        StepName::Password,
        &[(Field::Password, "a garden with three gates")],
    );
    let fact = Fact::Password(PasswordFact::Right(PASSED));
    advance(State::begin(kind).answer(&typed, Some(fact), now())).0
}

/// Every step that sends a code: before it, what was answered, what would send another one,
/// and how long the code works.
fn every_way() -> Vec<(State, Answer, Answer, SignedDuration)> {
    let reset = State::begin(FlowKind::PasswordReset);
    let name = answer(StepName::Identify, &[(Field::Username, "rosa.n")]);
    let (reset, _) = advance(reset.answer(&name, None, now()));
    let by_phone = SignedDuration::from_mins(10);
    let by_email = SignedDuration::from_hours(24);
    vec![
        (
            identified(),
            by(Channel::Text, "207 555 0142"),
            by(Channel::Call, "207 555 0142"),
            by_phone,
        ),
        (
            reset.clone(),
            method(Channel::Text),
            method(Channel::Call),
            by_phone,
        ),
        (
            reset,
            method(Channel::Email),
            method(Channel::Text),
            by_email,
        ),
        (
            confirmed(FlowKind::PhoneChange),
            by(Channel::Call, "207 555 0199"),
            by(Channel::Call, "207 555 0198"),
            by_phone,
        ),
        (
            confirmed(FlowKind::EmailChange),
            email("new@example.org"),
            email("newer@example.org"),
            by_email,
        ),
    ]
}

fn with_record(state: &State, typed: &Answer, at: Timestamp) -> Verdict {
    match state.answer(typed, None, at) {
        Verdict::Ask(_) => state.answer(typed, Some(record()), at),
        verdict => verdict,
    }
}

#[test]
fn the_same_answer_leads_back_to_the_code_and_sends_none() {
    for (state, same, other, lifetime) in every_way() {
        let (waiting, _) = advance(with_record(&state, &same, now()));
        let back = waiting.back(now()).unwrap();
        let soon = now() + SignedDuration::from_secs(37);
        let (again, effects) = advance(back.answer(&same, None, soon));
        assert!(effects.is_empty(), "{:?}: {effects:?}", state.kind());
        assert_eq!(again.step(soon), waiting.step(soon), "{:?}", state.kind());
        assert_eq!(
            refusal(with_record(&back, &other, soon)),
            Refusal::TooSoon { retry_after: 23 }
        );

        let last = now() + lifetime - SignedDuration::from_secs(1);
        let (_, effects) = advance(back.answer(&same, None, last));
        assert!(effects.is_empty(), "{:?} just in time", state.kind());
        let (_, effects) = advance(with_record(&back, &same, now() + lifetime));
        assert!(
            matches!(effects[0], Effect::SendCode { .. }),
            "{:?}: the code has ended",
            state.kind()
        );
    }
}

#[test]
fn a_changed_email_is_not_written_to_twice_while_its_owner_is_there() {
    let typed = email("new@example.org");
    let (waiting, _) = advance(proven().answer(&typed, None, now()));
    let back = waiting.back(now()).unwrap();
    let (again, effects) = advance(back.answer(&typed, None, now()));
    assert!(effects.is_empty());
    assert_eq!(again.step(now()), waiting.step(now()));
    let gone = now() + SignedDuration::from_mins(16);
    assert_eq!(
        refusal(back.answer(&typed, None, gone)),
        Refusal::Problem(ProblemCode::FlowExpired)
    );
}

#[test]
fn the_code_of_one_username_is_none_of_another() {
    let waiting = waiting_for_reset(Channel::Text);
    let names = |name| answer(StepName::Identify, &[(Field::Username, name)]);
    let first = waiting.back(now()).unwrap().back(now()).unwrap();
    let (same, _) = advance(first.answer(&names("rosa.n"), None, now()));
    let (again, effects) = advance(same.answer(&method(Channel::Text), None, now()));
    assert!(effects.is_empty());
    assert_eq!(step_of(&again), StepName::Code);
    let (other, _) = advance(first.answer(&names("sam.w"), None, now()));
    assert_eq!(
        refusal(other.answer(&method(Channel::Text), None, now())),
        Refusal::TooSoon { retry_after: 60 }
    );
}

#[test]
fn what_was_on_file_costs_no_try_to_give_again() {
    let back = waiting_for_text().back(now()).unwrap();
    let same = back.answer(&by(Channel::Text, "+1 (207) 555-0142"), None, now());
    assert_eq!(step_of(&advance(same).0), StepName::Code);
    let later = now() + SignedDuration::from_secs(60);
    let other = back.answer(&by(Channel::Text, "207 555 0199"), None, later);
    assert!(
        matches!(other, Verdict::Ask(Question::Patient { .. })),
        "another number is a try"
    );
}
