//! Setting up what a staff user signs in with: a password of their own choice and the secret
//! of their authenticator app.
//!
//! The secret follows from the token of the link and from what the browser holds in which
//! setting up was begun: so it is the same there each time the page is shown, and whoever has
//! only seen the link makes another one. Nothing is kept before the app has proven itself.

use protocol::answers::PasswordText;
use protocol::values::{Code, Email};
use protocol::{Field, FieldProblem, FieldProblems};

use super::super::{App, Failure, Outcome, Token};
use super::browser::KnownBrowser;
use crate::account::password::NewPassword;
use crate::audit::{Entry, Event};
use crate::crypto::Purpose;
use crate::entropy;
use crate::outbox::Links;
use crate::staff::AppSecret;
use crate::store::{StaffRow, StaffSetUp, StoreError};

/// What whoever begins by a link that works is shown.
pub struct SettingUp {
    /// Whose link it is.
    pub email: String,
    /// The secret, to be typed into an app.
    pub typed: String,
    /// The secret, to be scanned by one.
    pub uri: String,
}

crate::crypto::redact!(SettingUp);

/// What setting up came to.
#[derive(Debug)]
pub enum SetUp {
    /// It is done. The browser is known from now on.
    Done(KnownBrowser),
    /// Something needs another look.
    Problems(FieldProblems),
    /// The link was used, or has run out.
    Gone,
}

impl App {
    /// The email of whoever a link is for; nothing when it works no more. Changes nothing.
    ///
    /// # Errors
    /// `unavailable`.
    pub async fn linked_email(&self, link: &Token) -> Outcome<Option<String>> {
        let Some(staff) = self.staff_of_link(link).await? else {
            return Ok(None);
        };
        let email = self.email_of(&staff).await;
        Ok(Some(email.map_err(|error| Failure::unavailable(&error))?))
    }

    /// What the holder of a link is shown once they have begun, in a browser that holds
    /// `probe`; nothing when the link works no more. That the key of the app is shown is written
    /// down: the holder of a link may be somebody else than its owner.
    ///
    /// # Errors
    /// `unavailable`.
    pub async fn setting_up(&self, link: &Token, probe: &Token) -> Outcome<Option<SettingUp>> {
        let Some(staff) = self.staff_of_link(link).await? else {
            return Ok(None);
        };
        let email = self.email_of(&staff).await;
        let email = email.map_err(|error| Failure::unavailable(&error))?;
        let entry = Entry::about(Event::StaffSetUpBegun, staff.id.0);
        let link_key = self.keys.digest(Purpose::StaffLink, link.as_bytes());
        let charge = self.limits.telling_set_up(&link_key);
        match self.store.note(entry, charge, self.now()).await {
            Ok(()) | Err(StoreError::OverBudget { .. }) => {}
            Err(error) => return Err(error.into()),
        }
        let secret = self.app_secret(link, probe);
        let issuer = Links::new(&self.base_url).host();
        Ok(Some(SettingUp {
            typed: secret.typed(),
            uri: secret.uri(issuer, &email),
            email,
        }))
    }

    /// Spends a link for a password and a proof that the app has the secret of a browser that
    /// holds `probe`, and shows by what it is known already.
    ///
    /// # Errors
    /// `unavailable`.
    pub async fn set_up(
        &self,
        link: &Token,
        probe: &Token,
        password: &PasswordText,
        code: &Code,
        browser: &KnownBrowser,
    ) -> Outcome<SetUp> {
        let Some(staff) = self.staff_of_link(link).await? else {
            return Ok(SetUp::Gone);
        };
        let email = self.email_of(&staff).await;
        let email = email.map_err(|error| Failure::unavailable(&error))?;
        let email = Email::parse(&email);
        let email = email.map_err(|_| Failure::unavailable(&"the email of staff is none"))?;
        let secret = self.app_secret(link, probe);
        let at = self.now();
        let mut problems = FieldProblems::new();
        let step = secret.step(code, at);
        if step.is_none() {
            problems.insert(Field::Code, FieldProblem::WrongCode);
        }
        let judged = NewPassword::of_staff(password, &email, &self.names);
        let password = judged.map_err(|problem| problems.insert(Field::Password, problem));
        let (Some(step), Ok(password)) = (step, password) else {
            return Ok(SetUp::Problems(problems));
        };
        let owner = self.staff_key(&email);
        let salt = entropy::bytes(&*self.entropy);
        let hash = self.passwords.hash(&owner, password, salt).await;
        let hash = hash.map_err(|error| Failure::unavailable(&error))?;
        let browser = self.known_for(&owner, &hash, browser, None);
        let set_up = StaffSetUp {
            token: self.keys.digest(Purpose::StaffLink, link.as_bytes()),
            staff: staff.id,
            password: hash,
            sealed: (self.keys).seal(
                Purpose::StaffApp,
                &staff.id.0,
                secret.as_bytes(),
                &*self.entropy,
            ),
            step,
            at,
        };
        let entry = Entry::of_staff(Event::StaffSetUp, staff.id);
        Ok(if self.store.set_up_staff(set_up, entry).await? {
            SetUp::Done(browser)
        } else {
            SetUp::Gone
        })
    }

    async fn staff_of_link(&self, link: &Token) -> Outcome<Option<StaffRow>> {
        let token = self.keys.digest(Purpose::StaffLink, link.as_bytes());
        Ok(self.store.staff_link(&token, self.now()).await?)
    }

    fn app_secret(&self, link: &Token, probe: &Token) -> AppSecret {
        // Both have a fixed length, so no two inputs run together.
        let message = [link.as_bytes(), probe.as_bytes()].concat();
        let made = self.keys.digest(Purpose::StaffApp, &message);
        AppSecret::of_bytes(&made.0)
    }
}
