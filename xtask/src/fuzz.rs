//! `fuzz`: random inputs against what every parser promises, with libFuzzer.
//!
//! libFuzzer needs coverage in the code that it tests. cargo-fuzz gets it with
//! flags of a nightly compiler; `fuzz/instrumented-rustc` passes the same to the
//! stable one, for our own crates only. It must not know what a target does.

use std::path::{Path, PathBuf};
use std::process::Command;

use crate::build;
use crate::failure::{During, Failure, Result};
use crate::progress::step;
use crate::tools;

const PROGRAM: &str = "frontdesk-fuzz";
/// Seconds for each target among the tests: enough to try every seed and what is near.
const BRIEFLY: u32 = 5;

/// What to do with which target.
pub(crate) struct Options {
    /// One target; without it, each.
    pub(crate) target: Option<String>,
    /// How long to try new inputs, for each target.
    pub(crate) seconds: u32,
    /// Only this input, once.
    pub(crate) input: Option<PathBuf>,
}

/// Builds the targets and tries inputs; new ones that reach more code are kept in
/// `target/frontdesk/fuzz/TARGET`, and are where the next run goes on.
pub(crate) fn run(options: &Options) -> Result<()> {
    let targets = targets()?;
    let chosen: Vec<_> = match &options.target {
        None => targets.clone(),
        Some(name) => targets.iter().filter(|it| *it == name).cloned().collect(),
    };
    if chosen.is_empty() {
        let known = targets.join(", ");
        return Err(Failure::new(format!(
            "there is no such target; there are {known}"
        )));
    }
    let program = program()?;
    for target in &chosen {
        let mut fuzzer = fuzzer(&program, target)?;
        if let Some(input) = &options.input {
            fuzzer.arg(input);
        } else {
            let found = folder(target)?;
            let seconds = limit(options.seconds);
            fuzzer.arg(seconds).arg(found).arg(seeds(target));
        }
        holds(fuzzer, target)?;
    }
    Ok(())
}

/// Tries every seed of every target, and for a short time what is near them.
pub(crate) fn briefly() -> Result<()> {
    let program = program()?;
    for target in targets()? {
        step(&format!("fuzzing {target}"), || {
            // Seeds only, and nothing of earlier runs: the same for everybody.
            let new = tempfile::tempdir().during("make a folder for inputs")?;
            let mut fuzzer = fuzzer(&program, &target)?;
            fuzzer.args(["-verbosity=0", &limit(BRIEFLY)]);
            fuzzer.arg(new.path()).arg(seeds(&target));
            holds(fuzzer, &target)
        })?;
    }
    Ok(())
}

/// Every target has a folder of seeds by its name.
fn targets() -> Result<Vec<String>> {
    let folder = build::root().join("fuzz/corpus");
    let entries = std::fs::read_dir(&folder).during("read fuzz/corpus")?;
    let names = entries.map(|entry| entry.map(|it| it.file_name().to_string_lossy().into_owned()));
    let mut names: Vec<_> = names
        .collect::<std::io::Result<_>>()
        .during("read fuzz/corpus")?;
    names.sort();
    Ok(names)
}

fn seeds(target: &str) -> PathBuf {
    build::root().join("fuzz/corpus").join(target)
}

/// A folder of its own for what is found.
fn folder(name: &str) -> Result<PathBuf> {
    let folder = build::output().join("fuzz").join(name);
    std::fs::create_dir_all(&folder).during("make a folder for inputs")?;
    Ok(folder)
}

fn limit(seconds: u32) -> String {
    format!("-max_total_time={seconds}")
}

fn program() -> Result<PathBuf> {
    // libFuzzer is written in C++.
    tools::debian("a C++ compiler", &["c++"], &["g++"])?;
    let wrapper = build::root().join("fuzz/instrumented-rustc");
    step("building the fuzz targets", || {
        // The whole workspace, so that features and thus crates are those of the tests.
        let arguments = ["--workspace", "--bin", PROGRAM];
        build::build_with(&arguments, &[("RUSTC_WORKSPACE_WRAPPER", &wrapper)])
            .and_then(|files| build::named(files, PROGRAM))
    })
}

/// libFuzzer on one target, with bounds on what an input may take.
fn fuzzer(program: &Path, target: &str) -> Result<Command> {
    let crashes = folder("crashes")?;
    let mut fuzzer = Command::new(program);
    fuzzer.env("FRONTDESK_FUZZ_TARGET", target);
    fuzzer.args(["-max_len=4096", "-rss_limit_mb=1024", "-timeout=10"]);
    fuzzer.arg(format!("-artifact_prefix={}/{target}-", crashes.display()));
    Ok(fuzzer)
}

fn holds(mut fuzzer: Command, target: &str) -> Result<()> {
    if fuzzer.status().during("start the fuzzer")?.success() {
        return Ok(());
    }
    Err(Failure::new(format!(
        "`{target}` breaks a promise; the input is in the file that is named above. \
         To try it again: cargo xtask fuzz {target} --input FILE"
    )))
}
