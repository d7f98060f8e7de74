//! The demo inbox: what the directory transport has delivered, newest first.
//!
//! Only routed where the configuration names the demo mode.

use std::path::Path;
use std::sync::Arc;

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use jiff::Timestamp;
use protocol::form::escape;
use serde::Deserialize;

use protocol::Locale;

use super::Web;
use super::language::Language;

#[derive(Deserialize)]
struct Delivered {
    channel: String,
    to: String,
    #[serde(default)]
    subject: Option<String>,
    text: String,
    at: String,
}

pub(super) async fn inbox(State(web): State<Arc<Web>>) -> Response {
    let messages = match &web.inbox {
        Some(folder) => read(folder).await,
        None => Vec::new(),
    };
    let mut main = String::from(
        "<h1>Demo inbox</h1><p class=\"fd-lead\">Every message this demo has sent, newest first. Nothing here is real.</p>",
    );
    if messages.is_empty() {
        main.push_str("<p>No messages yet.</p>");
    }
    for message in &messages {
        main.push_str(&article(message));
    }
    let language = Language::alone(Locale::En);
    web.shell
        .page(StatusCode::OK, &language, "Demo inbox", &main)
}

async fn read(folder: &Path) -> Vec<Delivered> {
    let mut names = Vec::new();
    if let Ok(mut entries) = tokio::fs::read_dir(folder).await {
        while let Ok(Some(entry)) = entries.next_entry().await {
            let path = entry.path();
            if path.extension().is_some_and(|kind| kind == "json") {
                names.push(path);
            }
        }
    }
    names.sort_unstable_by(|a, b| b.cmp(a));
    let mut messages = Vec::new();
    for name in names.iter().take(100) {
        let text = tokio::fs::read(name).await.unwrap_or_default();
        messages.extend(serde_json::from_slice(&text).ok());
    }
    messages
}

fn article(message: &Delivered) -> String {
    let way = format!("{} to {}", way(&message.channel), message.to);
    let at = moment(&message.at);
    // Only an email has a subject; the others go by the way that they took.
    let (title, line) = match &message.subject {
        Some(subject) => (subject, format!("{way}, {at}")),
        None => (&way, at),
    };
    format!(
        "<article class=\"fd-message\"><h2>{}</h2><p>{}</p><pre class=\"fd-message-text\">{}</pre></article>",
        escape(title),
        escape(&line),
        linked(&message.text),
    )
}

fn way(channel: &str) -> &str {
    match channel {
        "text" => "Text message",
        "call" => "Phone call",
        "email" => "Email",
        other => other,
    }
}

/// A time as people read it, to the second; as it is when it is none.
fn moment(at: &str) -> String {
    at.parse::<Timestamp>().map_or_else(
        |_| at.to_owned(),
        |at| at.strftime("%B %-d, %Y, %H:%M:%S UTC").to_string(),
    )
}

/// The text, escaped, with its links to press.
fn linked(text: &str) -> String {
    text.split_inclusive(char::is_whitespace)
        .map(|word| {
            let url = word.trim_end();
            let escaped = escape(word);
            if url.starts_with("http://") || url.starts_with("https://") {
                format!("<a href=\"{}\">{escaped}</a>", escape(url))
            } else {
                escaped
            }
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::{Delivered, article, linked};

    fn message(channel: &str, subject: Option<&str>) -> String {
        article(&Delivered {
            channel: channel.to_owned(),
            to: "+12075550142".to_owned(),
            subject: subject.map(str::to_owned),
            text: String::new(),
            at: "2026-11-25T04:14:39.842384582Z".to_owned(),
        })
    }

    #[test]
    fn a_message_is_headed_by_its_subject_or_its_way() {
        let text = message("text", None);
        assert!(
            text.contains("<h2>Text message to +12075550142</h2>"),
            "{text}"
        );
        assert!(
            text.contains("<p>November 25, 2026, 04:14:39 UTC</p>"),
            "{text}"
        );
        assert!(message("call", None).contains("<h2>Phone call to "));
        let email = message("email", Some("Your code"));
        assert!(email.contains("<h2>Your code</h2><p>Email to "), "{email}");
    }

    #[test]
    fn links_can_be_pressed_and_nothing_else_is_markup() {
        assert_eq!(
            linked("Go to\nhttp://127.0.0.1/x?a=1&b=2 <b>"),
            "Go to\n<a href=\"http://127.0.0.1/x?a=1&amp;b=2\">http://127.0.0.1/x?a=1&amp;b=2 </a>&lt;b&gt;"
        );
    }
}
