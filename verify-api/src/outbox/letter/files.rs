//! The texts of letters, as they stand in `emails/`: one folder a language, one
//! a letter, so that a translator needs no Rust.

use protocol::Locale;

/// The texts of one language.
pub(super) struct Texts {
    /// Words that letters are put together from.
    pub(super) words: &'static str,
    /// What stands around the plain part of each email: `{body}`, `{home}`.
    pub(super) frame_text: &'static str,
    /// What stands around the HTML part of each email: `{subject}`, `{body}`, `{home}`.
    pub(super) frame_html: &'static str,
    pub(super) code: Spoken,
    pub(super) username: Written,
    pub(super) reset_link: Written,
    pub(super) sign_in_stopped: Written,
    pub(super) invitation: Written,
    pub(super) connection: Written,
    pub(super) enrolled: Spoken,
    pub(super) password_changed: Spoken,
    pub(super) phone_changed: Spoken,
    pub(super) email_changed: Spoken,
    pub(super) deactivated: Spoken,
    pub(super) new_sign_in: Written,
    pub(super) providers_changed: Written,
}

/// An email.
#[derive(Clone, Copy)]
pub(super) struct Written {
    pub(super) subject: &'static str,
    pub(super) text: &'static str,
    pub(super) html: &'static str,
}

/// A letter that is an email, a text message or a call.
#[derive(Clone, Copy)]
pub(super) struct Spoken {
    pub(super) email: Written,
    pub(super) sms: &'static str,
    pub(super) call: &'static str,
}

macro_rules! file {
    ($($part:expr),+) => { include_str!(concat!("../../../emails/", $($part),+)) };
}

macro_rules! written {
    ($folder:expr) => {
        Written {
            subject: file!($folder, "/subject"),
            text: file!($folder, "/text"),
            html: file!($folder, "/html"),
        }
    };
}

macro_rules! spoken {
    ($folder:expr) => {
        Spoken {
            email: written!($folder),
            sms: file!($folder, "/sms"),
            call: file!($folder, "/call"),
        }
    };
}

macro_rules! texts {
    ($language:literal) => {
        Texts {
            words: file!($language, "/words.txt"),
            frame_text: file!($language, "/frame.text"),
            frame_html: file!($language, "/frame.html"),
            code: spoken!(concat!($language, "/code")),
            username: written!(concat!($language, "/username")),
            reset_link: written!(concat!($language, "/reset-link")),
            sign_in_stopped: written!(concat!($language, "/sign-in-stopped")),
            invitation: written!(concat!($language, "/invitation")),
            connection: written!(concat!($language, "/connection")),
            enrolled: spoken!(concat!($language, "/enrolled")),
            password_changed: spoken!(concat!($language, "/password-changed")),
            phone_changed: spoken!(concat!($language, "/phone-changed")),
            email_changed: spoken!(concat!($language, "/email-changed")),
            deactivated: spoken!(concat!($language, "/deactivated")),
            new_sign_in: written!(concat!($language, "/new-sign-in")),
            providers_changed: written!(concat!($language, "/providers-changed")),
        }
    };
}

/// The texts of a language.
pub(super) const fn texts(locale: Locale) -> &'static Texts {
    static EN: Texts = texts!("en");
    static ES: Texts = texts!("es");
    match locale {
        Locale::En => &EN,
        Locale::Es => &ES,
    }
}
