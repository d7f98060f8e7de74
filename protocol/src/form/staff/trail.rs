//! The audit trail as an auditor reads it: whether it is whole, what to look for, and the lines
//! that were found.
//!
//! It must not know what an event follows from, nor whose record an id is.

use alloc::string::String;
use alloc::vec::Vec;

use super::super::{button, hidden, open_form};
use super::parts::{actions, begin, heading, lead};
use super::{KIND, StaffProblem};
use crate::Answers;
use crate::html::Html;
use crate::messages::Catalog;

/// The audit trail.
pub struct StaffTrail<'a> {
    /// Where each form posts to.
    pub action: &'a str,
    /// What comes back with each.
    pub hidden: &'a [(&'a str, &'a str)],
    /// Whether the trail is whole.
    pub chain: TrailChain<'a>,
    /// Staff who can be chosen: an id and an email each.
    pub staff: &'a [(String, String)],
    /// The names of the kinds of event.
    pub kinds: &'a [&'a str],
    /// What was asked for.
    pub typed: &'a Answers,
    /// What is wrong with that: ids of boxes, each with the key of what to do.
    pub problems: &'a [(&'a str, &'a str)],
    /// What was found, once something was asked for.
    pub found: Option<TrailLines<'a>>,
    /// Where the desk begins.
    pub home: &'a str,
}

/// Whether the trail is whole.
#[derive(Default)]
pub struct TrailChain<'a> {
    /// When it was found so last: the time, up to which line, and who had it looked over.
    pub last: Option<[&'a str; 3]>,
    /// What the press that is answered has found.
    pub looked: Option<TrailLook<'a>>,
}

