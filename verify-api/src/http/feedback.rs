//! "Did this answer your question?": two buttons at the foot of a page, for every browser.
//!
//! Nothing is read from the browser but which page and which button. There is no field to
//! write in: it would invite what nobody here should know.

use std::path::Path;
use std::sync::Arc;

use axum::body::Bytes;
use axum::extract::rejection::BytesRejection;
use axum::extract::{RawQuery, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;
use protocol::form::Thanks;
use protocol::{Problem, ProblemCode, messages, paths};

use super::caller::Caller;
use super::elsewhere::is_from_elsewhere;
use super::forms::see_other;
use super::input::{query_value, why};
use super::language::Language;
use super::problem::told;
use super::{Web, plain, site};

/// Counts the answer, and leads to where its giver is thanked: whoever loads that once
/// more is not counted twice.
pub(super) async fn give(
    State(web): State<Arc<Web>>,
    Caller(from): Caller,
    language: Language,
    headers: HeaderMap,
    body: Result<Bytes, BytesRejection>,
) -> Response {
    let body = match body {
        Ok(body) => body,
        Err(rejection) => {
            let home = paths::in_language(language.locale, "/");
            return failed(&web, &language, &home, &Problem::new(why(&rejection)));
        }
    };
    let form = str::from_utf8(&body).unwrap_or_default();
    let page = query_value(Some(form), "page");
    let pressed = |button| !query_value(Some(form), button).is_empty();
    let has_helped = pressed("yes");
    if !is_page(web.site.as_deref(), &page).await {
        return site::not_found_page(&web, language.locale).await;
    }
    if is_from_elsewhere(&headers, &web.app.base_url) {
        return see_other(&page, None);
    }
    if !has_helped && !pressed("no") {
        return failed(
            &web,
            &language,
            &page,
            &Problem::new(ProblemCode::BadRequest),
        );
    }
    match web.app.give_feedback(&page, has_helped, from).await {
        Ok(()) => see_other(&thanks(&language, &page, has_helped), None),
        Err(failure) => failed(&web, &language, &page, &told(failure)),
    }
}

/// Thanks. Changes nothing.
pub(super) async fn thank(
    State(web): State<Arc<Web>>,
    language: Language,
    RawQuery(query): RawQuery,
) -> Response {
    let page = query_value(query.as_deref(), "page");
    if !is_page(web.site.as_deref(), &page).await {
        return site::not_found_page(&web, language.locale).await;
    }
    // Whoever changes the language here goes back to the page in that one.
    let twin = paths::in_language(language.locale, paths::language(&page).1);
    let has_twin = is_page(web.site.as_deref(), &twin).await;
    let thanks = Thanks {
        has_helped: query_value(query.as_deref(), "helped") == "yes",
        page: if has_twin { &twin } else { &page },
    };
    let main = thanks.html(&messages::catalog(language.locale));
    web.shell
        .titled(StatusCode::OK, &language, "feedback.title", &main)
}

fn thanks(language: &Language, page: &str, has_helped: bool) -> String {
    let query = form_urlencoded::Serializer::new(String::new())
        .append_pair("helped", if has_helped { "yes" } else { "no" })
        .append_pair("page", page)
        .finish();
    let path = paths::in_language(language.locale, paths::FEEDBACK);
    format!("{path}?{query}")
}

/// Whether the site has a page at this path. Only the site's own are counted, and only they
/// are led back to.
async fn is_page(site: Option<&Path>, path: &str) -> bool {
    let Some((site, inner)) = site.zip(inner_path(path)) else {
        return false;
    };
    let file = site.join(inner).join("index.html");
    tokio::fs::try_exists(file).await.unwrap_or_default()
}

/// The path without its slashes around it, if it stays within the site.
fn inner_path(path: &str) -> Option<&str> {
    let inner = path.strip_prefix('/')?.strip_suffix('/')?;
    let is_slug = |part: &str| {
        !part.is_empty() && !part.starts_with('.') && !part.contains(['\\', ':', '\0'])
    };
    inner.split('/').all(is_slug).then_some(inner)
}

fn failed(web: &Web, language: &Language, way_on: &str, problem: &Problem) -> Response {
    let words = messages::catalog(language.locale);
    let title = words.text("title.site").to_owned();
    plain::dead_end_at(web, language, &title, way_on, problem)
}

#[cfg(test)]
mod tests {
    use super::inner_path;

    #[test]
    fn only_paths_of_pages_lead_to_a_file() {
        for (path, inner) in [
            ("/faq/topic/one/", Some("faq/topic/one")),
            ("/es/contact/", Some("es/contact")),
            ("/", None),
            ("", None),
            ("//", None),
            ("/faq", None),
            ("/faq/../../etc/", None),
            ("/./", None),
            ("//example.org/", None),
            ("/faq/v1.0/preguntas-más/", Some("faq/v1.0/preguntas-más")),
            ("/a/.b/", None),
            ("/c:/d/", None),
            ("/a\\b/", None),
            ("https://example.org/", None),
        ] {
            assert_eq!(inner_path(path), inner, "{path}");
        }
    }
}
