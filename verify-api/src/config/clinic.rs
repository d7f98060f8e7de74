//! `[clinic]`: what the clinic and its portal are called.

use super::settings::Settings;

/// Those of the clinic that this was written for.
const NAMES: &str = "Wellsprings, Wellspring, Patient Ally, Office Ally, Frontdesk";

/// The fewest letters and digits; a shorter name stands in too many other words.
const SHORTEST: usize = 3;

/// What the clinic and its portal are called.
#[derive(Clone, Debug)]
pub struct Clinic {
    /// The names of the clinic, the portal and its maker: an attacker tries them
    /// first, so no password is made of them. Commas stand between them.
    pub names: Vec<String>,
}

impl Clinic {
    pub(super) fn read(settings: &mut Settings) -> Option<Self> {
        const KEY: &str = "clinic.names";
        let told = settings.problems.len();
        let text = settings.text(KEY);
        if settings.problems.len() > told {
            return None;
        }
        let names: Vec<String> = text
            .as_ref()
            .map_or(NAMES, |text| text.as_str())
            .split(',')
            .map(|name| name.trim().to_owned())
            .collect();
        let letters = |name: &str| name.chars().filter(|c| c.is_alphanumeric()).count();
        if names.iter().any(|name| letters(name) < SHORTEST) {
            settings.problem(
                KEY,
                &format!(
                    "must be names with commas between them, each with {SHORTEST} or more \
                     letters or digits, such as \"Wellsprings, Patient Ally\"."
                ),
            );
            return None;
        }
        Some(Self { names })
    }
}
