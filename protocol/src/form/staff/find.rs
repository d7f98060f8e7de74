//! Asking for a patient at the desk.
//!
//! It must not know who has which number.

use super::super::open_form;
use super::parts::{actions, heading};
use super::search::{self, Asked};
use crate::Answers;
use crate::html::Html;
use crate::messages::Catalog;

/// Asking for a patient, by their record number or by name and birth date.
pub struct StaffFind<'a> {
    /// Where the form with the number posts to.
    pub action: &'a str,
    /// Where the one with name and birth date does.
    pub search: &'a str,
    /// What comes back with either.
    pub hidden: &'a [(&'a str, &'a str)],
    /// The number that was typed.
    pub number: &'a str,
    /// The key of what is wrong with it.
    pub problem: Option<&'a str>,
}

const NUMBER: &str = "fd-number";

impl<'a> StaffFind<'a> {
    /// The box that needs another look, with the key of what to do.
    pub(super) fn wrong(&self) -> Option<(&'static str, &'a str)> {
        self.problem.map(|key| (NUMBER, key))
    }

    /// The forms, as a part of a page.
    pub(super) fn html(&self, words: &Catalog<'_>, html: &mut Html) {
        heading("staff.find.title", words, html);
        open_form(self.action, self.hidden, html);
        let number = Asked {
            id: NUMBER,
            hint: "staff.find.hint",
            problem: self.problem,
        };
        html.raw("<div")
            .attr(
                "class",
                number.class("fd-field", "fd-field fd-field--error"),
            )
            .raw("><label")
            .attr("for", NUMBER)
            .raw(">")
            .text(words.text("staff.find.number"))
            .raw("</label>");
        number.hint_and_error(words, html);
        html.raw("<input class=\"fd-input\" name=\"number\" type=\"text\" size=\"40\" autocomplete=\"off\" autocapitalize=\"off\" spellcheck=\"false\"")
            .attr("id", NUMBER)
            .attr("value", self.number);
        number.described_by(html);
        if self.problem.is_some() {
            html.raw(" aria-invalid=\"true\"");
        }
        html.raw("></div>");
        actions("find", "staff.find.action", words, html);
        html.raw("</form>");
        heading("staff.search.or", words, html);
        search::form(
            self.search,
            self.hidden,
            &Answers::default(),
            &[],
            words,
            html,
        );
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Locale;
    use crate::messages::catalog;

    #[test]
    fn a_number_that_nobody_has_stays_in_its_box_with_what_to_do() {
        for locale in Locale::ALL {
            let words = catalog(locale);
            let find = StaffFind {
                action: "/staff/find",
                search: "/staff/search",
                hidden: &[("token", "t")],
                number: "ws-\"1",
                problem: Some("staff.problem.no-patient"),
            };
            let mut html = Html::default();
            find.html(&words, &mut html);
            let html = html.finish();
            assert!(html.contains("value=\"ws-&quot;1\""), "{html}");
            let described = "aria-describedby=\"fd-number-hint fd-number-error\"";
            assert!(html.contains(described), "{html}");
            assert_eq!(html.matches("aria-invalid").count(), 1, "{html}");
            let told = crate::html::escape(words.text("staff.problem.no-patient"));
            assert_eq!(html.matches(&told).count(), 1, "{html}");
            assert_eq!(
                find.wrong(),
                Some(("fd-number", "staff.problem.no-patient"))
            );
        }
    }
}
