//! What an answer can show.

use crate::account::AccountId;

/// What an answer shows, if it is taken.
#[derive(Clone, Debug)]
pub(in crate::flow::properties) enum Proof {
    Invitation,
    Identity,
    Phone,
    PhoneCode,
    /// The address for notices, and whether the invitation went there.
    Address(String, bool),
    EmailCode,
    Credentials(String),
    Username(String),
    ResetCode(AccountId),
    Password,
    PersonalInfo,
    /// A password was typed to sign in: whose it is, if it is right.
    SignIn(Option<AccountId>),
    SignInCode,
    /// The password of whoever is signed in.
    Confirmation,
    /// A number that is to be linked.
    NewPhone(String),
    NewPhoneCode,
    /// An address that is to become that of the account.
    ChangedEmail(String),
    ChangedEmailCode,
    /// The username of whoever is signed in.
    OwnUsername,
}
