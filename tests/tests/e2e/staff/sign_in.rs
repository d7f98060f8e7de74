//! Signing in to the desk: one answer for every fault, codes that work once, and nobody who
//! keeps the staff out.

mod budgets;

use std::collections::BTreeSet;
use std::thread::ScopedJoinHandle;

use frontdesk_tests::{Cookies, Plain, Request, Settings, Stack, Visitor, walk, words};
use jiff::SignedDuration;
use protocol::paths;
use verify_api::staff::Role;

use super::{DANA, Member, PASSWORD, enter, fresh, lines, next_code};

const WRONG: &str = "another password of mine";

/// Tries to sign in from a browser that nobody has used; the browser after it.
#[track_caller]
fn tried(stack: &Stack, email: &str, password: &str, code: &str) -> Plain {
    let mut browser = fresh(stack);
    enter(&mut browser, email, password, code);
    browser
}

#[test]
fn whatever_was_wrong_the_answer_is_the_same() {
    let stack = Stack::start();
    let member = Member::new(&stack, DANA, Role::FrontDesk);
    stack.add_staff("never@example.org", Role::FrontDesk);
    let used = member.code(&stack);
    next_code(&stack);
    let right = member.code(&stack);
    let wrong = walk::other_than(&right);
    let mut answers = BTreeSet::new();
    for (email, password, code) in [
        (DANA, WRONG, right.as_str()),
        (DANA, PASSWORD, &wrong),
        (DANA, PASSWORD, &used),
        (DANA, WRONG, &wrong),
        ("none@example.org", PASSWORD, &right),
        ("never@example.org", PASSWORD, &right),
    ] {
        let mut browser = tried(&stack, email, password, code);
        browser.expect_problem(words("staff.problem.wrong"));
        assert_eq!(browser.page().status, 422);
        let cookies: Vec<_> = browser.cookies().keys().cloned().collect();
        assert_eq!(cookies, ["flow-cookies"]);
        let probe = browser.cookies()["flow-cookies"].clone();
        let page = browser.page().html().replace(&probe, "").replace(email, "");
        answers.insert(page);
    }
    assert_eq!(answers.len(), 1, "{answers:?}");
    assert_eq!(lines(&stack, "staff-signed-in"), 0);
    tried(&stack, DANA, PASSWORD, &right).expect_title(words("staff.title"));
}

#[test]
fn a_code_signs_in_once_and_no_older_one_after_it() {
    let stack = Stack::start();
    let member = Member::new(&stack, DANA, Role::FrontDesk);
    next_code(&stack);
    let older = member.code(&stack);
    next_code(&stack);
    let code = member.code(&stack);
    tried(&stack, DANA, PASSWORD, &code).expect_title(words("staff.title"));
    for spent in [&code, &older] {
        tried(&stack, DANA, PASSWORD, spent).expect_problem(words("staff.problem.wrong"));
    }
    next_code(&stack);
    let code = member.code(&stack);
    tried(&stack, DANA, PASSWORD, &code).expect_title(words("staff.title"));
}

/// Typed with what hands do; what cannot be a code or an email is told, and is no try.
#[test]
fn what_cannot_be_right_is_told_and_costs_no_try() {
    let stack = Stack::start();
    let member = Member::new(&stack, DANA, Role::FrontDesk);
    next_code(&stack);
    for _ in 0..6 {
        tried(&stack, "dana", PASSWORD, "123456").expect_problem(words("problem.invalid-email"));
        tried(&stack, DANA, PASSWORD, "12345").expect_problem(words("problem.invalid-code"));
        tried(&stack, DANA, "", "123456")
            .expect_problem(words("problem.required.password.sign-in"));
    }
    let code = member.code(&stack);
    let (one, two) = code.split_at(3);
    let typed = format!(" {one} {two}");
    tried(&stack, " Dana@Example.org ", PASSWORD, &typed).expect_title(words("staff.title"));
}

