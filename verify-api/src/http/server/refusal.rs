//! Tells a newcomer for whom there is no place.

use std::sync::Arc;
use std::time::Duration;

use axum::http::HeaderMap;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio::sync::Semaphore;
use tokio::time::timeout;

/// Newcomers who are told at once. While so many are, the next ones wait at
/// the door, in the system's queue.
const AT_ONCE: usize = 64;

/// How long one of them may take to hear it.
const PATIENCE: Duration = Duration::from_secs(1);

/// What they hear. Everything here is taken by requests that are being
/// answered, which takes seconds.
const WORDS: &str = "Too many people ask at once. Try again in a moment.\r\n";

/// Those who are being told.
pub(super) struct Refusals {
    places: Arc<Semaphore>,
    answer: Arc<[u8]>,
}

impl Refusals {
    /// Nobody yet; who comes is told with these headers.
    pub(super) fn with(headers: &HeaderMap) -> Self {
        Self {
            places: Arc::new(Semaphore::new(AT_ONCE)),
            answer: answer(headers).into(),
        }
    }

    /// Tells one; returns as soon as the next can be told.
    pub(super) async fn refuse(&self, stream: TcpStream) {
        // The semaphore is never closed.
        let Ok(permit) = Arc::clone(&self.places).acquire_owned().await else {
            return;
        };
        let answer = Arc::clone(&self.answer);
        tokio::spawn(async move {
            // Whoever does not listen is not told.
            let _ = timeout(PATIENCE, tell(stream, &answer)).await;
            drop(permit);
        });
    }
}

/// The whole answer as it goes over the wire.
fn answer(headers: &HeaderMap) -> Vec<u8> {
    let mut answer = format!(
        "HTTP/1.1 503 Service Unavailable\r\n\
         content-type: text/plain; charset=utf-8\r\n\
         content-length: {}\r\n\
         retry-after: 5\r\n\
         cache-control: no-store\r\n\
         connection: close\r\n",
        WORDS.len()
    )
    .into_bytes();
    for (name, value) in headers {
        answer.extend_from_slice(name.as_str().as_bytes());
        answer.extend_from_slice(b": ");
        answer.extend_from_slice(value.as_bytes());
        answer.extend_from_slice(b"\r\n");
    }
    answer.extend_from_slice(b"\r\n");
    answer.extend_from_slice(WORDS.as_bytes());
    answer
}

async fn tell(mut stream: TcpStream, answer: &[u8]) -> std::io::Result<()> {
    stream.write_all(answer).await?;
    stream.shutdown().await?;
    // Closed with bytes unread, a connection loses what was written last.
    let mut sink = [0; 1024];
    while stream.read(&mut sink).await? > 0 {}
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::http::headers::protecting;

    #[test]
    fn who_finds_the_house_full_is_told_with_all_that_protects() {
        let answer = String::from_utf8(answer(&protecting(true))).unwrap();
        let (head, body) = answer.split_once("\r\n\r\n").unwrap();
        for line in [
            &*format!("content-length: {}", body.len()),
            "cache-control: no-store",
            "x-frame-options: DENY",
            "x-content-type-options: nosniff",
            "strict-transport-security: max-age=63072000; includeSubDomains",
        ] {
            assert!(head.lines().any(|found| found == line), "{line}: {head}");
        }
        assert!(head.contains("\r\ncontent-security-policy: default-src 'none';"));
    }
}
