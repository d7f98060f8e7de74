//! A patient's account for the portal, and what is a good password for one.
//!
//! The phone here is the one *linked* to the account, which the patient can
//! change; the phones *on file* are the clinic's and live with the
//! [`patient`](crate::patient). It must not know where accounts are stored.

pub mod password;

use protocol::values::{Email, Username};
use serde::{Deserialize, Serialize};

use crate::crypto::redact;
use crate::patient::{id, phone::Phone};

id::id! {
    /// Names an account.
    AccountId
}

/// What of an account is sealed; the ids beside it are what it is sealed to.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(into = "Texts", try_from = "Texts")]
pub struct AccountSecrets {
    /// The name to sign in with.
    pub username: Username,
    /// Where notices go.
    pub email: Email,
    /// The phone linked to the account.
    pub phone: Phone,
}

redact!(AccountSecrets);

/// The JSON form of [`AccountSecrets`].
#[derive(Serialize, Deserialize)]
struct Texts {
    username: String,
    email: String,
    phone: Phone,
}

impl From<AccountSecrets> for Texts {
    fn from(secrets: AccountSecrets) -> Self {
        Self {
            username: secrets.username.as_str().to_owned(),
            email: secrets.email.as_str().to_owned(),
            phone: secrets.phone,
        }
    }
}

impl TryFrom<Texts> for AccountSecrets {
    type Error = &'static str;

    fn try_from(texts: Texts) -> Result<Self, Self::Error> {
        Ok(Self {
            username: Username::parse(&texts.username).map_err(|_| "username is none")?,
            email: Email::parse(&texts.email).map_err(|_| "email is no address")?,
            phone: texts.phone,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_sealed_comes_back_as_it_was() {
        let secrets = AccountSecrets {
            username: Username::parse("Rosa.M").unwrap(),
            email: Email::parse("rosa@example.org").unwrap(),
            phone: Phone::parse("207-555-0142").unwrap(),
        };
        let json = serde_json::to_value(secrets.clone()).unwrap();
        assert_eq!(
            json,
            serde_json::json!({
                "username": "Rosa.M",
                "email": "rosa@example.org",
                "phone": "+12075550142",
            })
        );
        assert_eq!(
            serde_json::from_value::<AccountSecrets>(json).unwrap(),
            secrets
        );
        assert_eq!(format!("{secrets:?}"), "AccountSecrets(redacted)");
    }
}
