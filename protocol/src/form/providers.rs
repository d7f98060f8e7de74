//! A patient's providers, as a part of the page of an account: invitations to answer, and who is
//! connected, with what each of them uses.
//!
//! It must not know whose account it is.

use alloc::string::String;

use super::{button, open_form};
use crate::html::Html;
use crate::messages::Catalog;
use crate::{Feature, paths};

/// The anchor of this part of the page.
pub const PROVIDERS: &str = "providers";

/// The anchor of the question whether a connection shall end.
const ENDING: &str = "providers-ending";

/// One of a patient's providers.
pub struct Provider<'a> {
    /// The connection, as a form brings it back.
    pub connection: &'a str,
    /// The provider's name.
    pub name: &'a str,
    /// Whether the patient has accepted; else they are invited.
    pub is_connected: bool,
    /// What the provider uses.
    pub features: &'a [Feature],
    /// Whether the patient is asked if the connection shall end.
    pub is_ending: bool,
}

/// What was just done about one of them, to be told once.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Told {
    /// An invitation was accepted.
    Accepted,
    /// One was declined.
    Declined,
    /// A connection has ended.
    Disconnected,
    /// Nothing was done: things have changed meanwhile.
    Overtaken,
}

impl Told {
    /// All of them.
    pub const ALL: [Self; 4] = [
        Self::Accepted,
        Self::Declined,
        Self::Disconnected,
        Self::Overtaken,
    ];

    /// The name in addresses, and in keys of texts.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Accepted => "accepted",
            Self::Declined => "declined",
            Self::Disconnected => "disconnected",
            Self::Overtaken => "overtaken",
        }
    }

    /// What has that name, if anything.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|told| told.as_str() == name)
    }
}

/// All of them.
pub struct Providers<'a> {
    /// In the order in which they are shown.
    pub all: &'a [Provider<'a>],
    /// What to tell beside them.
    pub told: Option<Told>,
}

/// What a form of the page needs.
pub(super) struct Press<'a> {
    /// Where it posts to.
    pub(super) action: &'a str,
    /// What comes back with it.
    pub(super) hidden: &'a [(&'a str, &'a str)],
}

impl Providers<'_> {
    /// What was just done, at the top of the page.
    pub(super) fn notice(&self, words: &Catalog<'_>, html: &mut Html) {
        if let Some(told) = self.told {
            let key = ["account.providers.told.", told.as_str()].concat();
            html.raw("<div class=\"fd-notice\" role=\"status\"><p>")
                .text(words.text(&key))
                .raw("</p></div>");
        }
    }

    pub(super) fn html(&self, press: &Press<'_>, words: &Catalog<'_>, html: &mut Html) {
        html.raw("<h2").attr("id", PROVIDERS).raw(">");
        html.text(words.text("account.providers.title"))
            .raw("</h2>");
        let is_connected = |it: &&Provider<'_>| it.is_connected;
        for invited in self.all.iter().filter(|it| !it.is_connected) {
            invited.invitation(press, words, html);
        }
        for connected in self.all.iter().filter(is_connected) {
            connected.connection(press, words, html);
        }
        if self.all.is_empty() {
            paragraph("account.providers.none", words, html);
        }
        if self.all.iter().any(|it| it.is_connected) {
            paragraph("account.providers.missing", words, html);
            link(
                paths::PROVIDER_MISSING,
                "account.providers.missing.more",
                words,
                html,
            );
        }
        paragraph("account.providers.more", words, html);
        link(
            paths::ADD_A_PROVIDER,
            "account.providers.more.link",
            words,
            html,
        );
    }
}

