//! What pages of other sites may ask: the flows that need no session, and the widget's
//! files, for the origins that the operator has named (the CORS protocol of Fetch).
//!
//! A bearer token decides about a flow, so no cookie is ever asked for or let in
//! (`Access-Control-Allow-Credentials` is never sent). It must not know what a flow is;
//! that nobody signs in from another site is kept in `json.rs`.

use std::time::Duration;

use axum::extract::{Request, State};
use axum::http::header::{self, HeaderValue};
use axum::http::{HeaderName, Method};
use axum::middleware::Next;
use axum::response::Response;
use protocol::paths;
use tower::{Layer as _, ServiceExt as _};
use tower_http::cors::CorsLayer;

/// The calls of a flow. Everything else that answers JSON is for programs.
const CALLS: [&str; 6] = [
    paths::FLOWS,
    paths::FLOW,
    paths::ANSWERS,
    paths::RESEND,
    paths::BACK,
    paths::EXTEND,
];

/// Where the widget's files are, below the site.
const FILES: &str = "/widget/";

/// How long a browser need not ask again: as long as a flow waits for its patient.
const MAX_AGE: Duration = Duration::from_hours(1);

const ORIGIN: HeaderValue = HeaderValue::from_static("origin");

/// An answer differs by who asks and by nothing else: headers and method of a preflight
/// are the same for all.
const VARY: [HeaderName; 1] = [header::ORIGIN];

/// What is told to these origins; nothing where there are none.
pub(super) fn layer(origins: &[String]) -> Option<CorsLayer> {
    // A configuration holds nothing but what a header can.
    let origins = origins
        .iter()
        .filter_map(|it| HeaderValue::from_str(it).ok());
    let origins: Vec<_> = origins.collect();
    (!origins.is_empty()).then(|| {
        CorsLayer::new()
            .allow_origin(origins)
            .allow_methods([Method::GET, Method::POST])
            .allow_headers([header::AUTHORIZATION, header::CONTENT_TYPE])
            .expose_headers([header::RETRY_AFTER])
            .max_age(MAX_AGE)
            .vary(VARY)
    })
}

/// Answers what a browser asks before a call from another origin, and says of each answer
/// whether that origin may read it. Around the gate and all faults: whoever is told to
/// come again must be able to read so.
pub(super) async fn share(
    State(cors): State<Option<CorsLayer>>,
    request: Request,
    next: Next,
) -> Response {
    if let Some(cors) = cors.filter(|_| is_shared(request.uri().path())) {
        return match cors.layer(next).oneshot(request).await {
            Ok(response) => response,
            Err(never) => match never {},
        };
    }
    let is_kept = request.uri().path().starts_with(FILES);
    let mut response = next.run(request).await;
    if is_kept {
        // For a year: whoever keeps it must not give it to a site that is listed later.
        response.headers_mut().append(header::VARY, ORIGIN);
    }
    response
}

fn is_shared(path: &str) -> bool {
    CALLS.contains(&path) || path.starts_with(FILES)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn flows_and_the_widgets_files_are_shared_and_nothing_beside_them() {
        for path in CALLS.into_iter().chain(["/widget/verify-widget.js"]) {
            assert!(is_shared(path), "{path}");
        }
        for path in [
            "/",
            "/widget",
            "/es/widget/verify-widget.js",
            "/css/main.css",
            "/account",
            "/flows/enrollment",
            "/api/v1/flows/",
            "/api/v1/flow/other",
            paths::CONNECTIONS,
            paths::WITHDRAWAL,
            paths::OPENAPI,
            "/healthz",
        ] {
            assert!(!is_shared(path), "{path}");
        }
    }
}
