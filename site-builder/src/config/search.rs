//! `build_search_index` and `[search]`: whether there is a search index, in which format, and what
//! it holds.
//!
//! These are settings of one language.

use tera::{Map, Value};

use crate::diagnostic::Place;
use crate::fields::Fields;
use crate::text::Text;

/// What a search index is made for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum IndexFormat {
    /// The script library elasticlunr; as a script rather than as JSON.
    Elasticlunr {
        /// Whether the file is a script that sets `window.searchIndex`.
        script: bool,
    },
    /// A plain list of pages, as the script library Fuse.js and our theme read it.
    Fuse {
        /// Whether the file is a script that sets `window.searchIndex`.
        script: bool,
    },
}

const FORMATS: [(&str, IndexFormat); 4] = [
    (
        "elasticlunr_javascript",
        IndexFormat::Elasticlunr { script: true },
    ),
    (
        "elasticlunr_json",
        IndexFormat::Elasticlunr { script: false },
    ),
    ("fuse_javascript", IndexFormat::Fuse { script: true }),
    ("fuse_json", IndexFormat::Fuse { script: false }),
];

impl IndexFormat {
    /// Whether the file is a script that sets `window.searchIndex`.
    pub(crate) fn is_script(self) -> bool {
        let (Self::Elasticlunr { script } | Self::Fuse { script }) = self;
        script
    }

    /// The name of the file for a language.
    pub(crate) fn file_name(self, lang: &str) -> String {
        let ending = if self.is_script() { "js" } else { "json" };
        format!("search_index.{lang}.{ending}")
    }
}

/// `[search]`.
#[derive(Debug, Clone, Copy)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is a switch of the dialect"
)]
pub(crate) struct Search {
    /// `index_format`.
    pub format: IndexFormat,
    /// `include_title`.
    pub title: bool,
    /// `include_description`.
    pub description: bool,
    /// `include_date`.
    pub date: bool,
    /// `include_path`.
    pub path: bool,
    /// `include_content`.
    pub content: bool,
    /// `truncate_content_length`: how many characters of the content there are at most.
    pub truncate: Option<usize>,
}

impl Default for Search {
    fn default() -> Self {
        Self {
            format: IndexFormat::Elasticlunr { script: true },
            title: true,
            description: false,
            date: false,
            path: false,
            content: true,
            truncate: None,
        }
    }
}

impl Search {
    /// `config.search`, as templates see it.
    pub(super) fn to_value(self) -> Value {
        let mut formats = FORMATS.iter();
        let name = formats.find(|(_, format)| *format == self.format);
        let name = name.map_or("", |(name, _)| *name);
        Value::from(Map::from_iter([("index_format".into(), Value::from(name))]))
    }
}

/// Where `build_search_index` asks for an index.
pub(super) fn asked(text: &Text, fields: &mut Fields<'_, '_>) -> Option<Place> {
    let wanted = fields.flag("build_search_index").unwrap_or(false);
    let place = fields.node("build_search_index");
    let place = place.map(|node| text.place(node.at.clone()));
    place.filter(|_| wanted)
}

/// Reads `[search]`, if it is there.
pub(super) fn read(fields: &mut Fields<'_, '_>) -> Option<Search> {
    let table = fields.table("search")?;
    let mut fields = fields.within(table);
    let default = Search::default();
    let format = fields.choice("index_format", &FORMATS);
    let mut flag = |key, default| fields.flag(key).unwrap_or(default);
    let search = Search {
        format: format.unwrap_or(default.format),
        title: flag("include_title", default.title),
        description: flag("include_description", default.description),
        date: flag("include_date", default.date),
        path: flag("include_path", default.path),
        content: flag("include_content", default.content),
        truncate: fields.count("truncate_content_length"),
    };
    fields.finish("`[search]`");
    Some(search)
}
