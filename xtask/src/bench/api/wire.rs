//! A client that costs next to nothing, since it shares the machine with the
//! server that is measured: one connection, and no more of HTTP and JSON than the
//! API's own answers need.

use std::io::{BufRead as _, BufReader, Error, ErrorKind, Read as _, Result, Write as _};
use std::net::{SocketAddr, TcpStream};
use std::time::Duration;

/// Longer than the server lets a request take.
const PATIENCE: Duration = Duration::from_secs(45);

/// A connection that is kept, and the answer that came last.
pub(super) struct Wire {
    address: SocketAddr,
    stream: Option<BufReader<TcpStream>>,
    /// The body of the answer.
    pub(super) body: Vec<u8>,
}

impl Wire {
    /// A client of the server at `address`, not connected yet.
    pub(super) fn new(address: SocketAddr) -> Self {
        Self {
            address,
            stream: None,
            body: Vec::new(),
        }
    }

    /// Sends a request and reads the answer; its status.
    ///
    /// # Errors
    /// Nobody answered. The next request makes a new connection.
    pub(super) fn ask(&mut self, method: &str, path: &str, token: &str, json: &str) -> Result<u16> {
        let answered = self.exchange(method, path, token, json);
        if !matches!(answered, Ok((_, true))) {
            self.stream = None;
        }
        answered.map(|(status, _)| status)
    }

    /// The status, and whether the connection may be kept.
    fn exchange(
        &mut self,
        method: &str,
        path: &str,
        token: &str,
        json: &str,
    ) -> Result<(u16, bool)> {
        let stream = match &mut self.stream {
            Some(stream) => stream,
            empty => {
                let stream = TcpStream::connect(self.address)?;
                stream.set_nodelay(true)?;
                stream.set_read_timeout(Some(PATIENCE))?;
                empty.insert(BufReader::new(stream))
            }
        };
        let length = json.len();
        let request = format!(
            "{method} {path} HTTP/1.1\r\nhost: bench\r\nauthorization: Bearer {token}\r\n\
             content-type: application/json\r\ncontent-length: {length}\r\n\r\n{json}"
        );
        stream.get_mut().write_all(request.as_bytes())?;
        read(stream, &mut self.body)
    }

    /// The text under a name in the last answer, which holds it once.
    pub(super) fn text(&self, name: &str) -> Option<String> {
        let body = std::str::from_utf8(&self.body).ok()?;
        let (_, rest) = body.split_once(&format!("\"{name}\":\""))?;
        Some(rest.split('"').next()?.to_owned())
    }
}

fn read(stream: &mut BufReader<TcpStream>, body: &mut Vec<u8>) -> Result<(u16, bool)> {
    let strange = || Error::new(ErrorKind::InvalidData, "no answer of HTTP/1.1");
    let mut line = String::new();
    if stream.read_line(&mut line)? == 0 {
        return Err(ErrorKind::UnexpectedEof.into());
    }
    let status = line.split(' ').nth(1).and_then(|word| word.parse().ok());
    let status = status.ok_or_else(strange)?;
    let (mut length, mut is_kept) = (0, true);
    loop {
        line.clear();
        stream.read_line(&mut line)?;
        let Some((name, value)) = line.trim_end().split_once(": ") else {
            break;
        };
        match name {
            "content-length" => length = value.parse().map_err(|_| strange())?,
            "connection" => is_kept = value != "close",
            _ => {}
        }
    }
    body.resize(length, 0);
    stream.read_exact(body)?;
    Ok((status, is_kept))
}
