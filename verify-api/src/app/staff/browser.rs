//! By what a browser is known as one in which somebody of the staff has worked before.
//!
//! It signs nobody in: it only says in which row wrong tries are counted. What makes a browser
//! known follows from what its owner signs in with, so that none is known after a reset.

use subtle::ConstantTimeEq as _;

use super::super::{App, Outcome, Token};
use crate::crypto::{Digest, PasswordHash, Purpose};
use crate::entropy;

/// How many staff users share a browser at most; whoever was there longest ago is forgotten.
const SHARED: usize = 8;

/// What a browser holds in which staff have signed in or set up, one token for each of them,
/// the newest first.
#[derive(Clone, Debug, Default)]
pub struct KnownBrowser(Vec<Token>);

impl KnownBrowser {
    /// Reads what [`expose`](Self::expose) wrote; what is none of it is left out.
    pub(crate) fn parse(text: &str) -> Self {
        let tokens = text.split('.').take(SHARED);
        Self(tokens.filter_map(Token::parse).collect())
    }

    /// As a cookie holds it.
    pub(crate) fn expose(&self) -> String {
        let tokens: Vec<_> = self.0.iter().map(Token::expose).collect();
        tokens.join(".")
    }

    /// The same browser after somebody was there, whose earlier token goes.
    fn after(&self, newest: Token, earlier: Option<&Token>) -> Self {
        let others = self.0.iter().filter(|it| Some(*it) != earlier).cloned();
        let tokens = std::iter::once(newest).chain(others);
        Self(tokens.take(SHARED).collect())
    }
}

/// A browser in which this staff user was before.
pub(super) struct Recognized {
    /// The row in which tries are counted.
    pub(super) row: [u8; 16],
    token: Token,
}

impl App {
    /// Whether somebody who signs in with what they have now was in this browser before.
    /// Nothing is asked of the store for a browser that shows nothing.
    pub(super) async fn recognize(
        &self,
        email: &Digest,
        browser: &KnownBrowser,
    ) -> Outcome<Option<Recognized>> {
        if browser.0.is_empty() {
            return Ok(None);
        }
        let password = self.store.staff_password(email).await?;
        let Some(password) = password else {
            return Ok(None);
        };
        let row = |token: &Token| self.row_of(email, &password, token);
        let known = (browser.0.iter()).find_map(|token| Some((row(token)?, token.clone())));
        Ok(known.map(|(row, token)| Recognized { row, token }))
    }

    /// The browser, known for one more, or again.
    pub(super) fn known_for(
        &self,
        email: &Digest,
        password: &PasswordHash,
        browser: &KnownBrowser,
        earlier: Option<&Recognized>,
    ) -> KnownBrowser {
        let earlier = earlier.map(|it| &it.token);
        let newest = earlier.cloned();
        let newest = newest.unwrap_or_else(|| self.browser_token(email, password));
        browser.after(newest, earlier)
    }

    /// 128 random bits, and as many that nobody else can make of them.
    fn browser_token(&self, email: &Digest, password: &PasswordHash) -> Token {
        let random: [u8; 16] = entropy::bytes(&*self.entropy);
        let Digest(made) = self.browser_key(email, password, &random);
        let mut bytes = [0; 32];
        bytes[..16].copy_from_slice(&random);
        bytes[16..].copy_from_slice(&made[..16]);
        Token::of_bytes(bytes)
    }

    /// The random part, if it is a token of this email and this password.
    fn row_of(&self, email: &Digest, password: &PasswordHash, token: &Token) -> Option<[u8; 16]> {
        let (random, shown) = token.as_bytes().split_first_chunk()?;
        let Digest(made) = self.browser_key(email, password, random);
        bool::from(made[..16].ct_eq(shown)).then_some(*random)
    }

    /// The hash of a password has a salt of its own, so each that is set up makes other keys.
    fn browser_key(&self, email: &Digest, password: &PasswordHash, random: &[u8; 16]) -> Digest {
        let message = [&email.0[..], random, password.as_str().as_bytes()].concat();
        self.keys.digest(Purpose::StaffBrowser, &message)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn token(n: u8) -> Token {
        Token::of_bytes([n; 32])
    }

    #[test]
    fn a_browser_is_known_for_so_many_and_forgets_who_was_there_longest_ago() {
        let mut browser = KnownBrowser::default();
        for n in 0..=8 {
            browser = browser.after(token(n), None);
        }
        let kept: Vec<_> = (1..=8).rev().map(token).collect();
        assert_eq!(browser.0, kept);
        let again = browser.after(token(1), Some(&token(1)));
        assert_eq!(again.0.len(), 8);
        assert_eq!(again.0.first(), Some(&token(1)));
        assert_eq!(again.after(token(9), None).0.last(), Some(&token(3)));
    }

    #[test]
    fn what_a_browser_holds_is_read_as_it_was_written_and_no_more_than_so_much() {
        let two = KnownBrowser(vec![token(1), token(2)]);
        assert_eq!(KnownBrowser::parse(&two.expose()).0, two.0);
        assert!(KnownBrowser::parse("").0.is_empty());
        let strange = format!("none..{}.AAAA", token(3).expose());
        assert_eq!(KnownBrowser::parse(&strange).0, [token(3)]);
        let many = vec![token(4).expose(); 9].join(".");
        assert_eq!(KnownBrowser::parse(&many).0.len(), 8);
    }
}
