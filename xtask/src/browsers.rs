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

/// What holds pages against the rules of WCAG, of npm. Pinned, so that tests stay the same.
const AXE: &str = "4.14.1";

/// What drives Firefox, of crates.io. Pinned as well.
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
    let folder = build::output().join("npm");
    let package = folder.join("node_modules/axe-core");
    let script = package.join("axe.min.js");
    let described = fs::read_to_string(package.join("package.json")).unwrap_or_default();
    let described: Value = serde_json::from_str(&described).unwrap_or_default();
    if described["version"] == AXE && script.is_file() {
        return Ok(script);
    }
    debian("npm", &["npm"], &["npm"])?;
    let wanted = format!("axe-core@{AXE}");
    step("installing axe-core", || {
        let mut npm = Command::new("npm");
        npm.args(["install", "--no-save", "--ignore-scripts", "--no-audit"]);
        npm.arg("--prefix").arg(&folder).arg(&wanted);
        must(&mut npm, &format!("install {wanted} with npm"))
    })?;
    Ok(script)
}
