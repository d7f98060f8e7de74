//! Flows on SQLite.

use async_trait::async_trait;
use jiff::Timestamp;
use rusqlite::Connection;

use super::query::{execute, exists, optional};
use super::{SqliteStore, audit, change, jobs, limits};
use crate::account::AccountId;
use crate::audit::{Chain, Entry, Event};
use crate::crypto::Digest;
use crate::flow::{Check, InvitationId, LIFETIME, NoPatient, Tries};
use crate::limits::Charge;
use crate::store::rows::{self, millis};
use crate::store::{
    Challenge, Change, FlowId, Flows, FoundAccount, Guess, MoreTime, NewFlow, Result, StoreError,
    StoredFlow, TriedInvitation,
};

#[async_trait]
impl Flows for SqliteStore {
    async fn insert_flow(&self, flow: NewFlow) -> Result<()> {
        self.writer.write(move |on| insert(on, &flow)).await
    }

    async fn charge(&self, charges: Vec<Charge>, at: Timestamp) -> Result<()> {
        self.writer
            .write(move |on| limits::charge(on, &charges, at))
            .await
    }

    async fn flow(&self, token: &Digest) -> Result<Option<StoredFlow>> {
        let row = self.readers.optional(
            "SELECT id, sealed, version, created_at, expires_at, ended_at IS NOT NULL
             FROM flows WHERE token_digest = ?1",
            (token.0,),
        );
        row.await?.map(rows::flow).transpose()
    }

    async fn commit(&self, change: Change) -> Result<()> {
        let chain = self.chain.clone();
        self.writer
            .write(move |on| change::make(on, &chain, &change))
            .await
    }

    async fn extend(&self, more: MoreTime) -> Result<()> {
        self.writer.write(move |on| extend(on, &more)).await
    }

    async fn try_code(&self, guess: Guess) -> Result<Option<Challenge>> {
        let chain = self.chain.clone();
        self.writer
            .write(move |on| try_code(on, &chain, &guess))
            .await
    }

    async fn is_out_of_tries(&self, flow: FlowId, tries: Tries, limit: u8) -> Result<bool> {
        self.readers
            .read(move |on| is_out_of_tries(on, flow, tries, limit))
            .await
    }

    async fn try_invitation(
        &self,
        invitation: InvitationId,
        check: Check,
        limit: u8,
        now: Timestamp,
    ) -> Result<std::result::Result<TriedInvitation, NoPatient>> {
        let chain = self.chain.clone();
        self.writer
            .write(move |on| try_invitation(on, &chain, invitation, check, limit, now))
            .await
    }

    async fn is_username_taken(&self, username: &Digest) -> Result<bool> {
        let taken = "SELECT 1 FROM accounts WHERE username_key = ?1";
        let taken: Option<(i64,)> = self.readers.optional(taken, (username.0,)).await?;
        Ok(taken.is_some())
    }

    async fn reveal_is_open(&self, token: &Digest, now: Timestamp) -> Result<bool> {
        let open: Option<(i64,)> = self
            .readers
            .optional(
                "SELECT 1 FROM reveals r JOIN accounts a ON a.id = r.account_id
                 WHERE r.token_digest = ?1 AND r.expires_at > ?2 AND r.spent_at IS NULL
                   AND a.email_key = r.email_key",
                (token.0, millis(now)),
            )
            .await?;
        Ok(open.is_some())
    }

    async fn spend_reveal(&self, token: &Digest, now: Timestamp) -> Result<Option<FoundAccount>> {
        let (chain, token) = (self.chain.clone(), *token);
        self.writer
            .write(move |on| spend_reveal(on, &chain, token, now))
            .await
    }

    async fn reset_link(&self, token: &Digest, now: Timestamp) -> Result<Option<FoundAccount>> {
        let row = self.readers.optional(
            "SELECT a.id, a.sealed, p.id, p.sealed
             FROM reset_links l JOIN accounts a ON a.id = l.account_id
             JOIN patients p ON p.id = a.patient_id
             WHERE l.token_digest = ?1 AND l.expires_at > ?2 AND l.spent_at IS NULL
               AND a.email_key = l.email_key",
            (token.0, millis(now)),
        );
        row.await?.map(rows::account).transpose()
    }

