//! HTTP without opinions: a request goes out as it is written, and whatever
//! comes back is a [`Reply`].
//!
//! It follows no redirect and keeps no cookie; who wants that does it.

use std::time::Duration;

use serde_json::Value;
use ureq::Agent;
use ureq::http;

/// The longest that an answer may take. Reached only by a failure.
const PATIENCE: Duration = Duration::from_secs(30);

/// A request to be sent.
#[derive(Clone, Debug)]
pub struct Request {
    method: String,
    path: String,
    headers: Vec<(String, String)>,
    body: Option<Vec<u8>>,
}

impl Request {
    /// A request with neither headers nor body.
    pub fn new(method: &str, path: &str) -> Self {
        Self {
            method: method.to_owned(),
            path: path.to_owned(),
            headers: Vec::new(),
            body: None,
        }
    }

    /// With this header too.
    #[must_use]
    pub fn header(mut self, name: &str, value: &str) -> Self {
        self.headers.push((name.to_owned(), value.to_owned()));
        self
    }

    /// With a bearer token.
    #[must_use]
    pub fn bearer(self, token: &str) -> Self {
        self.header("authorization", &format!("Bearer {token}"))
    }

    /// With this body, whatever it is.
    #[must_use]
    pub fn body(mut self, kind: &str, body: impl Into<Vec<u8>>) -> Self {
        self.body = Some(body.into());
        self.header("content-type", kind)
    }

    /// Asks first whether the body is wanted, so that a server may refuse it
    /// unread; sent all the same, it would look like a connection that broke.
    #[must_use]
    pub fn asking_first(self) -> Self {
        self.header("expect", "100-continue")
    }

    /// With a JSON body.
    #[must_use]
    pub fn json(self, body: &Value) -> Self {
        self.body("application/json", body.to_string())
    }

    /// With the body of a form.
    #[must_use]
    pub fn form<K: AsRef<str>, V: AsRef<str>>(self, pairs: &[(K, V)]) -> Self {
        let mut body = form_urlencoded::Serializer::new(String::new());
        for (name, value) in pairs {
            body.append_pair(name.as_ref(), value.as_ref());
        }
        self.body("application/x-www-form-urlencoded", body.finish())
    }
}

/// What came back.
#[derive(Clone, Debug)]
pub struct Reply {
    /// The status.
    pub status: u16,
    /// Headers in their order, names in lower case.
    pub headers: Vec<(String, String)>,
    /// The body.
    pub body: String,
    /// What was asked, for the words of a failure.
    asked: String,
}

impl Reply {
    /// The first header of that name.
    pub fn header(&self, name: &str) -> Option<&str> {
        let mut named = self.headers.iter().filter(|(found, _)| found == name);
        named.next().map(|(_, value)| value.as_str())
    }

    /// Every header of that name.
    pub fn all_headers<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a str> {
        let named = self.headers.iter().filter(move |(found, _)| found == name);
        named.map(|(_, value)| value.as_str())
    }

    /// The body as JSON.
    ///
    /// # Panics
    /// When it is none.
    #[track_caller]
    pub fn json(&self) -> Value {
        serde_json::from_str(&self.body)
            .unwrap_or_else(|error| panic!("{} should answer JSON ({error}): {self:?}", self.asked))
    }

    /// Asserts the status.
    #[track_caller]
    pub fn expect(&self, status: u16) -> &Self {
        assert_eq!(
            self.status, status,
            "{} should answer {status}: {}",
            self.asked, self.body
        );
        self
    }

    /// Asserts that the flow goes on at `step`, and returns the view.
    #[track_caller]
    pub fn at(&self, step: &str) -> Value {
        assert!(
            matches!(self.status, 200 | 201),
            "{} should lead to the step {step}, and was answered with {}: {}",
            self.asked,
            self.status,
            self.body
        );
        let view = self.json();
        assert_eq!(
            view["step"]["name"], step,
            "{} should lead to the step {step}: {view}",
            self.asked
        );
        view
    }

    /// Asserts a problem with this status and code, and returns it.
    #[track_caller]
    pub fn problem(&self, status: u16, code: &str) -> Value {
        self.expect(status);
        assert_eq!(
            self.header("content-type"),
            Some("application/problem+json"),
            "{} should answer a problem in the form of RFC 9457",
            self.asked
        );
        let problem = self.json();
        assert_eq!(
            problem["code"], code,
            "{} should answer the problem {code}: {problem}",
            self.asked
        );
        assert_eq!(problem["status"], status, "the body repeats the status");
        problem
    }

    /// Asserts that exactly these fields need another look.
    #[track_caller]
    pub fn fields(&self, expected: &Value) {
        let problem = self.problem(422, "invalid-answers");
        assert_eq!(
            &problem["fields"], expected,
            "{} should name these fields and no others",
            self.asked
        );
    }
}

/// Sends requests to one server.
#[derive(Clone, Debug)]
pub struct Client {
    agent: Agent,
    base: String,
    /// What a proxy in front of the server says about this client.
    forwarded_for: Option<String>,
}

impl Client {
    /// A client of the server at `base`, such as `http://127.0.0.1:8080`.
    pub fn new(base: &str) -> Self {
        let config = Agent::config_builder()
            .http_status_as_error(false)
            .max_redirects(0)
            .max_redirects_will_error(false)
            .timeout_global(Some(PATIENCE))
            .timeout_await_100(Some(PATIENCE))
            // A connection that a server has closed after an answer looks good
            // until it is used again.
            .max_idle_connections(0)
            .build();
        Self {
            agent: config.new_agent(),
            base: base.to_owned(),
            forwarded_for: None,
        }
    }

    /// The same client at another address, as the server's proxy tells it; that
    /// proxy must be trusted.
    #[must_use]
    pub fn at_address(&self, address: &str) -> Self {
        Self {
            forwarded_for: Some(address.to_owned()),
            ..self.clone()
        }
    }

    /// Sends a request and reads the whole answer.
    ///
    /// # Panics
    /// When nothing comes back.
    #[track_caller]
    pub fn send(&self, request: Request) -> Reply {
        let asked = format!("{} {}", request.method, request.path);
        let mut builder = http::Request::builder()
            .method(request.method.as_str())
            .uri(format!("{}{}", self.base, request.path));
        if let Some(address) = &self.forwarded_for {
            builder = builder.header("x-forwarded-for", address);
        }
        for (name, value) in &request.headers {
            builder = builder.header(name, value);
        }
        let sent = match request.body {
            Some(body) => self.agent.run(builder.body(body).expect("a valid request")),
            None => self.agent.run(builder.body(()).expect("a valid request")),
        };
        let mut response =
            sent.unwrap_or_else(|error| panic!("{asked} got no answer at all: {error}"));
        let headers = response.headers().iter().map(|(name, value)| {
            let value = String::from_utf8_lossy(value.as_bytes());
            (name.as_str().to_owned(), value.into_owned())
        });
        let headers = headers.collect();
        let status = response.status().as_u16();
        let body = response.body_mut().read_to_string();
        Reply {
            status,
            headers,
            body: body.unwrap_or_else(|error| panic!("{asked}: the body broke off: {error}")),
            asked,
        }
    }

    /// `GET` without headers.
    #[track_caller]
    pub fn get(&self, path: &str) -> Reply {
        self.send(Request::new("GET", path))
    }
}
