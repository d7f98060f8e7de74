//! A patient's providers on the page of the account, in a browser without scripts.

use frontdesk_tests::people::{ROSA, SEAN};
use frontdesk_tests::{Cookies, Flow, Plain, Reply, Request, Stack, Visitor, words, words_in};
use jiff::SignedDuration;
use protocol::{Locale, messages, paths};
use serde_json::json;

use super::{Practice, QUILL, in_state};
use crate::sign_in;
use crate::staff::lines;

const ACCEPTED: &str = "account.providers.told.accepted";
const OVERTAKEN: &str = "account.providers.told.overtaken";

fn signed_in(stack: &Stack, locale: Locale) -> Plain {
    let page = paths::in_language(locale, paths::ACCOUNT);
    let mut plain = Plain::open(stack, &page, Cookies::Kept);
    plain.fill("username", ROSA.username);
    plain.fill("password", ROSA.password);
    plain.press("continue");
    plain.expect_title(words_in(locale, "account.title"));
    plain.goto(&page);
    plain
}

/// The rows of the tables: each feature, and what is said of it.
fn rows(plain: &mut Plain) -> Vec<(String, String)> {
    let page = plain.page();
    let features = page.texts("tbody th[scope=row]");
    features.into_iter().zip(page.texts("tbody td")).collect()
}

fn row(feature: &str, used: &str) -> (String, String) {
    let feature = format!("account.feature.{feature}");
    let used = format!("account.providers.{used}");
    (words(&feature).to_owned(), words(&used).to_owned())
}

/// Follows the link that asks whether the connection shall end.
fn ask_to_disconnect(plain: &mut Plain) {
    let link = plain.page().attribute("a[href*=disconnect]", "href");
    let link = link.expect("a way to end the connection");
    let page = link.split('#').next().unwrap_or_default();
    plain.goto(page);
}

#[test]
fn a_patient_accepts_sees_what_the_provider_uses_and_disconnects() {
    let stack = Stack::start();
    stack.enrolled(&ROSA);
    let practice = Practice::new(&stack, QUILL, "messages,test-results");
    let mut plain = signed_in(&stack, Locale::En);
    let none = words("account.providers.none");
    assert!(plain.page().html().contains(none));
    let add = format!("href=\"{}\"", paths::ADD_A_PROVIDER);
    assert!(plain.page().html().contains(&add));

    practice.invites(ROSA.mrn);
    plain.reload();
    assert!(plain.page().text("h3").contains(QUILL));
    assert_eq!(rows(&mut plain), [], "before they are connected");
    plain.press("accept");
    plain.expect_notice(words(ACCEPTED));
    assert_eq!(
        rows(&mut plain),
        [
            row("messages", "yes"),
            row("appointments", "no"),
            row("medication-requests", "no"),
            row("billing", "no"),
            row("visit-summaries", "no"),
            row("test-results", "yes"),
        ]
    );
    assert!(plain.page().text("caption").contains(QUILL));
    let why = words("account.providers.missing");
    assert!(plain.page().html().contains(why));
    let more = format!("href=\"{}\"", paths::PROVIDER_MISSING);
    assert!(plain.page().html().contains(&more));
    stack.set_features(practice.id, "appointments");
    plain.reload();
    assert_eq!(
        rows(&mut plain)[..2],
        [row("messages", "no"), row("appointments", "yes")]
    );

    // Connected already: inviting again is nothing new.
    practice.invites(ROSA.mrn);
    plain.goto(paths::ACCOUNT);
    ask_to_disconnect(&mut plain);
    assert_eq!(in_state(&stack, "accepted"), 1, "a look changes nothing");
    plain.press("disconnect");
    plain.expect_notice(words("account.providers.told.disconnected"));
    assert!(plain.page().html().contains(none));
    assert_eq!(in_state(&stack, "ended"), 1);
    stack.advance(SignedDuration::from_secs(1));
    practice.invites(ROSA.mrn);
    plain.goto(paths::ACCOUNT);
    plain.press("decline");
    plain.expect_notice(words("account.providers.told.declined"));
    assert!(plain.page().html().contains(none));
    for event in ["accepted", "ended", "declined"] {
        assert_eq!(lines(&stack, &format!("connection-{event}")), 1, "{event}");
    }
}

