//! The audit trail from a shell: whether it is whole, and what it says.

use std::io::{BufWriter, ErrorKind, Write};

use data_encoding::HEXLOWER;
use indicatif::{ProgressBar, ProgressStyle};
use serde::Serialize;
use verify_api::app::{App, TrailError, Verified};
use verify_api::audit::{Head, Line};
use verify_api::crypto::Digest;

use super::{Failure, unwritten};

impl From<TrailError> for Failure {
    fn from(error: TrailError) -> Self {
        Self(error.to_string())
    }
}

/// Says that the trail is whole, and how it ends.
pub(super) async fn verify(app: &App, noted: Option<Head>) -> Result<String, Failure> {
    let bar = bar("lines");
    let found = app.verify_audit(noted, |done, of| {
        bar.set_length(u64::try_from(of).unwrap_or(0));
        bar.set_position(u64::try_from(done).unwrap_or(0));
    });
    let found = found.await;
    bar.finish_and_clear();
    Ok(told(&found?))
}

fn told(found: &Verified) -> String {
    let Verified {
        lines,
        between,
        head,
    } = found;
    let lines = match between {
        None => "no line yet".to_owned(),
        Some([(first, from), (last, to)]) => format!(
            "{lines} line{}, from line {first} of {from} to line {last} of {to}",
            if *lines == 1 { "" } else { "s" }
        ),
    };
    format!(
        "The audit trail is whole: {lines}.\n\
         Its head is {head}\n\
         Keep that where nobody who runs the database can change it, and give it to \
         `verify-api audit verify --expect` next time."
    )
}

/// A line as it is exported; the order of its keys is part of that.
#[derive(Serialize)]
struct Exported<'a> {
    seq: i64,
    at: String,
    event: &'a str,
    subject: String,
    actor: Option<String>,
    link: String,
}

/// Prints the lines after the one counted `after`, as JSON, one a line.
pub(super) async fn export(app: &App, after: i64) -> Result<(), Failure> {
    let mut out = BufWriter::new(std::io::stdout().lock());
    let mut after = after;
    loop {
        let page = app.audit_page(after).await?;
        let Some((last, _)) = page.last() else {
            return Ok(());
        };
        after = last.seq;
        match print(&mut out, &page) {
            Ok(()) => {}
            // `verify-api audit export | head` has what it wanted.
            Err(error) if error.kind() == ErrorKind::BrokenPipe => return Ok(()),
            Err(error) => return Err(unwritten(&error)),
        }
    }
}

fn print(out: &mut impl Write, page: &[(Line, Digest)]) -> std::io::Result<()> {
    for (line, link) in page {
        let line = Exported {
            seq: line.seq,
            at: line.at.to_string(),
            event: &line.event,
            subject: HEXLOWER.encode(&line.subject),
            actor: line.actor.map(|actor| HEXLOWER.encode(&actor)),
            link: link.to_string(),
        };
        serde_json::to_writer(&mut *out, &line)?;
        out.write_all(b"\n")?;
    }
    out.flush()
}

/// Progress on standard error, where that is a terminal.
pub(super) fn bar(what: &str) -> ProgressBar {
    let style = format!("{{bar:30}} {{human_pos}} of {{human_len}} {what}  {{msg}}");
    let style = ProgressStyle::with_template(&style);
    ProgressBar::new(0).with_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()))
}
