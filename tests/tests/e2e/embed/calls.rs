//! What browsers are told of which origin may do what (the CORS protocol of Fetch), over HTTP.

use frontdesk_tests::people::ROSA;
use frontdesk_tests::{Reply, Request, Settings, Stack, wait_for};
use protocol::paths;
use serde_json::json;

const CLINIC: &str = "https://www.clinic.example.org";
const SECOND: &str = "https://clinic.example.net:8443";

const ALLOW_ORIGIN: &str = "access-control-allow-origin";

/// The calls of a flow, and what a page sends to each.
const CALLS: [(&str, &str, &str); 6] = [
    ("POST", paths::FLOWS, "content-type"),
    ("GET", paths::FLOW, "authorization,content-type"),
    ("POST", paths::ANSWERS, "authorization,content-type"),
    ("POST", paths::RESEND, "authorization,content-type"),
    ("POST", paths::BACK, "authorization,content-type"),
    ("POST", paths::EXTEND, "authorization,content-type"),
];

/// A server on whose list two sites stand.
fn listing(settings: Settings) -> Stack {
    let listed = format!("{CLINIC}, {SECOND}");
    Stack::with(&settings.key("http.embed_origins", &listed))
}

/// A request by a browser that shows a page of `origin`.
fn from(origin: &str, method: &str, path: &str) -> Request {
    Request::new(method, path)
        .header("origin", origin)
        .header("sec-fetch-site", "cross-site")
}

/// What a browser asks before the call itself.
fn preflight(stack: &Stack, origin: &str, method: &str, path: &str, headers: &str) -> Reply {
    let request = from(origin, "OPTIONS", path)
        .header("access-control-request-method", method)
        .header("access-control-request-headers", headers);
    stack.client.send(request)
}

/// The members of a list in a header, in lower case.
fn listed(reply: &Reply, name: &str) -> Vec<String> {
    let values = reply.all_headers(name).flat_map(|value| value.split(','));
    let mut members: Vec<_> = values.map(|it| it.trim().to_ascii_lowercase()).collect();
    members.sort();
    members
}

/// Asserts that a page of `origin` may read the answer, without cookies, and that no cache
/// takes it for anybody else's.
#[track_caller]
fn is_shared(reply: &Reply, origin: &str) {
    let allowed: Vec<_> = reply.all_headers(ALLOW_ORIGIN).collect();
    assert_eq!(allowed, [origin], "{reply:?}");
    assert!(
        listed(reply, "vary").contains(&"origin".to_owned()),
        "{reply:?}"
    );
    assert_eq!(reply.header("access-control-allow-credentials"), None);
}

#[track_caller]
fn is_closed(reply: &Reply) {
    assert_eq!(reply.header(ALLOW_ORIGIN), None, "{reply:?}");
    assert_eq!(reply.header("access-control-allow-credentials"), None);
}

#[test]
fn a_listed_site_is_told_what_it_may_send_before_it_does() {
    let stack = listing(Settings::default());
    for origin in [CLINIC, SECOND] {
        for (method, path, headers) in CALLS {
            let reply = preflight(&stack, origin, method, path, headers);
            assert!((200..300).contains(&reply.status), "{reply:?}");
            is_shared(&reply, origin);
            assert_eq!(
                listed(&reply, "access-control-allow-methods"),
                ["get", "post"]
            );
            assert_eq!(
                listed(&reply, "access-control-allow-headers"),
                ["authorization", "content-type"]
            );
            assert_eq!(reply.header("access-control-max-age"), Some("3600"));
        }
    }
}

#[test]
fn a_listed_site_may_read_answers_and_refusals() {
    let settings = Settings::default().key("limits.starts_per_network_hour", "2");
    let stack = listing(settings);
    let ask = |request: Request| {
        let reply = stack.client.send(request);
        is_shared(&reply, CLINIC);
        reply
    };
    let start = || from(CLINIC, "POST", paths::FLOWS).json(&json!({"kind": "password-reset"}));
    let begun = ask(start()).at("identify");
    let token = begun["token"].as_str().expect("a token");
    let go_on = |method: &str, path: &str| from(CLINIC, method, path).bearer(token);
    let answer = |answers| {
        go_on("POST", paths::ANSWERS).json(&json!({"step": "identify", "answers": answers}))
    };
    ask(answer(json!({}))).problem(422, "invalid-answers");
    ask(answer(json!({"username": ROSA.username}))).at("method");
    ask(go_on("GET", paths::FLOW)).at("method");
    ask(go_on("POST", paths::RESEND)).problem(409, "nothing-to-resend");
    ask(go_on("POST", paths::BACK)).at("identify");
    ask(from(CLINIC, "GET", paths::FLOW)).problem(401, "unknown-flow");
    ask(start()).at("identify");
    let refused = ask(start());
    refused.problem(429, "over-limit");
    assert_eq!(
        listed(&refused, "access-control-expose-headers"),
        ["retry-after"]
    );
}

