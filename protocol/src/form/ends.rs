//! Where a flow stops asking: it is done, or no try is left. Each end leads on.
//!
//! It must not know why the flow came to its end.

use super::{Form, button, open_form};
use crate::html::Html;
use crate::messages::Catalog;
use crate::{Field, FieldProblem, FlowKind, Problem, ProblemCode, StepName, paths};

/// Whether only a new start leads on.
pub(super) fn is_stuck(form: &Form<'_>) -> bool {
    form.is_out_of_tries || form.problem.is_some_and(is_spent)
}

/// Whether a problem says by itself that no try is left.
fn is_spent(problem: &Problem) -> bool {
    problem.code == ProblemCode::TooManyTries
        || problem.fields.get(&Field::Code) == Some(&FieldProblem::SpentCode)
}

/// Whether a problem says to look at the answer again, which is of no use any more:
/// somebody else has used up the last try since it was judged.
pub(super) fn is_past_answering(form: &Form<'_>, problem: &Problem) -> bool {
    let is_of_answer = matches!(
        problem.code,
        ProblemCode::InvalidAnswers | ProblemCode::NotMatched | ProblemCode::NotMatchedOneLeft
    );
    form.is_out_of_tries && is_of_answer && !is_spent(problem)
}

/// The words of a stuck step: those for this very step, in this kind of flow, if
/// there are any; else those of the step, of the kind of flow, or of all.
pub(super) fn stuck_text<'a>(form: &Form<'_>, key: &'static str, words: &Catalog<'a>) -> &'a str {
    let of_step = [key, ".", form.step.name().as_str()].concat();
    let of_both = [&of_step, ".", form.kind.as_str()].concat();
    let of_kind = [key, ".", form.kind.as_str()].concat();
    words
        .optional(&of_both)
        .or_else(|| words.optional(&of_step))
        .or_else(|| words.optional(&of_kind))
        .unwrap_or_else(|| words.text(key))
}

/// The only way on from a stuck step: no box to type into, since no answer helps.
pub(super) fn stuck(form: &Form<'_>, words: &Catalog<'_>, html: &mut Html) {
    if form.step.name() == StepName::Password {
        // A new start asks for the same password: there they sign out.
        return to_account(words, html);
    }
    let text = words.text("action.start-over");
    start_over(form.action, form.hidden, "fd-button", text, html);
}

/// After the last step: on to the portal or the account, or once more for somebody else.
pub(super) fn last(form: &Form<'_>, words: &Catalog<'_>, html: &mut Html) {
    match form.kind {
        FlowKind::UsernameRecovery => {}
        FlowKind::SignIn => return to_account(words, html),
        FlowKind::PhoneChange | FlowKind::EmailChange => to_account(words, html),
        FlowKind::Deactivation => return to_help(words, html),
        FlowKind::Enrollment | FlowKind::PasswordReset => sign_in(form.sign_in, words, html),
    }
    let again = ["action.again.", form.kind.as_str()].concat();
    start_over(
        form.action,
        form.hidden,
        "fd-link",
        words.text(&again),
        html,
    );
}

pub(super) fn start_over(
    action: &str,
    hidden: &[(&str, &str)],
    class: &'static str,
    text: &str,
    html: &mut Html,
) {
    open_form(action, hidden, html);
    html.raw("<div class=\"fd-actions\">");
    button(html, class, "start-over", text);
    html.raw("</div></form>");
}

/// The way to the portal, where the clinic has named its address.
pub(super) fn sign_in(address: Option<&str>, words: &Catalog<'_>, html: &mut Html) {
    if let Some(address) = address {
        way(address, words.text("action.sign-in"), html);
    }
}

fn to_account(words: &Catalog<'_>, html: &mut Html) {
    let account = paths::in_language(words.locale(), paths::ACCOUNT);
    way(&account, words.text("action.account"), html);
}

/// The way to the help center, for whoever has no account any more.
fn to_help(words: &Catalog<'_>, html: &mut Html) {
    let home = paths::in_language(words.locale(), "/");
    way(&home, words.text("action.help-center"), html);
}

/// The way out for whoever would rather keep the account.
pub(super) fn keep_account(words: &Catalog<'_>, html: &mut Html) {
    let account = paths::in_language(words.locale(), paths::ACCOUNT);
    html.raw("<div class=\"fd-action\"><a class=\"fd-button fd-button--quiet\"")
        .attr("href", &account)
        .raw(">")
        .text(words.text("action.keep-account"))
        .raw("</a></div>");
}

