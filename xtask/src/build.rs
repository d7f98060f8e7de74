//! Calling cargo, and finding what it made.
//!
//! It must not know what the artifacts are for.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use crate::failure::{During, Failure, Result};

/// The repository's root.
pub(crate) fn root() -> &'static Path {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    here.parent().unwrap_or(here)
}

/// Where what people may want to look at is put: the site, the widget.
pub(crate) fn output() -> PathBuf {
    root().join("target/frontdesk")
}

/// How variables begin by which cargo tells a program of itself. Handed on, they are a
/// change to build scripts that look at them, and half of everything is built anew.
const ABOUT_US: [&str; 2] = ["CARGO_PKG_", "CARGO_MANIFEST_"];

/// A `cargo` command that works on this repository.
pub(crate) fn cargo() -> Command {
    // The very cargo that runs us, so that toolchains do not mix.
    let program = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let mut cargo = Command::new(program);
    cargo.current_dir(root());
    for (name, _) in std::env::vars_os() {
        let text = name.to_string_lossy();
        if ABOUT_US.iter().any(|start| text.starts_with(start)) {
            cargo.env_remove(&name);
        }
    }
    cargo
}

/// Runs `cargo build` with `arguments`, and returns the files that it made or
/// found fresh, the main package's last. Cargo tells its progress on standard error.
pub(crate) fn build(arguments: &[&str]) -> Result<Vec<PathBuf>> {
    build_with(arguments, &[])
}

/// Like [`build`], with these paths in cargo's environment.
pub(crate) fn build_with(arguments: &[&str], env: &[(&str, &Path)]) -> Result<Vec<PathBuf>> {
    let output = cargo()
        .args(["build", "--message-format=json-render-diagnostics"])
        .args(arguments)
        .envs(env.iter().copied())
        .stderr(Stdio::inherit())
        .output()
        .during("start cargo")?;
    if !output.status.success() {
        return Err(Failure::new(format!(
            "`cargo build {}` failed; its own words are above",
            arguments.join(" ")
        )));
    }
    Ok(artifacts(&String::from_utf8_lossy(&output.stdout)))
}

/// Builds one binary and returns its path.
pub(crate) fn binary(package: &str, profile: &str) -> Result<PathBuf> {
    let files = build(&["--package", package, "--bin", package, "--profile", profile])?;
    named(files, package)
}

/// The binary of that name among the files that cargo has made.
pub(crate) fn named(files: Vec<PathBuf>, name: &str) -> Result<PathBuf> {
    let is_binary = |file: &PathBuf| file.file_stem().is_some_and(|stem| stem == name);
    let found = files.into_iter().rev().find(is_binary);
    found.ok_or_else(|| Failure::new(format!("cargo built no binary `{name}`")))
}

/// The files that cargo's JSON messages name.
fn artifacts(messages: &str) -> Vec<PathBuf> {
    let messages = messages.lines();
    let parsed = messages.filter_map(|line| serde_json::from_str::<serde_json::Value>(line).ok());
    let artifacts = parsed.filter(|message| message["reason"] == "compiler-artifact");
    let mut files = Vec::new();
    for artifact in artifacts {
        let names = artifact["filenames"].as_array().cloned();
        let names = names.unwrap_or_default();
        files.extend(
            names
                .iter()
                .filter_map(|name| name.as_str())
                .map(PathBuf::from),
        );
    }
    files
}

#[cfg(test)]
mod tests {
    use super::artifacts;
    use std::path::Path;

    #[test]
    fn artifacts_are_read_from_cargos_messages() {
        let messages = concat!(
            r#"{"reason":"compiler-artifact","filenames":["/t/libx.rlib"]}"#,
            "\nnot json\n",
            r#"{"reason":"build-finished","success":true}"#,
            "\n",
            r#"{"reason":"compiler-artifact","filenames":["/t/x"]}"#,
        );
        assert_eq!(
            artifacts(messages),
            [Path::new("/t/libx.rlib"), Path::new("/t/x")]
        );
    }
}
