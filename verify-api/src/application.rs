//! From a configuration to a running server.

use std::future::Future;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Arc;

use tokio::net::TcpListener;
use tokio::sync::{Notify, watch};

use crate::account::password::KnownNames;
use crate::app::App;
use crate::app::keys::{self, Locked};
use crate::audit::Chain;
use crate::clock::{Clock, SystemClock};
use crate::config::Config;
use crate::crypto::Passwords;
use crate::entropy::{Entropy, OsEntropy};
use crate::http::{self, Shell, ShellError, Web};
use crate::limits::Limits;
use crate::outbox::Worker;
use crate::outbox::transport;
use crate::store::{self, StoreError};
use crate::sweeper::Sweeper;

/// What a test puts in place of the world.
#[derive(Clone)]
pub struct Parts {
    /// What time it is.
    pub clock: Arc<dyn Clock>,
    /// Where randomness comes from.
    pub entropy: Arc<dyn Entropy>,
}

impl Default for Parts {
    fn default() -> Self {
        Self {
            clock: Arc::new(SystemClock),
            entropy: Arc::new(OsEntropy),
        }
    }
}

/// Why a server could not be started: one sentence with the fix.
#[derive(Debug)]
pub enum StartError {
    /// The database cannot be used.
    Database {
        /// The configured URL, without its password.
        url: String,
        /// What it said.
        cause: StoreError,
    },
    /// The database opens with another key: nothing in it could be read, and
    /// every message that waits in it would be given up.
    Key,
    /// The system has no thread for each password that may be hashed at once.
    Threads(std::io::Error),
    /// The address is in use, or not ours.
    Listen {
        /// The configured address.
        address: SocketAddr,
        /// The key that names it.
        key: &'static str,
        /// What the system said.
        cause: std::io::Error,
    },
    /// The page chrome is missing or broken.
    Shell(ShellError),
    /// Messages cannot be delivered as configured.
    Delivery(String),
}

impl std::fmt::Display for StartError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Database { url, cause } => write!(
                f,
                "The database at {url} cannot be used ({cause}). Check that it is there and lets you write, or change `database.url`."
            ),
            Self::Key => f.write_str(
                "The key in `secrets.key` is not the one that opens this database. Set the right key (after `keys rewrap`, the one from `secrets.new_key`), or name another `database.url`.",
            ),
            Self::Threads(cause) => write!(
                f,
                "The system has no threads to hash passwords on ({cause}). Set a smaller `hashing.permits`, or allow this user more."
            ),
            Self::Listen {
                address,
                key,
                cause,
            } => write!(
                f,
                "The server cannot listen on {address} ({cause}). Stop what uses it, or change `{key}`."
            ),
            Self::Shell(cause) => cause.fmt(f),
            Self::Delivery(cause) => f.write_str(cause),
        }
    }
}

impl std::error::Error for StartError {}

impl From<ShellError> for StartError {
    fn from(error: ShellError) -> Self {
        Self::Shell(error)
    }
}

/// Opens the use cases alone, with their database brought up to date: for the
/// shell, which needs no server.
///
/// # Errors
/// [`StartError::Database`].
pub async fn open(config: &Config, parts: Parts) -> Result<Arc<App>, StartError> {
    let database = |cause| StartError::Database {
        url: config.database.url.to_string(),
        cause,
    };
    let url = config.database.url.secret();
    let at_rest = store::connect_sharing(url, config.database.writes_per_commit).await;
    let at_rest = at_rest.map_err(database)?;
    at_rest.migrate().await.map_err(database)?;
    let master = &config.secrets.key;
    let unlocked = keys::unlock(&*at_rest, master, &*parts.entropy, parts.clock.now()).await;
    let keys = Arc::new(unlocked.map_err(|locked| match locked {
        Locked::Master => StartError::Key,
        Locked::Store(cause) => database(cause),
    })?);
    let chain = Chain::new(Arc::clone(&keys));
    let store = at_rest.store(chain);
    keys::keep_up(&keys, &store, master);
    let hashing = &config.hashing;
    let passwords = Passwords::start(&keys, hashing.permits, hashing.waiting);
    Ok(Arc::new(App {
        passwords: passwords.map_err(StartError::Threads)?,
        names: KnownNames::new(config.clinic.names.iter().map(String::as_str)),
        limits: Arc::new(Limits::new(Arc::clone(&keys), config.limits)),
        store,
        keys,
        clock: parts.clock,
        entropy: parts.entropy,
        wake: Arc::new(Notify::new()),
        metrics: Arc::default(),
        base_url: config.http.base_url.clone(),
        reports: transport::reports(config),
        portal_url: config.http.portal_url.clone(),
        sessions: config.sessions,
        desk: config.desk,
    }))
}

/// A server that is about to run.
pub struct Application {
    app: Arc<App>,
    web: Arc<Web>,
    listener: TcpListener,
    address: SocketAddr,
    operations: Option<TcpListener>,
    worker: Worker,
    sweeper: Sweeper,
    stop: watch::Sender<bool>,
}

