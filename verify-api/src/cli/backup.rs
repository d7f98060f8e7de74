//! Backups from a shell.

use std::path::Path;

use verify_api::app::Verified;
use verify_api::clock::{Clock as _, SystemClock};
use verify_api::config::Config;
use verify_api::{BackupError, backup};

use super::Failure;

impl From<BackupError> for Failure {
    fn from(error: BackupError) -> Self {
        Self(error.to_string())
    }
}

/// Copies the database into `file`.
pub(super) async fn make(config: &Config, file: &Path) -> Result<String, Failure> {
    let trail = backup::backup(config, file).await?;
    Ok(format!(
        "{} holds the whole database, {}. It opens with `secrets.key` only: keep that, too, and \
         in another place.",
        file.display(),
        told(&trail)
    ))
}

/// Puts `file` in the place of the database.
pub(super) async fn restore(
    config: &Config,
    file: &Path,
    may_replace: bool,
) -> Result<String, Failure> {
    let now = SystemClock.now();
    let restored = backup::restore(config, file, may_replace, now).await?;
    let aside = restored.put_aside.map_or(String::new(), |aside| {
        format!(" The earlier database is in {}.", aside.display())
    });
    let keys = match restored.ended_keys {
        0 => String::new(),
        keys => format!(
            " Keys of providers have ended ({keys}), since some may have been replaced since: give \
             each a new one with `verify-api providers key ID`."
        ),
    };
    Ok(format!(
        "{} was restored, {}.{aside} What happened since is forgotten: passwords are those of \
         then, and invitations that were used since are open again.{keys}",
        config.database.url,
        told(&restored.trail)
    ))
}

fn told(trail: &Verified) -> String {
    match trail.between {
        None => "with no line in its audit trail yet".to_owned(),
        Some([_, (last, at)]) => {
            format!("with an audit trail that goes to line {last} of {at}")
        }
    }
}
