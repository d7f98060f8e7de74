//! Who acts for a patient, as parts of their page at the desk.
//!
//! It must not know who has the say, nor what shows that somebody has: it is told.

use alloc::string::String;

use jiff::civil::Date;

use super::super::{button, open_form};
use super::VisitProblem;
use super::date::date;
use super::parts::{Group, actions, heading, lead};
use crate::Answers;
use crate::html::Html;
use crate::messages::Catalog;

/// Who acts for a patient.
pub struct StaffProxy<'a> {
    /// The name of who has the say today.
    pub acting: &'a str,
    /// Whether the documents of whoever acts count, and not the patient's.
    pub is_proxy_checked: bool,
    /// From which age on patients act for themselves.
    pub age: &'a str,
    /// Whether there is an account, whose password whoever acts may know.
    pub is_enrolled: bool,
    /// What is noted.
    pub noted: Option<StaffProxyNoted<'a>>,
    /// What somebody can be to the patient, by name; nothing where nobody can be noted.
    pub relationships: &'a [&'a str],
    /// The names of the kinds of document that show it.
    pub authority: &'a [&'a str],
    /// What was chosen.
    pub typed: &'a Answers,
}

/// What is noted of who acts for a patient.
pub struct StaffProxyNoted<'a> {
    /// Its id, as the form brings it back.
    pub id: &'a str,
    /// The name of what they are to the patient.
    pub relationship: &'a str,
    /// The names of the kinds of document that showed it.
    pub authority: &'a [&'a str],
    /// The day on which it was noted.
    pub on: Date,
}

impl StaffProxy<'_> {
    /// The end of a text's key that says whose documents count.
    pub(super) const fn whose(&self) -> &'static str {
        if self.is_proxy_checked { ".proxy" } else { "" }
    }

    /// The first box of the group that needs another look; nothing where it is not shown.
    pub(super) fn first_box(&self, problem: VisitProblem<'_>) -> Option<String> {
        if self.noted.is_some() {
            return None;
        }
        match problem {
            VisitProblem::Relationship(_) => {
                let first = self.relationships.first();
                first.map(|name| ["relationship-", name].concat())
            }
            VisitProblem::Authority(_) => {
                let first = self.authority.first();
                first.map(|name| ["authority-", name].concat())
            }
            VisitProblem::Documents(_) | VisitProblem::Text(_) => None,
        }
    }

    /// How things stand.
    pub(super) fn told(&self, words: &Catalog<'_>, html: &mut Html) {
        heading("staff.proxy.title", words, html);
        let acting = ["staff.proxy.is.", self.acting].concat();
        lead(&words.fill(&acting, &[("age", self.age)]), html);
        let Some(noted) = &self.noted else {
            return;
        };
        let relationship = ["staff.proxy.", noted.relationship].concat();
        let who = words.text(&relationship);
        let on = date(noted.on, words);
        let told = words.fill("staff.proxy.noted", &[("who", who), ("on", &on)]);
        html.raw("<p>").text(&told).raw("</p><ul>");
        for kind in noted.authority {
            let key = ["staff.authority.", kind].concat();
            html.raw("<li>").text(words.text(&key)).raw("</li>");
        }
        html.raw("</ul>");
        if self.is_enrolled {
            lead(words.text("staff.proxy.account"), html);
        }
    }

    /// What can be done about it, once documents were seen.
    pub(super) fn acts(
        &self,
        action: &str,
        hidden: [(&str, &str); 2],
        problem: Option<VisitProblem<'_>>,
        words: &Catalog<'_>,
        html: &mut Html,
    ) {
        if let Some(noted) = &self.noted {
            let [token, seen] = hidden;
            open_form(action, &[token, seen, ("proxy", noted.id)], html);
            html.raw("<div class=\"fd-actions\">");
            let quiet = "fd-button fd-button--quiet";
            button(html, quiet, "end-proxy", words.text("staff.proxy.end"));
            html.raw("</div></form>");
        } else if !self.relationships.is_empty() {
            heading("staff.proxy.note.title", words, html);
            html.raw("<p>")
                .text(words.text("staff.proxy.note.lead"))
                .raw("</p>");
            open_form(action, &hidden, html);
            let relationship = Group {
                id: "relationship",
                legend: "staff.proxy.legend",
                problem: match problem {
                    Some(VisitProblem::Relationship(key)) => Some(key),
                    _ => None,
                },
            };
            relationship.html(words, html, |html| {
                for name in self.relationships {
                    let is_chosen = self.typed.named("relationship") == *name;
                    choice(&Choice::Relationship(name), is_chosen, words, html);
                }
            });
            let authority = Group {
                id: "authority",
                legend: "staff.authority.legend",
                problem: match problem {
                    Some(VisitProblem::Authority(key)) => Some(key),
                    _ => None,
                },
            };
            authority.html(words, html, |html| {
                for name in self.authority {
                    let box_name = ["authority-", name].concat();
                    let is_chosen = !self.typed.named(&box_name).is_empty();
                    choice(&Choice::Authority(name), is_chosen, words, html);
                }
            });
            actions("note-proxy", "staff.proxy.note", words, html);
            html.raw("</form>");
        }
    }
}

/// One of several, or any of several.
enum Choice<'a> {
    Relationship(&'a str),
    Authority(&'a str),
}

fn choice(choice: &Choice<'_>, is_chosen: bool, words: &Catalog<'_>, html: &mut Html) {
    let (id, key) = match choice {
        Choice::Relationship(name) => (
            ["relationship-", name].concat(),
            ["staff.proxy.", name].concat(),
        ),
        Choice::Authority(name) => (
            ["authority-", name].concat(),
            ["staff.authority.", name].concat(),
        ),
    };
    html.raw("<div class=\"fd-choice\"><input").attr("id", &id);
    match choice {
        Choice::Relationship(name) => html
            .raw(" type=\"radio\" name=\"relationship\"")
            .attr("value", name),
        Choice::Authority(_) => html
            .raw(" type=\"checkbox\" value=\"yes\"")
            .attr("name", &id),
    };
    if is_chosen {
        html.raw(" checked");
    }
    html.raw("><label")
        .attr("for", &id)
        .raw(">")
        .text(words.text(&key))
        .raw("</label></div>");
}
