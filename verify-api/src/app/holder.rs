//! Whose account a flow changes: whoever is signed in, and only while they are.
//!
//! A flow of an account belongs to the session in which it began. Its token alone opens
//! nothing: that session must be shown with it, and live, unless the flow itself has ended it.
//! It must not know what a flow changes.

use jiff::Timestamp;
use protocol::ProblemCode;
use protocol::answers::PasswordText;
use protocol::values::Username;
use serde::{Deserialize, Serialize};

use super::commit::LETTER_LIFETIME;
use super::{App, Failure, Outcome};
use crate::account::{AccountId, AccountSecrets};
use crate::crypto::Digest;
use crate::flow::{Passed, PasswordFact, confirm};
use crate::limits::Network;
use crate::outbox::Job;
use crate::store::{FlowId, Held, PasswordGuess};

/// Whoever was signed in when a flow of their account began.
#[derive(Clone, Serialize, Deserialize)]
pub(crate) struct Holder {
    /// The account.
    pub(crate) account: AccountId,
    /// Its username, as its owner wrote it.
    pub(super) username: String,
    /// The keyed hash of the session.
    session: [u8; 32],
}

crate::crypto::redact!(Holder);

impl Holder {
    pub(crate) const fn session(&self) -> Digest {
        Digest(self.session)
    }

    pub(crate) fn username(&self) -> Outcome<Username> {
        let username = Username::parse(&self.username);
        username.map_err(|_| Failure::unavailable(&"the username of a flow is none"))
    }
}

/// The account of a holder, as it is read before they change it.
pub(super) struct OwnAccount {
    pub(super) held: Held,
    pub(super) secrets: AccountSecrets,
}

impl App {
    /// Whoever is signed in by the session that was shown, and when it ends.
    pub(super) async fn holder(&self, session: Option<Digest>) -> Outcome<(Holder, Timestamp)> {
        let session = session.ok_or(ProblemCode::SignInFirst)?;
        let living = self.living(session).await?;
        let living = living.ok_or(ProblemCode::SignInFirst)?;
        let ends_at = self.ends_at(&living);
        let account = living.found.account;
        let secrets = self.secrets(&account).await?;
        let holder = Holder {
            account: account.id,
            username: secrets.username.as_str().to_owned(),
            session: session.0,
        };
        Ok((holder, ends_at))
    }

    /// When the session ends that is shown, if it is the holder's, and lives.
    pub(super) async fn check_holder(
        &self,
        holder: &Holder,
        shown: Option<Digest>,
    ) -> Outcome<Timestamp> {
        let shown = shown.filter(|shown| shown.matches(&holder.session()));
        let living = match shown {
            Some(session) => self.living(session).await?,
            None => None,
        };
        let theirs = living.filter(|it| it.found.account.id == holder.account);
        let living = theirs.ok_or(ProblemCode::SignInFirst)?;
        Ok(self.ends_at(&living))
    }

    /// Counts the password of a holder, and then says what it was. It is counted in the row
    /// of sign-ins, and in one of the session: whoever has found a phone unlocked has so many
    /// guesses and no more. What may be told at a sign-in does not matter here, since
    /// strangers are told nothing.
    pub(super) async fn confirm_password(
        &self,
        flow: FlowId,
        holder: &Holder,
        password: &PasswordText,
        from: Network,
    ) -> Outcome<PasswordFact> {
        let username = holder.username()?;
        let at = self.now();
        let letter = Job::SignInStopped {
            username: username.as_str().to_owned(),
        };
        let guess = PasswordGuess {
            flow,
            username: self.username_digest(&username),
            ladder: self.limits.passwords(username.as_str()),
            session: Some((self.limits.confirming(&holder.session()), confirm::TRIES)),
            telling: Vec::new(),
            letter: self.job(&letter, at + LETTER_LIFETIME),
            at,
        };
        let weighed = match self.weigh_password(guess, password, from).await {
            Err(failure) if failure.problem.code == ProblemCode::TooManyTries => {
                return Ok(PasswordFact::Spent);
            }
            weighed => weighed?,
        };
        let is_theirs = |passed: &Passed| passed.account == holder.account;
        let passed = (weighed.passed).filter(|it| is_theirs(it) && !weighed.row.is_stopped());
        Ok(match passed {
            Some(passed) => PasswordFact::Right(passed),
            // Told now: to type it once more would be of no use.
            None if weighed.is_last_try => PasswordFact::Spent,
            None => PasswordFact::Wrong,
        })
    }

    /// Whether no password is looked at any more in the session of a holder.
    pub(super) async fn is_confirming_spent(&self, holder: &Holder) -> Outcome<bool> {
        let row = self.limits.confirming(&holder.session());
        Ok(self.store.failures(&row).await? >= u32::from(confirm::TRIES))
    }

    /// The account of a holder whose password was right, and is so still.
    pub(super) async fn own_account(&self, holder: &Holder, passed: Passed) -> Outcome<OwnAccount> {
        let found = self.store.account_of(passed).await?;
        let found = found.ok_or(ProblemCode::SignInFirst)?;
        let secrets = self.secrets(&found).await?;
        let held = Held {
            passed,
            session: self.presented(holder.session()),
            before: found.sealed,
        };
        Ok(OwnAccount { held, secrets })
    }
}
