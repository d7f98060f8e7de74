//! What every store must do, asked of each.
//!
//! Each test is written once, against the traits, and run on SQLite and on
//! PostgreSQL. The server for the latter is named by `FRONTDESK_POSTGRES`, as
//! `cargo xtask test` does it.

mod bench;
mod connections;
mod contact;
mod deactivation;
mod desk;
mod feedback;
mod flows;
mod import;
mod insights;
mod keys;
mod ladders;
mod limits;
mod lookups;
mod messages;
mod more_time;
mod passwords;
mod providers;
mod proxies;
mod rules;
mod sessions;
mod staff;
mod stalled;
mod trail;
mod visits;

use bench::Bench;

/// Runs tests of a module on each store.
macro_rules! on_each_store {
    ($($test:ident),* $(,)?) => {
        mod sqlite {
            $(#[tokio::test(flavor = "multi_thread")]
            async fn $test() {
                super::$test(super::Bench::sqlite().await).await;
            })*
        }
        mod postgres {
            $(#[tokio::test(flavor = "multi_thread")]
            async fn $test() {
                let bench = super::Bench::postgres().await;
                super::$test(bench.clone()).await;
                bench.drop_database().await;
            })*
        }
    };
}
use on_each_store;
