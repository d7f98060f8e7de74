//! Budgets, and the links that lead past them and past rows of wrong codes.

use std::sync::Arc;

use jiff::SignedDuration;
use tokio::sync::Barrier;
use tokio::task::JoinSet;

use super::bench::{at, change, entry, hash, job, key, mailed_link, sealed};
use super::ladders::{guess, waiting};
use super::{Bench, on_each_store};
use crate::account::AccountId;
use crate::audit::Event;
use crate::limits::Charge;
use crate::store::{FlowId, JobId, NewFlow, Result, StoreError, Write};

on_each_store!(
    a_budget_is_used_up_and_grows_back_evenly,
    what_changes_nothing_is_charged_all_the_same,
    what_is_refused_costs_nothing_and_changes_nothing,
    each_charge_takes_its_own_cost_and_the_first_that_is_over_is_told,
    of_many_at_once_as_many_fit_as_the_budget_holds,
    of_many_who_are_refused_one_budget_none_is_charged_another,
    those_who_want_two_budgets_at_once_do_not_block_each_other,
    a_message_is_charged_once_however_often_it_is_tried,
    a_budget_that_is_whole_again_is_forgotten,
    a_link_past_the_code_is_spent_once,
    a_link_past_the_code_ends_the_row_but_not_the_stop,
    a_new_password_ends_every_link_past_the_code,
    a_message_that_follows_is_queued_if_its_budget_holds_it,
);

/// One of `count` in `count` minutes.
pub(super) fn charge(n: u8, count: i64) -> Charge {
    Charge {
        key: key(n),
        cost: SignedDuration::from_mins(1),
        room: SignedDuration::from_mins(count),
    }
}

/// Begins a flow `seconds` after the tests begin.
async fn begin(bench: &Bench, n: u8, seconds: i64, charges: Vec<Charge>) -> Result<()> {
    let flow = NewFlow {
        id: FlowId([n; 16]),
        token: key(n),
        state: sealed(n),
        at: at(seconds),
        expires_at: at(3600),
        subject: None,
        charges,
    };
    bench.store.insert_flow(flow).await
}

#[track_caller]
fn waits(refused: Result<()>, seconds: i64) {
    match refused {
        Err(StoreError::OverBudget { wait }) => assert_eq!(wait.as_secs(), seconds),
        other => panic!("it should be refused for {seconds} seconds: {other:?}"),
    }
}

async fn a_budget_is_used_up_and_grows_back_evenly(bench: Bench) {
    let three = || vec![charge(77, 3)];
    for n in 1..=3 {
        begin(&bench, n, 0, three()).await.unwrap();
    }
    waits(begin(&bench, 4, 0, three()).await, 60);
    waits(begin(&bench, 4, 59, three()).await, 1);
    begin(&bench, 4, 60, three()).await.unwrap();
    waits(begin(&bench, 5, 60, three()).await, 60);
    // Others have their own.
    begin(&bench, 5, 60, vec![charge(78, 3)]).await.unwrap();
    // No more than a whole budget is ever saved up.
    for n in 6..=8 {
        begin(&bench, n, 3000, three()).await.unwrap();
    }
    waits(begin(&bench, 9, 3000, three()).await, 60);
}

async fn what_changes_nothing_is_charged_all_the_same(bench: Bench) {
    let both = || {
        bench
            .store
            .charge(vec![charge(77, 2), charge(78, 9)], at(0))
    };
    both().await.unwrap();
    both().await.unwrap();
    waits(both().await, 60);
    let other = bench.store.charge(vec![charge(78, 9)], at(0));
    other.await.unwrap();
    let charged_thrice = at(180).as_millisecond();
    let found = format!("SELECT count(*) FROM budgets WHERE whole_at = {charged_thrice}");
    assert_eq!(
        bench.number(&found).await,
        1,
        "what was refused costs nothing"
    );
}

async fn what_is_refused_costs_nothing_and_changes_nothing(bench: Bench) {
    let flow = bench.flow(1).await;
    let costly = |version, n| {
        let mut change = change(flow, version, vec![Write::Job(job(n, 600))]);
        change.charges = vec![charge(77, 9), charge(78, 1)];
        change
    };
    bench.store.commit(costly(0, 1)).await.unwrap();
    let whole_at = "SELECT sum(whole_at) FROM budgets WHERE whole_at > 0";
    let whole_at = format!("SELECT cast(({whole_at}) AS bigint)");
    let before = bench.number(&whole_at).await;
    waits(bench.store.commit(costly(1, 2)).await, 60);
    assert_eq!(bench.number(&whole_at).await, before);
    let found = bench.store.flow(&key(1)).await.unwrap().unwrap();
    assert_eq!(found.version, 1);
    assert_eq!(bench.number("SELECT count(*) FROM outbox").await, 1);
    // Nor does what failed for another reason.
    let conflict = bench.store.commit(costly(0, 3)).await;
    assert!(
        matches!(conflict, Err(StoreError::Conflict)),
        "{conflict:?}"
    );
    assert_eq!(bench.number(&whole_at).await, before);
}

