//! A patient at the desk: found by number, checked in person, invited.

use frontdesk_tests::people::{LUZ, ROSA, SEAN, WALT};
use frontdesk_tests::{Flow, PUBLIC, Person, Plain, Stack, Visitor, walk, words};
use jiff::SignedDuration;
use jiff::tz::Offset;
use protocol::{Locale, messages, paths};
use serde_json::json;
use verify_api::clock::Clock as _;
use verify_api::staff::Role;

use super::{DANA, Member, lines};
use crate::account;

/// A staff user at the desk, with the patient before them.
#[track_caller]
fn with(stack: &Stack, email: &str, person: &Person) -> Plain {
    let mut browser = Member::new(stack, email, Role::FrontDesk)
        .signed_in(stack)
        .browser;
    find(&mut browser, person.mrn);
    browser.expect_title(words("staff.visit.title"));
    browser
}

#[track_caller]
pub(crate) fn find(browser: &mut Plain, number: &str) {
    browser.goto(paths::STAFF);
    browser.fill("number", number);
    browser.press("find");
}

/// Finds a patient, and notes that their passport was seen.
#[track_caller]
pub(crate) fn checked(browser: &mut Plain, person: &Person) {
    find(browser, person.mrn);
    browser.choose("document-passport", "yes");
    browser.press("check");
    browser.expect_notice(words("staff.notice.checked"));
}

/// Presses a button that the page does not show.
#[track_caller]
pub(crate) fn invite_anyway(browser: &mut Plain) {
    let visit = browser.page().address;
    let visit = visit.split('?').next().expect("a path").to_owned();
    let token = browser.page().attribute("input[name=token]", "value");
    let token = token.expect("a token");
    let form = [
        ("token", token.as_str()),
        ("seen", ""),
        ("action-invite", "x"),
    ];
    browser.send_forged(&visit, &form, &[]);
}

/// From the printed invitation back to the patient.
#[track_caller]
pub(crate) fn back(browser: &mut Plain) {
    let visit = browser.page().attribute("p.do a.fd-button", "href");
    browser.goto(&visit.expect("the way back"));
}

#[track_caller]
fn expect_state(browser: &mut Plain, key: &str) {
    browser.reload();
    let leads = browser.page().texts(".fd-lead");
    let state = words(key).to_owned();
    assert!(leads.contains(&state), "{leads:?} should hold {key}");
}

#[test]
fn a_patient_is_found_checked_and_invited_and_the_invitation_enrolls() {
    let stack = Stack::start();
    let mut browser = with(&stack, DANA, &ROSA);
    let shown = browser.page().texts(".fd-account dd");
    let name = format!("{} {}", ROSA.given, ROSA.family);
    let born = "March 27, 1951".to_owned();
    assert_eq!(shown[..3], [name.clone(), born, ROSA.mrn.to_owned()]);
    expect_state(&mut browser, "staff.state.not-invited");
    assert_eq!(browser.page().buttons(), [words("staff.check.action")]);

    checked(&mut browser, &ROSA);
    let seen = browser.page().texts(".fd-flow li");
    assert_eq!(seen, [words("staff.document.passport")]);
    browser.press("invite");
    browser.expect_title(words("staff.invitation.title"));
    let page = browser.page();
    let code = page.text("#fd-invitation");
    assert!(page.text(".fd-lead").contains(&name));
    assert!(page.attribute("svg path", "d").is_some());
    let link = page
        .attribute("#fd-invitation ~ p a", "href")
        .expect("a link");
    let path = link.strip_prefix(PUBLIC).expect("our own link").to_owned();
    back(&mut browser);
    assert!(!browser.page().html().contains(&code), "it is shown once");
    stack.settle();
    expect_state(&mut browser, "staff.state.invited");
    let told = [words("staff.message.invitation"), words("staff.fate.sent")].join(" ");
    assert!(browser.page().texts(".fd-flow li").contains(&told));
    assert!(stack.mail.link(ROSA.email).ends_with(&code));

    let mut patient = Plain::open(&stack, &path, frontdesk_tests::Cookies::Kept);
    walk::enroll(&mut patient, &stack, &ROSA, &code);
    expect_state(&mut browser, "staff.state.done");
    assert_eq!(browser.page().buttons(), [words("staff.proxy.note")]);
    for event in ["patient-looked-up", "patient-checked", "patient-invited"] {
        let by_staff = format!(
            "{event}' AND actor IN (SELECT id FROM staff_credentials) AND event = '{event}"
        );
        assert!(lines(&stack, &by_staff) >= 1, "{event}");
    }
    let stored = stack.stored();
    let found = stored.iter().any(|(_, bytes)| {
        bytes
            .windows(code.len())
            .any(|part| part == code.as_bytes())
    });
    assert!(!found, "the code is in the database");
}