/// A full house answers before any handler does.
#[test]
fn a_listed_site_is_told_of_a_full_house() {
    let stack = listing(Settings::default().key("load.requests", "1"));
    let held = stack.hold_database();
    std::thread::scope(|scope| {
        // Its place is the only one; whoever looks may be there a moment before it.
        let waiting = scope.spawn(|| {
            let body = json!({"kind": "password-reset"});
            let begin = Request::new("POST", paths::FLOWS).json(&body);
            while stack.client.send(begin.clone()).header("retry-after") == Some("2") {}
        });
        let full = wait_for("the house to be full", || {
            let reply = stack.client.send(from(CLINIC, "GET", paths::FLOW));
            (reply.status == 503).then_some(reply)
        });
        full.problem(503, "unavailable");
        is_shared(&full, CLINIC);
        held.let_go();
        waiting.join().expect("an answer");
    });
}

#[test]
fn a_site_that_is_not_listed_may_read_nothing() {
    let stack = listing(Settings::default().site());
    for origin in [
        "https://evil.example.net",
        "https://clinic.example.net",
        "https://www.clinic.example.org.evil.example.net",
        "https://www.clinic.example.org:444",
        "https://clinic.example.org",
        "http://www.clinic.example.org",
        "HTTPS://WWW.CLINIC.EXAMPLE.ORG",
        "null",
        "*",
        "",
    ] {
        for (method, path, headers) in CALLS {
            is_closed(&preflight(&stack, origin, method, path, headers));
            is_closed(&stack.client.send(from(origin, method, path)));
        }
        let loader = from(origin, "GET", "/widget/verify-widget.js");
        is_closed(stack.client.send(loader).expect(200));
    }
}

#[test]
fn without_a_list_no_other_site_may_read_anything() {
    let stack = Stack::with_site();
    for (method, path, headers) in CALLS {
        let reply = preflight(&stack, CLINIC, method, path, headers);
        is_closed(reply.expect(405));
    }
    let loader = from(CLINIC, "GET", "/widget/verify-widget.js");
    let reply = stack.client.send(loader);
    is_closed(reply.expect(200));
    let vary = listed(&reply, "vary");
    assert!(
        vary.contains(&"origin".to_owned()),
        "a site may be listed later"
    );
}

#[test]
fn the_widgets_files_are_shared_with_listed_sites() {
    let stack = listing(Settings::default().site());
    let get = |path: &str| stack.client.send(from(CLINIC, "GET", path));
    let loader = get("/widget/verify-widget.js");
    is_shared(loader.expect(200), CLINIC);
    let parts = loader.body.split('"');
    let names: Vec<_> = parts.filter(|part| part.starts_with("glue-")).collect();
    assert_eq!(names.len(), 2, "one of each language: {names:?}");
    for name in names {
        is_shared(get(&format!("/widget/{name}")).expect(200), CLINIC);
    }
}

#[test]
fn pages_forms_and_the_account_are_closed_to_listed_sites_too() {
    let stack = listing(Settings::default().site());
    for path in [
        "/",
        "/css/main.css",
        "/search_index.en.json",
        "/sign-in/",
        "/account",
        "/es/account",
        "/flows/enrollment",
        "/flows/sign-in",
        "/flows/username-recovery/show",
        "/flows/password-reset/link",
        paths::CONNECTIONS,
        paths::WITHDRAWAL,
        paths::OPENAPI,
        "/healthz",
        "/readyz",
    ] {
        for method in ["GET", "POST"] {
            is_closed(&preflight(&stack, CLINIC, method, path, "content-type"));
            let form = from(CLINIC, method, path).header("content-type", "text/plain");
            is_closed(&stack.client.send(form));
        }
    }
}

/// Neither from the beginning nor with a flow that began on our own site.
#[test]
fn nobody_signs_in_from_another_site() {
    let stack = listing(Settings::default());
    stack.enrolled(&ROSA);
    let begin = from(CLINIC, "POST", paths::FLOWS).json(&json!({"kind": "sign-in"}));
    stack.client.send(begin).problem(403, "needs-cookies");
    let ours = stack.begin("sign-in");
    let answers = json!({"username": ROSA.username, "password": ROSA.password});
    let body = json!({"step": "sign-in", "answers": answers});
    for (method, path) in [
        ("GET", paths::FLOW),
        ("POST", paths::ANSWERS),
        ("POST", paths::RESEND),
        ("POST", paths::BACK),
        ("POST", paths::EXTEND),
    ] {
        let request = from(CLINIC, method, path).bearer(&ours.token);
        let request = match method {
            "GET" => request,
            _ => request.json(&body),
        };
        let reply = stack.client.send(request);
        reply.problem(403, "needs-cookies");
        assert_eq!(reply.header("set-cookie"), None);
    }
    // A browser that tells nothing but where the page is from.
    let request = Request::new("POST", paths::ANSWERS)
        .header("origin", CLINIC)
        .bearer(&ours.token);
    let reply = stack.client.send(request.json(&body));
    reply.problem(403, "needs-cookies");
    assert_eq!(stack.number("SELECT count(*) FROM sessions"), 0);
    let here = ours.answer("sign-in", &answers);
    here.at("done");
    assert_eq!(stack.number("SELECT count(*) FROM sessions"), 1);
}
