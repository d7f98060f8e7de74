//! Reading forms and rendering steps for the plain host.

use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::Response;
use protocol::form::{self, Form};
use protocol::{Answers, FlowKind, Notice, Problem, Progress, Step, View, messages, paths};

use super::language::Language;
use super::{Web, cookies};
use crate::app::Token;

/// A posted form: its answers, and what our own hidden fields and buttons say.
pub(super) struct Posted {
    pub(super) answers: Answers,
    pub(super) token: Option<Token>,
    /// Whether it came with a token that is none.
    pub(super) is_broken: bool,
    probe: Option<Token>,
    pub(super) step: String,
    pub(super) action: String,
}

impl Posted {
    pub(super) fn read(body: &[u8]) -> Self {
        let pairs = form_urlencoded::parse(body);
        let action = pairs
            .clone()
            .find_map(|(name, _)| Some(name.strip_prefix(form::ACTION)?.to_owned()));
        let answers = Answers::from_form(pairs.map(|(k, v)| (k.into_owned(), v.into_owned())));
        let token = Token::parse(answers.named("token"));
        Self {
            is_broken: token.is_none() && !answers.named("token").is_empty(),
            token,
            probe: Token::parse(answers.named("probe")),
            step: answers.named("step").to_owned(),
            action: action.unwrap_or_default(),
            answers,
        }
    }

    /// Whether this browser got the form from us, and so may have its cookies
    /// changed by it: it holds what the form holds.
    pub(super) fn is_ours(&self, headers: &HeaderMap, kind: FlowKind, is_https: bool) -> bool {
        match &self.token {
            Some(token) => cookies::token(headers, kind, is_https).as_ref() == Some(token),
            None => self.has_probe(headers, is_https),
        }
    }

    /// Whether form and browser hold the same probe.
    pub(super) fn has_probe(&self, headers: &HeaderMap, is_https: bool) -> bool {
        self.probe.is_some() && self.probe == cookies::probe(headers, is_https)
    }
}

/// The probe for a form of no flow: the one that the browser holds, so that its
/// other tabs stay good, or a new one.
pub(super) fn probe(web: &Web, headers: &HeaderMap) -> Token {
    cookies::probe(headers, web.is_https()).unwrap_or_else(|| Token::new(&*web.app.entropy))
}

/// What a page of a flow shows.
pub(super) struct Page<'a> {
    pub(super) language: &'a Language,
    pub(super) kind: FlowKind,
    pub(super) step: &'a Step,
    pub(super) progress: Progress,
    pub(super) notice: Option<Notice>,
    pub(super) problem: Option<&'a Problem>,
    pub(super) is_out_of_tries: bool,
    /// Seconds until the flow stops waiting; nothing before there is one.
    pub(super) expires_in: Option<u32>,
    pub(super) typed: &'a Answers,
    /// What comes back with the form, by name: the flow's token, or the probe.
    pub(super) hidden: (&'static str, &'a Token),
}

impl<'a> Page<'a> {
    /// The step at which a flow stands.
    pub(super) const fn of(
        language: &'a Language,
        view: &'a View,
        typed: &'a Answers,
        token: &'a Token,
    ) -> Self {
        Self {
            language,
            kind: view.kind,
            step: &view.step,
            progress: view.progress,
            notice: view.notice,
            problem: None,
            is_out_of_tries: view.is_out_of_tries,
            expires_in: Some(view.expires_in),
            typed,
            hidden: ("token", token),
        }
    }

    pub(super) fn render(&self, web: &Web, status: StatusCode) -> Response {
        let locale = self.language.locale;
        let words = messages::catalog(locale);
        let action = paths::plain(self.kind, locale);
        let (name, token) = self.hidden;
        let token = token.expose();
        let form = Form {
            kind: self.kind,
            step: self.step,
            progress: self.progress,
            notice: self.notice,
            problem: self.problem,
            is_out_of_tries: self.is_out_of_tries,
            expires_in: self.expires_in,
            sign_in: web.app.portal_url.as_deref(),
            typed: self.typed,
            action: &action,
            hidden: &[(name, &token)],
            is_page: true,
        };
        web.shell.page(
            status,
            self.language,
            &form::page_title(&form, &words),
            &form::html(&form, &words),
        )
    }
}

/// A redirect that is followed with GET, so that a reload repeats nothing.
pub(super) fn see_other(location: &str, cookie: Option<HeaderValue>) -> Response {
    let mut response = Response::default();
    *response.status_mut() = StatusCode::SEE_OTHER;
    let headers = response.headers_mut();
    let location = HeaderValue::try_from(location).unwrap_or(HeaderValue::from_static("/"));
    headers.insert(header::LOCATION, location);
    if let Some(cookie) = cookie {
        headers.append(header::SET_COOKIE, cookie);
    }
    response
}
