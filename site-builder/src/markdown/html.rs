//! The pieces of HTML that the Markdown library does not write the way the dialect asks for.

use std::fmt::Write as _;

use percent_encoding::{AsciiSet, CONTROLS, utf8_percent_encode};

use crate::config::Markdown;

/// What cannot stand in an address as it is. `%` stays: the editor may have escaped already.
const ADDRESS: &AsciiSet = &CONTROLS
    .add(b' ')
    .add(b'"')
    .add(b'<')
    .add(b'>')
    .add(b'`')
    .add(b'\\');

/// Text for use in HTML, also inside a quoted attribute.
pub(super) fn escape(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
        .replace('"', "&quot;")
}

fn attribute(out: &mut String, name: &str, value: &str) {
    // Writing to a String cannot fail.
    let _ = write!(out, " {name}=\"{}\"", escape(value));
}

fn address(out: &mut String, name: &str, value: &str) {
    attribute(out, name, &utf8_percent_encode(value, ADDRESS).to_string());
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
    address(&mut tag, "href", to);
    if !title.is_empty() {
        attribute(&mut tag, "title", title);
    }
    tag.push('>');
    Some(tag)
}

/// An image that the browser may fetch late.
pub(super) fn lazy_image(source: &str, alt: &str, title: &str) -> String {
    let mut tag = "<img".to_owned();
    address(&mut tag, "src", source);
    attribute(&mut tag, "alt", alt);
    if !title.is_empty() {
        attribute(&mut tag, "title", title);
    }
    tag.push_str(" loading=\"lazy\" decoding=\"async\" />");
    tag
}
