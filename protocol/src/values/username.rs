//! A portal username.

use alloc::borrow::ToOwned;
use alloc::string::String;

use super::line;
use crate::FieldProblem;

/// 3 to 64 of the ASCII letters, digits, `.`, `_` and `-`.
///
/// Never an email address, so that the two cannot be mixed up; case does not
/// tell two usernames apart.
#[derive(Clone, PartialEq, Eq)]
pub struct Username(String);

impl Username {
    /// Reads what a person typed.
    ///
    /// # Errors
    /// [`FieldProblem::Required`] when empty, [`FieldProblem::UsernameIsEmail`]
    /// when it has an `@`, [`FieldProblem::InvalidUsername`] otherwise.
    ///
    /// ```
    /// # use protocol::values::Username;
    /// assert_eq!(Username::parse(" Rosa.M ").unwrap().as_str(), "Rosa.M");
    /// ```
    pub fn parse(text: &str) -> Result<Self, FieldProblem> {
        let text = line(text)?;
        if text.contains('@') {
            return Err(FieldProblem::UsernameIsEmail);
        }
        let sign = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'_' | b'-');
        if !(3..=64).contains(&text.len()) || !text.bytes().all(sign) {
            return Err(FieldProblem::InvalidUsername);
        }
        Ok(Self(text.to_owned()))
    }

    /// The username as its owner wrote it.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The form under which it is unique.
    pub fn lookup_key(&self) -> String {
        self.0.to_ascii_lowercase()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_shape_of_a_username() {
        for text in ["abc", "a.b_c-9", &"x".repeat(64)] {
            assert!(Username::parse(text).is_ok(), "{text}");
        }
        for text in [
            "ab",
            &"x".repeat(65),
            "ros a",
            "rosä",
            "ros\u{131}",
            "ｒｏｓａ",
            "r\u{202e}osa",
        ] {
            assert_eq!(
                Username::parse(text),
                Err(FieldProblem::InvalidUsername),
                "{text}"
            );
        }
        assert_eq!(
            Username::parse("rosa@example.org"),
            Err(FieldProblem::UsernameIsEmail)
        );
    }

    #[test]
    fn case_does_not_tell_two_apart() {
        let key = |text| Username::parse(text).unwrap().lookup_key();
        assert_eq!(key("Rosa"), key("rOSA"));
    }
}
