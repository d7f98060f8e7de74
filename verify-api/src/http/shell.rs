//! The page chrome around plain forms.
//!
//! The site builder renders it with the theme like any other page; it holds
//! three markers, which are filled in for each answer. So a plain form looks
//! like the page the person came from, and the theme is written once.

use std::path::{Path, PathBuf};

use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use protocol::Locale;

/// Where the site builder puts the chrome, below the site's folder.
const FILE: &str = "flow-shell/index.html";

const LANG: &str = "%frontdesk:lang%";
const TITLE: &str = "%frontdesk:title%";
const MAIN: &str = "%frontdesk:main%";

/// Chrome for a server that serves no site: bare, but complete.
const BARE: &str = concat!(
    "<!doctype html>\n<html lang=\"%frontdesk:lang%\"><head><meta charset=\"utf-8\">",
    "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">",
    "<meta name=\"robots\" content=\"noindex\"><title>%frontdesk:title%</title></head>",
    "<body><main id=\"main\">%frontdesk:main%</main></body></html>\n"
);

/// The chrome, checked to have its markers.
#[derive(Debug)]
pub struct Shell(String);

/// Why the chrome cannot be used.
#[derive(Debug)]
pub enum ShellError {
    /// The file cannot be read.
    Unreadable(PathBuf, std::io::Error),
    /// The file lacks a marker, or has it twice.
    Marker(PathBuf, &'static str),
}

impl std::fmt::Display for ShellError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Unreadable(file, error) => write!(
                f,
                "The page chrome {} cannot be read ({error}). Build the site first, or correct `http.site`.",
                file.display()
            ),
            Self::Marker(file, marker) => write!(
                f,
                "The page chrome {} must hold {marker} exactly once. Correct the theme's flow-shell template.",
                file.display()
            ),
        }
    }
}

impl std::error::Error for ShellError {}

impl Shell {
    /// Reads the chrome from a built site, or takes a bare one where there is no site.
    ///
    /// # Errors
    /// The file is missing, or lacks one of the three markers.
    pub fn load(site: Option<&Path>) -> Result<Self, ShellError> {
        let Some(site) = site else {
            return Ok(Self(BARE.to_owned()));
        };
        let file = site.join(FILE);
        let html = match std::fs::read_to_string(&file) {
            Ok(html) => html,
            Err(error) => return Err(ShellError::Unreadable(file, error)),
        };
        for marker in [LANG, TITLE, MAIN] {
            if html.matches(marker).count() != 1 {
                return Err(ShellError::Marker(file, marker));
            }
        }
        Ok(Self(html))
    }

    /// A page. `title` is text, `main` is HTML.
    pub(super) fn page(
        &self,
        status: StatusCode,
        locale: Locale,
        title: &str,
        main: &str,
    ) -> Response {
        // `main` goes last: what a person typed must not be taken for a marker.
        let html = self
            .0
            .replacen(LANG, locale.as_str(), 1)
            .replacen(TITLE, &protocol::form::escape(title), 1)
            .replacen(MAIN, main, 1);
        (
            status,
            [(header::CONTENT_TYPE, "text/html; charset=utf-8")],
            html,
        )
            .into_response()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn chrome_without_its_markers_is_refused() {
        let site = tempfile::tempdir().unwrap();
        assert!(matches!(
            Shell::load(Some(site.path())),
            Err(ShellError::Unreadable(..))
        ));
        std::fs::create_dir(site.path().join("flow-shell")).unwrap();
        let file = site.path().join(FILE);
        std::fs::write(&file, BARE.replace(TITLE, "")).unwrap();
        let error = Shell::load(Some(site.path())).unwrap_err();
        assert!(error.to_string().contains(TITLE), "{error}");
        std::fs::write(&file, BARE).unwrap();
        assert!(Shell::load(Some(site.path())).is_ok());
    }
}
