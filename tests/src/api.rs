//! A flow over JSON, as a program drives it.

use protocol::paths;
use serde_json::{Value, json};

use crate::{Client, Document, Reply, Request};

/// A flow that was begun, and its token. What it is answered is held to the
/// [`Document`].
#[derive(Clone, Debug)]
pub struct Flow {
    client: Client,
    /// The bearer token.
    pub token: String,
}

impl Flow {
    /// Begins a flow of a kind.
    #[track_caller]
    pub fn begin(client: &Client, kind: &str) -> Self {
        let body = json!({"kind": kind, "locale": "en"});
        let reply = client.send(Request::new("POST", paths::FLOWS).json(&body));
        reply.expect(201);
        Document::of(client).allows("POST", paths::FLOWS, &reply);
        let token = reply.json()["token"].as_str().map(str::to_owned);
        Self {
            client: client.clone(),
            token: token.expect("the answer that begins a flow holds its token"),
        }
    }

    /// A flow whose token came from elsewhere.
    pub fn with_token(client: &Client, token: &str) -> Self {
        Self {
            client: client.clone(),
            token: token.to_owned(),
        }
    }

    /// Answers a step.
    #[track_caller]
    pub fn answer(&self, step: &str, answers: &Value) -> Reply {
        let body = json!({"step": step, "answers": answers});
        self.post(paths::ANSWERS, Some(&body))
    }

    /// Asks for another code, by the same channel or another.
    #[track_caller]
    pub fn resend(&self, channel: Option<&str>) -> Reply {
        let body = channel.map(|channel| json!({"channel": channel}));
        self.post(paths::RESEND, body.as_ref())
    }

    /// Goes back.
    #[track_caller]
    pub fn back(&self) -> Reply {
        self.post(paths::BACK, None)
    }

    /// Asks for more time.
    #[track_caller]
    pub fn more_time(&self) -> Reply {
        self.post(paths::EXTEND, None)
    }

    /// Asks where the flow stands.
    #[track_caller]
    pub fn view(&self) -> Reply {
        self.ask("GET", paths::FLOW, |request| request)
    }

    #[track_caller]
    fn post(&self, path: &str, body: Option<&Value>) -> Reply {
        self.ask("POST", path, |request| match body {
            Some(body) => request.json(body),
            None => request.body("application/json", ""),
        })
    }

    #[track_caller]
    fn ask(&self, method: &str, path: &str, with: impl FnOnce(Request) -> Request) -> Reply {
        let request = with(Request::new(method, path).bearer(&self.token));
        let reply = self.client.send(request);
        Document::of(&self.client).allows(method, path, &reply);
        reply
    }
}
