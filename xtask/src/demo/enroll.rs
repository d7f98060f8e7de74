//! The demo's account, made as a patient makes theirs: through the JSON flow,
//! with the code out of the message that was really sent.
//!
//! It must not know the order of the steps: it answers what it is asked.

use std::fs;
use std::path::Path;

use serde_json::{Value, json};

use super::server::Server;
use crate::failure::{During, Failure, Result};

/// The patient of the account; see `demo/patients.ndjson`.
pub(super) const PATIENT: &str = "WS-1002";
/// The account's username.
pub(super) const USERNAME: &str = "ruth.okafor";
/// The account's password, which guards nothing: the demo's data is invented.
pub(super) const PASSWORD: &str = "seven quiet herons by the pier";
/// The phone on file, which enrollment links to the account.
pub(super) const PHONE: &str = "+1 207 555 0167";
/// The email on file.
pub(super) const EMAIL: &str = "ruth.okafor@example.org";

/// More steps than any flow has: whoever needs more goes in circles.
const MAX_STEPS: usize = 12;

/// Enrolls the demo's patient.
pub(super) fn enroll(server: &mut Server, invitation: &str) -> Result<()> {
    let api = format!("{}/api/v1", server.base_url());
    let begin = json!({ "kind": "enrollment", "locale": "en" });
    let mut view = post(&format!("{api}/flows"), None, &begin)?;
    let token = view["token"].as_str().unwrap_or_default().to_owned();
    for _ in 0..MAX_STEPS {
        let step = view["step"]["name"].as_str().unwrap_or_default().to_owned();
        if step == "done" {
            return Ok(());
        }
        let answers = match step.as_str() {
            "code" => json!({ "code": newest_code(server)? }),
            step => answers(step, invitation)?,
        };
        let body = json!({ "step": step, "answers": answers });
        view = post(&format!("{api}/flow/answers"), Some(&token), &body)?;
    }
    Err(Failure::new(
        "the demo's enrollment came to no end: look at the steps of verify-api/src/flow",
    ))
}

fn answers(step: &str, invitation: &str) -> Result<Value> {
    Ok(match step {
        "invitation" => json!({ "invitation": invitation }),
        "identity" => json!({
            "given_name": "Ruth",
            "family_name": "Okafor",
            "birth_date": "1963-11-05",
            "postal_code": "04102",
        }),
        "phone" => json!({ "phone": PHONE, "channel": "text" }),
        "contact" => json!({ "email": EMAIL }),
        "credentials" => json!({ "username": USERNAME, "password": PASSWORD }),
        step => {
            return Err(Failure::new(format!(
                "the demo does not know what to answer at the step `{step}`; teach xtask/src/demo/enroll.rs"
            )));
        }
    })
}

fn post(url: &str, token: Option<&str>, body: &Value) -> Result<Value> {
    let agent: ureq::Agent = ureq::Agent::config_builder()
        .http_status_as_error(false)
        .build()
        .into();
    let mut request = agent.post(url);
    if let Some(token) = token {
        request = request.header("authorization", format!("Bearer {token}"));
    }
    let mut response = request.send_json(body).during("call the API")?;
    let is_success = response.status().is_success();
    let answer: Value = response
        .body_mut()
        .read_json()
        .during("read the API's answer")?;
    if is_success {
        return Ok(answer);
    }
    Err(Failure::new(format!(
        "the demo's enrollment was refused at {url}: {answer}"
    )))
}

/// The code in the newest text message, once one has arrived.
fn newest_code(server: &mut Server) -> Result<String> {
    let folder = server.messages();
    server.wait_until("no code has arrived", || {
        let newest = texts(&folder).into_iter().max()?;
        code(&newest.1)
    })
}

/// The text messages that have arrived: the moment and the text of each.
fn texts(folder: &Path) -> Vec<(String, String)> {
    let files = fs::read_dir(folder).into_iter().flatten().flatten();
    let files = files.filter(|file| file.path().extension().is_some_and(|kind| kind == "json"));
    files
        .filter_map(|file| {
            let json: Value = serde_json::from_slice(&fs::read(file.path()).ok()?).ok()?;
            let is_text = json["channel"] == "text";
            let part = |name: &str| json[name].as_str().map(str::to_owned);
            is_text.then(|| Some((part("at")?, part("text")?)))?
        })
        .collect()
}

/// The six digits in a message.
fn code(text: &str) -> Option<String> {
    let mut runs = text.split(|c: char| !c.is_ascii_digit());
    runs.find(|run| run.len() == 6).map(str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_code_is_the_run_of_six_digits() {
        let text = "Call 888-747-4255. Your code is 314159.\n@help.example.org #314159";
        assert_eq!(code(text).as_deref(), Some("314159"));
        assert_eq!(code("no code, but 1234567"), None);
    }

    #[test]
    fn only_texts_that_are_whole_count() {
        let folder = tempfile::tempdir().unwrap();
        let put = |name: &str, json: Value| {
            fs::write(folder.path().join(name), json.to_string()).unwrap();
        };
        put(
            "1.json",
            json!({ "channel": "text", "at": "2026-01-01T00:00:00Z", "text": "one" }),
        );
        put(
            "2.json",
            json!({ "channel": "email", "at": "2026-01-02T00:00:00Z", "text": "two" }),
        );
        put(
            ".3.tmp",
            json!({ "channel": "text", "at": "2026-01-03T00:00:00Z", "text": "three" }),
        );
        let texts = texts(folder.path());
        assert_eq!(
            texts,
            [("2026-01-01T00:00:00Z".to_owned(), "one".to_owned())]
        );
    }
}
