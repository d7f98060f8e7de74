//! What the systems of practices ask for: that a patient is invited as a connection, and that
//! this is taken back.
//!
//! A key says which provider asks. The answer is the same whoever the number is of: a key is not
//! to tell its holder who is a patient, or has an account. So nothing is looked up here.

use std::sync::Arc;

use axum::extract::{FromRequestParts, State};
use axum::http::request::Parts;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use protocol::ProblemCode;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::Web;
use super::input::Body;
use super::json::{bearer, read};
use super::problem::JsonProblem;
use crate::app::{Failure, KeyHolder};
use crate::provider::Wish;

/// The longest record number that is taken, in bytes.
const LONGEST_NUMBER: usize = 128;

type Answer = Result<Response, JsonProblem>;

/// Which patient it is about. Nothing else is taken, so that nothing else of a patient travels.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = PatientNumber)]
pub(super) struct PatientBody {
    /// The medical record number, as the clinic's own system writes it.
    #[schema(min_length = 1, max_length = 128, example = "WS-1001")]
    patient: String,
}

/// That it was taken down. It says nothing of whether the patient is there.
#[derive(Serialize, ToSchema)]
#[schema(as = TakenDown)]
pub(super) struct TakenDown {
    /// Always `accepted`.
    #[schema(pattern = "^accepted$")]
    status: &'static str,
}

pub(super) async fn invite(
    State(web): State<Arc<Web>>,
    Key(holder): Key,
    headers: HeaderMap,
    Body(body): Body,
) -> Answer {
    ask(&web, holder, &headers, &body, Wish::Invite).await
}

pub(super) async fn withdraw(
    State(web): State<Arc<Web>>,
    Key(holder): Key,
    headers: HeaderMap,
    Body(body): Body,
) -> Answer {
    ask(&web, holder, &headers, &body, Wish::Withdraw).await
}

async fn ask(web: &Web, holder: KeyHolder, headers: &HeaderMap, body: &[u8], wish: Wish) -> Answer {
    let PatientBody { patient } = read(headers, body)?;
    let number = patient.trim();
    if number.is_empty() || number.len() > LONGEST_NUMBER {
        return Err(JsonProblem(ProblemCode::BadRequest.into()));
    }
    let asked = web.app.ask_as_provider(holder, number, wish).await;
    asked.map_err(JsonProblem)?;
    let status = "accepted";
    let body = serde_json::to_vec(&TakenDown { status });
    let body = body.map_err(|error| JsonProblem(Failure::unavailable(&error)))?;
    let kind = [(header::CONTENT_TYPE, "application/json")];
    Ok((StatusCode::ACCEPTED, kind, body).into_response())
}

/// Who holds the key that comes with a request. It is looked at before anything else, so that
/// whoever has none learns nothing more.
pub(super) struct Key(KeyHolder);

impl FromRequestParts<Arc<Web>> for Key {
    type Rejection = JsonProblem;

    async fn from_request_parts(parts: &mut Parts, web: &Arc<Web>) -> Result<Self, JsonProblem> {
        let key = bearer(&parts.headers);
        let found = web.app.key_holder(key.as_ref()).await;
        let holder = found.map_err(JsonProblem)?;
        let unknown = || JsonProblem(ProblemCode::WrongKey.into());
        holder.map(Self).ok_or_else(unknown)
    }
}
