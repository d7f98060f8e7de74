//! What more time does for a step, and what it does not.

use super::*;

fn minutes(minutes: i64) -> SignedDuration {
    SignedDuration::from_mins(minutes)
}

fn new_email() -> Answer {
    answer(StepName::Contact, &[(Field::Email, "new@example.org")])
}

#[test]
fn a_step_waits_from_when_it_is_reached_and_never_past_the_lifetime() {
    let state = State::begin(FlowKind::PasswordReset);
    let later = now() + minutes(10);
    assert_eq!(state.waits_until(now(), later), later + minutes(60));
    let late = now() + LIFETIME - minutes(10);
    assert_eq!(state.waits_until(now(), late), now() + LIFETIME);
}

/// Else the email would be refused by a step that says to wait for it.
#[test]
fn the_email_is_waited_for_while_it_may_be_changed() {
    let (waiting, _) = advance(proven().answer(&new_email(), None, now()));
    let soon = now() + minutes(10);
    let back = waiting.back(soon).unwrap();
    assert_eq!(back.waits_until(now(), soon), now() + minutes(15));
    let still = now() + minutes(15);
    assert!(matches!(
        back.answer(&new_email(), None, still),
        Verdict::Advance { .. }
    ));
}

#[test]
fn whoever_asks_for_time_at_the_email_may_change_it_all_that_time() {
    let mut state = proven();
    let mut at = now();
    for _ in 0..10 {
        at += minutes(14);
        state = state.extended(at);
        assert_eq!(state.waits_until(now(), at), at + minutes(15));
    }
    let last = at + minutes(15);
    let (waiting, _) = advance(state.answer(&new_email(), None, last));
    // Who waits for the code may have gone: that step stays open for a day.
    let extended = waiting.extended(last);
    assert!(extended.back(last).is_some());
    let gone = last + minutes(1);
    assert!(extended.extended(gone).back(gone).is_none());
}

/// A proof that is too old is not made new by whoever finds the form.
#[test]
fn more_time_brings_no_proof_back() {
    let late = now() + minutes(16);
    let expired = Refusal::Problem(ProblemCode::FlowExpired);
    let state = proven().extended(late);
    assert_eq!(refusal(state.answer(&new_email(), None, late)), expired);
}

#[test]
fn more_time_takes_none_away_when_the_clock_was_set_back() {
    let state = proven().extended(now() - minutes(10));
    let still = now() + minutes(15);
    assert!(matches!(
        state.answer(&new_email(), None, still),
        Verdict::Advance { .. }
    ));
}
