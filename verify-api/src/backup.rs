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
use crate::audit::{Chain, Entry};
use crate::config::Config;
use crate::store::{Copy, StoreError, copy_sqlite, note_sqlite, settle_sqlite};

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
                "The database is on a PostgreSQL server: stop the servers of this program, run `pg_restore --clean --if-exists --no-owner --single-transaction --dbname={url} FILE`, then `psql --dbname={url} --command='DELETE FROM sessions; DELETE FROM staff_sessions; UPDATE providers SET key_digest = NULL WHERE key_digest IS NOT NULL'`, so that nobody is signed in who had signed out, and no key works that was replaced. Then run `verify-api audit verify`, and `verify-api providers key ID` for each provider who has a system."
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
    /// How many keys of providers ended with it.
    pub ended_keys: usize,
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
    let (trail, _) = examine(config, draft.path(), file).await?;
    place(draft, file).map_err(|error| match error.kind() {
        io::ErrorKind::AlreadyExists => BackupError::Exists(file.to_owned()),
        _ => BackupError::File(file.to_owned(), error),
    })?;
    Ok(trail)
}

/// Puts a backup in the place of the database, after the same checks, with a line in its
/// audit trail that says so. Nobody is signed in there, and no key of a provider works. An
/// earlier database is put aside, and only if `may_replace` says so.
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
    let (trail, chain) = examine(config, draft.path(), file).await?;
    let noted = note_sqlite(draft.path(), &chain, Entry::restored(&trail.head), now);
    let ended_keys = noted
        .await
        .map_err(|cause| unwritable(io::Error::other(cause)))?;
    if is_in_the_way {
        settle_sqlite(&database)
            .await
            .map_err(|_| BackupError::InUse(database.clone()))?;
    }
    let aside = aside(&database, now);
    replace(draft, &database, &aside).map_err(unwritable)?;
    if is_in_the_way {
        let put_aside = Some(aside);
        return Ok(Restored {
            trail,
            put_aside,
            ended_keys,
        });
    }
    // There was no database, but files of one may have been left.
    for file in all_files(&aside).filter(|file| file.exists()) {
        fs::remove_file(&file).map_err(|error| BackupError::File(file.clone(), error))?;
    }
    Ok(Restored {
        trail,
        put_aside: None,
        ended_keys,
    })
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
async fn examine(
    config: &Config,
    copy: &Path,
    file: &Path,
) -> Result<(Verified, Chain), BackupError> {
    let damaged = |cause| BackupError::Damaged(file.to_owned(), cause);
    let copy = Copy::open(copy).await.map_err(damaged)?;
    copy.check().await.map_err(damaged)?;
    let stored = copy.keys().await.map_err(damaged)?;
    let keyring = keys::keyring(&stored, &config.secrets.key);
    let keyring = keyring.ok_or_else(|| BackupError::Key(file.to_owned()))?;
    let chain = Chain::new(Arc::new(keyring));
    let trail = copy.trail(chain.clone());
    let verified = verify_trail(&*trail, &chain, None, |_, _| {}).await;
    let verified = verified.map_err(|cause| BackupError::Trail(file.to_owned(), cause))?;
    Ok((verified, chain))
}

/// Where a database is put that another one takes the place of: where none is yet.
fn aside(database: &Path, now: Timestamp) -> PathBuf {
    let now = now.to_zoned_datetime(TimeZone::UTC);
    let mut name = database.as_os_str().to_owned();
    name.push(now.strftime(".replaced-%Y%m%dT%H%M%SZ").to_string());
    let mut place = PathBuf::from(&name);
    let mut number = 1;
    while all_files(&place).any(|file| file.exists()) {
        number += 1;
        let mut next = name.clone();
        next.push(format!("-{number}"));
        place = next.into();
    }
    place
}

/// Moves what stands at `database` to `aside`, and the draft into its place: no journal
/// of another database may stay beside a new one. If it cannot be done, everything is
/// put back.
fn replace(draft: NamedTempFile, database: &Path, aside: &Path) -> io::Result<()> {
    let mut moved = Vec::new();
    let done = all_files(database)
        .zip(all_files(aside))
        .filter(|(from, _)| from.exists())
        .try_for_each(|(from, to)| {
            fs::rename(&from, &to)?;
            moved.push((from, to));
            Ok(())
        })
        .and_then(|()| place(draft, database));
    done.map_err(|error| {
        // One that stays where it is keeps none of the others from going back.
        let stuck = moved
            .iter()
            .filter(|(from, to)| fs::rename(to, from).is_err());
        let stuck: Vec<_> = stuck
            .map(|(from, to)| format!("; rename {} back to {}", to.display(), from.display()))
            .collect();
        if stuck.is_empty() {
            return error;
        }
        io::Error::other(format!("{error}{}", stuck.concat()))
    })
}

/// A database's file, and those that SQLite keeps beside it.
fn all_files(database: &Path) -> impl Iterator<Item = PathBuf> {
    [""].into_iter().chain(BESIDE).map(|end| {
        let mut name = database.as_os_str().to_owned();
        name.push(end);
        name.into()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_database_is_as_it_was_when_another_cannot_be_put_in_its_place() {
        let folder = tempfile::tempdir().unwrap();
        let database = folder.path().join("frontdesk.db");
        let aside = folder.path().join("frontdesk.db.replaced");
        for (end, text) in [("", "the database"), ("-wal", "its journal")] {
            let mut name = database.clone().into_os_string();
            name.push(end);
            fs::write(name, text).unwrap();
        }
        let draft = draft_beside(&database).unwrap();
        // Somebody has tidied the folder up at the wrong moment.
        fs::remove_file(draft.path()).unwrap();
        assert!(replace(draft, &database, &aside).is_err());
        let entries = fs::read_dir(folder.path()).unwrap();
        let mut found: Vec<_> = entries
            .map(|entry| {
                let entry = entry.unwrap();
                let text = fs::read_to_string(entry.path()).unwrap();
                (entry.file_name().into_string().unwrap(), text)
            })
            .collect();
        found.sort();
        let file = |name: &str, text: &str| (name.to_owned(), text.to_owned());
        assert_eq!(
            found,
            [
                file("frontdesk.db", "the database"),
                file("frontdesk.db-wal", "its journal"),
            ]
        );
    }
}
