//! Connections: how many there are, how long each may take, and who has to go
//! when there are too many.
//!
//! A connection is only kept for sure while a request that has come whole is
//! being answered and its answer is taken. Every other one, idle or with a request
//! that trickles in, is closed when its place is needed, the oldest first; after
//! those, whoever has taken nothing of an answer for ten seconds. So neither idle
//! connections nor slow senders nor readers who do not read can keep anybody out.
//! If all of them are being answered, a newcomer is told so (503 with
//! `Retry-After`) instead of waiting unanswered. However crowded it is, an answer
//! has its time: a minute, and a second for each kilobyte that was taken.
//!
//! It must not know what a request means.

mod connection;
mod crowd;
mod pulse;
mod refusal;

#[cfg(test)]
mod tests;

use std::future::Future;
use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::http::HeaderMap;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;
use tokio::task::JoinSet;
use tokio::time::{sleep, timeout};

use crate::config::Load;
use crate::metrics::Metrics;
use connection::Connection;
use crowd::Crowd;
use refusal::Refusals;

/// How long to wait when the system has no more to give, such as open files.
const AFTER_FAULT: Duration = Duration::from_millis(100);

/// What is added to the longest request before those that are left at the end
/// are given up: time to write an answer.
const GOING_HOME: Duration = Duration::from_secs(5);

/// What is offered on a listener, and to how many.
pub(super) struct House {
    /// Answers what was asked.
    pub(super) router: Router,
    /// How much is taken on at once.
    pub(super) load: Load,
    /// What every answer carries that does not come from the router.
    pub(super) headers: HeaderMap,
    /// Counts who comes.
    pub(super) metrics: Arc<Metrics>,
}

/// Answers on `listener` until `shutdown` is ready; then takes
/// nobody new, lets go of who has asked nothing, and answers the others.
pub(super) async fn serve(
    listener: TcpListener,
    house: House,
    shutdown: impl Future<Output = ()> + Send + 'static,
) {
    let House {
        router,
        load,
        headers,
        metrics,
    } = house;
    let crowd = Arc::new(Crowd::new(load.connections, Arc::clone(&metrics)));
    let refusals = Refusals::with(&headers);
    let headers = Arc::new(headers);
    let (leave, leaving) = watch::channel(false);
    let mut connections = JoinSet::new();
    tokio::pin!(shutdown);
    loop {
        let (stream, peer) = tokio::select! {
            () = &mut shutdown => break,
            Some(_) = connections.join_next() => continue,
            accepted = accept(&listener, &crowd) => accepted,
        };
        let Some(place) = Arc::clone(&crowd).enter() else {
            metrics.connection("refused");
            let full = refusals.refuse(stream);
            tokio::select! {
                () = &mut shutdown => break,
                () = full => continue,
            }
        };
        let connection = Connection {
            router: router.clone(),
            headers: Arc::clone(&headers),
            load,
            place,
            peer,
            leaving: leaving.clone(),
        };
        connections.spawn(connection.serve(stream));
    }
    drop(listener);
    leave.send_replace(true);
    let rest = async { while connections.join_next().await.is_some() {} };
    if timeout(load.request + GOING_HOME, rest).await.is_err() {
        tracing::warn!("connections that did not take their answers were cut off");
    }
}

/// The next connection. A fault of one connection is its own; when the system
/// has no open file left for us, the oldest idle connection gives up its own.
async fn accept(listener: &TcpListener, crowd: &Crowd) -> (TcpStream, SocketAddr) {
    loop {
        match listener.accept().await {
            Ok((stream, peer)) => {
                // Answers are small and whole; waiting to fill a packet only delays them.
                if let Err(error) = stream.set_nodelay(true) {
                    tracing::debug!(%error, "a connection keeps its delay");
                }
                return (stream, peer);
            }
            Err(error) if is_of_one_connection(&error) => {}
            Err(error) => {
                tracing::error!(%error, "no connection can be accepted; trying again");
                crowd.make_room();
                sleep(AFTER_FAULT).await;
            }
        }
    }
}

fn is_of_one_connection(error: &io::Error) -> bool {
    matches!(
        error.kind(),
        io::ErrorKind::ConnectionRefused
            | io::ErrorKind::ConnectionAborted
            | io::ErrorKind::ConnectionReset
    )
}
