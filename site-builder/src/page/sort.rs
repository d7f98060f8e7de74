//! The order of a section's pages, and who comes before and after whom.

use std::cmp::{Ordering, Reverse};

use lexical_sort::natural_lexical_cmp;
use toml::value::Datetime;

use super::model::{Front, Library, Page, SortBy};
use crate::diagnostic::{Finding, Findings};

/// Digits that a number of 64 bits always holds.
const DIGITS: usize = 18;

/// Sorts the pages of one section and links the neighbours. A page that lacks what the section
/// sorts by is a finding: Zola drops it from the list in silence, and a patient never sees it.
pub(super) fn pages(library: &mut Library, section: usize, findings: &mut Findings) {
    let sort_by = library.sections[section].sort_by;
    let mut order = std::mem::take(&mut library.sections[section].pages);
    for &at in &order {
        let page = &library.pages[at];
        if let Some(key) = missing_key(page, sort_by)
            && page.doc.front == Front::Good
        {
            let of = &library.sections[section].doc.text.file;
            findings.push(
                Finding::error(
                    "no-sort-key",
                    page.doc.text.whole(),
                    format!("This page has no `{key}`, but its section is sorted by it ({of})."),
                )
                .help(format!("Add `{key}` to the lines at the top of this page.")),
            );
        }
    }
    order.sort_by(|&a, &b| {
        let (left, right) = (&library.pages[a], &library.pages[b]);
        compare(left, right, sort_by).then_with(|| match sort_by {
            SortBy::None => left.doc.relative.cmp(&right.doc.relative),
            _ => left.doc.permalink.cmp(&right.doc.permalink),
        })
    });
    if sort_by != SortBy::None && !library.sections[section].transparent {
        for pair in order.windows(2) {
            library.pages[pair[0]].higher = Some(pair[1]);
            library.pages[pair[1]].lower = Some(pair[0]);
        }
    }
    library.sections[section].pages = order;
}

/// The latest first, those without a date last; of the same moment, by address.
pub(crate) fn by_date(a: &Page, b: &Page) -> Ordering {
    compare(a, b, SortBy::Date).then_with(|| a.doc.permalink.cmp(&b.doc.permalink))
}

fn missing_key(page: &Page, sort_by: SortBy) -> Option<&'static str> {
    match sort_by {
        SortBy::Weight if page.doc.weight.is_none() => Some("weight"),
        SortBy::Title | SortBy::TitleBytes if page.doc.title.is_none() => Some("title"),
        SortBy::Date if page.date.is_none() => Some("date"),
        SortBy::UpdateDate if page.date.is_none() && page.updated.is_none() => Some("date"),
        _ => None,
    }
}

fn compare(a: &Page, b: &Page, sort_by: SortBy) -> Ordering {
    match sort_by {
        SortBy::Weight => key_last(a.doc.weight, b.doc.weight),
        SortBy::Date => key_last(
            a.date.map(moment).map(Reverse),
            b.date.map(moment).map(Reverse),
        ),
        SortBy::UpdateDate => {
            let latest = |page: &Page| page.updated.map(moment).max(page.date.map(moment));
            key_last(latest(a).map(Reverse), latest(b).map(Reverse))
        }
        SortBy::Title => match (&a.doc.title, &b.doc.title) {
            (Some(a), Some(b)) => natural(a, b),
            (a, b) => a.is_none().cmp(&b.is_none()),
        },
        SortBy::TitleBytes => key_last(a.doc.title.as_deref(), b.doc.title.as_deref()),
        SortBy::Slug => natural(&a.slug, &b.slug),
        SortBy::Permalink => a.doc.permalink.cmp(&b.doc.permalink),
        SortBy::None => Ordering::Equal,
    }
}

/// As people sort names. The comparison reads numbers into 64 bits: longer ones are told apart by
/// their first digits.
fn natural(a: &str, b: &str) -> Ordering {
    natural_lexical_cmp(&short_numbers(a), &short_numbers(b))
}

fn short_numbers(text: &str) -> String {
    let mut digits = 0;
    let keep = |c: &char| {
        digits = if c.is_ascii_digit() { digits + 1 } else { 0 };
        digits <= DIGITS
    };
    text.chars().filter(keep).collect()
}

fn key_last<T: Ord>(a: Option<T>, b: Option<T>) -> Ordering {
    match (a, b) {
        (Some(a), Some(b)) => a.cmp(&b),
        (Some(_), None) => Ordering::Less,
        (None, Some(_)) => Ordering::Greater,
        (None, None) => Ordering::Equal,
    }
}

/// A date as something that can be compared: RFC 3339 of the same instant in UTC, where a date
/// without a time is its midnight and a time without an offset is UTC.
pub(crate) fn moment(date: Datetime) -> jiff::civil::DateTime {
    let text = date.to_string();
    let text = text.trim_end_matches('Z');
    text.parse::<jiff::Timestamp>()
        .map(|instant| jiff::tz::Offset::UTC.to_datetime(instant))
        .or_else(|_| text.parse())
        .or_else(|_| {
            text.parse::<jiff::civil::Date>()
                .map(|date| date.at(0, 0, 0, 0))
        })
        .unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_compare_as_instants() {
        let date = |text: &str| moment(text.parse().unwrap());
        assert!(date("2026-11-25T01:00:00+02:00") < date("2026-11-25"));
        assert!(date("2026-11-25") < date("2026-11-25T00:00:01Z"));
    }
}
