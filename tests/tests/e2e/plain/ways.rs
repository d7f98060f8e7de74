//! Ways that people go with a browser: reload, back, two tabs, too late, from
//! elsewhere. None is a dead end.

use frontdesk_tests::people::{ROSA, SEAN};
use frontdesk_tests::{Cookies, PORTAL, Plain, Request, Stack, Visitor, walk, words};
use jiff::SignedDuration;

const RESET: &str = "/flows/password-reset";

#[test]
fn a_reload_shows_the_step_where_the_flow_stands() {
    let stack = Stack::start();
    let invitation = stack.invite(&ROSA);
    let mut plain = Plain::open(&stack, "/flows/enrollment", Cookies::Kept);
    plain.reload();
    plain.fill("invitation", &invitation);
    plain.press("continue");
    let reloads = |plain: &mut Plain, step: &str| {
        plain.expect_step(step);
        plain.reload();
        plain.expect_step(step);
        // Another way to come back: the address alone.
        plain.goto("/flows/enrollment");
        plain.expect_step(step);
    };
    reloads(&mut plain, "identity");
    walk::identity(&mut plain, &ROSA);
    reloads(&mut plain, "phone");
    walk::phone(&mut plain, &ROSA, "text");
    reloads(&mut plain, "code");
    walk::code(&mut plain, &stack.mail.code("text", ROSA.phone));
    reloads(&mut plain, "contact");
    plain.press("continue");
    reloads(&mut plain, "credentials");
    walk::credentials(&mut plain, &ROSA);
    plain.expect_title(words("step.done.title.enrollment"));
    plain.reload();
    plain.expect_title(words("step.done.title.enrollment"));
    let page = plain.page();
    assert_eq!(page.text(".fd-username"), ROSA.username);
    let sign_in = page.attribute(".fd-flow a.fd-button", "href");
    assert_eq!(sign_in.as_deref(), Some(PORTAL));

    // Used now; and whoever comes with it has an account.
    plain.press("start-over");
    plain.fill("invitation", &invitation);
    plain.press("continue");
    plain.expect_problem(words("problem.used-invitation"));
    let page = plain.page();
    let ways = page.texts(".fd-ways a");
    let keys = [
        "action.sign-in",
        "flow.username-recovery",
        "flow.password-reset",
    ];
    assert_eq!(ways, keys.map(words));
}

#[test]
fn an_old_form_sent_after_going_back_leads_to_the_current_step() {
    for cookies in [Cookies::Kept, Cookies::Refused] {
        let stack = Stack::start();
        let mut plain = Plain::open(&stack, "/flows/enrollment", cookies);
        plain.fill("invitation", &stack.invite(&ROSA));
        plain.press("continue");
        let old = plain.page();
        walk::identity(&mut plain, &ROSA);
        plain.expect_step("phone");
        plain.go_back_to(&old);
        walk::identity(&mut plain, &ROSA);
        plain.expect_step("phone");
        plain.expect_notice(words("notice.already-answered"));
        walk::phone(&mut plain, &ROSA, "text");
        plain.expect_step("code");
    }
}

#[test]
fn the_back_button_of_the_form_leads_to_the_step_before() {
    let stack = Stack::start();
    let mut plain = Plain::open(&stack, RESET, Cookies::Kept);
    plain.fill("username", "nobody.at.all");
    plain.press("continue");
    plain.press("back");
    plain.expect_step("identify");
    assert!(
        plain
            .page()
            .attribute("input[name=action-back]", "name")
            .is_none(),
        "there is nothing before the first step"
    );
}

#[test]
fn back_from_a_code_and_on_again_leads_to_the_same_code() {
    let stack = Stack::start();
    let mut plain = Plain::open(&stack, "/flows/enrollment", Cookies::Kept);
    plain.fill("invitation", &stack.invite(&ROSA));
    plain.press("continue");
    walk::identity(&mut plain, &ROSA);
    walk::phone(&mut plain, &ROSA, "call");
    plain.expect_step("code");
    let code = stack.mail.code("call", ROSA.phone);
    walk::back_to_the_code(&mut plain, Some(&ROSA), "call");
    walk::code(&mut plain, &code);
    plain.expect_step("contact");

    stack.enrolled(&SEAN);
    let mut plain = Plain::open(&stack, RESET, Cookies::Kept);
    walk::reset_to_code(&mut plain, SEAN.username, "text");
    let code = stack.mail.code("text", SEAN.phone);
    walk::back_to_the_code(&mut plain, None, "text");
    walk::code(&mut plain, &code);
    plain.expect_step("new-password");
}

