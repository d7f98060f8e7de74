//! How things went, as managers see it.
//!
//! It must not know where counts come from, nor which of them are small.

use alloc::borrow::ToOwned as _;
use alloc::string::String;
use alloc::vec::Vec;

use super::KIND;
use super::chart::{Bar, BarCount, Chart};
use super::parts::{begin, heading, lead};
use crate::html::Html;
use crate::messages::Catalog;

/// How things went in a span of time.
pub struct StaffInsights<'a> {
    /// Each span: its name, where it is shown, and whether it is this one.
    pub spans: &'a [(&'a str, &'a str, bool)],
    /// The first day and the last one, as they are told.
    pub days: [&'a str; 2],
    /// How many came to each step of an enrollment: the name of the step, and the count.
    pub reached: &'a [(&'a str, BarCount)],
    /// What became of messages: its name, and the counts of emails, and of texts and calls.
    pub fates: &'a [(&'a str, [BarCount; 2])],
    /// Who asked for something lost, and who got it: its name, and both counts.
    pub recovered: &'a [(&'a str, [BarCount; 2])],
    /// Pages, with the counts of those whom each has helped and has not.
    pub pages: &'a [(&'a str, [BarCount; 2])],
    /// Where the desk begins.
    pub home: &'a str,
}

impl StaffInsights<'_> {
    /// The page's main part.
    pub fn html(&self, words: &Catalog<'_>) -> String {
        let mut html = Html::default();
        begin(KIND, "staff.insights.title", None, None, words, &mut html);
        self.choice(words, &mut html);
        let [first, last] = self.days;
        let days = [("first", first), ("last", last)];
        lead(&words.fill("staff.insights.lead", &days), &mut html);
        lead(words.text("staff.insights.hidden"), &mut html);
        self.funnel(words, &mut html);
        let sections = [
            ("fates", self.fates, ["email", "phone"]),
            ("recovered", self.recovered, ["asked", "done"]),
            ("pages", self.pages, ["yes", "no"]),
        ];
        for (name, rows, columns) in sections {
            section(name, rows, columns, words, &mut html);
        }
        html.raw("<p><a")
            .attr("href", self.home)
            .raw(">")
            .text(words.text("staff.back"))
            .raw("</a></p></div>");
        html.finish()
    }

    fn choice(&self, words: &Catalog<'_>, html: &mut Html) {
        html.raw("<nav")
            .attr("aria-label", words.text("staff.insights.spans"))
            .raw("><ul class=\"fd-spans\">");
        for (name, page, is_this) in self.spans {
            html.raw("<li><a").attr("href", page);
            if *is_this {
                html.raw(" aria-current=\"page\"");
            }
            html.raw(">")
                .text(words.text(&["staff.insights.span.", name].concat()))
                .raw("</a></li>");
        }
        html.raw("</ul></nav>");
    }

    /// How far people came, and where they stopped.
    fn funnel(&self, words: &Catalog<'_>, html: &mut Html) {
        heading("staff.insights.reached", words, html);
        lead(words.text("staff.insights.reached.lead"), html);
        let step = |name: &str| word("step", name, words);
        let bars: Vec<_> = (self.reached.iter())
            .map(|(name, count)| Bar {
                label: step(name),
                counts: [*count].into(),
            })
            .collect();
        let people = words.text("staff.insights.people");
        let chart = Chart {
            id: "fd-reached",
            title: words.text("staff.insights.reached.title"),
            head: words.text("staff.insights.step"),
            columns: &[people],
            bars: &bars,
        };
        chart.html(words, html);
        let stops: Vec<_> = stops(self.reached)
            .into_iter()
            .map(|([from, to], count)| Bar {
                label: words.fill(
                    "staff.insights.stopped.between",
                    &[("from", &step(from)), ("to", &step(to))],
                ),
                counts: [BarCount::Shown(count)].into(),
            })
            .collect();
        heading("staff.insights.stopped", words, html);
        if stops.is_empty() {
            lead(words.text("staff.insights.nothing"), html);
            return;
        }
        let chart = Chart {
            id: "fd-stopped",
            title: words.text("staff.insights.stopped.title"),
            head: words.text("staff.insights.step"),
            columns: &[people],
            bars: &stops,
        };
        chart.html(words, html);
    }
}

