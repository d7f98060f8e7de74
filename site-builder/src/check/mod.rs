//! Stage 4: looking over what was rendered, before any of it is written.
//!
//! Owns the rules about the output as a whole: one file an address, every link and fragment leads
//! somewhere, ids are unique. Reads the very bytes that would be written, so nothing that a
//! template does can slip past.

mod browsers;
mod contacts;
mod copies;
mod dates;
mod front;
mod headings;
mod html;
mod images;
mod issue;
mod link_form;
mod link_text;
mod links;
mod map;
mod markup;
mod meant;
mod noted;
mod numbers;
mod order;
mod orphans;
mod outline;
mod outside;
mod pages;
mod published;
mod quality;
mod questions;
mod raw;
mod replaced;
mod scripts;
mod sentences;
mod shown;
mod source;
mod spelling;
mod stray;
mod syllables;
mod targets;
mod texts;
mod tokens;
mod translations;
mod untranslated;
mod words;

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::path::PathBuf;
use std::sync::Arc;

use rayon::prelude::*;

use crate::diagnostic::{Finding, Findings, Place};
use crate::images::Cache;
use crate::inputs::Named;
use crate::progress;
use crate::render::{Origin, Output, Rendered};
use crate::text::has_ending;
use crate::write;
use browsers::Watch;
pub(crate) use dates::REVIEW_BY;
pub(crate) use front::date_of as review_date;
use html::{Scan, Wanted};
use map::{Files, SiteMap};
pub(crate) use outside::Outside;

/// The rule about addresses that differ by capitals only.
const CASE: &str = "case-only";

/// The output, checked: one content for each path.
pub(crate) struct Checked {
    /// The files by their path in the output folder.
    pub files: BTreeMap<String, Arc<[u8]>>,
    /// Resized pictures of earlier builds.
    pub image_cache: Cache,
    /// Where the site is to be written.
    pub output: PathBuf,
    /// How many of the files are pages and sections.
    pub pages: usize,
    /// How many drafts were left out.
    pub drafts: usize,
    /// Files that are read wherever they are, beside those in the usual places.
    pub reads: Named,
    /// Whether a template asked for the time.
    pub asks_time: bool,
    /// Every address for the list of what was published, when they are wanted.
    pub addresses: BTreeSet<String>,
    /// Links to other sites, when they are asked for.
    pub outside: Option<Outside>,
    /// Address prefixes that another program answers.
    pub served_elsewhere: Vec<String>,
}

/// Checks the whole output. Findings do not stop it: the caller decides on them.
pub(crate) fn check(rendered: &Rendered, findings: &mut Findings) -> Checked {
    let mut files = Files::new();
    for file in &rendered.files {
        if let Some(first) = files.get(file.path.as_str()) {
            // A hashed copy of one file by two names, or of equal files, is no conflict.
            if first.bytes != file.bytes || !is_copy(first) || !is_copy(file) {
                findings.push(conflict(rendered, first, file));
            }
        } else {
            files.insert(&file.path, file);
        }
    }
    for path in files.keys() {
        if let Some(finding) = misplaced(path, &files, rendered) {
            findings.push(finding);
        }
    }
    one_by_case(rendered, &files, findings);
    let levels = &rendered.config.checks.levels;
    let wanted = Wanted {
        outline: quality::needs_outline(levels) || rendered.config.external.is_some(),
        faults: levels.any(&markup::RULES),
    };
    let scans = scans(&files, &browsers::watch(&rendered.config), wanted);
    let map = SiteMap {
        files: &files,
        config: &rendered.config,
    };
    links::check(rendered, map, &scans, findings);
    quality::check(rendered, map, &scans, findings);
    markup::check(rendered, map, &scans, findings);
    published::check(rendered, map, &scans, findings);
    stray::check(rendered, map, &scans, findings);
    browsers::check(rendered, map, &scans, findings);
    let wanted = rendered.config.checks.record;
    let addresses = wanted.then(|| published::addresses(rendered, map, &scans));
    let outside = outside::collect(rendered, map, &scans);
    let scans: Vec<Scan> = scans.into_values().collect();
    let is_page = |file: &&&Output| matches!(file.origin, Origin::Document(_));
    let checked = Checked {
        pages: files.values().filter(is_page).count(),
        drafts: rendered.library.drafts.len(),
        addresses: addresses.unwrap_or_default(),
        outside,
        served_elsewhere: rendered.config.served_elsewhere.clone(),
        files: files
            .into_iter()
            .map(|(path, file)| (path.to_owned(), Arc::clone(&file.bytes)))
            .collect(),
        reads: rendered.engine.index.asked(),
        asks_time: rendered.engine.index.asks_time(),
        image_cache: rendered.image_cache.clone(),
        output: rendered.output.clone(),
    };
    // Taking a large site apart takes a while that nobody needs to wait for.
    rayon::spawn(move || drop(scans));
    checked
}

/// The ids in a page of HTML.
pub(crate) fn ids_of(html: &str) -> BTreeSet<String> {
    html::scan(html, &Watch::default(), Wanted::default()).ids
}

