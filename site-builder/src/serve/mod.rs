//! `serve`: a preview that follows the editor's changes.
//!
//! Owns the loop of watching and rebuilding, in memory only: a preview never touches the output
//! folder. Knows of a site only what stages 1 to 4 give, and of HTTP only what [`http`] offers.

mod http;
mod page;
mod watch;

use std::collections::BTreeMap;
use std::io::Write as _;
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::Duration;

use crate::config::Mode;
use crate::diagnostic::print::{self, Format};
use crate::diagnostic::{Finding, Findings, Place};
use crate::{BuildOptions, prepare};
use http::{Request, Response};
use watch::Watch;

/// How often the site's folder is looked at.
const EVERY: Duration = Duration::from_millis(250);
/// How long a browser's question for a newer version may wait for an answer.
const PATIENCE: Duration = Duration::from_secs(25);

/// The address that pages ask for the version at.
const VERSION: &str = "/__site-builder/version";

/// What is shown at the moment.
#[derive(Default)]
struct Shown {
    /// Counts the builds.
    version: u64,
    files: BTreeMap<String, Arc<[u8]>>,
    /// The errors of the last build, as a person reads them; empty when there are none.
    errors: String,
    /// Address prefixes that another program answers on the published site.
    served_elsewhere: Vec<String>,
}

#[derive(Default)]
struct Preview {
    shown: Mutex<Shown>,
    changed: Condvar,
}

/// Serves a preview on this machine until the process ends. Port 0 takes a free one. Returns only
/// when the port cannot be had.
pub(crate) fn serve(options: BuildOptions, port: u16) -> Finding {
    let listener = match TcpListener::bind(("127.0.0.1", port)) {
        Ok(listener) => listener,
        Err(error) => {
            let sentence = format!("The port {port} cannot be used: {error}.");
            return Finding::error("no-port", Place::file("--port"), sentence)
                .help("End the program that uses it, or pass another `--port`.");
        }
    };
    let options = BuildOptions {
        mode: Mode::Serve,
        // Links from the root work on whatever port this is.
        base_url: Some("/".to_owned()),
        ..options
    };
    let preview = Arc::new(Preview::default());
    let watch = Watch::new(&options);
    preview.rebuild(&options);
    let port = listener.local_addr().map_or(port, |address| address.port());
    say(&format!(
        "Preview at http://127.0.0.1:{port}/ (end with Ctrl-C)"
    ));
    let watched = Arc::clone(&preview);
    thread::spawn(move || follow(&watched, &options, watch));
    for stream in listener.incoming().flatten() {
        let preview = Arc::clone(&preview);
        thread::spawn(move || preview.answer(stream));
    }
    Finding::error("no-port", Place::file("--port"), "The preview has ended.")
}

fn follow(preview: &Preview, options: &BuildOptions, mut watch: Watch) {
    loop {
        thread::sleep(EVERY);
        if watch.changed() {
            preview.rebuild(options);
        }
    }
}

impl Preview {
    fn rebuild(&self, options: &BuildOptions) {
        let mut findings = Findings::default();
        let checked = prepare(options, &mut findings);
        let report = print::render(&findings, Format::Human);
        say(&format!("{report}Built: {}.", print::summary(&findings)));
        let mut shown = self.lock();
        shown.version += 1;
        shown.errors = if findings.has_errors() {
            report
        } else {
            String::new()
        };
        // Without settings there is nothing new to show; the last pages stay, under the errors.
        if let Some(checked) = checked {
            shown.files = checked.files;
            shown.served_elsewhere = checked.served_elsewhere;
        }
        drop(shown);
        self.changed.notify_all();
    }

    /// A panic in one answer must not end the preview, so a poisoned lock is taken as it is: what it
    /// guards is replaced whole.
    fn lock(&self) -> MutexGuard<'_, Shown> {
        self.shown.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn answer(&self, mut stream: TcpStream) {
        let Some(request) = Request::read(&mut stream) else {
            return;
        };
        let response = match request.path.as_str() {
            VERSION => Response::text(self.wait(&request.query)),
            _ => self.find(&request.path),
        };
        // The browser may have gone on to another page.
        let _ = response.write(&mut stream, request.head);
    }

    /// The version, as soon as it differs from the one that the browser has.
    fn wait(&self, has: &str) -> String {
        let shown = self.lock();
        let same = |shown: &mut Shown| shown.version.to_string() == has;
        let result = self.changed.wait_timeout_while(shown, PATIENCE, same);
        let (shown, _) = result.unwrap_or_else(PoisonError::into_inner);
        shown.version.to_string()
    }

    fn find(&self, path: &str) -> Response {
        let shown = self.lock();
        let mut elsewhere = shown.served_elsewhere.iter();
        if let Some(prefix) = elsewhere.find(|prefix| path.starts_with(prefix.as_str())) {
            return Response::html(page::elsewhere(prefix));
        }
        let path = path.trim_start_matches('/');
        if let Some(bytes) = shown.files.get(path) {
            return shown.respond(200, path, bytes);
        }
        let folder = path.trim_end_matches('/');
        let index = match folder {
            "" => "index.html".to_owned(),
            folder => format!("{folder}/index.html"),
        };
        match shown.files.get(&index) {
            Some(bytes) if path.is_empty() || path.ends_with('/') => {
                shown.respond(200, &index, bytes)
            }
            Some(_) => Response::redirect(&format!("/{folder}/")),
            None => match shown.files.get("404.html") {
                Some(bytes) => shown.respond(404, "404.html", bytes),
                None => shown.respond(404, "404.html", page::NOTHING.as_bytes()),
            },
        }
    }
}

impl Shown {
    fn respond(&self, status: u16, path: &str, bytes: &[u8]) -> Response {
        let kind = http::kind(path);
        let body = if kind.starts_with("text/html") {
            page::dress(bytes, VERSION, self.version, &self.errors)
        } else {
            bytes.to_owned()
        };
        Response {
            status,
            kind,
            body,
            location: None,
        }
    }
}

fn say(line: &str) {
    // Whoever started the preview may have closed the terminal.
    let _ = writeln!(std::io::stderr(), "{line}");
}
