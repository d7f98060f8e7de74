//! `[extra.check]`: which checks of a help center run, how grave they are, and what they go by; an
//! extension of ours. A theme's `theme.toml` may hold it as well, under the site's own.
//!
//! ```toml
//! [extra.check]
//! skip_pages = ["flows/shell.md"]     # content files whose pages are no pages yet
//! words = "words.toml"                # what to write instead of which word
//!
//! [extra.check.levels]
//! long-sentence = "error"             # or "warn", or "off"
//!
//! [extra.check.limits]
//! sentence_words = 25
//!
//! [extra.check.contacts]
//! from = ["support", "clinic.phone"]  # keys of `[extra]` that hold phone numbers and emails
//!
//! [extra.check.flow_pages]
//! pages = "flows"                     # `[extra.flows]` names the page of each flow
//! element = "verify-widget"           # which holds this element, with `flow="…"`
//! form = "/flows/"                    # and in it a form that goes here
//!
//! [extra.check.browsers]
//! file = "browsers.toml"              # what pages must work in
//!
//! [extra.check.spelling]
//! es = "dictionaries/es"              # a language's dictionary, without its ending
//!
//! [extra.check.missing]
//! "/app/" = "Run `make app` first."   # what to do where no file of this folder is there
//! ```
//!
//! Owns the settings. What each check looks for is in [`crate::check`].

use globset::GlobSet;
use jiff::civil::Date;

use super::browsers::{self, Browsers};
use super::levels::{self, Levels};
use super::spelling::Dictionary;
use super::words::WordList;
use crate::diagnostic::{Findings, Place};
use crate::document::{Data, Node, Table};
use crate::fields::Fields;
use crate::inputs::Named;
use crate::published::Published;
use crate::text::Text;

/// What the checks of a help center go by.
#[derive(Debug, Clone)]
pub(crate) struct Checks {
    /// Which checks run, and how grave each is.
    pub levels: Levels,
    /// Where each limit is.
    pub limits: Limits,
    /// Phone numbers and emails that pages may show.
    pub contacts: Vec<Contact>,
    /// The page of each flow, and what must be on it.
    pub flow_pages: Vec<FlowPage>,
    /// Content files whose pages are not looked at.
    pub skip_pages: GlobSet,
    /// What to write instead of which word, and which words are right.
    pub words: WordList,
    /// Files that the settings name, and dictionaries of the system; whether they are there or not.
    pub named_files: Named,
    /// What the site has published, when it keeps a list.
    pub published: Option<Published>,
    /// Whether the addresses of this build are wanted for that list.
    pub record: bool,
    /// What to do where a file is missing, by the beginning of its address.
    pub missing: Vec<(String, String)>,
    /// The browsers that pages must work in.
    pub browsers: Browsers,
    /// The dictionary of each language that has one; none when spelling is not checked.
    pub dictionaries: Vec<(String, Dictionary)>,
    /// The day that review dates are held against; without one they are not.
    pub today: Option<Date>,
}

/// `[extra.check.limits]`.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Limits {
    /// Words that a sentence may have.
    pub sentence_words: usize,
    /// The highest school grade of a page in English, by Flesch and Kincaid.
    pub grade: f64,
    /// The lowest ease of a page in Spanish, on the INFLESZ scale.
    pub ease: f64,
    /// Kilobytes of a page with all that it loads from this site.
    pub page_kb: usize,
}

/// A phone number or email, and the key of `[extra]` that holds it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Contact {
    /// Such as `support.email`.
    pub key: String,
    /// As it is written there.
    pub value: String,
    /// Where; the file as a whole for what is the theme's.
    pub place: Place,
}

/// A page on which a flow starts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct FlowPage {
    /// The flow's name.
    pub flow: String,
    /// The page's content file.
    pub page: String,
    /// The element that runs the flow.
    pub element: String,
    /// The address of the form that serves every other browser.
    pub form: String,
}

