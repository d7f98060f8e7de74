//! Imports patients from a shell: what is asked for, how it goes on, and what it came to.
//!
//! What was refused is for staff to mend at the source, and no failure; it is one only
//! when nothing at all could be taken.

mod input;
mod report;

use std::collections::BTreeMap;
use std::io::{self, IsTerminal as _, Write as _};
use std::path::{Path, PathBuf};

use clap::Args;
use indicatif::ProgressBar;
use verify_api::app::App;
use verify_api::app::import::{ImportReport, Listener, REMEMBERED, Remark, Verdict};
use verify_api::patient::intake::Matter;
use verify_api::patient::table::{self, Columns, Mapping};

use super::Failure;
use input::Opened;
use report::Report;

/// How many records come between two lines of progress, where there is no terminal.
const TOLD_EVERY: u64 = 50_000;

/// What is asked for.
#[derive(Args)]
pub(crate) struct Order {
    /// FHIR R4 patients, one a line (NDJSON), a table (CSV), a folder with `Patient*.ndjson`,
    /// or `-` for standard input; each may be compressed with gzip
    file: PathBuf,
    /// Which column of a table is what, as TOML
    #[arg(long, value_name = "FILE")]
    mapping: Option<PathBuf>,
    /// Where to write what was refused or is doubtful [default: beside the file, with
    /// `.report.csv` behind its name]
    #[arg(long, value_name = "FILE")]
    report: Option<PathBuf>,
    /// Judge everything and write the report, and change nothing in the database
    #[arg(long)]
    dry_run: bool,
}

#[cfg(test)]
impl Order {
    pub(super) const fn of_file(file: PathBuf) -> Self {
        Self {
            file,
            mapping: None,
            report: None,
            dry_run: false,
        }
    }
}

/// Imports the patients of a file; tells what it came to.
pub(super) async fn import(app: &App, order: &Order) -> Result<String, Failure> {
    let mapping = order.mapping.as_deref().map(read_mapping).transpose()?;
    let bar = ProgressBar::no_length().with_style(input::style());
    let Opened { sources, files } = input::open(&order.file, mapping.as_ref(), &bar)?;
    let columns = sources
        .iter()
        .find_map(|source| Some(told_columns(source.columns()?)));
    if let Some(columns) = columns.filter(|_| mapping.is_none()) {
        // Before anything is written, for whoever sees that it is wrong.
        let _ = writeln!(io::stderr(), "{columns}");
    }
    let place = order.report_file();
    let mut listening = Listening {
        report: Report::begin(&place, files.iter().chain(&order.mapping))?,
        reasons: BTreeMap::new(),
        bar: bar.clone(),
        told: 0,
    };
    let done = app
        .import_patients(sources, order.dry_run, &mut listening)
        .await;
    bar.finish_and_clear();
    let done = done.map_err(|error| {
        Failure(format!(
            "{error} What was imported until then stays; import once more, and it goes on from there."
        ))
    })?;
    listening.report.end()?;
    let shown = order.file.display();
    if done.records() == 0 {
        return Err(Failure(format!(
            "{shown} is empty. Export the patients again."
        )));
    }
    let told = told(&done, &listening.reasons, &place, order.dry_run);
    if done.taken() + done.known == 0 {
        return Err(Failure(format!(
            "{told}\nNothing in {shown} could be taken. Mend what is listed, and import again."
        )));
    }
    Ok(told)
}

impl Order {
    fn report_file(&self) -> PathBuf {
        if let Some(report) = &self.report {
            return report.clone();
        }
        if input::is_standard_input(&self.file) {
            return PathBuf::from("patients.report.csv");
        }
        // `.` and `..` have no name of their own.
        let name = self.file.file_name().unwrap_or("patients".as_ref());
        let mut name = name.to_owned();
        name.push(".report.csv");
        self.file.with_file_name(name)
    }
}

fn read_mapping(file: &Path) -> Result<Mapping, Failure> {
    let shown = file.display();
    let text = std::fs::read_to_string(file).map_err(|error| {
        Failure(format!(
            "The mapping file {shown} cannot be read ({error}). Check the path, and who may read it."
        ))
    })?;
    Mapping::parse(&text).map_err(|error| Failure(format!("{shown} is no mapping. {error}")))
}

