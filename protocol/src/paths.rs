//! URLs that both sides use. Hosts are configuration; these are paths.

use alloc::string::String;

use crate::{FlowKind, Locale};

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
/// Gives the current step its whole time again (`POST`).
pub const EXTEND: &str = "/api/v1/flow/extend";
/// Where the system of a provider's practice invites patients as connections (`POST`, bearer key).
pub const CONNECTIONS: &str = "/api/v1/providers/connections";
/// Where it takes an invitation back (`POST`, bearer key).
pub const WITHDRAWAL: &str = "/api/v1/providers/connections/withdrawal";
/// The description of all of these (OpenAPI 3.1).
pub const OPENAPI: &str = "/api/v1/openapi.json";
/// Where the plain forms are: `/flows/KIND`, in English; see [`in_language`].
pub const PLAIN: &str = "/flows/";
/// The page that an email of username recovery links to; see [`in_language`].
pub const REVEAL_USERNAME: &str = "/flows/username-recovery/show";
/// The page that an email links to, for the reset of a password without a code; see
/// [`in_language`].
pub const RESET_LINK: &str = "/flows/password-reset/link";
/// The page of whoever is signed in; see [`in_language`].
pub const ACCOUNT: &str = "/account";
/// Where a page's readers say whether it has helped (`POST`), and are thanked; see
/// [`in_language`].
pub const FEEDBACK: &str = "/feedback";
/// The staff desk; see [`in_language`].
pub const STAFF: &str = "/staff";
/// Where staff sign in; see [`in_language`].
pub const STAFF_SIGN_IN: &str = "/staff/sign-in";
/// Where staff set up what they sign in with; see [`in_language`].
pub const STAFF_SET_UP: &str = "/staff/set-up";
/// Where staff sign out (`POST`); see [`in_language`].
pub const STAFF_SIGN_OUT: &str = "/staff/sign-out";
/// Where staff find a patient (`POST`); see [`in_language`].
pub const STAFF_FIND: &str = "/staff/find";
/// Where staff search for a patient by name and birth date; see [`in_language`].
pub const STAFF_SEARCH: &str = "/staff/search";
/// A patient at the desk, as a pattern of a route; see [`in_language`].
pub const STAFF_VISIT: &str = "/staff/visits/{visit}";
/// Where auditors read the audit trail; see [`in_language`].
pub const STAFF_TRAIL: &str = "/staff/trail";
/// Where managers see how things went; see [`in_language`].
pub const STAFF_INSIGHTS: &str = "/staff/insights";
/// Where Twilio tells what became of a message (`POST`); the message's id follows.
pub const TWILIO_REPORTS: &str = "/api/v1/delivery/twilio/";

/// What the address of every page in a language begins with: nothing in English,
/// as the site builder writes pages.
pub const fn prefix(locale: Locale) -> &'static str {
    match locale {
        Locale::En => "",
        Locale::Es => "/es",
    }
}

/// Which language an address is in, and the same address in English.
///
/// ```
/// # use protocol::{Locale, paths};
/// assert_eq!(paths::language("/es/faq/"), (Locale::Es, "/faq/"));
/// assert_eq!(paths::language("/es"), (Locale::Es, ""));
/// assert_eq!(paths::language("/escape/"), (Locale::En, "/escape/"));
/// ```
pub fn language(path: &str) -> (Locale, &str) {
    Locale::ALL
        .into_iter()
        .filter(|locale| *locale != Locale::default())
        .filter_map(|locale| Some((locale, path.strip_prefix(prefix(locale))?)))
        .find(|(_, rest)| rest.is_empty() || rest.starts_with('/'))
        .unwrap_or((Locale::default(), path))
}

/// The address of an English page or form in another language.
///
/// ```
/// # use protocol::{Locale, paths};
/// assert_eq!(paths::in_language(Locale::Es, "/contact/"), "/es/contact/");
/// ```
pub fn in_language(locale: Locale, path: &str) -> String {
    [prefix(locale), path].concat()
}

/// The plain form of a flow.
///
/// ```
/// # use protocol::{FlowKind, Locale, paths};
/// assert_eq!(paths::plain(FlowKind::Enrollment, Locale::Es), "/es/flows/enrollment");
/// ```
pub fn plain(kind: FlowKind, locale: Locale) -> String {
    [prefix(locale), PLAIN, kind.as_str()].concat()
}

/// The help page that says how a patient is connected with a provider.
pub const ADD_A_PROVIDER: &str = "/faq/providers/add-a-provider/";
/// The help page that says why a provider is not under a feature.
pub const PROVIDER_MISSING: &str = "/faq/providers/provider-missing/";

/// The help page that explains a flow and holds its widget.
pub fn page(kind: FlowKind, locale: Locale) -> String {
    let page = match kind {
        FlowKind::Enrollment => "/enroll/",
        FlowKind::UsernameRecovery => "/recover-username/",
        FlowKind::PasswordReset => "/reset-password/",
        FlowKind::SignIn => "/sign-in/",
        FlowKind::PhoneChange => "/change-phone/",
        FlowKind::EmailChange => "/change-email/",
        FlowKind::Deactivation => "/close-your-account/",
    };
    in_language(locale, page)
}
