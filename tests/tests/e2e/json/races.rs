//! Many requests at the same moment.

use std::sync::{Arc, Barrier};

use frontdesk_tests::people::ROSA;
use frontdesk_tests::{Flow, Reply, Stack};
use serde_json::json;

/// Asks at the same moment, once for each of `askers`.
fn at_once<T: Send + 'static>(
    askers: Vec<T>,
    ask: impl Fn(T) -> Reply + Send + Sync + 'static,
) -> Vec<Reply> {
    let barrier = Arc::new(Barrier::new(askers.len()));
    let ask = Arc::new(ask);
    let threads: Vec<_> = askers
        .into_iter()
        .map(|asker| {
            let (barrier, ask) = (Arc::clone(&barrier), Arc::clone(&ask));
            std::thread::spawn(move || {
                barrier.wait();
                ask(asker)
            })
        })
        .collect();
    let ended = threads.into_iter().map(std::thread::JoinHandle::join);
    ended
        .map(|reply| reply.expect("every request is answered"))
        .collect()
}

#[test]
fn guesses_at_the_same_moment_are_five_at_most() {
    let stack = Stack::start();
    stack.enrolled(&ROSA);
    let flow = stack.at_reset_code(ROSA.username, "text");
    let code: u32 = stack.mail.code("text", ROSA.phone).parse().expect("digits");
    let guesses = (1..=8).map(|n| (flow.clone(), format!("{:06}", (code + n) % 1_000_000)));
    let replies = at_once(guesses.collect(), |(flow, guess): (Flow, String)| {
        flow.answer("code", &json!({ "code": guess }))
    });
    let told = |what: &str| {
        let told = replies.iter().map(|reply| reply.json());
        told.filter(|problem| problem["fields"]["code"] == what)
            .count()
    };
    assert_eq!(
        [
            told("wrong-code"),
            told("wrong-code-one-left"),
            told("spent-code")
        ],
        [3, 1, 4],
        "five guesses count and no more, and the fifth is told as the last: {replies:?}"
    );
    assert_eq!(
        stack.number("SELECT tries FROM challenges WHERE purpose = 'reset'"),
        5
    );
    let right = format!("{code:06}");
    flow.answer("code", &json!({ "code": right }))
        .fields(&json!({"code": "spent-code"}));
}

#[test]
fn identity_guesses_at_the_same_moment_are_five_at_most() {
    let stack = Stack::start();
    let invitation = stack.invite(&ROSA);
    let flows: Vec<_> = (0..8).map(|_| stack.begin("enrollment")).collect();
    for flow in &flows {
        flow.answer("invitation", &json!({ "invitation": invitation }))
            .at("identity");
    }
    let replies = at_once(flows, |flow: Flow| {
        let mut identity = ROSA.identity();
        identity["given_name"] = "Rose".into();
        flow.answer("identity", &identity)
    });
    let mut statuses: Vec<_> = replies.iter().map(|reply| reply.status).collect();
    statuses.sort_unstable();
    // The fifth is looked at, and told as the last.
    assert_eq!(statuses, [422, 422, 422, 422, 429, 429, 429, 429]);
    let tries = "SELECT identity_tries FROM invitations";
    assert_eq!(stack.number(tries), 5);
}

#[test]
fn of_two_new_passwords_at_once_exactly_one_counts() {
    let stack = Stack::start();
    stack.enrolled(&ROSA);
    let flow = stack.at_new_password(&ROSA);
    let passwords = ["first of two passwords", "second of two passwords"];
    let askers = passwords.map(|password| (flow.clone(), password));
    let replies = at_once(askers.into(), |(flow, password): (Flow, &str)| {
        flow.answer("new-password", &json!({ "password": password }))
    });
    let mut statuses: Vec<_> = replies.iter().map(|reply| reply.status).collect();
    statuses.sort_unstable();
    assert_eq!(statuses, [200, 409], "one succeeds: {replies:?}");
    let winner = replies.iter().position(|reply| reply.status == 200);
    let winner = winner.expect("one succeeded");
    assert!(
        stack.opens(&ROSA, passwords[winner]),
        "the one that was told so"
    );
    stack.settle();
    let notices = stack.mail.to(ROSA.email);
    let notices = notices.iter().filter(|m| m.text.contains("was changed"));
    assert_eq!(notices.count(), 1, "it happened once, and is told once");
}

#[test]
fn of_two_enrollments_at_once_exactly_one_makes_an_account() {
    let stack = Stack::start();
    let flow = stack.enrolling(&ROSA);
    let askers = ["Rosa.One", "Rosa.Two"].map(|username| (flow.clone(), username));
    let replies = at_once(askers.into(), |(flow, username): (Flow, &str)| {
        let credentials = json!({"username": username, "password": ROSA.password});
        flow.answer("credentials", &credentials)
    });
    let mut statuses: Vec<_> = replies.iter().map(|reply| reply.status).collect();
    statuses.sort_unstable();
    assert_eq!(statuses, [200, 409], "one succeeds: {replies:?}");
    assert_eq!(stack.number("SELECT count(*) FROM accounts"), 1);
}
