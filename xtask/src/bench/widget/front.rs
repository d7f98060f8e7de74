//! What stands before the server in production: a proxy that compresses.
//!
//! It also serves the yardstick, which is the page of the flow with another script in the
//! place of the widget's, so that this comes by the same way. It takes one request a
//! connection: what a connection costs is not part of the line that is played.

use std::collections::HashMap;
use std::io::{self, BufRead as _, BufReader, Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;

use super::brotli;
use crate::failure::{During, Failure, Result};

/// The page of a flow, its loader, and where they are the yardstick's.
pub(super) const FLOW: &str = "/reset-password/";
const LOADER: &str = "/widget/verify-widget.js";
pub(super) const YARDSTICK: &str = "/yardstick/";
const PRESS: &str = "/yardstick/press.js";
/// The yardstick's scripts: address and content.
const SCRIPTS: [(&str, &str); 2] = [
    (PRESS, include_str!("yardstick/press.js")),
    ("/yardstick/form.js", include_str!("yardstick/form.js")),
];
/// What a server compresses beforehand, once for everybody, and what for each answer.
const BEFOREHAND: u32 = 11;
const ON_THE_WAY: u32 = 5;
/// Headers that are handed on to the browser.
const HANDED_BACK: [&str; 4] = [
    "content-type",
    "cache-control",
    "content-security-policy",
    "location",
];

/// The running proxy. It ends with the process.
pub(super) struct Front {
    /// Where it listens, without a slash at the end.
    pub(super) base_url: String,
}

struct Shared {
    server: String,
    agent: ureq::Agent,
    /// What was compressed beforehand, by what it was.
    compressed: Mutex<HashMap<Vec<u8>, Vec<u8>>>,
}

/// A request, as far as anybody looks at it.
#[derive(Clone)]
struct Asked {
    method: String,
    path: String,
    headers: Vec<(String, String)>,
    body: Vec<u8>,
}

/// An answer, before it is compressed.
struct Answer {
    status: u16,
    headers: Vec<(&'static str, String)>,
    body: Vec<u8>,
}

impl Front {
    /// Stands before the server at this address.
    pub(super) fn of(server: &str) -> Result<Self> {
        let listener = TcpListener::bind(("127.0.0.1", 0)).during("find a free port")?;
        let address = listener.local_addr().during("find a free port")?;
        let agent = ureq::Agent::config_builder()
            .http_status_as_error(false)
            .max_redirects(0)
            .build();
        let shared = Arc::new(Shared {
            server: server.to_owned(),
            agent: agent.into(),
            compressed: Mutex::default(),
        });
        thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let shared = Arc::clone(&shared);
                // A browser that goes away needs no answer.
                thread::spawn(move || drop(shared.serve(&stream)));
            }
        });
        let base_url = format!("http://{address}");
        Ok(Self { base_url })
    }
}

impl Shared {
    fn serve(&self, mut stream: &TcpStream) -> io::Result<()> {
        let Some(asked) = read(stream)? else {
            return Ok(());
        };
        let script = SCRIPTS.iter().find(|(path, _)| *path == asked.path);
        let answer = match script {
            Some((_, content)) => Answer {
                status: 200,
                headers: vec![("content-type", "text/javascript".to_owned())],
                body: content.as_bytes().to_vec(),
            },
            None if asked.path == YARDSTICK => self.yardstick(&asked).map_err(io::Error::other)?,
            None => self.hand_on(&asked).map_err(io::Error::other)?,
        };
        let body = self.compressed(&asked.method, answer.body)?;
        write!(stream, "HTTP/1.1 {} \r\n", answer.status)?;
        for (name, value) in answer.headers {
            write!(stream, "{name}: {value}\r\n")?;
        }
        let length = body.len();
        write!(
            stream,
            "content-encoding: br\r\ncontent-length: {length}\r\nconnection: close\r\n\r\n"
        )?;
        stream.write_all(&body)
    }

    /// The page of the flow, with the yardstick's script.
    fn yardstick(&self, asked: &Asked) -> Result<Answer> {
        let mut answer = self.hand_on(&Asked {
            path: FLOW.to_owned(),
            ..asked.clone()
        })?;
        let page = String::from_utf8_lossy(&answer.body);
        if !page.contains(LOADER) {
            return Err(Failure::new(format!("{FLOW} has no {LOADER}")));
        }
        answer.body = page.replace(LOADER, PRESS).into_bytes();
        Ok(answer)
    }

    fn hand_on(&self, asked: &Asked) -> Result<Answer> {
        let mut request = ureq::http::Request::builder()
            .method(&*asked.method)
            .uri(format!("{}{}", self.server, asked.path));
        for (name, value) in &asked.headers {
            let is_of_connection = ["connection", "content-length", "accept-encoding"];
            if !is_of_connection.contains(&&**name) {
                request = request.header(name, value);
            }
        }
        let request = request
            .body(asked.body.clone())
            .during("hand a request on")?;
        let mut response = self.agent.run(request).during("hand a request on")?;
        let headers = HANDED_BACK.into_iter().filter_map(|name| {
            let value = response.headers().get(name)?.to_str().ok()?;
            Some((name, value.to_owned()))
        });
        Ok(Answer {
            status: response.status().as_u16(),
            headers: headers.collect(),
            body: response.body_mut().read_to_vec().during("read an answer")?,
        })
    }

    fn compressed(&self, method: &str, body: Vec<u8>) -> io::Result<Vec<u8>> {
        let compress = |quality| brotli(&body, quality).map_err(io::Error::other);
        if method != "GET" {
            return compress(ON_THE_WAY);
        }
        let mut compressed = self
            .compressed
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        if let Some(known) = compressed.get(&body) {
            return Ok(known.clone());
        }
        let new = compress(BEFOREHAND)?;
        compressed.insert(body, new.clone());
        Ok(new)
    }
}

/// Reads a request; nothing where the browser has closed without one.
fn read(stream: &TcpStream) -> io::Result<Option<Asked>> {
    let mut reader = BufReader::new(stream);
    let mut lines = reader.by_ref().lines().take_while(|line| {
        let is_end = line.as_ref().is_ok_and(String::is_empty);
        !is_end
    });
    let Some(first) = lines.next().transpose()? else {
        return Ok(None);
    };
    let mut headers = Vec::new();
    for line in lines {
        if let Some((name, value)) = line?.split_once(':') {
            headers.push((name.to_ascii_lowercase(), value.trim().to_owned()));
        }
    }
    let length = headers.iter().find(|(name, _)| name == "content-length");
    let length = length.and_then(|(_, value)| value.parse().ok());
    let mut body = vec![0; length.unwrap_or_default()];
    reader.read_exact(&mut body)?;
    let mut words = first.split(' ').map(str::to_owned);
    Ok(Some(Asked {
        method: words.next().unwrap_or_default(),
        path: words.next().unwrap_or_default(),
        headers,
        body,
    }))
}
