//! The one writer, and commits that several share.
//!
//! SQLite has one writer at a time, and what a commit costs is the wait for the
//! disk. So whoever writes queues here: one task takes all that wait, does each
//! piece of work in a savepoint of its own, and commits them together. Nobody
//! is answered before the disk has it, and a piece that fails takes nothing of
//! the others with it.
//!
//! It must not know what is written.

use std::future::Future;
use std::pin::Pin;
use std::time::Duration;

use async_trait::async_trait;
use sqlx::{Connection as _, SqliteConnection, SqlitePool};
use tokio::sync::{mpsc, oneshot};

use crate::store::{Result, StoreError};

/// How many may wait; the next ones wait for a place.
const WAITING: usize = 1024;
/// How long somebody waits for a place.
const PATIENCE: Duration = Duration::from_secs(5);

/// What a piece of work is while it runs.
pub(super) type Working<'c, T> = Pin<Box<dyn Future<Output = Result<T>> + Send + 'c>>;

/// The way to the writer.
#[derive(Clone, Debug)]
pub(super) struct Writer {
    queue: mpsc::Sender<Box<dyn Queued>>,
}

impl Writer {
    /// Starts the writer on a pool of one connection; `together` pieces of work
    /// share a commit at most. It ends with its last handle.
    pub(super) fn start(pool: SqlitePool, together: usize) -> Self {
        let (queue, waiting) = mpsc::channel(WAITING);
        tokio::spawn(write(pool, waiting, together));
        Self { queue }
    }

    /// Does `work` in a transaction. What it answers has reached the disk.
    ///
    /// # Errors
    /// What the work says; then nothing of it stays. [`StoreError::Unavailable`]
    /// when it cannot be begun or committed.
    pub(super) async fn write<T, W>(&self, work: W) -> Result<T>
    where
        T: Send + 'static,
        W: for<'c> FnOnce(&'c mut SqliteConnection) -> Working<'c, T> + Send + 'static,
    {
        let (answer, answered) = oneshot::channel();
        let piece = Piece {
            work: Some(work),
            done: None,
            answer,
        };
        let queued = self.queue.send_timeout(Box::new(piece), PATIENCE).await;
        queued.map_err(|_| StoreError::Unavailable("too many writes wait".to_owned()))?;
        answered.await.unwrap_or_else(|_| Err(stopped()))
    }
}

fn stopped() -> StoreError {
    StoreError::Unavailable("the writer stopped".to_owned())
}

/// A piece of work that waits, whatever it answers.
#[async_trait]
trait Queued: Send {
    /// Does it; whether it may stay.
    async fn work(&mut self, on: &mut SqliteConnection) -> bool;
    /// Tells the one who waits, once it is known whether the commit was made.
    fn tell(self: Box<Self>, committed: &std::result::Result<(), String>);
}

struct Piece<T, W> {
    work: Option<W>,
    done: Option<Result<T>>,
    answer: oneshot::Sender<Result<T>>,
}

#[async_trait]
impl<T, W> Queued for Piece<T, W>
where
    T: Send + 'static,
    W: for<'c> FnOnce(&'c mut SqliteConnection) -> Working<'c, T> + Send + 'static,
{
    async fn work(&mut self, on: &mut SqliteConnection) -> bool {
        let Some(work) = self.work.take() else {
            return false;
        };
        let done = work(on).await;
        let stays = done.is_ok();
        self.done = Some(done);
        stays
    }

    fn tell(self: Box<Self>, committed: &std::result::Result<(), String>) {
        let answer = match (self.done, committed) {
            (Some(Err(error)), _) => Err(error),
            (_, Err(cause)) => Err(StoreError::Unavailable(cause.clone())),
            (Some(done), Ok(())) => done,
            (None, Ok(())) => Err(stopped()),
        };
        // Whoever asked may have hung up; what was committed stays committed.
        let _ = self.answer.send(answer);
    }
}

async fn write(pool: SqlitePool, mut waiting: mpsc::Receiver<Box<dyn Queued>>, together: usize) {
    let mut batch = Vec::with_capacity(together);
    while waiting.recv_many(&mut batch, together).await > 0 {
        let committed = commit(&pool, &mut batch).await;
        let committed = committed.map_err(|error| error.to_string());
        for piece in batch.drain(..) {
            piece.tell(&committed);
        }
    }
}

async fn commit(
    pool: &SqlitePool,
    batch: &mut [Box<dyn Queued>],
) -> std::result::Result<(), sqlx::Error> {
    let mut on = pool.acquire().await?;
    let committed = commit_on(&mut on, batch).await;
    if committed.is_err() {
        // SQLite ends a transaction by itself when it cannot write (a full disk).
        // The connection does not know, and could never begin another one.
        let _ = on.close().await;
    }
    committed
}

/// Each statement is a journey to the thread where SQLite runs, so ending one
/// savepoint and beginning the next is one statement.
async fn commit_on(
    on: &mut SqliteConnection,
    batch: &mut [Box<dyn Queued>],
) -> std::result::Result<(), sqlx::Error> {
    let mut tx = on.begin_with("BEGIN IMMEDIATE; SAVEPOINT piece").await?;
    for (number, piece) in batch.iter_mut().enumerate() {
        if number > 0 {
            sqlx::query("RELEASE piece; SAVEPOINT piece")
                .execute(&mut *tx)
                .await?;
        }
        if !piece.work(&mut tx).await {
            // The savepoint itself stays, empty.
            sqlx::query("ROLLBACK TO piece").execute(&mut *tx).await?;
        }
    }
    // It ends the last savepoint, too.
    tx.commit().await
}

