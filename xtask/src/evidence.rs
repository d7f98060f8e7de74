//! What the tests have seen through in browsers, as a table, beside what is to be seen.
//!
//! The tests write a line for what they came to the end of. What is expected stands here,
//! so that a test which is gone, or wrote nothing, is missed. It must not know how a test
//! does its work.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::fs;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use protocol::{FlowKind, Locale};

use crate::build;
use crate::failure::{During, Failure, Result};

/// The browsers, by the word that their versions begin with.
const BROWSERS: [&str; 3] = ["Chromium", "Firefox", "WebKitGTK"];

/// How each flow is to be finished in both languages, and in which browsers. Where one is
/// left out, the table says that it was not run, and ACCESSIBILITY.md why.
const EXPECTED: [(&str, &[&str]); 4] = [
    ("scripts on, keys", &BROWSERS),
    ("scripts off, keys", &BROWSERS),
    ("scripts on, roles", &["Chromium", "Firefox"]),
    ("scripts off, roles", &["Chromium", "Firefox"]),
];

/// What must have looked pages over, and found nothing.
const AUDITORS: [&str; 3] = ["axe-core", "Lighthouse", "Preferences"];

/// Where the tests write, emptied.
pub(crate) fn begin() -> Result<PathBuf> {
    let file = build::output().join("evidence.tsv");
    fs::create_dir_all(build::output()).during("make a folder for what tests write")?;
    match fs::remove_file(&file) {
        Err(error) if error.kind() != ErrorKind::NotFound => {
            Err(error).during("put away what earlier tests wrote")
        }
        _ => Ok(file),
    }
}

/// What the tests wrote.
pub(crate) fn read(file: &Path) -> Result<Evidence> {
    match fs::read_to_string(file) {
        Ok(text) => Ok(Evidence::of(&text)),
        // Those that were asked for were about something else.
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(Evidence::default()),
        Err(error) => Err(error).during("read what the tests wrote"),
    }
}

/// One flow that came to its end.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Finished {
    browser: String,
    how: String,
    flow: String,
    language: String,
}

/// What was seen through.
#[derive(Debug, Default)]
pub(crate) struct Evidence {
    finished: BTreeSet<Finished>,
    /// Name and version of each browser, by its name.
    versions: BTreeMap<String, String>,
    /// Screens on which nothing was found, by browser and by what looked.
    screens: BTreeMap<[String; 2], usize>,
}

impl Evidence {
    fn of(text: &str) -> Self {
        let mut evidence = Self::default();
        for line in text.lines() {
            let fields: Vec<_> = line.split('\t').collect();
            match fields.as_slice() {
                ["flow", version, how, flow, language] => {
                    let browser = first_word(version);
                    evidence
                        .versions
                        .insert(browser.clone(), (*version).to_owned());
                    evidence.finished.insert(Finished {
                        browser,
                        how: (*how).to_owned(),
                        flow: (*flow).to_owned(),
                        language: (*language).to_owned(),
                    });
                }
                ["screens", version, by, screens] => {
                    let by = [*version, *by].map(str::to_owned);
                    let screens = screens.parse().unwrap_or(0);
                    *evidence.screens.entry(by).or_default() += screens;
                }
                _ => {}
            }
        }
        evidence
    }

    fn has(&self, browser: &str, how: &str, flow: &str, language: &str) -> bool {
        self.finished.contains(&Finished {
            browser: browser.to_owned(),
            how: how.to_owned(),
            flow: flow.to_owned(),
            language: language.to_owned(),
        })
    }

    /// Fails if anything that is expected is not there, or the other way round.
    pub(crate) fn must_be_whole(&self) -> Result<()> {
        for (how, browsers) in EXPECTED {
            for (browser, flow, language) in each_flow_in(browsers) {
                if !self.has(browser, how, flow, language) {
                    return Err(Failure::new(format!(
                        "no test has finished {flow} in {browser} ({language}, {how})"
                    )));
                }
            }
        }
        let is_known = |it: &&Finished| {
            let mut rows = EXPECTED.iter();
            rows.any(|(how, browsers)| *how == it.how && browsers.contains(&it.browser.as_str()))
        };
        if let Some(Finished { browser, how, .. }) = self.finished.iter().find(|it| !is_known(it)) {
            return Err(Failure::new(format!(
                "{browser} has finished a flow ({how}), and the table in {} does not expect it",
                file!()
            )));
        }
        for auditor in AUDITORS {
            let has_looked = |[_, by]: &[String; 2]| first_word(by) == auditor;
            if !self.screens.keys().any(has_looked) {
                let told = format!("{auditor} has looked at no screen");
                return Err(Failure::new(told));
            }
        }
        Ok(())
    }

