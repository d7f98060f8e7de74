//! Sessions, and what ends them.

use std::sync::Arc;

use jiff::SignedDuration;

use super::bench::{at, change, hash, key};
use super::passwords::guess;
use super::{Bench, on_each_store};
use crate::account::AccountId;
use crate::flow::Passed;
use crate::store::{BetterHash, FlowId, NewSession, Result, Shown, StoreError, Write};

on_each_store!(
    sessions_of_another_account_stay,
    a_session_lives_while_it_is_seen_and_not_for_ever,
    a_session_is_ended_alone_or_with_all_of_its_account,
    a_new_session_takes_the_place_of_the_earlier_one,
    another_password_ends_every_session_and_none_follows_from_the_old_one,
    the_same_password_in_a_stronger_form_ends_nothing_and_comes_once,
    a_session_that_ran_out_is_forgotten,
);

pub(super) fn passed(n: u8, password_no: i64) -> Passed {
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
