//! What the flows of whoever is signed in write about their account.
//!
//! It must not know how it was proven that they may.

use protocol::{Channel, ProblemCode};

use super::{Draft, LETTER_LIFETIME};
use crate::app::Outcome;
use crate::app::holder::{ChangedPhone, Holder};
use crate::flow::Passed;
use crate::outbox::{Job, Notice};
use crate::patient::phone::Phone;
use crate::store::{Lane, Write};

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
    /// the owner still has, if it was not they who have changed it. Where the number is the
    /// one before, no other phone was linked, and nobody is told that one was.
    pub(super) async fn change_phone(
        &self,
        passed: Passed,
        phone: Phone,
        phone_channel: Channel,
    ) -> Outcome<Vec<Write>> {
        let number = phone.as_e164().to_owned();
        let changed = (self.app).changed_phone(self.holder()?, passed, phone, phone_channel);
        let ChangedPhone { contact, before } = changed.await?;
        let (before, channel) = before;
        if before.as_e164() == number {
            return Ok(vec![Write::Contact(contact)]);
        }
        let unlinked = Job::PhoneUnlinked {
            account: passed.account,
            phone: before,
            channel,
        };
        Ok(vec![
            Write::Contact(contact),
            self.notice(passed.account, Notice::PhoneChanged, Lane::Email),
            Write::Job(self.app.job(&unlinked, self.at + LETTER_LIFETIME)),
        ])
    }
}
