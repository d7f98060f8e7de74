//! What Twilio needs, and what it cannot be told.

use super::*;

const TOKEN: &str = "0f3a5c7e9b1d2f4a6c8e0b1d3f5a7c9e";

/// A configuration whose texts and calls go by Twilio.
fn with_twilio() -> String {
    let account = format!("AC{}", "0a".repeat(16));
    let twilio = format!(
        r#"phone = "twilio"
        [twilio]
        account_sid = "{account}"
        auth_token = "{TOKEN}"
        from = "+12075550100"
        [smtp]"#
    );
    let toml = production().replace("directory = \"/var/lib/frontdesk/phone\"", "");
    toml.replace("[smtp]", &twilio)
}

fn twilio_problem(find: &str, replace: &str) -> String {
    let toml = with_twilio();
    assert!(toml.contains(find), "{find}");
    let error = load_with(&toml.replace(find, replace), &[]).unwrap_err();
    assert_eq!(error.problems.len(), 1, "{error}");
    error.to_string()
}

#[test]
fn with_twilio_production_needs_no_folder() {
    let config = load_with(&with_twilio(), &[]).unwrap();
    assert_eq!(config.delivery.directory, None);
    assert!(!format!("{config:?}").contains(TOKEN));
    let twilio = config.twilio.unwrap();
    assert_eq!(twilio.base_url, "https://api.twilio.com");
    assert_eq!(twilio.login.user, twilio.account_sid);
    assert_eq!(twilio.login.password.as_str(), TOKEN);
    assert_eq!(twilio.from, "+12075550100");
    let reports = twilio.reports.unwrap();
    assert_eq!(reports.base_url, "https://help.example.org");
    assert_eq!(reports.auth_token.as_str(), TOKEN);
}

#[test]
fn an_api_key_signs_in_and_the_auth_token_is_for_reports_only() {
    let key = format!("SK{}", "0b".repeat(16));
    let lines = format!("api_key_sid = \"{key}\"\napi_key_secret = \"hush\"\n");
    let token = format!("auth_token = \"{TOKEN}\"\n");
    let both = with_twilio().replace(&token, &format!("{token}{lines}"));
    let alone = with_twilio().replace(&token, &lines);
    for (toml, has_reports) in [(both, true), (alone, false)] {
        let config = load_with(&toml, &[]).unwrap();
        assert!(!format!("{config:?}").contains("hush"));
        let twilio = config.twilio.unwrap();
        assert_eq!(
            (twilio.login.user.as_str(), twilio.login.password.as_str()),
            (key.as_str(), "hush")
        );
        assert_eq!(twilio.reports.is_some(), has_reports);
    }
}

#[test]
fn reports_are_not_asked_for_where_they_cannot_come() {
    let toml = with_twilio()
        .replace("https://help.example.org/", "http://127.0.0.1:8080")
        .replace("0.0.0.0:8443", "127.0.0.1:8080");
    let config = load_with(&format!("mode = \"demo\"\n{toml}"), &[]).unwrap();
    assert!(config.twilio.unwrap().reports.is_none());
}

#[test]
fn what_twilio_needs_is_asked_for() {
    let account = format!("account_sid = \"AC{}\"", "0a".repeat(16));
    let token = format!("auth_token = \"{TOKEN}\"");
    for (find, key) in [
        (account.as_str(), "twilio.account_sid"),
        (token.as_str(), "twilio.auth_token"),
        ("from = \"+12075550100\"", "twilio.from"),
    ] {
        let text = twilio_problem(find, "");
        assert!(text.starts_with(&format!("{key} is missing: ")), "{text}");
    }
    let half = format!("api_key_sid = \"SK{}\"", "0b".repeat(16));
    let text = twilio_problem(&token, &half);
    assert!(
        text.starts_with("twilio.api_key_secret is missing: "),
        "{text}"
    );
    let text = twilio_problem(&token, "api_key_secret = \"hush\"");
    assert!(
        text.starts_with("twilio.api_key_sid is missing: "),
        "{text}"
    );
}

#[test]
fn values_of_twilio_that_make_no_sense_are_told_by_key() {
    let service = "from = \"+12075550100\"\nmessaging_service_sid = \"MG1\"";
    let abroad = "[twilio]\nbase_url = \"http://api.example.org\"";
    let path = "[twilio]\nbase_url = \"https://api.twilio.com/2010\"";
    for (find, replace, key) in [
        ("\"AC0a", "\"SK0a", "twilio.account_sid"),
        ("AC0a0a", "AC0a0g", "twilio.account_sid"),
        (TOKEN, "two words", "twilio.auth_token"),
        ("+12075550100", "207-555-0100", "twilio.from"),
        ("+12075550100", "+02075550100", "twilio.from"),
        (
            "from = \"+12075550100\"",
            service,
            "twilio.messaging_service_sid",
        ),
        ("[twilio]", abroad, "twilio.base_url"),
        ("[twilio]", path, "twilio.base_url"),
        ("\"twilio\"", "\"pigeon\"", "delivery.phone"),
    ] {
        let text = twilio_problem(find, replace);
        assert!(text.starts_with(&format!("{key} (in ")), "{text}");
        assert!(!text.contains("two words"), "{text}");
    }
    let here = "[twilio]\nbase_url = \"http://127.0.0.1:9000\"";
    assert!(load_with(&with_twilio().replace("[twilio]", here), &[]).is_ok());
}
