//! Pages of a flow that are no step: a failure, and the way to a username.
//!
//! They must not know who asks for them.

use alloc::string::String;

use super::summary::problem_text;
use super::{button, ends, open_form, summary, support};
use crate::html::Html;
use crate::messages::Catalog;
use crate::{FlowKind, Problem, ProblemCode, paths};

/// A page for when no step can be shown: why, and where to go on.
pub fn dead_end(problem: &Problem, title: &str, way_on: &str, words: &Catalog<'_>) -> String {
    let mut html = Html::default();
    html.raw("<div class=\"fd-flow\"><h1 class=\"fd-title\" id=\"fd-title\" tabindex=\"-1\">")
        .text(title)
        .raw("</h1><div class=\"fd-errors\" role=\"alert\"><p>")
        .text(&problem_text(problem, words))
        .raw("</p></div><p><a class=\"fd-button\"")
        .attr("href", way_on)
        .raw(">")
        .text(words.text("action.start-over"))
        .raw("</a></p>");
    support(words, &mut html);
    html.raw("</div>");
    html.finish()
}

/// In place of a step whose flow is gone: why, and a new start. For the widget,
/// which stays on its page.
pub fn gone(
    kind: FlowKind,
    problem: &Problem,
    sign_in: Option<&str>,
    words: &Catalog<'_>,
) -> String {
    let mut html = Html::default();
    html.raw("<div class=\"fd-flow\">");
    summary::begin(true, words, &mut html);
    html.raw("<p>")
        .text(&problem_text(problem, words))
        .raw("</p></div>");
    ends::ways_to_account(problem, sign_in, words, &mut html);
    if problem.code == ProblemCode::SignInFirst {
        ends::to_sign_in(words, &mut html);
    } else {
        let start_over = words.text("action.start-over");
        let action = paths::plain(kind, words.locale());
        ends::start_over(&action, &[], "fd-button", start_over, &mut html);
    }
    support(words, &mut html);
    html.raw("</div>");
    html.finish()
}

/// A page for a flow about an account that nobody is signed in to: the way to where one
/// signs in. `problem` tells whoever has sent an answer that it has done nothing.
pub fn sign_in_first(problem: Option<&Problem>, words: &Catalog<'_>) -> String {
    let mut html = Html::default();
    html.raw("<div class=\"fd-flow\">");
    if let Some(problem) = problem {
        summary::begin(true, words, &mut html);
        html.raw("<p>")
            .text(&problem_text(problem, words))
            .raw("</p></div>");
    }
    html.raw("<h1 class=\"fd-title\" id=\"fd-title\" tabindex=\"-1\">")
        .text(words.text("sign-in-first.title"))
        .raw("</h1><p class=\"fd-lead\">")
        .text(words.text("sign-in-first.lead"))
        .raw("</p>");
    ends::to_sign_in(words, &mut html);
    if problem.is_some() {
        support(words, &mut html);
    }
    html.raw("</div>");
    html.finish()
}

/// Showing a username to the holder of the emailed link.
pub enum Reveal<'a> {
    /// The link works; a press shows the username.
    Ask {
        /// Where the press posts to.
        action: &'a str,
        /// The token of the link.
        token: &'a str,
    },
    /// The username.
    Shown {
        /// As its owner wrote it.
        username: &'a str,
        /// Where people sign in to the portal, if the clinic has said so.
        sign_in: Option<&'a str>,
    },
    /// The link was used, or has run out.
    Gone,
}

impl Reveal<'_> {
    /// The key of the title in the catalog.
    pub const fn title(&self) -> &'static str {
        match self {
            Self::Ask { .. } => "reveal.title",
            Self::Shown { .. } => "reveal.shown.title",
            Self::Gone => "reveal.gone.title",
        }
    }

    /// The page's main part.
    pub fn html(&self, words: &Catalog<'_>) -> String {
        let mut html = Html::default();
        html.raw("<div class=\"fd-flow\"><h1 class=\"fd-title\" id=\"fd-title\" tabindex=\"-1\">")
            .text(words.text(self.title()))
            .raw("</h1>");
        let paragraph = |html: &mut Html, key: &str| {
            html.raw("<p class=\"fd-lead\">")
                .text(words.text(key))
                .raw("</p>");
        };
        match self {
            Self::Ask { action, token } => {
                paragraph(&mut html, "reveal.lead");
                open_form(action, &[("token", token)], &mut html);
                html.raw("<div class=\"fd-actions\">");
                button(&mut html, "fd-button", "show", words.text("reveal.action"));
                html.raw("</div></form>");
            }
            Self::Shown { username, sign_in } => {
                ends::username(username, words, &mut html);
                ends::sign_in(*sign_in, words, &mut html);
                way_on(
                    &mut html,
                    "fd-button fd-button--quiet",
                    FlowKind::PasswordReset,
                    "flow.password-reset",
                    words,
                );
            }
            Self::Gone => {
                paragraph(&mut html, "reveal.gone.lead");
                way_on(
                    &mut html,
                    "fd-button",
                    FlowKind::UsernameRecovery,
                    "reveal.gone.action",
                    words,
                );
            }
        }
        support(words, &mut html);
        html.raw("</div>");
        html.finish()
    }
}

/// Leading the holder of an emailed link past the code of a reset.
pub enum ResetLink<'a> {
    /// The link works; a press goes on to the new password.
    Ask {
        /// Where the press posts to.
        action: &'a str,
        /// What comes back with the press: the token of the link, and what else
        /// the host needs.
        hidden: &'a [(&'a str, &'a str)],
    },
    /// The link was used, or has run out.
    Gone,
}

impl ResetLink<'_> {
    /// The key of the title in the catalog.
    pub const fn title(&self) -> &'static str {
        match self {
            Self::Ask { .. } => "reset-link.title",
            Self::Gone => "reveal.gone.title",
        }
    }

    /// The page's main part.
    pub fn html(&self, words: &Catalog<'_>) -> String {
        let mut html = Html::default();
        html.raw("<div class=\"fd-flow\"><h1 class=\"fd-title\" id=\"fd-title\" tabindex=\"-1\">")
            .text(words.text(self.title()))
            .raw("</h1><p class=\"fd-lead\">");
        match self {
            Self::Ask { action, hidden } => {
                html.text(words.text("reset-link.lead")).raw("</p>");
                open_form(action, hidden, &mut html);
                html.raw("<div class=\"fd-actions\">");
                let text = words.text("reset-link.action");
                button(&mut html, "fd-button", "go-on", text);
                html.raw("</div></form>");
            }
            Self::Gone => {
                html.text(words.text("reset-link.gone.lead")).raw("</p>");
                let key = "flow.password-reset";
                way_on(&mut html, "fd-button", FlowKind::PasswordReset, key, words);
            }
        }
        support(words, &mut html);
        html.raw("</div>");
        html.finish()
    }
}

fn way_on(html: &mut Html, class: &'static str, kind: FlowKind, key: &str, words: &Catalog<'_>) {
    html.raw("<p><a")
        .attr("class", class)
        .attr("href", &paths::page(kind, words.locale()))
        .raw(">")
        .text(words.text(key))
        .raw("</a></p>");
}
