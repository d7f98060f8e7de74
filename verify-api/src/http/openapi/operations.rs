//! Which calls there are: what each takes, and everything that it can answer.

mod providers;

use protocol::{
    Channel, FlowKind, Notice, ProblemCode as Code, Progress, Step, StepName, View, paths,
};
use serde_json::{Value, json};
use utoipa::ToSchema as _;
use utoipa::openapi::example::ExampleBuilder;
use utoipa::openapi::extensions::Extensions;
use utoipa::openapi::link::LinkBuilder;
use utoipa::openapi::path::{HttpMethod, OperationBuilder, Paths};
use utoipa::openapi::request_body::RequestBodyBuilder;
use utoipa::openapi::{
    Content, ContentBuilder, ObjectBuilder, RefOr, Required, ResponseBuilder, ResponsesBuilder,
    SecurityRequirement,
};

use super::super::json::{BeginBody, ResendBody};
use super::super::{HEALTHZ, READYZ};
use super::FLOW_TOKEN;
use super::problems::{refusals, too_slow};
use super::schemas::{self, example, named, text};

const JSON: &str = "application/json";

/// The calls that go on with a flow, by the name of their link.
const GO_ON: [(&str, &str); 5] = [
    ("view", "viewFlow"),
    ("answer", "answerStep"),
    ("resend", "sendAnotherCode"),
    ("back", "goBack"),
    ("extend", "askForMoreTime"),
];

pub(super) fn all() -> Paths {
    let mut all = Paths::new();
    let mut add = |path: &str, method: HttpMethod, operation: OperationBuilder| {
        all.add_path_operation(path, vec![method], operation);
    };
    add(paths::FLOWS, HttpMethod::Post, begin());
    add(paths::FLOW, HttpMethod::Get, view());
    add(paths::ANSWERS, HttpMethod::Post, answer());
    add(paths::RESEND, HttpMethod::Post, resend());
    add(paths::BACK, HttpMethod::Post, back());
    add(paths::EXTEND, HttpMethod::Post, extend());
    add(paths::CONNECTIONS, HttpMethod::Post, providers::invite());
    add(paths::WITHDRAWAL, HttpMethod::Post, providers::withdraw());
    add(paths::OPENAPI, HttpMethod::Get, document());
    add(HEALTHZ, HttpMethod::Get, healthz());
    add(READYZ, HttpMethod::Get, readyz());
    all
}

fn begin() -> OperationBuilder {
    let codes = [
        Code::BadRequest,
        Code::NeedsCookies,
        Code::SignInFirst,
        Code::TooLarge,
        Code::OverLimit,
        Code::Unavailable,
    ];
    let body = ContentBuilder::new()
        .schema(Some(named(&BeginBody::name())))
        .example(Some(json!({"kind": "password-reset", "locale": "en"})));
    let begun = View {
        token: Some("c2V2ZW4gcXVpZXQgaGVyb25zIGF0IGR1c2sgc3RhbmQ".to_owned()),
        ..shown(1, Step::Identify)
    };
    let token = "Bearer {$response.body#/token}";
    let begun = linked(ResponseBuilder::new(), token)
        .description("The flow has begun. Its token is here, and nowhere else.")
        .content(JSON, shows(schemas::BEGUN, &begun));
    OperationBuilder::new()
        .operation_id(Some("beginFlow"))
        .summary(Some("Begins a flow"))
        .description(Some(
            "A sign-in begins with its last step, and with the notice `signed-in`, in a browser \
             in which somebody is signed in.",
        ))
        .request_body(Some(
            RequestBodyBuilder::new()
                .content(JSON, body.build())
                .required(Some(Required::True))
                .build(),
        ))
        .responses(posted(refusals(
            ResponsesBuilder::new().response("201", begun),
            &codes,
        )))
}

fn view() -> OperationBuilder {
    let codes = [
        Code::UnknownFlow,
        Code::NeedsCookies,
        Code::SignInFirst,
        Code::FlowExpired,
        Code::Unavailable,
    ];
    let shown = shown(2, Step::Method);
    of_flow("viewFlow", "Shows where a flow stands")
        .description(Some("For a page that was loaded again. Changes nothing."))
        .responses(refusals(advanced("The flow as it stands.", &shown), &codes))
}

fn answer() -> OperationBuilder {
    let codes = [
        Code::BadRequest,
        Code::UnknownFlow,
        Code::NeedsCookies,
        Code::SignInFirst,
        Code::WrongStep,
        Code::FlowExpired,
        Code::InvitationEnded,
        Code::TooLarge,
        Code::InvalidAnswers,
        Code::NotMatched,
        Code::NotMatchedOneLeft,
        Code::WrongSignIn,
        Code::TooManyTries,
        Code::TooSoon,
        Code::CodeWait,
        Code::OverLimit,
        Code::Unavailable,
    ];
    let steps = StepName::ALL.into_iter();
    let examples = steps.filter(|step| !step.fields().is_empty()).map(|step| {
        let answers = step.fields().iter();
        let answers: Value = answers
            .map(|field| (field.as_str().to_owned(), json!(example(*field))))
            .collect();
        let body = json!({"step": step.as_str(), "answers": answers});
        (step.as_str(), ExampleBuilder::new().value(Some(body)))
    });
    let body = ContentBuilder::new()
        .schema(Some(named(schemas::ANSWER)))
        .examples_from_iter(examples);
    let shown = shown(
        3,
        Step::Code {
            channel: Channel::Text,
            to: None,
            resend_in: 60,
        },
    );
    of_flow("answerStep", "Answers the current step")
        .description(Some(
            "The step is compared first: an answer to another one is told the current view, \
             and changes nothing.",
        ))
        .request_body(Some(
            RequestBodyBuilder::new()
                .content(JSON, body.build())
                .required(Some(Required::True))
                .build(),
        ))
        .responses(posted(refusals(advanced("The next step.", &shown), &codes)))
}

