//! Begins a flow.

use protocol::{FlowKind, Locale, View};

use super::{App, Kept, Outcome, Token};
use crate::crypto::Purpose;
use crate::entropy;
use crate::flow::State;
use crate::limits::Network;
use crate::store::{FlowId, NewFlow};

impl App {
    /// The first step of `kind`, before there is a flow: for a page that is only
    /// looked at.
    pub fn first_view(&self, kind: FlowKind) -> View {
        let (state, now) = (State::begin(kind), self.now());
        self.shown(&state, state.waits_until(now, now), None)
    }

    /// Begins a flow of `kind`; its token is in the view, and nowhere else.
    ///
    /// # Errors
    /// `over-limit`, `unavailable`.
    pub async fn begin(&self, kind: FlowKind, locale: Locale, from: Network) -> Outcome<View> {
        let (token, state, now) = (Token::new(&*self.entropy), State::begin(kind), self.now());
        let id = FlowId(entropy::bytes(&*self.entropy));
        let expires_at = state.waits_until(now, now);
        let kept = Kept { state, locale };
        self.store
            .insert_flow(NewFlow {
                id,
                token: self.keys.digest(Purpose::FlowToken, token.as_bytes()),
                state: self.seal_state(id, &kept),
                at: now,
                expires_at,
                subject: None,
                charges: self.limits.starting(from),
            })
            .await?;
        self.metrics.begun(kind);
        Ok(View {
            token: Some(token.expose()),
            ..self.shown(&kept.state, expires_at, None)
        })
    }
}
