//! Which password is good enough (NIST SP 800-63B-4 §3.1.1.2, OWASP ASVS 5.0 V6.2).
//!
//! Long enough, and not one that an attacker tries first. No composition rules,
//! no rotation, no hints. It must not know how a password is stored.

mod common;
mod predictable;

pub use predictable::KnownNames;

use protocol::FieldProblem;
use protocol::answers::PasswordText;
use protocol::values::{Email, Username};
use unicode_normalization::UnicodeNormalization as _;
use zeroize::Zeroizing;

use crate::crypto::redact;

/// The fewest code points, where the password is the only factor.
const SHORTEST: usize = 15;
/// The most. Beyond it a password gets no better, only slower to normalise.
const LONGEST: usize = 256;

/// A password that may become somebody's; its memory is wiped when it goes.
pub struct NewPassword(Zeroizing<String>);

redact!(NewPassword);

impl NewPassword {
    /// Judges what was typed. Every character is allowed, spaces and emoji too;
    /// they are counted as code points, after NFC.
    ///
    /// # Errors
    /// [`FieldProblem::PasswordTooShort`] under 15, [`FieldProblem::TooLong`]
    /// above 256; [`FieldProblem::PasswordCommon`] when the whole password is
    /// one that many people use, digits and signs around it not counted;
    /// [`FieldProblem::PasswordPredictable`] when hardly anything is left
    /// without `username` and `names`, those of the clinic, the portal and the person.
    pub fn parse(
        typed: &PasswordText,
        username: &Username,
        names: &KnownNames,
    ) -> Result<Self, FieldProblem> {
        Self::judge(typed, &username.lookup_key(), names)
    }

    /// The same of a staff user, whose `email` stands in the place of a username.
    ///
    /// # Errors
    /// As [`parse`](Self::parse).
    pub fn of_staff(
        typed: &PasswordText,
        email: &Email,
        names: &KnownNames,
    ) -> Result<Self, FieldProblem> {
        let names = names.and_of_person([email.as_str()]);
        Self::judge(typed, &email.lookup_key(), &names)
    }

    fn judge(typed: &PasswordText, owner: &str, names: &KnownNames) -> Result<Self, FieldProblem> {
        let password = normalized(typed.as_str());
        match password.chars().count() {
            0..SHORTEST => return Err(FieldProblem::PasswordTooShort),
            SHORTEST..=LONGEST => {}
            _ => return Err(FieldProblem::TooLong),
        }
        let folded = folded(&password);
        if common::is_common(&folded) {
            return Err(FieldProblem::PasswordCommon);
        }
        if predictable::is_predictable(&folded, owner, names) {
            return Err(FieldProblem::PasswordPredictable);
        }
        Ok(Self(password))
    }

    /// What is hashed.
    pub(crate) fn into_text(self) -> Zeroizing<String> {
        self.0
    }
}

/// The form in which a password is counted and hashed: NFC, so that it does not
/// matter on which keyboard an accent was typed.
///
/// Stops a little above [`LONGEST`]: no stored password is longer, and a
/// megabyte of text is not worth normalising to be told so.
pub(crate) fn normalized(text: &str) -> Zeroizing<String> {
    // Room for the longest from the start, so that no copy is left behind by growing.
    let mut password = Zeroizing::new(String::with_capacity((LONGEST + 1) * 4));
    password.extend(text.nfc().take(LONGEST + 1));
    password
}

/// The form in which a password is compared with others: signs that look alike
/// made the same, in lower case.
fn folded(password: &str) -> Zeroizing<String> {
    let mut folded = Zeroizing::new(String::with_capacity(password.len() * 4));
    folded.extend(password.nfkc().flat_map(char::to_lowercase));
    folded
}

#[cfg(test)]
mod tests;
