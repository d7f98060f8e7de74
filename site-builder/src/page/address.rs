//! Where pages and sections live: from a path in the content folder to an address.
//!
//! The rules are Zola's (its documentation, "Page": output paths).

use jiff::civil::Date;
use toml::value::Datetime;

use crate::config::Config;

/// The last part of a page's address and its full path.
pub(super) struct PageAddress {
    /// `what-you-need`.
    pub slug: String,
    /// `/faq/what-you-need/`.
    pub path: String,
    /// The date in the file's name.
    pub date: Option<Datetime>,
}

/// The address of a page. `slug` and `path` are those of its front matter.
pub(super) fn page(
    relative: &str,
    slug: Option<&str>,
    path: Option<&str>,
    config: &Config,
) -> PageAddress {
    let stem = relative.strip_suffix(".md").unwrap_or(relative);
    let stem = stem.strip_suffix("/index").unwrap_or(stem);
    let (folder, name) = stem.rsplit_once('/').unwrap_or(("", stem));
    let (date, undated) = if config.keep_dates {
        (None, name)
    } else {
        split_date(name)
    };
    let slug = config.slugify_paths.apply(slug.unwrap_or(undated));
    let path = match path.map(|path| path.trim_matches('/')) {
        Some(path) if !path.is_empty() => format!("/{path}/"),
        _ => format!("{}{slug}/", folder_path(folder, config)),
    };
    PageAddress { slug, path, date }
}

/// The address of the section that a folder's `_index.md` describes; the empty folder is the
/// site's root.
pub(super) fn section(folder: &str, config: &Config) -> String {
    folder_path(folder, config)
}

fn folder_path(folder: &str, config: &Config) -> String {
    let mut path = "/".to_owned();
    for part in folder.split('/').filter(|part| !part.is_empty()) {
        path.push_str(&config.slugify_paths.apply(part));
        path.push('/');
    }
    path
}

/// Parts a dated file name: `2026-11-25-hello` or `2026-11-25_hello`; a bare date keeps its name.
fn split_date(name: &str) -> (Option<Datetime>, &str) {
    let Some(head) = name.get(..10) else {
        return (None, name);
    };
    if head.parse::<Date>().is_err() {
        return (None, name);
    }
    let Ok(date) = head.parse::<Datetime>() else {
        return (None, name);
    };
    let rest = name[10..].trim_start();
    match rest.strip_prefix(['-', '_']) {
        Some(undated) if !undated.is_empty() => (Some(date), undated.trim_start()),
        _ if rest.is_empty() => (Some(date), name),
        _ => (None, name),
    }
}

#[cfg(test)]
mod tests {
    use super::split_date;

    #[test]
    fn a_dated_name_gives_the_date_and_loses_it() {
        let parted = |name| {
            let (date, rest) = split_date(name);
            (date.map(|date| date.to_string()), rest.to_owned())
        };
        let date = Some("2026-11-25".to_owned());
        assert_eq!(parted("2026-11-25-hello"), (date.clone(), "hello".into()));
        assert_eq!(parted("2026-11-25 _ hello"), (date.clone(), "hello".into()));
        assert_eq!(parted("2026-11-25"), (date, "2026-11-25".into()));
        assert_eq!(parted("2026-02-30-x"), (None, "2026-02-30-x".into()));
        assert_eq!(parted("2026-11-25x"), (None, "2026-11-25x".into()));
    }
}