fn resend() -> OperationBuilder {
    let codes = [
        Code::BadRequest,
        Code::UnknownFlow,
        Code::NeedsCookies,
        Code::SignInFirst,
        Code::WrongStep,
        Code::NothingToResend,
        Code::FlowExpired,
        Code::TooLarge,
        Code::InvalidAnswers,
        Code::TooManyTries,
        Code::TooSoon,
        Code::OverLimit,
        Code::Unavailable,
    ];
    let body = ContentBuilder::new()
        .schema(Some(named(&ResendBody::name())))
        .example(Some(json!({"channel": "call"})));
    let shown = View {
        notice: Some(Notice::CodeSent),
        ..shown(
            3,
            Step::Code {
                channel: Channel::Call,
                to: None,
                resend_in: 60,
            },
        )
    };
    of_flow("sendAnotherCode", "Sends another code")
        .description(Some(
            "By the same way, or another. Older codes stop working.",
        ))
        .request_body(Some(
            RequestBodyBuilder::new()
                .content(JSON, body.build())
                .required(Some(Required::False))
                .build(),
        ))
        .responses(posted(refusals(
            advanced("Another code is on its way.", &shown),
            &codes,
        )))
}

fn back() -> OperationBuilder {
    let codes = [
        Code::UnknownFlow,
        Code::NeedsCookies,
        Code::SignInFirst,
        Code::WrongStep,
        Code::NoWayBack,
        Code::FlowExpired,
        Code::Unavailable,
    ];
    let shown = shown(1, Step::Identify);
    of_flow("goBack", "Goes to the step before")
        .description(Some(
            "Never across a proof: a code that was right is not asked for again.",
        ))
        .responses(posted(refusals(
            advanced("The step before.", &shown),
            &codes,
        )))
}

fn extend() -> OperationBuilder {
    let codes = [
        Code::UnknownFlow,
        Code::NeedsCookies,
        Code::SignInFirst,
        Code::WrongStep,
        Code::FlowExpired,
        Code::Unavailable,
    ];
    let shown = View {
        notice: Some(Notice::MoreTime),
        ..shown(2, Step::Method)
    };
    of_flow(
        "askForMoreTime",
        "Gives the current step its whole time again",
    )
    .description(Some(
        "For somebody who is about to run out of it. Sends nothing, and lets no code work \
             longer. A flow lives for two days at most: the notice says whether there was \
             time to give, `more-time` or `no-more-time`.",
    ))
    .responses(posted(refusals(advanced("The same step.", &shown), &codes)))
}

fn document() -> OperationBuilder {
    let found = ResponseBuilder::new()
        .description("This document.")
        .content(JSON, Content::new(Some(ObjectBuilder::new())));
    OperationBuilder::new()
        .operation_id(Some("describe"))
        .summary(Some("Describes what programs can call"))
        .responses(refusals(
            ResponsesBuilder::new().response("200", found),
            &[Code::Unavailable],
        ))
}

fn healthz() -> OperationBuilder {
    OperationBuilder::new()
        .operation_id(Some("checkLife"))
        .summary(Some("Says that the process lives"))
        .response("200", plain("It does."))
        .response("503", plain("All connections are taken."))
}

fn readyz() -> OperationBuilder {
    let unready = plain("It cannot, and the text says why.");
    let html = Content::new(Some(text()));
    OperationBuilder::new()
        .operation_id(Some("checkReadiness"))
        .summary(Some("Says whether the server can do its work"))
        .response("200", plain("Database, tables and messages are well."))
        .response("503", unready.content("text/html", html))
}

/// A call about the flow whose token comes with it.
fn of_flow(id: &str, summary: &str) -> OperationBuilder {
    OperationBuilder::new()
        .operation_id(Some(id))
        .summary(Some(summary))
        .security(SecurityRequirement::new::<_, _, &str>(FLOW_TOKEN, []))
}

fn advanced(description: &str, view: &View) -> ResponsesBuilder {
    let response = linked(ResponseBuilder::new(), "$request.header.Authorization")
        .description(description)
        .content(JSON, shows(&View::name(), view));
    ResponsesBuilder::new().response("200", response)
}

/// What every answer to a request with a body can be.
fn posted(responses: ResponsesBuilder) -> ResponsesBuilder {
    responses.response("408", too_slow())
}

fn linked(response: ResponseBuilder, token: &str) -> ResponseBuilder {
    GO_ON
        .into_iter()
        .fold(response, |response, (name, operation)| {
            // utoipa 5 writes the member of its own as `operation_id`, which OpenAPI
            // does not know.
            let id = Extensions::from_iter([("operationId", operation)]);
            let link = LinkBuilder::new()
                .parameter("header.Authorization", token)
                .extensions(Some(id));
            response.link(name, link.build())
        })
}

fn plain(description: &str) -> ResponseBuilder {
    ResponseBuilder::new()
        .description(description)
        .content("text/plain", Content::new(Some(text())))
}

fn shows(schema: &str, view: &View) -> Content {
    let schema = RefOr::<utoipa::openapi::Schema>::Ref(named(schema));
    ContentBuilder::new()
        .schema(Some(schema))
        .example(serde_json::to_value(view).ok())
        .build()
}

/// A reset as an example shows it.
fn shown(step: u8, shown: Step) -> View {
    View {
        kind: FlowKind::PasswordReset,
        token: None,
        expires_at: "2026-11-25T10:30:00Z".to_owned(),
        expires_in: 3600,
        progress: Progress { step, of: 4 },
        step: shown,
        notice: None,
        is_out_of_tries: false,
        sign_in: None,
    }
}
