//! How much anybody may ask for, and how fast.
//!
//! One service for all routes and channels. What is counted stands in the
//! database, so that it survives a restart and holds for all servers on it: this
//! module says which [`Charge`] an act makes, and the store makes it in the same
//! transaction as the act. It must not know HTTP or SQL, nor whether a person
//! exists: what a request is charged for is whom somebody *says* to be, and so the
//! same for everybody.
//!
//! | who is counted | what | where it is charged |
//! | --- | --- | --- |
//! | the network of a request, the wide one around it, and everybody | flows begun | with the new flow |
//! | the person named, the network, the wide one, and everybody | messages asked for | with the step that asks |
//! | everybody | messages that leave because somebody asked | by the worker, which alone knows whether there is one |
//! | a phone number (for resets, sign-ins and linking apart), and its first digits | texts and calls that leave | by the worker, which alone knows the number |
//! | an account | emails with its username | by the worker, which alone knows whom the details fit |
//! | the one whom wrong codes are about | failures in a row, see [`ladder`] | with the try |
//! | an invited patient | usernames and passwords tried | before they are looked up and hashed |
//! | a network and the wide one around it | passwords tried at signing in, but for those that sign in at once | before they are looked up and hashed |
//! | the one whose password is guessed, and everybody | passwords that are told to be wrong | with the try |
//! | the one whose password is guessed | failures in a row, see [`ladder`] | with the try |
//! | an account, behind its right password | wrong codes in a row, see [`ladder`] | with the try |
//! | an account | codes to sign in with | by the worker, which alone knows whether the password was right |
//! | a session | passwords typed once more, failures in a row | with the try |
//! | an email of staff, or a browser that is known for it | tries to sign in, failures in a row | with the try |
//! | a network, the wide one around it, and everybody | the same tries, but for those that sign in and those of a known browser | before they are counted |
//! | a staff user | patients looked up, who are there or not | with the visit |
//! | the same | lines about having looked too often | with the line |
//! | the same | lines about their link to set up, from which somebody goes on | with the line |
//! | a network | answers about pages | with the answer |
//! | a provider | invitations and withdrawals, of patients who are there or not | with the message to the worker |
//! | an account, and everybody | letters about such invitations | with the connection, which alone tells whom they reach |
//! | an account and a provider | those of them that the provider's key brings about | with the same |
//! | an account | links past the code, but for the one at the stop of its password | by the worker, which alone knows of it |
//!
//! Messages that nobody can ask for are free: a notice follows from a proof, and
//! must not be kept from its reader by whoever has used a budget up.

mod budget;
mod desk;
pub mod ladder;
mod network;
mod proxies;

use std::sync::Arc;

pub use budget::{Budget, Charge};
pub use network::Network;
pub use proxies::{ProxyError, TrustedProxies};

use jiff::{SignedDuration, Timestamp};
use protocol::Channel;
use protocol::values::{Email, Username};

use crate::account::AccountId;
use crate::config;
use crate::crypto::{Digest, Keyring, Purpose};
use crate::flow::{Guessed, Passed, Subject};
use crate::provider::ProviderId;

/// The digits of a number that make its prefix: country, area and exchange of a
/// North American number. Who is paid by the call owns whole ranges.
const PREFIX_DIGITS: usize = 7;

/// Links that lead past the code. A mailbox is not to be flooded, and one link
/// works for a day.
const RESET_LINKS: Budget = Budget::hourly(1);

/// Passwords of one username of which it is told whether they were right; of the others a
/// code is asked for, whatever they were.
const TOLD: Budget = Budget::daily(ladder::FREE);

/// Usernames and passwords that one invited patient tries: an answer tells whether
/// a username is taken, and a password is hashed, which is dear.
const CHOICES: Budget = Budget::hourly(30);

/// Answers about pages that one network gives: a waiting room reads a good deal.
const FEEDBACK: Budget = Budget::hourly(120);

/// What the system of one practice asks for: more than it has patients to connect in an hour,
/// and whoever tries numbers comes to an end.
const ASKED_BY_PROVIDER: Budget = Budget::hourly(600);

/// Letters about invitations that one account gets: whoever invites and withdraws, again and
/// again, must not flood a mailbox.
const CONNECTION_LETTERS: Budget = Budget::daily(5);

/// Those of them that the key of one provider brings about: whoever has it must leave room for
/// the letters of others.
const CONNECTION_LETTERS_OF_ONE: Budget = Budget::daily(2);

/// Says what acts cost.
pub struct Limits {
    keys: Arc<Keyring>,
    budgets: config::Limits,
}

impl Limits {
    /// The limits of a configuration, counted under keys of `keys`.
    pub fn new(keys: Arc<Keyring>, budgets: config::Limits) -> Self {
        Self { keys, budgets }
    }

