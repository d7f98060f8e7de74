//! Messages: from a sealed intent in the database to what a person receives.
//!
//! A request only writes down *that* something is to be sent ([`Job`]), in the
//! transaction that makes it true. The worker looks up whom it concerns, makes
//! the code or link, writes the letter and hands it to a transport. So the
//! request path never learns whether anybody is there, and a slow mail server
//! slows nobody down.
//!
//! Only this module knows lettre, Twilio and what a message looks like.
//!
//! Read [`Job`], then `worker` (when), `writer` (to whom, with which secret),
//! `letter` (in which words), [`transport`] (how).

mod digests;
mod letter;
mod links;
mod message;
pub mod transport;
mod worker;
mod writer;

pub use digests::code_digest;
pub use links::Links;
pub use message::Message;
pub use transport::{Transport, TransportError};
pub use worker::Worker;
pub(crate) use writer::CONNECTION_LETTER_LIFETIME;

use jiff::Timestamp;
use protocol::{Channel, Locale};
use serde::{Deserialize, Serialize};

use crate::account::AccountId;
use crate::flow::{CodeFor, Recipient};
use crate::patient::{PatientId, phone::Phone};
use crate::provider::{ConnectionId, ProviderId, Wish};
use crate::store::Lane;

/// What is to be sent, as it stands sealed in the database.
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Job {
    /// A code for a flow. Made when it is sent, so that it is never stored.
    Code {
        /// The flow it belongs to.
        #[serde(with = "hex")]
        flow: [u8; 16],
        /// What it proves.
        purpose: CodeFor,
        /// Whom it goes to.
        to: Recipient,
        /// How it travels.
        channel: Channel,
        /// The flow's language.
        locale: Locale,
    },
    /// The way to a username, if the details match one account.
    Username {
        /// As typed.
        given_name: String,
        /// As typed.
        family_name: String,
        /// `YYYY-MM-DD`.
        birth_date: String,
        /// As typed.
        email: String,
        /// The flow's language.
        locale: Locale,
    },
    /// A link that leads an account's owner past the code of a reset.
    ResetLink {
        /// The account.
        account: AccountId,
    },
    /// The same link, to whoever has a username, once no password of theirs signs in.
    SignInStopped {
        /// As typed.
        username: String,
    },
    /// An invitation to the email that was on file when it was made.
    Invitation {
        /// Whom it invites.
        patient: PatientId,
        /// The address.
        email: String,
        /// The code, in groups.
        code: String,
    },
    /// Tells an account's owner what happened to it.
    Notice {
        /// The account.
        account: AccountId,
        /// What happened.
        what: Notice,
        /// To the email or to the linked phone, which then is texted or called,
        /// whichever has proven it.
        lane: Lane,
    },
    /// Tells whoever holds an address that an account does not name any more what happened
    /// to it.
    FormerAddress {
        /// The account.
        account: AccountId,
        /// Whose it is, or was.
        patient: PatientId,
        /// What happened.
        what: Notice,
        /// The address: an email, or a number in E.164.
        to: String,
        /// How it was reached.
        channel: Channel,
    },
    /// What the system of a practice asks for about a patient, who may not be there.
    Connection {
        /// The provider.
        provider: ProviderId,
        /// The record number, as it was sent.
        number: String,
        /// What is asked for.
        wish: Wish,
        /// When that was.
        asked_at: Timestamp,
        /// With which key; what a version before this one has queued does not say.
        #[serde(default)]
        key: Option<AskedWith>,
    },
    /// Tells an account's owner that a provider has invited them.
    ConnectionLetter {
        /// The account.
        account: AccountId,
        /// The invitation.
        connection: ConnectionId,
        /// With which key it was asked for; not with one at the desk, and what a version before
        /// this one has queued does not say.
        #[serde(default)]
        key: Option<AskedWith>,
    },
    /// What a version before this one has queued where it is [`Job::FormerAddress`] now, to
    /// the phone that another one has replaced. Nothing queues it any more.
    PhoneUnlinked {
        /// The account.
        account: AccountId,
        /// The number.
        phone: Phone,
        /// How it was reached.
        channel: Channel,
    },
}

crate::crypto::redact!(Job);

impl Job {
    /// How it travels; nothing where only the account tells whether its phone is
    /// texted or called, and where nothing leaves.
    pub const fn channel(&self) -> Option<Channel> {
        match (self, self.lane()) {
            (
                Self::Code { channel, .. }
                | Self::FormerAddress { channel, .. }
                | Self::PhoneUnlinked { channel, .. },
                _,
            ) => Some(*channel),
            (_, Lane::Email) => Some(Channel::Email),
            (_, Lane::Phone | Lane::Practice) => None,
        }
    }

    /// The queue that it waits in.
    pub const fn lane(&self) -> Lane {
        match self {
            Self::Code { channel, .. }
            | Self::FormerAddress { channel, .. }
            | Self::PhoneUnlinked { channel, .. } => Lane::of(*channel),
            Self::Notice { lane, .. } => *lane,
            Self::Username { .. }
            | Self::Invitation { .. }
            | Self::ResetLink { .. }
            | Self::SignInStopped { .. }
            | Self::ConnectionLetter { .. } => Lane::Email,
            Self::Connection { .. } => Lane::Practice,
        }
    }

    /// What it is, without a word about whom.
    pub const fn name(&self) -> &'static str {
        match self {
            Self::Code { .. } => "code",
            Self::Username { .. } => "username",
            Self::Invitation { .. } => "invitation",
            Self::ResetLink { .. } => "reset-link",
            Self::SignInStopped { .. } => "sign-in-stopped",
            Self::Connection { .. } => "connection",
            Self::ConnectionLetter { .. } => "connection-letter",
            Self::Notice { .. } | Self::FormerAddress { .. } | Self::PhoneUnlinked { .. } => {
                "notice"
            }
        }
    }
}

/// What an account's owner is told about afterwards.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Notice {
    /// The account was made.
    Enrolled,
    /// The password was changed.
    PasswordChanged,
    /// Another phone was linked.
    PhoneChanged,
    /// The email was changed.
    EmailChanged,
    /// The account was deactivated.
    Deactivated,
    /// Somebody has signed in with password and code, after many wrong passwords.
    SignedInAfterGuesses,
    /// Somebody who was signed in has accepted a provider, or ended a connection with one.
    ProvidersChanged,
}

/// The keyed hash of the key with which a practice's system has asked for something, so that
/// nobody is invited, or told of it, once that is replaced.
#[derive(Clone, Copy, Serialize, Deserialize)]
pub struct AskedWith(#[serde(with = "hex")] pub [u8; 32]);

/// Bytes as a text of hex digits.
mod hex {
    use data_encoding::HEXLOWER;
    use serde::{Deserialize, Deserializer, Serializer, de::Error};

    pub(super) fn serialize<S: Serializer, const N: usize>(
        bytes: &[u8; N],
        to: S,
    ) -> Result<S::Ok, S::Error> {
        to.serialize_str(&HEXLOWER.encode(bytes))
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>, const N: usize>(
        from: D,
    ) -> Result<[u8; N], D::Error> {
        let text = String::deserialize(from)?;
        HEXLOWER
            .decode(text.as_bytes())
            .ok()
            .and_then(|bytes| bytes.try_into().ok())
            .ok_or_else(|| D::Error::custom(format_args!("not {N} bytes in hex")))
    }
}
