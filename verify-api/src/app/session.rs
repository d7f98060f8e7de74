//! Who is signed in, and signing out.
//!
//! A session is known by a token that only the browser has; it lives while it is used,
//! and not for ever. It must not know how the token travels.

use jiff::{SignedDuration, Timestamp};

use super::{App, Outcome, Token, seconds};
use crate::crypto::{Digest, Purpose};
use crate::store::{FoundSession, Shown};

/// How often it is noted that a session is used.
pub(super) const SEEN_EVERY: SignedDuration = SignedDuration::from_mins(1);

/// Somebody who is signed in.
pub struct SignedIn {
    /// As they wrote it.
    pub username: String,
    /// Where notices go, masked.
    pub email: String,
    /// The linked phone, masked.
    pub phone: String,
    /// Seconds since the session began.
    pub since: u32,
    /// Seconds until it ends if nothing is done.
    pub idle: u32,
    /// Seconds until it ends, whatever is done.
    pub left: u32,
}

crate::crypto::redact!(SignedIn);

/// A session that lives.
pub(super) struct Living {
    pub(super) found: FoundSession,
    at: Timestamp,
    unseen: SignedDuration,
}

impl App {
    /// The keyed hash by which a session is found.
    pub(crate) fn session_key(&self, session: &Token) -> Digest {
        self.keys.digest(Purpose::Session, session.as_bytes())
    }

    /// What a form of this session holds: another site cannot know it, and the session
    /// does not follow from it.
    pub(crate) fn session_form(&self, session: &Token) -> Token {
        let Digest(bytes) = self.keys.digest(Purpose::SessionForm, session.as_bytes());
        Token::of_bytes(bytes)
    }

    /// The session of this keyed hash, as it is shown now.
    pub(super) fn presented(&self, token: Digest) -> Shown {
        Shown {
            token,
            at: self.now(),
            idle: self.sessions.idle,
        }
    }

    /// The session of this keyed hash, if it lives. That it was used is noted once a minute
    /// at most.
    pub(super) async fn living(&self, session: Digest) -> Outcome<Option<Living>> {
        let shown = self.presented(session);
        let Some(found) = self.store.session(shown).await? else {
            return Ok(None);
        };
        let at = shown.at;
        let mut unseen = at.duration_since(found.seen_at);
        if unseen >= SEEN_EVERY {
            self.store.see_session(shown).await?;
            unseen = SignedDuration::ZERO;
        }
        Ok(Some(Living { found, at, unseen }))
    }

    /// When a session ends if nothing is done.
    pub(super) fn ends_at(&self, living: &Living) -> Timestamp {
        let idle = living.at + (self.sessions.idle - living.unseen);
        idle.min(living.found.expires_at)
    }

    /// Whether a session that ends then has all the time that using it gives.
    pub(super) fn is_renewed(&self, ends_at: Timestamp, now: Timestamp) -> bool {
        ends_at.duration_since(now) > self.sessions.idle - SEEN_EVERY
    }

    /// Whether somebody is signed in by the session of this keyed hash.
    ///
    /// # Errors
    /// `unavailable`.
    pub(crate) async fn is_signed_in(&self, session: Digest) -> Outcome<bool> {
        Ok(self.living(session).await?.is_some())
    }

    /// Who is signed in by this token; nobody when the session has ended.
    ///
    /// # Errors
    /// `unavailable`.
    pub async fn signed_in(&self, session: &Token) -> Outcome<Option<SignedIn>> {
        let Some(living) = self.living(self.session_key(session)).await? else {
            return Ok(None);
        };
        let ends_at = self.ends_at(&living);
        let Living { found, at, .. } = living;
        let secrets = self.secrets(&found.account).await?;
        let left = found.expires_at.duration_since(at);
        Ok(Some(SignedIn {
            username: secrets.username.as_str().to_owned(),
            email: masked_email(secrets.email.as_str()),
            phone: format!("••• {}", secrets.phone.last_two()),
            since: since(found.begun_at, at),
            idle: seconds(ends_at.duration_since(at)),
            left: seconds(left),
        }))
    }

    /// Ends this session, or all of its account; nothing when it has ended already.
    ///
    /// # Errors
    /// `unavailable`.
    pub async fn sign_out(&self, session: &Token, everywhere: bool) -> Outcome<()> {
        self.store
            .end_session(self.presented(self.session_key(session)), everywhere)
            .await?;
        Ok(())
    }
}

fn since(begun_at: Timestamp, now: Timestamp) -> u32 {
    let since = now.duration_since(begun_at).as_secs();
    u32::try_from(since.max(0)).unwrap_or(u32::MAX)
}

/// Its owner knows the rest; whoever looks over a shoulder need not.
fn masked_email(email: &str) -> String {
    let (name, host) = email.split_once('@').unwrap_or((email, ""));
    let first: String = name.chars().take(1).collect();
    format!("{first}•••@{host}")
}

#[cfg(test)]
mod tests {
    use super::masked_email;

    #[test]
    fn an_email_is_masked_but_for_its_first_letter_and_its_host() {
        assert_eq!(masked_email("rosa@example.org"), "r•••@example.org");
        assert_eq!(masked_email("ñ@example.org"), "ñ•••@example.org");
    }
}
