//! Flows: whole changes, counted tries, single use, and races for each.

use std::sync::atomic::{AtomicU8, Ordering};

use tokio::task::JoinSet;

use super::bench::{account, at, change, entry, hash, job, key, mailed_link, sealed};
use super::{Bench, on_each_store};
use crate::account::AccountId;
use crate::audit::Event;
use crate::flow::{CodeFor, LIFETIME, Tries};
use crate::store::{Challenge, FlowId, Guess, JobId, Result, StoreError, Write};

on_each_store!(
    a_flow_is_found_by_its_token_alone,
    a_change_stands_whole_or_not_at_all,
    of_changes_from_one_version_one_is_made,
    a_flow_is_moved_on_until_its_lifetime_is_over,
    tries_are_counted_however_many_come_at_once,
    another_code_keeps_the_tries,
    the_last_try_is_known_as_such,
    a_code_is_spent_once,
    a_link_is_spent_once,
    one_of_many_gets_a_username,
    a_patient_has_one_account,
    a_reset_ends_every_other_flow_about_its_account,
    a_reset_voids_codes_that_were_sent_or_are_under_way,
    of_two_resets_at_once_one_is_made,
    what_ran_out_is_forgotten,
);

fn challenge(n: u8) -> Write {
    Write::Challenge {
        purpose: CodeFor::Reset,
        job: JobId([n; 16]),
        patient: None,
        expires_at: at(600),
        limit: 5,
    }
}

/// A try that begins a row of failures of its own: these tests are about flows.
async fn try_code(bench: &Bench, flow: FlowId, limit: u8) -> Result<Option<Challenge>> {
    static ROWS: AtomicU8 = AtomicU8::new(0);
    let guess = Guess {
        flow,
        version: bench.version(flow).await,
        purpose: CodeFor::Reset,
        limit,
        ladder: key(ROWS.fetch_add(1, Ordering::Relaxed)),
        username: None,
        account: None,
        at: at(0),
    };
    bench.store.try_code(guess).await
}

async fn a_flow_is_found_by_its_token_alone(bench: Bench) {
    let flow = bench.flow(1).await;
    let found = bench.store.flow(&key(1)).await.unwrap().unwrap();
    assert_eq!((found.id, found.version, found.is_ended), (flow, 0, false));
    assert_eq!((found.state.0, found.expires_at), (sealed(1).0, at(3600)));
    assert!(bench.store.flow(&key(2)).await.unwrap().is_none());
}

async fn a_change_stands_whole_or_not_at_all(bench: Bench) {
    let flow = bench.flow(1).await;
    let lines = bench.number("SELECT count(*) FROM audit").await;
    let writes = vec![
        Write::Job(job(1, 600)),
        Write::Audit(entry(Event::CodeAsked, 1)),
        // There is no such code, so nothing of the change may stay.
        Write::SpendChallenge(CodeFor::Reset),
    ];
    let refused = bench.store.commit(change(flow, 0, writes)).await;
    assert!(matches!(refused, Err(StoreError::Conflict)), "{refused:?}");
    let found = bench.store.flow(&key(1)).await.unwrap().unwrap();
    assert_eq!((found.version, found.state.0), (0, sealed(1).0));
    assert_eq!(bench.number("SELECT count(*) FROM outbox").await, 0);
    assert_eq!(bench.number("SELECT count(*) FROM audit").await, lines);

    let writes = vec![
        Write::Job(job(1, 600)),
        Write::Audit(entry(Event::CodeAsked, 1)),
    ];
    bench.store.commit(change(flow, 0, writes)).await.unwrap();
    let found = bench.store.flow(&key(1)).await.unwrap().unwrap();
    assert_eq!((found.version, found.state.0), (1, sealed(9).0));
    assert_eq!(bench.number("SELECT count(*) FROM outbox").await, 1);
    assert_eq!(bench.number("SELECT count(*) FROM audit").await, lines + 1);
}

