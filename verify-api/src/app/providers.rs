//! Providers, as whoever runs the server looks after them from a shell, and what the systems of
//! their practices ask for.
//!
//! What is asked for is written down and answered; whether anybody is there who can be
//! connected, the worker finds out, so that no answer tells it.

use jiff::SignedDuration;

use super::{App, Outcome, Token};
use crate::audit::{Entry, Event};
use crate::crypto::{Digest, OpenError, Purpose, Sealed};
use crate::entropy;
use crate::outbox::{AskedWith, Job};
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

/// Who shows the key of a provider.
#[derive(Clone, Copy, Debug)]
pub struct KeyHolder {
    /// Whose key it is.
    pub provider: ProviderId,
    /// Its keyed hash.
    key: Digest,
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
    /// before ends, and with it the invitations that were asked for with it and are not made yet,
    /// and the letters about those that are: whoever replaces a key may know it to be in other
    /// hands.
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

    /// Who shows this key. One of nobody is counted.
    ///
    /// # Errors
    /// `unavailable`.
    pub async fn key_holder(&self, key: Option<&Token>) -> Outcome<Option<KeyHolder>> {
        let found = match key {
            Some(key) => {
                let key = self.keys.digest(Purpose::ProviderKey, key.as_bytes());
                let provider = self.store.provider_by_key(&key).await?;
                provider.map(|provider| KeyHolder { provider, key })
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
        KeyHolder { provider, key }: KeyHolder,
        number: &str,
        wish: Wish,
    ) -> Outcome<()> {
        let at = self.now();
        let job = Job::Connection {
            provider,
            number: number.to_owned(),
            wish,
            asked_at: at,
            key: Some(AskedWith(key.0)),
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::application::{Parts, open};
    use crate::config::Config;
    use crate::store::Lane;

    /// Else the worker could not tell what was asked for with a key that was replaced since.
    #[tokio::test]
    async fn what_is_asked_for_says_with_which_key() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("x.db");
        let env = [
            ("FRONTDESK_MODE", "demo".to_owned()),
            ("FRONTDESK_SECRETS__KEY", "4b".repeat(32)),
            (
                "FRONTDESK_DATABASE__URL",
                format!("sqlite://{}", file.display()),
            ),
        ];
        let env = env.map(|(name, value)| (name.to_owned(), value));
        let config = Config::load(None, env.into_iter()).unwrap();
        let app = open(&config, Parts::default()).await.unwrap();
        let features = Features::of_list("");
        let provider = app.add_provider("Reed", &features).await.unwrap();
        let key = app.make_provider_key(provider).await.unwrap();
        let holder = app.key_holder(Some(&key)).await.unwrap().unwrap();
        let asked = app.ask_as_provider(holder, "WS-1", Wish::Invite);
        asked.await.unwrap();
        let now = app.now();
        let claimed = app.store.claim_job(Lane::Practice, now, now).await;
        let claimed = claimed.unwrap().unwrap();
        let job = (app.keys).open_json(Purpose::Job, &claimed.id.0, &claimed.sealed);
        let Ok(Job::Connection {
            key: Some(AskedWith(asked_with)),
            ..
        }) = job.await
        else {
            panic!("it says no key");
        };
        let made = app.keys.digest(Purpose::ProviderKey, key.as_bytes());
        assert_eq!(asked_with, made.0);
    }
}
