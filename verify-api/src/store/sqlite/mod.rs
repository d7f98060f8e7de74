//! The store on SQLite: one file, WAL, full durability.
//!
//! SQLite has one writer at a time, so writes begin `IMMEDIATE` on a pool of
//! one connection and wait for each other there instead of failing as busy;
//! reads have connections of their own.

mod flows;
mod jobs;
mod people;

use std::path::Path;
use std::str::FromStr;
use std::time::Duration;

use jiff::Timestamp;
use sqlx::sqlite::{
    SqliteConnectOptions, SqliteJournalMode, SqlitePool, SqlitePoolOptions, SqliteSynchronous,
};
use sqlx::{Sqlite, SqliteConnection, Transaction};

use super::{Result, StoreError};
use crate::audit::Entry;
use crate::crypto::Digest;

/// A SQLite database.
#[derive(Clone, Debug)]
pub struct SqliteStore {
    readers: SqlitePool,
    writer: SqlitePool,
}

impl SqliteStore {
    /// Opens the database at a `sqlite://` URL, making the file if there is none.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`] when the file cannot be opened or written.
    pub async fn open(url: &str) -> Result<Self> {
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
            writer: pool(1).connect_with(options.clone()).await?,
            readers: pool(4).connect_with(options).await?,
        })
    }

    /// Brings the tables to the current version.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`] when a migration fails; nothing of it stays.
    pub async fn migrate(&self) -> Result<()> {
        sqlx::migrate!("migrations/sqlite")
            .run(&self.writer)
            .await
            .map_err(|error| StoreError::Unavailable(error.to_string()))
    }

    /// The key's mark that this database was made with; `mark`, where it is new.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`].
    pub async fn key_mark(&self, mark: &Digest) -> Result<Digest> {
        sqlx::query("INSERT INTO key_check (only, digest) VALUES (1, ?) ON CONFLICT DO NOTHING")
            .bind(mark.0.as_slice())
            .execute(&self.writer)
            .await?;
        let (kept,): (Vec<u8>,) = sqlx::query_as("SELECT digest FROM key_check")
            .fetch_one(&self.writer)
            .await?;
        digest(&kept)
    }

    async fn begin(&self) -> Result<Transaction<'_, Sqlite>> {
        Ok(self.writer.begin_with("BEGIN IMMEDIATE").await?)
    }
}

/// Makes the file, for its owner alone; SQLite gives its other files the same mode.
fn make_private(file: &Path) -> std::io::Result<()> {
    let mut options = std::fs::OpenOptions::new();
    options.create(true).append(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(file).map(drop)
}

impl From<sqlx::Error> for StoreError {
    fn from(error: sqlx::Error) -> Self {
        if let sqlx::Error::Database(database) = &error {
            let message = database.message();
            if message.contains("accounts.username_key") {
                return Self::UsernameTaken;
            }
            if message.contains("accounts.patient_id") {
                return Self::AlreadyEnrolled;
            }
        }
        Self::Unavailable(error.to_string())
    }
}

/// A time as it is stored.
fn millis(time: Timestamp) -> i64 {
    time.as_millisecond()
}

/// A time as it was stored.
fn time(millis: i64) -> Result<Timestamp> {
    Timestamp::from_millisecond(millis).map_err(|error| corrupt(&error))
}

/// Sixteen bytes as they were stored.
fn id(bytes: &[u8]) -> Result<[u8; 16]> {
    bytes.try_into().map_err(|error| corrupt(&error))
}

/// A keyed hash as it was stored.
fn digest(bytes: &[u8]) -> Result<Digest> {
    bytes
        .try_into()
        .map(Digest)
        .map_err(|error| corrupt(&error))
}

fn corrupt(error: &dyn std::error::Error) -> StoreError {
    StoreError::Unavailable(format!("a stored value cannot be read: {error}"))
}

async fn write_audit(on: &mut SqliteConnection, entry: Entry, at: Timestamp) -> Result<()> {
    sqlx::query("INSERT INTO audit (at, event, subject, actor) VALUES (?, ?, ?, ?)")
        .bind(millis(at))
        .bind(entry.event.as_str())
        .bind(entry.subject.as_slice())
        .bind(entry.actor.as_ref().map(<[u8; 16]>::as_slice))
        .execute(on)
        .await?;
    Ok(())
}
