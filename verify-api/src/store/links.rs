//! Links that are mailed to an account's owner: one that shows the username, and one past the
//! code of a reset.

use jiff::Timestamp;

use crate::account::AccountId;
use crate::crypto::Digest;

/// A link that is mailed to an account's owner. It works as long as the account has the email that it
/// was mailed to: another one may be somebody else's mailbox by now.
#[derive(Clone, Copy, Debug)]
pub struct NewLink {
    /// Its keyed hash.
    pub token: Digest,
    /// Whose it is.
    pub account: AccountId,
    /// The keyed hash of the email.
    pub email: Digest,
    /// When it stops working.
    pub expires_at: Timestamp,
}