/// Finds addresses that are two here, and one on a disk that takes `A` for `a`. Folders count, too.
fn one_by_case(rendered: &Rendered, files: &Files<'_>, findings: &mut Findings) {
    let Some(level) = rendered.config.checks.levels.of(CASE) else {
        return;
    };
    let is_plain = |byte: u8| byte.is_ascii() && !byte.is_ascii_uppercase();
    // On most sites there is nothing to tell from anything.
    if files.keys().all(|path| path.bytes().all(is_plain)) {
        return;
    }
    let languages = &rendered.config.other_languages;
    let mut seen: HashMap<String, &str> = HashMap::new();
    // A folder is told once, however much is in it.
    let mut told: BTreeSet<&str> = BTreeSet::new();
    for (path, file) in files {
        let ends = path
            .match_indices('/')
            .map(|(at, _)| at)
            .chain([path.len()]);
        for part in ends.map(|end| &path[..end]) {
            let first = *seen.entry(part.to_lowercase()).or_insert(part);
            if first == part {
                continue;
            }
            if told.insert(part) {
                let (place, what_to_do) = match (languages.get(part), languages.get(first)) {
                    (Some(language), Some(_)) => {
                        (language.at.clone(), "Keep one of the two languages.")
                    }
                    _ => (Place::file(&source::file(file)), "Rename one."),
                };
                let sentence = format!("`/{part}` and `/{first}` differ by capitals only.");
                let help = format!(
                    "On many computers they are one, and one of the two gets lost. {what_to_do}"
                );
                findings.push(Finding::new(level, CASE, place, sentence).help(help));
            }
            break;
        }
    }
}

/// Reads every page of HTML, once for all checks.
fn scans<'a>(files: &Files<'a>, watch: &Watch, wanted: Wanted) -> BTreeMap<&'a str, Scan> {
    let is_html = |path: &str| has_ending(path, "html") || has_ending(path, "htm");
    progress::begin(
        "Checking",
        files.keys().filter(|path| is_html(path)).count(),
    );
    files
        .par_iter()
        .filter(|(path, _)| is_html(path))
        .map(|(path, file)| {
            let text = html::lossy(&file.bytes);
            let scan = html::scan(&text, watch, wanted);
            progress::step();
            (*path, scan)
        })
        .collect()
}

/// A path that could not be written, or not there: out of the output folder, over the builder's own
/// list of files, or below what is itself a file.
fn misplaced(path: &str, files: &Files<'_>, rendered: &Rendered) -> Option<Finding> {
    let place = || place(rendered, files[path]);
    // Lists of addresses have one a line.
    if path.contains(char::is_control) {
        let sentence = "A name here has a line break or another character that cannot be seen, so \
                        it is no address.";
        return Some(
            Finding::error("bad-address", place(), sentence)
                .help("Write the name anew, without it."),
        );
    }
    if path.split('/').any(|part| matches!(part, "" | "." | "..")) || path == write::MANIFEST {
        let finding = Finding::error(
            "bad-address",
            place(),
            format!("`/{path}` is not an address that a page can have."),
        );
        let is_whole = path.contains("://");
        return Some(finding.help(if is_whole {
            "Write only what comes behind the name of the site, such as `faq/email/in-spam`."
        } else {
            "Correct its `path`, `aliases` or name."
        }));
    }
    let above = path
        .match_indices('/')
        .map(|(at, _)| &path[..at])
        .find(|above| files.contains_key(*above))?;
    Some(
        Finding::error(
            "same-address",
            place(),
            format!(
                "`/{path}` cannot exist, because {} is a file at `/{above}`.",
                source::file(files[above])
            ),
        )
        .help("Give one of them another name."),
    )
}

/// Where a file of the output was asked for: an alias, or the whole file that it comes from.
fn place(rendered: &Rendered, file: &Output) -> Place {
    let alias = match &file.origin {
        Origin::Redirect { from, .. } => rendered
            .library
            .find(from)
            .and_then(|doc| source::aliases(doc, &file.path).next()),
        _ => None,
    };
    alias.unwrap_or_else(|| Place::file(&source::file(file)))
}

fn is_copy(file: &Output) -> bool {
    matches!(file.origin, Origin::Copy(_))
}

fn conflict(rendered: &Rendered, first: &Output, second: &Output) -> Finding {
    let place = place(rendered, second);
    let url = second
        .path
        .strip_suffix("index.html")
        .unwrap_or(&second.path);
    if let Origin::Redirect { from, .. } = &second.origin
        && source::file(first) == source::file(second)
    {
        let doc = rendered.library.find(from);
        if let Some(again) = doc.and_then(|doc| source::aliases(doc, &second.path).nth(1)) {
            let sentence = format!("`/{url}` stands in `aliases` twice.");
            return Finding::error("same-address", again, sentence).help("Take one of them out.");
        }
        let sentence = format!("`/{url}` is the address of this page itself.");
        return Finding::error("same-address", place, sentence)
            .help("Take it out: `aliases` are for old addresses.");
    }
    Finding::error(
        "same-address",
        place,
        format!(
            "`/{url}` is claimed by this file and by {} too.",
            source::file(first)
        ),
    )
    .help("Give one of them another name, or correct its line `slug`, `path` or `aliases`.")
}
