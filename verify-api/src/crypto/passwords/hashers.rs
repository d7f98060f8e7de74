//! The threads that hash, each in memory of its own, and the queue before them.
//!
//! They are as many as hashes may run at once. A thread takes the next piece of work itself, without a
//! way back through the server's own threads, and into the memory that it has at hand. This must not
//! know what is hashed.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::thread;

use crossbeam_channel::{Receiver, Sender};
use tokio::sync::{OwnedSemaphorePermit, Semaphore, oneshot};

use super::Overloaded;
use super::memory::Memory;

type Job = Box<dyn FnOnce(&mut Memory) + Send>;

/// A place in the queue, held from before the work to its end.
pub struct Place {
    _held: OwnedSemaphorePermit,
}

/// A bounded number of threads, and of places to wait for one. The threads end with it,
/// after the work that waits.
pub(super) struct Hashers {
    threads: usize,
    waiting: usize,
    /// What may run or wait.
    places: Arc<Semaphore>,
    queue: Sender<Job>,
}

impl Hashers {
    /// At most `threads` pieces of work run at once (at least one) and `waiting` wait.
    ///
    /// # Errors
    /// When the system has no more threads.
    pub(super) fn start(threads: usize, waiting: usize) -> std::io::Result<Self> {
        let threads = threads.clamp(1, Semaphore::MAX_PERMITS / 2);
        let waiting = waiting.min(Semaphore::MAX_PERMITS / 2);
        let (queue, jobs) = crossbeam_channel::unbounded();
        for _ in 0..threads {
            let jobs = jobs.clone();
            thread::Builder::new()
                .name("hasher".to_owned())
                .spawn(move || work_off(&jobs, &mut Memory::default()))?;
        }
        Ok(Self {
            threads,
            waiting,
            places: Arc::new(Semaphore::new(threads + waiting)),
            queue,
        })
    }

    /// How many run now, and how many run or wait.
    pub(super) fn load(&self) -> (usize, usize) {
        let places = self.threads + self.waiting - self.places.available_permits();
        (places.min(self.threads), places)
    }

    /// Takes a place for work that comes.
    ///
    /// # Errors
    /// [`Overloaded`] at once when the queue is full.
    pub(super) fn place(&self) -> Result<Place, Overloaded> {
        let place = Arc::clone(&self.places).try_acquire_owned();
        place
            .map(|held| Place { _held: held })
            .map_err(|_| Overloaded)
    }

    /// Waits for a thread and does `work` on it. Work that has begun goes on when nobody waits
    /// for it any more, and keeps its place until then; work that has not begun is left out.
    ///
    /// # Errors
    /// [`Overloaded`] when the work does not end.
    pub(super) async fn run<T: Send + 'static>(
        &self,
        place: Place,
        work: impl FnOnce(&mut Memory) -> T + Send + 'static,
    ) -> Result<T, Overloaded> {
        let (tell, told) = oneshot::channel();
        let job = move |memory: &mut Memory| {
            if tell.is_closed() {
                return;
            }
            let done = work(memory);
            // Whoever is told finds the place free.
            drop(place);
            let _ = tell.send(done);
        };
        let queued = self.queue.send(Box::new(job));
        queued.map_err(|_| Overloaded)?;
        told.await.map_err(|_| {
            tracing::error!("a hash did not end");
            Overloaded
        })
    }
}

/// Does all work that comes, one piece after the other.
fn work_off(jobs: &Receiver<Job>, memory: &mut Memory) {
    while let Some(job) = next(jobs, memory) {
        // A panic fails nothing but its own work: whoever waits for it is told.
        let _ = catch_unwind(AssertUnwindSafe(|| job(memory)));
    }
}

