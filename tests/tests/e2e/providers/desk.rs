//! Staff invite a patient for a provider, in a visit in which documents were seen.

use frontdesk_tests::people::{ROSA, WALT};
use frontdesk_tests::{Plain, Stack, Visitor as _, words};
use protocol::{Locale, messages, paths};
use verify_api::staff::Role;

use super::{Practice, QUILL, in_state};
use crate::sign_in;
use crate::staff::{DANA, Member, desk, lines};

/// Asserts that the page says of the provider how things stand.
#[track_caller]
fn expect_connection(browser: &mut Plain, state: &str) {
    browser.reload();
    let key = format!("staff.connection.{state}");
    let told = messages::catalog(Locale::En).fill(&key, &[("name", QUILL)]);
    let page = browser.page();
    assert!(page.texts("p").contains(&told), "{told}: {}", page.html());
}

#[test]
fn staff_invite_a_patient_see_how_it_stands_and_take_it_back() {
    let stack = Stack::start();
    stack.enrolled(&ROSA);
    let practice = Practice::new(&stack, QUILL, "messages");
    stack.add_provider("reed", "");
    stack.add_provider("Zinn", "");
    let retired = stack.add_provider("Marsh", "");
    stack.retire_provider(retired);
    let member = Member::new(&stack, DANA, Role::FrontDesk);
    let mut browser = member.signed_in(&stack).browser;
    browser.goto(paths::STAFF);
    browser.fill("number", ROSA.mrn);
    browser.press("find");
    let title = words("staff.connections.title").to_owned();
    assert!(
        !browser.page().texts("h2").contains(&title),
        "no documents were seen"
    );
    desk::checked(&mut browser, &ROSA);
    assert!(browser.page().texts("h2").contains(&title));
    let none = words("staff.connections.none");
    assert!(browser.page().html().contains(none));
    let first = words("staff.connect.choose");
    let choices = browser.page().texts("select option");
    assert_eq!(choices, [first, QUILL, "reed", "Zinn"]);
    browser.press("connect");
    browser.expect_problem(words("staff.problem.no-provider"));
    assert_eq!(in_state(&stack, "invited"), 0);

    browser.choose("provider", &practice.id.to_string());
    browser.press("connect");
    browser.expect_notice(words("staff.notice.connected"));
    expect_connection(&mut browser, "invited");
    let choices = browser.page().texts("select option");
    assert_eq!(choices, [first, "reed", "Zinn"]);
    // In the next visit no documents were seen yet, so nothing is shown of it.
    let mut next = browser.tab();
    next.goto(paths::STAFF);
    next.fill("number", ROSA.mrn);
    next.press("find");
    assert!(!next.page().html().contains(QUILL));
    stack.settle();
    let letter = stack.mail.to(ROSA.email).pop().expect("a letter");
    assert!(letter.text.contains("/account") && !letter.text.contains("Quill"));
    browser.press("withdraw");
    browser.expect_notice(words("staff.notice.withdrawn"));
    expect_connection(&mut browser, "withdrawn");

    stack.advance(jiff::SignedDuration::from_secs(1));
    browser.reload();
    browser.choose("provider", &practice.id.to_string());
    browser.press("connect");
    let session = sign_in::session(&stack.sign_in(ROSA.username, ROSA.password));
    let page = sign_in::account(&stack.client, &session).body;
    assert!(page.contains("Quill"), "{page}");
    // Another desk has taken it back meanwhile.
    let mut late = browser.tab();
    browser.press("withdraw");
    late.press("withdraw");
    late.expect_problem(words("staff.problem.overtaken"));
    // Which provider it was can be found out: the line behind each names them.
    let named = "SELECT count(*) FROM audit a
         JOIN audit b ON b.seq = a.seq + 1 AND b.subject = a.subject
         JOIN providers p ON p.id = b.actor
         WHERE a.event IN ('connection-invited', 'connection-withdrawn')
             AND b.event = 'connection-provider'";
    assert_eq!(stack.number(named), 4);
    let by_staff = "SELECT count(*) FROM audit a JOIN staff_credentials s ON s.id = a.actor
         WHERE a.event IN ('connection-invited', 'connection-withdrawn')";
    assert_eq!(stack.number(by_staff), 4);
    assert_eq!(lines(&stack, "connection-withdrawn"), 2);
    assert_eq!(in_state(&stack, "invited"), 0);
}

/// Whoever has died or is no patient any more keeps their account, and is not invited.
#[test]
fn whoevers_record_was_closed_meanwhile_is_not_invited_at_the_desk() {
    let stack = Stack::start();
    stack.enrolled(&ROSA);
    let practice = Practice::new(&stack, QUILL, "messages");
    let member = Member::new(&stack, DANA, Role::FrontDesk);
    let mut browser = member.signed_in(&stack).browser;
    desk::checked(&mut browser, &ROSA);
    let mut before = browser.tab();
    stack.import_lines(ROSA.fhir().replacen('{', r#"{"deceasedBoolean":true,"#, 1));
    browser.reload();
    assert!(browser.page().texts("select option").is_empty());
    before.choose("provider", &practice.id.to_string());
    before.press("connect");
    before.expect_problem(words("staff.problem.overtaken"));
    assert_eq!(stack.number("SELECT count(*) FROM connections"), 0);
}

#[test]
fn without_an_account_there_is_nothing_to_connect() {
    let stack = Stack::start();
    stack.add_provider(QUILL, "");
    let member = Member::new(&stack, DANA, Role::Manager);
    let mut browser = member.signed_in(&stack).browser;
    desk::checked(&mut browser, &WALT);
    let title = words("staff.connections.title");
    assert!(!browser.page().texts("h2").contains(&title.to_owned()));
}
