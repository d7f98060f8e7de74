//! What tests have seen through, for whoever asks what holds in which browser.
//!
//! A line is written only when a test has come to the end of what it says; `cargo xtask
//! test` makes a table of them. It must not decide what is enough.

use std::fs::OpenOptions;
use std::io::Write as _;

use protocol::{FlowKind, Locale};

use crate::preview::built;
use crate::{Browser, Scripts};

/// Writes down that a person has finished a flow in this browser, by `means`.
pub fn finished(browser: &Browser, means: &str, kind: FlowKind, locale: Locale) {
    let scripts = match browser.scripts() {
        Scripts::On => "on",
        Scripts::Off => "off",
    };
    let how = format!("scripts {scripts}, {means}");
    let (kind, locale) = (kind.as_str(), locale.as_str());
    write(&["flow", &browser.version(), &how, kind, locale]);
}

/// Writes down that `by` found nothing on so many screens of this browser.
pub fn found_nothing(browser: &Browser, by: &str, screens: usize) {
    let version = browser.version();
    write(&["screens", &version, by, &screens.to_string()]);
}

/// Adds a line: its fields, with tabs in between.
fn write(fields: &[&str]) {
    let file = built("FRONTDESK_EVIDENCE");
    let line = format!("{}\n", fields.join("\t"));
    let mut options = OpenOptions::new();
    let written = options.create(true).append(true).open(&file);
    let written = written.and_then(|mut file| file.write_all(line.as_bytes()));
    written.unwrap_or_else(|error| panic!("{} is not written: {error}", file.display()));
}
