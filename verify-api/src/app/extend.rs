//! Gives the current step its whole time again (WCAG 2.2, 2.2.1).
//!
//! Nothing is sent and no code lives longer. It costs no budget, for it takes nothing that
//! others share: a flow was paid for when it began, and ends with its lifetime all the same.

use jiff::SignedDuration;
use protocol::{Notice, View, form};

use super::{App, Loaded, Outcome, Token};
use crate::crypto::Digest;
use crate::store::{MoreTime, StoreError};

/// What is won must be worth a write: pressing again and again keeps no disk busy.
const LEAST: SignedDuration = SignedDuration::from_mins(1);

impl App {
    /// Lets the flow wait for the next answer as if the step had just been reached, within
    /// the flow's lifetime. The view says by its notice whether the time is there.
    ///
    /// # Errors
    /// `unknown-flow`, `flow-expired`, `sign-in-first`, `unavailable`; `wrong-step` with the
    /// current view when an answer has overtaken it.
    pub async fn extend(&self, token: &Token, session: Option<Digest>) -> Outcome<View> {
        let mut loaded = self.load(token, session).await?;
        let now = self.now();
        if form::is_last(loaded.kept.state.step(now).name()) {
            return self.current(&loaded, None).await;
        }
        let session_ends = loaded.session_ends;
        let Loaded { stored, kept, .. } = &mut loaded;
        let state = kept.state.clone().extended(now);
        let whole = now + state.patience();
        let expires_at = state.waits_until(stored.begun_at, now);
        let is_longer = expires_at.duration_since(stored.expires_at) >= LEAST;
        if is_longer {
            kept.state = state;
            let more = MoreTime {
                flow: stored.id,
                version: stored.version,
                state: self.seal_state(stored.id, kept),
                expires_at,
                at: now,
            };
            stored.expires_at = expires_at;
            match self.store.extend(more).await {
                Ok(()) => {}
                Err(StoreError::Conflict) => {
                    let current = self.load(token, session).await?;
                    return Err(self.wrong_step(&current).await?);
                }
                Err(error) => return Err(error.into()),
            }
        }
        let is_there = is_longer || expires_at == whole;
        // Opening the flow was a use of its session, which may end all the same.
        let has_session =
            session_ends.is_none_or(|ends| ends >= expires_at || self.is_renewed(ends, now));
        let notice = if is_there && has_session {
            Notice::MoreTime
        } else {
            Notice::NoMoreTime
        };
        self.current(&loaded, Some(notice)).await
    }
}
