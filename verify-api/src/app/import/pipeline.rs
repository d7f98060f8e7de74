//! Reads and judges records beside what writes them: one thread reads, two judge, and
//! what they found comes out in the order of the files.
//!
//! Each step waits for the next, so a few chunks are in memory and no more.

use std::collections::hash_map::RandomState;
use std::hash::BuildHasher as _;
use std::sync::Arc;
use std::{io, thread};

use crossbeam_channel::{Receiver, Sender};
use jiff::civil::Date;
use tokio::sync::{mpsc, oneshot};

use super::{Place, Raw, Records, Source};
use crate::app::DeskError;
use crate::crypto::{Digest, Keyring, Purpose};
use crate::patient::intake::{ImportedPatient, Refusal, Refused};
use crate::patient::table::Columns;
use crate::patient::{fhir, matching, table};

/// How many records are judged, and then written, together: one commit, which keeps
/// whoever else writes waiting for some ten milliseconds, a fraction of what a step of a
/// flow may take; twice as many are hardly faster, since a commit is little of that.
const TOGETHER: usize = 500;
/// How many bytes of memory hold records that are judged together, but for the last.
const TOGETHER_BYTES: usize = 2 << 20;
/// How many chunks wait for their turn.
const WAITING: usize = 3;
/// How many threads judge.
const JUDGES: usize = 2;

/// A record that was judged.
pub(super) struct Judged {
    pub(super) place: Place,
    pub(super) outcome: Result<ImportedPatient, Refused>,
    /// The keyed hash of its number, if it has one.
    pub(super) source: Option<Digest>,
    /// What records of one person have in common, as a keyed hash.
    pub(super) likeness: Option<u64>,
}

/// Records that are judged together.
struct Chunk {
    file: u32,
    records: Vec<Raw>,
    columns: Option<Arc<Columns>>,
}

/// What is waited for: a chunk that somebody judges, or why nothing more can be read.
type Coming = io::Result<oneshot::Receiver<Vec<Judged>>>;

/// Chunks in the order of the files.
pub(super) struct Chunks(mpsc::Receiver<Coming>);

impl Chunks {
    /// The next chunk, until all was read.
    pub(super) async fn next(&mut self) -> Result<Option<Vec<Judged>>, DeskError> {
        let Some(coming) = self.0.recv().await else {
            return Ok(None);
        };
        let unreadable = |error| DeskError::Unavailable(format!("the file: {error}"));
        let judged = coming.map_err(unreadable)?.await;
        let fault = |_| DeskError::Unavailable("a fault of ours ended it".to_owned());
        judged.map(Some).map_err(fault)
    }
}

/// Starts the threads. They end when all was read, or nobody listens any more.
pub(super) fn start(
    sources: Vec<Source>,
    keys: Arc<Keyring>,
    today: Date,
) -> Result<Chunks, DeskError> {
    let (order, chunks) = mpsc::channel(WAITING);
    let (work, todo) = crossbeam_channel::bounded(WAITING);
    let judge = Arc::new(Judge {
        keys,
        today,
        hasher: RandomState::new(),
    });
    for number in 1..=JUDGES {
        let (judge, todo) = (Arc::clone(&judge), todo.clone());
        spawn(&format!("import-judge-{number}"), move || {
            judge.work(&todo);
        })?;
    }
    spawn("import-reader", move || {
        // Whoever listens has gone, and so has what would be told.
        let _ = read_all(sources, &work, &order);
    })?;
    Ok(Chunks(chunks))
}

fn spawn(name: &str, work: impl FnOnce() + Send + 'static) -> Result<(), DeskError> {
    let thread = thread::Builder::new().name(name.to_owned()).spawn(work);
    thread
        .map(drop)
        .map_err(|error| DeskError::Unavailable(error.to_string()))
}

type Work = (Chunk, oneshot::Sender<Vec<Judged>>);

/// Nobody listens any more.
struct Over;

