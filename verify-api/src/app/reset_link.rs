//! Leads whoever holds the emailed link past the code of a reset.
//!
//! A stranger can use up every try and message of an account, but not read its
//! email. Opening the link changes nothing, so that a mail scanner which follows
//! it does not use it up.

use protocol::{Locale, ProblemCode, View};

use super::{App, Kept, Outcome, Token};
use crate::audit::Entry;
use crate::crypto::Purpose;
use crate::entropy;
use crate::flow::{Guessed, State};
use crate::store::{FlowId, NewFlow};

impl App {
    /// Whether the link still works.
    ///
    /// # Errors
    /// `unavailable`.
    pub async fn can_reset(&self, link: &Token) -> Outcome<bool> {
        let digest = self.keys.digest(Purpose::ResetLink, link.as_bytes());
        let found = self.store.reset_link(&digest, self.now()).await?;
        Ok(found.is_some())
    }

    /// Spends the link, and begins a reset at the new password, as if the code
    /// of an email had been typed. It costs no budget: whoever holds the link has
    /// proven more than budgets ask for.
    ///
    /// # Errors
    /// `not-found` when the link was used, has run out or never was;
    /// `unavailable`.
    pub async fn begin_by_link(&self, link: &Token, locale: Locale) -> Outcome<View> {
        let digest = self.keys.digest(Purpose::ResetLink, link.as_bytes());
        let now = self.now();
        let found = self.store.reset_link(&digest, now).await?;
        let found = found.ok_or(ProblemCode::NotFound)?;
        let secrets = self.secrets(&found).await?;
        let username = secrets.username.as_str().to_owned();
        let ladder = self.limits.ladder(&Guessed::Username(username.clone()));
        let state = State::proven_by_link(username, found.id);
        let (id, token) = (
            FlowId(entropy::bytes(&*self.entropy)),
            Token::new(&*self.entropy),
        );
        let expires_at = state.waits_until(now, now);
        let kept = Kept {
            state,
            locale,
            holder: None,
        };
        let subject = self.subject(&kept)?;
        let flow = NewFlow {
            id,
            token: self.keys.digest(Purpose::FlowToken, token.as_bytes()),
            state: self.seal_state(id, &kept),
            at: now,
            expires_at,
            subject,
            charges: Vec::new(),
        };
        let audit = Entry::reset_link_used(found.id);
        let spent = self
            .store
            .spend_reset_link(&digest, flow, &ladder, audit)
            .await?;
        if !spent {
            return Err(ProblemCode::NotFound.into());
        }
        Ok(View {
            token: Some(token.expose()),
            ..self.shown(&kept.state, None, expires_at, None)
        })
    }
}