#[test]
fn the_desk_says_where_a_patient_has_stopped() {
    let stack = Stack::start();
    let mut browser = with(&stack, DANA, &ROSA);
    checked(&mut browser, &ROSA);
    browser.press("invite");
    let code = browser.page().text("#fd-invitation");
    back(&mut browser);
    let flow = stack.begin("enrollment");
    flow.answer("invitation", &json!({"invitation": code}))
        .at("identity");
    expect_state(&mut browser, "staff.state.opened");
    flow.answer("identity", &ROSA.identity()).at("phone");
    expect_state(&mut browser, "staff.state.at-phone");
    let other = json!({"phone": SEAN.phone, "channel": "text"});
    flow.answer("phone", &other).expect(422);
    expect_state(&mut browser, "staff.state.other-phone");
    for _ in 0..4 {
        flow.answer("phone", &other);
    }
    expect_state(&mut browser, "staff.state.phone-spent");

    browser.press("invite");
    let code = browser.page().text("#fd-invitation");
    back(&mut browser);
    expect_state(&mut browser, "staff.state.invited");
    let flow = stack.begin("enrollment");
    flow.answer("invitation", &json!({"invitation": code}))
        .at("identity");
    flow.answer("identity", &ROSA.identity()).at("phone");
    let right = json!({"phone": ROSA.phone, "channel": "text"});
    flow.answer("phone", &right).at("code");
    let texted = stack.mail.code("text", ROSA.phone);
    stack.settle();
    expect_state(&mut browser, "staff.state.at-code");
    let told = [words("staff.message.code"), words("staff.fate.sent")].join(" ");
    assert!(browser.page().texts(".fd-flow li").contains(&told));
    flow.answer("code", &json!({"code": texted})).at("contact");
    expect_state(&mut browser, "staff.state.proven");

    stack.advance(SignedDuration::from_mins(10));
    find(&mut browser, WALT.mrn);
    expect_state(&mut browser, "staff.state.not-invited");
    assert!(browser.page().html().contains(words("staff.visit.none")));
}

#[test]
fn nobody_is_invited_before_documents_were_seen_in_the_same_visit() {
    let stack = Stack::start();
    let mut browser = with(&stack, DANA, &ROSA);
    browser.press("check");
    browser.expect_problem(words("staff.problem.no-document"));
    browser.choose("document-insurance-card", "yes");
    browser.press("check");
    browser.expect_problem(words("staff.problem.no-photo"));
    assert_eq!(lines(&stack, "patient-checked"), 0);
    // What was ticked stays, and counts with what is ticked after it.
    let mut mended = browser.tab();
    mended.choose("document-passport", "yes");
    mended.press("check");
    let seen = ["passport", "insurance-card"].map(|it| words(&format!("staff.document.{it}")));
    assert_eq!(mended.page().texts(".fd-flow li"), seen);
    find(&mut browser, ROSA.mrn);
    invite_anyway(&mut browser);
    browser.expect_problem(words("staff.problem.overtaken"));
    assert_eq!(browser.page().status, 409);
    // Seen in this visit is not seen in the next one.
    checked(&mut browser, &ROSA);
    find(&mut browser, ROSA.mrn);
    assert_eq!(browser.page().buttons(), [words("staff.check.action")]);
    // Nor does a visit last for ever.
    checked(&mut browser, &ROSA);
    let waiting = browser.tab();
    for _ in 0..5 {
        stack.advance(SignedDuration::from_mins(12));
        browser.goto(paths::STAFF);
    }
    let mut late = waiting;
    late.press("invite");
    assert_eq!(late.page().status, 410);
    assert_eq!(stack.number("SELECT count(*) FROM invitations"), 0);
    // Nor is it anybody else's.
    find(&mut browser, ROSA.mrn);
    let visit = browser.page().address;
    let mut colleague = Member::new(&stack, "other@example.org", Role::Manager)
        .signed_in(&stack)
        .browser;
    colleague.goto(&visit);
    colleague.expect_title(words("staff.over.title"));
}

