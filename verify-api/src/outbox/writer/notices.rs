//! Notices: what an account's owner is told afterwards, without having asked.
//!
//! It must not know why it is told.

use protocol::Channel;

use super::draft::Stop;
use super::{Draft, Writer, address, first_name};
use crate::account::AccountId;
use crate::crypto::Purpose;
use crate::outbox::letter::Letter;
use crate::outbox::{Job, Notice};
use crate::patient::{Patient, phone::Phone};
use crate::store::Lane;

impl Writer<'_> {
    pub(super) async fn notice(
        &self,
        account: AccountId,
        what: Notice,
        lane: Lane,
    ) -> Result<Draft, Stop> {
        let Some(found) = self.store.account(account).await? else {
            return Ok(Draft::Nothing(None));
        };
        let patient = self.record(&found).await?;
        let letter = Letter::Notice {
            what,
            given_name: first_name(&patient),
        };
        let secrets = self.secrets(&found).await?;
        let channel = match lane {
            Lane::Email => Channel::Email,
            Lane::Phone => secrets.phone_channel,
            Lane::Practice => return Err(Stop::Broken("its way leads to nobody")),
        };
        let to = address(&secrets, channel);
        let message = self.message(channel, to, patient.locale, &letter)?;
        Ok(Draft::ready(message, Some(account), Vec::new()))
    }

    /// The account itself is not asked: it may have ended with what is told.
    pub(super) async fn former_address(&self, job: &Job) -> Result<Draft, Stop> {
        let Job::FormerAddress {
            account,
            patient,
            what,
            to,
            channel,
        } = job
        else {
            return Err(Stop::Broken("it names no address"));
        };
        let Some(sealed) = self.store.patient(*patient).await? else {
            return Ok(Draft::Nothing(None));
        };
        let patient: Patient = (self.keys)
            .open_json(Purpose::Patient, &patient.0, &sealed)
            .await?;
        let letter = Letter::Notice {
            what: *what,
            given_name: first_name(&patient),
        };
        let message = self.message(*channel, to.clone(), patient.locale, &letter)?;
        Ok(Draft::ready(message, Some(*account), Vec::new()))
    }

    /// As it was queued before, without the word whose the account is.
    pub(super) async fn phone_unlinked(
        &self,
        account: AccountId,
        phone: &Phone,
        channel: Channel,
    ) -> Result<Draft, Stop> {
        let Some(found) = self.store.account(account).await? else {
            return Ok(Draft::Nothing(None));
        };
        let job = Job::FormerAddress {
            account,
            patient: found.patient,
            what: Notice::PhoneChanged,
            to: phone.as_e164().to_owned(),
            channel,
        };
        self.former_address(&job).await
    }
}
