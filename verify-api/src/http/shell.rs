//! The page chrome around plain forms.
//!
//! The site builder renders it with the theme like any other page, once in each
//! language; it holds marks, which are filled in for each answer. So a plain form
//! looks like the page the person came from, and the theme is written once.

use std::path::{Path, PathBuf};

use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use protocol::form::escape;
use protocol::{Locale, messages, paths};

use super::language::Language;

/// Where the site builder puts the chrome, below the site's folder.
const FILE: &str = "/flow-shell/index.html";

const LANG: &str = "%frontdesk:lang%";
const TITLE: &str = "%frontdesk:title%";
const MAIN: &str = "%frontdesk:main%";
/// What the links to other languages end with: the address of the page without its
/// language and its first slash.
const HERE: &str = "%frontdesk:here%";
/// Between these two stand the links to other languages, for pages that have them.
const LINKS: [&str; 2] = ["<!--frontdesk:languages-->", "<!--/frontdesk:languages-->"];

/// Chrome for a server that serves no site: bare, but complete.
const BARE: &str = concat!(
    "<!doctype html>\n<html lang=\"%frontdesk:lang%\"><head><meta charset=\"utf-8\">",
    "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">",
    "<meta name=\"robots\" content=\"noindex\"><title>%frontdesk:title%</title></head>",
    "<body><main id=\"main\">%frontdesk:main%</main></body></html>\n"
);

/// The chrome in each language, checked to have its marks.
#[derive(Debug)]
pub struct Shell(Vec<Chrome>);

#[derive(Debug)]
struct Chrome {
    locale: Locale,
    html: String,
    /// The same without links to other languages.
    alone: String,
}

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
    ///
    /// # Errors
    /// The file of a language is missing, or lacks one of its marks. A site needs every
    /// language that forms and letters have: their links lead to its pages.
    pub fn load(site: Option<&Path>) -> Result<Self, ShellError> {
        let read = |locale| match site {
            None => Ok(Chrome::bare(locale)),
            Some(site) => {
                let path = paths::in_language(locale, FILE);
                let file = site.join(path.trim_start_matches('/'));
                match std::fs::read_to_string(&file) {
                    Ok(html) => Chrome::checked(locale, file, html),
                    Err(error) => Err(ShellError::Unreadable(file, error)),
                }
            }
        };
        let chrome: Result<_, _> = Locale::ALL.into_iter().map(read).collect();
        chrome.map(Self)
    }

    /// A page whose title is a text of the catalog and the site's name.
    pub(super) fn titled(
        &self,
        status: StatusCode,
        language: &Language,
        title: &str,
        main: &str,
    ) -> Response {
        let words = messages::catalog(language.locale);
        let title = format!("{} – {}", words.text(title), words.text("title.site"));
        self.page(status, language, &title, main)
    }

    /// A page. `title` is text, `main` is HTML.
    pub(super) fn page(
        &self,
        status: StatusCode,
        language: &Language,
        title: &str,
        main: &str,
    ) -> Response {
        let chrome = self.0.iter().find(|it| it.locale == language.locale);
        let chrome = chrome.map_or(BARE, |it| match language.here() {
            Some(_) => &it.html,
            None => &it.alone,
        });
        let html = fill(
            chrome,
            &[
                (HERE, &escape(language.here().unwrap_or_default())),
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

impl Chrome {
    fn bare(locale: Locale) -> Self {
        let html = BARE.to_owned();
        let alone = html.clone();
        Self {
            locale,
            html,
            alone,
        }
    }

    fn checked(locale: Locale, file: PathBuf, html: String) -> Result<Self, ShellError> {
        for mark in [LANG, TITLE, MAIN] {
            if html.matches(mark).count() != 1 {
                return Err(ShellError::Mark(file, mark));
            }
        }
        let alone = without_links(&html);
        if alone.contains(HERE) {
            return Err(ShellError::Mark(file, LINKS[0]));
        }
        Ok(Self {
            locale,
            html,
            alone,
        })
    }
}

/// The chrome without what stands between [`LINKS`].
fn without_links(html: &str) -> String {
    let [begin, end] = LINKS;
    let cut = html.split_once(begin).and_then(|(before, rest)| {
        let (_, after) = rest.split_once(end)?;
        Some([before, after].concat())
    });
    cut.unwrap_or_else(|| html.to_owned())
}

#[cfg(test)]
mod tests {
    use axum::http::Method;

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
        std::fs::write(&file, BARE.replace("<main", HERE)).unwrap();
        let error = Shell::load(Some(site.path())).unwrap_err();
        assert!(error.to_string().contains(LINKS[0]), "{error}");
    }

    /// What a page says of itself, in a language of a site whose chrome has links.
    async fn page(site: &Path, language: &Language) -> String {
        let shell = Shell::load(Some(site)).unwrap();
        let page = shell.page(StatusCode::OK, language, "Title", "<p>Main</p>");
        let body = axum::body::to_bytes(page.into_body(), usize::MAX).await;
        String::from_utf8(body.unwrap().to_vec()).unwrap()
    }

    #[tokio::test]
    async fn each_language_has_its_chrome_and_what_answers_a_form_leads_to_no_other() {
        let site = tempfile::tempdir().unwrap();
        let write = |folder: &str, other: &str| {
            let links = format!("{}<a href=\"{other}/{HERE}\">{}", LINKS[0], LINKS[1]);
            let html = BARE.replace("<main", &format!("{links}<main"));
            std::fs::create_dir_all(site.path().join(folder)).unwrap();
            std::fs::write(site.path().join(folder).join("index.html"), html).unwrap();
        };
        write("flow-shell", "/es");
        let lacking = Shell::load(Some(site.path())).unwrap_err();
        assert!(lacking.to_string().contains("es/flow-shell"), "{lacking}");
        write("es/flow-shell", "");

        let uri = "/es/flows/enrollment?a=1&b=2".parse().unwrap();
        let language = Language::of(&Method::GET, &uri);
        let shown = page(site.path(), &language).await;
        assert!(shown.contains("lang=\"es\""), "{shown}");
        assert!(
            shown.contains("href=\"/flows/enrollment?a=1&amp;b=2\""),
            "{shown}"
        );
        let language = Language::of(&Method::POST, &uri);
        let answered = page(site.path(), &language).await;
        assert!(
            answered.contains("<p>Main</p>") && !answered.contains("href"),
            "{answered}"
        );
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
