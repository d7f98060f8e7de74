//! A person who reads Spanish never meets a line of English, and a person who
//! changes their mind about the language loses nothing.

use std::collections::BTreeSet;

use frontdesk_tests::people::{LUZ, ROSA};
use frontdesk_tests::{
    Browser, Cookies, PUBLIC, Page, Plain, Scripts, Settings, Stack, Visitor, wait_for, walk,
    words, words_in,
};
use protocol::Locale::Es;
use protocol::paths;
use scraper::{Html, Selector};

/// A server that has the person on file who speaks Spanish.
fn with_luz() -> Stack {
    let stack = Stack::with_site();
    stack.import(&[LUZ]);
    stack
}

/// The path of the link in the next email to somebody.
fn mailed(stack: &Stack, address: &str) -> String {
    let link = stack.mail.link(address);
    link.strip_prefix(PUBLIC).expect("our own link").to_owned()
}

#[test]
fn all_flows_go_through_in_spanish_by_plain_forms() {
    let stack = with_luz();
    let invitation = stack.invite(&LUZ);
    let path = mailed(&stack, LUZ.email);
    let mut plain = Plain::open(&stack, &path, Cookies::Kept);
    assert_eq!(plain.page().language(), Es, "the link of her invitation");
    assert_eq!(plain.page().value("invitation"), invitation);
    walk::enroll(&mut plain, &stack, &LUZ, &invitation);
    assert_eq!(plain.page().language(), Es);
    assert!(stack.opens(&LUZ, LUZ.password));

    plain.goto("/es/recover-username/");
    plain.press("start");
    walk::recover(&mut plain, &LUZ);
    plain.goto(&mailed(&stack, LUZ.email));
    walk::expect_words(&mut plain, "reveal.title");
    plain.press("show");
    walk::expect_words(&mut plain, "reveal.shown.title");
    assert_eq!(plain.page().language(), Es);
    assert_eq!(plain.page().text(".fd-username"), LUZ.username);

    for channel in ["email", "text", "call"] {
        plain.goto("/es/reset-password/");
        plain.press("start");
        walk::reset(&mut plain, &stack, &LUZ, channel);
        assert_eq!(plain.page().language(), Es);
        assert_eq!(plain.page().address, "/es/flows/password-reset");
        plain.press("start-over");
    }
    for message in stack.mail.to(LUZ.email) {
        for english in [" your ", " the ", " you "] {
            assert!(!message.text.contains(english), "{}", message.text);
            assert!(!message.html.contains(english), "{}", message.html);
        }
    }
}

#[test]
fn all_flows_go_through_in_spanish_in_the_widget() {
    let stack = with_luz();
    let invitation = stack.invite(&LUZ);
    let mut browser = Browser::open(&stack, "/es/", Scripts::On);
    browser.click(".jobs a[href$='/es/enroll/']");
    browser.press("start");
    walk::enroll(&mut browser, &stack, &LUZ, &invitation);
    assert_eq!(browser.address(), "/es/enroll/", "all on one page");

    browser.goto("/es/recover-username/");
    browser.press("start");
    walk::recover(&mut browser, &LUZ);
    assert_eq!(
        browser.address(),
        "/es/recover-username/",
        "all on one page"
    );
    stack.mail.link(LUZ.email);

    browser.goto("/es/reset-password/");
    browser.press("start");
    walk::reset(&mut browser, &stack, &LUZ, "text");
    assert_eq!(browser.address(), "/es/reset-password/", "all on one page");
    assert!(stack.opens(&LUZ, walk::NEW_PASSWORD));
    browser.expect_silent_console();
}

#[test]
fn who_changes_the_language_half_way_goes_on_at_the_same_step() {
    let stack = Stack::with_site();
    stack.enrolled(&ROSA);
    let mut plain = Plain::open(&stack, "/flows/password-reset", Cookies::Kept);
    walk::reset_to_code(&mut plain, ROSA.username, "text");
    let english = stack.mail.next_code("text", ROSA.phone);
    assert!(english.text.contains("code"), "{}", english.text);

    let spanish = to_language(&plain.page(), "es");
    plain.goto(&spanish);
    assert_eq!(plain.page().language(), Es);
    plain.expect_step("code");
    stack.advance(jiff::SignedDuration::from_secs(60));
    plain.press("resend");
    plain.expect_notice(words_in(Es, "notice.code-sent"));
    let spanish = stack.mail.next_code("text", ROSA.phone);
    assert!(spanish.text.contains("codigo"), "{}", spanish.text);

    let english = to_language(&plain.page(), "en");
    plain.goto(&english);
    walk::code(&mut plain, &spanish.code().expect("a code"));
    plain.expect_step("new-password");
    plain.expect_title(words("step.new-password.title"));
}

