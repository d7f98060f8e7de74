//! Who acts for a patient: noted at the desk, asked before anybody is invited, told in the
//! invitation.

mod ends;

use frontdesk_tests::people::{LUZ, ROSA};
use frontdesk_tests::{Flow, Message, Person, Plain, Settings, Stack, Visitor, words, words_in};
use protocol::{Locale, messages};
use serde_json::json;
use verify_api::app::DeskError;
use verify_api::staff::Role;

use super::desk::{back, checked, find, invite_anyway};
use super::{DANA, Member, lines};

/// Eleven years old; what is on file is a parent's.
const LEO: Person = Person {
    mrn: "WS-2031",
    given: "Leo",
    family: "Marchetti-Dunn",
    born: "2015-04-02",
    zip: "04106",
    phone: "+12075550136",
    email: "marchetti.home@example.org",
    username: "leo.paperboat",
    password: "thirty paper boats in spring",
    speaks: Locale::En,
};

/// Seventeen years old until tomorrow.
const NOOR: Person = Person {
    mrn: "WS-2032",
    given: "Noor",
    family: "Haddad-Lind",
    born: "2008-11-26",
    username: "noor.compass",
    password: "two compasses point to rain",
    ..LEO
};

fn at_desk(stack: &Stack) -> Member {
    stack.import(&[LEO, NOOR]);
    Member::new(stack, DANA, Role::FrontDesk).signed_in(stack)
}

/// A text about the age from which on patients act for themselves.
fn of_age(key: &str, age: &str) -> String {
    messages::catalog(Locale::En).fill(key, &[("age", age)])
}

/// Notes somebody, in a visit in which documents were seen.
#[track_caller]
fn note(browser: &mut Plain, relationship: &str, authority: &str) {
    browser.choose("relationship", relationship);
    browser.choose(&format!("authority-{authority}"), "yes");
    browser.press("note-proxy");
    browser.expect_notice(words("staff.notice.proxy-noted"));
}

#[track_caller]
fn tells(browser: &mut Plain, text: &str) {
    let leads = browser.page().texts(".fd-lead");
    assert!(leads.iter().any(|lead| lead == text), "{text}: {leads:?}");
}

/// Presses the button that invites; the code, and what stands around it on paper.
#[track_caller]
fn printed(browser: &mut Plain, speaks: Locale) -> (String, String) {
    browser.press("invite");
    let page = browser.page();
    let paper = page.text(&format!(".fd-flow [lang={}]", speaks.as_str()));
    let code = page.text("#fd-invitation");
    assert!(paper.contains(&code), "{paper}");
    back(browser);
    (code, paper)
}

/// What a group of choices lacks is told beside it, and the summary leads to its first box.
#[track_caller]
fn expect_wrong(browser: &mut Plain, group: &str, first: &str, problem: &str) {
    browser.expect_problem(words(problem));
    let page = browser.page();
    let wrong = "fieldset.fd-field--error";
    let error = format!("{group}-error");
    let described = page.attribute(wrong, "aria-describedby");
    assert_eq!(described.as_deref(), Some(error.as_str()));
    let told = page.text(&format!("{wrong} #{error}"));
    assert!(told.ends_with(words(problem)), "{told}");
    let link = page.attribute(".fd-flow li a", "href");
    assert_eq!(link, Some(format!("#{first}")));
    let box_id = page.attribute(&format!("{wrong} input"), "id");
    assert_eq!(box_id.as_deref(), Some(first));
}

/// Enrolls by a code that was printed.
#[track_caller]
fn enroll(stack: &Stack, person: &Person, invitation: &str) {
    let flow = at_credentials(stack, person, invitation);
    flow.answer("credentials", &person.credentials()).at("done");
}

