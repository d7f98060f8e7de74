//! `test`: every test there is, with all that they need.
//!
//! A part that cannot run makes the command fail and is named; nothing is
//! skipped in silence.

use crate::build;
use crate::failure::{During, Failure, Result};
use crate::{site, tools};

/// Builds what the tests look at, then runs `cargo test` with `arguments`; with
/// none, the tests of every package.
pub(crate) fn run(arguments: &[String]) -> Result<()> {
    tools::browser()?;
    let python = tools::mail_server()?;
    let site = site::build()?;
    let mut cargo = build::cargo();
    cargo.arg("test");
    if arguments.is_empty() {
        cargo.arg("--workspace");
    }
    let status = cargo
        .args(arguments)
        .env("FRONTDESK_SITE", site)
        .env("FRONTDESK_AIOSMTPD_PYTHON", python)
        .status()
        .during("start cargo")?;
    if status.success() {
        return Ok(());
    }
    Err(Failure::new("some tests failed; cargo names them above"))
}
