//! A patient at the desk: finding them, and what is done while they are there.

use std::sync::Arc;

use axum::Extension;
use axum::body::Bytes;
use axum::extract::{Path, RawQuery, State};
use axum::http::StatusCode;
use axum::response::Response;
use data_encoding::HEXLOWER;
use protocol::form::{StaffConnections, StaffInvitation, StaffVisit, VisitProblem};
use protocol::{Answers, messages, paths};

use super::super::Web;
use super::super::forms::{Posted, see_other};
use super::super::input::query_value;
use super::super::language::Language;
use super::super::problem::told;
use super::connections::ConnectionParts;
use super::{Signed, failed, home, proxy, qr, refused};
use crate::app::{AtDesk, DeskError, Failure, Invited, Token};
use crate::flow::InvitationId;
use crate::patient::id;
use crate::staff::{Document, Documents, Lacking, PatientState};
use crate::store::DeskMessage;

/// A colleague was faster, or the visit is over.
const OVERTAKEN: VisitProblem<'_> = VisitProblem::Text("staff.problem.overtaken");
/// That somebody acts for the patient has ended.
const ENDED: &str = "staff.notice.proxy-ended";

/// Begins a visit of the patient whose record number was typed.
pub(super) async fn find(
    State(web): State<Arc<Web>>,
    language: Language,
    Extension(signed): Extension<Signed>,
    body: Bytes,
) -> Response {
    let posted = Posted::read(&body);
    let number = posted.answers.named("number").trim();
    match web.app.begin_visit(&signed.staff, number).await {
        Ok(Some(visit)) => see_other(&path(&language, &visit), None),
        Ok(None) => home::unknown(&web, &language, &signed, number),
        Err(failure) => failed(&web, &language, &told(failure)),
    }
}

/// Shows the patient of a visit. Changes nothing: that somebody looked was written down when
/// the visit began.
pub(super) async fn show(
    State(web): State<Arc<Web>>,
    language: Language,
    Path(visit): Path<String>,
    RawQuery(query): RawQuery,
    Extension(signed): Extension<Signed>,
) -> Response {
    let notice = match query_value(query.as_deref(), "notice").as_str() {
        "checked" => Some("staff.notice.checked"),
        "cancelled" => Some("staff.notice.cancelled"),
        "lifted" => Some("staff.notice.lifted"),
        "connected" => Some("staff.notice.connected"),
        "withdrawn" => Some("staff.notice.withdrawn"),
        "proxy-noted" => Some("staff.notice.proxy-noted"),
        "proxy-ended" => Some(ENDED),
        _ => None,
    };
    let here = Here {
        web: &web,
        language: &language,
        signed: &signed,
        visit: Token::parse(&visit),
        typed: &Answers::default(),
    };
    here.page(StatusCode::OK, notice, None).await
}