impl Provider<'_> {
    fn invitation(&self, press: &Press<'_>, words: &Catalog<'_>, html: &mut Html) {
        self.begin(words, html);
        paragraph("account.providers.invited", words, html);
        self.open(press, html);
        for (class, action, key) in [
            ("fd-button", "accept", "account.providers.accept"),
            (
                "fd-button fd-button--quiet",
                "decline",
                "account.providers.decline",
            ),
        ] {
            self.press(class, action, key, words, html);
        }
        html.raw("</div></form></div>");
    }

    fn connection(&self, press: &Press<'_>, words: &Catalog<'_>, html: &mut Html) {
        self.begin(words, html);
        html.raw("<table><caption>");
        html.text(&words.fill("account.providers.uses", &[("name", self.name)]));
        html.raw("</caption><thead><tr><th scope=\"col\">")
            .text(words.text("account.providers.feature"))
            .raw("</th><th scope=\"col\">")
            .text(words.text("account.providers.used"))
            .raw("</th></tr></thead><tbody>");
        for feature in Feature::ALL {
            let name = ["account.feature.", feature.as_str()].concat();
            let used = if self.features.contains(&feature) {
                "account.providers.yes"
            } else {
                "account.providers.no"
            };
            html.raw("<tr><th scope=\"row\">")
                .text(words.text(&name))
                .raw("</th><td>")
                .text(words.text(used))
                .raw("</td></tr>");
        }
        html.raw("</tbody></table>");
        if self.is_ending {
            self.ending(press, words, html);
        } else {
            let question = ["?disconnect=", self.connection, "#", ENDING].concat();
            html.raw("<p><a")
                .attr("href", &[press.action, &question].concat())
                .raw(">")
                .text(&words.fill("account.providers.disconnect", &[("name", self.name)]))
                .raw("</a></p>");
        }
        html.raw("</div>");
    }

    /// Whether it shall end, asked before it does: the patient cannot undo it alone.
    fn ending(&self, press: &Press<'_>, words: &Catalog<'_>, html: &mut Html) {
        html.raw("<p class=\"fd-lead\" tabindex=\"-1\"")
            .attr("id", ENDING)
            .raw("><strong>")
            .text(&words.fill("account.providers.ending", &[("name", self.name)]))
            .raw("</strong></p>");
        self.open(press, html);
        let action = "disconnect";
        self.press(
            "fd-button",
            action,
            "account.providers.ending.yes",
            words,
            html,
        );
        html.raw("<p><a")
            .attr("href", &[press.action, "#", &self.anchor()].concat())
            .raw(">")
            .text(words.text("account.providers.ending.no"))
            .raw("</a></p></div></form>");
    }

    /// Where a link leads that leaves things as they are.
    fn anchor(&self) -> String {
        [PROVIDERS, "-", self.connection].concat()
    }

    fn begin(&self, words: &Catalog<'_>, html: &mut Html) {
        let key = if self.is_connected {
            "account.providers.with"
        } else {
            "account.providers.from"
        };
        html.raw("<div class=\"fd-found\"><h3 tabindex=\"-1\"")
            .attr("id", &self.anchor())
            .raw(">")
            .text(&words.fill(key, &[("name", self.name)]))
            .raw("</h3>");
    }

    fn open(&self, press: &Press<'_>, html: &mut Html) {
        open_form(press.action, press.hidden, html);
        super::hidden(html, "connection", self.connection);
        html.raw("<div class=\"fd-actions\">");
    }

    fn press(
        &self,
        class: &'static str,
        action: &str,
        key: &str,
        words: &Catalog<'_>,
        html: &mut Html,
    ) {
        let text: String = words.fill(key, &[("name", self.name)]);
        button(html, class, action, &text);
    }
}

fn paragraph(key: &str, words: &Catalog<'_>, html: &mut Html) {
    html.raw("<p>").text(words.text(key)).raw("</p>");
}

