//! Headings: their ids, unique on a page, and the table of contents.

use std::collections::BTreeSet;
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
    /// The full address with the id.
    pub permalink: String,
    /// The text without markup.
    pub title: String,
    /// Headings of a lower rank that follow it.
    pub children: Vec<Heading>,
}

/// Gives out ids in the order of the headings.
pub(super) struct Headings<'a> {
    slugify: Slugify,
    permalink: &'a str,
    taken: BTreeSet<String>,
    flat: Vec<Heading>,
}

impl<'a> Headings<'a> {
    /// Ids that an editor wrote out are taken from the start, wherever they stand.
    pub(super) fn new(
        slugify: Slugify,
        permalink: &'a str,
        events: &[(Event<'_>, Range<usize>)],
    ) -> Self {
        let taken = events
            .iter()
            .filter_map(|(event, _)| match event {
                Event::Start(Tag::Heading { id: Some(id), .. }) => Some(id.to_string()),
                _ => None,
            })
            .collect();
        Self {
            slugify,
            permalink,
            taken,
            flat: Vec::new(),
        }
    }

    /// Takes a heading and returns its id: the one written out, or one made of its text, with
    /// `-1`, `-2` … when that is taken.
    pub(super) fn add(&mut self, level: u8, written: Option<String>, title: &str) -> String {
        let id = written.unwrap_or_else(|| self.free_id(title));
        self.flat.push(Heading {
            level,
            permalink: format!("{}#{id}", self.permalink),
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
        let mut id = base.clone();
        let mut again = 0;
        while self.taken.contains(&id) {
            again += 1;
            id = format!("{base}-{again}");
        }
        self.taken.insert(id.clone());
        id
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
