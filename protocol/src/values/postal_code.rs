//! A ZIP code, which is text: `04101` keeps its zero.

use alloc::borrow::ToOwned;
use alloc::string::String;

use super::{digit, is_separator, line};
use crate::FieldProblem;

/// The five digits of a ZIP code; nine-digit ones are cut to them.
#[derive(Clone, PartialEq, Eq)]
pub struct PostalCode(String);

impl PostalCode {
    /// Reads five or nine digits, with or without a dash.
    ///
    /// # Errors
    /// [`FieldProblem::Required`] when empty, [`FieldProblem::InvalidPostalCode`]
    /// otherwise.
    ///
    /// ```
    /// # use protocol::values::PostalCode;
    /// assert_eq!(PostalCode::parse("04101-1234").unwrap().as_str(), "04101");
    /// ```
    pub fn parse(text: &str) -> Result<Self, FieldProblem> {
        let digits: Option<String> = line(text)?
            .chars()
            .filter(|c| !is_separator(*c))
            .map(digit)
            .collect();
        match digits {
            Some(digits) if matches!(digits.len(), 5 | 9) => Ok(Self(digits[..5].to_owned())),
            _ => Err(FieldProblem::InvalidPostalCode),
        }
    }

    /// The five digits.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn zip_codes_are_text() {
        assert_eq!(PostalCode::parse(" 04101 ").unwrap().as_str(), "04101");
        assert_eq!(PostalCode::parse("041011234").unwrap().as_str(), "04101");
        for text in ["4101", "0410a", "04101-12"] {
            assert_eq!(
                PostalCode::parse(text),
                Err(FieldProblem::InvalidPostalCode),
                "{text}"
            );
        }
    }
}
