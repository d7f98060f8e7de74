//! Passwords that are tried to sign in.

use std::sync::Arc;

use tokio::sync::Barrier;
use tokio::task::JoinSet;

use super::bench::{at, change, hash, job, key};
use super::limits::charge;
use super::sessions::passed;
use super::{Bench, on_each_store};
use crate::crypto::Digest;
use crate::limits::Charge;
use crate::store::{FlowId, PasswordGuess, Result, StoreError, TriedPassword, Write};

on_each_store!(
    passwords_are_counted_for_known_and_unknown_usernames,
    of_many_passwords_at_once_each_is_counted,
    passwords_stop_after_a_hundred_and_never_wait,
    a_row_of_passwords_is_in_the_trail_with_whom_it_is_about,
    whether_a_password_was_right_is_told_while_both_budgets_hold_it,
    of_many_passwords_at_once_as_many_are_told_as_the_budget_holds,
    what_a_right_password_took_is_given_back,
    whose_password_was_right_is_found_until_there_is_another,
);

pub(super) async fn guess(
    bench: &Bench,
    row: u8,
    username: u8,
    seconds: i64,
) -> Result<TriedPassword> {
    told(bench, (row, username), seconds, Vec::new()).await
}

/// The same, where `telling` is what it costs to be told whether it was right.
async fn told(
    bench: &Bench,
    (row, username): (u8, u8),
    seconds: i64,
    telling: Vec<Charge>,
) -> Result<TriedPassword> {
    let guess = PasswordGuess {
        telling,
        username: key(username),
        at: at(seconds),
        ..password_guess(row)
    };
    bench.store.try_password(guess).await
}

fn password_guess(row: u8) -> PasswordGuess {
    PasswordGuess {
        session: None,
        telling: Vec::new(),
        letter: job(row, 3600),
        flow: FlowId([9; 16]),
        username: key(1),
        ladder: key(row),
        at: at(0),
    }
}

/// A password of the account 1 that is typed once more in a session.
pub(super) async fn guess_in(
    bench: &Bench,
    session: Option<(Digest, u8)>,
    row: u8,
) -> Result<TriedPassword> {
    let guess = PasswordGuess {
        session,
        ..password_guess(row)
    };
    bench.store.try_password(guess).await
}

async fn passwords_are_counted_for_known_and_unknown_usernames(bench: Bench) {
    bench.account(1).await;
    for n in 1..=3 {
        let known = guess(&bench, 77, 1, 0).await.unwrap();
        assert_eq!(known.row.failures, n);
        let (whose, stored) = known.known.unwrap();
        assert_eq!((whose, stored.as_str()), (passed(1, 0), "first"));
        let unknown = guess(&bench, 78, 99, 0).await.unwrap();
        assert!(unknown.row.failures == n && unknown.known.is_none());
    }
    assert_eq!(bench.store.failures(&key(78)).await.unwrap(), 3);
}

async fn of_many_passwords_at_once_each_is_counted(bench: Bench) {
    bench.account(1).await;
    let start = Arc::new(Barrier::new(20));
    let mut guesses = JoinSet::new();
    for _ in 0..20 {
        let (bench, start) = (bench.clone(), Arc::clone(&start));
        guesses.spawn(async move {
            start.wait().await;
            guess(&bench, 77, 1, 0).await.unwrap().row.failures
        });
    }
    let mut counted = guesses.join_all().await;
    counted.sort_unstable();
    assert_eq!(counted, (1..=20).collect::<Vec<_>>());
}

async fn passwords_stop_after_a_hundred_and_never_wait(bench: Bench) {
    bench.account(1).await;
    let letters = async || bench.number("SELECT count(*) FROM outbox").await;
    for n in 1..=100 {
        // The clock of another server may be behind.
        let tried = guess(&bench, 77, 1, -n).await.unwrap();
        assert_eq!(i64::from(tried.row.failures), n);
        assert!(!tried.row.is_stopped());
    }
    assert_eq!(letters().await, 0);
    for later in [0, 0, 400_000_000] {
        let tried = guess(&bench, 77, 1, later).await.unwrap();
        assert_eq!((tried.row.failures, tried.row.is_stopped()), (101, true));
        assert!(tried.known.is_some(), "it is the same work");
        assert_eq!(letters().await, 1, "its owner is told once");
    }
}

