//! Who of the staff is signed in, and signing out.

use jiff::SignedDuration;

use super::super::session::SEEN_EVERY;
use super::super::{App, Failure, Outcome, Token, seconds};
use crate::crypto::{Digest, Purpose};
use crate::staff::{Role, StaffId};
use crate::store::Shown;

/// How long staff stay signed in without a sign at most, whatever is set for patients: a
/// computer at a desk is one that others pass by.
const IDLE: SignedDuration = SignedDuration::from_mins(15);

/// How long at most, whatever they do: a long shift.
const LIFETIME: SignedDuration = SignedDuration::from_hours(12);

/// A staff user who is signed in.
#[derive(Clone)]
pub struct StaffSignedIn {
    /// Who.
    pub id: StaffId,
    /// Their email.
    pub email: String,
    /// What they may do.
    pub role: Role,
    /// Seconds until the session ends if nothing is done.
    pub idle: u32,
    /// Seconds until it ends, whatever is done.
    pub left: u32,
}

crate::crypto::redact!(StaffSignedIn);

impl App {
    /// The keyed hash by which a session of staff is found.
    pub(super) fn staff_session_key(&self, session: &Token) -> Digest {
        self.keys.digest(Purpose::StaffSession, session.as_bytes())
    }

    /// How long a session of staff lives at most.
    pub(super) fn staff_lifetime(&self) -> SignedDuration {
        self.sessions.lifetime.min(LIFETIME)
    }

    /// A session of staff, as it is shown now.
    pub(super) fn presented_by_staff(&self, session: &Token) -> Shown {
        let shown = self.presented(self.staff_session_key(session));
        Shown {
            idle: shown.idle.min(IDLE),
            ..shown
        }
    }

    /// What a form of this session holds: another site cannot know it, and the session does
    /// not follow from it.
    pub(crate) fn staff_form(&self, session: &Token) -> Token {
        let Digest(bytes) = self.keys.digest(Purpose::StaffForm, session.as_bytes());
        Token::of_bytes(bytes)
    }

    /// Who of the staff is signed in by this token; nobody when the session has ended. That
    /// it was used is noted once a minute at most.
    ///
    /// # Errors
    /// `unavailable`.
    pub async fn staff_signed_in(&self, session: &Token) -> Outcome<Option<StaffSignedIn>> {
        let shown = self.presented_by_staff(session);
        let Some(found) = self.store.staff_session(shown).await? else {
            return Ok(None);
        };
        let mut seen_at = found.seen_at;
        if shown.at.duration_since(seen_at) >= SEEN_EVERY {
            self.store.see_staff_session(shown).await?;
            seen_at = shown.at;
        }
        let email = self.email_of(&found.staff).await;
        let idle = (seen_at + shown.idle).min(found.expires_at);
        Ok(Some(StaffSignedIn {
            id: found.staff.id,
            email: email.map_err(|error| Failure::unavailable(&error))?,
            role: found.staff.role,
            idle: seconds(idle.duration_since(shown.at)),
            left: seconds(found.expires_at.duration_since(shown.at)),
        }))
    }

    /// Ends this session; nothing when it has ended already.
    ///
    /// # Errors
    /// `unavailable`.
    pub async fn sign_staff_out(&self, session: &Token) -> Outcome<()> {
        let shown = self.presented_by_staff(session);
        self.store.end_staff_session(shown).await?;
        Ok(())
    }
}
