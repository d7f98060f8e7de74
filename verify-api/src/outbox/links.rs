//! Links in messages. Their host comes from the configuration and from nowhere
//! else: a request's headers can be forged, and a forged link steals a code.

use protocol::values::InvitationCode;
use protocol::{FlowKind, Locale, paths};

/// Makes links to our own pages.
#[derive(Clone, Copy, Debug)]
pub struct Links<'a> {
    base_url: &'a str,
}

impl<'a> Links<'a> {
    /// Links below `base_url`, which is the address of the site without a path.
    pub fn new(base_url: &'a str) -> Self {
        Self {
            base_url: base_url.trim_end_matches('/'),
        }
    }

    /// The home of the help center.
    pub fn home(&self, locale: Locale) -> String {
        format!("{}{}", self.base_url, paths::in_language(locale, "/"))
    }

    /// The help page of a flow, which anybody may open: it holds no token.
    ///
    /// ```
    /// # use protocol::{FlowKind, Locale};
    /// # use verify_api::outbox::Links;
    /// assert_eq!(
    ///     Links::new("https://help.example.org").page(FlowKind::PasswordReset, Locale::Es),
    ///     "https://help.example.org/es/reset-password/"
    /// );
    /// ```
    pub fn page(&self, kind: FlowKind, locale: Locale) -> String {
        format!("{}{}", self.base_url, paths::page(kind, locale))
    }

    /// Where an enrollment begins, with the invitation's code filled in.
    ///
    /// ```
    /// # use protocol::{Locale, values::InvitationCode};
    /// # use verify_api::outbox::Links;
    /// let code = InvitationCode::parse("ABCD-EFGH-JKMN-PQRS").unwrap();
    /// assert_eq!(
    ///     Links::new("https://help.example.org").invitation(&code, Locale::Es),
    ///     "https://help.example.org/es/flows/enrollment?invitation=ABCD-EFGH-JKMN-PQRS"
    /// );
    /// ```
    pub fn invitation(&self, code: &InvitationCode, locale: Locale) -> String {
        let begin = paths::plain(FlowKind::Enrollment, locale);
        format!("{}{begin}?invitation={code}", self.base_url)
    }

    /// Where a username is shown to the holder of `token` (base64url, which
    /// needs no escaping).
    pub fn reveal(&self, token: &str, locale: Locale) -> String {
        let page = paths::in_language(locale, paths::REVEAL_USERNAME);
        format!("{}{page}?token={token}", self.base_url)
    }

    /// Where the holder of `token` (base64url) goes past the code of a reset.
    pub fn reset(&self, token: &str, locale: Locale) -> String {
        let page = paths::in_language(locale, paths::RESET_LINK);
        format!("{}{page}?token={token}", self.base_url)
    }

    /// Where whoever signs in sees their account.
    pub fn account(&self, locale: Locale) -> String {
        let page = paths::in_language(locale, paths::ACCOUNT);
        format!("{}{page}", self.base_url)
    }

    /// Where the holder of `token` (base64url) sets up what they sign in with as staff.
    pub fn staff_set_up(&self, token: &str) -> String {
        format!("{}{}?token={token}", self.base_url, paths::STAFF_SET_UP)
    }

    /// Where Twilio tells what became of message `job`. The id says nothing about
    /// a person.
    pub fn twilio_report(&self, job: &str) -> String {
        format!("{}{}{job}", self.base_url, paths::TWILIO_REPORTS)
    }

    /// The host alone, to which phones bind a texted code (WICG, "Origin-bound
    /// one-time codes"; it has no port).
    pub fn host(&self) -> &'a str {
        let origin = self
            .base_url
            .split_once("://")
            .map_or(self.base_url, |it| it.1);
        let origin = origin.split(['/', '?', '#']).next().unwrap_or_default();
        let origin = origin.rsplit_once('@').map_or(origin, |it| it.1);
        match origin.rsplit_once(':') {
            // The colons of an IPv6 address stand in brackets.
            Some((host, port)) if !port.contains(']') => host,
            _ => origin,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_host_has_neither_scheme_nor_port() {
        for (base_url, host) in [
            ("https://help.example.org", "help.example.org"),
            ("https://help.example.org/", "help.example.org"),
            ("http://127.0.0.1:8080", "127.0.0.1"),
            ("http://[::1]:8080", "[::1]"),
            ("http://[::1]", "[::1]"),
        ] {
            assert_eq!(Links::new(base_url).host(), host, "{base_url}");
        }
    }

    #[test]
    fn a_slash_at_the_end_is_not_doubled() {
        assert_eq!(
            Links::new("http://127.0.0.1:8080/").reveal("abc", Locale::En),
            "http://127.0.0.1:8080/flows/username-recovery/show?token=abc"
        );
        let links = Links::new("https://help.example.org/");
        assert_eq!(links.home(Locale::En), "https://help.example.org/");
        assert_eq!(links.home(Locale::Es), "https://help.example.org/es/");
    }
}
