//! Who acts for a patient, on PostgreSQL.

use async_trait::async_trait;
use sqlx::PgConnection;

use super::{PgStore, audit, people, sessions, visits};
use crate::audit::Entry;
use crate::patient::PatientId;
use crate::staff::ProxyId;
use crate::store::rows::{self, millis};
use crate::store::{FoundProxy, NewProxy, Proxies, Result, StoreError, VisitShown, staff_rows};

#[async_trait]
impl Proxies for PgStore {
    async fn proxy(&self, patient: PatientId) -> Result<Option<FoundProxy>> {
        let found = sqlx::query_as(
            "SELECT id, sealed, noted_at FROM proxies WHERE patient_id = $1 AND ended_at IS NULL",
        )
        .bind(patient.0.as_slice())
        .fetch_optional(&self.pool)
        .await?;
        found.map(staff_rows::proxy).transpose()
    }

    async fn note_proxy(&self, shown: VisitShown, proxy: NewProxy, audit: Entry) -> Result<bool> {
        let mut tx = self.begin().await?;
        if visits::checked(&mut tx, &shown).await? != Some(proxy.patient) {
            return Ok(false);
        }
        let record = people::lock(&mut tx, proxy.patient).await?;
        if record.as_ref() != Some(&proxy.record.0) {
            return Ok(false);
        }
        let noted = sqlx::query(
            "INSERT INTO proxies (id, patient_id, sealed, noted_by, noted_at)
             VALUES ($1, $2, $3, $4, $5)
             ON CONFLICT (patient_id) WHERE ended_at IS NULL DO NOTHING",
        )
        .bind(proxy.id.0.as_slice())
        .bind(proxy.patient.0.as_slice())
        .bind(proxy.sealed.0)
        .bind(shown.staff.0.as_slice())
        .bind(millis(shown.at))
        .execute(&mut *tx)
        .await?;
        if noted.rows_affected() == 0 {
            return Ok(false);
        }
        people::end_invitations(&mut tx, &[proxy.patient], shown.at).await?;
        audit::append(&mut tx, &self.chain, audit, shown.at).await?;
        tx.commit().await?;
        Ok(true)
    }

    async fn end_proxy(&self, shown: VisitShown, proxy: ProxyId, audit: Entry) -> Result<bool> {
        let mut tx = self.begin().await?;
        let Some(patient) = visits::checked(&mut tx, &shown).await? else {
            return Ok(false);
        };
        people::lock(&mut tx, patient).await?;
        let ended = sqlx::query(
            "UPDATE proxies SET ended_by = $1, ended_at = $2
             WHERE id = $3 AND patient_id = $4 AND ended_at IS NULL",
        )
        .bind(shown.staff.0.as_slice())
        .bind(millis(shown.at))
        .bind(proxy.0.as_slice())
        .bind(patient.0.as_slice())
        .execute(&mut *tx)
        .await?;
        if ended.rows_affected() == 0 {
            return Ok(false);
        }
        sessions::end_all_of(&mut tx, patient).await?;
        people::end_invitations(&mut tx, &[patient], shown.at).await?;
        audit::append(&mut tx, &self.chain, audit, shown.at).await?;
        tx.commit().await?;
        Ok(true)
    }
}

/// Whether what is noted of who acts for a patient is what an invitation follows from. The
/// caller holds the patient's row.
pub(super) async fn allow(
    on: &mut PgConnection,
    patient: PatientId,
    read: Option<ProxyId>,
) -> Result<()> {
    let held: Option<Vec<u8>> =
        sqlx::query_scalar("SELECT id FROM proxies WHERE patient_id = $1 AND ended_at IS NULL")
            .bind(patient.0.as_slice())
            .fetch_optional(on)
            .await?;
    let held = held.as_deref().map(rows::id).transpose()?;
    if held.map(ProxyId) == read {
        Ok(())
    } else {
        Err(StoreError::Conflict)
    }
}