#[test]
fn tries_wait_longer_and_longer_and_the_right_one_waits_too() {
    let stack = Stack::start();
    let member = Member::new(&stack, DANA, Role::FrontDesk);
    next_code(&stack);
    let mut browser = fresh(&stack);
    // For an email that nobody has it is the same.
    for email in ["none@example.org", DANA] {
        for _ in 0..5 {
            enter(&mut browser, email, WRONG, "123456");
            browser.expect_problem(words("staff.problem.wrong"));
        }
        enter(&mut browser, email, PASSWORD, &member.code(&stack));
        assert_eq!(browser.page().status, 429);
        let told = browser.page().problems().join("");
        assert!(told.contains("Wait 30 seconds"), "{told}");
    }
    stack.advance(SignedDuration::from_secs(30));
    enter(&mut browser, DANA, WRONG, "123456");
    browser.expect_problem(words("staff.problem.wrong"));
    enter(&mut browser, DANA, PASSWORD, &member.code(&stack));
    let told = browser.page().problems().join("");
    assert!(told.contains("Wait 60 seconds"), "{told}");
    assert_eq!(lines(&stack, "staff-sign-in-waits"), 2);
    stack.advance(SignedDuration::from_secs(60));
    enter(&mut browser, DANA, PASSWORD, &member.code(&stack));
    browser.expect_title(words("staff.title"));
    // What was right has begun a new count.
    tried(&stack, DANA, WRONG, "123456").expect_problem(words("staff.problem.wrong"));
}

#[test]
fn of_many_tries_at_the_same_moment_five_are_looked_at() {
    let stack = Stack::start();
    Member::new(&stack, DANA, Role::FrontDesk);
    let statuses: Vec<u16> = std::thread::scope(|scope| {
        let tries: Vec<_> = (0..20)
            .map(|_| scope.spawn(|| tried(&stack, DANA, WRONG, "123456").page().status))
            .collect();
        let join = |tried: ScopedJoinHandle<'_, u16>| tried.join().expect("a try");
        tries.into_iter().map(join).collect()
    });
    let looked_at = statuses.iter().filter(|status| **status == 422).count();
    assert_eq!(looked_at, 5, "{statuses:?}");
}

/// Rule 11: strangers wait or are stopped, and whoever has worked in a browser before is not.
#[test]
fn strangers_keep_nobody_out_of_a_browser_in_which_they_have_worked() {
    let stack = Stack::start();
    let mut member = Member::new(&stack, DANA, Role::FrontDesk);
    next_code(&stack);
    for _ in 0..5 {
        tried(&stack, DANA, WRONG, "123456");
    }
    let stop = "UPDATE ladders SET failures = 100";
    for (prepared, told) in [(None, 429), (Some(stop), 403)] {
        if let Some(sql) = prepared {
            stack.advance(SignedDuration::from_secs(60));
            assert_eq!(stack.tamper(sql), Ok(1));
        }
        let code = member.code(&stack);
        let mut stranger = tried(&stack, DANA, PASSWORD, &code);
        assert_eq!(stranger.page().status, told);
        member = member.signed_in(&stack);
    }
    // The way of a browser is of one email, and of no other.
    let other = "other@example.org";
    let mut colleague = Member::new(&stack, other, Role::FrontDesk);
    next_code(&stack);
    let code = member.code(&stack);
    colleague.browser.goto(paths::STAFF_SIGN_IN);
    enter(&mut colleague.browser, DANA, PASSWORD, &code);
    colleague
        .browser
        .expect_problem(words("staff.problem.stopped"));
    // Nor is a browser known for ever once somebody has guessed in it.
    for _ in 0..5 {
        member.browser.goto(paths::STAFF_SIGN_IN);
        enter(&mut member.browser, DANA, WRONG, "123456");
    }
    let code = member.code(&stack);
    enter(&mut member.browser, DANA, PASSWORD, &code);
    assert_eq!(member.browser.page().status, 429);
}

#[test]
fn colleagues_who_share_a_browser_are_each_known_in_it() {
    let stack = Stack::start();
    let other = "other@example.org";
    let members = [DANA, other].map(|email| Member::new(&stack, email, Role::FrontDesk));
    let mut shared = members[0].browser.tab();
    let mut enters = |member: &Member| {
        next_code(&stack);
        shared.goto(paths::STAFF_SIGN_IN);
        enter(&mut shared, &member.email, PASSWORD, &member.code(&stack));
        shared.expect_title(words("staff.title"));
        shared.press("sign-out");
    };
    enters(&members[1]);
    for member in &members {
        tried(&stack, &member.email, WRONG, "123456");
    }
    assert_eq!(stack.tamper("UPDATE ladders SET failures = 100"), Ok(2));
    for member in &members {
        let mut stranger = tried(&stack, &member.email, PASSWORD, "123456");
        stranger.expect_problem(words("staff.problem.stopped"));
        enters(member);
    }
}

