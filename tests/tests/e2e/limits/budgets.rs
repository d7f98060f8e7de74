//! Budgets: what is asked for, and what really leaves.

use frontdesk_tests::people::{ROSA, SEAN};
use frontdesk_tests::walk::{self, NEW_PASSWORD};
use frontdesk_tests::{Client, Cookies, Flow, Plain, Reply, Settings, Stack, Visitor};
use jiff::SignedDuration;
use serde_json::json;

fn settings() -> Settings {
    Settings::default().key("http.trusted_proxies", "127.0.0.1")
}

/// Asks for a code in a flow of its own.
fn ask(client: &Client, username: &str, channel: &str) -> Reply {
    let flow = Flow::begin(client, "password-reset");
    flow.answer("identify", &json!({"username": username}))
        .at("method");
    flow.answer("method", &json!({"channel": channel}))
}

/// An address in a network of its own.
fn from(client: &Client, network: u8) -> Client {
    client.at_address(&format!("203.0.{network}.7"))
}

#[test]
fn a_person_gets_so_many_messages_from_wherever_they_are_asked_for() {
    let stack = Stack::with(&settings().key("limits.messages_per_person_day", "3"));
    stack.enrolled(&ROSA);
    let told = |username: &str, spelled: &str| {
        for (network, channel) in [(1, "email"), (2, "text"), (3, "call")] {
            ask(&from(&stack.client, network), username, channel).at("code");
        }
        let refused = ask(&from(&stack.client, 4), spelled, "email");
        assert_eq!(refused.problem(429, "over-limit")["retry_after"], 8 * 3600);
        refused
    };
    let known = told(ROSA.username, "ROSA.HERON");
    let unknown = told("nobody.here", "Nobody.Here");
    crate::json::assert_same("a budget", &known, &unknown);
    stack.settle();
    let sent = stack.number("SELECT count(*) FROM outbox WHERE charged_at IS NOT NULL");
    assert_eq!(sent, 4, "the three, and the one of the enrollment");

    // A third of a day later there is one more, and no two.
    stack.advance(SignedDuration::from_hours(8));
    ask(&stack.client, ROSA.username, "email").at("code");
    ask(&stack.client, ROSA.username, "email").problem(429, "over-limit");
}

#[test]
fn resending_and_going_back_draw_on_the_same_budget() {
    let stack = Stack::with(&settings().key("limits.messages_per_person_day", "2"));
    let flow = stack.at_reset_code("nobody.here", "text");
    stack.advance(SignedDuration::from_secs(60));
    flow.resend(None).at("code");
    stack.advance(SignedDuration::from_secs(60));
    flow.resend(Some("email")).problem(429, "over-limit");
    flow.back().at("method");
    flow.answer("method", &json!({"channel": "call"}))
        .problem(429, "over-limit");
    // The flow is where it was, and nothing more was queued.
    flow.view().at("method");
    assert_eq!(stack.number("SELECT count(*) FROM outbox"), 2);
}

/// Whoever knows an email, and nothing else, cannot keep its owner from recovering;
/// nor does anybody flood the mailbox who knows all.
#[test]
fn username_emails_draw_on_the_budget_of_the_account_that_the_details_fit() {
    let stack = Stack::with(&settings().key("limits.messages_per_person_day", "2"));
    stack.enrolled(&ROSA);
    let ask = |info: &serde_json::Value| {
        let flow = stack.begin("username-recovery");
        flow.answer("personal-info", info)
    };
    let mut wrong = ROSA.personal_info();
    wrong["given_name"] = "Rosalind".into();
    let replies: Vec<_> = (0..25).map(|_| ask(&wrong)).collect();
    let known = ask(&ROSA.personal_info());
    for unknown in &replies {
        crate::json::assert_same("asking for a username", &known, unknown);
    }
    stack.mail.link(ROSA.email);

    for _ in 0..4 {
        let again = ask(&ROSA.personal_info());
        crate::json::assert_same("over the budget", &known, &again);
    }
    stack.settle();
    let count = |what: &str| stack.number(&format!("SELECT count(*) FROM {what}"));
    assert_eq!(count("outbox WHERE fate = 'over-budget'"), 3);
    let told = "audit WHERE event = 'message-over-budget'
                AND subject = (SELECT id FROM accounts)";
    assert_eq!(count(told), 3, "staff see whose messages were held back");
}

