//! What is told of a fault of ours that ends what was being done: where it is in
//! the source, and on which thread.
//!
//! Never the words of the panic: they may quote what somebody typed, and would stand
//! in the log for ever.

use std::panic::{PanicHookInfo, set_hook};

/// Tells whoever runs a command, in a sentence.
pub(crate) fn tell() {
    set_hook(Box::new(|panic| {
        let Place { at, thread } = Place::of(panic);
        eprintln!(
            "This is a fault in the program, at {at} on the thread {thread}. What it was doing \
             is not done; please report that place."
        );
    }));
}

/// Writes a line of the log, such as every other one is.
pub(crate) fn log() {
    set_hook(Box::new(|panic| {
        let Place { at, thread } = Place::of(panic);
        tracing::error!(at, thread, "a fault ended what was being done");
    }));
}

struct Place {
    at: String,
    thread: String,
}

impl Place {
    fn of(panic: &PanicHookInfo<'_>) -> Self {
        let thread = std::thread::current();
        Self {
            at: panic
                .location()
                .map_or_else(|| "an unknown place".to_owned(), ToString::to_string),
            thread: thread.name().unwrap_or("unnamed").to_owned(),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::io;
    use std::panic::take_hook;
    use std::sync::{Arc, Mutex};

    use super::*;

    #[derive(Clone, Default)]
    struct Written(Arc<Mutex<Vec<u8>>>);

    impl io::Write for Written {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            self.0.lock().unwrap().write(bytes)
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    #[test]
    fn the_words_of_a_panic_reach_no_log() {
        let written = Written::default();
        let writer = written.clone();
        let log_of_it = tracing_subscriber::fmt()
            .json()
            .with_writer(move || writer.clone())
            .finish();
        let before = take_hook();
        log();
        let fell = std::thread::Builder::new()
            .name("rosa-7".to_owned())
            .spawn(|| {
                tracing::subscriber::with_default(log_of_it, || {
                    let typed = "rosa@example.org";
                    assert!(typed.is_empty(), "{typed} was typed");
                });
            });
        assert!(fell.unwrap().join().is_err());
        set_hook(before);
        let written = String::from_utf8(written.0.lock().unwrap().clone()).unwrap();
        let line: serde_json::Value = serde_json::from_str(written.trim()).unwrap();
        let fields = &line["fields"];
        let at = fields["at"].as_str().unwrap();
        assert!(at.contains("panics.rs:"), "{at}");
        assert_eq!(fields["thread"], "rosa-7");
        assert_eq!(line["level"], "ERROR");
        assert!(!written.contains("example.org"), "{written}");
    }
}
