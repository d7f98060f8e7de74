//! Patients as the desk looks for them: real slips of the hand, found in a database.

use std::collections::{BTreeMap, BTreeSet};

use frontdesk_tests::imports::{febrl, table};
use frontdesk_tests::{Settings, Stack};
use protocol::Locale;
use protocol::values::BirthDate;
use verify_api::patient::search::Sought;
use verify_api::patient::{Patient, Standing};

const SETS: [&str; 3] = ["dataset1.csv", "dataset2.csv", "dataset3.csv"];

/// The columns of a set of FEBRL that matter here.
struct Row {
    number: String,
    given: String,
    family: String,
    born: Option<BirthDate>,
}

impl Row {
    /// What the person and their duplicates have in common of their numbers.
    fn person(&self) -> &str {
        let number = self.number.split("-dup-").next().unwrap_or_default();
        number.trim_end_matches("-org")
    }

    fn name(&self) -> String {
        format!("{} {}", self.given, self.family)
    }

    /// Whether there is a given and a family name.
    fn is_named(&self) -> bool {
        !self.given.is_empty() && !self.family.is_empty()
    }

    fn patient(&self, born: BirthDate) -> Patient {
        Patient {
            given_names: vec![self.given.clone()],
            family_name: self.family.clone(),
            birth_date: born,
            postal_code: None,
            phones: Vec::new(),
            email: None,
            locale: Locale::En,
            standing: Standing::Current,
        }
    }
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
                given: given.to_owned(),
                family: family.to_owned(),
                born: is_whole
                    .then(|| BirthDate::parse(&date(born)).ok())
                    .flatten(),
            }
        })
        .collect()
}

/// How many searches of a set are enough, since each is a commit.
const SEARCHES: usize = 450;
/// So many of a set are held against each other.
const OTHERS: usize = 200;

/// Where only the name can tell them apart, since all have one birth date.
#[test]
fn a_name_leads_to_its_person_and_hardly_to_another() {
    let born = BirthDate::parse("1944-02-29").expect("a date");
    for set in SETS {
        let mut all = rows(set);
        all.retain(Row::is_named);
        let leads = |one: &Row, other: &Row| {
            let sought = Sought::new(&one.name(), born);
            sought.is_some_and(|sought| sought.likeness(&other.patient(born)).is_some())
        };
        let originals: BTreeMap<&str, &Row> = (all.iter())
            .filter(|row| row.number.ends_with("-org"))
            .map(|row| (row.person(), row))
            .collect();
        let duplicates = all.iter().filter(|row| row.number.contains("-dup-"));
        let (found, of) = share(duplicates.filter_map(|row| {
            let original = originals.get(row.person())?;
            Some(leads(row, original))
        }));
        assert!(
            of > 400 && found >= of * 96 / 100,
            "{set}: {found} of {of} are found"
        );

        let some: Vec<&Row> = all
            .iter()
            .step_by(all.len() / OTHERS)
            .take(OTHERS)
            .collect();
        let pairs = some
            .iter()
            .flat_map(|one| some.iter().map(move |other| (one, other)));
        let strangers = pairs.filter(|(one, other)| one.person() != other.person());
        let (taken, of) = share(strangers.map(|(one, other)| leads(one, other)));
        assert!(
            of > 30_000 && taken <= of * 15 / 1000,
            "{set}: {taken} of {of} are taken for others"
        );
    }
}

/// How many of them are so, and of how many.
fn share(of: impl Iterator<Item = bool>) -> (usize, usize) {
    of.fold((0, 0), |(so, all), is_so| {
        (so + usize::from(is_so), all + 1)
    })
}

#[test]
fn of_people_with_slips_of_the_hand_most_are_found() {
    // Of the others the birth date or both names are quite other ones: whoever is found by
    // what is left would be found by anybody who guesses.
    for set in SETS {
        let stack = Stack::with(&Settings::default().sqlite());
        stack.import_source(table(&febrl(set), None));
        let all = rows(set);
        let whole = all
            .iter()
            .filter(|row| row.born.is_some() && row.is_named());
        let whole: BTreeSet<&str> = whole.map(|row| row.number.as_str()).collect();
        let (mut searched, mut found) = (0_u32, 0_u32);
        let duplicates = all.iter().filter_map(|row| {
            let (person, _) = row.number.split_once("-dup-")?;
            let original = format!("{person}-org");
            let is_searched = whole.contains(original.as_str());
            is_searched.then_some((row.name(), row.born?, original))
        });
        for (name, born, original) in duplicates.take(SEARCHES) {
            let matches = stack.find(&name, born).patients;
            let mut numbers = matches.iter().map(|it| it.on_file.number.as_deref());
            found += u32::from(numbers.any(|number| number == Some(&original)));
            searched += 1;
        }
        let recall = f64::from(found) / f64::from(searched);
        assert!(searched > 400, "{set}: {searched} were searched");
        assert!(recall >= 0.9, "{set}: {found} of {searched} were found");
    }
}
