//! What a new page has from the page that it translates: the lines at the top, and a mark to write at
//! each heading.

mod front;

use jiff::civil::Date;

use crate::config::Config;
use crate::diagnostic::Findings;
use crate::markdown::{self, Heading};
use crate::page::model::Doc;
use crate::page::{self, Name, UNWRITTEN, name};
use crate::source::{ContentFile, Source};

/// The page in the default language that a content file translates, when it is there and whole.
pub(super) fn original<'a>(source: &'a Source, relative: &str) -> Option<&'a ContentFile> {
    let config = &source.config;
    let name = Name::of(relative, config);
    if name.lang == config.default_language {
        return None;
    }
    let original = name::file(&name.canonical, &config.default_language, config);
    let mut content = source.content.iter();
    content.find(|file| file.relative == original && file.intact)
}

/// What the new file holds. Headings keep the ids of the original, so that links to them lead to the
/// same place in both languages.
pub(super) fn text(
    source: Source,
    (original, lang): (&str, &str),
    title: &str,
    today: Date,
) -> Option<String> {
    let mut files = source.content.iter();
    let file = files.find(|file| file.relative == original)?;
    let mut text = front::of(file, lang, &source, title, today);
    let site = page::assemble(source, &mut Findings::default());
    let doc = site.library.find(original)?;
    let headings = headings(doc, &site.config);
    let is_section = Name::of(original, &site.config).is_section();
    let has_text = !doc.text.body[doc.body.clone()].trim().is_empty();
    let first = (!is_section || has_text).then(|| UNWRITTEN.to_owned());
    for paragraph in first.into_iter().chain(headings) {
        text.push('\n');
        text.push_str(&paragraph);
        text.push('\n');
    }
    Some(text)
}

fn headings(doc: &Doc, config: &Config) -> Vec<String> {
    let source = doc.markdown();
    let known = Heading::flat(&doc.content.toc);
    let reading = markdown::read(source, config);
    let both = reading.headings.into_iter().zip(known);
    both.map(|(at, heading)| {
        let written = source[at].trim().lines().next().unwrap_or_default();
        let words = written.trim_matches(['#', ' ']);
        let words = words.rfind("{#").map_or(words, |at| words[..at].trim_end());
        let signs = "#".repeat(usize::from(heading.level));
        format!("{signs} {UNWRITTEN} {words} {{#{}}}", heading.id)
    })
    .collect()
}
