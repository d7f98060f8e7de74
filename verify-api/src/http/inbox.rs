//! The demo inbox: what the directory transport has delivered, newest first.
//!
//! Only routed where the configuration names the demo mode.

use std::path::Path;
use std::sync::Arc;

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use protocol::Locale;
use protocol::form::escape;
use serde::Deserialize;

use super::Web;

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
    web.shell
        .page(StatusCode::OK, Locale::En, "Demo inbox", &main)
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
    let subject = message.subject.as_deref().unwrap_or(&message.channel);
    format!(
        "<article class=\"fd-message\"><h2>{}</h2><p>{} to {}, {}</p><pre class=\"fd-message-text\">{}</pre></article>",
        escape(subject),
        escape(&message.channel),
        escape(&message.to),
        escape(&message.at),
        linked(&message.text),
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
    use super::linked;

    #[test]
    fn links_can_be_pressed_and_nothing_else_is_markup() {
        assert_eq!(
            linked("Go to\nhttp://127.0.0.1/x?a=1&b=2 <b>"),
            "Go to\n<a href=\"http://127.0.0.1/x?a=1&amp;b=2\">http://127.0.0.1/x?a=1&amp;b=2 </a>&lt;b&gt;"
        );
    }
}
