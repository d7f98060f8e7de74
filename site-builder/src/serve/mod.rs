//! `serve`: a preview that follows the editor's changes.
//!
//! Owns the loop of watching and rebuilding, in memory only: a preview never touches the output
//! folder. Knows of a site only what stages 1 to 4 give, and of HTTP only what [`http`] offers.

mod http;
mod page;
mod watch;

use std::collections::{BTreeMap, BTreeSet};
use std::io::Write as _;
use std::net::{TcpListener, TcpStream};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::absolute;
use std::process;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::Duration;

use percent_encoding::percent_decode_str;

use crate::BuildOptions;
use crate::check::Checked;
use crate::config::Mode;
use crate::diagnostic::print::{self, Format};
use crate::diagnostic::{Finding, Findings, Place, Severity};
use crate::graph::{Changed, Graph};
use crate::progress::Line;
use http::{Request, Response};
use watch::Watch;

/// How long a browser's question for a newer version may wait for an answer.
const PATIENCE: Duration = Duration::from_secs(25);

/// How long after a change the site is looked over: the browser comes first.
const PAUSE: Duration = Duration::from_millis(100);

/// The address that pages ask for the version at.
const VERSION: &str = "/__site-builder/version";
/// The address that pages ask for the findings at.
const FINDINGS: &str = "/__site-builder/findings";

/// What is shown at the moment.
#[derive(Default)]
struct Shown {
    /// Counts the changes of files, after which pages load anew.
    version: u64,
    /// Counts how often the site was looked over, after which pages ask for the findings.
    looked: u64,
    files: BTreeMap<String, Arc<[u8]>>,
    findings: Findings,
    /// The content file behind each page's file.
    sources: BTreeMap<String, String>,
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
        root: absolute(&options.root).unwrap_or(options.root),
        ..options
    };
    let preview = Arc::new(Preview::default());
    let watch = Watch::new(&options.root, &options.static_dirs);
    let line = Line::show();
    let mut graph = Graph::new(options);
    drop(line);
    preview.show(&mut graph);
    let port = listener.local_addr().map_or(port, |address| address.port());
    say(&format!(
        "Preview at http://127.0.0.1:{port}/ (end with Ctrl-C)"
    ));
    let watched = Arc::clone(&preview);
    thread::spawn(move || {
        let follow = AssertUnwindSafe(|| follow(&watched, graph, watch));
        if catch_unwind(follow).is_err() {
            watched.stop();
        }
    });
    for stream in listener.incoming().flatten() {
        let preview = Arc::clone(&preview);
        // Where no thread is to be had, the browser asks again.
        let _ = thread::Builder::new().spawn(move || preview.answer(stream));
    }
    Finding::error("no-port", Place::file("--port"), "The preview has ended.")
}

/// Follows changes. A page is on screen as soon as it is rendered. Looking over the whole site takes
/// longer, so that waits until no more changes come, and what is found follows.
fn follow(preview: &Preview, mut graph: Graph, mut watch: Watch) {
    watch.also(graph.reads());
    let mut is_looked_over = true;
    loop {
        let Some(files) = watch.wait((!is_looked_over).then_some(PAUSE)) else {
            preview.show(&mut graph);
            watch.also(graph.reads());
            is_looked_over = true;
            continue;
        };
        if let Some(changed) = graph.edit(&files) {
            if !changed.is_empty() {
                preview.put(changed);
                is_looked_over = false;
            }
        } else {
            let line = Line::show();
            graph.build();
            drop(line);
            watch.also(graph.reads());
            preview.show(&mut graph);
            is_looked_over = true;
        }
    }
}

impl Preview {
    /// Shows other bytes for some files.
    fn put(&self, changed: Changed) {
        let mut shown = self.lock();
        shown.files.extend(changed);
        shown.version += 1;
        drop(shown);
        self.changed.notify_all();
    }

