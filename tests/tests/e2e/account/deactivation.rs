//! The end of an account, and what everybody is answered from then on.

use std::thread;

use frontdesk_tests::people::ROSA;
use frontdesk_tests::walk::NEW_PASSWORD;
use frontdesk_tests::{Cookies, Flow, PUBLIC, Person, Plain, Reply, Stack, Visitor, words};
use jiff::SignedDuration;
use protocol::{FlowKind, Locale, paths};
use serde_json::{Value, json};

use super::{at_code, password, session};
use crate::json::assert_same;
use crate::sign_in::{is_signed_in, press};

fn username(username: &str) -> Value {
    json!({"username": username})
}

#[track_caller]
fn at_confirm(stack: &Stack, session: &str) -> Flow {
    let flow = Flow::begin_as(&stack.client, "deactivation", session);
    flow.answer("password", &password()).at("confirm");
    flow
}

/// The patient has enrolled and ended the account; the messages about it have come.
fn closed() -> Stack {
    let stack = Stack::start();
    stack.enrolled(&ROSA);
    at_confirm(&stack, &session(&stack))
        .answer("confirm", &username(ROSA.username))
        .at("done");
    stack.settle();
    stack.mail.mark_read();
    stack
}

fn accounts(stack: &Stack, which: &str) -> i64 {
    stack.number(&format!("SELECT count(*) FROM accounts WHERE {which}"))
}

#[test]
fn an_account_ends_for_whoever_types_its_password_and_its_username() {
    let stack = Stack::start();
    stack.enrolled(&ROSA);
    let (own, other) = (session(&stack), session(&stack));
    let flow = at_confirm(&stack, &own);
    let told = flow.answer("confirm", &username("Nora.Heron"));
    told.problem(422, "invalid-answers");
    assert_eq!(told.json()["fields"]["username"], "wrong-username");
    assert!(is_signed_in(&stack, &other) && accounts(&stack, "deactivated_at IS NULL") == 1);
    let done = flow.answer("confirm", &username("ROSA.heron"));
    assert_eq!(done.at("done")["step"].get("username"), None);
    let mut set = done.all_headers("set-cookie");
    assert!(set.any(|it| it.starts_with("session=; ") && it.contains("Max-Age=0")));
    for ended in [&own, &other] {
        assert!(!is_signed_in(&stack, ended));
    }

    let by_email = stack.mail.saying("email", ROSA.email, "was closed");
    let by_text = stack.mail.saying("text", ROSA.phone, "was closed");
    assert!(by_email.text.contains("Hello Rosa,"), "{}", by_email.text);
    for notice in [&by_email.text, &by_email.html, &by_text.text] {
        assert!(!notice.contains(ROSA.username) && !notice.contains(ROSA.family));
    }
    let line = "SELECT count(*) FROM audit WHERE event = 'account-deactivated'
         AND subject = (SELECT id FROM accounts)";
    assert_eq!(stack.number(line), 1);
    let gone = "sealed IS NULL AND email_key IS NULL AND password IS NULL";
    assert_eq!(accounts(&stack, gone), 1, "nothing of the owner is kept");
}

#[test]
fn from_then_on_all_is_answered_as_for_a_username_that_nobody_has() {
    let stack = closed();
    let before = stack.mail.all().len();
    // As long as the real one, so that no length tells them apart.
    let nobody = "Nora.Heron";
    let both = |what: &str, flows: &[Flow; 2], ask: &dyn Fn(&Flow, &str) -> Reply| {
        let [was, never] = flows;
        assert_same(what, &ask(was, ROSA.username), &ask(never, nobody));
    };
    let reset = ["password-reset"; 2].map(|kind| stack.begin(kind));
    both("naming it", &reset, &|flow, name| {
        flow.answer("identify", &username(name))
    });
    both("a code by email", &reset, &|flow, _| {
        flow.answer("method", &json!({"channel": "email"}))
    });
    for _ in 0..6 {
        both("a wrong code", &reset, &|flow, _| {
            flow.answer("code", &json!({"code": "000000"}))
        });
    }
    both("where it stands", &reset, &|flow, _| flow.view());

    let sign_in = ["sign-in"; 2].map(|kind| stack.begin(kind));
    for _ in 0..6 {
        both("the password of before", &sign_in, &|flow, name| {
            let typed = json!({"username": name, "password": ROSA.password});
            flow.answer("sign-in", &typed)
        });
    }
    both("a code to sign in", &sign_in, &|flow, _| {
        flow.answer("code", &json!({"code": "000000"}))
    });
    both("another one", &sign_in, &|flow, _| flow.resend(None));

    let recovery = ["username-recovery"; 2].map(|kind| stack.begin(kind));
    both("the details", &recovery, &|flow, name| {
        let given = if name == nobody { "Nora" } else { ROSA.given };
        let typed = Person { given, ..ROSA };
        flow.answer("personal-info", &typed.personal_info())
    });
    stack.settle();
    assert_eq!(stack.mail.all().len(), before, "nothing leaves");
    let whose = "SELECT count(*) FROM audit WHERE event IN ('sign-in-guessed', 'codes-wait')
         AND subject IN (SELECT id FROM accounts)";
    assert_eq!(stack.number(whose), 0, "guesses are at nobody's");
}

