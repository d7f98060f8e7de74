//! A copy of a SQLite database in another file, and a look into such a file.

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;
use rusqlite::{Connection, ErrorCode, OpenFlags, TransactionBehavior};
use url::Url;

use super::readers::Readers;
use super::writer::Writer;
use super::{SqliteStore, blocking, keys, open, query};
use crate::audit::{Chain, Entry};
use crate::store::{Result, StoreError, StoredKey, Trail};

/// Writes the database in `from`, as it stands at one moment, into the file
/// `to`, which is empty or not there. Servers may go on writing meanwhile.
///
/// # Errors
/// [`StoreError::Unavailable`]
pub(crate) async fn copy(from: &Path, to: &Path) -> Result<()> {
    let from = from.to_owned();
    let to = to
        .to_str()
        .ok_or_else(|| StoreError::Unavailable("the path is not UTF-8".to_owned()))?
        .to_owned();
    blocking(move || {
        let on = open(&from, OpenFlags::SQLITE_OPEN_READ_WRITE)?;
        query::execute(&on, "VACUUM INTO ?1", (to,))?;
        Ok(())
    })
    .await
}

/// A file that is looked into and not written to.
pub(crate) struct Copy {
    readers: Readers,
    writer: Writer,
}

impl Copy {
    /// Opens a file that nobody writes to.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`] when it cannot be opened.
    pub(crate) async fn open(file: &Path) -> Result<Self> {
        let file = file.to_owned();
        blocking(move || {
            let readers = Readers::new(vec![open_copy(&file)?]);
            // A copy is only read, and gives its writer nothing to do.
            let writer = Writer::start(open_copy(&file)?, 1)?;
            Ok(Self { readers, writer })
        })
        .await
    }

    /// Whether SQLite finds the file whole.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`] with what it found instead.
    pub(crate) async fn check(&self) -> Result<()> {
        self.readers.read(check).await
    }

    /// Its keys, the root first.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`]
    pub(crate) async fn keys(&self) -> Result<Vec<StoredKey>> {
        self.readers.read(keys::all).await
    }

    /// Its audit trail, to be read.
    pub(crate) fn trail(&self, chain: Chain) -> Arc<dyn Trail> {
        Arc::new(SqliteStore {
            readers: self.readers.clone(),
            writer: self.writer.clone(),
            chain,
        })
    }
}

/// `immutable` keeps SQLite from making files beside it.
fn open_copy(file: &Path) -> Result<Connection> {
    let url = std::path::absolute(file).map(Url::from_file_path);
    let Ok(Ok(mut url)) = url else {
        return Err(StoreError::Unavailable("the file has no path".to_owned()));
    };
    url.set_query(Some("immutable=1"));
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY
        | OpenFlags::SQLITE_OPEN_URI
        | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    Ok(Connection::open_with_flags(url.as_str(), flags)?)
}

fn check(on: &Connection) -> Result<()> {
    let (found,): (String,) = query::one(on, "PRAGMA integrity_check(1)", ())?;
    if found != "ok" {
        return Err(StoreError::Unavailable(found));
    }
    if query::exists(on, "PRAGMA foreign_key_check", ())? {
        return Err(StoreError::Unavailable(
            "a row names another one that is not there".to_owned(),
        ));
    }
    Ok(())
}

/// Adds a line to the audit trail of a copy that nobody else uses, signs everybody out of it,
/// ends the keys of providers, and leaves all of it in that one file; how many keys ended.
///
/// # Errors
/// [`StoreError::Unavailable`] when the file cannot be written.
pub(crate) async fn note(file: &Path, chain: &Chain, entry: Entry, at: Timestamp) -> Result<usize> {
    let (file, chain) = (file.to_owned(), chain.clone());
    blocking(move || {
        let mut on = open(&file, OpenFlags::SQLITE_OPEN_READ_WRITE)?;
        on.pragma_update(None, "journal_mode", "DELETE")?;
        on.pragma_update(None, "synchronous", "FULL")?;
        let tx = on.transaction_with_behavior(TransactionBehavior::Exclusive)?;
        // What has ended since the backup was made must not come back.
        end(&tx, "sessions", "DELETE FROM sessions")?;
        end(&tx, "staff_sessions", "DELETE FROM staff_sessions")?;
        let keys = "UPDATE providers SET key_digest = NULL WHERE key_digest IS NOT NULL";
        let keys = end(&tx, "providers", keys)?;
        super::audit::append(&tx, &chain, entry, at)?;
        tx.commit()?;
        on.close().map_err(|(_, error)| error)?;
        Ok(keys)
    })
    .await
}

/// Ends what stands in a table, unless the backup is of before there was one; how much.
fn end(on: &Connection, table: &str, sql: &str) -> Result<usize> {
    let is_there = "SELECT 1 FROM sqlite_schema WHERE type = 'table' AND name = ?1";
    if query::exists(on, is_there, (table,))? {
        Ok(on.execute(sql, ())?)
    } else {
        Ok(0)
    }
}

/// Makes sure that nobody uses the database in `file`, and that all of it is in
/// that one file. A file that is too damaged to say is used by nobody.
///
/// # Errors
/// [`StoreError::Conflict`] when somebody does.
pub(crate) async fn settle(file: &Path) -> Result<()> {
    let file = file.to_owned();
    blocking(move || {
        let Ok(on) = open(&file, OpenFlags::SQLITE_OPEN_READ_WRITE) else {
            return Ok(());
        };
        match leave_journal(&on) {
            Err(error) if is_in_use(&error) => Err(StoreError::Conflict),
            _ => Ok(()),
        }
    })
    .await
}

/// Leaving the journal behind needs the file for oneself alone.
fn leave_journal(on: &Connection) -> rusqlite::Result<()> {
    on.busy_timeout(Duration::from_millis(500))?;
    on.pragma_update(None, "journal_mode", "DELETE")?;
    on.execute_batch("BEGIN EXCLUSIVE; ROLLBACK")
}

fn is_in_use(error: &rusqlite::Error) -> bool {
    matches!(
        error.sqlite_error_code(),
        Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked)
    )
}
