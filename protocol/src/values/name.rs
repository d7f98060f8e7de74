//! A part of a person's name.

use alloc::borrow::ToOwned;
use alloc::string::String;

use super::{is_invisible, line};
use crate::FieldProblem;

/// A given or family name, as typed, without the spaces around it.
///
/// Any script and any length up to 256 code points; what makes two spellings
/// the same name is the API's matching.
#[derive(Clone, PartialEq, Eq)]
pub struct Name(String);

impl Name {
    /// Reads what a person typed.
    ///
    /// # Errors
    /// [`FieldProblem::Required`] when empty, [`FieldProblem::TooLong`] when
    /// longer than any name.
    pub fn parse(text: &str) -> Result<Self, FieldProblem> {
        // First, since what cannot be seen may hide a space at the end.
        let seen: String = text
            .chars()
            .filter(|c| !is_invisible(*c) && !c.is_control())
            .collect();
        line(&seen).map(|text| Self(text.to_owned()))
    }

    /// The name as typed.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_keep_their_signs_and_lose_what_cannot_be_seen() {
        assert_eq!(
            Name::parse(" O’Neil-Núñez ").unwrap().as_str(),
            "O’Neil-Núñez"
        );
        assert_eq!(Name::parse("An\u{200b}a\0").unwrap().as_str(), "Ana");
        assert_eq!(Name::parse("Ana\u{1} \0").unwrap().as_str(), "Ana");
        assert_eq!(Name::parse("\u{200b}"), Err(FieldProblem::Required));
        assert_eq!(Name::parse(&"a".repeat(257)), Err(FieldProblem::TooLong));
    }
}
