//! Recovering a username.

use frontdesk_tests::people::{ROSA, SEAN};
use frontdesk_tests::{PUBLIC, Reply, Request, Stack};
use jiff::SignedDuration;

use super::assert_same;

/// Asks for the username and returns the path of the emailed link.
fn link(stack: &Stack) -> String {
    let flow = stack.begin("username-recovery");
    flow.answer("personal-info", &ROSA.personal_info())
        .at("check-email");
    let link = stack.mail.link(ROSA.email);
    let path = link.strip_prefix(PUBLIC);
    path.expect("the link begins with the configured address")
        .to_owned()
}

/// Presses the button of the link's page.
fn press(stack: &Stack, path: &str) -> Reply {
    let (page, token) = path.split_once("?token=").expect("a link with a token");
    stack
        .client
        .send(Request::new("POST", page).form(&[("token", token)]))
}

#[test]
fn the_emailed_link_shows_the_username_after_a_press_and_once() {
    let stack = Stack::start();
    stack.enrolled(&ROSA);
    let path = link(&stack);
    // Mail scanners open links, twice and in any way.
    for method in ["HEAD", "GET", "GET", "HEAD"] {
        let reply = stack.client.send(Request::new(method, &path));
        reply.expect(200);
        assert!(!reply.body.contains(ROSA.username), "not before the press");
    }
    let shown = press(&stack, &path);
    shown.expect(200);
    assert!(shown.body.contains(ROSA.username), "{}", shown.body);
    assert!(
        !press(&stack, &path)
            .expect(410)
            .body
            .contains(ROSA.username)
    );
    stack.client.get(&path).expect(410);
}

#[test]
fn the_link_works_for_a_day() {
    let stack = Stack::start();
    stack.enrolled(&ROSA);
    let [in_time, too_late] = [link(&stack), link(&stack)];
    stack.advance(SignedDuration::from_secs(24 * 3600 - 1));
    stack.client.get(&in_time).expect(200);
    press(&stack, &in_time).expect(200);
    stack.advance(SignedDuration::from_secs(1));
    stack.client.get(&too_late).expect(410);
    press(&stack, &too_late).expect(410);
}

/// Whoever knows the details can ask for a link, and must not be able to take
/// the one away that its owner is about to press.
#[test]
fn each_link_works_once_whoever_asked_for_another() {
    let stack = Stack::start();
    stack.enrolled(&ROSA);
    let links = [link(&stack), link(&stack)];
    assert_ne!(links[0], links[1]);
    for link in &links {
        press(&stack, link).expect(200);
        press(&stack, link).expect(410);
    }
}

#[test]
fn a_link_that_is_none_shows_nothing() {
    let stack = Stack::start();
    stack.enrolled(&ROSA);
    // One is open, and no other opens it.
    let open = link(&stack);
    for token in ["", "x", &"A".repeat(43), &"A".repeat(10_000)] {
        let path = format!("/flows/username-recovery/show?token={token}");
        stack.client.get(&path).expect(410);
        press(&stack, &path).expect(410);
    }
    stack
        .client
        .get("/flows/username-recovery/show")
        .expect(410);
    press(&stack, &open).expect(200);
}

#[test]
fn known_and_unknown_people_are_answered_alike() {
    let stack = Stack::start();
    stack.enrolled(&ROSA);
    let before = stack.mail.all().len();
    let begin = || {
        let body = serde_json::json!({"kind": "username-recovery", "locale": "en"});
        stack
            .client
            .send(Request::new("POST", "/api/v1/flows").json(&body))
    };
    assert_same("beginning", &begin(), &begin());
    let (known, unknown) = (
        stack.begin("username-recovery"),
        stack.begin("username-recovery"),
    );
    // On file, but without an account; wrong in one detail; unheard of.
    let mut wrong_birth_date = ROSA.personal_info();
    wrong_birth_date["birth_date"] = "1951-03-26".into();
    let mut wrong_email = ROSA.personal_info();
    wrong_email["email"] = "somebody@example.org".into();
    let known_reply = known.answer("personal-info", &ROSA.personal_info());
    for info in [SEAN.personal_info(), wrong_birth_date, wrong_email] {
        let unknown = stack.begin("username-recovery");
        let unknown_reply = unknown.answer("personal-info", &info);
        assert_same("asking", &known_reply, &unknown_reply);
        assert_same("the view", &known.view(), &unknown.view());
        let again = |flow: &frontdesk_tests::Flow| flow.answer("personal-info", &info);
        assert_same("asking twice", &again(&known), &again(&unknown));
    }
    unknown
        .answer("personal-info", &SEAN.personal_info())
        .at("check-email");
    assert_same("resending", &known.resend(None), &unknown.resend(None));
    stack.settle();
    let sent = &stack.mail.all()[before..];
    let to: Vec<_> = sent.iter().map(|message| message.to.as_str()).collect();
    assert_eq!(to, [ROSA.email], "only the one who matches gets an email");
}

#[test]
fn the_email_says_nothing_but_the_way() {
    let stack = Stack::start();
    stack.enrolled(&ROSA);
    link(&stack);
    let all = stack.mail.to(ROSA.email);
    let email = all.last().expect("the email came");
    for part in [&email.text, &email.html, &email.subject] {
        for secret in [ROSA.username, ROSA.family, ROSA.given, "1951", "04101"] {
            assert!(!part.contains(secret), "{secret} has no place in {part}");
        }
    }
}