    async fn spend_reset_link(
        &self,
        token: &Digest,
        flow: NewFlow,
        ladder: &Digest,
        audit: Entry,
    ) -> Result<bool> {
        let (chain, token, ladder) = (self.chain.clone(), *token, *ladder);
        self.writer
            .write(move |on| limits::spend_reset_link(on, &chain, &token, &flow, &ladder, audit))
            .await
    }

    async fn forget_flows(&self, before: Timestamp) -> Result<u64> {
        self.writer.write(move |on| forget(on, before)).await
    }
}

pub(super) fn insert(on: &Connection, flow: &NewFlow) -> Result<()> {
    limits::charge(on, &flow.charges, flow.at)?;
    execute(
        on,
        "INSERT INTO flows (id, token_digest, sealed, version, created_at, expires_at, subject_key)
         VALUES (?1, ?2, ?3, 0, ?4, ?5, ?6)",
        (
            flow.id.0,
            flow.token.0,
            &flow.state.0,
            millis(flow.at),
            millis(flow.expires_at),
            flow.subject.map(|subject| subject.0),
        ),
    )?;
    Ok(())
}

fn extend(on: &Connection, more: &MoreTime) -> Result<()> {
    let extended = execute(
        on,
        "UPDATE flows SET sealed = ?1, expires_at = ?2
         WHERE id = ?3 AND version = ?4 AND ended_at IS NULL AND expires_at > ?5
           AND created_at > ?6",
        (
            &more.state.0,
            millis(more.expires_at),
            more.flow.0,
            more.version,
            millis(more.at),
            millis(more.at - LIFETIME),
        ),
    )?;
    rows::one(extended)
}

/// The flow's try first and the row of failures after it, as when a right code
/// is spent: so neither waits for the other in a circle.
fn try_code(on: &Connection, chain: &Chain, guess: &Guess) -> Result<Option<Challenge>> {
    let unmoved = "SELECT 1 FROM flows WHERE id = ?1 AND version = ?2";
    if !exists(on, unmoved, (guess.flow.0, guess.version))? {
        return Err(StoreError::Conflict);
    }
    let row = optional(
        on,
        "UPDATE challenges SET tries = tries + 1
         WHERE flow_id = ?1 AND purpose = ?2 AND tries < ?3 AND spent_at IS NULL
         RETURNING job_id, code_digest, account_id, expires_at, ?3 - tries",
        (guess.flow.0, guess.purpose.as_str(), guess.limit),
    )?;
    let Some(row) = row else { return Ok(None) };
    let (job, challenge) = rows::challenge(row)?;
    let counted = limits::guess(on, guess.guessing(), &guess.ladder, guess.at)?;
    if let Some(event) = guess.event(counted) {
        let account = guess.account.map(|account| account.0);
        let whom = account.or(jobs::whom(on, job, guess.username)?);
        let entry = Entry::about(event, whom.unwrap_or(guess.flow.0));
        audit::append(on, chain, entry, guess.at)?;
    }
    Ok(Some(challenge.once_counted(counted)))
}

fn is_out_of_tries(on: &Connection, flow: FlowId, tries: Tries, limit: u8) -> Result<bool> {
    let is_out = match tries {
        Tries::Code(purpose) => exists(
            on,
            "SELECT 1 FROM challenges WHERE flow_id = ?1 AND tries >= ?2 AND purpose = ?3",
            (flow.0, limit, purpose.as_str()),
        ),
        Tries::Invitation(InvitationId(id), Check::Identity) => exists(
            on,
            "SELECT 1 FROM invitations WHERE id = ?1 AND identity_tries >= ?2",
            (id, limit),
        ),
        Tries::Invitation(InvitationId(id), Check::Phone) => exists(
            on,
            "SELECT 1 FROM invitations WHERE id = ?1 AND phone_tries >= ?2",
            (id, limit),
        ),
    };
    Ok(is_out?)
}

