//! What the flows of whoever is signed in write about their account.
//!
//! It must not know how it was proven that they may.

use protocol::values::Email;
use protocol::{Channel, ProblemCode};

use super::{Draft, LETTER_LIFETIME};
use crate::account::AccountSecrets;
use crate::app::holder::{Holder, OwnAccount};
use crate::app::{Failure, Outcome};
use crate::crypto::Purpose;
use crate::flow::Passed;
use crate::outbox::{Job, Notice};
use crate::patient::phone::Phone;
use crate::store::{Held, NewContact, Write};

impl Draft<'_> {
    fn holder(&self) -> Outcome<&Holder> {
        Ok(self.holder.ok_or(ProblemCode::SignInFirst)?)
    }

    /// The row of the session first, as when a password is counted: so neither of two waits
    /// for the other in a circle.
    pub(super) fn end_password_tries(&self) -> Outcome<Vec<Write>> {
        let holder = self.holder()?;
        let limits = &self.app.limits;
        Ok(vec![
            Write::EndLadder(limits.confirming(&holder.session())),
            self.end_passwords(holder.username()?.as_str()),
            Write::GiveBack(limits.signing_in(self.network)),
        ])
    }

    /// The phone of before is told as well, at its own number: it may be the only one that
    /// the owner still has, if it was not they who have changed it. The email is told where
    /// it is now, for it may be changed next, before the notice is written. Where the number
    /// is the one before, no other phone was linked, and nobody is told that one was.
    pub(super) async fn change_phone(
        &self,
        passed: Passed,
        phone: Phone,
        phone_channel: Channel,
    ) -> Outcome<Vec<Write>> {
        let own = self.app.own_account(self.holder()?, passed).await?;
        let before = &own.secrets.phone;
        let is_another = before.as_e164() != phone.as_e164();
        let told = is_another.then(|| self.to_both(&own, Notice::PhoneChanged));
        let secrets = AccountSecrets {
            phone,
            phone_channel,
            ..own.secrets
        };
        let mut writes = vec![self.contact(own.held, &secrets)];
        writes.extend(told.into_iter().flatten());
        Ok(writes)
    }

    /// The phone is told as well as the email of before: whoever has lost their mailbox to
    /// somebody else may not read what comes there, and the new one is not theirs either.
    /// Where it is the email of before, in whichever letters, nobody is told of another one.
    pub(super) async fn change_email(&self, passed: Passed, email: &str) -> Outcome<Vec<Write>> {
        let email = Email::parse(email);
        let email =
            email.map_err(|_| Failure::unavailable(&"the email of a flow is no address"))?;
        let own = self.app.own_account(self.holder()?, passed).await?;
        let is_another = own.secrets.email.lookup_key() != email.lookup_key();
        let told = is_another.then(|| self.to_both(&own, Notice::EmailChanged));
        let secrets = AccountSecrets {
            email,
            ..own.secrets
        };
        let mut writes = vec![self.contact(own.held, &secrets)];
        writes.extend(told.into_iter().flatten());
        Ok(writes)
    }

    /// The email and the phone are told, at the addresses that were read: the account names
    /// none any more.
    pub(super) async fn deactivate(&self, passed: Passed) -> Outcome<Vec<Write>> {
        let own = self.app.own_account(self.holder()?, passed).await?;
        let [by_email, by_phone] = self.to_both(&own, Notice::Deactivated);
        Ok(vec![Write::Deactivation(own.held), by_email, by_phone])
    }

    fn contact(&self, held: Held, secrets: &AccountSecrets) -> Write {
        let (keys, id) = (&self.app.keys, held.passed.account);
        let email = secrets.email.lookup_key();
        Write::Contact(NewContact {
            held,
            after: keys.seal_json(Purpose::Account, &id.0, secrets, &*self.app.entropy),
            email: keys.digest(Purpose::Email, email.as_bytes()),
        })
    }

    /// To the email and the phone that were read, whatever the account names once the worker
    /// writes it.
    fn to_both(&self, own: &OwnAccount, what: Notice) -> [Write; 2] {
        let AccountSecrets {
            email,
            phone,
            phone_channel,
            ..
        } = &own.secrets;
        [
            self.to_address(own, what, email.as_str(), Channel::Email),
            self.to_address(own, what, phone.as_e164(), *phone_channel),
        ]
    }

    fn to_address(&self, own: &OwnAccount, what: Notice, to: &str, channel: Channel) -> Write {
        let job = Job::FormerAddress {
            account: own.held.passed.account,
            patient: own.secrets.patient,
            what,
            to: to.to_owned(),
            channel,
        };
        Write::Job(self.app.job(&job, self.at + LETTER_LIFETIME))
    }
}
