//! Requests that are none: told as such, with nothing changed.

use frontdesk_tests::people::ROSA;
use frontdesk_tests::{Flow, Request, Stack};
use protocol::paths;
use serde_json::{Value, json};

#[test]
fn what_is_no_request_is_refused() {
    let stack = Stack::start();
    let send = |request: Request| stack.client.send(request);
    let begin = || Request::new("POST", paths::FLOWS);
    for body in [
        "",
        "{",
        "[]",
        "null",
        "{}",
        "{\"kind\":\"sign-me-up\"}",
        "{\"kind\":7}",
        "{\"kind\":null}",
        // What serde would take for the same.
        "[\"enrollment\"]",
        "[\"enrollment\",\"en\"]",
        "{\"kind\":{\"enrollment\":null}}",
        "\u{0}",
    ] {
        send(begin().body("application/json", body)).problem(400, "bad-request");
    }
    let good = "{\"kind\":\"enrollment\"}";
    for kind in ["text/plain", "application/x-www-form-urlencoded", ""] {
        send(begin().body(kind, good)).problem(400, "bad-request");
    }
    send(begin().body("application/json", b"{\"kind\":\"\xff\"}".to_vec()))
        .problem(400, "bad-request");
    assert_eq!(stack.number("SELECT count(*) FROM flows"), 0);

    // What a hand-written client may do, it may.
    for kind in ["application/json; charset=utf-8", "APPLICATION/JSON"] {
        send(begin().body(kind, good)).at("invitation");
    }
    let tongues = json!({"kind": "enrollment", "locale": "pl", "more": [1, 2]});
    send(begin().json(&tongues)).at("invitation");
}

#[test]
fn answers_of_another_shape_are_refused() {
    let stack = Stack::start();
    let flow = stack.begin("password-reset");
    for body in [
        json!({"answers": {"username": "rosa"}}),
        json!({"step": "no-such-step", "answers": {}}),
        json!({"step": "identify", "answers": ["rosa"]}),
        json!({"step": "identify", "answers": {"username": 7}}),
        json!({"step": "identify", "answers": {"username": null}}),
        json!({"step": "identify", "answers": {"username": {"$ne": ""}}}),
        json!({"step": {"identify": null}, "answers": {"username": "rosa"}}),
        json!(["identify", {"username": "rosa"}]),
    ] {
        let request = Request::new("POST", paths::ANSWERS).bearer(&flow.token);
        stack
            .client
            .send(request.json(&body))
            .problem(400, "bad-request");
    }
    for body in [
        json!({"channel": "pigeon"}),
        json!({"channel": {"text": null}}),
        json!(["text"]),
        json!([]),
    ] {
        let request = Request::new("POST", paths::RESEND).bearer(&flow.token);
        let reply = stack.client.send(request.json(&body));
        reply.problem(400, "bad-request");
    }
    flow.view().at("identify");
}

#[test]
fn a_body_of_more_than_64_kib_is_refused() {
    let stack = Stack::start();
    let flow = stack.begin("password-reset");
    let send = |length: usize| {
        let empty = r#"{"step":"identify","answers":{"username":""}}"#;
        let name = "x".repeat(length - empty.len());
        let body = empty.replace("\"\"", &format!("\"{name}\""));
        assert_eq!(body.len(), length);
        let request = Request::new("POST", paths::ANSWERS).bearer(&flow.token);
        let request = request.body("application/json", body);
        stack.client.send(request.asking_first())
    };
    send(64 * 1024).fields(&json!({"username": "too-long"}));
    // One byte too many and no more: what is still on its way when a server
    // refuses can take the answer along with the connection.
    send(64 * 1024 + 1).problem(413, "too-large");
    flow.view().at("identify");
}

#[test]
fn a_token_that_is_none_opens_nothing() {
    let stack = Stack::start();
    let flow = stack.begin("password-reset");
    let mut changed = flow.token.clone();
    let first = if changed.starts_with('A') { "B" } else { "A" };
    changed.replace_range(..1, first);
    for token in ["", "x", &changed, &"A".repeat(43), &"A".repeat(8000)] {
        let stranger = Flow::with_token(&stack.client, token);
        stranger.view().problem(401, "unknown-flow");
        stranger
            .answer("identify", &json!({"username": "rosa"}))
            .problem(401, "unknown-flow");
        stranger.resend(None).problem(401, "unknown-flow");
        stranger.back().problem(401, "unknown-flow");
    }
    for value in [
        format!("Basic {}", flow.token),
        flow.token.clone(),
        "Bearer".to_owned(),
    ] {
        let request = Request::new("GET", paths::FLOW).header("authorization", &value);
        stack.client.send(request).problem(401, "unknown-flow");
    }
    stack
        .client
        .get(&format!("{}?token={}", paths::FLOW, flow.token))
        .problem(401, "unknown-flow");
    flow.view().at("identify");
}

