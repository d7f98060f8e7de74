//! `[desk]`: what the front desk goes by.

use super::settings::Settings;

/// What the front desk goes by.
#[derive(Clone, Copy, Debug)]
pub struct Desk {
    /// `desk.age_of_consent`: from which age, in years, patients act for themselves; 18 unless
    /// set, which is the age of majority in most states. State law decides (45 CFR
    /// 164.502(g)(3)): it is 19 in Alabama and Nebraska and 21 in Mississippi, and some states
    /// let younger patients decide on their own care.
    pub age_of_consent: u8,
}

impl Desk {
    pub(super) fn read(settings: &mut Settings) -> Option<Self> {
        let age = settings.number("desk.age_of_consent", 12..=21, 18)?;
        Some(Self {
            age_of_consent: u8::try_from(age).ok()?,
        })
    }
}
