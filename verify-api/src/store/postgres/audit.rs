//! The audit trail on PostgreSQL.

use async_trait::async_trait;
use jiff::Timestamp;
use sqlx::PgConnection;

use super::{PgStore, trail};
use crate::audit::{Chain, Entry, Line};
use crate::crypto::Digest;
use crate::store::rows::{self, millis};
use crate::store::{Ends, Result, SHORTENED_AT_ONCE, Trail, TrailQuery};

#[async_trait]
impl Trail for PgStore {
    async fn audit_lines(&self, after: i64, limit: u32) -> Result<Vec<(Line, Digest)>> {
        let lines = sqlx::query_as(
            "SELECT seq, at, event, subject, actor, link FROM audit
             WHERE seq > $1 ORDER BY seq LIMIT $2",
        )
        .bind(after)
        .bind(i64::from(limit))
        .fetch_all(&self.pool)
        .await?;
        lines.into_iter().map(rows::line).collect()
    }

    async fn find_lines(&self, query: TrailQuery) -> Result<Vec<Line>> {
        trail::find(&self.pool, &query).await
    }

    async fn audit_ends(&self) -> Result<Option<Ends>> {
        let ends =
            sqlx::query_as("SELECT start_seq, start_link, start_mark, seq, link FROM audit_ends")
                .fetch_optional(&self.pool)
                .await?;
        ends.map(rows::ends).transpose()
    }

    async fn shorten_audit(&self, before: Timestamp, at: Timestamp) -> Result<u64> {
        let mut tx = self.begin().await?;
        let gone = shorten(&mut tx, &self.chain, before, at).await?;
        tx.commit().await?;
        Ok(gone)
    }
}

/// Marks where the trail of a new database begins; `false` where it is not new.
pub(super) async fn begin(on: &mut PgConnection, chain: &Chain) -> Result<bool> {
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
    on: &mut PgConnection,
    chain: &Chain,
    before: Timestamp,
    at: Timestamp,
) -> Result<u64> {
    let start: i64 = sqlx::query_scalar("SELECT start_seq FROM audit_ends FOR UPDATE")
        .fetch_one(&mut *on)
        .await?;
    // Up to the first line that must be kept, whatever the clock said after it.
    let last: Option<(i64, Vec<u8>)> = sqlx::query_as(
        "SELECT seq, link FROM audit
         WHERE seq < coalesce((SELECT min(seq) FROM audit WHERE at >= $1), $3)
           AND seq <= $2
         ORDER BY seq DESC LIMIT 1",
    )
    .bind(millis(before))
    .bind(start + SHORTENED_AT_ONCE)
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
    append(on, chain, Entry::shortened(&last), at).await?;
    Ok(gone.rows_affected())
}

/// Adds a line. Whoever adds another waits for this transaction to end, so this
/// is the last that a transaction does.
pub(super) async fn append(
    on: &mut PgConnection,
    chain: &Chain,
    entry: Entry,
    at: Timestamp,
) -> Result<()> {
    append_all(on, chain, &[entry], at).await
}

/// Adds lines in their order, as [`append`] does one.
pub(super) async fn append_all(
    on: &mut PgConnection,
    chain: &Chain,
    entries: &[Entry],
    at: Timestamp,
) -> Result<()> {
    if entries.is_empty() {
        return Ok(());
    }
    let head = sqlx::query_as("SELECT seq, link FROM audit_ends FOR UPDATE")
        .fetch_one(&mut *on)
        .await?;
    let mut head = rows::head(head)?;
    let first = head.seq + 1;
    let mut events = Vec::with_capacity(entries.len());
    let mut actors = Vec::with_capacity(entries.len());
    let [mut subjects, mut links] = [(); 2].map(|()| Vec::with_capacity(entries.len()));
    for entry in entries {
        let (line, next) = chain.append(&head, *entry, at);
        events.push(line.event);
        subjects.push(line.subject.to_vec());
        actors.push(line.actor.map(|actor| actor.to_vec()));
        links.push(next.link.0.to_vec());
        head = next;
    }
    sqlx::query(
        "INSERT INTO audit (seq, at, event, subject, actor, link)
         SELECT $1 + place - 1, $2, event, subject, actor, link
         FROM unnest($3::text[], $4::bytea[], $5::bytea[], $6::bytea[])
              WITH ORDINALITY AS lines (event, subject, actor, link, place)",
    )
    .bind(first)
    .bind(millis(at))
    .bind(events)
    .bind(subjects)
    .bind(actors)
    .bind(links)
    .execute(&mut *on)
    .await?;
    sqlx::query("UPDATE audit_ends SET seq = $1, link = $2")
        .bind(head.seq)
        .bind(head.link.0.as_slice())
        .execute(on)
        .await?;
    Ok(())
}
