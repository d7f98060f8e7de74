//! Flows on PostgreSQL.

use async_trait::async_trait;
use jiff::Timestamp;
use sqlx::PgConnection;

use super::{PgStore, change};
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
impl Flows for PgStore {
    async fn insert_flow(&self, flow: NewFlow) -> Result<()> {
        let mut tx = self.begin().await?;
        insert(&mut tx, flow).await?;
        Ok(tx.commit().await?)
    }

    async fn charge(&self, charges: Vec<Charge>, at: Timestamp) -> Result<()> {
        let mut tx = self.begin().await?;
        super::limits::charge(&mut tx, &charges, at).await?;
        Ok(tx.commit().await?)
    }

    async fn flow(&self, token: &Digest) -> Result<Option<StoredFlow>> {
        let row = sqlx::query_as(
            "SELECT id, sealed, version, created_at, expires_at, ended_at IS NOT NULL
             FROM flows WHERE token_digest = $1",
        )
        .bind(token.0.as_slice())
        .fetch_optional(&self.pool)
        .await?;
        row.map(rows::flow).transpose()
    }

    async fn commit(&self, change: Change) -> Result<()> {
        let mut tx = self.begin().await?;
        change::make(&mut tx, &self.chain, &change).await?;
        Ok(tx.commit().await?)
    }

    async fn extend(&self, more: MoreTime) -> Result<()> {
        let extended = sqlx::query(
            "UPDATE flows SET sealed = $1, expires_at = $2
             WHERE id = $3 AND version = $4 AND ended_at IS NULL AND expires_at > $5
               AND created_at > $6",
        )
        .bind(&more.state.0)
        .bind(millis(more.expires_at))
        .bind(more.flow.0.as_slice())
        .bind(more.version)
        .bind(millis(more.at))
        .bind(millis(more.at - LIFETIME))
        .execute(&self.pool)
        .await?;
        rows::one(extended.rows_affected())
    }

    async fn try_code(&self, guess: Guess) -> Result<Option<Challenge>> {
        let mut tx = self.begin().await?;
        let tried = try_code(&mut tx, &self.chain, guess).await?;
        tx.commit().await?;
        Ok(tried)
    }

    async fn is_out_of_tries(&self, flow: FlowId, tries: Tries, limit: u8) -> Result<bool> {
        let (statement, id) = match &tries {
            Tries::Code(_) => (
                "SELECT 1 FROM challenges WHERE flow_id = $1 AND tries >= $2 AND purpose = $3",
                &flow.0,
            ),
            Tries::Invitation(InvitationId(id), Check::Identity) => (
                "SELECT 1 FROM invitations WHERE id = $1 AND identity_tries >= $2",
                id,
            ),
            Tries::Invitation(InvitationId(id), Check::Phone) => (
                "SELECT 1 FROM invitations WHERE id = $1 AND phone_tries >= $2",
                id,
            ),
        };
        let mut query = sqlx::query_as(statement)
            .bind(id.as_slice())
            .bind(i64::from(limit));
        if let Tries::Code(purpose) = tries {
            query = query.bind(purpose.as_str());
        }
        let row: Option<(i32,)> = query.fetch_optional(&self.pool).await?;
        Ok(row.is_some())
    }

    async fn try_invitation(
        &self,
        invitation: InvitationId,
        check: Check,
        limit: u8,
        now: Timestamp,
    ) -> Result<std::result::Result<TriedInvitation, NoPatient>> {
        let mut tx = self.begin().await?;
        let tried = try_invitation(&mut tx, &self.chain, invitation, check, limit, now).await?;
        tx.commit().await?;
        Ok(tried)
    }

    async fn is_username_taken(&self, username: &Digest) -> Result<bool> {
        let taken: Option<(i32,)> =
            sqlx::query_as("SELECT 1 FROM accounts WHERE username_key = $1")
                .bind(username.0.as_slice())
                .fetch_optional(&self.pool)
                .await?;
        Ok(taken.is_some())
    }

    async fn reveal_is_open(&self, token: &Digest, now: Timestamp) -> Result<bool> {
        let row: Option<(i32,)> = sqlx::query_as(
            "SELECT 1 FROM reveals r JOIN accounts a ON a.id = r.account_id
             WHERE r.token_digest = $1 AND r.expires_at > $2 AND r.spent_at IS NULL
               AND a.email_key = r.email_key",
        )
        .bind(token.0.as_slice())
        .bind(millis(now))
        .fetch_optional(&self.pool)
        .await?;
        Ok(row.is_some())
    }

