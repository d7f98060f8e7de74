//! The loop: wakes, works, goes home.

use std::sync::atomic::Ordering;
use std::time::Duration;

use protocol::Channel;
use tokio::time::timeout;

use super::house::{House, ROSA};
use crate::outbox::{Job, Notice};

/// Far longer than any of this takes; only a fault waits for it.
const LIMIT: Duration = Duration::from_secs(20);

async fn until(mut holds: impl FnMut() -> bool) {
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
        channel: Channel::Email,
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
    let channel = Channel::Text;
    house
        .queue(&Job::Notice {
            account,
            what,
            channel,
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