async fn each_charge_takes_its_own_cost_and_the_first_that_is_over_is_told(bench: Bench) {
    let charge = |n, cost, room| Charge {
        cost: SignedDuration::from_mins(cost),
        ..charge(n, room)
    };
    let take = |charges: Vec<Charge>| bench.store.charge(charges, at(0));
    let all = || vec![charge(77, 1, 9), charge(78, 5, 20), charge(79, 2, 3)];
    let whole_in = async |minutes: i64| {
        let whole_at = at(minutes * 60).as_millisecond();
        let budgets = format!("SELECT count(*) FROM budgets WHERE whole_at = {whole_at}");
        bench.number(&budgets).await
    };
    take(all()).await.unwrap();
    // The last one is over, which costs the others nothing.
    waits(take(all()).await, 60);
    for minutes in [1, 5, 2] {
        assert_eq!(whole_in(minutes).await, 1, "{minutes}");
    }
    // Two are over: the wait is that of the one which comes first.
    waits(take(vec![charge(78, 5, 6), charge(79, 2, 3)]).await, 240);
    waits(take(vec![charge(79, 2, 3), charge(78, 5, 6)]).await, 60);
    take(vec![charge(78, 5, 20), charge(77, 1, 9)])
        .await
        .unwrap();
    assert_eq!((whole_in(10).await, whole_in(2).await), (1, 2));
}

async fn of_many_who_are_refused_one_budget_none_is_charged_another(bench: Bench) {
    let begun = at_a_barrier(&bench, 40, |n| vec![charge(n, 40), charge(250, 7)]).await;
    assert_eq!(begun.iter().filter(|begun| begun.is_ok()).count(), 7);
    let refused = |begun: &&Result<()>| matches!(begun, Err(StoreError::OverBudget { .. }));
    assert_eq!(begun.iter().filter(refused).count(), 33, "{begun:?}");
    assert_eq!(bench.number("SELECT count(*) FROM budgets").await, 7 + 1);
}

async fn of_many_at_once_as_many_fit_as_the_budget_holds(bench: Bench) {
    let begun = at_a_barrier(&bench, 40, |_| vec![charge(200, 7)]).await;
    assert_eq!(begun.iter().filter(|begun| begun.is_ok()).count(), 7);
    let refused = |begun: &&Result<()>| matches!(begun, Err(StoreError::OverBudget { .. }));
    assert_eq!(begun.iter().filter(refused).count(), 33, "{begun:?}");
    assert_eq!(bench.number("SELECT count(*) FROM flows").await, 7);
}

async fn those_who_want_two_budgets_at_once_do_not_block_each_other(bench: Bench) {
    let begun = at_a_barrier(&bench, 40, |n| {
        vec![charge(200 + n % 3, 40), charge(240, 40)]
    })
    .await;
    assert!(begun.iter().all(Result::is_ok), "{begun:?}");
}

async fn at_a_barrier(
    bench: &Bench,
    many: u8,
    charges: impl Fn(u8) -> Vec<Charge>,
) -> Vec<Result<()>> {
    let barrier = Arc::new(Barrier::new(usize::from(many)));
    let mut tasks = JoinSet::new();
    for n in 1..=many {
        let (bench, barrier, charges) = (bench.clone(), Arc::clone(&barrier), charges(n));
        tasks.spawn(async move {
            barrier.wait().await;
            begin(&bench, n, 0, charges).await
        });
    }
    tasks.join_all().await
}

async fn a_message_is_charged_once_however_often_it_is_tried(bench: Bench) {
    let flow = bench.flow(1).await;
    let writes = vec![Write::Job(job(1, 600)), Write::Job(job(2, 600))];
    bench.store.commit(change(flow, 0, writes)).await.unwrap();
    let deliver = |n| {
        let charges = vec![charge(77, 1)];
        bench.store.charge_job(JobId([n; 16]), charges, at(0))
    };
    deliver(1).await.unwrap();
    deliver(1).await.unwrap();
    for _ in 0..2 {
        waits(deliver(2).await, 60);
    }
}

async fn a_budget_that_is_whole_again_is_forgotten(bench: Bench) {
    begin(&bench, 1, 0, vec![charge(77, 9)]).await.unwrap();
    bench.store.forget_flows(at(60)).await.unwrap();
    assert_eq!(bench.number("SELECT count(*) FROM budgets").await, 1);
    bench.store.forget_flows(at(61)).await.unwrap();
    assert_eq!(bench.number("SELECT count(*) FROM budgets").await, 0);
}

