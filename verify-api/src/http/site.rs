//! The static site, where this server serves it.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use axum::body::Body;
use axum::extract::{Request, State};
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use protocol::{Locale, ProblemCode, paths};
use tower_http::services::{ServeDir, ServeFile};

use super::Web;
use super::problem::JsonProblem;

/// A file whose name holds its hash never changes.
const FOREVER: HeaderValue = HeaderValue::from_static("public, max-age=31536000, immutable");
/// Anything else is asked for again, and answered with "not modified".
const ASK: HeaderValue = HeaderValue::from_static("no-cache");

/// Serves a file of the site; the theme's own page when there is none.
pub(super) async fn serve(State(web): State<Arc<Web>>, request: Request) -> Response {
    let path = request.uri().path().to_owned();
    let (locale, _) = paths::language(&path);
    let Some(site) = &web.site else {
        return not_found();
    };
    if path.starts_with("/api/") {
        return not_found();
    }
    // A folder is answered with its path and a slash, and `//faq/` is another host's.
    if path.starts_with("//") {
        return not_found_page(&web, locale).await;
    }
    let not_found_file = ServeFile::new(not_found_file(site, locale));
    let mut files = ServeDir::new(site).not_found_service(not_found_file);
    // Infallible: what cannot be read is an answer too.
    let served = match files.try_call(request).await {
        Ok(served) => served,
        Err(error) => {
            tracing::error!(%error, "a file of the site cannot be read");
            return not_found();
        }
    };
    let mut response = served.map(Body::new).into_response();
    if response.status().is_success() || response.status() == StatusCode::NOT_MODIFIED {
        let cache = if has_hash(&path) { FOREVER } else { ASK };
        response.headers_mut().insert(header::CACHE_CONTROL, cache);
    }
    response
}

/// The theme's page for an address that is not there.
pub(super) async fn not_found_page(web: &Web, locale: Locale) -> Response {
    let page = match &web.site {
        Some(site) => tokio::fs::read(not_found_file(site, locale)).await.ok(),
        None => None,
    };
    match page {
        Some(html) => (
            StatusCode::NOT_FOUND,
            [(header::CONTENT_TYPE, "text/html; charset=utf-8")],
            html,
        )
            .into_response(),
        None => not_found(),
    }
}

/// The theme's page for an address that is not there. The site builder writes one for
/// each language.
fn not_found_file(site: &Path, locale: Locale) -> PathBuf {
    let page = paths::in_language(locale, "/404.html");
    site.join(page.trim_start_matches('/'))
}

fn not_found() -> Response {
    JsonProblem(ProblemCode::NotFound.into()).into_response()
}

/// Whether the file's name has a part of sixteen hex digits.
fn has_hash(path: &str) -> bool {
    let name = path.rsplit('/').next().unwrap_or_default();
    name.split('.')
        .any(|part| part.len() == 16 && part.bytes().all(|b| b.is_ascii_hexdigit()))
}

#[cfg(test)]
mod tests {
    use super::has_hash;

    #[test]
    fn only_a_name_with_its_hash_is_kept_forever() {
        assert!(has_hash("/css/main.0123456789abcdef.css"));
        assert!(!has_hash("/css/main.css"));
        assert!(!has_hash("/0123456789abcdef/"));
    }
}
