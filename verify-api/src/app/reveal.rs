//! Shows a username to whoever holds the emailed link and presses the button.
//!
//! Opening the link changes nothing, so that a mail scanner which follows it
//! does not use it up.

use protocol::ProblemCode;

use super::{App, Outcome, Token};
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
        let secrets = self.secrets(&account).await?;
        Ok(secrets.username.as_str().to_owned())
    }
}
