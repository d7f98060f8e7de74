//! More than there should be: connections, bytes, requests, and a database that
//! is away.

use std::io::{Read as _, Write as _};
use std::net::TcpStream;
use std::time::{Duration, Instant};

use frontdesk_tests::people::ROSA;
use frontdesk_tests::walk::NEW_PASSWORD;
use frontdesk_tests::{
    Client, MailServer, Proxy, Request, Settings, Stack, postgres_address, wait_for,
};
use protocol::paths;
use serde_json::json;

/// Far longer than a server takes that is well; a test waits for it only to fail.
const PATIENCE: Duration = Duration::from_secs(20);

fn connect(stack: &Stack) -> TcpStream {
    let address = stack.base().trim_start_matches("http://");
    let stream = TcpStream::connect(address).expect("the server listens");
    stream
        .set_read_timeout(Some(PATIENCE))
        .expect("a time-out is set");
    stream
}

/// What comes until the server closes the connection.
fn rest(mut stream: TcpStream) -> String {
    let mut read = Vec::new();
    match stream.read_to_end(&mut read) {
        Ok(_) => {}
        Err(error) if error.kind() == std::io::ErrorKind::ConnectionReset => {}
        Err(error) => panic!("the server should close the connection: {error}"),
    }
    String::from_utf8_lossy(&read).into_owned()
}

#[track_caller]
fn is_well(client: &Client) {
    let begin = Instant::now();
    client.get("/healthz").expect(200);
    let took = begin.elapsed();
    assert!(took < Duration::from_secs(2), "/healthz took {took:?}");
}

/// Whether an answer that no route gives carries what every other one does.
#[track_caller]
fn is_protected(told: &str) {
    let (head, _) = told.split_once("\r\n\r\n").expect("a head and a body");
    for header in [
        "cache-control: no-store",
        "content-security-policy: default-src 'none'",
        "referrer-policy: no-referrer",
        "x-content-type-options: nosniff",
        "x-frame-options: DENY",
    ] {
        assert!(head.contains(header), "{header} should be in\n{head}");
    }
}

/// How many files this process may have open.
fn open_files() -> usize {
    let limits = std::fs::read_to_string("/proc/self/limits").unwrap_or_default();
    let line = limits
        .lines()
        .find(|line| line.starts_with("Max open files"));
    let soft = line.and_then(|line| line.split_whitespace().nth(3)?.parse().ok());
    soft.unwrap_or(1024)
}

/// The harness shares its open files with the server, so it may come
/// to fewer.
#[test]
fn ten_thousand_idle_connections_keep_nobody_out() {
    let settings = Settings::default()
        .key("load.connections", "64")
        .key("operations.listen", "127.0.0.1:0");
    let stack = Stack::with(&settings);
    let count = (open_files() / 2).min(10_000);
    assert!(count > 200, "more files must be allowed to be open");
    let mut idle = Vec::new();
    for number in 0..count {
        let mut stream = connect(&stack);
        if number % 2 == 0 {
            // Half of them send a head that has no end.
            let _ = stream.write_all(b"GET / HTTP/1.1\r\nhost: x\r\nx-slow: ");
        }
        idle.push(stream);
        if number % 500 == 0 {
            is_well(&stack.client);
        }
    }
    is_well(&stack.client);
    stack.enrolled(&ROSA);
    let metrics = stack.operations().get("/metrics").body;
    let evicted = metrics.lines().find_map(|line| {
        let count = line.strip_prefix("frontdesk_connections_total{fate=\"evicted\"} ")?;
        count.parse::<usize>().ok()
    });
    let evicted = evicted.unwrap_or_default();
    // The others have run out of time.
    assert!(evicted >= count / 10 * 9, "{evicted} of {count}");
    assert!(!metrics.contains("fate=\"refused\""), "{metrics}");
}

#[test]
fn slow_heads_and_bodies_are_given_up() {
    let settings = Settings::default()
        .key("load.head_seconds", "1")
        .key("load.body_seconds", "1");
    let stack = Stack::with(&settings);
    let begin = Instant::now();
    let mut head = connect(&stack);
    head.write_all(b"GET /healthz HTTP/1.1\r\nhost: x\r\n")
        .unwrap();
    let mut body = connect(&stack);
    let request = b"POST /api/v1/flows HTTP/1.1\r\nhost: x\r\ncontent-length: 9\r\n\r\n{";
    body.write_all(request).unwrap();
    assert_eq!(rest(head), "");
    let told = rest(body);
    assert!(told.starts_with("HTTP/1.1 408 "), "{told}");
    is_protected(&told);
    assert!(begin.elapsed() < PATIENCE);
}

#[test]
fn a_giant_body_is_answered_and_the_answer_arrives() {
    let stack = Stack::start();
    for megabytes in [1, 8] {
        let giant = vec![b'x'; megabytes * 1024 * 1024];
        let request = Request::new("POST", paths::FLOWS).body("application/json", giant);
        stack.client.send(request).problem(413, "too-large");
    }
    is_well(&stack.client);
}

