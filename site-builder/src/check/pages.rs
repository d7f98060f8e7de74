//! Checks of a page with what it needs: what does it weigh, does a flow's page have what the flow
//! needs?

use std::collections::{BTreeMap, BTreeSet};

use super::html::{self, Scan};
use super::map::SiteMap;
use super::outline::Element;
use super::source;
use crate::config::FlowPage;
use crate::diagnostic::{Finding, Findings, Place};
use crate::page::model::Front;
use crate::render::{Origin, Rendered, file_of};

/// The rule about what a page makes a browser fetch.
pub(super) const WEIGHT: &str = "page-weight";
/// The rule about the pages of flows.
pub(super) const FLOW: &str = "flow-page";

/// How many of the heaviest files are named.
const HEAVIEST: usize = 3;

/// Finds pages that are heavier, with all that they load from this site, than the settings allow.
pub(super) fn weight(
    rendered: &Rendered,
    map: SiteMap<'_>,
    scans: &BTreeMap<&str, Scan>,
    findings: &mut Findings,
) {
    let Some(level) = rendered.config.checks.levels.of(WEIGHT) else {
        return;
    };
    let budget = rendered.config.checks.limits.page_kb * 1000;
    for (page, scan) in scans {
        let file = map.files[*page];
        if !matches!(file.origin, Origin::Document(_)) {
            continue;
        }
        let loads = scan.outline.iter().flat_map(|outline| &outline.loads);
        let base = scan.base.as_deref();
        let fetched: BTreeSet<&str> = loads
            .filter_map(|address| map.lead(address, page, base))
            .chain([*page])
            .collect();
        let size = |path: &str| map.files[path].bytes.len();
        let total: usize = fetched.iter().map(|path| size(path)).sum();
        if total <= budget {
            continue;
        }
        let mut heaviest: Vec<_> = fetched.iter().map(|path| (size(path), *path)).collect();
        heaviest.sort_by(|a, b| b.cmp(a));
        let list = heaviest
            .iter()
            .take(HEAVIEST)
            .map(|(size, path)| format!("`/{path}` ({} KB)", size.div_ceil(1000)))
            .collect::<Vec<_>>()
            .join(", ");
        let sentence = format!(
            "A phone must load {} KB for this page; the budget is {} KB.",
            total.div_ceil(1000),
            budget / 1000
        );
        findings.push(
            Finding::new(level, WEIGHT, Place::file(&source::file(file)), sentence)
                .help(format!("Make smaller what weighs most: {list}.")),
        );
    }
}

/// Holds the page of each flow to what it needs.
pub(super) fn flows(rendered: &Rendered, map: SiteMap<'_>, findings: &mut Findings) {
    let config = &rendered.config;
    let Some(level) = config.checks.levels.of(FLOW) else {
        return;
    };
    for flow in &config.checks.flow_pages {
        let Some(doc) = rendered.library.find(&flow.page) else {
            let sentence = format!(
                "The flow `{}` has no page: there is no `content/{}`.",
                flow.flow, flow.page
            );
            findings.push(
                Finding::new(level, FLOW, Place::file("zola.toml"), sentence)
                    .help("Create the page, or correct its name in `zola.toml`."),
            );
            continue;
        };
        let docs = rendered.library.in_all_languages(doc);
        for doc in docs.filter(|doc| doc.front != Front::Broken) {
            let Some(file) = map.files.get(file_of(doc).as_str()) else {
                continue;
            };
            let outline = html::outline(&html::lossy(&file.bytes));
            // What answers the form has a language by its address, as pages have.
            let form = config.language_root(&doc.lang) + &flow.form;
            let own = |action: &str| action.strip_prefix(&config.base_url) == Some(&*form);
            if let Some((sentence, help)) = flow_fault(flow, &form, &outline.elements, own) {
                let place = doc.text.whole();
                findings.push(Finding::new(level, FLOW, place, sentence).help(help));
            }
        }
    }
}

/// What a page of a flow lacks whose form is at `form`. `own` says whether a full address is
/// the form's on this site.
fn flow_fault(
    flow: &FlowPage,
    form: &str,
    elements: &[Element],
    own: impl Fn(&str) -> bool,
) -> Option<(String, String)> {
    let FlowPage {
        flow: name,
        element,
        ..
    } = flow;
    let found = elements
        .iter()
        .find(|found| found.name == *element && found.flow.as_deref() == Some(name));
    let Some(found) = found else {
        return Some((
            format!("This page is where people start `{name}`, but it does not show its widget."),
            format!(
                "Let its template show `<{element} flow=\"{name}\">`; a page of a flow has \
                 `flow = \"{name}\"` under `[extra]`."
            ),
        ));
    };
    let has_form = found
        .forms
        .iter()
        .any(|action| action == form || own(action));
    (!has_form).then(|| {
        (
            format!("Without scripts nobody can start `{name}` here: the form is missing."),
            format!("Put `<form action=\"{form}\">` with its button into `<{element}>`."),
        )
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_flows_page_needs_its_own_element_and_its_form_in_there() {
        let flow = FlowPage {
            flow: "enroll".to_owned(),
            page: "enroll.md".to_owned(),
            element: "my-widget".to_owned(),
            form: "/flows/enroll".to_owned(),
        };
        let found = |html: &str| {
            let elements = html::outline(html).elements;
            let own = |form: &str| form == "https://help.example.org/flows/enroll";
            flow_fault(&flow, &flow.form, &elements, own)
                .map(|(sentence, _)| sentence.contains("form"))
        };
        let form = "<form action=/flows/enroll></form>";
        for (html, fault) in [
            (format!("<my-widget flow=enroll>{form}</my-widget>"), None),
            (
                "<my-widget flow=enroll><form action=https://help.example.org/flows/enroll>".into(),
                None,
            ),
            (
                format!("<my-widget flow=other>{form}</my-widget>"),
                Some(false),
            ),
            (form.to_owned(), Some(false)),
            (
                format!("<my-widget flow=enroll></my-widget>{form}"),
                Some(true),
            ),
            (
                "<my-widget flow=enroll><form action=/x></form>".into(),
                Some(true),
            ),
        ] {
            assert_eq!(found(&html), fault, "{html}");
        }
    }
}
