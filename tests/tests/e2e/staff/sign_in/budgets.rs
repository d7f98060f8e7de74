//! How often a network, and everybody together, may try to sign in to the desk, and whom it keeps
//! out of no browser.

use frontdesk_tests::{Settings, Stack, Visitor, words};
use jiff::SignedDuration;
use verify_api::staff::Role;

use super::super::{DANA, Member, PASSWORD, next_code};
use super::{WRONG, tried};

/// Four times somebody signs in, and three times nobody does.
fn some_sign_in_and_three_do_not(stack: &Stack, member: &Member) {
    for _ in 0..4 {
        next_code(stack);
        let code = member.code(stack);
        tried(stack, DANA, PASSWORD, &code).expect_title(words("staff.title"));
    }
    for n in 0..3 {
        let email = format!("none{n}@example.org");
        tried(stack, &email, WRONG, "123456").expect_problem(words("staff.problem.wrong"));
    }
}

#[test]
fn a_network_tries_so_often_and_who_signs_in_takes_nothing_of_it() {
    let few = Settings::default()
        .key("limits.sign_ins_per_network_hour", "3")
        .key("limits.sign_ins_per_wide_network_hour", "3");
    let stack = Stack::with(&few);
    let member = Member::new(&stack, DANA, Role::FrontDesk);
    some_sign_in_and_three_do_not(&stack, &member);
    let mut browser = tried(&stack, DANA, WRONG, "123456");
    assert_eq!(browser.page().status, 429);
    browser.expect_title(words("staff.over-limit.title"));
    // Nobody uses up what somebody needs who has worked in this browser before.
    member.signed_in(&stack);
}

/// However many networks they have; whoever has worked in a browser before is not kept out.
#[test]
fn everybody_together_tries_so_often_where_nobody_is_known() {
    let few = Settings::default().key("limits.staff_sign_ins_per_hour", "3");
    let stack = Stack::with(&few);
    let member = Member::new(&stack, DANA, Role::FrontDesk);
    some_sign_in_and_three_do_not(&stack, &member);
    next_code(&stack);
    let code = member.code(&stack);
    let mut browser = tried(&stack, DANA, PASSWORD, &code);
    let page = browser.page();
    assert_eq!(page.status, 503);
    assert!(page.html().contains(words("problem.unavailable")));
    let member = member.signed_in(&stack);
    stack.advance(SignedDuration::from_mins(20));
    let code = member.code(&stack);
    tried(&stack, DANA, PASSWORD, &code).expect_title(words("staff.title"));
}

/// Else a network would be bound by nothing once everybody together has tried too often.
#[test]
fn a_network_is_bound_also_where_everybody_has_tried_too_often() {
    let few = Settings::default()
        .key("limits.sign_ins_per_network_hour", "4")
        .key("limits.sign_ins_per_wide_network_hour", "4")
        .key("limits.staff_sign_ins_per_hour", "2");
    let stack = Stack::with(&few);
    let statuses = (0..6).map(|n| {
        let email = format!("none{n}@example.org");
        let mut browser = tried(&stack, &email, WRONG, "123456");
        browser.page().status
    });
    assert_eq!(statuses.collect::<Vec<_>>(), [422, 422, 503, 503, 429, 429]);
}

/// What waits for its time takes no password's work, and so nothing of what everybody has.
#[test]
fn tries_that_have_to_wait_take_nothing_of_what_everybody_has() {
    let few = Settings::default().key("limits.staff_sign_ins_per_hour", "6");
    let stack = Stack::with(&few);
    let member = Member::new(&stack, DANA, Role::FrontDesk);
    for n in 0..12 {
        let status = tried(&stack, "none@example.org", WRONG, "123456")
            .page()
            .status;
        assert_eq!(status, if n < 5 { 422 } else { 429 }, "{n}");
    }
    next_code(&stack);
    let code = member.code(&stack);
    tried(&stack, DANA, PASSWORD, &code).expect_title(words("staff.title"));
}
