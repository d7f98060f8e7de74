//! People who share an email and a phone: each account stays its own, and what arrives says
//! no more than a first name, whoever of them reads it.

use frontdesk_tests::people::ROSA;
use frontdesk_tests::walk::{NEW_EMAIL, NEW_PASSWORD, other_than};
use frontdesk_tests::{Flow, Message, PUBLIC, Person, Reply, Request, Stack, Visitor as _, words};
use jiff::SignedDuration;
use protocol::{FlowKind, Locale, paths};
use serde_json::{Value, json};
use verify_api::staff::Role;

use crate::sign_in::{is_signed_in, session};
use crate::staff::{DANA, Member, desk, lines};

/// A twin: all but the first name is her sister's, too.
const PETRA: Person = Person {
    mrn: "WS-2021",
    given: "Petra",
    family: "Ostrander-Vale",
    born: "1987-07-19",
    zip: "04105",
    phone: "+12075550135",
    email: "one.inbox@example.org",
    username: "quiet.lantern",
    password: "four lanterns down the pier",
    speaks: Locale::En,
};

const PAVLA: Person = Person {
    mrn: "WS-2022",
    given: "Pavla",
    username: "brass.thimble",
    password: "nine thimbles in the drawer",
    ..PETRA
};

/// The same twice in the clinic's files, first name and all.
const PETRA_AGAIN: Person = Person {
    mrn: "WS-2023",
    username: "third.kettle",
    ..PETRA
};

/// The twins on file, and not enrolled yet.
fn on_file() -> Stack {
    let stack = Stack::start();
    stack.import(&[PETRA, PAVLA]);
    stack
}

/// Both are enrolled; the messages about it have come and are read.
fn enrolled() -> Stack {
    let stack = on_file();
    stack.enrolled(&PETRA).enrolled(&PAVLA);
    stack
}

/// Each of the twins as the one whom a test is about, with the other.
const EITHER: [(&Person, &Person); 2] = [(&PETRA, &PAVLA), (&PAVLA, &PETRA)];

/// What has come since there were so many messages.
fn since(stack: &Stack, before: usize) -> Vec<Message> {
    stack.settle();
    stack.mail.all().split_off(before)
}

/// Holds that nothing which has come says more of either twin than a first name.
#[track_caller]
fn no_more_than_first_names(stack: &Stack) {
    stack.settle();
    let [month, day, year] = PETRA.born_in_boxes();
    let born = format!("{month}/{day}/{year}");
    let never = [
        PETRA.family,
        "Ostrander",
        PETRA.born,
        &born,
        year,
        PETRA.zip,
        PETRA.phone,
        "555-0135",
        "5550135",
        PETRA.email,
        PETRA.mrn,
        PAVLA.mrn,
        PETRA.username,
        PAVLA.username,
        PETRA_AGAIN.username,
    ];
    for message in stack.mail.all() {
        // Digits by chance are nobody's birth date.
        let code = message.code().unwrap_or_else(|| "no code".to_owned());
        for part in [&message.subject, &message.text, &message.html] {
            let said = part.replace(&code, "");
            for fact in never {
                assert!(!said.contains(fact), "{fact} has no place in {part}");
            }
            let twins = [PETRA.given, PAVLA.given];
            let told = twins.into_iter().filter(|name| part.contains(name)).count();
            assert!(told <= 1, "it is about one of them: {part}");
            let is_body = message.channel == "email" && part != &message.subject;
            assert!(is_body || told == 0, "it may lie open: {part}");
        }
    }
}

/// Holds that a message is not about the other one.
#[track_caller]
fn is_not_about(message: &Message, other: &Person) {
    for part in [&message.subject, &message.text, &message.html] {
        assert!(!part.contains(other.given), "{part}");
    }
}

/// Asks for the username of somebody, with the shared email.
#[track_caller]
fn ask_username(stack: &Stack, person: &Person) {
    stack
        .begin("username-recovery")
        .answer("personal-info", &person.personal_info())
        .at("check-email");
}

/// Presses the button of the page that a mailed link opens.
#[track_caller]
fn reveal(stack: &Stack, link: &str) -> Reply {
    let path = link.strip_prefix(PUBLIC).expect("our own link");
    let (page, token) = path.split_once("?token=").expect("a link with a token");
    let form = Request::new("POST", page).form(&[("token", token)]);
    stack.client.send(form)
}

#[track_caller]
fn session_of(stack: &Stack, person: &Person) -> String {
    session(&stack.sign_in(person.username, person.password))
}

/// A flow about the account of whoever is signed in, past the password.
#[track_caller]
fn past_password(stack: &Stack, kind: FlowKind, own: &str, person: &Person) -> Flow {
    let flow = Flow::begin_as(&stack.client, kind.as_str(), own);
    flow.answer("password", &password(person.password))
        .expect(200);
    flow
}

