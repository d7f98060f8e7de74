//! Providers, and their connections with accounts, on SQLite.

use async_trait::async_trait;
use jiff::Timestamp;
use rusqlite::Connection;

use super::query::{all, execute, exists, optional};
use super::{SqliteStore, audit, jobs, limits, sessions, visits};
use crate::account::AccountId;
use crate::audit::{Chain, Entry};
use crate::crypto::Digest;
use crate::limits::Charge;
use crate::provider::{ConnectionId, ConnectionState, ProviderId, Reply};
use crate::store::provider_rows::both_ends;
use crate::store::providers::{LISTED, step, with_provider, withheld};
use crate::store::rows::{self, millis};
use crate::store::{
    Connecting, ConnectionRow, FoundAccount, NewConnection, NewJob, NewLetter, NewProvider,
    ProviderRow, Providers, Result, Shown, VisitShown, provider_rows,
};

#[async_trait]
impl Providers for SqliteStore {
    async fn add_provider(&self, provider: NewProvider, audit: Entry) -> Result<()> {
        let chain = self.chain.clone();
        self.writer
            .write(move |on| {
                execute(
                    on,
                    "INSERT INTO providers (id, sealed, features, created_at)
                     VALUES (?1, ?2, ?3, ?4)",
                    (
                        provider.id.0,
                        &provider.name.0,
                        &provider.features,
                        millis(provider.at),
                    ),
                )?;
                audit::append(on, &chain, audit, provider.at)
            })
            .await
    }

    async fn providers(&self) -> Result<Vec<ProviderRow>> {
        let found = self.readers.read(|on| {
            Ok(all(
                on,
                "SELECT id, sealed, features, key_digest IS NOT NULL, retired_at IS NOT NULL
                 FROM providers ORDER BY created_at, id",
                (),
            )?)
        });
        let found = found.await?.into_iter();
        found.map(provider_rows::provider).collect()
    }

    async fn set_features(
        &self,
        provider: ProviderId,
        features: String,
        at: Timestamp,
        audit: Entry,
    ) -> Result<bool> {
        let chain = self.chain.clone();
        self.writer
            .write(move |on| {
                let set = execute(
                    on,
                    "UPDATE providers SET features = ?2 WHERE id = ?1 AND retired_at IS NULL",
                    (provider.0, features),
                )?;
                noted(on, &chain, set, audit, at)
            })
            .await
    }

    async fn set_provider_key(
        &self,
        provider: ProviderId,
        key: Digest,
        at: Timestamp,
        audit: Entry,
    ) -> Result<bool> {
        let chain = self.chain.clone();
        self.writer
            .write(move |on| {
                let set = execute(
                    on,
                    "UPDATE providers SET key_digest = ?2 WHERE id = ?1 AND retired_at IS NULL",
                    (provider.0, key.0),
                )?;
                noted(on, &chain, set, audit, at)
            })
            .await
    }

    async fn retire_provider(
        &self,
        provider: ProviderId,
        at: Timestamp,
        audit: Entry,
    ) -> Result<bool> {
        let chain = self.chain.clone();
        self.writer
            .write(move |on| {
                let retired = execute(
                    on,
                    "UPDATE providers SET retired_at = ?2, key_digest = NULL
                     WHERE id = ?1 AND retired_at IS NULL",
                    (provider.0, millis(at)),
                )?;
                execute(
                    on,
                    "UPDATE connections SET state = 'ended', ended_at = ?2
                     WHERE provider_id = ?1 AND ended_at IS NULL",
                    (provider.0, millis(at)),
                )?;
                noted(on, &chain, retired, audit, at)
            })
            .await
    }

    async fn provider_by_key(&self, key: &Digest) -> Result<Option<ProviderId>> {
        let row = self.readers.optional(
            "SELECT id FROM providers WHERE key_digest = ?1 AND retired_at IS NULL",
            (key.0,),
        );
        row.await?.map(provider_rows::provider_id).transpose()
    }

    async fn ask(&self, job: NewJob, charge: Charge, at: Timestamp, audit: Entry) -> Result<()> {
        let chain = self.chain.clone();
        self.writer
            .write(move |on| {
                limits::charge(on, &[charge], at)?;
                jobs::insert(on, &job, at)?;
                audit::append(on, &chain, audit, at)
            })
            .await
    }

    async fn connections(&self, account: AccountId) -> Result<Vec<ConnectionRow>> {
        let found = self.readers.read(move |on| {
            Ok(all(
                on,
                "SELECT c.id, c.provider_id, p.sealed, p.features, c.state
                 FROM connections c JOIN providers p ON p.id = c.provider_id
                 WHERE c.account_id = ?1
                 ORDER BY c.ended_at IS NULL DESC, c.invited_at DESC, c.id LIMIT ?2",
                (account.0, LISTED),
            )?)
        });
        let found = found.await?.into_iter();
        found.map(provider_rows::connection).collect()
    }

