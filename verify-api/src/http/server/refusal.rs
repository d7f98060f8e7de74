//! Tells a newcomer for whom there is no place.

use std::sync::Arc;
use std::time::Duration;

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
const ANSWER: &[u8] = b"HTTP/1.1 503 Service Unavailable\r\n\
    content-type: text/plain; charset=utf-8\r\n\
    content-length: 53\r\n\
    retry-after: 5\r\n\
    cache-control: no-store\r\n\
    connection: close\r\n\r\n\
    Too many people ask at once. Try again in a moment.\r\n";

/// Those who are being told.
pub(super) struct Refusals(Arc<Semaphore>);

impl Default for Refusals {
    fn default() -> Self {
        Self(Arc::new(Semaphore::new(AT_ONCE)))
    }
}

impl Refusals {
    /// Tells one; returns as soon as the next can be told.
    pub(super) async fn refuse(&self, stream: TcpStream) {
        // The semaphore is never closed.
        let Ok(permit) = Arc::clone(&self.0).acquire_owned().await else {
            return;
        };
        tokio::spawn(async move {
            // Whoever does not listen is not told.
            let _ = timeout(PATIENCE, tell(stream)).await;
            drop(permit);
        });
    }
}

async fn tell(mut stream: TcpStream) -> std::io::Result<()> {
    stream.write_all(ANSWER).await?;
    stream.shutdown().await?;
    // Closed with bytes unread, a connection loses what was written last.
    let mut sink = [0; 1024];
    while stream.read(&mut sink).await? > 0 {}
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::ANSWER;

    #[test]
    fn the_answer_is_as_long_as_it_says() {
        let answer = std::str::from_utf8(ANSWER).unwrap();
        let (head, body) = answer.split_once("\r\n\r\n").unwrap();
        let length = format!("content-length: {}", body.len());
        assert!(head.contains(&length), "{length}");
    }
}
