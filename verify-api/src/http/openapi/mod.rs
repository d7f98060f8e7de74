//! What programs can call, as a document (OpenAPI 3.1), made of the types that
//! travel: so neither can change without the other.
//!
//! `operations` says which calls there are, `problems` how they are refused,
//! `schemas` what bodies look like. It must not know how a call is answered.

mod operations;
mod problems;
mod schemas;
#[cfg(test)]
mod tests;

use std::sync::LazyLock;

use axum::body::Bytes;
use axum::http::header;
use axum::response::{IntoResponse as _, Response};
use serde_json::Value;
use utoipa::openapi::security::{HttpAuthScheme, HttpBuilder, SecurityScheme};
use utoipa::openapi::{ComponentsBuilder, Info, InfoBuilder, LicenseBuilder, OpenApiBuilder};

/// The security scheme of calls about a flow.
const FLOW_TOKEN: &str = "flow-token";
/// The security scheme of calls by the systems of practices.
const PROVIDER_KEY: &str = "provider-key";

const ABOUT: &str = "Flows as typed steps, which a server leads through: begin one, and \
    answer the step that it shows until it is `done`.\n\n\
    A refusal is a problem of RFC 9457, whose `code` is from a closed set. Readers should \
    pass over members that they do not know. An address or a method that is not here is \
    answered with 404 or 405. What is no HTTP request, or one with a head of more than \
    16 KiB, is refused before any call is looked for, with 400 or 431 and no body.";

static DOCUMENT: LazyLock<Bytes> = LazyLock::new(|| Bytes::from(document().to_string()));

pub(super) async fn serve() -> Response {
    let kind = [(header::CONTENT_TYPE, "application/json")];
    (kind, DOCUMENT.clone()).into_response()
}

fn document() -> Value {
    let token = HttpBuilder::new()
        .scheme(HttpAuthScheme::Bearer)
        .description(Some("The `token` of the answer that began the flow."));
    let key = HttpBuilder::new()
        .scheme(HttpAuthScheme::Bearer)
        .description(Some(
            "A provider's key, as `verify-api providers key` has shown it.",
        ));
    let components = schemas::all()
        .into_iter()
        .fold(ComponentsBuilder::new(), |all, (name, schema)| {
            all.schema(name, schema)
        })
        .security_scheme(FLOW_TOKEN, SecurityScheme::Http(token.build()))
        .security_scheme(PROVIDER_KEY, SecurityScheme::Http(key.build()));
    let api = OpenApiBuilder::new()
        .info(info())
        .paths(operations::all())
        .components(Some(components.build()))
        .build();
    // Infallible: every key is a string.
    let mut document = serde_json::to_value(api).unwrap_or_default();
    problems::require_headers(&mut document);
    document
}

fn info() -> Info {
    let license = LicenseBuilder::new()
        .name("MIT OR Apache-2.0")
        .identifier(Some("MIT OR Apache-2.0"));
    InfoBuilder::new()
        .title("Frontdesk verification API")
        .version(env!("CARGO_PKG_VERSION"))
        .description(Some(ABOUT))
        .license(Some(license.build()))
        .build()
}
