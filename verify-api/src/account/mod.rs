//! A patient's account for the portal, and what is a good password for one.
//!
//! The phone here is the one *linked* to the account, which the patient can
//! change; the phones *on file* are the clinic's and live with the
//! [`patient`](crate::patient). It must not know where accounts are stored.

pub mod password;

use protocol::Channel;
use protocol::values::{Email, Username};
use serde::{Deserialize, Serialize};

use crate::crypto::{Keyring, OpenError, Purpose, Sealed, redact};
use crate::patient::{PatientId, id, phone::Phone};

id::id! {
    /// Names an account.
    AccountId
}

/// What of an account is sealed, and bound to the account's id.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(into = "Texts", try_from = "Texts")]
pub struct AccountSecrets {
    /// Whose it is. The database says so too; this is what it cannot change.
    pub patient: PatientId,
    /// The name to sign in with.
    pub username: Username,
    /// Where notices go.
    pub email: Email,
    /// The phone linked to the account.
    pub phone: Phone,
    /// Whether a text or a call has proven it. What reached the phone once is what
    /// reaches it again: a landline takes no texts.
    pub phone_channel: Channel,
}

redact!(AccountSecrets);

impl AccountSecrets {
    /// Opens what is sealed of the account `id`, which is stored as that of `patient`.
    ///
    /// # Errors
    /// As [`Keyring::open_json`]; [`OpenError::Refused`] when it was made for another
    /// patient, so that nobody who can write to the database comes to somebody else's
    /// records by a row that points to them.
    pub async fn open(
        keys: &Keyring,
        id: AccountId,
        patient: PatientId,
        sealed: &Sealed,
    ) -> Result<Self, OpenError> {
        let secrets: Self = keys.open_json(Purpose::Account, &id.0, sealed).await?;
        if secrets.patient == patient {
            Ok(secrets)
        } else {
            Err(OpenError::Refused)
        }
    }
}

/// The JSON form of [`AccountSecrets`].
#[derive(Serialize, Deserialize)]
struct Texts {
    patient: PatientId,
    username: String,
    email: String,
    phone: Phone,
    phone_channel: Channel,
}

impl From<AccountSecrets> for Texts {
    fn from(secrets: AccountSecrets) -> Self {
        Self {
            patient: secrets.patient,
            username: secrets.username.as_str().to_owned(),
            email: secrets.email.as_str().to_owned(),
            phone: secrets.phone,
            phone_channel: secrets.phone_channel,
        }
    }
}

impl TryFrom<Texts> for AccountSecrets {
    type Error = &'static str;

    fn try_from(texts: Texts) -> Result<Self, Self::Error> {
        Ok(Self {
            patient: texts.patient,
            username: Username::parse(&texts.username).map_err(|_| "username is none")?,
            email: Email::parse(&texts.email).map_err(|_| "email is no address")?,
            phone: texts.phone,
            phone_channel: texts.phone_channel,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::entropy::SeededEntropy;

    fn secrets() -> AccountSecrets {
        AccountSecrets {
            patient: PatientId([0xa5; 16]),
            username: Username::parse("Rosa.M").unwrap(),
            email: Email::parse("rosa@example.org").unwrap(),
            phone: Phone::parse("207-555-0142").unwrap(),
            phone_channel: Channel::Call,
        }
    }

    #[tokio::test]
    async fn an_account_opens_for_the_patient_whom_it_was_made_for_alone() {
        let keys = Keyring::of_byte(7);
        let id = AccountId([1; 16]);
        let sealed = keys.seal_json(Purpose::Account, &id.0, &secrets(), &SeededEntropy::new(1));
        for (patient, opened) in [
            (secrets().patient, Ok(secrets())),
            (PatientId([2; 16]), Err(OpenError::Refused)),
        ] {
            assert_eq!(
                AccountSecrets::open(&keys, id, patient, &sealed).await,
                opened
            );
        }
    }

    #[test]
    fn what_is_sealed_comes_back_as_it_was() {
        let secrets = secrets();
        let json = serde_json::to_value(secrets.clone()).unwrap();
        assert_eq!(
            json,
            serde_json::json!({
                "patient": "a5".repeat(16),
                "username": "Rosa.M",
                "email": "rosa@example.org",
                "phone": "+12075550142",
                "phone_channel": "call",
            })
        );
        assert_eq!(
            serde_json::from_value::<AccountSecrets>(json).unwrap(),
            secrets
        );
        assert_eq!(format!("{secrets:?}"), "AccountSecrets(redacted)");
    }
}
