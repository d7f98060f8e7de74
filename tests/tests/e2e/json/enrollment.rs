//! Enrollment, from the invitation to the last step.

use frontdesk_tests::people::{ROSA, SEAN, WALT};
use frontdesk_tests::{PUBLIC, Stack};
use jiff::SignedDuration;
use serde_json::json;

#[test]
fn a_patient_enrolls_from_the_invitation_to_done() {
    let stack = Stack::start();
    let invitation = stack.invite(&ROSA);
    let email = stack.mail.saying("email", ROSA.email, &invitation);
    let link = format!("{PUBLIC}/flows/enrollment?invitation={invitation}");
    assert_eq!(email.link(), Some(link.clone()));
    assert!(email.html.contains(&link), "both parts carry the link");

    let flow = stack.begin("enrollment");
    let view = flow.view().at("invitation");
    assert_eq!(view["kind"], "enrollment");
    assert!(view["token"].is_null(), "the token is told once: {view}");
    assert_eq!(view["expires_at"], "2026-11-25T10:30:00Z");
    assert_eq!(view["progress"]["step"], 1);
    let steps = view["progress"]["of"].clone();

    flow.answer("invitation", &json!({"invitation": invitation}))
        .at("identity");
    flow.answer("identity", &ROSA.identity()).at("phone");
    let view = flow
        .answer(
            "phone",
            &json!({"phone": "(207) 555-0131", "channel": "text"}),
        )
        .at("code");
    assert_eq!(
        view["step"],
        json!({"name": "code", "channel": "text", "to": "31", "resend_in": 60}),
        "of the phone, only the end is told"
    );
    let code = stack.mail.code("text", ROSA.phone);
    let view = flow.answer("code", &json!({"code": code})).at("contact");
    assert_eq!(view["step"]["email"], ROSA.email);
    flow.answer("contact", &json!({"email": ROSA.email}))
        .at("credentials");
    let view = flow.answer("credentials", &ROSA.credentials()).at("done");
    assert_eq!(view["progress"], json!({"step": steps, "of": steps}));

    stack
        .mail
        .saying("email", ROSA.email, "You are now enrolled");
    stack
        .mail
        .saying("text", ROSA.phone, "you are now enrolled");
    assert!(
        stack.opens(&ROSA, ROSA.password),
        "the chosen password is kept"
    );
    assert!(!stack.opens(&ROSA, "another password, just as long"));
}

#[test]
fn a_landline_gets_a_call_and_a_new_email_its_own_code() {
    let stack = Stack::start();
    let flow = stack.at_phone(&WALT);
    let answer = json!({"phone": WALT.phone, "channel": "call"});
    flow.answer("phone", &answer).at("code");
    let code = stack.mail.code("call", WALT.phone);
    let view = flow.answer("code", &json!({"code": code})).at("contact");
    assert_eq!(view["step"]["email"], "", "the clinic has no email");

    let view = flow
        .answer("contact", &json!({"email": "walt@example.org"}))
        .at("code");
    assert_eq!(view["step"]["channel"], "email");
    assert_eq!(view["step"]["to"], "walt@example.org");
    // Once it has come: before that no code is right, and not only the other one.
    let emailed = stack.mail.code("email", "walt@example.org");
    flow.answer("code", &json!({"code": code}))
        .fields(&json!({"code": "wrong-code"}));
    flow.answer("code", &json!({"code": emailed}))
        .at("credentials");
    flow.answer("credentials", &WALT.credentials()).at("done");
    let told = "You are now enrolled";
    stack.mail.saying("email", "walt@example.org", told);
    stack.mail.saying("call", WALT.phone, told);
    stack.settle();
    let to_phone = stack.mail.to(WALT.phone);
    assert!(
        to_phone.iter().all(|message| message.channel == "call"),
        "a landline takes no texts"
    );
}

#[test]
fn a_changed_email_is_proven_before_it_counts() {
    let stack = Stack::start();
    let flow = stack.at_contact(&ROSA);
    flow.answer("contact", &json!({"email": "rosa.new@example.org"}))
        .at("code");
    let code = stack.mail.code("email", "rosa.new@example.org");
    flow.answer("code", &json!({"code": code}))
        .at("credentials");
    flow.answer("credentials", &ROSA.credentials()).at("done");
    stack
        .mail
        .saying("email", "rosa.new@example.org", "You are now enrolled");
    stack.settle();
    let to_old = stack.mail.to(ROSA.email);
    assert!(
        to_old
            .iter()
            .all(|message| message.subject.contains("invitation")),
        "the address that was replaced gets no notices: {to_old:?}"
    );
}

