//! The commands, and which use case each of them asks for.
//!
//! Whatever fails is told in one plain sentence and with exit code 1. It must
//! not know how anything is done; that is the library's.

mod audit;
mod backup;
mod desk;
mod feedback;
mod import;
mod keys;
mod outbox;
mod panics;
mod patients;
mod providers;
mod serve;

use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use clap::{Parser, Subcommand};
use verify_api::app::{App, DeskError};
use verify_api::audit::Head;
use verify_api::config::{Config, ConfigError, Mode};
use verify_api::staff::Role;
use verify_api::{Parts, StartError};

/// The file that is read when none is named and there is one.
const USUAL_FILE: &str = "frontdesk.toml";

/// The verification API of a patient help center.
#[derive(Parser)]
#[command(name = "verify-api", version)]
pub(crate) struct Cli {
    /// The configuration [default: frontdesk.toml, if there is one]; each key can
    /// also come from the environment, such as `FRONTDESK_HTTP__LISTEN`
    #[arg(long, global = true, value_name = "FILE")]
    config: Option<PathBuf>,
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Serve the flows, and the site when its folder is given
    Serve {
        /// The folder of the built site; wins over `http.site`
        #[arg(long, value_name = "DIR")]
        site: Option<PathBuf>,
    },
    /// Bring the database up to date, or make it
    Migrate,
    /// Look at the configuration
    #[command(subcommand)]
    Config(ConfigCommand),
    /// Look over what was done, by whom and when
    #[command(subcommand)]
    Audit(AuditCommand),
    /// Change the keys that records are sealed with, or the one that wraps them
    #[command(subcommand)]
    Keys(KeysCommand),
    /// Copy a SQLite database into a file, while servers run, and check the copy
    Backup {
        /// The file; must not be there yet
        file: PathBuf,
    },
    /// Put a backup in the place of the database, after the same checks
    Restore {
        /// The backup
        file: PathBuf,
        /// Put a database that is there aside
        #[arg(long)]
        replace: bool,
    },
    /// Bring patients in
    #[command(subcommand)]
    Patients(PatientsCommand),
    /// Say who works at the front desk
    #[command(subcommand)]
    Staff(StaffCommand),
    /// Say which providers can invite patients as connections, and what they use
    #[command(subcommand)]
    Providers(providers::Order),
    /// Look after messages; nothing that is printed names a person
    #[command(subcommand)]
    Outbox(OutboxCommand),
    /// Show which pages have helped their readers, those first that have failed most
    Feedback {
        /// Answers of so many days
        #[arg(long, value_name = "DAYS", default_value_t = 90)]
        days: u16,
    },
    /// Invite a patient whom you have checked in person; prints the invitation as JSON
    Invite {
        /// The patient's medical record number, as it was imported
        patient: String,
        /// The email of the staff user who checked who the patient is
        #[arg(long, value_name = "STAFF_EMAIL")]
        by: String,
    },
}

#[derive(Subcommand)]
enum ConfigCommand {
    /// Say everything that is wrong with it
    Check,
}

#[derive(Subcommand)]
enum AuditCommand {
    /// Say whether the trail is whole: any change, gap or missing line is found
    Verify {
        /// The head that was printed or logged earlier, and kept elsewhere:
        /// without it, nobody can tell that the newest lines were cut off
        #[arg(long, value_name = "SEQ:LINK")]
        expect: Option<Head>,
    },
    /// Print the trail as JSON, one object a line
    Export {
        /// Only the lines after this one
        #[arg(long, value_name = "SEQ", default_value_t = 0, value_parser = clap::value_parser!(i64).range(0..))]
        after: i64,
    },
}

#[derive(Subcommand)]
enum KeysCommand {
    /// Make a new key, seal every record with it, and erase the old one; servers
    /// may run meanwhile, and a rotation that was stopped is gone on with
    Rotate,
    /// Wrap the keys with `secrets.new_key`, which then takes the place of
    /// `secrets.key`
    Rewrap,
}

