//! Patients at the desk, on PostgreSQL.

use async_trait::async_trait;
use jiff::Timestamp;
use sqlx::PgConnection;

use super::{PgStore, audit, limits};
use crate::audit::{Entry, Event};
use crate::crypto::Digest;
use crate::flow::InvitationId;
use crate::limits::Charge;
use crate::limits::ladder::STOP;
use crate::patient::PatientId;
use crate::store::rows::{self, millis};
use crate::store::staff_rows;
use crate::store::{FoundVisit, InVisit, NewVisit, Result, StoreError, VisitShown, Visits};

#[async_trait]
impl Visits for PgStore {
    async fn begin_visit(&self, visit: NewVisit, charge: Charge, audit: Entry) -> Result<()> {
        let mut tx = self.begin().await?;
        limits::charge(&mut tx, &[charge], visit.at).await?;
        sqlx::query(
            "INSERT INTO staff_visits (token_digest, staff_id, patient_id, begun_at)
             VALUES ($1, $2, $3, $4)",
        )
        .bind(visit.token.0.as_slice())
        .bind(visit.staff.0.as_slice())
        .bind(visit.patient.0.as_slice())
        .bind(millis(visit.at))
        .execute(&mut *tx)
        .await?;
        audit::append(&mut tx, &self.chain, audit, visit.at).await?;
        Ok(tx.commit().await?)
    }

    async fn note(&self, audit: Entry, charge: Charge, at: Timestamp) -> Result<()> {
        let mut tx = self.begin().await?;
        limits::charge(&mut tx, &[charge], at).await?;
        audit::append(&mut tx, &self.chain, audit, at).await?;
        Ok(tx.commit().await?)
    }

    async fn visit(&self, shown: VisitShown) -> Result<Option<FoundVisit>> {
        // What is found here is of one moment, though several statements find it. Who acts for
        // the patient and their connections are asked for apart.
        let snapshot = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY";
        let mut tx = self.pool.begin_with(snapshot).await?;
        let found = find(&mut tx, &shown).await?;
        tx.commit().await?;
        Ok(found)
    }

    async fn note_check(&self, shown: VisitShown, documents: String, audit: Entry) -> Result<bool> {
        let mut tx = self.begin().await?;
        let noted = sqlx::query(
            "UPDATE staff_visits SET checked_at = $4, documents = $5
             WHERE token_digest = $1 AND staff_id = $2 AND begun_at > $3 AND checked_at IS NULL",
        )
        .bind(shown.token.0.as_slice())
        .bind(shown.staff.0.as_slice())
        .bind(begun_since(&shown))
        .bind(millis(shown.at))
        .bind(documents)
        .execute(&mut *tx)
        .await?;
        if noted.rows_affected() == 0 {
            return Ok(false);
        }
        audit::append(&mut tx, &self.chain, audit, shown.at).await?;
        tx.commit().await?;
        Ok(true)
    }

    async fn cancel_invitation(
        &self,
        shown: VisitShown,
        invitation: InvitationId,
        audit: Entry,
    ) -> Result<bool> {
        let mut tx = self.begin().await?;
        let ended = sqlx::query(
            "UPDATE invitations SET replaced_at = $4
             WHERE id = $5 AND used_at IS NULL AND replaced_at IS NULL
                 AND patient_id = (SELECT patient_id FROM staff_visits
                     WHERE token_digest = $1 AND staff_id = $2 AND begun_at > $3
                         AND checked_at IS NOT NULL)",
        )
        .bind(shown.token.0.as_slice())
        .bind(shown.staff.0.as_slice())
        .bind(begun_since(&shown))
        .bind(millis(shown.at))
        .bind(invitation.0.as_slice())
        .execute(&mut *tx)
        .await?;
        if ended.rows_affected() == 0 {
            return Ok(false);
        }
        audit::append(&mut tx, &self.chain, audit, shown.at).await?;
        tx.commit().await?;
        Ok(true)
    }

    async fn lift_stop(&self, shown: VisitShown, ladder: &Digest, audit: Entry) -> Result<bool> {
        let mut tx = self.begin().await?;
        if checked(&mut tx, &shown).await?.is_none() {
            return Ok(false);
        }
        let gone = sqlx::query("DELETE FROM ladders WHERE subject_key = $1 AND failures >= $2")
            .bind(ladder.0.as_slice())
            .bind(i64::from(STOP))
            .execute(&mut *tx)
            .await?;
        if gone.rows_affected() == 0 {
            return Ok(false);
        }
        audit::append(&mut tx, &self.chain, audit, shown.at).await?;
        tx.commit().await?;
        Ok(true)
    }
}

