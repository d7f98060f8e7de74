//! The report of an import: a table of what was refused or is doubtful.
//!
//! It holds record numbers and no more of a person, is readable by its owner alone, and
//! takes its name once it is whole.

use std::io::{self, BufWriter};
use std::path::{Path, PathBuf};

use csv::Writer;
use tempfile::{Builder, NamedTempFile};
use verify_api::app::import::{Remark, Verdict};

use crate::cli::Failure;

const HEAD: [&str; 6] = [
    "file",
    "line",
    "record_number",
    "verdict",
    "reason",
    "what_to_do",
];

pub(super) struct Report {
    rows: Writer<BufWriter<NamedTempFile>>,
    place: PathBuf,
}

impl Report {
    /// A report that is to be at `place`; never in that of a file that the import is read
    /// from.
    pub(super) fn begin<'a>(
        place: &Path,
        read: impl IntoIterator<Item = &'a PathBuf>,
    ) -> Result<Self, Failure> {
        if let Ok(there) = place.canonicalize() {
            let is_there = |file: &&PathBuf| file.canonicalize().is_ok_and(|file| file == there);
            if let Some(file) = read.into_iter().find(is_there) {
                return Err(Failure(format!(
                    "The report would take the place of {}, which is read. Name another file with --report.",
                    file.display()
                )));
            }
        }
        let begin = || {
            if place.is_dir() {
                return Err(io::Error::from(io::ErrorKind::IsADirectory));
            }
            let folder = match place.parent() {
                Some(folder) if !folder.as_os_str().is_empty() => folder,
                _ => Path::new("."),
            };
            // Its owner's only, also where an earlier one was not.
            let file = Builder::new()
                .prefix(".import-report-")
                .tempfile_in(folder)?;
            let mut rows = Writer::from_writer(BufWriter::new(file));
            rows.write_record(HEAD)?;
            Ok(rows)
        };
        Ok(Self {
            rows: begin().map_err(|error| unwritten(place, &error))?,
            place: place.to_owned(),
        })
    }

    pub(super) fn add(&mut self, remark: &Remark<'_>) -> io::Result<()> {
        let reason = match &remark.detail {
            Some(detail) => format!("{} {detail}", remark.matter.reason),
            None => remark.matter.reason.to_owned(),
        };
        let verdict = match remark.verdict {
            Verdict::Refused => "refused",
            Verdict::Doubtful => "doubtful",
        };
        let (file, source) = (plain(remark.file), plain(remark.source.unwrap_or_default()));
        let line = remark.line.to_string();
        let row = [
            &file,
            &line,
            &source,
            verdict,
            &reason,
            remark.matter.remedy,
        ];
        Ok(self.rows.write_record(row)?)
    }

    pub(super) fn end(self) -> Result<(), Failure> {
        let Self { rows, place } = self;
        let end = || -> io::Result<()> {
            let rows = rows.into_inner().map_err(csv::IntoInnerError::into_error)?;
            let file = rows.into_inner().map_err(io::IntoInnerError::into_error)?;
            file.as_file().sync_all()?;
            file.persist(&place).map_err(|error| error.error)?;
            Ok(())
        };
        end().map_err(|error| unwritten(&place, &error))
    }
}

fn unwritten(place: &Path, error: &io::Error) -> Failure {
    Failure(format!(
        "The report {} cannot be written ({error}). Name another file with --report.",
        place.display()
    ))
}

/// A value that no spreadsheet takes for a formula: what begins like one gets an
/// apostrophe in front.
fn plain(value: &str) -> String {
    if value.starts_with(['=', '+', '-', '@']) {
        format!("'{value}")
    } else {
        value.to_owned()
    }
}

#[cfg(test)]
mod tests {
    use verify_api::patient::intake::Refusal;

    use super::*;

    fn remark<'a>(file: &'a str, source: &'a str) -> Remark<'a> {
        Remark {
            file,
            line: 7,
            source: Some(source),
            verdict: Verdict::Refused,
            matter: Refusal::NoBirthDate.matter(),
            detail: Some("So it is.".to_owned()),
        }
    }

    #[test]
    fn it_is_its_owners_only_and_there_once_it_is_whole() {
        let folder = tempfile::tempdir().unwrap();
        let place = folder.path().join("r.csv");
        std::fs::write(&place, "earlier").unwrap();
        let mut report = Report::begin(&place, [&"patients.csv".into()]).unwrap();
        report.add(&remark("patients.csv", "WS,1")).unwrap();
        assert_eq!(std::fs::read_to_string(&place).unwrap(), "earlier");
        report.end().unwrap();
        assert_eq!(
            std::fs::read_to_string(&place).unwrap(),
            "file,line,record_number,verdict,reason,what_to_do\n\
             patients.csv,7,\"WS,1\",refused,There is no birth date. So it is.,Add it in the record system.\n"
        );
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt as _;
            let mode = std::fs::metadata(&place).unwrap().permissions().mode();
            assert_eq!(mode & 0o777, 0o600);
        }
        let files = std::fs::read_dir(folder.path()).unwrap().count();
        assert_eq!(files, 1, "nothing else is left");
    }

    #[test]
    fn a_spreadsheet_computes_nothing_of_it() {
        for begun in ["=1+1", "+1", "-1", "@SUM(1)"] {
            assert_eq!(plain(begun), format!("'{begun}"));
        }
        assert_eq!(plain("WS-1"), "WS-1");
    }

    #[test]
    fn it_never_takes_the_place_of_what_is_read() {
        let folder = tempfile::tempdir().unwrap();
        let read = ["Patient.1.ndjson", "Patient.2.ndjson", "mapping.toml"];
        let read = read.map(|name| folder.path().join(name));
        for file in &read {
            std::fs::write(file, "").unwrap();
        }
        let roundabout = folder.path().join(".").join("mapping.toml");
        let folder = folder.path().to_owned();
        for place in read.iter().chain([&roundabout, &folder]) {
            let refused = Report::begin(place, &read);
            let told = refused.err().unwrap().to_string();
            assert!(told.contains("--report"), "{told}");
        }
        assert!(Report::begin(&folder.join("report.csv"), &read).is_ok());
    }
}
