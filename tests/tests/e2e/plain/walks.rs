//! Each flow from its first step to its last, with and without cookies.

use frontdesk_tests::people::ROSA;
use frontdesk_tests::{Cookies, PUBLIC, Plain, Stack, Visitor, walk, words};

const BOTH: [Cookies; 2] = [Cookies::Kept, Cookies::Refused];

#[test]
fn a_patient_enrolls_by_plain_forms() {
    for cookies in BOTH {
        let stack = Stack::start();
        let invitation = stack.invite(&ROSA);
        let mut plain = Plain::open(&stack, "/flows/enrollment", cookies);
        walk::enroll(&mut plain, &stack, &ROSA, &invitation);
        assert!(stack.opens(&ROSA, ROSA.password));
    }
}

#[test]
fn the_emailed_invitation_is_filled_in() {
    let stack = Stack::start();
    let invitation = stack.invite(&ROSA);
    let link = stack.mail.link(ROSA.email);
    let path = link.strip_prefix(PUBLIC).expect("our own link");
    let mut plain = Plain::open(&stack, path, Cookies::Kept);
    assert_eq!(plain.page().value("invitation"), invitation);
    plain.press("continue");
    plain.expect_step("identity");
}

#[test]
fn a_username_is_recovered_by_plain_forms() {
    for cookies in BOTH {
        let stack = Stack::start();
        stack.enrolled(&ROSA);
        let mut plain = Plain::open(&stack, "/flows/username-recovery", cookies);
        walk::recover(&mut plain, &ROSA);
        let link = stack.mail.link(ROSA.email);
        plain.goto(link.strip_prefix(PUBLIC).expect("our own link"));
        plain.expect_title(words("reveal.title"));
        plain.press("show");
        plain.expect_title(words("reveal.shown.title"));
        assert_eq!(plain.page().text(".fd-username"), ROSA.username);
    }
}

#[test]
fn a_password_is_reset_by_plain_forms_through_every_channel() {
    for cookies in BOTH {
        let stack = Stack::start();
        stack.enrolled(&ROSA);
        for channel in ["email", "text", "call"] {
            let mut plain = Plain::open(&stack, "/flows/password-reset", cookies);
            walk::reset(&mut plain, &stack, &ROSA, channel);
            assert!(stack.opens(&ROSA, walk::NEW_PASSWORD));
            plain.press("start-over");
            plain.expect_step("identify");
            assert_eq!(plain.page().value("username"), "");
        }
    }
}

#[test]
fn the_static_page_leads_into_the_flow_without_scripts() {
    let stack = Stack::with_site();
    stack.enrolled(&ROSA);
    let flows = stack.number("SELECT count(*) FROM flows");
    for (page, step) in [
        ("/enroll/", "invitation"),
        ("/recover-username/", "personal-info"),
        ("/reset-password/", "identify"),
    ] {
        let mut plain = Plain::open(&stack, page, Cookies::Kept);
        assert_eq!(plain.page().status, 200);
        plain.press("start");
        plain.expect_step(step);
        assert_eq!(plain.page().problems(), [""; 0], "nothing was answered yet");
    }
    assert_eq!(stack.number("SELECT count(*) FROM flows"), flows);
    let mut plain = Plain::open(&stack, "/reset-password/", Cookies::Kept);
    plain.press("start");
    walk::reset(&mut plain, &stack, &ROSA, "call");
}
