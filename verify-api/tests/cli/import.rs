//! `patients import`: files as clinics have them, what is said of them, and what it does
//! to whoever uses the same database meanwhile.

mod formats;

use std::collections::BTreeMap;
use std::os::unix::fs::PermissionsExt as _;
use std::process::Stdio;

use serde_json::{Value, json};

use crate::desk::{Desk, PATIENT};
use crate::server::Server;

/// Changes nobody should see: the records, the trail.
const ROWS: [&str; 2] = [
    "SELECT count(*) FROM patients",
    "SELECT count(*) FROM audit WHERE event = 'patient-imported'",
];

fn patient(number: usize) -> Value {
    let mut patient: Value = serde_json::from_str(PATIENT).unwrap();
    patient["identifier"][0]["value"] = format!("WS-{number}").into();
    // Nobody is born twice.
    let day = number % 28 + 1;
    let (month, year) = (number / 28 % 12 + 1, 1900 + number / 336);
    patient["birthDate"] = format!("{year}-{month:02}-{day:02}").into();
    patient
}

fn lines(numbers: impl IntoIterator<Item = usize>) -> String {
    let lines = numbers
        .into_iter()
        .map(|number| patient(number).to_string());
    lines.collect::<Vec<_>>().join("\n")
}

impl Desk {
    fn write(&self, name: &str, text: impl AsRef<[u8]>) {
        std::fs::write(self.path().join(name), text).unwrap();
    }

    /// The report beside `name`, without its head: number, verdict and reason of each row.
    fn report(&self, name: &str) -> Vec<[String; 3]> {
        let file = self.path().join(format!("{name}.report.csv"));
        let mut rows = csv::Reader::from_path(file).unwrap();
        let rows = rows.records().map(|row| {
            let row = row.unwrap();
            [2, 3, 4].map(|column| row[column].to_owned())
        });
        rows.collect()
    }
}

#[test]
fn a_file_of_patients_that_cannot_be_read_is_named() {
    let desk = Desk::with("");
    desk.refuses("patients import nowhere.ndjson", &["nowhere.ndjson"]);
    desk.refuses("patients import .", &[".", "folder", "Patient.ndjson"]);
    desk.write("empty.ndjson", "\n");
    desk.refuses("patients import empty.ndjson", &["empty.ndjson"]);
    desk.write("empty.csv", "");
    desk.refuses("patients import empty.csv", &["empty.csv", "empty"]);
    desk.write("utf16.csv", b"\xff\xfeM\0R\0N\0");
    desk.refuses("patients import utf16.csv", &["utf16.csv", "UTF-8"]);
    desk.write("cut.ndjson.gz", b"\x1f\x8b\x08\x00");
    let output = desk.run("patients import cut.ndjson.gz");
    assert_eq!(output.status.code(), Some(1));
    desk.write("patients.ndjson", PATIENT);
    let nowhere = "patients import patients.ndjson --report no/such/r.csv";
    desk.refuses(nowhere, &["no/such/r.csv", "--report"]);
    let over = "patients import patients.ndjson --report patients.ndjson";
    desk.refuses(over, &["patients.ndjson", "--report"]);
    assert_eq!(desk.number(ROWS[0]), 0, "nothing is written before that");
}

