//! A step as accessible HTML: the one definition that both hosts show.
//!
//! The markup follows what is known to work for people: visible labels, hints
//! and errors tied by `aria-describedby`, an error summary that links to the
//! first input of each field, one code box, three boxes for a date, and no
//! limits that eat what was typed (WCAG 2.2: 1.3.5, 3.3.1–3.3.3, 3.3.7, 3.3.8).
//! Ids and classes begin with `fd-` so that a host page's own do not collide.
//!
//! It must not know who shows the form, except through [`Form`]; and it never
//! shows a password or a code again.

mod account;
mod code;
mod ends;
mod fields;
mod pages;
mod providers;
mod staff;
mod summary;
mod thanks;
mod time;
mod waits;
mod whole;

use alloc::borrow::ToOwned;
use alloc::format;
use alloc::string::{String, ToString};

use crate::html::Html;
pub use crate::html::escape;
use crate::messages::Catalog;
use crate::{Answers, Channel, FlowKind, Notice, Problem, ProblemCode, Progress, Step, StepName};
pub use account::Account;
use ends::is_stuck;
pub use pages::{ResetLink, Reveal, dead_end, gone, sign_in_first};
pub use providers::{PROVIDERS, Provider, Providers, Told};
pub use staff::{
    BarCount, Qr, StaffConnection, StaffConnections, StaffFind, StaffFound, StaffHome,
    StaffInsights, StaffInvitation, StaffMatch, StaffProblem, StaffProxy, StaffProxyNoted,
    StaffRefused, StaffSearch, StaffSetUp, StaffSignIn, StaffTrail, StaffVisit, TRAIL_BOXES,
    TrailChain, TrailLines, TrailLook, TrailText, VisitProblem, trail_event,
};
pub use thanks::Thanks;
pub use time::MORE_TIME;
use waits::{rounded, seconds, wait};

/// How the name of a button begins; the rest is what a press on it asks for.
pub const ACTION: &str = "action-";

/// Everything that decides how a step looks.
pub struct Form<'a> {
    /// The job that the step belongs to.
    pub kind: FlowKind,
    /// The step.
    pub step: &'a Step,
    /// How far the flow has come.
    pub progress: Progress,
    /// What to tell beside the step.
    pub notice: Option<Notice>,
    /// What went wrong with the last answer.
    pub problem: Option<&'a Problem>,
    /// Whether no try is left at the step.
    pub is_out_of_tries: bool,
    /// Seconds until the flow stops waiting; nothing before there is one.
    pub expires_in: Option<u32>,
    /// Where people sign in to the portal, if the clinic has said so.
    pub sign_in: Option<&'a str>,
    /// What was typed, to show it again.
    pub typed: &'a Answers,
    /// Where the form posts to.
    pub action: &'a str,
    /// Hidden fields that the host needs back.
    pub hidden: &'a [(&'a str, &'a str)],
    /// Whether the step's title is the page's `h1` or a part of a page (`h2`).
    pub is_page: bool,
}

/// The title of the step, for the document's title and for announcements.
pub fn title(form: &Form<'_>, words: &Catalog<'_>) -> String {
    if is_stuck(form) {
        return ends::stuck_text(form, "stuck.title", words).to_owned();
    }
    let name = form.step.name().as_str();
    let specific = match form.step {
        Step::Code { channel, .. } => ["step.code.title.", channel.as_str()].concat(),
        Step::Done { .. } => ["step.done.title.", form.kind.as_str()].concat(),
        _ => ["step.", name, ".title"].concat(),
    };
    of_kind(form.kind, &specific, words).to_owned()
}

/// Whether the form has a button that leads to the step before.
pub fn has_way_back(form: &Form<'_>) -> bool {
    form.step.name().can_go_back(form.kind) && !is_stuck(form)
}

/// Whether the step has a box for a code that was texted.
pub fn takes_texted_code(form: &Form<'_>) -> bool {
    let is_texted = matches!(
        form.step,
        Step::Code {
            channel: Channel::Text,
            ..
        }
    );
    is_texted && !is_stuck(form)
}