/// What `[extra.check]` says beyond the levels.
#[derive(Debug, Default)]
pub(super) struct Settings {
    /// Which checks run.
    pub levels: Levels,
    /// The limits.
    pub limits: Limits,
    /// The sources of phone numbers and emails.
    pub contacts: Vec<Contact>,
    /// The pages of flows.
    pub flow_pages: Vec<FlowPage>,
    /// Globs of content files to leave out.
    pub skip_pages: Option<Vec<String>>,
    /// The word list's file.
    pub words: Option<String>,
    /// The browsers, as far as these settings tell.
    pub browsers: browsers::Settings,
    /// The paths of dictionaries by language.
    pub dictionaries: Vec<(String, String)>,
    /// What to do where a file is missing, by the beginning of its address.
    pub missing: Vec<(String, String)>,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            sentence_words: 25,
            grade: 8.0,
            ease: 65.0,
            page_kb: 500,
        }
    }
}

/// Reads `[extra.check]` out of an `[extra]`. For what is wrong with it, it reads a file's own; for
/// what is so, what theme and site made together.
pub(super) fn read(text: &Text, extra: &Table, findings: &mut Findings) -> Settings {
    let empty = Table::default();
    let check = inner(extra, "check").unwrap_or(&empty);
    let mut fields = Fields::new(text, check, findings);
    let words = fields.text("words");
    let skip_pages = fields.texts("skip_pages");
    let levels = fields.table("levels");
    let limits = fields.table("limits");
    let contacts = fields.table("contacts");
    let flow_pages = fields.table("flow_pages");
    let browsers = fields.table("browsers");
    let spelling = fields.table("spelling").unwrap_or(&empty);
    let missing = fields.table("missing").unwrap_or(&empty);
    Settings {
        levels: levels::read(text, levels.unwrap_or(&empty), findings),
        limits: read_limits(text, limits.unwrap_or(&empty), findings),
        contacts: read_contacts(text, extra, contacts.unwrap_or(&empty), findings),
        flow_pages: flow_pages.map_or_else(Vec::new, |table| {
            read_flow_pages(text, extra, table, findings)
        }),
        skip_pages,
        words,
        browsers: browsers::settings(text, browsers.unwrap_or(&empty), findings),
        dictionaries: read_pairs(text, spelling, "dictionary", "a path in quotes", findings),
        missing: read_pairs(text, missing, "advice", "a sentence in quotes", findings),
    }
}

/// A text for each key, such as the dictionary of `es`.
fn read_pairs(
    text: &Text,
    table: &Table,
    what: &str,
    wanted: &str,
    findings: &mut Findings,
) -> Vec<(String, String)> {
    let mut pairs = Vec::new();
    for entry in &table.entries {
        if let Data::Text(value) = &entry.node.data {
            pairs.push((entry.key.clone(), value.clone()));
        } else {
            let what = format!("The {what} of `{}`", entry.key);
            Fields::new(text, table, findings).wrong_type(&what, &entry.node, wanted);
        }
    }
    pairs
}

fn read_limits(text: &Text, table: &Table, findings: &mut Findings) -> Limits {
    let mut fields = Fields::new(text, table, findings);
    let unset = Limits::default();
    let mut whole = |key| fields.integer(key).and_then(|n| u32::try_from(n).ok());
    let limits = Limits {
        sentence_words: whole("sentence_words").map_or(unset.sentence_words, |n| n as usize),
        grade: whole("grade").map_or(unset.grade, f64::from),
        ease: whole("ease").map_or(unset.ease, f64::from),
        page_kb: whole("page_kb").map_or(unset.page_kb, |n| n as usize),
    };
    fields.finish("`[extra.check.limits]`");
    limits
}

/// The keys of `[extra]` that hold phone numbers and emails unless a site says otherwise.
const CONTACTS: [&str; 2] = ["support", "clinic"];

