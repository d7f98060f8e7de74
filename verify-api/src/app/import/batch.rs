//! Writes what an import wants, a batch at a time: what is known is opened and compared,
//! so that only what has changed is written.

use std::collections::HashMap;
use std::time::Duration;

use tokio::time::Instant;

use super::Place;
use super::sorting::Import;
use crate::app::search::lookup_keys;
use crate::app::{App, DeskError};
use crate::audit::{Entry, Event};
use crate::crypto::{Digest, Purpose};
use crate::entropy;
use crate::patient::intake::Refusal;
use crate::patient::{OnFile, Patient, PatientId, Standing};
use crate::store::{FoundPatient, ImportBatch, NewPatient, Relisted, Resealed, StoreError};

/// How often a batch is tried that others got in the way of.
const TRIES: usize = 5;
/// How long an import rests at most.
const LONGEST_REST: Duration = Duration::from_millis(250);

/// What is to be done about a record.
pub(super) struct Intent {
    pub(super) place: Place,
    /// Its number, and the keyed hash of that.
    pub(super) name: String,
    pub(super) source: Digest,
    pub(super) act: Act,
}

pub(super) enum Act {
    /// The record is this from now on.
    Keep(Box<OnFile>),
    /// If there is a record, it is closed.
    Close(Standing),
}

/// A batch, and what it comes to.
#[derive(Default)]
struct Plan {
    batch: ImportBatch,
    created: u64,
    updated: u64,
    unchanged: u64,
    closed: u64,
    known: u64,
    /// Which intents are about a record that cannot be opened.
    damaged: Vec<usize>,
}

impl Plan {
    /// The record stays as it is. If it was to be closed, its invitation ends all the same.
    fn leave_damaged(&mut self, intent: usize, id: PatientId, act: &Act) {
        self.damaged.push(intent);
        if matches!(act, Act::Close(_)) {
            self.batch.closed.push(id);
        }
    }
}

/// A rest for as long as a batch was written.
///
/// Servers write to the same database meanwhile. On SQLite whoever finds it locked looks
/// again after a pause, and would find it locked again and again, for seconds, if an
/// import took it back at once; like this, every other look finds it free. What does not
/// write may be done in the meantime.
pub(in crate::app) struct Rest {
    until: Instant,
}

impl Rest {
    /// Begins, after what has taken so long.
    pub(in crate::app) fn after(took: Duration) -> Self {
        let until = Instant::now() + took.min(LONGEST_REST);
        Self { until }
    }

    /// Waits until it is over.
    pub(in crate::app) async fn over(&self) {
        tokio::time::sleep_until(self.until).await;
    }
}

impl App {
    /// Does what is wanted; all of it in one transaction.
    pub(super) async fn write(
        &self,
        import: &mut Import<'_>,
        intents: Vec<Intent>,
        rest: &mut Rest,
    ) -> Result<(), DeskError> {
        if intents.is_empty() {
            return Ok(());
        }
        let mut tries = 0;
        let (plan, withdrawn) = loop {
            tries += 1;
            // Before anything is read: what is read now is what others have left by then.
            rest.over().await;
            let mut plan = self.plan(&intents).await?;
            if import.is_dry || plan.batch.is_empty() {
                break (plan, 0);
            }
            let batch = std::mem::take(&mut plan.batch);
            let began = Instant::now();
            let written = self.store.import(batch.into(), self.now()).await;
            *rest = Rest::after(began.elapsed());
            match written {
                Ok(withdrawn) => break (plan, withdrawn),
                Err(StoreError::Conflict) if tries < TRIES => {}
                Err(StoreError::Conflict) => {
                    return Err(DeskError::Unavailable(
                        "somebody else changes the same records".to_owned(),
                    ));
                }
                Err(error) => return Err(error.into()),
            }
        };
        let report = &mut import.report;
        report.created += plan.created;
        report.updated += plan.updated;
        report.unchanged += plan.unchanged;
        report.closed += plan.closed;
        report.withdrawn += withdrawn;
        report.known += plan.known;
        for intent in plan.damaged {
            let Intent {
                place, name, act, ..
            } = &intents[intent];
            match act {
                Act::Keep(_) => import.refuse(*place, Some(name), Refusal::Damaged, None)?,
                // It counts as refused by what it says.
                Act::Close(_) => import.tell(*place, Some(name), Refusal::Damaged, None)?,
            }
        }
        Ok(())
    }

