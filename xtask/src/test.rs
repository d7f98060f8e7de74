//! `test`: every test there is, with all that they need.
//!
//! A part that cannot run makes the command fail and is named; nothing is
//! skipped in silence.

use crate::build;
use crate::failure::{During, Failure, Result};
use crate::postgres::{Fsync, Postgres};
use crate::progress::step;
use crate::{browsers, evidence, fuzz, site, tools};

/// Where tests keep state: which database the end-to-end tests are about.
const STATE: &str = "FRONTDESK_STATE";

/// Fuzz targets are no tests of cargo's, and open parts of the API to themselves.
const PACKAGES: [&str; 3] = ["--workspace", "--exclude", "frontdesk-fuzz"];

/// What is run when nothing is said: on which database, and which tests of
/// [`PACKAGES`], the same in each, or what they share is built anew. Answers are timed
/// at the end, while nothing else runs: beside other tests, differences drown.
const EVERYTHING: [(&str, &[&str]); 4] = [
    ("sqlite", &["--", "--skip", TIMING]),
    ("postgres", ON_POSTGRES),
    ("sqlite", TIMED),
    ("postgres", TIMED),
];
/// What is about the screen is the same on any database: once is enough for the other
/// browsers, and for looking pages over.
const ON_POSTGRES: &[&str] = &[
    "--test",
    "e2e",
    "--",
    "--skip",
    TIMING,
    "--skip",
    "firefox::",
    "--skip",
    "webkit::",
    "--skip",
    "accessibility::",
];
const TIMED: &[&str] = &["--test", "e2e", "--", "--test-threads=1", TIMING];
/// No other module of tests may have this name, nor those of [`ON_POSTGRES`].
const TIMING: &str = "timing::";

/// Builds what the tests look at, then runs `cargo test` with `arguments`; with
/// none, the tests of every package, those from end to end on either database, and
/// each fuzz target for a short time.
pub(crate) fn run(arguments: &[String]) -> Result<()> {
    browsers::chromium()?;
    browsers::lynx()?;
    let axe = browsers::axe()?;
    let lighthouse = browsers::lighthouse()?;
    let geckodriver = browsers::firefox()?;
    browsers::webkit()?;
    let evidence = evidence::begin()?;
    tools::spanish_dictionary()?;
    let python = tools::python()?;
    let site = site::build()?;
    let builder = site::builder()?;
    let postgres = step("starting PostgreSQL", || Postgres::start(Fsync::Off))?;
    // Ctrl-C ends cargo, and then us, with everything put away.
    ctrlc::set_handler(|| {}).during("listen for Ctrl-C")?;
    let cargo = |arguments: &[String], state: &str| -> Result<()> {
        let status = build::cargo()
            .arg("test")
            .args(arguments)
            .env("FRONTDESK_SITE", &site)
            .env("FRONTDESK_SITE_BUILDER", &builder)
            .env("FRONTDESK_AXE", &axe)
            .env("FRONTDESK_LIGHTHOUSE", &lighthouse)
            .env("FRONTDESK_GECKODRIVER", &geckodriver)
            .env("FRONTDESK_EVIDENCE", &evidence)
            .env("FRONTDESK_AIOSMTPD_PYTHON", &python)
            .env("FRONTDESK_SCHEMATHESIS_PYTHON", &python)
            .env("FRONTDESK_RECORDS_PYTHON", &python)
            .env("FRONTDESK_POSTGRES", postgres.url())
            .env(STATE, state)
            .status()
            .during("start cargo")?;
        if status.success() {
            return Ok(());
        }
        Err(Failure::new("some tests failed; cargo names them above"))
    };
    if !arguments.is_empty() {
        let state = std::env::var(STATE).unwrap_or_else(|_| "sqlite".to_owned());
        let tested = cargo(arguments, &state);
        print!("{}", evidence::read(&evidence)?);
        return tested;
    }
    let tested = EVERYTHING.into_iter().try_for_each(|(state, tests)| {
        println!("… tests on {state}: {}", tests.join(" "));
        let arguments = PACKAGES.iter().chain(tests).map(|word| (*word).to_owned());
        cargo(&arguments.collect::<Vec<_>>(), state)
    });
    let seen = evidence::read(&evidence)?;
    print!("{seen}");
    tested?;
    seen.must_be_whole()?;
    fuzz::briefly()
}
