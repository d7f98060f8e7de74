//! Letters: what is said, in which words, on which channel.
//!
//! The words stand in `emails/`. Their placeholders: `{greeting}` (with the given
//! name, in emails only), `{name}` (the same alone, where the letter is for somebody else), `{code}`, `{digits}` (the code, spoken), `{purpose}`
//! (what a code is for), `{unasked}` and `{warning}` (what to do when it was not asked for), `{link}`, `{action}` (the button on the page that a link
//! opens), `{host}` (for origin-bound codes), and the pages `{home}`, `{reset}`,
//! `{sign_in}` and `{recover}` of the help center, which open for everybody. A text message
//! or a call holds no name and never a username: the phone may lie on a kitchen table.
//!
//! It must not know to whom a letter goes, nor how.

mod files;
mod fill;

#[cfg(test)]
mod tests;

use std::borrow::Cow;

use protocol::form::escape;
use protocol::messages::{self, Catalog};
use protocol::values::Code;
use protocol::{Channel, FlowKind, Locale};

use self::files::{Spoken, Texts, Written};
use self::fill::{fill, spoken, wrap};
use super::{Links, Notice};
use crate::flow::CodeFor;

/// What is said.
pub(super) enum Letter<'a> {
    /// Carries a code.
    Code {
        /// The code.
        code: &'a Code,
        /// What it proves.
        purpose: CodeFor,
        /// The host of the page that asks for it.
        host: &'a str,
    },
    /// Explains how to see the username; says nothing about the account.
    Username {
        /// Where to see it.
        link: &'a str,
    },
    /// Leads past the code of a reset.
    ResetLink {
        /// Whether no password signs in before.
        is_stopped: bool,
        /// The owner's first given name, where there is one.
        given_name: Option<&'a str>,
        /// Where it leads.
        link: &'a str,
    },
    /// Invites a patient.
    Invitation {
        /// The patient's first given name, where there is one.
        given_name: Option<&'a str>,
        /// The invitation's code, in groups.
        code: &'a str,
        /// Where to begin.
        link: &'a str,
    },
    /// Tells that a provider invites an account's owner, and not which.
    Connection {
        /// The owner's first given name, where there is one.
        given_name: Option<&'a str>,
        /// Where to answer.
        link: &'a str,
    },
    /// Tells what happened to an account.
    Notice {
        /// What happened.
        what: Notice,
        /// The owner's first given name, where there is one.
        given_name: Option<&'a str>,
    },
}

/// A letter in its final words.
pub(super) struct Words {
    /// Of an email.
    pub(super) subject: Option<String>,
    /// The plain part of an email, or what the phone shows or says.
    pub(super) text: String,
    /// Of an email.
    pub(super) html: Option<String>,
}

type Values<'a> = Vec<(&'static str, Cow<'a, str>)>;

