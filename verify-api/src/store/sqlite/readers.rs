//! Connections that read.
//!
//! Whoever reads is lent one, on a thread that may wait for the disk. It must not
//! know what is read.

use std::sync::Arc;
use std::time::Duration;

use rusqlite::{Connection, Params};
use tokio::sync::{Mutex, mpsc};
use tokio::time::timeout;

use super::query::{self, Columns};
use crate::store::{Result, StoreError};

/// How long somebody waits for a connection.
const PATIENCE: Duration = Duration::from_secs(5);

/// The way to the connections that read.
#[derive(Clone, Debug)]
pub(super) struct Readers {
    idle: Arc<Mutex<mpsc::UnboundedReceiver<Connection>>>,
    back: mpsc::UnboundedSender<Connection>,
}

impl Readers {
    /// Lends these connections.
    pub(super) fn new(connections: Vec<Connection>) -> Self {
        let (back, idle) = mpsc::unbounded_channel();
        for connection in connections {
            // The other end is below.
            let _ = back.send(connection);
        }
        let idle = Arc::new(Mutex::new(idle));
        Self { idle, back }
    }

    /// Does `work` on one of them.
    ///
    /// # Errors
    /// What the work says; [`StoreError::Unavailable`] when too many others read.
    pub(super) async fn read<T, W>(&self, work: W) -> Result<T>
    where
        T: Send + 'static,
        W: FnOnce(&Connection) -> Result<T> + Send + 'static,
    {
        let idle = async { self.idle.lock().await.recv().await };
        let reader = timeout(PATIENCE, idle).await.ok().flatten();
        let reader =
            reader.ok_or_else(|| StoreError::Unavailable("too many reads wait".to_owned()))?;
        let back = self.back.clone();
        super::blocking(move || {
            let found = super::work(&reader, work);
            // Nobody is there to lend it to any more when this fails.
            let _ = back.send(reader);
            found
        })
        .await
    }

    /// Every row that a statement finds.
    ///
    /// # Errors
    /// As [`Self::read`].
    pub(super) async fn all<T: Columns + Send + 'static>(
        &self,
        sql: impl AsRef<str> + Send + 'static,
        with: impl Params + Send + 'static,
    ) -> Result<Vec<T>> {
        self.read(move |on| Ok(query::all(on, sql.as_ref(), with)?))
            .await
    }

    /// The row of a statement that finds one at most.
    ///
    /// # Errors
    /// As [`Self::read`].
    pub(super) async fn optional<T: Columns + Send + 'static>(
        &self,
        sql: impl AsRef<str> + Send + 'static,
        with: impl Params + Send + 'static,
    ) -> Result<Option<T>> {
        self.read(move |on| Ok(query::optional(on, sql.as_ref(), with)?))
            .await
    }

    /// The row of a statement that always finds one.
    ///
    /// # Errors
    /// As [`Self::read`].
    pub(super) async fn one<T: Columns + Send + 'static>(
        &self,
        sql: impl AsRef<str> + Send + 'static,
        with: impl Params + Send + 'static,
    ) -> Result<T> {
        self.read(move |on| Ok(query::one(on, sql.as_ref(), with)?))
            .await
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn two() -> Readers {
        let open = || Connection::open_in_memory().unwrap();
        Readers::new(vec![open(), open()])
    }

    #[tokio::test]
    async fn a_panic_costs_no_connection() {
        let readers = two();
        for _ in 0..3 {
            let failed = readers.read::<(), _>(|_| panic!("a fault of ours")).await;
            assert!(matches!(failed, Err(StoreError::Unavailable(_))));
        }
        let found: (i64,) = readers.one("SELECT 42", ()).await.unwrap();
        assert_eq!(found, (42,));
    }

    #[tokio::test]
    async fn a_reader_that_nobody_waits_for_any_more_comes_back() {
        let readers = two();
        for _ in 0..3 {
            let (started, begun) = tokio::sync::oneshot::channel();
            let (go_on, held) = std::sync::mpsc::channel::<()>();
            let reading = readers.read(move |_| {
                let _ = started.send(());
                let _ = held.recv();
                Ok(())
            });
            tokio::select! {
                _ = reading => panic!("it was held"),
                begun = begun => begun.unwrap(),
            }
            drop(go_on);
        }
        let found: (i64,) = readers.one("SELECT 42", ()).await.unwrap();
        assert_eq!(found, (42,));
    }

    #[tokio::test(start_paused = true)]
    async fn whoever_finds_no_reader_is_told_so_in_the_end() {
        let readers = Readers::new(Vec::new());
        let told = readers.one::<(i64,)>("SELECT 42", ()).await;
        assert!(matches!(told, Err(StoreError::Unavailable(_))), "{told:?}");
    }
}
