//! What the worker does about connections, on SQLite.

use async_trait::async_trait;
use jiff::Timestamp;
use rusqlite::Connection;

use super::providers::noted;
use super::query::{execute, exists};
use super::{SqliteStore, audit, jobs, limits};
use crate::account::AccountId;
use crate::audit::{Chain, Entry};
use crate::crypto::Digest;
use crate::provider::{ConnectionId, ConnectionState};
use crate::store::providers::{dropped, withheld};
use crate::store::rows::{self, millis};
use crate::store::{Connecting, FoundAccount, NewConnection, NewLetter, Result};

#[async_trait]
impl Connecting for SqliteStore {
    async fn account_by_source(&self, source: &Digest) -> Result<Option<FoundAccount>> {
        let row = self.readers.optional(
            "SELECT a.id, a.sealed, p.id, p.sealed
             FROM patients p JOIN accounts a ON a.patient_id = p.id
             WHERE p.source_key = ?1 AND a.deactivated_at IS NULL",
            (source.0,),
        );
        row.await?.map(rows::account).transpose()
    }

    async fn connect(
        &self,
        connection: NewConnection,
        letter: NewLetter,
        at: Timestamp,
        audit: Entry,
    ) -> Result<bool> {
        let chain = self.chain.clone();
        self.writer
            .write(move |on| {
                if has_lost_key(on, &connection)? {
                    audit::append(on, &chain, dropped(&connection), at)?;
                    return Ok(false);
                }
                let made = connect(on, &connection)?;
                let is_made = noted(on, &chain, made, audit, at)?;
                if is_made {
                    tell(on, &chain, &connection, &letter, at)?;
                }
                Ok(is_made)
            })
            .await
    }

    async fn withdraw(
        &self,
        connection: NewConnection,
        at: Timestamp,
        audit: Entry,
    ) -> Result<bool> {
        let chain = self.chain.clone();
        self.writer
            .write(move |on| {
                let ended = withdraw(on, &connection)?;
                noted(on, &chain, ended, audit, at)
            })
            .await
    }

    async fn is_invited(&self, connection: ConnectionId, key: Option<Digest>) -> Result<bool> {
        let row = self.readers.optional(
            "SELECT c.id FROM connections c JOIN providers p ON p.id = c.provider_id
             WHERE c.id = ?1 AND c.state = ?2 AND (?3 IS NULL OR p.key_digest = ?3)",
            (
                connection.0,
                ConnectionState::Invited.as_str(),
                key.map(|key| key.0),
            ),
        );
        let row: Option<([u8; 16],)> = row.await?;
        Ok(row.is_some())
    }
}

/// Whether it was asked for with a key that is its provider's no more.
fn has_lost_key(on: &Connection, connection: &NewConnection) -> Result<bool> {
    let Some(key) = connection.key else {
        return Ok(false);
    };
    let held = "SELECT 1 FROM providers WHERE id = ?1 AND key_digest = ?2";
    Ok(!exists(on, held, (connection.provider.0, key.0))?)
}

/// How many connections it made: one or none.
pub(super) fn connect(on: &Connection, connection: &NewConnection) -> Result<u64> {
    Ok(execute(
        on,
        "INSERT INTO connections (id, provider_id, account_id, state, invited_at)
         SELECT ?1, p.id, a.id, 'invited', ?4 FROM providers p, accounts a
         WHERE p.id = ?2 AND p.retired_at IS NULL AND a.id = ?3 AND a.deactivated_at IS NULL
             AND NOT EXISTS (SELECT 1 FROM connections
                 WHERE provider_id = ?2 AND account_id = ?3
                     AND (ended_at IS NULL OR ended_at >= ?4))
             AND NOT EXISTS (SELECT 1 FROM withdrawals
                 WHERE provider_id = ?2 AND account_id = ?3 AND asked_at >= ?4)",
        named(connection),
    )?)
}

/// Queues the letter about an invitation, if its budgets hold it.
pub(super) fn tell(
    on: &Connection,
    chain: &Chain,
    connection: &NewConnection,
    letter: &NewLetter,
    at: Timestamp,
) -> Result<()> {
    if limits::charge_together(on, &letter.charges, at)? {
        jobs::insert(on, &letter.job, letter.leaves_at)
    } else {
        audit::append(on, chain, withheld(connection.account), at)
    }
}

/// How many invitations it ended: one or none.
fn withdraw(on: &Connection, connection: &NewConnection) -> Result<u64> {
    let (_, provider, account, asked_at) = named(connection);
    let ended = execute(
        on,
        "UPDATE connections SET state = 'withdrawn', ended_at = ?3
         WHERE provider_id = ?1 AND account_id = ?2 AND state = 'invited' AND invited_at <= ?3",
        (provider, account, asked_at),
    )?;
    if ended == 0 {
        execute(
            on,
            "INSERT INTO withdrawals (provider_id, account_id, asked_at) VALUES (?1, ?2, ?3)
             ON CONFLICT (provider_id, account_id)
             DO UPDATE SET asked_at = max(asked_at, excluded.asked_at)",
            (provider, account, asked_at),
        )?;
    }
    Ok(ended)
}

/// Ends whatever is open of an account.
pub(super) fn end_all(on: &Connection, account: AccountId, at: Timestamp) -> Result<()> {
    execute(
        on,
        "UPDATE connections SET state = 'ended', ended_at = ?2
         WHERE account_id = ?1 AND ended_at IS NULL",
        (account.0, millis(at)),
    )?;
    Ok(())
}

/// A connection's id, provider, account, and when it was asked for.
fn named(connection: &NewConnection) -> ([u8; 16], [u8; 16], [u8; 16], i64) {
    let NewConnection {
        id,
        provider,
        account,
        asked_at,
        ..
    } = connection;
    (id.0, provider.0, account.0, millis(*asked_at))
}
