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
    let cargo = |arguments: &[String], state: &str| -> Result<bool> {
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
        Ok(status.success())
    };
    let words = |line: &str| -> Vec<String> { line.split(' ').map(str::to_owned).collect() };
    let passed = if arguments.is_empty() {
        // Fuzz targets are no tests of cargo's, and open parts of the API to themselves.
        cargo(&words("--workspace --exclude frontdesk-fuzz"), "sqlite")?
            && cargo(&words("--package frontdesk-tests"), "postgres")?
    } else {
        let state = std::env::var(STATE).unwrap_or_else(|_| "sqlite".to_owned());
        cargo(arguments, &state)?
    };
    if !passed {
        return Err(Failure::new("some tests failed; cargo names them above"));
    }
    if arguments.is_empty() {
        fuzz::briefly()?;
    }
    Ok(())
}
