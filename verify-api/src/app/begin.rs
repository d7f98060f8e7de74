//! Begins a flow.

use protocol::{FlowKind, Locale, Notice, ProblemCode, View};

use super::holder::Holder;
use super::{App, Kept, Outcome, Token, Visitor, within};
use crate::crypto::{Digest, Purpose};
use crate::entropy;
use crate::flow::State;
use crate::store::{FlowId, NewFlow};

impl App {
    /// The first step of `kind`, before there is a flow: for a page that is only
    /// looked at.
    pub fn first_view(&self, kind: FlowKind) -> View {
        self.first_view_of(kind, None)
    }

    /// The same, as whoever is signed in by the session of this keyed hash is shown it; nothing
    /// where nobody is.
    ///
    /// # Errors
    /// `unavailable`.
    pub(crate) async fn own_first_view(
        &self,
        kind: FlowKind,
        session: Option<Digest>,
    ) -> Outcome<Option<View>> {
        match self.holder(session).await {
            Ok((holder, _)) => Ok(Some(self.first_view_of(kind, Some(&holder)))),
            Err(failure) if failure.problem.code == ProblemCode::SignInFirst => Ok(None),
            Err(failure) => Err(failure),
        }
    }

    fn first_view_of(&self, kind: FlowKind, holder: Option<&Holder>) -> View {
        let (state, now) = (State::begin(kind), self.now());
        self.shown(&state, holder, state.waits_until(now, now), None)
    }

    /// Begins a flow of `kind`; its token is in the view, and nowhere else. One that changes an
    /// account is of whoever is signed in, and of nobody else.
    ///
    /// # Errors
    /// `sign-in-first`, `over-limit`, `unavailable`.
    pub async fn begin(&self, kind: FlowKind, locale: Locale, from: Visitor) -> Outcome<View> {
        self.begin_at(State::begin(kind), locale, None, from).await
    }

    /// The same for whoever has typed nothing yet: if they are signed in, they need not sign in
    /// once more, and the flow is done as it begins. It says so: they may be somebody else than
    /// whoever comes now.
    ///
    /// # Errors
    /// As [`App::begin`].
    pub async fn open(&self, kind: FlowKind, locale: Locale, from: Visitor) -> Outcome<View> {
        let session = from.session.filter(|_| kind == FlowKind::SignIn);
        let is_done = match session {
            Some(session) => self.is_signed_in(session).await?,
            None => false,
        };
        let (state, notice) = if is_done {
            (State::signed_in(), Some(Notice::SignedIn))
        } else {
            (State::begin(kind), None)
        };
        self.begin_at(state, locale, notice, from).await
    }

    async fn begin_at(
        &self,
        state: State,
        locale: Locale,
        notice: Option<Notice>,
        from: Visitor,
    ) -> Outcome<View> {
        let kind = state.kind();
        let signed_in = if kind.needs_session() {
            Some(self.holder(from.session).await?)
        } else {
            None
        };
        let (holder, session_ends) = signed_in.unzip();
        let (token, now) = (Token::new(&*self.entropy), self.now());
        let id = FlowId(entropy::bytes(&*self.entropy));
        let expires_at = state.waits_until(now, now);
        let kept = Kept {
            state,
            locale,
            holder,
        };
        self.store
            .insert_flow(NewFlow {
                id,
                token: self.keys.digest(Purpose::FlowToken, token.as_bytes()),
                state: self.seal_state(id, &kept),
                at: now,
                expires_at,
                subject: self.subject(&kept)?,
                charges: self.limits.starting(from.network),
            })
            .await?;
        self.metrics.begun(kind);
        let ends_at = within(expires_at, session_ends);
        Ok(View {
            token: Some(token.expose()),
            ..self.shown(&kept.state, kept.holder.as_ref(), ends_at, notice)
        })
    }
}