fn try_invitation(
    on: &Connection,
    chain: &Chain,
    invitation: InvitationId,
    check: Check,
    limit: u8,
    now: Timestamp,
) -> Result<std::result::Result<TriedInvitation, NoPatient>> {
    let statement = match check {
        Check::Identity => {
            "UPDATE invitations SET identity_tries = identity_tries + 1
             WHERE id = ?1 AND identity_tries < ?2 AND expires_at > ?3
               AND used_at IS NULL AND replaced_at IS NULL
             RETURNING patient_id, (SELECT sealed FROM patients WHERE id = patient_id),
                       ?2 - identity_tries"
        }
        Check::Phone => {
            "UPDATE invitations SET phone_tries = phone_tries + 1
             WHERE id = ?1 AND phone_tries < ?2 AND expires_at > ?3
               AND used_at IS NULL AND replaced_at IS NULL
             RETURNING patient_id, (SELECT sealed FROM patients WHERE id = patient_id),
                       ?2 - phone_tries"
        }
    };
    if let Some(tried) = optional(on, statement, (invitation.0, limit, millis(now)))? {
        let tried = rows::tried(tried)?;
        if tried.tries_left == 0 && is_first_told(on, invitation, check, now)? {
            let entry = Entry::about(Event::InvitationTriesSpent, tried.patient.0);
            audit::append(on, chain, entry, now)?;
        }
        return Ok(Ok(tried));
    }
    let is_open = exists(
        on,
        "SELECT 1 FROM invitations
         WHERE id = ?1 AND expires_at > ?2 AND used_at IS NULL AND replaced_at IS NULL",
        (invitation.0, millis(now)),
    )?;
    Ok(Err(if is_open {
        NoPatient::NoTryLeft
    } else {
        NoPatient::InvitationEnded
    }))
}

/// Whether a last try is to be written down: a right answer gives it back, and it
/// could be made for ever.
fn is_first_told(
    on: &Connection,
    invitation: InvitationId,
    check: Check,
    now: Timestamp,
) -> Result<bool> {
    let statement = match check {
        Check::Identity => {
            "UPDATE invitations SET identity_spent_at = ?1
             WHERE id = ?2 AND identity_spent_at IS NULL"
        }
        Check::Phone => {
            "UPDATE invitations SET phone_spent_at = ?1 WHERE id = ?2 AND phone_spent_at IS NULL"
        }
    };
    let told = execute(on, statement, (millis(now), invitation.0))?;
    Ok(told == 1)
}

fn spend_reveal(
    on: &Connection,
    chain: &Chain,
    token: Digest,
    now: Timestamp,
) -> Result<Option<FoundAccount>> {
    let spent = optional(
        on,
        "UPDATE reveals SET spent_at = ?1
         WHERE token_digest = ?2 AND expires_at > ?1 AND spent_at IS NULL
           AND (account_id, email_key) IN (SELECT id, email_key FROM accounts)
         RETURNING account_id",
        (millis(now), token.0),
    )?;
    let Some(account) = spent.map(rows::account_id).transpose()? else {
        return Ok(None);
    };
    audit::append(on, chain, Entry::username_shown(account), now)?;
    jobs::account_by_id(on, account)
}

fn forget(on: &Connection, before: Timestamp) -> Result<u64> {
    execute(
        on,
        "DELETE FROM reveals WHERE expires_at < ?1",
        (millis(before),),
    )?;
    limits::forget(on, before)?;
    let gone = execute(
        on,
        "DELETE FROM flows WHERE expires_at < ?1",
        (millis(before),),
    )?;
    Ok(gone)
}

/// What was sent to this account's owner before is no code any more, and no
/// message that is still under way becomes one.
pub(super) fn void_codes(on: &Connection, account: AccountId) -> Result<()> {
    execute(
        on,
        "UPDATE challenges SET code_digest = NULL, job_id = zeroblob(16)
         WHERE account_id = ?1 AND spent_at IS NULL",
        (account.0,),
    )?;
    Ok(())
}

/// Ends every other flow that has proven to be about the same subject.
pub(super) fn end_others(on: &Connection, change: &Change) -> Result<()> {
    execute(
        on,
        "UPDATE flows SET ended_at = ?1
         WHERE subject_key = ?2 AND id <> ?3 AND ended_at IS NULL",
        (
            millis(change.at),
            change.subject.map(|subject| subject.0),
            change.flow.0,
        ),
    )?;
    Ok(())
}