/// The document's title: the problem first, since it is what is read first.
pub fn page_title(form: &Form<'_>, words: &Catalog<'_>) -> String {
    let error = match form.problem {
        Some(_) => format!("{}: ", words.text("title.error")),
        None => String::new(),
    };
    let flow = format!("flow.{}", form.kind.as_str());
    format!(
        "{error}{} – {} – {}",
        title(form, words),
        words.text(&flow),
        words.text("title.site"),
    )
}

/// The step as HTML.
pub fn html(form: &Form<'_>, words: &Catalog<'_>) -> String {
    let mut html = Html::default();
    html.raw("<div class=\"fd-flow\">");
    progress(form, words, &mut html);
    summary::errors(form, words, &mut html);
    if let Some(problem) = form.problem {
        ends::ways_on(form, problem, words, &mut html);
    }
    notice(form.notice, words, &mut html);
    heading(form, words, &mut html);
    lead(form, words, &mut html);
    if is_last(form.step.name()) {
        ends::last(form, words, &mut html);
    } else if is_stuck(form) {
        ends::stuck(form, words, &mut html);
    } else {
        controls(form, words, &mut html);
    }
    // A page of ours names support in its chrome; a failure says it once more.
    if !form.is_page || form.problem.is_some() {
        support(words, &mut html);
    }
    html.raw("</div>");
    html.finish()
}

fn progress(form: &Form<'_>, words: &Catalog<'_>, html: &mut Html) {
    let Progress { step, of } = form.progress;
    // Of a single step nobody needs to hear how far it is.
    if form.step.name() == StepName::Done || of == 1 {
        return;
    }
    let text = words.fill(
        "progress",
        &[("step", &step.to_string()), ("of", &of.to_string())],
    );
    html.raw("<p class=\"fd-progress\">")
        .text(&text)
        .raw("</p>");
}

fn notice(notice: Option<Notice>, words: &Catalog<'_>, html: &mut Html) {
    if let Some(notice) = notice {
        let key = ["notice.", notice.as_str()].concat();
        html.raw("<div class=\"fd-notice\" role=\"status\"><p>")
            .text(words.text(&key))
            .raw("</p></div>");
    }
}

fn heading(form: &Form<'_>, words: &Catalog<'_>, html: &mut Html) {
    let (open, close) = if form.is_page {
        (
            "<h1 class=\"fd-title\" id=\"fd-title\" tabindex=\"-1\">",
            "</h1>",
        )
    } else {
        (
            "<h2 class=\"fd-title\" id=\"fd-title\" tabindex=\"-1\">",
            "</h2>",
        )
    };
    html.raw(open).text(&title(form, words)).raw(close);
}

fn lead(form: &Form<'_>, words: &Catalog<'_>, html: &mut Html) {
    let mut paragraph = |text: &str| {
        html.raw("<p class=\"fd-lead\">").text(text).raw("</p>");
    };
    if is_stuck(form) {
        return paragraph(ends::stuck_text(form, "stuck.lead", words));
    }
    match form.step {
        Step::Code { channel, to, .. } => {
            let channel = channel.as_str();
            if let Some(to) = to {
                let key = ["step.code.lead.", channel].concat();
                let of_kind = [&key, ".", form.kind.as_str()].concat();
                let key = words.optional(&of_kind).map_or(key, |_| of_kind);
                paragraph(&words.fill(&key, &[("to", to)]));
            } else {
                let key = ["step.code.lead.unsaid.", channel].concat();
                paragraph(of_kind(form.kind, &key, words));
            }
        }
        Step::Done { username } => {
            paragraph(words.text(&["step.done.lead.", form.kind.as_str()].concat()));
            if let Some(username) = username {
                ends::username(username, words, html);
            }
        }
        Step::CheckEmail => {
            paragraph(words.text("step.check-email.lead"));
            paragraph(words.text("step.check-email.more"));
        }
        Step::Confirm => {
            for key in ["lead", "record", "again"] {
                paragraph(words.text(&["step.confirm.", key].concat()));
            }
        }
        step => {
            let key = ["step.", step.name().as_str(), ".lead"].concat();
            let of_kind = [&key, ".", form.kind.as_str()].concat();
            let text = words.optional(&of_kind).or_else(|| words.optional(&key));
            if let Some(text) = text {
                paragraph(text);
            }
        }
    }
}

