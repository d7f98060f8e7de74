//! What most likely took the place of a page or heading that is gone: a guess, offered as one.

use std::collections::{BTreeMap, BTreeSet};

use crate::alike;
use crate::markdown::Heading;
use crate::page::model::Doc;
use crate::published::{self, Published};
use crate::render::Rendered;

/// The headings that stand for ids which a page lost. Each is offered once; where one id and one
/// heading are left over, they belong together whatever they say.
pub(super) fn headings<'a>(
    ids: &BTreeSet<&'a str>,
    mut left: Vec<&'a Heading>,
) -> BTreeMap<&'a str, Option<&'a Heading>> {
    let mut found = BTreeMap::new();
    for &id in ids {
        let best = alike::best(id, &left, |heading| [&*heading.id, &*heading.title]);
        left.retain(|heading| best.is_none_or(|best| best.id != heading.id));
        found.insert(id, best);
    }
    let mut open = found.values_mut().filter(|heading| heading.is_none());
    if let (Some(heading), None, [last]) = (open.next(), open.next(), &left[..]) {
        *heading = Some(last);
    }
    found
}

/// The page that most likely took the place of this path: one with a like name or title, rather
/// one that is new, rather one in the same folder.
pub(super) fn page<'a>(page: &str, list: &Published, rendered: &'a Rendered) -> Option<&'a Doc> {
    let split = |path: &'a str| path.trim_matches('/').rsplit_once('/');
    let old = page.trim_matches('/').rsplit_once('/');
    let (folder, name) = old.unwrap_or(("", page.trim_matches('/')));
    let skipped = &rendered.config.checks.skip_pages;
    let docs = rendered.library.docs();
    let likely = docs.filter(|doc| doc.render && !skipped.is_match(&doc.relative));
    let scored = likely.filter_map(|doc| {
        let (beside, own) = split(&doc.path).unwrap_or(("", doc.folder()));
        let title = doc.title.as_deref().unwrap_or_default();
        let likeness = alike::likeness(name, own).max(alike::likeness(name, title));
        let is_new = !list.has(&published::line(&doc.path, None));
        let least = match (is_new, beside == folder) {
            (true, true) => 30,
            (true, false) => 50,
            (false, _) => 85,
        };
        let bonus = if is_new { 20 } else { 0 } + if beside == folder { 10 } else { 0 };
        (likeness >= least).then_some((likeness + bonus, doc))
    });
    scored
        .max_by(|(a, first), (b, second)| {
            a.cmp(b).then_with(|| second.relative.cmp(&first.relative))
        })
        .map(|(_, doc)| doc)
}

/// The content file of the nearest section above a path that the site has.
pub(super) fn section_above<'a>(page: &str, rendered: &'a Rendered) -> &'a str {
    let sections = rendered.library.sections.iter().map(|section| &section.doc);
    sections
        .filter(|doc| page.starts_with(&doc.path))
        .max_by_key(|doc| doc.path.len())
        .map_or("_index.md", |doc| &doc.relative)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_heading_is_offered_for_the_id_that_it_is_most_like() {
        let heading = |title: &str| Heading {
            level: 2,
            id: slug::slugify(title),
            title: title.to_owned(),
            children: Vec::new(),
        };
        let all = ["Before you call", "When it is urgent"].map(heading);
        let found = |ids: &[&'static str]| -> Vec<_> {
            let pairs = headings(&ids.iter().copied().collect(), all.iter().collect());
            pairs
                .into_values()
                .map(|heading| heading.map_or("", |heading| &heading.title).to_owned())
                .collect()
        };
        assert_eq!(found(&["before-calls"]), ["Before you call"]);
        assert_eq!(
            found(&["before-you-call-or-write", "in-an-emergency"]),
            ["Before you call", "When it is urgent"]
        );
        assert_eq!(found(&["in-an-emergency"]), [""]);
        assert_eq!(found(&["a-b", "c-d"]), ["", ""]);
    }
}
