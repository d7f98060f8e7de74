//! What there is to try in the demo, as it is printed and as it is probed.

use std::fmt;

use super::account;
use crate::failure::{Failure, Result};
use crate::server::Invitation;

/// A page to open: what it is, where it is, and what it must hold.
pub(super) struct Link {
    pub(super) name: &'static str,
    pub(super) url: String,
    /// A piece of the page by which it is known to be the right one.
    pub(super) sign: String,
}

/// The link in what `staff add` has printed.
pub(super) fn staff_link(printed: &str) -> Result<String> {
    let link = printed.lines().find(|line| line.starts_with("http"));
    link.map(str::to_owned).ok_or_else(|| {
        Failure::new(format!(
            "`verify-api staff add` printed no link, but: {printed}"
        ))
    })
}

/// All the demo's pages.
pub(super) struct Links(pub(super) Vec<Link>);

impl Links {
    /// The pages below `base_url`.
    pub(super) fn new(base_url: &str, invitation: Invitation, staff: String) -> Self {
        let page = |name, path: &str, sign: &str| Link {
            name,
            url: format!("{base_url}{path}"),
            sign: sign.to_owned(),
        };
        Self(vec![
            page("Help center", "/", "Patient Ally"),
            page("Enroll", "/enroll/", "flow=\"enrollment\""),
            page(
                "Recover a username",
                "/recover-username/",
                "flow=\"username-recovery\"",
            ),
            page(
                "Reset a password",
                "/reset-password/",
                "flow=\"password-reset\"",
            ),
            page("Sign in", "/sign-in/", "flow=\"sign-in\""),
            Link {
                name: "Open invitation",
                url: invitation.link,
                sign: invitation.code,
            },
            Link {
                name: "Staff: set up once",
                url: staff,
                sign: "action-begin".to_owned(),
            },
            page("Staff: sign in", "/staff/sign-in", "action-continue"),
            page("Inbox of the demo", "/demo/inbox", "Demo inbox"),
        ])
    }
}

impl fmt::Display for Links {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(
            f,
            "\nThe help center is running. Everybody in it is invented.\n"
        )?;
        for Link { name, url, .. } in &self.0 {
            writeln!(f, "  {name:<20} {url}")?;
        }
        writeln!(
            f,
            "\nThe invitation is for Ana Bautista-Reyes, born 3 27 1951, ZIP 04101, phone 207-555-0142."
        )?;
        writeln!(
            f,
            "An account to recover, reset or sign in to: Ruth Okafor, born 11 5 1963, username {}, password \"{}\", phone {}, email {}.",
            account::USERNAME,
            account::PASSWORD,
            account::PHONE,
            account::EMAIL,
        )?;
        writeln!(
            f,
            "To sign in as staff, set up first: choose a password, and add the key to an authenticator app."
        )?;
        write!(
            f,
            "Codes and emails arrive in the demo's inbox. Ctrl-C ends the demo and removes its data."
        )
    }
}
