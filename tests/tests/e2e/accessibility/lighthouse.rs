//! Lighthouse on each type of page, and on a step: nothing that counts for its scores of
//! accessibility and best practices is wrong, so that both are 100.

use frontdesk_tests::{Browser, Clinic, Scripts, Settings, Stack, evidence};
use protocol::{FlowKind, Locale};

use super::pages::TYPES;
use crate::embed::with_clinic;

/// The first step of a plain form.
const STEP: &str = "/flows/enrollment";
const NOWHERE: &str = "/nowhere/";

/// The console names every page that is not there, and that is one.
const TOLD_OF_NOWHERE: &str = "best-practices: errors-in-console:";

/// Audits that count on the barest of these pages.
const FEWEST: usize = 20;

#[test]
fn lighthouse_gives_each_type_of_page_100() {
    let stack = Stack::with_site();
    let browser = Browser::open(&stack, "/", Scripts::On);
    let mut by = String::new();
    let mut found = Vec::new();
    let paths = TYPES.into_iter().chain([STEP]);
    for path in paths.clone() {
        let report = browser.lighthouse(path);
        assert!(report.counted >= FEWEST, "{path}: {report:?}");
        let is_excused = |fault: &str| path == NOWHERE && fault.starts_with(TOLD_OF_NOWHERE);
        let faults = report.faults.into_iter().filter(|it| !is_excused(it));
        found.extend(faults.map(|fault| format!("{path}: {fault}")));
        by = format!("Lighthouse {}", report.version);
    }
    assert!(found.is_empty(), "{}", found.join("\n"));
    evidence::found_nothing(&browser, &by, paths.count());
}

/// The text of a clinic is tiny.
#[test]
fn lighthouse_tells_of_a_page_that_cannot_be_read() {
    let (_stack, clinic) = with_clinic(Settings::default().site());
    let page = Clinic::path(Locale::En, FlowKind::Enrollment);
    let browser = Browser::visiting(&clinic, &page, Scripts::On);
    let faults = browser.lighthouse(&page).faults;
    let of_size = "best-practices: font-size: ";
    let is_told = faults.iter().any(|fault| fault.starts_with(of_size));
    assert!(is_told, "{faults:?}");
}
