//! The page behind the link by which staff set up what they sign in with.

use std::sync::Arc;

use axum::body::Bytes;
use axum::extract::rejection::BytesRejection;
use axum::extract::{RawQuery, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::Response;
use protocol::answers::PasswordText;
use protocol::form::{StaffProblem, StaffSetUp};
use protocol::values::Code;
use protocol::{Answer, Answers, Field, FieldProblems, Problem, StepName, messages, paths};

use super::super::elsewhere::is_from_elsewhere;
use super::super::forms::{Posted, probe, see_other};
use super::super::input::{query_value, why};
use super::super::language::Language;
use super::super::problem::told;
use super::super::{Web, cookies};
use super::{failed, qr, sign_in};
use crate::app::{Outcome, SetUp, SettingUp, Token};

/// Shows whose link it is, and a button. Changes nothing.
pub(super) async fn ask(
    State(web): State<Arc<Web>>,
    language: Language,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
) -> Response {
    let link = Token::parse(&query_value(query.as_deref(), "token"));
    start(&web, &language, &headers, link.as_ref(), None).await
}

/// Shows the secret of the app in the browser that asks for it, or spends the link.
pub(super) async fn act(
    State(web): State<Arc<Web>>,
    language: Language,
    headers: HeaderMap,
    body: Result<Bytes, BytesRejection>,
) -> Response {
    let body = match body {
        Ok(body) => body,
        Err(rejection) => return failed(&web, &language, &Problem::new(why(&rejection))),
    };
    let posted = Posted::read(&body);
    let is_ours = posted.has_probe(&headers, web.is_https())
        && !is_from_elsewhere(&headers, &web.app.base_url);
    let link = posted.token.as_ref();
    let (Some(link), true) = (link, is_ours) else {
        // Another site's form, or a browser without cookies: nothing was spent.
        let problem = Some("problem.needs-cookies");
        return start(&web, &language, &headers, link, problem).await;
    };
    let probe = probe(&web, &headers);
    let page = async |problems: &FieldProblems| {
        let shown = web.app.setting_up(link, &probe).await;
        page(&web, &language, (link, &probe), shown, problems)
    };
    if posted.action == "begin" {
        return page(&FieldProblems::new()).await;
    }
    let (password, code) = match typed(&posted.answers) {
        Ok(typed) => typed,
        Err(problems) => return page(&problems).await,
    };
    let browser = cookies::staff_browser(&headers, web.is_https());
    match (web.app)
        .set_up(link, &probe, &password, &code, &browser)
        .await
    {
        Ok(SetUp::Done(browser)) => {
            let sign_in = sign_in::path(&language);
            let know = cookies::know_browser(&browser, web.is_https());
            see_other(&format!("{sign_in}?notice=set-up"), Some(know))
        }
        Ok(SetUp::Problems(problems)) => page(&problems).await,
        Ok(SetUp::Gone) => gone(&web, &language),
        Err(failure) => failed(&web, &language, &told(failure)),
    }
}

fn typed(answers: &Answers) -> Result<(PasswordText, Code), FieldProblems> {
    let code = Code::parse(answers.get(Field::Code));
    let password = Answer::parse(StepName::NewPassword, answers);
    match (password, code) {
        (Ok(Some(Answer::NewPassword(password))), Ok(code)) => Ok((password, code)),
        (password, code) => {
            let mut problems = password.err().unwrap_or_default();
            problems.extend(code.err().map(|problem| (Field::Code, problem)));
            Err(problems)
        }
    }
}

/// Whose link it is, and the button that shows the rest to this browser.
async fn start(
    web: &Web,
    language: &Language,
    headers: &HeaderMap,
    link: Option<&Token>,
    problem: Option<&'static str>,
) -> Response {
    let Some(link) = link else {
        return gone(web, language);
    };
    let email = match web.app.linked_email(link).await {
        Ok(Some(email)) => email,
        Ok(None) => return gone(web, language),
        Err(failure) => return failed(web, language, &told(failure)),
    };
    let probe = probe(web, headers);
    let page = StaffSetUp::Start {
        action: &path(language),
        hidden: &[("token", &link.expose()), ("probe", &probe.expose())],
        email: &email,
        problem: problem.map(StaffProblem::Text),
    };
    let status = match problem {
        None => StatusCode::OK,
        Some(_) => StatusCode::FORBIDDEN,
    };
    let mut response = render(web, language, status, &page);
    let hold = cookies::hold(&probe, web.is_https());
    response.headers_mut().append(header::SET_COOKIE, hold);
    response
}

/// The secret, and the form that spends the link.
fn page(
    web: &Web,
    language: &Language,
    (link, probe): (&Token, &Token),
    shown: Outcome<Option<SettingUp>>,
    problems: &FieldProblems,
) -> Response {
    let shown = match shown {
        Ok(Some(shown)) => shown,
        Ok(None) => return gone(web, language),
        Err(failure) => return failed(web, language, &told(failure)),
    };
    let picture = qr::drawn(&shown.uri);
    let page = StaffSetUp::Ask {
        action: &path(language),
        hidden: &[("token", &link.expose()), ("probe", &probe.expose())],
        email: &shown.email,
        secret: &shown.typed,
        picture: picture.as_ref(),
        problems,
    };
    let status = if problems.is_empty() {
        StatusCode::OK
    } else {
        StatusCode::UNPROCESSABLE_ENTITY
    };
    render(web, language, status, &page)
}

fn path(language: &Language) -> String {
    paths::in_language(language.locale, paths::STAFF_SET_UP)
}

fn gone(web: &Web, language: &Language) -> Response {
    render(web, language, StatusCode::GONE, &StaffSetUp::Gone)
}

fn render(web: &Web, language: &Language, status: StatusCode, page: &StaffSetUp<'_>) -> Response {
    let words = messages::catalog(language.locale);
    let main = page.html(&words);
    web.shell.titled(status, language, page.title(), &main)
}
