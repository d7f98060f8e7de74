//! How things went, as a manager sees it.

use frontdesk_tests::people::ROSA;
use frontdesk_tests::{Person, Plain, Stack, Visitor, words};
use jiff::SignedDuration;
use protocol::paths;
use verify_api::staff::Role;

use super::{DANA, Member};

/// Enrolls a dozen patients, invites two dozen more, and waits until the week is over.
#[track_caller]
pub(crate) fn a_week(stack: &Stack) {
    let people: Vec<_> = (10..46)
        .map(|n| Person {
            mrn: format!("WS-71{n}").leak(),
            phone: format!("+120755501{n}").leak(),
            email: format!("rosa{n}@example.org").leak(),
            username: format!("Rosa.{n}").leak(),
            ..ROSA
        })
        .collect();
    stack.import(&people);
    let (enrolled, invited) = people.split_at(12);
    for person in enrolled {
        stack.enrolled(person);
    }
    for person in invited {
        stack.invite(person);
    }
    for (page, yes, no) in [("/faq/codes/", 40, 12), ("/faq/family/", 3, 2)] {
        let day = "2026-11-25";
        let said = format!(
            "INSERT INTO feedback (page, day, yes, no) VALUES ('{page}', '{day}', {yes}, {no})"
        );
        stack.tamper(&said).expect("counts of readers");
    }
    stack.settle();
    stack.advance(SignedDuration::from_hours(8 * 24));
}

/// A manager who looks at how things went.
#[track_caller]
fn looking(stack: &Stack) -> Plain {
    let member = Member::new(stack, DANA, Role::Manager);
    let mut browser = member.signed_in(stack).browser;
    browser.goto(paths::STAFF_INSIGHTS);
    browser.expect_title(words("staff.insights.title"));
    browser
}

/// The lines of a table, by its place on the page.
fn table(browser: &mut Plain, at: usize) -> Vec<Vec<String>> {
    let page = browser.page();
    let tables = page.texts("table.fd-counts");
    assert!(at < tables.len(), "{tables:?}");
    let html = page.html().split("<table").nth(at + 1).expect("a table");
    let html = html.split("</table>").next().expect("its end");
    let rows = html.split("<tr>").skip(2);
    let cells = |row: &str| {
        let cells = row.split("</th>").flat_map(|part| part.split("</td>"));
        let texts = cells.filter_map(|cell| Some(cell.rsplit_once('>')?.1.to_owned()));
        texts.filter(|text| !text.is_empty()).collect()
    };
    rows.map(cells).collect()
}

#[test]
fn a_manager_sees_how_far_people_came_and_no_small_number() {
    let stack = Stack::start();
    a_week(&stack);
    let mut browser = looking(&stack);
    let hidden = words("staff.insights.count");
    let step = |name: &str| words(&format!("staff.insights.step.{name}"));
    for span in ["", "?span=weeks", "?span=months"] {
        browser.goto(&format!("{}{span}", paths::STAFF_INSIGHTS));
        let reached = table(&mut browser, 0);
        let expected = [
            [step("invited"), "36"],
            [step("opened"), hidden],
            [step("identity"), hidden],
            [step("phone"), hidden],
            [step("email"), hidden],
            [step("done"), "12"],
        ];
        assert_eq!(reached, expected, "{span}");
        let stopped = table(&mut browser, 1);
        assert_eq!(stopped.len(), 1);
        assert_eq!(stopped[0][1], "24");
    }
    let recovered = table(&mut browser, 3);
    assert!(
        recovered.iter().all(|row| row[1..] == [hidden, hidden]),
        "{recovered:?}"
    );
    let pages = table(&mut browser, 4);
    assert_eq!(
        pages,
        [["/faq/codes/", "40", "12"]],
        "the other has too few answers"
    );
    let fates = table(&mut browser, 2);
    let left = &fates[0];
    assert_eq!(left[0], words("staff.insights.fates.left"));
    // Each of the dozen was texted a code and told of their account, both ways.
    let sent = |lane: &str| {
        stack.number(&format!(
            "SELECT count(*) FROM outbox WHERE fate = 'sent' AND lane = '{lane}'"
        ))
    };
    let sent = ["email", "phone"].map(|lane| sent(lane).to_string());
    assert_eq!(left[1..], sent);
    for fate in &fates[1..] {
        assert_eq!(fate[1..], [hidden, hidden], "{fate:?}");
    }
    let page = browser.page();
    for personal in [ROSA.family, "example.org\"", "WS-71", "+1207"] {
        assert!(!page.html().contains(personal), "{personal}");
    }
}

/// Whoever asked and did not finish is a count as well: of few it is not told.
#[test]
fn of_a_pair_the_second_is_hidden_where_few_did_not_finish() {
    let stack = Stack::start();
    let mut line = 1_000_000;
    for (event, count) in [
        ("username-recovery-asked", 20),
        ("username-shown", 15),
        ("password-reset-asked", 40),
        ("password-changed", 25),
    ] {
        // On the 20th of November, which is in the last week that is over.
        let lines = format!(
            "INSERT INTO audit (seq, at, event, subject, actor, link)
             WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {count})
             SELECT {line} + n.i, 1795132800000, '{event}', a.subject, NULL, a.link FROM n, audit a
             WHERE a.seq = 1"
        );
        assert_eq!(stack.tamper(&lines), Ok(count));
        line += 1_000;
    }
    let mut browser = looking(&stack);
    // Nobody was invited, so there is no table of where people stopped.
    let recovered = table(&mut browser, 2);
    let shown: Vec<_> = recovered.iter().map(|row| &row[1..]).collect();
    let hidden = words("staff.insights.count");
    assert_eq!(shown, [["20", hidden], ["40", "25"]]);
}

#[test]
fn what_has_happened_this_week_is_told_when_it_is_over() {
    let stack = Stack::start();
    let mut browser = looking(&stack);
    let before = browser.page().html().to_owned();
    stack.enrolled(&ROSA);
    browser.goto(paths::STAFF_INSIGHTS);
    let unlike = |html: &str| html.replace(char::is_numeric, "");
    assert_eq!(unlike(browser.page().html()), unlike(&before));
    let hidden = words("staff.insights.count");
    assert!(table(&mut browser, 0).iter().all(|row| row[1] == hidden));
}
