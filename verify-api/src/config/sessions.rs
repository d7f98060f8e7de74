//! `[sessions]`: how long somebody stays signed in.

use jiff::SignedDuration;

use super::settings::Settings;

/// How long somebody stays signed in. The most is what NIST SP 800-63B-4 §2.2.3 allows
/// for a record such as a patient's: an hour without a sign, and a day.
#[derive(Clone, Copy, Debug)]
pub struct Sessions {
    /// `sessions.idle_minutes`: without doing anything; 15 unless set.
    pub idle: SignedDuration,
    /// `sessions.lifetime_hours`: whatever they do; 12 unless set.
    pub lifetime: SignedDuration,
}

impl Sessions {
    pub(super) fn read(settings: &mut Settings) -> Option<Self> {
        let idle = settings.number("sessions.idle_minutes", 2..=60, 15);
        let lifetime = settings.number("sessions.lifetime_hours", 1..=24, 12);
        Some(Self {
            idle: SignedDuration::from_mins(i64::try_from(idle?).ok()?),
            lifetime: SignedDuration::from_hours(i64::try_from(lifetime?).ok()?),
        })
    }
}
