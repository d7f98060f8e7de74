//! A patient at the desk: who they are, how far they have come, and what can be done.
//!
//! It must not know what follows from what: which acts are possible it is told.

use alloc::borrow::ToOwned;
use alloc::string::String;

use jiff::civil::Date;

use super::super::{button, open_form};
use super::date::{birth_date, date};
use super::parts::{Group, actions, begin, heading, lead};
use super::{KIND, StaffConnections, StaffProblem, StaffProxy};
use crate::html::Html;
use crate::messages::Catalog;
use crate::values::BirthDate;

/// A patient at the desk.
pub struct StaffVisit<'a> {
    /// Their name.
    pub name: &'a str,
    /// Their birth date.
    pub birth_date: BirthDate,
    /// Their medical record number; nothing while none is kept.
    pub number: Option<&'a str>,
    /// The last digits of their phones on file.
    pub phones: &'a [String],
    /// Whether an email is on file.
    pub has_email: bool,
    /// The name of the state that they are in.
    pub state: &'a str,
    /// The day on which they closed an account last.
    pub closed_on: Option<Date>,
    /// The names of what became of their messages, newest first, after what they are.
    pub messages: &'a [(&'a str, &'a str)],
    /// The names of all kinds of document.
    pub kinds: &'a [&'a str],
    /// The names of those that are ticked.
    pub ticked: &'a [&'a str],
    /// The names of those that were seen, once they were.
    pub seen: Option<&'a [&'a str]>,
    /// Whether they can be invited, once documents were seen.
    pub can_be_invited: bool,
    /// The open invitation, as the form brings it back; empty without one.
    pub open: &'a str,
    /// Whether wrong codes about their account have come to the stop.
    pub is_stopped: bool,
    /// Their connections with providers; nothing without an account, and before documents were
    /// seen.
    pub connections: Option<StaffConnections<'a>>,
    /// Who acts for them.
    pub proxy: StaffProxy<'a>,
    /// The key of what is told beside it.
    pub notice: Option<&'a str>,
    /// What went wrong.
    pub problem: Option<VisitProblem<'a>>,
    /// Where the forms post to.
    pub action: &'a str,
    /// Where the desk begins.
    pub home: &'a str,
    /// What comes back with a press, so that no other site can press.
    pub token: &'a str,
}

