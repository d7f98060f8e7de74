//! Rows of wrong codes: counted, held up, stopped, and told.

use std::sync::Arc;

use tokio::sync::Barrier;
use tokio::task::JoinSet;

use super::bench::{at, change, job, key};
use super::{Bench, on_each_store};
use crate::crypto::Digest;
use crate::flow::CodeFor;
use crate::patient::PatientId;
use crate::store::{FlowId, Guess, JobId, Result, StoreError, Write};

on_each_store!(
    failures_in_a_row_wait_longer_and_longer_and_then_stop,
    a_right_code_ends_the_row,
    of_many_guesses_at_once_five_are_looked_at,
    a_row_of_failures_is_remembered_for_a_year,
    a_row_that_waits_or_stops_is_in_the_trail_with_whom_it_is_about,
    codes_behind_a_right_password_never_wait_and_fit_no_more_after_a_hundred,
    a_code_is_not_compared_for_a_flow_that_has_moved_on,
);

pub(super) async fn guess(bench: &Bench, flow: FlowId, row: u8, seconds: i64) -> Result<()> {
    guess_at(bench, flow, row, seconds, None).await
}

async fn guess_at(
    bench: &Bench,
    flow: FlowId,
    row: u8,
    seconds: i64,
    username: Option<Digest>,
) -> Result<()> {
    let guess = Guess {
        flow,
        version: bench.version(flow).await,
        purpose: CodeFor::Reset,
        limit: 250,
        ladder: key(row),
        username,
        account: None,
        at: at(seconds),
    };
    let tried = bench.store.try_code(guess).await?;
    tried.map(drop).ok_or(StoreError::NoTryLeft)
}

/// A code is to come, by the message 2.
fn asked(purpose: CodeFor) -> Write {
    Write::Challenge {
        purpose,
        job: JobId([2; 16]),
        patient: None,
        expires_at: at(3600),
        limit: 250,
    }
}

/// A flow that waits for a code.
pub(super) async fn waiting(bench: &Bench, n: u8) -> FlowId {
    let flow = bench.flow(n).await;
    let challenge = Write::Challenge {
        purpose: CodeFor::Reset,
        job: JobId([n; 16]),
        patient: None,
        expires_at: at(600),
        limit: 250,
    };
    bench
        .store
        .commit(change(flow, 0, vec![challenge]))
        .await
        .unwrap();
    flow
}

#[track_caller]
fn must_wait(refused: Result<()>, seconds: i64) {
    match refused {
        Err(StoreError::MustWait { wait }) => assert_eq!(wait.as_secs(), seconds),
        other => panic!("it should wait for {seconds} seconds: {other:?}"),
    }
}

async fn failures_in_a_row_wait_longer_and_longer_and_then_stop(bench: Bench) {
    let (one, other) = (waiting(&bench, 1).await, waiting(&bench, 2).await);
    for n in 0..5 {
        let flow = if n % 2 == 0 { one } else { other };
        guess(&bench, flow, 77, 0).await.unwrap();
    }
    must_wait(guess(&bench, one, 77, 0).await, 30);
    must_wait(guess(&bench, other, 77, 29).await, 1);
    let tries = "SELECT cast(sum(tries) AS bigint) FROM challenges";
    assert_eq!(bench.number(tries).await, 5, "waiting costs no try");
    guess(&bench, one, 78, 0).await.unwrap();
    guess(&bench, one, 77, 30).await.unwrap();
    must_wait(guess(&bench, one, 77, 30).await, 60);
    assert_eq!(bench.store.failures(&key(77)).await.unwrap(), 6);
    assert_eq!(bench.store.failures(&key(79)).await.unwrap(), 0);

    let almost = "UPDATE ladders SET failures = 99, wait_until = 0 WHERE failures = 6";
    assert_eq!(bench.tamper(almost).await, Ok(1));
    guess(&bench, one, 77, 100).await.unwrap();
    for later in [100, 4000, 400_000_000] {
        let stopped = guess(&bench, one, 77, later).await;
        let is_stop = matches!(stopped, Err(StoreError::GuessingStopped));
        assert!(is_stop, "{stopped:?}");
    }
}

async fn a_right_code_ends_the_row(bench: Bench) {
    let flow = waiting(&bench, 1).await;
    bench.sent(flow, 1).await;
    for _ in 0..5 {
        guess(&bench, flow, 77, 0).await.unwrap();
    }
    let writes = vec![
        Write::SpendChallenge(CodeFor::Reset),
        Write::EndLadder(key(77)),
    ];
    bench.store.commit(change(flow, 1, writes)).await.unwrap();
    assert_eq!(bench.store.failures(&key(77)).await.unwrap(), 0);
}

async fn of_many_guesses_at_once_five_are_looked_at(bench: Bench) {
    let mut flows = Vec::new();
    for n in 1..=20 {
        flows.push(waiting(&bench, n).await);
    }
    let barrier = Arc::new(Barrier::new(200));
    let mut tasks = JoinSet::new();
    for n in 0..200 {
        let (bench, barrier, flow) = (bench.clone(), Arc::clone(&barrier), flows[n % 20]);
        tasks.spawn(async move {
            barrier.wait().await;
            guess(&bench, flow, 77, 0).await
        });
    }
    let guessed = tasks.join_all().await;
    assert_eq!(guessed.iter().filter(|guess| guess.is_ok()).count(), 5);
    let waits = |guess: &&Result<()>| matches!(guess, Err(StoreError::MustWait { .. }));
    assert_eq!(guessed.iter().filter(waits).count(), 195, "{guessed:?}");
    let tries = "SELECT cast(sum(tries) AS bigint) FROM challenges";
    assert_eq!(bench.number(tries).await, 5);
}

