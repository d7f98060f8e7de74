//! Which effects may follow from what was proven.

use protocol::{Channel, StepName};

use super::Ledger;
use crate::flow::properties::acts;
use crate::flow::properties::house::{INVITATION, PATIENT, account_of};
use crate::flow::properties::record::Record;
use crate::flow::{CodeFor, Effect, NewAccount, Recipient};

impl Ledger {
    /// Whether the effect may come of the act.
    pub(in crate::flow::properties) fn allows_effect(
        &self,
        effect: &Effect,
        record: &Record,
    ) -> bool {
        let from = record.before.step;
        match effect {
            Effect::SendCode { to, channel } => match to {
                Recipient::OnFile(phone) => {
                    phone.as_e164() == acts::PHONE && self.phone && *channel != Channel::Email
                }
                Recipient::NewEmail(email) => {
                    self.address.as_ref() == Some(email)
                        && self.is_present(record.after.at)
                        && *channel == Channel::Email
                }
                Recipient::Username(name) => self.username.as_ref() == Some(name),
                Recipient::SignIn { passed, .. } => self.sign_in.is_some_and(|it| {
                    it.needs_code && it.account == passed.map(|passed| passed.account)
                }),
                Recipient::NewPhone { passed, phone } => {
                    self.confirmed
                        && account_of(acts::USERNAME) == Some(passed.account)
                        && self.new_phone.as_deref() == Some(phone.as_e164())
                        && *channel != Channel::Email
                }
                Recipient::ChangedEmail { passed, email } => {
                    self.confirmed
                        && account_of(acts::USERNAME) == Some(passed.account)
                        && self.changed_email.as_ref() == Some(email)
                        && *channel == Channel::Email
                }
            },
            Effect::EndPasswordTries => self.confirmed && from == StepName::Password,
            Effect::SpendCode(CodeFor::NewPhone) => self.new_phone_proven && from == StepName::Code,
            Effect::ChangePhone { passed, phone, .. } => {
                self.new_phone_proven
                    && account_of(acts::USERNAME) == Some(passed.account)
                    && self.new_phone.as_deref() == Some(phone.as_e164())
            }
            Effect::SpendCode(CodeFor::ChangedEmail) => {
                self.changed_email_proven && from == StepName::Code
            }
            Effect::ChangeEmail { passed, email } => {
                self.changed_email_proven
                    && account_of(acts::USERNAME) == Some(passed.account)
                    && self.changed_email.as_ref() == Some(email)
            }
            Effect::Deactivate(passed) => {
                self.confirmed
                    && self.own_username
                    && account_of(acts::USERNAME) == Some(passed.account)
            }
            Effect::SpendCode(CodeFor::SignIn) => {
                self.sign_in.is_some_and(|it| it.code) && from == StepName::Code
            }
            Effect::BeginSession { passed, .. } => self.signed_in() == Some(passed.account),
            Effect::GiveBackPasswordTry(_) => {
                self.signed_in().is_some() && from == StepName::SignIn
            }
            Effect::TellOfGuesses(account) => {
                self.signed_in() == Some(*account) && from == StepName::Code
            }
            Effect::SpendCode(CodeFor::Phone) => self.phone_proven == Some(record.after.at),
            Effect::SpendCode(CodeFor::NewEmail) => self.email_proven && from == StepName::Code,
            Effect::SpendCode(CodeFor::Reset) => self.reset.is_some() && from == StepName::Code,
            Effect::SendUsername(_) => self.personal_info,
            Effect::GiveBackIdentityTry(id) => {
                *id == INVITATION && self.identity && from == StepName::Identity
            }
            Effect::UseInvitation(id) => *id == INVITATION && self.credentials.is_some(),
            Effect::CreateAccount(account) => self.is_of_the_proven(account),
            Effect::ChangePassword { account, .. } => {
                self.is_reset_proven() && self.reset == Some(*account)
            }
            Effect::Audit(..) => true,
        }
    }

    fn is_of_the_proven(&self, account: &NewAccount) -> bool {
        account.patient == PATIENT
            && account.phone.as_e164() == acts::PHONE
            && self.email_proven
            && self.address.as_deref() == Some(account.email.as_str())
            && self.credentials.as_deref() == Some(account.username.as_str())
    }
}
