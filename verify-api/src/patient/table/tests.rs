//! Tables as practice systems export them.

use jiff::civil::date;

use super::values::Dates;
use super::*;

const TODAY: Date = date(2026, 11, 25);

/// A row whose values stand between `|`.
fn row(text: &str) -> (Vec<u8>, Vec<usize>) {
    let mut bytes = Vec::new();
    let mut ends = Vec::new();
    for value in text.split('|') {
        bytes.extend_from_slice(value.as_bytes());
        ends.push(bytes.len());
    }
    (bytes, ends)
}

fn columns(head: &str, mapping: Option<&Mapping>) -> Result<Columns, String> {
    let (bytes, ends) = row(head);
    let head = Row {
        bytes: &bytes,
        ends: &ends,
    };
    Columns::of(head, mapping).map_err(|error| error.to_string())
}

fn read_row(columns: &Columns, text: &str) -> Result<ImportedPatient, Refusal> {
    let (bytes, ends) = row(text);
    let row = Row {
        bytes: &bytes,
        ends: &ends,
    };
    read(row, columns, TODAY).map_err(|refused| refused.refusal)
}

const HEAD: &str =
    "MRN|First Name|Last Name|DOB|Zip|Cell|Home Phone|E-Mail|Language|Deceased|Active";
const ROSA: &str =
    "WS-1|Rosa|Okafor|02/29/1944|04101|207-555-0142|207-555-0143|rosa@example.org|Spanish|N|Y";

#[test]
fn usual_names_are_known_however_they_are_spelled() {
    let columns = columns(HEAD, None).unwrap();
    let taken: Vec<_> = columns.taken().collect();
    assert_eq!(taken.len(), 11);
    assert_eq!(taken[0], (Field::RecordNumber, vec!["MRN"]));
    assert_eq!(columns.unused().count(), 0);
    let imported = read_row(&columns, ROSA).unwrap();
    assert_eq!(imported.source, "WS-1");
    assert!(imported.notes.is_empty(), "{:?}", imported.notes);
    let patient = imported.patient;
    assert_eq!(
        (patient.given_names.as_slice(), &*patient.family_name),
        (["Rosa".to_owned()].as_slice(), "Okafor")
    );
    assert_eq!(patient.birth_date.to_string(), "1944-02-29");
    let phones: Vec<_> = patient
        .phones
        .iter()
        .map(|phone| (phone.number.last_two().to_owned(), phone.is_mobile))
        .collect();
    assert_eq!(
        phones,
        [("42".to_owned(), Some(true)), ("43".to_owned(), None)]
    );
    assert_eq!(patient.locale, Locale::Es);
}

#[test]
fn the_surest_of_several_names_is_taken() {
    let columns = columns("patient_id|mrn|surname|given_name|date_of_birth", None).unwrap();
    let number = columns.taken().next().unwrap();
    assert_eq!(number, (Field::RecordNumber, vec!["mrn"]));
    assert_eq!(columns.unused().collect::<Vec<_>>(), ["patient_id"]);
}

#[test]
fn missing_columns_are_told_with_what_is_there_and_what_is_close() {
    let told = columns("MRN|First Name|Last Nam|Born", None).unwrap_err();
    for part in [
        "family-name (`Last Nam` is close)",
        "birth-date",
        "MRN, First Name, Last Nam, Born",
        "mapping",
    ] {
        assert!(told.contains(part), "{part}: {told}");
    }
    let mapping = Mapping::parse(
        "[columns]\nrecord-number = 'Chart'\ngiven-names = 'First'\nfamily-name = 'Last'\nbirth-date = 'DOBB'",
    )
    .unwrap();
    let told = columns("Chart|First|Last|DOB", Some(&mapping)).unwrap_err();
    assert!(
        told.contains("`DOBB` (birth-date; `DOB` is close)"),
        "{told}"
    );
    let twice = columns("Chart|First|First|Last|DOBB", Some(&mapping)).unwrap_err();
    assert!(twice.contains("Two of its columns"), "{twice}");
}

