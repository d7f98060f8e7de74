//! Forms that stand on another site, sent by a browser that knows nothing of
//! `SameSite` and so brings our cookies along. Such a form neither acts in the
//! flow of whoever sends it, nor brings a flow of its own into their browser.

use std::collections::BTreeMap;

use frontdesk_tests::people::{ROSA, SEAN};
use frontdesk_tests::{Cookies, Plain, Stack, Visitor, walk};

const RESET: &str = "/flows/password-reset";
const ENROLLMENT: &str = "/flows/enrollment";

/// What a browser tells of where a form stands, if not that it is another site.
/// An address of the page it stood on decides nothing: whoever forges can keep
/// it back.
const NOTHING_TOLD: [&[(&str, &str)]; 5] = [
    &[],
    &[("origin", "null")],
    &[("referer", "https://evil.example.net/help.example.org")],
    &[("referer", "http://help.example.org.evil.example.net/")],
    &[("origin", "null"), ("referer", "http://help.example.org/")],
];

/// What a browser tells that knows better.
const ELSEWHERE_TOLD: [&[(&str, &str)]; 4] = [
    &[("sec-fetch-site", "cross-site")],
    &[("sec-fetch-site", "same-site")],
    &[("origin", "https://evil.example.net")],
    &[("origin", "http://help.example.org.evil.example.net")],
];

/// The token in the form on the screen.
fn token(plain: &mut Plain) -> String {
    let token = plain.page().attribute("input[name=token]", "value");
    token.expect("the form has a token")
}

/// What the browser holds.
fn cookies(plain: &Plain) -> BTreeMap<String, String> {
    plain.cookies().clone()
}

/// A browser that has asked for a reset of Rosa's password, and chooses a channel.
fn at_method(stack: &Stack) -> Plain {
    let mut plain = Plain::open(stack, RESET, Cookies::Kept);
    plain.fill("username", ROSA.username);
    plain.press("continue");
    plain.expect_step("method");
    plain
}

#[test]
fn without_a_token_it_changes_nothing_of_a_flow() {
    let stack = Stack::start();
    stack.enrolled(&ROSA);
    let mut victim = at_method(&stack);
    let messages = stack.mail.all().len();
    let (page, own, held) = (victim.page(), token(&mut victim), cookies(&victim));
    for told in NOTHING_TOLD.into_iter().chain(ELSEWHERE_TOLD) {
        for form in [
            &[
                ("step", "method"),
                ("channel", "text"),
                ("action-continue", ""),
            ][..],
            &[("step", "method"), ("action-back", "")],
            &[("step", "code"), ("action-resend-text", "")],
            &[("action-start-over", "")],
            &[
                ("step", "identify"),
                ("username", SEAN.username),
                ("action-continue", ""),
            ],
            &[
                ("step", "identify"),
                ("username", ""),
                ("action-continue", ""),
            ],
            &[
                ("token", "altered"),
                ("step", "method"),
                ("channel", "text"),
            ],
            &[
                ("token", ""),
                ("probe", ""),
                ("step", "identify"),
                ("username", "x.y.z"),
            ],
            &[],
        ] {
            victim.send_forged(RESET, form, told);
            assert_eq!(cookies(&victim), held, "{form:?} {told:?}");
            victim.goto(RESET);
            victim.expect_step("method");
            assert_eq!(token(&mut victim), own, "{form:?} {told:?}");
        }
    }
    stack.settle();
    assert_eq!(stack.mail.all().len(), messages, "no code is sent for it");
    // The form that was open all the while is still good.
    victim.go_back_to(&page);
    victim.choose("channel", "text");
    victim.press("continue");
    walk::code(&mut victim, &stack.mail.code("text", ROSA.phone));
    victim.expect_step("new-password");
}