#[test]
fn other_methods_and_addresses_do_nothing() {
    let stack = Stack::start();
    let flow = stack.begin("password-reset");
    for path in [
        paths::FLOWS,
        paths::ANSWERS,
        paths::RESEND,
        paths::BACK,
        paths::EXTEND,
    ] {
        for method in ["GET", "HEAD", "PUT", "DELETE", "PATCH"] {
            let request = Request::new(method, path).bearer(&flow.token);
            stack.client.send(request).expect(405);
        }
    }
    stack
        .client
        .get("/api/v1/nothing")
        .problem(404, "not-found");
    stack.client.get("/flows/nothing").expect(404);
    flow.view().at("identify");
    assert_eq!(stack.number("SELECT count(*) FROM flows"), 1);
}

/// Every field, wrong in the ways that hands get it wrong; nothing is guessed
/// at, so however often this is done, no try is spent.
#[test]
fn every_field_that_makes_no_sense_is_named() {
    let stack = Stack::start();
    let flow = stack.at_phone(&ROSA);
    let long = "x".repeat(257);
    let phones: [(&str, &str); 10] = [
        ("", "required"),
        ("\0", "required"),
        ("555-0131", "invalid-phone"),
        ("207-555-0131 x4", "phone-extension"),
        ("900-555-0131", "invalid-phone"),
        ("+44 7911 123456", "invalid-phone"),
        ("my phone", "invalid-phone"),
        ("rosa@example.org", "invalid-phone"),
        ("888-747-4255", "toll-free-phone"),
        (&long, "too-long"),
    ];
    for (phone, problem) in phones {
        flow.answer("phone", &json!({"phone": phone, "channel": "text"}))
            .fields(&json!({ "phone": problem }));
    }
    flow.answer("phone", &json!({}))
        .fields(&json!({"phone": "required", "channel": "required"}));
    flow.answer("phone", &json!({"phone": ROSA.phone, "channel": "fax"}))
        .fields(&json!({"channel": "invalid-choice"}));

    flow.back().at("identity");
    let wrong = |key: &str, value: &str, problem: &str| {
        let mut identity = ROSA.identity();
        identity[key] = value.into();
        flow.answer("identity", &identity)
            .fields(&Value::from_iter([(key, problem)]));
    };
    for key in ["given_name", "family_name", "birth_date", "postal_code"] {
        wrong(key, "", "required");
        wrong(key, " \u{200b} ", "required");
        wrong(key, &long, "too-long");
    }
    for date in [
        "1951-02-30",
        "1951-13-13",
        "51-03-27",
        "27.3.1951",
        "1951-03",
        "0000-00-00",
        "x",
    ] {
        wrong("birth_date", date, "invalid-date");
    }
    // More often than there are tries.
    for _ in 0..6 {
        wrong("birth_date", "1951-27-03", "swapped-date");
    }
    // More often than there are tries.
    for _ in 0..6 {
        wrong("birth_date", "2026-12-24", "future-date");
    }
    for zip in ["0410", "041011", "ABCDE", "04101-12"] {
        wrong("postal_code", zip, "invalid-postal-code");
    }
    flow.answer("identity", &ROSA.identity()).at("phone");
    let phone = json!({"phone": ROSA.phone, "channel": "text"});
    flow.answer("phone", &phone).at("code");

    // As long as it may be, a name is a name: somebody else's.
    flow.back().at("phone");
    flow.back().at("identity");
    let mut identity = ROSA.identity();
    identity["given_name"] = "x".repeat(256).into();
    flow.answer("identity", &identity)
        .problem(422, "not-matched");
}

#[test]
fn emails_and_usernames_that_make_no_sense_are_named() {
    let stack = Stack::start();
    let flow = stack.at_contact(&ROSA);
    let long = format!("{}@example.org", "x".repeat(257));
    for (email, problem) in [
        ("", "required"),
        ("rosa", "invalid-email"),
        ("rosa@", "invalid-email"),
        ("@example.org", "invalid-email"),
        ("rosa@example", "invalid-email"),
        ("rosa@@example.org", "invalid-email"),
        ("rosa example@example.org", "invalid-email"),
        ("rosa@example.org\r\nBcc: all@example.org", "invalid-email"),
        (&long, "too-long"),
    ] {
        flow.answer("contact", &json!({ "email": email }))
            .fields(&json!({ "email": problem }));
    }
    flow.answer("contact", &json!({"email": format!(" {} ", ROSA.email)}))
        .at("credentials");
    let long = "x".repeat(65);
    for (username, problem) in [
        ("", "required"),
        ("ab", "invalid-username"),
        ("rosa heron", "invalid-username"),
        ("rosa\0heron", "invalid-username"),
        ("ros\u{e1}", "invalid-username"),
        ("ｒｏｓａ", "invalid-username"),
        ("rosa@example.org", "username-is-email"),
        (&long, "invalid-username"),
    ] {
        let credentials = json!({"username": username, "password": ROSA.password});
        flow.answer("credentials", &credentials)
            .fields(&json!({ "username": problem }));
    }
}
