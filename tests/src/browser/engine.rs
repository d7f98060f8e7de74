//! Which browsers there are, and how each is asked for.
//!
//! It must not know what a test does in one.

use std::fmt;

use serde_json::{Map, Value, json};
use tempfile::TempDir;

use super::Scripts;
use super::driver::FIREFOX;

/// The width and height of a common phone, in CSS pixels. Windows of Firefox get no
/// narrower than 500.
pub(super) const PHONE: (u32, u32) = (390, 844);

/// What a browser of the tests is built on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Engine {
    /// As in Chrome, Edge and Samsung Internet.
    Chromium,
    /// As in Firefox: its release with long support.
    Firefox,
    /// As in Safari; here the small browser that comes with `WebKitGTK`.
    WebKit,
}

impl Engine {
    /// What is asked of a browser that keeps its files in `profile`.
    pub(super) fn capabilities(self, profile: &TempDir, scripts: Scripts) -> Map<String, Value> {
        let capabilities = match self {
            Self::Chromium => chromium(profile, scripts),
            Self::Firefox => firefox(scripts),
            Self::WebKit => webkit(scripts),
        };
        capabilities.as_object().cloned().unwrap_or_default()
    }
}

impl fmt::Display for Engine {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Chromium => "Chromium",
            Self::Firefox => "Firefox",
            Self::WebKit => "WebKitGTK",
        })
    }
}

fn chromium(profile: &TempDir, scripts: Scripts) -> Value {
    let (width, height) = PHONE;
    let preference = match scripts {
        Scripts::On => 1,
        Scripts::Off => 2,
    };
    json!({
        "goog:loggingPrefs": { "browser": "ALL" },
        "goog:chromeOptions": {
            "args": [
                "--headless",
                // The tests run as root, too, in containers.
                "--no-sandbox",
                "--disable-dev-shm-usage",
                "--disable-gpu",
                "--disable-quic",
                "--no-first-run",
                // A test's browser has nobody to talk to but the test's server.
                "--disable-background-networking",
                "--disable-component-update",
                "--disable-sync",
                format!("--user-data-dir={}", profile.path().display()),
            ],
            "mobileEmulation": {
                "deviceMetrics": { "width": width, "height": height, "pixelRatio": 1.0, "touch": false },
            },
            "prefs": { "profile.managed_default_content_settings.javascript": preference },
        },
    })
}

/// Its driver makes a profile of its own, in which nothing is fetched from elsewhere.
fn firefox(scripts: Scripts) -> Value {
    json!({
        "moz:firefoxOptions": {
            "binary": FIREFOX,
            "args": ["-headless"],
            "prefs": { "javascript.enabled": scripts == Scripts::On },
        },
    })
}

fn webkit(scripts: Scripts) -> Value {
    let scripts = scripts == Scripts::On;
    json!({
        "webkitgtk:browserOptions": {
            "args": ["--automation", format!("--enable-javascript-markup={scripts}")],
        },
    })
}
