//! The audit trail, as an auditor reads it at the desk.
//!
//! That somebody reads is written down before anything is shown, so their own line stands among
//! those that they find. Nobody's name is in a line; only staff are told by their email.

use std::collections::HashMap;

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;

use super::super::{App, Failure, Looked, Outcome, StaffSignedIn, Token, TrailError};
use crate::audit::{Broken, Entry, Event, Head, Line};
use crate::crypto::{Digest, Purpose};
use crate::patient::PatientId;
use crate::staff::StaffId;
use crate::store::{TrailPlace, TrailQuery};

/// How many lines a page shows.
const PAGE: u32 = 50;

/// How many lines a file has at most: more are asked for by days.
pub const FILE_LINES: u32 = 10_000;

/// How many lines one press follows: about a second of work.
const LOOKED_AT_ONCE: u32 = 100_000;

/// What somebody wants to read.
#[derive(Clone, Copy, Debug, Default)]
pub struct TrailAsked<'a> {
    /// Of what this staff user did, and what was done about them.
    pub staff: Option<StaffId>,
    /// Of this event.
    pub event: Option<Event>,
    /// Not from before this day.
    pub from: Option<Date>,
    /// Not from after this day.
    pub to: Option<Date>,
    /// About whoever has this record number; everybody where it is empty.
    pub number: &'a str,
}

/// How much of it is shown.
#[derive(Clone, Copy, Debug)]
pub enum TrailPart {
    /// A page: the first, or the one after a place.
    Page(Option<TrailPlace>),
    /// As much as a file has.
    File,
}

/// What was found.
#[derive(Debug)]
pub struct TrailFound {
    /// The lines, newest first.
    pub lines: Vec<TrailLine>,
    /// Where the next page begins, if there is one.
    pub next: Option<TrailPlace>,
}

/// A line of the trail as it is shown.
#[derive(Debug)]
pub struct TrailLine {
    /// Its number.
    pub seq: i64,
    /// When it was written.
    pub at: Timestamp,
    /// The name of the event.
    pub event: String,
    /// Who of the staff did it.
    pub by: Option<String>,
    /// What it is about, where it says more than that.
    pub about: Option<TrailAbout>,
}

/// What a line is about.
#[derive(Debug, PartialEq, Eq)]
pub enum TrailAbout {
    /// Somebody of the staff, by their email.
    Staff(String),
    /// A record, by the id that only the trail knows it by.
    Record(String),
    /// Lines of this event.
    Kind(Event),
    /// So many patients who were shown.
    Shown(u64),
    /// The trail up to this line.
    Line(u64),
    /// The key of this number.
    Key(u64),
    /// Records of an import: new, changed, as before, refused.
    Imported([u32; 4]),
}

/// What came of looking the trail over.
#[derive(Debug)]
pub enum TrailLooked {
    /// It is whole, up to this line.
    Whole(i64),
    /// It is so far.
    SoFar {
        /// Up to this line.
        upto: i64,
        /// Of so many.
        of: i64,
        /// What to show to go on from there.
        way_on: String,
    },
    /// It is not; from this line on, where that is known.
    Broken(Option<i64>),
}

