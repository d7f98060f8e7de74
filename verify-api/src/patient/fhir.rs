//! Reads a patient from the clinic's record system: one FHIR R4 `Patient`
//! resource, as JSON, on one line (NDJSON, as FHIR bulk exports write it).
//!
//! It takes what the flows need and no more; the rest never reaches the
//! database. It must not know where the line comes from or where the record goes.

mod refusal;
mod resource;

use jiff::civil::Date;
use protocol::Locale;
use protocol::values::{BirthDate, Email, Name, PostalCode};

pub use refusal::Refusal;
use resource::{ContactPoint, Identifier, Resource};

use super::phone::Phone;
use super::{Patient, PhoneOnFile};

/// A record, and the name that it has in the system it comes from.
pub struct ImportedPatient {
    /// The medical record number: what staff type to invite the patient, and by
    /// which a later import finds the same patient again.
    pub source: String,
    /// The record.
    pub patient: Patient,
    /// What staff should mend at the source, in plain sentences without
    /// personal data. The record is good without it.
    pub notes: Vec<&'static str>,
}

crate::crypto::redact!(ImportedPatient);

/// Reads one line. What had ended before `today` counts as old.
///
/// - The name is the official one, else the usual one; never an old, maiden or
///   nickname.
/// - Phones that are old are left out, since a code must never go to them; the
///   best-ranked comes first (FHIR `ContactPoint.rank`: 1 is best).
/// - The identifier is the medical record number (type `MR`), else the first
///   official or usual one, else the first; never a social security number.
///
/// # Errors
/// A [`Refusal`], which says in a sentence what to do.
///
/// ```
/// # use verify_api::patient::fhir;
/// let line = r#"{"resourceType":"Patient","identifier":[{"value":"WS-1001"}],
///     "name":[{"family":"Okafor","given":["Rosa"]}],"birthDate":"1944-02-29",
///     "telecom":[{"system":"phone","value":"207-555-0142"}]}"#;
/// let imported = fhir::read(line, jiff::civil::date(2026, 11, 25)).unwrap();
/// assert_eq!(imported.source, "WS-1001");
/// ```
pub fn read(line: &str, today: Date) -> Result<ImportedPatient, Refusal> {
    let resource = Resource::parse(line)?;
    refuse_unwanted(&resource)?;
    let source = source(&resource)?;
    let (given_names, family_name) = name(&resource, today)?;
    let mut notes = Vec::new();
    let patient = Patient {
        given_names,
        family_name,
        birth_date: birth_date(&resource, today)?,
        postal_code: postal_code(&resource, today, &mut notes),
        phones: phones(&resource, today, &mut notes),
        email: email(&resource, today, &mut notes),
        locale: locale(&resource),
    };
    Ok(ImportedPatient {
        source,
        patient,
        notes,
    })
}

/// Records of which nobody should be invited.
fn refuse_unwanted(resource: &Resource) -> Result<(), Refusal> {
    if resource.active == Some(false) {
        return Err(Refusal::Inactive);
    }
    if resource.deceased_boolean == Some(true) || resource.deceased_date_time.is_some() {
        return Err(Refusal::Deceased);
    }
    if resource.link.iter().any(|link| link.kind == "replaced-by") {
        return Err(Refusal::Replaced);
    }
    Ok(())
}

fn source(resource: &Resource) -> Result<String, Refusal> {
    let usable: Vec<(&Identifier, &str)> = resource
        .identifier
        .iter()
        .filter(|id| id.used.as_deref() != Some("old") && !id.is_of_type("SS"))
        .filter_map(|id| Some((id, id.value.as_deref()?.trim())))
        .filter(|(_, value)| !value.is_empty())
        .collect();
    let official = |id: &Identifier| matches!(id.used.as_deref(), Some("official" | "usual"));
    usable
        .iter()
        .find(|(id, _)| id.is_of_type("MR"))
        .or_else(|| usable.iter().find(|(id, _)| official(id)))
        .or_else(|| usable.first())
        .map(|(_, value)| (*value).to_owned())
        .ok_or(Refusal::NoIdentifier)
}

