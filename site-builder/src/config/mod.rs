//! The site's settings: `zola.toml` (or `config.toml`) with the theme's `[extra]` under its own.
//!
//! Owns the keys, their defaults and the address arithmetic that follows from `base_url`. Knows no
//! page and no template.

mod base_url;
mod browsers;
mod checks;
mod languages;
mod levels;
mod lists;
mod read;
mod schema;
mod search;
mod spelling;
mod swallowed;
mod synonyms;
mod tables;
mod words;

use std::collections::BTreeMap;

use globset::GlobSet;
use tera::Value;

pub(crate) use browsers::{Browser, Browsers};
pub(crate) use checks::{Checks, Contact, FlowPage, Limits};
pub(crate) use languages::{Language, Translations};
pub(crate) use levels::Levels;
pub(crate) use lists::{Lists, Pagination, TaxonomyConfig};
pub(crate) use read::load;
pub(crate) use schema::{ExtraField, Kind};
pub(crate) use search::{IndexFormat, Search};
pub(crate) use spelling::Dictionary;
#[cfg(test)]
pub(crate) use synonyms::synonyms;
pub(crate) use synonyms::{Group, Phrase, Synonyms};
pub(crate) use words::Words;
#[cfg(test)]
pub(crate) use words::word_list;

use crate::diagnostic::Severity;

/// Why the builder runs; templates see it as `config.mode`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Mode {
    /// Writing a site.
    #[default]
    Build,
    /// Only looking for findings.
    Check,
    /// Previewing with live reload.
    Serve,
}

impl Mode {
    /// The word that templates compare with.
    pub fn word(self) -> &'static str {
        match self {
            Self::Build => "build",
            Self::Check => "check",
            Self::Serve => "serve",
        }
    }
}

/// How a name becomes part of an address (`[slugify]`).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Slugify {
    /// Lower-case ASCII letters, digits and dashes.
    On,
    /// Only what some file system cannot hold is taken out.
    Safe,
    /// As it is.
    Off,
}

/// Where a heading's own link goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum AnchorLinks {
    /// No link.
    None,
    /// Before the heading's text.
    Left,
    /// After it.
    Right,
    /// Around it.
    Heading,
}

/// `[markdown]`.
#[derive(Debug, Clone)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is a switch of the dialect"
)]
pub(crate) struct Markdown {
    /// A class for links to other sites.
    pub external_class: Option<String>,
    /// Open links to other sites in a new tab.
    pub external_blank: bool,
    /// `rel="nofollow"` for links to other sites.
    pub external_no_follow: bool,
    /// `rel="noreferrer"` for links to other sites.
    pub external_no_referrer: bool,
    /// `rel="external"` for links to other sites.
    pub external_rel: bool,
    /// Curly quotes and real dashes.
    pub smart_punctuation: bool,
    /// `:wave:` as an emoji.
    pub emoji: bool,
    /// Footnotes at the end of the text.
    pub bottom_footnotes: bool,
    /// Definition lists.
    pub definition_list: bool,
    /// `loading="lazy" decoding="async"` on images.
    pub lazy_images: bool,
    /// The site's default for a section's `insert_anchor_links`.
    pub anchor_links: AnchorLinks,
    /// Blocks such as `> [!NOTE]`.
    pub alerts: bool,
}

/// `[link_checker]`, as far as it is about links to other sites.
#[derive(Debug, Clone)]
pub(crate) struct ExternalLinks {
    /// How grave a dead one is.
    pub level: Severity,
    /// How addresses begin that are not asked for.
    pub skip_prefixes: Vec<String>,
    /// How addresses begin whose fragment is not looked for.
    pub skip_anchor_prefixes: Vec<String>,
    /// Files whose links are not followed.
    pub ignored_files: GlobSet,
}

