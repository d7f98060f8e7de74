//! Stored passwords: Argon2id, and never more of it at once than the machine
//! can bear.
//!
//! It must not know which password is a good one; that is
//! [`account::password`](crate::account::password).

mod argon;
mod hashers;
mod memory;

use protocol::answers::PasswordText;
use zeroize::Zeroizing;

pub use self::hashers::Place;

use self::hashers::Hashers;
use super::keyring::expand;
use super::purpose::Use;
use super::{Digest, Keyring, Purpose, redact};
use crate::account::password::{NewPassword, normalized};

/// The stored form of a password: a PHC string with its parameters and salt.
#[derive(Clone)]
pub struct PasswordHash(String);

redact!(PasswordHash);

impl PasswordHash {
    /// The PHC string.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// A hash as it came out of the database.
    pub const fn from_stored(text: String) -> Self {
        Self(text)
    }
}

/// So many passwords are being hashed or waiting that this one was turned away
/// at once; the same try can succeed a little later.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Overloaded;

impl std::fmt::Display for Overloaded {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("too many passwords are being hashed at once; try again in a moment")
    }
}

impl std::error::Error for Overloaded {}

/// Hashes and checks passwords, a bounded number at a time.
///
/// A hash that has begun runs to its end even when the person it is for hangs
/// up, and keeps its place until then: hanging up and coming again cannot make
/// the machine do more at once.
pub struct Passwords {
    pepper: Zeroizing<[u8; 32]>,
    of_nobody: String,
    hashers: Hashers,
}

redact!(Passwords);

impl Passwords {
    /// At most `permits` hashes run at once (at least one) and `waiting` wait.
    /// Each running one takes 64 MiB, which are kept for the next one.
    ///
    /// # Errors
    /// When the system has no more threads.
    pub fn start(keyring: &Keyring, permits: usize, waiting: usize) -> std::io::Result<Self> {
        Ok(Self {
            pepper: keyring.key(Purpose::Pepper, Use::Pepper),
            of_nobody: argon::of_nobody().map_err(std::io::Error::other)?,
            hashers: Hashers::start(permits, waiting)?,
        })
    }

    /// How many hashes run now, and how many run or wait.
    pub fn load(&self) -> (usize, usize) {
        self.hashers.load()
    }

    /// Takes a place for a password that is to be checked, so that whoever would be turned
    /// away is so before their try is counted.
    ///
    /// # Errors
    /// [`Overloaded`] at once when the queue is full.
    pub fn place(&self) -> Result<Place, Overloaded> {
        self.hashers.place()
    }

    /// Hashes a new password of `owner`, who is the keyed hash of a username: what
    /// is stored fits no other account, even if somebody copies it there. The salt
    /// must be fresh.
    ///
    /// # Errors
    /// [`Overloaded`] at once when the queue is full.
    pub async fn hash(
        &self,
        owner: &Digest,
        password: NewPassword,
        salt: [u8; 16],
    ) -> Result<PasswordHash, Overloaded> {
        self.hash_bytes(owner, password.into_text(), salt).await
    }

    async fn hash_bytes(
        &self,
        owner: &Digest,
        password: Zeroizing<String>,
        salt: [u8; 16],
    ) -> Result<PasswordHash, Overloaded> {
        let pepper = self.pepper_of(owner);
        let place = self.place()?;
        self.hashers
            .run(place, move |memory| {
                argon::hash(memory, &pepper, password.as_bytes(), &salt)
            })
            .await?
            .map(PasswordHash)
            .map_err(|error| {
                tracing::error!(%error, "a password could not be hashed");
                Overloaded
            })
    }

    /// Whether `password` is the one of `owner` that `stored` was made of, by the
    /// parameters that are stored with it. A stored text that is no hash fits
    /// no password. Where nobody has the username nothing is stored: no password fits,
    /// and finding that out takes as long.
    ///
    /// # Errors
    /// [`Overloaded`] when the hash does not end.
    pub async fn verify(
        &self,
        place: Place,
        owner: &Digest,
        stored: Option<&PasswordHash>,
        password: PasswordText,
    ) -> Result<bool, Overloaded> {
        let pepper = self.pepper_of(owner);
        let stored = stored.map_or_else(|| self.of_nobody.clone(), |stored| stored.0.clone());
        self.hashers
            .run(place, move |memory| {
                let typed = normalized(password.as_str());
                let fits = argon::fits(memory, &pepper, typed.as_bytes(), &stored);
                fits.unwrap_or_else(|error| {
                    tracing::error!(%error, "a stored password cannot be checked");
                    false
                })
            })
            .await
    }

    /// The stored form of `owner`'s right `password` by the parameters of today, where
    /// `stored` was made with lesser ones. The salt must be fresh.
    ///
    /// # Errors
    /// [`Overloaded`] at once when the queue is full.
    pub async fn better(
        &self,
        owner: &Digest,
        stored: &PasswordHash,
        password: PasswordText,
        salt: [u8; 16],
    ) -> Result<Option<PasswordHash>, Overloaded> {
        if !argon::is_lesser(&stored.0).unwrap_or(false) {
            return Ok(None);
        }
        let typed = normalized(password.as_str());
        let hashed = self.hash_bytes(owner, typed, salt).await;
        hashed.map(Some)
    }

    /// A password as it was stored when less was asked for.
    #[cfg(test)]
    pub(crate) fn lesser(&self, owner: &Digest, password: &str) -> PasswordHash {
        let stored = argon::tests::lesser(&self.pepper_of(owner), password.as_bytes());
        PasswordHash(stored)
    }

    fn pepper_of(&self, owner: &Digest) -> Zeroizing<[u8; 32]> {
        expand(&self.pepper, &owner.0)
    }
}

#[cfg(test)]
mod tests;
