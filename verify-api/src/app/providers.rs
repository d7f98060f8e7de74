//! Providers, as whoever runs the server looks after them from a shell, and what the systems of
//! their practices ask for.
//!
//! What is asked for is written down and answered; whether anybody is there who can be
//! connected, the worker finds out, so that no answer tells it.

use jiff::SignedDuration;

use super::{App, Outcome, Token};
use crate::audit::{Entry, Event};
use crate::crypto::{OpenError, Purpose, Sealed};
use crate::entropy;
use crate::outbox::Job;
use crate::provider::{Features, ProviderId, Wish};
use crate::store::{NewProvider, ProviderRow, StoreError};

/// How long what a practice asks for is of use, while the worker cannot do it.
const WISH_LIFETIME: SignedDuration = SignedDuration::from_hours(72);

/// The longest name, in characters.
const LONGEST_NAME: usize = 100;

/// A provider as whoever runs the server, or works at the desk, sees them.
#[derive(Clone, Debug)]
pub struct ListedProvider {
    /// The id.
    pub id: ProviderId,
    /// The name.
    pub name: String,
    /// What they use of the portal.
    pub features: Features,
    /// Whether the system of their practice has a key.
    pub has_key: bool,
    /// Whether they were retired.
    pub is_retired: bool,
}

/// Why something about a provider could not be done.
#[derive(Debug)]
pub enum ProviderError {
    /// A name that is none.
    NoName,
    /// No provider who is not retired has this id.
    NoSuchProvider,
    /// The database or a key does not work.
    Unavailable(String),
}

impl std::fmt::Display for ProviderError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::NoName => write!(
                f,
                "A provider needs a name of {LONGEST_NAME} characters at most, on one line."
            ),
            Self::NoSuchProvider => f.write_str(
                "No provider has this id, or they were retired. See `verify-api providers list`.",
            ),
            Self::Unavailable(cause) => write!(f, "It cannot be done right now: {cause}."),
        }
    }
}

impl std::error::Error for ProviderError {}

impl From<StoreError> for ProviderError {
    fn from(error: StoreError) -> Self {
        Self::Unavailable(error.to_string())
    }
}

impl From<OpenError> for ProviderError {
    fn from(error: OpenError) -> Self {
        Self::Unavailable(error.to_string())
    }
}

impl App {
    /// Adds a provider, who has no key yet.
    ///
    /// # Errors
    /// [`ProviderError::NoName`], [`ProviderError::Unavailable`].
    pub async fn add_provider(
        &self,
        name: &str,
        features: &Features,
    ) -> Result<ProviderId, ProviderError> {
        let name = name.trim();
        let is_name = !name.is_empty()
            && name.chars().count() <= LONGEST_NAME
            && !name.chars().any(char::is_control);
        if !is_name {
            return Err(ProviderError::NoName);
        }
        let id = ProviderId(entropy::bytes(&*self.entropy));
        let provider = NewProvider {
            id,
            name: (self.keys).seal_json(Purpose::Provider, &id.0, &name, &*self.entropy),
            features: features.list(),
            at: self.now(),
        };
        let entry = Entry::about(Event::ProviderAdded, id.0);
        self.store.add_provider(provider, entry).await?;
        Ok(id)
    }

    /// All providers, in the order in which they were added.
    ///
    /// # Errors
    /// [`ProviderError::Unavailable`].
    pub async fn providers(&self) -> Result<Vec<ListedProvider>, ProviderError> {
        let mut listed = Vec::new();
        for row in self.store.providers().await? {
            let ProviderRow {
                id,
                name,
                features,
                has_key,
                is_retired,
            } = row;
            listed.push(ListedProvider {
                id,
                name: self.provider_name(id, &name).await?,
                features: Features::of_list(&features),
                has_key,
                is_retired,
            });
        }
        Ok(listed)
    }

    /// Replaces what a provider uses of the portal.
    ///
    /// # Errors
    /// [`ProviderError::NoSuchProvider`], [`ProviderError::Unavailable`].
    pub async fn set_features(
        &self,
        provider: ProviderId,
        features: &Features,
    ) -> Result<(), ProviderError> {
        let entry = Entry::about(Event::ProviderChanged, provider.0);
        let set = (self.store).set_features(provider, features.list(), self.now(), entry);
        found(set.await?)
    }

    /// Makes a key for the system of a provider's practice, which is told only here. The one
    /// before ends.
    ///
    /// # Errors
    /// [`ProviderError::NoSuchProvider`], [`ProviderError::Unavailable`].
    pub async fn make_provider_key(&self, provider: ProviderId) -> Result<Token, ProviderError> {
        let key = Token::new(&*self.entropy);
        let digest = self.keys.digest(Purpose::ProviderKey, key.as_bytes());
        let entry = Entry::about(Event::ProviderKeyMade, provider.0);
        let set = (self.store).set_provider_key(provider, digest, self.now(), entry);
        found(set.await?)?;
        Ok(key)
    }

    /// Retires a provider for good: the key ends, and all connections.
    ///
    /// # Errors
    /// [`ProviderError::NoSuchProvider`], [`ProviderError::Unavailable`].
    pub async fn retire_provider(&self, provider: ProviderId) -> Result<(), ProviderError> {
        let entry = Entry::about(Event::ProviderRetired, provider.0);
        let retired = (self.store).retire_provider(provider, self.now(), entry);
        found(retired.await?)
    }

    /// The provider whose key this is. A key of nobody is counted.
    ///
    /// # Errors
    /// `unavailable`.
    pub async fn provider_of(&self, key: Option<&Token>) -> Outcome<Option<ProviderId>> {
        let found = match key {
            Some(key) => {
                let digest = self.keys.digest(Purpose::ProviderKey, key.as_bytes());
                self.store.provider_by_key(&digest).await?
            }
            None => None,
        };
        if found.is_none() {
            self.metrics.provider_key_refused();
        }
        Ok(found)
    }

    /// Takes down what a practice asks for about the patient with this record number, whoever
    /// that is. It costs and answers the same whether anybody is there.
    ///
    /// # Errors
    /// `over-limit` when the provider has asked too often; `unavailable`.
    pub async fn ask_as_provider(
        &self,
        provider: ProviderId,
        number: &str,
        wish: Wish,
    ) -> Outcome<()> {
        let at = self.now();
        let job = Job::Connection {
            provider,
            number: number.to_owned(),
            wish,
            asked_at: at,
        };
        let entry = Entry {
            event: match wish {
                Wish::Invite => Event::ConnectionAsked,
                Wish::Withdraw => Event::WithdrawalAsked,
            },
            subject: provider.0,
            actor: Some(provider.0),
        };
        let charge = self.limits.asking_as_provider(provider);
        let job = self.job(&job, at + WISH_LIFETIME);
        self.store.ask(job, charge, at, entry).await?;
        self.wake.notify_one();
        Ok(())
    }

    pub(super) async fn provider_name(
        &self,
        provider: ProviderId,
        name: &Sealed,
    ) -> Result<String, OpenError> {
        (self.keys)
            .open_json(Purpose::Provider, &provider.0, name)
            .await
    }
}

fn found(is_done: bool) -> Result<(), ProviderError> {
    is_done.then_some(()).ok_or(ProviderError::NoSuchProvider)
}