    /// The languages in which a browser has finished a flow, and a dash for each other.
    fn cell(&self, browser: &str, how: &str, flow: &str) -> String {
        let languages = Locale::ALL.map(Locale::as_str);
        let told = languages.map(|language| {
            let is_there = self.has(browser, how, flow, language);
            if is_there { language } else { "–" }
        });
        told.join(" ")
    }
}

fn first_word(text: &str) -> String {
    text.split(' ').next().unwrap_or_default().to_owned()
}

fn each_flow_in<'a>(
    browsers: &'a [&str],
) -> impl Iterator<Item = (&'a str, &'static str, &'static str)> {
    browsers.iter().flat_map(|browser| {
        FlowKind::ALL.into_iter().flat_map(move |flow| {
            let languages = Locale::ALL.into_iter();
            languages.map(move |language| (*browser, flow.as_str(), language.as_str()))
        })
    })
}

impl fmt::Display for Evidence {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if !self.finished.is_empty() {
            writeln!(f, "\nThe languages in which each flow ran to its end")?;
            write!(f, "{:24}{:20}", "", "")?;
            for flow in FlowKind::ALL {
                write!(f, "{:20}", flow.as_str())?;
            }
            writeln!(f)?;
        }
        for (browser, version) in &self.versions {
            for (how, browsers) in EXPECTED {
                write!(f, "{version:24}{how:20}")?;
                for flow in FlowKind::ALL {
                    let told = if browsers.contains(&browser.as_str()) {
                        self.cell(browser, how, flow.as_str())
                    } else {
                        "not run".to_owned()
                    };
                    write!(f, "{told:20}")?;
                }
                writeln!(f)?;
            }
        }
        for ([browser, by], screens) in &self.screens {
            writeln!(f, "{by} found nothing on {screens} screens in {browser}")?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line(browser: &str, how: &str, flow: &str, language: &str) -> String {
        format!("flow\t{browser} 1\t{how}\t{flow}\t{language}\n")
    }

    /// The lines of tests that have seen everything through.
    fn everything() -> Vec<String> {
        let flows = EXPECTED.iter().flat_map(|(how, browsers)| {
            each_flow_in(browsers)
                .map(|(browser, flow, language)| line(browser, how, flow, language))
        });
        let looked = AUDITORS
            .iter()
            .map(|by| format!("screens\tChromium 1\t{by} 4\t3\n"));
        flows.chain(looked).collect()
    }

    #[test]
    fn each_line_that_is_not_there_is_missed() {
        let lines = everything();
        Evidence::of(&lines.concat()).must_be_whole().unwrap();
        for missing in 0..lines.len() {
            let mut lines = lines.clone();
            let line = lines.remove(missing);
            let whole = Evidence::of(&lines.concat()).must_be_whole();
            assert!(whole.is_err(), "nobody misses {line:?}");
        }
        let nothing = Evidence::default().must_be_whole().unwrap_err();
        assert_eq!(
            nothing.to_string(),
            "no test has finished enrollment in Chromium (en, scripts on, keys)"
        );
    }

    #[test]
    fn what_the_table_does_not_expect_is_told() {
        let other = line("Links", "scripts on, keys", "sign-in", "en");
        let text = everything().concat() + &other;
        let told = Evidence::of(&text).must_be_whole().unwrap_err().to_string();
        assert!(told.starts_with("Links has finished a flow"), "{told}");
    }

    #[test]
    fn the_table_says_what_ran_and_what_did_not() {
        let cells = [
            ("enrollment", "en"),
            ("enrollment", "es"),
            ("sign-in", "es"),
        ];
        let lines =
            cells.map(|(flow, language)| line("Firefox", "scripts on, keys", flow, language));
        let looked = "screens\tChromium 1\taxe-core 4\t3\n".repeat(2);
        let table = Evidence::of(&(lines.concat() + &looked)).to_string();
        let mut rows = table
            .lines()
            .map(|line| line.split("  ").map(str::trim).filter(|it| !it.is_empty()))
            .map(Iterator::collect::<Vec<_>>);
        let row = [
            "Firefox 1",
            "scripts on, keys",
            "en es",
            "– –",
            "– –",
            "– es",
        ];
        let has_row = |it: Vec<&str>| {
            let rest = it.strip_prefix(&row);
            rest.is_some_and(|rest| rest.iter().all(|cell| *cell == "– –"))
        };
        assert!(rows.any(has_row), "{table}");
        assert!(
            table.contains("axe-core 4 found nothing on 6 screens in Chromium 1"),
            "{table}"
        );
    }
}
