//! What an answer shows, if it is taken.

use protocol::{Answers, Field, StepName};

use super::{Ledger, Proof, TRIES, lifetime};
use crate::flow::CodeFor;
use crate::flow::properties::acts::{self, Way};
use crate::flow::properties::house::{House, Invitation, account_of, index};

impl Ledger {
    /// What the answer shows, by what is true at this moment.
    pub(in crate::flow::properties) fn weigh(
        &self,
        step: StepName,
        way: Way,
        answers: &Answers,
        house: &House,
    ) -> Option<Proof> {
        let is_right = way == Way::Right;
        let is_open = house.invitation == Invitation::Open;
        let text = |field| answers.get(field).to_owned();
        match step {
            StepName::Invitation => (is_right && is_open).then_some(Proof::Invitation),
            StepName::Identity => {
                (is_right && is_open && self.guesses.identity < TRIES).then_some(Proof::Identity)
            }
            StepName::Phone if self.confirmed => match way {
                Way::Right => Some(Proof::NewPhone(acts::PHONE.to_owned())),
                Way::Wrong => Some(Proof::NewPhone(acts::NEW_PHONE.to_owned())),
                Way::Odd | Way::Malformed => None,
            },
            StepName::Phone => {
                let is_tried = is_open && self.guesses.phone < TRIES;
                (is_right && (is_tried || self.has_phone_code(house))).then_some(Proof::Phone)
            }
            StepName::Code => self.weigh_code(&text(Field::Code), house),
            StepName::Contact if self.confirmed => Some(Proof::ChangedEmail(text(Field::Email))),
            StepName::Contact => self.is_present(house.now).then(|| {
                let by_invitation = is_right && house.has_mailed();
                Proof::Address(text(Field::Email), by_invitation)
            }),
            StepName::Credentials => is_right.then(|| Proof::Credentials(text(Field::Username))),
            StepName::PersonalInfo => {
                (is_right || way == Way::Wrong).then_some(Proof::PersonalInfo)
            }
            StepName::Identify => Some(Proof::Username(text(Field::Username))),
            StepName::NewPassword => (is_right || way == Way::Wrong).then_some(Proof::Password),
            StepName::SignIn => {
                let account = account_of(&text(Field::Username)).filter(|_| is_right);
                Some(Proof::SignIn(account))
            }
            StepName::Password => {
                (is_right && self.guesses.confirmations < TRIES).then_some(Proof::Confirmation)
            }
            StepName::Confirm => is_right.then_some(Proof::OwnUsername),
            StepName::Method | StepName::CheckEmail | StepName::Done => None,
        }
    }

    fn weigh_code(&self, typed: &str, house: &House) -> Option<Proof> {
        let purpose = self.awaited();
        let sent = self.latest(house)?;
        let is_right = sent.code == typed
            && !self.used_codes.contains(&sent.code)
            && house.now.duration_since(sent.at) < lifetime(sent.channel)
            && self.guesses.codes[index(purpose)] < TRIES;
        if !is_right {
            return None;
        }
        match purpose {
            CodeFor::Phone => (sent.to == acts::PHONE).then_some(Proof::PhoneCode),
            CodeFor::NewEmail => {
                (Some(&sent.to) == self.address.as_ref()).then_some(Proof::EmailCode)
            }
            CodeFor::Reset => (Some(&sent.to) == self.username.as_ref())
                .then(|| account_of(&sent.to).map(Proof::ResetCode))?,
            CodeFor::SignIn => {
                let whose = self.sign_in.and_then(|sign_in| sign_in.account)?;
                (account_of(&sent.to) == Some(whose)).then_some(Proof::SignInCode)
            }
            CodeFor::NewPhone => {
                (Some(&sent.to) == self.new_phone.as_ref()).then_some(Proof::NewPhoneCode)
            }
            CodeFor::ChangedEmail => {
                (Some(&sent.to) == self.changed_email.as_ref()).then_some(Proof::ChangedEmailCode)
            }
        }
    }
}
