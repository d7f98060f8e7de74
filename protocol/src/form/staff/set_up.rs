//! Setting up what a staff user signs in with.
//!
//! It must not know where the secret comes from.

use alloc::string::{String, ToString};

use super::super::fields::whose_password;
use super::super::open_form;
use super::StaffProblem;
use super::parts::{TextBox, actions, begin, code, heading, lead};
use crate::html::Html;
use crate::messages::Catalog;
use crate::{Field, FieldProblems, FlowKind};

/// Somebody chooses a password, as at the end of a reset.
const CHOOSING: FlowKind = FlowKind::PasswordReset;

/// A picture that a phone scans, in squares of one unit.
pub struct Qr {
    /// How wide and high it is, with its quiet edge.
    pub size: usize,
    /// The dark squares, as the data of an SVG path.
    pub path: String,
}

impl Qr {
    /// The picture, as something that is read out as `name`.
    pub(super) fn html(&self, name: &str, html: &mut Html) {
        let size = self.size.to_string();
        html.raw(
            "<p><svg class=\"fd-qr\" role=\"img\" width=\"240\" height=\"240\" shape-rendering=\"crispEdges\"",
        )
        .attr("aria-label", name)
        .attr("viewBox", &["0 0 ", &size, " ", &size].concat())
        .raw("><path fill=\"#fff\"")
        .attr("d", &["M0 0h", &size, "v", &size, "H0z"].concat())
        .raw("/><path fill=\"#000\"")
        .attr("d", &self.path)
        .raw("/></svg></p>");
    }
}

/// Setting up what a staff user signs in with.
pub enum StaffSetUp<'a> {
    /// The link works, and nothing was shown yet that only its owner may see.
    Start {
        /// Where the form posts to.
        action: &'a str,
        /// What comes back with it.
        hidden: &'a [(&'a str, &'a str)],
        /// Whose link it is.
        email: &'a str,
        /// What went wrong.
        problem: Option<StaffProblem<'a>>,
    },
    /// It was begun.
    Ask {
        /// Where the form posts to.
        action: &'a str,
        /// What comes back with it.
        hidden: &'a [(&'a str, &'a str)],
        /// Whose link it is.
        email: &'a str,
        /// The secret of the app, to be typed.
        secret: &'a str,
        /// The same, to be scanned; nothing where it cannot be drawn.
        picture: Option<&'a Qr>,
        /// What needs another look.
        problems: &'a FieldProblems,
    },
    /// The link was used, or has run out.
    Gone,
}

impl StaffSetUp<'_> {
    /// The key of the title in the catalog.
    pub const fn title(&self) -> &'static str {
        match self {
            Self::Start { .. } | Self::Ask { .. } => "staff.set-up.title",
            Self::Gone => "staff.set-up.gone.title",
        }
    }

    /// The page's main part.
    pub fn html(&self, words: &Catalog<'_>) -> String {
        let mut html = Html::default();
        let (action, kept, email, secret, picture, problems) = match self {
            Self::Gone => {
                begin(CHOOSING, self.title(), None, None, words, &mut html);
                lead(words.text("staff.set-up.gone.lead"), &mut html);
                html.raw("</div>");
                return html.finish();
            }
            Self::Start {
                action,
                hidden,
                email,
                problem,
            } => {
                let problem = problem.as_ref();
                begin(CHOOSING, self.title(), None, problem, words, &mut html);
                let told = words.fill("staff.set-up.start.lead", &[("email", email)]);
                lead(&told, &mut html);
                open_form(action, hidden, &mut html);
                actions("begin", "staff.set-up.start.action", words, &mut html);
                html.raw("</form></div>");
                return html.finish();
            }
            Self::Ask {
                action,
                hidden,
                email,
                secret,
                picture,
                problems,
            } => (action, hidden, email, secret, picture, problems),
        };
        let problem = (!problems.is_empty()).then_some(StaffProblem::Fields(problems));
        begin(
            CHOOSING,
            self.title(),
            None,
            problem.as_ref(),
            words,
            &mut html,
        );
        lead(
            &words.fill("staff.set-up.lead", &[("email", email)]),
            &mut html,
        );
        heading("staff.set-up.app.title", words, &mut html);
        if let Some(picture) = picture {
            lead(words.text("staff.set-up.app.lead"), &mut html);
            picture.html(words.text("staff.set-up.app.picture"), &mut html);
        }
        html.raw("<p>")
            .text(words.text("staff.set-up.app.typed"))
            .raw(" <strong id=\"fd-secret\">")
            .text(secret)
            .raw("</strong></p>");
        heading("staff.set-up.form.title", words, &mut html);
        lead(words.text("staff.set-up.form.lead"), &mut html);
        open_form(action, kept, &mut html);
        whose_password("field.email", email, words, &mut html);
        let password = TextBox {
            kind: CHOOSING,
            field: Field::Password,
            markup: " type=\"password\" autocomplete=\"new-password\" autocapitalize=\"off\" spellcheck=\"false\"",
            label: words.text("field.password"),
            hint: Some(words.text("field.password.hint")),
            value: "",
        };
        password.html(Some(problems), words, &mut html);
        code(CHOOSING, Some(problems), words, &mut html);
        actions("finish", "staff.set-up.action", words, &mut html);
        html.raw("</form></div>");
        html.finish()
    }
}
