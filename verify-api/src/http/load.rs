//! No more requests at once than can be answered in good time.
//!
//! Requests come here whole, so one that trickles in takes nobody's place.

use std::sync::Arc;

use axum::extract::{Request, State};
use axum::middleware::Next;
use axum::response::Response;
use protocol::{Problem, ProblemCode};
use tokio::sync::Semaphore;

use super::{HEALTHZ, Web, problem};

/// When to ask again, in seconds: a full house is answered in less.
const RETRY_AFTER: u32 = 2;

/// The way to the handlers.
#[derive(Clone)]
pub(super) struct Gate {
    web: Arc<Web>,
    places: Arc<Semaphore>,
}

impl Gate {
    pub(super) fn new(web: &Arc<Web>) -> Self {
        let places = web.load.requests.min(Semaphore::MAX_PERMITS);
        Self {
            web: Arc::clone(web),
            places: Arc::new(Semaphore::new(places)),
        }
    }
}

/// Lets a request in, or tells it at once to come again. That the process lives
/// can be asked of a full house too.
pub(super) async fn admit(State(gate): State<Gate>, request: Request, next: Next) -> Response {
    if request.uri().path() == HEALTHZ {
        return next.run(request).await;
    }
    let Ok(_place) = gate.places.try_acquire() else {
        let problem = Problem {
            retry_after: Some(RETRY_AFTER),
            ..Problem::new(ProblemCode::Unavailable)
        };
        return problem::answer(&gate.web, request.uri(), problem.into());
    };
    next.run(request).await
}
