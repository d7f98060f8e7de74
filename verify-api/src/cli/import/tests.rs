//! What is said of an import, and where its report goes.

use verify_api::patient::intake::{Note, Refusal};
use verify_api::patient::table::Row;

use super::*;

fn order(file: &str) -> Order {
    Order::of_file(PathBuf::from(file))
}

#[test]
fn the_report_stands_beside_what_is_imported() {
    for (file, report) in [
        ("export/patients.csv", "export/patients.csv.report.csv"),
        ("export/", "export.report.csv"),
        ("-", "patients.report.csv"),
    ] {
        assert_eq!(order(file).report_file(), Path::new(report), "{file}");
    }
    let elsewhere = Order {
        report: Some("r.csv".into()),
        ..order("patients.csv")
    };
    assert_eq!(elsewhere.report_file(), Path::new("r.csv"));
}

#[test]
fn an_import_is_told_in_numbers_and_reasons() {
    let done = ImportReport {
        created: 1,
        refused: 3,
        doubtful: 1,
        closed: 1,
        withdrawn: 1,
        elsewhere: 1,
        is_blind_to_repeats: true,
        ..ImportReport::default()
    };
    let reasons = BTreeMap::from([
        ((Verdict::Doubtful, Note::NoPhone.matter()), 1),
        ((Verdict::Refused, Refusal::NoName.matter()), 2),
        ((Verdict::Refused, Refusal::Deceased.matter()), 1),
    ]);
    let text = told(&done, &reasons, Path::new("r.csv"), false);
    let lines: Vec<_> = text.lines().collect();
    assert_eq!(
        lines[0],
        "4 records: 1 created, 0 updated, 0 unchanged, 3 refused; 1 doubtful."
    );
    assert!(
        lines[1].contains("1 of them closed a record that was there; 1 open invitation ended.")
    );
    assert!(lines[2].starts_with("1 patient is on file"));
    assert_eq!(lines[3], "Refused:");
    assert!(
        lines[5].starts_with("  2 × There is no current name"),
        "{text}"
    );
    assert!(lines[6].starts_with("Taken, and somebody"), "{text}");
    assert!(
        lines[8].starts_with("There were so many") && lines[8].contains("the last one counts"),
        "{text}"
    );
    assert!(lines[9].contains("r.csv") && lines[9].contains("record numbers"));
    assert_eq!(lines.len(), 10, "{text}");
    let dry = ImportReport {
        withdrawn: 0,
        ..done
    };
    let text = told(&dry, &reasons, Path::new("r.csv"), true);
    let lines: Vec<_> = text.lines().collect();
    assert!(
        lines[1].starts_with("1 of them would close a record that is there"),
        "{text}"
    );
    assert!(!text.contains("0 open invitations"), "{text}");
    assert!(lines[10].starts_with("This was a dry run"), "{text}");
    let changed = ImportReport {
        updated: 1,
        withdrawn: 1,
        ..ImportReport::default()
    };
    let text = told(&changed, &BTreeMap::new(), Path::new("r.csv"), false);
    assert!(
        text.ends_with(
            "\n1 open invitation ended, since nobody can be invited by the record any more."
        ),
        "{text}"
    );
    let good = ImportReport {
        unchanged: 1,
        ..ImportReport::default()
    };
    let text = told(&good, &BTreeMap::new(), Path::new("r.csv"), false);
    assert_eq!(
        text,
        "1 record: 0 created, 0 updated, 1 unchanged, 0 refused; 0 doubtful."
    );
}

#[test]
fn names_of_columns_do_nothing_to_a_terminal_and_are_not_told_without_end() {
    let long = "long".repeat(100);
    let names = ["M\u{1b}RN", "First", "Last", "DOB", "a\u{7}\nb", &long].map(str::to_owned);
    let mut names = names.to_vec();
    names.extend((0..1000).map(|n| format!("x{n}")));
    let mut ends = Vec::new();
    for name in &names {
        ends.push(ends.last().unwrap_or(&0) + name.len());
    }
    let bytes = names.concat().into_bytes();
    let head = Row {
        bytes: &bytes,
        ends: &ends,
    };
    let text = told_columns(&Columns::of(head, None).unwrap());
    assert!(!text.contains(char::is_control), "{text}");
    assert!(text.contains("record-number = MRN,"), "{text}");
    assert!(text.contains("Not read: ab, longlong"), "{text}");
    assert!(text.ends_with("x27 and 972 more."), "{text}");
    assert!(!text.contains(&long), "{text}");
}
