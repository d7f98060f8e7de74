//! Providers, and their connections with accounts.
//!
//! It must not know what a provider is called, nor what a feature is. Each step of a connection
//! is one statement, in which stands from where it may be taken: of two who act at once, the
//! second changes nothing.

use async_trait::async_trait;
use jiff::Timestamp;

use super::{FoundAccount, NewJob, Result, Shown, VisitShown};
use crate::account::AccountId;
use crate::audit::{Entry, Event};
use crate::crypto::{Digest, Sealed};
use crate::limits::Charge;
use crate::provider::{ConnectionId, ConnectionState, ProviderId, Reply};

/// How many connections of an account are told at once, at most.
pub(super) const LISTED: i64 = 200;

/// Providers, what their practices ask for, and what patients and staff do about it.
#[async_trait]
pub trait Providers: Send + Sync {
    /// Keeps a new provider.
    async fn add_provider(&self, provider: NewProvider, audit: Entry) -> Result<()>;
    /// All providers, in the order in which they were added.
    async fn providers(&self) -> Result<Vec<ProviderRow>>;
    /// Replaces what a provider uses; whether there is one who is not retired.
    async fn set_features(
        &self,
        provider: ProviderId,
        features: String,
        at: Timestamp,
        audit: Entry,
    ) -> Result<bool>;
    /// Gives a provider another key, and ends the one before; whether there is one who is not
    /// retired.
    async fn set_provider_key(
        &self,
        provider: ProviderId,
        key: Digest,
        at: Timestamp,
        audit: Entry,
    ) -> Result<bool>;
    /// Retires a provider for good: the key and all connections end. Whether there was one who
    /// was not retired.
    async fn retire_provider(
        &self,
        provider: ProviderId,
        at: Timestamp,
        audit: Entry,
    ) -> Result<bool>;
    /// Whose key this is. Changes nothing.
    async fn provider_by_key(&self, key: &Digest) -> Result<Option<ProviderId>>;
    /// Queues what a practice asks for, if its budget holds it.
    ///
    /// # Errors
    /// [`StoreError::OverBudget`](super::StoreError::OverBudget); then nothing was queued.
    async fn ask(&self, job: NewJob, charge: Charge, at: Timestamp, audit: Entry) -> Result<()>;
    /// The connections of an account, those that are open first, and the newest first of each.
    async fn connections(&self, account: AccountId) -> Result<Vec<ConnectionRow>>;
    /// What whoever is signed in does about a connection of their account, and the letter about
    /// it, if there is one; whether it was there for that to be done.
    async fn reply(
        &self,
        shown: Shown,
        connection: ConnectionId,
        reply: Reply,
        letter: Option<NewJob>,
    ) -> Result<bool>;
    /// Invites the account of the patient of a visit in which documents were seen; see
    /// [`Connecting::connect`].
    async fn connect_in_visit(
        &self,
        shown: VisitShown,
        connection: NewConnection,
        letter: NewLetter,
        audit: Entry,
    ) -> Result<bool>;
    /// Ends an open invitation to the account of such a patient; whether it was open.
    async fn withdraw_in_visit(
        &self,
        shown: VisitShown,
        connection: ConnectionId,
        audit: Entry,
    ) -> Result<bool>;
}

/// What the worker does about connections.
#[async_trait]
pub trait Connecting: Send + Sync {
    /// The account of the patient with this key in the system that records come from.
    async fn account_by_source(&self, source: &Digest) -> Result<Option<FoundAccount>>;
    /// Invites an account, and queues the letter about it; whether it did. It does not where
    /// something is open between the two or has ended since this was asked for, and where
    /// either of them is no more, nor where it was asked for with a key that was replaced or
    /// taken away since; then the trail says so. Where a budget does not hold the letter, the invitation has none,
    /// and the trail says so, too.
    async fn connect(
        &self,
        connection: NewConnection,
        letter: NewLetter,
        at: Timestamp,
        audit: Entry,
    ) -> Result<bool>;
    /// Ends an invitation that was asked for before and is still open; whether there was one.
    /// Whatever was asked for before comes to nothing from now on, also what arrives later. This
    /// counts also where the key was replaced since: the practice has its answer and may not ask
    /// again, and an invitation too few harms less than one that was to end.
    async fn withdraw(
        &self,
        connection: NewConnection,
        at: Timestamp,
        audit: Entry,
    ) -> Result<bool>;
    /// Whether an invitation is still open and, if it was asked for with a key, that is still its
    /// provider's.
    async fn is_invited(&self, connection: ConnectionId, key: Option<Digest>) -> Result<bool>;
}

/// A provider to be kept.
#[derive(Debug)]
pub struct NewProvider {
    /// The id.
    pub id: ProviderId,
    /// The name.
    pub name: Sealed,
    /// The names of the features.
    pub features: String,
    /// When they are added.
    pub at: Timestamp,
}

/// A provider as they are kept.
#[derive(Debug)]
pub struct ProviderRow {
    /// The id.
    pub id: ProviderId,
    /// The name.
    pub name: Sealed,
    /// The names of the features.
    pub features: String,
    /// Whether there is a key.
    pub has_key: bool,
    /// Whether they were retired.
    pub is_retired: bool,
}

/// A connection to be made, or to be taken back.
#[derive(Clone, Copy, Debug)]
pub struct NewConnection {
    /// Its id.
    pub id: ConnectionId,
    /// Who invites.
    pub provider: ProviderId,
    /// Whom.
    pub account: AccountId,
    /// When that was asked for.
    pub asked_at: Timestamp,
    /// The keyed hash of the key with which it was, if it was with one: an invitation comes to
    /// nothing once that is the provider's no more.
    pub key: Option<Digest>,
}

/// The letter about an invitation.
#[derive(Debug)]
pub struct NewLetter {
    /// The message.
    pub job: NewJob,
    /// When it leaves: from then on it waits as others do.
    pub leaves_at: Timestamp,
    /// What it costs.
    pub charges: Vec<Charge>,
}

/// The line behind one about a connection that somebody else than its provider has written.
pub(super) const fn with_provider(account: AccountId, provider: ProviderId) -> Entry {
    Entry {
        event: Event::ConnectionProvider,
        subject: account.0,
        actor: Some(provider.0),
    }
}

/// The line about what was asked for with a key that is its provider's no more.
pub(super) const fn dropped(connection: &NewConnection) -> Entry {
    Entry {
        event: Event::ConnectionDropped,
        subject: connection.account.0,
        actor: Some(connection.provider.0),
    }
}

/// The line about a letter that no budget held.
pub(super) const fn withheld(account: AccountId) -> Entry {
    Entry::about(Event::MessageOverBudget, account.0)
}

/// A connection as it is kept, with its provider.
#[derive(Debug)]
pub struct ConnectionRow {
    /// Its id.
    pub id: ConnectionId,
    /// Who has invited.
    pub provider: ProviderId,
    /// Their name.
    pub name: Sealed,
    /// The names of their features.
    pub features: String,
    /// How it stands.
    pub state: ConnectionState,
}

/// Where a reply leads from and to, and what is written down of it.
pub(super) const fn step(reply: Reply) -> (ConnectionState, ConnectionState, Event) {
    match reply {
        Reply::Accept => (
            ConnectionState::Invited,
            ConnectionState::Accepted,
            Event::ConnectionAccepted,
        ),
        Reply::Decline => (
            ConnectionState::Invited,
            ConnectionState::Declined,
            Event::ConnectionDeclined,
        ),
        Reply::Disconnect => (
            ConnectionState::Accepted,
            ConnectionState::Ended,
            Event::ConnectionEnded,
        ),
    }
}