async fn a_row_of_failures_is_remembered_for_a_year(bench: Bench) {
    let flow = waiting(&bench, 1).await;
    guess(&bench, flow, 77, 0).await.unwrap();
    let year = 365 * 24 * 3600;
    for (seconds, left) in [(year, 1), (year + 1, 0)] {
        bench.store.forget_flows(at(seconds)).await.unwrap();
        assert_eq!(bench.number("SELECT count(*) FROM ladders").await, left);
    }
}

/// Guesses about three people, each in a row of their own.
async fn a_row_that_waits_or_stops_is_in_the_trail_with_whom_it_is_about(bench: Bench) {
    let about = |row| (row != 79).then(|| key(200));
    let guess = async |flow, row, seconds| guess_at(&bench, flow, row, seconds, about(row)).await;
    let five = async |flow, row| {
        for _ in 0..5 {
            guess(flow, row, 0).await.unwrap();
        }
    };
    // Nobody has the username yet; somebody has; a patient is enrolling.
    let nobody = waiting(&bench, 1).await;
    five(nobody, 77).await;
    bench.account(200).await;
    let somebody = waiting(&bench, 2).await;
    five(somebody, 78).await;
    let enrolling = bench.flow(3).await;
    let challenge = Write::Challenge {
        purpose: CodeFor::Reset,
        job: JobId([3; 16]),
        patient: Some(PatientId([60; 16])),
        expires_at: at(600),
        limit: 250,
    };
    let mut asked = change(enrolling, 0, vec![challenge]);
    asked.subject = None;
    bench.store.commit(asked).await.unwrap();
    five(enrolling, 79).await;

    let almost = "UPDATE ladders SET failures = 98, wait_until = 0";
    assert_eq!(bench.tamper(almost).await, Ok(3));
    guess(somebody, 78, 10).await.unwrap();
    let almost = "UPDATE ladders SET wait_until = 0";
    assert_eq!(bench.tamper(almost).await, Ok(3));
    guess(somebody, 78, 10).await.unwrap();
    for _ in 0..9 {
        guess(somebody, 78, 9000).await.unwrap_err();
    }
    let lines = bench.store.audit_lines(0, 500).await.unwrap();
    let told: Vec<_> = (lines.iter())
        .filter(|(line, _)| line.event.starts_with("codes-"))
        .map(|(line, _)| (line.event.as_str(), line.subject[0]))
        .collect();
    let wait = "codes-wait";
    assert_eq!(
        told,
        [(wait, 1), (wait, 200), (wait, 60), ("codes-stopped", 200)]
    );
}

/// Nobody is told: they are wrong, whatever they are.
async fn codes_behind_a_right_password_never_wait_and_fit_no_more_after_a_hundred(bench: Bench) {
    let account = bench.account(1).await;
    let flow = bench.flow(2).await;
    let asked = asked(CodeFor::SignIn);
    let change = change(flow, 0, vec![asked, Write::Job(job(2, 3600))]);
    bench.store.commit(change).await.unwrap();
    let set = async |account| {
        let (store, code) = (&bench.store, key(50));
        let set = store.set_code(flow, CodeFor::SignIn, JobId([2; 16]), &code, account);
        assert!(set.await.unwrap());
    };
    let fits = async |row, account| {
        let guess = Guess {
            flow,
            version: 1,
            purpose: CodeFor::SignIn,
            limit: 250,
            ladder: key(row),
            username: None,
            account,
            at: at(0),
        };
        let tried = bench.store.try_code(guess).await.unwrap();
        tried.unwrap().code.is_some()
    };
    set(Some(account)).await;
    for n in 1..=102 {
        assert_eq!(fits(70, Some(account)).await, n <= 100, "{n}");
    }
    set(None).await;
    for _ in 0..6 {
        fits(71, None).await;
    }
    let lines = bench.store.audit_lines(0, 100).await.unwrap();
    let told: Vec<_> = lines
        .iter()
        .map(|(line, _)| (line.event.as_str(), line.subject[0]))
        .filter(|(event, _)| event.contains("codes"))
        .collect();
    assert_eq!(
        told,
        [("sign-in-codes-guessed", 1), ("codes-stopped", 1)],
        "behind a wrong password it is about nobody"
    );
}

/// What is counted follows from where the flow stands: it must not be elsewhere by then.
async fn a_code_is_not_compared_for_a_flow_that_has_moved_on(bench: Bench) {
    let flow = bench.flow(1).await;
    let commit = async |version| {
        let change = change(flow, version, vec![asked(CodeFor::Reset)]);
        bench.store.commit(change).await.unwrap();
    };
    let guess = |version| Guess {
        flow,
        version,
        purpose: CodeFor::Reset,
        limit: 5,
        ladder: key(99),
        username: None,
        account: None,
        at: at(0),
    };
    commit(0).await;
    assert!(bench.store.try_code(guess(1)).await.unwrap().is_some());
    commit(1).await;
    let stale = bench.store.try_code(guess(1)).await;
    assert!(matches!(stale, Err(StoreError::Conflict)), "{stale:?}");
    let tries = bench.number("SELECT tries FROM challenges").await;
    assert_eq!(
        (tries, bench.store.failures(&key(99)).await.unwrap()),
        (1, 1)
    );
}