/// Spends the link 77 for a flow; whether it still worked.
async fn spend(bench: &Bench, n: u8, seconds: i64) -> bool {
    let flow = NewFlow {
        id: FlowId([n; 16]),
        token: key(n),
        state: sealed(n),
        at: at(seconds),
        expires_at: at(3600),
        subject: Some(key(200)),
        charges: Vec::new(),
    };
    let audit = entry(Event::ResetLinkUsed, n);
    let spent = bench
        .store
        .spend_reset_link(&key(77), flow, &key(78), audit)
        .await;
    spent.unwrap()
}

async fn link(bench: &Bench) -> AccountId {
    let account = bench.account(50).await;
    for _ in 0..2 {
        let set = bench
            .store
            .set_reset_link(mailed_link(77, account, 100))
            .await;
        set.unwrap();
    }
    account
}

async fn is_open(bench: &Bench, seconds: i64) -> bool {
    let found = bench.store.reset_link(&key(77), at(seconds)).await.unwrap();
    found.is_some()
}

async fn a_link_past_the_code_is_spent_once(bench: Bench) {
    let account = link(&bench).await;
    let found = bench.store.reset_link(&key(77), at(99)).await.unwrap();
    assert_eq!(found.unwrap().id, account);
    assert!(!is_open(&bench, 100).await);
    assert!(!spend(&bench, 90, 100).await);
    let lines = bench.number("SELECT count(*) FROM audit").await;
    let mut tasks = JoinSet::new();
    for n in 1..=10 {
        let bench = bench.clone();
        tasks.spawn(async move { spend(&bench, n, 10).await });
    }
    let spent = tasks.join_all().await;
    assert_eq!(spent.iter().filter(|spent| **spent).count(), 1);
    assert!(!is_open(&bench, 10).await);
    let begun = "SELECT count(*) FROM flows WHERE subject_key IS NOT NULL AND version = 0";
    assert_eq!(bench.number(begun).await, 1);
    assert_eq!(bench.number("SELECT count(*) FROM audit").await, lines + 1);
    // Set again by a second try of its message, it stays spent.
    let set = bench
        .store
        .set_reset_link(mailed_link(77, account, 100))
        .await;
    set.unwrap();
    assert!(!is_open(&bench, 10).await);
    let again = "UPDATE reset_links SET spent_at = NULL";
    assert!(bench.tamper(again).await.is_err());
}

async fn a_link_past_the_code_ends_the_row_but_not_the_stop(bench: Bench) {
    link(&bench).await;
    let flow = waiting(&bench, 1).await;
    guess(&bench, flow, 78, 0).await.unwrap();
    assert_eq!(
        bench.tamper("UPDATE ladders SET failures = 100").await,
        Ok(1)
    );
    assert!(spend(&bench, 2, 10).await);
    assert_eq!(bench.store.failures(&key(78)).await.unwrap(), 100);
    let account = AccountId([50; 16]);
    let set = bench
        .store
        .set_reset_link(mailed_link(79, account, 100))
        .await;
    set.unwrap();
    assert_eq!(
        bench.tamper("UPDATE ladders SET failures = 99").await,
        Ok(1)
    );
    let flow = NewFlow {
        id: FlowId([3; 16]),
        token: key(3),
        state: sealed(3),
        at: at(10),
        expires_at: at(3600),
        subject: None,
        charges: Vec::new(),
    };
    let audit = entry(Event::ResetLinkUsed, 3);
    let spent = bench
        .store
        .spend_reset_link(&key(79), flow, &key(78), audit)
        .await;
    assert!(spent.unwrap());
    assert_eq!(bench.store.failures(&key(78)).await.unwrap(), 0);
}

async fn a_new_password_ends_every_link_past_the_code(bench: Bench) {
    let account = link(&bench).await;
    let flow = bench.flow(1).await;
    let password = Write::Password {
        account,
        hash: hash("second"),
    };
    bench
        .store
        .commit(change(flow, 0, vec![password]))
        .await
        .unwrap();
    assert!(!is_open(&bench, 10).await);
    assert!(!spend(&bench, 2, 10).await);
}

async fn a_message_that_follows_is_queued_if_its_budget_holds_it(bench: Bench) {
    let queue = |n| bench.store.queue_job(job(n, 600), charge(77, 1), at(0));
    queue(1).await.unwrap();
    waits(queue(2).await, 60);
    assert_eq!(bench.number("SELECT count(*) FROM outbox").await, 1);
    let whole_at = bench.store.whole_at(&key(77)).await.unwrap();
    assert_eq!(whole_at, Some(at(60)));
    assert_eq!(bench.store.whole_at(&key(78)).await.unwrap(), None);
}
