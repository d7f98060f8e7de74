//! Headings: their ids, unique on a page, and the table of contents.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use pulldown_cmark::{Event, Tag};

use crate::config::Slugify;

/// An entry of the table of contents.
#[derive(Debug, Clone)]
pub(crate) struct Heading {
    /// 1 to 6.
    pub level: u8,
    /// The id in the page.
    pub id: String,
    /// The text without markup.
    pub title: String,
    /// Headings of a lower rank that follow it.
    pub children: Vec<Heading>,
}

impl Heading {
    /// All of a table of contents, in the order of the text.
    pub(crate) fn flat<'a>(all: &'a [Self]) -> Vec<&'a Self> {
        let with_children =
            |heading: &'a Self| std::iter::once(heading).chain(Self::flat(&heading.children));
        all.iter().flat_map(with_children).collect()
    }
}

/// Gives out ids in the order of the headings.
pub(super) struct Headings {
    slugify: Slugify,
    taken: BTreeSet<String>,
    /// The number to try next for an id that is taken: those before it stay taken.
    next: BTreeMap<String, usize>,
    flat: Vec<Heading>,
}

impl Headings {
    /// Ids that an editor wrote out are taken from the start, wherever they stand.
    pub(super) fn new(slugify: Slugify, events: &[(Event<'_>, Range<usize>)]) -> Self {
        let taken = events
            .iter()
            .filter_map(|(event, _)| match event {
                Event::Start(Tag::Heading { id: Some(id), .. }) => Some(id.to_string()),
                _ => None,
            })
            .collect();
        Self {
            slugify,
            taken,
            next: BTreeMap::new(),
            flat: Vec::new(),
        }
    }

    /// Takes a heading and returns its id: the one written out, or one made of its text, with
    /// `-1`, `-2` … when that is taken.
    pub(super) fn add(&mut self, level: u8, written: Option<String>, title: &str) -> String {
        let id = written.unwrap_or_else(|| self.free_id(title));
        self.flat.push(Heading {
            level,
            id: id.clone(),
            title: title.to_owned(),
            children: Vec::new(),
        });
        id
    }

    fn free_id(&mut self, title: &str) -> String {
        let mut base = self.slugify.anchor(title);
        if base.is_empty() {
            // A heading of signs only; an empty id is not valid HTML.
            "section".clone_into(&mut base);
        }
        let next = self.next.entry(base.clone()).or_default();
        loop {
            let id = match *next {
                0 => base.clone(),
                again => format!("{base}-{again}"),
            };
            *next += 1;
            if self.taken.insert(id.clone()) {
                return id;
            }
        }
    }

    /// The headings, each under the nearest one of a higher rank before it.
    pub(super) fn into_toc(self) -> Vec<Heading> {
        let mut flat = self.flat.into_iter().peekable();
        nest(&mut flat, 0)
    }
}

fn nest(flat: &mut std::iter::Peekable<std::vec::IntoIter<Heading>>, above: u8) -> Vec<Heading> {
    let mut siblings = Vec::new();
    while let Some(mut heading) = flat.next_if(|next| next.level > above) {
        heading.children = nest(flat, heading.level);
        siblings.push(heading);
    }
    siblings
}

#[cfg(test)]
mod tests {
    use std::time::{Duration, Instant};

    use super::*;

    fn ids(titles: &[&str], written: &[&str]) -> Vec<String> {
        let mut headings = Headings::new(Slugify::On, &[]);
        headings.taken = written.iter().map(|&id| id.to_owned()).collect();
        let add = |title: &&str| headings.add(2, None, title);
        titles.iter().map(add).collect()
    }

    #[test]
    fn an_id_that_is_taken_gets_the_first_number_that_is_free() {
        assert_eq!(
            ids(&["A", "A", "A 1", "A", "A 1", "?", "?"], &["a-2"]),
            ["a", "a-1", "a-1-1", "a-3", "a-1-2", "section", "section-1"]
        );
    }

    #[test]
    fn equal_headings_by_the_thousand_take_no_time() {
        let began = Instant::now();
        let ids = ids(&vec!["A"; 30_000], &[]);
        assert_eq!(ids[29_999], "a-29999");
        // Trying all numbers again for each takes minutes.
        assert!(began.elapsed() < Duration::from_secs(20));
    }
}
