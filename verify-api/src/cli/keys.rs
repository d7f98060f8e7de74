//! The keys from a shell.

use verify_api::app::{App, KeysError, RotationStep};
use verify_api::config::Secrets;

use super::{Failure, audit};

impl From<KeysError> for Failure {
    fn from(error: KeysError) -> Self {
        Self(error.to_string())
    }
}

/// Gives every record a new key.
pub(super) async fn rotate(app: &App, secrets: &Secrets) -> Result<String, Failure> {
    let bar = audit::bar("records");
    let rotated = app.rotate_keys(&secrets.key, |step| match step {
        RotationStep::Waiting => bar.set_message("waiting for servers to learn of the new key"),
        RotationStep::Sealing { done, of } => {
            bar.set_message("");
            bar.set_length(of);
            bar.set_position(done);
        }
    });
    let rotated = rotated.await;
    bar.finish_and_clear();
    let rotated = rotated?;
    let (to, records) = (rotated.to, rotated.records);
    let begun = if rotated.is_resumed {
        "A rotation that had been stopped was finished: "
    } else {
        ""
    };
    Ok(format!(
        "{begun}{records} records were sealed anew, with key {to}, and no older key is left. \
         Backups from before still hold the old one."
    ))
}

/// Puts all keys into the wrapping of `secrets.new_key`.
pub(super) async fn rewrap(app: &App, secrets: &Secrets) -> Result<String, Failure> {
    let Some(new) = &secrets.new_key else {
        return Err(Failure(
            "secrets.new_key is missing: it is the key that shall take the place of secrets.key. \
             Make one with `openssl rand -hex 32`, keep a copy in a safe place, and set it in the \
             file or as FRONTDESK_SECRETS__NEW_KEY."
                .to_owned(),
        ));
    };
    app.rewrap_keys(&secrets.key, new).await?;
    Ok(
        "The keys of this database open with secrets.new_key now. Write it into secrets.key, \
         remove secrets.new_key, and start every server again. Backups from before open with \
         the old key, so keep that as long as them."
            .to_owned(),
    )
}