/// Since when a visit that lasts must have begun.
fn begun_since(shown: &VisitShown) -> i64 {
    millis(shown.at - shown.lasts)
}

/// Whose visit it is, if it lasts and documents were seen in it.
pub(super) async fn checked(
    on: &mut PgConnection,
    shown: &VisitShown,
) -> Result<Option<PatientId>> {
    let patient: Option<Vec<u8>> = sqlx::query_scalar(
        "SELECT patient_id FROM staff_visits WHERE token_digest = $1 AND staff_id = $2
             AND begun_at > $3 AND checked_at IS NOT NULL",
    )
    .bind(shown.token.0.as_slice())
    .bind(shown.staff.0.as_slice())
    .bind(begun_since(shown))
    .fetch_optional(on)
    .await?;
    let patient = patient.as_deref().map(rows::id).transpose()?;
    Ok(patient.map(PatientId))
}

/// Whether an invitation may be made: see [`InVisit`]. The caller holds the patient's row.
pub(super) async fn allow(
    on: &mut PgConnection,
    patient: PatientId,
    visit: &InVisit,
) -> Result<()> {
    if checked(on, &visit.shown).await?.is_none() {
        return Err(StoreError::Overtaken);
    }
    let open: Option<Vec<u8>> = sqlx::query_scalar(
        "SELECT id FROM invitations
         WHERE patient_id = $1 AND used_at IS NULL AND replaced_at IS NULL",
    )
    .bind(patient.0.as_slice())
    .fetch_optional(on)
    .await?;
    let open = open.as_deref().map(rows::id).transpose()?;
    if open.map(InvitationId) == visit.seen {
        Ok(())
    } else {
        Err(StoreError::Overtaken)
    }
}

async fn find(on: &mut PgConnection, shown: &VisitShown) -> Result<Option<FoundVisit>> {
    let row = sqlx::query_as(
        "SELECT v.patient_id, v.documents, p.sealed FROM staff_visits v
         JOIN patients p ON p.id = v.patient_id
         WHERE v.token_digest = $1 AND v.staff_id = $2 AND v.begun_at > $3",
    )
    .bind(shown.token.0.as_slice())
    .bind(shown.staff.0.as_slice())
    .bind(begun_since(shown))
    .fetch_optional(&mut *on)
    .await?;
    let Some((patient, documents, record)) = row.map(staff_rows::visit).transpose()? else {
        return Ok(None);
    };
    let invitation = sqlx::query_as(
        "SELECT i.id, i.expires_at,
                i.used_at IS NULL AND i.replaced_at IS NULL, i.identity_tries, i.phone_tries,
                o.id IS NOT NULL, o.fate, o.report, coalesce(o.attempts, 0)
         FROM invitations i LEFT JOIN outbox o ON o.id = i.job_id
         WHERE i.patient_id = $1
         ORDER BY i.replaced_at IS NULL DESC, i.created_at DESC LIMIT 1",
    )
    .bind(patient.0.as_slice())
    .fetch_optional(&mut *on)
    .await?;
    let invitation = invitation.map(staff_rows::desk_invitation).transpose()?;
    let account = sqlx::query_as(
        "SELECT a.id, a.sealed, p.id, p.sealed FROM accounts a
         JOIN patients p ON p.id = a.patient_id WHERE p.id = $1 AND a.deactivated_at IS NULL",
    )
    .bind(patient.0.as_slice())
    .fetch_optional(&mut *on)
    .await?;
    let closed_at: Option<i64> =
        sqlx::query_scalar("SELECT max(deactivated_at) FROM accounts WHERE patient_id = $1")
            .bind(patient.0.as_slice())
            .fetch_one(&mut *on)
            .await?;
    let events = sqlx::query_scalar(
        "SELECT DISTINCT event FROM audit WHERE subject = $1 AND seq >
             (SELECT coalesce(max(seq), 0) FROM audit WHERE subject = $1 AND event = $2)",
    )
    .bind(patient.0.as_slice())
    .bind(Event::PatientInvited.as_str())
    .fetch_all(&mut *on)
    .await?;
    let codes = sqlx::query_as(
        "SELECT o.fate, o.report, o.attempts FROM challenges c JOIN outbox o ON o.id = c.job_id
         WHERE c.patient_id = $1 ORDER BY o.created_at DESC LIMIT 3",
    )
    .bind(patient.0.as_slice())
    .fetch_all(on)
    .await?;
    Ok(Some(FoundVisit {
        patient,
        record,
        documents,
        invitation,
        account: account.map(rows::account).transpose()?,
        closed_at: closed_at.map(rows::time).transpose()?,
        events,
        codes: (codes.into_iter().map(staff_rows::desk_message)).collect::<Result<_>>()?,
    }))
}
