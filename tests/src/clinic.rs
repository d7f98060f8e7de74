//! A clinic's own web site: the page of `docs/embed/`, on another origin than the help
//! center, under the content policy that README.md gives.
//!
//! It must not know how the widget works.

use std::net::SocketAddr;
use std::sync::{Arc, OnceLock};

use axum::Router;
use axum::extract::{Path, State};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use axum::routing::get;
use protocol::{FlowKind, Locale, paths};
use tokio::net::TcpListener;

use crate::{Stack, runtime};

/// The page, as a clinic copies it.
const ENGLISH: &str = include_str!("../../docs/embed/index.html");
const SPANISH: &str = include_str!("../../docs/embed/es.html");
/// How the line of README.md begins in which the policy stands.
const POLICY: &str = "Content-Security-Policy: ";
/// How both of them name the help center.
const HELP: &str = "https://help.example.org";
/// What the clinic's other pages look like.
const HOSTILE: &str = include_str!("clinic/hostile.css");

/// A page of the same measure that styles nothing.
const PLAIN: &str = "body { margin: 0 } #content { width: 90%; margin: 0 auto }";

/// The running site.
pub struct Clinic {
    address: SocketAddr,
    help: Arc<OnceLock<String>>,
}

impl Clinic {
    /// Starts the site on a free port. Its pages need [`Clinic::shows`].
    pub fn start() -> Self {
        let help = Arc::<OnceLock<String>>::default();
        let router = Router::new()
            .route("/clinic.css", get(async || css(HOSTILE)))
            // A browser asks for it by itself, and complains where there is none.
            .route("/favicon.ico", get(async || StatusCode::NO_CONTENT))
            .route("/plain.css", get(async || css(PLAIN)))
            .route("/{style}/{language}/{flow}", get(page))
            .with_state(Arc::clone(&help));
        let address = runtime().block_on(async {
            let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
            let address = listener.local_addr().expect("it has an address");
            runtime().spawn(async move { axum::serve(listener, router).await });
            address
        });
        Self { address, help }
    }

    /// The site's origin.
    pub fn origin(&self) -> String {
        format!("http://{}", self.address)
    }

    /// Its pages show the flows of this help center.
    ///
    /// # Panics
    /// When they show those of another one already.
    pub fn shows(&self, stack: &Stack) {
        let set = self.help.set(stack.base().to_owned());
        set.expect("a clinic should have one help center");
    }

    /// The path of its page with a flow, in the style of its other pages.
    pub fn path(locale: Locale, kind: FlowKind) -> String {
        format!("/clinic/{}/{}", locale.as_str(), kind.as_str())
    }

    /// The element of the page in a language, as a clinic copies it.
    pub fn element(locale: Locale) -> &'static str {
        around_element(page_in(locale)).1
    }

    /// The path of an unstyled page with two flows, one below the other, each in its language.
    pub fn with_two([first, second]: [(Locale, FlowKind); 2]) -> String {
        let languages = [first.0, second.0].map(Locale::as_str).join("+");
        let kinds = [first.1, second.1].map(FlowKind::as_str).join("+");
        format!("/plain/{languages}/{kinds}")
    }

    /// The path of the same page without a style of its own.
    pub fn unstyled(locale: Locale, kind: FlowKind) -> String {
        format!("/plain/{}/{}", locale.as_str(), kind.as_str())
    }
}

/// The policy of README.md.
fn policy() -> String {
    let readme = std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/../README.md"));
    let readme = readme.expect("README.md is read");
    let found = readme.lines().find_map(|line| line.strip_prefix(POLICY));
    let found = found.expect("README.md should give the content policy of a page with the widget");
    found.to_owned()
}

async fn page(
    State(help): State<Arc<OnceLock<String>>>,
    Path((style, languages, flows)): Path<(String, String, String)>,
) -> Response {
    let locales = languages.split('+').map(Locale::for_tag);
    let flows = locales.zip(flows.split('+'));
    let flows: Option<Vec<_>> = flows
        .map(|(locale, kind)| Some((locale, FlowKind::from_name(kind)?)))
        .collect();
    let (Some(help), Some(flows)) = (help.get(), flows) else {
        return StatusCode::NOT_FOUND.into_response();
    };
    let page = with_flows(&flows)
        .replace("/clinic.css", &format!("/{style}.css"))
        .replace(HELP, help);
    let headers = [
        (header::CONTENT_TYPE, "text/html; charset=utf-8".to_owned()),
        (
            header::CONTENT_SECURITY_POLICY,
            policy().replace(HELP, help),
        ),
    ];
    (headers, page).into_response()
}

fn page_in(locale: Locale) -> &'static str {
    match locale {
        Locale::En => ENGLISH,
        Locale::Es => SPANISH,
    }
}

/// The page of the first one's language, with an element for each of these flows.
fn with_flows(flows: &[(Locale, FlowKind)]) -> String {
    let (before, _, after) = around_element(page_in(flows[0].0));
    let of_page = FlowKind::PasswordReset;
    let elements = flows.iter().map(|(locale, kind)| {
        let (path, flow) = (paths::plain(*kind, *locale), kind.as_str());
        around_element(page_in(*locale))
            .1
            .replace(&paths::plain(of_page, *locale), &path)
            .replace(
                &format!("flow=\"{}\"", of_page.as_str()),
                &format!("flow=\"{flow}\""),
            )
    });
    let elements: String = elements.collect();
    [before, &elements, after].concat()
}

/// What stands before the element of a page, the element, and what stands behind it.
fn around_element(page: &str) -> (&str, &str, &str) {
    const END: &str = "</verify-widget>\n";
    let begin = page.find("<verify-widget").expect("a page with the widget");
    let end = page.find(END).expect("its end") + END.len();
    (&page[..begin], &page[begin..end], &page[end..])
}

fn css(text: &'static str) -> Response {
    ([(header::CONTENT_TYPE, "text/css")], text).into_response()
}
