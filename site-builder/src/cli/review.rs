//! `review`: its arguments, and what goes where.

use std::fs;
use std::path::{Path, PathBuf};

use clap::{Args, ValueEnum};
use jiff::Span;
use jiff::civil::Date;

use super::day;
use crate::diagnostic::{Finding, Findings, Place, Severity};
use crate::review::{calendar, due, table};
use crate::{BuildOptions, clock};

/// How far ahead the table looks unless told.
const DAYS: u32 = 30;

#[derive(Debug, Args)]
pub(super) struct Review {
    /// How far ahead to look [default: 30 in the list, without end in the calendar]
    #[arg(long, value_name = "DAYS")]
    within: Option<u32>,
    /// The day to count from, such as 2026-11-25 [default: today]
    #[arg(long, value_name = "DATE", value_parser = day)]
    today: Option<Date>,
    /// How the list is printed
    #[arg(long, value_enum, default_value = "table")]
    format: Format,
    /// Write a calendar to this file, for a calendar program to import
    #[arg(long, value_name = "FILE")]
    ics: Option<PathBuf>,
    /// Exit with 1 when a review is overdue
    #[arg(long)]
    fail_overdue: bool,
}

/// What came of looking.
pub(super) struct Looked {
    /// The list to print.
    pub list: String,
    /// What kept pages out of it.
    pub findings: Findings,
    /// Whether a review is overdue that was to fail for it.
    pub fails: bool,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum Format {
    Table,
    Json,
}

impl Review {
    /// Looks what is due.
    pub(super) fn run(self, root: PathBuf) -> Looked {
        let today = self.today.unwrap_or_else(clock::today);
        let mut all = Findings::default();
        let due = due(&BuildOptions::new(root), &mut all);
        // What only asks for a look keeps no page out; `check` tells of it.
        let mut findings = Findings::default();
        findings.extend(
            all.iter()
                .filter(|finding| finding.severity == Severity::Error)
                .cloned(),
        );
        let Some(due) = due else {
            return Looked {
                list: String::new(),
                findings,
                fails: false,
            };
        };
        let ahead = |days: u32| {
            let span = Span::new().try_days(i64::from(days));
            span.and_then(|span| today.checked_add(span))
                .unwrap_or(Date::MAX)
        };
        if let Some(file) = &self.ics {
            let until = self.within.map_or(Date::MAX, ahead);
            let shown = due.partition_point(|due| due.by <= until);
            write(file, &calendar::write(&due[..shown], today), &mut findings);
        }
        let until = ahead(self.within.unwrap_or(DAYS));
        let list = match self.format {
            Format::Table => table::human(&due, today, until),
            Format::Json => table::json(&due, today, until),
        };
        Looked {
            list,
            findings,
            fails: self.fail_overdue && due.first().is_some_and(|due| due.by < today),
        }
    }
}

fn write(file: &Path, calendar: &str, findings: &mut Findings) {
    if let Err(error) = fs::write(file, calendar) {
        let name = file.display().to_string();
        let sentence = format!("The calendar cannot be written: {error}.");
        findings.push(
            Finding::error("unwritable", Place::file(&name), sentence)
                .help("Check that the folder exists and that you may write there."),
        );
    }
}
