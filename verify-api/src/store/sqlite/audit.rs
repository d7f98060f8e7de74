//! The audit trail on SQLite.

use async_trait::async_trait;
use jiff::Timestamp;
use sqlx::SqliteConnection;

use super::SqliteStore;
use crate::audit::{Chain, Entry, Line};
use crate::crypto::Digest;
use crate::store::rows::{self, millis};
use crate::store::{Ends, Result, SHORTENED_AT_ONCE, Trail};

#[async_trait]
impl Trail for SqliteStore {
    async fn audit_lines(&self, after: i64, limit: u32) -> Result<Vec<(Line, Digest)>> {
        let lines = sqlx::query_as(
            "SELECT seq, at, event, subject, actor, link FROM audit
             WHERE seq > $1 ORDER BY seq LIMIT $2",
        )
        .bind(after)
        .bind(i64::from(limit))
        .fetch_all(&self.readers)
        .await?;
        lines.into_iter().map(rows::line).collect()
    }

    async fn audit_ends(&self) -> Result<Option<Ends>> {
        let ends =
            sqlx::query_as("SELECT start_seq, start_link, start_mark, seq, link FROM audit_ends")
                .fetch_optional(&self.readers)
                .await?;
        ends.map(rows::ends).transpose()
    }

    async fn shorten_audit(&self, before: Timestamp, at: Timestamp) -> Result<u64> {
        let chain = self.chain.clone();
        self.writer
            .write(move |on| Box::pin(shorten(on, chain, before, at)))
            .await
    }
}

/// Marks where the trail of a new database begins; `false` where it is not new.
pub(super) async fn begin(on: &mut SqliteConnection, chain: &Chain) -> Result<bool> {
    let start = chain.start();
    let begun = sqlx::query(
        "INSERT INTO audit_ends (one, seq, link, start_seq, start_link, start_mark)
         SELECT 1, $1, $2, $1, $2, $3
         WHERE NOT EXISTS (SELECT 1 FROM keys) AND NOT EXISTS (SELECT 1 FROM audit)
           AND NOT EXISTS (SELECT 1 FROM audit_ends)",
    )
    .bind(start.seq)
    .bind(start.link.0.as_slice())
    .bind(chain.mark(&start).0.as_slice())
    .execute(on)
    .await?;
    Ok(begun.rows_affected() == 1)
}

async fn shorten(
    on: &mut SqliteConnection,
    chain: Chain,
    before: Timestamp,
    at: Timestamp,
) -> Result<u64> {
    // Up to the first line that must be kept, whatever the clock said after it.
    let last: Option<(i64, Vec<u8>)> = sqlx::query_as(
        "SELECT seq, link FROM audit
         WHERE seq < coalesce((SELECT min(seq) FROM audit WHERE at >= $1), $3)
           AND seq <= (SELECT start_seq FROM audit_ends) + $2
         ORDER BY seq DESC LIMIT 1",
    )
    .bind(millis(before))
    .bind(SHORTENED_AT_ONCE)
    .bind(i64::MAX)
    .fetch_optional(&mut *on)
    .await?;
    let Some(last) = last else { return Ok(0) };
    let last = rows::head(last)?;
    sqlx::query("UPDATE audit_ends SET start_seq = $1, start_link = $2, start_mark = $3")
        .bind(last.seq)
        .bind(last.link.0.as_slice())
        .bind(chain.mark(&last).0.as_slice())
        .execute(&mut *on)
        .await?;
    let gone = sqlx::query("DELETE FROM audit WHERE seq <= $1")
        .bind(last.seq)
        .execute(&mut *on)
        .await?;
    append(on, &chain, Entry::shortened(&last), at).await?;
    Ok(gone.rows_affected())
}

/// Adds a line. One connection writes at a time, so nobody comes between.
pub(super) async fn append(
    on: &mut SqliteConnection,
    chain: &Chain,
    entry: Entry,
    at: Timestamp,
) -> Result<()> {
    let head = sqlx::query_as("SELECT seq, link FROM audit_ends")
        .fetch_one(&mut *on)
        .await?;
    let (line, head) = chain.append(&rows::head(head)?, entry, at);
    sqlx::query(
        "INSERT INTO audit (seq, at, event, subject, actor, link) VALUES ($1, $2, $3, $4, $5, $6);
         UPDATE audit_ends SET seq = $1, link = $6",
    )
    .bind(line.seq)
    .bind(millis(line.at))
    .bind(&line.event)
    .bind(line.subject.as_slice())
    .bind(line.actor.as_ref().map(<[u8; 16]>::as_slice))
    .bind(head.link.0.as_slice())
    .execute(on)
    .await?;
    Ok(())
}
