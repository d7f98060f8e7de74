//! Finds patients for the desk by a name and a birth date, slips forgiven.
//!
//! Both are needed, and only so many are shown: nobody gets a list of everyone. Records
//! are sealed, so they are looked up by keyed hashes, opened, and ranked here.

mod listing;

use protocol::values::BirthDate;

use super::{App, DeskError};
use crate::audit::Entry;
use crate::crypto::{Keyring, Purpose};
use crate::patient::search::{self, Likeness, Sought};
use crate::patient::{OnFile, Patient, PatientId};
use crate::store::{ImportBatch, LookedUp, LookupKey, ShortKey};

/// How many patients are shown at most.
pub const SHOWN: usize = 10;
/// How many records of one birth date are looked at: far more than a clinic with a million
/// patients has, but for dates that stand for an unknown one. Whoever has such a date is
/// found by a word of the name.
const OF_ONE_DATE: u32 = 1_000;
/// How many records are looked at that a word of the name led to, with the birth date as
/// typed and with those that are a slip away, each.
const OF_ONE_NAME: u32 = 200;

/// Patients whom somebody may mean.
#[derive(Debug)]
pub struct FoundPatients {
    /// Those who are most alike first; [`SHOWN`] at most. Closed records are among them.
    pub patients: Vec<PatientMatch>,
    /// Whether there are others, or may be: whoever asks must say more of the name.
    pub has_more: bool,
    /// Whether some records could not be searched yet, or cannot be opened.
    pub is_incomplete: bool,
}

/// A patient who was found.
#[derive(Debug)]
pub struct PatientMatch {
    /// The record's id.
    pub id: PatientId,
    /// The medical record number and the record. Its standing says whether it is closed.
    pub on_file: OnFile,
    /// How like the one who is sought this one is.
    pub likeness: Likeness,
}

impl App {
    /// The patients whom somebody may mean by a name, in any order of its parts, and a birth
    /// date: one slip in either is forgiven. `actor` is the staff user who asks, if it is
    /// one. That somebody has searched is written down before anything is shown, with how
    /// many are shown and never with what was typed.
    ///
    /// # Errors
    /// [`DeskError::NoName`] when the name has no word of two letters; [`DeskError::Unavailable`].
    pub async fn find_patients(
        &self,
        name: &str,
        born: BirthDate,
        actor: Option<[u8; 16]>,
    ) -> Result<FoundPatients, DeskError> {
        let sought = Sought::new(name, born).ok_or(DeskError::NoName)?;
        let found = self.store.look_up(self.looked_up(&sought)).await?;
        let mut is_incomplete = !self.store.unlisted(None, 1).await?.is_empty();
        let mut opened = Vec::with_capacity(found.records.len());
        for (id, sealed) in found.records {
            let on_file = self
                .keys
                .open_json::<OnFile>(Purpose::Patient, &id.0, &sealed);
            match on_file.await {
                Ok(on_file) => opened.push((id, on_file)),
                Err(_) => is_incomplete = true,
            }
        }
        // Of very many it takes a while, in which the thread of this task has others to serve.
        let ranked = tokio::task::spawn_blocking(move || ranked(&sought, opened)).await;
        let mut patients =
            ranked.map_err(|_| DeskError::Unavailable("a fault ended the search".to_owned()))?;
        let has_more = found.is_cut || patients.len() > SHOWN;
        patients.truncate(SHOWN);
        let searched = ImportBatch {
            audit: vec![Entry::patients_searched(patients.len(), actor)],
            ..ImportBatch::default()
        };
        self.store.import(searched.into(), self.now()).await?;
        Ok(FoundPatients {
            patients,
            has_more,
            is_incomplete,
        })
    }

    fn looked_up(&self, sought: &Sought) -> LookedUp {
        let (as_typed, a_slip_away): (Vec<_>, Vec<_>) =
            (sought.listings().into_iter()).partition(|(born, _)| *born == sought.born());
        let rows = |listings: Vec<(BirthDate, String)>| {
            let listings = listings.iter();
            let rows = listings.map(|(born, form)| lookup_key(&self.keys, *born, form));
            rows.collect()
        };
        LookedUp {
            rows: [rows(as_typed), rows(a_slip_away)],
            by_rows: OF_ONE_NAME,
            birth: birth_key(&self.keys, sought.born()),
            by_birth: OF_ONE_DATE,
        }
    }
}

/// Those who may be meant, in one order, however often somebody asks.
fn ranked(sought: &Sought, patients: Vec<(PatientId, OnFile)>) -> Vec<PatientMatch> {
    let matches = patients.into_iter().filter_map(|(id, on_file)| {
        let likeness = sought.likeness(&on_file.patient)?;
        Some(PatientMatch {
            id,
            on_file,
            likeness,
        })
    });
    let mut matches: Vec<_> = matches.collect();
    matches.sort_by(|one, other| {
        let by_likeness = one.likeness.before(&other.likeness);
        by_likeness
            .then_with(|| one.on_file.number.cmp(&other.on_file.number))
            .then_with(|| one.id.cmp(&other.id))
    });
    matches
}

/// The rows that a patient is looked up by.
pub(super) fn lookup_keys(keys: &Keyring, patient: &Patient) -> Vec<LookupKey> {
    let forms = search::forms(patient);
    let rows = forms.iter();
    rows.map(|form| lookup_key(keys, patient.birth_date, form))
        .collect()
}

fn birth_key(keys: &Keyring, born: BirthDate) -> ShortKey {
    short(keys, Purpose::PatientBirth, &born.to_string())
}

/// The hash of a form is of the birth date, too: so the rows show nobody which names are
/// frequent.
fn lookup_key(keys: &Keyring, born: BirthDate, form: &str) -> LookupKey {
    LookupKey {
        birth: birth_key(keys, born),
        name: short(keys, Purpose::PatientName, &format!("{born}/{form}")),
    }
}

fn short(keys: &Keyring, purpose: Purpose, message: &str) -> ShortKey {
    let digest = keys.digest(purpose, message.as_bytes());
    let mut short = ShortKey::default();
    short.copy_from_slice(&digest.0[..size_of::<ShortKey>()]);
    short
}

#[cfg(test)]
mod tests;