/// Does what was pressed.
pub(super) async fn act(
    State(web): State<Arc<Web>>,
    language: Language,
    Path(visit): Path<String>,
    Extension(signed): Extension<Signed>,
    body: Bytes,
) -> Response {
    let posted = Posted::read(&body);
    let visit = Token::parse(&visit);
    let here = Here {
        web: &web,
        language: &language,
        signed: &signed,
        visit: visit.clone(),
        typed: &posted.answers,
    };
    let Some(visit) = visit else {
        return here.over();
    };
    let seen = posted.answers.named("seen");
    let seen = id::from_hex(seen).ok().map(InvitationId);
    let (app, staff) = (&web.app, &signed.staff);
    let done = match posted.action.as_str() {
        "check" => {
            let documents = match Documents::seen(ticked(&posted.answers)) {
                Ok(documents) => documents,
                Err(lacking) => {
                    let problem = match lacking {
                        Lacking::Document => "staff.problem.no-document",
                        Lacking::Photo => "staff.problem.no-photo",
                    };
                    let status = StatusCode::UNPROCESSABLE_ENTITY;
                    let problem = Some(VisitProblem::Documents(problem));
                    return here.page(status, None, problem).await;
                }
            };
            let noted = app.note_check(staff, &visit, &documents).await;
            noted.map(|is_new| is_new.then_some("checked"))
        }
        "invite" => return here.invite(&visit, seen).await,
        "cancel" => match seen {
            None => Ok(None),
            Some(seen) => {
                let cancelled = app.cancel_invitation(staff, &visit, seen).await;
                cancelled.map(|is_done| is_done.then_some("cancelled"))
            }
        },
        "note-proxy" => match proxy::note(app, staff, &visit, &posted.answers).await {
            Ok(Ok(is_noted)) => Ok(is_noted.then_some("proxy-noted")),
            Ok(Err(problem)) => {
                let status = StatusCode::UNPROCESSABLE_ENTITY;
                return here.page(status, None, Some(problem)).await;
            }
            Err(failure) => Err(failure),
        },
        "end-proxy" => {
            let ended = proxy::end(app, staff, &visit, &posted.answers).await;
            ended.map(|is_done| is_done.then_some("proxy-ended"))
        }
        "lift" => {
            let lifted = app.lift_stop(staff, &visit).await;
            lifted.map(|is_done| is_done.then_some("lifted"))
        }
        "connect" => match posted.answers.named("provider").parse() {
            Err(_) if posted.answers.named("provider").is_empty() => {
                let status = StatusCode::UNPROCESSABLE_ENTITY;
                let problem = Some(VisitProblem::Text("staff.problem.no-provider"));
                return here.page(status, None, problem).await;
            }
            Err(_) => Ok(None),
            Ok(provider) => {
                let connected = app.connect_in_visit(staff, &visit, provider).await;
                connected.map(|is_done| is_done.then_some("connected"))
            }
        },
        "withdraw" => match posted.answers.named("connection").parse() {
            Err(_) => Ok(None),
            Ok(connection) => {
                let withdrawn = app.withdraw_in_visit(staff, &visit, connection).await;
                withdrawn.map(|is_done| is_done.then_some("withdrawn"))
            }
        },
        _ => Ok(None),
    };
    match done {
        Ok(Some(notice)) => {
            let page = path(&language, &visit);
            see_other(&format!("{page}?notice={notice}"), None)
        }
        Ok(None) => here.page(StatusCode::CONFLICT, None, Some(OVERTAKEN)).await,
        Err(failure) => failed(&web, &language, &told(failure)),
    }
}

/// The kinds of document that a form ticks.
fn ticked(typed: &Answers) -> Vec<Document> {
    let is_ticked = |document: &Document| {
        let name = format!("document-{}", document.as_str());
        !typed.named(&name).is_empty()
    };
    Document::ALL.into_iter().filter(is_ticked).collect()
}

/// The page of a visit, in a language.
fn path(language: &Language, visit: &Token) -> String {
    let page = paths::STAFF_VISIT.replace("{visit}", &visit.expose());
    paths::in_language(language.locale, &page)
}

/// A visit, and who is in it.
struct Here<'a> {
    web: &'a Web,
    language: &'a Language,
    signed: &'a Signed,
    visit: Option<Token>,
    /// What was sent, where it has to be typed once more.
    typed: &'a Answers,
}

