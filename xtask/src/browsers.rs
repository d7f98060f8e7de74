//! The browsers of the tests, their drivers, and what looks pages over in them.
//!
//! It must not know what the tests do with them.

use std::fs;
use std::path::PathBuf;
use std::process::Command;

use serde_json::Value;

use crate::build;
use crate::failure::Result;
use crate::progress::step;
use crate::tools::{debian, must};

/// What holds pages against the rules of WCAG, of npm. Pinned, so that tests stay the same: it
/// stands by itself.
const AXE: &str = "4.14.1";

/// What looks pages over for more than WCAG, of npm. Pinned as well, but not what it is built on:
/// of that, npm takes the newest that Lighthouse allows on the day it is installed.
const LIGHTHOUSE: &str = "12.2.3";

/// What drives Firefox, of crates.io. Pinned, with all that its own lock file names.
const GECKODRIVER: &str = "0.37.1";

/// Sees to Chromium and its driver.
pub(crate) fn chromium() -> Result<()> {
    debian(
        "Chromium",
        &["chromium", "chromedriver"],
        &["chromium", "chromium-driver"],
    )
}

/// Sees to Firefox, and returns its driver.
pub(crate) fn firefox() -> Result<PathBuf> {
    debian("Firefox", &["firefox-esr"], &["firefox-esr"])?;
    let folder = build::output().join("geckodriver");
    let driver = folder.join("bin/geckodriver");
    let asked = Command::new(&driver).arg("--version").output();
    let told = asked.map(|asked| asked.stdout).unwrap_or_default();
    let wanted = format!("geckodriver {GECKODRIVER}");
    if String::from_utf8_lossy(&told).starts_with(&wanted) {
        return Ok(driver);
    }
    step("compiling geckodriver", || {
        let mut cargo = build::cargo();
        // It waits for Firefox most of the time: how fast it is itself does not matter.
        cargo.args(["install", "--locked", "--debug", "--force", "--root"]);
        cargo.arg(&folder).arg(format!("geckodriver@{GECKODRIVER}"));
        cargo.env("CARGO_PROFILE_DEV_DEBUG", "0");
        must(&mut cargo, &format!("install {wanted} with cargo"))
    })?;
    Ok(driver)
}

/// Sees to the browser that comes with `WebKitGTK`, its driver, and a screen for it.
pub(crate) fn webkit() -> Result<()> {
    debian(
        "WebKit",
        &["WebKitWebDriver", "Xvfb", "matchbox-window-manager"],
        &["webkit2gtk-driver", "xvfb", "matchbox-window-manager"],
    )
}

/// Sees to Lynx, a browser for text terminals.
pub(crate) fn lynx() -> Result<()> {
    debian("Lynx", &["lynx"], &["lynx"])
}

/// Sees to axe-core, and returns the script.
pub(crate) fn axe() -> Result<PathBuf> {
    npm("axe-core", AXE, "node_modules/axe-core/axe.min.js")
}

/// Sees to Lighthouse, and returns the program.
pub(crate) fn lighthouse() -> Result<PathBuf> {
    npm("lighthouse", LIGHTHOUSE, "node_modules/.bin/lighthouse")
}

/// Sees to a package of npm, and returns one of its files. Each package has a folder of its
/// own: npm takes away what it was not asked for.
fn npm(name: &str, version: &str, file: &str) -> Result<PathBuf> {
    let folder = build::output().join("npm").join(name);
    let file = folder.join(file);
    let description = folder.join("node_modules").join(name).join("package.json");
    let described = fs::read_to_string(description).unwrap_or_default();
    let described: Value = serde_json::from_str(&described).unwrap_or_default();
    if described["version"] == version && file.is_file() {
        return Ok(file);
    }
    debian("npm", &["npm"], &["npm"])?;
    let wanted = format!("{name}@{version}");
    step(&format!("installing {name}"), || {
        let mut npm = Command::new("npm");
        npm.args(["install", "--no-save", "--ignore-scripts", "--no-audit"]);
        npm.arg("--prefix").arg(&folder).arg(&wanted);
        must(&mut npm, &format!("install {wanted} with npm"))
    })?;
    Ok(file)
}
