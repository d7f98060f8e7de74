//! The JSON host: what the widget and other programs call.

use std::borrow::Cow;
use std::sync::Arc;

use axum::extract::{FromRequestParts, State};
use axum::http::request::Parts;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use protocol::{Answers, Channel, FlowKind, Locale, ProblemCode, StepName, View};
use serde::de::{DeserializeOwned, Error as _};
use serde::{Deserialize, Deserializer};
use utoipa::ToSchema;

use super::caller::Caller;
use super::elsewhere::is_from_elsewhere;
use super::input::Body;
use super::problem::JsonProblem;
use super::{Web, cookies};
use crate::app::{Answered, Failure, Outcome, Token, Visitor};
use crate::limits::Network;

type Answer = Result<Response, JsonProblem>;

/// What begins a flow.
#[derive(Deserialize, ToSchema)]
#[schema(as = Begin)]
pub(super) struct BeginBody {
    /// Which job it is.
    #[serde(deserialize_with = "kind")]
    kind: FlowKind,
    /// The language of messages, a BCP 47 tag. One that we do not have is
    /// answered in English.
    #[serde(default)]
    #[schema(default = "en")]
    locale: String,
}

#[derive(Deserialize)]
struct AnswersBody {
    #[serde(deserialize_with = "step")]
    step: StepName,
    #[serde(default)]
    answers: Answers,
    #[serde(default)]
    locale: Option<String>,
}

/// How another code is to travel.
#[derive(Default, Deserialize, ToSchema)]
#[schema(as = Resend)]
pub(super) struct ResendBody {
    /// As before, unless it is given.
    #[serde(default, deserialize_with = "channel")]
    channel: Option<Channel>,
    /// The language of messages from now on, a BCP 47 tag; as before, unless it is given.
    #[serde(default)]
    locale: Option<String>,
}

fn visitor(web: &Web, network: Network, headers: &HeaderMap, locale: Option<&str>) -> Visitor {
    Visitor {
        network,
        locale: locale.map(Locale::for_tag),
        session: web.session(headers),
    }
}

/// A name, and none of the other ways in which JSON can write an enum for serde.
fn named<'de, D: Deserializer<'de>, T>(
    from: D,
    find: impl FnOnce(&str) -> Option<T>,
) -> Result<T, D::Error> {
    let name = Cow::<str>::deserialize(from)?;
    find(&name).ok_or_else(|| D::Error::custom("no such name"))
}

fn kind<'de, D: Deserializer<'de>>(from: D) -> Result<FlowKind, D::Error> {
    named(from, FlowKind::from_name)
}

fn step<'de, D: Deserializer<'de>>(from: D) -> Result<StepName, D::Error> {
    named(from, StepName::from_name)
}

fn channel<'de, D: Deserializer<'de>>(from: D) -> Result<Option<Channel>, D::Error> {
    let Some(name) = Option::<Cow<str>>::deserialize(from)? else {
        return Ok(None);
    };
    let channel = Channel::from_name(&name);
    channel
        .map(Some)
        .ok_or_else(|| D::Error::custom("no such channel"))
}

pub(super) async fn begin(
    State(web): State<Arc<Web>>,
    Caller(from): Caller,
    headers: HeaderMap,
    Body(body): Body,
) -> Answer {
    let body: BeginBody = read(&headers, &body)?;
    refuse_elsewhere(&web, &headers, body.kind)?;
    let locale = Locale::for_tag(&body.locale);
    let visitor = visitor(&web, from, &headers, None);
    answer(
        StatusCode::CREATED,
        web.app.open(body.kind, locale, visitor).await,
    )
}

pub(super) async fn view(
    State(web): State<Arc<Web>>,
    Bearer(token): Bearer,
    headers: HeaderMap,
) -> Answer {
    let session = web.session(&headers);
    answer(StatusCode::OK, web.app.view(&token, session).await)
}

pub(super) async fn answers(
    State(web): State<Arc<Web>>,
    Bearer(token): Bearer,
    Caller(from): Caller,
    headers: HeaderMap,
    Body(body): Body,
) -> Answer {
    let AnswersBody {
        step,
        answers,
        locale,
    } = read(&headers, &body)?;
    let visitor = visitor(&web, from, &headers, locale.as_deref());
    let answered = web.app.submit(&token, step, &answers, visitor).await;
    let answered = answered.map_err(JsonProblem)?;
    let is_signed_out = answered.is_signed_out();
    let Answered { view, session } = answered;
    let signs_in = session.map(|session| cookies::sign_in(&session, web.is_https()));
    let signs_out = is_signed_out.then(|| cookies::sign_out(web.is_https()));
    let mut response = answer(StatusCode::OK, Ok(view))?;
    if let Some(cookie) = signs_in.or(signs_out) {
        response.headers_mut().append(header::SET_COOKIE, cookie);
    }
    Ok(response)
}

