//! Checks the password of a sign-in.
//!
//! The same work for a username that nobody has, and for a wrong password where a
//! code is asked for: only who may come in is answered in another way.

use protocol::answers::PasswordText;
use protocol::values::Username;

use super::commit::LETTER_LIFETIME;
use super::{App, Failure, Outcome};
use crate::crypto::{Digest, Overloaded, PasswordHash};
use crate::entropy;
use crate::flow::{Passed, Rehash, Row, SignInFact};
use crate::limits::Network;
use crate::limits::ladder::Guessing;
use crate::outbox::Job;
use crate::store::{FlowId, PasswordGuess, StoreError};

impl App {
    /// Counts a password, and then says what it was.
    pub(super) async fn try_password(
        &self,
        flow: FlowId,
        username: &Username,
        password: &PasswordText,
        from: Network,
    ) -> Outcome<SignInFact> {
        let owner = self.username_digest(username);
        let place = self.passwords.place();
        let place = place.map_err(|error| Failure::unavailable(&error))?;
        let charges = self.limits.signing_in(from);
        self.store.charge(charges, self.now()).await?;
        let guess = PasswordGuess {
            flow,
            username: owner,
            ladder: self.limits.passwords(username.as_str()),
            telling: self.limits.telling_password(username.as_str()),
            at: self.now(),
        };
        let tried = self.store.try_password(guess).await?;
        let is_stopped = tried.is_stopped();
        let (known, stored) = tried.known.unzip();
        let checked = self
            .passwords
            .verify(place, &owner, stored.as_ref(), password.clone());
        let checked = checked
            .await
            .map_err(|error| Failure::unavailable(&error))?;
        let passed = known.filter(|_| checked.is_right);
        // Where a code is asked for, its message tells the owner.
        if tried.is_first_stopped || (is_stopped && tried.is_told) {
            let whom = if tried.is_first_stopped {
                known
            } else {
                passed
            };
            self.tell_of_stop(username, whom).await?;
        }
        if !tried.is_told {
            let row = Row(self.limits.behind_password(&checked.trace).0);
            return Ok(SignInFact::CodeRequired { passed, row });
        }
        match (passed, stored) {
            (Some(passed), Some(old)) if !is_stopped => {
                let better = self.rehash(&owner, old, password).await;
                Ok(SignInFact::Right { passed, better })
            }
            _ => Ok(SignInFact::Wrong),
        }
    }

    /// Writes to the owner that no password signs in any more, with the way to another one:
    /// once when it comes to that, and when the right one is typed. Something is queued for
    /// nobody, too, so that it is the same work.
    async fn tell_of_stop(&self, username: &Username, whom: Option<Passed>) -> Outcome<()> {
        let job = Job::ResetLink {
            account: whom.map(|whom| whom.account),
            guessing: Guessing::Password,
        };
        let at = self.now();
        let job = self.job(&job, at + LETTER_LIFETIME);
        let charge = self.limits.telling_stop(username.as_str());
        match self.store.queue_job(job, charge, at).await {
            Ok(()) => self.wake.notify_one(),
            Err(StoreError::OverBudget { .. }) => {}
            Err(error) => return Err(error.into()),
        }
        Ok(())
    }

    /// The right password by the parameters of today, where it was stored with lesser
    /// ones. When there is a crowd it is left for another time: nobody is turned away for it.
    async fn rehash(
        &self,
        owner: &Digest,
        old: PasswordHash,
        password: &PasswordText,
    ) -> Option<Box<Rehash>> {
        let salt = entropy::bytes(&*self.entropy);
        match (self.passwords)
            .better(owner, &old, password.clone(), salt)
            .await
        {
            Ok(new) => new.map(|new| Box::new(Rehash { old, new })),
            Err(Overloaded) => None,
        }
    }
}

#[cfg(test)]
mod tests;
