//! What clinic staff do from a shell: add staff, invite.

use protocol::values::Email;
use verify_api::app::App;

use super::Failure;

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
