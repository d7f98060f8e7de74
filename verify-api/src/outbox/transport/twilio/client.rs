//! HTTP to Twilio: a form goes out, an answer comes back, and both have limits.
//!
//! It must not know what is asked, or what an answer means.

use std::time::Duration;

use data_encoding::BASE64;
use http_body_util::{BodyExt as _, Full, Limited};
use hyper::body::{Bytes, Incoming};
use hyper::header::{AUTHORIZATION, CONTENT_TYPE, HeaderValue, RETRY_AFTER};
use hyper::{HeaderMap, Request, Uri};
use hyper_rustls::{HttpsConnector, HttpsConnectorBuilder};
use hyper_util::client::legacy::Client as HttpClient;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::TokioExecutor;
use rustls::crypto::ring;
use tokio::time::timeout;
use zeroize::Zeroizing;

use crate::config::Login;

/// How long it may take to connect.
const CONNECTING: Duration = Duration::from_secs(10);
/// How long it may take from the beginning until the answer's status is there.
const PATIENCE: Duration = Duration::from_secs(30);
/// How long the rest of an answer may take. Together with the above it is less
/// than the worker's own patience: what was taken must not be tried again
/// because its answer dripped.
const REST: Duration = Duration::from_secs(5);
/// The most that is read of an answer, in bytes; Twilio's own have about one thousand.
const MAX_ANSWER: usize = 64 * 1024;

/// What came back.
pub(super) struct Answer {
    /// The HTTP status.
    pub(super) status: u16,
    /// How long we are asked to wait before the next try.
    pub(super) retry_after: Option<Duration>,
    /// The body; empty when it was too large or broke off.
    pub(super) body: Bytes,
}

/// Sends forms in the name of one user.
pub(super) struct Client {
    http: HttpClient<HttpsConnector<HttpConnector>, Full<Bytes>>,
    authorization: HeaderValue,
    pub(super) patience: Duration,
}

impl Client {
    /// A client that trusts the public certificate authorities. It speaks plain
    /// HTTP to `http://` addresses, of which the configuration allows those of
    /// this very machine.
    ///
    /// # Errors
    /// A sentence that says what cannot be used.
    pub(super) fn new(login: &Login) -> Result<Self, String> {
        let mut tcp = HttpConnector::new();
        tcp.set_connect_timeout(Some(CONNECTING));
        // Else it refuses the addresses that TLS is laid over.
        tcp.enforce_http(false);
        // Named, since a process with two providers has no default one.
        let tls = HttpsConnectorBuilder::new()
            .with_provider_and_webpki_roots(ring::default_provider())
            .map_err(|error| format!("TLS to Twilio cannot be prepared ({error})."))?;
        let connector = tls.https_or_http().enable_http1().wrap_connector(tcp);
        // A connection for each request: one that was kept may be closed by the
        // time it is used, and then nobody knows whether a message was taken.
        let http = HttpClient::builder(TokioExecutor::new())
            .pool_max_idle_per_host(0)
            .retry_canceled_requests(false)
            .build(connector);
        Ok(Self {
            http,
            authorization: basic(login)?,
            patience: PATIENCE,
        })
    }

    /// Posts a form. No redirect is followed: it would take a code elsewhere.
    ///
    /// # Errors
    /// Why no status came, for the log.
    pub(super) async fn post(&self, to: &Uri, form: String) -> Result<Answer, &'static str> {
        let mut request = Request::new(Full::new(Bytes::from(form)));
        *request.method_mut() = hyper::Method::POST;
        *request.uri_mut() = to.clone();
        let headers = request.headers_mut();
        headers.insert(AUTHORIZATION, self.authorization.clone());
        let kind = HeaderValue::from_static("application/x-www-form-urlencoded");
        headers.insert(CONTENT_TYPE, kind);
        let response = match timeout(self.patience, self.http.request(request)).await {
            Ok(Ok(response)) => response,
            Ok(Err(error)) if error.is_connect() => {
                return Err("Twilio cannot be reached; check twilio.base_url and the network");
            }
            Ok(Err(_)) => return Err("the connection to Twilio broke off without an answer"),
            Err(_) => return Err("Twilio did not answer in time"),
        };
        let (head, body) = response.into_parts();
        Ok(Answer {
            status: head.status.as_u16(),
            retry_after: retry_after(&head.headers),
            body: self.rest(body).await,
        })
    }

    /// The body. The status says what happened, so a body that does not come
    /// takes nothing back.
    async fn rest(&self, body: Incoming) -> Bytes {
        let whole = Limited::new(body, MAX_ANSWER).collect();
        match timeout(REST.min(self.patience), whole).await {
            Ok(Ok(whole)) => whole.to_bytes(),
            _ => Bytes::new(),
        }
    }
}

/// Who we are (RFC 7617).
fn basic(login: &Login) -> Result<HeaderValue, String> {
    let pair = Zeroizing::new(format!("{}:{}", login.user, login.password.as_str()));
    let value = Zeroizing::new(format!("Basic {}", BASE64.encode(pair.as_bytes())));
    let mut value = HeaderValue::try_from(value.as_str())
        .map_err(|_| "The credentials for Twilio cannot be sent.".to_owned())?;
    value.set_sensitive(true);
    Ok(value)
}

/// Seconds to wait (RFC 9110 §10.2.3). A date is not read: the two clocks differ.
fn retry_after(headers: &HeaderMap) -> Option<Duration> {
    let seconds = headers.get(RETRY_AFTER)?.to_str().ok()?.trim();
    seconds.parse().ok().map(Duration::from_secs)
}