#[test]
fn whoever_signs_in_where_a_colleague_still_is_signs_them_out_and_the_trail_says_so() {
    let stack = Stack::start();
    let other = Member::new(&stack, "other@example.org", Role::Manager);
    let mut shared = Member::new(&stack, DANA, Role::FrontDesk).signed_in(&stack);
    next_code(&stack);
    shared.browser.goto(paths::STAFF_SIGN_IN);
    enter(
        &mut shared.browser,
        &other.email,
        PASSWORD,
        &other.code(&stack),
    );
    shared.browser.expect_title(words("staff.title"));
    let left = "SELECT count(*) FROM audit WHERE event = 'staff-signed-out' AND actor = subject
         AND actor = (SELECT actor FROM audit WHERE event = 'staff-signed-in'
             ORDER BY seq LIMIT 1)";
    assert_eq!(stack.number(left), 1);
    assert_eq!(lines(&stack, "staff-signed-out"), 1);
}

#[test]
fn a_reset_helps_in_a_browser_that_was_known_and_makes_it_one_like_any_other() {
    let stack = Stack::start();
    let stop = || assert!(stack.tamper("UPDATE ladders SET failures = 100").is_ok());
    let mut old = Member::new(&stack, DANA, Role::FrontDesk).browser;
    old.goto(paths::STAFF_SIGN_IN);
    enter(&mut old, DANA, WRONG, "123456");
    stop();
    enter(&mut old, DANA, WRONG, "123456");
    old.expect_problem(words("staff.problem.stopped"));
    let member = Member::by_link(&stack, DANA, &stack.reset_staff(DANA));
    next_code(&stack);
    enter(&mut old, DANA, PASSWORD, &member.code(&stack));
    old.expect_title(words("staff.title"));

    let member = Member::by_link(&stack, DANA, &stack.reset_staff(DANA));
    tried(&stack, DANA, WRONG, "123456");
    stop();
    next_code(&stack);
    old.goto(paths::STAFF_SIGN_IN);
    enter(&mut old, DANA, PASSWORD, &member.code(&stack));
    old.expect_problem(words("staff.problem.stopped"));
}

#[test]
fn a_reset_lets_somebody_in_whom_strangers_have_stopped_everywhere() {
    let stack = Stack::start();
    Member::new(&stack, DANA, Role::FrontDesk);
    tried(&stack, DANA, WRONG, "123456");
    assert_eq!(stack.tamper("UPDATE ladders SET failures = 100"), Ok(1));
    tried(&stack, DANA, WRONG, "123456").expect_problem(words("staff.problem.stopped"));
    let link = stack.reset_staff(DANA);
    let member = Member::by_link(&stack, DANA, &link);
    next_code(&stack);
    let code = member.code(&stack);
    tried(&stack, DANA, PASSWORD, &code).expect_title(words("staff.title"));
}

#[test]
fn a_session_of_staff_ends_after_a_quarter_of_an_hour_without_a_sign_and_after_twelve_hours() {
    // Patients may be given longer.
    let longest = Settings::default()
        .key("sessions.idle_minutes", "60")
        .key("sessions.lifetime_hours", "24");
    let stack = Stack::with(&longest);
    let mut browser = Member::new(&stack, DANA, Role::Auditor)
        .signed_in(&stack)
        .browser;
    let mut lives_after = |minutes| {
        stack.advance(SignedDuration::from_mins(minutes));
        browser.goto(paths::STAFF);
        browser.page().address == paths::STAFF
    };
    assert!((0..51).all(|_| lives_after(14)));
    assert!(!lives_after(6), "twelve hours are over");
    let mut browser = Plain::open(&stack, paths::STAFF_SIGN_IN, Cookies::Kept);
    browser.expect_title(words("staff.sign-in.title"));
    let member = Member::new(&stack, "other@example.org", Role::Manager);
    let mut browser = member.signed_in(&stack).browser;
    stack.advance(SignedDuration::from_mins(15));
    browser.goto(paths::STAFF);
    browser.expect_notice(words("staff.notice.signed-out"));
}

