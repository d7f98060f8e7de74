//! Reading requests without trusting them: bodies of a bounded size, queries
//! that may be any bytes.

use std::sync::Arc;

use axum::body::Bytes;
use axum::extract::rejection::BytesRejection;
use axum::extract::{FromRequest, Request, State};
use axum::http::{StatusCode, header};
use axum::middleware::Next;
use axum::response::Response;
use protocol::ProblemCode;

use super::problem::{self, JsonProblem};
use super::{MAX_BODY, Web};

/// The body of a JSON call.
pub(super) struct Body(pub(super) Bytes);

impl<S: Send + Sync> FromRequest<S> for Body {
    type Rejection = JsonProblem;

    async fn from_request(request: Request, state: &S) -> Result<Self, Self::Rejection> {
        match Bytes::from_request(request, state).await {
            Ok(bytes) => Ok(Self(bytes)),
            Err(rejection) => Err(JsonProblem(why(&rejection).into())),
        }
    }
}

/// Turns away a body that says how large it is before any of it is sent, so that
/// the answer reaches whoever sends it.
pub(super) async fn refuse_large(
    State(web): State<Arc<Web>>,
    request: Request,
    next: Next,
) -> Response {
    let length = request.headers().get(header::CONTENT_LENGTH);
    let length = length.and_then(|length| length.to_str().ok()?.parse::<usize>().ok());
    if length.is_some_and(|length| length > MAX_BODY) {
        return problem::answer(&web, request.uri().path(), ProblemCode::TooLarge.into());
    }
    next.run(request).await
}

/// What a body that could not be read is told as.
pub(super) fn why(rejection: &BytesRejection) -> ProblemCode {
    if rejection.status() == StatusCode::PAYLOAD_TOO_LARGE {
        ProblemCode::TooLarge
    } else {
        ProblemCode::BadRequest
    }
}

/// The first value of `name` in a query; empty when there is none. Bytes that
/// are no text become replacement characters: a broken link still opens a page.
pub(super) fn query_value(query: Option<&str>, name: &str) -> String {
    form_urlencoded::parse(query.unwrap_or_default().as_bytes())
        .find(|(key, _)| key == name)
        .map(|(_, value)| value.into_owned())
        .unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::query_value;

    #[test]
    fn a_broken_query_is_read_as_far_as_it_goes() {
        assert_eq!(query_value(Some("a=1&token=x%20y&token=z"), "token"), "x y");
        assert_eq!(query_value(Some("token=%FF"), "token"), "\u{FFFD}");
        assert_eq!(query_value(None, "token"), "");
    }
}
