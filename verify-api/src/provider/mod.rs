//! Providers: which parts of the portal they use, and whom they are connected with.
//!
//! It must not know how anything of it is stored or shown, nor who a patient is.

mod features;

pub use features::{Features, NoFeature};

use serde::{Deserialize, Serialize};

use crate::patient::id;

id::id! {
    /// Names a provider.
    ProviderId
}

id::id! {
    /// Names what is between a provider and an account.
    ConnectionId
}

/// What the system of a practice asks for about a patient.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Wish {
    /// That the patient is invited.
    Invite,
    /// That an invitation which nobody has answered ends.
    Withdraw,
}

/// What the owner of an account does about a connection.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reply {
    /// Takes an invitation.
    Accept,
    /// Turns one down.
    Decline,
    /// Ends a connection.
    Disconnect,
}

/// How a connection stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ConnectionState {
    /// The patient has been invited, and has not answered.
    Invited,
    /// The patient has accepted.
    Accepted,
    /// The patient has declined.
    Declined,
    /// The provider or the desk took the invitation back.
    Withdrawn,
    /// The patient has ended it, the account was closed, or the provider was retired.
    Ended,
}

impl ConnectionState {
    /// All of them.
    pub const ALL: [Self; 5] = [
        Self::Invited,
        Self::Accepted,
        Self::Declined,
        Self::Withdrawn,
        Self::Ended,
    ];

    /// The name under which it is stored, and in keys of texts.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Invited => "invited",
            Self::Accepted => "accepted",
            Self::Declined => "declined",
            Self::Withdrawn => "withdrawn",
            Self::Ended => "ended",
        }
    }

    /// Whether the patient can still do something about it.
    pub const fn is_open(self) -> bool {
        matches!(self, Self::Invited | Self::Accepted)
    }

    /// The state that is stored under this name.
    pub(crate) fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.as_str() == name)
    }
}
