//! Who acts for a patient at the desk: what a form says of it, and how the page tells it.

use data_encoding::HEXLOWER;
use jiff::civil::Date;
use protocol::form::{StaffProxy, StaffProxyNoted, VisitProblem};
use protocol::{Answers, Relationship};

use crate::app::{App, Outcome, ProxyAtDesk, ProxyNoted, StaffSignedIn, Token};
use crate::patient::id;
use crate::staff::{Acting, Authority, NoProxy, PatientState, ProxyId};

/// Notes what a form says; whether it was noted, or what it lacks.
pub(super) async fn note(
    app: &App,
    staff: &StaffSignedIn,
    visit: &Token,
    typed: &Answers,
) -> Outcome<Result<bool, VisitProblem<'static>>> {
    let Some(relationship) = Relationship::from_name(typed.named("relationship")) else {
        let problem = VisitProblem::Relationship("staff.problem.no-relationship");
        return Ok(Err(problem));
    };
    let is_seen = |kind: &Authority| {
        let name = ["authority-", kind.as_str()].concat();
        !typed.named(&name).is_empty()
    };
    let seen: Vec<_> = Authority::ALL.into_iter().filter(is_seen).collect();
    let noted = app.note_proxy(staff, visit, relationship, &seen).await?;
    Ok(match noted {
        ProxyNoted::Done => Ok(true),
        ProxyNoted::Refused(NoProxy::Authority) => {
            Err(VisitProblem::Authority("staff.problem.no-authority"))
        }
        // The page offered what fitted then.
        ProxyNoted::Refused(NoProxy::Age) | ProxyNoted::Overtaken => Ok(false),
    })
}

/// Ends what a form names; whether it still held.
pub(super) async fn end(
    app: &App,
    staff: &StaffSignedIn,
    visit: &Token,
    typed: &Answers,
) -> Outcome<bool> {
    match id::from_hex(typed.named("proxy")) {
        Ok(proxy) => app.end_proxy(staff, visit, ProxyId(proxy)).await,
        Err(_) => Ok(false),
    }
}

/// What the page tells, in the names that it knows.
pub(super) struct Told {
    acting: Acting,
    age: String,
    is_enrolled: bool,
    noted: Option<Noted>,
    relationships: Vec<&'static str>,
    authority: Vec<&'static str>,
}

struct Noted {
    id: String,
    relationship: &'static str,
    authority: Vec<&'static str>,
    on: Date,
}

impl Told {
    pub(super) fn new(proxy: &ProxyAtDesk, state: PatientState) -> Self {
        // Nobody is noted in a record that is closed, nor anybody who could not be that.
        let is_open = state != PatientState::Closed;
        let fits = |it: &Relationship| is_open && it.fits(proxy.is_under_age);
        let fitting: Vec<_> = Relationship::ALL.into_iter().filter(fits).collect();
        let shows = |kind: &Authority| fitting.iter().any(|it| kind.shows(*it));
        let authority = Authority::ALL.into_iter().filter(shows);
        Self {
            acting: proxy.acting,
            age: proxy.age.to_string(),
            is_enrolled: state == PatientState::Done,
            noted: proxy.noted.as_ref().map(|noted| Noted {
                id: HEXLOWER.encode(&noted.id.0),
                relationship: noted.relationship.as_str(),
                authority: noted.authority.iter().map(|it| it.as_str()).collect(),
                on: noted.on,
            }),
            authority: authority.map(Authority::as_str).collect(),
            relationships: fitting.iter().map(|it| it.as_str()).collect(),
        }
    }

    pub(super) fn part<'a>(&'a self, typed: &'a Answers) -> StaffProxy<'a> {
        StaffProxy {
            acting: match self.acting {
                Acting::Patient => "patient",
                Acting::Proxy => "proxy",
                Acting::Nobody => "nobody",
                Acting::CameOfAge => "came-of-age",
            },
            is_proxy_checked: matches!(self.acting, Acting::Proxy | Acting::Nobody),
            age: &self.age,
            is_enrolled: self.is_enrolled,
            noted: self.noted.as_ref().map(|noted| StaffProxyNoted {
                id: &noted.id,
                relationship: noted.relationship,
                authority: &noted.authority,
                on: noted.on,
            }),
            relationships: &self.relationships,
            authority: &self.authority,
            typed,
        }
    }
}