/// Goes by a code that was printed to the last question; no email was proven by it.
#[track_caller]
fn at_credentials(stack: &Stack, person: &Person, invitation: &str) -> Flow {
    let flow = stack.begin("enrollment");
    flow.answer("invitation", &json!({"invitation": invitation}))
        .at("identity");
    // The questions are about the patient.
    flow.answer("identity", &person.identity()).at("phone");
    let phone = json!({"phone": person.phone, "channel": "text"});
    flow.answer("phone", &phone).at("code");
    let code = stack.mail.code("text", person.phone);
    flow.answer("code", &json!({"code": code})).at("contact");
    flow.answer("contact", &json!({"email": person.email}))
        .at("code");
    let code = stack.mail.code("email", person.email);
    flow.answer("code", &json!({"code": code}))
        .at("credentials");
    flow
}

/// The newest email to an address.
#[track_caller]
fn letter(stack: &Stack, address: &str) -> Message {
    stack.settle();
    stack.mail.to(address).pop().expect("a letter")
}

#[test]
fn nobody_under_age_is_invited_until_it_is_noted_who_acts_for_them() {
    let stack = Stack::start();
    let mut dana = at_desk(&stack);
    let browser = &mut dana.browser;
    let refused = stack.try_invite(&LEO).map(|_| ());
    assert!(
        matches!(refused, Err(DeskError::UnderAge(18))),
        "{refused:?}"
    );
    checked(browser, &LEO);
    let nobody = of_age("staff.proxy.is.nobody", "18");
    tells(browser, &nobody);
    assert_eq!(browser.page().buttons(), [words("staff.proxy.note")]);
    // The button is not there, and pressing it does nothing.
    invite_anyway(browser);
    assert_eq!(browser.page().status, 409);
    assert_eq!(stack.number("SELECT count(*) FROM invitations"), 0);

    browser.press("note-proxy");
    expect_wrong(
        browser,
        "relationship",
        "relationship-parent",
        "staff.problem.no-relationship",
    );
    browser.choose("relationship", "guardian");
    browser.choose("authority-birth-certificate", "yes");
    browser.press("note-proxy");
    expect_wrong(
        browser,
        "authority",
        "authority-birth-certificate",
        "staff.problem.no-authority",
    );
    let page = browser.page();
    assert_eq!(page.value("relationship"), "guardian", "it is kept");
    let ticked = page.attribute("#authority-birth-certificate", "checked");
    assert!(ticked.is_some(), "so is what was seen");
    assert_eq!(lines(&stack, "proxy-noted"), 0);
    note(browser, "guardian", "court-order");
    tells(browser, words("staff.proxy.is.proxy"));
    let seen = browser.page().texts(".fd-flow li");
    assert!(seen.contains(&words("staff.authority.court-order").to_owned()));
    assert!(!seen.contains(&words("staff.authority.birth-certificate").to_owned()));
    let by_staff = "proxy-noted' AND actor IN (SELECT id FROM staff_credentials)
        AND event = 'proxy-noted";
    assert_eq!(lines(&stack, by_staff), 1);
    let told = stack.stored();
    let is_told = told
        .iter()
        .any(|(_, bytes)| bytes.windows(8).any(|part| part == b"guardian"));
    assert!(!is_told, "what somebody is to a patient is sealed");
}

#[test]
fn an_invitation_for_a_child_says_for_whom_it_is_and_whose_name_to_type() {
    let stack = Stack::start();
    let mut dana = at_desk(&stack);
    let browser = &mut dana.browser;
    checked(browser, &LEO);
    for offered in [
        "#relationship-health-care-power",
        "#relationship-named",
        "#authority-power-of-attorney",
        "#authority-signed-authorization",
    ] {
        let is_offered = browser.page().attribute(offered, "id").is_some();
        assert!(!is_offered, "{offered}");
    }
    note(browser, "parent", "birth-certificate");
    let (code, paper) = printed(browser, Locale::En);
    for said in ["whoever acts for Leo", "type those of Leo, not your own"] {
        assert!(paper.contains(said), "{paper}");
    }
    for fact in [LEO.family, LEO.born, LEO.zip, "2015"] {
        assert!(!paper.contains(fact), "{fact} in {paper}");
    }
    enroll(&stack, &LEO, &code);
    stack.sign_in(LEO.username, LEO.password).at("done");
    let again = stack.try_invite(&LEO).map(|_| ());
    assert!(
        matches!(again, Err(DeskError::AlreadyEnrolled)),
        "{again:?}"
    );
}

