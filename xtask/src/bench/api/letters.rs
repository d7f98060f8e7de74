//! Texts as they arrive in the folder, each read once.

use std::collections::{HashMap, HashSet};
use std::ffi::OsString;
use std::fs;
use std::path::PathBuf;
use std::sync::{Mutex, PoisonError};
use std::thread::sleep;
use std::time::{Duration, Instant};

use serde_json::Value;

use crate::failure::{Failure, Result};
use crate::flow::six_digits;

/// How often the folder is looked at.
const LOOK_EVERY: Duration = Duration::from_millis(5);
const PATIENCE: Duration = Duration::from_secs(30);

/// The folder, and what was found in it so far.
pub(super) struct Letters {
    folder: PathBuf,
    found: Mutex<Found>,
}

#[derive(Default)]
struct Found {
    names: HashSet<OsString>,
    codes: HashMap<String, String>,
}

impl Letters {
    /// The texts that arrive from now on.
    pub(super) fn new(folder: PathBuf) -> Self {
        let letters = Self {
            folder,
            found: Mutex::default(),
        };
        let names = letters.names().collect();
        let found = Found {
            names,
            ..Found::default()
        };
        Self {
            found: Mutex::new(found),
            ..letters
        }
    }

    /// Waits for a code to `phone`, and takes it away.
    pub(super) fn code(&self, phone: &str) -> Result<String> {
        let begin = Instant::now();
        while begin.elapsed() < PATIENCE {
            let mut found = self.found.lock().unwrap_or_else(PoisonError::into_inner);
            if let Some(code) = found.codes.remove(phone) {
                return Ok(code);
            }
            self.look(&mut found);
            if let Some(code) = found.codes.remove(phone) {
                return Ok(code);
            }
            drop(found);
            sleep(LOOK_EVERY);
        }
        Err(Failure::new("no code has arrived for the benchmark"))
    }

    /// How many messages there are.
    pub(super) fn count(&self) -> usize {
        self.names().count()
    }

    fn names(&self) -> impl Iterator<Item = OsString> {
        let files = fs::read_dir(&self.folder).into_iter().flatten().flatten();
        let names = files.map(|file| file.file_name());
        names.filter(|name| name.as_encoded_bytes().ends_with(b".json"))
    }

    fn look(&self, found: &mut Found) {
        for name in self.names() {
            if found.names.contains(&name) {
                continue;
            }
            let file = fs::read(self.folder.join(&name)).unwrap_or_default();
            let message: Value = serde_json::from_slice(&file).unwrap_or_default();
            if let (Some("text"), Some(to), Some(text)) = (
                message["channel"].as_str(),
                message["to"].as_str(),
                message["text"].as_str(),
            ) && let Some(code) = six_digits(text)
            {
                found.codes.insert(to.to_owned(), code);
            }
            found.names.insert(name);
        }
    }
}
