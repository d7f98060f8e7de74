//! The audit trail, as an auditor reads it at the desk.

use frontdesk_tests::people::{ROSA, SEAN, WALT};
use frontdesk_tests::{Plain, Request, Settings, Stack, Visitor, words};
use protocol::paths;
use protocol::values::BirthDate;
use verify_api::staff::Role;

use super::{DANA, Member, desk, lines};

const AUDITOR: &str = "+audit@example.org";

/// An auditor who reads the trail.
#[track_caller]
fn reading(stack: &Stack) -> Plain {
    let member = Member::new(stack, AUDITOR, Role::Auditor);
    let mut browser = member.signed_in(stack).browser;
    let link = browser.page().attribute(".fd-flow p a", "href");
    assert_eq!(link.as_deref(), Some(paths::STAFF_TRAIL));
    browser.goto(paths::STAFF_TRAIL);
    browser.expect_title(words("staff.trail.title"));
    browser
}

/// Writes lines for three pages.
pub(crate) fn some_hundred_lines(stack: &Stack) {
    stack.enrolled(&ROSA);
    let born = BirthDate::parse(ROSA.born).expect("a birth date");
    for _ in 0..100 {
        stack.find(ROSA.family, born);
    }
}

/// The numbers of the lines on the screen.
fn numbers(browser: &mut Plain) -> Vec<i64> {
    let start = words("staff.trail.line").replace("{n}", "");
    let shown = browser.page().texts(".fd-lines .fd-hint");
    let number = |text: &String| {
        let (_, number) = text.rsplit_once(&start).expect("its number");
        number.parse().expect("a number")
    };
    shown.iter().map(number).collect()
}

/// What the lines on the screen say has happened.
fn happened(browser: &mut Plain) -> Vec<String> {
    browser.page().texts(".fd-lines .fd-line")
}

#[test]
fn an_auditor_finds_what_was_done_about_a_patient_and_no_name() {
    let stack = Stack::start();
    stack.enrolled(&ROSA).enrolled(&SEAN);
    assert_eq!(stack.sign_in(ROSA.username, ROSA.password).status, 200);
    let mut browser = reading(&stack);
    browser.fill("number", ROSA.mrn);
    browser.press("search");
    let page = browser.page();
    assert_eq!(
        (page.status, page.address.as_str()),
        (200, paths::STAFF_TRAIL)
    );
    assert_eq!(page.value("number"), ROSA.mrn);
    let told = happened(&mut browser);
    for event in [
        "patient-imported",
        "patient-invited",
        "enrolled",
        "signed-in",
    ] {
        let event = words(&format!("staff.event.{event}"));
        assert_eq!(
            told.iter().filter(|it| **it == event).count(),
            1,
            "{event}: {told:?}"
        );
    }
    // Of this record, and of its account; the newest is that somebody reads about it.
    assert_eq!(told[0], words("staff.event.trail-searched"));
    for name in [ROSA.family, ROSA.email, SEAN.family, ROSA.username] {
        assert!(!page.html().contains(name), "{name}");
    }
    let sought = "SELECT count(*) FROM audit WHERE event = 'trail-searched'
         AND subject IN (SELECT patient_id FROM accounts)";
    assert_eq!(stack.number(sought), 1);
    browser.fill("number", "WS-9999");
    browser.press("search");
    browser.expect_problem(words("staff.trail.no-patient"));
    assert_eq!(lines(&stack, "patient-not-found"), 1);
    // Nor by an address.
    browser.goto(&format!("{}?number={}", paths::STAFF_TRAIL, ROSA.mrn));
    assert!(happened(&mut browser).is_empty());
}

#[test]
fn pages_lead_through_all_lines_once_the_newest_first() {
    let stack = Stack::start();
    some_hundred_lines(&stack);
    let mut browser = reading(&stack);
    browser.press("search");
    let mut read = numbers(&mut browser);
    assert_eq!(read.len(), 50);
    let newest = read[0];
    while browser
        .page()
        .buttons()
        .contains(&words("staff.trail.next").to_owned())
    {
        browser.press("next");
        read.extend(numbers(&mut browser));
    }
    let all: Vec<_> = (1..=newest).rev().collect();
    assert_eq!(read, all);
    // Each page was a look.
    let pages = i64::try_from(all.len().div_ceil(50)).unwrap();
    assert_eq!(lines(&stack, "trail-searched"), pages);
}