async fn of_changes_from_one_version_one_is_made(bench: Bench) {
    let flow = bench.flow(1).await;
    let made = at_once(20, &bench, move |bench, n| async move {
        let writes = vec![Write::Job(job(n, 600))];
        bench.store.commit(change(flow, 0, writes)).await
    });
    let (made, refused) = made.await;
    assert_eq!((made, refused.len()), (1, 19));
    assert!(refused.iter().all(|e| matches!(e, StoreError::Conflict)));
    assert_eq!(bench.number("SELECT count(*) FROM outbox").await, 1);
}

/// However late its last step said that it runs out.
async fn a_flow_is_moved_on_until_its_lifetime_is_over(bench: Bench) {
    let flow = bench.flow(1).await;
    let move_on = |version, seconds| {
        let mut change = change(flow, version, Vec::new());
        change.at = at(seconds);
        change.expires_at = at(2 * LIFETIME.as_secs());
        bench.store.commit(change)
    };
    move_on(0, LIFETIME.as_secs() - 1).await.unwrap();
    let refused = move_on(1, LIFETIME.as_secs()).await;
    assert!(matches!(refused, Err(StoreError::Conflict)), "{refused:?}");
    let found = bench.store.flow(&key(1)).await.unwrap().unwrap();
    assert_eq!((found.version, found.begun_at), (1, at(0)));
}

async fn tries_are_counted_however_many_come_at_once(bench: Bench) {
    let flow = bench.flow(1).await;
    let asked = change(flow, 0, vec![challenge(1)]);
    bench.store.commit(asked).await.unwrap();
    let (tried, _) = at_once(200, &bench, move |bench, _| async move {
        let tried = try_code(&bench, flow, 5).await;
        tried?.map(|_| ()).ok_or(StoreError::NoTryLeft)
    })
    .await;
    assert_eq!(tried, 5);
}

async fn the_last_try_is_known_as_such(bench: Bench) {
    let flow = bench.flow(1).await;
    let out = |tries| bench.store.is_out_of_tries(flow, tries, 2);
    let code = Tries::Code(CodeFor::Reset);
    assert!(!out(code).await.unwrap(), "no code was asked for yet");
    let asked = change(flow, 0, vec![challenge(1)]);
    bench.store.commit(asked).await.unwrap();
    for left in [1, 0] {
        assert!(!out(code).await.unwrap());
        let tried = try_code(&bench, flow, 2).await;
        assert_eq!(tried.unwrap().unwrap().tries_left, left);
    }
    assert!(out(code).await.unwrap());
    let other = Tries::Code(CodeFor::Phone);
    assert!(!out(other).await.unwrap(), "each purpose has its own");
    let again = change(flow, 1, vec![challenge(2)]);
    let refused = bench.store.commit(again).await;
    assert!(refused.is_ok(), "the limit of that code is five");
    assert!(out(code).await.unwrap(), "another code brings no new tries");
}

async fn another_code_keeps_the_tries(bench: Bench) {
    let flow = bench.flow(1).await;
    let asked = change(flow, 0, vec![challenge(1)]);
    bench.store.commit(asked).await.unwrap();
    let try_code = || try_code(&bench, flow, 5);
    for _ in 0..3 {
        assert!(try_code().await.unwrap().is_some());
    }
    let again = change(flow, 1, vec![challenge(2)]);
    bench.store.commit(again).await.unwrap();
    // The earlier message can no longer set its code.
    for (n, is_set) in [(1, false), (2, true)] {
        let set = bench
            .store
            .set_code(flow, CodeFor::Reset, JobId([n; 16]), &key(n), None)
            .await;
        assert_eq!(set.unwrap(), is_set);
    }
    let compared = try_code().await.unwrap().unwrap();
    assert!(compared.code.unwrap().matches(&key(2)));
    assert!(try_code().await.unwrap().is_some());
    assert!(try_code().await.unwrap().is_none());
    let third = bench
        .store
        .commit(change(flow, 2, vec![challenge(3)]))
        .await;
    assert!(matches!(third, Err(StoreError::NoTryLeft)), "{third:?}");
}

