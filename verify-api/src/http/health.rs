//! What a load balancer asks.

use std::sync::Arc;

use axum::extract::State;
use axum::http::StatusCode;
use jiff::SignedDuration;

use super::Web;

/// A message that waits longer than this says that delivery does not work.
const MAX_OUTBOX_AGE: SignedDuration = SignedDuration::from_mins(10);

/// The process answers.
pub(super) async fn healthz() -> &'static str {
    "ok\n"
}

/// The database answers, and messages leave.
pub(super) async fn readyz(State(web): State<Arc<Web>>) -> (StatusCode, &'static str) {
    match web.app.outbox_age().await {
        Ok(age) if age > MAX_OUTBOX_AGE => (
            StatusCode::SERVICE_UNAVAILABLE,
            "messages are not being delivered\n",
        ),
        Ok(_) => (StatusCode::OK, "ready\n"),
        Err(error) => {
            tracing::error!(%error, "not ready");
            (
                StatusCode::SERVICE_UNAVAILABLE,
                "the database does not answer\n",
            )
        }
    }
}
