//! Checks the password of a sign-in.
//!
//! The same work for a username that nobody has, and for a wrong password after which a
//! code is asked for: only who may come in is answered in another way.

use protocol::answers::PasswordText;
use protocol::values::Username;

use super::{App, Failure, Outcome};
use crate::crypto::{Digest, Overloaded, PasswordHash};
use crate::entropy;
use crate::flow::{Rehash, SignInFact};
use crate::limits::ladder;
use crate::store::{FlowId, PasswordGuess};

impl App {
    /// Counts a password, and then says what it was.
    pub(super) async fn try_password(
        &self,
        flow: FlowId,
        username: &Username,
        password: &PasswordText,
    ) -> Outcome<SignInFact> {
        let owner = self.username_digest(username);
        let guess = PasswordGuess {
            flow,
            username: owner,
            ladder: self.limits.passwords(username.as_str()),
            at: self.now(),
        };
        let tried = self.store.try_password(guess).await?;
        let (passed, stored) = tried.known.unzip();
        let verified = self
            .passwords
            .verify(&owner, stored.as_ref(), password.clone());
        let is_right = verified
            .await
            .map_err(|error| Failure::unavailable(&error))?;
        let passed = passed.filter(|_| is_right);
        if tried.failures > ladder::FREE {
            return Ok(SignInFact::CodeRequired(passed));
        }
        let (Some(passed), Some(old)) = (passed, stored) else {
            return Ok(SignInFact::Wrong);
        };
        let better = self.rehash(&owner, old, password).await;
        Ok(SignInFact::Right { passed, better })
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
