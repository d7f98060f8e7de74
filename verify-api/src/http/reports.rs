//! Where a phone provider tells what became of a message.

use std::sync::Arc;

use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse as _, Response};

use super::Web;
use super::input::Body;
use super::problem::JsonProblem;
use crate::app::{Failure, ReportError};

pub(super) async fn twilio(
    State(web): State<Arc<Web>>,
    Path(job): Path<String>,
    headers: HeaderMap,
    Body(form): Body,
) -> Response {
    let signature = headers.get("x-twilio-signature");
    let signature = signature.and_then(|value| value.to_str().ok());
    let signature = signature.unwrap_or_default();
    match web.app.take_twilio_report(&job, signature, &form).await {
        Ok(()) => StatusCode::NO_CONTENT.into_response(),
        Err(ReportError::Forged) => StatusCode::FORBIDDEN.into_response(),
        Err(ReportError::Store(error)) => JsonProblem(Failure::unavailable(&error)).into_response(),
    }
}
