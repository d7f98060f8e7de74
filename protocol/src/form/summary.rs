//! What went wrong, above the step: each problem, and how many more tries there are.
//!
//! It must not know what leads on from a problem.

use alloc::string::{String, ToString};

use super::{Form, code, ends, fields, is_stuck, seconds, wait, whole};
use crate::Problem;
use crate::html::Html;
use crate::messages::Catalog;

/// Begins the summary; it takes the focus when it appears, and is no tab stop. A page
/// without scripts asks the browser for that.
pub(super) fn begin(is_page: bool, words: &Catalog<'_>, html: &mut Html) {
    html.raw("<div class=\"fd-errors\" id=\"fd-errors\" role=\"alert\" tabindex=\"-1\"")
        .raw(if is_page { " autofocus" } else { "" })
        .raw(" aria-labelledby=\"fd-errors-title\"><h2 id=\"fd-errors-title\">")
        .text(words.text("errors.title"))
        .raw("</h2>");
}

pub(super) fn errors(form: &Form<'_>, words: &Catalog<'_>, html: &mut Html) {
    let Some(problem) = form.problem else { return };
    begin(form.is_page, words, html);
    if ends::is_past_answering(form, problem) {
        html.raw("<p>")
            .text(words.text("problem.too-many-tries"))
            .raw("</p>");
    } else if problem.fields.is_empty() {
        let text = code::too_soon(form.step, problem, words);
        html.raw("<p>")
            .text(&text.unwrap_or_else(|| problem_text(problem, words)))
            .raw("</p>");
    } else {
        html.raw("<ul>");
        for field in form.step.name().fields() {
            let Some(code) = problem.fields.get(field) else {
                continue;
            };
            let text = words.field_problem(form.kind, form.step.name(), *field, *code);
            if is_stuck(form) {
                // No box is left to lead to.
                html.raw("<li>");
                whole::text(&text, html);
                html.raw("</li>");
            } else {
                html.raw("<li><a href=\"#")
                    .text(&fields::first_input_id(*field, form.step))
                    .raw("\">");
                whole::text(&text, html);
                html.raw("</a></li>");
            }
        }
        html.raw("</ul>");
    }
    tries_left(form, problem, words, html);
    html.raw("</div>");
}

/// How many more tries there are. That it is the last one, the problem says by itself.
fn tries_left(form: &Form<'_>, problem: &Problem, words: &Catalog<'_>, html: &mut Html) {
    let left = problem.tries_left.filter(|left| *left > 1);
    if let Some(left) = left.filter(|_| !is_stuck(form)) {
        html.raw("<p class=\"fd-tries\">")
            .text(&words.fill("errors.tries", &[("n", &left.to_string())]))
            .raw("</p>");
    }
}

/// What to tell about a problem that is not one of fields.
pub(super) fn problem_text(problem: &Problem, words: &Catalog<'_>) -> String {
    let key = ["problem.", problem.code.as_str()].concat();
    let retry_after = problem.retry_after.unwrap_or(60);
    let (seconds, wait) = (seconds(retry_after), wait(retry_after, words));
    words.fill(&key, &[("seconds", &seconds), ("wait", &wait)])
}
