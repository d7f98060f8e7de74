//! A stranger locks an account from outside; its owner recovers.

use frontdesk_tests::people::ROSA;
use frontdesk_tests::walk::NEW_PASSWORD;
use frontdesk_tests::{
    Cookies, Flow, PUBLIC, Plain, Reply, Request, Settings, Stack, Visitor, words,
};
use jiff::SignedDuration;
use protocol::{FlowKind, Locale, paths};
use serde_json::json;

use super::ladder;

/// The page of the next mailed link, as a path on the server.
fn link(stack: &Stack) -> String {
    let link = stack.mail.link(ROSA.email);
    let path = link.strip_prefix(PUBLIC).expect("our own link");
    assert!(path.starts_with(paths::RESET_LINK), "{path}");
    path.to_owned()
}

fn links(stack: &Stack) -> usize {
    stack.settle();
    let emails = stack.mail.to(ROSA.email);
    let with_link = |text: &str| text.contains(paths::RESET_LINK);
    emails.iter().filter(|mail| with_link(&mail.text)).count()
}

fn press(stack: &Stack, path: &str) -> Reply {
    let (_, token) = path.split_once("token=").expect("a token");
    let press = Request::new("POST", paths::RESET_LINK).form(&[("token", token)]);
    stack.client.send(press)
}

/// Five wrong codes in a flow of its own.
fn guess_wrong(stack: &Stack) {
    let flow = stack.at_reset_code(ROSA.username, "text");
    stack.settle();
    for _ in 0..5 {
        flow.answer("code", &json!({"code": "000000"})).expect(422);
    }
}

/// An account whose codes wait, and the link that its owner was mailed.
fn locked(settings: &Settings) -> (Stack, String) {
    let stack = Stack::with(settings);
    stack.enrolled(&ROSA);
    guess_wrong(&stack);
    stack.at_reset_code(ROSA.username, "text");
    let link = link(&stack);
    (stack, link)
}

#[track_caller]
fn choose_password(visitor: &mut dyn Visitor) {
    visitor.expect_step("new-password");
    visitor.fill("password", NEW_PASSWORD);
    visitor.press("continue");
    visitor.expect_title(words("step.done.title.password-reset"));
}

#[test]
fn a_stranger_burns_everything_and_the_owner_recovers_by_the_mailed_link() {
    let stack = Stack::with(
        &Settings::default()
            .sqlite()
            .key("http.trusted_proxies", "127.0.0.1"),
    );
    stack.enrolled(&ROSA);
    // With the limits as they are unless set, from forty networks.
    let mut refused = [0; 2];
    for network in 0..40 {
        let far = stack.client.at_address(&format!("198.51.{network}.7"));
        let flow = Flow::begin(&far, "password-reset");
        flow.answer("identify", &json!({"username": ROSA.username}))
            .at("method");
        if flow.answer("method", &json!({"channel": "text"})).status == 429 {
            refused[0] += 1;
            continue;
        }
        for _ in 0..5 {
            let told = flow.answer("code", &json!({"code": "000000"}));
            refused[1] += i32::from(told.status == 429);
        }
    }
    assert_eq!(refused, [20, 95], "twenty messages, five guesses");

    // The owner is refused as well, at home.
    let home = stack.client.at_address("203.0.113.5");
    let flow = Flow::begin(&home, "password-reset");
    flow.answer("identify", &json!({"username": ROSA.username}))
        .at("method");
    flow.answer("method", &json!({"channel": "email"}))
        .problem(429, "over-limit");

    let path = link(&stack);
    assert_eq!(links(&stack), 1, "the mailbox is not flooded");
    let mut plain = Plain::open(&stack, &path, Cookies::Refused);
    plain.expect_title(words("reset-link.title"));
    plain.press("go-on");
    choose_password(&mut plain);
    assert!(stack.opens(&ROSA, NEW_PASSWORD));
    for channel in ["email", "text"] {
        let address = ROSA.address(channel);
        stack.mail.saying(channel, address, "was changed");
    }
    plain.goto(&path);
    plain.expect_title(words("reveal.gone.title"));
    assert_eq!(plain.page().status, 410);
}

