//! Messages: claimed by one at a time, and never lost.

use std::collections::BTreeSet;

use tokio::task::JoinSet;

use super::bench::{at, change, entry, job, key, sealed};
use super::{Bench, on_each_store};
use crate::account::AccountId;
use crate::audit::Event;
use crate::flow::CodeFor;
use crate::patient::PatientId;
use crate::store::{Ending, Fate, JobId, Lane, NewJob, Report, Write};

on_each_store!(
    the_message_that_is_due_first_is_claimed_first,
    no_two_workers_claim_the_same_message,
    a_claim_is_lost_with_its_lease,
    a_worker_that_lost_its_claim_cannot_put_the_message_back,
    a_message_that_is_done_keeps_its_fate_and_loses_its_content,
    the_last_word_about_a_message_is_that_it_arrived,
    what_waits_for_its_next_try_is_not_due,
    the_two_ways_out_have_queues_of_their_own,
    what_was_given_up_can_be_tried_again_while_it_is_of_use,
    what_becomes_of_a_code_is_told_about_whom_it_is_for,
    the_tables_are_of_this_version,
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
    assert!(
        store
            .claim_job(Lane::Email, at(9), at(40))
            .await
            .unwrap()
            .is_none()
    );
    store
        .retry_job(JobId([1; 16]), 0, at(20), "x")
        .await
        .unwrap();
    let first = store
        .claim_job(Lane::Email, at(20), at(50))
        .await
        .unwrap()
        .unwrap();
    assert_eq!((first.id, first.attempts), (JobId([2; 16]), 1));
    assert_eq!((first.sealed.0, first.not_after), (sealed(2).0, at(600)));
    let second = store
        .claim_job(Lane::Email, at(20), at(50))
        .await
        .unwrap()
        .unwrap();
    assert_eq!(second.id, JobId([1; 16]));
    assert!(
        store
            .claim_job(Lane::Email, at(20), at(50))
            .await
            .unwrap()
            .is_none()
    );
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
                match store.claim_job(Lane::Email, at(20), at(50)).await.unwrap() {
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
    assert!(
        store
            .claim_job(Lane::Email, at(10), at(40))
            .await
            .unwrap()
            .is_some()
    );
    assert!(
        store
            .claim_job(Lane::Email, at(39), at(70))
            .await
            .unwrap()
            .is_none()
    );
    let again = store
        .claim_job(Lane::Email, at(40), at(70))
        .await
        .unwrap()
        .unwrap();
    assert_eq!(again.attempts, 2);
}

async fn a_worker_that_lost_its_claim_cannot_put_the_message_back(bench: Bench) {
    queue(&bench, [1]).await;
    let store = &bench.store;
    let lost = store
        .claim_job(Lane::Email, at(10), at(40))
        .await
        .unwrap()
        .unwrap();
    let held = store
        .claim_job(Lane::Email, at(40), at(70))
        .await
        .unwrap()
        .unwrap();
    let back = store.retry_job(lost.id, lost.attempts, at(41), "x").await;
    back.unwrap();
    assert!(
        store
            .claim_job(Lane::Email, at(41), at(71))
            .await
            .unwrap()
            .is_none()
    );
    let back = store.retry_job(held.id, held.attempts, at(42), "x").await;
    back.unwrap();
    assert!(
        store
            .claim_job(Lane::Email, at(42), at(72))
            .await
            .unwrap()
            .is_some()
    );
}

async fn a_message_that_is_done_keeps_its_fate_and_loses_its_content(bench: Bench) {
    queue(&bench, [1]).await;
    let store = &bench.store;
    let lines = bench.number("SELECT count(*) FROM audit").await;
    let claimed = store
        .claim_job(Lane::Email, at(10), at(40))
        .await
        .unwrap()
        .unwrap();
    let dead = Some(entry(Event::MessageDead, 1));
    store
        .finish_job(claimed.id, Fate::Sent.into(), at(11), dead)
        .await
        .unwrap();
    assert_eq!(store.oldest_pending().await.unwrap(), None);
    assert!(
        store
            .claim_job(Lane::Email, at(100), at(130))
            .await
            .unwrap()
            .is_none()
    );
    // Another worker that held it too late changes nothing any more.
    store
        .finish_job(claimed.id, Fate::Dead.into(), at(50), None)
        .await
        .unwrap();
    let kept = "SELECT count(*) FROM outbox WHERE fate = 'sent' AND sealed IS NULL";
    assert_eq!(bench.number(kept).await, 1);
    assert_eq!(bench.number("SELECT count(*) FROM audit").await, lines + 1);
}

async fn what_waits_for_its_next_try_is_not_due(bench: Bench) {
    queue(&bench, [1, 2]).await;
    let store = &bench.store;
    let due = async || store.first_due().await.unwrap();
    assert_eq!(due().await, Some(at(10)));
    for n in [1, 2] {
        let claimed = store.claim_job(Lane::Email, at(10 + n), at(40 + n)).await;
        let claimed = claimed.unwrap().unwrap();
        // Until then whoever has it is trying.
        assert_eq!(due().await, Some(at(if n == 1 { 10 } else { 41 })));
        if n == 2 {
            let back = store
                .retry_job(claimed.id, claimed.attempts, at(900), "x")
                .await;
            back.unwrap();
        }
    }
    assert_eq!(due().await, Some(at(41)));
    let claimed = store.claim_job(Lane::Email, at(41), at(71)).await;
    let claimed = claimed.unwrap().unwrap();
    let done = store
        .finish_job(claimed.id, Fate::Sent.into(), at(42), None)
        .await;
    done.unwrap();
    assert_eq!(due().await, Some(at(900)));
    assert_eq!(store.oldest_pending().await.unwrap(), Some(at(10)));
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

async fn the_two_ways_out_have_queues_of_their_own(bench: Bench) {
    let flow = bench.flow(1).await;
    let text = NewJob {
        lane: Lane::Phone,
        ..job(2, 600)
    };
    let writes = vec![Write::Job(job(1, 600)), Write::Job(text)];
    bench.store.commit(change(flow, 0, writes)).await.unwrap();
    assert_eq!(bench.store.count_pending().await.unwrap(), 2);
    for (lane, n) in [(Lane::Phone, 2), (Lane::Email, 1)] {
        let claim = || bench.store.claim_job(lane, at(20), at(50));
        let claimed = claim().await.unwrap().unwrap();
        assert_eq!(claimed.id, JobId([n; 16]));
        assert!(claim().await.unwrap().is_none());
    }
}

async fn what_was_given_up_can_be_tried_again_while_it_is_of_use(bench: Bench) {
    queue(&bench, [1, 2]).await;
    let store = &bench.store;
    for _ in 0..2 {
        let claimed = store.claim_job(Lane::Email, at(20), at(50)).await;
        let id = claimed.unwrap().unwrap().id;
        let ending = Ending {
            fate: Fate::Dead,
            cause: Some("550".to_owned()),
        };
        let dead = Some(entry(Event::MessageDead, 1));
        store.finish_job(id, ending, at(21), dead).await.unwrap();
    }
    assert!(store.list_jobs(false, 9).await.unwrap().is_empty());
    let listed = store.list_jobs(true, 9).await.unwrap();
    let shown: Vec<_> = listed
        .iter()
        .map(|job| (job.id, job.at, job.attempts, job.cause.as_deref()))
        .collect();
    let line = |n| (JobId([n; 16]), at(21), 1, Some("550"));
    assert_eq!(shown, [line(1), line(2)]);
    assert_eq!(store.list_jobs(true, 1).await.unwrap().len(), 1);

    let lines = bench.number("SELECT count(*) FROM audit").await;
    let again = |n: u8, seconds| {
        let audit = entry(Event::MessageRetried, n);
        store.revive_job(JobId([n; 16]), at(seconds), audit)
    };
    assert!(again(1, 599).await.unwrap());
    // It is on its way; too late; never heard of.
    for (n, seconds) in [(1, 599), (2, 600), (3, 30)] {
        assert!(!again(n, seconds).await.unwrap(), "{n}");
    }
    assert_eq!(bench.number("SELECT count(*) FROM audit").await, lines + 1);
    assert_eq!(store.list_jobs(false, 9).await.unwrap()[0].attempts, 0);
    let claimed = store.claim_job(Lane::Email, at(599), at(650)).await;
    let claimed = claimed.unwrap().unwrap();
    assert_eq!((claimed.sealed.0, claimed.attempts), (sealed(1).0, 1));

    assert_eq!(store.forget_dead(at(599)).await.unwrap(), 0);
    assert_eq!(store.forget_dead(at(600)).await.unwrap(), 1);
    let kept = "SELECT count(*) FROM outbox WHERE sealed IS NOT NULL";
    assert_eq!(bench.number(kept).await, 1);
}

async fn the_tables_are_of_this_version(bench: Bench) {
    assert!(bench.store.is_migrated().await.unwrap());
    bench.forget_version().await;
    assert!(!bench.store.is_migrated().await.unwrap());
}

async fn what_becomes_of_a_code_is_told_about_whom_it_is_for(bench: Bench) {
    let flow = bench.flow(1).await;
    let challenge = |purpose, n, patient| Write::Challenge {
        purpose,
        job: JobId([n; 16]),
        patient,
        expires_at: at(600),
        limit: 5,
    };
    let writes = vec![
        challenge(CodeFor::Phone, 1, Some(PatientId([60; 16]))),
        challenge(CodeFor::Reset, 2, None),
        Write::Job(job(1, 600)),
        Write::Job(job(2, 600)),
        Write::Job(job(3, 600)),
    ];
    let asked = change(flow, 0, writes);
    bench.store.commit(asked).await.unwrap();
    let (code, account) = (key(9), Some(AccountId([70; 16])));
    let reset = CodeFor::Reset;
    let set = bench
        .store
        .set_code(flow, reset, JobId([2; 16]), &code, account);
    assert!(set.await.unwrap());
    for n in [1, 2, 3] {
        let (id, dead) = (JobId([n; 16]), Fate::Dead.into());
        let audit = Some(entry(Event::MessageDead, n));
        bench
            .store
            .finish_job(id, dead, at(20), audit)
            .await
            .unwrap();
        let audit = Some(entry(Event::MessageUndelivered, n));
        let settled = bench
            .store
            .settle_job(id, Report::Undelivered, at(20), audit);
        assert!(settled.await.unwrap());
    }
    let lines = bench.store.audit_lines(0, 500).await.unwrap();
    let told: Vec<_> = (lines.iter())
        .filter(|(line, _)| line.event.starts_with("message-"))
        .map(|(line, _)| line.subject[0])
        .collect();
    assert_eq!(
        told,
        [60, 60, 70, 70, 3, 3],
        "the patient, the account, itself"
    );
}
