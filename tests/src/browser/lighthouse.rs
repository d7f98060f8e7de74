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
    /// What counts and is not right: the category, the audit, and its places. Where nothing is,
    /// the score of each category is 1, which people are shown as 100.
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
            let before = faults.len();
            for asked in audits.into_iter().flatten() {
                let id = asked["id"].as_str().unwrap_or_default();
                let audit = &report["audits"][id];
                if asked["weight"] == 0 {
                    continue;
                }
                // An audit that ended in an error has no score, like one that has nothing to say.
                if audit["scoreDisplayMode"] == "error" {
                    faults.push(format!("{category}: {id}: {}", audit["errorMessage"]));
                } else if !audit["score"].is_null() {
                    counted += 1;
                    if audit["score"] != 1 {
                        let places = &audit["details"]["items"];
                        faults.push(format!("{category}: {id}: {}: {places}", audit["title"]));
                    }
                }
            }
            let score = &report["categories"][category]["score"];
            if faults.len() == before && *score != 1 {
                faults.push(format!(
                    "{category}: its score is {score}, and nothing says why"
                ));
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

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    /// What is told of one audit, where the other category is whole.
    fn faults(score: &Value, audit: &Value) -> Vec<String> {
        let report = json!({
            "categories": {
                "accessibility": {
                    "score": score,
                    "auditRefs": [{ "id": "label", "weight": 7 }],
                },
                "best-practices": { "score": 1, "auditRefs": [] },
            },
            "audits": { "label": audit },
        });
        Report::of(&report).faults
    }

    #[test]
    fn an_audit_that_is_right_or_has_nothing_to_say_is_no_fault() {
        let right = json!({ "score": 1, "scoreDisplayMode": "binary" });
        let silent = json!({ "score": null, "scoreDisplayMode": "notApplicable" });
        for audit in [right, silent] {
            assert_eq!(faults(&json!(1), &audit), [""; 0], "{audit}");
        }
    }

    #[test]
    fn an_audit_that_ended_in_an_error_is_a_fault() {
        let audit = json!({
            "score": null, "scoreDisplayMode": "error", "errorMessage": "no such artifact",
        });
        let told = faults(&Value::Null, &audit);
        assert_eq!(told, [r#"accessibility: label: "no such artifact""#]);
    }

    #[test]
    fn a_score_below_one_is_a_fault_whatever_the_audits_say() {
        let audit = json!({ "score": 1, "scoreDisplayMode": "binary" });
        for score in [json!(0.99), Value::Null] {
            let told = faults(&score, &audit);
            assert_eq!(told.len(), 1, "{told:?}");
            assert!(
                told[0].starts_with("accessibility: its score is "),
                "{told:?}"
            );
        }
    }
}