/// A stranger who only asks for codes, and never guesses, could keep the owner
/// from getting one just as well.
#[test]
fn many_messages_without_a_guess_bring_the_link_too() {
    let stack = Stack::with(&ladder::settings().key("limits.messages_per_person_day", "6"));
    stack.enrolled(&ROSA);
    for _ in 0..3 {
        stack.at_reset_code(ROSA.username, "text");
    }
    assert_eq!(links(&stack), 0, "an ordinary day");
    for _ in 0..3 {
        stack.at_reset_code(ROSA.username, "text");
    }
    assert_eq!(links(&stack), 1);
    // Whoever takes what grows back, each four hours, brings another.
    stack.advance(SignedDuration::from_hours(4));
    stack.at_reset_code(ROSA.username, "text");
    assert_eq!(links(&stack), 2);
}

#[test]
fn for_nobody_no_link_is_sent() {
    let stack = Stack::with(&ladder::settings());
    stack.enrolled(&ROSA);
    for _ in 0..2 {
        let flow = stack.at_reset_code("nobody.here", "email");
        for _ in 0..5 {
            flow.answer("code", &json!({"code": "000000"}));
        }
    }
    assert_eq!(links(&stack), 0);
    assert_eq!(stack.number("SELECT count(*) FROM reset_links"), 0);
}

#[test]
fn the_link_works_after_the_stop_which_stays_for_the_front_desk() {
    let (stack, _) = locked(&ladder::settings());
    let stop = "UPDATE ladders SET failures = 100, wait_until = 0";
    assert_eq!(stack.tamper(stop), Ok(1));
    stack.advance(SignedDuration::from_hours(2));
    stack.at_reset_code(ROSA.username, "email");
    let mut plain = Plain::open(&stack, &link(&stack), Cookies::Kept);
    plain.press("go-on");
    choose_password(&mut plain);
    assert!(stack.opens(&ROSA, NEW_PASSWORD));
    stack
        .at_reset_code(ROSA.username, "text")
        .answer("code", &json!({"code": "000000"}))
        .problem(429, "too-many-tries");
}

#[test]
fn before_the_stop_the_link_ends_the_row() {
    let (stack, path) = locked(&ladder::settings());
    press(&stack, &path).expect(200);
    let flow = stack.at_reset_code(ROSA.username, "text");
    flow.answer("code", &json!({"code": "000000"})).expect(422);
}

#[test]
fn scanners_and_other_sites_do_not_use_the_link_up() {
    let (stack, path) = locked(&ladder::settings());
    for method in ["HEAD", "GET", "GET", "HEAD"] {
        stack.client.send(Request::new(method, &path)).expect(200);
    }
    let (_, token) = path.split_once("token=").expect("a token");
    let forged = Request::new("POST", paths::RESET_LINK)
        .form(&[("token", token)])
        .header("sec-fetch-site", "cross-site");
    stack.client.send(forged).expect(303);
    let used = "SELECT count(*) FROM reset_links WHERE spent_at IS NOT NULL";
    assert_eq!(stack.number(used), 0);
    press(&stack, &path).expect(200);
    press(&stack, &path).expect(410);
    for token in ["", "x", &"A".repeat(43)] {
        let path = format!("{}?token={token}", paths::RESET_LINK);
        stack.client.get(&path).expect(410);
        press(&stack, &path).expect(410);
    }
}

