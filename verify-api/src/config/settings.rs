//! Keys and values as they were written, and what is wrong with them.
//!
//! It must not know what a key means; the sections do.

use std::collections::BTreeMap;
use std::path::Path;

use zeroize::Zeroizing;

use super::ConfigError;

/// Every key there is, as `section.key`.
const KEYS: &[&str] = &[
    "mode",
    "http.listen",
    "http.base_url",
    "http.site",
    "http.portal_url",
    "http.trusted_proxies",
    "http.embed_origins",
    "http.padding_ms",
    "load.connections",
    "load.requests",
    "load.head_seconds",
    "load.body_seconds",
    "load.request_seconds",
    "load.idle_seconds",
    "database.url",
    "database.writes_per_commit",
    "secrets.key",
    "secrets.new_key",
    "audit.keep_years",
    "delivery.transport",
    "delivery.directory",
    "delivery.from",
    "delivery.phone",
    "delivery.emails_per_second",
    "delivery.phone_per_second",
    "operations.listen",
    "smtp.host",
    "smtp.port",
    "smtp.security",
    "smtp.user",
    "smtp.password",
    "smtp.ca_file",
    "twilio.base_url",
    "twilio.account_sid",
    "twilio.auth_token",
    "twilio.api_key_sid",
    "twilio.api_key_secret",
    "twilio.from",
    "twilio.messaging_service_sid",
    "hashing.permits",
    "hashing.waiting",
    "limits.starts_per_network_hour",
    "limits.starts_per_wide_network_hour",
    "limits.starts_per_hour",
    "limits.sign_ins_per_network_hour",
    "limits.sign_ins_per_wide_network_hour",
    "limits.wrong_passwords_per_hour",
    "limits.staff_sign_ins_per_hour",
    "limits.messages_per_person_day",
    "limits.messages_per_network_hour",
    "limits.messages_per_wide_network_hour",
    "limits.messages_asked_per_hour",
    "limits.messages_per_hour",
    "limits.messages_per_number_five_minutes",
    "limits.messages_per_number_day",
    "limits.messages_per_prefix_hour",
    "sessions.idle_minutes",
    "sessions.lifetime_hours",
    "clinic.names",
    "desk.age_of_consent",
    "demo.inbox",
];

const PREFIX: &str = "FRONTDESK_";

/// A value as it was written.
enum Value {
    /// Text; all that the environment can hold.
    Text(Zeroizing<String>),
    Number(i64),
    Flag(bool),
    /// Several texts; in the environment, one text with commas.
    List(Vec<String>),
    /// A date, a table, a list of something else: nothing that any key takes.
    Other,
}

/// A value, and what a person calls the place where it stands.
struct Setting {
    value: Value,
    place: String,
}

/// What was set, and every problem that was found so far.
pub(super) struct Settings {
    set: BTreeMap<&'static str, Setting>,
    pub(super) problems: Vec<String>,
}

impl Settings {
    /// Reads the file, then lays the environment over it.
    ///
    /// # Errors
    /// A file that cannot be read or is not TOML; then no other problem could
    /// be told rightly.
    pub(super) fn gather(
        path: Option<&Path>,
        env: impl Iterator<Item = (String, String)>,
    ) -> Result<Self, ConfigError> {
        let mut settings = Self {
            set: BTreeMap::new(),
            problems: Vec::new(),
        };
        if let Some(path) = path {
            settings.read_file(path).map_err(|problem| ConfigError {
                problems: vec![problem],
            })?;
        }
        let mut env: Vec<_> = env.collect();
        // In a fixed order, so that the same problems are told in the same order.
        env.sort();
        for (name, value) in env {
            settings.read_variable(&name, value);
        }
        Ok(settings)
    }

    fn read_file(&mut self, path: &Path) -> Result<(), String> {
        let shown = path.display();
        let text = std::fs::read_to_string(path).map_err(|error| {
            format!(
                "The configuration file {shown} cannot be read ({error}). \
                 Check the path that follows --config, and who may read the file."
            )
        })?;
        let text = Zeroizing::new(text);
        let table: toml::Table = text.parse().map_err(|error: toml::de::Error| {
            // The error's own text would quote the line, which may hold a secret.
            let line = error.span().map_or(1, |span| {
                1 + text
                    .bytes()
                    .take(span.start)
                    .filter(|b| *b == b'\n')
                    .count()
            });
            format!(
                "The configuration file {shown} is not TOML: {} in line {line}. Correct that line.",
                error.message()
            )
        })?;
        for (section, value) in table {
            match value {
                toml::Value::Table(keys) => {
                    for (key, value) in keys {
                        self.read_entry(&format!("{section}.{key}"), value, path);
                    }
                }
                value => self.read_entry(&section, value, path),
            }
        }
        Ok(())
    }

    fn read_entry(&mut self, key: &str, value: toml::Value, path: &Path) {
        let place = format!("in {}", path.display());
        let Some(known) = KEYS.iter().find(|known| **known == key) else {
            let nearest = nearest(key, KEYS.iter().map(|key| (*key).to_owned()));
            self.problems
                .push(format!("{key} ({place}) is not a setting; {nearest}"));
            return;
        };
        let value = match value {
            toml::Value::String(text) => Value::Text(Zeroizing::new(text)),
            toml::Value::Integer(number) => Value::Number(number),
            toml::Value::Boolean(flag) => Value::Flag(flag),
            toml::Value::Array(items) => texts(items).map_or(Value::Other, Value::List),
            _ => Value::Other,
        };
        self.set.insert(known, Setting { value, place });
    }