    async fn spend_reveal(&self, token: &Digest, now: Timestamp) -> Result<Option<FoundAccount>> {
        let mut tx = self.begin().await?;
        let found = spend_reveal(&mut tx, &self.chain, token, now).await?;
        tx.commit().await?;
        Ok(found)
    }

    async fn reset_link(&self, token: &Digest, now: Timestamp) -> Result<Option<FoundAccount>> {
        let mut on = self.pool.acquire().await?;
        super::limits::reset_link(&mut on, token, now).await
    }

    async fn spend_reset_link(
        &self,
        token: &Digest,
        flow: NewFlow,
        ladder: &Digest,
        audit: Entry,
    ) -> Result<bool> {
        let mut tx = self.begin().await?;
        let chain = &self.chain;
        let spent =
            super::limits::spend_reset_link(&mut tx, chain, token, flow, ladder, audit).await?;
        tx.commit().await?;
        Ok(spent)
    }

    async fn forget_flows(&self, before: Timestamp) -> Result<u64> {
        let mut tx = self.begin().await?;
        let gone = forget(&mut tx, before).await?;
        tx.commit().await?;
        Ok(gone)
    }
}

pub(super) async fn insert(on: &mut PgConnection, flow: NewFlow) -> Result<()> {
    super::limits::charge(on, &flow.charges, flow.at).await?;
    sqlx::query(
        "INSERT INTO flows (id, token_digest, sealed, version, created_at, expires_at, subject_key)
         VALUES ($1, $2, $3, 0, $4, $5, $6)",
    )
    .bind(flow.id.0.as_slice())
    .bind(flow.token.0.as_slice())
    .bind(flow.state.0)
    .bind(millis(flow.at))
    .bind(millis(flow.expires_at))
    .bind(flow.subject.map(|subject| subject.0.to_vec()))
    .execute(on)
    .await?;
    Ok(())
}

/// The flow's try first and the row of failures after it, as when a right code
/// is spent: so neither waits for the other in a circle.
async fn try_code(on: &mut PgConnection, chain: &Chain, guess: Guess) -> Result<Option<Challenge>> {
    // It stays where it is until this is done.
    let unmoved = sqlx::query("SELECT 1 FROM flows WHERE id = $1 AND version = $2 FOR SHARE")
        .bind(guess.flow.0.as_slice())
        .bind(guess.version)
        .fetch_optional(&mut *on)
        .await?;
    if unmoved.is_none() {
        return Err(StoreError::Conflict);
    }
    let row = sqlx::query_as(
        "UPDATE challenges SET tries = tries + 1
         WHERE flow_id = $1 AND purpose = $2 AND tries < $3 AND spent_at IS NULL
         RETURNING job_id, code_digest, account_id, expires_at, $3 - tries",
    )
    .bind(guess.flow.0.as_slice())
    .bind(guess.purpose.as_str())
    .bind(i64::from(guess.limit))
    .fetch_optional(&mut *on)
    .await?;
    let Some(row) = row else { return Ok(None) };
    let (job, challenge) = rows::challenge(row)?;
    let counted = super::limits::guess(on, guess.guessing(), &guess.ladder, guess.at).await?;
    if let Some(event) = guess.event(counted) {
        let account = guess.account.map(|account| account.0);
        let whom = account.or(super::jobs::whom(on, job, guess.username).await?);
        let entry = Entry::about(event, whom.unwrap_or(guess.flow.0));
        super::audit::append(on, chain, entry, guess.at).await?;
    }
    Ok(Some(challenge.once_counted(counted)))
}

async fn try_invitation(
    on: &mut PgConnection,
    chain: &Chain,
    invitation: InvitationId,
    check: Check,
    limit: u8,
    now: Timestamp,
) -> Result<std::result::Result<TriedInvitation, NoPatient>> {
    let statement = match check {
        Check::Identity => {
            "UPDATE invitations SET identity_tries = identity_tries + 1
             WHERE id = $1 AND identity_tries < $2 AND expires_at > $3
               AND used_at IS NULL AND replaced_at IS NULL
             RETURNING patient_id, (SELECT sealed FROM patients WHERE id = patient_id),
                       $2 - identity_tries"
        }
        Check::Phone => {
            "UPDATE invitations SET phone_tries = phone_tries + 1
             WHERE id = $1 AND phone_tries < $2 AND expires_at > $3
               AND used_at IS NULL AND replaced_at IS NULL
             RETURNING patient_id, (SELECT sealed FROM patients WHERE id = patient_id),
                       $2 - phone_tries"
        }
    };
    let tried = sqlx::query_as(statement)
        .bind(invitation.0.as_slice())
        .bind(i64::from(limit))
        .bind(millis(now))
        .fetch_optional(&mut *on)
        .await?;
    if let Some(tried) = tried {
        let tried = rows::tried(tried)?;
        if tried.tries_left == 0 && is_first_told(on, invitation, check, now).await? {
            let entry = Entry::about(Event::InvitationTriesSpent, tried.patient.0);
            super::audit::append(on, chain, entry, now).await?;
        }
        return Ok(Ok(tried));
    }
    let open: Option<(i32,)> = sqlx::query_as(
        "SELECT 1 FROM invitations
         WHERE id = $1 AND expires_at > $2 AND used_at IS NULL AND replaced_at IS NULL",
    )
    .bind(invitation.0.as_slice())
    .bind(millis(now))
    .fetch_optional(on)
    .await?;
    Ok(Err(match open {
        Some(_) => NoPatient::NoTryLeft,
        None => NoPatient::InvitationEnded,
    }))
}

