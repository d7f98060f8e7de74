//! What practices ask for: nobody waits for it, and nothing that leaves tells when it was done.

use jiff::SignedDuration;
use protocol::Channel;
use tokio::time::timeout;

use super::super::Worker;
use super::house::{House, ROSA};
use super::running::{LIMIT, until};
use crate::account::AccountId;
use crate::audit::{Entry, Event};
use crate::clock::Clock as _;
use crate::config::SendingLimits;
use crate::crypto::{Digest, Sealed};
use crate::flow::Recipient;
use crate::outbox::{AskedWith, Job};
use crate::provider::{ConnectionId, ProviderId, Wish};
use crate::store::{Fate, NewConnection, NewLetter, NewProvider};

async fn provider(house: &House) -> ProviderId {
    let id = ProviderId(house.random());
    let provider = NewProvider {
        id,
        name: Sealed(vec![1, 0, 1]),
        features: String::new(),
        at: house.clock.now(),
    };
    let audit = Entry::about(Event::ProviderAdded, id.0);
    let added = house.store.inner.add_provider(provider, audit);
    added.await.unwrap();
    id
}

/// An open invitation of an account, whose own letter leaves far later.
pub(super) async fn invited(house: &House, account: AccountId) -> ConnectionId {
    let now = house.clock.now();
    let connection = NewConnection {
        id: ConnectionId(house.random()),
        provider: provider(house).await,
        account,
        asked_at: now,
        key: None,
    };
    let letter = NewLetter {
        job: house.sealed(&Job::ConnectionLetter {
            account,
            connection: connection.id,
            key: None,
        }),
        leaves_at: now + SignedDuration::from_hours(23),
        charges: Vec::new(),
    };
    let audit = Entry::about(Event::ConnectionInvited, account.0);
    let made = (house.store.inner).connect(connection, letter, now, audit);
    assert!(made.await.unwrap());
    connection.id
}

fn wish(house: &House, provider: ProviderId, number: &str) -> Job {
    Job::Connection {
        provider,
        number: number.to_owned(),
        wish: Wish::Invite,
        asked_at: house.clock.now(),
        key: None,
    }
}

/// As many as these would take a minute, if each took the turn of a message.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whatever_practices_ask_for_keeps_no_code_waiting() {
    let house = House::new().await;
    house.account(ROSA).await;
    let provider = provider(&house).await;
    let mut wishes = Vec::new();
    for n in 0..60 {
        let wish = wish(&house, provider, &n.to_string());
        wishes.push(house.queue(&wish).await);
    }
    house.advance(1);
    let flow = house.flow().await;
    let by_name = Recipient::Username(ROSA.username.to_owned());
    let code = house.ask_code(flow, 0, by_name, Channel::Email).await;
    let worker = Worker {
        sending: SendingLimits {
            email: Some(1),
            phone: Some(1),
        },
        ..house.worker()
    };
    let running = tokio::spawn(worker.run());
    until(|| house.fate(code) == Some(Fate::Sent)).await;
    until(|| wishes.iter().all(|wish| house.fate(*wish).is_some())).await;
    house.stop.send_replace(true);
    timeout(LIMIT, running).await.unwrap().unwrap();
}

/// The provider has this key from now on.
async fn replace_key(house: &House, provider: ProviderId, n: u8) {
    let (key, at) = (Digest([n; 32]), house.clock.now());
    let audit = Entry::about(Event::ProviderKeyMade, provider.0);
    let set = (house.store.inner).set_provider_key(provider, key, at, audit);
    assert!(set.await.unwrap());
}

#[tokio::test]
async fn the_letter_about_an_invitation_waits_for_a_time_that_nobody_can_tell() {
    let house = House::new().await;
    let (_, patient) = house.account(ROSA).await;
    let provider = provider(&house).await;
    let wish = wish(&house, provider, &patient.to_string());
    house.queue(&wish).await;
    house.work().await;
    house.advance(5 * 60 - 1);
    house.work().await;
    assert!(house.sent().is_empty());
    house.advance(25 * 60 + 1);
    house.work().await;
    assert_eq!(house.one_sent().to, ROSA.email);
}

#[tokio::test]
async fn what_was_asked_for_with_a_key_that_was_replaced_is_not_done() {
    let house = House::new().await;
    let (_, patient) = house.account(ROSA).await;
    let provider = provider(&house).await;
    let asked_with = |n| Job::Connection {
        provider,
        number: patient.to_string(),
        wish: Wish::Invite,
        asked_at: house.clock.now(),
        key: Some(AskedWith([n; 32])),
    };
    replace_key(&house, provider, 1).await;
    let dropped = house.queue(&asked_with(1)).await;
    replace_key(&house, provider, 2).await;
    house.work().await;
    assert_eq!(house.fate(dropped), Some(Fate::NothingToSend));
    house.advance(30 * 60);
    house.work().await;
    assert!(house.sent().is_empty());
    house.queue(&asked_with(2)).await;
    house.work().await;
    house.advance(30 * 60);
    house.work().await;
    assert_eq!(house.one_sent().to, ROSA.email);
}

/// Nobody knows with which key, and the practice has its answer.
#[tokio::test]
async fn what_a_version_before_has_queued_is_done() {
    let house = House::new().await;
    let (account, patient) = house.account(ROSA).await;
    let provider = provider(&house).await;
    let without_key = |job: &Job, kind: &str| {
        let mut written = serde_json::to_value(job).unwrap();
        let fields = written[kind].as_object_mut().unwrap();
        assert!(fields.remove("key").is_some());
        written
    };
    let wish = wish(&house, provider, &patient.to_string());
    let written = without_key(&wish, "connection");
    house.queue_as_written(&wish, &written).await;
    house.work().await;
    house.advance(30 * 60);
    house.work().await;
    assert_eq!(house.one_sent().to, ROSA.email);
    let letter = Job::ConnectionLetter {
        account,
        connection: invited(&house, account).await,
        key: None,
    };
    let written = without_key(&letter, "connection_letter");
    house.queue_as_written(&letter, &written).await;
    house.work().await;
    assert_eq!(house.one_sent().to, ROSA.email);
}

/// Whoever replaces a key may know it to be in other hands.
#[tokio::test]
async fn no_letter_leaves_about_what_was_asked_for_with_a_key_that_was_replaced() {
    let house = House::new().await;
    let (_, patient) = house.account(ROSA).await;
    let provider = provider(&house).await;
    replace_key(&house, provider, 1).await;
    let asked = Job::Connection {
        provider,
        number: patient.to_string(),
        wish: Wish::Invite,
        asked_at: house.clock.now(),
        key: Some(AskedWith([1; 32])),
    };
    house.queue(&asked).await;
    house.work().await;
    replace_key(&house, provider, 2).await;
    house.advance(30 * 60);
    house.work().await;
    assert!(house.sent().is_empty());
}

#[tokio::test]
async fn no_letter_leaves_about_an_invitation_that_is_open_no_more() {
    let house = House::new().await;
    let (_, patient) = house.account(ROSA).await;
    let provider = provider(&house).await;
    let number = patient.to_string();
    house.queue(&wish(&house, provider, &number)).await;
    house.work().await;
    house.advance(60);
    let taken_back = Job::Connection {
        provider,
        number,
        wish: Wish::Withdraw,
        asked_at: house.clock.now(),
        key: None,
    };
    house.queue(&taken_back).await;
    house.work().await;
    house.advance(30 * 60);
    house.work().await;
    assert!(house.sent().is_empty());
}
