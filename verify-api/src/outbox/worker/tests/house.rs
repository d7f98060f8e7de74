//! A worker with its database, people, clock and transport.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex};

use async_trait::async_trait;
use jiff::{SignedDuration, Timestamp};
use protocol::values::{BirthDate, Email};
use protocol::{Channel, Locale};
use tempfile::TempDir;
use tokio::sync::{Notify, watch};

use super::super::Worker;
use crate::account::AccountId;
use crate::audit::{Chain, Entry, Event};
use crate::clock::{Clock as _, ManualClock};
use crate::config::{self, SendingLimits};
use crate::crypto::{Digest, KeyId, Keyring, PasswordHash, Purpose, Sealed, Wrapped};
use crate::entropy::{self, Entropy, SeededEntropy};
use crate::flow::{CodeFor, Passed, Recipient};
use crate::limits::Limits;
use crate::outbox::{Job, Message, Transport, TransportError};
use crate::patient::{Patient, PatientId};
use crate::store::{
    self, AccountRow, Challenge, Change, Fate, FlowId, Guess, Held, ImportBatch, JobId, NewContact,
    NewFlow, NewJob, NewSession, Shown, StoredKey, Write,
};

use super::people::secrets;
pub(super) use super::people::{Person, ROSA};
use super::spy::Spy;

/// Keeps what it is given; fails first, as often as it was told to.
#[derive(Default)]
pub(super) struct Tray {
    pub(super) sent: Mutex<Vec<Message>>,
    pub(super) failures: Mutex<VecDeque<TransportError>>,
}

#[async_trait]
impl Transport for Tray {
    async fn send(&self, message: &Message) -> Result<(), TransportError> {
        if let Some(failure) = self.failures.lock().unwrap().pop_front() {
            return Err(failure);
        }
        self.sent.lock().unwrap().push(message.clone());
        Ok(())
    }
}

/// Nobody else's row of failures.
fn flow_key(flow: FlowId) -> [u8; 32] {
    [flow.0, flow.0].concat().try_into().unwrap()
}

pub(super) struct House {
    pub(super) store: Arc<Spy>,
    pub(super) keys: Arc<Keyring>,
    pub(super) clock: ManualClock,
    pub(super) tray: Arc<Tray>,
    pub(super) wake: Arc<Notify>,
    pub(super) stop: watch::Sender<bool>,
    entropy: Arc<SeededEntropy>,
    _folder: TempDir,
}