#[test]
fn a_flow_that_ran_out_starts_afresh_and_says_so() {
    for cookies in [Cookies::Kept, Cookies::Refused] {
        let stack = Stack::start();
        stack.enrolled(&ROSA);
        let mut plain = Plain::open(&stack, RESET, cookies);
        plain.fill("username", ROSA.username);
        plain.press("continue");
        plain.expect_step("method");
        stack.advance(SignedDuration::from_hours(1));
        plain.choose("channel", "text");
        plain.press("continue");
        plain.expect_step("identify");
        plain.expect_notice(words("notice.started-over"));
        walk::reset(&mut plain, &stack, &ROSA, "text");
    }
}

#[test]
fn a_reload_after_a_flow_ran_out_starts_afresh_and_says_so() {
    let stack = Stack::start();
    let mut plain = Plain::open(&stack, RESET, Cookies::Kept);
    plain.fill("username", "nobody.at.all");
    plain.press("continue");
    stack.advance(SignedDuration::from_hours(1));
    plain.reload();
    plain.expect_step("identify");
    plain.expect_notice(words("notice.started-over"));
    plain.reload();
    plain.expect_notice("");
}

/// Nobody "has been here before" who comes with a form that is of no flow; and
/// what they typed is still there, as far as the first step asks for it.
#[test]
fn a_form_of_no_flow_starts_afresh_and_says_that_it_was_lost() {
    let stack = Stack::start();
    let unknown = "A".repeat(43);
    for (token, step) in [
        (Some(unknown.as_str()), "method"),
        (Some(unknown.as_str()), "identify"),
        (Some("altered"), "method"),
        (Some("altered"), "identify"),
        (None, "method"),
    ] {
        let mut form = vec![
            ("step", step),
            ("channel", "text"),
            ("username", "rosa.heron"),
            ("action-continue", "Continue"),
        ];
        form.extend(token.map(|token| ("token", token)));
        let reply = stack.client.send(Request::new("POST", RESET).form(&form));
        reply.expect(200);
        let told = |text: &str| reply.body.contains(text);
        assert!(told(words("step.identify.title")), "{token:?} {step}");
        assert!(
            told(words("notice.lost")),
            "{token:?} {step}: {}",
            reply.body
        );
        assert!(told("value=\"rosa.heron\""), "{token:?} {step}");
        assert!(
            reply
                .all_headers("set-cookie")
                .all(|it| !it.contains("altered"))
        );
    }
    assert_eq!(stack.number("SELECT count(*) FROM flows"), 0);
}

#[test]
fn whoever_has_no_try_left_is_told_so_on_every_look_and_led_on() {
    let stack = Stack::start();
    stack.enrolled(&ROSA);
    let mut plain = Plain::open(&stack, RESET, Cookies::Kept);
    walk::reset_to_code(&mut plain, ROSA.username, "text");
    let code = stack.mail.code("text", ROSA.phone);
    let wrong = if code == "424242" { "242424" } else { "424242" };
    for _ in 0..5 {
        plain.expect_title(words("step.code.title.text"));
        walk::code(&mut plain, wrong);
    }
    plain.expect_problem(words("problem.spent-code"));
    for _ in 0..2 {
        let page = plain.page();
        assert_eq!(page.title(), words("stuck.title"));
        assert_eq!(page.buttons(), [words("action.start-over")]);
        assert_eq!(page.texts(".fd-flow .fd-input").len(), 0);
        plain.goto(RESET);
    }
    plain.press("start-over");
    plain.expect_step("identify");
}

