//! Usernames, invitations, notices: who gets them, and what they carry.

use data_encoding::BASE64URL_NOPAD;
use protocol::{Channel, Locale};

use super::house::{House, Person, ROSA};
use crate::audit::Event;
use crate::crypto::Purpose;
use crate::flow::{CodeFor, Recipient};
use crate::outbox::{Job, Notice, TransportError};
use crate::store::{Fate, Lane};

const TWIN: Person = Person {
    username: "rose.m",
    given_name: "Rose",
    ..ROSA
};

const CALLED: Person = Person {
    username: "rosa.senior",
    email: "rosa.senior@example.org",
    phone: "207-555-0143",
    phone_channel: Channel::Call,
    ..ROSA
};

fn recovery(given_name: &str, email: &str) -> Job {
    Job::Username {
        given_name: given_name.to_owned(),
        family_name: "MARTÍNEZ".to_owned(),
        birth_date: "1944-02-29".to_owned(),
        email: email.to_owned(),
        locale: Locale::En,
    }
}

#[tokio::test]
async fn a_username_email_goes_to_the_stored_address_with_a_link_that_opens() {
    let house = House::new().await;
    let (account, _) = house.account(ROSA).await;
    // A twin with the same birth date and email: one letter tells them apart.
    house.account(TWIN).await;
    house.queue(&recovery("rosa", "ROSA@example.org")).await;
    house.work().await;
    let message = house.one_sent();
    assert_eq!(message.to, "rosa@example.org");
    let html = message.html.unwrap();
    for said in ["Rosa", "rosa.m", "Martinez", "1944"] {
        assert!(
            !message.text.contains(said) && !html.contains(said),
            "{said}"
        );
    }
    let link = message
        .text
        .lines()
        .find_map(|line| {
            line.strip_prefix("https://help.example.org/flows/username-recovery/show?token=")
        })
        .unwrap();
    let token = BASE64URL_NOPAD.decode(link.as_bytes()).unwrap();
    let digest = house.keys.digest(Purpose::RevealToken, &token);
    let now = crate::clock::Clock::now(&house.clock);
    let shown = house.store.inner.spend_reveal(&digest, now).await.unwrap();
    assert_eq!(shown.unwrap().id, account);
}

#[tokio::test]
async fn the_app_can_read_the_token_of_a_username_email() {
    let house = House::new().await;
    house.account(ROSA).await;
    house.queue(&recovery("Rosa", "rosa@example.org")).await;
    house.work().await;
    let text = house.one_sent().text;
    let (_, token) = text.split_once("?token=").unwrap();
    let token = token.lines().next().unwrap();
    assert!(crate::app::Token::parse(token).is_some(), "{token}");
}

#[tokio::test]
async fn a_username_email_that_cannot_be_delivered_names_the_account() {
    let house = House::new().await;
    let (account, _) = house.account(ROSA).await;
    let job = house.queue(&recovery("Rosa", "rosa@example.org")).await;
    house.fail([TransportError::Permanent("550".into())]);
    house.work().await;
    assert_eq!(house.audit(job), Some((Event::MessageDead, account.0)));
}

#[tokio::test]
async fn details_that_fit_nobody_send_nothing() {
    let house = House::new().await;
    house.account(ROSA).await;
    for job in [
        recovery("Ana", "rosa@example.org"),
        recovery("Rosa", "other@example.org"),
    ] {
        let job = house.queue(&job).await;
        house.work().await;
        assert_eq!(house.fate(job), Some(Fate::NothingToSend));
        assert_eq!(house.audit(job), None);
    }
    assert!(house.sent().is_empty());
}

#[tokio::test]
async fn details_that_fit_two_people_send_nothing_and_staff_are_told() {
    let house = House::new().await;
    let (_, patient) = house.account(ROSA).await;
    let namesake = Person {
        username: "rosa.2",
        ..ROSA
    };
    let (_, other) = house.account(namesake).await;
    let job = house.queue(&recovery("Rosa", "rosa@example.org")).await;
    house.work().await;
    assert!(house.sent().is_empty());
    assert_eq!(house.fate(job), Some(Fate::NothingToSend));
    let (event, subject) = house.audit(job).unwrap();
    assert_eq!(event, Event::UsernameRecoveryAmbiguous);
    assert!([patient.0, other.0].contains(&subject));
}

#[tokio::test]
async fn an_invitation_goes_where_it_was_addressed_when_it_was_made() {
    let house = House::new().await;
    let job = Job::Invitation {
        patient: house.patient(ROSA).await,
        email: "rosa.then@example.org".to_owned(),
        code: "ABCD-EFGH-JKMN-PQRS".to_owned(),
    };
    house.queue(&job).await;
    house.work().await;
    let message = house.one_sent();
    assert_eq!(message.to, "rosa.then@example.org");
    assert!(message.text.starts_with("Hello Rosa,\n"));
    let link = "https://help.example.org/flows/enrollment?invitation=ABCD-EFGH-JKMN-PQRS";
    assert!(message.text.lines().any(|line| line == link));
    assert!(message.html.unwrap().contains(link));
}

