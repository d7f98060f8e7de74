//! What whoever runs the server does about messages: look, and try again.

use jiff::{Timestamp, Unit};
use verify_api::app::{App, Listed};

use super::Failure;
use verify_api::store::StoreError;

/// One line a message, oldest first; nothing in it names a person.
pub(super) async fn list(app: &App, dead: bool) -> Result<String, Failure> {
    let listed = app.outbox(dead).await.map_err(|error| failed(&error))?;
    if listed.is_empty() {
        let none = if dead {
            "No message was given up."
        } else {
            "No message waits."
        };
        return Ok(none.to_owned());
    }
    let lines: Vec<_> = listed.iter().map(|message| line(message, dead)).collect();
    Ok(lines.join("\n"))
}

fn line(message: &Listed, dead: bool) -> String {
    let (at, until) = if dead {
        ("given up", "of use until")
    } else {
        ("next try", "of use until")
    };
    format!(
        "{}  {}  queued {}, tries {}, {at} {}, {until} {}: {}",
        message.id,
        message.about,
        shown(message.queued),
        message.tries,
        shown(message.at),
        shown(message.not_after),
        message.cause.as_deref().unwrap_or("no try has failed"),
    )
}

fn shown(time: Timestamp) -> Timestamp {
    time.round(Unit::Second).unwrap_or(time)
}

/// Queues a message that was given up once more.
pub(super) async fn retry(app: &App, id: &str) -> Result<String, Failure> {
    if app.retry(id.trim()).await.map_err(|error| failed(&error))? {
        return Ok("It is queued once more; a running server sends it at once.".to_owned());
    }
    Err(Failure(format!(
        "There is no message `{id}` that was given up and is still of use. \
         See `verify-api outbox list --dead`; where it is too late, the person must ask again."
    )))
}

fn failed(error: &StoreError) -> Failure {
    Failure(format!(
        "The outbox cannot be read ({error}). Check the database, and try again."
    ))
}