#[derive(Subcommand)]
enum PatientsCommand {
    /// Import patients; those who are there already are brought up to date, and whoever
    /// is not in the file stays as they are
    Import(import::Order),
    /// Find the records of somebody by a name and a birth date, a line each on standard
    /// input, slips forgiven; prints their numbers and how they stand, ten at most
    Find(patients::Search),
}

#[derive(Subcommand)]
enum OutboxCommand {
    /// List the messages that wait, oldest first
    List {
        /// List those that were given up instead
        #[arg(long)]
        dead: bool,
    },
    /// Queue a message that was given up once more
    Retry {
        /// Its id, as it is listed
        id: String,
    },
}

#[derive(Subcommand)]
enum StaffCommand {
    /// Add a staff user; prints the link by which they set up what they sign in with
    Add {
        /// Their email
        email: String,
        /// What they do: front-desk, manager or auditor
        #[arg(long, value_name = "ROLE", default_value = "front-desk")]
        role: Role,
    },
    /// Give a staff user another role, and end their sessions
    Role {
        /// Their email
        email: String,
        /// What they do from now on: front-desk, manager or auditor
        role: Role,
    },
    /// Take from a staff user what they sign in with, and end their sessions
    Disable {
        /// Their email
        email: String,
    },
    /// Do what `disable` does, and print a new link to set up, for whoever has lost a phone or
    /// a password
    Reset {
        /// Their email
        email: String,
    },
    /// List the staff users
    List,
}

/// A sentence for the person at the shell: what is wrong, and what to do.
#[derive(Debug)]
pub(crate) struct Failure(String);