#[test]
fn names_are_taken_as_people_write_them() {
    let stack = Stack::start();
    for (given, family, zip) in [
        ("sean", "o’tuathail", "04038-1234"),
        ("SEÁN ", "O'Tuathail, Jr.", "04038"),
        ("Sea\u{301}n", "OTUATHAIL", " 040381234 "),
        ("Seán", "O Tuathail", "04038"),
        ("Seán", "O-tuathail", "04038"),
    ] {
        let flow = stack.begin("enrollment");
        let invitation = stack.invite(&SEAN).to_lowercase().replace('-', " ");
        flow.answer("invitation", &json!({"invitation": invitation}))
            .at("identity");
        let identity = json!({
            "given_name": given, "family_name": family,
            "birth_date": "1944-2-29", "postal_code": zip,
        });
        flow.answer("identity", &identity).at("phone");
    }
}

#[test]
fn details_of_someone_else_are_refused_five_times_at_most() {
    let stack = Stack::start();
    let flow = stack.begin("enrollment");
    let invitation = stack.invite(&ROSA);
    flow.answer("invitation", &json!({"invitation": invitation}))
        .at("identity");
    for (key, value, told) in [
        ("given_name", "Rose", "not-matched"),
        ("family_name", "Quintanilla", "not-matched"),
        ("birth_date", "1951-03-28", "not-matched"),
        ("postal_code", "04102", "not-matched-one-left"),
    ] {
        let mut identity = ROSA.identity();
        identity[key] = value.into();
        flow.answer("identity", &identity).problem(422, told);
    }
    // To look once more would be of no use, and is not asked for.
    flow.answer("identity", &SEAN.identity())
        .problem(429, "too-many-tries");
    flow.answer("identity", &ROSA.identity())
        .problem(429, "too-many-tries");
    // Nor does another flow with the same invitation bring new tries.
    let other = stack.begin("enrollment");
    other
        .answer("invitation", &json!({"invitation": invitation}))
        .at("identity");
    other
        .answer("identity", &ROSA.identity())
        .problem(429, "too-many-tries");
    // The desk can: it looks the patient in the eye.
    stack.at_phone(&ROSA);
}

#[test]
fn only_the_phone_on_file_gets_a_code() {
    let stack = Stack::start();
    let flow = stack.at_phone(&ROSA);
    let answer = |phone: &str| json!({"phone": phone, "channel": "text"});
    flow.answer("phone", &answer(SEAN.phone))
        .fields(&json!({"phone": "phone-not-on-file"}));
    stack.settle();
    assert!(
        stack.mail.to(SEAN.phone).is_empty() && stack.mail.to(ROSA.phone).is_empty(),
        "a wrong number should send nothing to anyone"
    );
    flow.answer("phone", &answer("1.207.555.0131")).at("code");
    stack.mail.code("text", ROSA.phone);
}

/// Both are told at once, however often: nobody was guessed at.
#[test]
fn a_number_that_no_code_reaches_is_told_together_with_a_missing_choice() {
    let stack = Stack::start();
    let flow = stack.at_phone(&ROSA);
    for (phone, problem) in [
        ("555-0131", "invalid-phone"),
        ("800-555-0199", "toll-free-phone"),
        ("207-555-0131 x4", "phone-extension"),
        ("", "required"),
    ] {
        for (channel, choice) in [("", "required"), ("email", "invalid-choice")] {
            flow.answer("phone", &json!({"phone": phone, "channel": channel}))
                .fields(&json!({"phone": problem, "channel": choice}));
        }
    }
    flow.answer("phone", &json!({"phone": SEAN.phone}))
        .fields(&json!({"channel": "required"}));
    assert_eq!(stack.number("SELECT phone_tries FROM invitations"), 0);
    flow.answer("phone", &json!({"phone": ROSA.phone, "channel": "text"}))
        .at("code");
}