/// Somebody may have found a phone unlocked. Which provider it is may tell what somebody is
/// treated for.
#[test]
fn the_owner_is_told_when_who_is_connected_changes_and_not_whom() {
    let stack = Stack::start();
    stack.enrolled(&ROSA);
    let letters = || {
        stack.settle();
        let mut letters = stack.mail.to(ROSA.email);
        letters.retain(|it| it.subject == "Your providers in the portal changed");
        letters
    };
    let mut plain = signed_in(&stack, Locale::En);
    let practice = Practice::new(&stack, QUILL, "messages");
    practice.invites(ROSA.mrn);
    plain.goto(paths::ACCOUNT);
    plain.press("decline");
    assert_eq!(letters().len(), 0, "nothing has changed");
    stack.advance(SignedDuration::from_secs(1));
    practice.invites(ROSA.mrn);
    plain.goto(paths::ACCOUNT);
    plain.press("accept");
    assert_eq!(letters().len(), 1);
    ask_to_disconnect(&mut plain);
    plain.press("disconnect");
    let letters = letters();
    assert_eq!(letters.len(), 2);
    for letter in letters {
        assert!(letter.text.starts_with("Hello Rosa,"), "{}", letter.text);
        for part in [&letter.text, &letter.html] {
            for told in ["Quill", "ncology", ROSA.family, ROSA.username] {
                assert!(!part.contains(told), "{told}: {part}");
            }
        }
    }
}

#[test]
fn it_reads_the_same_in_spanish() {
    let stack = Stack::start();
    stack.enrolled(&ROSA);
    let practice = Practice::new(&stack, QUILL, "billing");
    practice.invites(ROSA.mrn);
    let mut plain = signed_in(&stack, Locale::Es);
    plain.press("accept");
    plain.expect_notice(words_in(Locale::Es, ACCEPTED));
    let html = plain.page().html().to_owned();
    let more = paths::in_language(Locale::Es, paths::PROVIDER_MISSING);
    assert!(html.contains(&format!("href=\"{more}\"")), "{html}");
    let billing = words_in(Locale::Es, "account.feature.billing");
    assert!(plain.page().texts("tbody th").contains(&billing.to_owned()));
    ask_to_disconnect(&mut plain);
    let asked = messages::catalog(Locale::Es).fill("account.providers.ending", &[("name", QUILL)]);
    assert!(plain.page().texts("strong").contains(&asked));
}

/// What a form of the account sends about a connection.
fn send(stack: &Stack, session: &str, token: &str, action: &str, connection: &str) -> Reply {
    let action = format!("action-{action}");
    let form = [
        ("token", token),
        ("connection", connection),
        (action.as_str(), "x"),
    ];
    let request = Request::new("POST", paths::ACCOUNT).form(&form);
    stack.client.send(request.header("cookie", session))
}

/// Which invitation a page of the account asks about.
fn invitation(page: &str) -> String {
    let id = page.split("name=\"connection\" value=\"").nth(1);
    let id = id.and_then(|rest| rest.split('"').next());
    id.expect("the invitation").to_owned()
}

#[test]
fn nobody_answers_for_somebody_else() {
    let stack = Stack::start();
    stack.enrolled(&ROSA).enrolled(&SEAN);
    let practice = Practice::new(&stack, QUILL, "messages");
    practice.invites(ROSA.mrn);
    let own = sign_in::session(&stack.sign_in(ROSA.username, ROSA.password));
    let other = sign_in::session(&stack.sign_in(SEAN.username, SEAN.password));
    let [own_form, others_form] = [&own, &other].map(|it| sign_in::form_token(&stack, it));
    let page = sign_in::account(&stack.client, &own).body;
    let id = invitation(&page);
    let others = sign_in::account(&stack.client, &other).body;
    assert!(
        !others.contains(&id) && !others.contains("Quill"),
        "{others}"
    );

    let told = |reply: &Reply, key: &str| {
        reply.expect(303);
        let location = reply.header("location").unwrap_or_default();
        let page = Request::new("GET", location).header("cookie", &other);
        let page = stack.client.send(page).body;
        assert!(page.contains(words(key)), "{page}");
    };
    for action in ["accept", "decline", "disconnect"] {
        let forged = send(&stack, &other, &others_form, action, &id);
        told(&forged, OVERTAKEN);
        // Another site has the cookie, and not what the form holds.
        for token in ["", &others_form] {
            send(&stack, &own, token, action, &id).expect(303);
        }
        send(&stack, "session=none", &own_form, action, &id).expect(303);
        for none in ["", "x", &"00".repeat(16)] {
            send(&stack, &own, &own_form, action, none).expect(303);
        }
        let button = format!("action-{action}");
        let elsewhere = [
            ("token", own_form.as_str()),
            ("connection", id.as_str()),
            (button.as_str(), "x"),
        ];
        let elsewhere = Request::new("POST", paths::ACCOUNT)
            .form(&elsewhere)
            .header("cookie", &own)
            .header("sec-fetch-site", "cross-site");
        stack.client.send(elsewhere).expect(303);
        for method in ["GET", "HEAD"] {
            let look = format!(
                "{}?disconnect={id}&connection={id}&action-{action}=x",
                paths::ACCOUNT
            );
            let look = Request::new(method, &look).header("cookie", &own);
            stack.client.send(look).expect(200);
        }
        assert_eq!(in_state(&stack, "invited"), 1, "{action}");
    }
    send(&stack, &own, &own_form, "accept", &id).expect(303);
    assert_eq!(in_state(&stack, "accepted"), 1);
    let forged = send(&stack, &other, &others_form, "disconnect", &id);
    told(&forged, OVERTAKEN);
    assert_eq!(in_state(&stack, "accepted"), 1);
}

