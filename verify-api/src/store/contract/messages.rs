//! Messages: claimed by one at a time, and never lost.

use std::collections::BTreeSet;

use tokio::task::JoinSet;

use super::bench::{at, change, entry, job, sealed};
use super::{Bench, on_each_store};
use crate::audit::Event;
use crate::store::{Fate, JobId, Report, Write};

on_each_store!(
    the_message_that_is_due_first_is_claimed_first,
    no_two_workers_claim_the_same_message,
    a_claim_is_lost_with_its_lease,
    a_worker_that_lost_its_claim_cannot_put_the_message_back,
    a_message_that_is_done_keeps_its_fate_and_loses_its_content,
    the_last_word_about_a_message_is_that_it_arrived,
);

async fn queue(bench: &Bench, jobs: impl IntoIterator<Item = u8>) {
    let flow = bench.flow(1).await;
    let writes = jobs.into_iter().map(|n| Write::Job(job(n, 600)));
    let change = change(flow, 0, writes.collect());
    bench.store.commit(change).await.unwrap();
}

async fn the_message_that_is_due_first_is_claimed_first(bench: Bench) {
    queue(&bench, [1, 2]).await;
    let store = &bench.store;
    assert_eq!(store.oldest_pending().await.unwrap(), Some(at(10)));
    assert!(store.claim_job(at(9), at(40)).await.unwrap().is_none());
    store.retry_job(JobId([1; 16]), 0, at(20)).await.unwrap();
    let first = store.claim_job(at(20), at(50)).await.unwrap().unwrap();
    assert_eq!((first.id, first.attempts), (JobId([2; 16]), 1));
    assert_eq!((first.sealed.0, first.not_after), (sealed(2).0, at(600)));
    let second = store.claim_job(at(20), at(50)).await.unwrap().unwrap();
    assert_eq!(second.id, JobId([1; 16]));
    assert!(store.claim_job(at(20), at(50)).await.unwrap().is_none());
}

async fn no_two_workers_claim_the_same_message(bench: Bench) {
    queue(&bench, 1..=50).await;
    let mut workers = JoinSet::new();
    for _ in 0..8 {
        let store = bench.store.clone();
        workers.spawn(async move {
            let mut claimed = Vec::new();
            // On SQLite two may look at the same message, and one gets none.
            let mut empty = 0;
            while empty < 50 {
                match store.claim_job(at(20), at(50)).await.unwrap() {
                    Some(job) => claimed.push(job.id.0),
                    None => empty += 1,
                }
            }
            claimed
        });
    }
    let claimed: Vec<_> = workers.join_all().await.into_iter().flatten().collect();
    assert_eq!(claimed.len(), 50);
    assert_eq!(claimed.iter().collect::<BTreeSet<_>>().len(), 50);
}

async fn a_claim_is_lost_with_its_lease(bench: Bench) {
    queue(&bench, [1]).await;
    let store = &bench.store;
    assert!(store.claim_job(at(10), at(40)).await.unwrap().is_some());
    assert!(store.claim_job(at(39), at(70)).await.unwrap().is_none());
    let again = store.claim_job(at(40), at(70)).await.unwrap().unwrap();
    assert_eq!(again.attempts, 2);
}

async fn a_worker_that_lost_its_claim_cannot_put_the_message_back(bench: Bench) {
    queue(&bench, [1]).await;
    let store = &bench.store;
    let lost = store.claim_job(at(10), at(40)).await.unwrap().unwrap();
    let held = store.claim_job(at(40), at(70)).await.unwrap().unwrap();
    let back = store.retry_job(lost.id, lost.attempts, at(41)).await;
    back.unwrap();
    assert!(store.claim_job(at(41), at(71)).await.unwrap().is_none());
    let back = store.retry_job(held.id, held.attempts, at(42)).await;
    back.unwrap();
    assert!(store.claim_job(at(42), at(72)).await.unwrap().is_some());
}

async fn a_message_that_is_done_keeps_its_fate_and_loses_its_content(bench: Bench) {
    queue(&bench, [1]).await;
    let store = &bench.store;
    let lines = bench.number("SELECT count(*) FROM audit").await;
    let claimed = store.claim_job(at(10), at(40)).await.unwrap().unwrap();
    let dead = Some(entry(Event::MessageDead, 1));
    store
        .finish_job(claimed.id, Fate::Dead, at(11), dead)
        .await
        .unwrap();
    assert_eq!(store.oldest_pending().await.unwrap(), None);
    assert!(store.claim_job(at(100), at(130)).await.unwrap().is_none());
    // Another worker that held it too late changes nothing any more.
    store
        .finish_job(claimed.id, Fate::Sent, at(50), None)
        .await
        .unwrap();
    let kept = "SELECT count(*) FROM outbox WHERE fate = 'dead' AND sealed IS NULL";
    assert_eq!(bench.number(kept).await, 1);
    assert_eq!(bench.number("SELECT count(*) FROM audit").await, lines + 1);
}

async fn the_last_word_about_a_message_is_that_it_arrived(bench: Bench) {
    queue(&bench, [1, 2]).await;
    let settle = |n: u8, report| {
        let audit = Some(entry(Event::MessageUndelivered, n));
        bench
            .store
            .settle_job(JobId([n; 16]), report, at(20), audit)
    };
    let lines = bench.number("SELECT count(*) FROM audit").await;
    for (n, report, is_news) in [
        (1, Report::Undelivered, true),
        (1, Report::Undelivered, false),
        (1, Report::Delivered, true),
        (1, Report::Undelivered, false),
        (2, Report::Delivered, true),
        (2, Report::Undelivered, false),
        (3, Report::Undelivered, false),
    ] {
        assert_eq!(settle(n, report).await.unwrap(), is_news, "{n} {report:?}");
    }
    let arrived = "SELECT count(*) FROM outbox WHERE report = 'delivered'";
    assert_eq!(bench.number(arrived).await, 2);
    // One line each time that it was news, as it was asked for.
    assert_eq!(bench.number("SELECT count(*) FROM audit").await, lines + 3);
}
