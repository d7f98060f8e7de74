//! The list of reviews as a table for a terminal of 80 columns, and as JSON, one object a line.

use std::fmt::Write as _;

use jiff::civil::Date;

use super::Due;
use crate::diagnostic::print::{count, shown};

/// Columns of a terminal.
const COLUMNS: usize = 80;
/// The widest that the column of names becomes.
const NAMES: usize = 20;
/// How wide a date is, with the room on both sides.
const DATE: usize = 14;

/// The table of what is overdue `today` and what is due `until` that day.
pub(crate) fn human(due: &[Due], today: Date, until: Date) -> String {
    let overdue = due.partition_point(|due| due.by < today);
    let soon = due.partition_point(|due| due.by <= until).max(overdue);
    let shown = &due[..soon];
    let names = shown.iter().map(|due| names(due).chars().count());
    let names = names.max().unwrap_or(0).min(NAMES);
    let mut out = String::new();
    for (title, rows) in [
        ("Overdue".to_owned(), &due[..overdue]),
        (format!("Due by {until}"), &due[overdue..soon]),
    ] {
        if rows.is_empty() {
            continue;
        }
        let _ = writeln!(out, "{title}");
        for row in rows {
            let _ = writeln!(out, "{}", line(row, names));
        }
        out.push('\n');
    }
    let later = due.len() - soon;
    let _ = writeln!(
        out,
        "{} overdue, {} due by {until}, {later} later.",
        count(overdue, "page"),
        soon - overdue
    );
    out
}

fn line(row: &Due, width: usize) -> String {
    let by = row.by;
    let (names, gap) = match width {
        0 => (String::new(), 0),
        _ => (
            format!("{:<width$}  ", end_cut(&shown(&names(row)), width)),
            2,
        ),
    };
    let file = start_cut(&shown(&row.relative), COLUMNS - DATE - width - gap);
    format!("  {by}  {names}{file}")
}

/// The names in one line.
fn names(due: &Due) -> String {
    due.owners.join(", ")
}

/// The front of a text, which tells names apart.
fn end_cut(text: &str, width: usize) -> String {
    if text.chars().count() <= width {
        return text.to_owned();
    }
    text.chars().take(width - 1).chain(['…']).collect()
}

/// The end of a text, which tells paths apart.
fn start_cut(text: &str, width: usize) -> String {
    let length = text.chars().count();
    if length <= width {
        return text.to_owned();
    }
    let end = text.chars().skip(length + 1 - width);
    ['…'].into_iter().chain(end).collect()
}

/// The same as JSON.
pub(crate) fn json(due: &[Due], today: Date, until: Date) -> String {
    let mut out = String::new();
    for due in due.iter().take_while(|due| due.by <= until.max(today)) {
        let value = serde_json::json!({
            "review_by": due.by.to_string(),
            "overdue": due.by < today,
            "owners": due.owners,
            "title": due.title,
            "file": format!("content/{}", due.relative),
            "url": due.url,
        });
        let _ = writeln!(out, "{value}");
    }
    out
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    fn due(by: Date, relative: &str, owner: &str) -> Due {
        Due {
            by,
            relative: relative.to_owned(),
            title: "Title".to_owned(),
            url: String::new(),
            owners: vec![owner.to_owned()],
        }
    }

    #[test]
    fn no_line_is_wider_than_a_terminal_and_paths_keep_their_end() {
        let long = "a-long-topic/".repeat(8) + "answer.md";
        let rows = [
            due(date(2026, 11, 1), &long, "Ünïcode Õwnèr of many long names"),
            due(date(2026, 11, 25), "b.md", "Ann"),
        ];
        let table = human(&rows, date(2026, 11, 25), date(2026, 12, 25));
        let widest = table.lines().map(|line| line.chars().count()).max();
        assert_eq!(widest, Some(80), "{table}");
        assert!(table.contains("Ünïcode Õwnèr of ma…  …"), "{table}");
        assert!(table.contains("topic/answer.md\n"), "{table}");
        assert!(
            table.contains("  2026-11-25  Ann                   b.md\n"),
            "{table}"
        );
    }

    #[test]
    fn what_is_due_today_is_not_overdue_and_without_owners_there_is_no_column() {
        let mut rows = [
            due(date(2026, 11, 24), "a.md", ""),
            due(date(2026, 11, 25), "b.md", ""),
            due(date(2027, 5, 1), "c.md", ""),
        ];
        for row in &mut rows {
            row.owners.clear();
        }
        assert_eq!(
            human(&rows, date(2026, 11, 25), date(2026, 12, 25)),
            "Overdue\n  2026-11-24  a.md\n\nDue by 2026-12-25\n  2026-11-25  b.md\n\n\
             1 page overdue, 1 due by 2026-12-25, 1 later.\n"
        );
    }
}
