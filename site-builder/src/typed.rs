//! How people type the commands of this program, so that what they are told to type works.

use std::sync::OnceLock;

/// The beginning of each command, where it is not the program's name.
static BEGINNING: OnceLock<&'static str> = OnceLock::new();

/// Says that the program was started by Cargo, in its own project: the guide for editors has the
/// commands in that form.
pub(crate) fn by_cargo() {
    let _ = BEGINNING.set("cargo run -p site-builder --");
}

/// A command, ready to be typed.
pub(crate) fn command(arguments: &str) -> String {
    let beginning = BEGINNING.get().unwrap_or(&"site-builder");
    format!("{beginning} {arguments}")
}
