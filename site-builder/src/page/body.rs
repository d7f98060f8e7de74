//! Bodies: template syntax first, then Markdown, with every link resolved and remembered.
//!
//! Each body depends on front matter and addresses only, never on another body, so bodies can be
//! rendered in any order.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::ops::Range;

use rayon::prelude::*;
use tera::{Context, Value};

use super::html::Html;
use super::model::{Content, Doc, Id, Library, Link};
use super::written;
use crate::config::{Config, Mode};
use crate::diagnostic::{Finding, Findings};
use crate::markdown::{self, Host};
use crate::progress;
use crate::template::reads::{Reads, record};
use crate::template::{Engine, needs_templating, without_syntax};

/// Renders every body in the library.
pub(super) fn render_all(
    library: &mut Library,
    engine: &Engine,
    config: &Config,
    findings: &mut BTreeMap<String, Findings>,
) {
    let sections = (0..library.sections.len()).map(Id::Section);
    let pages = (0..library.pages.len()).map(Id::Page);
    let ids: Vec<_> = sections.chain(pages).collect();
    let known = &*library;
    progress::begin("Reading", ids.len());
    let rendered: Vec<_> = ids
        .into_par_iter()
        .map(|id| {
            let mut own = Findings::default();
            let content = render_one(id, known, engine, config, &mut own);
            progress::step();
            (id, content, own)
        })
        .collect();
    for (id, content, own) in rendered {
        let doc = library.doc_mut(id);
        doc.content = content;
        if !own.is_empty() {
            findings.insert(doc.relative.clone(), own);
        }
    }
    engine.index.complete(library);
}

/// Renders one body, and notes what it asks for where that is kept. What is found depends on this body
/// alone.
pub(super) fn render_one(
    id: Id,
    library: &Library,
    engine: &Engine,
    config: &Config,
    findings: &mut Findings,
) -> Content {
    let keeps = config.mode == Mode::Serve;
    let (content, reads) = record(keeps, || render(id, library, engine, config, findings));
    Content { reads, ..content }
}

fn render(
    id: Id,
    library: &Library,
    engine: &Engine,
    config: &Config,
    findings: &mut Findings,
) -> Content {
    let (doc, anchors) = match id {
        Id::Section(at) => {
            let section = &library.sections[at];
            (&section.doc, section.anchor_links)
        }
        Id::Page(at) => {
            let page = &library.pages[at];
            let parent = page.parent.map(|parent| &library.sections[parent]);
            (&page.doc, parent.and_then(|parent| parent.anchor_links))
        }
    };
    check_references(doc, engine, config, findings);
    written::unwritten(doc, findings);
    let body = &doc.text.body[doc.body.clone()];
    let templated = needs_templating(body)
        && !engine.broken
        && !config.skip_content_templating.is_match(&doc.relative);
    let attempt = templated
        .then(|| engine.render_body(&doc.text, doc.body.clone(), &context(id, doc, engine)));
    let source = match attempt {
        None => body.into(),
        Some(Ok(source)) => Cow::Owned(source),
        Some(Err(faults)) => {
            // The links and words of a body that cannot be rendered are still looked at.
            findings.extend(faults);
            Cow::Owned(without_syntax(body))
        }
    };
    let mut host = BodyHost {
        doc,
        engine,
        config,
        findings,
        mapped: !templated,
        seen: BTreeMap::new(),
        links: Vec::new(),
    };
    let anchors = anchors.unwrap_or(config.markdown.anchor_links);
    let mut html = markdown::render(&source, config, anchors, &mut host);
    let links = host.links;
    let is_cut = written::comment(doc, &source, &mut html.html, config, findings);
    Content {
        html: Html::new(html.html),
        templated: templated.then(|| source.into_owned()),
        reads: Reads::default(),
        summary: html.summary.map(Value::from),
        toc: html.toc.into(),
        links,
        is_cut,
        words: doc.content.words,
        minutes: doc.content.minutes,
    }
}

fn context(id: Id, doc: &Doc, engine: &Engine) -> Context {
    let index = &engine.index;
    let config = index.config();
    let mut context = Context::new();
    context.insert_value("config", config.language(&doc.lang).value.clone());
    context.insert_value("lang", Value::from(doc.lang.as_str()));
    let name = match id {
        Id::Page(_) => "page",
        Id::Section(_) => "section",
    };
    context.insert_value(name, index.values().of(id));
    context
}

