//! The store on PostgreSQL: for several servers at once.
//!
//! Every write that needs more than one statement is a transaction of its own
//! (READ COMMITTED). What must hold between two of them stands in a `WHERE` of
//! the statement that writes, which PostgreSQL looks at again after it has
//! waited for the row; rows are locked in one order, patient and account first,
//! then challenges, rows of failures and budgets, and the end of the audit trail last, so that nobody waits in a circle.

mod audit;
mod change;
mod connections;
mod feedback;
mod flows;
mod insights;
mod jobs;
mod keys;
mod limits;
mod lookups;
mod people;
mod providers;
mod proxies;
mod sessions;
mod staff;
mod trail;
mod upkeep;
mod visits;

use std::str::FromStr;
use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use jiff::Timestamp;
use sqlx::migrate::Migrator;
use sqlx::postgres::{PgConnectOptions, PgPool, PgPoolOptions};
use sqlx::{Postgres, Transaction};

use super::{Database, Result, Store, StoreError, StoredKey};
use crate::audit::Chain;

/// How many connections a server keeps at most.
const CONNECTIONS: u32 = 16;

/// What makes the tables, in its order.
static MIGRATIONS: Migrator = sqlx::migrate!("migrations/postgres");

/// A PostgreSQL database whose tables may still be of an older version.
#[derive(Debug)]
pub(super) struct PgDatabase {
    pool: PgPool,
}

impl PgDatabase {
    /// Connects to the database at a `postgres://` URL.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`] when the server cannot be reached or refuses us.
    pub(super) async fn open(url: &str) -> Result<Self> {
        let pool = PgPoolOptions::new()
            .max_connections(CONNECTIONS)
            .acquire_timeout(Duration::from_secs(5))
            .connect_with(options(url)?)
            .await?;
        Ok(Self { pool })
    }
}

/// How a connection is made, and how long it may hold anybody up.
///
/// Whoever stands still in the middle of a transaction, because its machine was
/// stopped or its network is gone, holds the locks that all others wait for, such as
/// the end of the audit trail. The database ends such a transaction before the others
/// give up, and all of it is shorter than a request may take. A connection whose other
/// side is gone is noticed by the system, within a minute.
pub(super) fn options(url: &str) -> Result<PgConnectOptions> {
    let options = PgConnectOptions::from_str(url)?;
    Ok(options.application_name("frontdesk").options([
        ("idle_in_transaction_session_timeout", "3s"),
        ("lock_timeout", "5s"),
        ("statement_timeout", "10s"),
        ("tcp_keepalives_idle", "30"),
        ("tcp_keepalives_interval", "10"),
        ("tcp_keepalives_count", "3"),
    ]))
}

#[async_trait]
impl Database for PgDatabase {
    async fn migrate(&self) -> Result<()> {
        MIGRATIONS
            .run(&self.pool)
            .await
            .map_err(|error| StoreError::Unavailable(error.to_string()))
    }

    async fn first_keys(
        &self,
        first: &[StoredKey],
        chain: &Chain,
        at: Timestamp,
    ) -> Result<Vec<StoredKey>> {
        keys::first(&self.pool, first, chain, at).await?;
        keys::all(&self.pool).await
    }

    fn store(self: Box<Self>, chain: Chain) -> Arc<dyn Store> {
        Arc::new(PgStore {
            pool: self.pool,
            chain,
        })
    }
}

/// State on a PostgreSQL server.
#[derive(Clone, Debug)]
pub(super) struct PgStore {
    pool: PgPool,
    chain: Chain,
}

impl PgStore {
    async fn begin(&self) -> Result<Transaction<'_, Postgres>> {
        Ok(self.pool.begin().await?)
    }
}
