//! `[delivery]`: how messages leave.

use std::path::PathBuf;

use protocol::values::Email;

use super::Mode;
use super::settings::Settings;

/// How messages leave.
#[derive(Clone, Debug)]
pub struct Delivery {
    /// How emails leave.
    pub transport: TransportKind,
    /// How texts and calls leave.
    pub phone: PhoneKind,
    /// The folder that messages are written to, one JSON file each: emails with
    /// [`TransportKind::Directory`], texts and calls with [`PhoneKind::Directory`].
    pub directory: Option<PathBuf>,
    /// Who emails come from: `help@example.org` or `Name <help@example.org>`.
    /// Always there with [`TransportKind::Smtp`].
    pub from: Option<String>,
    /// How fast messages may leave.
    pub limits: SendingLimits,
}

/// How fast each server may hand messages over. Providers turn away, and bill or
/// block, who sends faster than agreed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct SendingLimits {
    /// `delivery.emails_per_second`; no limit unless set.
    pub email: Option<u32>,
    /// `delivery.phone_per_second`, texts and calls together; no limit unless set.
    /// Twilio sends one text a second from a usual number, and queues the others.
    pub phone: Option<u32>,
}

impl SendingLimits {
    fn read(settings: &mut Settings) -> Self {
        let mut rate = |key| {
            let rate = settings.number(key, 0..=10_000, 0).unwrap_or_default();
            u32::try_from(rate).ok().filter(|rate| *rate > 0)
        };
        Self {
            email: rate("delivery.emails_per_second"),
            phone: rate("delivery.phone_per_second"),
        }
    }
}

/// A way out for messages.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TransportKind {
    /// Into a folder.
    Directory,
    /// To a mail server.
    Smtp,
}

/// A way out for texts and calls.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PhoneKind {
    /// Into a folder, if one is set.
    Directory,
    /// To Twilio.
    Twilio,
}

impl Delivery {
    pub(super) fn read(settings: &mut Settings, mode: Mode) -> Option<Self> {
        const KEY: &str = "delivery.transport";
        let kinds = [
            ("directory", TransportKind::Directory),
            ("smtp", TransportKind::Smtp),
        ];
        let told = settings.problems.len();
        let mut transport = settings
            .word(KEY, kinds)
            .unwrap_or(TransportKind::Directory);
        let is_word = settings.problems.len() == told;
        if mode == Mode::Production && transport == TransportKind::Directory {
            if is_word {
                settings.problem(
                    KEY,
                    "must be \"smtp\" in production: a folder brings no code to a patient. \
                     Set it, and the section [smtp].",
                );
            }
            // It has to be this one, so what this one lacks is told too.
            transport = TransportKind::Smtp;
        }
        let phones = [
            ("directory", PhoneKind::Directory),
            ("twilio", PhoneKind::Twilio),
        ];
        let told = settings.problems.len();
        let phone = settings.word("delivery.phone", phones);
        if settings.problems.len() > told {
            return None;
        }
        let phone = phone.unwrap_or(PhoneKind::Directory);
        let directory = settings.text("delivery.directory");
        let directory = match (directory, transport) {
            (Some(path), _) => Some(PathBuf::from(path.as_str())),
            (None, TransportKind::Directory) => Some(PathBuf::from("messages")),
            (None, TransportKind::Smtp) => None,
        };
        if mode == Mode::Production && phone == PhoneKind::Directory && directory.is_none() {
            settings.missing(
                "delivery.directory",
                "no text or call leaves, and nobody can enroll. Name the folder that your \
                 phone provider's program takes them from, or set delivery.phone to \"twilio\".",
            );
        }
        let from = from(settings, transport);
        let limits = SendingLimits::read(settings);
        (settings.problems.len() == told).then_some(Self {
            transport,
            phone,
            directory,
            from,
            limits,
        })
    }
}

fn from(settings: &mut Settings, transport: TransportKind) -> Option<String> {
    const KEY: &str = "delivery.from";
    let Some(text) = settings.text(KEY) else {
        if transport == TransportKind::Smtp {
            settings.missing(
                KEY,
                "an email needs a sender, such as Wellsprings <help@example.org>.",
            );
        }
        return None;
    };
    let text = text.trim();
    let address = match text.strip_suffix('>').and_then(|rest| rest.split_once('<')) {
        Some((_, address)) => address,
        None => text,
    };
    if Email::parse(address).is_err() || text.contains(char::is_control) {
        settings.problem(
            KEY,
            "must be an email address, such as help@example.org or Wellsprings <help@example.org>.",
        );
        return None;
    }
    Some(text.to_owned())
}