fn read_all(
    sources: Vec<Source>,
    work: &Sender<Work>,
    order: &mpsc::Sender<Coming>,
) -> Result<(), Over> {
    for (file, source) in (0..).zip(sources) {
        let (mut records, columns) = match source.records {
            Records::Fhir(lines) => (Reading::Fhir(lines), None),
            Records::Table(rows, columns) => (Reading::Table(rows), Some(Arc::new(columns))),
        };
        loop {
            let (read, failure) = records.chunk();
            if !read.is_empty() {
                let chunk = Chunk {
                    file,
                    records: read,
                    columns: columns.clone(),
                };
                let (answer, answered) = oneshot::channel();
                work.send((chunk, answer)).map_err(|_| Over)?;
                order.blocking_send(Ok(answered)).map_err(|_| Over)?;
            } else if failure.is_none() {
                break;
            }
            if let Some(error) = failure {
                return order.blocking_send(Err(error)).map_err(|_| Over);
            }
        }
    }
    Ok(())
}

enum Reading {
    Fhir(super::Lines<Box<dyn io::Read + Send>>),
    Table(super::Rows<Box<dyn io::Read + Send>>),
}

impl Reading {
    /// Records until there are enough, and why no more could be read.
    fn chunk(&mut self) -> (Vec<Raw>, Option<io::Error>) {
        let (mut records, mut bytes) = (Vec::with_capacity(TOGETHER), 0);
        while records.len() < TOGETHER && bytes < TOGETHER_BYTES {
            let next = match self {
                Self::Fhir(lines) => lines.next(),
                Self::Table(rows) => rows.next(),
            };
            match next {
                Ok(Some(raw)) => {
                    bytes += raw.held();
                    records.push(raw);
                }
                Ok(None) => break,
                Err(error) => return (records, Some(error)),
            }
        }
        (records, None)
    }
}

struct Judge {
    keys: Arc<Keyring>,
    today: Date,
    hasher: RandomState,
}

impl Judge {
    fn work(&self, todo: &Receiver<Work>) {
        for (chunk, answer) in todo {
            let records = chunk.records.iter();
            let judged = records.map(|raw| self.judge(raw, &chunk)).collect();
            // An import that has failed meanwhile wants it no more.
            let _ = answer.send(judged);
        }
    }

    fn judge(&self, raw: &Raw, chunk: &Chunk) -> Judged {
        let outcome = match (&chunk.columns, std::str::from_utf8(&raw.bytes)) {
            _ if raw.is_too_long => Err(Refusal::TooLong.into()),
            (Some(columns), _) => table::read(raw.row(), columns, self.today),
            (None, Ok(line)) => fhir::read(line, self.today),
            (None, Err(_)) => Err(Refusal::NotText.into()),
        };
        let (source, likeness) = match &outcome {
            Ok(imported) => {
                let likeness = matching::likeness(&imported.patient);
                let likeness = self.hasher.hash_one(likeness);
                (Some(&imported.source), Some(likeness))
            }
            Err(refused) => (refused.source.as_ref(), None),
        };
        let digest = |source: &String| self.keys.digest(Purpose::PatientSource, source.as_bytes());
        Judged {
            place: Place {
                file: chunk.file,
                line: raw.line,
            },
            source: source.map(digest),
            likeness,
            outcome,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::Rows;
    use super::*;

    #[test]
    fn what_waits_together_is_bounded_by_the_memory_that_it_takes() {
        let row = format!("x{}\n", ",".repeat(3000));
        let text = row.repeat(TOGETHER);
        let mut reading = Reading::Table(Rows::new(Box::new(io::Cursor::new(text)), b','));
        let (read, failure) = reading.chunk();
        assert!(failure.is_none());
        let held: usize = read.iter().map(Raw::held).sum();
        assert!(held >= TOGETHER_BYTES, "{held}");
        assert!(held < TOGETHER_BYTES + 2 * read[0].held(), "{held}");
    }
}
