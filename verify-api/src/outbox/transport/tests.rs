//! Which way a configuration sends which message.

use protocol::Locale;

use super::*;

fn transport(settings: &[(&str, &str)]) -> Arc<dyn Transport> {
    let key = "4b8e1c".repeat(11)[..64].to_owned();
    let given = [("FRONTDESK_MODE", "demo"), ("FRONTDESK_SECRETS__KEY", &key)];
    let env = given.iter().chain(settings);
    let env = env.map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
    from_config(&Config::load(None, env).unwrap()).unwrap()
}

fn message(channel: Channel) -> Message {
    Message {
        id: "5a".repeat(16),
        channel,
        to: String::new(),
        subject: None,
        text: "Hello".to_owned(),
        html: None,
        at: "2026-11-25T09:30:00Z".parse().unwrap(),
        locale: Locale::En,
        not_after: "2026-11-25T09:40:00Z".parse().unwrap(),
    }
}

const SMTP: [(&str, &str); 3] = [
    ("FRONTDESK_DELIVERY__TRANSPORT", "smtp"),
    ("FRONTDESK_DELIVERY__FROM", "help@example.org"),
    ("FRONTDESK_SMTP__HOST", "127.0.0.1"),
];

#[tokio::test]
async fn a_folder_takes_everything() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().to_str().unwrap();
    let transport = transport(&[("FRONTDESK_DELIVERY__DIRECTORY", path)]);
    for channel in Channel::ALL {
        assert_eq!(transport.send(&message(channel)).await, Ok(()));
    }
}

#[tokio::test]
async fn with_smtp_a_folder_takes_only_texts_and_calls() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().to_str().unwrap();
    let folder = [("FRONTDESK_DELIVERY__DIRECTORY", path)];
    let transport = transport(&[&SMTP[..], &folder[..]].concat());
    for channel in [Channel::Text, Channel::Call] {
        assert_eq!(transport.send(&message(channel)).await, Ok(()));
    }
    // It went to SMTP, which has no use for an address that is none.
    let email = transport.send(&message(Channel::Email)).await;
    assert!(matches!(email, Err(TransportError::Permanent(_))));
}

#[tokio::test]
async fn with_twilio_a_folder_takes_only_emails() {
    let folder = tempfile::tempdir().unwrap();
    let account = format!("AC{}", "0a".repeat(16));
    let transport = transport(&[
        (
            "FRONTDESK_DELIVERY__DIRECTORY",
            folder.path().to_str().unwrap(),
        ),
        ("FRONTDESK_DELIVERY__PHONE", "twilio"),
        ("FRONTDESK_TWILIO__ACCOUNT_SID", &account),
        ("FRONTDESK_TWILIO__AUTH_TOKEN", "12345"),
        ("FRONTDESK_TWILIO__FROM", "+12075550100"),
        // Nobody listens there.
        ("FRONTDESK_TWILIO__BASE_URL", "http://127.0.0.1:9"),
    ]);
    assert_eq!(transport.send(&message(Channel::Email)).await, Ok(()));
    for channel in [Channel::Text, Channel::Call] {
        let sent = transport.send(&message(channel)).await;
        assert!(matches!(
            sent,
            Err(TransportError::Temporary(cause)) if cause.contains("twilio.base_url")
        ));
    }
}

#[tokio::test]
async fn with_smtp_alone_texts_and_calls_are_refused() {
    let transport = transport(&SMTP);
    for channel in [Channel::Text, Channel::Call] {
        let sent = transport.send(&message(channel)).await;
        assert!(matches!(
            sent,
            Err(TransportError::Permanent(cause)) if cause.contains("emails only")
        ));
    }
}
