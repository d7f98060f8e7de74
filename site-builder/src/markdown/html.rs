//! The pieces of HTML that the Markdown library does not write the way the dialect asks for.

use std::fmt::Write as _;

use pulldown_cmark_escape::{escape_href, escape_html};

use crate::config::Markdown;

/// Text for use in HTML, also inside a quoted attribute.
pub(super) fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    // Writing to a String cannot fail.
    let _ = escape_html(&mut out, text);
    out
}

fn attribute(out: &mut String, name: &str, value: &str) {
    let _ = write!(out, " {name}=\"{}\"", escape(value));
}

fn address(out: &mut String, name: &str, value: &str) {
    let _ = write!(out, " {name}=\"");
    let _ = escape_href(&mut *out, value);
    out.push('"');
}

/// The opening tag of a heading.
pub(super) fn heading_start(level: u8, id: &str, classes: &[String]) -> String {
    let mut tag = format!("<h{level}");
    attribute(&mut tag, "id", id);
    if !classes.is_empty() {
        attribute(&mut tag, "class", &classes.join(" "));
    }
    tag.push('>');
    tag
}

/// The opening tag of a link to another site, when the settings ask for more than a plain one.
pub(super) fn external_link(settings: &Markdown, to: &str, title: &str) -> Option<String> {
    let rel: Vec<_> = [
        (settings.external_blank, "noopener"),
        (settings.external_no_follow, "nofollow"),
        (settings.external_no_referrer, "noreferrer"),
        (settings.external_rel, "external"),
    ]
    .into_iter()
    .filter_map(|(wanted, word)| wanted.then_some(word))
    .collect();
    if rel.is_empty() && settings.external_class.is_none() {
        return None;
    }
    let mut tag = "<a".to_owned();
    if let Some(class) = &settings.external_class {
        attribute(&mut tag, "class", class);
    }
    if !rel.is_empty() {
        attribute(&mut tag, "rel", &rel.join(" "));
    }
    if settings.external_blank {
        attribute(&mut tag, "target", "_blank");
    }
    if !title.is_empty() {
        attribute(&mut tag, "title", title);
    }
    address(&mut tag, "href", to);
    tag.push('>');
    Some(tag)
}

/// An image; a lazy one may be fetched late by the browser.
pub(super) fn image(source: &str, alt: &str, title: &str, lazy: bool) -> String {
    let mut tag = "<img".to_owned();
    address(&mut tag, "src", source);
    attribute(&mut tag, "alt", alt);
    if !title.is_empty() {
        attribute(&mut tag, "title", title);
    }
    if lazy {
        tag.push_str(" loading=\"lazy\" decoding=\"async\"");
    }
    tag.push_str(" />");
    tag
}