    /// Looks the site over, and shows it with what is found.
    fn show(&self, graph: &mut Graph) {
        let line = Line::show();
        let (checked, findings) = graph.check();
        drop(line);
        let mut shown = self.lock();
        // What was told before scrolls away what is new.
        let mut new = Findings::default();
        let known: BTreeSet<_> = shown.findings.iter().collect();
        new.extend(findings.iter().filter(|it| !known.contains(it)).cloned());
        let report = print::render(&new, Format::Human);
        let said = format!("{report}Built: {}.", print::summary(&findings));
        shown.findings = findings;
        shown.looked += 1;
        // Without settings there is nothing new to show; the last pages stay, under the errors.
        if let Some(Checked {
            files,
            served_elsewhere,
            ..
        }) = checked
        {
            shown.version += u64::from(files != shown.files);
            shown.files = files;
            shown.served_elsewhere = served_elsewhere;
            shown.sources = graph.sources();
        }
        drop(shown);
        self.changed.notify_all();
        say(&said);
    }

    /// Says that changes are not followed any more.
    fn stop(&self) {
        let sentence = "The preview has stopped following your changes.";
        let finding = Finding::error("stopped", Place::file("serve"), sentence)
            .help("End it with Ctrl-C in its window, and start it again.");
        let mut shown = self.lock();
        shown.findings.push(finding);
        shown.looked += 1;
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
            _ if !request.is_for_here => Response::refusal(),
            VERSION => Response::text(self.wait(&request.query)),
            FINDINGS => {
                let page = percent_decode_str(&request.query).decode_utf8_lossy();
                Response::html(self.lock().findings(&file_at(&page)))
            }
            path if path == page::SCRIPT.0 => Response::file(path, page::SCRIPT.1),
            path if path == page::STYLE.0 => Response::file(path, page::STYLE.1),
            path => self.find(path),
        };
        // The browser may have gone on to another page.
        let _ = response.write(&mut stream, request.head);
    }

    /// The version, as soon as it differs from the one that the browser has.
    fn wait(&self, has: &str) -> String {
        let shown = self.lock();
        let same = |shown: &mut Shown| shown.state() == has;
        let result = self.changed.wait_timeout_while(shown, PATIENCE, same);
        let (shown, _) = result.unwrap_or_else(PoisonError::into_inner);
        shown.state()
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
        let index = file_at(path);
        let folder = path.trim_end_matches('/');
        match shown.files.get(&index) {
            Some(bytes) if path.is_empty() || path.ends_with('/') => {
                shown.respond(200, &index, bytes)
            }
            Some(_) => Response::redirect(&format!("/{folder}/")),
            None => match (shown.sources.get(&index), shown.files.get("404.html")) {
                (Some(source), _) => shown.respond(500, &index, page::broken(source).as_bytes()),
                (None, Some(bytes)) => shown.respond(404, "404.html", bytes),
                (None, None) => shown.respond(404, "404.html", page::NOTHING.as_bytes()),
            },
        }
    }
}

impl Shown {
    /// What a browser has: which files, and which findings about them. A preview that was started
    /// again counts from the beginning, and must not be taken for the one before.
    fn state(&self) -> String {
        format!("{}-{}.{}", process::id(), self.version, self.looked)
    }

    /// What was found, for the page whose file this is.
    fn findings(&self, path: &str) -> String {
        let errors = self.findings.iter();
        let errors: Vec<_> = errors.filter(|it| it.severity == Severity::Error).collect();
        let source = self.sources.get(path);
        let of_page = self.findings.iter();
        let of_page: Vec<_> = of_page
            .filter(|it| source.is_some_and(|source| *source == it.place.file))
            .collect();
        page::findings(&errors, &of_page)
    }

    fn respond(&self, status: u16, path: &str, bytes: &[u8]) -> Response {
        let kind = http::kind(path);
        let body = if kind.starts_with("text/html") {
            page::dress(bytes, &self.state(), &self.findings(path))
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

/// The file that an address with a slash at its end leads to.
fn file_at(path: &str) -> String {
    match path.trim_matches('/') {
        "" => "index.html".to_owned(),
        folder => format!("{folder}/index.html"),
    }
}

fn say(line: &str) {
    // Whoever started the preview may have closed the terminal.
    let _ = writeln!(std::io::stderr(), "{line}");
}
