//! What a practice's system is answered, and what it cannot find out.

use frontdesk_tests::people::{ROSA, SEAN, WALT};
use frontdesk_tests::{Reply, Request, Settings, Stack};
use jiff::SignedDuration;
use protocol::paths;
use serde_json::{Value, json};

use super::{Practice, QUILL, ask, in_state, letters_leave};
use crate::staff::lines;

/// How many a key may ask for in an hour.
const BUDGET: usize = 600;

#[test]
fn an_enrolled_patient_is_invited_by_a_letter_that_names_nobody() {
    let stack = Stack::start();
    stack.enrolled(&ROSA);
    let practice = Practice::new(&stack, QUILL, "messages");
    let reply = practice.invite(ROSA.mrn);
    assert_eq!(reply.expect(202).json(), json!({"status": "accepted"}));
    stack.settle();
    let before = stack.mail.to(ROSA.email).len();
    stack.advance(SignedDuration::from_secs(299));
    stack.settle();
    let too_soon = stack.mail.to(ROSA.email).len() - before;
    assert_eq!(
        too_soon, 0,
        "the time of a letter does not tell of the call"
    );
    letters_leave(&stack);
    let letters = stack.mail.to(ROSA.email);
    assert_eq!(letters.len() - before, 1);
    let letter = letters.last().expect("a letter");
    let account = [frontdesk_tests::PUBLIC, paths::ACCOUNT].concat();
    assert!(letter.text.contains(&account), "{}", letter.text);
    assert_eq!(letter.link(), None, "no link of it lets anybody in");
    assert!(letter.text.contains(ROSA.given), "{}", letter.text);
    for part in [&letter.subject, &letter.text, &letter.html] {
        for told in ["Quill", "ncology", ROSA.family, ROSA.username, ROSA.mrn] {
            assert!(!part.contains(told), "{told}: {part}");
        }
    }
    assert_eq!(in_state(&stack, "invited"), 1);
    let by_provider = "SELECT count(*) FROM audit a JOIN providers p ON p.id = a.actor
         WHERE a.event IN ('connection-asked', 'connection-invited')";
    assert_eq!(stack.number(by_provider), 2);
}

/// What differs between two answers to two numbers.
fn seen(reply: &Reply) -> (u16, Vec<(String, String)>, String) {
    let mut headers = reply.headers.clone();
    headers.retain(|(name, _)| name != "date");
    headers.sort();
    (reply.status, headers, reply.body.clone())
}