/// Two staff users with the same patient: the second one is told, and nothing is done twice.
#[test]
fn of_two_who_act_at_once_the_second_is_told() {
    let stack = Stack::start();
    let mut one = with(&stack, DANA, &ROSA);
    checked(&mut one, &ROSA);
    let mut two = with(&stack, "other@example.org", &ROSA);
    checked(&mut two, &ROSA);
    let mut unchecked = with(&stack, "third@example.org", &ROSA);
    one.press("invite");
    one.expect_title(words("staff.invitation.title"));
    two.press("invite");
    two.expect_problem(words("staff.problem.overtaken"));
    assert_eq!(stack.number("SELECT count(*) FROM invitations"), 1);
    // Whoever has seen no documents ends nothing.
    unchecked.reload();
    assert_eq!(unchecked.page().buttons(), [words("staff.check.action")]);
    // Now that they know, they can.
    back(&mut one);
    two.press("cancel");
    two.expect_notice(words("staff.notice.cancelled"));
    one.press("cancel");
    one.expect_problem(words("staff.problem.overtaken"));
    assert_eq!(lines(&stack, "invitation-cancelled"), 1);
    two.press("invite");
    two.expect_title(words("staff.invitation.title"));
}

#[test]
fn a_cancelled_invitation_lets_nobody_in() {
    let stack = Stack::start();
    let mut browser = with(&stack, DANA, &ROSA);
    checked(&mut browser, &ROSA);
    browser.press("invite");
    let code = browser.page().text("#fd-invitation");
    back(&mut browser);
    browser.press("cancel");
    browser.expect_notice(words("staff.notice.cancelled"));
    expect_state(&mut browser, "staff.state.not-invited");
    let flow = stack.begin("enrollment");
    flow.answer("invitation", &json!({"invitation": code}))
        .fields(&json!({"invitation": "unknown-invitation"}));
}

#[test]
fn the_stop_after_a_hundred_wrong_codes_is_lifted_in_person() {
    let stack = Stack::start();
    stack.enrolled(&ROSA);
    let reset = stack.at_reset_code(ROSA.username, "text");
    let wrong = walk::other_than(&stack.mail.code("text", ROSA.phone));
    reset.answer("code", &json!({"code": wrong})).expect(422);
    let stop = "UPDATE ladders SET failures = 100";
    assert_eq!(stack.tamper(stop), Ok(1));
    let mut browser = with(&stack, DANA, &ROSA);
    assert!(browser.page().html().contains(words("staff.stopped.lead")));
    assert_eq!(browser.page().buttons(), [words("staff.check.action")]);
    checked(&mut browser, &ROSA);
    browser.press("lift");
    browser.expect_notice(words("staff.notice.lifted"));
    assert!(!browser.page().html().contains(words("staff.stopped.lead")));
    assert_eq!(lines(&stack, "stop-lifted"), 1);
    stack.advance(SignedDuration::from_mins(2));
    stack.at_new_password(&ROSA);
}

/// The sign-in tells nobody, so that the desk is where an owner hears of it in person.
#[test]
fn the_desk_says_that_no_password_signs_in_until_there_is_another() {
    let stack = Stack::start();
    stack.enrolled(&ROSA);
    let told = words("staff.state.passwords-stopped");
    let mut browser = with(&stack, DANA, &ROSA);
    stack.sign_in(ROSA.username, "a wrong password");
    let row = "UPDATE ladders SET failures = 100";
    assert_eq!(stack.tamper(row), Ok(1));
    browser.reload();
    assert!(!browser.page().html().contains(told), "no letter has left");
    stack.sign_in(ROSA.username, ROSA.password);
    expect_state(&mut browser, "staff.state.passwords-stopped");
    stack.mail.saying("email", ROSA.email, "about a hundred");
    stack
        .at_new_password(&ROSA)
        .answer("new-password", &json!({"password": walk::NEW_PASSWORD}))
        .at("done");
    browser.reload();
    assert!(!browser.page().html().contains(told), "there is another");
}

