//! Pages as they wait for a template that asks for them.
//!
//! A map takes three times the memory of what is in it, and most pages are looked at by their own
//! template and few others. So it is the entries that wait; their map lasts as long as somebody looks
//! at it. Knows no key but those that the table of contents needs.

use std::sync::Arc;

use tera::value::Key;
use tera::{Map, Value};

use super::values::headings;
use crate::markdown::Heading;

const TOC: &str = "toc";
const PERMALINK: &str = "permalink";

/// The keys that all pages have, in their order: a map without values.
#[derive(Debug, Clone, Default)]
pub(super) struct Keys(Map);

impl Keys {
    /// Takes them from the entries of any page.
    pub(super) fn of(entries: impl IntoIterator<Item = (Key<'static>, Value)>) -> Self {
        let empty = entries.into_iter().map(|(key, _)| (key, Value::none()));
        Self(empty.collect())
    }
}

/// A page's entries.
#[derive(Debug, Clone)]
pub(super) struct Packed {
    /// The values, in the order of the keys.
    values: Box<[Value]>,
    toc: Arc<[Heading]>,
}

impl Packed {
    /// Packs entries, of which the table of contents has no value.
    pub(super) fn new(
        entries: impl IntoIterator<Item = (Key<'static>, Value)>,
        toc: &Arc<[Heading]>,
    ) -> Self {
        Self {
            values: entries.into_iter().map(|(_, value)| value).collect(),
            toc: Arc::clone(toc),
        }
    }

    /// The map that a template needs. To copy one takes a fraction of the time that adding key after
    /// key does.
    pub(super) fn map(&self, keys: &Keys) -> Map {
        let mut map = keys.0.clone();
        for (room, value) in map.values_mut().zip(&self.values) {
            room.clone_from(value);
        }
        let page = map.get(&Key::from(PERMALINK)).and_then(Value::as_str);
        let toc = headings(&self.toc, page.unwrap_or_default());
        map.insert(TOC.into(), toc);
        map
    }

    /// Puts another value in the place of what a key has.
    pub(super) fn set(&mut self, keys: &Keys, key: &'static str, value: Value) {
        let at = keys.0.get_index_of(&Key::from(key));
        if let Some(room) = at.and_then(|at| self.values.get_mut(at)) {
            *room = value;
        }
    }

    /// Takes over another table of contents.
    pub(super) fn set_toc(&mut self, toc: &Arc<[Heading]>) {
        self.toc = Arc::clone(toc);
    }
}
