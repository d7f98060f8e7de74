//! Finds patients from a shell: record numbers and how the records stand, and nobody's name.
//!
//! Who is sought is typed, not an argument: arguments are seen by whoever lists processes, and
//! stay in a shell's history.

use std::io::{self, BufRead as _, IsTerminal as _, Write as _};

use clap::Args;
use protocol::values::BirthDate;
use verify_api::app::{App, FoundPatients, PatientMatch};
use verify_api::patient::Standing;

use super::{Failure, desk};

/// Who searches.
#[derive(Args)]
pub(crate) struct Search {
    /// The staff user who asks, who must be allowed to invite; the audit trail names them
    #[arg(long, value_name = "EMAIL")]
    by: String,
}

/// A line for each patient who may be meant, and sentences for whoever has asked.
pub(super) async fn find(
    app: &App,
    search: &Search,
) -> Result<(String, Vec<&'static str>), Failure> {
    let staff = desk::address(&search.by)?;
    let name = typed("Name, in any order")?;
    let born = typed("Birth date (YYYY-MM-DD)")?;
    let born = BirthDate::parse(&born).map_err(|_| {
        Failure(format!(
            "`{born}` is no birth date. Write it as year, month and day, such as 1944-02-29."
        ))
    })?;
    let found = app.find_for(&staff, &name, born).await?;
    let lines: Vec<_> = found.patients.iter().map(line).collect();
    let notes = notes(&found);
    Ok((lines.join("\n"), notes))
}

/// The next line of standard input; whoever types it is told what it is.
fn typed(what: &str) -> Result<String, Failure> {
    let input = io::stdin();
    if input.is_terminal() {
        let _ = write!(io::stderr(), "{what}: ");
    }
    let mut line = String::new();
    let read = input.lock().read_line(&mut line);
    let read = read.map_err(|error| Failure(format!("Standard input cannot be read: {error}.")))?;
    if read == 0 {
        return Err(Failure(format!(
            "{what}: nothing was typed. The name goes on one line, the birth date on the next."
        )));
    }
    Ok(line.trim().to_owned())
}

fn line(found: &PatientMatch) -> String {
    let number = found.on_file.number.as_deref().unwrap_or("(no number)");
    let state = match found.on_file.patient.standing {
        Standing::Current => "current",
        Standing::Deceased => "deceased",
        Standing::Inactive => "inactive",
        Standing::Replaced => "replaced",
    };
    let born = if found.likeness.is_born_then {
        "this birth date"
    } else {
        "another birth date"
    };
    format!("{number}\t{state}\t{born}")
}

fn notes(found: &FoundPatients) -> Vec<&'static str> {
    let mut notes = Vec::new();
    if found.patients.is_empty() {
        notes.push("Nobody was found. Check the name and the birth date.");
    }
    if found.has_more {
        notes.push("There are more. Ask for another part of the name, and search again.");
    }
    if found.patients.iter().any(|it| it.on_file.number.is_none()) {
        notes.push("A record without a number gets it when it is imported once more.");
    }
    if found.is_incomplete {
        notes.push(
            "Some records cannot be searched. Run `verify-api migrate`; if this is said again, \
             they are damaged.",
        );
    }
    notes
}
