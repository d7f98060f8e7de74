//! A page of HTML as its parts come, by a tokenizer that follows the standard, so comments, scripts
//! and odd quoting are read as a browser reads them.
//!
//! Owns the room that a tag is read into: one for a whole page, where the tokenizer's own tokens take
//! a map for each tag. Judges nothing.

use std::borrow::Cow;
use std::convert::Infallible;
use std::ops::Range;

use html5gum::emitters::callback::{Callback, CallbackEmitter, CallbackEvent};
use html5gum::{Emitter, Error, ForwardingEmitter, Span, Tokenizer};

/// A part of a page, and where it stands.
pub(in crate::check) enum Part<'a> {
    /// The start of an element.
    Start(&'a Tag),
    /// The end of an element, by its name.
    End(&'a str, Range<usize>),
    /// The words between tags.
    Words(&'a str),
    /// A comment.
    Comment(Range<usize>),
    /// The kind of the page: whether it is HTML of today.
    Doctype(bool),
    /// What the standard calls a fault.
    Error(Error, Range<usize>),
}

/// The start of an element.
#[derive(Debug, Default)]
pub(in crate::check) struct Tag {
    /// The element's name.
    pub name: String,
    /// Whether it ends with `/>`.
    pub is_closed: bool,
    /// Where it stands.
    pub at: Range<usize>,
    /// In the order of their names. Those behind the first `count` are room that other tags have left.
    attributes: Vec<Attribute>,
    count: usize,
}

#[derive(Debug, Default)]
struct Attribute {
    name: String,
    value: String,
    at: Range<usize>,
}

impl Tag {
    /// The attributes, in the order of their names.
    pub(in crate::check) fn attributes(&self) -> impl Iterator<Item = (&str, &str)> {
        let own = self.attributes[..self.count].iter();
        own.map(|own| (own.name.as_str(), own.value.as_str()))
    }

    /// The value of an attribute.
    pub(in crate::check) fn get(&self, name: &str) -> Option<&str> {
        let mut own = self.attributes();
        own.find_map(|(known, value)| (known == name).then_some(value))
    }

    /// Adds an attribute without a value.
    fn add(&mut self, name: &str, at: Range<usize>) {
        if self.count == self.attributes.len() {
            self.attributes.push(Attribute::default());
        }
        let room = &mut self.attributes[self.count];
        room.name.clear();
        room.name.push_str(name);
        room.value.clear();
        room.at = at;
        self.count += 1;
    }

    /// Sorts the attributes and keeps the first of each name. Looking for one of the same name before
    /// each would take for ever in a tag with very many.
    fn sort(&mut self, mut again: impl FnMut(Range<usize>)) {
        let own = &mut self.attributes[..self.count];
        own.sort_unstable_by(|a, b| (&a.name, a.at.start).cmp(&(&b.name, b.at.start)));
        let mut kept = 0;
        for next in 0..own.len() {
            if kept > 0 && own[kept - 1].name == own[next].name {
                again(own[next].at.clone());
            } else {
                own.swap(kept, next);
                kept += 1;
            }
        }
        self.count = kept;
    }
}

/// Reads a page. Where faults are wanted, each character is looked at by itself, which takes as long as
/// all else.
pub(in crate::check) fn read(html: &str, wants_faults: bool, take: impl FnMut(Part<'_>)) {
    let mut made = CallbackEmitter::new(Reader {
        take,
        tag: Tag::default(),
    });
    // Text inside `<script>` and `<style>` is not markup.
    made.naively_switch_states(true);
    let emitter = Faults { made, wants_faults };
    let Ok(()) = Tokenizer::new_with_emitter(html, emitter).finish();
}

/// What is UTF-8, as nearly all is, is told sooner than it is mended.
pub(in crate::check) fn lossy(bytes: &[u8]) -> Cow<'_, str> {
    str::from_utf8(bytes).map_or_else(|_| String::from_utf8_lossy(bytes), Cow::Borrowed)
}

struct Reader<F> {
    take: F,
    tag: Tag,
}

impl<F: FnMut(Part<'_>)> Callback<Infallible, usize> for Reader<F> {
    fn handle_event(&mut self, event: CallbackEvent<'_>, span: Span<usize>) -> Option<Infallible> {
        let at = span.start..span.end;
        match event {
            CallbackEvent::OpenStartTag { name } => {
                self.tag.name.clear();
                self.tag.name.push_str(&lossy(name));
                self.tag.at = at;
            }
            CallbackEvent::AttributeName { name } => {
                self.tag.add(&lossy(name), at);
            }
            CallbackEvent::AttributeValue { value } => {
                if let Some(own) = self.tag.attributes[..self.tag.count].last_mut() {
                    own.value.push_str(&lossy(value));
                }
            }
            CallbackEvent::CloseStartTag { self_closing } => {
                self.tag.is_closed = self_closing;
                self.tag.at.end = at.end;
                let take = &mut self.take;
                self.tag
                    .sort(|at| take(Part::Error(Error::DuplicateAttribute, at)));
                (self.take)(Part::Start(&self.tag));
                self.tag.count = 0;
            }
            CallbackEvent::EndTag { name } => {
                (self.take)(Part::End(&lossy(name), at));
                self.tag.count = 0;
            }
            CallbackEvent::String { value } => (self.take)(Part::Words(&lossy(value))),
            CallbackEvent::Comment { .. } => (self.take)(Part::Comment(at)),
            CallbackEvent::Doctype {
                name, force_quirks, ..
            } => {
                let is_html = name.eq_ignore_ascii_case(b"html") && !force_quirks;
                (self.take)(Part::Doctype(is_html));
            }
            CallbackEvent::Error(error) => (self.take)(Part::Error(error, at)),
        }
        None
    }
}

/// The tokenizer's events, with what is not valid among them or without.
struct Faults<E> {
    made: E,
    wants_faults: bool,
}

impl<E: Emitter> ForwardingEmitter for Faults<E> {
    type Token = E::Token;

    fn inner(&mut self) -> &mut impl Emitter<Token = Self::Token> {
        &mut self.made
    }

    fn should_emit_errors(&mut self) -> bool {
        self.wants_faults
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_tag_has_its_own_attributes_and_the_first_of_a_name() {
        let mut tags = Vec::new();
        read("<a b=1 a=2 b=3>x</a c=5><i><p c=4 />", false, |part| {
            if let Part::Start(tag) = part {
                let own = tag.attributes();
                let own: Vec<_> = own.map(|(name, value)| format!("{name}={value}")).collect();
                tags.push((tag.name.clone(), own.join(" "), tag.is_closed));
            }
        });
        let tag = |name: &str, own: &str, is_closed| (name.to_owned(), own.to_owned(), is_closed);
        let expected = [
            tag("a", "a=2 b=1", false),
            tag("i", "", false),
            tag("p", "c=4", true),
        ];
        assert_eq!(tags, expected);
    }

    #[test]
    fn each_attribute_of_a_name_that_its_tag_has_is_told_where_it_stands() {
        let html = "<p b=1 a=2 b=3 a=4 b=5>";
        let mut found = Vec::new();
        read(html, true, |part| {
            if let Part::Error(Error::DuplicateAttribute, at) = part {
                found.push(at.start);
            }
        });
        found.sort_unstable();
        let again = ["b=3", "a=4", "b=5"].map(|again| html.find(again).unwrap());
        assert_eq!(found, again);
    }

    #[test]
    fn characters_are_looked_at_where_faults_are_wanted() {
        let faults = |wanted| {
            let mut found = Vec::new();
            read("<p>&nosuch; \u{1}</p>", wanted, |part| {
                if let Part::Error(error, _) = part {
                    found.push(error);
                }
            });
            found
        };
        let both = [
            Error::UnknownNamedCharacterReference,
            Error::ControlCharacterInInputStream,
        ];
        assert_eq!(faults(true), both);
        assert_eq!(faults(false), []);
    }
}
