//! The calls of practices' systems.

use protocol::ProblemCode as Code;
use serde_json::json;
use utoipa::ToSchema as _;
use utoipa::openapi::path::OperationBuilder;
use utoipa::openapi::request_body::RequestBodyBuilder;
use utoipa::openapi::{
    ContentBuilder, Required, ResponseBuilder, ResponsesBuilder, SecurityRequirement,
};

use super::super::super::providers::{PatientBody, TakenDown};
use super::super::PROVIDER_KEY;
use super::{JSON, named, posted, refusals};

const SAME: &str = "The answer is the same whether the patient is there and has an account, or \
    not, and in the same time: a key tells nobody who is a patient. What was asked for before \
    is not done once more.";

pub(super) fn invite() -> OperationBuilder {
    call(
        "inviteConnection",
        "Invites a patient as a connection of the key's provider",
    )
}

pub(super) fn withdraw() -> OperationBuilder {
    call(
        "withdrawConnection",
        "Takes such an invitation back, while the patient has not answered it",
    )
}

fn call(id: &str, summary: &str) -> OperationBuilder {
    let codes = [
        Code::BadRequest,
        Code::WrongKey,
        Code::TooLarge,
        Code::OverLimit,
        Code::Unavailable,
    ];
    let body = ContentBuilder::new()
        .schema(Some(named(&PatientBody::name())))
        .example(Some(json!({"patient": "WS-1001"})));
    let taken = ContentBuilder::new()
        .schema(Some(named(&TakenDown::name())))
        .example(Some(json!({"status": "accepted"})));
    let taken = ResponseBuilder::new()
        .description("It was taken down, and is done if there is such a patient.")
        .content(JSON, taken.build());
    OperationBuilder::new()
        .operation_id(Some(id))
        .summary(Some(summary))
        .description(Some(SAME))
        .security(SecurityRequirement::new::<_, _, &str>(PROVIDER_KEY, []))
        .request_body(Some(
            RequestBodyBuilder::new()
                .content(JSON, body.build())
                .required(Some(Required::True))
                .build(),
        ))
        .responses(posted(refusals(
            ResponsesBuilder::new().response("202", taken),
            &codes,
        )))
}
