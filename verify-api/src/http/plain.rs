//! The plain host: the same steps as HTML forms, for every browser.
//!
//! `GET` shows and changes nothing; a flow is begun by the first `POST`. The
//! token travels in the form. Where the browser keeps cookies, an answer is
//! followed by a redirect, so that reload and back work as people expect;
//! where it does not, the next step is the answer itself.

mod holders;

use std::sync::Arc;

use axum::body::Bytes;
use axum::extract::rejection::BytesRejection;
use axum::extract::{Path, RawQuery, State as Shared};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::Response;
use protocol::{
    Answers, Channel, Field, FlowKind, Locale, Notice, Problem, ProblemCode, StepName, View, form,
    messages, paths,
};

use super::caller::Caller;
use super::elsewhere::is_from_elsewhere;
use super::forms::{Page, Posted, probe, see_other};
use super::input::{query_value, why};
use super::language::Language;
use super::problem::{set_retry_after, status, told};
use super::{Web, cookies, site};
use crate::app::{Answered, Failure, Outcome, Token, Visitor};
use crate::limits::Network;

/// Shows the flow of the cookie, or the first step.
pub(super) async fn show(
    Shared(web): Shared<Arc<Web>>,
    Path(kind): Path<String>,
    Caller(from): Caller,
    language: Language,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
) -> Response {
    let Some(kind) = FlowKind::from_name(&kind) else {
        return site::not_found_page(&web, language.locale).await;
    };
    let visit = Visit {
        web: &web,
        language: &language,
        headers: &headers,
        kind,
        from,
    };
    if let Some(response) = visit.signed_in_before().await {
        return response;
    }
    let asked = |name| query_value(query.as_deref(), name);
    let told_of = asked("notice");
    let notice = Notice::ALL
        .into_iter()
        .find(|notice| notice.as_str() == told_of && !notice.is_of_time())
        .filter(|notice| *notice != Notice::SignedIn);
    let invitation = asked(Field::Invitation.as_str());
    let token = cookies::token(&headers, kind, web.is_https());
    // A link with an invitation begins anew: it may be another person's, on a
    // phone that a family shares.
    let (Some(token), true) = (token, invitation.is_empty()) else {
        let mut typed = Answers::default();
        typed.set(Field::Invitation, invitation);
        let notice = notice.filter(|notice| *notice == Notice::SignedOut);
        return visit.first_look(&typed, notice).await;
    };
    match web.app.view(&token, web.session(&headers)).await {
        Ok(view) if view.kind != kind => visit.first_look(&Answers::default(), None).await,
        Ok(view) => current(&web, &language, &view, notice, &token, StatusCode::OK),
        Err(failure) => {
            let problem = told(failure);
            if form::is_mendable(problem.code) {
                return dead_end(&web, &language, kind, &problem);
            }
            let mut response = match problem.code {
                ProblemCode::SignInFirst => visit.first_look(&Answers::default(), None).await,
                _ => visit.begin_again(&problem, &Answers::default()),
            };
            let forget = cookies::forget(kind, web.is_https());
            response.headers_mut().append(header::SET_COOKIE, forget);
            response
        }
    }
}