/// What went wrong at the desk: the key of what to do, and in which group of choices.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum VisitProblem<'a> {
    /// The documents that were seen.
    Documents(&'a str),
    /// What somebody is to the patient.
    Relationship(&'a str),
    /// The papers that show it.
    Authority(&'a str),
    /// In none of them.
    Text(&'a str),
}

impl<'a> VisitProblem<'a> {
    const fn key(self) -> &'a str {
        match self {
            Self::Documents(key)
            | Self::Relationship(key)
            | Self::Authority(key)
            | Self::Text(key) => key,
        }
    }
}

impl StaffVisit<'_> {
    /// The page's main part.
    pub fn html(&self, words: &Catalog<'_>) -> String {
        let mut html = Html::default();
        let first_box = self.first_box();
        let boxes = (self.problem.zip(first_box.as_deref())).map(|(it, id)| [(id, it.key())]);
        let problem = match &boxes {
            Some(boxes) => Some(StaffProblem::Boxes(boxes)),
            None => self.problem.map(|it| StaffProblem::Text(it.key())),
        };
        begin(
            KIND,
            "staff.visit.title",
            self.notice,
            problem.as_ref(),
            words,
            &mut html,
        );
        self.person(words, &mut html);
        heading("staff.state.title", words, &mut html);
        let state = ["staff.state.", self.state].concat();
        let on = self.closed_on.map(|day| date(day, words));
        let on = on.unwrap_or_default();
        lead(&words.fill(&state, &[("on", &on)]), &mut html);
        if !self.messages.is_empty() {
            html.raw("<ul>");
            for (what, fate) in self.messages {
                let what = ["staff.message.", what].concat();
                let fate = ["staff.fate.", fate].concat();
                html.raw("<li>")
                    .text(words.text(&what))
                    .raw(" ")
                    .text(words.text(&fate))
                    .raw("</li>");
            }
            html.raw("</ul>");
        }
        if self.is_stopped {
            lead(words.text("staff.stopped.lead"), &mut html);
        }
        self.proxy.told(words, &mut html);
        match self.seen {
            None => self.check(words, &mut html),
            Some(seen) => self.acts(seen, words, &mut html),
        }
        if let Some(connections) = &self.connections {
            connections.html(self.action, self.token, words, &mut html);
        }
        html.raw("<p><a")
            .attr("href", self.home)
            .raw(">")
            .text(words.text("staff.back"))
            .raw("</a></p></div>");
        html.finish()
    }

    /// The first box of the group that needs another look; nothing where it is not shown, since a
    /// colleague was faster.
    fn first_box(&self) -> Option<String> {
        match (self.problem?, self.seen) {
            (VisitProblem::Documents(_), None) => {
                let first = self.kinds.first();
                first.map(|kind| ["document-", kind].concat())
            }
            (VisitProblem::Documents(_), Some(_)) | (_, None) => None,
            (problem, Some(_)) => self.proxy.first_box(problem),
        }
    }

    fn person(&self, words: &Catalog<'_>, html: &mut Html) {
        let email = if self.has_email {
            "staff.visit.yes"
        } else {
            "staff.visit.none"
        };
        let phones = match self.phones {
            [] => words.text("staff.visit.none").to_owned(),
            phones => words.fill("staff.visit.ends", &[("ends", &phones.join(", "))]),
        };
        let number = self.number.unwrap_or(words.text("staff.found.no-number"));
        html.raw("<dl class=\"fd-account\">");
        for (key, value) in [
            ("staff.visit.name", self.name),
            ("field.birth_date", &birth_date(self.birth_date, words)),
            ("staff.find.number", number),
            ("field.phone", &phones),
            ("field.email", words.text(email)),
        ] {
            html.raw("<dt>")
                .text(words.text(key))
                .raw("</dt><dd>")
                .text(value)
                .raw("</dd>");
        }
        html.raw("</dl>");
    }

    /// Which kinds of document are seen.
    fn check(&self, words: &Catalog<'_>, html: &mut Html) {
        heading("staff.check.title", words, html);
        let whose = self.proxy.whose();
        let told = ["staff.check.lead", whose].concat();
        lead(words.text(&told), html);
        self.open(html);
        let documents = Group {
            id: "document",
            legend: &["staff.check.legend", whose].concat(),
            problem: match self.problem {
                Some(VisitProblem::Documents(key)) => Some(key),
                _ => None,
            },
        };
        documents.html(words, html, |html| {
            for kind in self.kinds {
                let id = ["document-", kind].concat();
                let key = ["staff.document.", kind].concat();
                html.raw("<div class=\"fd-choice\"><input type=\"checkbox\" value=\"yes\"")
                    .attr("id", &id)
                    .attr("name", &id);
                if self.ticked.contains(kind) {
                    html.raw(" checked");
                }
                html.raw("><label")
                    .attr("for", &id)
                    .raw(">")
                    .text(words.text(&key))
                    .raw("</label></div>");
            }
        });
        actions("check", "staff.check.action", words, html);
        html.raw("</form>");
    }

    /// What can be done once documents were seen.
    fn acts(&self, seen: &[&str], words: &Catalog<'_>, html: &mut Html) {
        heading("staff.check.title", words, html);
        html.raw("<p>").text(words.text("staff.check.seen"));
        html.raw("</p><ul>");
        for kind in seen {
            let key = ["staff.document.", kind].concat();
            html.raw("<li>").text(words.text(&key)).raw("</li>");
        }
        html.raw("</ul>");
        if self.can_be_invited {
            lead(words.text("staff.invite.lead"), html);
            if self.phones.is_empty() {
                lead(words.text("staff.invitation.no-phone"), html);
            }
            self.form("invite", "staff.invite.action", words, html);
        }
        if self.is_stopped {
            self.form("lift", "staff.lift.action", words, html);
        }
        if !self.open.is_empty() {
            self.form("cancel", "staff.cancel.action", words, html);
        }
        let proxy = &self.proxy;
        proxy.acts(self.action, self.hidden(), self.problem, words, html);
    }

    fn hidden(&self) -> [(&str, &str); 2] {
        [("token", self.token), ("seen", self.open)]
    }

    fn open(&self, html: &mut Html) {
        open_form(self.action, &self.hidden(), html);
    }

    fn form(&self, action: &str, key: &str, words: &Catalog<'_>, html: &mut Html) {
        self.open(html);
        html.raw("<div class=\"fd-actions\">");
        let class = match action {
            "cancel" => "fd-button fd-button--quiet",
            _ => "fd-button",
        };
        button(html, class, action, words.text(key));
        html.raw("</div></form>");
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::messages::catalog;
    use crate::{Answers, Locale};

    /// A patient whose documents were not seen yet, once `change` has had its say.
    fn page(locale: Locale, change: impl FnOnce(&mut StaffVisit<'_>)) -> String {
        page_with(&[], locale, change)
    }

    /// The same, with phones on file.
    fn page_with(
        phones: &[String],
        locale: Locale,
        change: impl FnOnce(&mut StaffVisit<'_>),
    ) -> String {
        let typed = Answers::default();
        let mut visit = StaffVisit {
            name: "Ada Quill",
            birth_date: BirthDate::parse("1950-05-14").unwrap(),
            number: Some("WS-<3001>"),
            phones,
            has_email: false,
            state: "not-invited",
            closed_on: None,
            messages: &[],
            kinds: &["passport", "insurance-card"],
            ticked: &[],
            seen: None,
            can_be_invited: true,
            open: "",
            is_stopped: false,
            connections: None,
            proxy: StaffProxy {
                acting: "patient",
                is_proxy_checked: false,
                age: "18",
                is_enrolled: false,
                noted: None,
                relationships: &[],
                authority: &[],
                typed: &typed,
            },
            notice: None,
            problem: None,
            action: "/staff/visits/v",
            home: "/staff",
            token: "t",
        };
        change(&mut visit);
        let html = visit.html(&catalog(locale));
        assert!(!html.contains(">staff.") && !html.contains('{'), "{html}");
        html
    }

    fn told(key: &str, locale: Locale) -> String {
        crate::html::escape(catalog(locale).text(key))
    }

    #[test]
    fn two_of_one_name_and_birth_date_are_told_apart_by_their_number() {
        for locale in Locale::ALL {
            let html = page(locale, |_| {});
            assert!(html.contains("<dd>WS-&lt;3001&gt;</dd>"), "{html}");
            let html = page(locale, |visit| visit.number = None);
            assert!(html.contains(&told("staff.found.no-number", locale)));
        }
    }

    #[test]
    fn it_is_told_when_an_account_was_closed() {
        for (locale, on) in [
            (Locale::En, "November 28, 2026"),
            (Locale::Es, "28 de noviembre de 2026"),
        ] {
            let html = page(locale, |visit| {
                visit.state = "account-closed";
                visit.closed_on = Some(jiff::civil::date(2026, 11, 28));
            });
            assert_eq!(html.matches(on).count(), 1, "{html}");
        }
    }

    #[test]
    fn what_was_ticked_stays_ticked() {
        for locale in Locale::ALL {
            let html = page(locale, |visit| {
                visit.ticked = &["insurance-card"];
                visit.problem = Some(VisitProblem::Documents("staff.problem.no-photo"));
            });
            assert_eq!(html.matches(" checked").count(), 1, "{html}");
            let ticked = "name=\"document-insurance-card\" checked>";
            assert!(html.contains(ticked), "{html}");
        }
    }

    #[test]
    fn that_there_is_no_phone_is_told_before_somebody_is_invited() {
        for locale in Locale::ALL {
            let no_phone = told("staff.invitation.no-phone", locale);
            let html = page(locale, |visit| visit.seen = Some(&["passport"]));
            let (before, _) = html.split_once("name=\"action-invite\"").expect("a button");
            assert!(before.contains(&no_phone), "{html}");
            let phones = ["31".to_owned()];
            let html = page_with(&phones, locale, |visit| visit.seen = Some(&["passport"]));
            assert!(!html.contains(&no_phone), "{html}");
        }
    }
}
