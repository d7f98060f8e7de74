//! The desk as it begins, and what somebody sees whose role does not open a page.
//!
//! It must not know what a role may do.

use alloc::borrow::ToOwned;
use alloc::string::String;

use super::super::{open_form, rounded, wait};
use super::parts::{actions, begin, heading, lead};
use super::{KIND, StaffFind, StaffProblem};
use crate::html::Html;
use crate::messages::Catalog;

/// The desk as it begins: who is signed in, and the way out.
pub struct StaffHome<'a> {
    /// Who is signed in.
    pub email: &'a str,
    /// The name of their role.
    pub role: &'a str,
    /// Seconds until they are signed out if nothing is done.
    pub idle: u32,
    /// Seconds until they are, whatever is done.
    pub left: u32,
    /// Finding a patient, for those whose role does.
    pub find: Option<StaffFind<'a>>,
    /// Pages that are for their role: the key of what leads there, and where.
    pub pages: &'a [(&'a str, &'a str)],
    /// Where the way out posts to.
    pub sign_out: &'a str,
    /// What comes back with a press, so that no other site can press.
    pub hidden: &'a [(&'a str, &'a str)],
}

impl StaffHome<'_> {
    /// The page's main part.
    pub fn html(&self, words: &Catalog<'_>) -> String {
        let mut html = Html::default();
        let problem = self.find.as_ref().and_then(StaffFind::wrong);
        let problem = problem.as_ref().map(core::slice::from_ref);
        let problem = problem.map(StaffProblem::Boxes);
        begin(
            KIND,
            "staff.title",
            None,
            problem.as_ref(),
            words,
            &mut html,
        );
        if let Some(find) = &self.find {
            find.html(words, &mut html);
        }
        for (key, page) in self.pages {
            html.raw("<p><a class=\"fd-button fd-button--quiet\"")
                .attr("href", page)
                .raw(">")
                .text(words.text(key))
                .raw("</a></p>");
        }
        if self.find.is_some() || !self.pages.is_empty() {
            heading("staff.you.title", words, &mut html);
        }
        let role = words.text(&["staff.role.", self.role].concat()).to_owned();
        html.raw("<dl class=\"fd-account\">");
        for (key, value) in [("staff.email", self.email), ("staff.role", &role)] {
            html.raw("<dt>")
                .text(words.text(key))
                .raw("</dt><dd>")
                .text(value)
                .raw("</dd>");
        }
        html.raw("</dl>");
        let [idle, left] = [self.idle, self.left].map(|it| wait(rounded(it), words));
        let until = words.fill("staff.until", &[("idle", &idle), ("left", &left)]);
        lead(&until, &mut html);
        open_form(self.sign_out, self.hidden, &mut html);
        actions("sign-out", "staff.sign-out", words, &mut html);
        html.raw("</form></div>");
        html.finish()
    }
}

/// A page that does not open, and why.
pub struct StaffRefused<'a> {
    /// The key of the reason: its title and its lead stand under it.
    pub reason: &'a str,
    /// Seconds after which it may, where it does later.
    pub wait: Option<u32>,
    /// Where the desk begins.
    pub home: &'a str,
}

impl StaffRefused<'_> {
    /// The page's main part.
    pub fn html(&self, words: &Catalog<'_>) -> String {
        let mut html = Html::default();
        let [title, why] = ["title", "lead"].map(|part| [self.reason, ".", part].concat());
        begin(KIND, &title, None, None, words, &mut html);
        match self.wait {
            None => lead(words.text(&why), &mut html),
            Some(seconds) => {
                let wait = wait(seconds, words);
                lead(&words.fill(&why, &[("wait", &wait)]), &mut html);
            }
        }
        html.raw("<p><a class=\"fd-button\"")
            .attr("href", self.home)
            .raw(">")
            .text(words.text("staff.back"))
            .raw("</a></p></div>");
        html.finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Locale;
    use crate::messages::catalog;

    #[test]
    fn the_desk_says_who_is_signed_in() {
        for locale in Locale::ALL {
            let words = catalog(locale);
            for role in ["front-desk", "manager", "auditor"] {
                let html = StaffHome {
                    email: "desk@example.org",
                    role,
                    idle: 900,
                    left: 43_200,
                    find: None,
                    pages: &[("staff.trail.open", "/staff/trail")],
                    sign_out: "/staff/sign-out",
                    hidden: &[("token", "t")],
                }
                .html(&words);
                let role = words.optional(&["staff.role.", role].concat());
                assert!(html.contains(role.expect("a name")), "{html}");
                assert!(html.contains("name=\"action-sign-out\""), "{html}");
                assert!(html.contains("href=\"/staff/trail\""), "{html}");
                assert!(!html.contains(">staff.") && !html.contains('{'), "{html}");
            }
        }
    }
}