async fn a_code_is_spent_once(bench: Bench) {
    let flow = bench.flow(1).await;
    let writes = vec![challenge(1)];
    bench.store.commit(change(flow, 0, writes)).await.unwrap();
    let spend = |version| {
        let writes = vec![Write::SpendChallenge(CodeFor::Reset)];
        bench.store.commit(change(flow, version, writes))
    };
    let not_sent = spend(1).await;
    assert!(
        matches!(not_sent, Err(StoreError::Conflict)),
        "{not_sent:?}"
    );
    bench.sent(flow, 1).await;
    spend(1).await.unwrap();
    let again = spend(2).await;
    assert!(matches!(again, Err(StoreError::Conflict)), "{again:?}");
    let tried = try_code(&bench, flow, 5).await;
    assert!(tried.unwrap().is_none());
}

async fn a_link_is_spent_once(bench: Bench) {
    let account = bench.account(1).await;
    for _ in 0..2 {
        let set = bench.store.set_reveal(mailed_link(7, account, 60)).await;
        set.unwrap();
    }
    let lines = bench.number("SELECT count(*) FROM audit").await;
    assert!(bench.store.reveal_is_open(&key(7), at(1)).await.unwrap());
    assert!(!bench.store.reveal_is_open(&key(7), at(60)).await.unwrap());
    let late = bench.store.spend_reveal(&key(7), at(60)).await.unwrap();
    assert!(late.is_none());
    let (spent, _) = at_once(20, &bench, |bench, _| async move {
        let spent = bench.store.spend_reveal(&key(7), at(1)).await?;
        spent.map(|_| ()).ok_or(StoreError::Conflict)
    })
    .await;
    assert_eq!(spent, 1);
    assert!(!bench.store.reveal_is_open(&key(7), at(1)).await.unwrap());
    assert_eq!(bench.number("SELECT count(*) FROM audit").await, lines + 1);
}

async fn one_of_many_gets_a_username(bench: Bench) {
    for n in 1..=10 {
        bench.patient(n).await;
        bench.flow(n).await;
    }
    let (made, refused) = at_once(10, &bench, |bench, n| async move {
        let mut row = account(n, crate::patient::PatientId([n; 16]));
        row.username = key(99);
        let change = change(FlowId([n; 16]), 0, vec![Write::Account(row)]);
        bench.store.commit(change).await
    })
    .await;
    assert_eq!(made, 1);
    let taken = |error: &StoreError| matches!(error, StoreError::UsernameTaken);
    assert!(refused.iter().all(taken), "{refused:?}");
    let found = bench.store.account_by_username(&key(99)).await.unwrap();
    assert!(found.is_some());
}

async fn a_patient_has_one_account(bench: Bench) {
    let patient = bench.patient(1).await;
    for n in 1..=10 {
        bench.flow(n).await;
    }
    let (made, refused) = at_once(10, &bench, move |bench, n| async move {
        let write = Write::Account(account(n, patient));
        let change = change(FlowId([n; 16]), 0, vec![write]);
        bench.store.commit(change).await
    })
    .await;
    assert_eq!(made, 1);
    let enrolled = |error: &StoreError| matches!(error, StoreError::AlreadyEnrolled);
    assert!(refused.iter().all(enrolled), "{refused:?}");
}

fn password(account: AccountId, text: &str) -> Write {
    Write::Password {
        account,
        hash: hash(text),
    }
}

async fn a_reset_ends_every_other_flow_about_its_account(bench: Bench) {
    let account = bench.account(1).await;
    let (resetting, other) = (bench.flow(2).await, bench.flow(3).await);
    let mut stranger = change(bench.flow(4).await, 0, vec![]);
    stranger.subject = Some(key(201));
    bench.store.commit(stranger).await.unwrap();
    bench.store.commit(change(other, 0, vec![])).await.unwrap();
    let reset = change(resetting, 0, vec![password(account, "second")]);
    bench.store.commit(reset).await.unwrap();
    for (n, is_ended) in [(2, false), (3, true), (4, false)] {
        let found = bench.store.flow(&key(n)).await.unwrap().unwrap();
        assert_eq!(found.is_ended, is_ended, "flow {n}");
    }
    let too_late = bench.store.commit(change(other, 1, vec![])).await;
    assert!(matches!(too_late, Err(StoreError::Conflict)));
    let kept = "SELECT count(*) FROM accounts WHERE password = 'second'";
    assert_eq!(bench.number(kept).await, 1);
}

