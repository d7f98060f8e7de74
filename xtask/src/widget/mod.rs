//! Building the widget: from Rust and a loader to the files that a page fetches.
//!
//! cargo makes WebAssembly, `wasm-bindgen` the glue around it, [`files`] gives
//! each file its content's hash as a name and the loader their names and digests.
//! It must not know what the widget does.

mod files;
mod loader;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use wasm_bindgen_cli_support::Bindgen;

use crate::build;
use crate::failure::{During, Failure, Result};
use crate::progress::step;

const TARGET: &str = "wasm32-unknown-unknown";

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
    let mut module = fs::read(wasm).during(format_args!("read {}", wasm.display()))?;
    disown_features(&mut module);
    let mut bindgen = Bindgen::new();
    bindgen
        .input_bytes("verify_widget", module)
        .typescript(false)
        .remove_name_section(true)
        .remove_producers_section(true);
    let bindgen = bindgen.web(true).during("set wasm-bindgen up")?;
    let mut output = bindgen.generate_output().during("bind the widget")?;
    Ok(Bound {
        glue: output.js().to_owned(),
        wasm: output.wasm_mut().emit_wasm(),
    })
}

/// Says in the module's `target_features` section that two features are unused.
///
/// Our own code is compiled without them (`.cargo/config.toml` says why), but
/// Rust's precompiled library names them for the whole module, and then
/// `wasm-bindgen` looks for support code that is not there. If some code did
/// use them, the module would not pass the browser's validation.
fn disown_features(module: &mut [u8]) {
    for feature in ["+\x0freference-types", "+\x0amultivalue"] {
        let mut windows = module.windows(feature.len());
        if let Some(at) = windows.rposition(|window| window == feature.as_bytes()) {
            module[at] = b'-';
        }
    }
}

#[cfg(test)]
mod tests {
    use super::disown_features;

    #[test]
    fn only_the_two_features_are_disowned() {
        let mut section = *b"\x03+\x0amultivalue+\x0freference-types+\x08sign-ext";
        disown_features(&mut section);
        assert_eq!(
            &section,
            b"\x03-\x0amultivalue-\x0freference-types+\x08sign-ext"
        );
    }
}
