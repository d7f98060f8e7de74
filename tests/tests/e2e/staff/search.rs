//! Finding a patient at the desk by name and birth date.

use frontdesk_tests::people::{LUZ, ROSA};
use frontdesk_tests::{Person, Plain, Stack, Visitor, words};
use protocol::paths;
use verify_api::staff::Role;

use super::{DANA, Member, lines};

/// A staff user at the desk.
#[track_caller]
fn at_desk(stack: &Stack) -> Plain {
    let member = Member::new(stack, DANA, Role::FrontDesk);
    member.signed_in(stack).browser
}

/// Searches from wherever the form is; `born` as month, day and year.
#[track_caller]
fn search(browser: &mut Plain, name: &str, born: [&str; 3]) {
    browser.fill("name", name);
    for (part, text) in ["month", "day", "year"].into_iter().zip(born) {
        browser.fill(&format!("birth_date-{part}"), text);
    }
    browser.press("search");
}

const ROSA_BORN: [&str; 3] = ["March", "27", "1951"];

/// How often somebody of the staff was told of patients.
fn searches(stack: &Stack) -> i64 {
    let by_staff = "patients-searched' AND actor IN (SELECT id FROM staff_credentials) \
                    AND event = 'patients-searched";
    lines(stack, by_staff)
}

#[test]
fn a_patient_is_found_by_name_and_birth_date_and_a_press_opens_the_visit() {
    let stack = Stack::start();
    let mut browser = at_desk(&stack);
    search(&mut browser, "quintanila rosa", ROSA_BORN);
    browser.expect_title(words("staff.search.title"));
    let page = browser.page();
    assert_eq!(page.address, paths::STAFF_SEARCH, "no address tells whom");
    assert_eq!(page.value("name"), "quintanila rosa");
    let name = format!("{} {}", ROSA.given, ROSA.family);
    assert_eq!(page.texts(".fd-found h2"), [name.as_str()]);
    assert_eq!(page.texts(".fd-found dd"), ["March 27, 1951", ROSA.mrn]);
    assert_eq!(
        (searches(&stack), lines(&stack, "patient-looked-up")),
        (1, 0)
    );
    browser.press("find");
    browser.expect_title(words("staff.visit.title"));
    assert_eq!(browser.page().text(".fd-account dd"), name);
    assert_eq!(lines(&stack, "patient-looked-up"), 1);
    // What was typed stays in nobody's database.
    let stored = stack.stored();
    let found = stored
        .iter()
        .any(|(_, bytes)| bytes.windows(10).any(|part| part == b"quintanila"));
    assert!(!found, "the name is in the database");
}

#[test]
fn nobody_is_shown_without_a_name_and_a_birth_date() {
    let stack = Stack::start();
    let mut browser = at_desk(&stack);
    let no_name = words("staff.search.no-name");
    for (name, born, problem) in [
        ("", ROSA_BORN, no_name),
        ("- -", ROSA_BORN, no_name),
        (ROSA.family, ["", "", ""], words("staff.search.no-date")),
        (
            ROSA.family,
            ["2", "30", "1951"],
            words("staff.search.wrong-date"),
        ),
    ] {
        search(&mut browser, name, born);
        browser.expect_problem(problem);
        let page = browser.page();
        assert_eq!((page.status, page.texts(".fd-found").len()), (422, 0));
        assert_eq!(page.value("birth_date-year"), born[2]);
        assert!(!page.html().contains(ROSA.mrn), "{name:?} {born:?}");
    }
    assert_eq!(searches(&stack), 0);
    // Nor by an address alone.
    let typed = "name=Quintanilla&birth_date-month=3&birth_date-day=27&birth_date-year=1951";
    browser.goto(&format!("{}?{typed}", paths::STAFF_SEARCH));
    assert_eq!(browser.page().texts(".fd-found").len(), 0);
    search(&mut browser, "Somebody Else", ["1", "2", "1933"]);
    let told = browser.page().texts(".fd-lead");
    assert_eq!(told, [words("staff.found.nobody")]);
    assert_eq!(searches(&stack), 1);
}

#[test]
fn ten_are_shown_with_who_is_closed_and_it_is_told_when_there_may_be_others() {
    let stack = Stack::start();
    let numbers: Vec<_> = (0..11).map(|n| format!("WS-60{n:02}")).collect();
    let alike: Vec<_> = (numbers.iter())
        .map(|number| Person {
            mrn: number.clone().leak(),
            ..LUZ
        })
        .collect();
    stack.import(&alike[..10]);
    let closed = alike[0]
        .fhir()
        .replace(r#""active":true"#, r#""active":false"#);
    stack.import_lines(closed);
    let mut browser = at_desk(&stack);
    let born = ["10", "14", "1947"];
    search(&mut browser, LUZ.family, born);
    let page = browser.page();
    assert_eq!(page.texts(".fd-found").len(), 10);
    let shown = page.texts(".fd-found dd");
    let is_closed = |it: &&String| *it == words("staff.found.closed");
    assert_eq!(shown.iter().filter(is_closed).count(), 1);
    let lead = words("staff.found.lead");
    assert_eq!(page.texts(".fd-lead"), [lead]);
    stack.import(&alike[10..]);
    let unlisted = stack.tamper("UPDATE patients SET is_listed = FALSE");
    assert!(unlisted.is_ok(), "{unlisted:?}");
    search(&mut browser, LUZ.family, born);
    let page = browser.page();
    assert_eq!(page.texts(".fd-found").len(), 10);
    let told = [
        "staff.found.lead",
        "staff.found.more",
        "staff.found.incomplete",
    ]
    .map(words);
    assert_eq!(page.texts(".fd-lead"), told);
}

/// Searching takes from what looking takes from: whoever tries names comes to an end, too.
#[test]
fn a_search_is_a_look_up_and_a_staff_user_has_so_many() {
    let stack = Stack::start();
    let mut browser = at_desk(&stack);
    for _ in 0..59 {
        search(&mut browser, "Somebody Else", ["1", "2", "1933"]);
        assert_eq!(browser.page().status, 200);
    }
    browser.goto(paths::STAFF);
    browser.fill("number", "WS-9999");
    browser.press("find");
    browser.expect_problem(words("staff.problem.no-patient"));
    search(&mut browser, ROSA.family, ROSA_BORN);
    assert_eq!(browser.page().status, 429);
    assert!(!browser.page().html().contains(ROSA.mrn));
    assert_eq!(
        (searches(&stack), lines(&stack, "lookups-over-budget")),
        (59, 1)
    );
}
