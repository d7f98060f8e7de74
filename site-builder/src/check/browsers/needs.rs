//! What a declaration asks of a browser, and what stands in for it where that is too much.
//!
//! Owns which declarations do what another would: an earlier one of the same property, or of the
//! shorthand that sets it, and one of the property by another name. Knows no rule around them.

use std::ops::Range;

use super::sheet::{Declaration, Kind, Part};
use super::support::{self, Group, Support};

/// Properties that set all whose names go on after a hyphen.
const SHORTHANDS: [&str; 21] = [
    "animation",
    "background",
    "border",
    "border-block",
    "border-bottom",
    "border-image",
    "border-inline",
    "border-left",
    "border-right",
    "border-top",
    "column-rule",
    "flex",
    "font",
    "grid",
    "list-style",
    "margin",
    "mask",
    "outline",
    "padding",
    "text-decoration",
    "transition",
];

/// Properties whose names go on after one of those, and that it does not set.
const APART: [&str; 8] = [
    "background-blend-mode",
    "border-collapse",
    "border-radius",
    "border-spacing",
    "flex-direction",
    "flex-flow",
    "flex-wrap",
    "outline-offset",
];

/// Properties with words of the author's own in them.
const OWN_WORDS: [&str; 12] = [
    "animation",
    "animation-name",
    "counter-increment",
    "counter-reset",
    "font",
    "font-family",
    "grid-area",
    "grid-column",
    "grid-row",
    "transition",
    "transition-property",
    "will-change",
];

/// A feature, and how a person would say it.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Feature {
    /// What its line in the table is about.
    pub about: String,
    /// Such as `gap` or `:focus-visible`.
    pub shown: String,
    /// Where it is that it does not work, such as ` in flex boxes`.
    pub context: &'static str,
}

/// A feature that a declaration needs.
#[derive(Debug)]
pub(super) struct Need {
    /// The feature.
    pub feature: Feature,
    /// Who lacks it.
    pub lacking: Group,
    /// Where it is asked for.
    pub at: Range<usize>,
    /// Whether it has a maker's prefix, and so is for nobody else.
    pub is_prefixed: bool,
}

/// A declaration, and what it asks.
#[derive(Debug)]
pub(super) struct Asked<'a> {
    /// The declaration.
    pub declaration: &'a Declaration,
    /// The property by its own name.
    pub property: Option<&'a str>,
    /// The features that it needs.
    pub needs: Vec<Need>,
    /// Who lacks one of them.
    pub lacking: Group,
}

/// What the declarations of a rule ask.
pub(super) fn ask<'a>(support: &Support<'_>, all: &'a [Declaration]) -> Vec<Asked<'a>> {
    let asked = all.iter().map(|declaration| {
        let (property, needs) = needs(support, all, declaration);
        let lacking = needs.iter().fold(0, |all, need| all | need.lacking);
        Asked {
            declaration,
            property,
            needs,
            lacking,
        }
    });
    asked.collect()
}

/// The property that a declaration means, and the features that it needs.
fn needs<'a>(
    support: &Support<'_>,
    all: &[Declaration],
    declaration: &'a Declaration,
) -> (Option<&'a str>, Vec<Need>) {
    let property = support::property(&declaration.name);
    let mut needs = Needs {
        support,
        has_own_words: property.is_some_and(|(plain, _)| OWN_WORDS.contains(&plain)),
        found: Vec::new(),
    };
    if let Some((plain, via)) = property {
        let (context, words) = context(plain, all);
        let about = format!("property {plain}{context}");
        let shown = declaration.name.clone();
        needs.add(about, via, (shown, words), &declaration.at);
    }
    let unnamed = property.filter(|(_, via)| via.is_none());
    for word in &declaration.words {
        needs.word(unnamed.map(|(plain, _)| plain), word);
    }
    (property.map(|(plain, _)| plain), needs.found)
}

struct Needs<'a> {
    support: &'a Support<'a>,
    has_own_words: bool,
    found: Vec<Need>,
}

