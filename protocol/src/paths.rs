//! URLs that both sides use. Hosts are configuration; these are paths.

use crate::FlowKind;

/// Begins a flow (`POST`).
pub const FLOWS: &str = "/api/v1/flows";
/// The current view of a flow (`GET`, bearer token).
pub const FLOW: &str = "/api/v1/flow";
/// Answers the current step (`POST`).
pub const ANSWERS: &str = "/api/v1/flow/answers";
/// Sends another code (`POST`).
pub const RESEND: &str = "/api/v1/flow/resend";
/// Goes to the previous answerable step (`POST`).
pub const BACK: &str = "/api/v1/flow/back";
/// The description of all of these (OpenAPI 3.1).
pub const OPENAPI: &str = "/api/v1/openapi.json";
/// Where the plain forms are: `/flows/KIND`.
pub const PLAIN: &str = "/flows/";
/// The page that an email of username recovery links to.
pub const REVEAL_USERNAME: &str = "/flows/username-recovery/show";
/// The page that an email links to, for the reset of a password without a code.
pub const RESET_LINK: &str = "/flows/password-reset/link";
/// Where Twilio tells what became of a message (`POST`); the message's id follows.
pub const TWILIO_REPORTS: &str = "/api/v1/delivery/twilio/";

/// The plain form of a flow.
///
/// ```
/// # use protocol::{FlowKind, paths};
/// assert_eq!(paths::plain(FlowKind::Enrollment), "/flows/enrollment");
/// ```
pub fn plain(kind: FlowKind) -> String {
    format!("{PLAIN}{}", kind.as_str())
}

/// The help page that explains a flow and holds its widget.
pub const fn page(kind: FlowKind) -> &'static str {
    match kind {
        FlowKind::Enrollment => "/enroll/",
        FlowKind::UsernameRecovery => "/recover-username/",
        FlowKind::PasswordReset => "/reset-password/",
    }
}
