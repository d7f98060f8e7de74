//! Every address on every page: does it lead to a file of the site, and to an id in it?

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use rayon::prelude::*;

use super::html::{self, Scan};
use super::map::SiteMap;
use super::noted::Noted;
use super::outline::Outline;
use super::source::{self, Written};
use super::targets::{Target, resolve};
use super::{contacts, link_form, meant};
use crate::alike;
use crate::diagnostic::{Finding, Findings, Place, Severity};
use crate::page::model::{Doc, Front, Link};
use crate::render::{Origin, Output, Rendered, file_of};
use crate::text::has_ending;

const BROKEN: &str = "broken-link";

/// Checks the pages of the output.
pub(super) fn check(
    rendered: &Rendered,
    map: SiteMap<'_>,
    scans: &BTreeMap<&str, Scan>,
    findings: &mut Findings,
) {
    let checker = Checker {
        rendered,
        map,
        scans,
        written: OnceLock::new(),
        helps: Mutex::default(),
        outlines: Mutex::default(),
    };
    // What is copied as it is was not made here, and is not ours to judge.
    let is_made = |file: &Output| !matches!(file.origin, Origin::Copy(_));
    let of_pages: Vec<Noted> = scans
        .par_iter()
        .map(|(path, scan)| (map.files[*path], scan))
        .filter(|(file, _)| is_made(file))
        .map(|(file, scan)| checker.page(file, scan))
        .collect();
    let mut noted = checker.bodies_without_page();
    for of_page in of_pages {
        noted.append(of_page);
    }
    noted.report(rendered, map, findings);
}

struct Checker<'a> {
    rendered: &'a Rendered,
    map: SiteMap<'a>,
    scans: &'a BTreeMap<&'a str, Scan>,
    /// Made for the first address that leads nowhere: most sites have none.
    written: OnceLock<Written<'a>>,
    /// What to do about an address that leads nowhere: a template's is on every page, and the nearest
    /// of all pages takes long to find.
    helps: Mutex<BTreeMap<(String, String), Option<String>>>,
    outlines: Mutex<BTreeMap<String, Arc<Outline>>>,
}

/// What is wrong with an address.
struct Fault {
    code: &'static str,
    sentence: String,
    help: Option<String>,
}