/// Takes an answer.
pub(super) async fn post(
    Shared(web): Shared<Arc<Web>>,
    Path(kind): Path<String>,
    Caller(from): Caller,
    language: Language,
    headers: HeaderMap,
    body: Result<Bytes, BytesRejection>,
) -> Response {
    let Some(kind) = FlowKind::from_name(&kind) else {
        return site::not_found_page(&web, language.locale).await;
    };
    let home = paths::plain(kind, language.locale);
    let here = paths::plain(kind, Locale::default());
    if is_from_elsewhere(&headers, &web.app.base_url) {
        return see_other(&home, None);
    }
    let posted = match body {
        Ok(body) => Posted::read(&body),
        Err(rejection) => {
            let problem = Problem::new(why(&rejection));
            return dead_end(&web, &language, kind, &problem);
        }
    };
    let is_ours = posted.is_ours(&headers, kind, web.is_https());
    // Where the cookie holds what the form holds, the other language goes on at this step; in
    // a browser without cookies it would begin anew.
    let language = if is_ours {
        language.at(&here)
    } else {
        language
    };
    let visit = Visit {
        web: &web,
        language: &language,
        headers: &headers,
        kind,
        from,
    };
    if posted.action == "start-over" {
        if is_ours {
            return see_other(&home, Some(cookies::forget(kind, web.is_https())));
        }
        return visit.first_step(&Answers::default(), None, None);
    }
    // Without its token a later step is of no flow; and a new one would say that
    // the person "has been here before".
    if posted.is_broken || (posted.token.is_none() && visit.is_later_step(&posted.step)) {
        let problem = Problem::new(ProblemCode::UnknownFlow);
        return visit.begin_again(&problem, &posted.answers);
    }
    if let Some(response) = visit.ended_before(&posted).await {
        return response;
    }
    // Where no cookie is kept nobody can be signed in, and none is set by a form that
    // another site may have brought: it would be into an account of its choice. Nor does
    // such a form act on the account of whoever is signed in.
    if kind.needs_cookies() && !is_ours {
        if cookies::probe(&headers, web.is_https()).is_some() {
            // Cookies are kept: another tab has gone on, or has ended the session.
            if kind.needs_session() {
                let problem = Problem::new(ProblemCode::SignInFirst);
                return visit.not_theirs(&problem).await;
            }
            return visit.first_step(&posted.answers, Some(Notice::Lost), None);
        }
        let problem = Problem::new(ProblemCode::NeedsCookies);
        return visit.first_step(&posted.answers, None, Some(&problem));
    }
    let token = match &posted.token {
        Some(token) => token.clone(),
        None => match visit.begin().await {
            Ok(token) => token,
            Err(failure) => return visit.not_begun(&told(failure)),
        },
    };
    let outcome = match visit.act(&token, &posted).await {
        Ok(Answered {
            session: Some(session),
            ..
        }) => return visit.signed_in(&session),
        Ok(answered) if answered.is_signed_out() => return visit.ended(&answered.view, &token),
        Ok(answered) => Ok(answered.view),
        Err(failure) => Err(failure),
    };
    let remember = cookies::remember(&token, kind, web.is_https());
    match outcome {
        Ok(view) if posted.action == form::MORE_TIME => visit.extended(&posted, &token, &view),
        Ok(view) if is_ours => {
            let query = view
                .notice
                .map_or_else(String::new, |notice| format!("?notice={}", notice.as_str()));
            see_other(&format!("{home}{query}"), Some(remember))
        }
        Ok(view) => current(&web, &language, &view, view.notice, &token, StatusCode::OK),
        Err(failure) => {
            let problem = told(failure);
            let cookie = if form::is_mendable(problem.code) {
                remember
            } else {
                cookies::forget(kind, web.is_https())
            };
            let mut response = visit.refused(&posted, &token, problem).await;
            if is_ours {
                response.headers_mut().append(header::SET_COOKIE, cookie);
            }
            response
        }
    }
}

/// One request about a kind of flow.
struct Visit<'a> {
    web: &'a Web,
    language: &'a Language,
    headers: &'a HeaderMap,
    kind: FlowKind,
    from: Network,
}

