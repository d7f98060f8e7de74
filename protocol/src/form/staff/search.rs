//! Searching for a patient by name and birth date, and choosing among those who were found.
//!
//! It must not know who is like whom.

use alloc::string::String;
use alloc::vec::Vec;

use super::super::{self as form_parts, button, fields, open_form};
use super::date::birth_date;
use super::parts::{actions, begin, heading, lead};
use super::{KIND, StaffProblem};
use crate::html::Html;
use crate::messages::Catalog;
use crate::values::BirthDate;
use crate::{Answers, Field};

/// A patient who may be meant.
pub struct StaffMatch<'a> {
    /// Their name.
    pub name: &'a str,
    /// Their birth date.
    pub birth_date: BirthDate,
    /// The number by which they are opened; nothing while none is kept.
    pub number: Option<&'a str>,
    /// Whether the record is closed.
    pub is_closed: bool,
}

/// Those who were found.
pub struct StaffFound<'a> {
    /// The patients, those who are most alike first.
    pub patients: &'a [StaffMatch<'a>],
    /// Whether there are others.
    pub has_more: bool,
    /// Whether some could not be searched.
    pub is_incomplete: bool,
    /// Where a press on one posts to.
    pub action: &'a str,
}

/// The page on which staff search.
pub struct StaffSearch<'a> {
    /// Where the form posts to.
    pub action: &'a str,
    /// What comes back with each form.
    pub hidden: &'a [(&'a str, &'a str)],
    /// What was typed.
    pub typed: &'a Answers,
    /// The key of what is wrong with the name.
    pub name_problem: Option<&'a str>,
    /// The key of what is wrong with the birth date.
    pub date_problem: Option<&'a str>,
    /// Who was found, once somebody was sought.
    pub found: Option<StaffFound<'a>>,
    /// Where the desk begins.
    pub home: &'a str,
}

const NAME: &str = "fd-name";
/// The fieldset of the date, and its first box.
const DATE: [&str; 2] = ["fd-birth-date", "fd-birth-date-month"];

impl StaffSearch<'_> {
    /// The page's main part.
    pub fn html(&self, words: &Catalog<'_>) -> String {
        let mut html = Html::default();
        let mut problems = Vec::new();
        problems.extend(self.name_problem.map(|key| (NAME, key)));
        problems.extend(self.date_problem.map(|key| (DATE[1], key)));
        let problem = (!problems.is_empty()).then_some(StaffProblem::Boxes(&problems));
        let title = "staff.search.title";
        begin(KIND, title, None, problem.as_ref(), words, &mut html);
        if let Some(found) = &self.found {
            found.html(self.hidden, words, &mut html);
            heading("staff.search.again", words, &mut html);
        }
        form(
            self.action,
            self.hidden,
            self.typed,
            &problems,
            words,
            &mut html,
        );
        html.raw("<p><a")
            .attr("href", self.home)
            .raw(">")
            .text(words.text("staff.back"))
            .raw("</a></p></div>");
        html.finish()
    }
}

impl StaffFound<'_> {
    fn html(&self, hidden: &[(&str, &str)], words: &Catalog<'_>, html: &mut Html) {
        for (is_told, key) in [
            (self.patients.is_empty(), "staff.found.nobody"),
            (!self.patients.is_empty(), "staff.found.lead"),
            (self.has_more, "staff.found.more"),
            (self.is_incomplete, "staff.found.incomplete"),
        ] {
            if is_told {
                lead(words.text(key), html);
            }
        }
        for patient in self.patients {
            patient.html(self.action, hidden, words, html);
        }
    }
}

impl StaffMatch<'_> {
    fn html(&self, action: &str, hidden: &[(&str, &str)], words: &Catalog<'_>, html: &mut Html) {
        html.raw("<section class=\"fd-found\"><h2>")
            .text(self.name)
            .raw("</h2><dl class=\"fd-account\">");
        let birth_date = birth_date(self.birth_date, words);
        let number = self.number.unwrap_or(words.text("staff.found.no-number"));
        let closed = ("staff.found.state", words.text("staff.found.closed"));
        let state = self.is_closed.then_some(closed);
        let shown = [
            ("field.birth_date", birth_date.as_str()),
            ("staff.find.number", number),
        ];
        for (key, value) in shown.into_iter().chain(state) {
            html.raw("<dt>")
                .text(words.text(key))
                .raw("</dt><dd>")
                .text(value)
                .raw("</dd>");
        }
        html.raw("</dl>");
        if let Some(number) = self.number {
            open_form(action, hidden, html);
            form_parts::hidden(html, "number", number);
            html.raw("<div class=\"fd-actions\">");
            let open = words.fill("staff.found.open", &[("number", number)]);
            button(html, "fd-button", "find", &open);
            html.raw("</div></form>");
        }
        html.raw("</section>");
    }
}