/// The next piece of work; nothing when there will be none. The memory is wiped unless the next hash
/// is there to fill it.
fn next(jobs: &Receiver<Job>, memory: &mut Memory) -> Option<Job> {
    if let Ok(job) = jobs.try_recv() {
        return Some(job);
    }
    memory.wipe();
    jobs.recv().ok()
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicUsize, Ordering};
    use std::sync::mpsc;

    use tokio::task::JoinHandle;

    use super::*;

    fn hashers(threads: usize, waiting: usize) -> Arc<Hashers> {
        Arc::new(Hashers::start(threads, waiting).unwrap())
    }

    async fn run<T: Send + 'static>(
        hashers: &Hashers,
        work: impl FnOnce(&mut Memory) -> T + Send + 'static,
    ) -> Result<T, Overloaded> {
        hashers.run(hashers.place()?, work).await
    }

    /// Work that has begun, and goes on until it is let go.
    fn begun(hashers: &Arc<Hashers>) -> (JoinHandle<Result<(), Overloaded>>, mpsc::Sender<()>) {
        let (begins, has_begun) = mpsc::channel();
        let (let_go, go) = mpsc::channel();
        let work = move |_: &mut Memory| {
            begins.send(()).unwrap();
            // An error means that the test has dropped its end, which lets go too.
            let _ = go.recv();
        };
        let hashers = Arc::clone(hashers);
        let running = tokio::spawn(async move { run(&hashers, work).await });
        has_begun.recv().unwrap();
        (running, let_go)
    }

    /// What `future` gives when it is looked at once; nothing when it has to wait.
    async fn at_once<T>(future: impl Future<Output = T>) -> Option<T> {
        tokio::select! {
            biased;
            result = future => Some(result),
            () = std::future::ready(()) => None,
        }
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn no_more_run_than_there_are_permits() {
        let hashers = hashers(2, 100);
        let (now, most) = (Arc::new(AtomicUsize::new(0)), Arc::new(AtomicUsize::new(0)));
        let tasks: Vec<_> = (0..24)
            .map(|_| {
                let (hashers, now, most) = (hashers.clone(), now.clone(), most.clone());
                tokio::spawn(async move {
                    let work = move |_: &mut Memory| {
                        most.fetch_max(now.fetch_add(1, Ordering::SeqCst) + 1, Ordering::SeqCst);
                        thread::yield_now();
                        now.fetch_sub(1, Ordering::SeqCst);
                    };
                    run(&hashers, work).await
                })
            })
            .collect();
        for task in tasks {
            assert_eq!(task.await.unwrap(), Ok(()));
        }
        assert!((1..=2).contains(&most.load(Ordering::SeqCst)));
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn whoever_finds_the_queue_full_is_told_at_once() {
        let hashers = hashers(1, 1);
        let (running, let_go) = begun(&hashers);
        let mut waiting = Box::pin(run(&hashers, |_| ()));
        assert_eq!(at_once(&mut waiting).await, None);
        assert_eq!(at_once(run(&hashers, |_| ())).await, Some(Err(Overloaded)));
        let_go.send(()).unwrap();
        assert_eq!(waiting.await, Ok(()));
        assert_eq!(running.await.unwrap(), Ok(()));
        assert_eq!(run(&hashers, |_| ()).await, Ok(()));
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn hanging_up_gives_no_permit_back_before_the_hash_has_ended() {
        let hashers = hashers(1, 0);
        let (client, let_go) = begun(&hashers);
        client.abort();
        assert!(client.await.unwrap_err().is_cancelled());
        assert_eq!(at_once(run(&hashers, |_| ())).await, Some(Err(Overloaded)));
        assert_eq!(hashers.load(), (1, 1));

        let_go.send(()).unwrap();
        // The place comes back when the thread is through; this waits for it.
        let _place = hashers.places.clone().acquire_owned().await.unwrap();
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn what_nobody_waits_for_any_more_is_not_begun() {
        let hashers = hashers(1, 1);
        let (running, let_go) = begun(&hashers);
        let began = Arc::new(AtomicUsize::new(0));
        let count = began.clone();
        let mut waiting = Box::pin(run(&hashers, move |_| count.fetch_add(1, Ordering::SeqCst)));
        assert_eq!(at_once(&mut waiting).await, None);
        drop(waiting);
        let_go.send(()).unwrap();
        assert_eq!(running.await.unwrap(), Ok(()));
        let _both = hashers.places.clone().acquire_many_owned(2).await.unwrap();
        assert_eq!(began.load(Ordering::SeqCst), 0);
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn a_panic_fails_its_own_work_alone() {
        let hashers = hashers(1, 1);
        let failed = run(&hashers, |_| panic!("no luck")).await;
        assert_eq!(failed, Err::<(), _>(Overloaded));
        assert_eq!(run(&hashers, |_| ()).await, Ok(()));
        assert_eq!(hashers.load(), (0, 0));
    }

    fn fill(memory: &mut Memory) {
        for block in memory.blocks(4).unwrap() {
            block.as_mut().fill(7);
        }
    }

    #[test]
    fn memory_that_nobody_is_about_to_fill_is_wiped() {
        let (queue, jobs) = crossbeam_channel::unbounded::<Job>();
        let mut memory = Memory::default();
        fill(&mut memory);
        queue.send(Box::new(fill)).unwrap();
        let _next = next(&jobs, &mut memory);
        assert!(!memory.holds_nothing());

        drop(queue);
        assert!(next(&jobs, &mut memory).is_none());
        assert!(memory.holds_nothing());
    }

    #[test]
    fn a_hash_that_panics_leaves_nothing_either() {
        let (queue, jobs) = crossbeam_channel::unbounded::<Job>();
        let mut memory = Memory::default();
        let panics = |memory: &mut Memory| {
            fill(memory);
            panic!("no luck");
        };
        queue.send(Box::new(panics)).unwrap();
        drop(queue);
        work_off(&jobs, &mut memory);
        assert_eq!(memory.blocks(4).unwrap().len(), 4);
        assert!(memory.holds_nothing());
    }
}