impl App {
    /// Reads the trail for a staff user; nothing when nobody has the record number. Reading is
    /// counted for them, and written down.
    ///
    /// # Errors
    /// `over-limit` when they have read too often; `unavailable`.
    pub async fn read_trail(
        &self,
        staff: &StaffSignedIn,
        asked: TrailAsked<'_>,
        part: TrailPart,
    ) -> Outcome<Option<TrailFound>> {
        let at = self.now();
        let patient = match asked.number {
            "" => None,
            number => match self.patient_numbered(staff, number, at).await? {
                None => return Ok(None),
                Some(patient) => Some(patient),
            },
        };
        let charge = match patient {
            // Numbers can be tried here, too.
            Some(_) => self.limits.looking_up(staff.id),
            None => self.limits.reading_trail(staff.id),
        };
        let noted = self
            .store
            .note(entry(staff, &asked, patient, part), charge, at);
        let noted = noted.await;
        if patient.is_some() {
            self.note_over_budget(staff.id, &noted, at).await?;
        }
        noted?;
        let (after, limit) = match part {
            TrailPart::Page(after) => (after, PAGE),
            TrailPart::File => (None, FILE_LINES),
        };
        let query = TrailQuery {
            staff: asked.staff,
            patient,
            event: asked.event,
            from: asked.from.and_then(begins),
            until: asked.to.and_then(|day| begins(day.tomorrow().ok()?)),
            after,
            limit: limit + 1,
        };
        let mut lines = self.store.find_lines(query).await?;
        let limit = limit as usize;
        let has_more = lines.len() > limit;
        lines.truncate(limit);
        let next = lines.last().map(TrailPlace::of).filter(|_| has_more);
        let names = self.staff_names().await?;
        let lines = lines.into_iter().map(|line| shown(line, &names)).collect();
        Ok(Some(TrailFound { lines, next }))
    }

    /// Whoever has a record number; nobody is written down as well.
    async fn patient_numbered(
        &self,
        staff: &StaffSignedIn,
        number: &str,
        at: Timestamp,
    ) -> Outcome<Option<PatientId>> {
        let source = self.keys.digest(Purpose::PatientSource, number.as_bytes());
        let patient = self.store.patient_by_source(&source).await?;
        if patient.is_none() {
            let audit = Entry::of_staff(Event::PatientNotFound, staff.id);
            let charge = self.limits.looking_up(staff.id);
            let noted = self.store.note(audit, charge, at).await;
            self.note_over_budget(staff.id, &noted, at).await?;
            noted?;
        }
        Ok(patient)
    }

    /// All staff, by their ids: those whose lines may be asked for.
    ///
    /// # Errors
    /// `unavailable`.
    pub async fn staff_names(&self) -> Outcome<HashMap<StaffId, String>> {
        let mut names = HashMap::new();
        for row in self.store.all_staff().await? {
            let email = self.email_of(&row).await;
            names.insert(row.id, email.map_err(|error| Failure::unavailable(&error))?);
        }
        Ok(names)
    }

    /// The line that says when the trail was found whole at the desk last.
    ///
    /// # Errors
    /// `unavailable`.
    pub async fn trail_last_whole(&self) -> Outcome<Option<TrailLine>> {
        let query = TrailQuery {
            staff: None,
            patient: None,
            event: Some(Event::TrailVerified),
            from: None,
            until: None,
            after: None,
            limit: 1,
        };
        let found = self.store.find_lines(query).await?.pop();
        let Some(line) = found else { return Ok(None) };
        let names = self.staff_names().await?;
        Ok(Some(shown(line, &names)))
    }

    /// Looks the trail over, as far as one press does; `way_on` is where the press before has
    /// come to. That it was whole is written down.
    ///
    /// # Errors
    /// `over-limit` when they have read too often; `unavailable`.
    pub async fn verify_trail(
        &self,
        staff: &StaffSignedIn,
        session: &Token,
        way_on: &str,
    ) -> Outcome<TrailLooked> {
        let charge = self.limits.reading_trail(staff.id);
        let so_far = self.seen_whole(session, way_on);
        match self.look_at_trail(so_far, LOOKED_AT_ONCE).await {
            Ok(Looked::Whole(head)) => {
                let audit = Entry::verified(&head, staff.id);
                self.store.note(audit, charge, self.now()).await?;
                Ok(TrailLooked::Whole(head.seq))
            }
            Ok(Looked::SoFar { upto, of }) => {
                self.store.charge(vec![charge], self.now()).await?;
                let way_on = self.way_on(session, &upto);
                let upto = upto.seq;
                Ok(TrailLooked::SoFar { upto, of, way_on })
            }
            Err(TrailError::Store(error)) => Err(error.into()),
            Err(error) => {
                tracing::error!(%error, "somebody of the staff had the audit trail looked over");
                Ok(TrailLooked::Broken(match error {
                    TrailError::Broken(broken) => line_of(broken),
                    TrailError::NoLongerKept { .. } | TrailError::Store(_) => None,
                }))
            }
        }
    }

