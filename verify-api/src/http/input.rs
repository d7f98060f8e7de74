//! Reading requests without trusting them: bodies of a bounded size, queries
//! that may be any bytes.

use axum::body::Bytes;
use axum::extract::rejection::BytesRejection;
use axum::extract::{FromRequest, Request};
use axum::http::StatusCode;
use protocol::ProblemCode;

use super::problem::JsonProblem;

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
