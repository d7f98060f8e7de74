//! HTTP: the two hosts of a flow, the static site, and what operators ask.
//!
//! Only here are axum and status codes. Handlers read a request, call one use
//! case, and write the answer; they decide nothing.

mod account;
mod caller;
mod cookies;
mod cors;
mod elsewhere;
mod feedback;
mod forms;
#[cfg(feature = "fuzzing")]
pub mod fuzzing;
mod headers;
mod health;
mod inbox;
mod input;
mod json;
mod language;
mod load;
mod log;
mod openapi;
mod padding;
mod plain;
mod problem;
mod providers;
mod reports;
mod reset_link;
mod reveal;
mod server;
mod shell;
mod site;
mod staff;

use std::future::Future;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::http::{HeaderMap, Method, StatusCode};
use axum::middleware;
use axum::routing::{MethodRouter, get, post};
use protocol::{Locale, paths};
use tokio::net::TcpListener;
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::timeout::TimeoutLayer;

pub use shell::{Shell, ShellError};
pub use staff::{Who, pages as staff_pages};

use crate::app::App;
use crate::config::Load;
use crate::crypto::Digest;
use crate::limits::TrustedProxies;

/// The largest request body, in bytes. The longest answer that is not refused
/// for its length is a few kilobytes.
const MAX_BODY: usize = 64 * 1024;

/// Where the process is asked whether it answers.
const HEALTHZ: &str = "/healthz";
/// Where it is asked whether it can do its work.
const READYZ: &str = "/readyz";

/// How many connections those who watch the server may have.
const WATCHERS: usize = 32;

/// What handlers share.
pub struct Web {
    /// The use cases.
    pub app: Arc<App>,
    /// The page chrome around plain forms.
    pub shell: Shell,
    /// The folder of the static site, if this server serves it.
    pub site: Option<PathBuf>,
    /// The folder whose messages the demo inbox shows; nothing outside the demo.
    pub inbox: Option<PathBuf>,
    /// Whose word is taken for where a request comes from.
    pub proxies: TrustedProxies,
    /// The origins of other sites whose pages may run the widget.
    pub embed_origins: Vec<String>,
    /// How much is taken on at once.
    pub load: Load,
    /// At whole steps of this length an answer about a flow leaves; at once with none.
    pub padding: Duration,
}

impl Web {
    /// Whether people reach us over TLS; decides about cookies and HSTS.
    fn is_https(&self) -> bool {
        self.app.base_url.starts_with("https://")
    }

    /// The keyed hash of the session that the browser has.
    fn session(&self, headers: &HeaderMap) -> Option<Digest> {
        let session = cookies::session(headers, self.is_https())?;
        Some(self.app.session_key(&session))
    }
}

/// Answers on `listener` until `shutdown` is ready, and then ends what was begun.
pub async fn serve(
    listener: TcpListener,
    web: Arc<Web>,
    shutdown: impl Future<Output = ()> + Send + 'static,
) {
    let house = server::House {
        load: web.load,
        headers: headers::protecting(web.is_https()),
        metrics: Arc::clone(&web.app.metrics),
        router: router(web),
    };
    server::serve(listener, house, shutdown).await;
}

/// Tells whoever watches the server, on a listener of their own, which a crowd at
/// the other one cannot fill.
pub async fn serve_operations(
    listener: TcpListener,
    web: Arc<Web>,
    shutdown: impl Future<Output = ()> + Send + 'static,
) {
    let load = Load {
        connections: WATCHERS,
        ..web.load
    };
    let router = Router::new()
        .route(HEALTHZ, get(health::healthz))
        .route(READYZ, get(health::readyz))
        .route("/metrics", get(health::metrics))
        .with_state(web);
    let house = server::House {
        load,
        headers: headers::protecting(false),
        // What happens here is nobody's business there.
        metrics: Arc::default(),
        router,
    };
    server::serve(listener, house, shutdown).await;
}

/// What programs call. [`openapi`] describes each, and a test holds the two together.
fn calls() -> [(Method, &'static str, MethodRouter<Arc<Web>>); 11] {
    [
        (Method::POST, paths::FLOWS, post(json::begin)),
        (Method::GET, paths::FLOW, get(json::view)),
        (Method::POST, paths::ANSWERS, post(json::answers)),
        (Method::POST, paths::RESEND, post(json::resend)),
        (Method::POST, paths::BACK, post(json::back)),
        (Method::POST, paths::EXTEND, post(json::extend)),
        (Method::POST, paths::CONNECTIONS, post(providers::invite)),
        (Method::POST, paths::WITHDRAWAL, post(providers::withdraw)),
        (Method::GET, paths::OPENAPI, get(openapi::serve)),
        (Method::GET, HEALTHZ, get(health::healthz)),
        (Method::GET, READYZ, get(health::readyz)),
    ]
}

/// All routes with all layers.
fn router(web: Arc<Web>) -> Router {
    let mut router = Router::new();
    for locale in Locale::ALL {
        let at = |path| paths::in_language(locale, path);
        router = router
            .route(
                &at(paths::REVEAL_USERNAME),
                get(reveal::ask).post(reveal::show),
            )
            .route(
                &at(paths::RESET_LINK),
                get(reset_link::ask).post(reset_link::go_on),
            )
            .route(
                &at(paths::FEEDBACK),
                get(feedback::thank).post(feedback::give),
            )
            .route(&at(paths::ACCOUNT), get(account::show).post(account::press))
            .route(&at("/flows/{kind}"), get(plain::show).post(plain::post));
    }
    router = router.merge(staff::routes(&web));
    for (_, path, handler) in calls() {
        router = router.route(path, handler);
    }
    if web.app.reports.is_some() {
        let path = format!("{}{{job}}", paths::TWILIO_REPORTS);
        router = router.route(&path, post(reports::twilio));
    }
    if web.inbox.is_some() {
        router = router.route("/demo/inbox", get(inbox::inbox));
    }
    router
        .fallback(site::serve)
        .method_not_allowed_fallback(problem::method_not_allowed)
        .layer(DefaultBodyLimit::max(MAX_BODY))
        .layer(TimeoutLayer::with_status_code(
            StatusCode::SERVICE_UNAVAILABLE,
            web.load.request,
        ))
        .layer(middleware::from_fn_with_state(
            load::Gate::new(&web),
            load::admit,
        ))
        .layer(CatchPanicLayer::custom(problem::panicked))
        .layer(middleware::from_fn_with_state(
            Arc::clone(&web),
            problem::explain,
        ))
        .layer(middleware::from_fn_with_state(
            cors::layer(&web.embed_origins),
            cors::share,
        ))
        .layer(middleware::from_fn_with_state(
            Arc::clone(&web),
            headers::add,
        ))
        .layer(middleware::from_fn_with_state(
            Arc::clone(&web),
            log::requests,
        ))
        // Around all others: who only waits takes nobody's place at the gate, and
        // what is logged and counted is the work.
        .layer(middleware::from_fn_with_state(
            web.padding,
            padding::pad,
        ))
        .with_state(web)
}
