//! Who acts for a patient: what was noted of it at the desk, and whether it holds today.
//!
//! It must not know who that is, nor how it is stored.

use jiff::Timestamp;
use jiff::tz::{Offset, offset};
use protocol::Relationship;
use protocol::values::BirthDate;
use serde::{Deserialize, Serialize};

use crate::crypto::redact;
use crate::patient::{PatientId, id};

id::id! {
    /// Names what was noted of who acts for a patient.
    ProxyId
}

/// Where on earth a day begins last.
const LAST: Offset = offset(-12);

/// A kind of document that shows that somebody may act for a patient. Only its kind is ever
/// noted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Authority {
    /// A birth certificate.
    BirthCertificate,
    /// An order of a court: of guardianship, custody or adoption.
    CourtOrder,
    /// A health care power of attorney.
    PowerOfAttorney,
    /// What the patient has signed to name somebody.
    SignedAuthorization,
}

impl Authority {
    /// All of them.
    pub const ALL: [Self; 4] = [
        Self::BirthCertificate,
        Self::CourtOrder,
        Self::PowerOfAttorney,
        Self::SignedAuthorization,
    ];

    /// The name in forms, and in keys of texts.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::BirthCertificate => "birth-certificate",
            Self::CourtOrder => "court-order",
            Self::PowerOfAttorney => "power-of-attorney",
            Self::SignedAuthorization => "signed-authorization",
        }
    }

    /// Whether it shows that somebody is that to a patient.
    pub const fn shows(self, relationship: Relationship) -> bool {
        match relationship {
            Relationship::Parent => matches!(self, Self::BirthCertificate | Self::CourtOrder),
            Relationship::Guardian => matches!(self, Self::CourtOrder),
            Relationship::HealthCarePower => matches!(self, Self::PowerOfAttorney),
            Relationship::Named => matches!(self, Self::SignedAuthorization),
        }
    }
}

/// Why nobody can be noted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NoProxy {
    /// A patient of this age has nobody who is that to them.
    Age,
    /// No document was seen that shows it.
    Authority,
}

/// That somebody acts for a patient, as it is sealed.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Proxy {
    /// For whom, so that it is nobody else's if its row is pointed at another patient.
    pub patient: PatientId,
    /// What they are to them.
    pub relationship: Relationship,
    /// Which kinds of document showed it.
    pub authority: Vec<Authority>,
    /// Whether the patient was under age then.
    pub was_under_age: bool,
}

redact!(Proxy);

impl Proxy {
    /// What is noted of somebody who has shown documents.
    ///
    /// # Errors
    /// Why it is not.
    pub fn noted(
        patient: PatientId,
        relationship: Relationship,
        seen: &[Authority],
        is_under_age: bool,
    ) -> Result<Self, NoProxy> {
        if !relationship.fits(is_under_age) {
            return Err(NoProxy::Age);
        }
        let shows = |it: &Authority| it.shows(relationship);
        let authority: Vec<_> = seen.iter().copied().filter(shows).collect();
        if authority.is_empty() {
            return Err(NoProxy::Authority);
        }
        Ok(Self {
            patient,
            relationship,
            authority,
            was_under_age: is_under_age,
        })
    }
}

/// Who has the say about a patient today.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Acting {
    /// The patient.
    Patient,
    /// Somebody who was noted.
    Proxy,
    /// Somebody should, since the patient is under age, and nobody who can was noted.
    Nobody,
    /// The patient, who was under age when somebody was noted.
    CameOfAge,
}

impl Acting {
    /// What follows from what was noted, and from whether the patient is under age today.
    pub fn of(noted: Option<&Proxy>, is_under_age: bool) -> Self {
        match noted {
            None if is_under_age => Self::Nobody,
            None => Self::Patient,
            Some(proxy) if proxy.was_under_age && !is_under_age => Self::CameOfAge,
            // The record had another birth date then.
            Some(proxy) if !proxy.relationship.fits(is_under_age) => Self::Nobody,
            Some(_) => Self::Proxy,
        }
    }

    /// Whether somebody can be invited.
    pub const fn can_be_invited(self) -> bool {
        matches!(self, Self::Patient | Self::Proxy)
    }
}

