//! The store on SQLite: one file, WAL, full durability.
//!
//! SQLite runs on the thread that calls it, and may wait there for the disk. So a
//! piece of work is a plain function on a connection, and goes as a whole to a thread
//! that may wait: to the [`Writer`], where writes wait for each other instead of failing
//! as busy, and share a commit; or to one of the [`Readers`].

mod audit;
pub(super) mod backup;
mod change;
mod connections;
mod feedback;
mod flows;
mod insights;
mod jobs;
mod keys;
mod limits;
mod lookups;
mod migrations;
mod people;
mod providers;
mod proxies;
mod query;
mod readers;
mod sessions;
mod staff;
mod trail;
mod upkeep;
mod visits;
mod writer;

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use jiff::Timestamp;
use rusqlite::{Connection, OpenFlags};

use self::readers::Readers;
use self::writer::Writer;
use super::{Database, Result, Store, StoreError, StoredKey};
use crate::audit::Chain;

/// How many connections read.
const READERS: usize = 4;
/// How long a connection waits for another process that writes.
const PATIENCE: Duration = Duration::from_secs(5);
/// How much of the file the writer keeps in memory, as SQLite counts it: negative, in KiB.
/// An import comes back to the same pages of the indexes all the time.
const WRITER_CACHE: i64 = -16 * 1024;
/// How many statements a connection keeps prepared: more than there are.
const PREPARED: usize = 128;

/// A SQLite file whose tables may still be of an older version.
#[derive(Debug)]
pub(super) struct SqliteDatabase {
    file: PathBuf,
    readers: Readers,
    writer: Writer,
}

impl SqliteDatabase {
    /// Opens the database at a `sqlite://` URL, making the file if there is none;
    /// `together` writes share a commit at most.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`] when the file cannot be opened or written.
    pub(super) async fn open(url: &str, together: usize) -> Result<Self> {
        let file = url.strip_prefix("sqlite://").map(PathBuf::from);
        let file =
            file.ok_or_else(|| StoreError::Unavailable("the URL names no file".to_owned()))?;
        blocking(move || {
            make_private(&file).map_err(|error| StoreError::Unavailable(error.to_string()))?;
            // The first makes the file what the others then find.
            let on = connect(&file)?;
            on.pragma_update(None, "cache_size", WRITER_CACHE)?;
            let writer = Writer::start(on, together)?;
            let readers = (0..READERS).map(|_| {
                let reader = connect(&file)?;
                reader.pragma_update(None, "query_only", true)?;
                Ok(reader)
            });
            let readers = Readers::new(readers.collect::<Result<_>>()?);
            Ok(Self {
                file,
                readers,
                writer,
            })
        })
        .await
    }
}

#[async_trait]
impl Database for SqliteDatabase {
    async fn migrate(&self) -> Result<()> {
        let file = self.file.clone();
        blocking(move || migrations::run(&mut connect(&file)?)).await
    }

    async fn first_keys(
        &self,
        first: &[StoredKey],
        chain: &Chain,
        at: Timestamp,
    ) -> Result<Vec<StoredKey>> {
        let (first, chain) = (first.to_vec(), chain.clone());
        self.writer
            .write(move |on| {
                keys::first(on, &first, &chain, at)?;
                keys::all(on)
            })
            .await
    }

    fn store(self: Box<Self>, chain: Chain) -> Arc<dyn Store> {
        Arc::new(SqliteStore {
            readers: self.readers,
            writer: self.writer,
            chain,
        })
    }
}

/// State in a SQLite file.
#[derive(Clone, Debug)]
pub(super) struct SqliteStore {
    readers: Readers,
    writer: Writer,
    chain: Chain,
}

/// Opens the database in `file` as the store uses it.
fn connect(file: &Path) -> Result<Connection> {
    let on = open(file, OpenFlags::SQLITE_OPEN_READ_WRITE)?;
    on.pragma_update(None, "journal_mode", "WAL")?;
    on.pragma_update(None, "synchronous", "FULL")?;
    Ok(on)
}

/// Opens a database.
fn open(file: &Path, flags: OpenFlags) -> Result<Connection> {
    // SQLite takes a name such as `:memory:` for something else than a file.
    let file = std::path::absolute(file);
    let file = file.map_err(|error| StoreError::Unavailable(error.to_string()))?;
    // Nobody uses a connection while somebody else does: it needs no lock of its own.
    let on = Connection::open_with_flags(file, flags | OpenFlags::SQLITE_OPEN_NO_MUTEX)?;
    on.busy_timeout(PATIENCE)?;
    on.pragma_update(None, "foreign_keys", true)?;
    on.set_prepared_statement_cache_capacity(PREPARED);
    Ok(on)
}

/// Does a piece of work. A panic in it fails nothing but itself: what it held of the
/// connection was let go on the way out, and what it wrote is for the caller to undo.
fn work<T>(on: &Connection, work: impl FnOnce(&Connection) -> Result<T>) -> Result<T> {
    catch_unwind(AssertUnwindSafe(|| work(on)))
        .unwrap_or_else(|_| Err(StoreError::Unavailable("a fault ended the work".to_owned())))
}

/// Does what may wait for the disk where nobody else is held up by it.
async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> Result<T> + Send + 'static,
) -> Result<T> {
    let done = tokio::task::spawn_blocking(work).await;
    done.unwrap_or_else(|error| Err(StoreError::Unavailable(error.to_string())))
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