/// What a press has found.
pub enum TrailLook<'a> {
    /// It is whole, up to this line.
    Whole(&'a str),
    /// It is so far: up to this line, of so many, and what goes on from there.
    SoFar([&'a str; 2], &'a str),
    /// It is not; from this line on, where that is known.
    Broken(Option<&'a str>),
}

/// Lines that were found, newest first.
pub struct TrailLines<'a> {
    /// The lines.
    pub lines: &'a [TrailText],
    /// What leads to the next page, if there is one.
    pub next: Option<&'a str>,
}

/// A line in words.
pub struct TrailText {
    /// Its number.
    pub number: String,
    /// When it was written.
    pub time: String,
    /// The same for machines.
    pub machine_time: String,
    /// What happened.
    pub what: String,
    /// Who of the staff did it.
    pub by: Option<String>,
    /// What it is about.
    pub about: Option<String>,
}

/// A kind of event in plain words; its own name where there are none.
pub fn event<'w>(name: &'w str, words: &Catalog<'w>) -> &'w str {
    let known = words.optional(&["staff.event.", name].concat());
    known.unwrap_or(name)
}

/// The boxes of a search, by their names: what comes back with a press for the next page.
pub const TRAIL_BOXES: [&str; 5] = ["staff", "kind", "from", "to", "number"];

impl StaffTrail<'_> {
    /// The page's main part.
    pub fn html(&self, words: &Catalog<'_>) -> String {
        let mut html = Html::default();
        let problems = self.problems;
        let problem = (!problems.is_empty()).then_some(StaffProblem::Boxes(problems));
        let title = "staff.trail.title";
        begin(KIND, title, None, problem.as_ref(), words, &mut html);
        if let Some(found) = &self.found {
            self.lines(found, words, &mut html);
            heading("staff.search.again", words, &mut html);
        } else {
            self.chain(words, &mut html);
            heading("staff.trail.search", words, &mut html);
        }
        self.form(words, &mut html);
        html.raw("<p><a")
            .attr("href", self.home)
            .raw(">")
            .text(words.text("staff.back"))
            .raw("</a></p></div>");
        html.finish()
    }

    fn chain(&self, words: &Catalog<'_>, html: &mut Html) {
        let mut way_on = None;
        if let Some(looked) = &self.chain.looked {
            let (key, filled) = match looked {
                TrailLook::Whole(line) => (
                    "staff.trail.whole",
                    words.fill("staff.trail.whole", &[("line", line)]),
                ),
                TrailLook::SoFar([line, of], on) => {
                    way_on = Some(*on);
                    let filled = words.fill("staff.trail.so-far", &[("line", line), ("of", of)]);
                    ("staff.trail.so-far", filled)
                }
                TrailLook::Broken(None) => (
                    "staff.trail.broken",
                    words.text("staff.trail.broken").into(),
                ),
                TrailLook::Broken(Some(line)) => (
                    "staff.trail.broken",
                    words.fill("staff.trail.broken.at", &[("line", line)]),
                ),
            };
            let is_broken = key == "staff.trail.broken";
            html.raw(if is_broken {
                "<div class=\"fd-errors\" role=\"alert\"><p>"
            } else {
                "<div class=\"fd-notice\" role=\"status\"><p>"
            });
            html.text(&filled).raw("</p></div>");
        }
        heading("staff.trail.chain", words, html);
        match self.chain.last {
            None => lead(words.text("staff.trail.never"), html),
            Some([time, line, by]) => {
                let filled = [("time", time), ("line", line), ("by", by)];
                lead(&words.fill("staff.trail.last", &filled), html);
            }
        }
        open_form(self.action, self.hidden, html);
        let key = match way_on {
            Some(on) => {
                hidden(html, "way-on", on);
                "staff.trail.go-on"
            }
            None => "staff.trail.verify",
        };
        html.raw("<div class=\"fd-actions\">");
        button(
            html,
            "fd-button fd-button--quiet",
            "verify",
            words.text(key),
        );
        html.raw("</div></form>");
    }

    fn lines(&self, found: &TrailLines<'_>, words: &Catalog<'_>, html: &mut Html) {
        if found.lines.is_empty() {
            lead(words.text("staff.trail.nothing"), html);
            return;
        }
        lead(words.text("staff.trail.lead"), html);
        html.raw("<ol class=\"fd-lines\">");
        for line in found.lines {
            line.html(words, html);
        }
        html.raw("</ol>");
        if let Some(next) = found.next {
            open_form(self.action, self.hidden, html);
            for name in TRAIL_BOXES {
                hidden(html, name, self.typed.named(name));
            }
            hidden(html, "after", next);
            actions("next", "staff.trail.next", words, html);
            html.raw("</form>");
        }
    }

    fn form(&self, words: &Catalog<'_>, html: &mut Html) {
        open_form(self.action, self.hidden, html);
        let staff: Vec<_> = (self.staff.iter())
            .map(|(id, email)| (id.as_str(), email.as_str()))
            .collect();
        self.choice("staff", &staff, words, html);
        let kinds: Vec<_> = (self.kinds.iter())
            .map(|name| (*name, event(name, words)))
            .collect();
        self.choice("kind", &kinds, words, html);
        for name in ["from", "to"] {
            self.line(
                name,
                " type=\"date\" placeholder=\"2026-11-28\"",
                words,
                html,
            );
        }
        let number = " type=\"text\" autocapitalize=\"off\" spellcheck=\"false\"";
        self.line("number", number, words, html);
        html.raw("<div class=\"fd-actions\">");
        button(
            html,
            "fd-button",
            "search",
            words.text("staff.trail.action"),
        );
        let quiet = "fd-button fd-button--quiet";
        button(html, quiet, "download", words.text("staff.trail.download"));
        html.raw("</div></form>");
    }

    fn choice(&self, name: &str, choices: &[(&str, &str)], words: &Catalog<'_>, html: &mut Html) {
        let asked = self.begin_box(name, words, html);
        html.raw("<select class=\"fd-input fd-input--choice\"")
            .attr("id", &asked.id)
            .attr("name", name);
        asked.describe(html);
        html.raw("><option value=\"\">")
            .text(words.text(&["staff.trail.", name, ".all"].concat()))
            .raw("</option>");
        for (value, text) in choices {
            html.raw("<option").attr("value", value);
            if self.typed.named(name) == *value {
                html.raw(" selected");
            }
            html.raw(">").text(text).raw("</option>");
        }
        html.raw("</select></div>");
    }

    fn line(&self, name: &str, markup: &'static str, words: &Catalog<'_>, html: &mut Html) {
        let asked = self.begin_box(name, words, html);
        html.raw("<input class=\"fd-input\" size=\"40\" autocomplete=\"off\"")
            .raw(markup)
            .attr("id", &asked.id)
            .attr("name", name)
            .attr("value", self.typed.named(name));
        asked.describe(html);
        html.raw("></div>");
    }

    /// What stands before each box.
    fn begin_box(&self, name: &str, words: &Catalog<'_>, html: &mut Html) -> Asked {
        let id = ["fd-", name].concat();
        let problem = self.problems.iter().find(|it| it.0 == id).map(|it| it.1);
        let label = ["staff.trail.", name].concat();
        html.raw(match problem {
            Some(_) => "<div class=\"fd-field fd-field--error\"><label",
            None => "<div class=\"fd-field\"><label",
        });
        html.attr("for", &id)
            .raw(">")
            .text(words.text(&label))
            .raw("</label>");
        let mut described = Vec::new();
        if let Some(hint) = words.optional(&[&label, ".hint"].concat()) {
            let id = [&id, "-hint"].concat();
            html.raw("<p class=\"fd-hint\"")
                .attr("id", &id)
                .raw(">")
                .text(hint)
                .raw("</p>");
            described.push(id);
        }
        if let Some(problem) = problem {
            let id = [&id, "-error"].concat();
            html.raw("<p class=\"fd-error\"")
                .attr("id", &id)
                .raw("><span class=\"fd-hidden\">")
                .text(words.text("error.prefix"))
                .raw(" </span>")
                .text(words.text(problem))
                .raw("</p>");
            described.push(id);
        }
        Asked {
            id,
            described: described.join(" "),
            is_wrong: problem.is_some(),
        }
    }
}

/// A box, and what describes it.
struct Asked {
    id: String,
    described: String,
    is_wrong: bool,
}

impl Asked {
    fn describe(&self, html: &mut Html) {
        if !self.described.is_empty() {
            html.attr("aria-describedby", &self.described);
        }
        if self.is_wrong {
            html.raw(" aria-invalid=\"true\"");
        }
    }
}

impl TrailText {
    fn html(&self, words: &Catalog<'_>, html: &mut Html) {
        html.raw("<li><p class=\"fd-line\">")
            .text(&self.what)
            .raw("</p><p class=\"fd-hint\"><time")
            .attr("datetime", &self.machine_time)
            .raw(">")
            .text(&self.time)
            .raw("</time>");
        if let Some(by) = &self.by {
            html.raw("<br>")
                .text(&words.fill("staff.trail.by", &[("by", by)]));
        }
        if let Some(about) = &self.about {
            html.raw("<br>").text(about);
        }
        let number = words.fill("staff.trail.line", &[("n", &self.number)]);
        html.raw("<br>").text(&number).raw("</p></li>");
    }
}

#[cfg(test)]
mod tests;
