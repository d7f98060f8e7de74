//! The one writer, and commits that several share.
//!
//! SQLite has one writer at a time, and what a commit costs is the wait for the
//! disk. So whoever writes queues here: one thread, which holds the connection, takes
//! all that wait, does each piece of work in a savepoint of its own, and commits them
//! together. Nobody is answered before the disk has it, and a piece that fails takes
//! nothing of the others with it.
//!
//! It must not know what is written.

use std::thread;
use std::time::Duration;

use rusqlite::{Connection, TransactionBehavior};
use tokio::sync::{mpsc, oneshot};

use crate::store::{Result, StoreError};

/// How many may wait; the next ones wait for a place.
const WAITING: usize = 1024;
/// How long somebody waits for a place.
const PATIENCE: Duration = Duration::from_secs(5);

/// The way to the writer.
#[derive(Clone, Debug)]
pub(super) struct Writer {
    queue: mpsc::Sender<Box<dyn Queued>>,
}

impl Writer {
    /// Starts the writer on a connection; `together` pieces of work share a commit at
    /// most. It ends with its last handle.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`] when the system has no thread for it.
    pub(super) fn start(on: Connection, together: usize) -> Result<Self> {
        let (queue, waiting) = mpsc::channel(WAITING);
        thread::Builder::new()
            .name("sqlite-writer".to_owned())
            .spawn(move || write(on, waiting, together))
            .map_err(|error| StoreError::Unavailable(error.to_string()))?;
        Ok(Self { queue })
    }

