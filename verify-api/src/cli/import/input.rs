//! What is imported: a file, a folder of a bulk export, or standard input; plain or
//! compressed with gzip.

use std::fs::File;
use std::io::{self, Cursor, Read};
use std::path::{Path, PathBuf};

use flate2::read::MultiGzDecoder;
use indicatif::{ProgressBar, ProgressStyle};
use verify_api::app::import::{Source, SourceError};
use verify_api::patient::table::Mapping;

use crate::cli::Failure;

/// How much is looked at to tell what a file is: more than any first row has.
const HEAD: u64 = 64 * 1024;
const GZIP: &[u8] = &[0x1f, 0x8b];

type Input = Box<dyn Read + Send>;

/// Draws on standard error, and only where that is a terminal.
pub(super) fn style() -> ProgressStyle {
    ProgressStyle::with_template("{bar:30} {percent:>3} %  {msg}")
        .unwrap_or_else(|_| ProgressStyle::default_bar())
}

pub(super) fn is_standard_input(file: &Path) -> bool {
    file.as_os_str() == "-"
}

/// What is imported, and the files that it is read from.
pub(super) struct Opened {
    pub(super) sources: Vec<Source>,
    pub(super) files: Vec<PathBuf>,
}

/// Opens all that is imported, and reads the first row of what is a table.
pub(super) fn open(
    path: &Path,
    mapping: Option<&Mapping>,
    bar: &ProgressBar,
) -> Result<Opened, Failure> {
    if is_standard_input(path) {
        let read = Box::new(io::stdin());
        return Ok(Opened {
            sources: vec![source("standard input", read, None, mapping)?],
            // Which leads to the file, if it is one.
            files: vec![PathBuf::from("/dev/stdin")],
        });
    }
    let mut sources = Vec::new();
    let mut bytes = 0;
    let files = files(path)?;
    for file in &files {
        let cannot = |error: io::Error| unreadable(&file.display().to_string(), &error);
        let opened = File::open(file).map_err(cannot)?;
        bytes += opened.metadata().map_err(cannot)?.len();
        let read = Box::new(bar.wrap_read(opened));
        let name = file.file_name().unwrap_or_default().to_string_lossy();
        sources.push(source(&name, read, kind_by_name(&name), mapping)?);
    }
    bar.set_length(bytes);
    Ok(Opened { sources, files })
}

/// The file, or those of a folder that hold patients.
fn files(path: &Path) -> Result<Vec<PathBuf>, Failure> {
    let shown = path.display().to_string();
    let about = path
        .metadata()
        .map_err(|error| unreadable(&shown, &error))?;
    if !about.is_dir() {
        return Ok(vec![path.to_owned()]);
    }
    let is_of_patients = |file: &PathBuf| {
        let name = file.file_name().unwrap_or_default().to_string_lossy();
        let stem = name.strip_suffix(".gz").unwrap_or(&name);
        stem.starts_with("Patient") && stem.ends_with(".ndjson")
    };
    let entries = path
        .read_dir()
        .map_err(|error| unreadable(&shown, &error))?;
    let files = entries.map(|entry| entry.map(|entry| entry.path()));
    let files: Vec<PathBuf> = files
        .collect::<io::Result<_>>()
        .map_err(|error| unreadable(&shown, &error))?;
    let mut files: Vec<_> = files.into_iter().filter(is_of_patients).collect();
    files.sort();
    if files.is_empty() {
        return Err(Failure(format!(
            "{shown} is a folder without a file such as Patient.ndjson or Patient.0001.ndjson.gz. Name the file, or the folder of a bulk export."
        )));
    }
    Ok(files)
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Fhir,
    Table,
}

fn kind_by_name(name: &str) -> Option<Kind> {
    let name = name.to_lowercase();
    let stem = name.strip_suffix(".gz").unwrap_or(&name);
    match stem.rsplit_once('.')?.1 {
        "ndjson" | "jsonl" | "json" => Some(Kind::Fhir),
        "csv" | "tsv" | "txt" => Some(Kind::Table),
        _ => None,
    }
}

/// What is in an input, whatever its name says least: the mapping, its name, its first
/// sign.
fn source(
    name: &str,
    input: Input,
    kind: Option<Kind>,
    mapping: Option<&Mapping>,
) -> Result<Source, Failure> {
    let cannot = |error: io::Error| unreadable(name, &error);
    let (head, input) = looked_at(input).map_err(cannot)?;
    let (head, input) = if head.starts_with(GZIP) {
        looked_at(Box::new(MultiGzDecoder::new(input))).map_err(cannot)?
    } else {
        (head, input)
    };
    if head.starts_with(&[0xff, 0xfe]) || head.starts_with(&[0xfe, 0xff]) {
        return Err(Failure(format!(
            "{name} is UTF-16 text. Save it as UTF-8, in a spreadsheet as \"CSV UTF-8\"."
        )));
    }
    let begins_like_json = head.trim_ascii_start().starts_with(b"{");
    let kind = match (mapping, kind) {
        (None, Some(kind)) => kind,
        (None, None) if begins_like_json => Kind::Fhir,
        (Some(_), _) | (None, None) => Kind::Table,
    };
    if kind == Kind::Fhir {
        return Ok(Source::fhir(name.to_owned(), input));
    }
    let delimiter = mapping.and_then(Mapping::delimiter);
    let delimiter = delimiter.unwrap_or_else(|| delimiter_of(&head));
    Source::table(name.to_owned(), input, delimiter, mapping).map_err(|error| match error {
        SourceError::Unreadable(error) => unreadable(name, &error),
        SourceError::Empty => Failure(format!("{name} is empty. Export the patients again.")),
        SourceError::Columns(error) => Failure(format!("{name} cannot be imported. {error}")),
    })
}

/// The first bytes without a byte order mark, and an input that begins with them.
fn looked_at(mut input: Input) -> io::Result<(Vec<u8>, Input)> {
    let mut head = Vec::new();
    (&mut input).take(HEAD).read_to_end(&mut head)?;
    if head.starts_with(b"\xef\xbb\xbf") {
        head.drain(..3);
    }
    let again = Cursor::new(head.clone()).chain(input);
    Ok((head, Box::new(again)))
}

/// What stands most often in the first row.
fn delimiter_of(head: &[u8]) -> u8 {
    let head = head.trim_ascii_start();
    let row = head.split(|byte| *byte == b'\n').next().unwrap_or_default();
    let count = |sign: u8| row.split(|byte| *byte == sign).count();
    let signs = [b'|', b'\t', b';', b','];
    // The last of equals: a comma, where there is none.
    signs
        .into_iter()
        .max_by_key(|sign| count(*sign))
        .unwrap_or(b',')
}

fn unreadable(shown: &str, error: &dyn std::fmt::Display) -> Failure {
    Failure(format!(
        "{shown} cannot be read ({error}). Check the path, and who may read the file."
    ))
}
