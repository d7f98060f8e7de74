//! Reviews as a calendar of all-day events (RFC 5545), which programs import or subscribe to.
//!
//! An event's UID is made of the content file's path and nothing else, so that a calendar that is
//! imported again moves the events that it knows.

use std::fmt::Write as _;

use data_encoding::HEXLOWER;
use jiff::civil::Date;
use sha2::{Digest, Sha256};

use super::Due;
use super::table::names;

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
    for due in due {
        event(&mut out, due, today);
    }
    fold(&mut out, "END:VCALENDAR");
    out
}

fn event(out: &mut String, due: &Due, today: Date) {
    let digest = HEXLOWER.encode(&Sha256::digest(&due.relative)[..16]);
    let mut about = format!("content/{}", due.relative);
    if !due.owners.is_empty() {
        let _ = write!(about, "\n{}", names(due));
    }
    fold(out, "BEGIN:VEVENT");
    fold(out, &format!("UID:{digest}@site-builder"));
    fold(out, &format!("DTSTAMP:{}T000000Z", day(today)));
    fold(out, &format!("DTSTART;VALUE=DATE:{}", day(due.by)));
    fold(out, &format!("SUMMARY:Review: {}", escape(&due.title)));
    fold(out, &format!("DESCRIPTION:{}", escape(&about)));
    if due.url.contains("://") {
        fold(out, &format!("URL:{}", due.url));
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
        let uid = "UID:ea4febb01b074187d50d6d5047bff003@site-builder";
        let lines: Vec<_> = calendar.split("\r\n").collect();
        assert_eq!(
            &lines[5..],
            [
                "BEGIN:VEVENT",
                uid,
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
        let later = Due {
            by: date(2027, 1, 1),
            ..due("Another title")
        };
        assert!(write(&[later], date(2026, 12, 1)).contains(uid));
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