#[test]
fn what_is_refused_or_doubtful_is_reported_and_the_others_are_taken() {
    let desk = Desk::with("");
    let mut dead = patient(2);
    dead["deceasedBoolean"] = true.into();
    let mut year = patient(3);
    year["birthDate"] = "1944".into();
    let mut premium = patient(4);
    premium["telecom"][0]["value"] = "900-555-0181".into();
    let mut again = patient(1);
    again["name"][0]["family"] = "Quill-Marsh".into();
    let mut alike = patient(1);
    alike["identifier"][0]["value"] = "WS-9".into();
    let long = "x".repeat(2 << 20);
    let text = [
        patient(1).to_string(),
        "not json".to_owned(),
        String::new(),
        dead.to_string(),
        year.to_string(),
        premium.to_string(),
        again.to_string(),
        alike.to_string(),
        long,
        r#"{"resourceType":"Observation"}"#.to_owned(),
    ];
    desk.write("patients.ndjson", text.join("\n"));
    for round in [
        "3 created, 0 updated, 0 unchanged",
        "0 created, 0 updated, 3 unchanged",
    ] {
        let told = desk.good("patients import patients.ndjson");
        let counts = format!("9 records: {round}, 6 refused; 3 doubtful.");
        assert!(told.starts_with(&counts), "{told}");
        for part in [
            "1 × The birth date has no day or no month.",
            "patients.ndjson.report.csv",
            "It holds record numbers",
        ] {
            assert!(told.contains(part), "{part}: {told}");
        }
        for person in ["Quill", "Ada", "1950", "0181", "WS-"] {
            assert!(!told.contains(person), "{person}: {told}");
        }
    }
    let file = desk.path().join("patients.ndjson.report.csv");
    let mode = std::fs::metadata(&file).unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o600);
    let text = std::fs::read_to_string(&file).unwrap();
    for person in ["Quill", "Ada", "1950", "0181"] {
        assert!(!text.contains(person), "{person}: {text}");
    }
    let report = desk.report("patients.ndjson");
    let refused: Vec<_> = report
        .iter()
        .filter(|[_, verdict, _]| verdict == "refused")
        .map(|[number, _, reason]| (number.as_str(), reason.as_str()))
        .collect();
    assert_eq!(
        refused,
        [
            ("", "This is not JSON. Reading stopped at column 2."),
            ("WS-2", "The record says that the patient has died."),
            ("WS-3", "The birth date has no day or no month."),
            (
                "WS-1",
                "An earlier record has the same medical record number. It is on line 1 of patients.ndjson."
            ),
            ("", "This record is longer than 1 MiB."),
            (
                "",
                "This is not a FHIR Patient (its `resourceType` is another one)."
            ),
        ]
    );
    let alike = "An earlier record has the same name and birth date under another number. It is on line 1 of patients.ndjson.";
    assert!(
        report
            .iter()
            .any(|[number, verdict, reason]| number == "WS-9"
                && verdict == "doubtful"
                && reason == alike),
        "{report:?}"
    );
    desk.good("audit verify");
}

#[test]
fn where_nothing_can_be_taken_it_is_a_failure() {
    let desk = Desk::with("");
    desk.write("patients.ndjson", "not json\n");
    let output = desk.run("patients import patients.ndjson");
    assert_eq!(output.status.code(), Some(1), "nothing could be taken");
    let told = String::from_utf8(output.stderr).unwrap();
    assert!(told.contains("Nothing in patients.ndjson"), "{told}");
}

#[test]
fn a_dry_run_judges_the_same_and_writes_nothing() {
    let desk = Desk::with("");
    desk.write("patients.ndjson", lines(0..30) + "\nnot json");
    let dry = desk.good("patients import patients.ndjson --dry-run");
    assert!(dry.contains("nothing was written"), "{dry}");
    assert_eq!(ROWS.map(|rows| desk.number(rows)), [0, 0]);
    assert_eq!(
        desk.report("patients.ndjson").len(),
        31,
        "no ZIP codes, no JSON"
    );
    let counts = |told: &str| told.lines().next().unwrap().to_owned();
    let wet = desk.good("patients import patients.ndjson");
    assert_eq!(counts(&dry), counts(&wet));
    assert_eq!(ROWS.map(|rows| desk.number(rows)), [30, 30]);
    let again = desk.good("patients import patients.ndjson --dry-run");
    assert!(
        again.contains("0 created, 0 updated, 30 unchanged"),
        "{again}"
    );
}

#[test]
fn what_has_changed_is_written_and_whoever_is_not_named_stays() {
    for desk in [Desk::with(""), Desk::on_postgres("")] {
        desk.write("all.ndjson", lines(0..1200));
        let told = desk.good("patients import all.ndjson");
        assert!(
            told.contains("1200 created, 0 updated, 0 unchanged"),
            "{told}"
        );
        let mut changed = patient(700);
        changed["telecom"][0]["value"] = "207-555-0199".into();
        desk.write("some.ndjson", format!("{changed}\n{}", lines(701..800)));
        let told = desk.good("patients import some.ndjson");
        assert!(
            told.contains("0 created, 1 updated, 99 unchanged"),
            "{told}"
        );
        assert!(told.contains("1100 patients are on file"), "{told}");
        assert_eq!(ROWS.map(|rows| desk.number(rows)), [1200, 1201]);
        let ended = "SELECT count(*) FROM audit WHERE event = 'import-ended'";
        assert_eq!(desk.number(ended), 2);
        let export = desk.good("audit export");
        let counts = [
            "000004b0000000000000000000000000",
            "00000000000000010000006300000000",
        ];
        for counts in counts {
            assert!(export.contains(counts), "{counts}");
        }
        desk.good("audit verify");
    }
}

