//! The store on SQLite: one file, WAL, full durability.
//!
//! SQLite has one writer at a time, so writes go through [`Writer`], where they
//! wait for each other instead of failing as busy, and share a commit; reads
//! have connections of their own.

mod audit;
pub(super) mod backup;
mod change;
mod flows;
mod jobs;
mod keys;
mod limits;
mod people;
mod upkeep;
mod writer;

use std::path::Path;
use std::str::FromStr;
use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use jiff::Timestamp;
use sqlx::migrate::Migrator;
use sqlx::sqlite::{
    SqliteConnectOptions, SqliteJournalMode, SqlitePool, SqlitePoolOptions, SqliteSynchronous,
};

use self::writer::Writer;
use super::{Database, Result, Store, StoreError, StoredKey};
use crate::audit::Chain;

/// What makes the tables, in its order.
static MIGRATIONS: Migrator = sqlx::migrate!("migrations/sqlite");

/// A SQLite file whose tables may still be of an older version.
#[derive(Debug)]
pub(super) struct SqliteDatabase {
    readers: SqlitePool,
    writer: SqlitePool,
    together: usize,
}

impl SqliteDatabase {
    /// Opens the database at a `sqlite://` URL, making the file if there is none;
    /// `together` writes share a commit at most.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`] when the file cannot be opened or written.
    pub(super) async fn open(url: &str, together: usize) -> Result<Self> {
        let options = SqliteConnectOptions::from_str(url)?
            .create_if_missing(true)
            .journal_mode(SqliteJournalMode::Wal)
            .synchronous(SqliteSynchronous::Full)
            .foreign_keys(true)
            .busy_timeout(Duration::from_secs(5));
        make_private(options.get_filename())
            .map_err(|error| StoreError::Unavailable(error.to_string()))?;
        let pool = |connections| {
            SqlitePoolOptions::new()
                .max_connections(connections)
                .acquire_timeout(Duration::from_secs(5))
        };
        Ok(Self {
            writer: pool(1)
                .test_before_acquire(false)
                .connect_with(options.clone())
                .await?,
            readers: pool(4).connect_with(options).await?,
            together,
        })
    }
}

#[async_trait]
impl Database for SqliteDatabase {
    async fn migrate(&self) -> Result<()> {
        MIGRATIONS
            .run(&self.writer)
            .await
            .map_err(|error| StoreError::Unavailable(error.to_string()))
    }

    async fn first_keys(
        &self,
        first: &[StoredKey],
        chain: &Chain,
        at: Timestamp,
    ) -> Result<Vec<StoredKey>> {
        keys::first(&self.writer, first, chain, at).await?;
        keys::all(&self.writer).await
    }

    fn store(self: Box<Self>, chain: Chain) -> Arc<dyn Store> {
        Arc::new(SqliteStore {
            readers: self.readers,
            writer: Writer::start(self.writer, self.together),
            chain,
        })
    }
}

/// State in a SQLite file.
#[derive(Clone, Debug)]
pub(super) struct SqliteStore {
    readers: SqlitePool,
    writer: Writer,
    chain: Chain,
}

/// Makes the file, for its owner alone; SQLite gives its other files the same mode.
fn make_private(file: &Path) -> std::io::Result<()> {
    let mut options = std::fs::OpenOptions::new();
    options.create(true).append(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(file).map(drop)
}
