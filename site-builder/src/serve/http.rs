//! As much of HTTP as a preview on one's own machine needs: GET and HEAD, one request a connection.

use std::io::{self, BufRead as _, BufReader, Read as _, Write as _};
use std::net::TcpStream;
use std::time::Duration;

use percent_encoding::percent_decode_str;

/// Longest head of a request that is read.
const LIMIT: u64 = 16 * 1024;

/// A request that can be answered.
pub(super) struct Request {
    /// The decoded path, with its leading slash.
    pub path: String,
    /// What follows `?`.
    pub query: String,
    /// Whether only the head of the answer is wanted.
    pub head: bool,
    /// Whether it was sent to this machine by a name of its own. Another site can have its name lead
    /// here (DNS rebinding), and would read what is not published yet.
    pub is_for_here: bool,
}

impl Request {
    /// Reads a request; none when it is no GET or HEAD, or takes too long.
    pub(super) fn read(stream: &mut TcpStream) -> Option<Self> {
        stream.set_read_timeout(Some(Duration::from_secs(5))).ok()?;
        stream
            .set_write_timeout(Some(Duration::from_secs(30)))
            .ok()?;
        let mut reader = BufReader::new(stream.take(LIMIT));
        let mut first = String::new();
        reader.read_line(&mut first).ok()?;
        let mut line = String::new();
        let mut is_for_here = true;
        while reader.read_line(&mut line).ok()? > 2 {
            if let Some((name, value)) = line.split_once(':')
                && name.eq_ignore_ascii_case("host")
            {
                is_for_here &= is_own_name(value.trim());
            }
            line.clear();
        }
        let mut words = first.split_whitespace();
        let (method, target) = (words.next()?, words.next()?);
        if !matches!(method, "GET" | "HEAD") {
            return None;
        }
        let (path, query) = target.split_once('?').unwrap_or((target, ""));
        Some(Self {
            path: percent_decode_str(path).decode_utf8_lossy().into_owned(),
            query: query.to_owned(),
            head: method == "HEAD",
            is_for_here,
        })
    }
}

/// Whether a `Host`, with its port or without, is a name that only this machine has.
fn is_own_name(host: &str) -> bool {
    let is_port = |port: &str| port.bytes().all(|byte| byte.is_ascii_digit());
    let name = match host.rsplit_once(':') {
        Some((name, port)) if is_port(port) => name,
        _ => host,
    };
    let name = name.to_ascii_lowercase();
    matches!(name.as_str(), "localhost" | "127.0.0.1" | "[::1]") || name.ends_with(".localhost")
}

/// An answer.
pub(super) struct Response {
    /// The status code.
    pub status: u16,
    /// The content type.
    pub kind: &'static str,
    /// The body.
    pub body: Vec<u8>,
    /// Where to go instead.
    pub location: Option<String>,
}

impl Response {
    /// Plain text.
    pub(super) fn text(body: String) -> Self {
        Self::whole("text/plain; charset=utf-8", body)
    }

    /// A page.
    pub(super) fn html(body: String) -> Self {
        Self::whole("text/html; charset=utf-8", body)
    }

    /// A file, with the content type of its name.
    pub(super) fn file(path: &str, text: &str) -> Self {
        Self::whole(kind(path), text.to_owned())
    }

    /// To whoever asks by a name that is not this machine's.
    pub(super) fn refusal() -> Self {
        Self {
            status: 403,
            ..Self::text("Open the preview at the address that it printed.".to_owned())
        }
    }

    fn whole(kind: &'static str, body: String) -> Self {
        Self {
            status: 200,
            kind,
            body: body.into_bytes(),
            location: None,
        }
    }

    /// Sends the browser to another path of this preview.
    pub(super) fn redirect(to: &str) -> Self {
        Self {
            status: 302,
            kind: "text/plain; charset=utf-8",
            body: Vec::new(),
            // The path was decoded; a line break in it must not become one in the answer.
            location: Some(to.replace(['\r', '\n'], "")),
        }
    }

    /// Writes the answer.
    pub(super) fn write(&self, stream: &mut TcpStream, head_only: bool) -> io::Result<()> {
        let reason = match self.status {
            200 => "OK",
            302 => "Found",
            403 => "Forbidden",
            500 => "Internal Server Error",
            _ => "Not Found",
        };
        let mut head = format!(
            "HTTP/1.1 {} {reason}\r\nContent-Type: {}\r\nContent-Length: {}\r\n\
             Cache-Control: no-store\r\nConnection: close\r\n",
            self.status,
            self.kind,
            self.body.len()
        );
        if let Some(location) = &self.location {
            head.push_str("Location: ");
            head.push_str(location);
            head.push_str("\r\n");
        }
        head.push_str("\r\n");
        stream.write_all(head.as_bytes())?;
        if !head_only {
            stream.write_all(&self.body)?;
        }
        stream.flush()
    }
}

/// The content type for a file's ending.
pub(super) fn kind(path: &str) -> &'static str {
    match path.rsplit_once('.').map_or("", |(_, ending)| ending) {
        "html" | "htm" => "text/html; charset=utf-8",
        "css" => "text/css; charset=utf-8",
        "js" | "mjs" => "text/javascript; charset=utf-8",
        "json" => "application/json",
        "xml" => "application/xml",
        "txt" => "text/plain; charset=utf-8",
        "wasm" => "application/wasm",
        "svg" => "image/svg+xml",
        "png" => "image/png",
        "jpg" | "jpeg" => "image/jpeg",
        "gif" => "image/gif",
        "webp" => "image/webp",
        "avif" => "image/avif",
        "ico" => "image/x-icon",
        "woff2" => "font/woff2",
        "pdf" => "application/pdf",
        _ => "application/octet-stream",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_names_that_lead_nowhere_else_are_own() {
        for host in [
            "localhost",
            "LOCALHOST:1111",
            "127.0.0.1:80",
            "[::1]:80",
            "help.localhost",
        ] {
            assert!(is_own_name(host), "{host}");
        }
        for host in [
            "",
            "evil.example",
            "127.0.0.1.evil.example:80",
            "localhost.evil.example",
            "notlocalhost",
            "localhost:80:evil",
        ] {
            assert!(!is_own_name(host), "{host}");
        }
    }
}
