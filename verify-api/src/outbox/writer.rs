//! Writes a message: looks up whom it concerns, makes its secret, chooses its words.
//!
//! Here, and only here, it is found out whether anybody is there. Secrets are
//! made at the last moment and kept as keyed hashes. It must not know how a
//! message is sent or when it is tried again.

mod connections;
mod draft;
mod notices;
mod past_guesses;

pub(crate) use self::connections::CONNECTION_LETTER_LIFETIME;
pub(super) use self::draft::Draft;

use data_encoding::{BASE64URL_NOPAD, HEXLOWER};
use jiff::{SignedDuration, Timestamp};
use protocol::answers::PersonalInfo;
use protocol::values::{BirthDate, Code, Email, InvitationCode, Name, Username};
use protocol::{Channel, Locale};

use self::draft::Stop;
use super::letter::Letter;
use super::{AskedWith, Job, Links, Message, code_digest};
use crate::account::{AccountId, AccountSecrets};
use crate::audit::{Entry, Event};
use crate::crypto::{Digest, Keyring, OpenError, Purpose};
use crate::entropy::{self, Entropy};
use crate::flow::{CodeFor, Recipient};
use crate::limits::Limits;
use crate::patient::{Patient, PatientId, matching};
use crate::store::{FlowId, FoundAccount, JobId, Jobs, NewLink, StoreError};

/// How long the link to a username works.
const REVEAL_LIFETIME: SignedDuration = SignedDuration::from_hours(24);

/// A finished address, and the account behind it where there is one.
#[derive(PartialEq, Eq)]
struct Addressee {
    address: String,
    account: Option<AccountId>,
}

impl Addressee {
    fn without_account(address: &str) -> Self {
        Self {
            address: address.to_owned(),
            account: None,
        }
    }
}

/// Writes one job.
pub(super) struct Writer<'a> {
    pub(super) store: &'a dyn Jobs,
    pub(super) keys: &'a Keyring,
    pub(super) limits: &'a Limits,
    pub(super) entropy: &'a dyn Entropy,
    pub(super) links: Links<'a>,
    pub(super) id: JobId,
    pub(super) now: Timestamp,
    pub(super) not_after: Timestamp,
}

