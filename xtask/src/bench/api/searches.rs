//! How fast a patient is found by name and birth date among a million, and how fast a table
//! of them is imported. Names and birth dates are drawn as unevenly as people have them:
//! some are ten times as frequent as others.

use std::fs::{self, File};
use std::io::{self, BufWriter, Write as _};
use std::path::Path;
use std::process::Command;
use std::time::Duration;

use crate::failure::{During as _, Failure, Result};

/// How many searches are measured.
const SEARCHES: u32 = 1_000;
/// Of how many searches one may fail: where a slip has made another name of a short one,
/// ten others may be more alike.
const ONE_FAILS: usize = 50;

const GIVEN: [&str; 24] = [
    "James", "Mary", "Robert", "María", "John", "Linda", "José", "Susan", "David", "Karen", "Luis",
    "Nancy", "Carlos", "Ruth", "Frank", "Olga", "Henry", "Elena", "Victor", "Alice", "Miguel",
    "Rosa", "Seán", "Zoë",
];
const BEGINNINGS: [&str; 24] = [
    "Gar", "Mar", "Rod", "John", "Wil", "Bren", "Car", "Da", "Her", "Lo", "Mo", "Nel", "Per",
    "Rob", "San", "Tor", "Va", "Wal", "Ja", "Kel", "El", "Fer", "Oka", "Yo",
];
const MIDDLES: [&str; 12] = [
    "", "ri", "li", "de", "ma", "na", "ro", "ta", "be", "ci", "du", "ke",
];
const ENDS: [&str; 16] = [
    "son", "ez", "man", "ton", "cia", "ley", "ner", "well", "ford", "den", "ia", "win", "ter",
    "land", "by", "ger",
];

struct Person {
    given: &'static str,
    family: String,
    born: [u64; 3],
}

/// A number that looks like chance, and is the same each time (`SplitMix64`).
fn mixed(number: u64) -> u64 {
    let mut mixed = number.wrapping_add(0x9e37_79b9_7f4a_7c15);
    mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    mixed ^ (mixed >> 31)
}

/// Takes some chance out of a number, and picks: the first ones most often.
fn pick<T: Copy>(chance: &mut u64, from: &[T]) -> T {
    let share = *chance % 4096;
    *chance = mixed(*chance);
    let place = usize::try_from(share * share * from.len() as u64 / (4096 * 4096));
    from[place.unwrap_or(0)]
}

fn person(number: u32) -> Person {
    let chance = &mut mixed(u64::from(number));
    let given = pick(chance, &GIVEN);
    let mut family = [
        pick(chance, &BEGINNINGS),
        pick(chance, &MIDDLES),
        pick(chance, &ENDS),
    ]
    .concat();
    if number.is_multiple_of(20) {
        family = format!("{family}-{}son", pick(chance, &BEGINNINGS));
    }
    if number.is_multiple_of(33) {
        family = format!("O’{family}");
    }
    let born = [
        1925 + *chance % 90,
        (*chance >> 20) % 12 + 1,
        (*chance >> 40) % 28 + 1,
    ];
    Person {
        given,
        family,
        born,
    }
}

impl Person {
    fn born(&self) -> String {
        let [year, month, day] = self.born;
        format!("{year}-{month:02}-{day:02}")
    }
}

/// Writes a table as spreadsheets do: with a byte order mark, CRLF, and values in quotation
/// marks that hold some, and line breaks.
pub(super) fn write_table(file: &Path, patients: u32) -> Result<()> {
    let write = || -> io::Result<()> {
        let mut out = BufWriter::new(File::create(file)?);
        write!(
            out,
            "\u{feff}MRN,First Name,Last Name,DOB,Zip,Cell,Email,Address\r\n"
        )?;
        for number in 0..patients {
            let person = person(number);
            let (given, family, born) = (person.given, &person.family, person.born());
            let last = number % 100;
            write!(
                out,
                "\"WS-{number}\",{given},\"{family}\",{born},04101,20755501{last:02},patient.{number}@example.org,"
            )?;
            if number.is_multiple_of(10) {
                write!(out, "\"{number} \"\"B\"\" Harbor Street,\r\nPortland\"\r\n")?;
            } else {
                write!(out, "{number} Harbor Street\r\n")?;
            }
        }
        out.flush()
    };
    write().during(format_args!("write {}", file.display()))
}

/// What is typed by somebody who looks for a patient: each with a slip.
fn typed(number: u32, slip: u32) -> (String, String) {
    let mut person = person(number);
    let mut letters: Vec<char> = person.family.chars().collect();
    let at = letters.len() / 2;
    match slip % 5 {
        0 => letters[at] = 'e',
        1 => drop(letters.remove(at)),
        2 => letters.insert(at, letters[at]),
        3 => letters.swap(at, at - 1),
        // The last digit, so that it is a day of the same month still.
        _ if person.born[2] % 10 >= 8 => person.born[2] -= 1,
        _ => person.born[2] += 1,
    }
    let family: String = letters.into_iter().collect();
    (format!("{} {family}", person.given), person.born())
}

/// Searches for some of so many patients with a program, on the database of a
/// configuration; how long each search took.
pub(super) fn run(program: &Path, config: &Path, patients: u32) -> Result<Vec<Duration>> {
    let folder = tempfile::tempdir().during("make a folder for searches")?;
    let file = folder.path().join("searches");
    let numbers: Vec<_> = (0..SEARCHES).map(|at| at * (patients / SEARCHES)).collect();
    let lines = numbers.iter().zip(0..).map(|(number, slip)| {
        let (name, born) = typed(*number, slip);
        format!("{name}\t{born}\n")
    });
    fs::write(&file, lines.collect::<String>()).during("write down searches")?;
    let output = Command::new(program).arg(config).arg(&file).output();
    let output = output.during("search for patients")?;
    let told = String::from_utf8_lossy(&output.stdout);
    let mut times = Vec::with_capacity(numbers.len());
    let mut missed = 0;
    for (line, number) in told.lines().zip(&numbers) {
        let (time, found) = line.split_once('\t').unwrap_or_default();
        let wanted = format!("WS-{number}");
        missed += usize::from(found.split(' ').all(|found| found != wanted));
        times.push(Duration::from_micros(time.parse().during("read a time")?));
    }
    if times.len() != numbers.len() || missed * ONE_FAILS > numbers.len() {
        let said = String::from_utf8_lossy(&output.stderr);
        return Err(Failure::new(format!(
            "of {} searches {} were answered, and {missed} did not find whom they should: {said}",
            numbers.len(),
            times.len()
        )));
    }
    Ok(times)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn people_are_the_same_each_time_and_differ() {
        let names = |of: std::ops::Range<u32>| -> Vec<_> {
            of.map(|number| {
                let person = person(number);
                format!("{} {} {}", person.given, person.family, person.born())
            })
            .collect()
        };
        let mut all = names(0..2_000);
        assert_eq!(all, names(0..2_000));
        all.sort();
        all.dedup();
        assert!(all.len() > 1_990, "{}", all.len());
    }

    #[test]
    fn what_is_typed_is_not_what_is_on_file() {
        for number in 0..100 {
            let on_file = person(number);
            let on_file = (
                format!("{} {}", on_file.given, on_file.family),
                on_file.born(),
            );
            // A letter may be what it is changed to, a neighbour the same.
            let differs = (0..5)
                .filter(|slip| typed(number, *slip) != on_file)
                .count();
            assert!(differs >= 3, "{on_file:?}");
        }
    }
}