#[test]
fn a_database_that_stands_still_is_told_and_a_full_house_too() {
    let stack = Stack::with(&Settings::default().key("load.requests", "1"));
    let begin = || {
        let body = json!({"kind": "password-reset", "locale": "en"});
        stack
            .client
            .send(Request::new("POST", paths::FLOWS).json(&body))
    };
    begin().expect(201);
    let held = stack.hold_database();
    std::thread::scope(|scope| {
        // Its place is the only one; whoever looks may be there a moment before it.
        let waiting = scope.spawn(|| {
            loop {
                let reply = begin();
                if reply.header("retry-after") != Some("2") {
                    return reply;
                }
            }
        });
        let full = wait_for("the house to be full", || {
            let reply = stack.client.get("/api/v1/nothing");
            (reply.status == 503).then_some(reply)
        });
        full.problem(503, "unavailable");
        assert_eq!(full.header("retry-after"), Some("2"));
        let page = stack.client.get("/flows/enrollment");
        page.expect(503);
        assert!(page.body.contains("<main"), "{}", page.body);
        is_well(&stack.client);
        let gone = waiting.join().expect("an answer");
        gone.problem(503, "unavailable");
        assert_eq!(gone.header("retry-after"), Some("30"));
    });
    held.let_go();
    begin().expect(201);
    stack.client.get("/readyz").expect(200);
}

#[test]
fn a_database_server_that_is_gone_for_a_while_is_told_and_then_all_is_well() {
    let proxy = Proxy::to(&postgres_address());
    let stack = Stack::with(&Settings::default().postgres(&proxy));
    let flow = stack.begin("password-reset");
    proxy.cut();
    let gone = flow.answer("identify", &json!({"username": ROSA.username}));
    gone.problem(503, "unavailable");
    assert_eq!(gone.header("retry-after"), Some("30"));
    stack.client.get("/readyz").expect(503);
    is_well(&stack.client);
    proxy.mend();
    wait_for("the database to be back", || {
        (stack.client.get("/readyz").status == 200).then_some(())
    });
    flow.answer("identify", &json!({"username": ROSA.username}))
        .at("method");
    stack.enrolled(&ROSA);
}

#[test]
fn whoever_hangs_up_while_a_password_is_hashed_changes_nothing_and_blocks_nobody() {
    let settings = Settings::default()
        .key("hashing.permits", "1")
        .key("hashing.waiting", "0")
        .key("operations.listen", "127.0.0.1:0");
    let stack = Stack::with(&settings);
    stack.enrolled(&ROSA);
    let flow = stack.at_new_password(&ROSA);
    let body = json!({"step": "new-password", "answers": {"password": NEW_PASSWORD}}).to_string();
    let request = format!(
        "POST {} HTTP/1.1\r\nhost: x\r\nauthorization: Bearer {}\r\n\
         content-type: application/json\r\ncontent-length: {}\r\n\r\n{body}",
        paths::ANSWERS,
        flow.token,
        body.len()
    );
    for _ in 0..10 {
        let mut stream = connect(&stack);
        stream.write_all(request.as_bytes()).unwrap();
    }
    // A hash that nobody waits for any more ends all the same, and then lets others.
    let done = wait_for("the hashes to end", || {
        let reply = flow.answer("new-password", &json!({"password": NEW_PASSWORD}));
        (reply.status != 503).then_some(reply)
    });
    done.at("done");
    let changed = "SELECT count(*) FROM audit WHERE event = 'password-changed'";
    assert_eq!(stack.number(changed), 1, "only the one who waited");
    let metrics = stack.operations().get("/metrics").body;
    assert!(
        metrics.contains("\nfrontdesk_hashes_waiting 0\n"),
        "{metrics}"
    );
    assert!(stack.opens(&ROSA, NEW_PASSWORD));
}

#[test]
fn a_mail_server_that_hangs_holds_up_no_text() {
    let hanging = std::net::TcpListener::bind("127.0.0.1:0").expect("a free port");
    let port = hanging.local_addr().expect("an address").port().to_string();
    let settings = Settings::default()
        .key("delivery.transport", "smtp")
        .key("smtp.host", "127.0.0.1")
        .key("smtp.port", &port)
        .key("smtp.security", "none");
    let stack = Stack::with(&settings);
    let flow = stack.enrolling(&ROSA);
    flow.answer("credentials", &ROSA.credentials()).at("done");
    for _ in 0..8 {
        stack.at_reset_code(ROSA.username, "email");
    }
    let hung = "SELECT count(*) FROM outbox WHERE fate IS NULL AND lane = 'email'";
    assert!(stack.number(hung) > 8);
    stack.at_new_password(&ROSA);
    assert!(stack.number(hung) > 8, "no email has met its end");
    // Nobody is to wait for a server that will never say anything.
    drop(hanging);
}

#[test]
fn a_message_that_was_given_up_is_seen_and_sent_again() {
    let server = MailServer::start();
    let stack = Stack::with(&Settings::default().smtp(&server));
    let gone = frontdesk_tests::Person {
        mrn: "WS-2097",
        email: "gone@example.org",
        ..ROSA
    };
    stack.import(&[gone]);
    stack.invite(&gone);
    let dead = wait_for("the message to be given up", || stack.outbox(true).pop());
    assert_eq!(dead.about, "invitation by email");
    let cause = dead.cause.as_deref().unwrap_or_default();
    assert!(cause.contains("550"), "{dead:?}");
    for secret in [gone.email, gone.given, gone.family, "gone"] {
        assert!(!format!("{dead:?}").contains(secret), "{secret}: {dead:?}");
    }
    assert!(!stack.retry("0123"));
    assert!(stack.retry(&dead.id));
    let buried = "SELECT count(*) FROM audit WHERE event = 'message-dead'";
    wait_for("the message to be tried again", || {
        (stack.number(buried) == 2).then_some(())
    });
    assert_eq!(stack.outbox(true).len(), 1);
    let retried = "SELECT count(*) FROM audit WHERE event = 'message-retried'";
    assert_eq!(stack.number(retried), 1);
}
