//! Brings patients in from exports of the clinic's record system, of any size: what is
//! held in memory does not grow with a file but for some bytes a record, by which a
//! record that comes twice is told.
//!
//! One thread reads, two judge, and this one writes, a batch at a time. It must not know
//! where a file is, nor how what is to be said of a record is shown.

mod batch;
#[cfg(feature = "fuzzing")]
pub mod fuzzing;
mod lines;
mod pipeline;
mod rows;
mod seen;
mod sorting;

use std::io::Read;
use std::time::Duration;

pub(super) use self::batch::Rest;
use self::lines::Lines;
use self::rows::Rows;
pub use self::seen::REMEMBERED;
use self::seen::Seen;
use self::sorting::Import;
use super::App;
use crate::app::DeskError;
use crate::audit::Entry;
use crate::flow;
use crate::patient::intake::Matter;
use crate::patient::table::{Columns, Mapping, TableError};
use crate::store::ImportBatch;

/// The longest record that is read, in bytes. Most have one or two kilobytes; a photo
/// within one is what makes some longer.
pub const LONGEST: usize = 1 << 20;

/// A file of patients, or what else can be read to an end.
pub struct Source {
    name: String,
    records: Records,
}

enum Records {
    Fhir(Lines<Box<dyn Read + Send>>),
    Table(Rows<Box<dyn Read + Send>>, Columns),
}

impl Source {
    /// FHIR R4 `Patient` resources, one JSON object a line. `name` is told in remarks.
    pub fn fhir(name: String, from: Box<dyn Read + Send>) -> Self {
        let records = Records::Fhir(Lines::new(from));
        Self { name, records }
    }

    /// A table with the names of its columns in its first row.
    ///
    /// # Errors
    /// [`SourceError`], before anything else of it is read.
    pub fn table(
        name: String,
        from: Box<dyn Read + Send>,
        delimiter: u8,
        mapping: Option<&Mapping>,
    ) -> Result<Self, SourceError> {
        let mut rows = Rows::new(from, delimiter);
        let head = rows.next().map_err(SourceError::Unreadable)?;
        let head = head.ok_or(SourceError::Empty)?;
        let columns = Columns::of(head.row(), mapping).map_err(SourceError::Columns)?;
        let records = Records::Table(rows, columns);
        Ok(Self { name, records })
    }

    /// The columns that are read, of a table.
    pub const fn columns(&self) -> Option<&Columns> {
        match &self.records {
            Records::Table(_, columns) => Some(columns),
            Records::Fhir(_) => None,
        }
    }
}

/// Why a table cannot be begun with.
#[derive(Debug)]
pub enum SourceError {
    /// The system says so.
    Unreadable(std::io::Error),
    /// There is no first row.
    Empty,
    /// Its columns cannot be told.
    Columns(TableError),
}

/// A record as it was read.
struct Raw {
    /// The line that it begins on, counted from 1.
    line: u64,
    bytes: Vec<u8>,
    /// Of a row, where each value ends.
    ends: Vec<usize>,
    /// Whether it is longer than [`LONGEST`]; then nothing of it was kept.
    is_too_long: bool,
}

impl Raw {
    /// How many bytes of memory it takes, used or not.
    const fn held(&self) -> usize {
        self.bytes.capacity() + self.ends.capacity() * size_of::<usize>()
    }
}

/// What an import came to. Of each record that was read, one of the first four counts.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ImportReport {
    /// Patients who are new.
    pub created: u64,
    /// Records that were brought up to date.
    pub updated: u64,
    /// Records that were there already, the same.
    pub unchanged: u64,
    /// Records that were not taken.
    pub refused: u64,
    /// Of those that were taken, how many there is something to say about.
    pub doubtful: u64,
    /// Records that were closed, since these patients have died, are no patients any more
    /// or have another record. They are among those that were refused.
    pub closed: u64,
    /// Open invitations that ended with that, or with another birth date by which the patient
    /// cannot be invited.
    pub withdrawn: u64,
    /// Patients who were there before, whatever their record comes to now.
    pub known: u64,
    /// Patients who were there and of whom nothing was read; they stay as they are.
    pub elsewhere: u64,
    /// Whether there were more records than [`REMEMBERED`], so that the same one twice was
    /// not looked for any more: of two such the later one counts, unless both were written
    /// together.
    pub is_blind_to_repeats: bool,
}

