//! The six digits that a message carries.

use alloc::format;
use alloc::string::String;

use zeroize::{ZeroizeOnDrop, Zeroizing};

use super::{digit, is_separator, line};
use crate::FieldProblem;

/// Six digits (NIST SP 800-63B-4 §3.1.3.2 asks for at least 20 bits of entropy at their making).
#[derive(Clone, PartialEq, Eq)]
pub struct Code(Zeroizing<String>);

impl ZeroizeOnDrop for Code {}

impl Code {
    /// How many digits a code has.
    pub const DIGITS: usize = 6;

    /// Reads what a person typed or pasted: spaces and dashes are forgiven, and
    /// so are letters in front, as some phones paste `CODE-123456`.
    ///
    /// # Errors
    /// [`FieldProblem::Required`] when empty, [`FieldProblem::InvalidCode`] when
    /// it is not six digits; neither costs a try.
    ///
    /// ```
    /// # use protocol::values::Code;
    /// assert_eq!(Code::parse(" 123 456 ").unwrap().as_str(), "123456");
    /// assert_eq!(Code::parse("WS-123-456").unwrap().as_str(), "123456");
    /// ```
    pub fn parse(text: &str) -> Result<Self, FieldProblem> {
        let rest = line(text)?.trim_start_matches(|c: char| c.is_alphabetic() || is_separator(c));
        let digits: Option<String> = rest
            .chars()
            .filter(|c| !is_separator(*c))
            .map(digit)
            .collect();
        match digits {
            Some(digits) if digits.len() == Self::DIGITS => Ok(Self(digits.into())),
            _ => Err(FieldProblem::InvalidCode),
        }
    }

    /// A code made of `entropy`, evenly among all one million, or nothing when
    /// `entropy` falls into the rest that would make some codes likelier.
    pub fn from_entropy(entropy: u32) -> Option<Self> {
        const ALL: u32 = 1_000_000;
        (entropy < u32::MAX - u32::MAX % ALL).then(|| Self(format!("{:06}", entropy % ALL).into()))
    }

    /// The six digits.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_hands_do_is_forgiven() {
        for text in [
            "123456",
            "123 456",
            "123-456",
            "1 2 3 4 5 6",
            "123\u{a0}456",
            "G-123456",
            "１２３４５６",
            "\u{200b}123456\u{200b}",
        ] {
            assert_eq!(Code::parse(text).unwrap().as_str(), "123456", "{text}");
        }
    }

    #[test]
    fn anything_else_is_not_a_code() {
        for text in [
            "12345",
            "1234567",
            "12345a",
            "abcdef",
            "123456 ok",
            "Code: 123456",
        ] {
            assert_eq!(Code::parse(text), Err(FieldProblem::InvalidCode), "{text}");
        }
    }

    #[test]
    fn entropy_that_would_favour_some_codes_is_turned_away() {
        assert_eq!(Code::from_entropy(7).unwrap().as_str(), "000007");
        assert_eq!(
            Code::from_entropy(4_293_999_999).unwrap().as_str(),
            "999999"
        );
        assert!(Code::from_entropy(4_294_000_000).is_none());
        assert!(Code::from_entropy(u32::MAX).is_none());
    }
}