#[test]
fn a_network_and_everybody_together_get_so_many_messages() {
    let stack = Stack::with(
        &settings()
            .key("limits.messages_per_network_hour", "2")
            .key("limits.messages_asked_per_hour", "3"),
    );
    let ask = |network, n: u32| ask(&from(&stack.client, network), &format!("who.{n}"), "email");
    ask(1, 1).at("code");
    ask(1, 2).at("code");
    ask(1, 3).problem(429, "over-limit");
    ask(2, 4).at("code");
    let refused = ask(3, 5);
    assert_eq!(refused.problem(429, "over-limit")["retry_after"], 1200);
}

/// Whoever has a /48 has 65,536 networks, and anybody can make up names.
#[test]
fn networks_side_by_side_share_a_wider_budget() {
    let stack = Stack::with(
        &settings()
            .key("limits.starts_per_wide_network_hour", "5")
            .key("limits.messages_per_wide_network_hour", "3"),
    );
    for (near, far) in [
        ("203.0.{}.7", "203.1.1.7"),
        ("2001:db8:1:{}::7", "2001:db8:2:1::7"),
    ] {
        let from = |n: u32| stack.client.at_address(&near.replace("{}", &n.to_string()));
        for n in 1..=3 {
            ask(&from(n), &format!("who.{n}"), "email").at("code");
        }
        ask(&from(4), "who.4", "email").problem(429, "over-limit");
        Flow::begin(&from(5), "enrollment");
        let begin = frontdesk_tests::Request::new("POST", protocol::paths::FLOWS)
            .json(&json!({"kind": "enrollment"}));
        from(6).send(begin).problem(429, "over-limit");
        ask(&stack.client.at_address(far), "who.5", "email").at("code");
    }
}

/// What everybody shares counts what leaves, so names that nobody has use none of it.
#[test]
fn made_up_names_from_everywhere_keep_nobody_from_a_code() {
    let stack = Stack::with(&settings().key("limits.messages_per_hour", "2"));
    stack.enrolled(&ROSA);
    for network in 0..20 {
        let far = stack.client.at_address(&format!("198.{network}.100.7"));
        ask(&far, &format!("who.{network}"), "email").at("code");
    }
    stack.settle();
    ask(&stack.client, ROSA.username, "email").at("code");
    stack.mail.code("email", ROSA.email);

    // The one of the enrollment, and this: what follows is held back, and the owner
    // is mailed the link that needs no code.
    ask(&stack.client, ROSA.username, "email").at("code");
    let link = stack.mail.link(ROSA.email);
    assert!(link.contains(protocol::paths::RESET_LINK), "{link}");
    let held = "SELECT count(*) FROM outbox WHERE fate = 'over-budget'";
    assert_eq!(stack.number(held), 1);
}

#[test]
fn everybody_together_begins_so_many_flows() {
    let stack = Stack::with(&settings().key("limits.starts_per_hour", "2"));
    for network in [1, 2] {
        Flow::begin(&from(&stack.client, network), "enrollment");
    }
    let begin = frontdesk_tests::Request::new("POST", protocol::paths::FLOWS)
        .json(&json!({"kind": "password-reset"}));
    stack.client.send(begin).problem(429, "over-limit");
    let mut plain = Plain::open(&stack, "/flows/password-reset", Cookies::Kept);
    plain.fill("username", "rosa");
    plain.press("continue");
    let page = plain.page();
    assert_eq!(page.status, 429);
    let told = "Wait 30 minutes, then try again.";
    assert!(page.html().contains(told), "{}", page.html());
}

/// The second server knows nothing but what stands in the database, so this is
/// also what a restart leaves.
#[test]
fn what_was_used_on_one_server_is_used_on_all() {
    let stack = Stack::with(&settings().key("limits.messages_per_person_day", "2"));
    let another = stack.another_server();
    ask(&stack.client, "who", "email").at("code");
    ask(&another.client, "who", "email").at("code");
    for client in [&another.client, &stack.client] {
        ask(client, "who", "email").problem(429, "over-limit");
    }
    drop(another);
    ask(&stack.another_server().client, "who", "email").problem(429, "over-limit");
}

#[test]
fn without_scripts_the_wait_is_told_in_words_at_the_same_step() {
    let stack = Stack::with(&settings().key("limits.messages_per_person_day", "1"));
    ask(&stack.client, "who", "email").at("code");
    let mut plain = Plain::open(&stack, "/flows/password-reset", Cookies::Kept);
    plain.fill("username", "who");
    plain.press("continue");
    plain.expect_step("method");
    plain.choose("channel", "email");
    plain.press("continue");
    plain.expect_step("method");
    let page = plain.page();
    assert_eq!(page.status, 429);
    let told = "Wait 24 hours, then try again.";
    assert!(page.html().contains(told), "{}", page.html());
}

