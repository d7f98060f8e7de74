//! Patients as the desk looks for them: real slips of the hand, found in a database.

use std::collections::BTreeSet;

use frontdesk_tests::imports::{febrl, table};
use frontdesk_tests::{Settings, Stack};
use protocol::values::BirthDate;

/// The columns of a set of FEBRL that matter here.
struct Row {
    number: String,
    name: String,
    /// Whether there is a given and a family name.
    is_named: bool,
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
                is_named: !given.is_empty() && !family.is_empty(),
                born: is_whole
                    .then(|| BirthDate::parse(&date(born)).ok())
                    .flatten(),
            }
        })
        .collect()
}

/// How many searches of a set are enough, since each is a commit.
const SEARCHES: usize = 450;

#[test]
fn of_people_with_slips_of_the_hand_most_are_found() {
    // Of the others the birth date or both names are quite other ones: whoever is found by
    // what is left would be found by anybody who guesses.
    for set in ["dataset1.csv", "dataset2.csv", "dataset3.csv"] {
        let stack = Stack::with(&Settings::default().sqlite());
        stack.import_source(table(&febrl(set), None));
        let all = rows(set);
        let whole = all.iter().filter(|row| row.born.is_some() && row.is_named);
        let whole: BTreeSet<&str> = whole.map(|row| row.number.as_str()).collect();
        let (mut searched, mut found) = (0_u32, 0_u32);
        let duplicates = all.iter().filter_map(|row| {
            let (person, _) = row.number.split_once("-dup-")?;
            let original = format!("{person}-org");
            let is_searched = whole.contains(original.as_str());
            is_searched.then_some((row.name.as_str(), row.born?, original))
        });
        for (name, born, original) in duplicates.take(SEARCHES) {
            let matches = stack.find(name, born).patients;
            let mut numbers = matches.iter().map(|it| it.on_file.number.as_deref());
            found += u32::from(numbers.any(|number| number == Some(&original)));
            searched += 1;
        }
        let recall = f64::from(found) / f64::from(searched);
        assert!(searched > 400, "{set}: {searched} were searched");
        assert!(recall >= 0.9, "{set}: {found} of {searched} were found");
    }
}
