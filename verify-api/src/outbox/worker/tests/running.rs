//! The loop: wakes, works, goes home.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use async_trait::async_trait;
use protocol::{Channel, Locale};
use tokio::time::timeout;

use super::super::Worker;
use super::house::{House, ROSA, Tray};
use crate::outbox::{Job, Message, Notice, Transport, TransportError};
use crate::store::Lane;

/// Far longer than any of this takes; only a fault waits for it.
pub(super) const LIMIT: Duration = Duration::from_secs(20);

pub(super) async fn until(mut holds: impl FnMut() -> bool) {
    timeout(LIMIT, async {
        while !holds() {
            tokio::task::yield_now().await;
        }
    })
    .await
    .expect("it never came to be");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_loop_sends_what_is_queued_and_ends_when_told() {
    let house = House::new().await;
    let (account, _) = house.account(ROSA).await;
    let running = tokio::spawn(house.worker().run());
    let notice = Job::Notice {
        account,
        what: Notice::Enrolled,
        lane: Lane::Email,
    };
    for _ in 0..6 {
        house.queue(&notice).await;
    }
    house.wake.notify_one();
    until(|| house.tray.sent.lock().unwrap().len() == 6).await;
    house.stop.send_replace(true);
    timeout(LIMIT, running).await.unwrap().unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_loop_outlives_a_database_that_is_gone() {
    let house = House::new().await;
    let (account, _) = house.account(ROSA).await;
    let what = Notice::Enrolled;
    let lane = Lane::Phone;
    house
        .queue(&Job::Notice {
            account,
            what,
            lane,
        })
        .await;
    house.store.is_gone.store(true, Ordering::SeqCst);
    let running = tokio::spawn(house.worker().run());
    until(|| house.store.refused.load(Ordering::SeqCst) > 0).await;
    house.store.is_gone.store(false, Ordering::SeqCst);
    until(|| house.tray.sent.lock().unwrap().len() == 1).await;
    house.stop.send_replace(true);
    timeout(LIMIT, running).await.unwrap().unwrap();
}

#[tokio::test]
async fn the_loop_ends_when_nobody_can_tell_it_to() {
    let house = House::new().await;
    let worker = house.worker();
    drop(house);
    timeout(LIMIT, worker.run()).await.unwrap();
}

/// A transport with a fault that takes the first message down.
struct Fragile {
    has_broken: AtomicBool,
    is_over: Arc<AtomicBool>,
    tray: Arc<Tray>,
}

/// Tells when a panic has gone all the way up.
struct WhenOver(Arc<AtomicBool>);

impl Drop for WhenOver {
    fn drop(&mut self) {
        self.0.store(true, Ordering::SeqCst);
    }
}

#[async_trait]
impl Transport for Fragile {
    async fn send(&self, message: &Message) -> Result<(), TransportError> {
        if !self.has_broken.swap(true, Ordering::SeqCst) {
            let _over = WhenOver(Arc::clone(&self.is_over));
            panic!("as expected");
        }
        self.tray.send(message).await
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_message_that_takes_its_delivery_down_stops_nothing_and_comes_again() {
    let house = House::new().await;
    let (account, _) = house.account(ROSA).await;
    let notice = Job::Notice {
        account,
        what: Notice::Enrolled,
        lane: Lane::Email,
    };
    let is_over = Arc::new(AtomicBool::new(false));
    let fragile = Fragile {
        has_broken: AtomicBool::new(false),
        is_over: Arc::clone(&is_over),
        tray: Arc::clone(&house.tray),
    };
    let worker = Worker {
        transport: Arc::new(fragile),
        ..house.worker()
    };
    let running = tokio::spawn(worker.run());
    let first = house.queue(&notice).await;
    until(|| is_over.load(Ordering::SeqCst)).await;
    let second = house.queue(&notice).await;
    until(|| house.fate(second).is_some()).await;
    assert_eq!(house.fate(first), None);
    house.advance(60);
    until(|| house.fate(first).is_some()).await;
    assert_eq!(house.tray.sent.lock().unwrap().len(), 2);
    house.stop.send_replace(true);
    timeout(LIMIT, running).await.unwrap().unwrap();
}

/// A transport that never comes back.
struct Stuck;

#[async_trait]
impl Transport for Stuck {
    async fn send(&self, _: &Message) -> Result<(), TransportError> {
        std::future::pending().await
    }
}

#[tokio::test]
async fn a_transport_that_never_comes_back_is_given_up() {
    let house = House::new().await;
    let worker = Worker {
        transport: Arc::new(Stuck),
        ..house.worker()
    };
    let message = Message {
        id: String::new(),
        channel: Channel::Email,
        to: String::new(),
        subject: None,
        text: String::new(),
        html: None,
        at: crate::clock::Clock::now(&house.clock),
        locale: Locale::En,
        not_after: house.not_after(),
    };
    let sent = worker.send(&message, Duration::from_millis(1)).await;
    assert!(matches!(sent, Err(TransportError::Temporary(_))));
}
