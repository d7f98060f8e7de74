//! Whether whoever has proven a phone may still be taken to be there.
//!
//! Waiting for an emailed code takes hours; changing the address in the meantime must not be
//! left to whoever finds the form open.

use jiff::Timestamp;

use super::{Proven, State, patience};

impl Proven {
    /// Whether they were there a moment ago.
    pub(super) fn is_fresh(&self, now: Timestamp) -> bool {
        now.duration_since(self.at) <= patience::PROVEN
    }
}

impl State {
    /// Until when an answer is taken that only they may give.
    pub(in crate::flow) fn is_good_until(&self) -> Option<Timestamp> {
        match self {
            Self::Contact { proven, .. } => Some(proven.at + patience::PROVEN),
            _ => None,
        }
    }

    /// Whoever is asked for the email and wants more time is there. Of whoever waits for a
    /// code nobody knows that: that step is open for a day. More time takes none away, whatever
    /// the clock says by now.
    pub(in crate::flow) fn extended(self, now: Timestamp) -> Self {
        match self {
            Self::Contact { proven, last_sent } if proven.is_fresh(now) => Self::Contact {
                proven: Proven {
                    at: now.max(proven.at),
                    ..proven
                },
                last_sent,
            },
            state => state,
        }
    }
}
