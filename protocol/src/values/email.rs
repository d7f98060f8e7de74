//! An email address, as far as its shape tells.

use alloc::format;
use alloc::string::String;

use super::{is_invisible, line};
use crate::FieldProblem;

/// An address that can be written to: trimmed, its domain in lower case.
///
/// The part before the `@` keeps its case and its `+tag`: only the receiving
/// server knows what they mean (RFC 5321 §2.4).
#[derive(Clone, PartialEq, Eq)]
pub struct Email(String);

impl Email {
    /// Reads what a person typed.
    ///
    /// # Errors
    /// [`FieldProblem::Required`] when empty, [`FieldProblem::TooLong`] above 254
    /// bytes (RFC 5321 §4.5.3.1.3), [`FieldProblem::InvalidEmail`] otherwise.
    ///
    /// ```
    /// # use protocol::values::Email;
    /// assert_eq!(Email::parse(" Ana+1@Example.ORG ").unwrap().as_str(), "Ana+1@example.org");
    /// ```
    pub fn parse(text: &str) -> Result<Self, FieldProblem> {
        let text = line(text)?;
        if text.len() > 254 {
            return Err(FieldProblem::TooLong);
        }
        let invalid = FieldProblem::InvalidEmail;
        let (local, domain) = text.rsplit_once('@').ok_or(invalid)?;
        let strange = |c: char| {
            c.is_whitespace()
                || c.is_control()
                || is_invisible(c)
                || matches!(
                    c,
                    '@' | ',' | ';' | ':' | '<' | '>' | '(' | ')' | '[' | ']' | '"' | '\\'
                )
        };
        let local_ok = !local.is_empty()
            && local.len() <= 64
            && !local.contains(strange)
            && !local.starts_with('.')
            && !local.ends_with('.')
            && !local.contains("..");
        let label_ok = |label: &str| {
            !label.is_empty()
                && label.len() <= 63
                && !label.starts_with('-')
                && !label.ends_with('-')
                && label.chars().all(|c| c.is_alphanumeric() || c == '-')
        };
        let domain_ok = domain.contains('.') && domain.split('.').all(label_ok);
        if !(local_ok && domain_ok) {
            return Err(invalid);
        }
        Ok(Self(format!("{local}@{}", domain.to_lowercase())))
    }

    /// The address.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The form under which two spellings of an address are the same one.
    ///
    /// Case is folded before the `@` as well: no mail service that patients use
    /// tells `Ana@` from `ana@`, and people do not either.
    pub fn lookup_key(&self) -> String {
        self.0.to_lowercase()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_as_people_have_them() {
        for text in [
            "ana@example.org",
            "a.b+tag@sub.example.org",
            "o'neil@example.org",
            "ana@exämple.org",
        ] {
            assert!(Email::parse(text).is_ok(), "{text}");
        }
    }

    #[test]
    fn what_no_letter_can_reach() {
        for text in [
            "ana",
            "ana@",
            "@example.org",
            "ana@example",
            "ana@@example.org",
            "ana b@example.org",
            "ana@example..org",
            ".ana@example.org",
            "ana@-example.org",
            "ana@example.org\r\nBcc: x@example.org",
            "a\u{202e}na@example.org",
            "Ana <ana@example.org>",
        ] {
            assert_eq!(
                Email::parse(text),
                Err(FieldProblem::InvalidEmail),
                "{text}"
            );
        }
        let long = format!("{}@example.org", "a".repeat(250));
        assert_eq!(Email::parse(&long), Err(FieldProblem::TooLong));
    }
}
