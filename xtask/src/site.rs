//! Building the help center with the site builder.
//!
//! It must not know how a site is rendered.

use std::path::PathBuf;
use std::process::Command;

use crate::build;
use crate::failure::{During, Failure, Result};
use crate::progress::step;
use crate::widget;

/// Builds the widget and the site around it, and returns the site's folder.
///
/// Its links begin at the root, so that it works at whatever port serves it.
pub(crate) fn build() -> Result<PathBuf> {
    let widget = widget::build()?;
    let folder = build::output().join("site");
    let builder = builder()?;
    step("building the help center", || {
        let output = Command::new(builder)
            .current_dir(build::root())
            .args(["build", "--root", ".", "--base-url", "/", "--static"])
            .arg(widget.parent().unwrap_or(&widget))
            .arg("--output")
            .arg(&folder)
            .output()
            .during("start the site builder")?;
        if output.status.success() {
            return Ok(());
        }
        eprint!("{}", String::from_utf8_lossy(&output.stderr));
        Err(Failure::new(
            "the help center has errors; the site builder's findings are above",
        ))
    })?;
    Ok(folder)
}

/// Compiles the site builder, and returns where it is.
pub(crate) fn builder() -> Result<PathBuf> {
    step("compiling the site builder", || {
        build::binary("site-builder", "dev")
    })
}
