//! A store that remembers how jobs ended and can be gone for a while.

use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use std::sync::{Arc, Mutex};

use async_trait::async_trait;
use jiff::Timestamp;

use crate::account::AccountId;
use crate::audit::Entry;
use crate::crypto::{Digest, Sealed};
use crate::flow::{CodeFor, Passed};
use crate::limits::Charge;
use crate::patient::PatientId;
use crate::provider::ConnectionId;
use crate::store::{
    Change, ClaimedJob, Connecting, Ending, Fate, FlowId, FoundAccount, FoundInvitation, JobId,
    Jobs, Lane, NewConnection, NewJob, NewLetter, NewLink, Report, Result, Store, StoreError,
};

pub(super) struct Spy {
    pub(super) inner: Arc<dyn Store>,
    pub(super) is_gone: AtomicBool,
    /// How often it was asked while it was gone.
    pub(super) refused: AtomicU32,
    /// What somebody else does in the moment before a code is set.
    pub(super) meanwhile: Mutex<Option<Change>>,
    ended: Mutex<Vec<(JobId, Fate, Option<Entry>)>>,
}

impl Spy {
    pub(super) fn new(inner: Arc<dyn Store>) -> Self {
        Self {
            inner,
            is_gone: AtomicBool::new(false),
            refused: AtomicU32::new(0),
            meanwhile: Mutex::default(),
            ended: Mutex::default(),
        }
    }

    pub(super) fn ended(&self, job: JobId) -> Option<(Fate, Option<Entry>)> {
        let ended = self.ended.lock().unwrap();
        let found = ended.iter().find(|(id, ..)| *id == job);
        found.map(|(_, fate, audit)| (*fate, *audit))
    }

    fn reach(&self) -> Result<&dyn Store> {
        if self.is_gone.load(Ordering::SeqCst) {
            self.refused.fetch_add(1, Ordering::SeqCst);
            return Err(StoreError::Unavailable("gone for a while".to_owned()));
        }
        Ok(&*self.inner)
    }
}

#[async_trait]
impl Jobs for Spy {
    async fn claim_job(
        &self,
        lane: Lane,
        now: Timestamp,
        until: Timestamp,
    ) -> Result<Option<ClaimedJob>> {
        self.reach()?.claim_job(lane, now, until).await
    }

    async fn invitation(&self, code: &Digest) -> Result<Option<FoundInvitation>> {
        self.reach()?.invitation(code).await
    }

    async fn set_code(
        &self,
        flow: FlowId,
        purpose: CodeFor,
        job: JobId,
        code: &Digest,
        account: Option<AccountId>,
    ) -> Result<bool> {
        let store = self.reach()?;
        let meanwhile = self.meanwhile.lock().unwrap().take();
        if let Some(change) = meanwhile {
            store.commit(change).await?;
        }
        store.set_code(flow, purpose, job, code, account).await
    }

    async fn set_reveal(&self, link: NewLink) -> Result<()> {
        self.reach()?.set_reveal(link).await
    }

    async fn set_reset_link(&self, link: NewLink) -> Result<()> {
        let store = self.reach()?;
        store.set_reset_link(link).await
    }

    async fn failures(&self, ladder: &Digest) -> Result<u32> {
        self.reach()?.failures(ladder).await
    }

    async fn whole_at(&self, budget: &Digest) -> Result<Option<Timestamp>> {
        self.reach()?.whole_at(budget).await
    }

    async fn queue_job(&self, job: NewJob, charge: Charge, at: Timestamp) -> Result<()> {
        self.reach()?.queue_job(job, charge, at).await
    }

    async fn charge_job(&self, id: JobId, charges: Vec<Charge>, now: Timestamp) -> Result<()> {
        self.reach()?.charge_job(id, charges, now).await
    }

    async fn finish_job(
        &self,
        id: JobId,
        ending: Ending,
        at: Timestamp,
        audit: Option<Entry>,
    ) -> Result<()> {
        let fate = ending.fate;
        self.reach()?.finish_job(id, ending, at, audit).await?;
        self.ended.lock().unwrap().push((id, fate, audit));
        Ok(())
    }

    async fn settle_job(
        &self,
        id: JobId,
        report: Report,
        at: Timestamp,
        audit: Option<Entry>,
    ) -> Result<bool> {
        self.reach()?.settle_job(id, report, at, audit).await
    }

    async fn retry_job(
        &self,
        id: JobId,
        attempts: u32,
        next_at: Timestamp,
        cause: &str,
    ) -> Result<()> {
        let store = self.reach()?;
        store.retry_job(id, attempts, next_at, cause).await
    }

    async fn first_due(&self) -> Result<Option<Timestamp>> {
        self.reach()?.first_due().await
    }
    async fn oldest_pending(&self) -> Result<Option<Timestamp>> {
        self.reach()?.oldest_pending().await
    }

    async fn account_by_username(&self, username: &Digest) -> Result<Option<FoundAccount>> {
        self.reach()?.account_by_username(username).await
    }

    async fn accounts_by_email(&self, email: &Digest) -> Result<Vec<FoundAccount>> {
        self.reach()?.accounts_by_email(email).await
    }

    async fn account_of(&self, passed: Passed) -> Result<Option<FoundAccount>> {
        self.reach()?.account_of(passed).await
    }

    async fn account(&self, id: AccountId) -> Result<Option<FoundAccount>> {
        self.reach()?.account(id).await
    }

    async fn patient(&self, id: PatientId) -> Result<Option<Sealed>> {
        self.reach()?.patient(id).await
    }
}

#[async_trait]
impl Connecting for Spy {
    async fn account_by_source(&self, source: &Digest) -> Result<Option<FoundAccount>> {
        self.reach()?.account_by_source(source).await
    }

    async fn connect(
        &self,
        connection: NewConnection,
        letter: NewLetter,
        at: Timestamp,
        audit: Entry,
    ) -> Result<bool> {
        let store = self.reach()?;
        store.connect(connection, letter, at, audit).await
    }

    async fn withdraw(
        &self,
        connection: NewConnection,
        at: Timestamp,
        audit: Entry,
    ) -> Result<bool> {
        self.reach()?.withdraw(connection, at, audit).await
    }

    async fn is_invited(&self, connection: ConnectionId, key: Option<Digest>) -> Result<bool> {
        self.reach()?.is_invited(connection, key).await
    }
}
