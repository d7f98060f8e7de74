//! What can be imported: bulk exports, compressed files, standard input, tables.

use std::io::Write as _;
use std::process::Stdio;

use super::lines;
use crate::desk::{Desk, refused};

#[test]
fn a_folder_a_compressed_file_and_standard_input_are_read() {
    let desk = Desk::with("");
    let folder = desk.path().join("export");
    std::fs::create_dir(&folder).unwrap();
    desk.write("export/Patient.0001.ndjson", lines(0..3));
    desk.write("export/Observation.ndjson", "{}");
    let file = std::fs::File::create(folder.join("Patient.0002.ndjson.gz")).unwrap();
    let mut gzip = flate2::write::GzEncoder::new(file, flate2::Compression::fast());
    gzip.write_all(format!("\u{feff}{}", lines(2..5)).as_bytes())
        .unwrap();
    gzip.finish().unwrap();
    let told = desk.good("patients import export");
    assert!(
        told.contains("5 created, 0 updated, 0 unchanged, 1 refused"),
        "{told}"
    );
    let [number, _, reason] = &desk.report("export")[3];
    assert_eq!(number, "WS-2");
    assert!(reason.contains("line 3 of Patient.0001.ndjson"), "{reason}");

    let mut command = desk.command("patients import -");
    let mut child = command
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut stdin = child.stdin.take().unwrap();
    stdin.write_all(lines(4..7).as_bytes()).unwrap();
    drop(stdin);
    let output = child.wait_with_output().unwrap();
    let told = String::from_utf8(output.stdout).unwrap();
    assert!(told.contains("2 created, 0 updated, 1 unchanged"), "{told}");
}

#[test]
fn a_table_is_taken_by_its_names_or_a_mapping() {
    let desk = Desk::with("");
    let rows = "MRN,First Name,Last Name,DOB,Cell,Notes\r\n\
                WS-1,Rosa,Okafor,02/29/1944,207-555-0142,\"two\r\nlines, a comma and \"\"quotes\"\"\"\r\n\
                WS-2,Ada,\"Quill, Jr.\",5/14/1950,207-555-0181,\r\n,,,,,\r\n";
    desk.write("patients.csv", format!("\u{feff}{rows}"));
    let output = desk.run("patients import patients.csv");
    let (told, columns) = (
        String::from_utf8(output.stdout).unwrap(),
        String::from_utf8(output.stderr).unwrap(),
    );
    assert!(told.starts_with("2 records: 2 created"), "{told}");
    assert_eq!(
        columns,
        "Columns, by their names: record-number = MRN, given-names = First Name, \
         family-name = Last Name, birth-date = DOB, phone-mobile = Cell. Not read: Notes.\n"
    );
    // The same people as the practice system of before wrote them.
    desk.write(
        "mapping.toml",
        "delimiter = ';'\nencoding = 'windows-1252'\nbirth-date-format = 'DD.MM.YYYY'\n[columns]\n\
         record-number = 'Nr'\ngiven-names = 'Vorname'\nfamily-name = 'Name'\n\
         birth-date = 'geb.'\nphone-mobile = 'Tel'\n",
    );
    desk.write(
        "old.txt",
        b"Nr;Vorname;Name;geb.;Tel\nWS-1;Rosa;Okafor;29.02.1944;2075550142\nWS-3;Se\xe1n;Pe\xf1a;14.10.1947;\n",
    );
    let told = desk.good("patients import old.txt --mapping mapping.toml");
    assert!(told.contains("1 created, 0 updated, 1 unchanged"), "{told}");
    desk.refuses(
        "patients import patients.csv --mapping mapping.toml",
        &["patients.csv", "first row"],
    );
    desk.write("mapping.toml", "[columns]\nzip = 'x'\n");
    desk.refuses(
        "patients import old.txt --mapping mapping.toml",
        &["mapping.toml", "`zip`", "postal-code"],
    );
    let refusal = desk.run("patients import old.txt");
    refused(
        "patients import old.txt",
        &refusal,
        &["old.txt", "record-number", "Vorname", "mapping"],
    );
}

#[test]
fn a_report_takes_the_place_of_nothing_that_is_read() {
    let desk = Desk::with("");
    std::fs::create_dir(desk.path().join("export")).unwrap();
    desk.write("export/Patient.1.ndjson", lines(0..1));
    desk.write("export/Patient.2.ndjson", lines(1..2));
    desk.write(
        "patients.csv",
        "Nr,Vor,Nach,Geb\n1,Rosa,Okafor,1944-02-29\n",
    );
    let mapping = "[columns]\nrecord-number = 'Nr'\ngiven-names = 'Vor'\nfamily-name = 'Nach'\nbirth-date = 'Geb'\n";
    desk.write("mapping.toml", mapping);
    let told = ["--report"];
    desk.refuses(
        "patients import export --report export/Patient.2.ndjson",
        &told,
    );
    let by_mapping = "patients import patients.csv --mapping mapping.toml --report";
    desk.refuses(&format!("{by_mapping} mapping.toml"), &told);
    desk.refuses(&format!("{by_mapping} patients.csv"), &told);
    let line = "patients import - --report export/Patient.1.ndjson";
    let mut command = desk.command(line);
    let file = std::fs::File::open(desk.path().join("export/Patient.1.ndjson")).unwrap();
    command.stdin(file);
    refused(line, &command.output().unwrap(), &told);
    let kept = |name: &str| std::fs::read_to_string(desk.path().join(name)).unwrap();
    assert_eq!(kept("export/Patient.1.ndjson"), lines(0..1));
    assert_eq!(kept("export/Patient.2.ndjson"), lines(1..2));
    assert_eq!(kept("mapping.toml"), mapping);
    assert_eq!(desk.number(super::ROWS[0]), 0, "nothing was begun");
}
