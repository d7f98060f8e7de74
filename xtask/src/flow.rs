//! Driving a flow over JSON, as the widget does, with the codes out of the
//! messages that were really delivered.
//!
//! It must not know the order of the steps: it answers what it is asked.

use std::fs;
use std::path::Path;

use serde_json::{Value, json};

use crate::failure::{During, Failure, Result};

/// An invented patient, and what they choose.
pub(crate) struct Person {
    pub(crate) given_name: String,
    pub(crate) family_name: String,
    /// `YYYY-MM-DD`
    pub(crate) birth_date: String,
    pub(crate) postal_code: String,
    /// In E.164, as messages name it.
    pub(crate) phone: String,
    pub(crate) email: String,
    pub(crate) username: String,
    pub(crate) password: String,
    /// The code of their invitation.
    pub(crate) invitation: String,
}

impl Person {
    /// What the person answers at a step of enrollment or sign-in; codes are not theirs to know.
    pub(crate) fn answers(&self, step: &str) -> Result<Value> {
        Ok(match step {
            "invitation" => json!({ "invitation": self.invitation }),
            "identity" => json!({
                "given_name": self.given_name,
                "family_name": self.family_name,
                "birth_date": self.birth_date,
                "postal_code": self.postal_code,
            }),
            "phone" => json!({ "phone": self.phone, "channel": "text" }),
            "contact" => json!({ "email": self.email }),
            "credentials" | "sign-in" => {
                json!({ "username": self.username, "password": self.password })
            }
            step => {
                return Err(Failure::new(format!(
                    "nobody here knows what to answer at the step `{step}`: teach xtask/src/flow.rs"
                )));
            }
        })
    }
}

/// One client of the API, with a connection that it keeps and a flow that it is in.
pub(crate) struct Client {
    agent: ureq::Agent,
    api: String,
    token: String,
    /// The name of the current step.
    pub(crate) step: String,
}

impl Client {
    /// A client of the API at `base_url`, in no flow yet.
    pub(crate) fn new(base_url: &str) -> Self {
        let agent = ureq::Agent::config_builder()
            .http_status_as_error(false)
            .build();
        Self {
            agent: agent.into(),
            api: format!("{base_url}/api/v1"),
            token: String::new(),
            step: String::new(),
        }
    }

    /// Begins a flow.
    pub(crate) fn begin(&mut self, kind: &str) -> Result<()> {
        self.token.clear();
        self.post("/flows", &json!({ "kind": kind, "locale": "en" }))
    }

    /// Answers the current step.
    pub(crate) fn answer(&mut self, answers: &Value) -> Result<()> {
        let body = json!({ "step": self.step, "answers": answers });
        self.post("/flow/answers", &body)
    }

    fn post(&mut self, path: &str, body: &Value) -> Result<()> {
        let mut request = self.agent.post(format!("{}{path}", self.api));
        if !self.token.is_empty() {
            request = request.header("authorization", format!("Bearer {}", self.token));
        }
        let mut response = request.send_json(body).during("call the API")?;
        let is_success = response.status().is_success();
        let view: Value = response
            .body_mut()
            .read_json()
            .during("read the API's answer")?;
        if !is_success {
            return Err(Failure::new(format!(
                "the API refused the step `{}`: {view}",
                self.step
            )));
        }
        if let Some(token) = view["token"].as_str() {
            token.clone_into(&mut self.token);
        }
        let step = view["step"]["name"].as_str().unwrap_or_default();
        step.clone_into(&mut self.step);
        Ok(())
    }
}

/// More steps than any flow has: whoever needs more goes in circles.
const MAX_STEPS: usize = 12;

/// Takes a person through enrollment, up to the step named `end`, which is not answered;
/// `code` waits for the code that is texted to a phone.
pub(crate) fn enroll_until(
    base_url: &str,
    person: &Person,
    end: &str,
    mut code: impl FnMut(&str) -> Result<String>,
) -> Result<Client> {
    let mut client = Client::new(base_url);
    client.begin("enrollment")?;
    for _ in 0..MAX_STEPS {
        if client.step == end {
            return Ok(client);
        }
        let answers = if client.step == "code" {
            json!({ "code": code(&person.phone)? })
        } else {
            person.answers(&client.step)?
        };
        client.answer(&answers)?;
    }
    Err(Failure::new(format!(
        "the enrollment never came to the step `{end}`: look at the steps in verify-api/src/flow"
    )))
}

/// The code in the newest text message to `phone` that has arrived in `folder`.
pub(crate) fn texted_code(folder: &Path, phone: &str) -> Option<String> {
    let files = fs::read_dir(folder).into_iter().flatten().flatten();
    let paths = files.map(|file| file.path());
    let whole = paths.filter(|path| path.extension().is_some_and(|kind| kind == "json"));
    let messages = whole.filter_map(|path| {
        let message: Value = serde_json::from_slice(&fs::read(path).ok()?).ok()?;
        let is_meant = message["channel"] == "text" && message["to"] == phone;
        is_meant.then_some(message)
    });
    let moment = |message: &Value| message["at"].as_str().map(str::to_owned);
    let newest = messages.max_by_key(moment)?;
    six_digits(newest["text"].as_str()?)
}

pub(crate) fn six_digits(text: &str) -> Option<String> {
    let mut runs = text.split(|c: char| !c.is_ascii_digit());
    runs.find(|run| run.len() == 6).map(str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_is_the_run_of_six_digits() {
        let text = "Call 888-747-4255. Your code is 314159.\n@help.example.org #314159";
        assert_eq!(six_digits(text).as_deref(), Some("314159"));
        assert_eq!(six_digits("no code, but 1234567"), None);
    }

    #[test]
    fn the_newest_whole_text_to_the_phone_counts() {
        let folder = tempfile::tempdir().unwrap();
        let put = |name: &str, channel: &str, to: &str, at: &str, text: &str| {
            let message = json!({ "channel": channel, "to": to, "at": at, "text": text });
            fs::write(folder.path().join(name), message.to_string()).unwrap();
        };
        let code = || texted_code(folder.path(), "+1");
        assert_eq!(code(), None);
        put(
            "4.json",
            "text",
            "+1",
            "2026-01-01T00:00:00Z",
            "older 111111",
        );
        put(
            "1.json",
            "text",
            "+1",
            "2026-01-02T00:00:00Z",
            "newer 222222",
        );
        put(
            "2.json",
            "text",
            "+2",
            "2026-01-03T00:00:00Z",
            "another's 333333",
        );
        put(
            "3.json",
            "call",
            "+1",
            "2026-01-03T00:00:00Z",
            "spoken 444444",
        );
        put(
            ".5.tmp",
            "text",
            "+1",
            "2026-01-03T00:00:00Z",
            "unfinished 555555",
        );
        assert_eq!(code().as_deref(), Some("222222"));
    }
}
