//! `test`: every test there is, with all that they need.
//!
//! A part that cannot run makes the command fail and is named; nothing is
//! skipped in silence.

use crate::build;
use crate::failure::{During, Failure, Result};
use crate::postgres::{Disk, Postgres};
use crate::progress::step;
use crate::{fuzz, site, tools};

/// Where tests keep state: which database the end-to-end tests are about.
const STATE: &str = "FRONTDESK_STATE";

/// What `cargo test` is asked for when nothing is said: on which database, and what.
/// Each names the same packages, or the ones that they share are built anew. Fuzz
/// targets are no tests of cargo's, and open parts of the API to themselves. Answers
/// are timed while nothing else runs: beside other tests, differences drown.
const EVERYTHING: [(&str, &str); 4] = [
    ("sqlite", "-- --skip timing::"),
    ("sqlite", "--test e2e -- timing:: --test-threads=1"),
    ("postgres", "--test e2e -- --skip timing::"),
    ("postgres", "--test e2e -- timing:: --test-threads=1"),
];

/// Builds what the tests look at, then runs `cargo test` with `arguments`; with
/// none, the tests of every package, those from end to end on either database, and
/// each fuzz target for a short time.
pub(crate) fn run(arguments: &[String]) -> Result<()> {
    tools::browser()?;
    tools::text_browser()?;
    let python = tools::python()?;
    let site = site::build()?;
    let postgres = step("starting PostgreSQL", || Postgres::start(Disk::NotSynced))?;
    // Ctrl-C ends cargo, and then us, with everything put away.
    ctrlc::set_handler(|| {}).during("listen for Ctrl-C")?;
    let cargo = |arguments: &[String], state: &str| -> Result<()> {
        let status = build::cargo()
            .arg("test")
            .args(arguments)
            .env("FRONTDESK_SITE", &site)
            .env("FRONTDESK_AIOSMTPD_PYTHON", &python)
            .env("FRONTDESK_SCHEMATHESIS_PYTHON", &python)
            .env("FRONTDESK_POSTGRES", postgres.url())
            .env(STATE, state)
            .status()
            .during("start cargo")?;
        if status.success() {
            return Ok(());
        }
        Err(Failure::new("some tests failed; cargo names them above"))
    };
    let words = |line: &str| -> Vec<String> { line.split(' ').map(str::to_owned).collect() };
    if arguments.is_empty() {
        for (state, what) in EVERYTHING {
            cargo(
                &words(&format!("--workspace --exclude frontdesk-fuzz {what}")),
                state,
            )?;
        }
        fuzz::briefly()
    } else {
        let state = std::env::var(STATE).unwrap_or_else(|_| "sqlite".to_owned());
        cargo(arguments, &state)
    }
}