/// An address can be sent by anybody; the page says what is so.
#[test]
fn an_address_makes_the_page_say_nothing_that_is_not_so() {
    let stack = Stack::start();
    stack.enrolled(&ROSA).enrolled(&SEAN);
    let practice = Practice::new(&stack, QUILL, "messages");
    practice.invites(ROSA.mrn);
    let own = sign_in::session(&stack.sign_in(ROSA.username, ROSA.password));
    let other = sign_in::session(&stack.sign_in(SEAN.username, SEAN.password));
    let form = sign_in::form_token(&stack, &own);
    let page = sign_in::account(&stack.client, &own).body;
    let id = invitation(&page);
    let says = |session: &str, told: &str, of: &str| {
        let page = format!("{}?notice={told}{of}", paths::ACCOUNT);
        let page = Request::new("GET", &page).header("cookie", session);
        let page = stack.client.send(page).body;
        page.contains(words(&format!("account.providers.told.{told}")))
    };
    let named = format!("&connection={id}");
    let nobody = format!("&connection={}", "00".repeat(16));
    let claims = ["accepted", "declined", "disconnected"];
    let mut so = "nothing";
    for (reply, then) in [("", so), ("accept", claims[0]), ("disconnect", claims[2])] {
        if !reply.is_empty() {
            send(&stack, &own, &form, reply, &id).expect(303);
            so = then;
        }
        for told in claims {
            assert_eq!(says(&own, told, &named), told == so, "{told} while {so}");
            for of in ["", "&connection=x", &nobody] {
                assert!(!says(&own, told, of), "{told} of {of} while {so}");
            }
            assert!(!says(&other, told, &named), "somebody else: {told}");
        }
    }
}

#[test]
fn two_tabs_that_answer_differently_count_once() {
    let stack = Stack::start();
    stack.enrolled(&ROSA);
    let practice = Practice::new(&stack, QUILL, "messages");
    practice.invites(ROSA.mrn);
    let mut one = signed_in(&stack, Locale::En);
    let mut two = one.tab();
    one.press("accept");
    two.press("decline");
    two.expect_notice(words(OVERTAKEN));
    assert_eq!(
        (in_state(&stack, "accepted"), in_state(&stack, "declined")),
        (1, 0)
    );
    assert_eq!(rows(&mut two).len(), 6, "it shows how things stand now");
}

#[test]
fn an_invitation_that_has_ended_meanwhile_is_told_so() {
    let stack = Stack::start();
    stack.enrolled(&ROSA);
    let practice = Practice::new(&stack, QUILL, "messages");
    practice.invites(ROSA.mrn);
    let mut plain = signed_in(&stack, Locale::En);
    stack.retire_provider(practice.id);
    plain.press("accept");
    plain.expect_notice(words(OVERTAKEN));
    assert_eq!(in_state(&stack, "accepted"), 0);
}

#[test]
fn a_closed_account_has_no_connection_left() {
    let stack = Stack::start();
    stack.enrolled(&ROSA);
    let [quill, reed] = [QUILL, "Reed"].map(|name| Practice::new(&stack, name, "messages"));
    quill.invites(ROSA.mrn);
    signed_in(&stack, Locale::En).press("accept");
    reed.invites(ROSA.mrn);
    assert_eq!(
        (in_state(&stack, "accepted"), in_state(&stack, "invited")),
        (1, 1)
    );
    let session = sign_in::session(&stack.sign_in(ROSA.username, ROSA.password));
    let flow = Flow::begin_as(&stack.client, "deactivation", &session);
    flow.answer("password", &json!({"password": ROSA.password}))
        .at("confirm");
    flow.answer("confirm", &json!({"username": ROSA.username}))
        .at("done");
    assert_eq!(in_state(&stack, "ended"), 2);
    quill.invites(ROSA.mrn);
    assert_eq!(stack.number("SELECT count(*) FROM connections"), 2);
    // Enrolled again, it is another account: whoever shall see it invites again.
    stack.enrolled(&frontdesk_tests::Person {
        username: "rosa.again",
        ..ROSA
    });
    assert_eq!(in_state(&stack, "ended"), 2);
}