impl Needs<'_> {
    /// Adds what a piece of a value needs; `property` is given when it is one without a prefix.
    fn word(&mut self, property: Option<&str>, word: &Part) {
        let (base, via) = match support::prefixed(&word.name) {
            Some((prefix, base)) => (base, Some(prefix)),
            None => (word.name.as_str(), None),
        };
        let (before, has_own) = (self.found.len(), self.has_own_words);
        let mut need = |about, via, shown| self.add(about, via, (shown, ""), &word.at);
        match word.kind {
            Kind::Word | Kind::InnerWord => {
                if let Some(property) = property
                    && word.kind == Kind::Word
                    && !has_own
                {
                    let shown = format!("{property}: {}", word.name);
                    need(format!("property {property} {base}"), via, shown);
                }
                need(format!("keyword {base}"), via, word.name.clone());
            }
            Kind::Function => {
                let shown = format!("{}()", word.name);
                if let Some(property) = property {
                    let about = format!("property {property} {base}");
                    need(about, via, shown.clone());
                }
                // This one has a function of its own, which is as old as itself.
                if property != Some("clip") {
                    need(format!("function {base}"), via, shown);
                }
            }
            Kind::Unit => need(format!("unit {base}"), None, format!("1{}", word.name)),
            Kind::ClearColor => {
                need("keyword #rgba".to_owned(), None, format!("#{}", word.name));
            }
            Kind::Pseudo => {}
        }
        if via.is_some() && !has_own && self.found.len() == before {
            // Some maker's own, of which nobody else knows; it stands in for nothing.
            self.found.push(Need {
                feature: Feature::default(),
                lacking: Group::MAX,
                at: word.at.clone(),
                is_prefixed: true,
            });
        }
    }

    /// Adds a feature, unless the table does not tell it apart.
    fn add(
        &mut self,
        about: String,
        via: Option<&str>,
        (shown, context): (String, &'static str),
        at: &Range<usize>,
    ) {
        if let Some(lacking) = self.support.lacking(&about, via) {
            self.found.push(Need {
                feature: Feature {
                    about,
                    shown,
                    context,
                },
                lacking,
                at: at.clone(),
                is_prefixed: via.is_some_and(|via| via.starts_with('-')),
            });
        }
    }
}

/// The browsers for which other declarations of a rule do what the one at this place would.
pub(super) fn stand_ins(all: &[Asked<'_>], at: usize) -> Group {
    let asked = &all[at];
    let name = asked.declaration.name.as_str();
    let mut served = 0;
    for (other_at, other) in all.iter().enumerate() {
        let other_name = other.declaration.name.as_str();
        let is_same = other_name == name;
        let sets = || {
            let rest = name.strip_prefix(other_name);
            rest.is_some_and(|rest| rest.starts_with('-'))
                && SHORTHANDS.contains(&other_name)
                && !APART.contains(&name)
        };
        let means_it = || {
            let is_older = other_name.strip_prefix("page-") == Some(name);
            is_older || (asked.property.is_some() && other.property == asked.property)
        };
        let does_it = if is_same {
            other_at < at
        } else {
            means_it() || (other_at < at && sets())
        };
        if does_it {
            served |= !other.lacking;
        }
    }
    served
}

/// Where a property of the table is told apart by the box it stands in: the end of its line's
/// subject, and words for it.
fn context(name: &str, all: &[Declaration]) -> (&'static str, &'static str) {
    if !["gap", "row-gap", "column-gap"].contains(&name) {
        return ("", "");
    }
    let displays = all.iter().filter(|other| other.name == "display");
    let mut words = displays.flat_map(|other| &other.words);
    let last = words.rfind(|word| word.name.ends_with("flex") || word.name.ends_with("grid"));
    match last {
        Some(word) if word.name.ends_with("flex") => (" flex_context", " in flex boxes"),
        Some(_) => (" grid_context", " in grids"),
        None => ("", ""),
    }
}
