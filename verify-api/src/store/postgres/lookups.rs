//! Looking patients up on PostgreSQL.

use std::collections::HashSet;

use async_trait::async_trait;
use sqlx::PgConnection;

use super::PgStore;
use crate::crypto::Sealed;
use crate::patient::PatientId;
use crate::store::rows;
use crate::store::{Found, Listed, LookedUp, LookupKey, Lookups, Relisted, Result};

#[async_trait]
impl Lookups for PgStore {
    async fn look_up(&self, wanted: LookedUp) -> Result<Found> {
        let columns = |rows: &[LookupKey]| -> [Vec<Vec<u8>>; 2] {
            let births = rows.iter().map(|row| row.birth.to_vec()).collect();
            [births, rows.iter().map(|row| row.name.to_vec()).collect()]
        };
        let [first, second] = &wanted.rows;
        let ([births, names], [other_births, other_names]) = (columns(first), columns(second));
        // One more of each than is wanted says that there are others.
        let found: Vec<(Vec<u8>, Vec<u8>, bool, bool)> = sqlx::query_as(
            "WITH first AS (
                 SELECT DISTINCT patient_id
                 FROM unnest($1::bytea[], $2::bytea[]) AS wanted (birth_key, name_key)
                 JOIN patient_lookups USING (birth_key, name_key)
                 ORDER BY patient_id LIMIT $5 + 1
             ), second AS (
                 SELECT DISTINCT patient_id
                 FROM unnest($3::bytea[], $4::bytea[]) AS wanted (birth_key, name_key)
                 JOIN patient_lookups USING (birth_key, name_key)
                 ORDER BY patient_id LIMIT $5 + 1
             ), by_birth AS (
                 SELECT DISTINCT patient_id FROM patient_lookups WHERE birth_key = $6
                 ORDER BY patient_id LIMIT $7 + 1
             ), wanted AS (
                 (SELECT patient_id FROM first ORDER BY patient_id LIMIT $5)
                 UNION (SELECT patient_id FROM second ORDER BY patient_id LIMIT $5)
                 UNION (SELECT patient_id FROM by_birth ORDER BY patient_id LIMIT $7)
             )
             SELECT id, sealed,
                 (SELECT greatest((SELECT count(*) FROM first), (SELECT count(*) FROM second)) > $5),
                 (SELECT count(*) FROM by_birth) > $7
             FROM patients WHERE id IN (SELECT patient_id FROM wanted)",
        )
        .bind(births)
        .bind(names)
        .bind(other_births)
        .bind(other_names)
        .bind(i64::from(wanted.by_rows))
        .bind(wanted.birth.as_slice())
        .bind(i64::from(wanted.by_birth))
        .fetch_all(&self.pool)
        .await?;
        let is_cut = found.iter().any(|(_, _, rows, birth)| *rows || *birth);
        let records = records(found.into_iter().map(|(id, sealed, ..)| (id, sealed)))?;
        Ok(Found { records, is_cut })
    }

    async fn unlisted(
        &self,
        after: Option<PatientId>,
        limit: u32,
    ) -> Result<Vec<(PatientId, Sealed)>> {
        let found: Vec<(Vec<u8>, Vec<u8>)> = sqlx::query_as(
            "SELECT id, sealed FROM patients WHERE NOT is_listed AND id > $1
             ORDER BY id LIMIT $2",
        )
        .bind(after.map_or(Vec::new(), |after| after.0.to_vec()))
        .bind(i64::from(limit))
        .fetch_all(&self.pool)
        .await?;
        records(found)
    }

    async fn list(&self, listed: Vec<Listed>) -> Result<u64> {
        let mut tx = self.begin().await?;
        let ids: Vec<&[u8]> = listed.iter().map(|record| record.id.0.as_slice()).collect();
        let sealed: Vec<&[u8]> = listed.iter().map(|it| it.sealed.0.as_slice()).collect();
        // In one order, so that no two servers wait in a circle.
        sqlx::query("SELECT 1 FROM patients WHERE id = ANY($1) ORDER BY id FOR NO KEY UPDATE")
            .bind(&ids)
            .execute(&mut *tx)
            .await?;
        let as_read: Vec<Vec<u8>> = sqlx::query_scalar(
            "UPDATE patients SET is_listed = TRUE
             FROM unnest($1::bytea[], $2::bytea[]) AS records (id, sealed)
             WHERE patients.id = records.id AND patients.sealed = records.sealed
               AND NOT patients.is_listed
             RETURNING patients.id",
        )
        .bind(&ids)
        .bind(sealed)
        .fetch_all(&mut *tx)
        .await?;
        let as_read: HashSet<_> = as_read.into_iter().collect();
        let rows = listed.iter().filter(|it| as_read.contains(&it.id.0[..]));
        let rows = columns(rows.map(|it| (it.id, &it.lookups[..])));
        insert_all(&mut tx, rows).await?;
        tx.commit().await?;
        Ok(as_read.len() as u64)
    }
}

fn records(
    found: impl IntoIterator<Item = (Vec<u8>, Vec<u8>)>,
) -> Result<Vec<(PatientId, Sealed)>> {
    let found = found.into_iter();
    found
        .map(|(id, sealed)| Ok((PatientId(rows::id(&id)?), Sealed(sealed))))
        .collect()
}

/// Rows of patients, as columns to be bound.
pub(super) type Columns = [Vec<Vec<u8>>; 3];

pub(super) fn columns<'a>(
    rows_of: impl IntoIterator<Item = (PatientId, &'a [LookupKey])>,
) -> Columns {
    let mut columns = [const { Vec::new() }; 3];
    for (patient, rows) in rows_of {
        for row in rows {
            let cells = [&row.birth[..], &row.name, &patient.0];
            for (column, cell) in columns.iter_mut().zip(cells) {
                column.push(cell.to_vec());
            }
        }
    }
    columns
}

pub(super) async fn insert_all(on: &mut PgConnection, rows: Columns) -> Result<()> {
    let [births, names, patients] = rows;
    sqlx::query(
        "INSERT INTO patient_lookups (birth_key, name_key, patient_id)
         SELECT * FROM unnest($1::bytea[], $2::bytea[], $3::bytea[])
         ON CONFLICT DO NOTHING",
    )
    .bind(births)
    .bind(names)
    .bind(patients)
    .execute(on)
    .await?;
    Ok(())
}

/// The rows of records that an import has changed and holds locked.
pub(super) async fn relist_all(on: &mut PgConnection, relisted: &[Relisted]) -> Result<()> {
    if relisted.is_empty() {
        return Ok(());
    }
    let [births, names, patients] = columns(relisted.iter().map(|it| (it.id, &it.old[..])));
    sqlx::query(
        "DELETE FROM patient_lookups
         USING unnest($1::bytea[], $2::bytea[], $3::bytea[])
             AS gone (birth_key, name_key, patient_id)
         WHERE patient_lookups.birth_key = gone.birth_key
           AND patient_lookups.name_key = gone.name_key
           AND patient_lookups.patient_id = gone.patient_id",
    )
    .bind(births)
    .bind(names)
    .bind(patients)
    .execute(&mut *on)
    .await?;
    let new = columns(relisted.iter().map(|it| (it.id, &it.new[..])));
    insert_all(on, new).await
}
