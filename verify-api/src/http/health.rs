//! What a load balancer asks, and what a monitoring system collects.

use std::sync::Arc;

use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use jiff::SignedDuration;

use super::Web;
use crate::store::StoreError;

/// A message that nobody has tried for so long after it was due says that the
/// outbox stands still. What a mail server puts off does not: that is between it and
/// one address, and no reason to take a server from the others.
const MAX_OUTBOX_DELAY: SignedDuration = SignedDuration::from_mins(10);

/// The process answers.
pub(super) async fn healthz() -> &'static str {
    "ok\n"
}

/// Everything that is counted, in the text format of Prometheus.
pub(super) async fn metrics(State(web): State<Arc<Web>>) -> Response {
    const TEXT: &str = "application/openmetrics-text; version=1.0.0; charset=utf-8";
    match web.app.levels().await {
        Ok(levels) => {
            let text = web.app.metrics.text(&levels);
            ([(header::CONTENT_TYPE, TEXT)], text).into_response()
        }
        Err(error) => unready(&error).into_response(),
    }
}

/// The database answers and has its tables, and messages are tried when they are due.
pub(super) async fn readyz(State(web): State<Arc<Web>>) -> (StatusCode, &'static str) {
    match web.app.store.is_migrated().await {
        Ok(true) => {}
        Ok(false) => {
            return (
                StatusCode::SERVICE_UNAVAILABLE,
                "the database is of an older version; run `verify-api migrate`\n",
            );
        }
        Err(error) => return unready(&error),
    }
    match web.app.outbox_delay().await {
        Ok(delay) if delay > MAX_OUTBOX_DELAY => (
            StatusCode::SERVICE_UNAVAILABLE,
            "messages that are due are not being tried\n",
        ),
        Ok(_) => (StatusCode::OK, "ready\n"),
        Err(error) => unready(&error),
    }
}

fn unready(error: &StoreError) -> (StatusCode, &'static str) {
    tracing::error!(%error, "not ready");
    (
        StatusCode::SERVICE_UNAVAILABLE,
        "the database does not answer\n",
    )
}
