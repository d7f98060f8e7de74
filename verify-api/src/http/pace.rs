//! No answer about a flow leaves sooner than a moment after its request.
//!
//! What a request leaves to the worker slows down what is asked next: there is a
//! message to write for somebody who is known, and none for a stranger. Sent one
//! after another, requests would tell the two apart by the clock (OWASP ASVS 5.0,
//! 6.3.8). Kept back, an answer that is ready after two milliseconds and one that is
//! ready after five leave at the same moment, which nobody notices who reads.

use std::sync::Arc;

use axum::extract::{Request, State};
use axum::http::StatusCode;
use axum::middleware::Next;
use axum::response::Response;
use protocol::paths;
use tokio::time::{Instant, sleep_until};

use super::Web;

/// Keeps an answer back until its moment has come. That the house is full is told
/// at once.
pub(super) async fn keep(State(web): State<Arc<Web>>, request: Request, next: Next) -> Response {
    let path = request.uri().path();
    if !path.starts_with(paths::FLOW) && !path.starts_with(paths::PLAIN) {
        return next.run(request).await;
    }
    let moment = Instant::now() + web.answer_after;
    let answer = next.run(request).await;
    if answer.status() != StatusCode::SERVICE_UNAVAILABLE {
        sleep_until(moment).await;
    }
    answer
}