impl Letter<'_> {
    /// The words for a channel; nothing when the letter cannot travel that way,
    /// as a link does not fit into a call.
    pub(super) fn write(
        &self,
        channel: Channel,
        locale: Locale,
        links: Links<'_>,
    ) -> Option<Words> {
        let texts = files::texts(locale);
        let mut values = pages(links, locale);
        values.extend(self.values(texts, locale, links));
        match (channel, self.source(texts)) {
            (Channel::Email, Source::Spoken(Spoken { email, .. }) | Source::Written(email)) => {
                Some(email_words(texts, email, values))
            }
            (Channel::Text, Source::Spoken(source)) => Some(phone_words(source.sms, &values)),
            (Channel::Call, Source::Spoken(source)) => Some(phone_words(source.call, &values)),
            (Channel::Text | Channel::Call, Source::Written(_)) => None,
        }
    }

    const fn source(&self, texts: &Texts) -> Source {
        match self {
            Self::Code { .. } => Source::Spoken(texts.code),
            Self::Username { .. } => Source::Written(texts.username),
            Self::ResetLink { is_stopped, .. } => Source::Written(if *is_stopped {
                texts.sign_in_stopped
            } else {
                texts.reset_link
            }),
            Self::Invitation { .. } => Source::Written(texts.invitation),
            Self::Connection { .. } => Source::Written(texts.connection),
            Self::Notice { what, .. } => match what {
                Notice::Enrolled => Source::Spoken(texts.enrolled),
                Notice::PasswordChanged => Source::Spoken(texts.password_changed),
                Notice::PhoneChanged => Source::Spoken(texts.phone_changed),
                Notice::EmailChanged => Source::Spoken(texts.email_changed),
                Notice::Deactivated => Source::Spoken(texts.deactivated),
                Notice::SignedInAfterGuesses => Source::Written(texts.new_sign_in),
                Notice::ProvidersChanged => Source::Written(texts.providers_changed),
            },
        }
    }

    fn values(&self, texts: &Texts, locale: Locale, links: Links<'_>) -> Values<'_> {
        let words = Catalog::parse(locale, texts.words);
        match *self {
            Self::Code {
                code,
                purpose,
                host,
            } => {
                let purpose = purpose.as_str();
                let what_for = format!("purpose.{purpose}");
                let own = |key: &str| {
                    let key = format!("{key}.{purpose}");
                    words.optional(&key).is_some().then_some(key)
                };
                let or_general = |key: &str| own(key).unwrap_or_else(|| key.to_owned());
                let (unasked, time) = (or_general("unasked"), or_general("time"));
                let reset = links.page(FlowKind::PasswordReset, locale);
                let warning = own("warning").map(|key| format!(" {}", words.text(&key)));
                vec![
                    ("code", code.as_str().into()),
                    ("digits", spoken(code.as_str()).into()),
                    ("purpose", words.text(&what_for).to_owned().into()),
                    ("unasked", words.fill(&unasked, &[("reset", &reset)]).into()),
                    ("time", words.text(&time).to_owned().into()),
                    ("warning", warning.unwrap_or_default().into()),
                    ("host", host.into()),
                ]
            }
            Self::Username { link } => {
                let action = messages::catalog(locale).fill("reveal.action", &[]);
                vec![("link", link.into()), ("action", action.into())]
            }
            Self::ResetLink {
                given_name, link, ..
            } => {
                let action = messages::catalog(locale).fill("reset-link.action", &[]);
                vec![
                    ("greeting", greeting(&words, given_name).into()),
                    ("link", link.into()),
                    ("action", action.into()),
                ]
            }
            Self::Invitation {
                given_name,
                code,
                link,
            } => vec![
                ("greeting", greeting(&words, given_name).into()),
                ("code", code.into()),
                ("link", link.into()),
            ],
            Self::Connection { given_name, link } => vec![
                ("greeting", greeting(&words, given_name).into()),
                ("link", link.into()),
            ],
            Self::Notice { given_name, .. } => {
                vec![("greeting", greeting(&words, given_name).into())]
            }
        }
    }
}

/// Where the words of a letter stand.
enum Source {
    Written(Written),
    Spoken(Spoken),
}

fn greeting(words: &Catalog<'_>, given_name: Option<&str>) -> String {
    match given_name {
        Some(name) => words.fill("greeting", &[("name", name)]),
        None => words.fill("greeting.plain", &[]),
    }
}

/// The pages of the help center that letters name.
fn pages(links: Links<'_>, locale: Locale) -> Values<'static> {
    let page = |kind| links.page(kind, locale).into();
    vec![
        ("home", links.home(locale).into()),
        ("reset", page(FlowKind::PasswordReset)),
        ("sign_in", page(FlowKind::SignIn)),
        ("recover", page(FlowKind::UsernameRecovery)),
    ]
}

fn email_words(texts: &Texts, source: Written, mut values: Values<'_>) -> Words {
    let mut escaped: Values<'_> = values
        .iter()
        .map(|(name, value)| (*name, escape(value).into()))
        .collect();
    let subject = fill(source.subject.trim(), &values);
    let text = fill(source.text.trim(), &values);
    let html = fill(source.html.trim(), &escaped);
    values.push(("body", text.into()));
    escaped.extend([("subject", escape(&subject).into()), ("body", html.into())]);
    Words {
        text: wrap(&fill(texts.frame_text, &values)),
        html: Some(fill(texts.frame_html, &escaped)),
        subject: Some(subject),
    }
}

fn phone_words(source: &str, values: &Values<'_>) -> Words {
    Words {
        subject: None,
        text: fill(source.trim(), values),
        html: None,
    }
}
