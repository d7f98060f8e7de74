//! A finished message, as a transport gets it. It must not know why it is sent.

use jiff::Timestamp;
use protocol::{Channel, Locale};
use serde::Serialize;

use crate::crypto::redact;

/// What a person is to receive. As JSON it is what the `directory` transport writes.
#[derive(Clone, PartialEq, Eq, Serialize)]
pub struct Message {
    /// The same at every try, so that a mail system can tell a repeated one.
    pub id: String,
    /// How it travels.
    pub channel: Channel,
    /// An email address, or a number in E.164.
    pub to: String,
    /// The subject; emails have one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub subject: Option<String>,
    /// The plain part of an email, what the phone shows, or what a call says.
    pub text: String,
    /// The HTML part; emails have one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub html: Option<String>,
    /// When this try was made.
    pub at: Timestamp,
    /// The language of its words.
    #[serde(skip)]
    pub locale: Locale,
    /// When it is of no use any more.
    #[serde(skip)]
    pub not_after: Timestamp,
}

redact!(Message);

#[cfg(test)]
mod tests {
    use super::*;

    fn message() -> Message {
        Message {
            id: "5a".repeat(16),
            channel: Channel::Text,
            to: "+12075550142".to_owned(),
            subject: None,
            text: "Wellsprings: 123456".to_owned(),
            html: None,
            at: "2026-11-25T09:30:00Z".parse().unwrap(),
            locale: Locale::En,
            not_after: "2026-11-25T09:40:00Z".parse().unwrap(),
        }
    }

    #[test]
    fn a_text_has_neither_subject_nor_html() {
        assert_eq!(
            serde_json::to_value(message()).unwrap(),
            serde_json::json!({
                "id": "5a".repeat(16),
                "channel": "text",
                "to": "+12075550142",
                "text": "Wellsprings: 123456",
                "at": "2026-11-25T09:30:00Z",
            })
        );
    }

    #[test]
    fn nothing_of_a_message_shows_in_debug() {
        assert_eq!(format!("{:?}", message()), "Message(redacted)");
    }
}