/// Between which two steps whose counts are shown how many stopped.
fn stops<'a>(reached: &[(&'a str, BarCount)]) -> Vec<([&'a str; 2], u64)> {
    let shown = reached.iter().filter_map(|(name, count)| match count {
        BarCount::Shown(count) => Some((*name, *count)),
        BarCount::Hidden => None,
    });
    let shown: Vec<_> = shown.collect();
    let pairs = shown.windows(2);
    pairs
        .map(|pair| ([pair[0].0, pair[1].0], pair[0].1.saturating_sub(pair[1].1)))
        .collect()
}

fn section(
    name: &'static str,
    rows: &[(&str, [BarCount; 2])],
    columns: [&str; 2],
    words: &Catalog<'_>,
    html: &mut Html,
) {
    let key = ["staff.insights.", name].concat();
    let part = |end: &str| [&key, ".", end].concat();
    html.raw("<h2>").text(words.text(&key)).raw("</h2>");
    lead(words.text(&part("lead")), html);
    if rows.is_empty() {
        lead(words.text("staff.insights.nothing"), html);
        return;
    }
    let bars: Vec<_> = rows
        .iter()
        .map(|(row, counts)| Bar {
            label: word(name, row, words),
            counts: counts[..].into(),
        })
        .collect();
    let columns = columns.map(|column| word("column", column, words));
    let (title, head) = (part("title"), part("head"));
    let chart = Chart {
        id: match name {
            "fates" => "fd-fates",
            "recovered" => "fd-recovered",
            _ => "fd-pages",
        },
        title: words.text(&title),
        head: words.text(&head),
        columns: &columns.each_ref().map(String::as_str),
        bars: &bars,
    };
    chart.html(words, html);
}

/// The word for something that is counted; itself where it has none, as a page has not.
fn word(of: &str, name: &str, words: &Catalog<'_>) -> String {
    let key = ["staff.insights.", of, ".", name].concat();
    words.optional(&key).unwrap_or(name).to_owned()
}

#[cfg(test)]
mod tests {
    use super::BarCount::{Hidden, Shown};
    use super::*;
    use crate::Locale;
    use crate::messages::catalog;

    fn page(reached: &[(&str, BarCount)], locale: Locale) -> String {
        let page = StaffInsights {
            spans: &[
                ("weeks", "/staff/insights?span=weeks", false),
                ("year", "/staff/insights", true),
            ],
            days: ["2025-11-24", "2026-11-22"],
            reached,
            fates: &[("left", [Shown(40), Hidden])],
            recovered: &[("username", [Hidden, Shown(12)])],
            pages: &[("/faq/<b>/", [Shown(20), Hidden])],
            home: "/staff",
        };
        page.html(&catalog(locale))
    }

    #[test]
    fn bars_and_tables_have_the_same_counts_and_hide_the_same() {
        let reached = [
            ("invited", Shown(100)),
            ("opened", Hidden),
            ("done", Shown(25)),
        ];
        for locale in Locale::ALL {
            let words = catalog(locale);
            let html = page(&reached, locale);
            for (count, times) in [("100", 1), ("25", 1), ("75", 1), ("40", 1), ("12", 1)] {
                let cell = ["<td>", count, "</td>"].concat();
                assert_eq!(html.matches(&cell).count(), times, "{count}: {html}");
            }
            // In a table and in its picture.
            let told = words.text("staff.insights.count");
            assert_eq!(
                html.matches([">", told, "<"].concat().as_str()).count(),
                5,
                "{html}"
            );
            assert!(html.contains("width=\"80\""), "a quarter: {html}");
            assert!(html.contains("/faq/&lt;b&gt;/"), "{html}");
            assert!(!html.contains("style="), "{html}");
            assert!(
                !html.contains(">staff.") && !html.contains("{from}"),
                "{html}"
            );
            assert_eq!(html.matches("role=\"img\"").count(), 5, "{html}");
        }
    }

    #[test]
    fn people_stopped_between_steps_whose_counts_are_shown() {
        let reached = [
            ("a", Shown(50)),
            ("b", Hidden),
            ("c", Shown(30)),
            ("d", Hidden),
        ];
        assert_eq!(stops(&reached), [(["a", "c"], 20)]);
        assert!(stops(&[("a", Hidden), ("b", Hidden)]).is_empty());
    }
}
