//! Brings patients in from an export of the clinic's record system.

use std::io::BufRead;

use super::App;
use crate::app::DeskError;
use crate::audit::{Entry, Event};
use crate::crypto::Purpose;
use crate::entropy;
use crate::flow;
use crate::patient::{PatientId, fhir};

/// What became of an import.
#[derive(Debug, Default)]
pub struct ImportReport {
    /// Records that are new or were brought up to date.
    pub taken: u64,
    /// Lines that were not taken, with the reason for each.
    pub refused: Vec<Remark>,
    /// Lines that were taken, with what staff should mend in the record.
    pub doubtful: Vec<Remark>,
}

/// What is to be said of a line.
#[derive(Debug)]
pub struct Remark {
    /// Counted from 1.
    pub line: u64,
    /// A sentence, without personal data.
    pub text: String,
}

impl App {
    /// Takes FHIR R4 `Patient` resources, one JSON object a line. A record that
    /// is there already is brought up to date; its account stays as it is.
    /// `progress` is told of every line.
    ///
    /// # Errors
    /// [`DeskError::Unavailable`] when the file or the database cannot be used;
    /// a line that cannot be taken is in the report instead.
    pub async fn import_patients(
        &self,
        lines: impl BufRead,
        mut progress: impl FnMut(u64),
    ) -> Result<ImportReport, DeskError> {
        let mut report = ImportReport::default();
        let today = flow::utc_date(self.now());
        for (number, line) in (1..).zip(lines.lines()) {
            progress(number);
            let line = match line {
                Ok(line) if line.trim().is_empty() => continue,
                Ok(line) => line,
                Err(error) if error.kind() == std::io::ErrorKind::InvalidData => {
                    report.refuse(number, "The line is not UTF-8 text.".to_owned());
                    continue;
                }
                Err(error) => return Err(DeskError::Unavailable(error.to_string())),
            };
            match fhir::read(&line, today) {
                Ok(imported) => {
                    self.put_patient(&imported).await?;
                    report.taken += 1;
                    let notes = imported.notes.iter().map(|note| Remark {
                        line: number,
                        text: (*note).to_owned(),
                    });
                    report.doubtful.extend(notes);
                }
                Err(refusal) => report.refuse(number, refusal.to_string()),
            }
        }
        Ok(report)
    }

    async fn put_patient(&self, imported: &fhir::ImportedPatient) -> Result<(), DeskError> {
        let source = self
            .keys
            .digest(Purpose::PatientSource, imported.source.as_bytes());
        let known = self.store.patient_by_source(&source).await?;
        let id = known.unwrap_or_else(|| PatientId(entropy::bytes(&*self.entropy)));
        let sealed =
            self.keys
                .seal_json(Purpose::Patient, &id.0, &imported.patient, &*self.entropy);
        let entry = Entry {
            event: Event::PatientImported,
            subject: id.0,
            actor: None,
        };
        self.store
            .put_patient(id, &source, sealed, self.now(), entry)
            .await?;
        Ok(())
    }
}

impl ImportReport {
    fn refuse(&mut self, line: u64, text: String) {
        self.refused.push(Remark { line, text });
    }
}
