//! An invitation that the desk prints: the patient's sheet, and beside it what is for staff alone.
//!
//! It must not know whom it invites, nor how it is sent.

use alloc::string::String;

use super::Qr;
use super::parts::{lead, title};
use crate::Locale;
use crate::html::Html;
use crate::messages::{Catalog, catalog};

/// An invitation, to be printed: it is shown once.
pub struct StaffInvitation<'a> {
    /// Whom it invites.
    pub name: &'a str,
    /// The first name of whoever it is about, where it is for somebody who acts for them.
    pub acts_for: Option<&'a str>,
    /// The language that they read: what is printed is in it.
    pub speaks: Locale,
    /// The code, in groups.
    pub code: &'a str,
    /// The page that asks for it.
    pub link: &'a str,
    /// The same, to be scanned; nothing where it cannot be drawn.
    pub picture: Option<&'a Qr>,
    /// Whether an email with it is on its way.
    pub by_email: bool,
    /// Whether the record has a phone, without which nobody can enroll.
    pub has_phone: bool,
    /// Where the patient's page is.
    pub visit: &'a str,
}

impl StaffInvitation<'_> {
    /// The page's main part. `words` are of whoever prints it.
    pub fn html(&self, words: &Catalog<'_>) -> String {
        let mut html = Html::default();
        html.raw("<div class=\"fd-flow\"><div")
            .attr("lang", self.speaks.as_str())
            .raw(">");
        self.printed(&catalog(self.speaks), &mut html);
        html.raw("</div><div class=\"fd-unprinted\">");
        for (is_told, key) in [
            (true, "staff.invitation.once"),
            (self.by_email, "staff.invitation.mailed"),
            (!self.by_email, self.unmailed()),
            (!self.has_phone, "staff.invitation.no-phone"),
        ] {
            if is_told {
                html.raw("<p class=\"do\">")
                    .text(words.text(key))
                    .raw("</p>");
            }
        }
        html.raw("<p class=\"do\"><a class=\"fd-button\"")
            .attr("href", self.visit)
            .raw(">")
            .text(words.text("staff.invitation.back"))
            .raw("</a></p></div></div>");
        html.finish()
    }

    /// Why no email goes out.
    const fn unmailed(&self) -> &'static str {
        match self.acts_for {
            None => "staff.invitation.unmailed",
            Some(_) => "staff.invitation.proxy.unmailed",
        }
    }

    fn printed(&self, words: &Catalog<'_>, html: &mut Html) {
        title("staff.invitation.title", words, html);
        let (key, name) = match self.acts_for {
            None => ("staff.invitation.lead", self.name),
            Some(name) => ("staff.invitation.proxy.lead", name),
        };
        lead(&words.fill(key, &[("name", name)]), html);
        html.raw("<p class=\"fd-username\" id=\"fd-invitation\"><strong>")
            .text(self.code)
            .raw("</strong></p>");
        if let Some(picture) = self.picture {
            picture.html(words.text("staff.invitation.picture"), html);
        }
        html.raw("<p>")
            .text(words.text("staff.invitation.link"))
            .raw(" <a")
            .attr("href", self.link)
            .raw(">")
            .text(self.link)
            .raw("</a></p><p>")
            .text(words.text("staff.invitation.phone"))
            .raw("</p>");
        if let Some(name) = self.acts_for {
            let whose = words.fill("staff.invitation.proxy.whose", &[("name", name)]);
            html.raw("<p>").text(&whose).raw("</p>");
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn on_the_patients_paper_stands_nothing_that_is_for_staff() {
        for [desk, speaks] in [[Locale::En, Locale::Es], [Locale::Es, Locale::En]] {
            for (by_email, acts_for) in [(true, None), (false, None), (false, Some("Rosa"))] {
                let page = StaffInvitation {
                    name: "Rosa Quill",
                    acts_for,
                    speaks,
                    code: "AAAA-BBBB",
                    link: "https://example.org/i",
                    picture: None,
                    by_email,
                    has_phone: false,
                    visit: "/staff/visits/v",
                };
                let html = page.html(&catalog(desk));
                let begin = "<div class=\"fd-unprinted\">";
                let (paper, screen) = html.split_once(begin).expect("a part for staff");
                let told = |key| crate::html::escape(catalog(speaks).text(key));
                assert!(paper.contains(&told("staff.invitation.phone")), "{paper}");
                assert!(paper.contains("AAAA-BBBB"), "{paper}");
                let is_mailed = ["staff.invitation.mailed", page.unmailed()];
                for key in [
                    "staff.invitation.once",
                    is_mailed[usize::from(!by_email)],
                    "staff.invitation.no-phone",
                    "staff.invitation.back",
                ] {
                    let told = crate::html::escape(catalog(desk).text(key));
                    assert_eq!(screen.matches(&told).count(), 1, "{key} {screen}");
                    assert!(!paper.contains(&told), "{key} {paper}");
                }
                assert!(!html.contains(">staff.") && !html.contains('{'), "{html}");
            }
        }
    }
}
