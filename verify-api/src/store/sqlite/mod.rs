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
                // A file does not hang up: there is nothing to ask it first.
                .test_before_acquire(false)
                .acquire_timeout(Duration::from_secs(5))
        };
        Ok(Self {
            writer: pool(1).connect_with(options.clone()).await?,
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

/// Makes the file, for its owner alone; SQLite gives its other files the same mode. One
/// that is there and that others may open is closed to them: nobody else has a use for
/// it, and what they could have read is sealed.
fn make_private(file: &Path) -> std::io::Result<()> {
    let mut options = std::fs::OpenOptions::new();
    options.create(true).append(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(file)?;
    #[cfg(unix)]
    for end in ["", "-wal", "-shm", "-journal"] {
        let mut name = file.as_os_str().to_owned();
        name.push(end);
        close_to_others(Path::new(&name))?;
    }
    Ok(())
}

#[cfg(unix)]
fn close_to_others(file: &Path) -> std::io::Result<()> {
    use std::fs::Permissions;
    use std::os::unix::fs::PermissionsExt as _;

    let about = match std::fs::metadata(file) {
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(()),
        about => about?,
    };
    let of_others = about.permissions().mode() & 0o077;
    if of_others == 0 {
        return Ok(());
    }
    std::fs::set_permissions(file, Permissions::from_mode(0o600)).map_err(|error| {
        let file = file.display();
        std::io::Error::other(format!(
            "others may open {file}, and that could not be changed ({error}); as its owner, \
             run `chmod 600 {file}`"
        ))
    })?;
    tracing::warn!(file = %file.display(), "others could open this file; it is its owner's only now");
    Ok(())
}

#[cfg(all(test, unix))]
mod tests {
    use std::fs::{self, Permissions};
    use std::os::unix::fs::PermissionsExt as _;

    use super::*;

    #[tokio::test]
    async fn a_database_that_others_could_open_is_its_owners_only() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("x.db");
        let journal = folder.path().join("x.db-wal");
        for file in [&file, &journal] {
            fs::write(file, "").unwrap();
            fs::set_permissions(file, Permissions::from_mode(0o644)).unwrap();
        }
        let url = format!("sqlite://{}", file.display());
        let database = SqliteDatabase::open(&url, 1).await.unwrap();
        database.migrate().await.unwrap();
        for file in [&file, &journal] {
            let mode = fs::metadata(file).unwrap().permissions().mode();
            assert_eq!(mode & 0o777, 0o600, "{}", file.display());
        }
    }
}