/// Whether somebody is under an age, in years. Nobody is of age before the birthday has begun
/// everywhere on earth, so that it has at the clinic, too: in the United States, by eight in the
/// morning. Whoever was born on 29 February has it on 1 March in other years.
pub fn is_under(age: u8, born: BirthDate, now: Timestamp) -> bool {
    let (born, today) = (born.date(), LAST.to_datetime(now).date());
    let has_passed = (today.month(), today.day()) >= (born.month(), born.day());
    let years = today.year() - born.year() - i16::from(!has_passed);
    years < i16::from(age)
}

#[cfg(test)]
mod tests {
    use super::*;

    const PATIENT: PatientId = PatientId([1; 16]);

    fn noted(relationship: Relationship, is_under_age: bool) -> Proxy {
        Proxy::noted(PATIENT, relationship, &Authority::ALL, is_under_age).unwrap()
    }

    #[test]
    fn a_proxy_follows_from_a_document_that_shows_it() {
        use Authority::{BirthCertificate, CourtOrder, PowerOfAttorney, SignedAuthorization};
        for (relationship, is_under_age, shown_by) in [
            (
                Relationship::Parent,
                true,
                &[BirthCertificate, CourtOrder][..],
            ),
            (Relationship::Guardian, true, &[CourtOrder]),
            (Relationship::Guardian, false, &[CourtOrder]),
            (Relationship::HealthCarePower, false, &[PowerOfAttorney]),
            (Relationship::Named, false, &[SignedAuthorization]),
        ] {
            for seen in Authority::ALL {
                let proxy = Proxy::noted(PATIENT, relationship, &[seen], is_under_age);
                let is_shown = shown_by.contains(&seen);
                assert_eq!(proxy.is_ok(), is_shown, "{relationship:?} {seen:?}");
            }
            let none = Proxy::noted(PATIENT, relationship, &[], is_under_age);
            assert_eq!(none, Err(NoProxy::Authority));
            let all = noted(relationship, is_under_age);
            assert_eq!(all.authority, shown_by, "only what shows it is kept");
        }
        let seen = [CourtOrder];
        let parent = Proxy::noted(PATIENT, Relationship::Parent, &seen, false);
        assert_eq!(parent, Err(NoProxy::Age));
    }

    #[test]
    fn a_parent_acts_until_the_patient_is_of_age() {
        let parent = noted(Relationship::Parent, true);
        for (proxy, is_under_age, acting) in [
            (None, true, Acting::Nobody),
            (None, false, Acting::Patient),
            (Some(&parent), true, Acting::Proxy),
            (Some(&parent), false, Acting::CameOfAge),
        ] {
            assert_eq!(Acting::of(proxy, is_under_age), acting);
        }
        // A guardian of a child is checked anew; one of a grown patient goes on.
        let guardian = Relationship::Guardian;
        let of_age = Acting::of(Some(&noted(guardian, true)), false);
        assert_eq!(of_age, Acting::CameOfAge);
        let grown = Acting::of(Some(&noted(guardian, false)), false);
        assert_eq!(grown, Acting::Proxy);
        // Noted by a birth date that was corrected since.
        let named = noted(Relationship::Named, false);
        assert_eq!(Acting::of(Some(&named), true), Acting::Nobody);
    }

    #[test]
    fn somebody_is_of_age_once_the_birthday_has_begun_everywhere() {
        let born = BirthDate::parse("2008-11-25").unwrap();
        let leap = BirthDate::parse("2008-02-29").unwrap();
        for (born, now, is_under_18) in [
            (born, "2026-11-25T11:59:59Z", true),
            (born, "2026-11-25T12:00:00Z", false),
            (born, "2025-11-26T12:00:00Z", true),
            (born, "2027-01-01T12:00:00Z", false),
            (leap, "2026-03-01T11:59:59Z", true),
            (leap, "2026-03-01T12:00:00Z", false),
        ] {
            let now: Timestamp = now.parse().unwrap();
            assert_eq!(is_under(18, born, now), is_under_18, "{born} {now}");
        }
        let now: Timestamp = "2026-11-25T12:00:00Z".parse().unwrap();
        assert!(is_under(19, born, now));
    }

    #[test]
    fn what_is_sealed_comes_back_as_it_was_and_shows_in_no_debug() {
        let proxy = noted(Relationship::Guardian, true);
        let json = serde_json::to_value(proxy.clone()).unwrap();
        assert_eq!(json["relationship"], "guardian");
        assert_eq!(json["authority"], serde_json::json!(["court-order"]));
        let read: Proxy = serde_json::from_value(json).unwrap();
        assert!(read == proxy);
        assert_eq!(format!("{proxy:?}"), "Proxy(redacted)");
    }
}
