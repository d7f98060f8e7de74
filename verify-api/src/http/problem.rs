//! Problems as JSON answers (RFC 9457).

use std::any::Any;

use axum::http::header::{self, HeaderValue};
use axum::http::{HeaderMap, Method, StatusCode, Uri};
use axum::response::{IntoResponse, Response};
use protocol::{Problem, ProblemCode};

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
pub(super) async fn method_not_allowed(method: Method, uri: Uri) -> Response {
    tracing::debug!(%method, path = uri.path(), "method not allowed");
    JsonProblem(ProblemCode::MethodNotAllowed.into()).into_response()
}

/// A handler panicked: a fault of ours, told as such, and the server goes on.
#[expect(
    clippy::needless_pass_by_value,
    reason = "the signature that the layer calls"
)]
pub(super) fn panicked(cause: Box<dyn Any + Send + 'static>) -> Response {
    let cause = cause
        .downcast_ref::<String>()
        .map(String::as_str)
        .or_else(|| cause.downcast_ref::<&str>().copied())
        .unwrap_or("unknown");
    JsonProblem(Failure::unavailable(&format!(
        "a handler panicked: {cause}"
    )))
    .into_response()
}
