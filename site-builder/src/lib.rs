//! Renders Markdown in the Zola dialect to a static help center.
//!
//! A build is five stages, each of which takes what the one before it made and nothing else:
//!
//! | stage | from | to |
//! |---|---|---|
//! | `source` | a folder | `Source`: settings, files, front matter |
//! | `page` | | `Site`: pages, sections, addresses, bodies as HTML |
//! | `render` | | `Rendered`: every file of the output, in memory |
//! | `check` | | `Checked`: the same, looked over |
//! | `write` | | [`Written`]: what changed on disk |
//!
//! All stages but the first and the last are functions of their input, so the same input gives the
//! same bytes. (The pictures that `render` resizes are kept between builds, which saves time and
//! changes no byte.) Findings of all stages are collected and reported together; with an error among
//! them nothing is written.
//!
//! ```no_run
//! use site_builder::{BuildOptions, build};
//!
//! let report = build(&BuildOptions::new("."));
//! assert!(!report.findings.has_errors());
//! ```

mod alike;
mod check;
pub mod cli;
mod clock;
mod config;
mod create;
mod dates;
pub mod diagnostic;
mod document;
mod external;
mod fields;
mod formerly;
mod graph;
mod images;
mod init;
mod inputs;
mod markdown;
mod page;
mod parallel;
mod progress;
mod published;
mod render;
mod replace;
mod review;
mod segment;
mod serve;
mod slips;
mod source;
mod template;
mod text;
mod typed;
mod write;
mod yaml;

use std::path::PathBuf;

use check::Checked;
pub use config::Mode;
use diagnostic::Findings;
pub use external::External;
use jiff::civil::Date;
use render::Rendered;
use write::Before;
pub use write::Written;

/// What to build, and how.
#[derive(Debug, Clone, Default)]
pub struct BuildOptions {
    /// The site's folder, which holds `zola.toml`.
    pub root: PathBuf,
    /// The output folder; without one, that of the settings.
    pub output: Option<PathBuf>,
    /// Instead of the settings' `base_url`.
    pub base_url: Option<String>,
    /// Whether drafts are part of the site.
    pub drafts: bool,
    /// Further folders of static files, under the site's own and over the theme's.
    pub static_dirs: Vec<PathBuf>,
    /// Whether to add the addresses of what is written to the list of what was published.
    pub record: bool,
    /// How to ask other sites for what is linked to; without it nothing is asked.
    pub external: Option<External>,
    /// Why the builder runs.
    pub mode: Mode,
    /// The day that review dates are held against; without one they are not.
    pub today: Option<Date>,
    /// What `now` gives to templates, in seconds since 1970. No page shows what a clock says: the same
    /// input, this among it, gives the same site.
    pub now: i64,
}

impl BuildOptions {
    /// A plain build of the site in a folder.
    pub fn new(root: impl Into<PathBuf>) -> Self {
        Self {
            root: root.into(),
            ..Self::default()
        }
    }
}

/// What came of a build.
#[derive(Debug, Default)]
pub struct Report {
    /// All findings of all stages.
    pub findings: Findings,
    /// What was written; nothing after an error, or when only checking.
    pub written: Option<Written>,
    /// How many addresses are new in the list of what was published.
    pub recorded: Option<usize>,
    /// How many pages and sections the site shows.
    pub pages: usize,
    /// How many drafts were left out, with all that lies below them.
    pub drafts: usize,
}

/// Builds a site, or only checks it in [`Mode::Check`].
pub fn build(options: &BuildOptions) -> Report {
    let mut findings = Findings::default();
    // What else is asked for is done at every build.
    let only_builds = options.mode == Mode::Build && options.external.is_none() && !options.record;
    let before = only_builds.then(|| Before::look(options, clock::seconds()));
    if let Some(before) = &before
        && let Some(output) = source::output(options)
        && let Some(report) = before.same_as_last(options, &output)
    {
        return report;
    }
    let checked = prepare(options, &mut findings);
    let counts = checked.as_ref();
    let (pages, drafts) = counts.map_or((0, 0), |checked| (checked.pages, checked.drafts));
    if let (Some(outside), Some(external)) = (
        checked
            .as_ref()
            .and_then(|checked| checked.outside.as_ref()),
        &options.external,
    ) {
        external::check(outside, &options.root, external, &mut findings);
    }
    let written = match &checked {
        Some(checked) if options.mode == Mode::Build && !findings.has_errors() => {
            checked.image_cache.keep(checked.files.keys());
            let written = write::write(checked, &mut findings);
            // What there is to say must be said at the next build, too.
            if let Some(before) = before.filter(|_| findings.is_empty()) {
                before.seal(options, checked);
            }
            written
        }
        _ => None,
    };
    let recorded = checked
        .filter(|_| options.record && written.is_some())
        .and_then(|checked| published::record(&options.root, &checked.addresses, &mut findings));
    Report {
        findings,
        written,
        recorded,
        pages,
        drafts,
    }
}

/// The stages before writing. Nothing is returned when there are no settings to go by.
fn prepare(options: &BuildOptions, findings: &mut Findings) -> Option<Checked> {
    let rendered = render(options, findings)?;
    let checked = check::check(&rendered, findings);
    // Taking a large site apart takes a while that nobody needs to wait for.
    rayon::spawn(move || drop(rendered));
    Some(checked)
}

/// The stages before checking, with what was found in them.
fn render(options: &BuildOptions, findings: &mut Findings) -> Option<Rendered> {
    let source = source::read(options, findings)?;
    let site = page::assemble(source, findings);
    let rendered = render::render(site, findings);
    for of_body in rendered.body_findings.values() {
        findings.extend(of_body.iter().cloned());
    }
    Some(rendered)
}