impl Checker<'_> {
    /// The links of pages that a fault in a template keeps from being rendered: an editor learns of
    /// them all the same.
    fn bodies_without_page(&self) -> Noted {
        let mut noted = Noted::default();
        let rendered = self.rendered;
        for doc in rendered.library.docs() {
            let path = file_of(doc);
            if !rendered.missing.contains(&path) {
                continue;
            }
            for link in &doc.content.links {
                if let Some(fault) = self.fault(&link.address, &path, None) {
                    self.written(doc, link, &fault, &mut noted);
                }
            }
        }
        noted
    }

    fn page(&self, file: &Output, scan: &Scan) -> Noted {
        let mut noted = Noted::default();
        let links: BTreeSet<&str> = scan.links.iter().map(String::as_str).collect();
        for address in links {
            if let Some(fault) = self.fault(address, &file.path, scan.base.as_deref()) {
                self.broken(address, file, &fault, &mut noted);
            }
        }
        let Some(level) = self.rendered.config.checks.levels.of("repeated-id") else {
            return noted;
        };
        for id in &scan.repeated {
            let place = source::id(self.rendered, file, id);
            let sentence = format!("The id `{id}` is on this page more than once.");
            noted.on_page(
                file,
                Finding::new(level, "repeated-id", place, sentence).help(
                    "Give one of them an id of its own; a heading takes one as `## Heading {#name}`.",
                ),
            );
        }
        noted
    }

    /// What is wrong with an address, and what to do about it.
    fn fault(&self, address: &str, page: &str, base: Option<&str>) -> Option<Fault> {
        let config = &self.rendered.config;
        let Target::Inside { path, fragment } = resolve(address, page, base, config) else {
            let (rule, sentence, help) = link_form::fault(address)?;
            return Some(Fault {
                code: rule,
                sentence,
                help: Some(help),
            });
        };
        let Some(target) = self.map.file(&path) else {
            if self.rendered.is_missing(&path) || self.rendered.library.may_make(&path) {
                return None;
            }
            let sentence = if meant::is_picture(&path) {
                format!("This picture is not there: the site has no `/{path}`.")
            } else {
                format!("This link leads nowhere: the site has no `/{path}`.")
            };
            return Some(Fault {
                code: BROKEN,
                sentence,
                help: self.help(&path, address),
            });
        };
        if fragment.is_empty() || fragment == "top" || fragment.starts_with(":~:") {
            return None;
        }
        let target = self.map.behind_redirects(target);
        let scan = self.scans.get(target)?;
        if scan.ids.contains(&fragment) || self.is_broken(target) {
            return None;
        }
        let on = target.strip_suffix("index.html").unwrap_or(target);
        Some(Fault {
            code: BROKEN,
            sentence: format!("The page `/{on}` has no `#{fragment}`."),
            help: meant::anchor(&fragment, scan, || self.outline(target)),
        })
    }

    /// Whether the text of a page may not be known, because its front matter is not, or a comment
    /// hides the rest of it.
    fn is_broken(&self, path: &str) -> bool {
        let Origin::Document(relative) = &self.map.files[path].origin else {
            return false;
        };
        let doc = self.rendered.library.find(relative);
        doc.is_some_and(|doc| doc.front == Front::Broken || doc.content.is_cut)
    }

    /// What a person comes across on a page that is linked to wrongly; very many links may be.
    fn outline(&self, path: &str) -> Arc<Outline> {
        let mut outlines = self.outlines.lock().unwrap_or_else(PoisonError::into_inner);
        let known = outlines.entry(path.to_owned()).or_insert_with(|| {
            let html = &self.map.files[path].bytes;
            Arc::new(html::outline(&html::lossy(html)))
        });
        Arc::clone(known)
    }

    fn help(&self, path: &str, address: &str) -> Option<String> {
        let helps = || self.helps.lock().unwrap_or_else(PoisonError::into_inner);
        let key = (path.to_owned(), address.to_owned());
        if let Some(known) = helps().get(&key) {
            return known.clone();
        }
        let help = self.find_help(path, address);
        helps().insert(key, help.clone());
        help
    }

    fn find_help(&self, path: &str, address: &str) -> Option<String> {
        let library = &self.rendered.library;
        let rooted = format!("/{path}");
        let mut advice = self.rendered.config.checks.missing.iter();
        if let Some((_, advice)) = advice.find(|(beginning, _)| rooted.starts_with(beginning)) {
            return Some(advice.clone());
        }
        if address.starts_with("www.") || path.contains("/www.") {
            let site = address.find("www.").map_or(address, |at| &address[at..]);
            return Some(format!("For another site, write `https://{site}`."));
        }
        if meant::is_picture(path) {
            return Some(meant::picture(path, self.map));
        }
        let last = path.rsplit('/').next().unwrap_or(path);
        if link_form::is_email(last) {
            return Some(format!("For an email, write `mailto:{last}`."));
        }
        if contacts::phones(last).next() == Some(0..last.len()) {
            let digits = contacts::digits(last);
            // The 1 of North America is not among them.
            let is_whole = last.starts_with('+') && !last.starts_with("+1");
            let country = if is_whole { "" } else { "1" };
            if is_whole || digits.len() == 10 {
                return Some(format!(
                    "For a phone number, write `tel:+{country}{digits}`."
                ));
            }
        }
        if has_ending(path, "md") {
            let file = last.trim_start_matches('@');
            let named = |path: &&str| path.rsplit('/').next() == Some(file);
            let docs = || library.docs().map(|doc| doc.relative.as_str());
            return match docs().find(named) {
                Some(meant) => Some(format!("Write `@/{meant}`.")),
                None => alike::path(path, docs()).map(|near| format!("Did you mean `@/{near}`?")),
            };
        }
        if let Some(help) = meant::document(path, self.map) {
            return Some(help);
        }
        let clean = path.trim_matches('/');
        if let Some(draft) = library.draft_at(clean) {
            return Some(format!(
                "content/{draft} is a draft, so nobody can follow a link to it: publish it, or take \
                 the link out."
            ));
        }
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
        meant::page(clean, self.map)
    }

    fn broken(&self, address: &str, file: &Output, fault: &Fault, noted: &mut Noted) {
        let all = self.written.get_or_init(|| Written::new(self.rendered));
        let written = all.find(address, file);
        let level = self.rendered.config.checks.levels.of(fault.code);
        if let (true, Some(level)) = (written.is_empty(), level) {
            let place = self
                .contact(address)
                .unwrap_or_else(|| source::address(self.rendered, file, address));
            noted.on_page(file, fault.at(level, place));
        }
        for (doc, link) in written {
            self.written(doc, link, fault, noted);
        }
    }

    /// Where the settings have an address, which all pages show.
    fn contact(&self, address: &str) -> Option<Place> {
        let plain = address.strip_prefix("mailto:").unwrap_or(address);
        let plain = plain.strip_prefix("tel:").unwrap_or(plain);
        let mut contacts = self.rendered.config.checks.contacts.iter();
        let contact = contacts.find(|contact| contact.value == plain)?;
        Some(contact.place.clone())
    }

    /// Notes a fault of a link in Markdown. The editor's own line says it all; which page shows it
    /// adds nothing.
    fn written(&self, doc: &Doc, link: &Link, fault: &Fault, noted: &mut Noted) {
        let config = &self.rendered.config;
        // Zola itself looks at these, and lets `[link_checker]` say how grave they are.
        let is_zolas = fault.code == BROKEN && link.written.starts_with("@/");
        let level = if is_zolas {
            Some(config.internal_level)
        } else {
            config.checks.levels.of(fault.code)
        };
        if let (Some(level), false) = (level, link.reported) {
            noted.plain(fault.at(level, doc.text.place(link.at.clone())));
        }
    }
}

impl Fault {
    fn at(&self, level: Severity, place: Place) -> Finding {
        let finding = Finding::new(level, self.code, place, self.sentence.as_str());
        match &self.help {
            Some(help) => finding.help(help.as_str()),
            None => finding,
        }
    }
}