#[test]
fn a_form_of_another_site_signs_no_staff_in_or_out() {
    let stack = Stack::start();
    let member = Member::new(&stack, DANA, Role::FrontDesk);
    next_code(&stack);
    let code = member.code(&stack);
    let mut victim = fresh(&stack);
    let form = [
        ("email", DANA),
        ("password", PASSWORD),
        ("code", code.as_str()),
        ("action-continue", "x"),
    ];
    victim.send_forged(paths::STAFF_SIGN_IN, &form, &[]);
    victim.expect_problem(words("problem.needs-cookies"));
    let probe = victim.cookies()["flow-cookies"].clone();
    let form = [&form[..], &[("probe", probe.as_str())]].concat();
    let elsewhere = [("sec-fetch-site", "cross-site")];
    victim.send_forged(paths::STAFF_SIGN_IN, &form, &elsewhere);
    victim.expect_problem(words("problem.needs-cookies"));
    assert!(!victim.cookies().contains_key("staff-session"));
    assert_eq!(lines(&stack, "staff-signed-in"), 0);

    let mut browser = member.signed_in(&stack).browser;
    let token = browser.page().attribute("input[name=token]", "value");
    let token = token.expect("a token");
    let out = |token: &str| {
        [
            ("token", token.to_owned()),
            ("action-sign-out", "x".to_owned()),
        ]
    };
    for (token, told) in [("", &[][..]), ("AAAA", &[]), (token.as_str(), &elsewhere)] {
        let form = out(token);
        let form = form.each_ref().map(|(name, value)| (*name, value.as_str()));
        browser.send_forged(paths::STAFF_SIGN_OUT, &form, told);
        browser.expect_title(words("staff.title"));
    }
    browser.press("sign-out");
    browser.expect_title(words("staff.sign-in.title"));
}

#[test]
fn cookies_of_staff_are_kept_from_scripts_and_from_other_sites() {
    let stack = Stack::with(&Settings::default().base_url("https://help.example.org"));
    let link = stack.add_staff(DANA, Role::FrontDesk);
    let page = stack.client.get(&link);
    let (_, token) = link.split_once("token=").expect("a token");
    let probe = page.header("set-cookie").expect("a probe");
    let probe = probe.split(';').next().expect("a cookie").to_owned();
    let value = probe.split_once('=').expect("a value").1.to_owned();
    let start = [("token", token), ("probe", &value), ("action-begin", "x")];
    let start = Request::new("POST", paths::STAFF_SET_UP).form(&start);
    let page = stack.client.send(start.header("cookie", &probe));
    let key = page.body.split("id=\"fd-secret\">").nth(1).expect("a key");
    let app = frontdesk_tests::Authenticator::with_key(key.split('<').next().expect("a key"));
    let post = |path: &str, more: &[(&str, &str)]| {
        let form = [more, &[("probe", value.as_str()), ("password", PASSWORD)]].concat();
        let request = Request::new("POST", path).form(&form);
        let reply = stack.client.send(request.header("cookie", &probe));
        reply.expect(303);
        reply
    };
    let code = app.code(&stack.clock);
    let set_up = post(paths::STAFF_SET_UP, &[("token", token), ("code", &code)]);
    next_code(&stack);
    let code = app.code(&stack.clock);
    let signed_in = post(paths::STAFF_SIGN_IN, &[("email", DANA), ("code", &code)]);
    let mut seen = Vec::new();
    for cookie in set_up
        .all_headers("set-cookie")
        .chain(signed_in.all_headers("set-cookie"))
    {
        let (name, rest) = cookie.split_once('=').expect("a cookie has a name");
        for attribute in ["; Path=/", "; HttpOnly", "; SameSite=Lax", "; Secure"] {
            assert!(rest.contains(attribute), "{cookie}");
        }
        seen.push(name.to_owned());
    }
    let browser = "__Host-staff-browser";
    assert_eq!(seen, [browser, "__Host-staff-session", browser]);
}

#[test]
fn the_desk_speaks_spanish_too() {
    let stack = Stack::start();
    let link = stack.add_staff(DANA, Role::FrontDesk);
    for path in [
        format!("/es{link}"),
        format!("/es{}", paths::STAFF_SIGN_IN),
        format!("/es{}", paths::STAFF),
    ] {
        let page = Plain::open(&stack, &path, Cookies::Kept).page();
        assert_eq!(page.language(), protocol::Locale::Es, "{path}");
        assert_eq!(page.status, 200);
    }
}