/// The form alone, with what is wrong in which of its boxes.
pub(super) fn form(
    action: &str,
    hidden: &[(&str, &str)],
    typed: &Answers,
    problems: &[(&str, &str)],
    words: &Catalog<'_>,
    html: &mut Html,
) {
    let problem = |id| problems.iter().find(|it| it.0 == id).map(|it| it.1);
    open_form(action, hidden, html);
    let name = Asked {
        id: NAME,
        hint: "staff.search.hint",
        problem: problem(NAME),
    };
    html.raw("<div")
        .attr("class", name.class("fd-field", "fd-field fd-field--error"))
        .raw("><label")
        .attr("for", NAME)
        .raw(">")
        .text(words.text("staff.visit.name"))
        .raw("</label>");
    name.hint_and_error(words, html);
    html.raw("<input class=\"fd-input\" name=\"name\" type=\"text\" size=\"40\" autocomplete=\"off\" spellcheck=\"false\"")
        .attr("id", NAME)
        .attr("value", typed.named("name"));
    name.described_by(html);
    if name.problem.is_some() {
        html.raw(" aria-invalid=\"true\"");
    }
    html.raw("></div>");
    let [id, first] = DATE;
    let date = Asked {
        id,
        hint: "field.birth_date.hint",
        problem: problem(first),
    };
    html.raw("<fieldset").attr(
        "class",
        date.class("fd-field fd-group", "fd-field fd-group fd-field--error"),
    );
    date.described_by(html);
    html.raw("><legend>")
        .text(words.text("field.birth_date"))
        .raw("</legend>");
    date.hint_and_error(words, html);
    let is_wrong = date.problem.is_some();
    fields::date_boxes(Field::BirthDate, typed, "off", is_wrong, words, html);
    html.raw("</fieldset>");
    actions("search", "staff.search.action", words, html);
    html.raw("</form>");
}

/// What is asked for, with the keys of its hint and of what is wrong.
pub(super) struct Asked<'a> {
    pub(super) id: &'static str,
    pub(super) hint: &'static str,
    pub(super) problem: Option<&'a str>,
}

impl Asked<'_> {
    pub(super) const fn class(
        &self,
        plain: &'static str,
        with_error: &'static str,
    ) -> &'static str {
        match self.problem {
            Some(_) => with_error,
            None => plain,
        }
    }

    pub(super) fn hint_and_error(&self, words: &Catalog<'_>, html: &mut Html) {
        html.raw("<p class=\"fd-hint\"")
            .attr("id", &[self.id, "-hint"].concat())
            .raw(">")
            .text(words.text(self.hint))
            .raw("</p>");
        if let Some(problem) = self.problem {
            html.raw("<p class=\"fd-error\"")
                .attr("id", &[self.id, "-error"].concat())
                .raw("><span class=\"fd-hidden\">")
                .text(words.text("error.prefix"))
                .raw(" </span>")
                .text(words.text(problem))
                .raw("</p>");
        }
    }

    pub(super) fn described_by(&self, html: &mut Html) {
        let mut ids = [self.id, "-hint"].concat();
        if self.problem.is_some() {
            ids.push_str(&[" ", self.id, "-error"].concat());
        }
        html.attr("aria-describedby", &ids);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Locale;
    use crate::messages::catalog;

    fn born(text: &str) -> BirthDate {
        BirthDate::parse(text).unwrap()
    }

    fn page(found: Option<StaffFound<'_>>, problems: [Option<&str>; 2], locale: Locale) -> String {
        let typed = Answers::from_form([("name".into(), "Ada \"<b>".into())]);
        let page = StaffSearch {
            action: "/staff/search",
            hidden: &[("token", "t")],
            typed: &typed,
            name_problem: problems[0],
            date_problem: problems[1],
            found,
            home: "/staff",
        };
        page.html(&catalog(locale))
    }

    #[test]
    fn each_problem_of_a_search_leads_to_its_box_and_stands_beside_it() {
        let problems = [Some("staff.search.no-name"), Some("staff.search.no-date")];
        for locale in Locale::ALL {
            let html = page(None, problems, locale);
            for (link, described, key) in [
                ("fd-name", "fd-name-hint fd-name-error", problems[0]),
                (
                    "fd-birth-date-month",
                    "fd-birth-date-hint fd-birth-date-error",
                    problems[1],
                ),
            ] {
                assert!(html.contains(&["<a href=\"#", link, "\">"].concat()));
                assert!(html.contains(&["id=\"", link, "\""].concat()));
                assert!(html.contains(&["aria-describedby=\"", described, "\""].concat()));
                let told = crate::html::escape(catalog(locale).text(key.unwrap_or_default()));
                assert_eq!(html.matches(&told).count(), 2, "{html}");
            }
            assert!(html.contains("value=\"Ada &quot;&lt;b&gt;\""), "{html}");
            assert!(!html.contains("bday"), "it is nobody's own date: {html}");
        }
    }

    #[test]
    fn whoever_is_found_can_be_opened_by_their_number_and_not_without_one() {
        let patients = [
            StaffMatch {
                name: "Ada <Quill>",
                birth_date: born("1950-05-14"),
                number: Some("WS-3001"),
                is_closed: false,
            },
            StaffMatch {
                name: "Ada Quill",
                birth_date: born("1950-05-15"),
                number: None,
                is_closed: true,
            },
        ];
        for locale in Locale::ALL {
            for is_told in [false, true] {
                let found = StaffFound {
                    patients: &patients,
                    has_more: is_told,
                    is_incomplete: is_told,
                    action: "/staff/find",
                };
                let html = page(Some(found), [None, None], locale);
                let words = catalog(locale);
                let number = "name=\"number\" value=\"WS-3001\"";
                assert_eq!(html.matches(number).count(), 1, "{html}");
                assert_eq!(html.matches("name=\"action-find\"").count(), 1, "{html}");
                assert!(html.contains("Ada &lt;Quill&gt;"), "{html}");
                let on_the_14th = birth_date(patients[0].birth_date, &words);
                assert_eq!(html.matches(&on_the_14th).count(), 1, "{html}");
                for (key, times) in [
                    ("staff.found.closed", 1),
                    ("staff.found.no-number", 1),
                    ("staff.found.more", usize::from(is_told)),
                    ("staff.found.incomplete", usize::from(is_told)),
                    ("staff.found.nobody", 0),
                ] {
                    let told = crate::html::escape(words.text(key));
                    assert_eq!(html.matches(&told).count(), times, "{key} {html}");
                }
                assert!(!html.contains(">staff."), "{html}");
            }
        }
    }
}
