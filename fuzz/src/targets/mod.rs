//! The targets by name. Seeds of each are in `corpus/NAME/`.

mod answers;
mod checks;
mod config;
mod cookies;
mod fhir;
mod forms;
mod forwarded;
mod pages;
mod password;
mod phone;
mod sass;
mod sealed;
mod table;
mod templates;
mod twilio;
mod values;
mod words;

/// Holds an input against what was promised; a broken promise is a panic.
pub(crate) type Target = fn(&[u8]);

const TARGETS: [(&str, Target); 17] = [
    ("answers", answers::run),
    ("checks", checks::run),
    ("config", config::run),
    ("cookies", cookies::run),
    ("fhir", fhir::run),
    ("forms", forms::run),
    ("forwarded", forwarded::run),
    ("pages", pages::run),
    ("password", password::run),
    ("phone", phone::run),
    ("sass", sass::run),
    ("sealed", sealed::run),
    ("table", table::run),
    ("templates", templates::run),
    ("twilio", twilio::run),
    ("values", values::run),
    ("words", words::run),
];

pub(crate) fn named(name: &str) -> Option<Target> {
    let found = TARGETS.iter().find(|(known, _)| *known == name);
    found.map(|(_, target)| *target)
}

pub(crate) fn names() -> impl Iterator<Item = &'static str> {
    TARGETS.iter().map(|(name, _)| *name)
}
