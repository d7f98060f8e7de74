//! What comes of writing a message.
//!
//! It must not know how one is written.

use crate::account::AccountId;
use crate::audit::Entry;
use crate::crypto::OpenError;
use crate::limits::Charge;
use crate::outbox::Message;
use crate::store::StoreError;

/// What became of a job at the desk.
pub(in crate::outbox) enum Draft {
    /// To be sent.
    Ready(Ready),
    /// There is nobody to send it to, or a newer one has taken its place.
    Nothing(Option<Entry>),
    /// It can never be written, for this reason.
    Broken(&'static str),
}

/// A message, and what was found out while it was written.
pub(in crate::outbox) struct Ready {
    pub(in crate::outbox) message: Message,
    /// Whose account it is about, where it is about one.
    pub(in crate::outbox) account: Option<AccountId>,
    /// What it costs that it leaves. A notice and the link past the code are free:
    /// what strangers use up must not keep them from their reader.
    pub(in crate::outbox) charges: Vec<Charge>,
}

impl Draft {
    pub(super) fn ready(
        message: Message,
        account: Option<AccountId>,
        charges: Vec<Charge>,
    ) -> Self {
        Self::Ready(Ready {
            message,
            account,
            charges,
        })
    }
}

/// Why the writing stopped.
pub(super) enum Stop {
    Store(StoreError),
    Broken(&'static str),
}

impl From<StoreError> for Stop {
    fn from(error: StoreError) -> Self {
        Self::Store(error)
    }
}

impl From<OpenError> for Stop {
    fn from(_: OpenError) -> Self {
        Self::Broken("a record it needs cannot be opened")
    }
}
