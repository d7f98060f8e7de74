//! Records as systems export them.

use jiff::civil::date;
use serde_json::{Value, json};

use super::*;

const TODAY: Date = date(2026, 11, 25);

fn resource() -> Value {
    json!({
        "resourceType": "Patient",
        "identifier": [{ "use": "usual", "value": "WS-1001" }],
        "name": [{ "use": "official", "family": "Okafor", "given": ["Rosa", "María"] }],
        "birthDate": "1944-02-29",
        "address": [{ "use": "home", "postalCode": "04101-1234" }],
        "telecom": [
            { "system": "phone", "value": "(207) 555-0142", "use": "home" },
            { "system": "email", "value": "rosa@Example.org" },
        ],
        "communication": [{ "language": { "coding": [{ "code": "en-US" }] } }],
    })
}

fn imported(change: impl FnOnce(&mut Value)) -> Result<ImportedPatient, Refusal> {
    let mut resource = resource();
    change(&mut resource);
    read(&resource.to_string(), TODAY).map_err(|refused| refused.refusal)
}

fn patient(change: impl FnOnce(&mut Value)) -> Patient {
    imported(change).unwrap().patient
}

fn numbers(patient: &Patient) -> Vec<&str> {
    patient
        .phones
        .iter()
        .map(|phone| phone.number.as_e164())
        .collect()
}

#[test]
fn a_whole_record_is_read() {
    let imported = imported(|_| {}).unwrap();
    assert_eq!(imported.source, "WS-1001");
    assert!(imported.notes.is_empty());
    let patient = imported.patient;
    assert_eq!(patient.given_names, ["Rosa", "María"]);
    assert_eq!(patient.family_name, "Okafor");
    assert_eq!(patient.birth_date.to_string(), "1944-02-29");
    assert_eq!(patient.postal_code.as_ref().unwrap().as_str(), "04101");
    assert_eq!(numbers(&patient), ["+12075550142"]);
    assert_eq!(patient.email.as_ref().unwrap().as_str(), "rosa@example.org");
    assert_eq!(patient.locale, Locale::En);
}

#[test]
fn a_byte_order_mark_and_a_carriage_return_do_no_harm() {
    assert!(read(&format!("\u{feff}{}\r", resource()), TODAY).is_ok());
}

#[test]
fn the_official_name_is_taken_and_no_old_one() {
    let named = |names: Value| imported(|it| it["name"] = names).map(|it| it.patient.family_name);
    let maiden = json!({ "use": "maiden", "family": "Diaz", "given": ["Rosa"] });
    let usual = json!({ "use": "usual", "family": "Okafor-Diaz", "given": ["Rosa"] });
    let official = json!({ "use": "official", "family": "Okafor", "given": [null, "Rosa"] });
    let plain = json!({ "family": "Plain", "given": ["Rosa"] });
    let ended = json!({
        "use": "official", "family": "Before", "given": ["Rosa"], "period": { "end": "2011" },
    });
    let all = json!([maiden, ended, plain, usual, official]);
    assert_eq!(named(all).unwrap(), "Okafor");
    assert_eq!(named(json!([plain, usual])).unwrap(), "Okafor-Diaz");
    assert_eq!(named(json!([maiden, plain])).unwrap(), "Plain");
    for unusable in [
        json!([maiden, ended]),
        json!([]),
        json!([{ "text": "Rosa Okafor" }]),
        json!([{ "family": "Okafor", "given": [" "] }]),
        json!([{ "given": ["Rosa"] }]),
    ] {
        assert_eq!(named(unusable).unwrap_err(), Refusal::NoName);
    }
}

#[test]
fn phones_come_by_rank_and_old_ones_never() {
    let patient = patient(|it| {
        it["telecom"] = json!([
            { "system": "phone", "value": "207-555-0101" },
            { "system": "phone", "value": "207-555-0102", "use": "old", "rank": 1 },
            { "system": "phone", "value": "207-555-0103", "period": { "end": "2026-11-24" } },
            { "system": "phone", "value": "207-555-0104", "rank": 2, "use": "mobile" },
            { "system": "sms", "value": "207-555-0105", "rank": 1, "period": { "end": "2026-11" } },
            { "system": "phone", "value": "+1 207 555 0104" },
            { "system": "fax", "value": "207-555-0106" },
            { "value": "207-555-0107" },
            { "system": "phone" },
        ]);
    });
    assert_eq!(
        numbers(&patient),
        ["+12075550105", "+12075550104", "+12075550101"]
    );
    let mobile: Vec<_> = patient.phones.iter().map(|phone| phone.is_mobile).collect();
    assert_eq!(mobile, [Some(true), Some(true), None]);
}

#[test]
fn what_cannot_be_used_is_left_out_and_told() {
    let imported = imported(|it| {
        it["telecom"] = json!([
            { "system": "phone", "value": "555-0142" },
            { "system": "email", "value": "none" },
        ]);
        it["address"] = json!([{ "postalCode": "SW1A 1AA" }]);
    })
    .unwrap();
    assert!(imported.patient.phones.is_empty());
    assert!(imported.patient.email.is_none());
    assert!(imported.patient.postal_code.is_none());
    assert_eq!(imported.notes.len(), 4, "{:?}", imported.notes);
    for note in imported.notes.iter().map(|note| note.matter().reason) {
        assert!(!note.contains("555"), "{note}");
    }
}