#[test]
fn an_import_that_was_killed_goes_on_and_ends_the_same() {
    for desk in [Desk::with(""), Desk::on_postgres("")] {
        desk.good("migrate");
        desk.write("patients.ndjson", lines(0..4000));
        let mut killed = desk
            .command("patients import patients.ndjson")
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        while desk.number(ROWS[0]) == 0 {
            assert!(killed.try_wait().unwrap().is_none(), "it has begun");
            std::thread::yield_now();
        }
        killed.kill().unwrap();
        killed.wait().unwrap();
        desk.database().outlive_the_killed();
        let before = desk.number(ROWS[0]);
        assert!(
            before % 500 == 0 && before < 4000,
            "whole batches: {before}"
        );
        assert!(!desk.path().join("patients.ndjson.report.csv").exists());
        let told = desk.good("patients import patients.ndjson");
        let counts = format!("{} created, 0 updated, {before} unchanged", 4000 - before);
        assert!(told.contains(&counts), "{counts}: {told}");
        assert_eq!(ROWS.map(|rows| desk.number(rows)), [4000, 4000]);
        desk.good("audit verify");
    }
}

/// On SQLite, where one process writes at a time.
#[test]
fn whoever_takes_a_step_meanwhile_is_answered() {
    let desk = Desk::with("");
    let server = Server::start(&desk);
    desk.write("patients.ndjson", lines(0..6000));
    let mut import = desk
        .command("patients import patients.ndjson")
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let mut answered = BTreeMap::<u16, usize>::new();
    let kind = json!({"kind": "password-reset", "locale": "en"});
    let ended = loop {
        let (status, _) = server.post("/api/v1/flows", None, &kind);
        *answered.entry(status).or_default() += 1;
        if let Some(ended) = import.try_wait().unwrap() {
            break ended;
        }
    };
    assert!(ended.success());
    assert_eq!(answered.keys().collect::<Vec<_>>(), [&201], "{answered:?}");
    assert!(answered[&201] > 20, "one after the other: {answered:?}");
    assert_eq!(desk.number(ROWS[0]), 6000);
    server.stop();
}

/// Whoever has died is invited by nobody, and an invitation that is out ends.
#[test]
fn who_has_died_is_not_invited_any_more_until_the_record_says_otherwise() {
    for desk in [Desk::with(""), Desk::on_postgres("")] {
        desk.write("patients.ndjson", lines(1..3));
        desk.good("patients import patients.ndjson");
        desk.good("staff add desk@example.org");
        desk.good("invite WS-1 --by desk@example.org");
        for (key, value, told) in [
            ("deceasedBoolean", json!(true), "has died"),
            ("active", json!(false), "not active"),
            (
                "link",
                json!([{"type": "replaced-by", "other": {"reference": "Patient/2"}}]),
                "Another record",
            ),
        ] {
            let mut gone = patient(1);
            gone[key] = value;
            let mut unknown = gone.clone();
            unknown["identifier"][0]["value"] = "WS-404".into();
            desk.write("gone.ndjson", format!("{gone}\n{unknown}\n{}", patient(2)));
            let first = desk.good("patients import gone.ndjson");
            assert!(first.contains("1 unchanged, 2 refused"), "{first}");
            assert!(first.contains("1 of them closed a record"), "{first}");
            let again = desk.good("patients import gone.ndjson");
            assert!(!again.contains("closed"), "nothing is left to do: {again}");
            desk.write("gone.ndjson", gone.to_string());
            desk.good("patients import gone.ndjson");
            desk.refuses("invite WS-1 --by desk@example.org", &[told]);
        }
        assert_eq!(desk.number(ROWS[0]), 2, "whoever was not there stays away");
        let withdrawn = "SELECT count(*) FROM audit WHERE event = 'invitation-withdrawn'";
        assert_eq!(desk.number(withdrawn), 1, "there was one");
        let back = desk.good("patients import patients.ndjson");
        assert!(back.contains("1 updated, 1 unchanged"), "{back}");
        desk.good("invite WS-1 --by desk@example.org");
    }
}