#[test]
fn a_first_row_that_may_be_a_patient_is_not_told() {
    let mapping = Mapping::parse(
        "[columns]\nrecord-number = 'a'\ngiven-names = 'b'\nfamily-name = 'c'\nbirth-date = 'd'\nactive = 'Active'",
    )
    .unwrap();
    let active = format!("{}Active", ROSA.strip_suffix('Y').unwrap());
    for (first, mapping) in [
        (ROSA, None),
        (ROSA, Some(&mapping)),
        (&active, None),
        (&active, Some(&mapping)),
    ] {
        let told = columns(first, mapping).unwrap_err();
        assert!(told.contains("first row"), "{told}");
        for part in ["Rosa", "Okafor", "1944", "0142"] {
            assert!(!told.contains(part), "{told}");
        }
    }
}

#[test]
fn names_without_a_digit_or_with_two_that_must_be_there_are_told() {
    for head in ["MRN|Vorname|Name|geb.", "Address 1|MRN|DOB|Name"] {
        let told = columns(head, None).unwrap_err();
        assert!(told.contains(&head.replace('|', ", ")), "{told}");
    }
}

#[test]
fn a_mapping_says_what_no_name_does() {
    let mapping = Mapping::parse(
        "birth-date-format = 'DD.MM.YYYY'
         encoding = 'Windows-1252'
         [columns]
         record-number = 'Nr'
         given-names = ['Vor', 'Mittel']
         family-name = 'Nach'
         birth-date = 'Geb'",
    )
    .unwrap();
    let columns = columns("Nr|Vor|Mittel|Nach|Geb|x", Some(&mapping)).unwrap();
    let bytes = b"1Mar\xedaLuzPe\xf1a14.10.1947";
    let ends = [1, 6, 9, 13, 23, 23];
    let imported = read(Row { bytes, ends: &ends }, &columns, TODAY);
    let patient = imported.ok().unwrap().patient;
    assert_eq!(patient.given_names, ["María", "Luz"]);
    assert_eq!(patient.family_name, "Peña");
    assert_eq!(patient.birth_date.to_string(), "1947-10-14");
    assert_eq!(columns.unused().collect::<Vec<_>>(), ["x"]);
}

#[test]
fn slips_in_a_mapping_are_told_with_the_fix() {
    let required = "record-number = 'a'\ngiven-names = 'b'\nfamily-name = 'c'\nbirth-date = 'd'\n";
    for (text, told) in [
        ("[columns]\nrecord-number = 'a'".to_owned(), "`given-names`"),
        ("[columns]\nzip = 'a'".to_owned(), "postal-code"),
        (
            format!("encoding = 'utf-16'\n[columns]\n{required}"),
            "windows-1252",
        ),
        (
            format!("delimiter = 'x'\n[columns]\n{required}"),
            "`delimiter`",
        ),
        (
            format!("birth-date-format = 'DD/MM/YY'\n[columns]\n{required}"),
            "four digits",
        ),
        (
            format!("[columns]\n{required}email = ['a', 'b']"),
            "`email` takes one",
        ),
        (format!("[columns]\n{required}phone = 7"), "line 6"),
        ("[columns".to_owned(), "line 1"),
        ("nothing = 1\n[columns]".to_owned(), "nothing"),
    ] {
        let error = Mapping::parse(&text).unwrap_err().to_string();
        assert!(
            error.contains(told) && error.ends_with('.'),
            "{told}: {error}"
        );
        assert_eq!(error.lines().count(), 1, "{error}");
    }
}