fn name(resource: &Resource, today: Date) -> Result<(Vec<String>, String), Refusal> {
    let rank = |used: Option<&str>| match used {
        Some("official") => Some(0),
        Some("usual") => Some(1),
        None => Some(2),
        // Old, maiden, nickname, anonymous, temporary: not what a patient would type.
        Some(_) => None,
    };
    let clean = |text: &str| Name::parse(text).ok().map(|name| name.as_str().to_owned());
    let best = resource
        .name
        .iter()
        .filter(|name| !name.period.has_ended(today))
        .filter_map(|name| Some((rank(name.used.as_deref())?, name)))
        .min_by_key(|(rank, _)| *rank)
        .map(|(_, name)| name)
        .ok_or(Refusal::NoName)?;
    let given: Vec<String> = best
        .given
        .iter()
        .flatten()
        .filter_map(|text| clean(text))
        .collect();
    let family = best.family.as_deref().and_then(clean);
    match family {
        Some(family) if !given.is_empty() => Ok((given, family)),
        _ => Err(Refusal::NoName),
    }
}

fn birth_date(resource: &Resource, today: Date) -> Result<BirthDate, Refusal> {
    let text = resource.birth_date.as_deref().ok_or(Refusal::NoBirthDate)?;
    // FHIR allows `1944` and `1944-02`, which tell nobody from anybody.
    if matches!(text.len(), 4 | 7) {
        return Err(Refusal::PartOfBirthDate);
    }
    match BirthDate::parse(text) {
        Ok(date) if !date.is_after(today) => Ok(date),
        _ => Err(Refusal::NoSuchBirthDate),
    }
}

/// The ZIP code of the home address, else of any that is not old.
fn postal_code(
    resource: &Resource,
    today: Date,
    notes: &mut Vec<&'static str>,
) -> Option<PostalCode> {
    let text = resource
        .address
        .iter()
        .filter(|address| address.used.as_deref() != Some("old"))
        .filter(|address| !address.period.has_ended(today))
        .filter_map(|address| Some((address.used.as_deref(), address.postal_code.as_deref()?)))
        .min_by_key(|(used, _)| *used != Some("home"))
        .map(|(_, text)| text);
    let code = text.and_then(|text| PostalCode::parse(text).ok());
    if code.is_none() {
        notes.push(match text {
            Some(_) => {
                "The postal code is not a ZIP code, so it was left out, and any that this \
                 patient types is taken."
            }
            None => "There is no ZIP code, so any that this patient types is taken.",
        });
    }
    code
}

/// The points of contact of `systems` that are not old, the best-ranked first.
fn current<'a>(
    resource: &'a Resource,
    today: Date,
    systems: &'a [&str],
) -> impl Iterator<Item = (&'a ContactPoint, &'a str)> {
    let mut points: Vec<_> = resource
        .telecom
        .iter()
        .filter(|point| systems.contains(&point.system.as_deref().unwrap_or_default()))
        .filter(|point| point.used.as_deref() != Some("old") && !point.period.has_ended(today))
        .filter_map(|point| Some((point, point.value.as_deref()?)))
        .collect();
    // Stable: among equals the order of the file stays.
    points.sort_by_key(|(point, _)| point.rank.unwrap_or(u32::MAX));
    points.into_iter()
}

fn phones(resource: &Resource, today: Date, notes: &mut Vec<&'static str>) -> Vec<PhoneOnFile> {
    let mut phones: Vec<PhoneOnFile> = Vec::new();
    let mut unusable = false;
    for (point, text) in current(resource, today, &["phone", "sms"]) {
        let Ok(number) = Phone::parse(text) else {
            unusable = true;
            continue;
        };
        let is_mobile = (point.system.as_deref() == Some("sms")
            || point.used.as_deref() == Some("mobile"))
        .then_some(true);
        match phones.iter_mut().find(|phone| phone.number == number) {
            Some(known) => known.is_mobile = known.is_mobile.or(is_mobile),
            None => phones.push(PhoneOnFile {
                number,
                rank: point.rank,
                is_mobile,
            }),
        }
    }
    if unusable {
        notes.push("A phone number cannot be reached by text or call, so it was left out.");
    }
    if phones.is_empty() {
        notes.push("There is no phone on file, so this patient cannot enroll yet.");
    }
    phones
}

fn email(resource: &Resource, today: Date, notes: &mut Vec<&'static str>) -> Option<Email> {
    let mut unusable = false;
    let found = current(resource, today, &["email"]).find_map(|(_, text)| {
        let email = Email::parse(text).ok();
        unusable |= email.is_none();
        email
    });
    if unusable {
        notes.push("An email address is not one that can be written to, so it was left out.");
    }
    found
}

/// The language that the patient prefers, else the first one named.
fn locale(resource: &Resource) -> Locale {
    let languages = &resource.communication;
    languages
        .iter()
        .find(|language| language.preferred == Some(true))
        .or_else(|| languages.first())
        .and_then(|language| language.language.coding.first()?.code.as_deref())
        .map(Locale::for_tag)
        .unwrap_or_default()
}

#[cfg(test)]
mod tests;