#[test]
fn lines_are_found_by_staff_kind_and_days() {
    let stack = Stack::start();
    let mut dana = Member::new(&stack, DANA, Role::FrontDesk)
        .signed_in(&stack)
        .browser;
    desk::checked(&mut dana, &WALT);
    let mut browser = reading(&stack);
    let id = |browser: &mut Plain, email: &str| {
        let page = browser.page();
        let names = page.texts("#fd-staff option");
        let at = names
            .iter()
            .position(|name| name == email)
            .expect("among staff")
            + 1;
        let option = format!("#fd-staff option:nth-child({at})");
        page.attribute(&option, "value").expect("an id")
    };
    let of_dana = id(&mut browser, DANA);
    browser.choose("staff", &of_dana);
    browser.press("search");
    let by_dana = happened(&mut browser);
    let expected = [
        "trail-searched",
        "patient-checked",
        "patient-looked-up",
        "staff-signed-in",
        "staff-set-up",
        "staff-set-up-begun",
        "staff-added",
    ];
    let event = |name: &str| words(&format!("staff.event.{name}")).to_owned();
    assert_eq!(by_dana, expected.map(event));
    browser.choose("kind", "patient-checked");
    browser.press("search");
    assert_eq!(happened(&mut browser), [event("patient-checked")]);
    let day = browser
        .page()
        .attribute("time", "datetime")
        .expect("a time");
    for (from, to, found) in [
        (&day[..10], &day[..10], 1),
        (&day[..10], "", 1),
        ("2001-01-01", "2001-12-31", 0),
    ] {
        browser.fill("from", from);
        browser.fill("to", to);
        browser.press("search");
        assert_eq!(happened(&mut browser).len(), found, "{from} {to}");
    }
    browser.fill("from", "tomorrow");
    browser.press("search");
    browser.expect_problem(words("staff.trail.wrong-day"));
    assert_eq!(browser.page().status, 422);
    // What no list offers is not taken for everything.
    let token = browser.page().value("token");
    let session = browser.cookies()["staff-session"].clone();
    for (name, value) in [("staff", "nobody"), ("kind", "nothing")] {
        let request = Request::new("POST", paths::STAFF_TRAIL)
            .header("cookie", &format!("staff-session={session}"))
            .form(&[
                ("token", token.as_str()),
                (name, value),
                ("action-search", "x"),
            ]);
        let reply = stack.client.send(request);
        assert_eq!(reply.status, 422, "{name}");
        assert!(!reply.body.contains("fd-lines"), "{name}");
    }
}

#[test]
fn what_was_found_is_taken_away_as_a_file_without_formulas() {
    let stack = Stack::start();
    stack.enrolled(&ROSA);
    let mut browser = reading(&stack);
    browser.choose("kind", "staff-signed-in");
    browser.press("download");
    let file = browser.page().html().to_owned();
    let file: Vec<_> = file.lines().collect();
    assert_eq!(file[0], "\u{feff}line,time,event,by,about");
    assert_eq!(file.len(), 2);
    assert!(
        file[1].contains(",staff-signed-in,'+audit@example.org,"),
        "{file:?}"
    );
    let of_kind = "SELECT count(*) FROM audit WHERE event = 'trail-downloaded'";
    assert_eq!(stack.number(of_kind), 1);
}

#[test]
fn a_file_has_ten_thousand_lines_at_most() {
    let stack = Stack::start();
    let more = "INSERT INTO audit (seq, at, event, subject, actor, link)
         WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 10001)
         SELECT 1000000 + n.i, a.at, 'code-asked', a.subject, NULL, a.link FROM n, audit a
         WHERE a.seq = 1";
    assert_eq!(stack.tamper(more), Ok(10_001));
    let mut browser = reading(&stack);
    browser.choose("kind", "code-asked");
    browser.press("download");
    let file = browser.page().html().to_owned();
    assert_eq!(
        file.lines().count(),
        1 + 10_000,
        "the first tells what is in a column"
    );
    let number = |line: &str| line.split(',').next().map(str::to_owned);
    let newest = file.lines().nth(1).and_then(number);
    assert_eq!(newest.as_deref(), Some("1010001"));
}

#[test]
fn the_trail_is_looked_over_and_a_change_is_told() {
    let stack = Stack::with(&Settings::default().sqlite());
    stack.enrolled(&ROSA);
    let mut browser = reading(&stack);
    let lead = |browser: &mut Plain| browser.page().text(".fd-lead");
    assert_eq!(lead(&mut browser), words("staff.trail.never"));
    let head = stack.number("SELECT seq FROM audit_ends");
    browser.press("verify");
    let whole = words("staff.trail.whole").replace("{line}", &head.to_string());
    browser.expect_notice(&whole);
    assert_eq!(lines(&stack, "trail-verified"), 1);
    browser.goto(paths::STAFF_TRAIL);
    assert!(
        lead(&mut browser).contains(AUDITOR),
        "{}",
        lead(&mut browser)
    );
    for sql in [
        "DROP TRIGGER audit_is_append_only_update",
        "UPDATE audit SET event = 'code-asked' WHERE seq = 3",
    ] {
        stack.tamper(sql).expect("nothing holds it");
    }
    browser.press("verify");
    let broken = words("staff.trail.broken.at").replace("{line}", "3");
    assert_eq!(browser.page().text(".fd-errors"), broken);
    assert_eq!(lines(&stack, "trail-verified"), 1);
}

#[test]
fn numbers_are_looked_up_so_often_and_no_oftener() {
    let stack = Stack::start();
    let mut browser = reading(&stack);
    for _ in 0..60 {
        browser.fill("number", "WS-9999");
        browser.press("search");
        assert_eq!(browser.page().status, 422);
    }
    browser.fill("number", ROSA.mrn);
    browser.press("search");
    assert_eq!(browser.page().status, 429);
    assert_eq!(lines(&stack, "lookups-over-budget"), 1);
    browser.goto(paths::STAFF_TRAIL);
    browser.press("search");
    assert_eq!(
        browser.page().status,
        200,
        "reading without a number goes on"
    );
}
