//! Searching for a patient by name and birth date.
//!
//! Whoever is found stands only in the answer to a press: no address leads to it, and none holds
//! what was typed.

use std::sync::Arc;

use axum::Extension;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use protocol::form::{StaffFound, StaffMatch, StaffSearch};
use protocol::values::BirthDate;
use protocol::{Answers, Field, FieldProblem, messages, paths};

use super::super::Web;
use super::super::forms::Posted;
use super::super::language::Language;
use super::super::problem::told;
use super::{Signed, failed, home};
use crate::app::FoundPatients;

/// Asks whom to search for.
pub(super) async fn ask(
    State(web): State<Arc<Web>>,
    language: Language,
    Extension(signed): Extension<Signed>,
) -> Response {
    let asked = Asked::default();
    asked.page(&web, &language, &signed, StatusCode::OK)
}

/// Searches, once there is a name and a birth date.
pub(super) async fn search(
    State(web): State<Arc<Web>>,
    language: Language,
    Extension(signed): Extension<Signed>,
    body: Bytes,
) -> Response {
    let mut asked = Asked {
        typed: Posted::read(&body).answers,
        ..Asked::default()
    };
    let name = asked.typed.named("name").trim();
    let born = BirthDate::parse(asked.typed.get(Field::BirthDate));
    let no_name = Some("staff.search.no-name");
    if name.is_empty() {
        asked.name_problem = no_name;
    }
    asked.date_problem = born.err().map(|problem| match problem {
        FieldProblem::Required => "staff.search.no-date",
        _ => "staff.search.wrong-date",
    });
    if let (Ok(born), None) = (born, asked.name_problem) {
        match web.app.search_at_desk(&signed.staff, name, born).await {
            Ok(Some(found)) => asked.found = Some(found),
            Ok(None) => asked.name_problem = no_name,
            Err(failure) => return failed(&web, &language, &told(failure)),
        }
    }
    let status = match asked.found {
        Some(_) => StatusCode::OK,
        None => StatusCode::UNPROCESSABLE_ENTITY,
    };
    asked.page(&web, &language, &signed, status)
}

/// What was typed, and what it came to.
#[derive(Default)]
struct Asked {
    typed: Answers,
    name_problem: Option<&'static str>,
    date_problem: Option<&'static str>,
    found: Option<FoundPatients>,
}

impl Asked {
    fn page(
        &self,
        web: &Web,
        language: &Language,
        signed: &Signed,
        status: StatusCode,
    ) -> Response {
        let words = messages::catalog(language.locale);
        let form = web.app.staff_form(&signed.session).expose();
        let find = paths::in_language(language.locale, paths::STAFF_FIND);
        let found = self.found.as_ref();
        let shown: Vec<_> = found
            .iter()
            .flat_map(|found| &found.patients)
            .map(|found| {
                let patient = &found.on_file.patient;
                let given = patient.given_names.join(" ");
                let name = format!("{given} {}", patient.family_name);
                (name, &found.on_file)
            })
            .collect();
        let patients: Vec<_> = shown
            .iter()
            .map(|(name, on_file)| StaffMatch {
                name,
                birth_date: on_file.patient.birth_date,
                number: on_file.number.as_deref(),
                is_closed: !on_file.patient.standing.is_current(),
            })
            .collect();
        let page = StaffSearch {
            action: &paths::in_language(language.locale, paths::STAFF_SEARCH),
            hidden: &[("token", form.as_str())],
            typed: &self.typed,
            name_problem: self.name_problem,
            date_problem: self.date_problem,
            found: found.map(|found| StaffFound {
                patients: &patients,
                has_more: found.has_more,
                is_incomplete: found.is_incomplete,
                action: &find,
            }),
            home: &home(language),
        };
        let main = page.html(&words);
        (web.shell).titled(status, language, "staff.search.title", &main)
    }
}
