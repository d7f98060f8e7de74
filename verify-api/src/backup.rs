//! A copy of the database in a file, checked before it counts, and the way back.
//!
//! For SQLite. A PostgreSQL server has tools of its own, which are named.

use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use jiff::Timestamp;
use jiff::tz::TimeZone;
use tempfile::NamedTempFile;

use crate::app::keys;
use crate::app::{TrailError, Verified, verify_trail};
use crate::audit::Chain;
use crate::config::Config;
use crate::store::{Copy, StoreError, copy_sqlite, settle_sqlite};

/// Files that SQLite keeps beside a database.
const BESIDE: [&str; 3] = ["-wal", "-shm", "-journal"];

/// Why there is no backup, or nothing was restored.
#[derive(Debug)]
pub enum BackupError {
    /// The database is on a server.
    OnServer {
        /// The server's database, without login.
        url: String,
        /// Whether it was to be restored.
        is_restore: bool,
    },
    /// There is a file already.
    Exists(PathBuf),
    /// There is a database already.
    InTheWay(PathBuf),
    /// A server uses the database that is to be replaced.
    InUse(PathBuf),
    /// A file cannot be read or written.
    File(PathBuf, io::Error),
    /// The database cannot be copied.
    Copy(StoreError),
    /// The copy is damaged, or no copy of such a database.
    Damaged(PathBuf, StoreError),
    /// It opens with another master key.
    Key(PathBuf),
    /// Its audit trail is not whole.
    Trail(PathBuf, TrailError),
}

impl std::fmt::Display for BackupError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::OnServer {
                url,
                is_restore: false,
            } => write!(
                f,
                "The database is on a PostgreSQL server: run `pg_dump --format=custom --no-owner --file=FILE {url}` as a user who may read all of it."
            ),
            Self::OnServer {
                url,
                is_restore: true,
            } => write!(
                f,
                "The database is on a PostgreSQL server: stop the servers of this program, run `pg_restore --clean --if-exists --no-owner --single-transaction --dbname={url} FILE`, then `verify-api audit verify`."
            ),
            Self::Exists(file) => write!(
                f,
                "{} is there already, and is not written over. Name another file.",
                file.display()
            ),
            Self::InTheWay(file) => write!(
                f,
                "There is a database in {} already. To put it aside and restore in its place, stop the server and add --replace.",
                file.display()
            ),
            Self::InUse(file) => write!(
                f,
                "The database in {} is in use. Stop the server, and whatever else has it open, then restore again.",
                file.display()
            ),
            Self::File(file, cause) => write!(
                f,
                "{} cannot be used ({cause}). Check the path, who may write there, and whether the disk is full.",
                file.display()
            ),
            Self::Copy(cause) => write!(
                f,
                "The database could not be copied: {cause}. Nothing was left behind; try again."
            ),
            Self::Damaged(file, cause) => write!(
                f,
                "{} is damaged, or is no backup: {cause}. Use another one.",
                file.display()
            ),
            Self::Key(file) => write!(
                f,
                "{} opens with another key than the one in `secrets.key`. Set the key that it was made with.",
                file.display()
            ),
            Self::Trail(file, cause) => write!(f, "In {}: {cause}", file.display()),
        }
    }
}

impl std::error::Error for BackupError {}

/// What a restored database has taken the place of.
#[derive(Debug)]
pub struct Restored {
    /// Its audit trail.
    pub trail: Verified,
    /// The file that the earlier database was put into, if there was one.
    pub put_aside: Option<PathBuf>,
}

/// Copies the database into `file`, as it stands at one moment; servers may go
/// on writing. The file is for its owner alone, and is there only once it was
/// found whole, opens with the master key, and has a whole audit trail.
///
/// # Errors
/// See [`BackupError`]; then there is no file.
pub async fn backup(config: &Config, file: &Path) -> Result<Verified, BackupError> {
    let database = sqlite_file(config, false)?;
    if file.exists() {
        return Err(BackupError::Exists(file.to_owned()));
    }
    let unusable = |error| BackupError::File(file.to_owned(), error);
    let draft = draft_beside(file).map_err(unusable)?;
    copy_sqlite(&database, draft.path())
        .await
        .map_err(BackupError::Copy)?;
    let trail = examine(config, draft.path(), file).await?;
    place(draft, file).map_err(|error| match error.kind() {
        io::ErrorKind::AlreadyExists => BackupError::Exists(file.to_owned()),
        _ => BackupError::File(file.to_owned(), error),
    })?;
    Ok(trail)
}