impl House {
    pub(super) async fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let url = format!("sqlite://{}", folder.path().join("test.db").display());
        let keys = Arc::new(Keyring::of_byte(0x4b));
        let database = store::connect(&url).await.unwrap();
        database.migrate().await.unwrap();
        let made_first = [StoredKey {
            id: KeyId::FIRST,
            wrapped: Wrapped(vec![0]),
        }];
        let chain = Chain::new(Arc::clone(&keys));
        let made = database.first_keys(&made_first, &chain, Timestamp::UNIX_EPOCH);
        made.await.unwrap();
        let store = database.store(chain);
        Self {
            store: Arc::new(Spy::new(store)),
            keys,
            clock: ManualClock::new("2026-11-25T09:00:00Z".parse().unwrap()),
            tray: Arc::default(),
            wake: Arc::default(),
            stop: watch::Sender::new(false),
            entropy: Arc::new(SeededEntropy::new(7)),
            _folder: folder,
        }
    }

    pub(super) fn worker(&self) -> Worker {
        Worker {
            store: self.store.clone(),
            keys: Arc::clone(&self.keys),
            limits: Arc::new(Limits::new(
                Arc::clone(&self.keys),
                config::Limits::default(),
            )),
            clock: Arc::new(self.clock.clone()),
            entropy: self.entropy.clone(),
            transport: self.tray.clone(),
            sending: SendingLimits::default(),
            metrics: Arc::default(),
            base_url: "https://help.example.org".to_owned(),
            wake: Arc::clone(&self.wake),
            shutdown: self.stop.subscribe(),
        }
    }

    /// Works until nothing is due.
    pub(super) async fn work(&self) {
        let worker = self.worker();
        while worker.run_once().await.unwrap() {}
    }

    pub(super) fn sent(&self) -> Vec<Message> {
        std::mem::take(&mut *self.tray.sent.lock().unwrap())
    }

    /// What was sent, which is one message.
    pub(super) fn one_sent(&self) -> Message {
        let mut sent = self.sent();
        assert_eq!(sent.len(), 1);
        sent.remove(0)
    }

    pub(super) fn fail(&self, failures: impl IntoIterator<Item = TransportError>) {
        self.tray.failures.lock().unwrap().extend(failures);
    }

    pub(super) fn advance(&self, seconds: i64) {
        self.clock.advance(SignedDuration::from_secs(seconds));
    }

    /// How the job ended; nothing while it is still to be sent.
    pub(super) fn fate(&self, job: JobId) -> Option<Fate> {
        self.store.ended(job).map(|(fate, _)| fate)
    }

    /// What was written into the audit trail when the job ended.
    pub(super) fn audit(&self, job: JobId) -> Option<(Event, [u8; 16])> {
        let entry = self.store.ended(job).and_then(|(_, audit)| audit);
        entry.map(|Entry { event, subject, .. }| (event, subject))
    }

    pub(super) fn random<const N: usize>(&self) -> [u8; N] {
        entropy::bytes(&*self.entropy)
    }

    fn digest(&self, purpose: Purpose, text: &str) -> Digest {
        self.keys.digest(purpose, text.as_bytes())
    }

    fn seal<T: serde::Serialize>(&self, purpose: Purpose, id: &[u8], value: &T) -> Sealed {
        let entropy: &dyn Entropy = &*self.entropy;
        self.keys.seal_json(purpose, id, value, entropy)
    }

    pub(super) async fn patient(&self, person: Person) -> PatientId {
        let id = PatientId(self.random());
        let patient = Patient {
            given_names: vec![person.given_name.to_owned()],
            family_name: "Martinez".to_owned(),
            birth_date: BirthDate::parse("1944-02-29").unwrap(),
            postal_code: None,
            phones: Vec::new(),
            email: Email::parse(person.email).ok(),
            locale: person.speaks,
            standing: crate::patient::Standing::Current,
        };
        let source = self
            .keys
            .digest(Purpose::PatientSource, id.to_string().as_bytes());
        let sealed = self.seal(Purpose::Patient, &id.0, &patient);
        let batch = ImportBatch::of_new(id, source, sealed);
        let now = self.clock.now();
        self.store.inner.import(batch, now).await.unwrap();
        id
    }

    pub(super) async fn account(&self, person: Person) -> (AccountId, PatientId) {
        let patient = self.patient(person).await;
        (self.account_of(person, patient, patient).await, patient)
    }

    /// An account that was made for one patient, in a row that names another.
    pub(super) async fn account_of(
        &self,
        person: Person,
        made_for: PatientId,
        patient: PatientId,
    ) -> AccountId {
        let id = AccountId(self.random());
        let secrets = secrets(person, made_for);
        let row = AccountRow {
            id,
            patient,
            username: self.digest(Purpose::Username, &secrets.username.lookup_key()),
            email: self.digest(Purpose::Email, &secrets.email.lookup_key()),
            sealed: self.seal(Purpose::Account, &id.0, &secrets),
            hash: PasswordHash::from_stored("none".to_owned()),
        };
        let flow = self.flow().await;
        self.commit(flow, 0, vec![Write::Account(row)]).await;
        id
    }

    /// An account as somebody holds it who has signed in, and its patient.
    async fn held(&self, account: AccountId) -> (Held, PatientId) {
        let passed = Passed {
            account,
            password_no: 0,
        };
        let (now, token) = (self.clock.now(), Digest(self.random()));
        let session = NewSession {
            token,
            passed,
            expires_at: self.not_after(),
            earlier: None,
        };
        let flow = self.flow().await;
        self.commit(flow, 0, vec![Write::Session(session)]).await;
        let found = self.store.inner.account(account).await.unwrap().unwrap();
        let session = Shown {
            token,
            at: now,
            idle: SignedDuration::from_mins(15),
        };
        let held = Held {
            passed,
            session,
            before: found.sealed,
        };
        (held, found.patient)
    }

    /// The change by which somebody who is signed in closes their account.
    pub(super) async fn closing(&self, account: AccountId) -> Change {
        let (held, _) = self.held(account).await;
        self.change(self.flow().await, 0, vec![Write::Deactivation(held)])
    }

    /// The change by which somebody who is signed in links the phone of `person`.
    pub(super) async fn linking(&self, account: AccountId, person: Person) -> Change {
        let (held, patient) = self.held(account).await;
        let secrets = secrets(person, patient);
        let contact = NewContact {
            held,
            after: self.seal(Purpose::Account, &account.0, &secrets),
            email: self.digest(Purpose::Email, &secrets.email.lookup_key()),
        };
        self.change(self.flow().await, 0, vec![Write::Contact(contact)])
    }

    pub(super) async fn flow(&self) -> FlowId {
        let id = FlowId(self.random());
        let now = self.clock.now();
        let flow = NewFlow {
            id,
            token: self.keys.digest(Purpose::FlowToken, &id.0),
            state: Sealed(vec![1, 0, 1]),
            at: now,
            expires_at: now,
            subject: None,
            charges: Vec::new(),
        };
        self.store.inner.insert_flow(flow).await.unwrap();
        id
    }

    pub(super) async fn commit(&self, flow: FlowId, version: i64, writes: Vec<Write>) {
        let change = self.change(flow, version, writes);
        self.store.inner.commit(change).await.unwrap();
    }

    fn change(&self, flow: FlowId, version: i64, writes: Vec<Write>) -> Change {
        let now = self.clock.now();
        Change {
            flow,
            version,
            state: Sealed(vec![1, 0, 1]),
            subject: None,
            expires_at: now,
            at: now,
            writes,
            charges: Vec::new(),
        }
    }

    pub(super) fn not_after(&self) -> Timestamp {
        self.clock.now() + SignedDuration::from_hours(24)
    }

    pub(super) fn sealed(&self, job: &Job) -> NewJob {
        let id = JobId(self.random());
        NewJob {
            id,
            lane: job.lane(),
            sealed: self.seal(Purpose::Job, &id.0, job),
            not_after: self.not_after(),
        }
    }

    /// Queues a job by itself.
    pub(super) async fn queue(&self, job: &Job) -> JobId {
        self.queue_sealed(self.sealed(job)).await
    }

    /// Queues a job as another version has written it.
    pub(super) async fn queue_as_written(&self, job: &Job, written: &serde_json::Value) -> JobId {
        let new = self.sealed(job);
        let sealed = self.seal(Purpose::Job, &new.id.0, written);
        self.queue_sealed(NewJob { sealed, ..new }).await
    }

    async fn queue_sealed(&self, job: NewJob) -> JobId {
        let id = job.id;
        let flow = self.flow().await;
        self.commit(flow, 0, vec![Write::Job(job)]).await;
        id
    }

    /// Asks for a code as the app does: challenge and job together.
    pub(super) async fn ask_code(
        &self,
        flow: FlowId,
        version: i64,
        to: Recipient,
        channel: Channel,
    ) -> JobId {
        self.ask_code_in(Locale::En, flow, version, to, channel)
            .await
    }

    /// The same, by somebody who reads a language.
    pub(super) async fn ask_code_in(
        &self,
        locale: Locale,
        flow: FlowId,
        version: i64,
        to: Recipient,
        channel: Channel,
    ) -> JobId {
        let purpose = to.purpose();
        let job = self.sealed(&Job::Code {
            flow: flow.0,
            purpose,
            to,
            channel,
            locale,
        });
        let id = job.id;
        let challenge = Write::Challenge {
            purpose,
            job: id,
            patient: None,
            expires_at: job.not_after,
            limit: 5,
        };
        self.commit(flow, version, vec![challenge, Write::Job(job)])
            .await;
        id
    }

    pub(super) async fn challenge(&self, flow: FlowId, purpose: CodeFor) -> Challenge {
        let store = &self.store.inner;
        let token = self.keys.digest(Purpose::FlowToken, &flow.0);
        let found = store.flow(&token).await.unwrap().unwrap();
        store
            .try_code(Guess {
                flow,
                version: found.version,
                purpose,
                limit: 5,
                ladder: Digest(flow_key(flow)),
                username: None,
                account: None,
                at: self.clock.now(),
            })
            .await
            .unwrap()
            .unwrap()
    }
}