impl Writer<'_> {
    /// # Errors
    /// When the store cannot be used now; the job is as it was.
    pub(super) async fn write(&self, job: &Job) -> Result<Draft, StoreError> {
        let written = match job {
            Job::Code {
                flow,
                purpose,
                to,
                channel,
                locale,
            } => {
                self.code(FlowId(*flow), *purpose, to, *channel, *locale)
                    .await
            }
            Job::Username { .. } => self.username(job).await,
            Job::ResetLink { account } => self.reset_link(*account).await,
            Job::SignInStopped { username } => self.sign_in_stopped(username).await,
            Job::Invitation {
                patient,
                email,
                code,
            } => self.invitation(*patient, email, code).await,
            Job::Notice {
                account,
                what,
                lane,
            } => self.notice(*account, *what, *lane).await,
            Job::FormerAddress { .. } => self.former_address(job).await,
            Job::Connection {
                provider,
                number,
                wish,
                asked_at,
                key,
            } => {
                let asked = (*asked_at, key.map(|AskedWith(key)| Digest(key)));
                self.connection(*provider, number, *wish, asked).await
            }
            Job::ConnectionLetter {
                account,
                connection,
                key,
            } => {
                let key = key.map(|AskedWith(key)| Digest(key));
                self.connection_letter(*account, *connection, key).await
            }
            Job::PhoneUnlinked {
                account,
                phone,
                channel,
            } => self.phone_unlinked(*account, phone, *channel).await,
        };
        match written {
            Ok(draft) => Ok(draft),
            Err(Stop::Broken(cause)) => Ok(Draft::Broken(cause)),
            Err(Stop::Store(error)) => Err(error),
        }
    }

    async fn code(
        &self,
        flow: FlowId,
        purpose: CodeFor,
        to: &Recipient,
        channel: Channel,
        locale: Locale,
    ) -> Result<Draft, Stop> {
        let addressee = self.addressee(to, channel).await?;
        let account = addressee.as_ref().and_then(|to| to.account);
        let is_stopped = match account {
            Some(account) => self.look_after(to, account).await?,
            None => false,
        };
        let Some(found) = addressee.filter(|_| !is_stopped) else {
            // The same work as for someone who exists; no code has this hash.
            let nobody = self.random_digest();
            self.store
                .set_code(flow, purpose, self.id, &nobody, None)
                .await?;
            return Ok(Draft::Nothing(None));
        };
        let code = self.code_of_message();
        let digest = code_digest(self.keys, flow, purpose, &code);
        let is_newest = self
            .store
            .set_code(flow, purpose, self.id, &digest, found.account)
            .await?;
        // From here on a change of the account takes the code away. One that came before it
        // did not find it: then the address is no longer the one that was found.
        let is_still_there = match found.account {
            Some(_) => self.addressee(to, channel).await?.as_ref() == Some(&found),
            None => true,
        };
        if !is_newest || !is_still_there {
            return Ok(Draft::Nothing(None));
        }
        let to = found;
        let letter = Letter::Code {
            code: &code,
            purpose,
            host: self.links.host(),
        };
        let charges = match (purpose, to.account) {
            (CodeFor::SignIn, Some(account)) => {
                (self.limits).delivering_sign_in(account, channel, &to.address)
            }
            (CodeFor::NewPhone, _) => self.limits.delivering_new_phone(channel, &to.address),
            _ => self.limits.delivering_code(channel, &to.address),
        };
        let message = self.message(channel, to.address, locale, &letter)?;
        Ok(Draft::ready(message, to.account, charges))
    }

    /// Where a code goes; nobody when no account has the username, or the password that
    /// comes before the code was wrong, or there is another one by now.
    async fn addressee(&self, to: &Recipient, channel: Channel) -> Result<Option<Addressee>, Stop> {
        let found = match (to, channel) {
            (Recipient::Username(username), _) => self.account_named(username).await?,
            (Recipient::SignIn { passed, .. }, _) => match passed {
                Some(passed) => self.store.account_of(*passed).await?,
                None => None,
            },
            (Recipient::OnFile(phone), Channel::Text | Channel::Call) => {
                return Ok(Some(Addressee::without_account(phone.as_e164())));
            }
            (Recipient::NewEmail(email), Channel::Email) => {
                return Ok(Some(Addressee::without_account(email)));
            }
            (Recipient::NewPhone { passed, phone }, Channel::Text | Channel::Call) => {
                let found = self.store.account_of(*passed).await?;
                return Ok(found.map(|found| Addressee {
                    address: phone.as_e164().to_owned(),
                    account: Some(found.id),
                }));
            }
            (Recipient::ChangedEmail { passed, email }, Channel::Email) => {
                let found = self.store.account_of(*passed).await?;
                return Ok(found.map(|found| Addressee {
                    address: email.clone(),
                    account: Some(found.id),
                }));
            }
            (Recipient::OnFile(_) | Recipient::NewPhone { .. }, Channel::Email)
            | (
                Recipient::NewEmail(_) | Recipient::ChangedEmail { .. },
                Channel::Text | Channel::Call,
            ) => {
                return Err(Stop::Broken("its channel does not fit its recipient"));
            }
        };
        let Some(found) = found else {
            return Ok(None);
        };
        Ok(Some(Addressee {
            address: address(&self.secrets(&found).await?, channel),
            account: Some(found.id),
        }))
    }

    /// Whoever has a username.
    async fn account_named(&self, typed: &str) -> Result<Option<FoundAccount>, Stop> {
        let username = Username::parse(typed).map_err(|_| Stop::Broken("its username is none"))?;
        let key = username.lookup_key();
        let digest = self.keys.digest(Purpose::Username, key.as_bytes());
        Ok(self.store.account_by_username(&digest).await?)
    }

    /// The email goes to the address on the account, never to the typed one.
    async fn username(&self, job: &Job) -> Result<Draft, Stop> {
        let (info, locale) =
            personal_info(job).ok_or(Stop::Broken("its personal details are none"))?;
        let key = info.email.lookup_key();
        let digest = self.keys.digest(Purpose::Email, key.as_bytes());
        let mut matches = Vec::new();
        for found in self.store.accounts_by_email(&digest).await? {
            if matching::fits_personal_info(&self.record(&found).await?, &info) {
                matches.push(found);
            }
        }
        let found = match &matches[..] {
            [] => return Ok(Draft::Nothing(None)),
            [found] => found,
            [first, ..] => {
                return Ok(Draft::Nothing(Some(Entry {
                    event: Event::UsernameRecoveryAmbiguous,
                    subject: first.patient.0,
                    actor: None,
                })));
            }
        };
        // The same for every try of one message, like a code: a link that has
        // arrived must not be killed by its own second try.
        let Digest(token) = self.keys.digest(Purpose::LinkMaking, &self.id.0);
        let digest = self.keys.digest(Purpose::RevealToken, &token);
        let secrets = self.secrets(found).await?;
        let link = self.link(digest, found, &secrets, REVEAL_LIFETIME);
        self.store.set_reveal(link).await?;
        let to = address(&secrets, Channel::Email);
        let letter = Letter::Username {
            link: &self.links.reveal(&BASE64URL_NOPAD.encode(&token), locale),
        };
        let message = self.message(Channel::Email, to, locale, &letter)?;
        let charges = self.limits.delivering_username(found.id);
        Ok(Draft::ready(message, Some(found.id), charges))
    }

    async fn invitation(&self, id: PatientId, to: &str, code: &str) -> Result<Draft, Stop> {
        let code =
            InvitationCode::parse(code).map_err(|_| Stop::Broken("its invitation is none"))?;
        // One that has waited for the mail server may have been used or replaced since:
        // it must not arrive after the newer one, as if it were the newest.
        let digest = (self.keys).digest(Purpose::Invitation, code.as_str().as_bytes());
        let found = self.store.invitation(&digest).await?;
        if found.is_some_and(|found| found.is_used || found.is_replaced) {
            return Ok(Draft::Nothing(None));
        }
        let Some(sealed) = self.store.patient(id).await? else {
            return Ok(Draft::Nothing(None));
        };
        let patient: Patient = self
            .keys
            .open_json(Purpose::Patient, &id.0, &sealed)
            .await?;
        let letter = Letter::Invitation {
            given_name: first_name(&patient),
            code: &code.to_string(),
            link: &self.links.invitation(&code, patient.locale),
        };
        let message = self.message(Channel::Email, to.to_owned(), patient.locale, &letter)?;
        Ok(Draft::ready(message, None, Vec::new()))
    }

    fn message(
        &self,
        channel: Channel,
        to: String,
        locale: Locale,
        letter: &Letter<'_>,
    ) -> Result<Message, Stop> {
        let words = letter
            .write(channel, locale, self.links)
            .ok_or(Stop::Broken("its letter cannot travel by its channel"))?;
        Ok(Message {
            id: HEXLOWER.encode(&self.id.0),
            channel,
            to,
            subject: words.subject,
            text: words.text,
            html: words.html,
            at: self.now,
            locale,
            not_after: self.not_after,
        })
    }

    /// A code whose every value is as likely as any other.
    /// The same for every try of one message: when the mail server takes it and
    /// dies before it says so, the patient gets it twice, and both work.
    fn code_of_message(&self) -> Code {
        let mut round = self.id.0.to_vec();
        loop {
            let Digest(bytes) = self.keys.digest(Purpose::CodeMaking, &round);
            let [a, b, c, d, ..] = bytes;
            if let Some(code) = Code::from_entropy(u32::from_be_bytes([a, b, c, d])) {
                return code;
            }
            round.push(0);
        }
    }

    fn random_digest(&self) -> Digest {
        let nothing: [u8; 32] = entropy::bytes(self.entropy);
        self.keys.digest(Purpose::Code, &nothing)
    }

    /// A link that is mailed to this account's owner.
    fn link(
        &self,
        token: Digest,
        found: &FoundAccount,
        secrets: &AccountSecrets,
        lifetime: SignedDuration,
    ) -> NewLink {
        let email = secrets.email.lookup_key();
        NewLink {
            token,
            account: found.id,
            email: self.keys.digest(Purpose::Email, email.as_bytes()),
            expires_at: self.now + lifetime,
        }
    }

    async fn secrets(&self, found: &FoundAccount) -> Result<AccountSecrets, OpenError> {
        AccountSecrets::open(self.keys, found.id, found.patient, &found.sealed).await
    }

    async fn record(&self, found: &FoundAccount) -> Result<Patient, OpenError> {
        self.keys
            .open_json(Purpose::Patient, &found.patient.0, &found.patient_sealed)
            .await
    }
}

/// Where an account's owner is reached by a channel.
fn address(secrets: &AccountSecrets, channel: Channel) -> String {
    match channel {
        Channel::Email => secrets.email.as_str().to_owned(),
        Channel::Text | Channel::Call => secrets.phone.as_e164().to_owned(),
    }
}

fn first_name(patient: &Patient) -> Option<&str> {
    patient.given_names.first().map(String::as_str)
}

fn personal_info(job: &Job) -> Option<(PersonalInfo, Locale)> {
    let Job::Username {
        given_name,
        family_name,
        birth_date,
        email,
        locale,
    } = job
    else {
        return None;
    };
    let info = PersonalInfo {
        given_name: Name::parse(given_name).ok()?,
        family_name: Name::parse(family_name).ok()?,
        birth_date: BirthDate::parse(birth_date).ok()?,
        email: Email::parse(email).ok()?,
    };
    Some((info, *locale))
}
