//! Building the widget: from Rust and a loader to the files that a page fetches.
//!
//! cargo makes WebAssembly, `wasm-bindgen` the glue around it, [`glue`] closes that off, [`files`] gives
//! each file its content's hash as a name and the loader their names and digests.
//! It must not know what the widget does.

mod files;
mod glue;
mod loader;
mod styles;

use std::path::{Path, PathBuf};
use std::process::Command;

use wasm_bindgen_cli_support::Bindgen;

pub(crate) use files::LOADER_NAME;

use crate::build;
use crate::failure::{During, Failure, Result};
use crate::progress::step;

/// WebAssembly 1.0 and nothing newer: phones of 2017 have it.
const TARGET: &str = "wasm32v1-none";

/// Builds the widget and returns the folder that holds its files.
pub(crate) fn build() -> Result<PathBuf> {
    let folder = build::output().join("static/widget");
    add_target()?;
    step("building the widget", || {
        let wasm = compile()?;
        let bound = bind(&wasm)?;
        files::write(&folder, &bound)
    })?;
    Ok(folder)
}

/// What `wasm-bindgen` makes of the compiled module.
struct Bound {
    glue: String,
    wasm: Vec<u8>,
}

/// Gets the target's standard library where it is missing.
fn add_target() -> Result<()> {
    let sysroot = Command::new("rustc")
        .current_dir(build::root())
        .args(["--print", "target-libdir", "--target", TARGET])
        .output()
        .during("ask rustc for its folders")?;
    let folder = PathBuf::from(String::from_utf8_lossy(&sysroot.stdout).trim());
    if folder.is_dir() {
        return Ok(());
    }
    step("getting Rust's WebAssembly target", || {
        let status = Command::new("rustup")
            .current_dir(build::root())
            .args(["target", "add", TARGET])
            .status();
        match status {
            Ok(status) if status.success() => Ok(()),
            _ => Err(Failure::new(format!(
                "Rust cannot compile to WebAssembly yet: run `rustup target add {TARGET}`, then try again"
            ))),
        }
    })
}

fn compile() -> Result<PathBuf> {
    let arguments = [
        "--package",
        "widget",
        "--profile",
        "widget",
        "--target",
        TARGET,
    ];
    let files = build::build(&arguments)?;
    let is_wasm = |file: &PathBuf| file.extension().is_some_and(|kind| kind == "wasm");
    let found = files.into_iter().rev().find(is_wasm);
    found.ok_or_else(|| Failure::new("cargo built no WebAssembly for the widget"))
}

/// The library has the version of the `wasm-bindgen` that the widget links; a
/// separate tool would have to be installed in just that version.
fn bind(wasm: &Path) -> Result<Bound> {
    let mut bindgen = Bindgen::new();
    bindgen
        .input_path(wasm)
        .typescript(false)
        .remove_name_section(true)
        .remove_producers_section(true);
    // For bundlers, the glue holds no code that loads the module: our loader does that.
    let bindgen = bindgen.bundler(true).during("set wasm-bindgen up")?;
    let mut output = bindgen.generate_output().during("bind the widget")?;
    let glue = output.start().cloned();
    let glue = glue.ok_or_else(|| Failure::new("wasm-bindgen made no glue for the widget"))?;
    let mut names = Vec::new();
    for import in output.wasm_mut().imports.iter_mut() {
        let short = glue::short(names.len());
        import.module.clear();
        names.push(std::mem::replace(&mut import.name, short));
    }
    let glue = glue::enclosed(&glue, &names)?;
    Ok(Bound {
        glue,
        wasm: output.wasm_mut().emit_wasm(),
    })
}
