//! Counts as bars, and beside them as a table: the same numbers, for whoever sees either.
//!
//! A picture without a script and without styles of its own, whose colors come from the page's
//! style sheet. It must not know what is counted, nor which counts are small.

use alloc::string::{String, ToString as _};
use alloc::vec::Vec;

use crate::html::Html;
use crate::messages::Catalog;

/// A count, as far as it may be told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BarCount {
    /// This many.
    Shown(u64),
    /// Not told: it is small, or would tell of a small one.
    Hidden,
}

/// One line of the table, with a bar for each of its counts.
pub(super) struct Bar {
    /// What is counted.
    pub(super) label: String,
    /// The counts, one for each column.
    pub(super) counts: Vec<BarCount>,
}

/// Bars with a table.
pub(super) struct Chart<'a> {
    /// What its ids begin with.
    pub(super) id: &'static str,
    /// What it shows.
    pub(super) title: &'a str,
    /// What the lines are.
    pub(super) head: &'a str,
    /// What the counts of a line are, one for each column.
    pub(super) columns: &'a [&'a str],
    /// The lines.
    pub(super) bars: &'a [Bar],
}

/// How wide the picture is, in its own unit: a letter is some 8 wide.
const WIDTH: u64 = 320;
/// How long a text may be in it.
const LETTERS: usize = 38;
/// How high a line's label is, and each of its counts with its bar.
const HEIGHTS: [u64; 2] = [24, 40];

impl BarCount {
    fn text(self, words: &Catalog<'_>) -> String {
        match self {
            Self::Shown(count) => count.to_string(),
            Self::Hidden => words.text("staff.insights.count").into(),
        }
    }
}

impl Chart<'_> {
    pub(super) fn html(&self, words: &Catalog<'_>, html: &mut Html) {
        self.picture(words, html);
        self.table(words, html);
    }

    fn picture(&self, words: &Catalog<'_>, html: &mut Html) {
        let ids = ["-title", "-desc"].map(|end| [self.id, end].concat());
        let [label, count] = HEIGHTS;
        let line = label + count * self.columns.len() as u64;
        let height = line * self.bars.len() as u64;
        let size = [WIDTH, height].map(|it| it.to_string());
        html.raw("<svg class=\"fd-chart\" role=\"img\" focusable=\"false\"")
            .attr("viewBox", &["0 0 ", &size[0], " ", &size[1]].concat())
            .attr("width", &size[0])
            .attr("height", &size[1])
            .attr("aria-labelledby", &ids.join(" "))
            .raw("><title")
            .attr("id", &ids[0])
            .raw(">")
            .text(self.title)
            .raw("</title><desc")
            .attr("id", &ids[1])
            .raw(">")
            .text(words.text("staff.insights.desc"))
            .raw("</desc>");
        let shown = |count: &BarCount| match count {
            BarCount::Shown(count) => Some(*count),
            BarCount::Hidden => None,
        };
        let counts = self.bars.iter().flat_map(|bar| &bar.counts);
        let longest = counts.filter_map(shown).max().unwrap_or_default().max(1);
        let mut top = 0;
        for bar in self.bars {
            text("fd-chart-label", top + 18, &bar.label, html);
            for (at, count) in bar.counts.iter().enumerate() {
                let top = top + label + HEIGHTS[1] * at as u64;
                let told = count.text(words);
                let told = match self.columns {
                    [_] => told,
                    columns => [columns[at], ": ", &told].concat(),
                };
                text("fd-chart-count", top + 14, &told, html);
                if let Some(count) = shown(count) {
                    let width = (count * WIDTH / longest).max(2);
                    html.raw("<rect class=\"fd-bar\" fill=\"#0a6664\" x=\"0\" height=\"12\"")
                        .attr("y", &(top + 20).to_string())
                        .attr("width", &width.to_string())
                        .raw("></rect>");
                }
            }
            top += line;
        }
        html.raw("</svg>");
    }

    fn table(&self, words: &Catalog<'_>, html: &mut Html) {
        html.raw("<table class=\"fd-counts\"><caption>")
            .text(self.title)
            .raw("</caption><thead><tr><th scope=\"col\">")
            .text(self.head)
            .raw("</th>");
        for column in self.columns {
            html.raw("<th scope=\"col\">").text(column).raw("</th>");
        }
        html.raw("</tr></thead><tbody>");
        for bar in self.bars {
            html.raw("<tr><th scope=\"row\">")
                .text(&bar.label)
                .raw("</th>");
            for count in &bar.counts {
                html.raw("<td>").text(&count.text(words)).raw("</td>");
            }
            html.raw("</tr>");
        }
        html.raw("</tbody></table>");
    }
}

/// A line of text in the picture, cut where it would leave it; the table has all of it.
fn text(class: &'static str, y: u64, text: &str, html: &mut Html) {
    let mut shown: String = text.chars().take(LETTERS).collect();
    if shown.len() < text.len() {
        shown.pop();
        shown.push('\u{2026}');
    }
    html.raw("<text x=\"0\" fill=\"#16323a\"")
        .attr("class", class)
        .attr("y", &y.to_string())
        .raw(">")
        .text(&shown)
        .raw("</text>");
}
