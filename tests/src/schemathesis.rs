//! A stranger who has read the API's document: Schemathesis calls the server in
//! the ways that the document allows, and in ways that it forbids, and looks
//! whether the answers are the ones that it promises.
//!
//! It must not know what is asked or answered.

use std::fs;
use std::path::Path;
use std::process::Command;

use protocol::paths;
use tempfile::TempDir;

use crate::Stack;

/// What is looked at, and what counts as a refusal.
const CONFIG: &str = include_str!("schemathesis.toml");

/// The same requests in every run, so that a failure can be had again.
const SEED: &str = "20261125";

/// How often each call is tried with what chance brings, or how many sequences are.
const EXAMPLES: &str = "15";

/// A way of going about it.
#[derive(Clone, Copy, Debug)]
pub enum Approach {
    /// Each call by itself, again and again; those about a flow with the token of one.
    EachCall,
    /// Calls that follow from the answers to others, by the document's links.
    Sequences,
}

/// Lets Schemathesis loose on a server, and returns its report.
///
/// # Panics
/// With its own report when it finds something, and when no Python with it is
/// named: `cargo xtask test` sees to one.
#[track_caller]
pub fn examine(stack: &Stack, approach: Approach) -> String {
    let python = std::env::var_os("FRONTDESK_SCHEMATHESIS_PYTHON").expect(
        "this test holds the API to its document with Schemathesis, and \
         FRONTDESK_SCHEMATHESIS_PYTHON names no Python that has it: run `cargo xtask test`, \
         which installs it first",
    );
    let folder = TempDir::with_prefix("frontdesk-schemathesis-").expect("a folder for it");
    let config = folder.path().join("schemathesis.toml");
    let (phases, more) = match approach {
        Approach::EachCall => ("examples,coverage,fuzzing", AUTH),
        Approach::Sequences => ("stateful", ""),
    };
    fs::write(&config, format!("{CONFIG}{more}")).expect("its configuration is written");
    let output = Command::new(Path::new(&python).with_file_name("schemathesis"))
        .current_dir(folder.path())
        .env("NO_COLOR", "1")
        .arg("--config-file")
        .arg(&config)
        .args(["run", "--phases", phases, "--max-examples", EXAMPLES])
        .args(["--seed", SEED])
        .arg(format!("{}{}", stack.base(), paths::OPENAPI))
        .output()
        .expect("Schemathesis starts");
    let report = String::from_utf8_lossy(&output.stdout);
    assert!(
        output.status.success(),
        "Schemathesis found something, with the seed {SEED}:\n{report}\n{}",
        String::from_utf8_lossy(&output.stderr)
    );
    report.into_owned()
}

/// Calls about a flow are made with the token of a real one.
const AUTH: &str = r#"
[auth.dynamic.openapi.flow-token]
path = "/api/v1/flows"
extract_selector = "/token"
payload = { kind = "password-reset" }
"#;
