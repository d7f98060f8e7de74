//! How calls are refused: for each status, which problems it can tell.
//!
//! The status is that of the code, so the two cannot differ.

use std::collections::BTreeMap;

use protocol::{Problem, ProblemCode};
use serde_json::Value;
use utoipa::ToSchema as _;
use utoipa::openapi::schema::{AllOfBuilder, Object, ObjectBuilder, Type};
use utoipa::openapi::{
    Content, Header, Ref, Response, ResponseBuilder, ResponsesBuilder, header::HeaderBuilder,
};

use super::schemas::text;

const PROBLEM: &str = "application/problem+json";
const RETRY_AFTER: &str = "Retry-After";

/// Adds the refusals of a call that can be told `codes`.
pub(super) fn refusals(responses: ResponsesBuilder, codes: &[ProblemCode]) -> ResponsesBuilder {
    let mut by_status = BTreeMap::<u16, Vec<ProblemCode>>::new();
    for code in codes {
        by_status.entry(code.status()).or_default().push(*code);
    }
    by_status
        .into_iter()
        .fold(responses, |all, (status, codes)| {
            all.response(status.to_string(), refusal(status, &codes))
        })
}

fn refusal(status: u16, codes: &[ProblemCode]) -> Response {
    let titles: Vec<_> = codes
        .iter()
        .map(|code| format!("`{}`: {}", code.as_str(), code.title()))
        .collect();
    let names = codes.iter().map(|code| code.as_str());
    let mut narrowed = ObjectBuilder::new()
        .property("status", number().enum_values(Some([status])))
        .property("code", text().enum_values(Some(names)));
    for member in ["fields", "retry_after", "view"] {
        if codes.iter().all(|code| comes_with(*code) == Some(member)) {
            narrowed = narrowed.required(member);
        }
    }
    let schema = AllOfBuilder::new()
        .item(Ref::from_schema_name(Problem::name()))
        .item(narrowed);
    let mut response = ResponseBuilder::new()
        .description(titles.join("\n\n"))
        .content(PROBLEM, Content::new(Some(schema)));
    if codes
        .iter()
        .any(|code| comes_with(*code) == Some("retry_after"))
    {
        response = response.header(RETRY_AFTER, seconds());
    }
    if codes.contains(&ProblemCode::Unavailable) {
        // A crowd at the door is told so before anybody reads what it asks.
        response = response.content("text/plain", Content::new(Some(text())));
    }
    response.build()
}

/// The member that a problem of this code always has besides those of all.
const fn comes_with(code: ProblemCode) -> Option<&'static str> {
    match code {
        ProblemCode::InvalidAnswers => Some("fields"),
        ProblemCode::TooSoon
        | ProblemCode::CodeWait
        | ProblemCode::OverLimit
        | ProblemCode::Unavailable => Some("retry_after"),
        ProblemCode::WrongStep => Some("view"),
        ProblemCode::BadRequest
        | ProblemCode::NotFound
        | ProblemCode::MethodNotAllowed
        | ProblemCode::TooLarge
        | ProblemCode::UnknownFlow
        | ProblemCode::WrongKey
        | ProblemCode::FlowExpired
        | ProblemCode::NotMatched
        | ProblemCode::NotMatchedOneLeft
        | ProblemCode::WrongSignIn
        | ProblemCode::NeedsCookies
        | ProblemCode::SignInFirst
        | ProblemCode::TooManyTries
        | ProblemCode::InvitationEnded
        | ProblemCode::NothingToResend
        | ProblemCode::NoWayBack => None,
    }
}

/// The answer to a request whose body does not arrive.
pub(super) fn too_slow() -> Response {
    ResponseBuilder::new()
        .description("The body took too long to arrive. The connection is closed.")
        .content("text/plain", Content::new(Some(text())))
        .build()
}

fn seconds() -> Header {
    HeaderBuilder::new()
        .schema(Some(number().minimum(Some(1))))
        .description(Some("Seconds after which trying again can help."))
        .build()
}

fn number() -> ObjectBuilder {
    Object::builder().schema_type(Type::Integer)
}

/// Says of a header that it always comes, which utoipa has no word for: where the
/// body always tells when to try again, so does the head.
pub(super) fn require_headers(document: &mut Value) {
    let responses = objects(&mut document["paths"])
        .flat_map(objects)
        .flat_map(|operation| objects(&mut operation["responses"]));
    for response in responses {
        let required = &response["content"][PROBLEM]["schema"]["allOf"][1]["required"];
        let is_always = required
            .as_array()
            .is_some_and(|names| names.contains(&"retry_after".into()));
        if is_always && response["headers"].is_object() {
            response["headers"][RETRY_AFTER]["required"] = true.into();
        }
    }
}

fn objects(value: &mut Value) -> impl Iterator<Item = &mut Value> {
    value
        .as_object_mut()
        .into_iter()
        .flat_map(|it| it.values_mut())
}
