//! `[audit]`: how long the audit trail is kept.

use super::Mode;
use super::settings::Settings;

/// Documentation of HIPAA's security rule is kept for six years
/// (45 CFR 164.316(b)(2)(i)).
const LAWFUL_YEARS: usize = 6;

/// How long the audit trail is kept.
#[derive(Clone, Copy, Debug)]
pub struct Audit {
    /// Whole years; 6 unless set, and in production never fewer.
    pub keep_years: i16,
}

impl Audit {
    pub(super) fn read(settings: &mut Settings, mode: Mode) -> Option<Self> {
        const KEY: &str = "audit.keep_years";
        let years = settings.number(KEY, 1..=100, LAWFUL_YEARS)?;
        if mode == Mode::Production && years < LAWFUL_YEARS {
            settings.problem(
                KEY,
                "must be at least 6, because the law asks for six years \
                 (45 CFR 164.316(b)(2)(i)); write 6 or more, or remove it.",
            );
            return None;
        }
        let keep_years = i16::try_from(years).ok()?;
        Some(Self { keep_years })
    }
}