/// Puts a backup in the place of the database, after the same checks. An earlier
/// database is put aside, and only if `may_replace` says so.
///
/// # Errors
/// See [`BackupError`]; then everything is as it was.
pub async fn restore(
    config: &Config,
    file: &Path,
    may_replace: bool,
    now: Timestamp,
) -> Result<Restored, BackupError> {
    let database = sqlite_file(config, true)?;
    let is_in_the_way = fs::metadata(&database).is_ok_and(|about| about.len() > 0);
    if is_in_the_way && !may_replace {
        return Err(BackupError::InTheWay(database));
    }
    let unreadable = |error| BackupError::File(file.to_owned(), error);
    let mut from = File::open(file).map_err(unreadable)?;
    let unwritable = |error| BackupError::File(database.clone(), error);
    let mut draft = draft_beside(&database).map_err(unwritable)?;
    io::copy(&mut from, &mut draft).map_err(unwritable)?;
    let trail = examine(config, draft.path(), file).await?;
    let put_aside = if is_in_the_way {
        settle_sqlite(&database)
            .await
            .map_err(|_| BackupError::InUse(database.clone()))?;
        Some(aside(&database, now))
    } else {
        None
    };
    make_room(&database, put_aside.as_deref()).map_err(unwritable)?;
    place(draft, &database).map_err(unwritable)?;
    Ok(Restored { trail, put_aside })
}

fn sqlite_file(config: &Config, is_restore: bool) -> Result<PathBuf, BackupError> {
    let url = &config.database.url;
    let file = url.secret().strip_prefix("sqlite://").map(PathBuf::from);
    file.ok_or_else(|| BackupError::OnServer {
        url: url.to_string(),
        is_restore,
    })
}

/// A file of no name yet in the folder of `file`, for its owner alone.
fn draft_beside(file: &Path) -> io::Result<NamedTempFile> {
    tempfile::Builder::new()
        .prefix(".frontdesk-")
        .tempfile_in(folder(file))
}

fn folder(file: &Path) -> &Path {
    match file.parent() {
        Some(folder) if folder != Path::new("") => folder,
        _ => Path::new("."),
    }
}

/// Makes a finished draft the file `to`, which must not be there.
fn place(draft: NamedTempFile, to: &Path) -> io::Result<()> {
    draft.as_file().sync_all()?;
    draft.persist_noclobber(to).map_err(|error| error.error)?;
    File::open(folder(to))?.sync_all()
}

/// Looks a copy over; `file` is what people know it as.
async fn examine(config: &Config, copy: &Path, file: &Path) -> Result<Verified, BackupError> {
    let damaged = |cause| BackupError::Damaged(file.to_owned(), cause);
    let copy = Copy::open(copy).await.map_err(damaged)?;
    copy.check().await.map_err(damaged)?;
    let stored = copy.keys().await.map_err(damaged)?;
    let keyring = keys::keyring(&stored, &config.secrets.key);
    let keyring = keyring.ok_or_else(|| BackupError::Key(file.to_owned()))?;
    let chain = Chain::new(Arc::new(keyring));
    let trail = copy.trail(chain.clone());
    let verified = verify_trail(&*trail, &chain, None, |_, _| {}).await;
    copy.close().await;
    verified.map_err(|cause| BackupError::Trail(file.to_owned(), cause))
}

/// Where a database is put that another one takes the place of.
fn aside(database: &Path, now: Timestamp) -> PathBuf {
    let now = now.to_zoned_datetime(TimeZone::UTC);
    let mut name = database.as_os_str().to_owned();
    name.push(now.strftime(".replaced-%Y%m%dT%H%M%SZ").to_string());
    name.into()
}

/// Moves or, where it is empty, removes what stands at `database`; no journal of
/// another database may stay beside a new one.
fn make_room(database: &Path, put_aside: Option<&Path>) -> io::Result<()> {
    let with = |path: &Path, end: &str| -> PathBuf {
        let mut name = path.as_os_str().to_owned();
        name.push(end);
        name.into()
    };
    for end in [""].into_iter().chain(BESIDE) {
        let from = with(database, end);
        if !from.exists() {
            continue;
        }
        match put_aside {
            Some(to) => fs::rename(&from, with(to, end))?,
            None => fs::remove_file(&from)?,
        }
    }
    Ok(())
}