#[test]
fn what_was_begun_before_ends_or_leads_nowhere() {
    let stack = Stack::start();
    stack.enrolled(&ROSA);
    let own = session(&stack);
    stack
        .begin("username-recovery")
        .answer("personal-info", &ROSA.personal_info())
        .at("check-email");
    let link = stack.mail.link(ROSA.email);
    let link = link.strip_prefix(PUBLIC).expect("our own address");
    stack.client.get(link).expect(200);
    let waiting = stack.at_reset_code(ROSA.username, "email");
    let code = stack.mail.code("email", ROSA.email);
    let proven = stack.at_new_password(&ROSA);
    let (phone, sent) = at_code(&stack, &own, "text");
    at_confirm(&stack, &own)
        .answer("confirm", &username(ROSA.username))
        .at("done");
    waiting
        .answer("code", &json!({"code": code}))
        .problem(422, "invalid-answers");
    proven
        .answer("new-password", &json!({"password": NEW_PASSWORD}))
        .problem(410, "flow-expired");
    phone
        .answer("code", &json!({"code": sent}))
        .problem(403, "sign-in-first");
    stack.client.get(link).expect(410);
    assert_eq!(accounts(&stack, "password IS NOT NULL"), 0);
}

/// Whichever ends the session or the password in the middle, the account stays.
#[test]
fn an_account_stays_where_its_session_or_its_password_ends_meanwhile() {
    let stack = Stack::start();
    stack.enrolled(&ROSA);
    let signs_out = |own: &str| {
        press(&stack, own, "sign-out").expect(303);
    };
    let resets = |_: &str| {
        stack
            .at_new_password(&ROSA)
            .answer("new-password", &json!({"password": NEW_PASSWORD}))
            .at("done");
    };
    let ends: [&dyn Fn(&str); 2] = [&signs_out, &resets];
    for end in ends {
        let own = session(&stack);
        let flow = at_confirm(&stack, &own);
        end(&own);
        flow.answer("confirm", &username(ROSA.username))
            .problem(403, "sign-in-first");
    }
    assert_eq!(accounts(&stack, "deactivated_at IS NULL"), 1);
    stack.sign_in(ROSA.username, NEW_PASSWORD).at("done");
}

#[test]
fn of_two_forms_that_close_an_account_the_first_does() {
    let stack = Stack::start();
    stack.enrolled(&ROSA);
    let own = session(&stack);
    let (one, two) = (at_confirm(&stack, &own), at_confirm(&stack, &own));
    one.answer("confirm", &username(ROSA.username)).at("done");
    two.answer("confirm", &username(ROSA.username))
        .problem(403, "sign-in-first");
    stack.settle();
    let told = stack.mail.to(ROSA.phone);
    let told = told.iter().filter(|it| it.text.contains("was closed"));
    assert_eq!(told.count(), 1);
}

/// A clinic must be able to take somebody in again: whoever has closed an account by mistake,
/// or did not close it at all, has no other way back.
#[test]
fn the_same_patient_is_invited_again_and_enrolls_under_another_username() {
    let stack = closed();
    let flow = stack.enrolling(&ROSA);
    let taken = flow.answer("credentials", &ROSA.credentials());
    taken.problem(422, "invalid-answers");
    assert_eq!(taken.json()["fields"]["username"], "username-taken");
    let again = Person {
        username: "Rosa.Again",
        ..ROSA
    };
    flow.answer("credentials", &again.credentials()).at("done");
    stack.sign_in(again.username, again.password).at("done");
    stack
        .sign_in(ROSA.username, ROSA.password)
        .problem(422, "wrong-sign-in");
    assert_eq!(accounts(&stack, "deactivated_at IS NULL"), 1);
    assert!(stack.try_invite(&ROSA).is_err(), "she is enrolled");
}

