//! The audit trail on SQLite.

use async_trait::async_trait;
use jiff::Timestamp;
use rusqlite::Connection;

use super::query::{execute, one, optional};
use super::{SqliteStore, trail};
use crate::audit::{Chain, Entry, Line};
use crate::crypto::Digest;
use crate::store::rows::{self, millis};
use crate::store::{Ends, Result, SHORTENED_AT_ONCE, Trail, TrailQuery};

#[async_trait]
impl Trail for SqliteStore {
    async fn audit_lines(&self, after: i64, limit: u32) -> Result<Vec<(Line, Digest)>> {
        let lines = self.readers.all(
            "SELECT seq, at, event, subject, actor, link FROM audit
             WHERE seq > ?1 ORDER BY seq LIMIT ?2",
            (after, limit),
        );
        lines.await?.into_iter().map(rows::line).collect()
    }

    async fn find_lines(&self, query: TrailQuery) -> Result<Vec<Line>> {
        self.readers.read(move |on| trail::find(on, &query)).await
    }

    async fn audit_ends(&self) -> Result<Option<Ends>> {
        let ends = self.readers.optional(
            "SELECT start_seq, start_link, start_mark, seq, link FROM audit_ends",
            (),
        );
        ends.await?.map(rows::ends).transpose()
    }

    async fn shorten_audit(&self, before: Timestamp, at: Timestamp) -> Result<u64> {
        let chain = self.chain.clone();
        self.writer
            .write(move |on| shorten(on, &chain, before, at))
            .await
    }
}

/// Marks where the trail of a new database begins; `false` where it is not new.
pub(super) fn begin(on: &Connection, chain: &Chain) -> Result<bool> {
    let start = chain.start();
    let begun = execute(
        on,
        "INSERT INTO audit_ends (one, seq, link, start_seq, start_link, start_mark)
         SELECT 1, ?1, ?2, ?1, ?2, ?3
         WHERE NOT EXISTS (SELECT 1 FROM keys) AND NOT EXISTS (SELECT 1 FROM audit)
           AND NOT EXISTS (SELECT 1 FROM audit_ends)",
        (start.seq, start.link.0, chain.mark(&start).0),
    )?;
    Ok(begun == 1)
}

fn shorten(on: &Connection, chain: &Chain, before: Timestamp, at: Timestamp) -> Result<u64> {
    // Up to the first line that must be kept, whatever the clock said after it.
    let last = optional(
        on,
        "SELECT seq, link FROM audit
         WHERE seq < coalesce((SELECT min(seq) FROM audit WHERE at >= ?1), ?3)
           AND seq <= (SELECT start_seq FROM audit_ends) + ?2
         ORDER BY seq DESC LIMIT 1",
        (millis(before), SHORTENED_AT_ONCE, i64::MAX),
    )?;
    let Some(last) = last else { return Ok(0) };
    let last = rows::head(last)?;
    execute(
        on,
        "UPDATE audit_ends SET start_seq = ?1, start_link = ?2, start_mark = ?3",
        (last.seq, last.link.0, chain.mark(&last).0),
    )?;
    let gone = execute(on, "DELETE FROM audit WHERE seq <= ?1", (last.seq,))?;
    append(on, chain, Entry::shortened(&last), at)?;
    Ok(gone)
}

/// Adds a line. One connection writes at a time, so nobody comes between.
pub(super) fn append(on: &Connection, chain: &Chain, entry: Entry, at: Timestamp) -> Result<()> {
    append_all(on, chain, &[entry], at)
}

/// Adds lines in their order.
pub(super) fn append_all(
    on: &Connection,
    chain: &Chain,
    entries: &[Entry],
    at: Timestamp,
) -> Result<()> {
    if entries.is_empty() {
        return Ok(());
    }
    let head = one(on, "SELECT seq, link FROM audit_ends", ())?;
    let mut head = rows::head(head)?;
    for entry in entries {
        let (line, next) = chain.append(&head, *entry, at);
        execute(
            on,
            "INSERT INTO audit (seq, at, event, subject, actor, link) VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
            (
                line.seq,
                millis(line.at),
                line.event,
                line.subject,
                line.actor,
                next.link.0,
            ),
        )?;
        head = next;
    }
    execute(
        on,
        "UPDATE audit_ends SET seq = ?1, link = ?2",
        (head.seq, head.link.0),
    )?;
    Ok(())
}
