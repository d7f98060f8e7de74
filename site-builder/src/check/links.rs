//! Every address on every page: does it lead to a file of the site, and to an id in it?

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Mutex, PoisonError};

use rayon::prelude::*;

use super::html::{self, Scan};
use super::source::{self, Written};
use super::targets::{Target, resolve};
use crate::diagnostic::{Finding, Findings, Place, nearest};
use crate::page::model::{Doc, Link};
use crate::render::{Origin, Output, Rendered, file_of};
use crate::text::has_ending;

/// Checks the pages of the output.
pub(super) fn check(
    rendered: &Rendered,
    files: &BTreeMap<String, Output>,
    findings: &mut Findings,
) {
    let scans: BTreeMap<&str, Scan> = files
        .par_iter()
        .filter(|(path, _)| is_html(path))
        .map(|(path, file)| {
            let text = String::from_utf8_lossy(&file.bytes);
            (path.as_str(), html::scan(&text))
        })
        .collect();
    let checker = Checker {
        rendered,
        files,
        scans: &scans,
        written: Written::new(rendered),
        helps: Mutex::default(),
    };
    // What is copied as it is was not made here, and is not ours to judge.
    let is_made = |file: &Output| !matches!(file.origin, Origin::Copy(_));
    let of_pages: Vec<Vec<Note>> = scans
        .par_iter()
        .map(|(path, scan)| (&files[*path], scan))
        .filter(|(file, _)| is_made(file))
        .map(|(file, scan)| checker.page(file, scan))
        .collect();
    let notes = of_pages.into_iter().flatten();
    report(notes.chain(checker.bodies_without_page()), findings);
}

fn is_html(path: &str) -> bool {
    has_ending(path, "html") || has_ending(path, "htm")
}

struct Checker<'a> {
    rendered: &'a Rendered,
    files: &'a BTreeMap<String, Output>,
    scans: &'a BTreeMap<&'a str, Scan>,
    written: Written<'a>,
    /// What to do about each broken address: one in a template is broken on every page.
    helps: Mutex<BTreeMap<String, Option<String>>>,
}

/// A finding, with the page that shows it where it is about what pages share.
type Note = (Finding, Option<String>);

