//! `[secrets]`: the master key.

use super::Mode;
use super::settings::Settings;
use crate::crypto::MasterKey;

/// The master key.
#[derive(Debug)]
pub struct Secrets {
    /// What all keys are derived from. Whoever loses it loses every record.
    pub key: MasterKey,
}

impl Secrets {
    pub(super) fn read(settings: &mut Settings, mode: Mode) -> Option<Self> {
        const KEY: &str = "secrets.key";
        const MAKE: &str = "Make one with `openssl rand -hex 32` and keep a copy in a safe place.";
        let Some(text) = settings.text(KEY) else {
            let why = format!("without it no record can be sealed. {MAKE}");
            settings.missing(KEY, &why);
            return None;
        };
        match MasterKey::from_hex(&text) {
            Ok(key) if mode == Mode::Production && key.looks_made_up() => {
                let sentence = format!("looks like a placeholder, which others can guess. {MAKE}");
                settings.problem(KEY, &sentence);
                None
            }
            Ok(key) => Some(Self { key }),
            Err(error) => {
                settings.problem(KEY, &format!("is not a key: {error}. {MAKE}"));
                None
            }
        }
    }
}
