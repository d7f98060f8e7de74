//! A patient's connections with providers, as a part of the patient's page at the desk.
//!
//! It must not know whether documents were seen, nor what follows from a state.

use super::super::{button, hidden, open_form};
use super::parts::{actions, heading};
use crate::html::Html;
use crate::messages::Catalog;

/// A connection of a patient.
pub struct StaffConnection<'a> {
    /// The provider's name.
    pub name: &'a str,
    /// The name of the state that it is in.
    pub state: &'a str,
    /// It, as the form brings it back, where it can be taken back.
    pub open: Option<&'a str>,
}

/// What the desk sees of a patient's connections, and can do about them.
pub struct StaffConnections<'a> {
    /// All of them, those that are open first.
    pub all: &'a [StaffConnection<'a>],
    /// The providers who can invite the patient: what the form brings back, and the name.
    pub choices: &'a [(&'a str, &'a str)],
}

impl StaffConnections<'_> {
    pub(super) fn html(&self, action: &str, token: &str, words: &Catalog<'_>, html: &mut Html) {
        heading("staff.connections.title", words, html);
        if self.all.is_empty() {
            html.raw("<p>")
                .text(words.text("staff.connections.none"))
                .raw("</p>");
        }
        for connection in self.all {
            let state = ["staff.connection.", connection.state].concat();
            let state = words.fill(&state, &[("name", connection.name)]);
            html.raw("<p>").text(&state).raw("</p>");
            if let Some(open) = connection.open {
                open_form(action, &[("token", token)], html);
                hidden(html, "connection", open);
                let text = words.fill("staff.withdraw.action", &[("name", connection.name)]);
                html.raw("<div class=\"fd-actions\">");
                button(html, "fd-button fd-button--quiet", "withdraw", &text);
                html.raw("</div></form>");
            }
        }
        if !self.choices.is_empty() {
            self.invite(action, token, words, html);
        }
    }

    fn invite(&self, action: &str, token: &str, words: &Catalog<'_>, html: &mut Html) {
        open_form(action, &[("token", token)], html);
        html.raw("<div class=\"fd-field\"><label for=\"fd-provider\">")
            .text(words.text("staff.connect.provider"))
            .raw("</label><p class=\"fd-hint\" id=\"fd-provider-hint\">")
            .text(words.text("staff.connect.hint"))
            .raw("</p><select class=\"fd-input fd-input--choice\" id=\"fd-provider\" name=\"provider\" aria-describedby=\"fd-provider-hint\"><option value=\"\">")
            .text(words.text("staff.connect.choose"))
            .raw("</option>");
        for (id, name) in self.choices {
            html.raw("<option")
                .attr("value", id)
                .raw(">")
                .text(name)
                .raw("</option>");
        }
        html.raw("</select></div>");
        actions("connect", "staff.connect.action", words, html);
        html.raw("</form>");
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Locale;
    use crate::messages::catalog;

    fn shown(locale: Locale) -> String {
        let connections = StaffConnections {
            all: &[
                StaffConnection {
                    name: "Dr. <Quill>",
                    state: "invited",
                    open: Some("00ff"),
                },
                StaffConnection {
                    name: "Dr. Reed",
                    state: "declined",
                    open: None,
                },
            ],
            choices: &[("11ee", "Dr. Marsh")],
        };
        let mut html = Html::default();
        connections.html("/here", "t", &catalog(locale), &mut html);
        html.finish()
    }

    #[test]
    fn only_what_is_open_can_be_taken_back_and_nobody_invites_by_an_oversight() {
        for locale in Locale::ALL {
            let html = shown(locale);
            assert_eq!(html.matches("name=\"action-withdraw\"").count(), 1);
            assert!(html.contains("value=\"00ff\""), "{html}");
            assert!(html.contains("<option value=\"11ee\">Dr. Marsh</option>"));
            assert!(!html.contains("<Quill>") && !html.contains('{'), "{html}");
            assert!(!html.contains(">staff."), "{html}");
            assert!(html.contains("Dr. Reed"), "{html}");
            let select = "<select class=\"fd-input fd-input--choice\"";
            assert!(html.contains(select), "it shows that it opens: {html}");
            let first = html.find("<option").and_then(|at| html.get(at..));
            let first = first.expect("choices");
            assert!(first.starts_with("<option value=\"\">"), "{first}");
        }
    }
}
