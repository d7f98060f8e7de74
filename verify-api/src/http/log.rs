//! One line and one count a request, without anything a person typed.

use std::sync::Arc;
use std::time::Instant;

use axum::extract::{MatchedPath, Request, State};
use axum::middleware::Next;
use axum::response::Response;

use super::Web;

/// Logs the route, never the URL: tokens and invitations travel in queries.
pub(super) async fn requests(
    State(web): State<Arc<Web>>,
    request: Request,
    next: Next,
) -> Response {
    let method = request.method().clone();
    let route = request
        .extensions()
        .get::<MatchedPath>()
        .map_or_else(|| "static".to_owned(), |path| path.as_str().to_owned());
    let started = Instant::now();
    let response = next.run(request).await;
    let (status, took) = (response.status().as_u16(), started.elapsed());
    tracing::info!(%method, route, status, ms = took.as_millis(), "request");
    web.app.metrics.request(&route, status, took);
    response
}