fn read_contacts(
    text: &Text,
    extra: &Table,
    table: &Table,
    findings: &mut Findings,
) -> Vec<Contact> {
    let mut fields = Fields::new(text, table, findings);
    let from = fields.texts("from");
    fields.finish("`[extra.check.contacts]`");
    let from = from.unwrap_or_else(|| CONTACTS.map(str::to_owned).to_vec());
    let mut contacts = Vec::new();
    for key in from {
        let mut names = key.split('.');
        let first = names.next().and_then(|name| extra.get(name));
        let node = names.try_fold(first, |node, name| match node.map(|node| &node.data) {
            Some(Data::Table(table)) => Some(table.get(name)),
            _ => None,
        });
        if let Some(Some(node)) = node {
            collect(text, &key, node, &mut contacts);
        }
    }
    contacts
}

fn collect(text: &Text, key: &str, node: &Node, contacts: &mut Vec<Contact>) {
    match &node.data {
        Data::Text(value) => {
            let written = text.body.get(node.at.clone());
            let is_here = written.is_some_and(|written| written.contains(value));
            contacts.push(Contact {
                key: key.to_owned(),
                value: value.clone(),
                place: if is_here {
                    text.place(node.at.clone())
                } else {
                    text.whole()
                },
            });
        }
        Data::Table(table) => {
            for entry in &table.entries {
                collect(text, &format!("{key}.{}", entry.key), &entry.node, contacts);
            }
        }
        _ => {}
    }
}

fn read_flow_pages(
    text: &Text,
    extra: &Table,
    table: &Table,
    findings: &mut Findings,
) -> Vec<FlowPage> {
    let mut fields = Fields::new(text, table, findings);
    let pages = fields.text("pages");
    let element = fields.text("element");
    let form = fields.text("form");
    fields.finish("`[extra.check.flow_pages]`");
    let (Some(pages), Some(element), Some(form)) = (pages, element, form) else {
        return Vec::new();
    };
    let flows = inner(extra, &pages).map_or(&[][..], |table| &table.entries);
    flows
        .iter()
        .filter_map(|entry| match &entry.node.data {
            Data::Text(page) => Some(FlowPage {
                flow: entry.key.clone(),
                page: page.trim_start_matches("@/").to_owned(),
                element: element.clone(),
                form: format!("{form}{}", entry.key),
            }),
            _ => None,
        })
        .collect()
}

fn inner<'a>(table: &'a Table, key: &str) -> Option<&'a Table> {
    match &table.get(key)?.data {
        Data::Table(table) => Some(table),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document::parse_toml;

    fn settings(source: &str) -> (Settings, Findings) {
        let mut findings = Findings::default();
        let text = Text::new("zola.toml", source);
        let (table, _) = parse_toml(&text, 0..text.body.len(), &mut findings);
        let read = read(&text, &table, &mut findings);
        (read, findings)
    }

    #[test]
    fn contacts_are_every_text_under_the_keys_that_are_named() {
        let source = "support = { email = \"help@example.org\", hours = 8 }\n\
                      clinic = { name = \"W\", desk = { phone = \"207-555-0100\" } }\n";
        let keys = |read: Settings| read.contacts.into_iter().map(|c| c.key).collect::<Vec<_>>();
        assert_eq!(
            keys(settings(source).0),
            ["support.email", "clinic.name", "clinic.desk.phone"]
        );
        let named =
            format!("{source}[check.contacts]\nfrom = [\"clinic.desk\", \"nowhere.at.all\"]\n");
        assert_eq!(keys(settings(&named).0), ["clinic.desk.phone"]);
    }

    #[test]
    fn a_slip_in_a_limit_or_a_level_is_found() {
        let (read, findings) = settings(
            "[check.limits]\nsentence_word = 20\ngrade = 6\n\
             [check.levels]\nlong-sentense = \"error\"\nlink-text = \"fatal\"\n",
        );
        assert!((read.limits.grade - 6.0).abs() < f64::EPSILON);
        let found: Vec<_> = findings
            .iter()
            .map(|f| (f.code, f.place.line, f.help.as_deref()))
            .collect();
        assert_eq!(
            found,
            [
                ("unknown-key", 2, Some("Did you mean `sentence_words`?")),
                ("unknown-check", 5, Some("Did you mean `long-sentence`?")),
                ("unknown-value", 6, None),
            ]
        );
    }
}
