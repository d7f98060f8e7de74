//! Feeds: of the whole site, of sections and of terms. Only pages with a date are in a feed.

use tera::{Context, Map, Value};

use super::faults::Faults;
use super::jobs::{self, Job};
use super::output::Output;
use crate::config::Mode;
use crate::diagnostic::{Finding, Place};
use crate::page::model::{Id, Term};
use crate::page::{Site, by_date, moment};
use crate::template::reads::{Reads, record};

/// Renders every feed that is asked for, under each of the names that the settings give.
pub(super) fn render(site: &Site, files: &mut Vec<Output>, faults: &mut Faults<'_>) {
    let mut jobs = Vec::new();
    for feed in feeds(site) {
        let page = |at: usize| &site.library.pages[at];
        let mut pages = feed.pages.clone();
        pages.retain(|&at| page(at).doc.render && page(at).date.is_some());
        pages.sort_by(|&a, &b| by_date(page(a), page(b)));
        let keeps = site.config.mode == Mode::Serve;
        let (context, mut reads) = record(keeps, || context(site, &feed, &pages));
        reads.append(feed.reads);
        for (name, place) in &site.config.language(feed.lang).feeds.filenames {
            let path = format!("{}{name}", feed.path);
            let mut context = context.clone();
            context.insert_value("feed_url", Value::from(site.config.permalink(&path)));
            let path = path.trim_start_matches('/');
            // A date may be in front matter that cannot be read.
            if pages.is_empty() && site.library.broken().next().is_none() {
                let sentence = "This feed is empty, because none of its pages has a date.";
                let finding = Finding::warning("empty-feed", feed.asked.clone(), sentence)
                    .help("Give a page a `date`, or ask for no feed.");
                faults.add(vec![finding], path);
            }
            if site.engine.has(name) {
                let mut job = Job::new(site, path, name, context);
                job.reads = reads.clone();
                jobs.push(job);
            } else {
                let sentence = format!("There is no template `{name}` for this feed.");
                let finding = Finding::error("no-template", place.clone(), sentence).help(format!(
                    "Create `templates/{name}`. `atom.xml` and `rss.xml` are there already."
                ));
                faults.push(finding, path);
            }
        }
    }
    jobs::run(site, jobs, files, faults);
}

struct Feed<'a> {
    lang: &'a str,
    /// The path of what the feed is of.
    path: String,
    pages: Vec<usize>,
    /// What only a template for this kind of feed sees.
    own: Vec<(&'static str, Value)>,
    /// Where the feed is asked for.
    asked: Place,
    /// The values in `own`.
    reads: Reads,
}

fn feeds(site: &Site) -> Vec<Feed<'_>> {
    let library = &site.library;
    let mut feeds = Vec::new();
    for (at, section) in library.sections.iter().enumerate() {
        let Some(place) = &section.generate_feeds else {
            continue;
        };
        let keeps = site.config.mode == Mode::Serve;
        let (value, reads) = record(keeps, || site.engine.index.values().of(Id::Section(at)));
        feeds.push(Feed {
            lang: &section.doc.lang,
            path: section.doc.path.clone(),
            pages: section.pages.clone(),
            own: vec![("section", value)],
            asked: section.doc.text.place(place.clone()),
            reads,
        });
    }
    for taxonomy in &library.taxonomies {
        let config = &taxonomy.config;
        for term in taxonomy
            .terms
            .iter()
            .filter(|_| config.feed && config.render)
        {
            feeds.push(Feed {
                lang: &taxonomy.lang,
                path: term.path.clone(),
                pages: term.pages.clone(),
                own: vec![("taxonomy", config.value.clone()), ("term", bare(term))],
                asked: config.place.clone(),
                reads: Reads::default(),
            });
        }
    }
    for (lang, language) in site.config.languages() {
        let Some(place) = &language.feeds.generate else {
            continue;
        };
        let pages = library.pages.iter().enumerate();
        let pages = pages.filter(|(_, page)| page.doc.lang == lang);
        feeds.push(Feed {
            lang,
            path: site.config.language_root(lang) + "/",
            pages: pages.map(|(at, _)| at).collect(),
            own: Vec::new(),
            asked: place.clone(),
            reads: Reads::default(),
        });
    }
    feeds
}

/// A term without its pages: the feed's own list takes their place.
fn bare(term: &Term) -> Value {
    Value::from(Map::from_iter([
        ("name".into(), Value::from(term.name.as_str())),
        ("slug".into(), Value::from(term.slug.as_str())),
        ("permalink".into(), Value::from(term.permalink.as_str())),
    ]))
}

/// What every name of a feed shares; `pages` are sorted, the latest first.
fn context(site: &Site, feed: &Feed<'_>, pages: &[usize]) -> Context {
    let mut context = Context::new();
    context.insert_value("config", site.config.language(feed.lang).value.clone());
    context.insert_value("lang", Value::from(feed.lang));
    for (name, value) in &feed.own {
        context.insert_value(*name, value.clone());
    }
    let known = &site.library.pages;
    let updated = pages.iter().filter_map(|&at| known[at].updated);
    let latest = pages.first().and_then(|&at| known[at].date);
    if let Some(date) = updated.chain(latest).max_by_key(|&date| moment(date)) {
        context.insert_value("last_updated", Value::from(date.to_string()));
    }
    let limit = site.config.lists.feed_limit.unwrap_or(pages.len());
    let values = site.engine.index.values();
    let shown = pages.iter().take(limit).map(|&at| values.listed(at));
    context.insert_value("pages", Value::from(shown.collect::<Vec<_>>()));
    context
}
