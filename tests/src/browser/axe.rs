//! What axe-core finds wrong with the page on the screen.
//!
//! It must not know which page that is, and leaves nothing out: a finding is
//! mended in the page.

use serde_json::{Value, json};

use super::Browser;
use crate::preview::built;

/// Which of its rules are asked: WCAG 2.2 at level AA holds all that the earlier
/// editions ask, and beside it is what its authors have learned.
const TAGS: [&str; 6] = [
    "wcag2a",
    "wcag2aa",
    "wcag21a",
    "wcag21aa",
    "wcag22aa",
    "best-practice",
];

/// The rules among them that are about colors.
const OF_COLORS: [&str; 2] = ["color-contrast", "link-in-text-block"];

/// Runs the rules, and tells what is found in short: the last argument takes the answer.
const RUN: &str = "const done = arguments[arguments.length - 1];
    const tell = (results) => results.map((rule) => ({
        id: rule.id,
        help: rule.help,
        nodes: rule.nodes.map((node) => node.target.join(' ') + ': '
            + node.any.concat(node.all, node.none).map((check) => check.message).join('; ')),
    }));
    axe.run(document, arguments[0]).then(
        (found) => done({
            version: found.testEngine.version,
            passes: found.passes.length,
            violations: tell(found.violations),
            incomplete: tell(found.incomplete),
        }),
        (error) => done({ error: String(error) }));";

/// Which rules are asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Rules {
    /// Each of them.
    All,
    /// Those about colors: for a page that differs in nothing else from one that all
    /// rules were held against.
    OfColors,
}

/// What was found on a page.
#[derive(Clone, Debug)]
pub struct Audit {
    /// The version of axe-core.
    pub version: String,
    /// How many rules found what they are about, and nothing wrong with it.
    pub passes: u64,
    /// What is wrong: the rule, and each place.
    pub violations: Vec<String>,
    /// What axe-core cannot decide by itself.
    pub undecided: Vec<String>,
}

impl Browser {
    /// Holds the page on the screen against axe-core.
    ///
    /// # Panics
    /// When axe-core is not there (`cargo xtask test` brings it) or does not run.
    #[track_caller]
    pub fn audit(&self, rules: Rules) -> Audit {
        if self.script("return typeof axe", Vec::new()) == "undefined" {
            let file = built("FRONTDESK_AXE");
            let source = std::fs::read_to_string(&file).expect("axe-core is read");
            self.script(&source, Vec::new());
        }
        let only = match rules {
            Rules::All => json!({ "type": "tag", "values": TAGS }),
            Rules::OfColors => json!({ "type": "rule", "values": OF_COLORS }),
        };
        let asked = vec![json!({ "runOnly": only })];
        let found = self.run("run axe-core", |session| session.execute_async(RUN, asked));
        assert!(found["error"].is_null(), "axe-core: {}", found["error"]);
        Audit {
            version: found["version"].as_str().unwrap_or_default().to_owned(),
            passes: found["passes"].as_u64().unwrap_or_default(),
            violations: told(&found["violations"]),
            undecided: told(&found["incomplete"]),
        }
    }
}

fn told(rules: &Value) -> Vec<String> {
    let rules = rules.as_array().into_iter().flatten();
    rules
        .map(|rule| {
            let nodes = rule["nodes"].as_array().into_iter().flatten();
            let nodes: Vec<_> = nodes.filter_map(Value::as_str).collect();
            let text = |key: &str| rule[key].as_str().unwrap_or_default().to_owned();
            format!("{} ({}): {}", text("id"), text("help"), nodes.join(" | "))
        })
        .collect()
}