async fn a_reset_voids_codes_that_were_sent_or_are_under_way(bench: Bench) {
    let account = bench.account(1).await;
    let (resetting, waiting) = (bench.flow(2).await, bench.flow(3).await);
    let mut asked = change(waiting, 0, vec![challenge(1)]);
    asked.subject = None;
    bench.store.commit(asked).await.unwrap();
    let (job, digest) = (JobId([1; 16]), key(50));
    let set = || (bench.store).set_code(waiting, CodeFor::Reset, job, &digest, Some(account));
    assert!(set().await.unwrap());
    let reset = change(resetting, 0, vec![password(account, "second")]);
    bench.store.commit(reset).await.unwrap();
    let flow = bench.store.flow(&key(3)).await.unwrap().unwrap();
    assert!(
        !flow.is_ended,
        "it looks as it would if there were no account"
    );
    let tried = try_code(&bench, waiting, 5).await.unwrap().unwrap();
    assert!(tried.code.is_none(), "no code is right");
    assert!(!set().await.unwrap(), "its message is not sent once more");
    let mut proven = change(waiting, 1, vec![Write::SpendChallenge(CodeFor::Reset)]);
    proven.subject = Some(key(200));
    let proven = bench.store.commit(proven).await;
    assert!(matches!(proven, Err(StoreError::Conflict)), "{proven:?}");
}

async fn of_two_resets_at_once_one_is_made(bench: Bench) {
    let account = bench.account(1).await;
    for n in 1..=10 {
        if n > 1 {
            bench.flow(n).await;
        }
        let known = change(FlowId([n; 16]), i64::from(n == 1), vec![]);
        bench.store.commit(known).await.unwrap();
    }
    let (made, refused) = at_once(10, &bench, move |bench, n| async move {
        let version = if n == 1 { 2 } else { 1 };
        let writes = vec![password(account, "another"), Write::Job(job(n, 600))];
        bench
            .store
            .commit(change(FlowId([n; 16]), version, writes))
            .await
    })
    .await;
    assert_eq!((made, refused.len()), (1, 9), "{refused:?}");
    assert!(refused.iter().all(|e| matches!(e, StoreError::Conflict)));
    assert_eq!(bench.number("SELECT count(*) FROM outbox").await, 1);
}

async fn what_ran_out_is_forgotten(bench: Bench) {
    let account = bench.account(1).await;
    let flow = bench.flow(2).await;
    let writes = vec![challenge(1)];
    bench.store.commit(change(flow, 0, writes)).await.unwrap();
    let set = bench.store.set_reveal(mailed_link(7, account, 60)).await;
    set.unwrap();
    assert_eq!(bench.store.forget_flows(at(3600)).await.unwrap(), 0);
    assert_eq!(bench.store.forget_flows(at(3601)).await.unwrap(), 2);
    for table in ["flows", "challenges", "reveals"] {
        let left = format!("SELECT count(*) FROM {table}");
        assert_eq!(bench.number(&left).await, 0, "{table}");
    }
}

/// Does `work` `times` times at once, numbered from 1; how many were made, and
/// why the others were not.
async fn at_once<F>(
    times: u8,
    bench: &Bench,
    work: impl Fn(Bench, u8) -> F,
) -> (usize, Vec<StoreError>)
where
    F: Future<Output = Result<()>> + Send + 'static,
{
    let mut tasks = JoinSet::new();
    for n in 1..=times {
        tasks.spawn(work(bench.clone(), n));
    }
    let (mut made, mut refused) = (0, Vec::new());
    for result in tasks.join_all().await {
        match result {
            Ok(()) => made += 1,
            Err(error) => refused.push(error),
        }
    }
    (made, refused)
}
