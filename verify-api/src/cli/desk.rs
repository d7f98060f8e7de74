//! What clinic staff do from a shell: look after staff, invite.

use protocol::values::Email;
use verify_api::app::{App, Invited, ListedStaff};
use verify_api::staff::Role;

use super::Failure;

/// Adds a staff user.
pub(super) async fn add_staff(app: &App, email: &str, role: Role) -> Result<String, Failure> {
    let email = address(email)?;
    let link = app.add_staff(&email, role).await?;
    Ok(handed_over(&email, &link))
}

/// Gives a staff user another way to set up what they sign in with.
pub(super) async fn reset_staff(app: &App, email: &str) -> Result<String, Failure> {
    let email = address(email)?;
    let link = app.reset_staff(&email).await?;
    Ok(handed_over(&email, &link))
}

/// The link is told here and nowhere else.
fn handed_over(email: &Email, link: &str) -> String {
    format!(
        "Hand this link to {} alone: it works once, and for 24 hours.\n{link}",
        email.as_str()
    )
}

/// Gives a staff user another role.
pub(super) async fn change_role(app: &App, email: &str, role: Role) -> Result<String, Failure> {
    let email = address(email)?;
    app.change_staff_role(&email, role).await?;
    Ok(format!(
        "{} is {} from the next sign-in on, and signed out until then.",
        email.as_str(),
        role.as_str()
    ))
}

/// Lets a staff user do nothing any more.
pub(super) async fn disable_staff(app: &App, email: &str) -> Result<String, Failure> {
    let email = address(email)?;
    app.disable_staff(&email).await?;
    Ok(format!(
        "{} is signed out everywhere, and cannot sign in any more.",
        email.as_str()
    ))
}

/// One line a staff user.
pub(super) async fn list_staff(app: &App) -> Result<String, Failure> {
    let staff = app.staff().await?;
    if staff.is_empty() {
        return Ok(
            "There are no staff users. Add one with `verify-api staff add EMAIL`.".to_owned(),
        );
    }
    let lines: Vec<_> = staff.iter().map(line).collect();
    Ok(lines.join("\n"))
}

fn line(staff: &ListedStaff) -> String {
    let state = match (staff.is_disabled, staff.is_set_up) {
        (true, _) => "disabled",
        (false, true) => "can sign in",
        (false, false) => "has not set up yet",
    };
    format!("{}  {}  {state}", staff.email, staff.role.as_str())
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
    Ok((printed.to_string(), notes(&invited)))
}

fn notes(invited: &Invited) -> Vec<&'static str> {
    let mut notes = Vec::new();
    if !invited.has_phone {
        notes.push("No phone on file: this patient cannot enroll until the record has one.");
    }
    if invited.is_for_proxy {
        notes.push(
            "It is for whoever acts for the patient, and is not mailed: print this code, and hand \
             it to that person alone.",
        );
    } else if !invited.by_email {
        notes.push("No email on file: print this code and hand it over.");
    }
    notes
}

pub(super) fn address(text: &str) -> Result<Email, Failure> {
    Email::parse(text).map_err(|_| {
        Failure(format!(
            "`{text}` is not an email address. Write one such as frontdesk@example.org."
        ))
    })
}

#[cfg(test)]
mod tests;