pub(super) async fn resend(
    State(web): State<Arc<Web>>,
    Bearer(token): Bearer,
    Caller(from): Caller,
    headers: HeaderMap,
    Body(body): Body,
) -> Answer {
    let body = if body.is_empty() {
        ResendBody::default()
    } else {
        read(&headers, &body)?
    };
    let visitor = visitor(&web, from, &headers, body.locale.as_deref());
    answer(
        StatusCode::OK,
        web.app.resend(&token, body.channel, visitor).await,
    )
}

pub(super) async fn back(
    State(web): State<Arc<Web>>,
    Bearer(token): Bearer,
    Caller(from): Caller,
    headers: HeaderMap,
) -> Answer {
    let visitor = visitor(&web, from, &headers, None);
    answer(StatusCode::OK, web.app.back(&token, visitor).await)
}

pub(super) async fn extend(
    State(web): State<Arc<Web>>,
    Bearer(token): Bearer,
    headers: HeaderMap,
) -> Answer {
    let session = web.session(&headers);
    answer(StatusCode::OK, web.app.extend(&token, session).await)
}

/// Who signs in, or is signed in, is known by a cookie, and no page of another site can bring
/// one. There the
/// widget steps aside for the plain form, on our own site.
fn refuse_elsewhere(web: &Web, headers: &HeaderMap, kind: FlowKind) -> Result<(), JsonProblem> {
    if kind.needs_cookies() && is_from_elsewhere(headers, &web.app.base_url) {
        return Err(JsonProblem(ProblemCode::NeedsCookies.into()));
    }
    Ok(())
}

/// The token of a flow, from `Authorization: Bearer`. Whoever holds one may go on with it,
/// but for a sign-in from another site, and for what is about the account of somebody else.
pub(super) struct Bearer(Token);

impl FromRequestParts<Arc<Web>> for Bearer {
    type Rejection = JsonProblem;

    async fn from_request_parts(parts: &mut Parts, web: &Arc<Web>) -> Result<Self, JsonProblem> {
        let bearer = Self::read(&parts.headers)?;
        if is_from_elsewhere(&parts.headers, &web.app.base_url) {
            let session = web.session(&parts.headers);
            let view = web.app.view(&bearer.0, session).await;
            let view = view.map_err(JsonProblem)?;
            refuse_elsewhere(web, &parts.headers, view.kind)?;
        }
        Ok(bearer)
    }
}

impl Bearer {
    fn read(headers: &HeaderMap) -> Result<Self, JsonProblem> {
        bearer(headers)
            .map(Self)
            .ok_or_else(|| JsonProblem(ProblemCode::UnknownFlow.into()))
    }
}

/// The token of `Authorization: Bearer` (RFC 6750 §2.1), if there is one that can be a token.
pub(super) fn bearer(headers: &HeaderMap) -> Option<Token> {
    headers
        .get(header::AUTHORIZATION)
        .and_then(|value| value.to_str().ok())
        .and_then(|value| value.split_once(' '))
        .filter(|(scheme, _)| scheme.eq_ignore_ascii_case("bearer"))
        .and_then(|(_, token)| Token::parse(token))
}

pub(super) fn read<T: DeserializeOwned>(
    headers: &HeaderMap,
    body: &[u8],
) -> Result<T, JsonProblem> {
    let is_json = headers
        .get(header::CONTENT_TYPE)
        .and_then(|value| value.to_str().ok())
        .and_then(|value| value.split(';').next())
        .is_some_and(|kind| kind.trim().eq_ignore_ascii_case("application/json"));
    let bad = || JsonProblem(Failure::from(ProblemCode::BadRequest));
    // To serde, an array is as good as an object: its elements are the members.
    let is_object = body.trim_ascii_start().starts_with(b"{");
    if !(is_json && is_object) {
        return Err(bad());
    }
    serde_json::from_slice(body).map_err(|_| bad())
}

fn answer(status: StatusCode, outcome: Outcome<View>) -> Answer {
    let view = outcome.map_err(JsonProblem)?;
    let body =
        serde_json::to_vec(&view).map_err(|error| JsonProblem(Failure::unavailable(&error)))?;
    Ok((status, [(header::CONTENT_TYPE, "application/json")], body).into_response())
}
