//! What an account is connected with, as its owner sees it, and what they do about it.
//!
//! It must not know who else may see it, nor how a connection comes about.

use super::commit::LETTER_LIFETIME;
use super::{App, Failure, Outcome, Token};
use crate::account::AccountId;
use crate::outbox::{Job, Notice};
use crate::provider::{ConnectionId, ConnectionState, Features, ProviderId, Reply};
use crate::store::{ConnectionRow, Lane};

/// A connection, and the provider at its other end.
#[derive(Clone)]
pub struct Connected {
    /// Its id.
    pub id: ConnectionId,
    /// The provider.
    pub provider: ProviderId,
    /// The provider's name.
    pub name: String,
    /// What the provider uses of the portal.
    pub features: Features,
    /// How it stands.
    pub state: ConnectionState,
}

crate::crypto::redact!(Connected);

impl App {
    /// What is and was between the account of whoever is signed in and providers, in the order
    /// of their names; nothing when the session has ended.
    ///
    /// # Errors
    /// `unavailable`.
    pub async fn connections(&self, session: &Token) -> Outcome<Option<Vec<Connected>>> {
        let Some(living) = self.living(self.session_key(session)).await? else {
            return Ok(None);
        };
        let mut all = self.connections_of(living.found.account.id).await?;
        all.sort_by(|one, other| (&one.name, one.id).cmp(&(&other.name, other.id)));
        Ok(Some(all))
    }

    /// All connections of an account, as they are kept.
    pub(super) async fn connections_of(&self, account: AccountId) -> Outcome<Vec<Connected>> {
        let mut all = Vec::new();
        for row in self.store.connections(account).await? {
            let ConnectionRow {
                id,
                provider,
                name,
                features,
                state,
            } = row;
            let name = self.provider_name(provider, &name).await;
            all.push(Connected {
                id,
                provider,
                name: name.map_err(|error| Failure::unavailable(&error))?,
                features: Features::of_list(&features),
                state,
            });
        }
        Ok(all)
    }

    /// Does what whoever is signed in wants about a connection of their own account; whether
    /// it was there for that to be done. Whoever reads the account's email is told when who is
    /// connected changes: somebody may have found a phone unlocked.
    ///
    /// # Errors
    /// `unavailable`.
    pub async fn reply(
        &self,
        session: &Token,
        connection: ConnectionId,
        reply: Reply,
    ) -> Outcome<bool> {
        let shown = self.presented(self.session_key(session));
        let letter = match reply {
            Reply::Accept | Reply::Disconnect => {
                let Some(found) = self.store.session(shown).await? else {
                    return Ok(false);
                };
                let letter = Job::Notice {
                    account: found.account.id,
                    what: Notice::ProvidersChanged,
                    lane: Lane::Email,
                };
                Some(self.job(&letter, shown.at + LETTER_LIFETIME))
            }
            Reply::Decline => None,
        };
        let has_letter = letter.is_some();
        let is_done = (self.store).reply(shown, connection, reply, letter).await?;
        if is_done && has_letter {
            self.wake.notify_one();
        }
        Ok(is_done)
    }
}