/// The way back for whoever would rather change nothing: a link, since nothing is to be sent.
pub(super) fn leave_unchanged(words: &Catalog<'_>, html: &mut Html) {
    let account = paths::in_language(words.locale(), paths::ACCOUNT);
    html.raw("<p><a class=\"fd-link\"")
        .attr("href", &account)
        .raw(">")
        .text(words.text("action.unchanged"))
        .raw("</a></p>");
}

/// The way to where one signs in to the account.
pub(super) fn to_sign_in(words: &Catalog<'_>, html: &mut Html) {
    let sign_in = paths::plain(FlowKind::SignIn, words.locale());
    way(&sign_in, words.text("flow.sign-in"), html);
}

fn way(address: &str, text: &str, html: &mut Html) {
    html.raw("<p class=\"fd-actions\"><a class=\"fd-button\"")
        .attr("href", address)
        .raw(">")
        .text(text)
        .raw("</a></p>");
}

/// A username, written large, for its owner to keep.
pub(super) fn username(username: &str, words: &Catalog<'_>, html: &mut Html) {
    html.raw("<p class=\"fd-lead\">")
        .text(words.text("username.lead"))
        .raw("</p><p class=\"fd-username\"><strong>")
        .text(username)
        .raw("</strong></p><p class=\"fd-lead\">")
        .text(words.text("username.more"))
        .raw("</p>");
}

/// Where a problem leads that the form itself cannot mend.
pub(super) fn ways_on(form: &Form<'_>, problem: &Problem, words: &Catalog<'_>, html: &mut Html) {
    let is_password = problem.fields.get(&Field::Password) == Some(&FieldProblem::WrongPassword)
        || form.step.name() == StepName::Password && is_spent(problem);
    if has_ways_to_sign_in(form) {
        ways("ways.lead.sign-in", None, &LOST, words, html);
    } else if is_password {
        ways("ways.lead.password", None, &LOST[1..], words, html);
    } else {
        ways_to_account(problem, form.sign_in, words, html);
    }
}

/// Whether a problem leads to what helps whoever cannot sign in.
pub(super) fn has_ways_to_sign_in(form: &Form<'_>) -> bool {
    let codes = [ProblemCode::WrongSignIn, ProblemCode::TooManyTries];
    let is_told = |problem: &Problem| codes.contains(&problem.code);
    form.step.name() == StepName::SignIn && form.problem.is_some_and(is_told)
}

/// The same before anything went wrong.
pub(super) fn forgot(words: &Catalog<'_>, html: &mut Html) {
    html.raw("<ul class=\"fd-forgot\">");
    for kind in LOST {
        html.raw("<li><a")
            .attr("href", &paths::page(kind, words.locale()))
            .raw(">")
            .text(words.text(&["ways.forgot.", kind.as_str()].concat()))
            .raw("</a></li>");
    }
    html.raw("</ul>");
}

/// Whose invitation was used has an account by now, most often: three ways to it.
pub(super) fn ways_to_account(
    problem: &Problem,
    sign_in: Option<&str>,
    words: &Catalog<'_>,
    html: &mut Html,
) {
    let is_used = problem.code == ProblemCode::InvitationEnded
        || problem.fields.get(&Field::Invitation) == Some(&FieldProblem::UsedInvitation);
    if is_used {
        ways("ways.lead", sign_in, &LOST, words, html);
    }
}

/// What helps whoever has lost what they sign in with.
const LOST: [FlowKind; 2] = [FlowKind::UsernameRecovery, FlowKind::PasswordReset];

fn ways(
    lead: &str,
    sign_in: Option<&str>,
    kinds: &[FlowKind],
    words: &Catalog<'_>,
    html: &mut Html,
) {
    html.raw("<div class=\"fd-ways\"><p>")
        .text(words.text(lead))
        .raw("</p><ul>");
    let mut item = |address: &str, key: &str| {
        html.raw("<li><a")
            .attr("href", address)
            .raw(">")
            .text(words.text(key))
            .raw("</a></li>");
    };
    if let Some(address) = sign_in {
        item(address, "action.sign-in");
    }
    for kind in kinds {
        let page = paths::page(*kind, words.locale());
        item(&page, &["flow.", kind.as_str()].concat());
    }
    html.raw("</ul></div>");
}