    async fn reply(&self, shown: Shown, connection: ConnectionId, reply: Reply) -> Result<bool> {
        let chain = self.chain.clone();
        self.writer
            .write(move |on| {
                let (from, to, event) = step(reply);
                let (token, at, since) = sessions::living(&shown);
                let stepped = optional(
                    on,
                    "UPDATE connections SET state = ?6,
                         accepted_at = CASE ?6 WHEN 'accepted' THEN ?2 ELSE accepted_at END,
                         ended_at = CASE ?6 WHEN 'accepted' THEN NULL ELSE ?2 END
                     WHERE id = ?4 AND state = ?5 AND account_id = (
                         SELECT account_id FROM sessions
                         WHERE token_digest = ?1 AND expires_at > ?2 AND seen_at > ?3)
                     RETURNING account_id, provider_id",
                    (token, at, since, connection.0, from.as_str(), to.as_str()),
                )?;
                let Some((account, provider)) = stepped.map(both_ends).transpose()? else {
                    return Ok(false);
                };
                let entry = Entry::about(event, account.0);
                audit::append(on, &chain, entry, shown.at)?;
                let provider = with_provider(account, provider);
                audit::append(on, &chain, provider, shown.at)?;
                Ok(true)
            })
            .await
    }

    async fn connect_in_visit(
        &self,
        shown: VisitShown,
        connection: NewConnection,
        letter: NewLetter,
        audit: Entry,
    ) -> Result<bool> {
        let chain = self.chain.clone();
        self.writer
            .write(move |on| {
                if !is_in_visit(on, &shown, connection.account)? {
                    return Ok(false);
                }
                let made = connect(on, &connection)?;
                let is_made = noted(on, &chain, made, audit, shown.at)?;
                if is_made {
                    let provider = with_provider(connection.account, connection.provider);
                    audit::append(on, &chain, provider, shown.at)?;
                    tell(on, &chain, &connection, &letter, shown.at)?;
                }
                Ok(is_made)
            })
            .await
    }

    async fn withdraw_in_visit(
        &self,
        shown: VisitShown,
        connection: ConnectionId,
        audit: Entry,
    ) -> Result<bool> {
        let chain = self.chain.clone();
        self.writer
            .write(move |on| {
                let Some(patient) = visits::checked(on, &shown)? else {
                    return Ok(false);
                };
                let ended = optional(
                    on,
                    "UPDATE connections SET state = 'withdrawn', ended_at = ?1
                     WHERE id = ?2 AND state = 'invited'
                         AND account_id IN (SELECT id FROM accounts WHERE patient_id = ?3)
                     RETURNING account_id, provider_id",
                    (millis(shown.at), connection.0, patient.0),
                )?;
                let Some((account, provider)) = ended.map(both_ends).transpose()? else {
                    return Ok(false);
                };
                audit::append(on, &chain, audit, shown.at)?;
                let provider = with_provider(account, provider);
                audit::append(on, &chain, provider, shown.at)?;
                Ok(true)
            })
            .await
    }
}

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

    async fn is_invited(&self, connection: ConnectionId) -> Result<bool> {
        let row = self.readers.optional(
            "SELECT id FROM connections WHERE id = ?1 AND state = ?2",
            (connection.0, ConnectionState::Invited.as_str()),
        );
        let row: Option<([u8; 16],)> = row.await?;
        Ok(row.is_some())
    }
}

/// Writes down what a statement did, if it did anything; whether it did.
fn noted(on: &Connection, chain: &Chain, done: u64, audit: Entry, at: Timestamp) -> Result<bool> {
    if done == 0 {
        return Ok(false);
    }
    audit::append(on, chain, audit, at)?;
    Ok(true)
}

/// Whether an account is of the patient of a visit in which documents were seen.
fn is_in_visit(on: &Connection, shown: &VisitShown, account: AccountId) -> Result<bool> {
    let Some(patient) = visits::checked(on, shown)? else {
        return Ok(false);
    };
    Ok(exists(
        on,
        "SELECT 1 FROM accounts WHERE id = ?1 AND patient_id = ?2",
        (account.0, patient.0),
    )?)
}

/// How many connections it made: one or none.
fn connect(on: &Connection, connection: &NewConnection) -> Result<u64> {
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
fn tell(
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
    } = connection;
    (id.0, provider.0, account.0, millis(*asked_at))
}
