//! What the pages of staff are made of: their beginning, and boxes to type into.
//!
//! It must not know which page it is.

use alloc::borrow::ToOwned;
use alloc::string::String;

use super::super::{button, summary, wait};
use super::StaffProblem;
use crate::html::Html;
use crate::messages::Catalog;
use crate::{Field, FieldProblem, FieldProblems, FlowKind, StepName};

/// Begins a page: what went wrong, what is told beside it, and its title.
pub(super) fn begin(
    kind: FlowKind,
    title: &str,
    notice: Option<&str>,
    problem: Option<&StaffProblem<'_>>,
    words: &Catalog<'_>,
    html: &mut Html,
) {
    html.raw("<div class=\"fd-flow\">");
    if let Some(problem) = problem {
        summary::begin(true, words, html);
        match problem {
            StaffProblem::Fields(problems) => {
                html.raw("<ul>");
                for (field, problem) in *problems {
                    html.raw("<li><a href=\"#")
                        .text(&id(*field))
                        .raw("\">")
                        .text(&told(kind, *field, *problem, words))
                        .raw("</a></li>");
                }
                html.raw("</ul>");
            }
            StaffProblem::Boxes(problems) => {
                html.raw("<ul>");
                for (id, key) in *problems {
                    html.raw("<li><a href=\"#")
                        .text(id)
                        .raw("\">")
                        .text(words.text(key))
                        .raw("</a></li>");
                }
                html.raw("</ul>");
            }
            StaffProblem::Text(key) => {
                html.raw("<p>").text(words.text(key)).raw("</p>");
            }
            StaffProblem::Wait(seconds) => {
                let wait = wait(*seconds, words);
                let text = words.fill("staff.problem.wait", &[("wait", &wait)]);
                html.raw("<p>").text(&text).raw("</p>");
            }
        }
        html.raw("</div>");
    }
    if let Some(notice) = notice {
        html.raw("<div class=\"fd-notice\" role=\"status\"><p>")
            .text(words.text(notice))
            .raw("</p></div>");
    }
    self::title(title, words, html);
}

pub(super) fn title(key: &str, words: &Catalog<'_>, html: &mut Html) {
    html.raw("<h1 class=\"fd-title\" id=\"fd-title\" tabindex=\"-1\">")
        .text(words.text(key))
        .raw("</h1>");
}

pub(super) fn heading(key: &str, words: &Catalog<'_>, html: &mut Html) {
    html.raw("<h2>").text(words.text(key)).raw("</h2>");
}

pub(super) fn lead(text: &str, html: &mut Html) {
    html.raw("<p class=\"fd-lead\">").text(text).raw("</p>");
}

pub(super) fn actions(action: &str, key: &str, words: &Catalog<'_>, html: &mut Html) {
    html.raw("<div class=\"fd-actions\">");
    button(html, "fd-button", action, words.text(key));
    html.raw("</div>");
}

/// Several choices under one legend, with the key of what is wrong with them.
pub(super) struct Group<'a> {
    pub(super) id: &'a str,
    pub(super) legend: &'a str,
    pub(super) problem: Option<&'a str>,
}

impl Group<'_> {
    pub(super) fn html(
        &self,
        words: &Catalog<'_>,
        html: &mut Html,
        choices: impl FnOnce(&mut Html),
    ) {
        let error = [self.id, "-error"].concat();
        let class = match self.problem {
            Some(_) => "fd-field fd-group fd-field--error",
            None => "fd-field fd-group",
        };
        html.raw("<fieldset").attr("class", class);
        if self.problem.is_some() {
            html.attr("aria-describedby", &error);
        }
        html.raw("><legend>")
            .text(words.text(self.legend))
            .raw("</legend>");
        if let Some(problem) = self.problem {
            html.raw("<p class=\"fd-error\"")
                .attr("id", &error)
                .raw("><span class=\"fd-hidden\">")
                .text(words.text("error.prefix"))
                .raw(" </span>")
                .text(words.text(problem))
                .raw("</p>");
        }
        choices(html);
        html.raw("</fieldset>");
    }
}

pub(super) fn fields_of<'p>(problem: Option<&StaffProblem<'p>>) -> Option<&'p FieldProblems> {
    match problem {
        Some(StaffProblem::Fields(problems)) => Some(problems),
        _ => None,
    }
}

fn id(field: Field) -> String {
    ["fd-", field.as_str()].concat()
}

/// What is told of a field: what a patient is told in a flow of that kind, but for a code.
fn told(kind: FlowKind, field: Field, problem: FieldProblem, words: &Catalog<'_>) -> String {
    let own = ["staff.problem.", problem.as_str()].concat();
    let general = || words.field_problem(kind, StepName::NewPassword, field, problem);
    words.optional(&own).map_or_else(general, str::to_owned)
}

/// One box to type into, with its label, hint and error.
pub(super) struct TextBox<'a> {
    pub(super) kind: FlowKind,
    pub(super) field: Field,
    pub(super) markup: &'static str,
    pub(super) label: &'a str,
    pub(super) hint: Option<&'a str>,
    pub(super) value: &'a str,
}

impl TextBox<'_> {
    pub(super) fn html(
        &self,
        problems: Option<&FieldProblems>,
        words: &Catalog<'_>,
        html: &mut Html,
    ) {
        let id = id(self.field);
        let problem = problems.and_then(|problems| problems.get(&self.field));
        let class = match problem {
            Some(_) => "fd-field fd-field--error",
            None => "fd-field",
        };
        html.raw("<div").attr("class", class).raw("><label");
        html.attr("for", &id).raw(">").text(self.label);
        html.raw("</label>");
        let mut described = String::new();
        if let Some(hint) = self.hint {
            described.push_str(&[&id, "-hint"].concat());
            html.raw("<p class=\"fd-hint\"")
                .attr("id", &described)
                .raw(">")
                .text(hint)
                .raw("</p>");
        }
        if let Some(problem) = problem {
            let error = [&id, "-error"].concat();
            html.raw("<p class=\"fd-error\"")
                .attr("id", &error)
                .raw("><span class=\"fd-hidden\">")
                .text(words.text("error.prefix"))
                .raw(" </span>")
                .text(&told(self.kind, self.field, *problem, words))
                .raw("</p>");
            if !described.is_empty() {
                described.push(' ');
            }
            described.push_str(&error);
        }
        html.raw("<input class=\"fd-input\" size=\"40\"")
            .attr("id", &id)
            .attr("name", self.field.as_str())
            .raw(self.markup);
        if !self.value.is_empty() {
            html.attr("value", self.value);
        }
        if !described.is_empty() {
            html.attr("aria-describedby", &described);
        }
        if problem.is_some() {
            html.raw(" aria-invalid=\"true\"");
        }
        html.raw("></div>");
    }
}

pub(super) fn code(
    kind: FlowKind,
    problems: Option<&FieldProblems>,
    words: &Catalog<'_>,
    html: &mut Html,
) {
    let code = TextBox {
        kind,
        field: Field::Code,
        markup: " type=\"text\" inputmode=\"numeric\" autocomplete=\"one-time-code\" spellcheck=\"false\"",
        label: words.text("staff.field.code"),
        hint: None,
        value: "",
    };
    code.html(problems, words, html);
}
