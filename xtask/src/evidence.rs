//! What the tests have seen through in browsers, as a table.
//!
//! The tests write a line for what they came to the end of; here they are only laid out.
//! It must not know which browsers or flows there are.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::fs;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use crate::build;
use crate::failure::{During, Failure, Result};

/// Where the tests write, emptied.
pub(crate) fn begin() -> Result<PathBuf> {
    let file = build::output().join("evidence.tsv");
    fs::create_dir_all(build::output()).during("make a folder for what tests write")?;
    match fs::remove_file(&file) {
        Err(error) if error.kind() != ErrorKind::NotFound => {
            Err(error).during("put away what earlier tests wrote")
        }
        _ => Ok(file),
    }
}

/// What the tests wrote.
pub(crate) fn read(file: &Path) -> Result<Evidence> {
    match fs::read_to_string(file) {
        Ok(text) => Ok(Evidence::of(&text)),
        // Those that were asked for were about something else.
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(Evidence::default()),
        Err(error) => Err(error).during("read what the tests wrote"),
    }
}

/// What was seen through.
#[derive(Debug, Default)]
pub(crate) struct Evidence {
    /// Browser and flow of each row, language and scripts of each column.
    finished: BTreeSet<([String; 2], [String; 2])>,
    /// Screens on which nothing was found, by browser and by what looked.
    screens: BTreeMap<[String; 2], usize>,
}

impl Evidence {
    fn of(text: &str) -> Self {
        let mut evidence = Self::default();
        for line in text.lines() {
            let fields: Vec<_> = line.split('\t').map(str::to_owned).collect();
            match <[String; 5]>::try_from(fields) {
                Ok([_, browser, flow, language, scripts]) => {
                    let cell = ([browser, flow], [language, format!("scripts {scripts}")]);
                    evidence.finished.insert(cell);
                }
                Err(fields) => {
                    if let [_, browser, by, screens] = fields.as_slice() {
                        let by = [browser.clone(), by.clone()];
                        let screens = screens.parse().unwrap_or(0);
                        *evidence.screens.entry(by).or_default() += screens;
                    }
                }
            }
        }
        evidence
    }

    fn rows(&self) -> BTreeSet<&[String; 2]> {
        self.finished.iter().map(|(row, _)| row).collect()
    }

    fn columns(&self) -> BTreeSet<&[String; 2]> {
        self.finished.iter().map(|(_, column)| column).collect()
    }

    fn has(&self, row: &[String; 2], column: &[String; 2]) -> bool {
        self.finished.contains(&(row.clone(), column.clone()))
    }

    /// Fails if anything was finished somewhere and not everywhere.
    pub(crate) fn must_be_whole(&self) -> Result<()> {
        let [flows, browsers] = [1, 0].map(|part| {
            let parts = self.rows().into_iter().map(|row| &row[part]);
            parts.collect::<BTreeSet<_>>()
        });
        let rows = browsers.iter().flat_map(|browser| {
            flows
                .iter()
                .map(|flow| [(*browser).clone(), (*flow).clone()])
        });
        for row in rows {
            for column in self.columns() {
                if !self.has(&row, column) {
                    return Err(Failure::new(format!(
                        "no test has finished {} in {} ({})",
                        row[1],
                        row[0],
                        column.join(", ")
                    )));
                }
            }
        }
        Ok(())
    }
}

impl fmt::Display for Evidence {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if !self.finished.is_empty() {
            write!(
                f,
                "\nFlows that ran to their end: yes; that no test has run: –\n{:44}",
                ""
            )?;
            for column in self.columns() {
                write!(f, "{:18}", column.join(", "))?;
            }
            writeln!(f)?;
        }
        for row in self.rows() {
            write!(f, "{:24}{:20}", row[0], row[1])?;
            for column in self.columns() {
                let told = if self.has(row, column) { "yes" } else { "–" };
                write!(f, "{told:18}")?;
            }
            writeln!(f)?;
        }
        for ([browser, by], screens) in &self.screens {
            writeln!(f, "{by} found nothing on {screens} screens in {browser}")?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lines(cells: &[[&str; 4]]) -> String {
        let line = |cell: &[&str; 4]| format!("flow\t{}\n", cell.join("\t"));
        cells.iter().map(line).collect()
    }

    #[test]
    fn what_was_finished_in_one_browser_is_wanted_of_each() {
        let everywhere = [
            ["Lynx 2", "sign-in", "en", "off"],
            ["Lynx 2", "sign-in", "es", "off"],
            ["Links 1", "sign-in", "en", "off"],
            ["Links 1", "sign-in", "es", "off"],
        ];
        Evidence::of(&lines(&everywhere)).must_be_whole().unwrap();
        let missing = Evidence::of(&lines(&everywhere[..3])).must_be_whole();
        assert_eq!(
            missing.unwrap_err().to_string(),
            "no test has finished sign-in in Links 1 (es, scripts off)"
        );
    }

    #[test]
    fn the_table_says_what_ran_and_what_did_not() {
        let cells = [
            ["Lynx 2", "sign-in", "en", "off"],
            ["Links 1", "sign-in", "es", "off"],
        ];
        let text =
            lines(&cells) + "screens\tLynx 2\taxe-core 4\t3\nscreens\tLynx 2\taxe-core 4\t4\n";
        let table = Evidence::of(&text).to_string();
        let mut rows = table
            .lines()
            .map(|line| line.split_whitespace().collect::<Vec<_>>());
        assert!(
            rows.any(|row| row == ["Links", "1", "sign-in", "–", "yes"]),
            "{table}"
        );
        assert!(
            rows.any(|row| row == ["Lynx", "2", "sign-in", "yes", "–"]),
            "{table}"
        );
        assert!(
            table.contains("axe-core 4 found nothing on 7 screens in Lynx 2"),
            "{table}"
        );
    }
}
