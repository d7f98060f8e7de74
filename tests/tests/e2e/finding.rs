//! Patients as the desk looks for them: real slips of the hand, found in a database.

use frontdesk_tests::imports::{febrl, table};
use frontdesk_tests::{Settings, Stack};
use protocol::values::BirthDate;

/// The columns of a set of FEBRL that matter here.
struct Row {
    number: String,
    name: String,
    born: Option<BirthDate>,
}

fn rows(set: &str) -> Vec<Row> {
    let text = std::fs::read_to_string(febrl(set)).expect("the set can be read");
    let mut lines = text
        .lines()
        .map(|line| -> Vec<&str> { line.split(',').map(str::trim).collect() });
    let head = lines.next().expect("it has a head");
    let place = |name| head.iter().position(|column| *column == name).expect(name);
    let columns = ["rec_id", "given_name", "surname", "date_of_birth"].map(place);
    lines
        .map(|line| {
            let [number, given, family, born] = columns.map(|column| line[column]);
            let date = |born: &str| format!("{}-{}-{}", &born[..4], &born[4..6], &born[6..]);
            let is_whole = born.len() == 8 && born.bytes().all(|byte| byte.is_ascii_digit());
            Row {
                number: number.to_owned(),
                name: format!("{given} {family}"),
                born: is_whole
                    .then(|| BirthDate::parse(&date(born)).ok())
                    .flatten(),
            }
        })
        .collect()
}

#[test]
fn of_people_with_slips_of_the_hand_most_are_found() {
    // What of the name or the birth date is quite another leads nowhere, and should not.
    for (set, floor) in [
        ("dataset1.csv", 0.90),
        ("dataset2.csv", 0.90),
        ("dataset3.csv", 0.90),
    ] {
        let stack = Stack::with(&Settings::default().sqlite());
        stack.import_source(table(&febrl(set), None));
        let all = rows(set);
        let has_original = |number: &str| {
            let original = all.iter().find(|row| row.number == number);
            original.is_some_and(|row| row.born.is_some() && row.name.trim().contains(' '))
        };
        let (mut searched, mut found) = (0_u32, 0_u32);
        for row in &all {
            let Some((person, "dup")) = row
                .number
                .rsplit_once('-')
                .and_then(|(number, _)| number.rsplit_once('-'))
            else {
                continue;
            };
            let original = format!("{person}-org");
            let Some(born) = row.born.filter(|_| has_original(&original)) else {
                continue;
            };
            let matches = stack.find(&row.name, born).patients;
            let numbers = matches.iter().map(|it| it.on_file.number.as_deref());
            found += u32::from(numbers.into_iter().any(|number| number == Some(&original)));
            searched += 1;
        }
        let recall = f64::from(found) / f64::from(searched);
        assert!(searched > 400, "{set}: {searched} were searched");
        assert!(recall >= floor, "{set}: {found} of {searched} were found");
        println!("{set}: {found} of {searched} found ({recall:.3})");
    }
}
