//! How long a step waits, and the button for more time (WCAG 2.2, 2.2.1).
//!
//! A page cannot warn anybody at a moment, so it says so from the beginning. In the widget
//! there is a place that stays empty until a script tells something there: what comes into
//! it is announced, and the focus stays where it is (4.1.3).
//!
//! It must not know what time it is.

use super::{Form, button, rounded, wait};
use crate::Field;
use crate::html::Html;
use crate::messages::Catalog;

/// The name of the button, after [`ACTION`](super::ACTION).
pub const MORE_TIME: &str = "more-time";

/// Where a script says that the end is near. No part of the form is sent by its button: the
/// first such button of a form is the one that Enter presses.
pub(super) fn place(form: &Form<'_>, words: &Catalog<'_>, html: &mut Html) {
    if form.is_page || form.expires_in.is_none() {
        return;
    }
    html.raw("<div class=\"fd-time\"><p role=\"status\"></p><input type=\"button\" class=\"fd-button fd-button--quiet\" hidden")
        .attr("value", words.text("action.more-time"))
        .raw("></div>");
}

/// Until when a page waits. Its button brings along what was typed, and comes after the one
/// that goes on.
pub(super) fn told(form: &Form<'_>, words: &Catalog<'_>, html: &mut Html) {
    let (true, Some(expires_in)) = (form.is_page, form.expires_in) else {
        return;
    };
    let waits = wait(rounded(expires_in), words);
    html.raw("<div class=\"fd-time\"><p>")
        .text(&words.fill("time.waits", &[("wait", &waits)]));
    let fields = form.step.name().fields();
    if !fields.iter().copied().all(Field::is_kept) {
        html.raw(" ").text(words.text("time.secret"));
    }
    html.raw("</p>");
    let text = words.text("action.more-time");
    button(html, "fd-button fd-button--quiet", MORE_TIME, text);
    html.raw("</div>");
}
