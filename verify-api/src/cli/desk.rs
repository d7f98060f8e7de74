//! What clinic staff do from a shell: import patients, add staff, invite.

use std::fs::File;
use std::io::BufReader;
use std::path::Path;

use indicatif::{ProgressBar, ProgressStyle};
use protocol::values::Email;
use verify_api::app::{App, ImportReport, Remark};

use super::Failure;

/// Imports the patients of a file; tells what was refused and why.
///
/// Refused lines are for staff to mend at the source, and no failure; it is one
/// only when nothing at all could be taken.
pub(super) async fn import(app: &App, path: &Path) -> Result<String, Failure> {
    let shown = path.display();
    let unreadable = |error: &dyn std::fmt::Display| {
        Failure(format!(
            "{shown} cannot be read ({error}). Check the path, and who may read the file."
        ))
    };
    let file = File::open(path).map_err(|error| unreadable(&error))?;
    let about = file.metadata().map_err(|error| unreadable(&error))?;
    if about.is_dir() {
        return Err(unreadable(&"it is a folder"));
    }
    // Draws on standard error, and only where that is a terminal.
    let bar = ProgressBar::new(about.len()).with_style(style());
    let lines = BufReader::new(bar.wrap_read(file));
    let report = app
        .import_patients(lines, |line| bar.set_message(format!("line {line}")))
        .await;
    bar.finish_and_clear();
    let report = report?;
    match (report.taken, report.refused.len()) {
        (0, 0) => Err(Failure(format!(
            "{shown} is empty. Export the patients again."
        ))),
        (0, _) => Err(Failure(format!(
            "{}\nNothing in {shown} could be taken. Mend what is listed, and import again.",
            told(&report)
        ))),
        _ => Ok(told(&report)),
    }
}

fn style() -> ProgressStyle {
    ProgressStyle::with_template("{bar:30} {percent:>3} %  {msg}")
        .unwrap_or_else(|_| ProgressStyle::default_bar())
}

fn told(report: &ImportReport) -> String {
    let count = |n: usize, one: &str, many: &str| match n {
        1 => one.to_owned(),
        n => format!("{n} {many}"),
    };
    let taken = usize::try_from(report.taken).unwrap_or(usize::MAX);
    let taken = count(taken, "1 patient was taken", "patients were taken");
    let refused = match report.refused.len() {
        0 => "no line was refused.".to_owned(),
        n => format!("{}:", count(n, "1 line was refused", "lines were refused")),
    };
    let listed = |remarks: &[Remark]| -> Vec<String> {
        let lines = remarks.iter();
        lines
            .map(|remark| format!("  line {}: {}", remark.line, remark.text))
            .collect()
    };
    let mut lines = vec![format!("{taken}, {refused}")];
    lines.extend(listed(&report.refused));
    if !report.doubtful.is_empty() {
        lines.push("To be mended in the record, so that these patients can be helped:".to_owned());
        lines.extend(listed(&report.doubtful));
    }
    lines.join("\n")
}

/// Adds a staff user.
pub(super) async fn add_staff(app: &App, email: &str) -> Result<String, Failure> {
    let email = address(email)?;
    app.add_staff(&email).await?;
    Ok(format!("{} can now invite patients.", email.as_str()))
}

/// Invites a patient. The invitation is one line of JSON, for scripts; beside it
/// come sentences for whoever sits at the desk.
pub(super) async fn invite(
    app: &App,
    patient: &str,
    by: &str,
) -> Result<(String, Vec<&'static str>), Failure> {
    let staff = address(by)?;
    let invited = app.invite(patient.trim(), &staff).await?;
    let printed = serde_json::json!({
        "invitation": invited.code.to_string(),
        "link": invited.link,
        "by_email": invited.by_email,
    });
    let mut notes = Vec::new();
    if !invited.has_phone {
        notes.push("No phone on file: this patient cannot enroll until the record has one.");
    }
    if !invited.by_email {
        notes.push("No email on file: print this code and hand it over.");
    }
    Ok((printed.to_string(), notes))
}

fn address(text: &str) -> Result<Email, Failure> {
    Email::parse(text).map_err(|_| {
        Failure(format!(
            "`{text}` is not an email address. Write one such as frontdesk@example.org."
        ))
    })
}

#[cfg(test)]
mod tests;