/// All settings that the later stages read.
#[derive(Debug, Clone)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is a switch of the dialect"
)]
pub(crate) struct Config {
    /// Where the site will be reached, without a trailing slash; empty for links from the root.
    pub base_url: String,
    /// The folder of `themes/` in use.
    pub theme: Option<String>,
    /// The language of content files whose names say no other.
    pub default_language: String,
    /// Its settings.
    pub main_language: Language,
    /// The other languages' settings, by code.
    pub other_languages: BTreeMap<String, Language>,
    /// Content files to leave out.
    pub ignored_content: GlobSet,
    /// Static files to leave out.
    pub ignored_static: GlobSet,
    /// Content files in which template syntax is plain text.
    pub skip_content_templating: GlobSet,
    /// The output folder, relative to the root.
    pub output_dir: String,
    /// How file names become addresses.
    pub slugify_paths: Slugify,
    /// How terms of taxonomies become addresses.
    pub slugify_taxonomies: Slugify,
    /// How headings become ids.
    pub slugify_anchors: Slugify,
    /// Keep the date of a dated file name in its address.
    pub keep_dates: bool,
    /// How grave a broken link inside the site is.
    pub internal_level: Severity,
    /// How links to other sites are checked, when they are.
    pub external: Option<ExternalLinks>,
    /// Settings of Markdown.
    pub markdown: Markdown,
    /// Compile the style sheets in `sass/`.
    pub compile_sass: bool,
    /// Write `sitemap.xml`.
    pub generate_sitemap: bool,
    /// Write `robots.txt`.
    pub generate_robots_txt: bool,
    /// `[extra.assets] hashed_names`: an extension of ours, see [`crate::render`].
    pub hashed_names: bool,
    /// `[extra.check] served_elsewhere`: address prefixes that another program answers.
    pub served_elsewhere: Vec<String>,
    /// `[extra.check.fields]`: what `[extra]` of a page holds.
    pub extra_fields: Vec<ExtraField>,
    /// What all languages' lists have in common.
    pub lists: Lists,
    /// `synonyms.toml`: what readers may type for which words.
    pub synonyms: Synonyms,
    /// `[extra.check]`: the checks of a help center.
    pub checks: Checks,
    /// Why the builder runs.
    pub mode: Mode,
    /// When the build began, in seconds since 1970: what `now` gives to templates.
    pub now: i64,
}

impl Config {
    /// The full address of a path such as `/faq/`.
    pub(crate) fn permalink(&self, path: &str) -> String {
        format!("{}{path}", self.base_url)
    }

    /// The path part of `base_url`, without a trailing slash: `/help` of `https://x.org/help`.
    pub(crate) fn base_path(&self) -> &str {
        let Some((_, rest)) = self.base_url.split_once("://") else {
            return &self.base_url;
        };
        rest.find('/').map_or("", |at| &rest[at..])
    }

    /// Whether an address leads to another site.
    pub(crate) fn is_external(&self, address: &str) -> bool {
        let web = address.starts_with("https://")
            || address.starts_with("http://")
            || address.starts_with("//");
        web && !self.is_own(address)
    }

    /// Whether a full address lies inside this site.
    pub(crate) fn is_own(&self, address: &str) -> bool {
        !self.base_url.is_empty()
            && address
                .strip_prefix(&self.base_url)
                .is_some_and(|rest| rest.is_empty() || rest.starts_with(['/', '#', '?']))
    }
}

fn optional(text: Option<&str>) -> Value {
    text.map_or_else(Value::none, Value::from)
}

impl Slugify {
    /// The name as part of an address.
    pub(crate) fn apply(self, name: &str) -> String {
        match self {
            Self::On => slug::slugify(name),
            Self::Safe => name
                .trim_end_matches([' ', '.'])
                .replace(['<', '>', ':', '"', '/', '\\', '|', '?', '*'], ""),
            Self::Off => name.to_owned(),
        }
    }

    /// The text of a heading as its id, in which no space may stand.
    pub(crate) fn anchor(self, text: &str) -> String {
        match self {
            Self::On => slug::slugify(text),
            Self::Safe | Self::Off => text.replace(|c: char| c.is_ascii_whitespace(), "_"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Slugify;

    #[test]
    fn names_become_addresses_as_set() {
        assert_eq!(Slugify::On.apply("Où est-ce ?"), "ou-est-ce");
        assert_eq!(
            Slugify::Safe.apply("Où est <ce> (a/b)?. "),
            "Où est ce (ab)"
        );
        assert_eq!(Slugify::Off.apply("Où ?"), "Où ?");
    }

    #[test]
    fn headings_become_ids_as_set() {
        assert_eq!(Slugify::On.anchor("Où est-ce ?"), "ou-est-ce");
        assert_eq!(Slugify::Safe.anchor("Où est-ce ?"), "Où_est-ce_?");
        assert_eq!(Slugify::Off.anchor("Où est-ce ?"), "Où_est-ce_?");
    }
}
