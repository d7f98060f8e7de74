//! The page of whoever is signed in: whose account it is, for how long, and the way out.
//!
//! It must not know how a session is kept.

use alloc::string::String;

use super::providers::{Press, Providers};
use super::{MORE_TIME, button, notice, open_form, rounded, support, wait};
use crate::Notice;
use crate::html::Html;
use crate::messages::Catalog;
use crate::{FlowKind, paths};

/// What the page of an account shows.
pub struct Account<'a> {
    /// As its owner wrote it.
    pub username: &'a str,
    /// Where notices go, masked.
    pub email: &'a str,
    /// The linked phone, masked.
    pub phone: &'a str,
    /// Seconds since the session began.
    pub since: u32,
    /// Seconds until it ends if nothing is done.
    pub idle: u32,
    /// Seconds until it ends, whatever is done.
    pub left: u32,
    /// What to tell beside it.
    pub notice: Option<Notice>,
    /// The owner's providers.
    pub providers: Providers<'a>,
    /// Where the buttons post to.
    pub action: &'a str,
    /// What comes back with a press, so that no other site can press.
    pub hidden: &'a [(&'a str, &'a str)],
}

impl Account<'_> {
    /// The page's main part.
    pub fn html(&self, words: &Catalog<'_>) -> String {
        let mut html = Html::default();
        html.raw("<div class=\"fd-flow\">");
        notice(self.notice, words, &mut html);
        self.providers.notice(words, &mut html);
        html.raw("<h1 class=\"fd-title\" id=\"fd-title\" tabindex=\"-1\">")
            .text(words.text("account.title"))
            .raw("</h1>");
        // Whoever comes to sign in may be somebody else than who is signed in.
        if self.notice != Some(Notice::SignedIn) {
            html.raw("<p class=\"fd-lead\">")
                .text(words.text("account.signed-in"))
                .raw("</p>");
        }
        // Near the top: on a computer that others use, it is what matters most.
        self.buttons(
            &[("fd-button", "sign-out", "account.sign-out")],
            words,
            &mut html,
        );
        html.raw("<dl class=\"fd-account\">");
        for (key, value, change) in [
            ("field.username", self.username, None),
            ("field.email", self.email, Some(FlowKind::EmailChange)),
            ("field.phone", self.phone, Some(FlowKind::PhoneChange)),
        ] {
            html.raw("<dt>")
                .text(words.text(key))
                .raw("</dt><dd>")
                .text(value);
            match change {
                Some(kind) => html
                    .raw(" <a class=\"fd-change\"")
                    .attr("href", &paths::plain(kind, words.locale()))
                    .raw(">")
                    .text(words.text(&["flow.", kind.as_str()].concat()))
                    .raw("</a>"),
                None if key == "field.username" => html
                    .raw(" <span class=\"fd-change\">")
                    .text(words.text("account.username"))
                    .raw("</span>"),
                None => &mut html,
            };
            html.raw("</dd>");
        }
        html.raw("</dl>");
        let press = Press {
            action: self.action,
            hidden: self.hidden,
        };
        self.providers.html(&press, words, &mut html);
        html.raw("<h2>")
            .text(words.text("account.session.title"))
            .raw("</h2>");
        let since = wait(self.since, words);
        let [idle, left] = [self.idle, self.left].map(|it| wait(rounded(it), words));
        for text in [
            words.fill("account.since", &[("wait", &since)]),
            words.fill("account.until", &[("idle", &idle), ("left", &left)]),
        ] {
            html.raw("<p class=\"fd-lead\">").text(&text).raw("</p>");
        }
        let quiet = "fd-button fd-button--quiet";
        let more = [
            (quiet, MORE_TIME, "account.stay"),
            (quiet, "sign-out-everywhere", "account.sign-out-everywhere"),
        ];
        self.buttons(&more, words, &mut html);
        html.raw("<p class=\"fd-lead\">")
            .text(words.text("account.everywhere"))
            .raw("</p>");
        let close = FlowKind::Deactivation;
        html.raw("<p class=\"fd-apart\">")
            .text(words.text("account.deactivation"))
            .raw(" <a")
            .attr("href", &paths::plain(close, words.locale()))
            .raw(">")
            .text(words.text(&["flow.", close.as_str()].concat()))
            .raw("</a></p>");
        support(words, &mut html);
        html.raw("</div>");
        html.finish()
    }

    /// A form of buttons alone: class, what a press asks for, and the key of the words.
    fn buttons(
        &self,
        buttons: &[(&'static str, &str, &str)],
        words: &Catalog<'_>,
        html: &mut Html,
    ) {
        open_form(self.action, self.hidden, html);
        html.raw("<div class=\"fd-actions\">");
        for (class, action, key) in buttons {
            button(html, class, action, words.text(key));
        }
        html.raw("</div></form>");
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Locale;
    use crate::html::escape;
    use crate::messages::catalog;

    fn account(notice: Option<Notice>, locale: Locale) -> String {
        Account {
            username: "ana<b>",
            email: "a***@example.org",
            phone: "*** 42",
            since: 120,
            idle: 900,
            left: 43_200,
            notice,
            providers: Providers {
                all: &[],
                told: None,
            },
            action: "/account",
            hidden: &[("form", "f")],
        }
        .html(&catalog(locale))
    }

    #[test]
    fn it_says_whose_account_it_is_and_how_to_leave() {
        for locale in Locale::ALL {
            let words = catalog(locale);
            let html = account(Some(Notice::MoreTime), locale);
            assert!(html.contains("<dd>ana&lt;b&gt; <span"), "{html}");
            for button in ["more-time", "sign-out", "sign-out-everywhere"] {
                assert!(
                    html.contains(&format!("name=\"action-{button}\"")),
                    "{html}"
                );
            }
            let signed_in = html.find(words.text("account.signed-in"));
            let sign_out = html.find("name=\"action-sign-out\"");
            let account = html.find("<dl");
            assert!(signed_in < sign_out && sign_out < account, "{html}");
            assert_eq!(html.matches("value=\"f\"").count(), 2, "in each form");
            let told = words.text("notice.more-time");
            assert!(html.contains(told), "{html}");
            assert!(html.contains(words.text("account.username")), "{html}");
            for kind in FlowKind::ALL.into_iter().filter(|it| it.needs_session()) {
                let change = paths::plain(kind, locale);
                assert!(html.contains(&format!("href=\"{change}\"")), "{html}");
            }
            assert!(!html.contains(">account.") && !html.contains('{'), "{html}");
            let ends = words.fill("wait.hours", &[("n", "12")]);
            assert!(html.contains(&ends), "{html}");
        }
    }

    /// On a computer that others use: who is not that person signs out before anything else.
    #[test]
    fn whoever_comes_to_an_open_account_is_told_to_sign_out_if_it_is_not_theirs() {
        for locale in Locale::ALL {
            let words = catalog(locale);
            let html = account(Some(Notice::SignedIn), locale);
            let told = escape(words.text("notice.signed-in"));
            assert!(told.contains(words.text("account.sign-out")), "{told}");
            assert!(!html.contains(words.text("account.signed-in")), "{html}");
            let (_, after) = html.split_once(&*told).expect("the notice");
            let near = after.split("name=\"action-sign-out\"").next().unwrap();
            assert!(!near.contains("<p") && !near.contains("<dl"), "{near}");
        }
    }

    #[test]
    fn no_minute_more_is_told_than_is_left() {
        let words = catalog(Locale::En);
        for (left, told) in [
            (59, "59 seconds"),
            (119, "2 minutes"),
            (840, "14 minutes"),
            (841, "15 minutes"),
            (899, "15 minutes"),
            (900, "15 minutes"),
            (3_601, "60 minutes"),
            (7_140, "60 minutes"),
            (7_199, "2 hours"),
            (43_140, "11 hours"),
            (43_199, "12 hours"),
        ] {
            assert_eq!(wait(rounded(left), &words), told, "{left}");
        }
    }
}
