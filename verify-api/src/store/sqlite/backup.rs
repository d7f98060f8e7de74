//! A copy of a SQLite database in another file, and a look into such a file.

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;
use sqlx::sqlite::{
    SqliteConnectOptions, SqliteConnection, SqliteJournalMode, SqlitePool, SqlitePoolOptions,
    SqliteSynchronous,
};
use sqlx::{ConnectOptions as _, Connection as _};

use super::writer::Writer;
use super::{SqliteStore, keys};
use crate::audit::{Chain, Entry};
use crate::store::{Result, StoreError, StoredKey, Trail};

/// Writes the database in `from`, as it stands at one moment, into the file
/// `to`, which is empty or not there. Servers may go on writing meanwhile.
///
/// # Errors
/// [`StoreError::Unavailable`]
pub(crate) async fn copy(from: &Path, to: &Path) -> Result<()> {
    let to = to
        .to_str()
        .ok_or_else(|| StoreError::Unavailable("the path is not UTF-8".to_owned()))?;
    let mut on = SqliteConnectOptions::new()
        .filename(from)
        .busy_timeout(Duration::from_secs(5))
        .connect()
        .await?;
    let copied = sqlx::query("VACUUM INTO $1")
        .bind(to)
        .execute(&mut on)
        .await;
    on.close().await?;
    copied?;
    Ok(())
}

/// A file that is looked into and not written to.
pub(crate) struct Copy(SqlitePool);

impl Copy {
    /// Opens a file that nobody writes to.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`] when it is no such database.
    pub(crate) async fn open(file: &Path) -> Result<Self> {
        let options = SqliteConnectOptions::new()
            .filename(file)
            .read_only(true)
            .immutable(true);
        let pool = SqlitePoolOptions::new().max_connections(1);
        Ok(Self(pool.connect_with(options).await?))
    }

    /// Whether SQLite finds the file whole.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`] with what it found instead.
    pub(crate) async fn check(&self) -> Result<()> {
        let found: String = sqlx::query_scalar("PRAGMA integrity_check(1)")
            .fetch_one(&self.0)
            .await?;
        let dangling = sqlx::query("PRAGMA foreign_key_check")
            .fetch_optional(&self.0)
            .await?;
        match (&*found, dangling) {
            ("ok", None) => Ok(()),
            ("ok", Some(_)) => Err(StoreError::Unavailable(
                "a row names another one that is not there".to_owned(),
            )),
            _ => Err(StoreError::Unavailable(found)),
        }
    }

    /// Its keys, the root first.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`]
    pub(crate) async fn keys(&self) -> Result<Vec<StoredKey>> {
        keys::all(&self.0).await
    }

    /// Its audit trail, to be read.
    pub(crate) fn trail(&self, chain: Chain) -> Arc<dyn Trail> {
        Arc::new(SqliteStore {
            readers: self.0.clone(),
            // A trail is only read.
            writer: Writer::start(self.0.clone(), 1),
            chain,
        })
    }

    /// Lets the file go.
    pub(crate) async fn close(self) {
        self.0.close().await;
    }
}

/// Adds a line to the audit trail of a copy that nobody else uses, and leaves all of it
/// in that one file.
///
/// # Errors
/// [`StoreError::Unavailable`] when the file cannot be written.
pub(crate) async fn note(file: &Path, chain: &Chain, entry: Entry, at: Timestamp) -> Result<()> {
    let options = SqliteConnectOptions::new()
        .filename(file)
        .synchronous(SqliteSynchronous::Full)
        .journal_mode(SqliteJournalMode::Delete);
    let mut on = options.connect().await?;
    let mut tx = on.begin_with("BEGIN EXCLUSIVE").await?;
    super::audit::append(&mut tx, chain, entry, at).await?;
    tx.commit().await?;
    Ok(on.close().await?)
}

/// Makes sure that nobody uses the database in `file`, and that all of it is in
/// that one file. A file that is too damaged to say is used by nobody.
///
/// # Errors
/// [`StoreError::Conflict`] when somebody does.
pub(crate) async fn settle(file: &Path) -> Result<()> {
    let options = SqliteConnectOptions::new()
        .filename(file)
        .busy_timeout(Duration::from_millis(500));
    let Ok(mut on) = options.connect().await else {
        return Ok(());
    };
    // Leaving the journal behind needs the file for oneself alone.
    let left = leave_journal(&mut on).await;
    // Where it cannot be closed well, it is closed all the same.
    let _ = on.close().await;
    match left {
        Err(sqlx::Error::Database(error))
            if matches!(error.code().as_deref(), Some("5" | "6" | "261" | "517")) =>
        {
            Err(StoreError::Conflict)
        }
        _ => Ok(()),
    }
}

async fn leave_journal(on: &mut SqliteConnection) -> std::result::Result<(), sqlx::Error> {
    sqlx::query("PRAGMA journal_mode = DELETE")
        .execute(&mut *on)
        .await?;
    sqlx::query("BEGIN EXCLUSIVE").execute(&mut *on).await?;
    sqlx::query("ROLLBACK").execute(on).await?;
    Ok(())
}
