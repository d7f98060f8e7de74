//! A phone provider: it asks for what Twilio asks for, keeps what it is given,
//! and reports as Twilio does, with a signature.
//!
//! It is put together from Twilio's documentation and knows nothing of the
//! product.

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex, PoisonError};

use axum::Router;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode, Uri};
use data_encoding::BASE64;
use hmac::{Hmac, KeyInit as _, Mac as _};
use serde_json::json;
use sha1::Sha1;
use tokio::net::TcpListener;

use crate::{Client, Reply, Request, runtime, wait_for};

const ACCOUNT: &str = "AC0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a";
const AUTH_TOKEN: &str = "0f3a5c7e9b1d2f4a6c8e0b1d3f5a7c9e";
const FROM: &str = "+12075550100";

/// A text or call that was posted.
#[derive(Clone, Debug)]
pub struct Posted {
    /// `Messages` or `Calls`.
    pub resource: String,
    /// The fields of its form.
    pub form: BTreeMap<String, String>,
}

impl Posted {
    /// A field, empty if it is not there.
    pub fn field(&self, name: &str) -> &str {
        self.form.get(name).map(String::as_str).unwrap_or_default()
    }

    /// The code that a text is bound to.
    pub fn code(&self) -> Option<&str> {
        let last = self.field("Body").lines().last()?;
        last.split_once(" #").map(|(_, code)| code)
    }
}

#[derive(Default)]
struct Kept {
    posted: Vec<Posted>,
    /// How many of them were asked about.
    read: usize,
    /// How many are taken and then answered as if not.
    confused: usize,
}

type Shared = Arc<Mutex<Kept>>;

/// The running provider.
#[derive(Clone)]
pub struct Twilio {
    address: SocketAddr,
    kept: Shared,
}

impl Twilio {
    /// Starts a provider on a free port.
    pub fn start() -> Self {
        let kept = Shared::default();
        let router = Router::new().fallback(take).with_state(Arc::clone(&kept));
        let address = runtime().block_on(async {
            let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
            let address = listener.local_addr().expect("it has an address");
            runtime().spawn(async move { axum::serve(listener, router).await });
            address
        });
        Self { address, kept }
    }

    /// What an operator sets to use it.
    pub(crate) fn settings(&self) -> [(&'static str, String); 5] {
        [
            ("delivery.phone", "twilio".to_owned()),
            ("twilio.base_url", format!("http://{}", self.address)),
            ("twilio.account_sid", ACCOUNT.to_owned()),
            ("twilio.auth_token", AUTH_TOKEN.to_owned()),
            ("twilio.from", FROM.to_owned()),
        ]
    }

    /// Takes the next `count` messages, and then has a fault before it says so.
    pub fn confuse(&self, count: usize) {
        lock(&self.kept).confused = count;
    }

    /// Waits for the next text or call.
    pub fn next(&self) -> Posted {
        wait_for("a text or call", || {
            let mut kept = lock(&self.kept);
            let next = kept.posted.get(kept.read).cloned()?;
            kept.read += 1;
            Some(next)
        })
    }

    /// Reports about a message that was posted, as it was asked to; `signed` is
    /// what it signs, which is the same unless the test forges.
    pub fn report(
        &self,
        to: &Client,
        url: &str,
        form: &[(&str, &str)],
        signed: &[(&str, &str)],
    ) -> Reply {
        to.send(Self::signed(url, form, signed))
    }

    /// What it would post as such a report.
    pub fn signed(url: &str, form: &[(&str, &str)], signed: &[(&str, &str)]) -> Request {
        let (_, path) = url.split_once("://").expect("an address");
        let path = &path[path.find('/').expect("an address with a path")..];
        let mut pairs = signed.to_vec();
        pairs.sort_unstable();
        let mut mac = Hmac::<Sha1>::new_from_slice(AUTH_TOKEN.as_bytes()).expect("any key will do");
        mac.update(url.as_bytes());
        for (name, value) in pairs {
            mac.update(format!("{name}{value}").as_bytes());
        }
        let signature = BASE64.encode(&mac.finalize().into_bytes());
        let request = Request::new("POST", path).form(form);
        request.header("x-twilio-signature", &signature)
    }
}

fn lock(kept: &Shared) -> std::sync::MutexGuard<'_, Kept> {
    kept.lock().unwrap_or_else(PoisonError::into_inner)
}

async fn take(
    State(kept): State<Shared>,
    uri: Uri,
    headers: HeaderMap,
    body: Bytes,
) -> (StatusCode, String) {
    let refuse = |status: StatusCode, code: u32| {
        let said = json!({"code": code, "message": "refused", "status": status.as_u16()});
        (status, said.to_string())
    };
    let header = |name| headers.get(name).and_then(|value| value.to_str().ok());
    let basic = BASE64.encode(format!("{ACCOUNT}:{AUTH_TOKEN}").as_bytes());
    if header("authorization") != Some(&format!("Basic {basic}")) {
        return refuse(StatusCode::UNAUTHORIZED, 20003);
    }
    let account = format!("/2010-04-01/Accounts/{ACCOUNT}/");
    let resource = uri.path().strip_prefix(account.as_str());
    let resource = resource.and_then(|rest| rest.strip_suffix(".json"));
    let Some(resource @ ("Messages" | "Calls")) = resource else {
        return refuse(StatusCode::NOT_FOUND, 20404);
    };
    if header("content-type") != Some("application/x-www-form-urlencoded") {
        return refuse(StatusCode::UNSUPPORTED_MEDIA_TYPE, 20415);
    }
    let posted = Posted {
        resource: resource.to_owned(),
        form: form_urlencoded::parse(&body).into_owned().collect(),
    };
    if !is_e164(posted.field("To")) {
        return refuse(StatusCode::BAD_REQUEST, 21211);
    }
    if posted.field("From") != FROM {
        return refuse(StatusCode::BAD_REQUEST, 21606);
    }
    let needed = if resource == "Calls" { "Twiml" } else { "Body" };
    if posted.field(needed).is_empty() {
        return refuse(StatusCode::BAD_REQUEST, 21602);
    }
    let mut kept = lock(&kept);
    kept.posted.push(posted);
    if kept.confused > 0 {
        kept.confused -= 1;
        return refuse(StatusCode::SERVICE_UNAVAILABLE, 20503);
    }
    let kind = if resource == "Calls" { "CA" } else { "SM" };
    let sid = format!("{kind}{:032x}", kept.posted.len());
    (
        StatusCode::CREATED,
        json!({"sid": sid, "status": "queued", "error_code": null}).to_string(),
    )
}

fn is_e164(text: &str) -> bool {
    let digits = text.strip_prefix('+').unwrap_or_default();
    (8..=15).contains(&digits.len()) && digits.bytes().all(|byte| byte.is_ascii_digit())
}
