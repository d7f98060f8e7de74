//! Signing in as staff: email, password and the code of an authenticator app, together.
//!
//! Whatever of the three was wrong, the answer is the same, and so is the work for an email
//! that nobody has. Tries are counted before they are looked at, in a row of the email; those
//! of a browser in which its owner has signed in or set up are counted in a row of that browser, so that
//! strangers keep nobody out of a desk where they have worked before.

use protocol::answers::PasswordText;
use protocol::values::{Code, Email};
use subtle::ConstantTimeEq as _;

use super::super::{App, Failure, Outcome, Token, seconds};
use crate::audit::{Entry, Event};
use crate::crypto::{Digest, Purpose};
use crate::entropy;
use crate::limits::Network;
use crate::staff::AppSecret;
use crate::store::{NewStaffSession, StaffCredentials, StaffGuess, StoreError};

/// What a browser holds in which a staff user has signed in or set up: by it alone nobody
/// is signed in.
#[derive(Clone, Debug)]
pub struct KnownBrowser(pub(crate) Token);

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
    /// `over-limit` for a network that has tried too often; `unavailable`.
    pub async fn sign_staff_in(
        &self,
        typed: &StaffTyped,
        browser: Option<&KnownBrowser>,
        earlier: Option<&Token>,
        from: Network,
    ) -> Outcome<StaffEntry> {
        let email = self.staff_key(&typed.email);
        let known = browser.and_then(|browser| self.browser_of(&email, browser));
        // Whoever is turned away in a crowd has not guessed.
        let place = self.passwords.place();
        let place = place.map_err(|error| Failure::unavailable(&error))?;
        let at = self.now();
        let charges = self.limits.signing_in_as_staff(from);
        self.store.charge(charges.clone(), at).await?;
        let guess = StaffGuess {
            email,
            ladder: self.limits.staff(&email, known.as_ref()),
            at,
        };
        let credentials = match self.store.try_staff(guess).await {
            Err(StoreError::MustWait { wait }) => return Ok(StaffEntry::Wait(seconds(wait))),
            Err(StoreError::GuessingStopped) => return Ok(StaffEntry::Stopped),
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
        let session = Token::new(&*self.entropy);
        let new = NewStaffSession {
            token: self.staff_session_key(&session),
            staff: found.staff,
            password: found.password,
            step,
            ladder: guess.ladder,
            earlier: earlier.map(|earlier| self.staff_session_key(earlier)),
            at,
            expires_at: at + self.sessions.lifetime,
        };
        let entry = Entry::of_staff(Event::StaffSignedIn, found.staff);
        if !self.store.begin_staff_session(new, entry).await? {
            return Ok(StaffEntry::Wrong);
        }
        self.store.give_back(charges).await?;
        let browser = match (browser, known) {
            (Some(browser), Some(_)) => browser.clone(),
            _ => self.new_browser(&email),
        };
        Ok(StaffEntry::In { session, browser })
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

    /// By what a browser is known from now on, for one email: 128 random bits, and as many
    /// that nobody else can make of them.
    pub(super) fn new_browser(&self, email: &Digest) -> KnownBrowser {
        let random: [u8; 16] = entropy::bytes(&*self.entropy);
        let Digest(made) = self.browser_key(email, &random);
        let mut bytes = [0; 32];
        bytes[..16].copy_from_slice(&random);
        bytes[16..].copy_from_slice(&made[..16]);
        KnownBrowser(Token::of_bytes(bytes))
    }

    /// The random part, if the browser is known for this email.
    fn browser_of(&self, email: &Digest, browser: &KnownBrowser) -> Option<[u8; 16]> {
        let (random, shown) = browser.0.as_bytes().split_first_chunk()?;
        let Digest(made) = self.browser_key(email, random);
        bool::from(made[..16].ct_eq(shown)).then_some(*random)
    }

    fn browser_key(&self, email: &Digest, random: &[u8; 16]) -> Digest {
        let message = [&email.0[..], random].concat();
        self.keys.digest(Purpose::StaffBrowser, &message)
    }
}
