//! In which language a page is asked for: its address says so.
//!
//! `/es/flows/enrollment` is `/flows/enrollment` in Spanish, as the site builder
//! writes pages. So a link that is handed on opens in the language that it was
//! read in, and no browser setting, which old people's phones have by chance,
//! decides for a person.

use std::convert::Infallible;

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use axum::http::{Method, Uri};
use protocol::{Locale, paths};

/// The language of a request's address, and what that address is in English.
pub(super) struct Language {
    pub(super) locale: Locale,
    here: Option<String>,
}

impl Language {
    pub(super) fn of(method: &Method, uri: &Uri) -> Self {
        let (locale, path) = paths::language(uri.path());
        // Without any first slash: what begins with two is another host's.
        let path = path.trim_start_matches(['/', '\\']);
        let here = match uri.query() {
            Some(query) => format!("{path}?{query}"),
            None => path.to_owned(),
        };
        Self {
            locale,
            here: (*method == Method::GET).then_some(here),
        }
    }

    /// A page that is in this language only.
    pub(super) const fn alone(locale: Locale) -> Self {
        Self { locale, here: None }
    }

    /// For what answers a form, where a look at this address, in English, shows the same.
    pub(super) fn at(self, here: &str) -> Self {
        Self {
            here: Some(here.trim_start_matches('/').to_owned()),
            ..self
        }
    }

    /// The address without its language and its first slash, for the links to the other
    /// languages. What answers a form has none by itself: what was sent with it, such as the
    /// token of a flow or of a link that is spent by now, is not in its address, so that a
    /// link would lead to something else.
    pub(super) fn here(&self) -> Option<&str> {
        self.here.as_deref()
    }
}

impl<S: Sync> FromRequestParts<S> for Language {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Infallible> {
        Ok(Self::of(&parts.method, &parts.uri))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_address_says_the_language_and_where_the_other_one_is() {
        for (address, locale, here) in [
            ("/flows/enrollment", Locale::En, "flows/enrollment"),
            (
                "/es/flows/enrollment?a=1&b=2",
                Locale::Es,
                "flows/enrollment?a=1&b=2",
            ),
            ("/es", Locale::Es, ""),
            (
                "/\\elsewhere.example.org/",
                Locale::En,
                "elsewhere.example.org/",
            ),
            (
                "//elsewhere.example.org/",
                Locale::En,
                "elsewhere.example.org/",
            ),
            (
                "/es//elsewhere.example.org/",
                Locale::Es,
                "elsewhere.example.org/",
            ),
        ] {
            let language = Language::of(&Method::GET, &address.parse().unwrap());
            assert_eq!(language.locale, locale, "{address}");
            assert_eq!(language.here(), Some(here), "{address}");
        }
        let address = "/es/flows/enrollment".parse().unwrap();
        let answer = Language::of(&Method::POST, &address);
        assert_eq!(answer.here(), None);
        let answer = answer.at("/flows/enrollment");
        assert_eq!(
            (answer.locale, answer.here()),
            (Locale::Es, Some("flows/enrollment"))
        );
    }
}
