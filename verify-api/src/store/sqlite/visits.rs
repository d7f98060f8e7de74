//! Patients at the desk, on SQLite.

use async_trait::async_trait;
use jiff::Timestamp;
use rusqlite::Connection;

use super::query::{all, execute, one, optional};
use super::{SqliteStore, audit, limits};
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
impl Visits for SqliteStore {
    async fn begin_visit(&self, visit: NewVisit, charge: Charge, audit: Entry) -> Result<()> {
        let chain = self.chain.clone();
        self.writer
            .write(move |on| {
                limits::charge(on, &[charge], visit.at)?;
                execute(
                    on,
                    "INSERT INTO staff_visits (token_digest, staff_id, patient_id, begun_at)
                     VALUES (?1, ?2, ?3, ?4)",
                    (
                        visit.token.0,
                        visit.staff.0,
                        visit.patient.0,
                        millis(visit.at),
                    ),
                )?;
                audit::append(on, &chain, audit, visit.at)
            })
            .await
    }

    async fn note(&self, audit: Entry, charge: Charge, at: Timestamp) -> Result<()> {
        let chain = self.chain.clone();
        self.writer
            .write(move |on| {
                limits::charge(on, &[charge], at)?;
                audit::append(on, &chain, audit, at)
            })
            .await
    }

    async fn visit(&self, shown: VisitShown) -> Result<Option<FoundVisit>> {
        // What is found here is of one moment, though several statements find it. Who acts for
        // the patient and their connections are asked for apart.
        self.readers
            .read(move |on| find(&*on.unchecked_transaction()?, &shown))
            .await
    }

    async fn note_check(&self, shown: VisitShown, documents: String, audit: Entry) -> Result<bool> {
        let chain = self.chain.clone();
        self.writer
            .write(move |on| {
                let (token, staff, since) = lasting(&shown);
                let noted = execute(
                    on,
                    "UPDATE staff_visits SET checked_at = ?4, documents = ?5
                     WHERE token_digest = ?1 AND staff_id = ?2 AND begun_at > ?3
                         AND checked_at IS NULL",
                    (token, staff, since, millis(shown.at), documents),
                )?;
                if noted == 0 {
                    return Ok(false);
                }
                audit::append(on, &chain, audit, shown.at)?;
                Ok(true)
            })
            .await
    }

    async fn cancel_invitation(
        &self,
        shown: VisitShown,
        invitation: InvitationId,
        audit: Entry,
    ) -> Result<bool> {
        let chain = self.chain.clone();
        self.writer
            .write(move |on| {
                let (token, staff, since) = lasting(&shown);
                let ended = execute(
                    on,
                    "UPDATE invitations SET replaced_at = ?4
                     WHERE id = ?5 AND used_at IS NULL AND replaced_at IS NULL
                         AND patient_id = (SELECT patient_id FROM staff_visits
                             WHERE token_digest = ?1 AND staff_id = ?2 AND begun_at > ?3
                                 AND checked_at IS NOT NULL)",
                    (token, staff, since, millis(shown.at), invitation.0),
                )?;
                if ended == 0 {
                    return Ok(false);
                }
                audit::append(on, &chain, audit, shown.at)?;
                Ok(true)
            })
            .await
    }

    async fn lift_stop(&self, shown: VisitShown, ladder: &Digest, audit: Entry) -> Result<bool> {
        let (chain, ladder) = (self.chain.clone(), *ladder);
        self.writer
            .write(move |on| {
                if checked(on, &shown)?.is_none() {
                    return Ok(false);
                }
                let gone = execute(
                    on,
                    "DELETE FROM ladders WHERE subject_key = ?1 AND failures >= ?2",
                    (ladder.0, STOP),
                )?;
                if gone == 0 {
                    return Ok(false);
                }
                audit::append(on, &chain, audit, shown.at)?;
                Ok(true)
            })
            .await
    }
}