    fn read_variable(&mut self, name: &str, value: String) {
        if !name.starts_with(PREFIX) {
            return;
        }
        let value = Zeroizing::new(value);
        let Some(known) = KEYS.iter().find(|key| variable(key) == *name) else {
            let nearest = nearest(name, KEYS.iter().map(|key| variable(key)));
            self.problems.push(format!(
                "{name} (in the environment) is not a setting; {nearest}"
            ));
            return;
        };
        // Compose files and unit files set a variable to nothing to unset it.
        if !value.is_empty() {
            let place = format!("from {name}");
            let value = Value::Text(value);
            self.set.insert(known, Setting { value, place });
        }
    }

    /// Says what is wrong with a key: `sentence` goes on after its name.
    pub(super) fn problem(&mut self, key: &str, sentence: &str) {
        let place = self
            .set
            .get(key)
            .map_or(String::new(), |setting| format!(" ({})", setting.place));
        self.problems.push(format!("{key}{place} {sentence}"));
    }

    /// Says that a key is needed and not there; `why` tells what it is for.
    pub(super) fn missing(&mut self, key: &str, why: &str) {
        // There, but no good: that was told when it was read.
        let is_blank = |value: &Value| matches!(value, Value::Text(text) if text.trim().is_empty());
        if self.set.get(key).is_some_and(|set| !is_blank(&set.value)) {
            return;
        }
        let variable = variable(key);
        self.problems.push(format!(
            "{key} is missing: {why} Set it in the file or as {variable}."
        ));
    }

    /// The text of a key. Text that is nothing but spaces counts as missing.
    pub(super) fn text(&mut self, key: &str) -> Option<Zeroizing<String>> {
        match &self.set.get(key)?.value {
            Value::Text(text) if text.trim().is_empty() => None,
            Value::Text(text) => Some(text.clone()),
            _ => {
                self.problem(key, "must be text; put it in quotes.");
                None
            }
        }
    }

    /// The number of a key, which must be within `range`; `default` when unset.
    pub(super) fn number(
        &mut self,
        key: &str,
        range: std::ops::RangeInclusive<usize>,
        default: usize,
    ) -> Option<usize> {
        let Some(setting) = self.set.get(key) else {
            return Some(default);
        };
        let number = match &setting.value {
            Value::Number(number) => usize::try_from(*number).ok(),
            Value::Text(text) => text.trim().parse().ok(),
            Value::Flag(_) | Value::List(_) | Value::Other => None,
        };
        let number = number.filter(|number| range.contains(number));
        if number.is_none() {
            let (from, to) = (range.start(), range.end());
            self.problem(key, &format!("must be a whole number from {from} to {to}."));
        }
        number
    }

    /// The yes or no of a key; no when unset.
    pub(super) fn flag(&mut self, key: &str) -> Option<bool> {
        let Some(setting) = self.set.get(key) else {
            return Some(false);
        };
        let flag = match &setting.value {
            Value::Flag(flag) => Some(*flag),
            Value::Text(text) => text.trim().parse().ok(),
            Value::Number(_) | Value::List(_) | Value::Other => None,
        };
        if flag.is_none() {
            self.problem(key, "must be true or false.");
        }
        flag
    }

    /// The texts of a key; none when unset. A single text may hold several, with
    /// commas between them.
    pub(super) fn list(&mut self, key: &str) -> Option<Vec<String>> {
        let parts = |text: &str| text.split(',').map(|part| part.trim().to_owned()).collect();
        match self.set.get(key).map(|setting| &setting.value) {
            None => Some(Vec::new()),
            Some(Value::Text(text)) if text.trim().is_empty() => Some(Vec::new()),
            Some(Value::Text(text)) => Some(parts(text)),
            Some(Value::List(texts)) => Some(texts.clone()),
            Some(_) => {
                self.problem(key, "must be a list of texts, such as [\"one\", \"two\"].");
                None
            }
        }
    }

    /// What the word of a key stands for; nothing when unset or no such word,
    /// which is then told.
    pub(super) fn word<T, const N: usize>(
        &mut self,
        key: &str,
        words: [(&str, T); N],
    ) -> Option<T> {
        let text = self.text(key)?;
        let choices: Vec<String> = words
            .iter()
            .map(|(word, _)| format!("\"{word}\""))
            .collect();
        let found = words.into_iter().find(|(word, _)| *word == text.trim());
        if found.is_none() {
            self.problem(key, &format!("must be {}.", choices.join(" or ")));
        }
        found.map(|(_, meaning)| meaning)
    }
}

/// The items of a list, if all of them are texts.
fn texts(items: Vec<toml::Value>) -> Option<Vec<String>> {
    let text = |item| match item {
        toml::Value::String(text) => Some(text),
        _ => None,
    };
    items.into_iter().map(text).collect()
}

/// The environment variable of a key.
fn variable(key: &str) -> String {
    format!("{PREFIX}{}", key.replace('.', "__").to_ascii_uppercase())
}

/// What a person may have meant by `wrong`.
fn nearest(wrong: &str, known: impl Iterator<Item = String>) -> String {
    let best = known
        .map(|name| (strsim::damerau_levenshtein(wrong, &name), name))
        .min();
    match best {
        Some((distance, name)) if distance <= 4 => format!("the nearest one is {name}."),
        _ => "remove it.".to_owned(),
    }
}
