//! `[twilio]`: the phone provider that texts and calls are handed to.

use zeroize::Zeroizing;

use super::http::{Http, host, origin};
use super::settings::Settings;
use super::smtp::{Login, is_this_machine};
use crate::crypto::redact;

/// The phone provider that texts and calls are handed to.
#[derive(Clone, Debug)]
pub struct Twilio {
    /// Where its API is, without a slash at its end: Twilio's own address unless set.
    pub base_url: String,
    /// The account that pays.
    pub account_sid: String,
    /// How we sign in: the account with its auth token, or an API key with its secret.
    pub login: Login,
    /// The number that calls come from, and texts where no messaging service is
    /// set; in E.164.
    pub from: String,
    /// The messaging service that texts go by.
    pub messaging_service_sid: Option<String>,
    /// What reports about messages need. Nothing where they could not be
    /// believed, without an auth token, or could not come, on this machine.
    pub reports: Option<TwilioReports>,
}

/// Where reports go, and what they are signed with.
#[derive(Clone)]
pub struct TwilioReports {
    /// The address that patients see.
    pub base_url: String,
    /// The account's auth token; Twilio signs with it whoever has signed in.
    pub auth_token: Zeroizing<String>,
}

redact!(TwilioReports);

impl Twilio {
    pub(super) fn read(settings: &mut Settings, http: Option<&Http>) -> Option<Self> {
        let base_url = base_url(settings);
        let account_sid = settings.text("twilio.account_sid");
        if account_sid.is_none() {
            settings.missing(
                "twilio.account_sid",
                "texts and calls need an account; its SID is on the first page of Twilio's console.",
            );
        }
        let account_sid =
            account_sid.and_then(|text| sid(settings, "twilio.account_sid", "AC", &text));
        let auth_token = secret(settings, "twilio.auth_token");
        let login = login(settings, account_sid.as_deref(), auth_token.as_ref());
        let from = from(settings);
        let service = settings.text("twilio.messaging_service_sid");
        let messaging_service_sid = match service {
            Some(text) => Some(sid(settings, "twilio.messaging_service_sid", "MG", &text)?),
            None => None,
        };
        let reachable = http.filter(|http| !is_this_machine(host(&http.base_url)));
        let reports = reachable
            .zip(auth_token)
            .map(|(http, auth_token)| TwilioReports {
                base_url: http.base_url.clone(),
                auth_token,
            });
        Some(Self {
            base_url: base_url?,
            account_sid: account_sid?,
            login: login?,
            from: from?,
            messaging_service_sid,
            reports,
        })
    }
}

fn base_url(settings: &mut Settings) -> Option<String> {
    const KEY: &str = "twilio.base_url";
    let Some(text) = settings.text(KEY) else {
        return Some("https://api.twilio.com".to_owned());
    };
    let Some(origin) = origin(text.trim()) else {
        settings.problem(
            KEY,
            "must be an address without a path, such as https://api.twilio.com.",
        );
        return None;
    };
    if !origin.starts_with("https://") && !is_this_machine(host(&origin)) {
        settings.problem(
            KEY,
            "must begin with https:// for another machine: \
             codes must not cross a network in the clear.",
        );
        return None;
    }
    Some(origin)
}

/// One of Twilio's ids: two letters that say of what, and 32 hexadecimal digits.
fn sid(settings: &mut Settings, key: &str, kind: &str, text: &str) -> Option<String> {
    let text = text.trim();
    let digits = text.strip_prefix(kind).unwrap_or_default();
    if digits.len() == 32 && digits.bytes().all(|byte| byte.is_ascii_hexdigit()) {
        return Some(text.to_owned());
    }
    let sentence =
        format!("must be {kind} and 32 hexadecimal digits; copy it from Twilio's console.");
    settings.problem(key, &sentence);
    None
}

fn secret(settings: &mut Settings, key: &str) -> Option<Zeroizing<String>> {
    let text = settings.text(key)?;
    let text = Zeroizing::new(text.trim().to_owned());
    if text.bytes().all(|byte| byte.is_ascii_graphic()) {
        return Some(text);
    }
    settings.problem(
        key,
        "holds a space or a strange sign; copy it from Twilio's console.",
    );
    None
}

fn login(
    settings: &mut Settings,
    account: Option<&str>,
    auth_token: Option<&Zeroizing<String>>,
) -> Option<Login> {
    let key = settings.text("twilio.api_key_sid");
    let secret = secret(settings, "twilio.api_key_secret");
    match (key, secret) {
        (Some(key), Some(password)) => Some(Login {
            user: sid(settings, "twilio.api_key_sid", "SK", &key)?,
            password,
        }),
        (Some(_), None) => {
            settings.missing(
                "twilio.api_key_secret",
                "twilio.api_key_sid is set, and goes with it.",
            );
            None
        }
        (None, Some(_)) => {
            settings.missing(
                "twilio.api_key_sid",
                "twilio.api_key_secret is set, and goes with it.",
            );
            None
        }
        (None, None) => {
            let Some(password) = auth_token.cloned() else {
                settings.missing(
                    "twilio.auth_token",
                    "Twilio asks for it, or for twilio.api_key_sid and twilio.api_key_secret.",
                );
                return None;
            };
            Some(Login {
                user: account?.to_owned(),
                password,
            })
        }
    }
}

/// Calls always come from a number, so it is asked for even where texts go by a
/// messaging service.
fn from(settings: &mut Settings) -> Option<String> {
    const KEY: &str = "twilio.from";
    let Some(text) = settings.text(KEY) else {
        settings.missing(
            KEY,
            "calls, and texts without a messaging service, come from a number of the account, \
             such as +12075550100.",
        );
        return None;
    };
    let text = text.trim();
    let digits = text.strip_prefix('+').unwrap_or_default();
    let is_e164 = (8..=15).contains(&digits.len())
        && !digits.starts_with('0')
        && digits.bytes().all(|byte| byte.is_ascii_digit());
    if !is_e164 {
        settings.problem(
            KEY,
            "must be a number of the account with its country, such as +12075550100.",
        );
        return None;
    }
    Some(text.to_owned())
}