    /// How far this session has seen the trail to be whole. What it shows is believed only if
    /// it is what it was given.
    fn seen_whole(&self, session: &Token, way_on: &str) -> Option<Head> {
        let (head, vouched) = way_on.rsplit_once(':')?;
        let head = head.parse().ok()?;
        let vouched: Head = format!("0:{vouched}").parse().ok()?;
        (vouched.link)
            .matches(&self.vouched(session, &head))
            .then_some(head)
    }

    fn way_on(&self, session: &Token, whole: &Head) -> String {
        format!("{whole}:{}", self.vouched(session, whole))
    }

    fn vouched(&self, session: &Token, head: &Head) -> Digest {
        let mut message = session.as_bytes().to_vec();
        message.extend_from_slice(&head.seq.to_be_bytes());
        message.extend_from_slice(&head.link.0);
        self.keys.digest(Purpose::StaffTrail, &message)
    }
}

/// That somebody reads, and what.
fn entry(
    staff: &StaffSignedIn,
    asked: &TrailAsked<'_>,
    patient: Option<PatientId>,
    part: TrailPart,
) -> Entry {
    let event = match part {
        TrailPart::Page(_) => Event::TrailSearched,
        TrailPart::File => Event::TrailDownloaded,
    };
    let subject = (patient.map(|patient| patient.0))
        .or(asked.staff.map(|staff| staff.0))
        .or(asked.event.map(Event::as_subject));
    Entry {
        event,
        subject: subject.unwrap_or_default(),
        actor: Some(staff.id.0),
    }
}

/// When a day begins, in UTC.
fn begins(day: Date) -> Option<Timestamp> {
    let zoned = day.to_zoned_datetime(TimeZone::UTC).ok()?;
    Some(zoned.timestamp())
}

/// The line at which the trail stops being whole.
const fn line_of(broken: Broken) -> Option<i64> {
    match broken {
        Broken::Ends | Broken::Start => None,
        Broken::Gap { expected: line, .. }
        | Broken::Changed { seq: line }
        | Broken::NotAsNoted { seq: line }
        | Broken::End { found: line, .. } => Some(line),
    }
}

fn shown(line: Line, names: &HashMap<StaffId, String>) -> TrailLine {
    let name = |id: [u8; 16]| names.get(&StaffId(id)).cloned();
    let hex = |id: [u8; 16]| StaffId(id).to_string();
    TrailLine {
        seq: line.seq,
        at: line.at,
        by: line
            .actor
            .map(|actor| name(actor).unwrap_or_else(|| hex(actor))),
        about: about(&line, name),
        event: line.event,
    }
}

fn about(line: &Line, name: impl Fn([u8; 16]) -> Option<String>) -> Option<TrailAbout> {
    let subject = line.subject;
    if line.actor == Some(subject) || subject == [0; 16] {
        return None;
    }
    let number = u128::from_be_bytes(subject);
    let count = u64::try_from(number).unwrap_or(u64::MAX);
    match Event::named(&line.event) {
        Some(Event::PatientsSearched) => Some(TrailAbout::Shown(count)),
        Some(Event::AuditShortened | Event::DatabaseRestored | Event::TrailVerified) => {
            Some(TrailAbout::Line(count))
        }
        Some(Event::KeyAdded | Event::KeyErased) => Some(TrailAbout::Key(count)),
        Some(Event::ImportEnded) => {
            // Each has 32 bits: see `Entry::import_ended`.
            #[expect(clippy::cast_possible_truncation, reason = "the lower half is meant")]
            let part = |shift: u32| (number >> shift) as u32;
            Some(TrailAbout::Imported([96, 64, 32, 0].map(part)))
        }
        _ => {
            if let Some(name) = name(subject) {
                return Some(TrailAbout::Staff(name));
            }
            Some(match Event::of_subject(&subject) {
                Some(kind) => TrailAbout::Kind(kind),
                None => TrailAbout::Record(PatientId(subject).to_string()),
            })
        }
    }
}

#[cfg(test)]
mod tests;
