//! A real mail server: `aiosmtpd`, which says what it gets.

use std::fs;
use std::io::{BufRead as _, BufReader};
use std::process::{Child, Command, Stdio};
use std::sync::{Arc, Mutex, PoisonError};

use serde_json::{Value, json};
use tempfile::TempDir;

use crate::wait_for;

/// What it does; see there.
const SCRIPT: &str = include_str!("smtp_server.py");

/// An email that was handed over.
#[derive(Clone, Debug)]
pub struct Received(Value);

impl Received {
    /// The value of a header, decoded.
    pub fn header(&self, name: &str) -> Option<&str> {
        let headers = self.0["headers"].as_array()?;
        let found = headers.iter().find(|pair| {
            let found = pair[0].as_str().unwrap_or_default();
            found.eq_ignore_ascii_case(name)
        });
        found?[1].as_str()
    }

    /// Whether the server took it, or put it off.
    fn is_taken(&self) -> bool {
        self.0["is_taken"] == true
    }

    /// Whether it came over TLS from a client that had signed in.
    pub fn is_protected(&self) -> bool {
        self.0["is_protected"] == true
    }

    /// Whom the envelope names.
    pub fn recipients(&self) -> &Value {
        &self.0["rcpt_to"]
    }

    /// The type of the whole.
    pub fn content_type(&self) -> &str {
        self.0["content_type"].as_str().unwrap_or_default()
    }

    /// Type and text of each part, decoded.
    pub fn parts(&self) -> Vec<(&str, &str)> {
        let parts = self.0["parts"].as_array().into_iter().flatten();
        parts
            .map(|part| {
                let text = |key: &str| part[key].as_str().unwrap_or_default();
                (text("type"), text("text"))
            })
            .collect()
    }

    /// The email as it came over the wire.
    pub fn raw(&self) -> &str {
        self.0["raw"].as_str().unwrap_or_default()
    }
}

/// How a mail server is protected.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Protection {
    /// Not at all.
    None,
    /// It asks for `STARTTLS` and a password, and takes nothing without.
    StartTls,
    /// TLS from the first byte, and a password.
    Tls,
}

impl Protection {
    const fn as_str(self) -> &'static str {
        match self {
            Self::None => "none",
            Self::StartTls => "starttls",
            Self::Tls => "tls",
        }
    }
}

/// A running mail server. It stops when it is dropped.
pub struct MailServer {
    child: Child,
    port: u16,
    protection: Protection,
    /// Its certificate, signed by itself, and the key of it.
    folder: TempDir,
    received: Arc<Mutex<Vec<Received>>>,
}

impl MailServer {
    /// Starts a server on a free port, which anyone can use.
    pub fn start() -> Self {
        Self::with(Protection::None)
    }

    /// Starts a server on a free port.
    ///
    /// # Panics
    /// When no Python with `aiosmtpd` is named: `cargo xtask test` sees to one.
    pub fn with(protection: Protection) -> Self {
        let folder = TempDir::with_prefix("frontdesk-mail-").expect("a folder for the server");
        let own = rcgen::generate_simple_self_signed(["127.0.0.1".to_owned()]);
        let own = own.expect("a certificate can be made");
        let write = |name: &str, text: String| {
            fs::write(folder.path().join(name), text).expect("a certificate is written");
        };
        write("cert.pem", own.cert.pem());
        write("key.pem", own.signing_key.serialize_pem());
        let python = std::env::var_os("FRONTDESK_AIOSMTPD_PYTHON").expect(
            "this test hands emails to a real mail server, and FRONTDESK_AIOSMTPD_PYTHON names no \
             Python that has aiosmtpd: run `cargo xtask test`, which installs it first",
        );
        let mut child = Command::new(python)
            .args(["-W", "ignore", "-c", SCRIPT, protection.as_str()])
            .current_dir(folder.path())
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .expect("Python starts the mail server");
        let output = child.stdout.take().expect("its output is piped");
        let mut lines = BufReader::new(output).lines().map_while(Result::ok);
        let port = lines.next().and_then(|line| line.parse().ok());
        let received: Arc<Mutex<Vec<Received>>> = Arc::default();
        let into = Arc::clone(&received);
        std::thread::spawn(move || {
            for line in lines {
                let email = serde_json::from_str(&line).map(Received);
                let email = email.expect("the mail server prints JSON");
                let mut received = into.lock().unwrap_or_else(PoisonError::into_inner);
                received.push(email);
            }
        });
        Self {
            child,
            port: port.expect("the mail server says on which port it listens"),
            protection,
            folder,
            received,
        }
    }

    /// The file of its certificate, which vouches for this server alone.
    pub fn certificate(&self) -> String {
        self.folder.path().join("cert.pem").display().to_string()
    }

    /// What an operator sets to use it.
    pub(crate) fn settings(&self) -> Vec<(&'static str, String)> {
        let mut keys = vec![
            ("smtp.host", "127.0.0.1".to_owned()),
            ("smtp.port", self.port.to_string()),
            ("smtp.security", self.protection.as_str().to_owned()),
        ];
        if self.protection != Protection::None {
            keys.push(("smtp.ca_file", self.certificate()));
            keys.push(("smtp.user", "help".to_owned()));
            keys.push(("smtp.password", "correct horse".to_owned()));
        }
        keys
    }

    /// Everything that was handed over so far.
    pub fn received(&self) -> Vec<Received> {
        let received = self.received.lock().unwrap_or_else(PoisonError::into_inner);
        received.clone()
    }

    /// Every email to an address so far, taken or put off.
    pub fn handed_over(&self, address: &str) -> Vec<Received> {
        let mut received = self.received();
        received.retain(|email| *email.recipients() == json!([address]));
        received
    }

    /// Waits for the first email to an address that is taken.
    pub fn email_to(&self, address: &str) -> Received {
        wait_for(&format!("an email to {address} by SMTP"), || {
            let handed_over = self.handed_over(address);
            handed_over.into_iter().find(Received::is_taken)
        })
    }
}

impl Drop for MailServer {
    fn drop(&mut self) {
        drop(self.child.stdin.take());
        // Nobody is left to tell, whatever it says.
        let _ = self.child.wait();
    }
}