#[test]
fn a_key_does_not_tell_its_holder_who_is_a_patient() {
    let stack = Stack::start();
    stack.enrolled(&ROSA).enrolled(&SEAN);
    let closed = SEAN.fhir().replace(r#""active":true"#, r#""active":false"#);
    stack.import_lines(closed);
    let practice = Practice::new(&stack, QUILL, "messages");
    // Enrolled, enrolled with a closed record, on file, and nobody; each twice, and taken back.
    let numbers = [ROSA.mrn, SEAN.mrn, WALT.mrn, "WS-9999", " WS-9998 "];
    let first = seen(&practice.invite("WS-0000"));
    assert_eq!(first.0, 202);
    for number in numbers {
        let jobs = stack.number("SELECT count(*) FROM outbox");
        for _ in 0..2 {
            assert_eq!(seen(&practice.invite(number)), first, "{number}");
        }
        stack.settle();
        stack.advance(SignedDuration::from_secs(1));
        assert_eq!(seen(&practice.withdraw(number)), first, "{number}");
        stack.settle();
        let letters = i64::from(number == ROSA.mrn);
        let queued = stack.number("SELECT count(*) FROM outbox") - jobs;
        assert_eq!(queued, 3 + letters, "{number}");
    }
    let told = "SELECT count(DISTINCT fate) FROM outbox WHERE fate <> 'sent'";
    assert_eq!(stack.number(told), 1, "the outbox does not tell either");
    assert_eq!(lines(&stack, "connection-invited"), 1);
    assert_eq!(in_state(&stack, "invited"), 0);
}

#[test]
fn a_key_of_nobody_is_refused_alike_whosever_it_was() {
    let settings = Settings::default().key("operations.listen", "127.0.0.1:0");
    let stack = Stack::with(&settings);
    stack.enrolled(&ROSA);
    let practice = Practice::new(&stack, QUILL, "");
    let replaced = practice.key.clone();
    let newer = stack.provider_key(practice.id);
    let gone = Practice::new(&stack, "Reed", "");
    stack.retire_provider(gone.id);
    let unknown = "A".repeat(43);
    let keys = [&*replaced, &*gone.key, &*unknown, "x", ""];
    let send = |path: &str, key: &str, body: &Value| {
        let request = Request::new("POST", path).bearer(key);
        stack.client.send(request.json(body))
    };
    let good = json!({"patient": ROSA.mrn});
    let first = send(paths::CONNECTIONS, &unknown, &good);
    first.problem(401, "wrong-key");
    assert_eq!(first.header("www-authenticate"), Some("Bearer"));
    for path in [paths::CONNECTIONS, paths::WITHDRAWAL] {
        for key in keys {
            for body in [&good, &json!({}), &json!([])] {
                assert_eq!(seen(&send(path, key, body)), seen(&first), "{path} {key}");
            }
        }
        let bare = Request::new("POST", path).json(&good);
        assert_eq!(seen(&stack.client.send(bare)), seen(&first));
        let basic = format!("Basic {newer}");
        let basic = Request::new("POST", path).header("authorization", &basic);
        assert_eq!(seen(&stack.client.send(basic.json(&good))), seen(&first));
        stack.client.get(path).expect(405);
    }
    assert_eq!(stack.number("SELECT count(*) FROM connections"), 0);
    assert_eq!(lines(&stack, "connection-asked"), 0);
    let told = stack.operations().get("/metrics").body;
    let counted = 1 + 2 * (keys.len() * 3 + 2);
    let line = format!("frontdesk_provider_keys_refused_total {counted}");
    assert!(told.lines().any(|it| it == line), "{line}: {told}");
    ask(&stack, paths::CONNECTIONS, &newer, ROSA.mrn).expect(202);
}

#[test]
fn nothing_but_a_record_number_is_taken() {
    let stack = Stack::start();
    let practice = Practice::new(&stack, QUILL, "");
    let send = |kind: &str, body: &str| {
        let request = Request::new("POST", paths::CONNECTIONS).bearer(&practice.key);
        stack.client.send(request.body(kind, body))
    };
    let number = "9".repeat(129);
    for body in [
        "",
        "[]",
        "[\"WS-2001\"]",
        "{}",
        "{\"patient\":\"\"}",
        "{\"patient\":\"  \"}",
        "{\"patient\":2001}",
        "{\"patient\":null}",
        "{\"patient\":\"WS-2001\",\"reason\":\"chemotherapy\"}",
        &format!("{{\"patient\":\"{number}\"}}"),
    ] {
        send("application/json", body).problem(400, "bad-request");
    }
    send("text/plain", "{\"patient\":\"WS-2001\"}").problem(400, "bad-request");
    assert_eq!(stack.number("SELECT count(*) FROM outbox"), 0);
    assert_eq!(lines(&stack, "connection-asked"), 0);
}

/// The budget holds over both calls, whoever is asked about, and for each key by itself.
#[test]
fn a_key_asks_so_often_in_an_hour() {
    let stack = Stack::start();
    let practice = Practice::new(&stack, QUILL, "");
    let statuses: Vec<u16> = std::thread::scope(|scope| {
        let senders: Vec<_> = (0..8)
            .map(|sender| {
                let practice = &practice;
                scope.spawn(move || {
                    let asked = (0..=BUDGET / 8).map(|n| {
                        let number = format!("WS-{sender}-{n}");
                        match n % 2 {
                            0 => practice.invite(&number).status,
                            _ => practice.withdraw(&number).status,
                        }
                    });
                    asked.collect::<Vec<_>>()
                })
            })
            .collect();
        let answers = senders.into_iter().map(|it| it.join().expect("answers"));
        answers.flatten().collect()
    });
    let of = |status| statuses.iter().filter(|it| **it == status).count();
    assert_eq!((of(202), of(429)), (BUDGET, 8));
    practice.invite(ROSA.mrn).problem(429, "over-limit");
    let asked = lines(&stack, "connection-asked") + lines(&stack, "withdrawal-asked");
    assert_eq!(asked, 600);
    Practice::new(&stack, "Reed", "")
        .invite(ROSA.mrn)
        .expect(202);
    stack.advance(SignedDuration::from_secs(6));
    practice.invite(ROSA.mrn).expect(202);
}

#[test]
fn invited_by_many_at_once_is_invited_once() {
    let stack = Stack::start();
    stack.enrolled(&ROSA);
    let practice = Practice::new(&stack, QUILL, "");
    std::thread::scope(|scope| {
        for _ in 0..8 {
            scope.spawn(|| practice.invite(ROSA.mrn).expect(202).status);
        }
    });
    stack.settle();
    letters_leave(&stack);
    assert_eq!(in_state(&stack, "invited"), 1);
    assert_eq!(stack.number("SELECT count(*) FROM connections"), 1);
    let letters = stack.mail.to(ROSA.email);
    let letters = letters.iter().filter(|it| it.text.contains("/account"));
    assert_eq!(letters.count(), 1);
}

#[test]
fn what_is_taken_back_is_open_no_more_and_can_be_asked_for_again() {
    let stack = Stack::start();
    stack.enrolled(&ROSA);
    let practice = Practice::new(&stack, QUILL, "");
    practice.invites(ROSA.mrn);
    stack.advance(SignedDuration::from_secs(1));
    practice.withdraw(ROSA.mrn).expect(202);
    stack.settle();
    assert_eq!(
        (in_state(&stack, "invited"), in_state(&stack, "withdrawn")),
        (0, 1)
    );
    assert_eq!(lines(&stack, "connection-withdrawn"), 1);
    stack.advance(SignedDuration::from_secs(1));
    practice.invites(ROSA.mrn);
    assert_eq!(in_state(&stack, "invited"), 1);
}

/// Whoever invites and takes back, again and again, does not flood a mailbox.
#[test]
fn an_account_gets_so_many_letters_a_day() {
    let stack = Stack::start();
    stack.enrolled(&ROSA);
    let before = stack.mail.to(ROSA.email).len();
    for n in 0..7 {
        let practice = Practice::new(&stack, QUILL, "");
        practice.invites(ROSA.mrn);
        assert_eq!(in_state(&stack, "invited"), n + 1);
    }
    let queued = stack.number("SELECT count(*) FROM outbox WHERE fate IS NULL");
    assert_eq!(queued, 5, "what is over budget is never queued");
    letters_leave(&stack);
    assert_eq!(stack.mail.to(ROSA.email).len() - before, 5);
    assert_eq!(lines(&stack, "message-over-budget"), 2);
}

/// Nor does one practice use up what the letters of others need.
#[test]
fn one_practice_leaves_room_for_the_letters_of_others() {
    let stack = Stack::start();
    stack.enrolled(&ROSA);
    let moment = || stack.advance(SignedDuration::from_secs(1));
    let queued = || stack.number("SELECT count(*) FROM outbox WHERE fate IS NULL");
    let practice = Practice::new(&stack, QUILL, "");
    for _ in 0..4 {
        practice.invites(ROSA.mrn);
        moment();
        practice.withdraw(ROSA.mrn).expect(202);
        stack.settle();
        moment();
    }
    assert_eq!(queued(), 2);
    assert_eq!(lines(&stack, "message-over-budget"), 2);
    for _ in 0..3 {
        Practice::new(&stack, "Reed", "").invites(ROSA.mrn);
    }
    assert_eq!(queued(), 5);
}

/// Those who have died or are no patient any more keep their account, and are not invited.
#[test]
fn whoevers_record_is_closed_is_not_invited() {
    let stack = Stack::start();
    stack.enrolled(&ROSA);
    let practice = Practice::new(&stack, QUILL, "");
    stack.import_lines(ROSA.fhir().replacen('{', r#"{"deceasedBoolean":true,"#, 1));
    practice.invites(ROSA.mrn);
    assert_eq!(stack.number("SELECT count(*) FROM connections"), 0);
    stack.import(&[ROSA]);
    practice.invites(ROSA.mrn);
    assert_eq!(in_state(&stack, "invited"), 1);
    // Closed while the letter waits: it does not leave.
    let before = stack.mail.to(ROSA.email).len();
    stack.import_lines(ROSA.fhir().replacen('{', r#"{"deceasedBoolean":true,"#, 1));
    letters_leave(&stack);
    assert_eq!(stack.mail.to(ROSA.email).len(), before);
}
