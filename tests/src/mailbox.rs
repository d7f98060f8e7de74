//! What people receive: the messages that the directory transport delivers.
//!
//! It must not know why a message was sent.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use serde_json::Value;

use crate::wait_for;

/// A delivered message.
#[derive(Clone, Debug)]
pub struct Message {
    /// `email`, `text` or `call`.
    pub channel: String,
    /// Whom it went to.
    pub to: String,
    /// The subject of an email; empty for others.
    pub subject: String,
    /// What the person reads or hears.
    pub text: String,
    /// The HTML part of an email; empty for others.
    pub html: String,
    /// The file that it was delivered in.
    file: PathBuf,
}

impl Message {
    /// The six digits, as the person takes them from this kind of message.
    pub fn code(&self) -> Option<String> {
        let digits: String = match self.channel.as_str() {
            "email" => self
                .text
                .lines()
                .map(str::trim)
                .find(|line| is_code(line))?
                .to_owned(),
            "text" => {
                let last = self.text.lines().last()?;
                last.split_once('#')?.1.to_owned()
            }
            _ => {
                let digits =
                    |said: &str| -> String { said.chars().filter(char::is_ascii_digit).collect() };
                let mut sentences = self.text.split('.').map(digits);
                sentences.find(|digits| is_code(digits))?
            }
        };
        is_code(&digits).then_some(digits)
    }

    /// The link that is for whoever gets the message: it carries something, other than those
    /// to pages that open for everybody.
    pub fn link(&self) -> Option<String> {
        let mut words = self.text.split_whitespace();
        words
            .find(|word| word.starts_with("http") && word.contains('?'))
            .map(str::to_owned)
    }

    fn read(file: &Path) -> Self {
        let bytes = std::fs::read(file).expect("a delivered message can be read");
        let json: Value = serde_json::from_slice(&bytes).expect("a delivered message is JSON");
        let text = |key: &str| json[key].as_str().unwrap_or_default().to_owned();
        Self {
            channel: text("channel"),
            to: text("to"),
            subject: text("subject"),
            text: text("text"),
            html: text("html"),
            file: file.to_owned(),
        }
    }
}

fn is_code(text: &str) -> bool {
    text.len() == 6 && text.bytes().all(|b| b.is_ascii_digit())
}

/// The folder of delivered messages, and which of them the test has read.
/// Clones share what was read.
#[derive(Clone, Debug)]
pub struct Mailbox {
    folder: PathBuf,
    read: Arc<Mutex<BTreeSet<PathBuf>>>,
}

impl Mailbox {
    pub(crate) fn new(folder: PathBuf) -> Self {
        Self {
            folder,
            read: Arc::default(),
        }
    }

    /// Every message so far, the oldest first.
    pub fn all(&self) -> Vec<Message> {
        let Ok(entries) = std::fs::read_dir(&self.folder) else {
            return Vec::new();
        };
        let mut files: Vec<_> = entries
            .map(|entry| entry.expect("the folder of messages can be read").path())
            .filter(|path| path.extension().is_some_and(|kind| kind == "json"))
            // The test's clock may stand still; the file's time does not.
            .map(|path| {
                let written = path.metadata().and_then(|data| data.modified());
                (written.expect("a message has a time"), path)
            })
            .collect();
        files.sort();
        files.iter().map(|(_, path)| Message::read(path)).collect()
    }

    /// Every message to an address so far.
    pub fn to(&self, address: &str) -> Vec<Message> {
        let mut all = self.all();
        all.retain(|message| message.to == address);
        all
    }

    /// Lays everything that has come so far aside as read.
    pub fn mark_read(&self) {
        let all = self.all().into_iter().map(|message| message.file);
        let mut read = self.read.lock().unwrap_or_else(PoisonError::into_inner);
        read.extend(all);
    }

    /// Waits for a message by `channel` to `address` that was not read yet, and
    /// of which `wanted` holds.
    fn next(
        &self,
        what: &str,
        channel: &str,
        address: &str,
        wanted: impl Fn(&Message) -> bool,
    ) -> Message {
        wait_for(&format!("{what} by {channel} to {address}"), || {
            let mut read = self.read.lock().unwrap_or_else(PoisonError::into_inner);
            let found = self.all().into_iter().find(|message| {
                message.channel == channel
                    && message.to == address
                    && !read.contains(&message.file)
                    && wanted(message)
            })?;
            read.insert(found.file.clone());
            Some(found)
        })
    }

    /// Waits for the next message with a code, and returns it whole.
    pub fn next_code(&self, channel: &str, address: &str) -> Message {
        self.next("a code", channel, address, |message| {
            message.code().is_some()
        })
    }

    /// Waits for the next code.
    pub fn code(&self, channel: &str, address: &str) -> String {
        let message = self.next_code(channel, address);
        message.code().expect("only messages with a code are taken")
    }

    /// Waits for the next email with such a link in it.
    pub fn link(&self, address: &str) -> String {
        let with_link = |message: &Message| message.link().is_some();
        let message = self.next("a link", "email", address, with_link);
        message.link().expect("only messages with a link are taken")
    }

    /// Waits for the next message that holds `text`.
    pub fn saying(&self, channel: &str, address: &str, text: &str) -> Message {
        let what = format!("a message saying {text:?}");
        self.next(&what, channel, address, |message| {
            message.text.contains(text)
        })
    }
}
