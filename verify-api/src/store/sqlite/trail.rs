//! Searching the audit trail on SQLite.
//!
//! Each search goes along an index from the newest line that may be meant, and stops at the
//! last one that is shown.

use rusqlite::Connection;

use super::query::all;
use crate::audit::{Event, Line};
use crate::store::rows::{self, millis};
use crate::store::{Result, TrailQuery};

const COLUMNS: &str = "seq, at, event, subject, actor";

/// The lines that were asked for, newest first.
pub(super) fn find(on: &Connection, query: &TrailQuery) -> Result<Vec<Line>> {
    let (after_at, after_seq) = match query.after {
        Some(place) => (millis(place.at), place.seq),
        None => (i64::MAX, i64::MAX),
    };
    let found = all(
        on,
        &sql(query),
        (
            query.staff.map(|staff| staff.0),
            query.patient.map(|patient| patient.0),
            query.event.map(Event::as_str),
            query.from.map_or(i64::MIN, millis),
            query.until.map_or(i64::MAX, millis),
            after_at,
            after_seq,
            query.limit,
        ),
    )?;
    found.into_iter().map(rows::bare_line).collect()
}

fn sql(query: &TrailQuery) -> String {
    let mut wanted = "at >= ?4 AND at < ?5 AND (at, seq) < (?6, ?7)".to_owned();
    if query.patient.is_some() {
        wanted.push_str(
            " AND subject IN (SELECT ?2 UNION ALL SELECT id FROM accounts WHERE patient_id = ?2)",
        );
    }
    if query.event.is_some() {
        wanted.push_str(" AND event = ?3");
    }
    wanted.push_str(query.of_index());
    let of = |whose: &str| {
        format!(
            "SELECT {COLUMNS} FROM audit WHERE {whose}{wanted}
             ORDER BY at DESC, seq DESC LIMIT ?8"
        )
    };
    match query.staff {
        None => of(""),
        // Two walks that each stop: one by "or" would sort all that somebody ever did.
        Some(_) => format!(
            "SELECT * FROM ({}) UNION SELECT * FROM ({}) ORDER BY at DESC, seq DESC LIMIT ?8",
            of("actor = ?1 AND "),
            of("subject = ?1 AND "),
        ),
    }
}
