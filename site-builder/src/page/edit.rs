//! Other bodies in content files, where nothing else in them changed: the commonest edit.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::model::{Content, Id};
use super::{Site, body, reading};
use crate::diagnostic::Findings;
use crate::source::ContentFile;

/// Puts changed content files in the place of what was read of them before. Nothing is returned when
/// the change may reach further than to who shows these bodies; the site is of no use then.
pub(crate) fn put_bodies(site: &mut Site, files: Vec<ContentFile>) -> Option<BTreeSet<Id>> {
    let mut changed = BTreeSet::new();
    let mut other_length = BTreeSet::new();
    for file in files {
        let id = *site.library.index.get(&file.relative)?;
        changed.insert(id);
        if put_text(site, id, file)? {
            other_length.insert(id);
        }
    }
    let index = Arc::clone(&site.engine.index);
    // Bodies can see the length of another, and nothing else of it.
    let seen = index.revalue_lengths(&site.library, &other_length);
    let others = site.library.index.values();
    let mut others = others.filter(|id| !changed.contains(id));
    if others.any(|&id| site.library.doc(id).content.reads.meet(&seen)) {
        return None;
    }
    let put_all = || changed.iter().all(|&id| put_content(site, id));
    index.with_lengths_only(put_all).then_some(changed)
}

/// Takes over the text. Nothing is returned when more than the body changed, else whether its length
/// did.
fn put_text(site: &mut Site, id: Id, file: ContentFile) -> Option<bool> {
    let doc = site.library.doc_mut(id);
    let front = doc.text.body.get(..doc.body.start);
    let same_front = front == Some(&file.text.body[..file.body.start]);
    if !(same_front && file.intact && file.body.start > 0) {
        return None;
    }
    doc.text = file.text;
    doc.body = file.body;
    let length = reading::measure(&doc.text.body[doc.body.clone()], &doc.lang);
    let before = (doc.content.words, doc.content.minutes);
    (doc.content.words, doc.content.minutes) = length;
    Some(length != before)
}

/// Renders the body. Whether that changes nothing but what shows it.
fn put_content(site: &mut Site, id: Id) -> bool {
    let mut findings = Findings::default();
    let content = body::render_one(id, &site.library, &site.engine, &site.config, &mut findings);
    let doc = site.library.doc_mut(id);
    // Who is linked to shows who links to it; and pictures that nobody asks for any more must go.
    let same =
        targets(&content) == targets(&doc.content) && content.reads.made == doc.content.reads.made;
    doc.content = content;
    let relative = doc.relative.clone();
    site.body_findings.remove(&relative);
    if !findings.is_empty() {
        site.body_findings.insert(relative, findings);
    }
    same
}

fn targets(content: &Content) -> BTreeSet<&str> {
    let written = content.links.iter().map(|link| link.written.as_str());
    written.filter(|link| link.starts_with("@/")).collect()
}
