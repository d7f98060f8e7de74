//! Passwords that are tried, and the sessions that follow.

use std::sync::Arc;

use jiff::SignedDuration;
use tokio::sync::Barrier;
use tokio::task::JoinSet;

use super::bench::{at, change, hash, key};
use super::limits::charge;
use super::{Bench, on_each_store};
use crate::account::AccountId;
use crate::flow::Passed;
use crate::limits::Charge;
use crate::store::{
    BetterHash, FlowId, NewSession, PasswordGuess, Result, Shown, StoreError, TriedPassword, Write,
};

on_each_store!(
    passwords_are_counted_for_known_and_unknown_usernames,
    of_many_passwords_at_once_each_is_counted,
    passwords_stop_after_a_hundred_and_never_wait,
    a_row_of_passwords_is_in_the_trail_with_whom_it_is_about,
    whether_a_password_was_right_is_told_while_both_budgets_hold_it,
    of_many_passwords_at_once_as_many_are_told_as_the_budget_holds,
    what_a_right_password_took_is_given_back,
    whose_password_was_right_is_found_until_there_is_another,
    sessions_of_another_account_stay,
    a_session_lives_while_it_is_seen_and_not_for_ever,
    a_session_is_ended_alone_or_with_all_of_its_account,
    a_new_session_takes_the_place_of_the_earlier_one,
    another_password_ends_every_session_and_none_follows_from_the_old_one,
    the_same_password_in_a_stronger_form_ends_nothing_and_comes_once,
    a_session_that_ran_out_is_forgotten,
);

async fn guess(bench: &Bench, row: u8, username: u8, seconds: i64) -> Result<TriedPassword> {
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
        flow: FlowId([9; 16]),
        username: key(username),
        ladder: key(row),
        at: at(seconds),
    };
    bench.store.try_password(guess).await
}

fn passed(n: u8, password_no: i64) -> Passed {
    Passed {
        account: AccountId([n; 16]),
        password_no,
    }
}

/// Begins the session `token` of the account 1.
async fn begin(bench: &Bench, version: i64, token: u8, earlier: Option<u8>) -> Result<()> {
    begin_in(bench, FlowId([1; 16]), version, token, earlier).await
}

async fn begin_in(
    bench: &Bench,
    flow: FlowId,
    version: i64,
    token: u8,
    earlier: Option<u8>,
) -> Result<()> {
    let session = Write::Session(NewSession {
        token: key(token),
        passed: passed(1, 0),
        expires_at: at(3600),
        earlier: earlier.map(key),
    });
    bench
        .store
        .commit(change(flow, version, vec![session]))
        .await
}

fn shown(token: u8, seconds: i64) -> Shown {
    Shown {
        token: key(token),
        at: at(seconds),
        idle: SignedDuration::from_secs(600),
    }
}

async fn lives(bench: &Bench, token: u8, seconds: i64) -> bool {
    let found = bench.store.session(shown(token, seconds)).await.unwrap();
    found.is_some_and(|found| found.account.id == AccountId([1; 16]))
}

async fn passwords_are_counted_for_known_and_unknown_usernames(bench: Bench) {
    bench.account(1).await;
    for n in 1..=3 {
        let known = guess(&bench, 77, 1, 0).await.unwrap();
        assert_eq!(known.failures, n);
        let (whose, stored) = known.known.unwrap();
        assert_eq!((whose, stored.as_str()), (passed(1, 0), "first"));
        let unknown = guess(&bench, 78, 99, 0).await.unwrap();
        assert!(unknown.failures == n && unknown.known.is_none());
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
            guess(&bench, 77, 1, 0).await.unwrap().failures
        });
    }
    let mut counted = guesses.join_all().await;
    counted.sort_unstable();
    assert_eq!(counted, (1..=20).collect::<Vec<_>>());
}

async fn passwords_stop_after_a_hundred_and_never_wait(bench: Bench) {
    bench.account(1).await;
    for n in 1..=100 {
        // The clock of another server may be behind.
        let tried = guess(&bench, 77, 1, -n).await.unwrap();
        assert_eq!(i64::from(tried.failures), n);
        assert!(!tried.is_stopped() && !tried.is_first_stopped);
    }
    for (later, is_first) in [(0, true), (0, false), (400_000_000, false)] {
        let tried = guess(&bench, 77, 1, later).await.unwrap();
        assert_eq!((tried.failures, tried.is_stopped()), (101, true));
        assert_eq!(tried.is_first_stopped, is_first);
        assert!(tried.known.is_some(), "it is the same work");
    }
}

