//! Reads a patient from the clinic's record system: one FHIR R4 `Patient`
//! resource, as JSON, on one line (NDJSON, as FHIR bulk exports write it).
//!
//! It takes what the flows need and no more; the rest never reaches the
//! database. It must not know where the line comes from or where the record goes.

mod resource;

use jiff::civil::Date;
use protocol::Locale;
use protocol::values::{BirthDate, PostalCode};
use resource::{Identifier, Resource};

use super::intake::{self, Contacts, ImportedPatient, Note, Refusal, Refused};
use super::{Patient, Standing};

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
/// A [`Refusal`], which says what to do, with the number of the record if it has one.
///
/// ```
/// # use verify_api::patient::fhir;
/// let line = r#"{"resourceType":"Patient","identifier":[{"value":"WS-1001"}],
///     "name":[{"family":"Okafor","given":["Rosa"]}],"birthDate":"1944-02-29",
///     "telecom":[{"system":"phone","value":"207-555-0142"}]}"#;
/// let imported = fhir::read(line, jiff::civil::date(2026, 11, 25)).unwrap();
/// assert_eq!(imported.source, "WS-1001");
/// ```
pub fn read(line: &str, today: Date) -> Result<ImportedPatient, Refused> {
    let resource = Resource::parse(line)?;
    let source = source(&resource);
    let judged = refuse_unwanted(&resource).and_then(|()| patient(&resource, today));
    intake::imported(source, judged)
}

fn patient(resource: &Resource, today: Date) -> Result<(Patient, Vec<Note>), Refusal> {
    let (given_names, family_name) = name(resource, today)?;
    let birth_date = birth_date(resource, today)?;
    let mut notes = Vec::new();
    let postal_code = postal_code(resource, today, &mut notes);
    let (phones, email) = contacts(resource, today).end(&mut notes);
    let patient = Patient {
        given_names,
        family_name,
        birth_date,
        postal_code,
        phones,
        email,
        locale: locale(resource),
        standing: Standing::Current,
    };
    Ok((patient, notes))
}

/// Records of which nobody should be invited. That somebody has died comes first: most
/// such records are closed as well, and nobody should be told to activate them.
fn refuse_unwanted(resource: &Resource) -> Result<(), Refusal> {
    if resource.deceased_boolean == Some(true) || resource.deceased_date_time.is_some() {
        return Err(Refusal::Deceased);
    }
    if resource.active == Some(false) {
        return Err(Refusal::Inactive);
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
        .map_or(Err(Refusal::NoIdentifier), |(_, value)| {
            intake::source(value)
        })
}

fn name(resource: &Resource, today: Date) -> Result<(Vec<String>, String), Refusal> {
    let rank = |used: Option<&str>| match used {
        Some("official") => Some(0),
        Some("usual") => Some(1),
        None => Some(2),
        // Old, maiden, nickname, anonymous, temporary: not what a patient would type.
        Some(_) => None,
    };
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
        .filter_map(|text| intake::name(text))
        .collect();
    let family = best.family.as_deref().and_then(intake::name);
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
    intake::birth_date(text, today)
}

/// The ZIP code of the home address, else of any that is not old.
fn postal_code(resource: &Resource, today: Date, notes: &mut Vec<Note>) -> Option<PostalCode> {
    let text = resource
        .address
        .iter()
        .filter(|address| address.used.as_deref() != Some("old"))
        .filter(|address| !address.period.has_ended(today))
        .filter_map(|address| Some((address.used.as_deref(), address.postal_code.as_deref()?)))
        .min_by_key(|(used, _)| *used != Some("home"))
        .map(|(_, text)| text);
    intake::postal_code(text, notes)
}

/// Phones and email, the best-ranked first, without those that are old.
fn contacts(resource: &Resource, today: Date) -> Contacts {
    let mut contacts = Contacts::default();
    let mut points: Vec<_> = resource
        .telecom
        .iter()
        .filter_map(|point| Some((point, point.system.as_deref()?, point.value.as_deref()?)))
        .filter(|(_, system, _)| matches!(*system, "phone" | "sms" | "email"))
        .collect();
    // Stable: among equals the order of the file stays.
    points.sort_by_key(|(point, ..)| point.rank.unwrap_or(u32::MAX));
    for (point, system, text) in points {
        if point.used.as_deref() == Some("old") || point.period.has_ended(today) {
            contacts.left_out_old();
        } else if system == "email" {
            contacts.email(text);
        } else {
            let is_mobile = system == "sms" || point.used.as_deref() == Some("mobile");
            contacts.phone(text, point.rank, is_mobile.then_some(true));
        }
    }
    contacts
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
