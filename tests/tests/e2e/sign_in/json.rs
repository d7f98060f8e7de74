//! Signing in over JSON.

use frontdesk_tests::people::{ROSA, SEAN};
use frontdesk_tests::{Flow, Reply, Stack};
use jiff::SignedDuration;
use serde_json::json;

use super::{account, is_signed_in, session};
use crate::json::assert_same;

#[test]
fn a_right_password_signs_in_and_the_account_is_shown() {
    let stack = Stack::start();
    stack.enrolled(&ROSA);
    let signed_in = stack.sign_in("rosa.HERON", ROSA.password);
    let view = signed_in.at("done");
    assert_eq!(view["kind"], "sign-in");
    let cookie = signed_in.header("set-cookie").expect("a session");
    assert!(
        cookie.ends_with("; Path=/; HttpOnly; SameSite=Lax"),
        "{cookie}"
    );
    let session = session(&signed_in);
    assert!(
        session.len() >= "session=".len() + 43,
        "256 bits: {session}"
    );
    let page = account(&stack.client, &session);
    page.expect(200);
    assert_eq!(page.header("cache-control"), Some("no-store"));
    for told in [ROSA.username, "r•••@example.org", "••• 31"] {
        assert!(page.body.contains(told), "{told} in {}", page.body);
    }
    for hidden in [ROSA.email, ROSA.phone, ROSA.family] {
        assert!(!page.body.contains(hidden), "{hidden} in {}", page.body);
    }
}

#[test]
fn a_wrong_password_signs_nobody_in() {
    let stack = Stack::start();
    stack.enrolled(&ROSA).enrolled(&SEAN);
    for (username, password) in [
        (ROSA.username, "seven quiet herons at dawn"),
        (ROSA.username, SEAN.password),
        ("Nora.Heron", ROSA.password),
    ] {
        let refused = stack.sign_in(username, password);
        refused.problem(422, "wrong-sign-in");
        assert_eq!(refused.header("set-cookie"), None);
    }
    assert_eq!(stack.number("SELECT count(*) FROM sessions"), 0);
    for nobody in [
        "",
        "session=",
        "session=x",
        &format!("session={}", "A".repeat(43)),
    ] {
        assert!(!is_signed_in(&stack, nobody), "{nobody}");
    }
}

/// From the first wrong password to a code that was never sent.
#[test]
fn an_unknown_username_is_answered_as_a_known_one() {
    let stack = Stack::start();
    stack.enrolled(&ROSA);
    let before = stack.mail.all().len();
    let (known, unknown) = (stack.begin("sign-in"), stack.begin("sign-in"));
    // As long as the real one, so that no length tells them apart.
    let nobody = "Nora.Heron";
    let both = |what: &str, ask: &dyn Fn(&Flow, &str) -> Reply| {
        assert_same(what, &ask(&known, ROSA.username), &ask(&unknown, nobody));
    };
    let password = |flow: &Flow, username: &str| {
        let answers = json!({"username": username, "password": "seven quiet herons at dawn"});
        flow.answer("sign-in", &answers)
    };
    for _ in 0..5 {
        both("a wrong password", &password);
    }
    both("one after which a code is asked for", &password);
    known.view().at("code");
    both("the view", &|flow, _| flow.view());
    both("resending too soon", &|flow, _| flow.resend(None));
    for _ in 0..3 {
        both("a wrong code", &|flow, _| {
            flow.answer("code", &json!({"code": "000000"}))
        });
    }
    both("going back", &|flow, _| flow.back());
    both("too soon", &password);
    stack.advance(SignedDuration::from_secs(60));
    both("a wrong password again", &password);
    for channel in ["call", "text"] {
        stack.advance(SignedDuration::from_secs(60));
        both("another way", &|flow, _| flow.resend(Some(channel)));
    }
    stack.settle();
    assert_eq!(
        stack.mail.all().len(),
        before,
        "wrong passwords send nothing"
    );
    stack
        .tamper("UPDATE ladders SET failures = 100")
        .expect("SQL");
    let both = || {
        [ROSA.username, nobody]
            .map(|username| stack.sign_in(username, "seven quiet herons at dawn"))
    };
    let [known, unknown] = both();
    known.at("code");
    assert_same("the stop, where a code is asked for", &known, &unknown);
    stack.advance(SignedDuration::from_hours(24));
    let [known, unknown] = both();
    known.problem(422, "wrong-sign-in");
    assert_same("the stop", &known, &unknown);
}

#[test]
fn two_right_passwords_at_once_sign_in_twice() {
    let stack = Stack::start();
    stack.enrolled(&ROSA);
    let sessions: Vec<String> = std::thread::scope(|scope| {
        let sign_in = || session(&stack.sign_in(ROSA.username, ROSA.password));
        let both = [scope.spawn(sign_in), scope.spawn(sign_in)];
        both.map(|one| one.join().expect("it signs in")).into()
    });
    assert_ne!(sessions[0], sessions[1]);
    assert!(sessions.iter().all(|session| is_signed_in(&stack, session)));
}
