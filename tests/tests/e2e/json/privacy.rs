//! Where links and redirects lead, and what protects every answer and cookie.

use frontdesk_tests::people::ROSA;
use frontdesk_tests::{Cookies, PUBLIC, Plain, Reply, Request, Settings, Stack, Visitor};
use protocol::paths;
use serde_json::json;

#[test]
fn links_point_to_the_configured_address_whatever_a_request_says() {
    let stack = Stack::start();
    stack.enrolled(&ROSA);
    let forged = |request: Request| {
        request
            .header("host", "evil.example.net")
            .header("x-forwarded-host", "evil.example.net")
            .header("x-forwarded-proto", "gopher")
            .header("forwarded", "host=evil.example.net;proto=gopher")
    };
    let body = json!({"kind": "username-recovery"});
    let reply = stack
        .client
        .send(forged(Request::new("POST", paths::FLOWS).json(&body)));
    let token = reply.json()["token"].as_str().map(str::to_owned);
    let answers = json!({"step": "personal-info", "answers": ROSA.personal_info()});
    let request = Request::new("POST", paths::ANSWERS)
        .bearer(&token.expect("a token"))
        .json(&answers);
    stack.client.send(forged(request)).at("check-email");
    assert!(stack.mail.link(ROSA.email).starts_with(PUBLIC));

    let request = identify(ROSA.username).header("cookie", &format!("flow-cookies={PROBE}"));
    let page = stack.client.send(forged(request));
    assert_eq!(
        page.header("location"),
        Some("/flows/password-reset"),
        "a redirect stays where the person is"
    );
    let everything = format!("{:?}{page:?}", stack.mail.all());
    assert!(!everything.contains("evil"), "{everything}");
}

#[test]
fn every_answer_carries_the_headers_that_protect_it() {
    let settings = Settings::default().site();
    let stack = Stack::with(&settings.clone().base_url("https://help.example.org"));
    let home = Plain::open(&stack, "/", Cookies::Refused).page();
    let style = home.attribute("link[rel=stylesheet]", "href");
    let style = style.expect("the page names its style sheet");
    let page = "no-cache";
    let file = "public, max-age=31536000, immutable";
    let personal = "no-store";
    for (path, cached) in [
        ("/", page),
        ("/enroll/", page),
        (&style, file),
        ("/nothing/", personal),
        ("/flows/enrollment", personal),
        ("/flows/username-recovery/show?token=x", personal),
        ("/flows/nothing", personal),
        ("/api/v1/flow", personal),
        ("/api/v1/nothing", personal),
        ("/healthz", personal),
    ] {
        protected(path, &stack.client.get(path), cached);
    }
    let body = json!({"kind": "password-reset", "locale": "en"});
    let post = |path| Request::new("POST", path);
    for (what, request, status) in [
        ("a flow that begins", post(paths::FLOWS).json(&body), 201),
        ("a refusal", post(paths::ANSWERS).json(&body), 401),
        ("the next step", identify("x.y.z"), 200),
        ("a mistake", identify(""), 422),
        ("a redirect", with_probe(identify("x.y.z")), 303),
        (
            "a used link",
            post(paths::REVEAL_USERNAME).form(&[("token", "x")]),
            410,
        ),
    ] {
        let reply = stack.client.send(request);
        reply.expect(status);
        protected(what, &reply, personal);
    }
    let plain_http = Stack::with(&settings);
    for path in ["/", "/flows/enrollment"] {
        assert_eq!(
            plain_http
                .client
                .get(path)
                .header("strict-transport-security"),
            None,
            "over plain HTTP it would be ignored at best"
        );
    }
}

/// What a browser that keeps cookies holds, and our first forms with it.
const PROBE: &str = "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";

/// The first answer of a password reset by the plain form.
fn identify(username: &str) -> Request {
    Request::new("POST", "/flows/password-reset").form(&[
        ("step", "identify"),
        ("username", username),
        ("probe", PROBE),
        ("action-continue", "Continue"),
    ])
}

/// From a browser that has shown that it keeps cookies.
fn with_probe(request: Request) -> Request {
    request.header("cookie", &format!("__Host-flow-cookies={PROBE}"))
}

#[track_caller]
fn protected(what: &str, reply: &Reply, cached: &str) {
    let header = |name| reply.header(name).unwrap_or_default();
    let policy = header("content-security-policy");
    for part in [
        "default-src 'none'",
        "script-src 'self' 'wasm-unsafe-eval'",
        "form-action 'self'",
        "frame-ancestors 'none'",
        "base-uri 'none'",
    ] {
        assert!(policy.contains(part), "{what} should say {part}: {policy}");
    }
    assert!(!policy.contains("unsafe-inline"), "{what}: {policy}");
    for (name, value) in [
        ("referrer-policy", "no-referrer"),
        ("x-content-type-options", "nosniff"),
        ("x-frame-options", "DENY"),
        ("cross-origin-opener-policy", "same-origin"),
        ("cache-control", cached),
    ] {
        assert_eq!(header(name), value, "{what} should say {name}");
    }
    assert!(
        header("strict-transport-security").contains("max-age="),
        "{what}"
    );
}

#[test]
fn every_cookie_is_kept_from_scripts_and_from_other_sites() {
    let stack = Stack::with(&Settings::default().base_url("https://help.example.org"));
    let mut seen = Vec::new();
    for request in [
        Request::new("GET", "/flows/password-reset"),
        with_probe(identify("x.y.z")),
        with_probe(identify("")),
    ] {
        let reply = stack.client.send(request);
        for cookie in reply.all_headers("set-cookie") {
            let (name, rest) = cookie.split_once('=').expect("a cookie has a name");
            let (_, attributes) = rest.split_once("; ").expect("a cookie has attributes");
            let mut attributes: Vec<_> = attributes.split("; ").collect();
            attributes.sort_unstable();
            assert_eq!(
                attributes,
                ["HttpOnly", "Path=/", "SameSite=Lax", "Secure"],
                "{name}"
            );
            seen.push(name.to_owned());
        }
    }
    let flow = "__Host-flow-password-reset";
    assert_eq!(seen, ["__Host-flow-cookies", flow, flow]);
}

#[test]
fn no_address_of_a_page_leads_to_another_host() {
    let stack = Stack::with_site();
    let folder = stack.client.get("/faq");
    assert_eq!(folder.header("location"), Some("/faq/"));
    for path in ["//faq", "///faq", "//example.org/..", "//faq/.."] {
        let reply = stack.client.get(path);
        reply.expect(404);
        assert_eq!(reply.header("location"), None, "{path}");
        assert!(reply.body.contains("<main"), "{}", reply.body);
    }
}
