//! What practices ask for about patients, and the letter to a patient whom a provider invites.
//!
//! Here, and only here, it is found out whether there is such a patient, and an account. The
//! letter does not say which provider it is: the name alone can tell what somebody is treated
//! for, and whoever else reads the mailbox is not to learn it. It leaves later, at a time that
//! nobody can tell: whoever has asked must not see, by what waits behind it, that there is a letter.

use jiff::{SignedDuration, Timestamp};
use protocol::Channel;

use super::draft::{Draft, Stop};
use super::{Writer, address, first_name};
use crate::account::AccountId;
use crate::audit::{Entry, Event};
use crate::crypto::{Digest, Purpose};
use crate::entropy;
use crate::entropy::Entropy;
use crate::outbox::letter::Letter;
use crate::outbox::{AskedWith, Job};
use crate::provider::{ConnectionId, ProviderId, Wish};
use crate::store::{JobId, NewConnection, NewJob, NewLetter};

/// How long the letter about an invitation is of use.
pub(crate) const CONNECTION_LETTER_LIFETIME: SignedDuration = SignedDuration::from_hours(72);

/// How long a letter waits at least that a practice has brought about.
const SHORTEST_WAIT: SignedDuration = SignedDuration::from_mins(5);
/// The longest that such a letter waits.
const LONGEST_WAIT: SignedDuration = SignedDuration::from_mins(30);

/// How long a letter waits, by chance.
fn wait(entropy: &dyn Entropy) -> SignedDuration {
    let chance = i64::from(u32::from_be_bytes(entropy::bytes(entropy)));
    let more = (LONGEST_WAIT - SHORTEST_WAIT).as_secs() * 1000;
    SHORTEST_WAIT + SignedDuration::from_millis((more * chance) >> 32)
}

impl Writer<'_> {
    /// Does what a practice asks for about the patient with a record number, if there is one
    /// with an account. It invites nobody with a key that is its own no more.
    pub(super) async fn connection(
        &self,
        provider: ProviderId,
        number: &str,
        wish: Wish,
        (asked_at, key): (Timestamp, Option<Digest>),
    ) -> Result<Draft, Stop> {
        let source = self.keys.digest(Purpose::PatientSource, number.as_bytes());
        let Some(found) = self.store.account_by_source(&source).await? else {
            return Ok(Draft::Nothing(None));
        };
        let connection = NewConnection {
            id: ConnectionId(entropy::bytes(self.entropy)),
            provider,
            account: found.id,
            asked_at,
            key,
        };
        let entry = |event| Entry {
            event,
            subject: found.id.0,
            actor: Some(provider.0),
        };
        match wish {
            Wish::Invite => {
                if !self.record(&found).await?.standing.is_current() {
                    return Ok(Draft::Nothing(None));
                }
                let id = JobId(entropy::bytes(self.entropy));
                let letter = Job::ConnectionLetter {
                    account: found.id,
                    connection: connection.id,
                    key: key.map(|key| AskedWith(key.0)),
                };
                let leaves_at = self.now + wait(self.entropy);
                let letter = NewLetter {
                    job: NewJob {
                        id,
                        lane: letter.lane(),
                        sealed: (self.keys).seal_json(Purpose::Job, &id.0, &letter, self.entropy),
                        not_after: leaves_at + CONNECTION_LETTER_LIFETIME,
                    },
                    leaves_at,
                    charges: self.limits.telling_connection_by_key(found.id, provider),
                };
                let audit = entry(Event::ConnectionInvited);
                (self.store)
                    .connect(connection, letter, self.now, audit)
                    .await?;
            }
            Wish::Withdraw => {
                let audit = entry(Event::ConnectionWithdrawn);
                self.store.withdraw(connection, self.now, audit).await?;
            }
        }
        Ok(Draft::Nothing(None))
    }

    /// Tells an account's owner that a provider has invited them, while the invitation is open,
    /// the key with which it was asked for is the provider's, and they are a patient still: nobody
    /// is written to who has died meanwhile.
    pub(super) async fn connection_letter(
        &self,
        account: AccountId,
        connection: ConnectionId,
        key: Option<Digest>,
    ) -> Result<Draft, Stop> {
        if !self.store.is_invited(connection, key).await? {
            return Ok(Draft::Nothing(None));
        }
        let Some(found) = self.store.account(account).await? else {
            return Ok(Draft::Nothing(None));
        };
        let patient = self.record(&found).await?;
        if !patient.standing.is_current() {
            return Ok(Draft::Nothing(None));
        }
        let secrets = self.secrets(&found).await?;
        let letter = Letter::Connection {
            given_name: first_name(&patient),
            link: &self.links.account(patient.locale),
        };
        let to = address(&secrets, Channel::Email);
        let message = self.message(Channel::Email, to, patient.locale, &letter)?;
        // It was paid for with the invitation.
        Ok(Draft::ready(message, Some(account), Vec::new()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    struct Always(u8);

    impl Entropy for Always {
        fn fill(&self, bytes: &mut [u8]) {
            bytes.fill(self.0);
        }
    }

    #[test]
    fn a_letter_waits_between_five_minutes_and_half_an_hour() {
        let waits = [0, 0x80, 0xff].map(|chance| wait(&Always(chance)));
        let minutes = waits.map(|wait| (wait + SignedDuration::from_secs(1)).as_mins());
        assert_eq!(minutes, [5, 17, 30]);
        assert!(waits[2] <= LONGEST_WAIT);
    }
}