#[cfg(test)]
mod tests {
    use sqlx::sqlite::{SqliteConnectOptions, SqlitePoolOptions};

    use super::*;

    async fn pool(folder: &tempfile::TempDir) -> SqlitePool {
        let options = SqliteConnectOptions::new()
            .filename(folder.path().join("writer.db"))
            .create_if_missing(true);
        let pool = SqlitePoolOptions::new()
            .max_connections(1)
            .connect_with(options)
            .await
            .unwrap();
        sqlx::query("CREATE TABLE numbers (n INTEGER PRIMARY KEY)")
            .execute(&pool)
            .await
            .unwrap();
        pool
    }

    async fn insert(writer: Writer, n: i64, then: Result<()>) -> Result<i64> {
        writer
            .write(move |on| {
                Box::pin(async move {
                    sqlx::query("INSERT INTO numbers (n) VALUES ($1)")
                        .bind(n)
                        .execute(on)
                        .await?;
                    then.map(|()| n)
                })
            })
            .await
    }

    async fn numbers(pool: &SqlitePool) -> Vec<i64> {
        sqlx::query_scalar("SELECT n FROM numbers ORDER BY n")
            .fetch_all(pool)
            .await
            .unwrap()
    }

    #[tokio::test]
    async fn a_piece_that_fails_takes_nothing_of_the_others_with_it() {
        let folder = tempfile::tempdir().unwrap();
        let pool = pool(&folder).await;
        let writer = Writer::start(pool.clone(), 256);
        // All three are queued before the writer first runs: one commit.
        let (one, two, three) = tokio::join!(
            insert(writer.clone(), 1, Ok(())),
            insert(writer.clone(), 2, Err(StoreError::Conflict)),
            insert(writer.clone(), 3, Ok(())),
        );
        assert_eq!((one.unwrap(), three.unwrap()), (1, 3));
        assert!(matches!(two, Err(StoreError::Conflict)));
        assert_eq!(numbers(&pool).await, [1, 3]);
    }

    #[tokio::test]
    async fn whichever_pieces_of_a_commit_fail_the_others_stay() {
        for (len, fails) in (1..=4).flat_map(|len| (0..1_u32 << len).map(move |f| (len, f))) {
            let folder = tempfile::tempdir().unwrap();
            let pool = pool(&folder).await;
            let writer = Writer::start(pool.clone(), 256);
            let mut pieces = tokio::task::JoinSet::new();
            for n in 0..len {
                let then = match fails >> n & 1 {
                    0 => Ok(()),
                    _ => Err(StoreError::Conflict),
                };
                pieces.spawn(insert(writer.clone(), n, then));
            }
            let done = pieces.join_all().await;
            let mut good: Vec<_> = done.into_iter().filter_map(Result::ok).collect();
            good.sort_unstable();
            let expected: Vec<_> = (0..len).filter(|n| fails >> n & 1 == 0).collect();
            assert_eq!(good, expected, "{len} {fails:b}");
            assert_eq!(numbers(&pool).await, expected, "{len} {fails:b}");
        }
    }

    #[tokio::test]
    async fn a_transaction_that_sqlite_has_ended_by_itself_is_no_ones_success() {
        let folder = tempfile::tempdir().unwrap();
        let pool = pool(&folder).await;
        let writer = Writer::start(pool.clone(), 256);
        let ends_all = writer.write(|on| {
            Box::pin(async move {
                sqlx::query("ROLLBACK").execute(on).await?;
                Ok(())
            })
        });
        let (one, ended, two) = tokio::join!(
            insert(writer.clone(), 1, Ok(())),
            ends_all,
            insert(writer.clone(), 2, Ok(())),
        );
        for told in [one.map(|_| ()), ended, two.map(|_| ())] {
            assert!(matches!(told, Err(StoreError::Unavailable(_))), "{told:?}");
        }
        assert!(numbers(&pool).await.is_empty());
        assert_eq!(insert(writer, 3, Ok(())).await.unwrap(), 3);
    }

    #[tokio::test]
    async fn nobody_is_told_that_it_stands_when_the_commit_was_refused() {
        let folder = tempfile::tempdir().unwrap();
        let pool = pool(&folder).await;
        // Checked at the commit, and by none of the statements before.
        for sql in [
            "PRAGMA foreign_keys = ON",
            "CREATE TABLE late (n INTEGER REFERENCES numbers (n) DEFERRABLE INITIALLY DEFERRED)",
        ] {
            sqlx::query(sql).execute(&pool).await.unwrap();
        }
        let writer = Writer::start(pool.clone(), 256);
        let dangling = writer.write(|on| {
            Box::pin(async move {
                sqlx::query("INSERT INTO late (n) VALUES (404)")
                    .execute(on)
                    .await?;
                Ok(())
            })
        });
        let (good, bad) = tokio::join!(insert(writer.clone(), 1, Ok(())), dangling);
        assert!(matches!(good, Err(StoreError::Unavailable(_))), "{good:?}");
        assert!(matches!(bad, Err(StoreError::Unavailable(_))), "{bad:?}");
        assert!(numbers(&pool).await.is_empty());
        // And it goes on.
        assert_eq!(insert(writer, 2, Ok(())).await.unwrap(), 2);
        assert_eq!(numbers(&pool).await, [2]);
    }
}