#[test]
fn a_record_without_a_zip_code_is_told() {
    for address in [json!([]), json!([{ "city": "Portland" }])] {
        let imported = imported(|it| it["address"] = address).unwrap();
        assert!(imported.patient.postal_code.is_none());
        assert_eq!(imported.notes, [Note::NoPostalCode]);
    }
}

#[test]
fn the_home_address_counts_before_others() {
    let code = |addresses: Value| {
        let patient = patient(|it| it["address"] = addresses);
        patient.postal_code.map(|code| code.as_str().to_owned())
    };
    let work = json!({ "use": "work", "postalCode": "04102" });
    let home = json!({ "use": "home", "postalCode": "04101" });
    let old = json!({ "use": "old", "postalCode": "04103" });
    let left = json!({ "use": "home", "postalCode": "04104", "period": { "end": "2020-05-01T10:00:00Z" } });
    assert_eq!(
        code(json!([old, left, work, home])).as_deref(),
        Some("04101")
    );
    assert_eq!(code(json!([old, left, work])).as_deref(), Some("04102"));
    assert_eq!(code(json!([old, left])), None);
}

#[test]
fn the_record_number_is_the_name_at_the_source() {
    let source = |ids: Value| imported(|it| it["identifier"] = ids).map(|it| it.source);
    let typed = |code: &str| json!({ "coding": [{ "code": code }] });
    let first = json!({ "value": " first " });
    let social = json!({ "use": "official", "type": typed("SS"), "value": "999-00-0000" });
    let usual = json!({ "use": "usual", "value": "usual" });
    let record = json!({ "type": typed("MR"), "value": "WS-1" });
    let old = json!({ "use": "old", "type": typed("MR"), "value": "WS-0" });
    assert_eq!(
        source(json!([old, social, first, usual, record])).unwrap(),
        "WS-1"
    );
    assert_eq!(source(json!([social, first, usual])).unwrap(), "usual");
    assert_eq!(source(json!([social, first])).unwrap(), "first");
    for unusable in [json!([]), json!([social]), json!([{ "value": " " }])] {
        assert_eq!(source(unusable).unwrap_err(), Refusal::NoIdentifier);
    }
}

#[test]
fn people_whom_nobody_should_invite_are_refused() {
    let with = |key: &str, value: Value| imported(|it| it[key] = value).err();
    assert_eq!(with("active", json!(false)), Some(Refusal::Inactive));
    assert_eq!(with("active", json!(true)), None);
    assert_eq!(
        with("deceasedBoolean", json!(true)),
        Some(Refusal::Deceased)
    );
    assert_eq!(with("deceasedBoolean", json!(false)), None);
    let both = imported(|it| {
        it["active"] = json!(false);
        it["deceasedBoolean"] = json!(true);
    });
    assert_eq!(both.err(), Some(Refusal::Deceased));
    assert_eq!(
        with("deceasedDateTime", json!("2024-01-01")),
        Some(Refusal::Deceased)
    );
    let link = |kind: &str| json!([{ "other": { "reference": "Patient/2" }, "type": kind }]);
    assert_eq!(with("link", link("replaced-by")), Some(Refusal::Replaced));
    assert_eq!(with("link", link("replaces")), None);
}

#[test]
fn birth_dates_are_whole_and_real() {
    let born = |value: Value| imported(|it| it["birthDate"] = value).err();
    assert_eq!(born(json!("2026-11-25")), None);
    assert_eq!(born(Value::Null), Some(Refusal::NoBirthDate));
    for part in ["1944", "1944-02"] {
        assert_eq!(born(json!(part)), Some(Refusal::PartOfBirthDate));
    }
    for wrong in [
        "1945-02-29",
        "2027-01-01",
        "1944-02-29T10:00:00Z",
        "",
        "1800-01-01",
    ] {
        assert_eq!(
            born(json!(wrong)),
            Some(Refusal::NoSuchBirthDate),
            "{wrong}"
        );
    }
}

#[test]
fn other_lines_are_refused_without_quoting_them() {
    for (line, refusal) in [
        ("", Refusal::NotJson { column: 0 }),
        (
            "{\"resourceType\":\"Patient\"",
            Refusal::NotJson { column: 25 },
        ),
        ("mrn,name\r", Refusal::NotJson { column: 1 }),
        ("{\"resourceType\":\"Observation\"}", Refusal::NotAPatient),
        ("{}", Refusal::NotAPatient),
        ("{\"resourceType\":\"Bundle\"}", Refusal::Bundle),
        (
            "{\"resourceType\":\"Patient\",\"name\":\"Okafor\"}",
            Refusal::WrongShape { column: 41 },
        ),
    ] {
        let found = read(line, TODAY).unwrap_err().refusal;
        assert_eq!(found, refusal, "{line}");
        assert!(!found.to_string().contains("Okafor"), "{found}");
    }
}

#[test]
fn the_preferred_language_is_spoken() {
    let locale = |value: Value| patient(|it| it["communication"] = value).locale;
    let speaks = |code: &str, preferred: bool| json!({ "language": { "coding": [{ "code": code }] }, "preferred": preferred });
    assert_eq!(locale(json!([])), Locale::En);
    assert_eq!(locale(json!([speaks("pl", true)])), Locale::En);
    for tag in Locale::ALL {
        let both = json!([speaks("pl", false), speaks(tag.as_str(), true)]);
        assert_eq!(locale(both), tag);
    }
}
