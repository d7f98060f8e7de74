//! What the server logs, kept in memory so that a test can look for what must
//! not be there.

use std::io::Write;
use std::sync::{Mutex, Once, PoisonError};

use tracing_subscriber::EnvFilter;

static LINES: Mutex<Vec<u8>> = Mutex::new(Vec::new());

struct Memory;

impl Write for Memory {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        let mut lines = LINES.lock().unwrap_or_else(PoisonError::into_inner);
        lines.extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

/// What is kept: all that the server logs down to `trace`, since an operator who
/// looks for a fault turns that on; nothing of the harness's own clients.
const FILTER: &str = "trace,fantoccini=off,hyper_util::client=off,ureq=off,ureq_proto=off";

/// Begins to keep what all servers of this process log.
pub(crate) fn capture() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        tracing_subscriber::fmt()
            .json()
            .with_env_filter(EnvFilter::new(FILTER))
            .with_writer(|| Memory)
            .init();
    });
}

/// Everything that was logged so far, by all servers of this process.
pub fn logs() -> String {
    let lines = LINES.lock().unwrap_or_else(PoisonError::into_inner);
    String::from_utf8_lossy(&lines).into_owned()
}
