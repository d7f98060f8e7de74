//! Finds patients from a shell: record numbers and how the records stand, and nobody's name.

use clap::Args;
use protocol::values::BirthDate;
use verify_api::app::{App, FoundPatients, PatientMatch};
use verify_api::patient::Standing;

use super::Failure;

/// Who is searched for.
#[derive(Args)]
pub(crate) struct Search {
    /// What is known of the name, in any order; one slip is forgiven
    #[arg(required = true, value_name = "NAME")]
    name: Vec<String>,
    /// The birth date; one slip is forgiven if the name is right
    #[arg(long, value_name = "YYYY-MM-DD")]
    born: String,
}

/// A line for each patient who may be meant, and sentences for whoever has asked.
pub(super) async fn find(
    app: &App,
    search: &Search,
) -> Result<(String, Vec<&'static str>), Failure> {
    let born = BirthDate::parse(&search.born).map_err(|_| {
        Failure(format!(
            "`{}` is no birth date. Write it as year, month and day, such as 1944-02-29.",
            search.born
        ))
    })?;
    let found = app
        .find_patients(&search.name.join(" "), born, None)
        .await?;
    let lines: Vec<_> = found.patients.iter().map(line).collect();
    let notes = notes(&found);
    Ok((lines.join("\n"), notes))
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
