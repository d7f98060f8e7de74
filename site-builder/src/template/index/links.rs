//! Where links to content files lead, in each language, and why one leads nowhere.

use std::borrow::Cow;
use std::fmt::Write as _;

use percent_encoding::percent_decode_str;

use super::Index;
use crate::alike;
use crate::diagnostic::nearest;
use crate::page::{Name, name};
use crate::published;
use crate::typed;

impl Index {
    /// The address of `@/path.md#fragment`, or a sentence that says why there is none.
    pub(crate) fn resolve(&self, link: &str) -> Result<String, String> {
        let path = link.strip_prefix("@/").unwrap_or(link);
        let (path, fragment) = match path.split_once('#') {
            Some((path, fragment)) => (path, Some(fragment)),
            None => (path, None),
        };
        // A space in a file's name is `%20` in Markdown.
        let path = percent_decode_str(path).decode_utf8_lossy();
        let Some(address) = self.addresses.get(path.as_ref()) else {
            return Err(self.no_page(&path));
        };
        Ok(match fragment {
            Some(fragment) => format!("{address}#{fragment}"),
            None => address.clone(),
        })
    }

    /// The same as a page in this language has it: the address of the translation of what is named.
    /// In the default language, a translation that is named by its own file is meant.
    pub(crate) fn resolve_in(&self, link: &str, lang: &str) -> Result<String, String> {
        if lang == self.config.default_language {
            return self.resolve(link);
        }
        let path = link.strip_prefix("@/").unwrap_or(link);
        let (path, fragment) = match path.split_once('#') {
            Some((path, fragment)) => (path, format!("#{fragment}")),
            None => (path, String::new()),
        };
        match self.addresses.get(self.translated(path, lang).as_ref()) {
            Some(address) => Ok(format!("{address}{fragment}")),
            None => Err(self.no_translation(path, lang)),
        }
    }

    /// The content file that is the one with this path in another language.
    pub(crate) fn translated<'a>(&self, path: &'a str, lang: &str) -> Cow<'a, str> {
        if self.config.other_languages.is_empty() && lang == self.config.default_language {
            return path.into();
        }
        let name = Name::of(path, &self.config);
        if name.lang == lang {
            return path.into();
        }
        name::file(&name.canonical, lang, &self.config).into()
    }

    /// Why there is no page with this path in this language.
    pub(crate) fn no_translation(&self, path: &str, lang: &str) -> String {
        let translated = self.translated(path, lang);
        if self.is_untranslated(path, &translated) {
            return format!("The page `@/{path}` has no translation into `{lang}`.");
        }
        self.no_page(&translated)
    }

    /// The same with how to mend it on a line of its own, if that is to translate the page.
    pub(in crate::template) fn with_remedy(
        &self,
        lacking: String,
        path: &str,
        lang: &str,
    ) -> String {
        let path = path.strip_prefix("@/").unwrap_or(path);
        let (path, _) = path.split_once('#').unwrap_or((path, ""));
        let translated = self.translated(path, lang);
        if self.is_untranslated(path, &translated) {
            let command = typed::command(&format!("new {translated} \"Its title\""));
            return format!("{lacking}\nRun `{command}`.");
        }
        lacking
    }

    /// Whether nobody has begun to translate a page that is there.
    fn is_untranslated(&self, path: &str, translated: &str) -> bool {
        self.addresses.contains_key(path) && !self.drafts.contains(translated)
    }

    /// Why a path names no page, with the nearest one that exists.
    pub(crate) fn no_page(&self, path: &str) -> String {
        if self.drafts.contains(path) {
            return format!("The page `@/{path}` is a draft, so nobody can follow a link to it.");
        }
        if let Some(same) = self.same(path) {
            return format!("There is no page `@/{path}`. Did you mean `@/{same}`?");
        }
        let was_there = self.was_published(path);
        let gone = if was_there { " any more" } else { "" };
        let mut sentence = format!("There is no page `@/{path}`{gone}.");
        // What was there beside it answers something else.
        let near = self.near(path);
        let near = near.filter(|near| !was_there || !self.was_published(near));
        if let Some(near) = near {
            let _ = write!(sentence, " Did you mean `@/{near}`?");
        }
        sentence
    }

    /// The page of the same name: a folder has its page in a file of its own, and capitals count.
    fn same(&self, path: &str) -> Option<&str> {
        fn stem(path: &str) -> &str {
            let path = path.strip_suffix(".md").unwrap_or(path);
            let path = path.strip_suffix("/_index").unwrap_or(path);
            path.trim_end_matches('/')
        }
        let mut known = self.addresses.keys().map(String::as_str);
        known.find(|known| stem(known).eq_ignore_ascii_case(stem(path)))
    }

    /// Whether the list of what was published has the address that a content file of this path has
    /// by itself.
    fn was_published(&self, path: &str) -> bool {
        let Name { canonical, lang } = Name::of(path, &self.config);
        let folder = name::colocated(&canonical).or_else(|| canonical.strip_suffix("_index"));
        let own = folder.unwrap_or(&canonical).trim_end_matches('/');
        let address = if lang == self.config.default_language {
            format!("/{own}/")
        } else {
            format!("/{lang}/{own}/")
        };
        let list = self.config.checks.published.as_ref();
        list.is_some_and(|list| list.has(&published::line(&address, None)))
    }

    fn near(&self, path: &str) -> Option<&str> {
        let known = || self.addresses.keys().map(String::as_str);
        let name = path.rsplit('/').next().unwrap_or(path);
        let same_name = || {
            // The right file name in the wrong folder; `_index.md` is in every folder.
            let mut same = known().filter(|known| known.rsplit('/').next() == Some(name));
            match (name, same.next(), same.next()) {
                ("_index.md" | "index.md", ..) => None,
                (_, Some(only), None) => Some(only),
                _ => None,
            }
        };
        nearest(path, known())
            .or_else(same_name)
            .or_else(|| alike::path(path, known()))
    }
}
