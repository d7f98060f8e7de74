//! Who acts for a patient: noted at the desk, ended there, and asked before anybody is invited.

use jiff::civil::Date;
use jiff::tz::Offset;
use protocol::Relationship;

use super::super::{App, DeskError, Failure, Outcome, StaffSignedIn, Token};
use super::visit::by;
use crate::audit::Event;
use crate::crypto::{Keyring, OpenError, Purpose};
use crate::entropy;
use crate::patient::{Patient, PatientId};
use crate::staff::{Acting, Authority, NoProxy, Proxy, ProxyId, is_under};
use crate::store::{FoundProxy, NewProxy};

/// Who acts for a patient, as the desk sees it.
pub struct ProxyAtDesk {
    /// Who has the say today.
    pub acting: Acting,
    /// Whether the patient is under age today.
    pub is_under_age: bool,
    /// From which age on patients act for themselves.
    pub age: u8,
    /// What is noted.
    pub noted: Option<NotedProxy>,
}

crate::crypto::redact!(ProxyAtDesk);

/// What is noted of who acts for a patient.
pub struct NotedProxy {
    /// Its id.
    pub id: ProxyId,
    /// What they are to the patient.
    pub relationship: Relationship,
    /// Which kinds of document showed it.
    pub authority: Vec<Authority>,
    /// The day on which it was noted, in UTC.
    pub on: Date,
}

/// What came of noting that somebody acts for a patient.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ProxyNoted {
    /// It is noted.
    Done,
    /// It is not, for this reason.
    Refused(NoProxy),
    /// The visit is over or was not checked, a colleague has noted somebody since, or the record
    /// was changed or is closed.
    Overtaken,
}

impl App {
    /// Notes that somebody acts for the patient of a visit, who has shown these documents. An
    /// invitation that is open ends with it.
    ///
    /// # Errors
    /// `unavailable`.
    pub async fn note_proxy(
        &self,
        staff: &StaffSignedIn,
        visit: &Token,
        relationship: Relationship,
        seen: &[Authority],
    ) -> Outcome<ProxyNoted> {
        let Some(found) = self.found_visit(staff, visit).await? else {
            return Ok(ProxyNoted::Overtaken);
        };
        let patient = found.patient;
        let record = (self.keys).open_json(Purpose::Patient, &patient.0, &found.record);
        let record: Patient = record.await.map_err(|error| Failure::unavailable(&error))?;
        if !record.standing.is_current() {
            return Ok(ProxyNoted::Overtaken);
        }
        let is_under_age = self.is_under_age(&record);
        let proxy = match Proxy::noted(patient, relationship, seen, is_under_age) {
            Ok(proxy) => proxy,
            Err(reason) => return Ok(ProxyNoted::Refused(reason)),
        };
        let id = ProxyId(entropy::bytes(&*self.entropy));
        let sealed = (self.keys).seal_json(Purpose::Proxy, &id.0, &proxy, &*self.entropy);
        let proxy = NewProxy {
            id,
            patient,
            record: found.record,
            sealed,
        };
        let audit = by(staff, Event::ProxyNoted, patient);
        let shown = self.shown_visit(staff, visit);
        let is_noted = self.store.note_proxy(shown, proxy, audit).await?;
        Ok(if is_noted {
            ProxyNoted::Done
        } else {
            ProxyNoted::Overtaken
        })
    }

    /// Ends that somebody acts for the patient of a visit, together with an invitation that is
    /// open and the sessions of an account; whether that still held.
    ///
    /// # Errors
    /// `unavailable`.
    pub async fn end_proxy(
        &self,
        staff: &StaffSignedIn,
        visit: &Token,
        proxy: ProxyId,
    ) -> Outcome<bool> {
        let Some(found) = self.found_visit(staff, visit).await? else {
            return Ok(false);
        };
        let audit = by(staff, Event::ProxyEnded, found.patient);
        let shown = self.shown_visit(staff, visit);
        Ok(self.store.end_proxy(shown, proxy, audit).await?)
    }

    /// Who acts for a patient today.
    pub(in crate::app) async fn proxy_of(
        &self,
        patient: PatientId,
        record: &Patient,
    ) -> Result<ProxyAtDesk, DeskError> {
        let found = self.store.proxy(patient).await?;
        let noted = match &found {
            Some(found) => Some(open(&self.keys, patient, found).await?),
            None => None,
        };
        let is_under_age = self.is_under_age(record);
        Ok(ProxyAtDesk {
            acting: Acting::of(noted.as_ref(), is_under_age),
            is_under_age,
            age: self.desk.age_of_consent,
            noted: found.zip(noted).map(|(found, noted)| NotedProxy {
                id: found.id,
                relationship: noted.relationship,
                authority: noted.authority,
                on: Offset::UTC.to_datetime(found.noted_at).date(),
            }),
        })
    }

    fn is_under_age(&self, record: &Patient) -> bool {
        is_under(self.desk.age_of_consent, record.birth_date, self.now())
    }
}

/// # Errors
/// [`OpenError::Refused`] when it was noted for another patient, so that nobody who can write
/// to the database makes somebody act for a child by a row that points to it.
async fn open(keys: &Keyring, patient: PatientId, found: &FoundProxy) -> Result<Proxy, OpenError> {
    let opened = keys.open_json(Purpose::Proxy, &found.id.0, &found.sealed);
    let proxy: Proxy = opened.await?;
    if proxy.patient == patient {
        Ok(proxy)
    } else {
        Err(OpenError::Refused)
    }
}

#[cfg(test)]
mod tests {
    use jiff::Timestamp;

    use super::*;
    use crate::entropy::SeededEntropy;

    #[tokio::test]
    async fn what_was_noted_for_one_patient_is_nothing_for_another() {
        let keys = Keyring::of_byte(7);
        let id = ProxyId([1; 16]);
        let patient = PatientId([2; 16]);
        let guardian = Relationship::Guardian;
        let proxy = Proxy::noted(patient, guardian, &Authority::ALL, true).unwrap();
        let found = FoundProxy {
            id,
            sealed: keys.seal_json(Purpose::Proxy, &id.0, &proxy, &SeededEntropy::new(1)),
            noted_at: Timestamp::UNIX_EPOCH,
        };
        assert!(open(&keys, patient, &found).await.unwrap() == proxy);
        let other = open(&keys, PatientId([3; 16]), &found).await;
        assert_eq!(other, Err(OpenError::Refused));
    }
}
