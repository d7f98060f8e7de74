//! HTML as a browser reads it, reduced to what text must not change.

use html5gum::{HtmlString, Token, Tokenizer};

/// An element's start: its name and its attributes, sorted by name.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Start {
    pub(crate) name: String,
    pub(crate) attributes: Vec<(String, String)>,
}

impl Start {
    pub(crate) fn attribute(&self, name: &str) -> Option<&str> {
        let found = self.attributes.iter().find(|(known, _)| known == name);
        found.map(|(_, value)| value.as_str())
    }
}

/// The elements of `html`, and its markup without any text and attribute values.
pub(crate) fn read(html: &str) -> (Vec<Start>, Vec<String>) {
    let mut starts = Vec::new();
    let mut markup = Vec::new();
    for Ok(token) in Tokenizer::new(html) {
        match token {
            Token::StartTag(tag) => {
                let attributes = tag.attributes.iter();
                let mut attributes: Vec<_> = attributes
                    .map(|(name, value)| (text(name), text(value)))
                    .collect();
                attributes.sort();
                let names: Vec<_> = attributes.iter().map(|(name, _)| name.as_str()).collect();
                markup.push(format!("<{} {}>", text(&tag.name), names.join(" ")));
                starts.push(Start {
                    name: text(&tag.name),
                    attributes,
                });
            }
            Token::EndTag(tag) => markup.push(format!("</{}>", text(&tag.name))),
            Token::Comment(_) => markup.push("<!-- -->".to_owned()),
            Token::Doctype(_) => markup.push("<!doctype>".to_owned()),
            Token::String(_) | Token::Error(_) => {}
        }
    }
    (starts, markup)
}

fn text(bytes: &HtmlString) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

/// Text as it comes out of a tokenizer (HTML standard §13.2.3.5, §13.2.5).
pub(crate) fn as_read(text: &str) -> String {
    text.replace("\r\n", "\n")
        .replace('\r', "\n")
        .replace('\0', "\u{FFFD}")
}
