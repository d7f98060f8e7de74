//! What helps whoever waits for a code: another one, or another way for it.
//!
//! It must not know what the code proves.

use alloc::borrow::ToOwned;
use alloc::string::String;
use alloc::vec;

use super::{Form, button, of_kind, seconds};
use crate::html::Html;
use crate::messages::Catalog;
use crate::{Channel, FlowKind, Problem, ProblemCode, Step};

/// Always there: whoever waits for a code must not have to look for help.
pub(super) fn help(
    form: &Form<'_>,
    channel: Channel,
    is_said: bool,
    resend_in: u32,
    words: &Catalog<'_>,
    html: &mut Html,
) {
    html.raw("<details class=\"fd-help\"");
    if form.problem.is_some() {
        html.raw(" open");
    }
    html.raw("><summary>")
        .text(words.text("step.code.help"))
        .raw("</summary>");
    let channel_help = ["step.code.help.", channel.as_str()].concat();
    let wait = match resend_in {
        0 => words.text("step.code.help.now").to_owned(),
        wait => words.fill("step.code.help.wait", &[("seconds", &seconds(wait))]),
    };
    let mut texts = vec![words.text(&channel_help), &wait];
    if !is_said {
        texts.push(of_kind(form.kind, "step.code.help.unsaid", words));
    }
    for text in texts {
        html.raw("<p>").text(text).raw("</p>");
    }
    html.raw("<div class=\"fd-actions\">");
    button(
        html,
        "fd-button fd-button--quiet",
        "resend",
        words.text("action.resend"),
    );
    for other in other_channels(form.kind, channel) {
        let value = ["resend-", other.as_str()].concat();
        let key = ["action.", &value].concat();
        button(html, "fd-button fd-button--quiet", &value, words.text(&key));
    }
    html.raw("</div></details>");
}

/// Why there is no other code yet, where the step says already to whom the last one went.
/// Elsewhere nobody is told: whether there is anybody is not known.
pub(super) fn too_soon(step: &Step, problem: &Problem, words: &Catalog<'_>) -> Option<String> {
    let (ProblemCode::TooSoon, Step::Code { channel, to, .. }) = (problem.code, step) else {
        return None;
    };
    let key = ["problem.too-soon.", channel.as_str()].concat();
    let wait = seconds(problem.retry_after?);
    Some(words.fill(&key, &[("to", to.as_ref()?), ("seconds", &wait)]))
}

/// The other ways in which the code of this step may travel.
fn other_channels(kind: FlowKind, channel: Channel) -> impl Iterator<Item = Channel> {
    let offered = move |other: &Channel| match (kind, channel) {
        // The code to a new email address proves that address and no other.
        (FlowKind::Enrollment | FlowKind::EmailChange, Channel::Email) => false,
        // By email it would prove no second factor, and no phone.
        (FlowKind::Enrollment | FlowKind::SignIn | FlowKind::PhoneChange, _) => {
            *other != Channel::Email
        }
        _ => true,
    };
    Channel::ALL
        .into_iter()
        .filter(move |other| *other != channel && offered(other))
}