/// The token, whose it must be, and since when a visit that lasts must have begun.
fn lasting(shown: &VisitShown) -> ([u8; 32], [u8; 16], i64) {
    let since = shown.at - shown.lasts;
    (shown.token.0, shown.staff.0, millis(since))
}

/// Whose visit it is, if it lasts and documents were seen in it.
pub(super) fn checked(on: &Connection, shown: &VisitShown) -> Result<Option<PatientId>> {
    let checked = "SELECT patient_id FROM staff_visits WHERE token_digest = ?1 AND staff_id = ?2
         AND begun_at > ?3 AND checked_at IS NOT NULL";
    let patient: Option<([u8; 16],)> = optional(on, checked, lasting(shown))?;
    Ok(patient.map(|(patient,)| PatientId(patient)))
}

/// Whether an invitation may be made: see [`InVisit`].
pub(super) fn allow(on: &Connection, patient: PatientId, visit: &InVisit) -> Result<()> {
    if checked(on, &visit.shown)?.is_none() {
        return Err(StoreError::Overtaken);
    }
    let open = "SELECT id FROM invitations
         WHERE patient_id = ?1 AND used_at IS NULL AND replaced_at IS NULL";
    let open: Option<([u8; 16],)> = optional(on, open, (patient.0,))?;
    if open.map(|(open,)| InvitationId(open)) == visit.seen {
        Ok(())
    } else {
        Err(StoreError::Overtaken)
    }
}

fn find(on: &Connection, shown: &VisitShown) -> Result<Option<FoundVisit>> {
    let row = optional(
        on,
        "SELECT v.patient_id, v.documents, p.sealed FROM staff_visits v
         JOIN patients p ON p.id = v.patient_id
         WHERE v.token_digest = ?1 AND v.staff_id = ?2 AND v.begun_at > ?3",
        lasting(shown),
    )?;
    let Some((patient, documents, record)) = row.map(staff_rows::visit).transpose()? else {
        return Ok(None);
    };
    let invitation = optional(
        on,
        "SELECT i.id, i.expires_at,
                i.used_at IS NULL AND i.replaced_at IS NULL, i.identity_tries, i.phone_tries,
                o.id IS NOT NULL, o.fate, o.report, coalesce(o.attempts, 0)
         FROM invitations i LEFT JOIN outbox o ON o.id = i.job_id
         WHERE i.patient_id = ?1
         ORDER BY i.replaced_at IS NULL DESC, i.created_at DESC LIMIT 1",
        (patient.0,),
    )?;
    let invitation = invitation.map(staff_rows::desk_invitation).transpose()?;
    let account = optional(
        on,
        "SELECT a.id, a.sealed, p.id, p.sealed FROM accounts a
         JOIN patients p ON p.id = a.patient_id WHERE p.id = ?1 AND a.deactivated_at IS NULL",
        (patient.0,),
    )?;
    let (closed_at,): (Option<i64>,) = one(
        on,
        "SELECT max(deactivated_at) FROM accounts WHERE patient_id = ?1",
        (patient.0,),
    )?;
    let events: Vec<(String,)> = all(
        on,
        "SELECT DISTINCT event FROM audit WHERE subject = ?1 AND seq >
             (SELECT coalesce(max(seq), 0) FROM audit WHERE subject = ?1 AND event = ?2)",
        (patient.0, Event::PatientInvited.as_str()),
    )?;
    let codes = all(
        on,
        "SELECT o.fate, o.report, o.attempts FROM challenges c JOIN outbox o ON o.id = c.job_id
         WHERE c.patient_id = ?1 ORDER BY o.created_at DESC LIMIT 3",
        (patient.0,),
    )?;
    Ok(Some(FoundVisit {
        patient,
        record,
        documents,
        invitation,
        account: account.map(rows::account).transpose()?,
        closed_at: closed_at.map(rows::time).transpose()?,
        events: events.into_iter().map(|(event,)| event).collect(),
        codes: (codes.into_iter().map(staff_rows::desk_message)).collect::<Result<_>>()?,
    }))
}
