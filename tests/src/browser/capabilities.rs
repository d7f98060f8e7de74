//! How Chromium is started: without a window, as a phone, talking to nobody.

use serde_json::{Value, json};
use tempfile::TempDir;

use super::Scripts;

/// The width and height of a common phone, in CSS pixels.
pub(super) const PHONE: (u32, u32) = (390, 844);

/// What is asked of a browser that keeps its files in `profile`.
pub(super) fn of(profile: &TempDir, scripts: Scripts) -> serde_json::Map<String, Value> {
    let (width, height) = PHONE;
    let preference = match scripts {
        Scripts::On => 1,
        Scripts::Off => 2,
    };
    let capabilities = json!({
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
    });
    capabilities.as_object().cloned().unwrap_or_default()
}
