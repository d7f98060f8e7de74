//! How long a sign-in takes.
//!
//! A password is hashed for each, which takes a hundred times as long as all else, so fewer
//! samples tell whether one was left out, or a second one made.

use frontdesk_tests::people::ROSA;
use frontdesk_tests::{Reply, Stack};

use super::{Times, end_round, hold, known_is_first, padded_by, timed, username};
use crate::json::assert_same;

/// How many times each of the two is asked.
const SAMPLES: usize = 40;

/// As for the other requests, where the standard error of so few is 0.13: chance alone goes
/// beyond this about once in two million runs.
const ALIKE: f64 = 0.65;

const WRONG: &str = "seven quiet herons at dawn";

/// Asks in two ways, over and over and in both orders, and holds answers and times against
/// each other. `after` is done after each pair.
fn compare(stack: &Stack, what: &str, ask: impl Fn(bool) -> Reply, after: impl Fn()) {
    hold("sign-in", &[(what, ())], ALIKE, || {
        let mut times = Times::default();
        for round in 0..SAMPLES {
            let known_first = known_is_first(round);
            let [first, second] = [known_first, !known_first].map(|is_known| {
                let (reply, took) = timed(|| ask(is_known));
                stack.settle();
                times.add(is_known, took);
                reply
            });
            assert_same(what, &first, &second);
            after();
        }
        vec![times]
    });
}

#[test]
fn a_wrong_password_takes_as_long_for_an_unknown_username() {
    let stack = Stack::with(&padded_by("0"));
    stack.enrolled(&ROSA);
    compare(
        &stack,
        "a wrong password",
        |is_known| {
            let reply = stack.sign_in(username(is_known), WRONG);
            reply.problem(422, "wrong-sign-in");
            reply
        },
        || end_round(&stack),
    );
}

/// Nor does a clock tell that a password was right where its answer does not.
#[test]
fn where_a_code_is_asked_for_a_right_password_takes_as_long_as_a_wrong_one() {
    let stack = Stack::with(&padded_by("0"));
    stack.enrolled(&ROSA);
    for _ in 0..5 {
        stack.sign_in(ROSA.username, WRONG);
    }
    compare(
        &stack,
        "a right password under attack",
        |is_right| {
            let password = if is_right { ROSA.password } else { WRONG };
            let reply = stack.sign_in(ROSA.username, password);
            reply.at("code");
            reply
        },
        || {
            stack.tamper("DELETE FROM ladders").expect("SQL");
        },
    );
}
