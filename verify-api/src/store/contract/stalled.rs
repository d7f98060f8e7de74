//! What holds on PostgreSQL alone, where several servers share a database.

use jiff::SignedDuration;
use sqlx::{Connection as _, PgConnection};

use super::Bench;
use super::bench::{at, change, entry, key};
use crate::audit::Event;
use crate::limits::Charge;
use crate::store::postgres::options;
use crate::store::{StoreError, Write};

/// Somebody has used up a budget of their own while another server holds the row of
/// everybody: they are told at once, and wait for nobody.
#[tokio::test(flavor = "multi_thread")]
async fn whoever_is_over_their_own_budget_waits_for_no_row_of_everybody() {
    let bench = Bench::postgres().await;
    let minute = SignedDuration::from_mins(1);
    let charge = |n, count| Charge {
        key: key(n),
        cost: minute,
        room: minute * count,
    };
    let both = || vec![charge(77, 1), charge(78, 100)];
    bench.store.charge(both(), at(0)).await.unwrap();
    let options = options(&bench.url()).unwrap();
    let mut other = PgConnection::connect_with(&options).await.unwrap();
    let mut tx = other.begin().await.unwrap();
    sqlx::query("SELECT 1 FROM budgets WHERE key = $1 FOR UPDATE")
        .bind(key(78).0.as_slice())
        .execute(&mut *tx)
        .await
        .unwrap();
    let refused = bench.store.charge(both(), at(0)).await;
    let still_held = sqlx::query("SELECT 1").execute(&mut *tx).await;
    assert!(still_held.is_ok(), "it was refused while the row was held");
    assert!(
        matches!(refused, Err(StoreError::OverBudget { wait }) if wait == minute),
        "{refused:?}"
    );
    drop(tx);
    bench.drop_database().await;
}

/// One connection stands still with the lock that everybody needs.
#[tokio::test(flavor = "multi_thread")]
async fn a_server_that_stands_still_in_a_transaction_stops_no_other() {
    let bench = Bench::postgres().await;
    let options = options(&bench.url()).unwrap();
    let mut stalled = PgConnection::connect_with(&options).await.unwrap();
    let mut tx = stalled.begin().await.unwrap();
    sqlx::query("SELECT 1 FROM audit_ends FOR UPDATE")
        .execute(&mut *tx)
        .await
        .unwrap();
    let flow = bench.flow(1).await;
    let line = Write::Audit(entry(Event::CodeAsked, 1));
    // Waits, and goes on before its own patience ends.
    bench
        .store
        .commit(change(flow, 0, vec![line]))
        .await
        .unwrap();
    let ended = sqlx::query("SELECT 1").execute(&mut *tx).await;
    assert!(ended.is_err(), "the one that stood still was ended");
    drop(tx);
    bench.drop_database().await;
}
