//! Shows a username to whoever holds the emailed link and presses the button.
//!
//! Opening the link changes nothing, so that a mail scanner which follows it
//! does not use it up.

use protocol::ProblemCode;

use super::{App, Failure, Outcome, Token};
use crate::account::AccountSecrets;
use crate::crypto::Purpose;

impl App {
    /// Whether the link still works.
    ///
    /// # Errors
    /// `unavailable`.
    pub async fn can_reveal(&self, token: &Token) -> Outcome<bool> {
        let digest = self.keys.digest(Purpose::RevealToken, token.as_bytes());
        Ok(self.store.reveal_is_open(&digest, self.now()).await?)
    }

    /// Spends the link and says the username.
    ///
    /// # Errors
    /// `not-found` when the link was used, has run out or never was;
    /// `unavailable`.
    pub async fn reveal(&self, token: &Token) -> Outcome<String> {
        let digest = self.keys.digest(Purpose::RevealToken, token.as_bytes());
        let account = self
            .store
            .spend_reveal(&digest, self.now())
            .await?
            .ok_or(ProblemCode::NotFound)?;
        let secrets: AccountSecrets = self
            .keys
            .open_json(Purpose::Account, &account.id.0, &account.sealed)
            .await
            .map_err(|error| Failure::unavailable(&error))?;
        Ok(secrets.username.as_str().to_owned())
    }
}