impl Here<'_> {
    /// The patient as things stand now.
    async fn page(
        &self,
        status: StatusCode,
        notice: Option<&str>,
        problem: Option<VisitProblem<'_>>,
    ) -> Response {
        let Some(visit) = &self.visit else {
            return self.over();
        };
        match self.web.app.at_desk(&self.signed.staff, visit).await {
            Ok(Some(patient)) => {
                let main = self.main(visit, &patient, notice, problem);
                let title = "staff.visit.title";
                (self.web.shell).titled(status, self.language, title, &main)
            }
            Ok(None) => self.over(),
            Err(failure) => failed(self.web, self.language, &told(failure)),
        }
    }

    fn main(
        &self,
        visit: &Token,
        patient: &AtDesk,
        notice: Option<&str>,
        problem: Option<VisitProblem<'_>>,
    ) -> String {
        let words = messages::catalog(self.language.locale);
        let invitation = patient
            .invitation_message
            .iter()
            .map(|it| ("invitation", fate(it)));
        let codes = patient.codes.iter().map(|it| ("code", fate(it)));
        let told: Vec<_> = codes.chain(invitation).collect();
        let kinds = Document::ALL.map(Document::as_str);
        let names = |all: &[Document]| all.iter().map(|it| it.as_str()).collect::<Vec<_>>();
        let seen = patient.documents.as_deref().map(names);
        let ticked = names(&ticked(self.typed));
        let open = patient.open.map(|it| HEXLOWER.encode(&it.0));
        let open = open.unwrap_or_default();
        let state = match patient.state {
            PatientState::Done if patient.are_passwords_stopped => "passwords-stopped",
            state => state.as_str(),
        };
        let proxy = proxy::Told::new(&patient.proxy, patient.state);
        // What the end changes for an account is told where there is one.
        let notice = match (notice, patient.state) {
            (Some(ENDED), PatientState::Done) => Some("staff.notice.proxy-ended.account"),
            (notice, _) => notice,
        };
        let form = self.web.app.staff_form(&self.signed.session).expose();
        let parts = patient.connections.as_ref().map(ConnectionParts::of);
        let (all, choices) = match &parts {
            Some(parts) => (parts.all(), parts.choices()),
            None => Default::default(),
        };
        let connections = parts.as_ref().map(|_| StaffConnections {
            all: &all,
            choices: &choices,
        });
        let page = StaffVisit {
            name: &patient.name,
            birth_date: patient.birth_date,
            number: patient.number.as_deref(),
            phones: &patient.phones,
            has_email: patient.has_email,
            state,
            closed_on: patient.closed_on,
            messages: &told,
            kinds: &kinds,
            ticked: &ticked,
            seen: seen.as_deref(),
            can_be_invited: patient.state.can_be_invited() && patient.proxy.acting.can_be_invited(),
            open: &open,
            is_stopped: patient.is_stopped,
            connections,
            proxy: proxy.part(self.typed),
            notice,
            problem,
            action: &path(self.language, visit),
            home: &home(self.language),
            token: &form,
        };
        page.html(&words)
    }

    /// Invites, and shows the invitation to be printed: only its keyed hash is kept.
    async fn invite(&self, visit: &Token, seen: Option<InvitationId>) -> Response {
        let staff = &self.signed.staff;
        let patient = match self.web.app.at_desk(staff, visit).await {
            Ok(Some(patient)) => patient,
            Ok(None) => return self.over(),
            Err(failure) => return failed(self.web, self.language, &told(failure)),
        };
        match self.web.app.invite_in_visit(staff, visit, seen).await {
            Ok(invited) => self.printed(visit, &patient, &invited),
            Err(DeskError::Unavailable(cause)) => {
                let failure = Failure::unavailable(&cause);
                failed(self.web, self.language, &told(failure))
            }
            Err(_) => self.page(StatusCode::CONFLICT, None, Some(OVERTAKEN)).await,
        }
    }

    fn printed(&self, visit: &Token, patient: &AtDesk, invited: &Invited) -> Response {
        let words = messages::catalog(self.language.locale);
        let picture = qr::drawn(&invited.link);
        let page = StaffInvitation {
            name: &patient.name,
            acts_for: (invited.is_for_proxy).then_some(patient.first_name.as_str()),
            speaks: invited.speaks,
            code: &invited.code.to_string(),
            link: &invited.link,
            picture: picture.as_ref(),
            by_email: invited.by_email,
            has_phone: invited.has_phone,
            visit: &path(self.language, visit),
        };
        let main = page.html(&words);
        let title = "staff.invitation.title";
        (self.web.shell).titled(StatusCode::OK, self.language, title, &main)
    }

    /// The visit is over, or somebody else's.
    fn over(&self) -> Response {
        refused(self.web, self.language, StatusCode::GONE, "staff.over")
    }
}

/// The name of what became of a message.
fn fate(message: &DeskMessage) -> &str {
    match (message.fate.as_deref(), message.report.as_deref()) {
        (None, _) if message.attempts > 1 => "again",
        (None, _) => "waiting",
        (Some("sent"), Some(report)) => report,
        (Some(fate), _) => fate,
    }
}