/// The words of a key: those for this kind of flow, if there are any.
fn of_kind<'k>(kind: FlowKind, key: &'k str, words: &Catalog<'k>) -> &'k str {
    words
        .optional(&[key, ".", kind.as_str()].concat())
        .unwrap_or_else(|| words.text(key))
}

fn controls(form: &Form<'_>, words: &Catalog<'_>, html: &mut Html) {
    open_form(form.action, form.hidden, html);
    hidden(html, "step", form.step.name().as_str());
    match form.step {
        Step::NewPassword { username } | Step::Password { username } if !username.is_empty() => {
            fields::whose_password("field.username", username, words, html);
        }
        _ => {}
    }
    for field in form.step.name().fields() {
        fields::field(form, *field, words, html);
    }
    time::place(form, words, html);
    html.raw("<div class=\"fd-actions\">");
    let of_step = ["action.continue.", form.step.name().as_str()].concat();
    let go_on = words.optional(&of_step);
    let go_on = go_on.unwrap_or_else(|| words.text("action.continue"));
    button(html, "fd-button", "continue", go_on);
    if has_way_back(form) {
        button(html, "fd-link", "back", words.text("action.back"));
    }
    if form.step.name() == StepName::Confirm {
        ends::keep_account(words, html);
    } else if form.kind.needs_session() {
        ends::leave_unchanged(words, html);
    }
    html.raw("</div>");
    if form.step.name() == StepName::SignIn && !ends::has_ways_to_sign_in(form) {
        ends::forgot(words, html);
    }
    if let Step::Code {
        channel,
        to,
        resend_in,
    } = form.step
    {
        let is_said = to.is_some();
        code::help(form, *channel, is_said, *resend_in, words, html);
    }
    time::told(form, words, html);
    html.raw("</form>");
}

/// No `<button>`: Lynx writes its value before its text, as in "(resend-call)
/// Call me". So the name says what is meant. And a line of its own: where nothing
/// is drawn around buttons, two beside each other read as one.
fn button(html: &mut Html, class: &'static str, action: &str, text: &str) {
    html.raw("<div class=\"fd-action\"><input type=\"submit\"")
        .attr("class", class)
        .attr("name", &[ACTION, action].concat())
        .attr("value", text)
        .raw("></div>");
}

/// Begins a form that posts to `action` and brings `hidden_fields` back.
fn open_form(action: &str, hidden_fields: &[(&str, &str)], html: &mut Html) {
    html.raw("<form class=\"fd-form\" method=\"post\" novalidate")
        .attr("action", action)
        .raw(">");
    for (name, value) in hidden_fields {
        hidden(html, name, value);
    }
}

fn hidden(html: &mut Html, name: &str, value: &str) {
    html.raw("<input type=\"hidden\"")
        .attr("name", name)
        .attr("value", value)
        .raw(">");
}

/// Support is one line away on every step, and so on every failure.
fn support(words: &Catalog<'_>, html: &mut Html) {
    support_with("support.lead", words, html);
}

/// The same, led to by other words.
fn support_with(lead: &'static str, words: &Catalog<'_>, html: &mut Html) {
    html.raw("<p class=\"fd-support\">")
        .text(words.text(lead))
        .raw(" <a href=\"mailto:info@patientally.com\">info@patientally.com</a> ")
        .text(words.text("support.or"))
        .raw(" <a href=\"tel:+18887474255\"><span class=\"fd-whole\">888-PHR-4ALL</span> <span class=\"fd-whole\">(888-747-4255)</span></a>. ")
        .text(words.text("support.clinic"))
        .raw("</p>");
}

/// Whether a problem leaves the person at the same step, to mend an answer.
pub const fn is_mendable(code: ProblemCode) -> bool {
    !matches!(
        code,
        ProblemCode::UnknownFlow
            | ProblemCode::FlowExpired
            | ProblemCode::InvitationEnded
            | ProblemCode::SignInFirst
    )
}

/// Whether the step ends its flow: there is nothing more to answer.
pub const fn is_last(step: StepName) -> bool {
    matches!(step, StepName::CheckEmail | StepName::Done)
}

#[cfg(test)]
mod tests;