    /// What it costs to begin a flow.
    pub fn starting(&self, from: Network) -> Vec<Charge> {
        let budgets = &self.budgets;
        vec![
            budgets
                .starts_per_network
                .charge(self.key("start/network", from.as_bytes())),
            budgets
                .starts_per_wide_network
                .charge(self.key("start/wide", from.wide())),
            budgets.starts.charge(self.key("start", b"")),
        ]
    }

    /// What it costs to ask for a message, in the name of `about` where somebody
    /// was named.
    ///
    /// In the same order for everybody, as are all lists of charges: two that
    /// want the same budgets must not wait for each other.
    pub fn asking(&self, about: Option<&Subject>, from: Network) -> Vec<Charge> {
        let budgets = &self.budgets;
        let mut charges: Vec<_> = about
            .map(|about| self.sending_to(about))
            .into_iter()
            .collect();
        charges.extend([
            budgets
                .messages_per_network
                .charge(self.key("send/network", from.as_bytes())),
            budgets
                .messages_per_wide_network
                .charge(self.key("send/wide", from.wide())),
            budgets.messages_asked.charge(self.key("send", b"")),
        ]);
        charges
    }

    /// What it takes of the budget of the person alone.
    fn sending_to(&self, to: &Subject) -> Charge {
        let budget = self.budgets.messages_per_person;
        budget.charge(self.subject("send/person", to))
    }

    /// What it costs that a code leaves for an address.
    ///
    /// Everybody's budget is taken here, where only what really leaves counts:
    /// invented names must not use up what people need.
    pub fn delivering_code(&self, channel: Channel, to: &str) -> Vec<Charge> {
        self.delivering("number", channel, to)
    }

    /// The same of a code that links a phone. Its number has a budget of its own: strangers
    /// can ask for the codes of a reset.
    pub fn delivering_new_phone(&self, channel: Channel, to: &str) -> Vec<Charge> {
        self.delivering("number/new-phone", channel, to)
    }

    fn delivering(&self, kind: &str, channel: Channel, to: &str) -> Vec<Charge> {
        let mut charges = match channel {
            Channel::Email => Vec::new(),
            Channel::Text | Channel::Call => self.delivering_to(kind, to),
        };
        charges.push(self.leaving());
        charges
    }

    fn leaving(&self) -> Charge {
        self.budgets.messages.charge(self.key("leave", b""))
    }

    /// What it takes of the budgets of a number in E.164, for messages of one kind.
    fn delivering_to(&self, kind: &str, number: &str) -> Vec<Charge> {
        let digits = number.trim_start_matches('+').as_bytes();
        let prefix = &digits[..digits.len().min(PREFIX_DIGITS)];
        let budgets = &self.budgets;
        vec![
            budgets
                .messages_per_number_at_once
                .charge(self.key(&format!("{kind}/at-once"), digits)),
            budgets.messages_per_number.charge(self.key(kind, digits)),
            budgets
                .messages_per_prefix
                .charge(self.key("prefix", prefix)),
        ]
    }

    /// What it costs to try a password, whoever's it may be. One that signs in at once costs
    /// nothing in the end: who lives in the same house must not be kept out.
    pub fn signing_in(&self, from: Network) -> Vec<Charge> {
        let budgets = &self.budgets;
        vec![
            (budgets.sign_ins_per_network).charge(self.key("sign-in/network", from.as_bytes())),
            (budgets.sign_ins_per_wide_network).charge(self.key("sign-in/wide", from.wide())),
        ]
    }

    /// What it costs to be told whether a password of this username was right. A right one
    /// costs nothing in the end. Where it is used up nobody is kept out: a code is asked for.
    pub fn telling_password(&self, typed: &str) -> [Charge; 2] {
        let whose = self.key("tell/password", username(typed).as_bytes());
        let everybody = self.budgets.wrong_passwords;
        [
            TOLD.charge(whose),
            everybody.charge(self.key("tell/password", b"")),
        ]
    }

    /// What it costs that a code to sign in with leaves for an address of an account.
    ///
    /// Taken here, where it is known that the password was right: wrong ones, which
    /// anybody can type, must not use the owner's budget up.
    pub fn delivering_sign_in(
        &self,
        account: AccountId,
        channel: Channel,
        to: &str,
    ) -> Vec<Charge> {
        let whose = self.key("send/sign-in", &account.0);
        let mut charges = vec![self.budgets.messages_per_person.charge(whose)];
        // Of their own: strangers can ask for the codes of a reset.
        charges.extend(self.delivering("number/sign-in", channel, to));
        charges
    }

    /// What it costs to mail an account's owner the way to their username.
    ///
    /// Taken for the account that the details fit, and not for the email that was
    /// typed: a stranger who knows that alone must not use its owner's budget up.
    pub fn delivering_username(&self, account: AccountId) -> Vec<Charge> {
        let budget = self.budgets.messages_per_person;
        let whose = self.key("send/account", &account.0);
        vec![budget.charge(whose), self.leaving()]
    }

    /// What it costs to try a username and a password at the end of an enrollment.
    pub fn choosing(&self, whose: &Subject) -> Charge {
        CHOICES.charge(self.subject("choose", whose))
    }

