//! One server process: a port, and a worker, on a database that others may share.

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use tokio::sync::oneshot;
use tokio::task::JoinHandle;
use verify_api::app::App;
use verify_api::clock::ManualClock;
use verify_api::config::Config;
use verify_api::entropy::OsEntropy;
use verify_api::{Application, Parts};

use crate::{Client, runtime};

/// How long a server may take to go home.
const GOING_HOME: Duration = Duration::from_secs(5);

/// A running server. Stops when it is dropped.
pub struct Server {
    /// Sends requests to it.
    pub client: Client,
    pub(crate) operations: Option<Client>,
    pub(crate) base: String,
    pub(crate) app: Arc<App>,
    stop: Option<oneshot::Sender<()>>,
    task: Option<JoinHandle<()>>,
}

impl Server {
    /// Starts a server with the configuration in `file`.
    pub(crate) fn start(file: &Path, clock: &ManualClock) -> Self {
        let config = Config::load(Some(file), std::iter::empty())
            .unwrap_or_else(|error| panic!("the harness writes a good configuration: {error}"));
        let parts = Parts {
            clock: Arc::new(clock.clone()),
            entropy: Arc::new(OsEntropy),
        };
        let application = runtime()
            .block_on(Application::build(&config, parts))
            .unwrap_or_else(|error| panic!("the server should start: {error}"));
        let base = format!("http://{}", application.address());
        let operations = application.operations_address();
        let operations = operations.map(|address| Client::new(&format!("http://{address}")));
        let app = application.app();
        let (stop, stopped) = oneshot::channel();
        let task = runtime().spawn(async move {
            // A server that is dropped stops as well as one that is told to.
            application.run(async { drop(stopped.await) }).await;
        });
        Self {
            client: Client::new(&base),
            operations,
            base,
            app,
            stop: Some(stop),
            task: Some(task),
        }
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        drop(self.stop.take());
        if let Some(task) = self.task.take() {
            let ended = runtime().block_on(async { tokio::time::timeout(GOING_HOME, task).await });
            if !std::thread::panicking() {
                ended
                    .expect("the server should stop within five seconds of being told to")
                    .expect("the server should not end badly");
            }
        }
    }
}