/// The address on file may be of a parent who has no say any more.
#[test]
fn an_invitation_for_whoever_acts_is_printed_and_not_mailed() {
    let stack = Stack::start();
    let mut dana = at_desk(&stack);
    let browser = &mut dana.browser;
    checked(browser, &LEO);
    note(browser, "parent", "birth-certificate");
    browser.press("invite");
    let told = browser.page().texts("p.do");
    let unmailed = words("staff.invitation.proxy.unmailed").to_owned();
    assert!(told.contains(&unmailed), "{told:?}");
    let mailed = words("staff.invitation.mailed").to_owned();
    assert!(!told.contains(&mailed), "{told:?}");
    let invited = stack.try_invite(&LEO).expect("a parent acts for him");
    assert!(invited.is_for_proxy && !invited.by_email);
    stack.settle();
    assert!(stack.mail.to(LEO.email).is_empty());
}

#[test]
fn whose_documents_count_is_said_before_anything_is_noted() {
    let stack = Stack::start();
    let browser = &mut at_desk(&stack).browser;
    find(browser, LEO.mrn);
    tells(browser, words("staff.check.lead.proxy"));
    let legend = words("staff.check.legend.proxy").to_owned();
    assert_eq!(browser.page().texts("legend"), [legend]);
    browser.press("check");
    expect_wrong(
        browser,
        "document",
        "document-state-id",
        "staff.problem.no-document",
    );
    browser.choose("document-insurance-card", "yes");
    browser.press("check");
    expect_wrong(
        browser,
        "document",
        "document-state-id",
        "staff.problem.no-photo",
    );
    find(browser, ROSA.mrn);
    tells(browser, words("staff.check.lead"));
    checked(browser, &ROSA);
    note(browser, "named", "signed-authorization");
    find(browser, ROSA.mrn);
    tells(browser, words("staff.check.lead.proxy"));
}

#[test]
fn of_two_who_note_somebody_at_once_the_second_is_told() {
    let stack = Stack::start();
    let mut one = at_desk(&stack).browser;
    let mut two = Member::new(&stack, "other@example.org", Role::Manager)
        .signed_in(&stack)
        .browser;
    checked(&mut one, &LEO);
    checked(&mut two, &LEO);
    note(&mut one, "parent", "birth-certificate");
    two.choose("relationship", "guardian");
    two.choose("authority-court-order", "yes");
    two.press("note-proxy");
    two.expect_problem(words("staff.problem.overtaken"));
    tells(&mut two, words("staff.proxy.is.proxy"));
    assert_eq!(lines(&stack, "proxy-noted"), 1);
}

#[test]
fn a_grown_patient_may_have_somebody_who_acts_for_them() {
    let stack = Stack::start();
    stack.import(&[LUZ]);
    let mut dana = at_desk(&stack);
    let browser = &mut dana.browser;
    checked(browser, &ROSA);
    tells(browser, words("staff.proxy.is.patient"));
    let is_parent_offered = browser.page().attribute("#relationship-parent", "id");
    assert!(is_parent_offered.is_none(), "nobody's parent has a say");
    note(browser, "health-care-power", "power-of-attorney");
    let (_, paper) = printed(browser, Locale::En);
    assert!(paper.contains("whoever acts for Rosa"), "{paper}");
    // In the language of the record.
    checked(browser, &LUZ);
    note(browser, "named", "signed-authorization");
    let (_, paper) = printed(browser, Locale::Es);
    let lead = words_in(Locale::Es, "staff.invitation.proxy.lead");
    assert!(
        paper.contains(&lead.replace("{name}", LUZ.given)),
        "{paper}"
    );
}

#[test]
fn from_which_age_on_patients_act_for_themselves_can_be_set() {
    let stack = Stack::with(&Settings::default().key("desk.age_of_consent", "14"));
    let mut dana = at_desk(&stack);
    stack.try_invite(&NOOR).expect("she acts for herself");
    checked(&mut dana.browser, &LEO);
    let nobody = of_age("staff.proxy.is.nobody", "14");
    tells(&mut dana.browser, &nobody);
}