    /// What it costs to say whether a page has helped.
    pub fn giving_feedback(&self, from: Network) -> Vec<Charge> {
        vec![FEEDBACK.charge(self.key("feedback/network", from.as_bytes()))]
    }

    /// What it costs to mail an account's owner a link that leads past the code.
    pub fn reset_link(&self, account: AccountId) -> Charge {
        RESET_LINKS.charge(self.key("reset-link", &account.0))
    }

    /// What it costs that the system of a practice asks for something about a patient.
    pub fn asking_as_provider(&self, provider: ProviderId) -> Charge {
        ASKED_BY_PROVIDER.charge(self.key("provider/ask", &provider.0))
    }

    /// What it costs to tell an account's owner that a provider has invited them.
    pub fn telling_connection(&self, account: AccountId) -> Vec<Charge> {
        let whose = self.key("provider/letter", &account.0);
        vec![CONNECTION_LETTERS.charge(whose), self.leaving()]
    }

    /// The same where the key of the provider has brought it about.
    pub fn telling_connection_by_key(
        &self,
        account: AccountId,
        provider: ProviderId,
    ) -> Vec<Charge> {
        // Both have a fixed length, so no two inputs run together.
        let both = [account.0, provider.0].concat();
        let of_one = CONNECTION_LETTERS_OF_ONE.charge(self.key("provider/letter/one", &both));
        let mut charges = vec![of_one];
        charges.extend(self.telling_connection(account));
        charges
    }

    /// Under which key failures are counted.
    pub fn ladder(&self, guessed: &Guessed) -> Digest {
        match guessed {
            Guessed::Username(typed) => self.key("guess/username", username(typed).as_bytes()),
            Guessed::SignIn {
                passed:
                    Some(Passed {
                        account,
                        password_no,
                    }),
                ..
            } => {
                let whose = [&account.0[..], &password_no.to_be_bytes()].concat();
                self.key("guess/sign-in-code", &whose)
            }
            Guessed::SignIn {
                username: typed,
                passed: None,
            } => self.key("guess/sign-in-code/nobody", username(typed).as_bytes()),
            Guessed::Invitation(invitation) => self.key("guess/invitation", &invitation.0),
            Guessed::Email(invitation, typed) => {
                // The id has a fixed length, so no two inputs run together.
                let whose = [&invitation.0[..], email(typed).as_bytes()].concat();
                self.key("guess/email", &whose)
            }
            Guessed::NewPhone(account, phone) => {
                let whose = [&account.0[..], phone.as_e164().as_bytes()].concat();
                self.key("guess/new-phone", &whose)
            }
            Guessed::ChangedEmail(account, typed) => {
                let whose = [&account.0[..], email(typed).as_bytes()].concat();
                self.key("guess/changed-email", &whose)
            }
        }
    }

    /// Under which key passwords are counted that are typed once more in a session.
    pub fn confirming(&self, session: &Digest) -> Digest {
        self.key("guess/confirm", &session.0)
    }

    /// Under which key wrong passwords of a username are counted.
    pub fn passwords(&self, typed: &str) -> Digest {
        self.key("guess/password", username(typed).as_bytes())
    }

    /// The budget of messages in a person's name.
    pub fn person(&self, to: &Subject) -> Digest {
        self.sending_to(to).key
    }

    /// Whether somebody else may be about to use up what the owner of an account
    /// needs: there were wrong codes up to the first wait, or more than half of
    /// the messages were asked for, which will all have grown back at `whole_at`.
    pub fn is_pressed(&self, failures: u32, whole_at: Option<Timestamp>, now: Timestamp) -> bool {
        let room = self.budgets.messages_per_person.room();
        let used = whole_at.map_or(SignedDuration::ZERO, |at| at.duration_since(now));
        failures >= ladder::FREE || used > room / 2
    }

    fn subject(&self, what: &str, subject: &Subject) -> Digest {
        match subject {
            Subject::Username(typed) => {
                self.key(&format!("{what}/username"), username(typed).as_bytes())
            }
            Subject::Patient(patient) => self.key(&format!("{what}/patient"), &patient.0),
            Subject::Account(account) => self.key(&format!("{what}/account"), &account.0),
        }
    }

    /// Kinds have names without NUL, so no two kinds share a key.
    fn key(&self, kind: &str, whose: &[u8]) -> Digest {
        let message = [kind.as_bytes(), b"\0", whose].concat();
        self.keys.digest(Purpose::Limit, &message)
    }
}

/// A username as it is looked up, however it was typed.
fn username(typed: &str) -> String {
    let username = Username::parse(typed);
    username.map_or_else(|_| typed.to_owned(), |username| username.lookup_key())
}

/// An email as it is looked up, however it was typed.
fn email(typed: &str) -> String {
    let email = Email::parse(typed);
    email.map_or_else(|_| typed.to_owned(), |email| email.lookup_key())
}

#[cfg(test)]
mod tests;
