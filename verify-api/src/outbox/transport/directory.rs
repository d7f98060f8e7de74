//! Messages as files: for the demo, for tests, and for a program of the clinic
//! that picks them up.
//!
//! One JSON file a message, `TIME-ID.json`, where TIME is in milliseconds since
//! 1970. A file appears whole or not at all. A message that took too long and was tried
//! again can come as two files with one ID.

use std::fs::{self, DirBuilder, File, OpenOptions};
use std::io::{self, Write as _};
#[cfg(unix)]
use std::os::unix::fs::{DirBuilderExt as _, OpenOptionsExt as _};
use std::path::{Path, PathBuf};

use async_trait::async_trait;
use tokio::task::spawn_blocking;

use super::{Message, Transport, TransportError};

/// Writes messages into a folder.
#[derive(Debug)]
pub struct DirectoryTransport {
    folder: PathBuf,
}

impl DirectoryTransport {
    /// Writes into `folder`, which is made at the first message if it is missing.
    pub const fn new(folder: PathBuf) -> Self {
        Self { folder }
    }
}

fn write(folder: &Path, name: &str, json: &[u8]) -> io::Result<()> {
    make_folder(folder)?;
    // In the same folder, so that the renaming is one step of the file system.
    let unfinished = folder.join(format!(".{name}.tmp"));
    let finished = folder.join(format!("{name}.json"));
    if let Err(error) = write_to_disk(&unfinished, json) {
        // What is half written is of no use to anyone.
        let _ = fs::remove_file(&unfinished);
        return Err(error);
    }
    fs::rename(&unfinished, &finished)?;
    // Else the name could be lost in a power cut, and the message with it.
    File::open(folder)?.sync_all()
}

/// Messages hold codes and addresses: the folder is its owner's only.
fn make_folder(folder: &Path) -> io::Result<()> {
    let mut builder = DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    builder.mode(0o700);
    builder.create(folder)
}

fn write_to_disk(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let mut options = OpenOptions::new();
    options.write(true).create(true).truncate(true);
    #[cfg(unix)]
    options.mode(0o600);
    let mut file = options.open(path)?;
    file.write_all(bytes)?;
    file.sync_all()
}

#[async_trait]
impl Transport for DirectoryTransport {
    /// A full or read-only disk can be put right, so every fault is temporary.
    async fn send(&self, message: &Message) -> Result<(), TransportError> {
        let folder = self.folder.clone();
        let name = format!("{}-{}", message.at.as_millisecond(), message.id);
        let json = serde_json::to_vec_pretty(message);
        // All of it in one go: waiting for the disk is nothing for an async thread.
        let written = spawn_blocking(move || write(&folder, &name, &json?)).await;
        let written = written.map_err(io::Error::other).flatten();
        written.map_err(|error| {
            TransportError::temporary(format!(
                "no message can be written to the folder {} ({}); \
                 see that it is a folder and that the server may write there",
                self.folder.display(),
                error.kind(),
            ))
        })
    }
}

#[cfg(test)]
mod tests {
    use protocol::{Channel, Locale};

    use super::*;

    fn message(text: &str) -> Message {
        Message {
            id: "5a".repeat(16),
            channel: Channel::Email,
            to: "rosa@example.org".to_owned(),
            subject: Some("Hello".to_owned()),
            text: text.to_owned(),
            html: Some("<p>Hello</p>".to_owned()),
            at: "2026-11-25T09:30:00.250Z".parse().unwrap(),
            locale: Locale::En,
            not_after: "2026-11-25T09:40:00Z".parse().unwrap(),
        }
    }

    fn files(folder: &Path) -> Vec<String> {
        let mut names: Vec<_> = fs::read_dir(folder)
            .unwrap()
            .map(|entry| entry.unwrap().file_name().into_string().unwrap())
            .collect();
        names.sort();
        names
    }

    #[tokio::test]
    async fn a_message_is_one_file_and_nothing_else_is_left() {
        let temp = tempfile::tempdir().unwrap();
        let folder = temp.path().join("not/there/yet");
        let transport = DirectoryTransport::new(folder.clone());
        transport.send(&message("first")).await.unwrap();
        // The same message again takes the place of the file.
        transport.send(&message("second")).await.unwrap();
        let name = format!("1795599000250-{}.json", "5a".repeat(16));
        assert_eq!(files(&folder), [name.as_str()]);
        let json = fs::read(folder.join(name)).unwrap();
        let json: serde_json::Value = serde_json::from_slice(&json).unwrap();
        assert_eq!(json["text"], "second");
        assert_eq!(json["html"], "<p>Hello</p>");
    }

    #[cfg(unix)]
    #[tokio::test]
    async fn only_the_owner_can_read_messages() {
        use std::os::unix::fs::PermissionsExt as _;
        let temp = tempfile::tempdir().unwrap();
        let folder = temp.path().join("mail");
        let transport = DirectoryTransport::new(folder.clone());
        transport.send(&message("secret")).await.unwrap();
        let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
        assert_eq!(mode(&folder), 0o700);
        let [name] = &files(&folder)[..] else {
            panic!("one file")
        };
        assert_eq!(mode(&folder.join(name)), 0o600);
    }

    #[tokio::test]
    async fn a_folder_that_cannot_be_written_is_named() {
        let temp = tempfile::tempdir().unwrap();
        let in_the_way = temp.path().join("mail");
        fs::write(&in_the_way, "a file").unwrap();
        let transport = DirectoryTransport::new(in_the_way.clone());
        let error = transport.send(&message("x")).await.unwrap_err();
        let TransportError::Temporary(cause) = error else {
            panic!("{error:?}")
        };
        assert!(cause.contains(in_the_way.to_str().unwrap()), "{cause}");
        assert!(!cause.contains("rosa"), "{cause}");
    }
}