fn password(password: &str) -> Value {
    json!({"password": password})
}

#[test]
fn twins_enroll_each_by_their_own_invitation() {
    let stack = on_file();
    let codes = [PETRA, PAVLA].map(|twin| (twin, stack.invite(&twin)));
    let letters = since(&stack, 0);
    assert_eq!(letters.len(), 2);
    for (twin, code) in &codes {
        let mut own = letters.iter().filter(|it| it.text.contains(code.as_str()));
        let (letter, None) = (own.next().expect("a letter"), own.next()) else {
            panic!("one letter holds the code of {}", twin.given);
        };
        assert_eq!(letter.to, PETRA.email);
        assert!(letter.text.contains(&format!("Hello {},", twin.given)));
    }
    // Neither opens the other's record.
    for ((own, other), (_, code)) in EITHER.into_iter().zip(&codes) {
        let flow = stack.begin("enrollment");
        flow.answer("invitation", &json!({"invitation": code}))
            .at("identity");
        flow.answer("identity", &other.identity())
            .problem(422, "not-matched");
        flow.answer("identity", &own.identity()).at("phone");
        let phone = json!({"phone": own.phone, "channel": "text"});
        flow.answer("phone", &phone).at("code");
        let code = stack.mail.code("text", own.phone);
        flow.answer("code", &json!({"code": code})).at("contact");
        flow.answer("contact", &json!({"email": own.email}))
            .at("credentials");
        flow.answer("credentials", &own.credentials()).at("done");
    }
    for (own, other) in EITHER {
        stack.sign_in(own.username, own.password).at("done");
        stack
            .sign_in(own.username, other.password)
            .problem(422, "wrong-sign-in");
    }
    no_more_than_first_names(&stack);
}

#[test]
fn a_username_is_recovered_by_the_shared_email_for_the_one_who_was_asked_for() {
    let stack = enrolled();
    for (own, other) in EITHER {
        // Whatever the other one has asked for.
        ask_username(&stack, other);
        stack.at_reset_code(other.username, "email");
        stack.settle();
        let others = stack.mail.link(PETRA.email);
        let before = stack.mail.all().len();
        ask_username(&stack, own);
        let sent = since(&stack, before);
        assert_eq!(sent.len(), 1, "{sent:?}");
        assert_eq!(
            (sent[0].to.as_str(), sent[0].channel.as_str()),
            (PETRA.email, "email")
        );
        is_not_about(&sent[0], other);
        for (link, shown, hidden) in [
            (sent[0].link().expect("a link"), own, other),
            (others, other, own),
        ] {
            let page = reveal(&stack, &link);
            page.expect(200);
            assert!(page.body.contains(shown.username), "{}", page.body);
            for fact in [hidden.username, hidden.given, PETRA.family] {
                assert!(!page.body.contains(fact), "{fact}: {}", page.body);
            }
        }
        stack.mail.mark_read();
    }
    no_more_than_first_names(&stack);
}

#[test]
fn details_that_fit_two_records_to_the_letter_send_nothing_and_the_trail_says_so() {
    let stack = enrolled();
    stack.import(&[PETRA_AGAIN]);
    stack.enrolled(&PETRA_AGAIN);
    let before = stack.mail.all().len();
    ask_username(&stack, &PETRA);
    assert!(since(&stack, before).is_empty());
    assert_eq!(lines(&stack, "username-recovery-ambiguous"), 1);
    // Her sister's details fit her alone.
    ask_username(&stack, &PAVLA);
    let shown = reveal(&stack, &stack.mail.link(PAVLA.email));
    assert!(shown.expect(200).body.contains(PAVLA.username));
    assert_eq!(lines(&stack, "username-recovery-ambiguous"), 1);
    no_more_than_first_names(&stack);
}

#[test]
fn a_reset_of_one_ends_nothing_of_the_other() {
    let stack = enrolled();
    for (own, other) in EITHER {
        let [mine, theirs] = [own, other].map(|it| session_of(&stack, it));
        let waiting = stack.at_reset_code(other.username, "email");
        let code = stack.mail.code("email", PETRA.email);
        ask_username(&stack, other);
        let link = stack.mail.link(PETRA.email);
        let proven = stack.at_new_password(own);
        stack.settle();
        let before = stack.mail.all().len();
        proven
            .answer("new-password", &password(NEW_PASSWORD))
            .at("done");
        let told = since(&stack, before);
        assert_eq!(told.len(), 2, "by email and to the phone: {told:?}");
        for notice in &told {
            is_not_about(notice, other);
            let is_greeted = notice.text.contains(own.given);
            assert_eq!(is_greeted, notice.channel == "email", "{}", notice.text);
        }
        assert!(!is_signed_in(&stack, &mine));
        assert!(is_signed_in(&stack, &theirs));
        waiting
            .answer("code", &json!({"code": code}))
            .at("new-password");
        reveal(&stack, &link).expect(200);
        stack.sign_in(other.username, other.password).at("done");
        // Back to what it was, for the other way round.
        stack
            .at_new_password(own)
            .answer("new-password", &password(own.password))
            .at("done");
        stack.settle();
        stack.mail.mark_read();
    }
    no_more_than_first_names(&stack);
}

