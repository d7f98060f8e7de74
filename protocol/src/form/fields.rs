//! One field of a form: label, hint, error and input, tied together.
//!
//! It must not know the step's order or its other fields.

use alloc::borrow::ToOwned;
use alloc::string::String;

use super::{Form, whole};
use crate::answers::DATE_PARTS;
use crate::html::Html;
use crate::messages::Catalog;
use crate::{Answers, Field, FieldProblem, Input, Step};

/// The id that the error summary links to: the first input of the field.
pub(super) fn first_input_id(field: Field, step: &Step) -> String {
    let id = base_id(field);
    let part = match field.input() {
        Input::Date => DATE_PARTS.first().copied(),
        Input::Channels => step.channels().first().map(|channel| channel.as_str()),
        _ => None,
    };
    match part {
        Some(part) => [&id, "-", part].concat(),
        None => id,
    }
}

fn base_id(field: Field) -> String {
    ["fd-", &field.as_str().replace('_', "-")].concat()
}

pub(super) fn field(form: &Form<'_>, field: Field, words: &Catalog<'_>, html: &mut Html) {
    let parts = Parts::new(form, field, words);
    match field.input() {
        Input::Date => date(form, &parts, words, html),
        Input::Channels => channels(form, &parts, words, html),
        _ => line(form, &parts, words, html),
    }
}

/// What every kind of field shows.
struct Parts {
    field: Field,
    id: String,
    label: String,
    hint: Option<String>,
    error: Option<String>,
}

impl Parts {
    fn new(form: &Form<'_>, field: Field, words: &Catalog<'_>) -> Self {
        let key = ["field.", field.as_str()].concat();
        let hint = [&key, ".hint"].concat();
        let name = form.step.name();
        let of_kind = [&hint, ".", form.kind.as_str()].concat();
        let of_step = [&hint, ".", name.as_str()].concat();
        let hint = words
            .optional(&of_kind)
            .or_else(|| words.optional(&of_step))
            .or_else(|| words.optional(&hint))
            // Advice on a good password is for whoever chooses one.
            .filter(|_| !name.has_password());
        let problem = |code: &FieldProblem| words.field_problem(form.kind, name, field, *code);
        Self {
            field,
            id: base_id(field),
            label: words.text(&key).to_owned(),
            hint: hint.map(str::to_owned),
            error: form.problem.and_then(|p| p.fields.get(&field).map(problem)),
        }
    }

    fn class(&self, plain: &'static str, with_error: &'static str) -> &'static str {
        if self.error.is_some() {
            with_error
        } else {
            plain
        }
    }

    fn hint_and_error(&self, words: &Catalog<'_>, html: &mut Html) {
        if let Some(hint) = &self.hint {
            html.raw("<p class=\"fd-hint\" id=\"")
                .text(&self.id)
                .raw("-hint\">");
            whole::text(hint, html);
            html.raw("</p>");
        }
        if let Some(error) = &self.error {
            html.raw("<p class=\"fd-error\" id=\"")
                .text(&self.id)
                .raw("-error\"><span class=\"fd-hidden\">")
                .text(words.text("error.prefix"))
                .raw(" </span>");
            whole::text(error, html);
            html.raw("</p>");
        }
    }

    /// ` aria-describedby="…"` naming the hint and the error that exist.
    fn described_by(&self, html: &mut Html) {
        let hint = self.hint.as_ref().map(|_| "-hint");
        let error = self.error.as_ref().map(|_| "-error");
        match (hint, error) {
            (Some(hint), Some(error)) => {
                let both = [&self.id, hint, " ", &self.id, error].concat();
                html.attr("aria-describedby", &both);
            }
            (Some(one), None) | (None, Some(one)) => {
                html.attr("aria-describedby", &[&self.id, one].concat());
            }
            (None, None) => {}
        }
    }

    fn invalid(&self, html: &mut Html) {
        if self.error.is_some() {
            html.raw(" aria-invalid=\"true\"");
        }
    }
}

fn line(form: &Form<'_>, parts: &Parts, words: &Catalog<'_>, html: &mut Html) {
    html.raw("<div")
        .attr("class", parts.class("fd-field", "fd-field fd-field--error"));
    html.raw("><label").attr("for", &parts.id).raw(">");
    html.text(&parts.label).raw("</label>");
    parts.hint_and_error(words, html);
    html.raw("<input").attr("id", &parts.id);
    html.attr("name", parts.field.as_str());
    let input = parts.field.input();
    // A text terminal draws a box of 20 letters where no size is told.
    html.raw(match input {
        Input::Short | Input::Code => " size=\"12\"",
        _ => " size=\"40\"",
    });
    html.raw(match input {
        Input::Email => " class=\"fd-input\" type=\"email\" spellcheck=\"false\" autocapitalize=\"off\"",
        Input::Tel => " class=\"fd-input\" type=\"tel\"",
        Input::Short => " class=\"fd-input fd-input--short\" type=\"text\" inputmode=\"numeric\"",
        Input::Code => " class=\"fd-input fd-input--short\" type=\"text\" inputmode=\"numeric\" spellcheck=\"false\"",
        Input::Password => " class=\"fd-input\" type=\"password\" spellcheck=\"false\" autocapitalize=\"off\" autocorrect=\"off\"",
        _ => " class=\"fd-input\" type=\"text\" spellcheck=\"false\"",
    });
    if matches!(parts.field, Field::Username | Field::Invitation) {
        html.raw(" autocapitalize=\"off\" autocorrect=\"off\"");
    }
    html.attr("autocomplete", parts.field.autocomplete(form.step.name()));
    if parts.field.is_kept() {
        html.attr("value", kept(form, parts.field));
    }
    parts.described_by(html);
    parts.invalid(html);
    html.raw(">");
    if input == Input::Password && !form.is_page {
        // Shown by the widget; a page without scripts cannot switch it, and a
        // text terminal shows what is hidden.
        html.raw("<button type=\"button\" class=\"fd-link fd-show-password\" aria-pressed=\"false\" hidden")
            .attr("aria-controls", &parts.id)
            .raw(">")
            .text(words.text("action.show-password"))
            .raw("</button>");
    }
    html.raw("</div>");
}

