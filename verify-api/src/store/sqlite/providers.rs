//! Providers, and what patients and staff do about their connections, on SQLite.

use async_trait::async_trait;
use jiff::Timestamp;
use rusqlite::Connection;

use super::connections::{connect, tell};
use super::query::{all, execute, exists, optional};
use super::{SqliteStore, audit, jobs, limits, sessions, visits};
use crate::account::AccountId;
use crate::audit::{Chain, Entry};
use crate::crypto::Digest;
use crate::limits::Charge;
use crate::provider::{ConnectionId, ProviderId, Reply};
use crate::store::provider_rows::both_ends;
use crate::store::providers::{LISTED, step, with_provider};
use crate::store::rows::millis;
use crate::store::{
    ConnectionRow, NewConnection, NewJob, NewLetter, NewProvider, ProviderRow, Providers, Result,
    Shown, VisitShown, provider_rows,
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

    async fn reply(
        &self,
        shown: Shown,
        connection: ConnectionId,
        reply: Reply,
        letter: Option<NewJob>,
    ) -> Result<bool> {
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
                if let Some(letter) = &letter {
                    jobs::insert(on, letter, shown.at)?;
                }
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

/// Writes down what a statement did, if it did anything; whether it did.
pub(super) fn noted(
    on: &Connection,
    chain: &Chain,
    done: u64,
    audit: Entry,
    at: Timestamp,
) -> Result<bool> {
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
