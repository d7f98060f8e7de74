//! "Did this answer your question?", without scripts.

use frontdesk_tests::{Reply, Request, Settings, Stack, words};
use protocol::paths;

const PAGE: &str = "/faq/username-and-password/forgot-password/";

fn site() -> Stack {
    Stack::with(&Settings::default().site())
}

fn give(stack: &Stack, page: &str, button: &str) -> Reply {
    let form = [("page", page), (button, "x")];
    stack
        .client
        .send(Request::new("POST", paths::FEEDBACK).form(&form))
}

/// What is counted of the page, as `yes` and `no`.
fn counted(stack: &Stack, page: &str) -> (i64, i64) {
    let sum = |what| {
        let sql = format!("SELECT coalesce(sum({what}), 0) FROM feedback WHERE page = '{page}'");
        stack.number(&sql)
    };
    (sum("yes"), sum("no"))
}

#[test]
fn an_answer_page_asks_and_what_is_said_is_counted_once() {
    let stack = site();
    for (prefix, question) in [
        ("", "Did this answer your question?"),
        ("/es", "¿Esta página respondió a su pregunta?"),
    ] {
        let page = format!("{prefix}{PAGE}");
        let shown = stack.client.send(Request::new("GET", &page));
        assert!(shown.body.contains(question), "{}", shown.body);
        let action = format!("action=\"{prefix}/feedback\"");
        assert!(shown.body.contains(&action), "{}", shown.body);
        let value = format!("name=\"page\" value=\"{page}\"");
        assert!(shown.body.contains(&value), "{}", shown.body);
    }
    for (button, expected) in [("yes", (1, 0)), ("no", (1, 1)), ("no", (1, 2))] {
        let given = give(&stack, PAGE, button);
        given.expect(303);
        let thanks = given.header("location").expect("a way on").to_owned();
        // Loaded twice, and counted once.
        for _ in 0..2 {
            let thanked = stack.client.send(Request::new("GET", &thanks));
            thanked.expect(200);
            assert!(thanked.body.contains(words(&format!("feedback.{button}"))));
            assert!(thanked.body.contains(&format!("href=\"{PAGE}\"")));
        }
        assert_eq!(counted(&stack, PAGE), expected);
    }
}

#[test]
fn whoever_is_thanked_can_change_the_language() {
    let stack = site();
    let thanks = format!("/es{}?helped=no&page={PAGE}", paths::FEEDBACK);
    let thanked = stack.client.send(Request::new("GET", &thanks));
    thanked.expect(200);
    assert!(thanked.body.contains("Busque otra respuesta"));
    assert!(thanked.body.contains(&format!("href=\"/es{PAGE}\"")));
}

/// Nothing of whoever has answered is kept.
#[test]
fn a_count_names_a_page_and_a_day_and_nobody() {
    let stack = site();
    let lines = || stack.number("SELECT count(*) FROM audit");
    let before = lines();
    give(&stack, PAGE, "yes").expect(303);
    let columns = stack.number(
        "SELECT count(*) FROM feedback WHERE page IS NOT NULL AND length(day) = 10 AND yes + no = 1",
    );
    assert_eq!(columns, 1);
    assert_eq!(lines(), before);
}

#[test]
fn only_pages_of_the_site_are_counted() {
    let stack = site();
    for page in [
        "",
        "/",
        "/no-such-page/",
        "/faq/../faq/",
        "//example.org/",
        "https://example.org/",
        "/css/",
    ] {
        give(&stack, page, "yes").expect(404);
        let thanks = format!("{}?helped=yes&page={page}", paths::FEEDBACK);
        let thanked = stack.client.send(Request::new("GET", &thanks));
        thanked.expect(404);
    }
    give(&stack, PAGE, "neither").expect(400);
    assert_eq!(stack.number("SELECT count(*) FROM feedback"), 0);
}

#[test]
fn a_form_of_another_site_counts_nothing() {
    let stack = site();
    let form = [("page", PAGE), ("no", "x")];
    let request = Request::new("POST", paths::FEEDBACK).form(&form);
    let reply = stack
        .client
        .send(request.header("sec-fetch-site", "cross-site"));
    assert_eq!(reply.header("location"), Some(PAGE));
    assert_eq!(counted(&stack, PAGE), (0, 0));
}

#[test]
fn one_network_answers_so_often_an_hour() {
    let stack = site();
    for _ in 0..120 {
        give(&stack, PAGE, "no").expect(303);
    }
    let over = give(&stack, PAGE, "no");
    over.expect(429);
    assert!(over.header("retry-after").is_some());
    assert!(over.body.contains(&format!("href=\"{PAGE}\"")));
    assert_eq!(counted(&stack, PAGE), (0, 120));
}
