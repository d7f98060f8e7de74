//! `[secrets]`: the master key.

use super::Mode;
use super::settings::Settings;
use crate::crypto::MasterKey;

const KEY: &str = "secrets.key";
const NEW_KEY: &str = "secrets.new_key";
const MAKE: &str = "Make one with `openssl rand -hex 32` and keep a copy in a safe place.";

/// The master key.
#[derive(Debug)]
pub struct Secrets {
    /// What opens the keys of the database. Whoever loses it loses every record.
    pub key: MasterKey,
    /// What shall take its place; `keys rewrap` asks for it, and nothing else does.
    pub new_key: Option<MasterKey>,
}

impl Secrets {
    pub(super) fn read(settings: &mut Settings, mode: Mode) -> Option<Self> {
        let key = settings.text(KEY);
        if key.is_none() {
            let why = format!("without it no record can be sealed. {MAKE}");
            settings.missing(KEY, &why);
        }
        let key = key.and_then(|text| master(settings, mode, KEY, &text));
        let new_key = settings.text(NEW_KEY);
        let new_key = new_key.and_then(|text| master(settings, mode, NEW_KEY, &text));
        let key = key?;
        if new_key.as_ref().is_some_and(|new| new.is(&key)) {
            let sentence = format!("is the same as {KEY}. {MAKE}");
            settings.problem(NEW_KEY, &sentence);
        }
        Some(Self { key, new_key })
    }
}

fn master(settings: &mut Settings, mode: Mode, name: &str, text: &str) -> Option<MasterKey> {
    match MasterKey::from_hex(text) {
        Ok(key) if mode == Mode::Production && key.looks_made_up() => {
            let sentence = format!("looks like a placeholder, which others can guess. {MAKE}");
            settings.problem(name, &sentence);
            None
        }
        Ok(key) => Some(key),
        Err(error) => {
            settings.problem(name, &format!("is not a key: {error}. {MAKE}"));
            None
        }
    }
}