/// Only the worker knows the number, so the request is answered as ever.
#[test]
fn a_number_gets_so_many_texts_and_calls_and_staff_see_what_was_held_back() {
    let stack = Stack::with(&settings().key("limits.messages_per_number_day", "2"));
    stack.enrolled(&ROSA);
    for channel in ["call", "text", "email"] {
        ask(&stack.client, ROSA.username, channel).at("code");
    }
    stack.settle();
    let received = |channel: &str| {
        let all = stack.mail.all();
        let codes = all.iter().filter(|message| message.code().is_some());
        codes.filter(|message| message.channel == channel).count()
    };
    // One text was the code of the enrollment.
    assert_eq!(["text", "call", "email"].map(received), [1, 1, 1]);
    let held = |table: &str, what: &str| {
        stack.number(&format!("SELECT count(*) FROM {table} WHERE {what}"))
    };
    assert_eq!(held("outbox", "fate = 'over-budget'"), 1);
    assert_eq!(held("audit", "event = 'message-over-budget'"), 1);

    // A notice cannot be held back by using the budget up.
    let reset = ask(&stack.client, ROSA.username, "email");
    let reset = reset.at("code");
    assert_eq!(reset["step"]["channel"], "email");
    let flow = stack.at_reset_code(ROSA.username, "email");
    stack.settle();
    let codes = stack.mail.to(ROSA.email);
    let tried = codes
        .iter()
        .rev()
        .filter_map(frontdesk_tests::Message::code);
    let right = tried
        .map(|code| flow.answer("code", &json!({ "code": code })))
        .find(|reply| reply.status == 200);
    right.expect("the newest code").at("new-password");
    flow.answer("new-password", &json!({ "password": NEW_PASSWORD }))
        .at("done");
    stack.mail.saying("text", ROSA.phone, "was changed");
}

/// A flow waits a minute between two codes; a stranger has as many flows as they like.
#[test]
fn a_phone_does_not_ring_many_times_in_a_row() {
    let stack = Stack::with(&settings().key("limits.messages_per_number_five_minutes", "3"));
    stack.enrolled(&ROSA);
    let rings = || {
        stack.settle();
        let to_phone = stack.mail.to(ROSA.phone);
        to_phone.iter().filter(|it| it.code().is_some()).count()
    };
    stack.advance(SignedDuration::from_mins(5));
    let before = rings();
    for channel in ["call", "text", "call", "text", "call"] {
        ask(&stack.client, ROSA.username, channel).at("code");
        stack.settle();
    }
    assert_eq!(rings() - before, 3);
    // Whoever it was, the owner has another way by now, and soon a code again.
    let link = stack.mail.link(ROSA.email);
    assert!(link.contains(protocol::paths::RESET_LINK), "{link}");
    stack.advance(SignedDuration::from_secs(100));
    for _ in 0..2 {
        ask(&stack.client, ROSA.username, "text").at("code");
    }
    assert_eq!(rings() - before, 4);
}

#[test]
fn numbers_that_begin_alike_share_a_budget() {
    let stack = Stack::with(&settings().key("limits.messages_per_prefix_hour", "3"));
    stack.enrolled(&ROSA).enrolled(&SEAN);
    for person in [ROSA, SEAN] {
        ask(&stack.client, person.username, "text").at("code");
    }
    stack.settle();
    let held = "SELECT count(*) FROM outbox WHERE fate = 'over-budget'";
    assert_eq!(stack.number(held), 1, "the fourth to the same exchange");
    stack.advance(SignedDuration::from_mins(20));
    ask(&stack.client, SEAN.username, "text").at("code");
    stack.mail.code("text", SEAN.phone);
}

/// A waiting room: many people behind one address, all within an hour.
#[test]
fn a_waiting_room_fits_into_the_budgets_as_they_are_unless_set() {
    let stack = Stack::start();
    for n in 0..40 {
        ask(&stack.client, &format!("patient.{n}"), "text").at("code");
    }
    let mut plain = Plain::open(&stack, "/flows/password-reset", Cookies::Kept);
    walk::reset_to_code(&mut plain, ROSA.username, "text");
}
