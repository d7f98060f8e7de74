//! Somebody guesses at a password; the owner gets in.

use frontdesk_tests::people::ROSA;
use frontdesk_tests::walk::NEW_PASSWORD;
use frontdesk_tests::{Flow, Request, Settings, Stack};
use jiff::SignedDuration;
use protocol::paths;
use serde_json::json;

use super::{is_signed_in, session};
use crate::json::assert_same;

const WRONG: &str = "seven quiet herons at dawn";

fn guess(stack: &Stack, times: u32) {
    for _ in 0..times {
        stack.sign_in(ROSA.username, WRONG);
    }
}

/// A sign-in that has come to the code, with this password.
fn at_code(stack: &Stack, password: &str) -> Flow {
    let flow = stack.begin("sign-in");
    let answers = json!({"username": ROSA.username, "password": password});
    flow.answer("sign-in", &answers).at("code");
    flow
}

fn count(stack: &Stack, event: &str) -> i64 {
    stack.number(&format!(
        "SELECT count(*) FROM audit WHERE event = '{event}'"
    ))
}

#[test]
fn after_five_wrong_passwords_only_the_owner_gets_in_with_a_code() {
    let stack = Stack::start();
    stack.enrolled(&ROSA);
    let before = stack.mail.all().len();
    for _ in 0..5 {
        stack
            .sign_in(ROSA.username, WRONG)
            .problem(422, "wrong-sign-in");
    }
    assert_eq!(count(&stack, "sign-in-guessed"), 0);
    let answers = |password| {
        let flow = stack.begin("sign-in");
        let answers = json!({"username": ROSA.username, "password": password});
        flow.answer("sign-in", &answers)
    };
    let [wrong, right] = [WRONG, ROSA.password].map(answers);
    wrong.at("code");
    assert_same("right and wrong passwords", &wrong, &right);
    assert_eq!(count(&stack, "sign-in-guessed"), 1);
    stack.settle();
    let sent = stack.mail.all().split_off(before);
    let to: Vec<_> = sent.iter().map(|message| message.to.as_str()).collect();
    assert_eq!(
        to,
        [ROSA.phone],
        "a code leaves for the right password alone"
    );
    assert_eq!(stack.number("SELECT count(*) FROM sessions"), 0);

    stack.mail.mark_read();
    let stranger = at_code(&stack, WRONG);
    let owner = at_code(&stack, ROSA.password);
    let code = stack.mail.code("text", ROSA.phone);
    stranger
        .answer("code", &json!({"code": code}))
        .problem(422, "invalid-answers");
    let signed_in = owner.answer("code", &json!({"code": code}));
    signed_in.at("done");
    assert!(is_signed_in(&stack, &session(&signed_in)));
    let told = stack.mail.saying("email", ROSA.email, "wrong passwords");
    assert!(told.text.contains("888-747-4255"), "{}", told.text);
    stack.settle();
    let texts = stack.mail.to(ROSA.phone);
    assert!(
        !texts
            .iter()
            .any(|text| text.text.contains("wrong passwords"))
    );
}

/// Whoever goes on guessing must not learn that there is an owner, who comes and goes.
#[test]
fn nobody_sees_by_guessing_when_the_owner_has_signed_in_or_has_a_new_password() {
    let stack = Stack::start();
    stack.enrolled(&ROSA);
    guess(&stack, 5);
    let owner = at_code(&stack, ROSA.password);
    let code = stack.mail.code("text", ROSA.phone);
    owner.answer("code", &json!({"code": code})).at("done");
    at_code(&stack, WRONG);
    stack
        .at_new_password(&ROSA)
        .answer("new-password", &json!({"password": NEW_PASSWORD}))
        .at("done");
    at_code(&stack, WRONG);
    // One more is told every 4 hours and 48 minutes, as for a name that nobody has.
    stack.advance(SignedDuration::from_mins(4 * 60 + 48));
    stack
        .sign_in(ROSA.username, WRONG)
        .problem(422, "wrong-sign-in");
    at_code(&stack, WRONG);
}

/// A right password takes nothing of what is told of wrong ones, nor of its network's.
#[test]
fn whoever_signs_in_often_is_asked_for_no_code() {
    let settings = Settings::default().key("limits.sign_ins_per_network_hour", "3");
    let stack = Stack::with(&settings);
    stack.enrolled(&ROSA);
    for _ in 0..8 {
        stack.sign_in(ROSA.username, ROSA.password).at("done");
    }
}

#[test]
fn after_wrong_passwords_for_many_usernames_everybody_is_asked_for_a_code() {
    let settings = Settings::default().key("limits.wrong_passwords_per_hour", "3");
    let stack = Stack::with(&settings);
    stack.enrolled(&ROSA);
    for username in ["one.name", "two.names", "three.names"] {
        stack.sign_in(username, WRONG).problem(422, "wrong-sign-in");
    }
    let owner = at_code(&stack, ROSA.password);
    let code = stack.mail.code("text", ROSA.phone);
    owner.answer("code", &json!({"code": code})).at("done");
    stack.advance(SignedDuration::from_mins(20));
    stack.sign_in(ROSA.username, ROSA.password).at("done");
}