/// Whose password the next box is for: password managers file it under the username beside it,
/// and look it up by that. Nobody else is to find it there.
pub(super) fn whose_password(key: &'static str, name: &str, words: &Catalog<'_>, html: &mut Html) {
    html.raw("<label class=\"fd-hidden\" for=\"fd-account\" aria-hidden=\"true\">")
        .text(words.text(key))
        .raw("</label> <input class=\"fd-hidden\" id=\"fd-account\" type=\"text\" name=\"username\" size=\"40\" autocomplete=\"username\" tabindex=\"-1\" aria-hidden=\"true\" readonly")
        .attr("value", name)
        .raw(">");
}

/// What was typed; where nothing was, what the step itself proposes.
fn kept<'a>(form: &'a Form<'_>, field: Field) -> &'a str {
    match (form.typed.get(field), form.step) {
        ("", Step::Contact { email }) if form.problem.is_none() => email,
        (typed, _) => typed,
    }
}

fn open_group(form: &Form<'_>, parts: &Parts, words: &Catalog<'_>, html: &mut Html) {
    html.raw("<fieldset").attr(
        "class",
        parts.class("fd-field fd-group", "fd-field fd-group fd-field--error"),
    );
    parts.described_by(html);
    // A step that asks one thing asks it in its title; the legend is for ears.
    let is_only = form.step.name().fields().len() == 1;
    html.raw("><legend>");
    if is_only {
        html.raw("<span class=\"fd-hidden\">")
            .text(&parts.label)
            .raw("</span>");
    } else {
        html.text(&parts.label);
    }
    html.raw("</legend>");
    parts.hint_and_error(words, html);
}

fn date(form: &Form<'_>, parts: &Parts, words: &Catalog<'_>, html: &mut Html) {
    open_group(form, parts, words, html);
    let is_wrong = parts.error.is_some();
    date_boxes(parts.field, form.typed, "bday", is_wrong, words, html);
    html.raw("</fieldset>");
}

/// The three boxes of a date. `autofill` is how their autofill tokens begin; "off" where the
/// date is of somebody else than who types it.
pub(super) fn date_boxes(
    field: Field,
    typed: &Answers,
    autofill: &str,
    is_wrong: bool,
    words: &Catalog<'_>,
    html: &mut Html,
) {
    html.raw("<div class=\"fd-date\">");
    for part in DATE_PARTS {
        let id = [&base_id(field), "-", part].concat();
        let name = [field.as_str(), "-", part].concat();
        let token = match autofill {
            "off" => "off".to_owned(),
            autofill => [autofill, "-", part].concat(),
        };
        html.raw("<div class=\"fd-date-part\"><label")
            .attr("for", &id)
            .raw(">")
            .text(words.text(&["field.", field.as_str(), ".", part].concat()))
            .raw("</label><input class=\"fd-input fd-input--short\" type=\"text\" size=\"6\"")
            .attr("id", &id)
            .attr("name", &name)
            .attr("autocomplete", &token)
            .attr("value", typed.named(&name));
        // A month may be typed as a word, so it gets the letter keyboard.
        if part != "month" {
            html.raw(" inputmode=\"numeric\"");
        }
        if is_wrong {
            html.raw(" aria-invalid=\"true\"");
        }
        html.raw("></div>");
    }
    html.raw("</div>");
}

fn channels(form: &Form<'_>, parts: &Parts, words: &Catalog<'_>, html: &mut Html) {
    open_group(form, parts, words, html);
    for channel in form.step.channels() {
        let name = channel.as_str();
        let id = [&parts.id, "-", name].concat();
        html.raw("<div class=\"fd-choice\"><input type=\"radio\"")
            .attr("id", &id)
            .attr("name", parts.field.as_str())
            .attr("value", name);
        if form.typed.get(parts.field) == name {
            html.raw(" checked");
        }
        html.raw("><label")
            .attr("for", &id)
            .raw(">")
            .text(words.text(&["field.channel.", name].concat()))
            .raw("</label></div>");
    }
    html.raw("</fieldset>");
}
