//! How long flows wait; see [`State::patience`](super::State::patience).

use jiff::SignedDuration;

pub(super) const ORDINARY: SignedDuration = SignedDuration::from_hours(1);
pub(super) const FOR_EMAIL: SignedDuration = SignedDuration::from_hours(24);
pub(super) const PROVEN: SignedDuration = SignedDuration::from_mins(15);