/// Whoever gets a new password set for their own account would know it.
#[test]
fn only_a_press_on_our_page_brings_the_flow_into_the_browser() {
    let (stack, path) = locked(&ladder::settings());
    let (_, token) = path.split_once("token=").expect("a token");
    let flow = paths::plain(FlowKind::PasswordReset, Locale::En);
    let mut victim = Plain::open(&stack, &flow, Cookies::Kept);
    victim.fill("username", "x.y.z");
    victim.press("continue");
    let held = victim.cookies().clone();
    // An old browser tells nothing of where the form stands.
    for told in [&[][..], &[("origin", "null")]] {
        victim.send_forged(paths::RESET_LINK, &[("token", token)], told);
        assert_eq!(*victim.cookies(), held);
        victim.goto(&flow);
        victim.expect_step("method");
    }
    let (stack, path) = locked(&ladder::settings());
    let mut owner = Plain::open(&stack, &path, Cookies::Kept);
    owner.press("go-on");
    owner.goto(&flow);
    owner.expect_step("new-password");
}

#[test]
fn of_many_presses_at_once_one_goes_on() {
    let (stack, path) = locked(&ladder::settings());
    let stack = std::sync::Arc::new(stack);
    let barrier = std::sync::Arc::new(std::sync::Barrier::new(8));
    let presses: Vec<_> = (0..8)
        .map(|_| {
            let (stack, path, barrier) = (stack.clone(), path.clone(), barrier.clone());
            std::thread::spawn(move || {
                barrier.wait();
                press(&stack, &path).status
            })
        })
        .collect();
    let statuses = presses.into_iter().map(std::thread::JoinHandle::join);
    let mut statuses: Vec<_> = statuses.map(|it| it.expect("an answer")).collect();
    statuses.sort_unstable();
    assert_eq!(statuses, [200, 410, 410, 410, 410, 410, 410, 410]);
}

#[test]
fn the_link_works_for_a_day_and_no_longer_than_the_password() {
    let (stack, path) = locked(&ladder::settings());
    stack.advance(SignedDuration::from_secs(24 * 3600 - 1));
    stack.client.get(&path).expect(200);
    stack.advance(SignedDuration::from_secs(1));
    stack.client.get(&path).expect(410);
    press(&stack, &path).expect(410);

    // Another link, ended by a reset that somebody finished with a code.
    stack.at_reset_code(ROSA.username, "text");
    let path = link(&stack);
    stack.client.get(&path).expect(200);
    stack.settle();
    stack.mail.mark_read();
    let reset = stack.at_new_password(&ROSA);
    reset
        .answer("new-password", &json!({"password": NEW_PASSWORD}))
        .at("done");
    stack.client.get(&path).expect(410);
    press(&stack, &path).expect(410);
}

/// Half-done flows end with any reset, also those that a link began.
#[test]
fn a_flow_that_the_link_began_ends_with_another_reset() {
    let (stack, path) = locked(&ladder::settings());
    let mut plain = Plain::open(&stack, &path, Cookies::Refused);
    plain.press("go-on");
    plain.expect_step("new-password");
    stack.settle();
    stack.mail.mark_read();
    stack
        .at_new_password(&ROSA)
        .answer("new-password", &json!({"password": NEW_PASSWORD}))
        .at("done");
    plain.fill("password", "a password of a late hour");
    plain.press("continue");
    plain.expect_step("identify");
    assert!(stack.opens(&ROSA, NEW_PASSWORD));
}

/// In the browser in which somebody else's reset was under way.
#[test]
fn with_cookies_the_link_takes_the_place_of_another_reset() {
    let (stack, path) = locked(&ladder::settings());
    let home = paths::plain(FlowKind::PasswordReset, Locale::En);
    let mut plain = Plain::open(&stack, &home, Cookies::Kept);
    frontdesk_tests::walk::reset_to_code(&mut plain, "someone.else", "email");
    plain.goto(&path);
    plain.press("go-on");
    plain.expect_step("new-password");
    assert_eq!(plain.page().address, home, "a reload repeats nothing");
    plain.reload();
    choose_password(&mut plain);
    assert!(stack.opens(&ROSA, NEW_PASSWORD));
}
