//! Checks the password of a sign-in.
//!
//! The same work for a username that nobody has, and for a wrong password where a
//! code is asked for: only who may come in is answered in another way.

use protocol::answers::PasswordText;
use protocol::values::Username;

use super::commit::{LETTER_LIFETIME, refused};
use super::{App, Failure, Outcome};
use crate::crypto::{Digest, Overloaded, PasswordHash};
use crate::entropy;
use crate::flow::{Passed, Rehash, SignInFact};
use crate::limits::ladder::Counted;
use crate::limits::{Network, ladder};
use crate::outbox::Job;
use crate::store::{FlowId, PasswordGuess, TriedPassword};

/// A password that was counted and compared.
pub(super) struct Weighed {
    pub(super) row: Counted,
    pub(super) is_last_try: bool,
    is_told: bool,
    /// Whose it is, if it is right.
    pub(super) passed: Option<Passed>,
    /// What it was compared with.
    stored: Option<PasswordHash>,
}

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
        let at = self.now();
        let letter = Job::SignInStopped {
            username: username.as_str().to_owned(),
        };
        let guess = PasswordGuess {
            flow,
            username: owner,
            ladder: self.limits.passwords(username.as_str()),
            session: None,
            telling: self.limits.telling_password(username.as_str()).into(),
            letter: self.job(&letter, at + LETTER_LIFETIME),
            at,
        };
        let Weighed {
            row,
            is_told,
            passed,
            stored,
            ..
        } = self.weigh_password(guess, password, from).await?;
        if !is_told {
            self.metrics.code_required();
            let is_guessed = row.failures > ladder::FREE;
            return Ok(SignInFact::CodeRequired { passed, is_guessed });
        }
        match (passed, stored) {
            (Some(passed), Some(old)) if !row.is_stopped() => {
                let better = self.rehash(&owner, old, password).await;
                Ok(SignInFact::Right { passed, better })
            }
            _ => Ok(SignInFact::Wrong),
        }
    }

    /// Counts a password, and then compares it: the same work whether or not anybody has the
    /// username. Whoever is turned away in a crowd has not guessed.
    pub(super) async fn weigh_password(
        &self,
        guess: PasswordGuess,
        password: &PasswordText,
        from: Network,
    ) -> Outcome<Weighed> {
        let owner = guess.username;
        let place = self.passwords.place();
        let place = place.map_err(|error| Failure::unavailable(&error))?;
        let charges = self.limits.signing_in(from);
        self.store.charge(charges, self.now()).await?;
        let tried = self.store.try_password(guess).await.map_err(refused)?;
        let TriedPassword {
            row,
            is_last_try,
            is_told,
            known,
        } = tried;
        if row.is_first && row.is_stopped() {
            self.wake.notify_one();
        }
        let (known, stored) = known.unzip();
        let is_right = self
            .passwords
            .verify(place, &owner, stored.as_ref(), password.clone());
        let is_right = is_right
            .await
            .map_err(|error| Failure::unavailable(&error))?;
        Ok(Weighed {
            row,
            is_last_try,
            is_told,
            passed: known.filter(|_| is_right),
            stored,
        })
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
