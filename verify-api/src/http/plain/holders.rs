//! Whoever is signed in: led to their account, and others to where one signs in.

use axum::http::{StatusCode, header};
use axum::response::Response;
use protocol::{Answers, FlowKind, Notice, Problem, ProblemCode, View, form, messages, paths};

use super::{Language, Posted, Visit, cookies, current, dead_end, see_other, status, told};
use crate::app::{Answered, Outcome, Token};

impl Visit<'_> {
    /// Why no flow has begun.
    pub(super) fn not_begun(&self, problem: &Problem) -> Response {
        match problem.code {
            ProblemCode::SignInFirst => self.sign_in_first(Some(problem)),
            _ => dead_end(self.web, self.language, self.kind, problem),
        }
    }

    /// The first step for whoever may take it; for others the way to where one signs in.
    pub(super) async fn first_look(&self, typed: &Answers, notice: Option<Notice>) -> Response {
        if !self.kind.needs_session() {
            return self.first_step(typed, notice, None);
        }
        match self.own_first_view().await {
            Ok(Some(view)) => self.first_step_of(&view, typed, notice, None),
            Ok(None) => self.sign_in_first(None),
            Err(failure) => dead_end(self.web, self.language, self.kind, &told(failure)),
        }
    }

    /// To whoever has answered a flow that is not of their session: the first step, if they
    /// have signed in again meanwhile.
    pub(super) async fn not_theirs(&self, problem: &Problem) -> Response {
        let (typed, lost) = (Answers::default(), Some(Notice::Lost));
        match self.own_first_view().await {
            Ok(Some(view)) => self.first_step_of(&view, &typed, lost, None),
            Ok(None) => self.sign_in_first(Some(problem)),
            Err(failure) => dead_end(self.web, self.language, self.kind, &told(failure)),
        }
    }

    /// The first step, as whoever is signed in is shown it; nothing where nobody is.
    async fn own_first_view(&self) -> Outcome<Option<View>> {
        let session = self.web.session(self.headers);
        self.web.app.own_first_view(self.kind, session).await
    }

    /// To the account, for whoever comes to sign in and is signed in. An answer is taken all the
    /// same: it may be somebody else's, who has the form open in another tab.
    pub(super) async fn signed_in_before(&self) -> Option<Response> {
        let is_sign_in = self.kind == FlowKind::SignIn;
        let is_known = is_sign_in && matches!(self.is_signed_in().await, Ok(true));
        is_known.then(|| {
            let account = paths::in_language(self.language.locale, paths::ACCOUNT);
            let notice = Notice::SignedIn.as_str();
            see_other(&format!("{account}?notice={notice}"), None)
        })
    }

    async fn is_signed_in(&self) -> Outcome<bool> {
        match self.web.session(self.headers) {
            Some(session) => self.web.app.is_signed_in(session).await,
            None => Ok(false),
        }
    }

    /// To whoever is not signed in; with the problem, if they have sent an answer.
    pub(super) fn sign_in_first(&self, problem: Option<&Problem>) -> Response {
        let words = messages::catalog(self.language.locale);
        let status = problem.map_or(StatusCode::OK, status);
        let main = form::sign_in_first(problem, &words);
        let title = "sign-in-first.title";
        (self.web.shell).titled(status, self.language, title, &main)
    }

    /// The last step of whoever has no account any more, as the answer itself: nobody could
    /// be led to it, since the flow was of a session that has ended.
    pub(super) fn ended(&self, view: &View, token: &Token) -> Response {
        let (web, language) = (self.web, Language::alone(self.language.locale));
        let mut response = current(web, &language, view, view.notice, token, StatusCode::OK);
        let is_https = web.is_https();
        for cookie in [
            cookies::sign_out(is_https),
            cookies::forget(self.kind, is_https),
        ] {
            response.headers_mut().append(header::SET_COOKIE, cookie);
        }
        response
    }

    /// The same to whoever sends the last answer once more: their cookies are gone, or stayed
    /// as they were where that page was lost on its way. Another session may have begun since.
    pub(super) async fn ended_before(&self, posted: &Posted) -> Option<Response> {
        let (web, language) = (self.web, Language::alone(self.language.locale));
        let token = posted.token.as_ref().filter(|_| self.kind.ends_session())?;
        let view = web.app.view(token, web.session(self.headers)).await.ok()?;
        let found = Answered {
            view,
            session: None,
        };
        (found.view.kind == self.kind && found.is_signed_out())
            .then(|| current(web, &language, &found.view, None, token, StatusCode::OK))
    }

    /// On to the account; the flow has done its work.
    pub(super) fn signed_in(&self, session: &Token) -> Response {
        let account = paths::in_language(self.language.locale, paths::ACCOUNT);
        let is_https = self.web.is_https();
        let mut response = see_other(&account, Some(cookies::sign_in(session, is_https)));
        let forget = cookies::forget(self.kind, is_https);
        response.headers_mut().append(header::SET_COOKIE, forget);
        response
    }
}