/// `@/` links in `[extra]`, which templates turn into links: a typo there is reported where it was
/// written and not only where a template trips over it.
fn check_references(doc: &Doc, engine: &Engine, config: &Config, findings: &mut Findings) {
    for (link, at) in &doc.references {
        if let Err(fault) = engine.index.resolve(link) {
            findings.push(Finding::new(
                config.internal_level,
                "broken-link",
                doc.text.place(at.clone()),
                fault,
            ));
        }
    }
}

struct BodyHost<'a> {
    doc: &'a Doc,
    engine: &'a Engine,
    config: &'a Config,
    findings: &'a mut Findings,
    /// Whether the Markdown is the body itself, so that its offsets mean places in the file.
    mapped: bool,
    /// How often each destination has come up, to find it again in a body with template syntax.
    seen: BTreeMap<String, usize>,
    links: Vec<Link>,
}

impl BodyHost<'_> {
    /// Where in the content file a destination was written. A destination that a component made
    /// is nowhere in it; the start of the body stands for that.
    fn locate(&mut self, destination: &str, at: Range<usize>) -> Range<usize> {
        let body_at = self.doc.body.start;
        let body = &self.doc.text.body[self.doc.body.clone()];
        if self.mapped {
            let within = &body[at.clone()];
            return match within.rfind(destination) {
                Some(found) => {
                    let start = body_at + at.start + found;
                    start..start + destination.len()
                }
                None => body_at + at.start..body_at + at.end,
            };
        }
        let nth = self.seen.entry(destination.to_owned()).or_insert(0);
        let found = body
            .match_indices(destination)
            .nth(*nth)
            .or_else(|| body.match_indices(destination).last());
        *nth += 1;
        match found {
            Some((start, _)) => body_at + start..body_at + start + destination.len(),
            None => body_at..body_at,
        }
    }
}

impl Host for BodyHost<'_> {
    fn resolve(&mut self, written: &str, at: Range<usize>) -> String {
        let at = self.locate(written, at);
        let mut reported = false;
        let level = self.config.checks.levels.of("broken-link");
        let right = level.and_then(|level| Some((level, written::right_address(written)?)));
        // What a slip hides is told of the address that was meant.
        let destination = match &right {
            Some((level, (sentence, right))) => {
                let place = self.doc.text.place(at.clone());
                let finding = Finding::new(*level, "broken-link", place, *sentence);
                self.findings
                    .push(finding.help(format!("Write it as `{right}`.")));
                right
            }
            None => written,
        };
        let address = if destination.is_empty() {
            reported = true;
            if let Some(level) = level {
                let place = self.doc.text.place(at.clone());
                let finding =
                    Finding::new(level, "broken-link", place, "This link has no address.");
                self.findings
                    .push(finding.help("Write the address between the round brackets."));
            }
            self.doc.permalink.clone()
        } else if destination.starts_with("@/") {
            self.engine
                .index
                .resolve(destination)
                .unwrap_or_else(|fault| {
                    reported = true;
                    self.findings.push(Finding::new(
                        self.config.internal_level,
                        "broken-link",
                        self.doc.text.place(at.clone()),
                        fault,
                    ));
                    destination.to_owned()
                })
        } else if destination == "#" {
            destination.to_owned()
        } else if destination.starts_with('#') || is_beside(destination) {
            format!("{}{destination}", self.doc.permalink)
        } else {
            destination.to_owned()
        };
        self.links.push(Link {
            address: address.clone(),
            written: written.to_owned(),
            at,
            reported,
        });
        address
    }

    fn anchor_link(&mut self, id: &str, level: u8) -> Option<String> {
        let mut context = Context::new();
        context.insert_value("id", Value::from(id));
        context.insert_value("level", Value::from(level));
        self.fragment("anchor-link.html", context)
    }

    fn cutoff(&mut self, summary: &str) -> Option<String> {
        let mut context = Context::new();
        context.insert_value("summary", Value::from(summary));
        self.fragment("summary-cutoff.html", context)
    }
}

impl BodyHost<'_> {
    fn fragment(&mut self, template: &str, mut context: Context) -> Option<String> {
        context.insert_value("lang", Value::from(self.doc.lang.as_str()));
        match self.engine.render(template, &context) {
            Ok(html) => Some(html),
            Err(faults) => {
                self.findings.extend(faults);
                None
            }
        }
    }
}

/// Whether a destination names a file beside the page: relative, and not above it.
fn is_beside(destination: &str) -> bool {
    let has_scheme = written::has_scheme(destination);
    !has_scheme && !destination.starts_with('/') && !destination.starts_with("..")
}
