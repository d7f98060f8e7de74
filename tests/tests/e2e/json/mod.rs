//! Flows over JSON.

mod codes;
mod enrollment;
mod flows;
mod invitations;
mod more_time;
mod privacy;
mod races;
mod recovery;
mod refusals;
mod reset;
mod secrets;

use frontdesk_tests::Reply;
use serde_json::Value;

/// Everything that a client can tell two answers apart by, without the date and
/// the token, which differ between any two.
fn fingerprint(reply: &Reply) -> (u16, Vec<(String, String)>, String) {
    let mut headers = reply.headers.clone();
    headers.retain(|(name, _)| name != "date");
    let body = serde_json::from_str::<Value>(&reply.body).map_or_else(
        |_| reply.body.clone(),
        |json| {
            let token = json["token"].as_str().unwrap_or("none");
            reply.body.replace(token, &"*".repeat(token.len()))
        },
    );
    (reply.status, headers, body)
}

/// Asserts that nobody can tell the two answers apart.
#[track_caller]
pub(crate) fn assert_same(what: &str, known: &Reply, unknown: &Reply) {
    assert_eq!(
        fingerprint(known),
        fingerprint(unknown),
        "{what}: known and unknown people should be answered byte for byte alike"
    );
}