fn told_columns(columns: &Columns) -> String {
    let taken = columns.taken();
    let taken = taken.map(|(field, names)| format!("{} = {}", field.as_str(), table::told(names)));
    let taken = taken.collect::<Vec<_>>().join(", ");
    let unused = table::told(columns.unused());
    let unused = match &*unused {
        "" => String::new(),
        _ => format!(" Not read: {unused}."),
    };
    format!("Columns, by their names: {taken}.{unused}")
}

/// Whoever stands between an import and the person at the shell.
struct Listening {
    report: Report,
    reasons: BTreeMap<(Verdict, Matter), u64>,
    bar: ProgressBar,
    told: u64,
}

impl Listener for Listening {
    fn remark(&mut self, remark: &Remark<'_>) -> io::Result<()> {
        let reason = (remark.verdict, remark.matter);
        *self.reasons.entry(reason).or_default() += 1;
        self.report.add(remark)
    }

    fn progress(&mut self, records: u64) {
        self.bar.set_message(format!("{records} records"));
        if records / TOLD_EVERY > self.told && !io::stderr().is_terminal() {
            self.told = records / TOLD_EVERY;
            // Whoever has closed it does not want to know.
            let _ = writeln!(io::stderr(), "{records} records so far");
        }
    }
}

fn told(
    done: &ImportReport,
    reasons: &BTreeMap<(Verdict, Matter), u64>,
    report: &Path,
    is_dry: bool,
) -> String {
    let mut lines = vec![format!(
        "{}: {} created, {} updated, {} unchanged, {} refused; {} doubtful.",
        count(done.records(), "record", "records"),
        done.created,
        done.updated,
        done.unchanged,
        done.refused,
        done.doubtful,
    )];
    if done.closed > 0 && is_dry {
        // Which invitations are open by then, only writing shows.
        lines.push(format!(
            "{} of them would close a record that is there, and end its open invitation. Their accounts, if they have any, would stay.",
            done.closed,
        ));
    } else if done.closed > 0 {
        lines.push(format!(
            "{} of them closed a record that was there; {} ended. Their accounts, if they have any, stay.",
            done.closed,
            count(done.withdrawn, "open invitation", "open invitations"),
        ));
    } else if done.withdrawn > 0 {
        lines.push(format!(
            "{} ended, since nobody can be invited by the record any more.",
            count(done.withdrawn, "open invitation", "open invitations"),
        ));
    }
    if done.elsewhere > 0 {
        lines.push(format!(
            "{} on file that this import does not name; nothing was done about them.",
            count(done.elsewhere, "patient is", "patients are"),
        ));
    }
    for (verdict, heading) in [
        (Verdict::Refused, "Refused:"),
        (
            Verdict::Doubtful,
            "Taken, and somebody should look at them:",
        ),
    ] {
        let of_verdict = reasons.iter().filter(|((found, _), _)| *found == verdict);
        let mut told = of_verdict
            .map(|((_, matter), count)| format!("  {count} × {}", matter.reason))
            .peekable();
        if told.peek().is_some() {
            lines.push(heading.to_owned());
            lines.extend(told);
        }
    }
    if done.is_blind_to_repeats {
        lines.push(format!(
            "There were so many records that the same one twice was looked for among the first {REMEMBERED} only. Of two later ones with one number the last one counts, unless it is listed as refused."
        ));
    }
    if !reasons.is_empty() {
        lines.push(format!(
            "Which records these are, and what to do, is in {}. It holds record numbers, so only you may read it; delete it once they are mended.",
            report.display()
        ));
    }
    if is_dry {
        lines.push("This was a dry run: nothing was written to the database.".to_owned());
    }
    lines.join("\n")
}

fn count(count: u64, one: &str, many: &str) -> String {
    match count {
        1 => format!("1 {one}"),
        count => format!("{count} {many}"),
    }
}

#[cfg(test)]
mod tests;