/// Whoever brought it could watch what is typed there.
#[test]
fn a_token_of_its_own_brings_no_flow_into_the_browser() {
    let stack = Stack::start();
    stack.enrolled(&SEAN);
    for told in NOTHING_TOLD.into_iter().chain(ELSEWHERE_TOLD) {
        for action in ["continue", "back", "resend", "resend-text", "start-over"] {
            let brought = stack.begin("password-reset");
            let action = format!("action-{action}");
            let form = [
                ("token", brought.token.as_str()),
                ("step", "identify"),
                ("username", SEAN.username),
                (&action, ""),
            ];
            let mut fresh = Plain::open(&stack, RESET, Cookies::Kept);
            let mut busy = at_method(&stack);
            let own = token(&mut busy);
            for (victim, step) in [(&mut fresh, "identify"), (&mut busy, "method")] {
                let held = cookies(victim);
                victim.send_forged(RESET, &form, told);
                assert_eq!(cookies(victim), held, "{action} {told:?}");
                if ELSEWHERE_TOLD.contains(&told) {
                    victim.expect_step(step);
                    let shown = victim.page().attribute("input[name=token]", "value");
                    assert_ne!(
                        shown.as_deref(),
                        Some(brought.token.as_str()),
                        "it should not even be shown: {action} {told:?}"
                    );
                }
                victim.goto(RESET);
            }
            fresh.expect_step("identify");
            busy.expect_step("method");
            assert_eq!(token(&mut busy), own, "{action} {told:?}");
        }
    }
}

/// A first step needs no token; so it could be another's invitation.
#[test]
fn a_first_step_begins_no_flow_that_the_browser_would_keep() {
    let stack = Stack::start();
    let invitation = stack.invite(&SEAN);
    let [month, day, year] = SEAN.born_in_boxes();
    let other_browser = Plain::open(&stack, RESET, Cookies::Kept);
    let probe = other_browser.cookies()["flow-cookies"].clone();
    for (path, step, answers) in [
        (
            ENROLLMENT,
            "invitation",
            &[("invitation", invitation.as_str())][..],
        ),
        (
            "/flows/username-recovery",
            "personal-info",
            &[
                ("given_name", SEAN.given),
                ("family_name", SEAN.family),
                ("birth_date-month", month),
                ("birth_date-day", day),
                ("birth_date-year", year),
                ("email", SEAN.email),
            ],
        ),
        (RESET, "identify", &[("username", SEAN.username)]),
    ] {
        for told in NOTHING_TOLD {
            // What the other site gets when it asks for our page itself is of no use.
            for probe in [None, Some(("probe", probe.as_str()))] {
                let mut form = answers.to_vec();
                form.extend([("step", step), ("action-continue", "")]);
                form.extend(probe);
                let mut victim = Plain::open(&stack, path, Cookies::Kept);
                let held = cookies(&victim);
                victim.send_forged(path, &form, told);
                assert_eq!(cookies(&victim), held, "{path} {probe:?} {told:?}");
                victim.goto(path);
                victim.expect_step(step);
            }
        }
        let flows = stack.number("SELECT count(*) FROM flows");
        for told in ELSEWHERE_TOLD {
            let mut victim = Plain::open(&stack, path, Cookies::Kept);
            victim.send_forged(path, &[&[("step", step)], answers].concat(), told);
            victim.expect_step(step);
        }
        assert_eq!(stack.number("SELECT count(*) FROM flows"), flows, "{path}");
    }
}

/// What guards a browser with cookies must not stop one without.
#[test]
fn our_own_forms_get_through_without_any_of_it() {
    let stack = Stack::start();
    let mut plain = Plain::open(&stack, ENROLLMENT, Cookies::Refused);
    plain.fill("invitation", &stack.invite(&ROSA));
    plain.press("continue");
    plain.expect_step("identity");
    let mut plain = Plain::open(&stack, ENROLLMENT, Cookies::Kept);
    plain.fill("invitation", &stack.invite(&ROSA));
    plain.press("continue");
    plain.goto(ENROLLMENT);
    plain.expect_step("identity");
}
