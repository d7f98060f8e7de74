//! Lines of the audit trail as a file for a spreadsheet.
//!
//! A cell that a spreadsheet would take for a formula is marked as text (OWASP, "CSV injection").

use axum::http::{StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use csv::Writer;
use protocol::{Locale, messages};

use super::trail::about_text;
use crate::app::{Failure, Outcome, TrailFound};

/// By this a spreadsheet knows that the text is UTF-8.
const MARK: &[u8] = "\u{feff}".as_bytes();

/// The file, to be saved.
pub(super) fn answer(found: &TrailFound, locale: Locale) -> Outcome<Response> {
    let file = write(found, locale).map_err(|error| Failure::unavailable(&error))?;
    let kind = (header::CONTENT_TYPE, "text/csv; charset=utf-8");
    let name = (
        header::CONTENT_DISPOSITION,
        "attachment; filename=\"audit-trail.csv\"",
    );
    Ok((StatusCode::OK, [kind, name], file).into_response())
}

fn write(found: &TrailFound, locale: Locale) -> Result<Vec<u8>, csv::Error> {
    let words = messages::catalog(locale);
    let mut file = Writer::from_writer(MARK.to_vec());
    file.write_record(["line", "time", "event", "by", "about"])?;
    for line in &found.lines {
        let about = line.about.as_ref().map(|about| about_text(about, &words));
        file.write_record([
            line.seq.to_string(),
            line.at.to_string(),
            line.event.clone(),
            cell(line.by.as_deref().unwrap_or_default()),
            cell(&about.unwrap_or_default()),
        ])?;
    }
    file.into_inner()
        .map_err(|error| csv::Error::from(error.into_error()))
}

/// A text as a cell that is no formula.
fn cell(text: &str) -> String {
    if text.starts_with(['=', '+', '-', '@', '\t', '\r', '\n']) {
        format!("'{text}")
    } else {
        text.to_owned()
    }
}

#[cfg(test)]
mod tests {
    use jiff::Timestamp;

    use super::*;
    use crate::app::{TrailAbout, TrailLine};

    #[test]
    fn no_cell_is_a_formula_and_none_spills_into_the_next() {
        let line = |by: &str| TrailLine {
            seq: 7,
            at: Timestamp::UNIX_EPOCH,
            event: "staff-signed-in".to_owned(),
            by: Some(by.to_owned()),
            about: Some(TrailAbout::Shown(3)),
        };
        let found = TrailFound {
            lines: vec![line("=1+1@example.org"), line("a,\"b\"@example.org")],
            next: None,
        };
        let file = write(&found, Locale::En).unwrap();
        let text = String::from_utf8(file).unwrap();
        let lines: Vec<_> = text.lines().collect();
        assert_eq!(
            lines,
            [
                "\u{feff}line,time,event,by,about",
                "7,1970-01-01T00:00:00Z,staff-signed-in,'=1+1@example.org,3 shown",
                "7,1970-01-01T00:00:00Z,staff-signed-in,\"a,\"\"b\"\"@example.org\",3 shown",
            ]
        );
        for text in ["=a", "+a", "-a", "@a", "\ta", "\ra", "\na"] {
            assert!(cell(text).starts_with('\''), "{text:?}");
        }
        assert_eq!(cell("dana@example.org"), "dana@example.org");
    }
}
