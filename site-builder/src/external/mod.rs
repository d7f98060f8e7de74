//! Links to other sites: does the page answer, and does it have what the link points at?
//!
//! The one part that uses the network, and only when `check --external` asks for it. Whatever an
//! editor links to is asked, an address of the own network or machine too: the builder runs as the
//! editor, sends nothing but the address, its name and that of the site, and tells the answer's
//! status only. Only `http` and `https` are spoken.
//!
//! Others' servers are treated with patience: one request at a time for a host, a pause between
//! two, and one that wants to be left alone is; several hosts are asked at once. What answered well is
//! not asked again for a day ([`cache`]). What may pass is a warning at most; only what the owner of
//! a page must mend is as grave as `external_level` says.
//!
//! Owns the order of questions. [`ask`] owns a question and its answer, [`words`] what is said about it;
//! which links there are is known to [`crate::check`].

mod ask;
mod cache;
mod words;

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::sync::{Mutex, PoisonError};
use std::thread;
use std::time::Duration;

use percent_encoding::percent_decode_str;
use url::Url;

use crate::check::Outside;
use crate::diagnostic::{Finding, Findings};
use ask::{Answer, Asker};
use cache::Cache;

/// How many hosts are asked at once.
const AT_ONCE: usize = 8;

/// How patient the check of links to other sites is.
#[derive(Debug, Clone)]
pub struct External {
    /// The time, in seconds since 1970: for how old the answers of earlier runs are.
    pub now: i64,
    /// How long an answer may take, with all redirects; and how long a host may tell us to wait.
    pub timeout: Duration,
    /// The time between two requests to a host.
    pub pause: Duration,
    /// Called before the first request, with the number of pages to ask for, and of hosts.
    pub tell: fn(usize, usize),
}

impl External {
    /// The patience that suits other people's servers.
    pub fn new(now: i64) -> Self {
        Self {
            now,
            timeout: Duration::from_secs(20),
            pause: Duration::from_secs(1),
            tell: |_, _| {},
        }
    }
}

/// The pages of a host, each with the ids that links point at.
type Pages<'a> = BTreeMap<String, BTreeSet<&'a str>>;

/// Asks for every link that leads out of the site in this folder.
pub(crate) fn check(outside: &Outside, root: &Path, options: &External, findings: &mut Findings) {
    let mut cache = Cache::read(root, options.now);
    let mut hosts: BTreeMap<String, Pages<'_>> = BTreeMap::new();
    for address in outside.links.keys() {
        if cache.has(address) {
            continue;
        }
        // What is no address is told by its form.
        if let Some((host, page, id)) = parts(address) {
            let ids = hosts.entry(host).or_default().entry(page).or_default();
            ids.extend(id.filter(|_| !outside.is_anchor_skipped(address)));
        }
    }
    if !hosts.is_empty() {
        (options.tell)(hosts.values().map(Pages::len).sum(), hosts.len());
    }
    let asker = Asker::new(&outside.site, options);
    let answers = ask_all(&hosts, &asker, options);
    for (address, places) in &outside.links {
        let Some((_, page, id)) = parts(address) else {
            continue;
        };
        let Some(answer) = answers.get(&page) else {
            continue;
        };
        let id = id.filter(|_| !outside.is_anchor_skipped(address));
        let Some(said) = words::about(&page, id, answer, options, outside.level) else {
            cache.add(address);
            continue;
        };
        for place in places {
            let (level, code, sentence) = (said.level, said.code, said.sentence.as_str());
            findings.push(Finding::new(level, code, place.clone(), sentence).help(&*said.help));
        }
    }
    cache.write();
}

/// The host, the page without its fragment, and the id that is to be on it. Fragments that programs in
/// the page make sense of (`#/x`, `#!x`) or that point at words (`#:~:text=x`) are no ids.
fn parts(address: &str) -> Option<(String, String, Option<&str>)> {
    let (page, id) = match address.split_once('#') {
        Some((page, id)) => (page, Some(id)),
        None => (address, None),
    };
    let full = match page.strip_prefix("//") {
        Some(rest) => format!("https://{rest}"),
        None => page.to_owned(),
    };
    let url = Url::parse(&full).ok()?;
    let host = format!("{}:{}", url.host_str()?, url.port_or_known_default()?);
    let is_id = |id: &&str| !id.is_empty() && *id != "top" && !id.starts_with(['/', '!', ':']);
    Some((host, url.to_string(), id.filter(is_id)))
}

fn decoded(id: &str) -> String {
    percent_decode_str(id).decode_utf8_lossy().into_owned()
}

fn ask_all(
    hosts: &BTreeMap<String, Pages<'_>>,
    asker: &Asker,
    options: &External,
) -> BTreeMap<String, Answer> {
    let waiting = Mutex::new(hosts.values());
    let answers = Mutex::new(BTreeMap::new());
    thread::scope(|scope| {
        for _ in 0..hosts.len().min(AT_ONCE) {
            scope.spawn(|| {
                let next = || {
                    waiting
                        .lock()
                        .unwrap_or_else(PoisonError::into_inner)
                        .next()
                };
                while let Some(pages) = next() {
                    let found = ask_host(pages, asker, options);
                    let mut answers = answers.lock().unwrap_or_else(PoisonError::into_inner);
                    answers.extend(found);
                }
            });
        }
    });
    answers.into_inner().unwrap_or_else(PoisonError::into_inner)
}

/// Asks for the pages of one host, one after the other. Once it does not answer, or wants to be left
/// alone for longer than we wait, the rest are not asked for: what it said holds for them too.
fn ask_host(pages: &Pages<'_>, asker: &Asker, options: &External) -> BTreeMap<String, Answer> {
    let mut answers = BTreeMap::new();
    let mut shut: Option<Answer> = None;
    for (at, (page, ids)) in pages.iter().enumerate() {
        if let Some(answer) = &shut {
            answers.insert(page.clone(), answer.clone());
            continue;
        }
        if at > 0 {
            thread::sleep(options.pause);
        }
        let mut answer = asker.ask(page, !ids.is_empty());
        if let Answer::Busy(Some(wait)) = answer
            && wait <= options.timeout
        {
            thread::sleep(wait.max(options.pause));
            answer = asker.ask(page, !ids.is_empty());
        }
        if matches!(
            answer,
            Answer::Busy(_) | Answer::Slow | Answer::Unreachable | Answer::NoSuchHost
        ) {
            shut = Some(answer.clone());
        }
        answers.insert(page.clone(), answer);
    }
    answers
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_has_a_host_a_page_and_an_id_if_it_is_one() {
        let parts = |address| {
            parts(address).map(|(host, page, id)| format!("{host} {page} {}", id.unwrap_or("-")))
        };
        for (address, found) in [
            (
                "https://Example.org/a?b#c",
                "example.org:443 https://example.org/a?b c",
            ),
            ("//example.org", "example.org:443 https://example.org/ -"),
            (
                "http://127.0.0.1:81/#",
                "127.0.0.1:81 http://127.0.0.1:81/ -",
            ),
            (
                "https://example.org/#/app",
                "example.org:443 https://example.org/ -",
            ),
            (
                "https://example.org/#:~:text=a",
                "example.org:443 https://example.org/ -",
            ),
        ] {
            assert_eq!(parts(address).as_deref(), Some(found));
        }
        assert_eq!(parts("https://"), None);
    }
}