/// The page that answers a press is at the address of the flow, where a browser with cookies
/// is shown the same step.
#[test]
fn whoever_is_told_of_a_problem_goes_on_in_the_other_language() {
    let stack = Stack::with_site();
    let mut plain = Plain::open(&stack, "/flows/password-reset", Cookies::Kept);
    plain.press("continue");
    plain.expect_problem(words("problem.required.username.identify"));
    let spanish = to_language(&plain.page(), "es");
    assert_eq!(spanish, "/es/flows/password-reset");
    plain.goto(&spanish);
    plain.expect_step("identify");
    plain.fill("username", ROSA.username);
    plain.press("continue");
    plain.press("continue");
    plain.expect_problem(words_in(Es, "problem.required.channel"));
    let english = to_language(&plain.page(), "en");
    plain.goto(&english);
    plain.expect_title(words("step.method.title"));

    plain.goto("/staff/sign-in");
    plain.press("continue");
    assert_eq!(to_language(&plain.page(), "es"), "/es/staff/sign-in");
}

/// Without cookies the flow would begin anew there; and what has ended is shown once.
#[test]
fn no_link_to_the_other_language_leads_away_from_what_is_shown() {
    let stack = Stack::with_site();
    stack.enrolled(&ROSA);
    let is_alone = |page: &Page| page.attribute(".top-nav a[hreflang]", "href").is_none();
    let mut plain = Plain::open(&stack, "/flows/password-reset", Cookies::Refused);
    assert!(!is_alone(&plain.page()));
    plain.press("continue");
    plain.expect_problem(words("problem.required.username.identify"));
    assert!(is_alone(&plain.page()));

    let mut plain = Plain::open(&stack, "/flows/sign-in", Cookies::Kept);
    plain.fill("username", ROSA.username);
    plain.fill("password", ROSA.password);
    plain.press("continue");
    plain.goto("/flows/deactivation");
    plain.fill("password", ROSA.password);
    plain.press("continue");
    plain.fill("username", ROSA.username);
    plain.press("continue");
    plain.expect_title(words("step.done.title.deactivation"));
    assert!(is_alone(&plain.page()));
}

/// A look at the address tells no problem, and what was typed was not taken.
#[test]
fn what_ends_the_way_has_no_link_to_the_other_language() {
    let stack = Stack::with(
        &Settings::default()
            .site()
            .key("limits.starts_per_hour", "1"),
    );
    let is_alone = |page: &Page| page.attribute(".top-nav a[hreflang]", "href").is_none();
    let invitation = stack.invite(&ROSA);
    let mut plain = Plain::open(&stack, "/flows/enrollment", Cookies::Kept);
    plain.fill("invitation", &invitation);
    plain.press("continue");
    plain.expect_step("identity");
    assert!(!is_alone(&plain.page()));
    stack.invite(&ROSA);
    walk::identity(&mut plain, &ROSA);
    plain.expect_problem(words("problem.invitation-ended"));
    assert!(is_alone(&plain.page()));

    let mut plain = Plain::open(&stack, "/flows/password-reset", Cookies::Kept);
    assert!(!is_alone(&plain.page()));
    let first = plain.page();
    plain.fill("username", &"x".repeat(70_000));
    plain.press("continue");
    assert_eq!(plain.page().status, 413);
    assert!(is_alone(&plain.page()));

    plain.go_back_to(&first);
    plain.fill("username", ROSA.username);
    plain.press("continue");
    assert_eq!(plain.page().status, 429);
    assert!(is_alone(&plain.page()));
}

/// The same in the widget, where the other language is another page.
#[test]
fn the_widget_takes_a_flow_along_into_the_other_language() {
    let stack = Stack::with_site();
    stack.enrolled(&ROSA);
    let mut browser = Browser::open(&stack, "/reset-password/", Scripts::On);
    browser.press("start");
    walk::reset_to_code(&mut browser, ROSA.username, "text");
    stack.mail.next_code("text", ROSA.phone);
    stack.advance(jiff::SignedDuration::from_secs(60));

    browser.click(".top-nav a[hreflang=es]");
    assert_eq!(browser.address(), "/es/reset-password/");
    let title = words_in(Es, "step.code.title.text");
    wait_for("the flow to go on in Spanish", || {
        (browser.page().title() == title).then_some(())
    });
    browser.press("resend");
    let spanish = stack.mail.next_code("text", ROSA.phone);
    assert!(spanish.text.contains("codigo"), "{}", spanish.text);
}