#[test]
fn birth_dates_are_read_as_they_are_written_and_never_guessed() {
    let born = |dates: &Dates, text: &str| dates.read(text).map(|date| date.to_string());
    let usual = Dates::usual();
    for text in [
        "1944-02-29",
        "19440229",
        "02/29/1944",
        "2/29/1944",
        "1944-02-29 00:00:00",
        "1944-02-29T00:00:00Z",
    ] {
        assert_eq!(born(&usual, text).as_deref(), Ok("1944-02-29"), "{text}");
    }
    for text in ["29/02/1944", "29.02.1944", "02-29-1944", "1945-02-29", "x"] {
        assert_eq!(born(&usual, text), Err(Refusal::NoSuchBirthDate), "{text}");
    }
    for text in ["1944", "1944-02", "02/1944"] {
        assert_eq!(born(&usual, text), Err(Refusal::PartOfBirthDate), "{text}");
    }
    for (format, text) in [
        ("DD/MM/YYYY", "29/02/1944"),
        ("DD-MMM-YYYY", "29-Feb-1944"),
        ("YYYYMMDD", "19440229"),
        ("YYYY.MM.DD", "1944.2.29"),
    ] {
        let dates = Dates::of_format(format).unwrap();
        assert_eq!(born(&dates, text).as_deref(), Ok("1944-02-29"), "{format}");
        assert!(
            born(&dates, "1944-02-29").is_err(),
            "{format} is not guessed"
        );
    }
    for wrong in [
        "",
        "YY-MM-DD",
        "YYYY-MM",
        "YYYY-MM-DD-DD",
        "%Y-MM-DD",
        "YYYY MM DD h",
    ] {
        assert!(Dates::of_format(wrong).is_none(), "{wrong}");
    }
}

#[test]
fn people_whom_nobody_should_invite_are_refused() {
    let columns = columns(HEAD, None).unwrap();
    let with = |deceased: &str, active: &str| {
        let row = ROSA.replace("|N|Y", &format!("|{deceased}|{active}"));
        read_row(&columns, &row).map(|_| ()).err()
    };
    for alive in ["N", "no", "FALSE", "0", "Alive", "Not deceased"] {
        assert_eq!(with(alive, "Y"), None, "{alive}");
    }
    for not_said in [
        "",
        "NULL",
        "Unknown",
        "U",
        "n/a",
        "-",
        "?",
        "0000-00-00",
        "00/00/0000",
        "0000-00-00 00:00:00",
    ] {
        assert_eq!(with(not_said, not_said), None, "{not_said}");
    }
    for dead in ["Y", "true", "1", "2020-05-01", "X", "†"] {
        assert_eq!(with(dead, "Y"), Some(Refusal::Deceased), "{dead}");
    }
    for inactive in ["N", "Inactive", "0", "archived"] {
        assert_eq!(with("", inactive), Some(Refusal::Inactive), "{inactive}");
    }
}

#[test]
fn what_is_missing_is_refused_or_noted() {
    let columns = columns(HEAD, None).unwrap();
    for (row, refusal) in [
        ("|Rosa|Okafor|02/29/1944|||||||", Refusal::NoIdentifier),
        ("1||Okafor|02/29/1944|||||||", Refusal::NoName),
        ("1|Rosa||02/29/1944|||||||", Refusal::NoName),
        ("1|Rosa|Okafor||||||||", Refusal::NoBirthDate),
        ("1|Rosa|Okafor|02/29/1944", Refusal::ColumnCount),
        (
            "1|Rosa|Okafor|02/29/1944||||||||extra",
            Refusal::ColumnCount,
        ),
    ] {
        assert_eq!(read_row(&columns, row).map(|_| ()), Err(refusal), "{row}");
    }
    let bare = read_row(&columns, "1|Rosa|Okafor|02/29/1944|||||||||").unwrap();
    assert_eq!(bare.notes, [Note::NoPostalCode, Note::NoPhone]);
    let (_, ends) = row("1|Rosa|Okafor|02/29/1944|||||||");
    let bytes = b"1Ros\xe9Okafor02/29/1944";
    let not_text = read(Row { bytes, ends: &ends }, &columns, TODAY);
    assert_eq!(not_text.err().unwrap().refusal, Refusal::NotText);
}
