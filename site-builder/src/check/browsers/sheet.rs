//! A style sheet, taken apart: its rules with the selectors, declarations and words that they are
//! made of, each with its place; and what is no CSS at all.
//!
//! Owns the parts; [`super::read`] finds them. Knows no browser.

use std::ops::Range;

/// A style sheet.
#[derive(Debug, Default)]
pub(super) struct Sheet {
    /// All rules with selectors, whatever they stand in.
    pub rules: Vec<Rule>,
    /// All rules with `@`.
    pub at_rules: Vec<AtRule>,
    /// What cannot be read.
    pub faults: Vec<Fault>,
}

/// A rule with selectors; or the attribute `style`, which has none.
#[derive(Debug, Default)]
pub(super) struct Rule {
    /// Its pseudo-classes and pseudo-elements.
    pub selectors: Vec<Part>,
    /// What a browser must know to come here at all.
    pub within: Vec<Guard>,
    /// Whether it stands in another rule with selectors.
    pub nested: bool,
    /// Where its selectors are.
    pub at: Range<usize>,
    /// Its declarations.
    pub declarations: Vec<Declaration>,
}

/// A rule with `@`.
#[derive(Debug)]
pub(super) struct AtRule {
    /// Such as `media`, in small letters.
    pub name: String,
    /// Where it begins.
    pub at: Range<usize>,
    /// What a browser must know to come here at all.
    pub within: Vec<Guard>,
    /// Whether a media query compares with `<` or `>`.
    pub compares: bool,
}

/// What keeps browsers from what it encloses.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Guard {
    /// `@supports`: whoever comes in was asked.
    Asked,
    /// A rule with `@`, by name.
    Rule(String),
    /// What a media query asks, such as `hover`.
    Question(String),
}

/// A declaration.
#[derive(Debug)]
pub(super) struct Declaration {
    /// The property; small letters, but for one of the author's own.
    pub name: String,
    /// Where the property is.
    pub at: Range<usize>,
    /// What its value is made of.
    pub words: Vec<Part>,
}

/// A piece of a value or selector.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Part {
    /// What it is.
    pub kind: Kind,
    /// In small letters, without punctuation.
    pub name: String,
    /// Where it is.
    pub at: Range<usize>,
}

/// What a piece is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// A word that stands in the value itself.
    Word,
    /// A word in brackets.
    InnerWord,
    /// A function.
    Function,
    /// The unit of a number.
    Unit,
    /// A colour with four or eight digits, the last of them for how much shows through.
    ClearColor,
    /// A pseudo-class or pseudo-element, as it is written.
    Pseudo,
}

/// Something that cannot be read.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Fault {
    /// Where it is.
    pub at: Range<usize>,
    /// One plain sentence.
    pub sentence: String,
    /// What to do next.
    pub help: &'static str,
}
