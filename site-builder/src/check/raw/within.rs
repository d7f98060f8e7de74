//! Which parts of a Markdown text are links, or code by HTML in the line.

use std::ops::Range;

use crate::markdown::Reading;

/// Elements in which signs stand for themselves.
const CODE: [&str; 9] = [
    "code", "kbd", "math", "pre", "samp", "script", "style", "textarea", "var",
];

/// Parts of a text.
#[derive(Debug, Default)]
pub(super) struct Within {
    code: Vec<Range<usize>>,
    links: Vec<Range<usize>>,
}

impl Within {
    /// Finds the parts.
    pub(super) fn new(reading: &Reading, source: &str) -> Self {
        let mut within = Self {
            code: Vec::new(),
            links: reading.links.iter().map(|link| link.at.clone()).collect(),
        };
        let mut open: Vec<(&str, usize)> = Vec::new();
        for at in &reading.html {
            for (name, is_end, start) in tags(source.get(at.clone()).unwrap_or_default()) {
                if !is_end {
                    open.push((name, at.start + start));
                } else if let Some(last) = open.iter().rposition(|(other, _)| *other == name) {
                    let (_, begin) = open[last];
                    open.truncate(last);
                    let ranges = if name == "a" {
                        &mut within.links
                    } else {
                        &mut within.code
                    };
                    ranges.push(begin..at.start + start);
                }
            }
        }
        within
    }

    /// Whether an offset in the Markdown is in code.
    pub(super) fn code(&self, at: usize) -> bool {
        self.code.iter().any(|range| range.contains(&at))
    }

    /// Whether an offset in the Markdown is in a link.
    pub(super) fn link(&self, at: usize) -> bool {
        self.links.iter().any(|range| range.contains(&at))
    }
}

/// The tags of HTML that matter here: name, whether it ends, where.
fn tags(html: &str) -> impl Iterator<Item = (&'static str, bool, usize)> + '_ {
    html.match_indices('<').filter_map(move |(start, _)| {
        let rest = &html[start + 1..];
        let (is_end, rest) = match rest.strip_prefix('/') {
            Some(rest) => (true, rest),
            None => (false, rest),
        };
        let length = rest
            .find(|c: char| !c.is_ascii_alphanumeric() && c != '-')
            .unwrap_or(rest.len());
        let name = rest[..length].to_ascii_lowercase();
        let known = CODE.iter().chain(&["a"]).find(|known| **known == name)?;
        Some((*known, is_end, start))
    })
}
