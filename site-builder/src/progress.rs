//! How far a long piece of work is: one line on a terminal, once the work has taken a second.
//!
//! There is one such line for the whole program, so what it counts is kept for the whole program.
//! Nothing depends on it.

use std::io::{IsTerminal as _, Write as _};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc::{self, RecvTimeoutError, Sender};
use std::sync::{Mutex, PoisonError};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

use num_format::{Locale, ToFormattedString as _};

/// Work that is done sooner needs no line.
const AFTER: Duration = Duration::from_secs(1);
const EVERY: Duration = Duration::from_millis(100);
/// Back to the start of the line, and nothing on it.
const CLEAR: &str = "\r\u{1b}[K";

static WORK: Mutex<(&str, usize)> = Mutex::new(("", 0));
static DONE: AtomicUsize = AtomicUsize::new(0);

/// Begins some work on so many pages, such as "Rendering".
pub(crate) fn begin(doing: &'static str, pages: usize) {
    *WORK.lock().unwrap_or_else(PoisonError::into_inner) = (doing, pages);
    DONE.store(0, Ordering::Relaxed);
}

/// One page of it is done.
pub(crate) fn step() {
    DONE.fetch_add(1, Ordering::Relaxed);
}

/// The line; gone when it is dropped.
pub(crate) struct Line {
    stop: Sender<()>,
    thread: Option<JoinHandle<()>>,
}

impl Line {
    /// Shows it where a person looks on.
    pub(crate) fn show() -> Option<Self> {
        if !std::io::stderr().is_terminal() {
            return None;
        }
        let (stop, stopped) = mpsc::channel();
        let begin = Instant::now();
        let thread = thread::spawn(move || {
            let mut shown = false;
            while stopped.recv_timeout(EVERY) == Err(RecvTimeoutError::Timeout) {
                let (doing, pages) = *WORK.lock().unwrap_or_else(PoisonError::into_inner);
                let done = DONE.load(Ordering::Relaxed);
                if let Some(text) = text(doing, done, pages, begin.elapsed()) {
                    shown = true;
                    write(&format!("{CLEAR}{text}"));
                }
            }
            if shown {
                write(CLEAR);
            }
        });
        Some(Self {
            stop,
            thread: Some(thread),
        })
    }
}

impl Drop for Line {
    fn drop(&mut self) {
        let _ = self.stop.send(());
        let _ = self.thread.take().map(JoinHandle::join);
    }
}

fn text(doing: &str, done: usize, pages: usize, elapsed: Duration) -> Option<String> {
    if elapsed < AFTER || pages == 0 {
        return None;
    }
    let number = |n: usize| n.to_formatted_string(&Locale::en);
    let (done, pages) = (number(done.min(pages)), number(pages));
    Some(format!("{doing} {done} of {pages} pages"))
}

/// Whoever looked on may have closed the terminal.
fn write(text: &str) {
    let mut terminal = std::io::stderr();
    let _ = terminal.write_all(text.as_bytes());
    let _ = terminal.flush();
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_line_comes_after_a_second_and_numbers_can_be_read() {
        let after = |seconds| text("Rendering", 4000, 10_000, Duration::from_secs(seconds));
        assert_eq!(after(0), None);
        assert_eq!(after(1).as_deref(), Some("Rendering 4,000 of 10,000 pages"));
        assert_eq!(text("", 0, 0, AFTER), None);
    }
}