/// Whether a last try is to be written down: a right answer gives it back, and it
/// could be made for ever.
async fn is_first_told(
    on: &mut PgConnection,
    invitation: InvitationId,
    check: Check,
    now: Timestamp,
) -> Result<bool> {
    let statement = match check {
        Check::Identity => {
            "UPDATE invitations SET identity_spent_at = $1
             WHERE id = $2 AND identity_spent_at IS NULL"
        }
        Check::Phone => {
            "UPDATE invitations SET phone_spent_at = $1 WHERE id = $2 AND phone_spent_at IS NULL"
        }
    };
    let told = sqlx::query(statement)
        .bind(millis(now))
        .bind(invitation.0.as_slice())
        .execute(on)
        .await?;
    Ok(told.rows_affected() == 1)
}

async fn spend_reveal(
    on: &mut PgConnection,
    chain: &Chain,
    token: &Digest,
    now: Timestamp,
) -> Result<Option<FoundAccount>> {
    let spent = sqlx::query_as(
        "UPDATE reveals SET spent_at = $1
         WHERE token_digest = $2 AND expires_at > $1 AND spent_at IS NULL
           AND (account_id, email_key) IN (SELECT id, email_key FROM accounts)
         RETURNING account_id",
    )
    .bind(millis(now))
    .bind(token.0.as_slice())
    .fetch_optional(&mut *on)
    .await?;
    let Some(account) = spent.map(rows::account_id).transpose()? else {
        return Ok(None);
    };
    // The account may have been closed since that statement saw it.
    let found = super::jobs::account_by_id(on, account).await?;
    if found.is_some() {
        super::audit::append(on, chain, Entry::username_shown(account), now).await?;
    }
    Ok(found)
}

async fn forget(on: &mut PgConnection, before: Timestamp) -> Result<u64> {
    sqlx::query("DELETE FROM reveals WHERE expires_at < $1")
        .bind(millis(before))
        .execute(&mut *on)
        .await?;
    super::limits::forget(on, before).await?;
    let gone = sqlx::query("DELETE FROM flows WHERE expires_at < $1")
        .bind(millis(before))
        .execute(on)
        .await?;
    Ok(gone.rows_affected())
}

/// What was sent to this account's owner before is no code any more, and no
/// message that is still under way becomes one.
pub(super) async fn void_codes(on: &mut PgConnection, account: AccountId) -> Result<()> {
    sqlx::query(
        "UPDATE challenges SET code_digest = NULL, job_id = decode(repeat('00', 16), 'hex')
         WHERE account_id = $1 AND spent_at IS NULL",
    )
    .bind(account.0.as_slice())
    .execute(on)
    .await?;
    Ok(())
}

/// Waits for every other flow about the same subject, in one order. Each of them holds
/// itself when it wants its code: whoever takes the codes away must hold the flows first,
/// so that neither waits for the other in a circle.
pub(super) async fn hold_others(on: &mut PgConnection, change: &Change) -> Result<()> {
    sqlx::query(
        "SELECT 1 FROM flows WHERE subject_key = $1 AND id <> $2 AND ended_at IS NULL
         ORDER BY id FOR UPDATE",
    )
    .bind(change.subject.as_ref().map(|subject| subject.0.as_slice()))
    .bind(change.flow.0.as_slice())
    .execute(on)
    .await?;
    Ok(())
}

/// Ends every other flow that has proven to be about the same subject.
pub(super) async fn end_others(on: &mut PgConnection, change: &Change) -> Result<()> {
    sqlx::query(
        "UPDATE flows SET ended_at = $1
         WHERE subject_key = $2 AND id <> $3 AND ended_at IS NULL",
    )
    .bind(millis(change.at))
    .bind(change.subject.as_ref().map(|subject| subject.0.as_slice()))
    .bind(change.flow.0.as_slice())
    .execute(on)
    .await?;
    Ok(())
}
