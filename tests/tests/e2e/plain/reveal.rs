//! The page behind the emailed link, as a person sees it.

use frontdesk_tests::people::ROSA;
use frontdesk_tests::{Cookies, PORTAL, PUBLIC, Plain, Request, Stack, Visitor, walk, words};

#[test]
fn a_used_link_says_so_and_leads_on() {
    let stack = Stack::start();
    stack.enrolled(&ROSA);
    let mut plain = Plain::open(&stack, "/flows/username-recovery", Cookies::Kept);
    walk::recover(&mut plain, &ROSA);
    let link = stack.mail.link(ROSA.email);
    let path = link.strip_prefix(PUBLIC).expect("our own link");
    plain.goto(path);
    let asked = plain.page();
    plain.press("show");
    plain.expect_title(words("reveal.shown.title"));
    let sign_in = plain.page().attribute(".fd-flow a.fd-button", "href");
    assert_eq!(sign_in.as_deref(), Some(PORTAL));
    let reset = plain
        .page()
        .attribute(".fd-flow a.fd-button--quiet", "href");
    assert_eq!(reset.as_deref(), Some("/reset-password/"));

    // Pressed again after the back button, and opened again from the email.
    plain.go_back_to(&asked);
    plain.press("show");
    plain.expect_title(words("reveal.gone.title"));
    plain.goto(path);
    plain.expect_title(words("reveal.gone.title"));
    let page = plain.page();
    assert_eq!(page.status, 410);
    assert!(!page.html().contains(ROSA.username));
    let way_on = page.attribute(".fd-flow a.fd-button", "href");
    assert_eq!(way_on.as_deref(), Some("/recover-username/"));
    assert!(
        page.text(".fd-support").contains("888-747-4255"),
        "support is on it"
    );
}

/// The link goes to an email: whoever opens it may sit at another machine.
#[test]
fn the_link_works_in_another_browser() {
    let stack = Stack::start();
    stack.enrolled(&ROSA);
    let mut asking = Plain::open(&stack, "/flows/username-recovery", Cookies::Kept);
    walk::recover(&mut asking, &ROSA);
    let link = stack.mail.link(ROSA.email);
    let path = link.strip_prefix(PUBLIC).expect("our own link");
    let mut other = Plain::open(&stack, path, Cookies::Refused);
    other.press("show");
    assert_eq!(other.page().text(".fd-username"), ROSA.username);
}

/// Another site could show people a username that is not theirs, as if it were.
#[test]
fn a_form_of_another_site_shows_no_username_and_uses_no_link_up() {
    let stack = Stack::start();
    stack.enrolled(&ROSA);
    let mut plain = Plain::open(&stack, "/flows/username-recovery", Cookies::Kept);
    walk::recover(&mut plain, &ROSA);
    let link = stack.mail.link(ROSA.email);
    let path = link.strip_prefix(PUBLIC).expect("our own link");
    let (page, token) = path.split_once("?token=").expect("a token");
    for (name, value) in [
        ("sec-fetch-site", "cross-site"),
        ("sec-fetch-site", "same-site"),
        ("origin", "https://evil.example.net"),
    ] {
        let forged = Request::new("POST", page).form(&[("token", token)]);
        let reply = stack.client.send(forged.header(name, value));
        reply.expect(303);
        assert!(!reply.body.contains(ROSA.username), "{name}: {value}");
    }
    plain.goto(path);
    // Where nothing is told, the link's token decides, and no cookie changes.
    let held = plain.cookies().clone();
    plain.send_forged(page, &[("token", "")], &[("origin", "null")]);
    plain.expect_title(words("reveal.gone.title"));
    plain.send_forged(page, &[("token", token)], &[("origin", "null")]);
    plain.expect_title(words("reveal.shown.title"));
    assert_eq!(*plain.cookies(), held);
}