impl Visit<'_> {
    fn is_later_step(&self, step: &str) -> bool {
        let first = self.web.app.first_view(self.kind).step.name();
        StepName::from_name(step).is_some_and(|step| step != first)
    }

    async fn begin(&self) -> Outcome<Token> {
        let app = &self.web.app;
        let view = app
            .begin(self.kind, self.language.locale, self.visitor())
            .await?;
        view.token
            .and_then(|token| Token::parse(&token))
            .ok_or_else(|| Failure::unavailable(&"a new flow has no token"))
    }

    /// Does what the pressed button says.
    async fn act(&self, token: &Token, posted: &Posted) -> Outcome<Answered> {
        let app = &self.web.app;
        let visitor = self.visitor();
        if app.view(token, visitor.session).await?.kind != self.kind {
            return Err(ProblemCode::UnknownFlow.into());
        }
        let view = match posted.action.as_str() {
            "back" => app.back(token, visitor).await?,
            form::MORE_TIME => app.extend(token, visitor.session).await?,
            "resend" => app.resend(token, None, visitor).await?,
            other => {
                let channel = other.strip_prefix("resend-").and_then(Channel::from_name);
                if channel.is_none() {
                    let step = StepName::from_name(&posted.step).ok_or(ProblemCode::BadRequest)?;
                    return app.submit(token, step, &posted.answers, visitor).await;
                }
                app.resend(token, channel, visitor).await?
            }
        };
        Ok(Answered {
            view,
            session: None,
        })
    }

    fn visitor(&self) -> Visitor {
        Visitor {
            network: self.from,
            locale: Some(self.language.locale),
            session: self.web.session(self.headers),
        }
    }

    /// The same step with what was typed, which no redirect would bring along.
    fn extended(&self, posted: &Posted, token: &Token, view: &View) -> Response {
        let (web, language) = (self.web, self.language);
        if StepName::from_name(&posted.step) != Some(view.step.name()) {
            let notice = Some(Notice::AlreadyAnswered);
            return current(web, language, view, notice, token, StatusCode::OK);
        }
        Page::of(language, view, &posted.answers, token).render(web, StatusCode::OK)
    }

    /// Shows why it was not accepted, with what was typed.
    async fn refused(&self, posted: &Posted, token: &Token, mut problem: Problem) -> Response {
        let (web, language) = (self.web, self.language);
        if let Some(view) = problem.view.take() {
            let status = status(&problem);
            return current(web, language, &view, view.notice, token, status);
        }
        if problem.code == ProblemCode::SignInFirst {
            return self.not_theirs(&problem).await;
        }
        if !form::is_mendable(problem.code) {
            return self.begin_again(&problem, &posted.answers);
        }
        let Ok(view) = web.app.view(token, web.session(self.headers)).await else {
            return dead_end(web, language, self.kind, &problem);
        };
        let page = Page {
            problem: Some(&problem),
            ..Page::of(language, &view, &posted.answers, token)
        };
        let mut response = page.render(web, status(&problem));
        set_retry_after(response.headers_mut(), &problem);
        response
    }

    /// The first step again, after a flow that cannot go on; what was typed comes
    /// along as far as the first step asks for it.
    fn begin_again(&self, problem: &Problem, typed: &Answers) -> Response {
        let notice = match problem.code {
            // It tells what to bring to the new start; the others only ran out. A look at
            // this address would not tell it again.
            ProblemCode::InvitationEnded => {
                let alone = Visit {
                    language: &Language::alone(self.language.locale),
                    ..*self
                };
                return alone.first_step(&Answers::default(), None, Some(problem));
            }
            ProblemCode::FlowExpired => Notice::StartedOver,
            _ => Notice::Lost,
        };
        self.first_step(typed, Some(notice), None)
    }

    /// The first step, before there is a flow.
    fn first_step(
        &self,
        typed: &Answers,
        notice: Option<Notice>,
        problem: Option<&Problem>,
    ) -> Response {
        let view = self.web.app.first_view(self.kind);
        self.first_step_of(&view, typed, notice, problem)
    }

    fn first_step_of(
        &self,
        view: &View,
        typed: &Answers,
        notice: Option<Notice>,
        problem: Option<&Problem>,
    ) -> Response {
        let web = self.web;
        let probe = probe(web, self.headers);
        let page = Page {
            language: self.language,
            kind: self.kind,
            step: &view.step,
            progress: view.progress,
            notice,
            problem,
            is_out_of_tries: false,
            expires_in: None,
            typed,
            hidden: ("probe", &probe),
        };
        let mut response = page.render(web, problem.map_or(StatusCode::OK, status));
        let hold = cookies::hold(&probe, web.is_https());
        response.headers_mut().append(header::SET_COOKIE, hold);
        response
    }
}

pub(super) fn current(
    web: &Web,
    language: &Language,
    view: &View,
    notice: Option<Notice>,
    token: &Token,
    status: StatusCode,
) -> Response {
    let typed = Answers::default();
    let page = Page {
        notice,
        ..Page::of(language, view, &typed, token)
    };
    page.render(web, status)
}

/// Nothing can be shown but why, and where to go on.
pub(super) fn dead_end(
    web: &Web,
    language: &Language,
    kind: FlowKind,
    problem: &Problem,
) -> Response {
    let words = messages::catalog(language.locale);
    let title = words.text(&format!("flow.{}", kind.as_str())).to_owned();
    let way_on = paths::page(kind, language.locale);
    dead_end_at(web, language, &title, &way_on, problem)
}

/// The same, where no flow is to be gone on with. Nothing is told of the other languages: a
/// look at the address would not show this again, and the way on has them.
pub(super) fn dead_end_at(
    web: &Web,
    language: &Language,
    title: &str,
    way_on: &str,
    problem: &Problem,
) -> Response {
    let words = messages::catalog(language.locale);
    let main = form::dead_end(problem, title, way_on, &words);
    let alone = Language::alone(language.locale);
    let mut response = (web.shell).page(status(problem), &alone, title, &main);
    set_retry_after(response.headers_mut(), problem);
    response
}
