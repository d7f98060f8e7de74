//! The bearer token of a flow, of a session, and of a link.

use data_encoding::BASE64URL_NOPAD;

use crate::entropy::{self, Entropy};

/// 256 random bits, where OWASP ASVS 5.0 V7.2.3 asks for 128. Kept only as a keyed hash.
#[derive(Clone, PartialEq, Eq)]
pub struct Token([u8; 32]);

impl Token {
    pub(crate) fn new(entropy: &dyn Entropy) -> Self {
        Self(entropy::bytes(entropy))
    }

    /// One that follows from something else.
    pub(crate) const fn of_bytes(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }

    /// Reads a token; nothing when it cannot be one.
    pub fn parse(text: &str) -> Option<Self> {
        let bytes = BASE64URL_NOPAD.decode(text.trim().as_bytes()).ok()?;
        bytes.try_into().ok().map(Self)
    }

    pub(crate) fn as_bytes(&self) -> &[u8] {
        &self.0
    }

    /// The token as it travels. Not `Display`: it must not end up in a log by habit.
    pub fn expose(&self) -> String {
        BASE64URL_NOPAD.encode(&self.0)
    }
}

impl std::fmt::Debug for Token {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Token(redacted)")
    }
}

#[cfg(test)]
mod tests {
    use super::Token;

    #[test]
    fn a_token_can_be_read_back_and_anything_else_is_none() {
        let token = Token([7; 32]);
        assert_eq!(Token::parse(&token.expose()).unwrap().0, [7; 32]);
        for text in ["", "abc", "!!!!", &"A".repeat(44)] {
            assert!(Token::parse(text).is_none(), "{text}");
        }
    }
}
