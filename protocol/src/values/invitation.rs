//! The code on an invitation, made to be read aloud and typed.

use alloc::string::String;

use zeroize::{ZeroizeOnDrop, Zeroizing};

use super::{is_separator, line};
use crate::FieldProblem;

/// Sixteen signs of Crockford's base 32: 80 bits, where NIST SP 800-63A-4 §3.9
/// asks for 64. The alphabet has no I, L, O or U.
#[derive(Clone, PartialEq, Eq)]
pub struct InvitationCode(Zeroizing<String>);

impl ZeroizeOnDrop for InvitationCode {}

const ALPHABET: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";

impl InvitationCode {
    /// How many signs a code has.
    pub const SIGNS: usize = 16;
    /// How many bytes of entropy it is made of.
    pub const ENTROPY: usize = 10;

    /// Reads what a person typed: case, spaces and dashes are forgiven, and the
    /// look-alikes O, I and L are read as the digits they look like.
    ///
    /// # Errors
    /// [`FieldProblem::Required`] when empty, [`FieldProblem::InvalidInvitation`]
    /// when it cannot be a code; neither costs a try.
    ///
    /// ```
    /// # use protocol::values::InvitationCode;
    /// let code = InvitationCode::parse("abcd-efgh jkmn-pqro").unwrap();
    /// assert_eq!(code.to_string(), "ABCD-EFGH-JKMN-PQR0");
    /// ```
    pub fn parse(text: &str) -> Result<Self, FieldProblem> {
        let sign = |c: char| {
            let c = match c.to_ascii_uppercase() {
                'O' => '0',
                'I' | 'L' => '1',
                c => c,
            };
            u8::try_from(c)
                .is_ok_and(|byte| ALPHABET.contains(&byte))
                .then_some(c)
        };
        let signs: Option<String> = line(text)?
            .chars()
            .filter(|c| !is_separator(*c))
            .map(sign)
            .collect();
        match signs {
            Some(signs) if signs.len() == Self::SIGNS => Ok(Self(signs.into())),
            _ => Err(FieldProblem::InvalidInvitation),
        }
    }

    /// The code that `entropy` spells.
    pub fn from_entropy(entropy: [u8; Self::ENTROPY]) -> Self {
        let mut bits = entropy
            .iter()
            .fold(0_u128, |bits, byte| bits << 8 | u128::from(*byte));
        let mut signs = [0_u8; Self::SIGNS];
        for sign in signs.iter_mut().rev() {
            *sign = ALPHABET[(bits & 31) as usize];
            bits >>= 5;
        }
        Self(signs.into_iter().map(char::from).collect::<String>().into())
    }

    /// The signs without dashes, as they are hashed.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// In groups of four, as it is printed.
impl core::fmt::Display for InvitationCode {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        for (i, sign) in self.0.chars().enumerate() {
            if i > 0 && i % 4 == 0 {
                f.write_str("-")?;
            }
            write!(f, "{sign}")?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_printed_can_be_read_back() {
        let code = InvitationCode::from_entropy([1, 2, 3, 4, 5, 250, 251, 252, 253, 254]);
        assert_eq!(InvitationCode::parse(&code.to_string()), Ok(code.clone()));
        assert_eq!(code.to_string().len(), 19);
    }

    #[test]
    fn other_text_is_not_an_invitation() {
        for text in [
            "ABCD-EFGH-JKMN",
            "ABCD-EFGH-JKMN-PQRU",
            "ABCD-EFGH-JKMN-PQRÉ",
        ] {
            assert_eq!(
                InvitationCode::parse(text),
                Err(FieldProblem::InvalidInvitation),
                "{text}"
            );
        }
    }
}