/// Where the link to another language leads, from this very page.
#[track_caller]
fn to_language(page: &Page, tag: &str) -> String {
    let link = format!(".top-nav a[hreflang={tag}]");
    let link = page.attribute(&link, "href").expect("the other language");
    link.strip_prefix(PUBLIC).unwrap_or(&link).to_owned()
}

/// Every page has its twin, and no link of a Spanish page leads out of Spanish
/// without saying so.
#[test]
fn whoever_begins_in_spanish_stays_in_spanish() {
    let stack = Stack::with_site();
    let mut waiting = vec!["/es/".to_owned(), "/es/flows/enrollment".to_owned()];
    let mut seen = BTreeSet::new();
    while let Some(path) = waiting.pop() {
        if !seen.insert(path.clone()) {
            continue;
        }
        let page = Plain::open(&stack, &path, Cookies::Refused).page();
        assert_eq!((page.status, page.language()), (200, Es), "{path}");
        // The account leads to where one signs in.
        let path = page.address.clone();
        let english = to_language(&page, "en");
        let twin = Plain::open(&stack, &english, Cookies::Refused).page();
        assert_eq!(twin.status, 200, "{path} is {english} in English");
        assert_eq!(to_language(&twin, "es"), path, "and back");
        for link in links(&page) {
            assert!(link.starts_with("/es/"), "{path} leads to {link}");
            waiting.push(link);
        }
    }
    assert!(seen.len() > 55, "{} pages", seen.len());
}

/// Links and forms to pages of ours, without what says that it leads to another language.
fn links(page: &Page) -> Vec<String> {
    let html = Html::parse_document(page.html());
    let wanted = Selector::parse("a[href]:not([hreflang]), form[action]").expect("a selector");
    html.select(&wanted)
        .filter_map(|found| found.attr("href").or_else(|| found.attr("action")))
        .map(|link| link.strip_prefix(PUBLIC).unwrap_or(link))
        .filter(|link| link.starts_with('/'))
        // It is posted to, and no page.
        .filter(|link| !link.ends_with(paths::FEEDBACK))
        .map(|link| link.split('#').next().unwrap_or_default().to_owned())
        .collect()
}

#[test]
fn an_address_that_is_not_there_is_told_in_its_language() {
    let stack = Stack::with_site();
    for (path, told, (other, home)) in [
        ("/nowhere/", "We cannot find this page", ("es", "/es/")),
        ("/es/nowhere/", "No encontramos esta página", ("en", "/")),
        (
            "/es/flows/nothing",
            "No encontramos esta página",
            ("en", "/"),
        ),
    ] {
        let page = Plain::open(&stack, path, Cookies::Refused).page();
        assert_eq!(page.status, 404, "{path}");
        assert_eq!(page.text("h1"), told, "{path}");
        assert_eq!(to_language(&page, other), home, "{path}");
    }
    let link = "/es/flows/password-reset/link?token=x";
    let mut plain = Plain::open(&stack, link, Cookies::Refused);
    plain.expect_title(words_in(Es, "reveal.gone.title"));
}

#[test]
fn answers_are_found_by_what_people_type_in_spanish() {
    let stack = Stack::with_site();
    let mut browser = Browser::open(&stack, "/es/", Scripts::On);
    for (typed, found) in [
        (
            "olvide mi contrasena",
            "/es/faq/username-and-password/forgot-password/",
        ),
        ("password", "/es/reset-password/"),
        ("celular perdido", "/es/faq/phone-and-codes/lost-phone/"),
        ("spam", "/es/faq/email/in-spam/"),
    ] {
        let clear = "document.getElementById('search-words').value = '';
            document.querySelector('.search-status').textContent = '';";
        browser.script(clear, Vec::new());
        browser.click("#search-words");
        browser.keys(typed);
        let links = wait_for(&format!("answers to {typed:?}"), || {
            let page = browser.page();
            let told = page.text(".search-status");
            (!told.is_empty()).then(|| links_found(&page))
        });
        let first: Vec<_> = links.iter().take(3).collect();
        assert!(
            first.iter().any(|link| link.ends_with(found)),
            "{typed:?} finds {first:?}"
        );
    }
}

fn links_found(page: &Page) -> Vec<String> {
    let html = Html::parse_document(page.html());
    let wanted = Selector::parse(".search-found a").expect("a selector");
    let links = html.select(&wanted).filter_map(|found| found.attr("href"));
    links.map(str::to_owned).collect()
}
