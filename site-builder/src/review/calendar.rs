//! Reviews as a calendar of all-day events (RFC 5545), which programs import or subscribe to.
//!
//! All that the same people review on one day is one event: a list to work through, where an event
//! for each page would fill the day. Its UID is made of the first of its pages and nothing else, so
//! that in a calendar that is imported again it moves with them to another day or to other people.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use data_encoding::HEXLOWER;
use jiff::civil::Date;
use sha2::{Digest, Sha256};

use super::Due;
use crate::diagnostic::print::count;

/// The longest a line may be, in bytes, before it goes on in the next (RFC 5545, 3.1).
const LONGEST: usize = 75;

/// The calendar of all these reviews, as it is `today`.
pub(crate) fn write(due: &[Due], today: Date) -> String {
    let mut out = String::new();
    for line in [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//Frontdesk//site-builder//EN",
        "CALSCALE:GREGORIAN",
        "METHOD:PUBLISH",
    ] {
        fold(&mut out, line);
    }
    let mut events: BTreeMap<(Date, Vec<&str>), Vec<&Due>> = BTreeMap::new();
    for due in due {
        let mut owners: Vec<&str> = due.owners.iter().map(String::as_str).collect();
        owners.sort_unstable();
        events.entry((due.by, owners)).or_default().push(due);
    }
    for ((by, owners), pages) in events {
        event(&mut out, by, &owners, &pages, today);
    }
    fold(&mut out, "END:VCALENDAR");
    out
}

fn event(out: &mut String, by: Date, owners: &[&str], pages: &[&Due], today: Date) {
    let uid = pages.iter().map(|page| page.relative.as_str()).min();
    let uid = uid.unwrap_or_default();
    let uid = HEXLOWER.encode(&Sha256::digest(uid)[..16]);
    let (summary, mut about) = match pages {
        [page] => (page.title.clone(), format!("content/{}", page.relative)),
        pages => {
            let lines = pages
                .iter()
                .map(|page| format!("{} (content/{})", page.title, page.relative));
            let lines: Vec<String> = lines.collect();
            (count(pages.len(), "page"), lines.join("\n"))
        }
    };
    if !owners.is_empty() {
        let _ = write!(about, "\n{}", owners.join(", "));
    }
    fold(out, "BEGIN:VEVENT");
    fold(out, &format!("UID:{uid}@site-builder"));
    fold(out, &format!("DTSTAMP:{}T000000Z", day(today)));
    fold(out, &format!("DTSTART;VALUE=DATE:{}", day(by)));
    fold(out, &format!("SUMMARY:Review: {}", escape(&summary)));
    fold(out, &format!("DESCRIPTION:{}", escape(&about)));
    if let [page] = pages
        && page.url.contains("://")
    {
        fold(out, &format!("URL:{}", page.url));
    }
    // A reminder takes nobody's time.
    fold(out, "TRANSP:TRANSPARENT");
    fold(out, "END:VEVENT");
}

fn day(date: Date) -> String {
    date.strftime("%Y%m%d").to_string()
}

fn escape(text: &str) -> String {
    let text: String = text
        .chars()
        .filter(|c| *c == '\n' || !c.is_control())
        .collect();
    text.replace('\\', "\\\\")
        .replace(';', "\\;")
        .replace(',', "\\,")
        .replace('\n', "\\n")
}