#[tokio::test]
async fn nothing_is_sent_about_an_account_that_was_pointed_at_another_patient() {
    let house = House::new().await;
    let (rosa, twin) = (house.patient(ROSA).await, house.patient(TWIN).await);
    let account = house.account_of(ROSA, rosa, twin).await;
    let flow = house.flow().await;
    let code = Job::Code {
        flow: flow.0,
        purpose: CodeFor::Reset,
        to: Recipient::Username(ROSA.username.to_owned()),
        channel: Channel::Text,
        locale: Locale::En,
    };
    let notice = Job::Notice {
        account,
        what: Notice::PasswordChanged,
        lane: Lane::Email,
    };
    for job in [code, notice, Job::ResetLink { account }] {
        let job = house.queue(&job).await;
        house.work().await;
        assert!(house.sent().is_empty());
        assert_eq!(house.fate(job), Some(Fate::Dead));
    }
}

#[tokio::test]
async fn a_notice_says_what_to_do_and_keeps_names_out_of_texts() {
    let house = House::new().await;
    let texted = house.account(ROSA).await.0;
    let called = house.account(CALLED).await.0;
    for (account, lane, channel, to) in [
        (texted, Lane::Email, Channel::Email, ROSA.email),
        (texted, Lane::Phone, Channel::Text, "+12075550142"),
        (called, Lane::Email, Channel::Email, CALLED.email),
        // A landline takes no texts: what has proven it reaches it.
        (called, Lane::Phone, Channel::Call, "+12075550143"),
    ] {
        house
            .queue(&Job::Notice {
                account,
                what: Notice::PasswordChanged,
                lane,
            })
            .await;
        house.work().await;
        let message = house.one_sent();
        assert_eq!((message.channel, &*message.to), (channel, to));
        let number = match channel {
            Channel::Call => "8, 8, 8, 7, 4, 7, 4, 2, 5, 5",
            Channel::Email | Channel::Text => "888-747-4255",
        };
        assert!(message.text.contains(number), "{channel:?}");
        let greets = message.text.contains("Rosa");
        assert_eq!(greets, channel == Channel::Email, "{channel:?}");
    }
}

/// What waits about an account is dropped with it, but for the word of its end, which goes to
/// the addresses that it had.
#[tokio::test]
async fn nothing_but_the_word_of_its_end_leaves_about_an_account_that_was_closed() {
    let house = House::new().await;
    let (account, patient) = house.account(ROSA).await;
    let username = ROSA.username.to_owned();
    let mut waiting = vec![
        house.queue(&recovery("rosa", ROSA.email)).await,
        house.queue(&Job::ResetLink { account }).await,
        house.queue(&Job::SignInStopped { username }).await,
    ];
    for lane in Lane::OUT {
        let what = Notice::PasswordChanged;
        let notice = Job::Notice {
            account,
            what,
            lane,
        };
        waiting.push(house.queue(&notice).await);
    }
    let by_name = Recipient::Username(ROSA.username.to_owned());
    let flow = house.flow().await;
    waiting.push(house.ask_code(flow, 0, by_name, Channel::Text).await);
    let closing = house.closing(account).await;
    house.store.inner.commit(closing).await.unwrap();
    let told = Job::FormerAddress {
        account,
        patient,
        what: Notice::Deactivated,
        to: ROSA.email.to_owned(),
        channel: Channel::Email,
    };
    house.queue(&told).await;
    house.work().await;
    let message = house.one_sent();
    assert_eq!(message.to, ROSA.email);
    assert!(message.text.contains("was closed"), "{}", message.text);
    for job in waiting {
        assert_eq!(house.fate(job), Some(Fate::NothingToSend));
    }
}

/// What the version before has sealed is still read, whatever it is called now.
#[tokio::test]
async fn a_notice_that_was_queued_by_the_version_before_still_leaves() {
    let house = House::new().await;
    let (account, _) = house.account(ROSA).await;
    let queued = serde_json::json!({"phone_unlinked": {
        "account": account,
        "phone": "+12075550188",
        "channel": "call",
    }});
    let job: Job = serde_json::from_value(queued).unwrap();
    assert_eq!((job.lane(), job.name()), (Lane::Phone, "notice"));
    let job = house.queue(&job).await;
    house.work().await;
    let message = house.one_sent();
    let to = (message.channel, &*message.to);
    assert_eq!(to, (Channel::Call, "+12075550188"));
    assert!(
        message.text.contains("no longer linked"),
        "{}",
        message.text
    );
    assert_eq!(house.fate(job), Some(Fate::Sent));
}

/// Whoever closes the account while a code is being written has no use for it.
#[tokio::test]
async fn a_code_that_is_written_while_the_account_is_closed_does_not_leave() {
    let house = House::new().await;
    let (account, _) = house.account(ROSA).await;
    let closing = house.closing(account).await;
    *house.store.meanwhile.lock().unwrap() = Some(closing);
    let flow = house.flow().await;
    let by_name = Recipient::Username(ROSA.username.to_owned());
    let job = house.ask_code(flow, 0, by_name, Channel::Text).await;
    house.work().await;
    assert!(house.sent().is_empty());
    assert_eq!(house.fate(job), Some(Fate::NothingToSend));
}
