//! The checks of a help center, through `check` of a whole site: what each finds, where, and how the
//! settings turn it up, down and off. What a rule takes for right and wrong is tested beside it.

mod browsers;
mod front_matter;
mod markup;
mod meant;
mod once;
mod pages;
mod published;
mod settings;
mod spelling;
mod stray;
mod texts;

use crate::support::{Built, CONFIG, Site, put};
use jiff::civil::{Date, date};
use site_builder::diagnostic::print::{self, Format};
use site_builder::{BuildOptions, Mode, build};

const DAY: Date = date(2026, 11, 25);

/// A help center in which nothing is wrong: a home page that links to one answer.
fn site() -> Site {
    let shell = |kind: &str| {
        format!(
            "<!doctype html><html lang=en><title>Help</title>\
             <h1>{{{{ {kind}.title }}}}</h1>{{{{ {kind}.content | safe }}}}"
        )
    };
    Site::new()
        .file("templates/index.html", &shell("section"))
        .file("templates/section.html", &shell("section"))
        .file("templates/page.html", &shell("page"))
        .page("_index.md", "Home", "[First answer](@/a.md)")
        .page("a.md", "First", "Call us.")
        .with(|options| {
            options.mode = Mode::Check;
            options.today = Some(DAY);
        })
}

/// The site with this as the answer's text, and settings beyond the least.
fn answer(text: &str, settings: &str) -> Built {
    site()
        .page("a.md", "First", text)
        .file("zola.toml", &format!("{CONFIG}{settings}"))
        .build()
}

fn places(text: &str) -> Vec<String> {
    answer(text, "").places()
}

#[test]
fn a_good_site_has_nothing_to_find() {
    site().build().clean();
}

#[test]
fn our_own_pages_have_nothing_to_find() {
    let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let folder = tempfile::tempdir().unwrap();
    // The widget is built elsewhere; that it is linked to is enough here.
    put(&folder.path().join("widget/verify-widget.js"), b"//");
    let mut options = BuildOptions::new(root);
    options.mode = Mode::Check;
    options.today = Some(DAY);
    options.static_dirs = vec![folder.path().to_owned()];
    let report = build(&options);
    let findings = print::render(&report.findings, Format::Human);
    assert!(findings.is_empty() && report.pages > 50, "{findings}");
}
