//! Which code somebody has already who comes back from its step.

use protocol::Channel;

use super::{Ledger, lifetime};
use crate::flow::CodeFor;
use crate::flow::properties::acts;
use crate::flow::properties::house::{House, Sent};

impl Ledger {
    /// Whether the phone on file has a text whose code still works.
    pub(in crate::flow::properties) fn has_phone_code(&self, house: &House) -> bool {
        self.awaited() == CodeFor::Phone
            && self
                .latest(house)
                .is_some_and(|sent| sent.to == acts::PHONE && works(sent, Channel::Text, house))
    }

    /// Whether the recipient that was named last has a code by `channel` that still works.
    pub(in crate::flow::properties) fn has_code(&self, channel: Channel, house: &House) -> bool {
        self.latest(house)
            .is_some_and(|sent| self.is_recipient(&sent.to) && works(sent, channel, house))
    }

    /// Whether the newest code replaced one that went to the same recipient, the same way,
    /// and still worked.
    pub(in crate::flow::properties) fn was_needless(&self, house: &House) -> bool {
        let purpose = self.awaited();
        let mut sent = house.sent.iter().rev().filter(|it| it.purpose == purpose);
        let (Some(newest), Some(before)) = (sent.next(), sent.next()) else {
            return false;
        };
        before.to == newest.to && works(before, newest.channel, house)
    }

    fn is_recipient(&self, to: &str) -> bool {
        let named = match self.awaited() {
            CodeFor::Phone => return to == acts::PHONE,
            // Whoever signs in is sent another code each time.
            CodeFor::SignIn => return false,
            CodeFor::NewEmail => &self.address,
            CodeFor::Reset => &self.username,
            CodeFor::NewPhone => &self.new_phone,
            CodeFor::ChangedEmail => &self.changed_email,
        };
        named.as_deref() == Some(to)
    }
}

fn works(sent: &Sent, channel: Channel, house: &House) -> bool {
    sent.channel == channel && house.now.duration_since(sent.at) < lifetime(channel)
}
