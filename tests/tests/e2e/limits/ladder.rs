//! Wrong codes in a row: counted for the one whom they are about, wherever they
//! are typed.

use std::sync::{Arc, Barrier};

use frontdesk_tests::people::{ROSA, SEAN};
use frontdesk_tests::walk::other_than;
use frontdesk_tests::{Cookies, Flow, Plain, Reply, Settings, Stack, Visitor, words};
use jiff::SignedDuration;
use protocol::paths;
use serde_json::json;

use crate::json::assert_same;

/// Room enough for messages: these tests are about guesses.
pub(super) fn settings() -> Settings {
    Settings::default()
        .sqlite()
        .key("limits.messages_per_person_day", "1000")
        .key("limits.messages_per_number_day", "1000")
        .key("limits.messages_per_prefix_hour", "1000")
}

#[track_caller]
fn guess(flow: &Flow, code: &str) -> Reply {
    flow.answer("code", &json!({ "code": code }))
}

#[track_caller]
fn waits(reply: &Reply, seconds: i64) {
    assert_eq!(reply.problem(429, "code-wait")["retry_after"], seconds);
    assert_eq!(
        reply.header("retry-after"),
        Some(seconds.to_string().as_str())
    );
}

const TRIES: &str = "SELECT coalesce(sum(tries), 0) FROM challenges WHERE purpose = 'reset'";

#[test]
fn tries_spread_over_many_flows_and_resends_are_one_row() {
    let stack = Stack::with(&settings());
    stack.enrolled(&ROSA);
    let wrong = |flow: &Flow, code: &str| {
        guess(flow, &other_than(code)).fields(&json!({"code": "wrong-code"}));
    };
    let one = stack.at_reset_code(ROSA.username, "text");
    wrong(&one, &stack.mail.code("text", ROSA.phone));
    stack.advance(SignedDuration::from_secs(60));
    one.resend(Some("call")).at("code");
    wrong(&one, &stack.mail.code("call", ROSA.phone));
    for channel in ["text", "email", "call"] {
        let flow = stack.at_reset_code("ROSA.heron", channel);
        wrong(&flow, &stack.mail.code(channel, ROSA.address(channel)));
    }
    // Five in a row. From now on nothing is compared, not even the right code,
    // and none of the flow's tries is spent.
    let flow = stack.at_reset_code(ROSA.username, "text");
    let code = stack.mail.code("text", ROSA.phone);
    assert_eq!(stack.number(TRIES), 5);
    waits(&guess(&flow, &code), 30);
    waits(&guess(&flow, &other_than(&code)), 30);
    waits(&guess(&one, "123456"), 30);
    stack.advance(SignedDuration::from_secs(29));
    waits(&guess(&flow, &code), 1);
    assert_eq!(stack.number(TRIES), 5);
    // Asking for another code does not shorten it; time does.
    stack.advance(SignedDuration::from_secs(1));
    wrong(&flow, &code);
    waits(&guess(&flow, &code), 60);
    stack.advance(SignedDuration::from_secs(60));
    guess(&flow, &code).at("new-password");

    // A right code ends the row.
    let again = stack.at_reset_code(ROSA.username, "text");
    let code = stack.mail.code("text", ROSA.phone);
    for _ in 0..3 {
        wrong(&again, &code);
    }
    guess(&again, &other_than(&code)).fields(&json!({"code": "wrong-code-one-left"}));
    guess(&again, &code).at("new-password");
}

#[test]
fn what_is_wrong_before_it_is_a_guess_costs_nothing() {
    let stack = Stack::with(&settings());
    let flow = stack.at_reset_code("nobody", "text");
    for _ in 0..9 {
        guess(&flow, "12345").fields(&json!({"code": "invalid-code"}));
    }
    assert_eq!(stack.number("SELECT count(*) FROM ladders"), 0);
}

#[test]
fn waits_are_the_same_for_unknown_people() {
    let walk = |stack: &Stack, username: &str| {
        let mut replies = Vec::new();
        for _ in 0..2 {
            let flow = stack.at_reset_code(username, "text");
            stack.settle();
            for _ in 0..4 {
                replies.push(guess(&flow, "000000"));
            }
            stack.advance(SignedDuration::from_secs(61));
            replies.push(guess(&flow, "000000"));
            replies.push(flow.view());
        }
        replies
    };
    let known = Stack::with(&settings());
    known.enrolled(&ROSA);
    let known = walk(&known, ROSA.username);
    let unknown = walk(&Stack::with(&settings()), "nobody.here");
    for (n, (known, unknown)) in known.iter().zip(&unknown).enumerate() {
        assert_same(&format!("step {n}"), known, unknown);
    }
    assert!(known.iter().any(|reply| reply.status == 429));
}

/// The tries of one flow are bound; these are spread over forty.
#[test]
fn of_two_hundred_guesses_at_the_same_moment_five_are_looked_at() {
    let stack = Stack::with(&settings());
    stack.enrolled(&ROSA);
    let flows: Vec<_> = (0..40)
        .map(|_| stack.at_reset_code(ROSA.username, "email"))
        .collect();
    stack.settle();
    let barrier = Arc::new(Barrier::new(200));
    let guesses: Vec<_> = (0..200)
        .map(|n| {
            let (flow, barrier) = (flows[n % 40].clone(), Arc::clone(&barrier));
            std::thread::spawn(move || {
                barrier.wait();
                guess(&flow, &format!("{n:06}"))
            })
        })
        .collect();
    let replies = guesses.into_iter().map(std::thread::JoinHandle::join);
    let replies: Vec<_> = replies
        .map(|reply| reply.expect("every guess is answered"))
        .collect();
    let with = |status: u16| {
        replies
            .iter()
            .filter(|reply| reply.status == status)
            .count()
    };
    assert_eq!((with(422), with(429)), (5, 195));
    assert_eq!(stack.number(TRIES), 5);
    assert_eq!(stack.number("SELECT failures FROM ladders"), 5);
}

