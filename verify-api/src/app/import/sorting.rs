//! What is said of each record that was judged, and what is to be done about it. It must
//! not know what the directory holds.

use super::batch::{Act, Intent};
use super::pipeline::Judged;
use super::seen::Seen;
use super::{ImportReport, Listener, Place, Remark, Verdict};
use crate::app::DeskError;
use crate::patient::OnFile;
use crate::patient::intake::{Matter, Note, Refusal};

/// An import on its way.
pub(super) struct Import<'a> {
    names: Vec<String>,
    seen: Seen,
    pub(super) report: ImportReport,
    pub(super) is_dry: bool,
    pub(super) listener: &'a mut dyn Listener,
}

impl<'a> Import<'a> {
    /// One of which nothing was read yet; `names` are those of its files.
    pub(super) fn begin(
        names: Vec<String>,
        seen: Seen,
        is_dry: bool,
        listener: &'a mut dyn Listener,
    ) -> Self {
        Self {
            names,
            seen,
            report: ImportReport::default(),
            is_dry,
            listener,
        }
    }

    /// Whether the same record twice was not looked for any more.
    pub(super) const fn is_blind(&self) -> bool {
        self.seen.is_full()
    }

    /// Says what there is to say of records that are written together, and what is to be
    /// done about them: one thing for a number at most.
    pub(super) fn sort_out(&mut self, chunk: Vec<Judged>) -> Result<Vec<Intent>, DeskError> {
        self.seen.next_batch();
        let mut intents = Vec::with_capacity(chunk.len());
        for judged in chunk {
            intents.extend(self.sort_out_one(judged)?);
        }
        Ok(intents)
    }

    /// The first of several records with one number counts, whichever they are: so the
    /// same import ends the same each time.
    fn sort_out_one(&mut self, judged: Judged) -> Result<Option<Intent>, DeskError> {
        let place = judged.place;
        let (source, likeness) = (judged.source, judged.likeness);
        let (act, name, notes) = match judged.outcome {
            Ok(imported) => {
                let wanted = OnFile {
                    number: Some(imported.source.clone()),
                    patient: imported.patient,
                };
                (Act::Keep(Box::new(wanted)), imported.source, imported.notes)
            }
            Err(refused) => {
                let act = refused.refusal.closes().map(Act::Close);
                let name = refused.source.as_deref();
                self.refuse(place, name, refused.refusal, None)?;
                match (act, refused.source) {
                    (Some(act), Some(name)) => (act, name, Vec::new()),
                    _ => return Ok(None),
                }
            }
        };
        let Some(source) = source else {
            return Ok(None);
        };
        if let Some(first) = self.seen.number(&source, place) {
            if matches!(act, Act::Keep(_)) {
                let first = self.told(first);
                self.refuse(place, Some(&name), Refusal::SameIdentifier, Some(first))?;
            }
            return Ok(None);
        }
        let is_doubtful = !notes.is_empty();
        for note in notes {
            self.doubt(place, &name, note, None)?;
        }
        let first = likeness.and_then(|likeness| self.seen.person(likeness, place));
        if let Some(first) = first {
            let first = self.told(first);
            self.doubt(place, &name, Note::SamePerson, Some(first))?;
        }
        self.report.doubtful += u64::from(is_doubtful || first.is_some());
        Ok(Some(Intent {
            place,
            name,
            source,
            act,
        }))
    }

    /// Where an earlier record is.
    fn told(&self, place: Place) -> String {
        let (line, file) = (place.line, self.name(place));
        format!("It is on line {line} of {file}.")
    }

    fn name(&self, place: Place) -> &str {
        self.names.get(place.file as usize).map_or("", |name| name)
    }

    pub(super) fn refuse(
        &mut self,
        place: Place,
        source: Option<&str>,
        refusal: Refusal,
        detail: Option<String>,
    ) -> Result<(), DeskError> {
        self.report.refused += 1;
        self.tell(place, source, refusal, detail)
    }

    /// Says why a record is refused, of one that is counted already as well.
    pub(super) fn tell(
        &mut self,
        place: Place,
        source: Option<&str>,
        refusal: Refusal,
        detail: Option<String>,
    ) -> Result<(), DeskError> {
        let stopped = refusal.column();
        let stopped = stopped.map(|column| format!("Reading stopped at column {column}."));
        let detail = detail.or(stopped);
        self.remark(place, source, Verdict::Refused, refusal.matter(), detail)
    }

    fn doubt(
        &mut self,
        place: Place,
        source: &str,
        note: Note,
        detail: Option<String>,
    ) -> Result<(), DeskError> {
        self.remark(
            place,
            Some(source),
            Verdict::Doubtful,
            note.matter(),
            detail,
        )
    }

    fn remark(
        &mut self,
        place: Place,
        source: Option<&str>,
        verdict: Verdict,
        matter: Matter,
        detail: Option<String>,
    ) -> Result<(), DeskError> {
        let file = self.names.get(place.file as usize).map_or("", |name| name);
        let remark = Remark {
            file,
            line: place.line,
            source,
            verdict,
            matter,
            detail,
        };
        let written = self.listener.remark(&remark);
        written.map_err(|error| DeskError::Unavailable(format!("the report: {error}")))
    }
}
