//! What must stand nowhere in the clear: neither in the log nor in the database.

use frontdesk_tests::people::{ROSA, SEAN};
use frontdesk_tests::walk::NEW_PASSWORD;
use frontdesk_tests::{Message, PUBLIC, Request, Settings, Stack, logs, wait_for};
use protocol::paths;
use serde_json::json;

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
    // Hashed, and not only without their letters.
    let tokens = [
        link_token,
        &reset.token,
        &at_credentials.token,
        &recovery.token,
    ]
    .map(raw);
    let log = logs();
    assert!(
        log.contains("/flows/{kind}") && log.contains("a message is done"),
        "the log should hold what was done"
    );
    let stored = stack.stored();
    assert!(stored.len() >= 2, "a file and its journal, or the tables");
    for secret in &secrets {
        assert!(!log.contains(secret), "the log holds {secret}");
    }
    let messages = stack.mail.all();
    let codes: Vec<_> = messages.iter().filter_map(Message::code).collect();
    let kept = "SELECT count(*) FROM challenges WHERE length(code_digest) = 32";
    assert_eq!((codes.len(), stack.number(kept)), (3, 3), "{messages:?}");
    for code in &codes {
        assert!(!says_number(&log, code), "the log holds the code {code}");
    }
    for (place, bytes) in &stored {
        let text = String::from_utf8_lossy(bytes);
        for code in &codes {
            // A row in words has times in it, whose digits go on; a file has not.
            let is_file = place.contains(".db");
            let found = says_number(&text, code) || is_file && text.contains(code);
            assert!(!found, "{place} holds the code {code}");
        }
        for secret in &secrets {
            let found = holds(bytes, secret.as_bytes());
            assert!(!found, "{place} holds {secret} in the clear");
        }
        for token in &tokens {
            assert!(!holds(bytes, token), "{place} holds the bytes of a token");
        }
    }
}

/// A message that the mail server does not take stays in the outbox, with all
/// that it is about; and what was typed wrong is as personal as what was right.
#[test]
fn what_waits_or_was_mistaken_is_nowhere_in_the_clear() {
    const MASTER: &str = "7a1f04c9e2d85b36f0a94c7d1e8b2356c4f9d07e5a3b81269d4ce07f3b58a21c";
    let password = "planted-with-the-mail-server";
    let stack = Stack::with(
        &Settings::default()
            .key("secrets.key", MASTER)
            .key("delivery.transport", "smtp")
            .key("smtp.host", "127.0.0.1")
            // Nobody listens there.
            .key("smtp.port", "1")
            .key("smtp.user", "planted-mail-user")
            .key("smtp.password", password),
    );
    let spellings = [
        "(207) 555-0177",
        "207.555.0177",
        "+1 207 555 0177",
        "2075550177",
    ];
    let enrollment = stack.at_phone(&ROSA);
    for phone in spellings {
        let answer = json!({"phone": phone, "channel": "text"});
        enrollment.answer("phone", &answer).expect(422);
    }
    let invitation = stack.invite(&ROSA);
    let moved = stack.at_contact(&SEAN);
    moved
        .answer("contact", &json!({"email": "planted.contact@example.org"}))
        .at("code");
    let recovery = stack.begin("username-recovery");
    let mistaken = json!({
        "given_name": "Plantagenet",
        "family_name": "Mistakenly",
        "birth_date": "1931-12-30",
        "email": "planted.recovery@example.org",
    });
    recovery
        .answer("personal-info", &mistaken)
        .at("check-email");
    let waiting = "SELECT count(*) FROM outbox
         WHERE fate IS NULL AND attempts > 0 AND sealed IS NOT NULL";
    wait_for("messages to be turned away", || {
        (stack.number(waiting) >= 3).then_some(())
    });

    let base64 = data_encoding::BASE64.encode(password.as_bytes());
    let login = data_encoding::BASE64.encode(format!("\0planted-mail-user\0{password}").as_bytes());
    let master = data_encoding::HEXLOWER.decode(MASTER.as_bytes());
    let mut secrets: Vec<Vec<u8>> = vec![master.expect("it is hexadecimal")];
    let texts = [
        MASTER,
        password,
        &base64,
        &login,
        &invitation,
        &invitation.replace('-', ""),
        &enrollment.token,
        &moved.token,
        "planted.contact@example.org",
        "planted.recovery@example.org",
        "Plantagenet",
        "Mistakenly",
        "1931-12-30",
        "12/30/1931",
        "555-0177",
        "5550177",
        "555.0177",
        "555 0177",
        ROSA.email,
        SEAN.family,
    ];
    secrets.extend(texts.map(|text| text.as_bytes().to_vec()));
    secrets.extend([&enrollment.token, &moved.token].map(|token| raw(token)));
    let log = logs();
    assert!(
        log.contains("it will be tried again"),
        "the log holds the cause"
    );
    let mut places = stack.stored();
    places.push(("the log".to_owned(), log.clone().into_bytes()));
    for (place, bytes) in &places {
        for secret in &secrets {
            let told = String::from_utf8_lossy(secret);
            assert!(!holds(bytes, secret), "{place} holds {told} in the clear");
        }
    }
    for zip in [ROSA.zip, SEAN.zip] {
        assert!(!says_number(&log, zip), "the log holds {zip}");
    }
}

/// Whether this stands there, in letters of either case or in hexadecimal digits.
fn holds(bytes: &[u8], secret: &[u8]) -> bool {
    let hex = data_encoding::HEXLOWER.encode(secret);
    [secret, hex.as_bytes()].into_iter().any(|form| {
        let mut parts = bytes.windows(form.len());
        parts.any(|part| part.eq_ignore_ascii_case(form))
    })
}

/// The bytes that a token is made of.
fn raw(token: &str) -> Vec<u8> {
    let bytes = data_encoding::BASE64URL_NOPAD.decode(token.as_bytes());
    bytes.expect("a token is base64url")
}

/// Whether a text holds these digits on their own: `"123456"`, `=123456`. Not as
/// a part of a longer number, nor behind a point, as in the time of a line.
fn says_number(text: &str, digits: &str) -> bool {
    text.match_indices(digits).any(|(at, _)| {
        let before = text[..at].chars().next_back();
        let after = text[at + digits.len()..].chars().next();
        !before.is_some_and(|c| c.is_alphanumeric() || c == '.')
            && !after.is_some_and(char::is_alphanumeric)
    })
}