    /// Holds what is wanted against what is there.
    async fn plan(&self, intents: &[Intent]) -> Result<Plan, DeskError> {
        let sources = intents.iter().map(|intent| intent.source).collect();
        let found = self.store.patients_by_source(sources).await?;
        let found: HashMap<[u8; 32], FoundPatient> = found
            .into_iter()
            .map(|found| (found.source.0, found))
            .collect();
        let mut plan = Plan::default();
        for (number, intent) in intents.iter().enumerate() {
            match (found.get(&intent.source.0), &intent.act) {
                (None, Act::Keep(patient)) => self.create(&mut plan, intent.source, patient),
                (None, Act::Close(_)) => {}
                (Some(found), act) => {
                    plan.known += 1;
                    let opened = self
                        .keys
                        .open_json(Purpose::Patient, &found.id.0, &found.sealed);
                    match opened.await {
                        Ok(known) => {
                            if self.is_invited_no_more(found.id, &known, act).await? {
                                plan.batch.closed.push(found.id);
                            }
                            self.update(&mut plan, found, &known, intent);
                        }
                        Err(_) => plan.leave_damaged(number, found.id, act),
                    }
                }
            }
        }
        Ok(plan)
    }

    /// Whether a record that stays open has another birth date now, by which the patient cannot be
    /// invited: an invitation that followed from the earlier one is for somebody who has no say.
    async fn is_invited_no_more(
        &self,
        id: PatientId,
        known: &OnFile,
        act: &Act,
    ) -> Result<bool, DeskError> {
        match act {
            Act::Keep(wanted)
                if wanted.patient.standing.is_current()
                    && wanted.patient.birth_date != known.patient.birth_date =>
            {
                let proxy = self.proxy_of(id, &wanted.patient).await?;
                Ok(!proxy.acting.can_be_invited())
            }
            Act::Keep(_) | Act::Close(_) => Ok(false),
        }
    }

    fn create(&self, plan: &mut Plan, source: Digest, wanted: &OnFile) {
        let id = self.next_id();
        let sealed = self
            .keys
            .seal_json(Purpose::Patient, &id.0, wanted, &*self.entropy);
        plan.batch.created.push(NewPatient {
            id,
            source,
            sealed,
            lookups: lookup_keys(&self.keys, &wanted.patient),
        });
        plan.created += 1;
        let entry = Entry::about(Event::PatientImported, id.0);
        plan.batch.audit.push(entry);
    }

    /// An id that no other patient has: the time, then chance. Those of one batch stand side
    /// by side in the table, so that it is not written to all over.
    fn next_id(&self) -> PatientId {
        let time = self.now().as_millisecond().to_be_bytes();
        let mut id: [u8; 16] = entropy::bytes(&*self.entropy);
        id[..6].copy_from_slice(&time[2..]);
        PatientId(id)
    }

    fn update(&self, plan: &mut Plan, found: &FoundPatient, known: &OnFile, intent: &Intent) {
        let id = found.id;
        let wanted = match &intent.act {
            Act::Keep(wanted) => (**wanted).clone(),
            // What is known of them stays.
            Act::Close(standing) => OnFile {
                number: Some(intent.name.clone()),
                patient: Patient {
                    standing: *standing,
                    ..known.patient.clone()
                },
            },
        };
        let is_closed = !wanted.patient.standing.is_current();
        let is_same = wanted == *known;
        match (is_same, is_closed) {
            (true, false) => plan.unchanged += 1,
            (true, true) => {}
            (false, false) => plan.updated += 1,
            (false, true) => {
                plan.closed += u64::from(wanted.patient != known.patient);
                plan.batch.closed.push(id);
            }
        }
        if is_same {
            return;
        }
        let new = self
            .keys
            .seal_json(Purpose::Patient, &id.0, &wanted, &*self.entropy);
        plan.batch.updated.push(Resealed {
            id: id.0,
            old: found.sealed.clone(),
            new,
        });
        let [old, new] = [known, &wanted].map(|it| lookup_keys(&self.keys, &it.patient));
        if old != new {
            plan.batch.relisted.push(Relisted { id, old, new });
        }
        let entry = Entry::about(Event::PatientImported, id.0);
        plan.batch.audit.push(entry);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test(start_paused = true)]
    async fn an_import_rests_as_long_as_a_batch_took_and_never_for_long() {
        for (took, judged, rested) in [(40, 0, 40), (40, 30, 40), (40, 50, 50), (60_000, 0, 250)] {
            let [took, judged, rested] = [took, judged, rested].map(Duration::from_millis);
            let before = Instant::now();
            let rest = Rest::after(took);
            tokio::time::sleep(judged).await;
            rest.over().await;
            assert_eq!(before.elapsed(), rested, "{took:?}, {judged:?}");
        }
    }
}