fn form() -> String {
    paths::plain(FlowKind::Deactivation, Locale::En)
}

fn at_confirm_by_form(plain: &mut Plain) {
    plain.goto(&form());
    plain.expect_step("password");
    plain.fill("password", ROSA.password);
    plain.press("continue");
    plain.expect_step("confirm");
}

#[test]
fn an_account_is_closed_from_its_page_without_scripts() {
    let stack = Stack::start();
    stack.enrolled(&ROSA);
    let mut plain = super::plain::signed_in(&stack);
    let link = plain.page().attribute(".fd-apart a", "href");
    assert_eq!(link, Some(form()));
    at_confirm_by_form(&mut plain);
    let page = plain.page();
    let asked = page.html();
    for key in ["lead", "record", "again"] {
        assert!(
            asked.contains(words(&format!("step.confirm.{key}"))),
            "{key}"
        );
    }
    let way_out = plain.page().attribute("a.fd-button", "href");
    assert_eq!(way_out.as_deref(), Some(paths::ACCOUNT));
    plain.fill("username", "Nora.Heron");
    plain.press("continue");
    plain.expect_problem(words("problem.wrong-username"));
    plain.fill("username", ROSA.username);
    plain.press("continue");
    plain.expect_title(words("step.done.title.deactivation"));
    for cookie in ["session", "flow-deactivation"] {
        assert!(!plain.cookies().contains_key(cookie), "{cookie} is kept");
    }
    plain.goto(&form());
    plain.expect_title(words("sign-in-first.title"));
    plain.goto(paths::ACCOUNT);
    plain.expect_step("sign-in");
}

/// An answer may be lost on its way, and a button pressed twice.
#[test]
fn whoever_sends_the_last_answer_once_more_is_told_that_it_is_done() {
    let stack = Stack::start();
    stack.enrolled(&ROSA);
    let flow = at_confirm(&stack, &session(&stack));
    let typed = username(ROSA.username);
    flow.answer("confirm", &typed).at("done");
    let alone = Flow::with_token(&stack.client, &flow.token);
    for flow in [&flow, &alone] {
        let again = flow.answer("confirm", &typed);
        again.problem(409, "wrong-step");
        assert_eq!(again.json()["view"]["step"]["name"], "done");
        flow.view().at("done");
    }
    stack.settle();
    let told = stack.mail.to(ROSA.phone);
    let told = told.iter().filter(|it| it.text.contains("was closed"));
    assert_eq!(told.count(), 1);
    stack.advance(SignedDuration::from_hours(1));
    alone.view().problem(403, "sign-in-first");
}

/// Whichever comes second finds no session, and yet is told how the flow stands.
#[test]
fn of_two_last_answers_at_once_one_is_told_that_the_other_was_faster() {
    let stack = Stack::start();
    stack.enrolled(&ROSA);
    let flow = at_confirm(&stack, &session(&stack));
    let answer = || flow.answer("confirm", &username(ROSA.username)).status;
    let mut told = thread::scope(|scope| {
        let both = [scope.spawn(answer), scope.spawn(answer)];
        both.map(|it| it.join().expect("an answer"))
    });
    told.sort_unstable();
    assert_eq!(told, [200, 409]);
}

#[test]
fn a_form_that_closes_an_account_can_be_sent_twice() {
    let stack = Stack::start();
    stack.enrolled(&ROSA);
    let mut one = super::plain::signed_in(&stack);
    at_confirm_by_form(&mut one);
    let mut two = one.tab();
    two.goto(&form());
    two.expect_step("confirm");
    for tab in [&mut one, &mut two] {
        tab.fill("username", ROSA.username);
    }
    let held = one.cookies().clone();
    for tab in [&mut one, &mut two] {
        tab.press("continue");
        assert_eq!(tab.page().status, 200);
        tab.expect_title(words("step.done.title.deactivation"));
    }
    // As if the first answer had never come.
    two.cookies().extend(held);
    two.goto(&form());
    two.expect_title(words("step.done.title.deactivation"));
}

#[test]
fn without_cookies_no_account_is_closed() {
    let stack = Stack::start();
    stack.enrolled(&ROSA);
    let mut plain = Plain::open(&stack, &form(), Cookies::Refused);
    plain.expect_title(words("sign-in-first.title"));
}