async fn a_row_of_passwords_is_in_the_trail_with_whom_it_is_about(bench: Bench) {
    bench.account(1).await;
    for _ in 0..102 {
        guess(&bench, 77, 1, 0).await.unwrap();
        guess(&bench, 78, 99, 0).await.unwrap();
    }
    let mut lines = bench.store.audit_lines(0, 100).await.unwrap();
    lines.retain(|(line, _)| line.event.starts_with("sign-in-"));
    let told: Vec<_> = lines.iter().map(|(line, _)| line.event.as_str()).collect();
    assert_eq!(
        told,
        [
            "sign-in-guessed",
            "sign-in-guessed",
            "sign-in-stopped",
            "sign-in-stopped"
        ]
    );
    let subjects: Vec<_> = lines.iter().map(|(line, _)| line.subject[0]).collect();
    assert_eq!(
        subjects,
        [1, 9, 1, 9],
        "the account, or the flow where there is none"
    );
}

async fn whether_a_password_was_right_is_told_while_both_budgets_hold_it(bench: Bench) {
    bench.account(1).await;
    let whole = bench.clone();
    let tries = move |row, seconds, charges: Vec<Charge>| {
        let bench = whole.clone();
        async move {
            let tried = told(&bench, (row, 1), seconds, charges).await.unwrap();
            (tried.is_told, tried.row.failures)
        }
    };
    let two = || vec![charge(60, 2), charge(61, 9)];
    for (seconds, expected) in [
        (0, (true, 1)),
        (0, (true, 2)),
        (0, (false, 3)),
        (59, (false, 4)),
        (60, (true, 5)),
    ] {
        assert_eq!(tries(77, seconds, two()).await, expected, "{seconds}");
    }
    // Where the second is over, the first is not taken.
    let over = || vec![charge(62, 1), charge(63, 1)];
    assert!(tries(78, 0, vec![charge(63, 1)]).await.0);
    assert!(!tries(78, 0, over()).await.0);
    assert!(tries(78, 0, vec![charge(62, 1)]).await.0);
}

async fn of_many_passwords_at_once_as_many_are_told_as_the_budget_holds(bench: Bench) {
    bench.account(1).await;
    let start = Arc::new(Barrier::new(20));
    let mut guesses = JoinSet::new();
    for _ in 0..20 {
        let (bench, start) = (bench.clone(), Arc::clone(&start));
        guesses.spawn(async move {
            start.wait().await;
            let telling = vec![charge(60, 5), charge(61, 100)];
            let tried = told(&bench, (77, 1), 0, telling).await.unwrap();
            tried.is_told
        });
    }
    let told = guesses.join_all().await;
    assert_eq!(told.iter().filter(|told| **told).count(), 5);
    // The fifteen others took nothing from the budget of everybody.
    for n in 0..95 {
        let charges = vec![charge(61, 100)];
        bench
            .store
            .charge(charges, at(0))
            .await
            .unwrap_or_else(|error| panic!("{n}: {error}"));
    }
    let over = bench.store.charge(vec![charge(61, 100)], at(0)).await;
    assert!(matches!(over, Err(StoreError::OverBudget { .. })));
}

async fn what_a_right_password_took_is_given_back(bench: Bench) {
    bench.account(1).await;
    let taken = || vec![charge(60, 1), charge(61, 1)];
    let is_told = async || told(&bench, (77, 1), 0, taken()).await.unwrap().is_told;
    assert!(is_told().await && !is_told().await);
    for version in [1, 2] {
        let back = vec![Write::GiveBack(taken())];
        let change = change(FlowId([1; 16]), version, back);
        bench.store.commit(change).await.unwrap();
    }
    // Given back twice, and still no more than a whole budget.
    assert!(is_told().await && !is_told().await);
}

async fn whose_password_was_right_is_found_until_there_is_another(bench: Bench) {
    let account = bench.account(1).await;
    let found = async |passed| bench.store.account_of(passed).await.unwrap();
    let now = found(passed(1, 0)).await.unwrap();
    assert_eq!(now.id, account);
    assert!(found(passed(2, 0)).await.is_none());
    let password = Write::Password {
        account,
        hash: hash("second"),
    };
    let flow = bench.flow(2).await;
    let change = change(flow, 0, vec![password]);
    bench.store.commit(change).await.unwrap();
    assert!(found(passed(1, 0)).await.is_none());
    assert!(found(passed(1, 1)).await.is_some());
}
