//! Looking patients up on SQLite.

use std::collections::BTreeSet;

use async_trait::async_trait;
use rusqlite::Connection;

use super::SqliteStore;
use super::query::{all, execute, optional};
use crate::crypto::Sealed;
use crate::patient::PatientId;
use crate::store::{Found, Listed, LookedUp, LookupKey, Lookups, Relisted, Result};

#[async_trait]
impl Lookups for SqliteStore {
    async fn look_up(&self, wanted: LookedUp) -> Result<Found> {
        self.readers.read(move |on| look_up(on, &wanted)).await
    }

    async fn unlisted(
        &self,
        after: Option<PatientId>,
        limit: u32,
    ) -> Result<Vec<(PatientId, Sealed)>> {
        let after = after.map_or(Vec::new(), |after| after.0.to_vec());
        let found: Vec<([u8; 16], Vec<u8>)> = self
            .readers
            .all(
                "SELECT id, sealed FROM patients WHERE is_listed = 0 AND id > ?1
                 ORDER BY id LIMIT ?2",
                (after, limit),
            )
            .await?;
        let found = found.into_iter();
        Ok(found
            .map(|(id, sealed)| (PatientId(id), Sealed(sealed)))
            .collect())
    }

    async fn list(&self, records: Vec<Listed>) -> Result<u64> {
        self.writer.write(move |on| list(on, &records)).await
    }
}

fn look_up(on: &Connection, wanted: &LookedUp) -> Result<Found> {
    let mut patients = BTreeSet::new();
    let mut is_cut = false;
    let mut take = |mut found: BTreeSet<[u8; 16]>, most: u32| {
        is_cut |= found.len() > most as usize;
        while found.len() > most as usize {
            found.pop_last();
        }
        patients.append(&mut found);
    };
    for rows in &wanted.rows {
        let mut by_rows = BTreeSet::new();
        for row in rows {
            let found = all(
                on,
                "SELECT patient_id FROM patient_lookups WHERE birth_key = ?1 AND name_key = ?2
                 ORDER BY patient_id LIMIT ?3",
                (row.birth, row.name, wanted.by_rows + 1),
            )?;
            by_rows.extend(found.into_iter().map(|(patient,): ([u8; 16],)| patient));
        }
        take(by_rows, wanted.by_rows);
    }
    let born_then = all(
        on,
        "SELECT DISTINCT patient_id FROM patient_lookups WHERE birth_key = ?1
         ORDER BY patient_id LIMIT ?2",
        (wanted.birth, wanted.by_birth + 1),
    )?;
    let born_then = born_then.into_iter().map(|(patient,)| patient);
    take(born_then.collect(), wanted.by_birth);
    let mut records = Vec::with_capacity(patients.len());
    for patient in patients {
        let row = optional(on, "SELECT sealed FROM patients WHERE id = ?1", (patient,))?;
        records.extend(row.map(|(sealed,)| (PatientId(patient), Sealed(sealed))));
    }
    Ok(Found { records, is_cut })
}

fn list(on: &Connection, records: &[Listed]) -> Result<u64> {
    let mut listed = 0;
    for record in records {
        let is_as_read = execute(
            on,
            "UPDATE patients SET is_listed = 1 WHERE id = ?1 AND sealed = ?2 AND is_listed = 0",
            (record.id.0, &record.sealed.0),
        )?;
        if is_as_read == 1 {
            insert(on, record.id, &record.lookups)?;
        }
        listed += is_as_read;
    }
    Ok(listed)
}

pub(super) fn insert(on: &Connection, patient: PatientId, rows: &[LookupKey]) -> Result<()> {
    for row in rows {
        execute(
            on,
            "INSERT INTO patient_lookups (birth_key, name_key, patient_id) VALUES (?1, ?2, ?3)
             ON CONFLICT DO NOTHING",
            (row.birth, row.name, patient.0),
        )?;
    }
    Ok(())
}

pub(super) fn relist(on: &Connection, record: &Relisted) -> Result<()> {
    for row in &record.old {
        execute(
            on,
            "DELETE FROM patient_lookups
             WHERE birth_key = ?1 AND name_key = ?2 AND patient_id = ?3",
            (row.birth, row.name, record.id.0),
        )?;
    }
    insert(on, record.id, &record.new)
}
