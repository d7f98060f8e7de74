//! The values of one section's pages, for as long as these are rendered.
//!
//! They are what takes most of a build's memory: each page with its body, in a map. A theme that asks
//! for the section on each of its pages (other questions, a menu) gets them from here.

use std::collections::BTreeMap;
use std::ops::Deref;
use std::sync::{Arc, OnceLock, PoisonError, RwLock};

use tera::Value;

use super::{Values, note_doc, note_list};
use crate::page::model::Id;

/// The pages of one section, by place in the library, as their own templates see them.
#[derive(Debug, Default)]
pub(crate) struct Together {
    pages: BTreeMap<usize, Value>,
    /// The section with this list, once somebody looks at it.
    section: OnceLock<Value>,
}

/// The sections whose pages are rendered at the moment, by place in the library.
#[derive(Debug, Default)]
pub(super) struct Rendering(RwLock<BTreeMap<usize, Arc<Together>>>);

/// A copy of values renders nothing yet.
impl Clone for Rendering {
    fn clone(&self) -> Self {
        Self::default()
    }
}

impl Rendering {
    pub(super) fn section(&self, at: usize) -> Option<Arc<Together>> {
        let open = self.0.read().unwrap_or_else(PoisonError::into_inner);
        open.get(&at).cloned()
    }

    fn set(&self, at: usize, together: Option<Arc<Together>>) {
        let mut open = self.0.write().unwrap_or_else(PoisonError::into_inner);
        match together {
            Some(together) => open.insert(at, together),
            None => open.remove(&at),
        };
    }
}

/// Holds the values of a section until its pages are rendered.
#[derive(Debug)]
pub(crate) struct Held<'a> {
    values: &'a Values,
    section: usize,
    together: Arc<Together>,
}

impl Deref for Held<'_> {
    type Target = Together;

    fn deref(&self) -> &Together {
        &self.together
    }
}

impl Drop for Held<'_> {
    fn drop(&mut self) {
        self.values.rendering.set(self.section, None);
    }
}

impl Values {
    /// The value of a page or section, for its own template. It is not kept: most are seen by
    /// nothing else.
    pub(crate) fn of(&self, id: Id) -> Value {
        self.of_one(id, &Together::default())
    }

    /// The same, of a section or of one of its pages, which were made together.
    pub(crate) fn of_one(&self, id: Id, together: &Together) -> Value {
        match id {
            Id::Page(at) => {
                note_doc(id);
                let made = || together.pages.get(&at).cloned();
                let kept = self.pages[at].listed.get().cloned();
                kept.or_else(made).unwrap_or_else(|| {
                    self.with_neighbours(self.alone(at), at, |other| self.alone(other))
                })
            }
            Id::Section(at) => {
                note_list(at);
                let kept = self.sections[at].with_pages.get().cloned();
                kept.unwrap_or_else(|| self.list(at, together))
            }
        }
    }

    /// The section with the pages that were made together.
    pub(super) fn list(&self, section: usize, together: &Together) -> Value {
        let page = |page| self.of_one(Id::Page(page), together);
        let whole = together
            .section
            .get_or_init(|| self.with_pages(section, page));
        whole.clone()
    }

    /// Makes the values of a section's pages, for whoever renders it and them. Each page is in the list
    /// and in its neighbours, too.
    pub(crate) fn together(&self, section: usize) -> Held<'_> {
        let pages = &self.sections[section].pages;
        let alone: BTreeMap<usize, Value> = pages.iter().map(|&at| (at, self.alone(at))).collect();
        let beside = |other| match alone.get(&other) {
            Some(value) => value.clone(),
            None => self.alone(other),
        };
        let whole = alone
            .iter()
            .map(|(&at, page)| (at, self.with_neighbours(page.clone(), at, beside)));
        let together = Arc::new(Together {
            pages: whole.collect(),
            section: OnceLock::new(),
        });
        self.rendering.set(section, Some(Arc::clone(&together)));
        Held {
            values: self,
            section,
            together,
        }
    }
}