#[test]
fn after_a_hundred_in_a_row_no_code_is_looked_at_and_none_is_sent() {
    let stop = |stack: &Stack, username: &str| {
        let flow = stack.at_reset_code(username, "text");
        stack.settle();
        guess(&flow, "000000").expect(422);
        // What takes a stranger four days.
        let almost = "UPDATE ladders SET failures = 99, wait_until = 0";
        assert_eq!(stack.tamper(almost), Ok(1));
        guess(&flow, "000000").expect(422);
        stack.advance(SignedDuration::from_hours(1));
        let late = stack.at_reset_code(username, "text");
        stack.settle();
        vec![guess(&late, "000000"), late.view()]
    };
    let stack = Stack::with(&settings());
    stack.enrolled(&ROSA);
    let known = stop(&stack, ROSA.username);
    let elsewhere = Stack::with(&settings());
    let unknown = stop(&elsewhere, "nobody.here");
    known[0].problem(429, "too-many-tries");
    assert_eq!(known[1].at("code")["out_of_tries"], true);
    for (known, unknown) in known.iter().zip(&unknown) {
        assert_same("a stop", known, unknown);
    }
    let texts = stack.mail.to(ROSA.phone);
    let codes = texts.iter().filter(|text| text.text.contains("reset"));
    assert_eq!(codes.count(), 1, "the one before the stop");

    // On the page: no box, what to do instead, and whom to call.
    let mut plain = Plain::open(
        &stack,
        &paths::plain(protocol::FlowKind::PasswordReset, protocol::Locale::En),
        Cookies::Kept,
    );
    plain.fill("username", ROSA.username);
    plain.press("continue");
    plain.choose("channel", "email");
    plain.press("continue");
    plain.expect_title(words("stuck.title"));
    let page = plain.page();
    assert!(!page.asks_for("code"));
    let told = words("stuck.lead.code.password-reset");
    let told = protocol::form::escape(told);
    assert!(page.html().contains(&told), "{}", page.html());
}

#[test]
fn an_invitation_has_one_row_and_a_new_one_given_in_person_begins_anew() {
    let stack = Stack::with(&settings());
    let at_code = |invitation: &str| {
        let flow = stack.begin("enrollment");
        flow.answer("invitation", &json!({ "invitation": invitation }))
            .at("identity");
        flow.answer("identity", &ROSA.identity()).at("phone");
        let phone = json!({"phone": ROSA.phone, "channel": "text"});
        flow.answer("phone", &phone).at("code");
        let code = stack.mail.code("text", ROSA.phone);
        (flow, code)
    };
    let invitation = stack.invite(&ROSA);
    for tries in [2, 3] {
        let (flow, code) = at_code(&invitation);
        for _ in 0..tries {
            guess(&flow, &other_than(&code)).expect(422);
        }
    }
    let (flow, code) = at_code(&invitation);
    waits(&guess(&flow, &code), 30);
    // At the stop no code is sent either.
    assert_eq!(stack.tamper("UPDATE ladders SET failures = 100"), Ok(1));
    stack.advance(SignedDuration::from_hours(1) - SignedDuration::from_secs(1));
    flow.resend(None).problem(429, "too-many-tries");
    let newer = stack.invite(&ROSA);
    let (flow, code) = at_code(&newer);
    guess(&flow, &other_than(&code)).expect(422);
    guess(&flow, &code).at("contact");
}

/// Flows are forgotten soon, so what staff are to see names somebody who is not.
#[test]
fn staff_see_whose_codes_somebody_guesses_at() {
    let stack = Stack::with(&settings());
    stack.enrolled(&ROSA);
    let told = |event: &str, whom: &str| {
        let lines = "SELECT count(*) FROM audit WHERE event =";
        stack.number(&format!("{lines} '{event}' AND subject = ({whom})"))
    };
    let account = "SELECT id FROM accounts";
    let flow = stack.at_reset_code(ROSA.username, "text");
    for n in 0..5 {
        assert_eq!(told("codes-wait", account), 0, "after {n}");
        guess(&flow, "000000");
    }
    assert_eq!(told("codes-wait", account), 1);
    // The sixth begins no row of its own.
    stack.advance(SignedDuration::from_secs(30));
    guess(&stack.at_reset_code(ROSA.username, "text"), "000000").expect(422);
    assert_eq!(told("codes-wait", account), 1, "once a row");
    assert_eq!(stack.tamper("UPDATE ladders SET failures = 99"), Ok(1));
    stack.advance(SignedDuration::from_mins(1));
    let flow = stack.at_reset_code(ROSA.username, "text");
    for _ in 0..3 {
        guess(&flow, "000000");
    }
    assert_eq!(told("codes-stopped", account), 1);
    assert_eq!(told("codes-wait", account), 1);

    let enrolling = stack.at_phone(&SEAN);
    for _ in 0..7 {
        let wrong = json!({"phone": ROSA.phone, "channel": "text"});
        enrolling.answer("phone", &wrong);
    }
    let invited = "SELECT patient_id FROM invitations WHERE used_at IS NULL";
    assert_eq!(told("invitation-tries-spent", invited), 1);
}
