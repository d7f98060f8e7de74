//! What Lighthouse finds wrong with a page.
//!
//! It opens the page by itself, in a tab of its own. It must not know which page that is.

use std::process::Command;

use serde_json::Value;

use super::Browser;
use crate::preview::built;

/// What is asked, and that nothing is waited for but the page itself: its speed is measured
/// elsewhere. A page that is not there is a page of ours, too.
const CONFIG: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/src/browser/lighthouse.json");

/// The same parts, in which the report tells them.
const CATEGORIES: [&str; 2] = ["accessibility", "best-practices"];

/// What Lighthouse says about a page.
#[derive(Clone, Debug)]
pub struct Report {
    /// The version of Lighthouse.
    pub version: String,
    /// What counts and is not right: the category, the audit, and its places.
    pub faults: Vec<String>,
    /// How many audits counted.
    pub counted: usize,
}

impl Browser {
    /// Holds a page of the server against Lighthouse.
    ///
    /// # Panics
    /// When Lighthouse is not there (`cargo xtask test` brings it) or tells nothing.
    #[track_caller]
    pub fn lighthouse(&self, path: &str) -> Report {
        let session = self.session.as_ref().expect("an open browser");
        let told = session.capabilities();
        let told = told.and_then(|it| it["goog:chromeOptions"]["debuggerAddress"].as_str());
        let (host, port) = told
            .and_then(|it| it.split_once(':'))
            .expect("Chromium tells where it listens");
        let ran = Command::new(built("FRONTDESK_LIGHTHOUSE"))
            .arg(format!("{}{path}", self.base))
            .args(["--hostname", host, "--port", port])
            .args(["--config-path", CONFIG])
            .args(["--output=json", "--quiet", "--no-enable-error-reporting"])
            .output()
            .expect("Lighthouse starts");
        let report: Value = serde_json::from_slice(&ran.stdout).unwrap_or_else(|error| {
            let words = String::from_utf8_lossy(&ran.stderr);
            panic!("Lighthouse should tell of {path}: {error}: {words}")
        });
        assert!(
            report["runtimeError"].is_null(),
            "{}",
            report["runtimeError"]
        );
        Report::of(&report)
    }
}

impl Report {
    fn of(report: &Value) -> Self {
        let mut faults = Vec::new();
        let mut counted = 0;
        for category in CATEGORIES {
            let audits = report["categories"][category]["auditRefs"].as_array();
            for asked in audits.into_iter().flatten() {
                let id = asked["id"].as_str().unwrap_or_default();
                let audit = &report["audits"][id];
                if asked["weight"] == 0 || audit["score"].is_null() {
                    continue;
                }
                counted += 1;
                if audit["score"] != 1 {
                    let places = &audit["details"]["items"];
                    faults.push(format!("{category}: {id}: {}: {places}", audit["title"]));
                }
            }
        }
        let version = report["lighthouseVersion"].as_str().unwrap_or_default();
        Self {
            version: version.to_owned(),
            faults,
            counted,
        }
    }
}
