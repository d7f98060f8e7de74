//! Who acts for a patient, on SQLite.

use async_trait::async_trait;
use rusqlite::Connection;

use super::query::{execute, exists, optional};
use super::{SqliteStore, audit, people, sessions, visits};
use crate::audit::Entry;
use crate::patient::PatientId;
use crate::staff::ProxyId;
use crate::store::rows::millis;
use crate::store::{FoundProxy, NewProxy, Proxies, Result, StoreError, VisitShown, staff_rows};

#[async_trait]
impl Proxies for SqliteStore {
    async fn proxy(&self, patient: PatientId) -> Result<Option<FoundProxy>> {
        let held = "SELECT id, sealed, noted_at FROM proxies
             WHERE patient_id = ?1 AND ended_at IS NULL";
        let found = self.readers.optional(held, (patient.0,)).await?;
        found.map(staff_rows::proxy).transpose()
    }

    async fn note_proxy(&self, shown: VisitShown, proxy: NewProxy, audit: Entry) -> Result<bool> {
        let chain = self.chain.clone();
        self.writer
            .write(move |on| {
                let held = "SELECT 1 FROM proxies WHERE patient_id = ?1 AND ended_at IS NULL";
                let as_read = "SELECT 1 FROM patients WHERE id = ?1 AND sealed = ?2";
                if visits::checked(on, &shown)? != Some(proxy.patient)
                    || exists(on, held, (proxy.patient.0,))?
                    || !exists(on, as_read, (proxy.patient.0, &proxy.record.0))?
                {
                    return Ok(false);
                }
                execute(
                    on,
                    "INSERT INTO proxies (id, patient_id, sealed, noted_by, noted_at)
                     VALUES (?1, ?2, ?3, ?4, ?5)",
                    (
                        proxy.id.0,
                        proxy.patient.0,
                        &proxy.sealed.0,
                        shown.staff.0,
                        millis(shown.at),
                    ),
                )?;
                people::end_invitations(on, proxy.patient, shown.at)?;
                audit::append(on, &chain, audit, shown.at)?;
                Ok(true)
            })
            .await
    }

    async fn end_proxy(&self, shown: VisitShown, proxy: ProxyId, audit: Entry) -> Result<bool> {
        let chain = self.chain.clone();
        self.writer
            .write(move |on| {
                let Some(patient) = visits::checked(on, &shown)? else {
                    return Ok(false);
                };
                let ended = execute(
                    on,
                    "UPDATE proxies SET ended_by = ?1, ended_at = ?2
                     WHERE id = ?3 AND patient_id = ?4 AND ended_at IS NULL",
                    (shown.staff.0, millis(shown.at), proxy.0, patient.0),
                )?;
                if ended == 0 {
                    return Ok(false);
                }
                sessions::end_all_of(on, patient)?;
                people::end_invitations(on, patient, shown.at)?;
                audit::append(on, &chain, audit, shown.at)?;
                Ok(true)
            })
            .await
    }
}

/// Whether what is noted of who acts for a patient is what an invitation follows from.
pub(super) fn allow(on: &Connection, patient: PatientId, read: Option<ProxyId>) -> Result<()> {
    let held = "SELECT id FROM proxies WHERE patient_id = ?1 AND ended_at IS NULL";
    let held: Option<([u8; 16],)> = optional(on, held, (patient.0,))?;
    if held.map(|(held,)| ProxyId(held)) == read {
        Ok(())
    } else {
        Err(StoreError::Conflict)
    }
}