#[test]
fn an_invitation_without_tries_asks_for_another_one() {
    let stack = Stack::start();
    let mut plain = Plain::open(&stack, "/flows/enrollment", Cookies::Kept);
    let invitation = stack.invite(&ROSA);
    plain.fill("invitation", &invitation);
    plain.press("continue");
    for _ in 0..5 {
        plain.expect_step("identity");
        walk::identity(&mut plain, &SEAN);
    }
    // After the fifth, and whenever it is looked at again.
    plain.expect_title(words("stuck.title.identity"));
    assert_eq!(plain.page().texts(".fd-flow .fd-input").len(), 0);
    plain.reload();
    plain.expect_title(words("stuck.title.identity"));
    plain.press("start-over");
    plain.fill("invitation", &invitation);
    plain.press("continue");
    plain.expect_title(words("stuck.title.identity"));
}

#[test]
fn two_flows_in_two_tabs_keep_apart() {
    let stack = Stack::start();
    let mut rosa = Plain::open(&stack, "/flows/enrollment", Cookies::Kept);
    let mut sean = rosa.tab();
    for (plain, person) in [(&mut rosa, ROSA), (&mut sean, SEAN)] {
        plain.fill("invitation", &stack.invite(&person));
        plain.press("continue");
        plain.expect_step("identity");
        plain.expect_notice("");
    }
    // Turn by turn, on one cookie.
    walk::identity(&mut rosa, &ROSA);
    walk::identity(&mut sean, &SEAN);
    walk::phone(&mut rosa, &ROSA, "text");
    walk::phone(&mut sean, &SEAN, "text");
    walk::code(&mut rosa, &stack.mail.code("text", ROSA.phone));
    walk::code(&mut sean, &stack.mail.code("text", SEAN.phone));
    assert_eq!(rosa.page().value("email"), ROSA.email);
    assert_eq!(sean.page().value("email"), SEAN.email);
}

#[test]
fn an_invitation_link_begins_anew_beside_an_unfinished_flow() {
    let stack = Stack::start();
    let mut plain = Plain::open(&stack, "/flows/enrollment", Cookies::Kept);
    plain.fill("invitation", &stack.invite(&ROSA));
    plain.press("continue");
    let invitation = stack.invite(&SEAN);
    plain.goto(&format!("/flows/enrollment?invitation={invitation}"));
    plain.expect_step("invitation");
    assert_eq!(plain.page().value("invitation"), invitation);
    plain.press("continue");
    walk::identity(&mut plain, &SEAN);
    plain.expect_step("phone");
}

#[test]
fn looking_at_pages_begins_nothing() {
    let stack = Stack::start();
    let invitation = stack.invite(&ROSA);
    let lines = stack.number("SELECT count(*) FROM audit");
    for method in ["GET", "HEAD"] {
        for path in [
            "/flows/enrollment",
            "/flows/username-recovery",
            RESET,
            &format!("/flows/enrollment?invitation={invitation}"),
            "/flows/password-reset?action=continue&step=identify&username=rosa",
        ] {
            stack.client.send(Request::new(method, path)).expect(200);
        }
    }
    assert_eq!(stack.number("SELECT count(*) FROM flows"), 0);
    assert_eq!(stack.number("SELECT count(*) FROM audit"), lines);
}

#[test]
fn a_form_too_large_or_strange_is_told_as_such() {
    let stack = Stack::start();
    let form = "application/x-www-form-urlencoded";
    let send = |body: &[u8]| {
        let request = Request::new("POST", RESET).body(form, body);
        stack.client.send(request.asking_first())
    };
    let reply = send(&vec![b'x'; 64 * 1024 + 1]);
    reply.expect(413);
    assert!(
        reply
            .header("content-type")
            .is_some_and(|kind| kind.starts_with("text/html")),
        "a person should get a page, and gets {:?}: {}",
        reply.header("content-type"),
        reply.body
    );
    for body in [
        &b""[..],
        b"\xff\xfe",
        b"step=identify&username=%ff%00",
        b"&&&===",
    ] {
        let reply = send(body);
        assert!(reply.status < 500, "{reply:?}");
        assert!(
            reply.body.contains("fd-support"),
            "no dead end: {}",
            reply.body
        );
    }
}