impl ImportReport {
    /// How many records were read.
    pub const fn records(&self) -> u64 {
        self.taken() + self.refused
    }

    /// How many of them are in the directory now.
    pub const fn taken(&self) -> u64 {
        self.created + self.updated + self.unchanged
    }
}

/// What became of a record that is told of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Verdict {
    /// It was not taken.
    Refused,
    /// It was taken, and somebody should look at it.
    Doubtful,
}

/// What is to be said of a record.
#[derive(Debug)]
pub struct Remark<'a> {
    /// The name of its file.
    pub file: &'a str,
    /// The line that it begins on, counted from 1.
    pub line: u64,
    /// Its medical record number, if it can be told.
    pub source: Option<&'a str>,
    /// What became of it.
    pub verdict: Verdict,
    /// What there is to say.
    pub matter: Matter,
    /// Where to look, if that is known better than by the line.
    pub detail: Option<String>,
}

/// Who hears how an import goes.
pub trait Listener: Send {
    /// Something is to be said of a record.
    ///
    /// # Errors
    /// When it cannot be written down; the import ends there.
    fn remark(&mut self, remark: &Remark<'_>) -> std::io::Result<()>;
    /// So many records were read by now.
    fn progress(&mut self, records: u64);
}

impl App {
    /// Takes all patients of `sources`. A record that is there already is brought up to
    /// date; its account stays as it is, and so does everybody who is not in a source.
    /// With `is_dry` everything is judged and nothing written.
    ///
    /// What was written stays when it fails half-way; the same import once more goes on
    /// from there, and ends as if nothing had happened.
    ///
    /// # Errors
    /// [`DeskError::Unavailable`] when a source or the database cannot be used any more;
    /// a record that cannot be taken is told to `listener` instead.
    pub async fn import_patients(
        &self,
        sources: Vec<Source>,
        is_dry: bool,
        listener: &mut dyn Listener,
    ) -> Result<ImportReport, DeskError> {
        let seen = Seen::nothing(REMEMBERED);
        self.import_unseen(sources, seen, is_dry, listener).await
    }

    /// Takes what was not `seen` yet.
    async fn import_unseen(
        &self,
        sources: Vec<Source>,
        seen: Seen,
        is_dry: bool,
        listener: &mut dyn Listener,
    ) -> Result<ImportReport, DeskError> {
        let names: Vec<String> = sources.iter().map(|source| source.name.clone()).collect();
        let today = flow::utc_date(self.now());
        let mut chunks = pipeline::start(sources, self.keys.clone(), today)?;
        let mut import = Import::begin(names, seen, is_dry, listener);
        let mut rest = Rest::after(Duration::ZERO);
        while let Some(chunk) = chunks.next().await? {
            let intents = import.sort_out(chunk)?;
            self.write(&mut import, intents, &mut rest).await?;
            import.listener.progress(import.report.records());
        }
        let created = if is_dry { 0 } else { import.report.created };
        let on_file = self.store.count_patients().await?;
        let mut report = import.report;
        report.elsewhere = on_file.saturating_sub(created + report.known);
        report.is_blind_to_repeats = import.is_blind();
        if !is_dry && report.records() > 0 {
            let counts = [
                report.created,
                report.updated,
                report.unchanged,
                report.refused,
            ];
            let batch = ImportBatch {
                audit: vec![Entry::import_ended(counts)],
                ..ImportBatch::default()
            };
            self.store.import(batch.into(), self.now()).await?;
        }
        Ok(report)
    }
}

/// Where a record stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Place {
    /// Counts files.
    file: u32,
    line: u64,
}

#[cfg(test)]
mod tests;
