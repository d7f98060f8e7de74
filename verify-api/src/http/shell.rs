//! The page chrome around plain forms.
//!
//! The site builder renders it with the theme like any other page, once in each
//! language; it holds marks, which are filled in for each answer. So a plain form
//! looks like the page the person came from, and the theme is written once.

use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use protocol::form::escape;
use protocol::{Locale, paths};

use super::language::Language;

/// Where the site builder puts the chrome, below the site's folder.
const FILE: &str = "/flow-shell/index.html";

const LANG: &str = "%frontdesk:lang%";
const TITLE: &str = "%frontdesk:title%";
const MAIN: &str = "%frontdesk:main%";
/// What the links to other languages end with: the address of the page without its
/// language and its first slash. A site in one language has none.
const HERE: &str = "%frontdesk:here%";

/// Chrome for a server that serves no site: bare, but complete.
const BARE: &str = concat!(
    "<!doctype html>\n<html lang=\"%frontdesk:lang%\"><head><meta charset=\"utf-8\">",
    "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">",
    "<meta name=\"robots\" content=\"noindex\"><title>%frontdesk:title%</title></head>",
    "<body><main id=\"main\">%frontdesk:main%</main></body></html>\n"
);

/// The chrome in each language, checked to have its marks.
#[derive(Debug)]
pub struct Shell(Vec<(Locale, String)>);

/// Why the chrome cannot be used.
#[derive(Debug)]
pub enum ShellError {
    /// The file cannot be read.
    Unreadable(PathBuf, std::io::Error),
    /// The file lacks a mark, or has it twice.
    Mark(PathBuf, &'static str),
}

impl std::fmt::Display for ShellError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Unreadable(file, error) => write!(
                f,
                "The page chrome {} cannot be read ({error}). Build the site first, or correct `http.site`.",
                file.display()
            ),
            Self::Mark(file, mark) => write!(
                f,
                "The page chrome {} must hold {mark} exactly once. Correct the theme's flow-shell template.",
                file.display()
            ),
        }
    }
}

impl std::error::Error for ShellError {}

impl Shell {
    /// Reads the chrome from a built site, or takes a bare one where there is no site.
    /// A site that lacks a language lends its forms the chrome of the default one.
    ///
    /// # Errors
    /// The file of the default language is missing, or one lacks one of its marks.
    pub fn load(site: Option<&Path>) -> Result<Self, ShellError> {
        let Some(site) = site else {
            return Ok(Self(vec![(Locale::default(), BARE.to_owned())]));
        };
        let mut chrome = Vec::new();
        for locale in Locale::ALL {
            let path = paths::in_language(locale, FILE);
            let file = site.join(path.trim_start_matches('/'));
            match std::fs::read_to_string(&file) {
                Ok(html) => chrome.push((locale, checked(file, html)?)),
                Err(error)
                    if error.kind() == ErrorKind::NotFound && locale != Locale::default() => {}
                Err(error) => return Err(ShellError::Unreadable(file, error)),
            }
        }
        Ok(Self(chrome))
    }

    fn chrome(&self, locale: Locale) -> &str {
        let of = |locale| self.0.iter().find(|(found, _)| *found == locale);
        of(locale)
            .or_else(|| of(Locale::default()))
            .map_or(BARE, |(_, html)| html)
    }

    /// A page. `title` is text, `main` is HTML.
    pub(super) fn page(
        &self,
        status: StatusCode,
        language: &Language,
        title: &str,
        main: &str,
    ) -> Response {
        let html = fill(
            self.chrome(language.locale),
            &[
                (HERE, &escape(language.here())),
                (LANG, language.locale.as_str()),
                (TITLE, &escape(title)),
                (MAIN, main),
            ],
        );
        (
            status,
            [(header::CONTENT_TYPE, "text/html; charset=utf-8")],
            html,
        )
            .into_response()
    }
}

/// Puts values in the place of marks, in one pass: what a person typed, or a link
/// holds, is not taken for a mark.
fn fill(chrome: &str, values: &[(&str, &str)]) -> String {
    let mut filled = String::new();
    let mut rest = chrome;
    while let Some((before, after)) = rest.split_once('%') {
        filled.push_str(before);
        let found = values
            .iter()
            .find_map(|(mark, value)| Some((after.strip_prefix(&mark[1..])?, *value)));
        let (after, value) = found.unwrap_or((after, "%"));
        filled.push_str(value);
        rest = after;
    }
    filled.push_str(rest);
    filled
}

fn checked(file: PathBuf, html: String) -> Result<String, ShellError> {
    for mark in [LANG, TITLE, MAIN] {
        if html.matches(mark).count() != 1 {
            return Err(ShellError::Mark(file, mark));
        }
    }
    Ok(html)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn chrome_without_its_marks_is_refused() {
        let site = tempfile::tempdir().unwrap();
        assert!(matches!(
            Shell::load(Some(site.path())),
            Err(ShellError::Unreadable(..))
        ));
        std::fs::create_dir(site.path().join("flow-shell")).unwrap();
        let file = site.path().join("flow-shell/index.html");
        std::fs::write(&file, BARE.replace(TITLE, "")).unwrap();
        let error = Shell::load(Some(site.path())).unwrap_err();
        assert!(error.to_string().contains(TITLE), "{error}");
        std::fs::write(&file, BARE).unwrap();
        assert!(Shell::load(Some(site.path())).is_ok());
    }

    #[test]
    fn each_language_has_its_chrome_and_a_site_in_one_lends_it() {
        let site = tempfile::tempdir().unwrap();
        let write = |folder: &str, html: &str| {
            std::fs::create_dir_all(site.path().join(folder)).unwrap();
            std::fs::write(site.path().join(folder).join("index.html"), html).unwrap();
        };
        write("flow-shell", BARE);
        let shell = Shell::load(Some(site.path())).unwrap();
        assert_eq!(shell.chrome(Locale::Es), BARE);
        let spanish = BARE.replace("<main", "<main class=\"es\"");
        write("es/flow-shell", &spanish);
        let shell = Shell::load(Some(site.path())).unwrap();
        assert_eq!(shell.chrome(Locale::Es), spanish);
        assert_eq!(shell.chrome(Locale::En), BARE);
        write("es/flow-shell", "");
        assert!(Shell::load(Some(site.path())).is_err());
    }

    #[test]
    fn what_takes_the_place_of_a_mark_is_not_looked_at_again() {
        let values = [
            (HERE, MAIN),
            (TITLE, "%"),
            (MAIN, "<p>%frontdesk:here%</p>"),
        ];
        let chrome = format!("50 % {HERE} {TITLE} {MAIN} %frontdesk:other%");
        assert_eq!(
            fill(&chrome, &values),
            format!("50 % {MAIN} % <p>{HERE}</p> %frontdesk:other%")
        );
    }
}
