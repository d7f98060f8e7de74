//! A server on this machine that answers as a test says, and remembers what it was asked.

use std::io::{BufRead as _, BufReader, Write as _};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::{Duration, Instant};

/// What to do with a request.
pub(super) enum Reply {
    /// Send this and close.
    Text(String),
    /// Send this, and then nothing more.
    Hang(String),
}

impl Reply {
    /// A status line with further headers, and a body.
    pub(super) fn new(head: &str, body: &str) -> Self {
        let length = body.len();
        Self::Text(format!(
            "HTTP/1.1 {head}\r\nContent-Length: {length}\r\nConnection: close\r\n\r\n{body}"
        ))
    }

    /// A page.
    pub(super) fn html(body: &str) -> Self {
        Self::new("200 OK\r\nContent-Type: text/html", body)
    }
}

/// A request.
#[derive(Debug, Clone)]
pub(super) struct Asked {
    /// Such as `HEAD /a`.
    pub(super) line: String,
    /// Its headers.
    pub(super) headers: String,
    /// When it came, and when its answer was sent.
    pub(super) at: (Instant, Instant),
}

/// The server.
pub(super) struct Server {
    /// Its address, without a slash at the end.
    pub(super) url: String,
    asked: Arc<Mutex<Vec<Asked>>>,
}

impl Server {
    /// One that answers a method and a path; the number says which request for it this is, from 0.
    pub(super) fn start(
        answer: impl Fn(&str, &str, usize) -> Reply + Send + Sync + 'static,
    ) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
        let port = listener.local_addr().expect("its address").port();
        let asked = Arc::new(Mutex::new(Vec::new()));
        let answer = Arc::new(answer);
        let log = Arc::clone(&asked);
        thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let (log, answer) = (Arc::clone(&log), Arc::clone(&answer));
                thread::spawn(move || serve(stream, &*answer, &log));
            }
        });
        Self {
            url: format!("http://127.0.0.1:{port}"),
            asked,
        }
    }

    /// What it was asked, in order.
    pub(super) fn asked(&self) -> Vec<Asked> {
        self.asked.lock().expect("the log").clone()
    }

    /// The first lines of what it was asked, in order.
    pub(super) fn lines(&self) -> Vec<String> {
        self.asked().into_iter().map(|asked| asked.line).collect()
    }
}

fn serve(
    mut stream: TcpStream,
    answer: &dyn Fn(&str, &str, usize) -> Reply,
    log: &Mutex<Vec<Asked>>,
) {
    let began = Instant::now();
    let mut head = String::new();
    let mut reader = BufReader::new(stream.try_clone().expect("a second handle"));
    while !head.ends_with("\r\n\r\n") {
        if reader.read_line(&mut head).unwrap_or(0) == 0 {
            return;
        }
    }
    let (first, headers) = head.split_once("\r\n").expect("a request");
    let mut words = first.split(' ');
    let (method, path) = (
        words.next().expect("a method"),
        words.next().expect("a path"),
    );
    let line = format!("{method} {path}");
    let at = {
        let mut log = log.lock().expect("the log");
        log.push(Asked {
            line: line.clone(),
            headers: headers.to_owned(),
            at: (began, began),
        });
        log.len() - 1
    };
    let earlier = {
        let log = log.lock().expect("the log");
        log[..at].iter().filter(|asked| asked.line == line).count()
    };
    match answer(method, path, earlier) {
        Reply::Text(text) => {
            let text = match method {
                "HEAD" => text.split_inclusive("\r\n\r\n").next().unwrap_or(&text),
                _ => &text,
            };
            // Whoever asked may have read enough.
            let _ = stream.write_all(text.as_bytes());
        }
        Reply::Hang(text) => {
            let _ = stream.write_all(text.as_bytes());
            thread::sleep(Duration::from_secs(20));
        }
    }
    log.lock().expect("the log")[at].at.1 = Instant::now();
}
