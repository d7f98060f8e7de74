//! What the operator decides, read once at the start.
//!
//! One TOML file; each key can also come from the environment, which wins:
//! `smtp.host` is `FRONTDESK_SMTP__HOST`. Everything is checked before anything
//! starts, and every problem is told at once, with its key and its remedy. One
//! file a section. It must not know what the settings are used for.
//!
//! Paths are relative to the folder that the program is started in.

mod audit;
mod clinic;
mod database;
mod delivery;
mod demo;
mod desk;
mod folders;
mod hashing;
mod http;
mod limits;
mod load;
mod operations;
mod secrets;
mod sessions;
mod settings;
mod smtp;
mod twilio;

use std::path::Path;

pub use audit::Audit;
pub use clinic::Clinic;
pub use database::{Database, DatabaseUrl};
pub use delivery::{Delivery, PhoneKind, SendingLimits, TransportKind};
pub use demo::Demo;
pub use desk::Desk;
pub use hashing::Hashing;
pub use http::Http;
pub use limits::Limits;
pub use load::Load;
pub use operations::Operations;
pub use secrets::Secrets;
pub use sessions::Sessions;
pub use smtp::{Login, Smtp, SmtpSecurity};
pub use twilio::{Twilio, TwilioReports};

use settings::Settings;

/// What the server runs as.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mode {
    /// For patients: what is unsafe is refused.
    Production,
    /// For looking around, on this machine only.
    Demo,
}

/// The whole configuration, checked. Its `Debug` shows no secret.
#[derive(Debug)]
pub struct Config {
    /// `mode`
    pub mode: Mode,
    /// `[http]`
    pub http: Http,
    /// `[load]`
    pub load: Load,
    /// `[operations]`
    pub operations: Operations,
    /// `[database]`
    pub database: Database,
    /// `[secrets]`
    pub secrets: Secrets,
    /// `[audit]`
    pub audit: Audit,
    /// `[delivery]`
    pub delivery: Delivery,
    /// `[smtp]`, when it is what emails go by.
    pub smtp: Option<Smtp>,
    /// `[twilio]`, when it is what texts and calls go by.
    pub twilio: Option<Twilio>,
    /// `[hashing]`
    pub hashing: Hashing,
    /// `[limits]`
    pub limits: Limits,
    /// `[sessions]`
    pub sessions: Sessions,
    /// `[clinic]`
    pub clinic: Clinic,
    /// `[desk]`
    pub desk: Desk,
    /// `[demo]`
    pub demo: Demo,
}

/// Everything that is wrong with a configuration.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ConfigError {
    /// A sentence for each problem: the key, where it was set, what to do.
    pub problems: Vec<String>,
}

impl std::fmt::Display for ConfigError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        if let [problem] = self.problems.as_slice() {
            return f.write_str(problem);
        }
        write!(f, "The configuration has {} problems:", self.problems.len())?;
        self.problems
            .iter()
            .try_for_each(|problem| write!(f, "\n- {problem}"))
    }
}

impl std::error::Error for ConfigError {}

impl Config {
    /// Reads the file at `path`, if one is given, and the variables of `env`
    /// whose names begin with `FRONTDESK_`.
    ///
    /// ```
    /// # use verify_api::config::{Config, Mode};
    /// let env = [
    ///     ("FRONTDESK_MODE", "demo".to_owned()),
    ///     ("FRONTDESK_SECRETS__KEY", "4b".repeat(32)),
    /// ];
    /// let env = env.map(|(name, value)| (name.to_owned(), value));
    /// let config = Config::load(None, env.into_iter()).unwrap();
    /// assert_eq!(config.mode, Mode::Demo);
    /// assert_eq!(config.http.base_url, "http://127.0.0.1:8080");
    /// ```
    ///
    /// # Errors
    /// Every problem: an unreadable file, unknown or missing keys, values that
    /// make no sense, folders that are not there, and what is unsafe in production.
    pub fn load(
        path: Option<&Path>,
        env: impl Iterator<Item = (String, String)>,
    ) -> Result<Self, ConfigError> {
        let mut settings = Settings::gather(path, env)?;
        let mode = Mode::read(&mut settings);
        let http = Http::read(&mut settings, mode);
        let load = Load::read(&mut settings);
        let operations = Operations::read(&mut settings, mode);
        let database = Database::read(&mut settings, mode);
        let secrets = Secrets::read(&mut settings, mode);
        let audit = Audit::read(&mut settings, mode);
        let delivery = Delivery::read(&mut settings, mode);
        let smtp = match &delivery {
            Some(delivery) if delivery.transport == TransportKind::Directory => None,
            None if mode == Mode::Demo => None,
            // In production emails go by it, whatever else is wrong with their delivery.
            _ => Smtp::read(&mut settings, mode),
        };
        let twilio = match &delivery {
            Some(delivery) if delivery.phone == PhoneKind::Twilio => {
                Twilio::read(&mut settings, http.as_ref())
            }
            _ => None,
        };
        let hashing = Hashing::read(&mut settings);
        let limits = Limits::read(&mut settings, mode);
        let sessions = Sessions::read(&mut settings);
        let clinic = Clinic::read(&mut settings);
        let desk = Desk::read(&mut settings);
        let demo = Demo::read(&mut settings, mode, delivery.as_ref());
        folders::check(
            &mut settings,
            mode,
            http.as_ref(),
            database.as_ref(),
            delivery.as_ref(),
            path,
        );
        // A section that is missing here has told its problem.
        let whole = || {
            Some(Self {
                mode,
                http: http?,
                load: load?,
                operations: operations?,
                database: database?,
                secrets: secrets?,
                audit: audit?,
                delivery: delivery?,
                smtp,
                twilio,
                hashing: hashing?,
                limits: limits?,
                sessions: sessions?,
                clinic: clinic?,
                desk: desk?,
                demo: demo?,
            })
        };
        match whole() {
            Some(config) if settings.problems.is_empty() => Ok(config),
            _ => Err(ConfigError {
                problems: settings.problems,
            }),
        }
    }

    /// Whether this is the demo.
    pub fn is_demo(&self) -> bool {
        self.mode == Mode::Demo
    }
}

impl Mode {
    fn read(settings: &mut Settings) -> Self {
        let modes = [("production", Self::Production), ("demo", Self::Demo)];
        settings.word("mode", modes).unwrap_or(Self::Production)
    }
}

#[cfg(test)]
mod tests;