impl Application {
    /// Opens the database, the site's chrome, the way out for messages, and the
    /// port.
    ///
    /// # Errors
    /// See [`StartError`]; each says what to mend.
    pub async fn build(config: &Config, parts: Parts) -> Result<Self, StartError> {
        let (listener, address) = bind(config.http.listen, "http.listen").await?;
        let operations = match config.operations.listen {
            Some(listen) => Some(bind(listen, "operations.listen").await?.0),
            None => None,
        };
        let shell = Shell::load(config.http.site.as_deref())?;
        let app = open(config, parts).await?;
        let transport = transport::from_config(config).map_err(StartError::Delivery)?;
        let (stop, shutdown) = watch::channel(false);
        let worker = Worker {
            store: app.store.clone(),
            keys: Arc::clone(&app.keys),
            limits: Arc::clone(&app.limits),
            clock: Arc::clone(&app.clock),
            entropy: Arc::clone(&app.entropy),
            transport,
            sending: config.delivery.limits,
            metrics: Arc::clone(&app.metrics),
            base_url: app.base_url.clone(),
            wake: Arc::clone(&app.wake),
            shutdown,
        };
        let web = Arc::new(Web {
            app: Arc::clone(&app),
            shell,
            site: config.http.site.clone(),
            proxies: config.http.trusted_proxies.clone(),
            embed_origins: config.http.embed_origins.clone(),
            inbox: inbox(config),
            load: config.load,
            padding: config.http.padding,
        });
        let sweeper = Sweeper::new(Arc::clone(&app), config.audit.keep_years);
        Ok(Self {
            app,
            web,
            listener,
            address,
            operations,
            worker,
            sweeper,
            stop,
        })
    }

    /// Where the server listens; tells the port when `0` was configured.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Where `/metrics` is, if it is anywhere.
    pub fn operations_address(&self) -> Option<SocketAddr> {
        self.operations.as_ref()?.local_addr().ok()
    }

    /// The use cases behind the server.
    pub fn app(&self) -> Arc<App> {
        Arc::clone(&self.app)
    }

    /// Serves until `shutdown` is ready; then answers what was asked and sends
    /// what was begun.
    pub async fn run(self, shutdown: impl Future<Output = ()> + Send + 'static) {
        let worker = tokio::spawn(self.worker.run());
        let sweeper = tokio::spawn(self.sweeper.run());
        let mut stopped = self.stop.subscribe();
        let watched = self.operations.map(|listener| {
            // Until the last message has left, there is something to watch.
            let stopped = async move { drop(stopped.wait_for(|stopped| *stopped).await) };
            tokio::spawn(http::serve_operations(
                listener,
                Arc::clone(&self.web),
                stopped,
            ))
        });
        http::serve(self.listener, self.web, shutdown).await;
        sweeper.abort();
        // The worker may be gone already; then there is nobody to tell.
        let _ = self.stop.send(true);
        // Not why: the words of a panic may quote what was typed.
        if worker.await.is_err() {
            tracing::error!("the outbox worker ended badly");
        }
        if let Some(watched) = watched
            && watched.await.is_err()
        {
            tracing::error!("the operations listener ended badly");
        }
    }
}

/// The folder that the demo inbox shows: only in the demo, and only if asked for.
fn inbox(config: &Config) -> Option<PathBuf> {
    (config.is_demo() && config.demo.inbox)
        .then(|| config.delivery.directory.clone())
        .flatten()
}

async fn bind(
    address: SocketAddr,
    key: &'static str,
) -> Result<(TcpListener, SocketAddr), StartError> {
    let in_use = |cause| StartError::Listen {
        address,
        key,
        cause,
    };
    let listener = TcpListener::bind(address).await.map_err(in_use)?;
    let bound = listener.local_addr().map_err(in_use)?;
    Ok((listener, bound))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn config(folder: &std::path::Path, key: &str) -> Config {
        let env = [
            ("FRONTDESK_MODE", "demo".to_owned()),
            ("FRONTDESK_SECRETS__KEY", key.repeat(32)),
            (
                "FRONTDESK_DATABASE__URL",
                format!("sqlite://{}", folder.join("x.db").display()),
            ),
        ];
        let env = env.map(|(name, value)| (name.to_owned(), value));
        Config::load(None, env.into_iter()).unwrap()
    }

    #[tokio::test]
    async fn a_database_is_not_opened_with_another_key() {
        let folder = tempfile::tempdir().unwrap();
        for _ in 0..2 {
            let opened = open(&config(folder.path(), "4b"), Parts::default()).await;
            assert!(opened.is_ok());
        }
        let refused = open(&config(folder.path(), "5c"), Parts::default()).await;
        assert!(matches!(refused, Err(StartError::Key)));
    }
}