impl std::fmt::Display for Failure {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

impl From<ConfigError> for Failure {
    fn from(error: ConfigError) -> Self {
        Self(error.to_string())
    }
}

impl From<StartError> for Failure {
    fn from(error: StartError) -> Self {
        Self(error.to_string())
    }
}

impl From<DeskError> for Failure {
    fn from(error: DeskError) -> Self {
        Self(error.to_string())
    }
}

impl Cli {
    /// Does what was asked.
    pub(crate) fn run(self) -> Result<(), Failure> {
        panics::tell();
        let site = match &self.command {
            Command::Serve { site } => site.as_deref(),
            _ => None,
        };
        let config = load(self.config, site)?;
        let runtime = tokio::runtime::Runtime::new().map_err(|error| {
            Failure(format!(
                "No thread could be started ({error}). Raise the limit on processes, or stop others."
            ))
        })?;
        runtime.block_on(async {
            let said = match self.command {
                Command::Serve { .. } => return serve::serve(&config).await,
                Command::Migrate => {
                    let listed = open(&config).await?.list_patients().await?;
                    match listed {
                        0 => format!("{} is up to date.", config.database.url),
                        _ => format!(
                            "{} is up to date; {listed} records can be searched from now on.",
                            config.database.url
                        ),
                    }
                }
                Command::Config(ConfigCommand::Check) => summary(&config),
                Command::Audit(AuditCommand::Verify { expect }) => {
                    audit::verify(&*open(&config).await?, expect).await?
                }
                Command::Audit(AuditCommand::Export { after }) => {
                    return audit::export(&*open(&config).await?, after).await;
                }
                Command::Keys(KeysCommand::Rotate) => {
                    keys::rotate(&*open(&config).await?, &config.secrets).await?
                }
                Command::Keys(KeysCommand::Rewrap) => {
                    keys::rewrap(&*open(&config).await?, &config.secrets).await?
                }
                Command::Backup { file } => backup::make(&config, &file).await?,
                Command::Restore { file, replace } => {
                    backup::restore(&config, &file, replace).await?
                }
                Command::Patients(PatientsCommand::Import(order)) => {
                    import::import(&*open(&config).await?, &order).await?
                }
                Command::Patients(PatientsCommand::Find(search)) => {
                    let app = open(&config).await?;
                    tell(patients::find(&app, &search).await?)
                }
                Command::Staff(StaffCommand::Add { email, role }) => {
                    desk::add_staff(&*open(&config).await?, &email, role).await?
                }
                Command::Staff(StaffCommand::Disable { email }) => {
                    desk::disable_staff(&*open(&config).await?, &email).await?
                }
                Command::Staff(StaffCommand::Role { email, role }) => {
                    desk::change_role(&*open(&config).await?, &email, role).await?
                }
                Command::Staff(StaffCommand::Reset { email }) => {
                    desk::reset_staff(&*open(&config).await?, &email).await?
                }
                Command::Staff(StaffCommand::List) => {
                    desk::list_staff(&*open(&config).await?).await?
                }
                Command::Providers(order) => {
                    tell(providers::obey(&*open(&config).await?, order).await?)
                }
                Command::Outbox(OutboxCommand::List { dead }) => {
                    outbox::list(&*open(&config).await?, dead).await?
                }
                Command::Outbox(OutboxCommand::Retry { id }) => {
                    outbox::retry(&*open(&config).await?, &id).await?
                }
                Command::Feedback { days } => feedback::list(&*open(&config).await?, days).await?,
                Command::Invite { patient, by } => {
                    let app = open(&config).await?;
                    tell(desk::invite(&app, &patient, &by).await?)
                }
            };
            say(&said)
        })
    }
}

/// The configuration; `site` takes the place of what it says, and is judged like that.
fn load(file: Option<PathBuf>, site: Option<&Path>) -> Result<Config, Failure> {
    const SITE: &str = "FRONTDESK_HTTP__SITE";
    let usual = || {
        let usual = Path::new(USUAL_FILE);
        usual.exists().then(|| usual.to_owned())
    };
    let file = file.or_else(usual);
    // A value that is not UTF-8 is judged like any other wrong one.
    let env = std::env::vars_os().map(|(name, value)| {
        let text = |part: std::ffi::OsString| part.to_string_lossy().into_owned();
        (text(name), text(value))
    });
    let env = env.filter(|(name, _)| site.is_none() || name != SITE);
    let site = site.map(|site| (SITE.to_owned(), site.to_string_lossy().into_owned()));
    let env = env.chain(site);
    let loaded = Config::load(file.as_deref(), env);
    loaded.map_err(|error| match file {
        Some(_) => error.into(),
        None => Failure(format!(
            "There is no {USUAL_FILE} in this folder; name the configuration with --config.\n{error}"
        )),
    })
}

async fn open(config: &Config) -> Result<Arc<App>, Failure> {
    Ok(verify_api::open(config, Parts::default()).await?)
}

fn summary(config: &Config) -> String {
    let mode = match config.mode {
        Mode::Production => "production",
        Mode::Demo => "demo",
    };
    format!(
        "The configuration is good: {mode} mode, listening on {}, seen as {}, state in {}.",
        config.http.listen, config.http.base_url, config.database.url
    )
}

/// Says what a person should know beside what is printed: what is for scripts has standard
/// output to itself.
fn tell((printed, notes): (String, Vec<&'static str>)) -> String {
    for note in notes {
        let _ = writeln!(std::io::stderr(), "{note}");
    }
    printed
}

/// Prints a line for whoever asked.
fn say(line: &str) -> Result<(), Failure> {
    match writeln!(std::io::stdout(), "{line}") {
        Ok(()) => Ok(()),
        // `verify-api … | head` closed the pipe: it has what it wanted.
        Err(error) if error.kind() == std::io::ErrorKind::BrokenPipe => Ok(()),
        Err(error) => Err(unwritten(&error)),
    }
}

fn unwritten(error: &std::io::Error) -> Failure {
    Failure(format!(
        "The result could not be written ({error}); check where the output goes."
    ))
}

#[cfg(test)]
mod tests;