#[test]
fn phones_are_guessed_five_times_at_most() {
    let stack = Stack::start();
    let invitation = stack.invite(&ROSA);
    let at_phone = || {
        let flow = stack.begin("enrollment");
        flow.answer("invitation", &json!({"invitation": invitation}))
            .at("identity");
        flow.answer("identity", &ROSA.identity()).at("phone");
        flow
    };
    let flow = at_phone();
    let guess = |last| {
        let phone = format!("207-555-019{last}");
        flow.answer("phone", &json!({"phone": phone, "channel": "text"}))
    };
    for (last, left) in [(0, 4), (1, 3), (2, 2)] {
        let reply = guess(last);
        reply.fields(&json!({"phone": "phone-not-on-file"}));
        assert_eq!(reply.json()["tries_left"], left);
    }
    guess(3).fields(&json!({"phone": "phone-not-on-file-one-left"}));
    guess(4).problem(429, "too-many-tries");
    // Nor does another flow with the same invitation bring new tries.
    for flow in [flow, at_phone()] {
        flow.answer("phone", &json!({"phone": ROSA.phone, "channel": "text"}))
            .problem(429, "too-many-tries");
    }
    stack.settle();
    assert!(stack.mail.to(ROSA.phone).is_empty(), "no code is sent");
}

#[test]
fn a_username_belongs_to_one_person_in_any_case() {
    let stack = Stack::start();
    stack.enrolled(&ROSA);
    let flow = stack.enrolling(&SEAN);
    let credentials = |username: &str| json!({"username": username, "password": SEAN.password});
    for taken in [ROSA.username, "ROSA.HERON", " rosa.heron "] {
        flow.answer("credentials", &credentials(taken))
            .fields(&json!({"username": "username-taken"}));
    }
    // Whoever must type both again is told of both at once.
    flow.answer(
        "credentials",
        &json!({"username": ROSA.username, "password": "too short"}),
    )
    .fields(&json!({"username": "username-taken", "password": "password-too-short"}));
    flow.answer("credentials", &credentials("Rosa.Heron2"))
        .at("done");
}

#[test]
fn usernames_are_tried_thirty_times_an_hour_at_most() {
    let stack = Stack::start();
    stack.enrolled(&ROSA);
    let flow = stack.enrolling(&SEAN);
    let taken = json!({"username": ROSA.username, "password": SEAN.password});
    for _ in 0..30 {
        flow.answer("credentials", &taken)
            .fields(&json!({"username": "username-taken"}));
    }
    let refused = flow.answer("credentials", &SEAN.credentials());
    assert_eq!(refused.problem(429, "over-limit")["retry_after"], 120);
    // Nothing is lost: what is free works once the wait is over.
    stack.advance(SignedDuration::from_secs(120));
    flow.answer("credentials", &SEAN.credentials()).at("done");
}

#[test]
fn weak_passwords_are_refused_with_the_reason() {
    let stack = Stack::start();
    let flow = stack.enrolling(&ROSA);
    let longest: String = "The ferry leaves Peaks Island at 6. "
        .chars()
        .cycle()
        .take(256)
        .collect();
    let too_long = format!("{longest}!");
    for (password, problem) in [
        ("", "required"),
        ("fourteen signs", "password-too-short"),
        ("passwordpassword", "password-common"),
        ("aaaaaaaaaaaaaaaaaaaa", "password-common"),
        ("rosa.heron-rosa.heron", "password-predictable"),
        ("Wellsprings 2026!!", "password-predictable"),
        ("Quintanilla Byrne 1951", "password-predictable"),
        (&too_long, "too-long"),
    ] {
        let credentials = json!({"username": ROSA.username, "password": password});
        flow.answer("credentials", &credentials)
            .fields(&json!({"password": problem}));
    }
    // Long, with a NUL and signs from everywhere: all of it counts.
    let good = format!("\0{}🐟", longest.chars().take(254).collect::<String>());
    let credentials = json!({"username": ROSA.username, "password": good});
    flow.answer("credentials", &credentials).at("done");
    assert!(stack.opens(&ROSA, &good), "a password is kept whole");
    let without_last = good.trim_end_matches('🐟');
    for part in [&good[1..], without_last] {
        assert!(!stack.opens(&ROSA, part), "every sign of a password counts");
    }
}