#[test]
fn the_desk_says_on_which_day_a_patient_closed_their_account_and_invites_anew() {
    let stack = Stack::start();
    stack.enrolled(&ROSA);
    let session = account::session(&stack);
    let closing = Flow::begin_as(&stack.client, "deactivation", &session);
    closing
        .answer("password", &account::password())
        .at("confirm");
    closing
        .answer("confirm", &json!({"username": ROSA.username}))
        .at("done");
    let mut browser = with(&stack, DANA, &ROSA);
    let day = Offset::UTC.to_datetime(stack.clock.now()).date();
    let on = day.strftime("%B %-d, %Y").to_string();
    let closed = messages::catalog(Locale::En).fill("staff.state.account-closed", &[("on", &on)]);
    let leads = browser.page().texts(".fd-lead");
    assert!(leads.contains(&closed), "{leads:?} should hold {closed}");
    checked(&mut browser, &ROSA);
    browser.press("invite");
    browser.expect_title(words("staff.invitation.title"));
    back(&mut browser);
    expect_state(&mut browser, "staff.state.invited");
}

/// The number stands in no address, and in its box.
#[test]
fn a_number_that_nobody_has_is_kept_to_be_mended() {
    let stack = Stack::start();
    let mut browser = with(&stack, DANA, &ROSA);
    let typed = ROSA.mrn.to_lowercase();
    find(&mut browser, &typed);
    browser.expect_problem(words("staff.problem.no-patient"));
    let page = browser.page();
    assert_eq!((page.status, page.value("number")), (422, typed));
    assert_eq!(page.address, paths::STAFF_FIND);
    browser.goto(paths::STAFF_FIND);
    browser.expect_title(words("staff.title"));
    assert_eq!(browser.page().value("number"), "");
}

/// Whoever tries numbers comes to an end, and it is written down.
#[test]
fn a_staff_user_looks_up_so_many_patients_an_hour() {
    let stack = Stack::start();
    let mut browser = with(&stack, DANA, &ROSA);
    for n in 1..60 {
        find(&mut browser, &format!("WS-9{n:03}"));
        browser.expect_problem(words("staff.problem.no-patient"));
    }
    for number in [ROSA.mrn, "WS-9999", ROSA.mrn] {
        find(&mut browser, number);
        assert_eq!(browser.page().status, 429);
        browser.expect_title(words("staff.over-limit.title"));
        let told = browser.page().text(".fd-lead");
        assert!(told.contains("Wait 60 seconds"), "{told}");
    }
    let nobody = "patient-not-found' AND subject = actor AND event = 'patient-not-found";
    assert_eq!(lines(&stack, nobody), 59);
    assert_eq!(lines(&stack, "lookups-over-budget"), 1);
    assert_eq!(lines(&stack, "patient-looked-up"), 1);
    // It is counted for each of them.
    with(&stack, "other@example.org", &ROSA);
}

/// Whoever prints it reads one language, and whoever takes it home may read another.
#[test]
fn an_invitation_is_printed_in_the_language_of_its_patient() {
    let stack = Stack::start();
    stack.import(&[LUZ]);
    for (person, speaks) in [(&LUZ, Locale::Es), (&ROSA, Locale::En)] {
        let email = format!("{}@example.org", speaks.as_str());
        let mut browser = with(&stack, &email, person);
        checked(&mut browser, person);
        browser.press("invite");
        let page = browser.page();
        let catalog = messages::catalog(speaks);
        let title = catalog.text("staff.invitation.title");
        let printed = format!("[lang={}]", speaks.as_str());
        assert_eq!(page.text(&format!("{printed} h1")), title);
        assert!(
            page.attribute(&format!("{printed} #fd-invitation"), "class")
                .is_some()
        );
        assert_eq!(page.language(), Locale::En);
        assert_eq!(page.texts("p.do a"), [words("staff.invitation.back")]);
    }
}

#[test]
fn a_closed_record_is_told_and_invites_nobody() {
    let stack = Stack::start();
    stack.import(&[LUZ]);
    let closed = LUZ.fhir().replace(r#""active":true"#, r#""active":false"#);
    stack.import_lines(closed);
    let mut browser = with(&stack, DANA, &LUZ);
    expect_state(&mut browser, "staff.state.closed");
    checked(&mut browser, &LUZ);
    assert_eq!(browser.page().buttons(), [] as [&str; 0]);
}