/// NIST SP 800-63B-4 §3.1.3.1 takes an email for no second factor.
#[test]
fn a_sign_in_code_comes_by_call_too_and_never_by_email() {
    let stack = Stack::start();
    stack.enrolled(&ROSA);
    guess(&stack, 5);
    let flow = at_code(&stack, ROSA.password);
    stack.advance(SignedDuration::from_secs(60));
    let refused = flow.resend(Some("email"));
    refused.problem(422, "invalid-answers");
    flow.resend(Some("call")).at("code");
    let code = stack.mail.code("call", ROSA.phone);
    flow.answer("code", &json!({"code": code})).at("done");
}

/// Nor does the password that they type tell them anything by its codes.
#[test]
fn wrong_codes_of_strangers_keep_the_owner_waiting_nowhere() {
    let stack = Stack::start();
    stack.enrolled(&ROSA);
    guess(&stack, 5);
    let wrong_codes = |password: &str| {
        let flow = at_code(&stack, password);
        stack.settle();
        for _ in 0..4 {
            flow.answer("code", &json!({"code": "000000"})).expect(422);
        }
        flow
    };
    for _ in 0..3 {
        wrong_codes(WRONG);
    }
    let right = wrong_codes(ROSA.password);
    let wrong = wrong_codes(WRONG);
    let last = |flow: &Flow| flow.answer("code", &json!({"code": "000000"}));
    assert_same("the fifth", &last(&right), &last(&wrong));
    assert_same("after it", &right.view(), &wrong.view());
    stack.mail.mark_read();
    let owner = at_code(&stack, ROSA.password);
    let code = stack.mail.code("text", ROSA.phone);
    owner.answer("code", &json!({"code": code})).at("done");
}

/// Who asks for the codes of a reset again and again keeps nobody from those of a sign-in.
#[test]
fn texts_that_strangers_ask_for_leave_the_owner_a_code_to_sign_in_with() {
    let stack = Stack::with(&Settings::default().key("limits.messages_per_number_day", "1"));
    stack.enrolled(&ROSA);
    stack.at_reset_code(ROSA.username, "text");
    stack.settle();
    guess(&stack, 5);
    stack.mail.mark_read();
    let owner = at_code(&stack, ROSA.password);
    let code = stack.mail.code("text", ROSA.phone);
    owner.answer("code", &json!({"code": code})).at("done");
}

/// Counted for the username, wherever passwords are typed.
#[test]
fn passwords_spread_over_flows_and_servers_are_one_row() {
    let stack = Stack::start();
    stack.enrolled(&ROSA);
    let other = stack.another_server();
    for n in 0..5 {
        let client = if n % 2 == 0 {
            &stack.client
        } else {
            &other.client
        };
        let username = if n % 2 == 0 {
            "rosa.heron"
        } else {
            "ROSA.HERON"
        };
        let flow = Flow::begin(client, "sign-in");
        let answers = json!({"username": username, "password": WRONG});
        flow.answer("sign-in", &answers)
            .problem(422, "wrong-sign-in");
    }
    stack.sign_in(ROSA.username, ROSA.password).at("code");
}

/// Counted before it is looked at: of many at the same moment, five are answered.
#[test]
fn of_many_passwords_at_the_same_moment_five_are_told_to_be_wrong() {
    let stack = Stack::with(&Settings::default().key("hashing.waiting", "100"));
    stack.enrolled(&ROSA);
    let statuses: Vec<u16> = std::thread::scope(|scope| {
        let guesses: Vec<_> = (0..20)
            .map(|_| scope.spawn(|| stack.sign_in(ROSA.username, WRONG).status))
            .collect();
        guesses
            .into_iter()
            .map(|guess| guess.join().expect("an answer"))
            .collect()
    });
    let told = statuses.iter().filter(|status| **status == 422);
    assert_eq!(told.count(), 5, "{statuses:?}");
}

/// As if a hundred wrong passwords had been typed.
fn after_a_hundred(stack: &Stack) {
    guess(stack, 1);
    assert_eq!(stack.tamper("UPDATE ladders SET failures = 100"), Ok(1));
}

#[test]
fn after_a_hundred_no_password_signs_in_and_the_owner_is_mailed_the_way_to_another() {
    let stack = Stack::start();
    stack.enrolled(&ROSA);
    after_a_hundred(&stack);
    let [wrong, right] = [WRONG, ROSA.password].map(|it| stack.sign_in(ROSA.username, it));
    wrong.problem(422, "wrong-sign-in");
    assert_same("right and wrong passwords", &wrong, &right);
    assert_eq!(count(&stack, "sign-in-stopped"), 1);
    let letter = stack.mail.saying("email", ROSA.email, "about a hundred");
    stack.settle();
    let letters = stack.mail.to(ROSA.email);
    let told = letters
        .iter()
        .filter(|it| it.text.contains("about a hundred"));
    assert_eq!(told.count(), 1, "one an hour: {}", letter.text);
    let link = letter
        .text
        .split_whitespace()
        .find(|it| it.contains("token="));
    let (_, token) = link
        .and_then(|it| it.split_once("token="))
        .expect("a token");
    let press = Request::new("POST", paths::RESET_LINK).form(&[("token", token)]);
    stack.client.send(press).expect(200);
}

