//! What whoever said whether a page has helped is shown.
//!
//! It must not know who they are.

use alloc::string::String;

use super::support_with;
use crate::html::Html;
use crate::messages::Catalog;
use crate::paths;

/// Thanks for an answer, and help where the page gave none.
pub struct Thanks<'a> {
    /// Whether the page has helped.
    pub has_helped: bool,
    /// The path of the page.
    pub page: &'a str,
}

impl Thanks<'_> {
    /// The page's main part.
    pub fn html(&self, words: &Catalog<'_>) -> String {
        let mut html = Html::default();
        html.raw("<div class=\"fd-flow\"><h1 class=\"fd-title\" id=\"fd-title\" tabindex=\"-1\">")
            .text(words.text("feedback.title"))
            .raw("</h1><p class=\"fd-lead\">")
            .text(words.text(if self.has_helped {
                "feedback.yes"
            } else {
                "feedback.no"
            }))
            .raw("</p>");
        if !self.has_helped {
            support_with("feedback.support", words, &mut html);
        }
        let home = paths::in_language(words.locale(), "/");
        for (address, key) in [(self.page, "feedback.back"), (&home, "action.help-center")] {
            html.raw("<p><a class=\"fd-button fd-button--quiet\"")
                .attr("href", address)
                .raw(">")
                .text(words.text(key))
                .raw("</a></p>");
        }
        html.raw("</div>");
        html.finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Locale;
    use crate::messages::catalog;

    #[test]
    fn whoever_was_not_helped_is_told_where_help_is() {
        for locale in Locale::ALL {
            for has_helped in [true, false] {
                let page = "/faq/topic/one/";
                let html = Thanks { has_helped, page }.html(&catalog(locale));
                let home = paths::in_language(locale, "/");
                for way_on in [page, &home] {
                    assert!(html.contains(&format!("href=\"{way_on}\"")), "{html}");
                }
                let has_support = html.contains("info@patientally.com");
                assert_eq!(has_support, !has_helped, "{html}");
                let of_form = catalog(locale).text("support.lead");
                assert!(!html.contains(of_form), "there is no form: {html}");
                assert!(!html.contains(">feedback."), "{html}");
            }
        }
    }
}
