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
    /// The cookie of whoever is signed in, if somebody is.
    session: Option<String>,
}

impl Flow {
    /// Begins a flow of a kind.
    #[track_caller]
    pub fn begin(client: &Client, kind: &str) -> Self {
        Self::begun(client, &Self::try_begin(client, kind, None), None)
    }

    /// Begins a flow of a kind as whoever is signed in.
    #[track_caller]
    pub fn begin_as(client: &Client, kind: &str, session: &str) -> Self {
        let reply = Self::try_begin(client, kind, Some(session));
        Self::begun(client, &reply, Some(session.to_owned()))
    }

    /// Asks for a flow of a kind; what is answered.
    #[track_caller]
    pub fn try_begin(client: &Client, kind: &str, session: Option<&str>) -> Reply {
        let body = json!({"kind": kind, "locale": "en"});
        let request = Request::new("POST", paths::FLOWS).json(&body);
        let reply = client.send(with_cookie(request, session));
        Document::of(client).allows("POST", paths::FLOWS, &reply);
        reply
    }

    #[track_caller]
    fn begun(client: &Client, reply: &Reply, session: Option<String>) -> Self {
        reply.expect(201);
        let token = reply.json()["token"].as_str().map(str::to_owned);
        Self {
            client: client.clone(),
            token: token.expect("the answer that begins a flow holds its token"),
            session,
        }
    }

    /// A flow whose token came from elsewhere.
    pub fn with_token(client: &Client, token: &str) -> Self {
        Self {
            client: client.clone(),
            token: token.to_owned(),
            session: None,
        }
    }

    /// The same flow, as somebody else shows its token.
    #[must_use]
    pub fn shown_by(&self, session: Option<&str>) -> Self {
        Self {
            session: session.map(str::to_owned),
            ..self.clone()
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
        let reply = (self.client).send(with_cookie(request, self.session.as_deref()));
        Document::of(&self.client).allows(method, path, &reply);
        reply
    }
}

fn with_cookie(request: Request, session: Option<&str>) -> Request {
    match session {
        Some(session) => request.header("cookie", session),
        None => request,
    }
}
