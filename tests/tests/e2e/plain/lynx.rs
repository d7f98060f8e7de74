//! Each flow in Lynx, from its first step to its last: a screen of letters, the
//! Tab key, and nothing else.

use frontdesk_tests::people::ROSA;
use frontdesk_tests::walk::NEW_PASSWORD;
use frontdesk_tests::{Cookies, Lynx, PUBLIC, Stack, words};

const RESET: &str = "/flows/password-reset";

/// What a link of a message is to the server of the test.
#[track_caller]
fn path(link: &str) -> &str {
    link.strip_prefix(PUBLIC).expect("our own link")
}

fn go_on(lynx: &mut Lynx) {
    lynx.press(words("action.continue"));
}

/// Says who Rosa is; the last question is the step's own.
fn say_who(lynx: &mut Lynx, last: (&str, &str)) {
    lynx.fill(words("field.given_name"), ROSA.given);
    lynx.fill(words("field.family_name"), ROSA.family);
    let [month, day, year] = ROSA.born_in_boxes();
    lynx.fill(words("field.birth_date.month"), month);
    lynx.fill(words("field.birth_date.day"), day);
    lynx.fill(words("field.birth_date.year"), year);
    lynx.fill(words(last.0), last.1);
}

fn enrolls(cookies: Cookies) {
    let stack = Stack::with_site();
    let invitation = stack.invite(&ROSA);
    let link = stack.mail.link(ROSA.email);
    let mut lynx = Lynx::open(&stack, path(&link), cookies);
    lynx.expect(words("step.invitation.title"));
    assert_eq!(lynx.value(words("field.invitation")), invitation);
    go_on(&mut lynx);
    lynx.expect(words("step.identity.title"));
    say_who(&mut lynx, ("field.postal_code", ROSA.zip));
    go_on(&mut lynx);
    lynx.expect(words("step.phone.title"));
    lynx.fill(words("field.phone"), ROSA.phone);
    lynx.choose(words("field.channel.text"));
    go_on(&mut lynx);
    lynx.expect(words("step.code.title.text"));
    lynx.fill(words("field.code"), &stack.mail.code("text", ROSA.phone));
    go_on(&mut lynx);
    lynx.expect(words("step.contact.title"));
    assert_eq!(lynx.value(words("field.email")), ROSA.email);
    go_on(&mut lynx);
    lynx.expect(words("step.credentials.title"));
    lynx.fill(words("field.username"), ROSA.username);
    lynx.fill(words("field.password"), ROSA.password);
    assert!(!lynx.text().contains(ROSA.password), "it is hidden");
    go_on(&mut lynx);
    lynx.expect(words("step.done.title.enrollment"));
    lynx.expect(ROSA.username);
    assert!(stack.opens(&ROSA, ROSA.password));
}

#[test]
fn a_patient_enrolls_in_lynx() {
    enrolls(Cookies::Kept);
}

#[test]
fn a_patient_enrolls_in_lynx_without_cookies() {
    enrolls(Cookies::Refused);
}

fn recovers_a_username(cookies: Cookies) {
    let stack = Stack::with_site();
    stack.enrolled(&ROSA);
    // From the page that every answer leads to.
    let mut lynx = Lynx::open(&stack, "/recover-username/", cookies);
    lynx.press("Start to recover your username");
    lynx.expect(words("step.personal-info.title"));
    say_who(&mut lynx, ("field.email", ROSA.email));
    go_on(&mut lynx);
    lynx.expect(words("step.check-email.title"));
    let link = stack.mail.link(ROSA.email);
    lynx.goto(&stack, path(&link));
    lynx.expect(words("reveal.title"));
    assert!(
        !lynx.text().contains(ROSA.username),
        "it is shown after a press"
    );
    lynx.press(words("reveal.action"));
    lynx.expect(words("reveal.shown.title"));
    lynx.expect(ROSA.username);
}

#[test]
fn a_username_is_recovered_in_lynx() {
    recovers_a_username(Cookies::Kept);
}

#[test]
fn a_username_is_recovered_in_lynx_without_cookies() {
    recovers_a_username(Cookies::Refused);
}

/// Resets the password; then opens the flow's address once more.
fn resets_a_password(cookies: Cookies) -> Lynx {
    let stack = Stack::with_site();
    stack.enrolled(&ROSA);
    let mut lynx = Lynx::open(&stack, RESET, cookies);
    lynx.fill(words("field.username"), ROSA.username);
    go_on(&mut lynx);
    lynx.expect(words("step.method.title"));
    lynx.choose(words("field.channel.email"));
    go_on(&mut lynx);
    lynx.expect(words("step.code.title.email"));
    for button in ["action.back", "action.resend", "action.resend-call"] {
        let button = words(button);
        let screen = lynx.screen();
        assert!(screen.lines().any(|line| line.trim() == button), "{screen}");
    }
    lynx.fill(words("field.code"), &stack.mail.code("email", ROSA.email));
    go_on(&mut lynx);
    lynx.expect(words("step.new-password.title"));
    lynx.fill(words("field.password"), NEW_PASSWORD);
    go_on(&mut lynx);
    lynx.expect(words("step.done.title.password-reset"));
    assert!(stack.opens(&ROSA, NEW_PASSWORD));
    // Lynx shows a page again that it has; it has none of this address.
    lynx.goto(&stack, &format!("{RESET}?again"));
    lynx
}

#[test]
fn a_password_is_reset_in_lynx() {
    let lynx = resets_a_password(Cookies::Kept);
    lynx.expect(words("step.done.title.password-reset"));
}

/// The token in the form was enough; a page load knows of no flow.
#[test]
fn a_password_is_reset_in_lynx_without_cookies() {
    let lynx = resets_a_password(Cookies::Refused);
    lynx.expect(words("step.identify.title"));
}

#[test]
fn a_mistake_in_lynx_is_told_beside_its_box_and_the_rest_is_kept() {
    for cookies in [Cookies::Kept, Cookies::Refused] {
        let stack = Stack::with_site();
        stack.invite(&ROSA);
        let link = stack.mail.link(ROSA.email);
        let mut lynx = Lynx::open(&stack, path(&link), cookies);
        go_on(&mut lynx);
        say_who(&mut lynx, ("field.postal_code", "0410"));
        lynx.fill(words("field.birth_date.month"), "13");
        go_on(&mut lynx);
        lynx.expect(words("errors.title"));
        let told = |problem| format!("{} {}", words("error.prefix"), words(problem));
        let (date, zip) = (
            told("problem.invalid-date"),
            told("problem.invalid-postal-code"),
        );
        for (label, problem, value) in [
            ("field.given_name", None, ROSA.given),
            ("field.family_name", None, ROSA.family),
            ("field.birth_date.month", None, "13"),
            ("field.birth_date.day", None, ROSA.born_in_boxes()[1]),
            ("field.postal_code", Some(&zip), "0410"),
        ] {
            let beside = lynx.beside(words(label));
            assert_eq!(
                problem.is_some(),
                beside.contains("Error"),
                "{label}: {beside}"
            );
            assert!(problem.is_none_or(|it| beside.ends_with(it)), "{beside}");
            assert_eq!(lynx.value(words(label)), value, "{label}");
        }
        lynx.expect(&date);
        lynx.fill(words("field.birth_date.month"), ROSA.born_in_boxes()[0]);
        lynx.fill(words("field.postal_code"), ROSA.zip);
        go_on(&mut lynx);
        lynx.expect(words("step.phone.title"));
    }
}
