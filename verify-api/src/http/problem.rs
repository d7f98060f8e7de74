//! Problems as answers: JSON (RFC 9457) for programs, a page for people.

use std::any::Any;
use std::sync::Arc;

use axum::extract::{Request, State};
use axum::http::header::{self, HeaderValue};
use axum::http::{HeaderMap, StatusCode, Uri};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use protocol::{Problem, ProblemCode, form, messages, paths};

use super::Web;
use super::language::Language;
use crate::app::Failure;

/// A failure as a JSON answer.
pub(super) struct JsonProblem(pub(super) Failure);

impl IntoResponse for JsonProblem {
    fn into_response(self) -> Response {
        let problem = told(self.0);
        let body = serde_json::to_vec(&problem).unwrap_or_default();
        let mut response = (
            status(&problem),
            [(header::CONTENT_TYPE, "application/problem+json")],
            body,
        )
            .into_response();
        set_retry_after(response.headers_mut(), &problem);
        if response.status() == StatusCode::UNAUTHORIZED {
            // RFC 9110 §15.5.2 asks for it.
            let scheme = HeaderValue::from_static("Bearer");
            (response.headers_mut()).insert(header::WWW_AUTHENTICATE, scheme);
        }
        response
    }
}

/// Logs the cause and leaves what the person is told.
pub(super) fn told(failure: Failure) -> Problem {
    if let Some(cause) = failure.cause {
        tracing::error!(code = failure.problem.code.as_str(), cause, "failed");
    }
    failure.problem
}

pub(super) fn status(problem: &Problem) -> StatusCode {
    StatusCode::from_u16(problem.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR)
}

pub(super) fn set_retry_after(headers: &mut HeaderMap, problem: &Problem) {
    if let Some(seconds) = problem.retry_after {
        headers.insert(header::RETRY_AFTER, HeaderValue::from(seconds));
    }
}

/// The answer to a known address with a method that it does not take.
pub(super) async fn method_not_allowed(State(web): State<Arc<Web>>, uri: Uri) -> Response {
    answer(&web, &uri, ProblemCode::MethodNotAllowed.into())
}

/// A failure for programs below `/api/`, and for people everywhere else.
pub(super) fn answer(web: &Web, uri: &Uri, failure: Failure) -> Response {
    if uri.path().starts_with("/api/") {
        return JsonProblem(failure).into_response();
    }
    let problem = told(failure);
    let (locale, _) = paths::language(uri.path());
    let language = Language::alone(locale);
    let words = messages::catalog(locale);
    let title = words.text("title.error");
    let home = paths::in_language(locale, "/");
    let main = form::dead_end(&problem, title, &home, &words);
    let mut response = (web.shell).page(status(&problem), &language, title, &main);
    set_retry_after(response.headers_mut(), &problem);
    response
}

/// Replaces an answer that has no body of ours: a time that ran out, or a panic.
pub(super) async fn explain(State(web): State<Arc<Web>>, request: Request, next: Next) -> Response {
    let uri = request.uri().clone();
    let response = next.run(request).await;
    let is_bare = !response.headers().contains_key(header::CONTENT_TYPE);
    if response.status() == StatusCode::SERVICE_UNAVAILABLE && is_bare {
        return answer(&web, &uri, Failure::unavailable(&"a request was cut off"));
    }
    response
}

/// A handler panicked: a fault of ours; the server goes on, and [`explain`] tells the
/// person. Whoever set a hook for panics has logged where; what the panic says may
/// quote what was typed.
pub(super) fn panicked(_words: Box<dyn Any + Send + 'static>) -> Response {
    tracing::error!("a handler panicked");
    StatusCode::SERVICE_UNAVAILABLE.into_response()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_panic_is_left_for_the_explanation() {
        let response = panicked(Box::new("boom"));
        assert_eq!(response.status(), StatusCode::SERVICE_UNAVAILABLE);
        assert!(!response.headers().contains_key(header::CONTENT_TYPE));
    }
}
