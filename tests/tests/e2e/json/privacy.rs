//! What must never leave, and what must always be said.

use frontdesk_tests::people::{ROSA, SEAN};
use frontdesk_tests::walk::NEW_PASSWORD;
use frontdesk_tests::{PUBLIC, Request, Settings, Stack, logs};
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

    let request = Request::new("POST", "/flows/password-reset").form(&[
        ("step", "identify"),
        ("username", ROSA.username),
        ("action", "continue"),
    ]);
    let page = stack
        .client
        .send(forged(request.header("cookie", "flow-cookies=1")));
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
    let stack = Stack::with(&Settings::default().base_url("https://help.example.org"));
    for path in [
        "/flows/enrollment",
        "/flows/username-recovery/show?token=x",
        "/flows/nothing",
        "/api/v1/flow",
        "/api/v1/nothing",
        "/healthz",
    ] {
        let reply = stack.client.get(path);
        let header = |name| reply.header(name).unwrap_or_default();
        let policy = header("content-security-policy");
        for part in [
            "default-src 'none'",
            "script-src 'self' 'wasm-unsafe-eval'",
            "form-action 'self'",
            "frame-ancestors 'none'",
            "base-uri 'none'",
        ] {
            assert!(policy.contains(part), "{path} should say {part}: {policy}");
        }
        assert!(!policy.contains("unsafe-inline"), "{path}: {policy}");
        assert_eq!(header("referrer-policy"), "no-referrer", "{path}");
        assert_eq!(header("x-content-type-options"), "nosniff", "{path}");
        assert_eq!(header("cache-control"), "no-store", "{path}");
        assert!(
            header("strict-transport-security").contains("max-age="),
            "{path}"
        );
    }
    for cookie in stack
        .client
        .get("/flows/enrollment")
        .all_headers("set-cookie")
    {
        for part in [
            "__Host-",
            "; Secure",
            "; HttpOnly",
            "; SameSite=Lax",
            "; Path=/",
        ] {
            assert!(
                cookie.contains(part),
                "a cookie should have {part}: {cookie}"
            );
        }
    }
    let plain_http = Stack::start().client.get("/flows/enrollment");
    assert_eq!(
        plain_http.header("strict-transport-security"),
        None,
        "over plain HTTP it would be ignored at best"
    );
}

/// Walks everything that takes or makes a secret, and looks for each of them in
/// the log and in the bytes on the disk.
#[test]
fn neither_log_nor_database_holds_a_secret_in_the_clear() {
    let stack = Stack::start();
    stack.enrolled(&ROSA);
    let at_credentials = stack.enrolling(&SEAN);
    let refused = json!({"username": "sean kettle", "password": SEAN.password});
    at_credentials.answer("credentials", &refused).expect(422);
    let recovery = stack.begin("username-recovery");
    recovery
        .answer("personal-info", &ROSA.personal_info())
        .at("check-email");
    let link = stack.mail.link(ROSA.email);
    let (_, link_token) = link.split_once("token=").expect("a token");
    let path = link.strip_prefix(PUBLIC).expect("a path");
    stack.client.get(path).expect(200);
    let form = Request::new("POST", paths::REVEAL_USERNAME).form(&[("token", link_token)]);
    stack.client.send(form).expect(200);
    let invitation = stack.invite(&SEAN);
    stack
        .client
        .get(&format!("/flows/enrollment?invitation={invitation}"))
        .expect(200);
    let reset = stack.at_reset_code(ROSA.username, "text");
    let code = stack.mail.code("text", ROSA.phone);
    reset
        .answer("code", &json!({"code": code}))
        .at("new-password");
    reset
        .answer("new-password", &json!({"password": NEW_PASSWORD}))
        .at("done");
    stack.settle();

    let bare_invitation = invitation.replace('-', "");
    let mut secrets = vec![
        link_token,
        &invitation,
        &bare_invitation,
        &reset.token,
        &at_credentials.token,
        &recovery.token,
        NEW_PASSWORD,
        "desk@example.org",
        "rosa.heron",
        "sean kettle",
        "1951-03-27",
        "1944-02-29",
    ];
    for person in [ROSA, SEAN] {
        secrets.extend([
            person.given,
            person.family,
            person.phone,
            &person.phone[2..],
            person.email,
            person.username,
            person.password,
            person.mrn,
        ]);
    }
    let log = logs();
    assert!(
        log.contains("/flows/{kind}") && log.contains("a message is done"),
        "the log should hold what was done"
    );
    let stored = stack.stored();
    assert!(stored.len() >= 2, "a file and its journal, or the tables");
    for secret in secrets {
        assert!(!log.contains(secret), "the log holds {secret}");
        for (place, bytes) in &stored {
            let found = bytes
                .windows(secret.len())
                .any(|window| window.eq_ignore_ascii_case(secret.as_bytes()));
            assert!(!found, "{place} holds {secret} in the clear");
        }
    }
}
