//! The pages by which staff sign in, and the desk.
//!
//! It must not know how a session or a password is kept, nor what a role may do.

mod chart;
mod connections;
mod date;
mod desk;
mod find;
mod home;
mod insights;
mod invitation;
mod parts;
mod proxy;
mod search;
mod set_up;
mod trail;

use alloc::string::String;

pub use chart::BarCount;
pub use connections::{StaffConnection, StaffConnections};
pub use desk::{StaffVisit, VisitProblem};
pub use find::StaffFind;
pub use home::{StaffHome, StaffRefused};
pub use insights::StaffInsights;
pub use invitation::StaffInvitation;
pub use proxy::{StaffProxy, StaffProxyNoted};
pub use search::{StaffFound, StaffMatch, StaffSearch};
pub use set_up::{Qr, StaffSetUp};
pub use trail::{
    StaffTrail, TRAIL_BOXES, TrailChain, TrailLines, TrailLook, TrailText, event as trail_event,
};

use self::parts::{TextBox, actions, begin, code, fields_of, lead};
use super::open_form;
use crate::html::Html;
use crate::messages::Catalog;
use crate::{Field, FieldProblems, FlowKind};

/// Somebody types a password that they have.
const KIND: FlowKind = FlowKind::SignIn;

/// What went wrong with a try.
pub enum StaffProblem<'a> {
    /// Something needs another look.
    Fields(&'a FieldProblems),
    /// Boxes that are no fields of a flow need another look: their ids, each with the key of
    /// what to do.
    Boxes(&'a [(&'a str, &'a str)]),
    /// A text of the catalog, by its key.
    Text(&'a str),
    /// The next try has to wait so many seconds.
    Wait(u32),
}

/// Signing in to the desk.
pub struct StaffSignIn<'a> {
    /// Where the form posts to.
    pub action: &'a str,
    /// What comes back with it.
    pub hidden: &'a [(&'a str, &'a str)],
    /// The email as it was typed.
    pub email: &'a str,
    /// The key of what is told beside it.
    pub notice: Option<&'a str>,
    /// What went wrong.
    pub problem: Option<StaffProblem<'a>>,
}

impl StaffSignIn<'_> {
    /// The page's main part.
    pub fn html(&self, words: &Catalog<'_>) -> String {
        let mut html = Html::default();
        begin(
            KIND,
            "staff.sign-in.title",
            self.notice,
            self.problem.as_ref(),
            words,
            &mut html,
        );
        lead(words.text("staff.sign-in.lead"), &mut html);
        open_form(self.action, self.hidden, &mut html);
        let problems = fields_of(self.problem.as_ref());
        let email = TextBox {
            kind: KIND,
            field: Field::Email,
            markup: " type=\"email\" autocomplete=\"username\" autocapitalize=\"off\" spellcheck=\"false\"",
            label: words.text("field.email"),
            hint: None,
            value: self.email,
        };
        email.html(problems, words, &mut html);
        let password = TextBox {
            kind: KIND,
            field: Field::Password,
            markup: " type=\"password\" autocomplete=\"current-password\" autocapitalize=\"off\" spellcheck=\"false\"",
            label: words.text("field.password"),
            hint: None,
            value: "",
        };
        password.html(problems, words, &mut html);
        code(KIND, problems, words, &mut html);
        actions("continue", "staff.sign-in.action", words, &mut html);
        html.raw("</form></div>");
        html.finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::messages::catalog;
    use crate::{FieldProblem, Locale};

    fn sign_in(problem: Option<StaffProblem<'_>>, locale: Locale) -> String {
        let page = StaffSignIn {
            action: "/staff/sign-in",
            hidden: &[("probe", "p")],
            email: "desk\"<b>@example.org",
            notice: Some("staff.notice.signed-out"),
            problem,
        };
        page.html(&catalog(locale))
    }

    #[test]
    fn what_was_typed_comes_back_as_text_and_no_secret_does() {
        for locale in Locale::ALL {
            let html = sign_in(None, locale);
            assert!(
                html.contains("value=\"desk&quot;&lt;b&gt;@example.org\""),
                "{html}"
            );
            assert_eq!(
                html.matches(" value=").count(),
                3,
                "email, probe, button: {html}"
            );
            assert!(!html.contains(">staff."), "{html}");
        }
    }

    #[test]
    fn each_problem_leads_to_its_box_and_stands_beside_it() {
        let problems = FieldProblems::from([
            (Field::Email, FieldProblem::InvalidEmail),
            (Field::Code, FieldProblem::WrongCode),
        ]);
        for locale in Locale::ALL {
            let words = catalog(locale);
            let html = sign_in(Some(StaffProblem::Fields(&problems)), locale);
            assert!(html.contains("<a href=\"#fd-email\">"), "{html}");
            assert!(
                html.contains("aria-describedby=\"fd-code-error\""),
                "{html}"
            );
            let told = crate::html::escape(words.text("staff.problem.wrong-code"));
            assert_eq!(html.matches(&told).count(), 2, "{html}");
            let html = sign_in(Some(StaffProblem::Wait(90)), locale);
            let wait = words.fill("wait.minutes", &[("n", "2")]);
            assert!(html.contains(&wait), "{html}");
        }
    }
}
