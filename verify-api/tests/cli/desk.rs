//! A folder with a configuration, and the program that is run in it.

use std::fs::File;
use std::io::Read;
use std::path::Path;
use std::process::{Command, Output, Stdio};
use std::sync::mpsc::{self, Receiver};
use std::time::Duration;

use tempfile::TempDir;

use crate::database::Database;

pub(crate) const PATIENT: &str = r#"{"resourceType":"Patient","identifier":[{"value":"WS-3001"}],"name":[{"use":"official","family":"Quill","given":["Ada"]}],"birthDate":"1950-05-14","telecom":[{"system":"phone","value":"207-555-0181"}]}"#;

/// The longest that a command may take to end. Reached only by a failure: a
/// `serve` that should be refused and is not would run for ever.
const PATIENCE: Duration = Duration::from_secs(20);

/// A folder with a configuration to which a test adds what it is about.
pub(crate) struct Desk {
    folder: TempDir,
    database: Database,
}

impl Desk {
    /// A configuration that works, plus these lines at its end.
    pub(crate) fn with(more: &str) -> Self {
        let key = "3cb25f25faacd57a90434f64d0362f2a2d2d0a90cf1a5a4c5db02d56ecc4c5bf";
        Self::configured(&format!(
            "mode = \"demo\"\n\
             http.base_url = \"http://help.example.org\"\n\
             http.listen = \"127.0.0.1:0\"\n\
             secrets.key = \"{key}\"\n{more}\n"
        ))
    }

    /// The same, with its database on PostgreSQL.
    pub(crate) fn on_postgres(more: &str) -> Self {
        let database = Database::postgres();
        let url = database.url();
        Self {
            database,
            ..Self::with(&format!("database.url = \"{url}\"\n{more}"))
        }
    }

    pub(crate) fn configured(toml: &str) -> Self {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("frontdesk.toml"), toml).unwrap();
        let database = Database::file(folder.path());
        Self { folder, database }
    }

    pub(crate) fn path(&self) -> &Path {
        self.folder.path()
    }

    pub(crate) fn command(&self, line: &str) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_verify-api"));
        command
            .args(line.split_whitespace())
            .current_dir(self.path())
            .stdin(Stdio::null());
        for (name, _) in std::env::vars_os() {
            if name.to_string_lossy().starts_with("FRONTDESK_") {
                command.env_remove(name);
            }
        }
        command
    }

    pub(crate) fn run(&self, line: &str) -> Output {
        ended(self.command(line))
    }

    /// Runs a command with lines on its standard input.
    pub(crate) fn run_with(&self, line: &str, input: &str) -> Output {
        let file = self.path().join("input");
        std::fs::write(&file, input).unwrap();
        let mut command = self.command(line);
        command.stdin(File::open(file).unwrap());
        ended(command)
    }

    pub(crate) const fn database(&self) -> &Database {
        &self.database
    }

    /// Does `sql` in the database, behind the program's back.
    pub(crate) fn sql(&self, sql: &str) {
        self.database.execute(sql);
    }

    /// The number that `sql` finds in the database.
    pub(crate) fn number(&self, sql: &str) -> i64 {
        self.database.find(sql)
    }

    /// The bytes that `sql` finds in the database.
    pub(crate) fn blob(&self, sql: &str) -> Vec<u8> {
        self.database.find(sql)
    }

    /// What a command prints that should succeed.
    #[track_caller]
    pub(crate) fn good(&self, line: &str) -> String {
        let output = self.run(line);
        let stderr = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "`{line}` should succeed: {stderr}");
        String::from_utf8(output.stdout).unwrap()
    }

    /// Asserts that a command fails with one sentence that holds all of `parts`.
    #[track_caller]
    pub(crate) fn refuses(&self, line: &str, parts: &[&str]) {
        refused(line, &self.run(line), parts);
    }
}

/// What a command has said when it ended by itself.
#[track_caller]
pub(crate) fn ended(mut command: Command) -> Output {
    command.stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().unwrap();
    let said = drained(child.stdout.take().unwrap());
    let complained = drained(child.stderr.take().unwrap());
    let in_time = said.recv_timeout(PATIENCE);
    if in_time.is_err() {
        child.kill().unwrap();
    }
    let stderr = complained.recv().unwrap();
    let status = child.wait().unwrap();
    let Ok(stdout) = in_time else {
        let stderr = String::from_utf8_lossy(&stderr);
        panic!("{command:?} should end within {PATIENCE:?}: {stderr}");
    };
    Output {
        status,
        stdout,
        stderr,
    }
}

/// Everything that comes out of a pipe, once it is closed.
fn drained(mut pipe: impl Read + Send + 'static) -> Receiver<Vec<u8>> {
    let (sender, receiver) = mpsc::channel();
    std::thread::spawn(move || {
        let mut all = Vec::new();
        pipe.read_to_end(&mut all).unwrap();
        // Nobody is left to tell where the test has failed by now.
        let _ = sender.send(all);
    });
    receiver
}

#[track_caller]
pub(crate) fn refused(line: &str, output: &Output, parts: &[&str]) {
    let stderr = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(1), "`{line}`: {stderr}");
    assert!(output.stdout.is_empty(), "`{line}` prints no result");
    let said = stderr.trim_end();
    assert_eq!(said.lines().count(), 1, "one line, not: {said}");
    assert!(said.ends_with('.'), "a sentence, not: {said}");
    for sign in ["panicked", "Error {", "Err(", "::", "RUST_BACKTRACE"] {
        assert!(!said.contains(sign), "for people, not: {said}");
    }
    for part in parts {
        assert!(said.contains(part), "`{line}` should name {part}: {said}");
    }
}
