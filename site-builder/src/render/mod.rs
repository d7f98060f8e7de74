//! Stage 3: every file of the output, in memory.
//!
//! Owns which template renders what, and which files a site has beside its pages: those of
//! taxonomies, feeds, redirects, `sitemap.xml`, `robots.txt`, `404.html`, search indexes, static and
//! colocated files, hashed copies of them, and resized pictures.
//! Nothing is checked or written here, but for resized pictures, which are kept in their cache.
//!
//! Hashed names are an extension of the dialect. With `[extra.assets] hashed_names = true`,
//! `get_url(path="css/main.css", cachebust=true)` gives `css/main.<16 hex digits>.css`, where the
//! digits are the start of the file's SHA-256, and the file is written under that name beside its
//! plain one. Such a name can be cached for ever. Without the option it gives Zola's `?h=…`.

mod again;
mod faults;
mod feeds;
mod images;
mod jobs;
mod output;
mod pages;
mod pagination;
mod redirects;
mod search;
mod special;
mod taxonomies;

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;
use std::sync::Arc;

pub(crate) use again::{again, search_again};
pub(crate) use output::{Origin, Output};
pub(crate) use pages::{file_at, file_of, template_of};
pub(crate) use redirects::alias_file;

use crate::config::{Config, Mode};
use crate::diagnostic::Findings;
use crate::images::Cache;
use crate::page::Site;
use crate::page::model::Library;
use crate::source::AssetFile;
use crate::template::Engine;
use faults::Faults;

/// The output before it is checked.
pub(crate) struct Rendered {
    /// The site's settings.
    pub config: Config,
    /// Pages and sections, to trace links to where they were written.
    pub library: Library,
    /// What was found in bodies, by path in the content folder.
    pub body_findings: BTreeMap<String, Findings>,
    /// Static files by their path in the output.
    pub statics: Arc<BTreeMap<String, AssetFile>>,
    /// The templates, likewise.
    pub engine: Engine,
    /// Every file, in the order in which they were made; two may claim one path.
    pub files: Vec<Output>,
    /// Files that are missing because of a fault that is already reported.
    pub missing: BTreeSet<String>,
    /// Resized pictures of earlier builds.
    pub image_cache: Cache,
    /// Where the site is to be written.
    pub output: PathBuf,
}

impl Rendered {
    /// Whether a path leads to a file that a reported fault keeps from being there.
    pub(crate) fn is_missing(&self, path: &str) -> bool {
        let path = path.trim_end_matches('/');
        self.missing.contains(path)
            || (self.missing).contains(format!("{path}/index.html").trim_start_matches('/'))
    }
}

/// Renders the whole site.
pub(crate) fn render(mut site: Site, findings: &mut Findings) -> Rendered {
    let mut files = Vec::new();
    let mut faults = Faults::new(&site.engine, &site.library, None);
    templates(&site, &mut files, &mut faults);
    search::render(&site.config, &site.library, &mut files, &mut faults);
    images::make(&site, &mut files, &mut faults);
    let missing = faults.report(findings);
    // A preview needs values, and bodies of their own, for the next change.
    if site.config.mode != Mode::Serve {
        site.engine.index.forget_values();
        output::share_bodies(&mut site.library, &files);
    }
    output::copies(&site, &mut files);
    Rendered {
        config: site.config,
        library: site.library,
        body_findings: site.body_findings,
        statics: site.statics,
        engine: site.engine,
        files,
        missing,
        image_cache: site.image_cache,
        output: site.output,
    }
}

/// Renders what templates make of the site.
fn templates(site: &Site, files: &mut Vec<Output>, faults: &mut Faults<'_>) {
    pages::render(site, files, faults);
    taxonomies::render(site, files, faults);
    feeds::render(site, files, faults);
    redirects::render(site, files, faults);
    special::render(site, files, faults);
}
