//! Names and dates as people really write them.

use protocol::values::{Email, PostalCode};

use super::*;

fn patient() -> Patient {
    Patient {
        given_names: vec!["José".to_owned(), "Luis".to_owned()],
        family_name: "Núñez-O'Brien".to_owned(),
        birth_date: BirthDate::parse("1944-02-29").unwrap(),
        postal_code: Some(PostalCode::parse("04101").unwrap()),
        phones: Vec::new(),
        email: None,
        locale: protocol::Locale::En,
        standing: crate::patient::Standing::Current,
    }
}

fn identity(given: &str, family: &str, born: &str, postal_code: &str) -> Identity {
    Identity {
        given_name: Name::parse(given).unwrap(),
        family_name: Name::parse(family).unwrap(),
        birth_date: BirthDate::parse(born).unwrap(),
        postal_code: PostalCode::parse(postal_code).unwrap(),
    }
}

#[test]
fn spellings_of_one_name() {
    for (one, other) in [
        ("Muñoz", "munoz"),
        ("Mun\u{303}oz", "Mu\u{f1}oz"),
        ("O'Neil", "O’Neil"),
        ("O'Neil", "Oʼneil"),
        ("O'Neil", "ONEIL"),
        ("O´Neil", "O`Neil"),
        ("Keʻala", "Ke'ala"),
        ("Smith-Jones", "Smith Jones"),
        ("Smith‑Jones", "smith – jones"),
        ("Smith-Jones", "Smithjones"),
        ("O'Dowd", "O Dowd"),
        ("O’Dowd", "o' dowd"),
        ("Oʼ Dowd", "ODowd"),
        ("O`Dowd", "O-Dowd"),
        ("De la Cruz", "Delacruz"),
        ("Maryann", "Mary Ann"),
        ("  Anne   Marie ", "Anne Marie"),
        ("Groß", "GROSS"),
        ("Søren", "Soren"),
        ("Łukasz", "LUKASZ"),
        ("Şerif", "Serif"),
        ("İpek", "ipek"),
        ("Işık", "isik"),
        ("St. John", "St John"),
        ("Ｒｏｓａ", "Rosa"),
        ("Παύλος", "ΠΑΥΛΟΣ"),
        ("Nguyễn", "Nguyen"),
        ("李", "李"),
    ] {
        assert!(names_match(one, other), "{one} {other}");
        assert!(names_match(other, one), "{other} {one}");
    }
}

#[test]
fn names_that_differ_by_a_letter_are_two() {
    for (one, other) in [
        ("Ana", "Anna"),
        ("Jon", "John"),
        ("Maryann", "Mary An"),
        ("O'Dowd", "Dowd"),
        ("Rosa", "Rose"),
        ("Rosa", "Rosa M"),
        ("李", "王"),
        ("Bob", "Robert"),
    ] {
        assert!(!names_match(one, other), "{one} {other}");
    }
}

#[test]
fn answers_that_fit() {
    for (given, family, postal_code) in [
        ("José", "Núñez-O'Brien", "04101"),
        ("jose", "nunez obrien", "04101"),
        ("JOSÉ LUIS", "NÚÑEZ O’BRIEN", "04101-1234"),
        ("José-Luis", "Nunez-O'Brien Jr.", "04101"),
        ("jose", "nunez obrien, III", "04101"),
        ("joseluis", "nunez o brien", "04101"),
        ("jose", "nunezobrien jr", "04101"),
    ] {
        let identity = identity(given, family, "1944-02-29", postal_code);
        assert!(is_same_person(&patient(), &identity), "{given} {family}");
    }
}

#[test]
fn answers_of_which_one_does_not_fit() {
    for (given, family, born, postal_code) in [
        ("Josef", "Núñez-O'Brien", "1944-02-29", "04101"),
        ("Luis", "Núñez-O'Brien", "1944-02-29", "04101"),
        ("José L", "Núñez-O'Brien", "1944-02-29", "04101"),
        ("José", "Núñez", "1944-02-29", "04101"),
        ("José", "Núñez-O'Brien V", "1944-02-29", "04101"),
        ("José", "Núñez-O'Brien", "1944-02-28", "04101"),
        ("José", "Núñez-O'Brien", "1944-02-29", "04102"),
        ("-", "Núñez-O'Brien", "1944-02-29", "04101"),
    ] {
        let identity = identity(given, family, born, postal_code);
        assert!(
            !is_same_person(&patient(), &identity),
            "{given} {family} {born} {postal_code}"
        );
    }
}

#[test]
fn a_suffix_on_file_is_not_asked_for_and_may_be_a_name() {
    let mut record = patient();
    record.family_name = "King Sr".to_owned();
    let typed = |family| identity("José", family, "1944-02-29", "04101");
    assert!(is_same_person(&record, &typed("King")));
    assert!(is_same_person(&record, &typed("King, Jr.")));
    record.family_name = "Ii".to_owned();
    assert!(is_same_person(&record, &typed("II")));
    assert!(!is_same_person(&record, &typed("King")));
}

#[test]
fn a_record_without_a_zip_code_fits_any() {
    let mut record = patient();
    record.postal_code = None;
    let identity = identity("José", "Núñez-O'Brien", "1944-02-29", "99999");
    assert!(is_same_person(&record, &identity));
}

#[test]
fn a_record_without_a_given_name_fits_nobody() {
    let mut record = patient();
    record.given_names = vec!["-".to_owned()];
    let identity = identity("-", "Núñez-O'Brien", "1944-02-29", "04101");
    assert!(!is_same_person(&record, &identity));
}

#[test]
fn personal_information_needs_no_zip_code() {
    let info = |given: &str, born: &str| PersonalInfo {
        given_name: Name::parse(given).unwrap(),
        family_name: Name::parse("nunez obrien").unwrap(),
        birth_date: BirthDate::parse(born).unwrap(),
        email: Email::parse("jose@example.org").unwrap(),
    };
    assert!(fits_personal_info(&patient(), &info("jose", "1944-02-29")));
    assert!(!fits_personal_info(
        &patient(),
        &info("jorge", "1944-02-29")
    ));
    assert!(!fits_personal_info(&patient(), &info("jose", "1945-02-28")));
}

#[test]
fn records_of_one_person_are_alike_however_they_are_spelled() {
    let like = |given: &str, family: &str, born: &str| {
        likeness(&Patient {
            given_names: given.split(' ').map(str::to_owned).collect(),
            birth_date: BirthDate::parse(born).unwrap(),
            family_name: family.to_owned(),
            ..patient()
        })
    };
    let one = like("Rosa", "O'Neil", "1944-02-29");
    assert_eq!(one, like("ROSA María", "O’NEIL JR.", "1944-02-29"));
    assert_eq!(one, like("Rosa", "O Neil", "1944-02-29"));
    let joined = like("Rosa-Maria", "De La Cruz", "1944-02-29");
    assert_eq!(joined, like("Rosamaria", "DelaCruz Jr", "1944-02-29"));
    for other in [
        like("Rose", "O'Neil", "1944-02-29"),
        like("Rosa", "Neil", "1944-02-29"),
        like("Rosa", "O'Neil", "1944-02-28"),
    ] {
        assert_ne!(one, other);
    }
}