#[test]
fn a_changed_email_and_a_closed_account_of_one_leave_the_other_alone() {
    let stack = enrolled();
    let [mine, theirs] = [&PETRA, &PAVLA].map(|it| session_of(&stack, it));
    let before = stack.mail.all().len();
    let flow = past_password(&stack, FlowKind::EmailChange, &mine, &PETRA);
    flow.answer("contact", &json!({"email": NEW_EMAIL}))
        .at("code");
    let code = stack.mail.code("email", NEW_EMAIL);
    flow.answer("code", &json!({"code": code})).at("done");
    for told in since(&stack, before) {
        is_not_about(&told, &PAVLA);
    }
    stack.mail.mark_read();
    // From then on the shared email is the other one's alone.
    let before = stack.mail.all().len();
    ask_username(&stack, &PETRA);
    assert!(since(&stack, before).is_empty());
    ask_username(&stack, &PAVLA);
    let link = stack.mail.link(PAVLA.email);

    let before = stack.mail.all().len();
    let flow = past_password(&stack, FlowKind::Deactivation, &mine, &PETRA);
    flow.answer("confirm", &json!({"username": PETRA.username}))
        .at("done");
    for told in since(&stack, before) {
        is_not_about(&told, &PAVLA);
    }
    assert!(is_signed_in(&stack, &theirs));
    stack.sign_in(PAVLA.username, PAVLA.password).at("done");
    let shown = reveal(&stack, &link);
    assert!(shown.expect(200).body.contains(PAVLA.username));
    stack
        .sign_in(PETRA.username, PETRA.password)
        .problem(422, "wrong-sign-in");
    // The shared phone is still the one that is linked to the other account.
    stack.mail.mark_read();
    stack.at_new_password(&PAVLA);
    no_more_than_first_names(&stack);
}

#[test]
fn a_stop_is_lifted_for_the_one_who_came_to_the_desk() {
    let stack = enrolled();
    for twin in [&PETRA, &PAVLA] {
        let reset = stack.at_reset_code(twin.username, "text");
        let wrong = other_than(&stack.mail.code("text", twin.phone));
        reset.answer("code", &json!({"code": wrong})).expect(422);
    }
    let stopped = "SELECT count(*) FROM ladders WHERE failures >= 100";
    assert_eq!(stack.tamper("UPDATE ladders SET failures = 100"), Ok(2));
    let mut browser = Member::new(&stack, DANA, Role::FrontDesk)
        .signed_in(&stack)
        .browser;
    desk::checked(&mut browser, &PETRA);
    browser.press("lift");
    browser.expect_notice(words("staff.notice.lifted"));
    assert_eq!(stack.number(stopped), 1);
    desk::checked(&mut browser, &PAVLA);
    assert!(browser.page().html().contains(words("staff.stopped.lead")));
    stack.advance(SignedDuration::from_mins(2));
    stack.mail.mark_read();
    stack.at_new_password(&PETRA);
    no_more_than_first_names(&stack);
}

/// Whoever searches at the desk by what both have in common is shown both, and opens one.
#[test]
fn the_desk_finds_both_and_a_visit_is_of_one() {
    let stack = on_file();
    let mut browser = Member::new(&stack, DANA, Role::FrontDesk)
        .signed_in(&stack)
        .browser;
    let [month, day, year] = PETRA.born_in_boxes();
    browser.goto(paths::STAFF);
    browser.fill("name", PETRA.family);
    browser.fill("birth_date-month", month);
    browser.fill("birth_date-day", day);
    browser.fill("birth_date-year", year);
    browser.press("search");
    let found = browser.page();
    for shown in [PETRA.given, PAVLA.given, PETRA.mrn, PAVLA.mrn] {
        assert!(found.html().contains(shown), "{shown}");
    }
    assert!(!found.html().contains(ROSA.family));
    desk::checked(&mut browser, &PAVLA);
    let visit = browser.page();
    assert!(visit.html().contains(PAVLA.given));
    assert!(!visit.html().contains(PETRA.given), "the visit is of one");
}