/// A way to a page of the help center.
fn link(page: &str, key: &str, words: &Catalog<'_>, html: &mut Html) {
    html.raw("<p><a")
        .attr("href", &paths::in_language(words.locale(), page))
        .raw(">")
        .text(words.text(key))
        .raw("</a></p>");
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Locale;
    use crate::messages::catalog;

    fn provider(is_connected: bool, is_ending: bool) -> Provider<'static> {
        Provider {
            connection: "00ff",
            name: "Dr. Ada <b>Quill",
            is_connected,
            features: &[Feature::Messages],
            is_ending,
        }
    }

    fn shown(locale: Locale, all: &[Provider<'_>]) -> String {
        let mut html = Html::default();
        let press = Press {
            action: "/account",
            hidden: &[("token", "t")],
        };
        let told = Some(Told::Accepted);
        let providers = Providers { all, told };
        let words = catalog(locale);
        providers.notice(&words, &mut html);
        providers.html(&press, &words, &mut html);
        let html = html.finish();
        assert!(!html.contains(">account.") && !html.contains('{'), "{html}");
        assert!(!html.contains("<b>"), "a name is text: {html}");
        html
    }

    #[test]
    fn an_invitation_is_answered_by_a_form_of_its_own() {
        for locale in Locale::ALL {
            let html = shown(locale, &[provider(false, false), provider(false, false)]);
            for part in [
                "<form ",
                "name=\"action-accept\"",
                "name=\"action-decline\"",
                "name=\"connection\" value=\"00ff\"",
                "name=\"token\" value=\"t\"",
            ] {
                assert_eq!(html.matches(part).count(), 2, "{part}: {html}");
            }
            assert!(!html.contains("<table"), "{html}");
        }
    }

    #[test]
    fn each_feature_is_said_to_be_used_or_not() {
        for locale in Locale::ALL {
            let words = catalog(locale);
            let html = shown(locale, &[provider(true, false)]);
            let rows = |key| {
                html.matches(&*[">", words.text(key), "</td>"].concat())
                    .count()
            };
            assert_eq!(rows("account.providers.yes"), 1);
            assert_eq!(rows("account.providers.no"), Feature::ALL.len() - 1);
            for feature in Feature::ALL {
                let key = ["account.feature.", feature.as_str()].concat();
                assert!(words.optional(&key).is_some(), "{key}");
                assert!(html.contains(words.text(&key)), "{html}");
            }
            let missing = paths::in_language(locale, paths::PROVIDER_MISSING);
            assert!(html.contains(&missing), "{html}");
            assert!(html.contains("href=\"/account?disconnect=00ff#providers-ending\""));
            assert!(
                !html.contains("action-disconnect"),
                "not without a question"
            );
        }
    }

    #[test]
    fn before_a_connection_ends_it_is_asked() {
        for locale in Locale::ALL {
            let html = shown(locale, &[provider(true, true)]);
            assert_eq!(html.matches("name=\"action-disconnect\"").count(), 1);
            // Whoever follows a link is led to where the question is, and back to the provider.
            assert!(html.contains("href=\"/account#providers-00ff\""), "{html}");
            for (element, anchor) in [
                ("<p class=\"fd-lead\"", "providers-ending"),
                ("<h3", "providers-00ff"),
            ] {
                let element = [element, " tabindex=\"-1\" id=\"", anchor, "\">"].concat();
                assert_eq!(html.matches(&*element).count(), 1, "{element}: {html}");
            }
        }
    }

    #[test]
    fn whoever_has_none_is_told_what_to_do() {
        for locale in Locale::ALL {
            let words = catalog(locale);
            let html = shown(locale, &[]);
            assert!(html.contains(words.text("account.providers.none")));
            let add = paths::in_language(locale, paths::ADD_A_PROVIDER);
            assert!(html.contains(&add), "{html}");
            assert!(!html.contains(words.text("account.providers.missing")));
        }
    }

    #[test]
    fn all_that_can_be_told_has_words() {
        for locale in Locale::ALL {
            let words = catalog(locale);
            for told in Told::ALL {
                let key = ["account.providers.told.", told.as_str()].concat();
                assert!(words.optional(&key).is_some(), "{key}");
            }
        }
    }
}
