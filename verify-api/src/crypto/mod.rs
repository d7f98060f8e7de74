//! Secrets at rest: keyed hashes, sealed records, stored passwords.
//!
//! One master key comes from the configuration. It wraps the keys that the
//! database holds, and does nothing else: the root of all keyed hashes, which
//! never changes, and the keys that records are sealed with, which do. Every
//! [`Purpose`] has keys of its own, derived from these, so that a value made for
//! one purpose means nothing for another. It must not know what a patient or a
//! flow is.

mod digest;
mod keyring;
mod master;
mod passwords;
mod purpose;
mod seal;
mod wrap;

pub use digest::Digest;
pub use keyring::{KeySource, Keyring};
pub use master::{KeyError, MasterKey};
pub use passwords::{Overloaded, PasswordHash, Passwords, Place};
pub use purpose::Purpose;
pub use seal::{OpenError, Sealed};
pub use wrap::{KeyId, SecretKey, Wrapped};

/// Gives a type a `Debug` that shows its name only, for what must not reach a log.
macro_rules! redact {
    ($($name:ident),* $(,)?) => { $(
        impl std::fmt::Debug for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(concat!(stringify!($name), "(redacted)"))
            }
        }
    )* };
}
pub(crate) use redact;
