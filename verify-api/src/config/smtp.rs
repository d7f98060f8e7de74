//! `[smtp]`: the mail server that emails are handed to.

use std::net::IpAddr;
use std::path::PathBuf;

use zeroize::Zeroizing;

use super::Mode;
use super::settings::Settings;
use crate::crypto::redact;

/// The mail server that emails are handed to.
#[derive(Clone, Debug)]
pub struct Smtp {
    /// Its name or address.
    pub host: String,
    /// Its port: 587, 465 or 25 by [`security`](Self::security) unless set.
    pub port: u16,
    /// How the way there is protected.
    pub security: SmtpSecurity,
    /// How we sign in, where the server asks for it.
    pub login: Option<Login>,
    /// Certificates (PEM) that are trusted besides the public ones, for a server
    /// whose own is signed by the clinic.
    pub ca_file: Option<PathBuf>,
}

/// How the way to the mail server is protected.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SmtpSecurity {
    /// Begins in the clear and goes on in TLS, or not at all.
    StartTls,
    /// TLS from the first byte.
    Tls,
    /// Not at all: to this machine only, or in the demo.
    None,
}

/// A user name and password for a mail server or phone provider.
#[derive(Clone)]
pub struct Login {
    /// The user name.
    pub user: String,
    /// The password.
    pub password: Zeroizing<String>,
}

redact!(Login);

impl Smtp {
    pub(super) fn read(settings: &mut Settings, mode: Mode) -> Option<Self> {
        let host = settings
            .text("smtp.host")
            .map(|host| host.trim().to_owned());
        if host.is_none() {
            settings.missing("smtp.host", "emails need the name of a mail server.");
        }
        let words = [
            ("starttls", SmtpSecurity::StartTls),
            ("tls", SmtpSecurity::Tls),
            ("none", SmtpSecurity::None),
        ];
        let security = settings
            .word("smtp.security", words)
            .unwrap_or(SmtpSecurity::StartTls);
        let is_ours = host.as_deref().is_some_and(is_this_machine);
        if security == SmtpSecurity::None && mode == Mode::Production && !is_ours {
            settings.problem(
                "smtp.security",
                "must be \"starttls\" or \"tls\" for another machine: \
                 codes must not cross a network in the clear.",
            );
        }
        let usual = match security {
            SmtpSecurity::StartTls => 587,
            SmtpSecurity::Tls => 465,
            SmtpSecurity::None => 25,
        };
        let port = settings.number("smtp.port", 1..=usize::from(u16::MAX), usual);
        let login = login(settings);
        let ca_file = settings.text("smtp.ca_file");
        if ca_file.is_some() && security == SmtpSecurity::None {
            settings.problem(
                "smtp.ca_file",
                "is of no use without TLS; remove it, or set smtp.security.",
            );
        }
        Some(Self {
            host: host?,
            port: u16::try_from(port?).ok()?,
            security,
            login,
            ca_file: ca_file.map(|path| PathBuf::from(path.as_str())),
        })
    }
}

fn login(settings: &mut Settings) -> Option<Login> {
    let user = settings.text("smtp.user");
    let password = settings.text("smtp.password");
    match (user, password) {
        (Some(user), Some(password)) => Some(Login {
            user: user.trim().to_owned(),
            password,
        }),
        (Some(_), None) => {
            settings.missing("smtp.password", "smtp.user is set, and goes with it.");
            None
        }
        (None, Some(_)) => {
            settings.missing("smtp.user", "smtp.password is set, and goes with it.");
            None
        }
        (None, None) => None,
    }
}

/// Whether a name or address is the one of this very machine.
pub(super) fn is_this_machine(host: &str) -> bool {
    let address = host.trim_start_matches('[').trim_end_matches(']');
    host.eq_ignore_ascii_case("localhost")
        || address.parse::<IpAddr>().is_ok_and(|ip| ip.is_loopback())
}