async fn whether_a_password_was_right_is_told_while_both_budgets_hold_it(bench: Bench) {
    bench.account(1).await;
    let whole = bench.clone();
    let tries = move |row, seconds, charges: Vec<Charge>| {
        let bench = whole.clone();
        async move {
            let tried = told(&bench, (row, 1), seconds, charges).await.unwrap();
            (tried.is_told, tried.failures)
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
            .expect(&n.to_string());
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

async fn sessions_of_another_account_stay(bench: Bench) {
    let account = bench.account(1).await;
    bench.account(2).await;
    begin(&bench, 1, 5, None).await.unwrap();
    let other = Write::Session(NewSession {
        token: key(6),
        passed: passed(2, 0),
        expires_at: at(3600),
        earlier: None,
    });
    let flow = bench.flow(3).await;
    bench
        .store
        .commit(change(flow, 0, vec![other]))
        .await
        .unwrap();
    let stays = async || {
        let found = bench.store.session(shown(6, 20)).await.unwrap();
        found.is_some_and(|found| found.account.id == AccountId([2; 16]))
    };
    assert!(bench.store.end_session(shown(5, 20), true).await.unwrap());
    assert!(stays().await, "signing out everywhere");
    let password = Write::Password {
        account,
        hash: hash("second"),
    };
    let flow = bench.flow(4).await;
    bench
        .store
        .commit(change(flow, 0, vec![password]))
        .await
        .unwrap();
    assert!(stays().await, "another's new password");
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

async fn a_session_lives_while_it_is_seen_and_not_for_ever(bench: Bench) {
    bench.account(1).await;
    begin(&bench, 1, 5, None).await.unwrap();
    assert!(!lives(&bench, 6, 10).await, "another token opens nothing");
    assert!(lives(&bench, 5, 609).await && !lives(&bench, 5, 610).await);
    bench.store.see_session(shown(5, 600)).await.unwrap();
    assert!(lives(&bench, 5, 1199).await && !lives(&bench, 5, 1200).await);
    // Nobody comes back from the dead, nor is seen earlier than before.
    bench.store.see_session(shown(5, 1200)).await.unwrap();
    assert!(!lives(&bench, 5, 1200).await);
    bench.store.see_session(shown(5, 300)).await.unwrap();
    assert!(lives(&bench, 5, 1199).await);
    for seen in [1100, 1600, 2100, 2600, 3100, 3590] {
        bench.store.see_session(shown(5, seen)).await.unwrap();
    }
    assert!(lives(&bench, 5, 3599).await && !lives(&bench, 5, 3600).await);
    for change in [
        "UPDATE sessions SET expires_at = expires_at + 1",
        "UPDATE sessions SET begun_at = begun_at + 1",
    ] {
        let refused = bench.tamper(change).await.unwrap_err();
        assert!(refused.contains("a session stays as it began"), "{refused}");
    }
}

async fn a_session_is_ended_alone_or_with_all_of_its_account(bench: Bench) {
    bench.account(1).await;
    for (version, token) in [(1, 5), (2, 6), (3, 7)] {
        begin(&bench, version, token, None).await.unwrap();
    }
    let end = |token, seconds, everywhere| {
        let store = Arc::clone(&bench.store);
        async move {
            store
                .end_session(shown(token, seconds), everywhere)
                .await
                .unwrap()
        }
    };
    assert!(end(5, 20, false).await && !end(5, 20, false).await);
    assert!(!lives(&bench, 5, 20).await && lives(&bench, 6, 20).await);
    assert!(
        !end(6, 700, true).await,
        "one that has ended ends no others"
    );
    assert!(lives(&bench, 7, 20).await);
    assert!(end(6, 20, true).await);
    assert!(!lives(&bench, 6, 20).await && !lives(&bench, 7, 20).await);
    let mut lines = bench.store.audit_lines(0, 100).await.unwrap();
    lines.retain(|(line, _)| line.event.starts_with("signed-out"));
    let told: Vec<_> = lines.iter().map(|(line, _)| line.event.as_str()).collect();
    assert_eq!(told, ["signed-out", "signed-out-everywhere"]);
}

async fn a_new_session_takes_the_place_of_the_earlier_one(bench: Bench) {
    bench.account(1).await;
    begin(&bench, 1, 5, None).await.unwrap();
    begin(&bench, 2, 6, Some(5)).await.unwrap();
    assert!(lives(&bench, 6, 20).await && !lives(&bench, 5, 20).await);
}

async fn another_password_ends_every_session_and_none_follows_from_the_old_one(bench: Bench) {
    let account = bench.account(1).await;
    begin(&bench, 1, 5, None).await.unwrap();
    let password = Write::Password {
        account,
        hash: hash("second"),
    };
    let flow = bench.flow(2).await;
    bench
        .store
        .commit(change(flow, 0, vec![password]))
        .await
        .unwrap();
    assert!(!lives(&bench, 5, 20).await);
    // Whoever typed the old one a moment before is too late.
    let late = begin_in(&bench, bench.flow(3).await, 0, 6, None).await;
    assert!(matches!(late, Err(StoreError::PasswordChanged)), "{late:?}");
    assert!(!lives(&bench, 6, 20).await);
    let tried = guess(&bench, 77, 1, 0).await.unwrap();
    assert_eq!(tried.known.unwrap().0, passed(1, 1));
}

async fn the_same_password_in_a_stronger_form_ends_nothing_and_comes_once(bench: Bench) {
    let account = bench.account(1).await;
    begin(&bench, 1, 5, None).await.unwrap();
    for (version, new) in [(2, "better"), (3, "as good")] {
        let better = Write::BetterHash(BetterHash {
            account,
            old: hash("first"),
            new: hash(new),
        });
        let flow = FlowId([1; 16]);
        bench
            .store
            .commit(change(flow, version, vec![better]))
            .await
            .unwrap();
    }
    let tried = guess(&bench, 77, 1, 0).await.unwrap();
    let (whose, stored) = tried.known.unwrap();
    assert_eq!((whose, stored.as_str()), (passed(1, 0), "better"));
    assert!(lives(&bench, 5, 20).await);
}

async fn a_session_that_ran_out_is_forgotten(bench: Bench) {
    bench.account(1).await;
    begin(&bench, 1, 5, None).await.unwrap();
    for (before, left) in [(3600, 1), (3601, 0)] {
        bench.store.forget_flows(at(before)).await.unwrap();
        assert_eq!(bench.number("SELECT count(*) FROM sessions").await, left);
    }
}
