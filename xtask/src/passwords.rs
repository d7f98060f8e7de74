//! Making the list of common passwords that the API carries, from published ones.
//!
//! Owns what becomes an entry, and how the file is written: sorted, as a finite
//! state transducer, which is a fraction of the text's size and is searched
//! without being unpacked. It must not know how a password is judged: a test of
//! the API holds the entries to the form in which it compares.

use std::collections::{BTreeSet, HashMap};
use std::fs;
use std::io::BufWriter;
use std::path::Path;

use fst::SetBuilder;
use unicode_normalization::UnicodeNormalization as _;

use crate::build;
use crate::failure::{During, Failure, Result};
use crate::progress::step;

/// Shorter entries would refuse passwords that have little to do with them.
const SHORTEST: usize = 4;

/// How many leaked passwords a stem must be in. One or two people had a thought
/// of their own; three show a habit.
const HABIT: usize = 3;

/// From this length on two are enough: it is long enough to be a whole password,
/// and two people seldom think of the same fifteen letters.
const WHOLE: usize = 15;

/// Writes `verify-api/passwords/common.fst` from the files `common`, the file
/// `leaked`, and our own phrases.
pub(crate) fn run(common: &[impl AsRef<Path>], leaked: Option<&Path>) -> Result<()> {
    let folder = build::root().join("verify-api/passwords");
    let mut entries = BTreeSet::new();
    step("reading passwords", || {
        for file in common {
            add_common(&mut entries, &read(file.as_ref())?);
        }
        add_common(&mut entries, &read(&folder.join("phrases.txt"))?);
        if let Some(file) = leaked {
            add_stems(&mut entries, &read(file)?);
        }
        Ok(())
    })?;
    let path = folder.join("common.fst");
    write(&path, &entries).during(format!("write {}", path.display()))?;
    println!("{} entries in {}", entries.len(), path.display());
    Ok(())
}

/// The text of a file, without the lines that are not UTF-8.
fn read(path: &Path) -> Result<String> {
    let bytes = fs::read(path).during(format!("read {}", path.display()))?;
    let lines: Vec<&str> = bytes
        .split(|byte| *byte == b'\n')
        .filter_map(|line| std::str::from_utf8(line).ok())
        .collect();
    if lines.iter().all(|line| line.is_empty()) {
        return Err(Failure::new(format!(
            "{} has no lines of text: name a file with one password a line",
            path.display()
        )));
    }
    Ok(lines.join("\n"))
}

/// Each line is an entry.
fn add_common(entries: &mut BTreeSet<String>, text: &str) {
    let lines = text.lines().map(compared);
    entries.extend(lines.filter(|line| line.chars().count() >= SHORTEST));
}

/// What is left of a line without the digits and signs around it is an entry,
/// if it is left of enough other lines too: `sunshine` of `sunshine1`,
/// `Sunshine99` and `!sunshine`.
fn add_stems(entries: &mut BTreeSet<String>, text: &str) {
    let lines: BTreeSet<&str> = text.lines().collect();
    let mut counts: HashMap<String, usize> = HashMap::new();
    for line in lines {
        let line = compared(line);
        let stem = line.trim_matches(|c: char| !c.is_alphabetic());
        *counts.entry(stem.to_owned()).or_default() += 1;
    }
    entries.extend(counts.into_iter().filter_map(|(stem, count)| {
        let enough = match stem.chars().count() {
            0..SHORTEST => return None,
            SHORTEST..WHOLE => HABIT,
            WHOLE.. => HABIT - 1,
        };
        (count >= enough).then_some(stem)
    }));
}

/// As passwords are compared: signs that look alike made the same, in lower
/// case, letters and digits only.
fn compared(line: &str) -> String {
    line.nfkc()
        .flat_map(char::to_lowercase)
        .filter(|c| c.is_alphanumeric())
        .collect()
}

fn write(path: &Path, entries: &BTreeSet<String>) -> fst::Result<()> {
    let mut set = SetBuilder::new(BufWriter::new(fs::File::create(path)?))?;
    set.extend_iter(entries)?;
    set.finish()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entries(add: fn(&mut BTreeSet<String>, &str), text: &str) -> Vec<String> {
        let mut entries = BTreeSet::new();
        add(&mut entries, text);
        entries.into_iter().collect()
    }

    #[test]
    fn a_common_password_is_listed_as_it_is_compared() {
        let text = "Pass-Word\nＱｗｅｒｔｙ 1\nabc\n!!!!\n\npassword";
        assert_eq!(entries(add_common, text), ["password", "qwerty1"]);
    }

    #[test]
    fn a_stem_is_listed_when_enough_lines_share_it() {
        let twice = "sunshine1\nSunshine99\nsunshine1";
        assert!(entries(add_stems, twice).is_empty());
        let thrice = format!("{twice}\n!sunshine");
        assert_eq!(entries(add_stems, &thrice), ["sunshine"]);
        let long = "manchesterunited1\nManchester United 7";
        assert_eq!(entries(add_stems, long), ["manchesterunited"]);
        assert!(entries(add_stems, "abc1\nabc2\nabc3\n1234\n2345\n3456").is_empty());
    }

    #[test]
    fn what_was_written_is_found_again() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("set.fst");
        write(
            &path,
            &BTreeSet::from(["b".to_owned(), "ä".to_owned(), "a".to_owned()]),
        )
        .unwrap();
        let set = fst::Set::new(fs::read(&path).unwrap()).unwrap();
        assert_eq!(set.stream().into_strs().unwrap(), ["a", "b", "ä"]);
    }
}
