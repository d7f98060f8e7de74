//! What holds on PostgreSQL alone, where several servers share a database.

use sqlx::{Connection as _, PgConnection};

use super::Bench;
use super::bench::{change, entry};
use crate::audit::Event;
use crate::store::Write;
use crate::store::postgres::options;

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
