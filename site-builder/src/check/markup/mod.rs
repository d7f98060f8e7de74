//! Whether the HTML of a page is what the standard calls valid, as far as a page that is not can be
//! shown or read out wrong.
//!
//! Takes parts from [`super::html`] and tells [`Fault`]s of one page. What the standard's own
//! tokenizer and a list of open elements find is told; a whole parser would build a tree for each
//! page, and take longer than the site's build. Styles, scripts and values of attributes are not
//! looked at.

mod elements;
mod page;
mod place;
#[cfg(test)]
mod tests;
mod tokens;
mod tree;
mod upset;

use std::collections::BTreeSet;
use std::ops::Range;

use html5gum::Error;

use self::page::Page;
use self::tree::Tree;
use super::html::{Part, Tag};
pub(super) use place::check;

/// The rule about tags and characters.
pub(super) const SYNTAX: &str = "html-syntax";
/// The rule about what stands in what.
pub(super) const NESTING: &str = "html-nesting";
/// The rule about elements that are unknown or of an older HTML.
pub(super) const ELEMENT: &str = "html-element";
/// The rule about ids that are named and not there.
pub(super) const REFERENCE: &str = "html-reference";
/// The rule about what each page has.
pub(super) const DOCUMENT: &str = "html-document";
/// The rule about tables.
pub(super) const TABLE: &str = "table-header";

/// All rules.
pub(super) const RULES: [&str; 6] = [SYNTAX, NESTING, ELEMENT, REFERENCE, DOCUMENT, TABLE];

/// More on one page are not worth telling: one slip can make a hundred.
const MOST: usize = 20;

/// What a comment begins with.
const OPENING: &str = "<!--";

/// What is wrong with a page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Fault {
    /// The rule's name.
    pub rule: &'static str,
    /// The tag that is at fault, in the page.
    pub at: Range<usize>,
    /// The tag that shows it; the same one unless it comes later.
    pub end: Range<usize>,
    /// One plain sentence.
    pub sentence: String,
    /// What to do next.
    pub help: String,
}

impl Fault {
    fn new(
        rule: &'static str,
        at: Range<usize>,
        sentence: impl Into<String>,
        help: impl Into<String>,
    ) -> Self {
        Self {
            rule,
            end: at.clone(),
            at,
            sentence: sentence.into(),
            help: help.into(),
        }
    }
}

/// A page's HTML while it is read.
#[derive(Debug, Default)]
pub(super) struct Markup {
    tree: Tree,
    page: Page,
    faults: Vec<Fault>,
    /// Whether there is a character that no page may hold, by the error that says so.
    character: Option<Error>,
    /// Whether a comment goes on to the end of the page.
    in_comment: bool,
}

impl Markup {
    /// Takes what comes next.
    pub(super) fn part(&mut self, part: &Part<'_>) {
        match part {
            Part::Start(tag) => self.start(tag),
            Part::End(name, at) => self.end(name, at),
            Part::Words(words) => self.page.words(words),
            Part::Doctype(is_html) => self.page.doctype(*is_html),
            Part::Error(error, at) => self.error(*error, at.clone()),
            Part::Comment(at) if self.in_comment => {
                let start = at.start;
                // What is in it is no HTML.
                self.faults.retain(|fault| fault.at.start < start);
                self.tell(Error::EofInComment, start..start + OPENING.len());
            }
            Part::Comment(_) => {}
        }
    }

    /// What is wrong with the page that has this HTML and these ids.
    pub(super) fn finish(mut self, html: &str, ids: &BTreeSet<String>) -> Vec<Fault> {
        if let Some(error) = self.character {
            let found = html.match_indices(tokens::is_forbidden).take(MOST);
            for (start, sign) in found {
                self.tell(error, start..start + sign.len());
            }
        }
        // What a comment hides of the page is not missing from it.
        if !self.in_comment {
            self.tree.finish(&mut self.faults);
            self.page.finish(ids, &mut self.faults);
        }
        self.faults.truncate(MOST);
        self.faults
    }

    fn start(&mut self, tag: &Tag) {
        self.page.start(tag);
        if self.faults.len() < MOST {
            let (name, at) = (&tag.name, tag.at.clone());
            let unknown = unknown(name, at.clone(), &self.tree);
            let is_none = unknown.is_some() && elements::element(name).is_none();
            self.faults.extend(unknown);
            if is_none {
                self.tree.pass(name);
            } else {
                self.tree.start(name, at, tag.is_closed, &mut self.faults);
            }
        }
    }

    fn end(&mut self, name: &str, at: &Range<usize>) {
        self.page.end(name, &mut self.faults);
        if self.faults.len() < MOST {
            self.tree.end(name, at, &mut self.faults);
        }
    }

    fn error(&mut self, error: Error, at: Range<usize>) {
        if tokens::is_character(error) {
            self.character = Some(error);
        } else if error == Error::EofInComment {
            // It is told where it is, which is where the page ends; the comment itself follows.
            self.in_comment = true;
        } else {
            self.tell(error, at);
        }
    }

    fn tell(&mut self, error: Error, at: Range<usize>) {
        if self.faults.len() < MOST {
            let (sentence, help) = tokens::explain(error);
            self.faults.push(Fault::new(SYNTAX, at, sentence, help));
        }
    }
}

/// An element that the standard does not have, or no longer.
fn unknown(name: &str, at: Range<usize>, tree: &Tree) -> Option<Fault> {
    if tree.in_drawing() || name.contains('-') {
        return None;
    }
    match elements::element(name) {
        None => Some(Fault::new(
            ELEMENT,
            at,
            format!("There is no element `<{name}>`."),
            "Correct its name; or, if this is no HTML, write `&lt;` instead of `<`.",
        )),
        Some(element) => {
            let instead = element.instead?;
            let sentence = format!("`<{name}>` is of an older HTML.");
            Some(Fault::new(
                ELEMENT,
                at,
                sentence,
                format!("Use {instead} instead."),
            ))
        }
    }
}