/// Nor where a code is asked for: none leaves, and a right password brings the letter.
#[test]
fn after_a_hundred_a_right_password_brings_a_link_and_no_code() {
    let stack = Stack::start();
    stack.enrolled(&ROSA);
    after_a_hundred(&stack);
    guess(&stack, 5);
    stack.settle();
    stack.advance(SignedDuration::from_hours(1));
    let before = stack.mail.all().len();
    for password in [WRONG, ROSA.password] {
        at_code(&stack, password);
    }
    stack.mail.saying("email", ROSA.email, "about a hundred");
    stack.settle();
    let sent = stack.mail.all().split_off(before);
    let to: Vec<_> = sent.iter().map(|message| message.to.as_str()).collect();
    assert_eq!(to, [ROSA.email]);
}

#[test]
fn after_a_hundred_a_new_password_signs_in() {
    let stack = Stack::start();
    stack.enrolled(&ROSA);
    after_a_hundred(&stack);
    stack
        .at_new_password(&ROSA)
        .answer("new-password", &json!({"password": NEW_PASSWORD}))
        .at("done");
    stack
        .sign_in(ROSA.username, ROSA.password)
        .problem(422, "wrong-sign-in");
    stack.sign_in(ROSA.username, NEW_PASSWORD).at("done");
}

/// A stranger who guesses at a name that is still free spoils it for nobody.
#[test]
fn guesses_at_a_free_username_are_none_at_its_later_owner() {
    let stack = Stack::start();
    after_a_hundred(&stack);
    stack
        .sign_in(ROSA.username, ROSA.password)
        .problem(422, "wrong-sign-in");
    assert_eq!(count(&stack, "sign-in-stopped"), 1);
    stack.enrolled(&ROSA);
    stack.sign_in(ROSA.username, ROSA.password).at("done");
}

/// Rule: what strangers can use up never stands between an owner and their proof.
#[test]
fn strangers_cannot_use_up_the_messages_that_the_owner_needs() {
    let stack = Stack::with(&Settings::default().key("limits.messages_per_person_day", "2"));
    stack.enrolled(&ROSA);
    guess(&stack, 15);
    let flow = at_code(&stack, ROSA.password);
    let code = stack.mail.code("text", ROSA.phone);
    flow.answer("code", &json!({"code": code})).at("done");
}

/// Nor do guesses at the codes of a reset, even after the stop.
#[test]
fn codes_of_a_reset_that_have_stopped_stop_no_sign_in() {
    let stack = Stack::start();
    stack.enrolled(&ROSA);
    let reset = stack.at_reset_code(ROSA.username, "text");
    stack.settle();
    reset.answer("code", &json!({"code": "000000"})).expect(422);
    assert_eq!(stack.tamper("UPDATE ladders SET failures = 100"), Ok(1));
    stack.mail.mark_read();
    guess(&stack, 5);
    let flow = at_code(&stack, ROSA.password);
    let code = stack.mail.code("text", ROSA.phone);
    flow.answer("code", &json!({"code": code})).at("done");
}

/// With the right password somebody could guess at codes; the owner is mailed the way to
/// another one.
#[test]
fn wrong_sign_in_codes_bring_the_owner_a_link() {
    let stack = Stack::with(&Settings::default().sqlite());
    stack.enrolled(&ROSA);
    guess(&stack, 5);
    let flow = at_code(&stack, ROSA.password);
    stack.settle();
    for _ in 0..5 {
        flow.answer("code", &json!({"code": "000000"})).expect(422);
    }
    at_code(&stack, ROSA.password)
        .answer("code", &json!({"code": "000000"}))
        .expect(422);
    assert_eq!(count(&stack, "sign-in-codes-guessed"), 1);
    let link = stack.mail.link(ROSA.email);
    let (_, token) = link.split_once("token=").expect("a token");
    let press = Request::new("POST", paths::RESET_LINK).form(&[("token", token)]);
    stack.client.send(press).expect(200);
}

#[test]
fn a_network_tries_so_many_passwords() {
    let stack = Stack::with(&Settings::default().key("limits.sign_ins_per_network_hour", "3"));
    stack.enrolled(&ROSA);
    for username in ["one.name", "two.names", "three.names"] {
        stack.sign_in(username, WRONG).problem(422, "wrong-sign-in");
    }
    stack
        .sign_in(ROSA.username, ROSA.password)
        .problem(429, "over-limit");
    let counted = stack.number("SELECT count(*) FROM ladders");
    assert_eq!(
        counted, 3,
        "what is over the budget is not counted as a guess"
    );
    stack.advance(SignedDuration::from_mins(20));
    stack.sign_in(ROSA.username, ROSA.password).at("done");
}