impl Checker<'_> {
    /// The links of pages that a fault in a template keeps from being rendered: an editor learns of
    /// them all the same.
    fn bodies_without_page(&self) -> Vec<Note> {
        let rendered = self.rendered;
        let mut notes = Vec::new();
        for doc in rendered.library.docs() {
            let path = file_of(doc);
            if !rendered.missing.contains(&path) {
                continue;
            }
            for link in &doc.content.links {
                let fault = self.fault(&link.address, &path, None);
                if let (Some((sentence, help)), false) = (fault, link.reported) {
                    let place = doc.text.place(link.at.clone());
                    notes.push((self.finding(place, &sentence, help.as_deref()), None));
                }
            }
        }
        notes
    }

    fn page(&self, file: &Output, scan: &Scan) -> Vec<Note> {
        let mut notes = Vec::new();
        let links: BTreeSet<&str> = scan.links.iter().map(String::as_str).collect();
        for address in links {
            if let Some((sentence, help)) = self.fault(address, &file.path, scan.base.as_deref()) {
                notes.extend(self.broken(address, file, &sentence, help.as_deref()));
            }
        }
        for id in &scan.repeated {
            let place = source::id(self.rendered, file, id);
            let finding = Finding::error(
                "repeated-id",
                place,
                format!("The id `{id}` is on this page more than once."),
            );
            notes.push(note(
                file,
                finding.help("Give one of them an id of its own; a heading takes one as `## Heading {#name}`."),
            ));
        }
        notes
    }

    /// What is wrong with an address, and what to do about it.
    fn fault(
        &self,
        address: &str,
        page: &str,
        base: Option<&str>,
    ) -> Option<(String, Option<String>)> {
        let config = &self.rendered.config;
        let Target::Inside { path, fragment } = resolve(address, page, base, config) else {
            return None;
        };
        let Some(target) = self.target(&path) else {
            if self.is_missing(&path) {
                return None;
            }
            return Some((
                format!("This link leads nowhere: the site has no `/{path}`."),
                self.help(&path, address),
            ));
        };
        if fragment.is_empty() || fragment == "top" || fragment.starts_with(":~:") {
            return None;
        }
        let target = self.behind_redirects(target);
        let ids = &self.scans.get(target)?.ids;
        if ids.contains(&fragment) {
            return None;
        }
        let near = nearest(&fragment, ids.iter().map(String::as_str));
        let on = target.strip_suffix("index.html").unwrap_or(target);
        Some((
            format!("The page `/{on}` has no `#{fragment}`."),
            near.map(|near| format!("Did you mean `#{near}`?")),
        ))
    }

    /// The file that a path leads to.
    fn target(&self, path: &str) -> Option<&str> {
        let path = path.trim_end_matches('/');
        let index = match path {
            "" => "index.html".to_owned(),
            path => format!("{path}/index.html"),
        };
        self.files
            .get_key_value(path)
            .or_else(|| self.files.get_key_value(&index))
            .map(|(path, _)| path.as_str())
    }

    /// Whether a path leads to a file that a reported fault keeps from being there.
    fn is_missing(&self, path: &str) -> bool {
        let path = path.trim_end_matches('/');
        let missing = &self.rendered.missing;
        missing.contains(path)
            || missing.contains(format!("{path}/index.html").trim_start_matches('/'))
    }

    /// A redirect hands fragments on, so it is the page behind it that must have them.
    fn behind_redirects<'a>(&'a self, mut path: &'a str) -> &'a str {
        let mut hops = 0;
        while let Some(Output {
            origin: Origin::Redirect { to, .. },
            ..
        }) = self.files.get(path)
        {
            let Target::Inside { path: next, .. } = resolve(to, path, None, &self.rendered.config)
            else {
                break;
            };
            match self.target(&next) {
                Some(next) if hops < 8 => path = next,
                _ => break,
            }
            hops += 1;
        }
        path
    }

    fn help(&self, path: &str, address: &str) -> Option<String> {
        let helps = || self.helps.lock().unwrap_or_else(PoisonError::into_inner);
        let key = format!("{path} {address}");
        if let Some(known) = helps().get(&key) {
            return known.clone();
        }
        let help = self.find_help(path, address);
        helps().insert(key, help.clone());
        help
    }

    fn find_help(&self, path: &str, address: &str) -> Option<String> {
        let library = &self.rendered.library;
        if has_ending(path, "md") {
            let file = path.rsplit('/').next().unwrap_or(path);
            let meant = library.docs().find(|doc| doc.relative.ends_with(file))?;
            return Some(format!("Write `@/{}`.", meant.relative));
        }
        let clean = path.trim_matches('/');
        if let Some(hidden) = library
            .docs()
            .find(|doc| doc.folder() == clean && !doc.render)
        {
            return Some(format!(
                "{} makes no page, because it says `render = false`.",
                hidden.text.file
            ));
        }
        if address.starts_with("@/") {
            return Some("`@/` works in Markdown and in `get_url(path=\"@/…\")` only.".to_owned());
        }
        let known = self
            .files
            .keys()
            .map(|path| path.strip_suffix("/index.html").unwrap_or(path));
        nearest(clean, known).map(|near| format!("Did you mean `/{near}`?"))
    }

    fn broken(
        &self,
        address: &str,
        file: &Output,
        sentence: &str,
        help: Option<&str>,
    ) -> Vec<Note> {
        let written = self.written.find(address, file);
        if written.is_empty() {
            let place = source::address(self.rendered, file, address);
            return vec![note(file, self.finding(place, sentence, help))];
        }
        let unreported = written.into_iter().filter(|(_, link)| !link.reported);
        // The editor's own line says it all; which page shows it adds nothing.
        let finding = |(doc, link): (&Doc, &Link)| {
            self.finding(doc.text.place(link.at.clone()), sentence, help)
        };
        unreported.map(|written| (finding(written), None)).collect()
    }

    fn finding(&self, place: Place, sentence: &str, help: Option<&str>) -> Finding {
        let level = self.rendered.config.internal_level;
        let finding = Finding::new(level, "broken-link", place, sentence);
        match help {
            Some(help) => finding.help(help),
            None => finding,
        }
    }
}

fn note(file: &Output, finding: Finding) -> Note {
    let url = file.path.strip_suffix("index.html").unwrap_or(&file.path);
    (finding, Some(format!("/{url}")))
}

fn report(notes: impl Iterator<Item = Note>, findings: &mut Findings) {
    let mut found: BTreeMap<Finding, BTreeSet<String>> = BTreeMap::new();
    for (finding, page) in notes {
        found.entry(finding).or_default().extend(page);
    }
    for (mut finding, pages) in found {
        if let Some(first) = pages.first() {
            let seen = match pages.len() {
                1 => format!("It shows on {first}."),
                n => format!("It shows on {first} and {} more.", n - 1),
            };
            finding.help = Some(match finding.help {
                Some(help) => format!("{help} {seen}"),
                None => seen,
            });
        }
        findings.push(finding);
    }
}
