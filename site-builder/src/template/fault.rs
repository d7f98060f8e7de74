//! From a template error to findings with file, line and column.
//!
//! Tera reports some faults as typed errors with a span, and others as one text of several
//! reports; both become findings here.

use std::collections::BTreeMap;

use tera::{Error, ErrorKind, ReportError};

use super::advice::{self, Spot};

use crate::diagnostic::{Finding, Place};
use crate::text::Text;

/// The name that Tera gives to a template rendered from a string.
const BODY_NAME: &str = "__tera_one_off";

/// Functions and filters of the dialect that are not built yet, with the reason where there is a
/// better one than "not yet".
const LATER: [(&str, &str); 1] = [("get_env", "the same input must always give the same site")];

/// All findings in an error. `body` is the content file that was rendered as a template, with the
/// offset of its body.
pub(super) fn findings(
    error: &Error,
    files: &BTreeMap<String, Text>,
    body: Option<(&Text, usize)>,
) -> Vec<Finding> {
    let locate = Locator { files, body };
    match error.kind() {
        ErrorKind::SyntaxError(report) | ErrorKind::RenderingError(report) => {
            vec![locate.report(report, &error.to_string())]
        }
        ErrorKind::CircularExtend {
            tpl,
            inheritance_chain,
        } => vec![locate.whole(
            tpl,
            format!(
                "This template extends itself in a circle: {}.",
                inheritance_chain.join(", ")
            ),
        )],
        ErrorKind::CircularInclude { tpl, include_chain } => vec![locate.whole(
            tpl,
            format!(
                "This template includes itself in a circle: {}.",
                include_chain.join(", ")
            ),
        )],
        ErrorKind::MissingParent { current, parent } => vec![locate.at_text(
            current,
            parent,
            format!("This template extends `{parent}`, which does not exist."),
        )],
        ErrorKind::TemplateNotFound(name) => {
            vec![locate.whole(name, format!("There is no template `{name}`."))]
        }
        _ => locate.reports(&error.to_string()),
    }
}

struct Locator<'a> {
    files: &'a BTreeMap<String, Text>,
    body: Option<(&'a Text, usize)>,
}

impl Locator<'_> {
    fn report(&self, report: &ReportError, display: &str) -> Finding {
        let range = report.span().range.clone();
        let text = match self.body {
            Some((text, offset)) if report.filename() == BODY_NAME => Some((text, offset)),
            _ => self.files.get(report.filename()).map(|text| (text, 0)),
        };
        let spot = text.map(|(text, offset)| self.spot(text, range.start + offset));
        let place = match text {
            Some((text, offset)) => text.place(range.start + offset..range.end + offset),
            None => Place::file(report.filename()),
        };
        self.finding(report.message(), place, spot.as_ref(), display)
    }

    fn spot<'s>(&'s self, text: &'s Text, at: usize) -> Spot<'s> {
        let body = self.body.filter(|(body, _)| body.file == text.file);
        Spot {
            files: self.files,
            text,
            at,
            body: body.map(|(_, offset)| offset),
        }
    }

    /// What Tera says, with what to do about it and where the component at fault was used.
    fn finding(
        &self,
        message: &str,
        place: Place,
        spot: Option<&Spot<'_>>,
        display: &str,
    ) -> Finding {
        let unclosed = spot.filter(|_| message.starts_with("Unexpected end of input"));
        let unclosed = unclosed.and_then(|spot| Some(spot.text.place(spot.unclosed()?.0)));
        let place = unclosed.unwrap_or(place);
        let finding = Finding::error("template", place, advice::sentence(message, spot));
        let unknown = message
            .starts_with("Unknown ")
            .then(|| message.split('`').nth(1))
            .flatten();
        if let Some((name, reason)) =
            unknown.and_then(|unknown| LATER.iter().find(|(name, _)| *name == unknown))
        {
            return finding.help(if reason.is_empty() {
                format!("`{name}` is part of the dialect but not supported yet.")
            } else {
                format!("`{name}` is left out: {reason}.")
            });
        }
        // Our own functions say it themselves.
        let help = match message.split_once('\n') {
            Some((_, help)) => Some(help.trim().to_owned()),
            None => spot.and_then(|spot| advice::help(message, spot)),
        };
        let callers: Vec<_> = display
            .lines()
            .filter_map(|line| line.strip_prefix("note: called from "))
            .filter_map(|place| self.named(place))
            .map(|(text, at)| text.place(at..at))
            .map(|place| format!("{}:{}", place.file, place.line))
            .collect();
        let used =
            (!callers.is_empty()).then(|| format!("It was used from {}.", callers.join(", then ")));
        let help: Vec<String> = help.into_iter().chain(used).collect();
        if help.is_empty() {
            finding
        } else {
            finding.help(help.join(" "))
        }
    }

    /// Reads the reports that Tera joins into one text: `error: what`, then `--> where`.
    fn reports(&self, text: &str) -> Vec<Finding> {
        let mut found = Vec::new();
        let mut message = None;
        for line in text.lines() {
            if let Some(what) = line.strip_prefix("error: ") {
                message = Some(what);
            } else if let Some(place) = line.trim_start().strip_prefix("--> ")
                && let (Some(what), Some((text, at))) = (message.take(), self.named(place))
            {
                let spot = self.spot(text, at);
                found.push(self.finding(what, text.place(at..at), Some(&spot), ""));
            }
        }
        if found.is_empty() {
            // A component defined twice names its files in backticks; anything else has no place.
            let named = text
                .split('`')
                .rev()
                .find_map(|name| self.files.get(name).map(Text::whole))
                .or_else(|| self.body.map(|(text, offset)| text.place(offset..offset)))
                .unwrap_or_else(|| Place::file("templates"));
            found.push(self.finding(text, named, None, ""));
        }
        found
    }

    /// The place that `name:line:column` means; both count from 1.
    fn named(&self, place: &str) -> Option<(&Text, usize)> {
        let mut parts = place.rsplitn(3, ':');
        let column: usize = parts.next()?.parse().ok()?;
        let line: usize = parts.next()?.parse().ok()?;
        let name = parts.next()?;
        let (text, offset) = match self.body {
            Some(body) if name == BODY_NAME => body,
            _ => (self.files.get(name)?, 0),
        };
        let start = text.body[offset..]
            .split_inclusive('\n')
            .take(line.checked_sub(1)?)
            .map(str::len)
            .sum::<usize>()
            + offset;
        let line_text = text.body[start..].lines().next().unwrap_or_default();
        let inside: usize = line_text
            .chars()
            .take(column.saturating_sub(1))
            .map(char::len_utf8)
            .sum();
        Some((text, start + inside))
    }

    fn whole(&self, name: &str, sentence: String) -> Finding {
        let place = self
            .files
            .get(name)
            .map_or_else(|| Place::file(name), Text::whole);
        Finding::error("template", place, sentence)
    }

    fn at_text(&self, name: &str, needle: &str, sentence: String) -> Finding {
        let place = self.files.get(name).map_or_else(
            || Place::file(name),
            |text| match text.body.find(needle) {
                Some(at) => text.place(at..at + needle.len()),
                None => text.whole(),
            },
        );
        Finding::error("template", place, sentence)
    }
}