    /// Does `work` in a transaction. What it answers has reached the disk.
    ///
    /// # Errors
    /// What the work says; then nothing of it stays. [`StoreError::Unavailable`]
    /// when it cannot be begun or committed.
    pub(super) async fn write<T, W>(&self, work: W) -> Result<T>
    where
        T: Send + 'static,
        W: FnOnce(&Connection) -> Result<T> + Send + 'static,
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
trait Queued: Send {
    /// Does it; whether it may stay.
    fn work(&mut self, on: &Connection) -> bool;
    /// Tells the one who waits, once it is known whether the commit was made.
    fn tell(self: Box<Self>, committed: &std::result::Result<(), String>);
}

struct Piece<T, W> {
    work: Option<W>,
    done: Option<Result<T>>,
    answer: oneshot::Sender<Result<T>>,
}

impl<T, W> Queued for Piece<T, W>
where
    T: Send + 'static,
    W: FnOnce(&Connection) -> Result<T> + Send + 'static,
{
    fn work(&mut self, on: &Connection) -> bool {
        let Some(work) = self.work.take() else {
            return false;
        };
        let done = super::work(on, work);
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

fn write(mut on: Connection, mut waiting: mpsc::Receiver<Box<dyn Queued>>, together: usize) {
    let mut batch = Vec::with_capacity(together);
    while waiting.blocking_recv_many(&mut batch, together) > 0 {
        let committed = commit(&mut on, &mut batch).map_err(|error| error.to_string());
        for piece in batch.drain(..) {
            piece.tell(&committed);
        }
    }
}

/// Where SQLite has ended the transaction by itself, as it does when it cannot write (a
/// full disk), the savepoint is gone, and nothing more is done outside a transaction.
fn commit(on: &mut Connection, batch: &mut [Box<dyn Queued>]) -> rusqlite::Result<()> {
    let mut tx = on.transaction_with_behavior(TransactionBehavior::Immediate)?;
    for piece in batch {
        let mut savepoint = tx.savepoint()?;
        if !piece.work(&savepoint) {
            savepoint.rollback()?;
        }
        savepoint.commit()?;
    }
    tx.commit()
}

#[cfg(test)]
mod tests {
    use std::path::PathBuf;
    use std::sync::Arc;

    use tempfile::TempDir;

    use super::*;

    /// A database with numbers, and its writer.
    struct Numbers {
        file: PathBuf,
        writer: Writer,
        /// Goes with the test.
        _folder: TempDir,
    }

    impl Numbers {
        fn new() -> Self {
            let folder = tempfile::tempdir().unwrap();
            let file = folder.path().join("writer.db");
            let on = Connection::open(&file).unwrap();
            // The second rule is held against a commit, and against no statement before.
            on.execute_batch(
                "CREATE TABLE numbers (n INTEGER PRIMARY KEY);
                 CREATE TABLE late (n REFERENCES numbers (n) DEFERRABLE INITIALLY DEFERRED);",
            )
            .unwrap();
            Self {
                file,
                writer: Writer::start(on, 256).unwrap(),
                _folder: folder,
            }
        }

        async fn insert(&self, n: i64, then: Result<()>) -> Result<i64> {
            let insert = move |on: &Connection| {
                on.execute("INSERT INTO numbers (n) VALUES (?1)", (n,))?;
                then.map(|()| n)
            };
            self.writer.write(insert).await
        }

        async fn execute(&self, sql: &'static str) -> Result<()> {
            let execute = move |on: &Connection| Ok(on.execute_batch(sql)?);
            self.writer.write(execute).await
        }

        /// Keeps the writer busy until `queued` waits for it as a whole: one commit.
        async fn at_once<T>(&self, queued: impl Future<Output = T>) -> T {
            let (started, begun) = oneshot::channel();
            let (go_on, held) = std::sync::mpsc::channel::<()>();
            let busy = self.writer.write(move |_| {
                let _ = started.send(());
                let _ = held.recv();
                Ok(())
            });
            let queued = async {
                begun.await.unwrap();
                let release = async {
                    // Whatever was spawned has its turn, too.
                    tokio::task::yield_now().await;
                    drop(go_on);
                };
                tokio::join!(queued, release).0
            };
            tokio::join!(busy, queued).1
        }

        fn all(&self) -> Vec<i64> {
            let on = Connection::open(&self.file).unwrap();
            let mut all = on.prepare("SELECT n FROM numbers ORDER BY n").unwrap();
            let all = all.query_map((), |row| row.get(0)).unwrap();
            all.collect::<rusqlite::Result<_>>().unwrap()
        }
    }

    #[tokio::test]
    async fn a_piece_that_fails_takes_nothing_of_the_others_with_it() {
        let numbers = Numbers::new();
        let pieces = async {
            tokio::join!(
                numbers.insert(1, Ok(())),
                numbers.insert(2, Err(StoreError::Conflict)),
                numbers.insert(3, Ok(())),
            )
        };
        let (one, two, three) = numbers.at_once(pieces).await;
        assert_eq!((one.unwrap(), three.unwrap()), (1, 3));
        assert!(matches!(two, Err(StoreError::Conflict)));
        assert_eq!(numbers.all(), [1, 3]);
    }

    #[tokio::test]
    async fn a_piece_that_panics_fails_alone() {
        let numbers = Numbers::new();
        let panics = numbers.writer.write::<(), _>(|on| {
            on.execute("INSERT INTO numbers (n) VALUES (2)", ())?;
            panic!("a fault of ours")
        });
        let pieces =
            async { tokio::join!(numbers.insert(1, Ok(())), panics, numbers.insert(3, Ok(())),) };
        let (one, two, three) = numbers.at_once(pieces).await;
        assert_eq!((one.unwrap(), three.unwrap()), (1, 3));
        assert!(matches!(two, Err(StoreError::Unavailable(_))), "{two:?}");
        assert_eq!(numbers.all(), [1, 3]);
        assert_eq!(numbers.insert(4, Ok(())).await.unwrap(), 4);
    }

    #[tokio::test]
    async fn whichever_pieces_of_a_commit_fail_the_others_stay() {
        for (len, fails) in (1..=4).flat_map(|len| (0..1_u32 << len).map(move |f| (len, f))) {
            let numbers = Arc::new(Numbers::new());
            let pieces = async {
                let mut pieces = tokio::task::JoinSet::new();
                for n in 0..len {
                    let then = match fails >> n & 1 {
                        0 => Ok(()),
                        _ => Err(StoreError::Conflict),
                    };
                    let numbers = Arc::clone(&numbers);
                    pieces.spawn(async move { numbers.insert(n, then).await });
                }
                pieces.join_all().await
            };
            let done = numbers.at_once(pieces).await;
            let mut good: Vec<_> = done.into_iter().filter_map(Result::ok).collect();
            good.sort_unstable();
            let expected: Vec<_> = (0..len).filter(|n| fails >> n & 1 == 0).collect();
            assert_eq!(good, expected, "{len} {fails:b}");
            assert_eq!(numbers.all(), expected, "{len} {fails:b}");
        }
    }

    #[tokio::test]
    async fn a_transaction_that_sqlite_has_ended_by_itself_is_no_ones_success() {
        let numbers = Numbers::new();
        let pieces = async {
            tokio::join!(
                numbers.insert(1, Ok(())),
                numbers.execute("ROLLBACK"),
                numbers.insert(2, Ok(())),
            )
        };
        let (one, ended, two) = numbers.at_once(pieces).await;
        for told in [one.map(|_| ()), ended, two.map(|_| ())] {
            assert!(matches!(told, Err(StoreError::Unavailable(_))), "{told:?}");
        }
        assert!(numbers.all().is_empty());
        assert_eq!(numbers.insert(3, Ok(())).await.unwrap(), 3);
    }

    #[tokio::test]
    async fn nobody_is_told_that_it_stands_when_the_commit_was_refused() {
        let numbers = Numbers::new();
        let dangling = numbers.execute("INSERT INTO late (n) VALUES (404)");
        let pieces = async { tokio::join!(numbers.insert(1, Ok(())), dangling) };
        let (good, bad) = numbers.at_once(pieces).await;
        assert!(matches!(good, Err(StoreError::Unavailable(_))), "{good:?}");
        assert!(matches!(bad, Err(StoreError::Unavailable(_))), "{bad:?}");
        assert!(numbers.all().is_empty());
        // And it goes on.
        assert_eq!(numbers.insert(2, Ok(())).await.unwrap(), 2);
        assert_eq!(numbers.all(), [2]);
    }
}
