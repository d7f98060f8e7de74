//! Signing in as staff: email, password and the code of an authenticator app, together.
//!
//! Whatever of the three was wrong, the answer is the same, and so is the work for an email
//! that nobody has. Tries are counted before they are looked at, in a row of the email; those
//! of a browser in which its owner has signed in or set up are counted in a row of that browser
//! and for no network, so that strangers keep nobody out of a desk where they have worked before.

use jiff::Timestamp;
use protocol::ProblemCode;
use protocol::answers::PasswordText;
use protocol::values::{Code, Email};

use super::super::{App, Failure, Outcome, Token, later, seconds};
use super::browser::KnownBrowser;
use crate::audit::{Entry, Event};
use crate::crypto::{Digest, Purpose};
use crate::limits::{Charge, Network};
use crate::staff::AppSecret;
use crate::store::{NewStaffSession, StaffCredentials, StaffGuess, StoreError};

/// What a try came to.
#[derive(Debug)]
pub enum StaffEntry {
    /// Somebody is signed in.
    In {
        /// The token of their session.
        session: Token,
        /// By which the browser is known from now on.
        browser: KnownBrowser,
    },
    /// Email, password or code were not right, or the code was used before.
    Wrong,
    /// There were wrong tries in a row: the next has to wait so many seconds.
    Wait(u32),
    /// There were so many that none is looked at any more.
    Stopped,
}

/// What was typed.
pub struct StaffTyped {
    /// The email.
    pub email: Email,
    /// The password.
    pub password: PasswordText,
    /// The code of the app.
    pub code: Code,
}

crate::crypto::redact!(StaffTyped);

impl App {
    /// Signs a staff user in, in a browser that shows what it was given earlier: by which it
    /// is known, and the session that it had, which ends.
    ///
    /// # Errors
    /// `over-limit` for a network that has tried too often; `unavailable`, also where everybody
    /// together has, for a browser that is not known.
    pub async fn sign_staff_in(
        &self,
        typed: &StaffTyped,
        browser: &KnownBrowser,
        earlier: Option<&Token>,
        from: Network,
    ) -> Outcome<StaffEntry> {
        let email = self.staff_key(&typed.email);
        let known = self.recognize(&email, browser).await?;
        // Whoever is turned away in a crowd has not guessed.
        let place = self.passwords.place();
        let place = place.map_err(|error| Failure::unavailable(&error))?;
        let at = self.now();
        let (network, everybody) = match &known {
            Some(_) => (Vec::new(), Vec::new()),
            None => self.charge_stranger(from, at).await?,
        };
        let guess = StaffGuess {
            email,
            ladder: self.limits.staff(&email, known.as_ref().map(|it| &it.row)),
            at,
        };
        let credentials = match self.store.try_staff(guess).await {
            Err(error @ (StoreError::MustWait { .. } | StoreError::GuessingStopped)) => {
                // No password is hashed.
                self.store.give_back(everybody).await?;
                return Ok(match error {
                    StoreError::MustWait { wait } => StaffEntry::Wait(seconds(wait)),
                    _ => StaffEntry::Stopped,
                });
            }
            credentials => credentials?,
        };
        let stored = credentials.as_ref().map(|it| &it.password);
        let password = typed.password.clone();
        let is_right = self.passwords.verify(place, &email, stored, password).await;
        let is_right = is_right.map_err(|error| Failure::unavailable(&error))?;
        let secret = self.secret_of(&email, credentials.as_ref()).await?;
        let step = secret.step(&typed.code, at);
        let (Some(found), Some(step), true) = (credentials, step, is_right) else {
            return Ok(StaffEntry::Wrong);
        };
        let browser = self.known_for(&email, &found.password, browser, known.as_ref());
        let session = Token::new(&*self.entropy);
        let new = NewStaffSession {
            token: self.staff_session_key(&session),
            staff: found.staff,
            password: found.password,
            step,
            ladder: guess.ladder,
            earlier: earlier.map(|earlier| self.presented_by_staff(earlier)),
            at,
            expires_at: at + self.staff_lifetime(),
        };
        let entry = Entry::of_staff(Event::StaffSignedIn, found.staff);
        if !self.store.begin_staff_session(new, entry).await? {
            return Ok(StaffEntry::Wrong);
        }
        self.store.give_back([network, everybody].concat()).await?;
        Ok(StaffEntry::In { session, browser })
    }

    /// Takes what a try costs in a browser that is not known for the email: of the network's
    /// budgets, and of everybody's, which keeps the work of all that strangers try in bounds.
    async fn charge_stranger(
        &self,
        from: Network,
        at: Timestamp,
    ) -> Outcome<(Vec<Charge>, Vec<Charge>)> {
        let network = self.limits.signing_in_as_staff(from);
        self.store.charge(network.clone(), at).await?;
        let everybody = vec![self.limits.signing_in_as_staff_anywhere()];
        match self.store.charge(everybody.clone(), at).await {
            Ok(()) => Ok((network, everybody)),
            // What the network has paid is not given back: else nothing would bound what one
            // sends from now on.
            Err(StoreError::OverBudget { .. }) => {
                match self
                    .store
                    .charge(vec![self.limits.telling_crowd()], at)
                    .await
                {
                    Ok(()) => tracing::warn!(
                        "strangers have tried as many passwords of staff as they may in an hour"
                    ),
                    Err(StoreError::OverBudget { .. }) => {}
                    Err(error) => return Err(error.into()),
                }
                Err(later(ProblemCode::Unavailable, 30))
            }
            Err(error) => Err(error.into()),
        }
    }

    /// The secret of whoever has the email; of nobody one that nobody has, for the same work.
    async fn secret_of(
        &self,
        email: &Digest,
        found: Option<&StaffCredentials>,
    ) -> Outcome<AppSecret> {
        let Some(found) = found else {
            return Ok(AppSecret::of_bytes(&email.0));
        };
        let opened = (self.keys).open_fresh(Purpose::StaffApp, &found.staff.0, &found.sealed);
        let opened = opened.await.map_err(|error| Failure::unavailable(&error))?;
        let secret = AppSecret::of_sealed(&opened);
        secret.ok_or_else(|| Failure::unavailable(&"the secret of an app is none"))
    }
}
