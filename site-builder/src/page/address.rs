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

/// The address of a page, by its canonical path. `slug` and `path` are those of its front matter.
pub(super) fn page(
    canonical: &str,
    lang: &str,
    slug: Option<&str>,
    path: Option<&str>,
    config: &Config,
) -> PageAddress {
    let stem = canonical.strip_suffix("/index").unwrap_or(canonical);
    let (folder, name) = stem.rsplit_once('/').unwrap_or(("", stem));
    let (date, undated) = split_date(name);
    let undated = if config.keep_dates { name } else { undated };
    let slug = config.slugify_paths.apply(slug.unwrap_or(undated));
    let path = match path.map(|path| path.trim_matches('/')) {
        Some(path) if !path.is_empty() => format!("/{path}/"),
        _ => format!("{}{slug}/", section(folder, lang, config)),
    };
    PageAddress { slug, path, date }
}

/// The address of the section that a folder's `_index.md` describes; the empty folder is the
/// site's root. Folders keep their names, as they do in Zola, whatever `[slugify]` says.
pub(super) fn section(folder: &str, lang: &str, config: &Config) -> String {
    let root = config.language_root(lang);
    if folder.is_empty() {
        format!("{root}/")
    } else {
        format!("{root}/{folder}/")
    }
}

/// Parts a dated file name: `2026-11-25-hello` or `2026-11-25_hello`, also with a time. A name
/// that has nothing behind the date, or something else, keeps it.
fn split_date(name: &str) -> (Option<Datetime>, &str) {
    let day = name.get(..10).filter(|day| day.parse::<Date>().is_ok());
    let Some(day) = day else {
        return (None, name);
    };
    let stamp = name.get(..10 + time_length(&name[10..]));
    let date = stamp.and_then(|stamp| Some((stamp, stamp.parse().ok()?)));
    let Some((stamp, date)) = date.or_else(|| Some((day, day.parse().ok()?))) else {
        return (None, name);
    };
    let rest = name[stamp.len()..].trim_start();
    match rest.strip_prefix(['-', '_']) {
        Some(undated) if !undated.is_empty() => (Some(date), undated.trim_start()),
        _ => (Some(date), name),
    }
}

/// How much of a text is a time with its offset, such as `T10:30:00Z` or `T10:30:00.5+02:00`.
fn time_length(text: &str) -> usize {
    let zone = text.find('Z').map(|at| at + 1);
    // The seconds end before any sign.
    let signed = text.get(9..).and_then(|rest| rest.find(['+', '-']));
    let offset = signed.map(|at| 9 + at + "+00:00".len());
    match (text.starts_with('T'), zone, offset) {
        (false, ..) => 0,
        (true, Some(zone), Some(offset)) => zone.min(offset),
        (true, zone, offset) => zone.or(offset).unwrap_or(0),
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
        assert_eq!(parted("2026-11-25"), (date.clone(), "2026-11-25".into()));
        assert_eq!(parted("2026-02-30-x"), (None, "2026-02-30-x".into()));
        assert_eq!(parted("2026-11-25x"), (date, "2026-11-25x".into()));
    }

    #[test]
    fn a_name_may_have_a_time_too() {
        for time in ["T10:30:00Z", "T10:30:00-05:00", "T10:30:00.5+02:00"] {
            let stamp = format!("2026-11-25{time}");
            let name = format!("{stamp}-Zoo-hello");
            let (date, rest) = split_date(&name);
            assert_eq!(date.map(|date| date.to_string()), Some(stamp));
            assert_eq!(rest, "Zoo-hello");
        }
        let (date, rest) = split_date("2026-11-25Tuesday-hello");
        assert_eq!(
            date.map(|date| date.to_string()).as_deref(),
            Some("2026-11-25")
        );
        assert_eq!(rest, "2026-11-25Tuesday-hello");
    }
}