/// Adds a line, and a break before each character that would make it too long.
fn fold(out: &mut String, line: &str) {
    let mut length = 0;
    for c in line.chars() {
        if length + c.len_utf8() > LONGEST {
            out.push_str("\r\n ");
            length = 1;
        }
        out.push(c);
        length += c.len_utf8();
    }
    out.push_str("\r\n");
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use jiff::civil::date;

    use super::*;

    fn due(title: &str) -> Due {
        Due {
            by: date(2026, 12, 1),
            relative: "faq/a.md".to_owned(),
            title: title.to_owned(),
            url: "https://help.example.org/faq/a/".to_owned(),
            owners: vec!["Ann".to_owned(), "Bo".to_owned()],
        }
    }

    #[test]
    fn an_event_is_a_day_with_escaped_text_and_a_name_that_stays() {
        let calendar = write(&[due("Codes; a, b \\ c\td")], date(2026, 11, 25));
        let lines: Vec<_> = calendar.split("\r\n").collect();
        let uid = lines[6];
        assert!(uid.starts_with("UID:") && uid.ends_with("@site-builder"));
        assert_eq!(
            [&lines[5..6], &lines[7..]].concat(),
            [
                "BEGIN:VEVENT",
                "DTSTAMP:20261125T000000Z",
                "DTSTART;VALUE=DATE:20261201",
                "SUMMARY:Review: Codes\\; a\\, b \\\\ cd",
                "DESCRIPTION:content/faq/a.md\\nAnn\\, Bo",
                "URL:https://help.example.org/faq/a/",
                "TRANSP:TRANSPARENT",
                "END:VEVENT",
                "END:VCALENDAR",
                "",
            ]
        );
        assert!(write(&[due("Another title")], date(2026, 12, 1)).contains(uid));
    }

    #[test]
    fn what_the_same_people_review_on_one_day_is_one_event() {
        let other = |relative: &str, by: Date, owner: &str| Due {
            by,
            relative: relative.to_owned(),
            owners: vec![owner.to_owned()],
            ..due("Codes, lost")
        };
        let first = date(2026, 12, 1);
        let all = [
            other("a.md", first, "Ann"),
            other("b.md", first, "Bo"),
            other("c.md", first, "Ann"),
            other("d.md", date(2026, 12, 2), "Ann"),
        ];
        let events = |due: &[Due]| {
            let calendar = write(due, first).replace("\r\n ", "");
            let starting = |start: &str| {
                let lines = calendar.lines().filter(|line| line.starts_with(start));
                lines.map(str::to_owned).collect::<Vec<_>>()
            };
            (
                starting("UID:"),
                starting("SUMMARY:"),
                starting("DESCRIPTION:"),
            )
        };
        let (uids, summaries, abouts) = events(&all);
        assert_eq!(uids.iter().collect::<BTreeSet<_>>().len(), 3);
        assert_eq!(summaries[0], "SUMMARY:Review: 2 pages");
        assert_eq!(
            abouts[0],
            "DESCRIPTION:Codes\\, lost (content/a.md)\\nCodes\\, lost (content/c.md)\\nAnn"
        );
        // All of it moves, and keeps its name; the order of people makes no other group.
        let moved: Vec<_> = all[..3]
            .iter()
            .map(|page| Due {
                by: date(2026, 12, 8),
                ..page.clone()
            })
            .collect();
        let (moved, ..) = events(&moved);
        assert_eq!(moved, uids[..2]);
        let two = |names: [&str; 2], relative| Due {
            owners: names.map(str::to_owned).to_vec(),
            ..other(relative, first, "")
        };
        let pair = [two(["Ann", "Bo"], "e.md"), two(["Bo", "Ann"], "f.md")];
        assert_eq!(events(&pair).0.len(), 1);
        // A page that was reviewed since is off the list that takes this one's place.
        let (later, summaries, _) = events(&all[..2]);
        assert_eq!(
            (&later[0], &*summaries[0]),
            (&uids[0], "SUMMARY:Review: Codes\\, lost")
        );
    }

    #[test]
    fn a_long_line_is_folded_between_characters_and_unfolds_to_itself() {
        let title = "¿Cómo cambio mi contraseña? ".repeat(9);
        let calendar = write(&[due(title.trim())], date(2026, 11, 25));
        assert!(calendar.split("\r\n").all(|line| line.len() <= 75));
        assert!(calendar.split("\r\n").any(|line| line.len() >= 74));
        let unfolded = calendar.replace("\r\n ", "");
        assert!(unfolded.contains(title.trim()), "{unfolded}");
        assert!(!calendar.replace("\r\n", "").contains(['\r', '\n']));
    }
}
