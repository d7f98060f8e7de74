//! The use cases: what a person, the desk or the shell can ask for.
//!
//! One file a use case. Here the pure engine meets the world: facts are
//! fetched, verdicts become one transaction, secrets are sealed. It must not
//! know HTTP, SQL, or how a message is sent.

mod begin;
mod commit;
mod connections;
pub mod desk;
mod extend;
mod facts;
pub(crate) mod feedback;
mod holder;
pub mod import;
mod insights;
pub(crate) mod keys;
mod outbox;
mod providers;
mod report;
mod reset_link;
mod reveal;
mod search;
mod session;
mod sign_in;
pub mod staff;
mod submit;
mod token;
mod trail;

use std::sync::Arc;

use jiff::{SignedDuration, Timestamp};
use protocol::{FieldProblems, Locale, Notice, Problem, ProblemCode, Step, StepName, View};
use serde::{Deserialize, Serialize};
use tokio::sync::Notify;

pub use connections::Connected;
pub use desk::{DeskError, Invited};
pub use import::ImportReport;
pub use insights::{Insights, MessageFate};
pub use keys::{KeysError, Rotated, RotationStep};
pub use outbox::Listed;
pub use providers::{KeyHolder, ListedProvider, ProviderError};
pub use report::ReportError;
pub use search::{FoundPatients, PatientMatch, SHOWN};
pub use session::SignedIn;
pub use staff::{
    AtDesk, DeskConnections, FILE_LINES, KnownBrowser, ListedStaff, NotedProxy, ProxyAtDesk,
    ProxyNoted, SetUp, SettingUp, StaffEntry, StaffSignedIn, StaffTyped, TrailAbout, TrailAsked,
    TrailFound, TrailLine, TrailLooked, TrailPart,
};
pub use token::Token;
pub(crate) use trail::verify as verify_trail;
pub use trail::{Looked, TrailError, Verified};

use self::holder::Holder;
use crate::account::AccountSecrets;
use crate::account::password::KnownNames;
use crate::clock::Clock;
use crate::config::{Desk, Sessions};
use crate::crypto::{Digest, Keyring, Passwords, Purpose};
use crate::entropy::Entropy;
use crate::flow::{Refusal, State, WrongGuess};
use crate::limits::{Limits, Network};
use crate::metrics::{Levels, Metrics};
use crate::outbox::transport::TwilioReports;
use crate::store::{FlowId, FoundAccount, Store, StoreError, StoredFlow};

/// What all use cases need.
pub struct App {
    /// Where state is kept.
    pub store: Arc<dyn Store>,
    /// Seals and digests.
    pub keys: Arc<Keyring>,
    /// What time it is.
    pub clock: Arc<dyn Clock>,
    /// Where ids, tokens and nonces come from.
    pub entropy: Arc<dyn Entropy>,
    /// Says what acts cost.
    pub limits: Arc<Limits>,
    /// Hashes passwords, a bounded number at once.
    pub passwords: Passwords,
    /// What no password may be made of, besides the username.
    pub names: KnownNames,
    /// Tells the outbox worker that there is work.
    pub wake: Arc<Notify>,
    /// Where links in messages point, from configuration.
    pub base_url: String,
    /// Counts what happens.
    pub metrics: Arc<Metrics>,
    /// Reads what Twilio reports, where it is asked to.
    pub reports: Option<TwilioReports>,
    /// Where people sign in to the portal, if the clinic has said so.
    pub portal_url: Option<String>,
    /// How long somebody stays signed in.
    pub sessions: Sessions,
    /// What the front desk goes by.
    pub desk: Desk,
}

/// Why a use case did not do what was asked: the problem for the person, and
/// the cause for the log where there is one that we must look at.
#[derive(Debug)]
pub struct Failure {
    /// What the person is told.
    pub problem: Problem,
    /// What the log is told; never holds personal data.
    pub cause: Option<String>,
}

impl From<Problem> for Failure {
    fn from(problem: Problem) -> Self {
        Self {
            problem,
            cause: None,
        }
    }
}

impl From<ProblemCode> for Failure {
    fn from(code: ProblemCode) -> Self {
        Problem::new(code).into()
    }
}

impl From<FieldProblems> for Failure {
    fn from(fields: FieldProblems) -> Self {
        Problem::fields(fields).into()
    }
}

impl From<Refusal> for Failure {
    fn from(refusal: Refusal) -> Self {
        match refusal {
            Refusal::Fields(fields) => fields.into(),
            Refusal::Problem(code) => code.into(),
            Refusal::Guess { why, tries_left } => Problem {
                tries_left: Some(tries_left),
                ..match why {
                    WrongGuess::Field(field, problem) => Problem::field(field, problem),
                    WrongGuess::Whole(code) => Problem::new(code),
                }
            }
            .into(),
            Refusal::TooSoon { retry_after } => later(ProblemCode::TooSoon, retry_after),
        }
    }
}

impl From<StoreError> for Failure {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::OverBudget { wait } => later(ProblemCode::OverLimit, seconds(wait)),
            StoreError::MustWait { wait } => later(ProblemCode::CodeWait, seconds(wait)),
            StoreError::GuessingStopped => ProblemCode::TooManyTries.into(),
            error => Self::unavailable(&error),
        }
    }
}

/// A problem that passes by itself, in so many seconds.
fn later(code: ProblemCode, retry_after: u32) -> Failure {
    Problem {
        retry_after: Some(retry_after),
        ..Problem::new(code)
    }
    .into()
}

/// Whole seconds that suffice: asking at the moment that was named must succeed.
fn seconds(wait: SignedDuration) -> u32 {
    let whole = wait.as_secs() + i64::from(wait.subsec_nanos() > 0);
    u32::try_from(whole.max(1)).unwrap_or(u32::MAX)
}

impl Failure {
    /// Something of ours does not work; the person can only try again.
    pub(crate) fn unavailable(cause: &dyn std::fmt::Display) -> Self {
        Self {
            problem: Problem {
                retry_after: Some(30),
                ..Problem::new(ProblemCode::Unavailable)
            },
            cause: Some(cause.to_string()),
        }
    }
}

/// Who goes on with a flow.
#[derive(Clone, Copy, Debug)]
pub struct Visitor {
    /// As whom budgets count them.
    pub network: Network,
    /// The language that they read in now, if they say; else that of before. The
    /// messages of a flow follow it.
    pub locale: Option<Locale>,
    /// The keyed hash of the session that their browser has; one that begins takes its place.
    pub session: Option<Digest>,
}

/// What an answer came to.
#[derive(Debug)]
pub struct Answered {
    /// The flow as it stands now.
    pub view: View,
    /// The token of the session that has begun, if one has.
    pub session: Option<Token>,
}

impl Answered {
    /// Whether nobody is signed in any more, since the account has ended.
    pub fn is_signed_out(&self) -> bool {
        self.view.kind.ends_session() && self.view.step.name() == StepName::Done
    }
}

/// What a use case answers.
pub type Outcome<T> = Result<T, Failure>;

/// A flow's state as it is sealed.
#[derive(Serialize, Deserialize)]
pub(crate) struct Kept {
    pub(crate) state: State,
    pub(crate) locale: Locale,
    /// Whose account it changes; nobody's, where anybody may begin it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) holder: Option<Holder>,
}

/// A flow that was loaded.
pub(crate) struct Loaded {
    pub(crate) stored: StoredFlow,
    pub(crate) kept: Kept,
    /// When the session ends in which it goes on, if it is of one and nothing is done.
    pub(crate) session_ends: Option<Timestamp>,
}

impl App {
    fn now(&self) -> Timestamp {
        self.clock.now()
    }

    /// How long the oldest message that is still to be sent has waited.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn outbox_age(&self) -> Result<SignedDuration, StoreError> {
        let oldest = self.store.oldest_pending().await?;
        Ok(oldest.map_or(SignedDuration::ZERO, |at| {
            self.now().duration_since(at).max(SignedDuration::ZERO)
        }))
    }

    /// How much later than it should any message is tried. One that a mail server
    /// has put off is late for nobody's fault here, until its next try is.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn outbox_delay(&self) -> Result<SignedDuration, StoreError> {
        let due = self.store.first_due().await?;
        Ok(due.map_or(SignedDuration::ZERO, |at| {
            self.now().duration_since(at).max(SignedDuration::ZERO)
        }))
    }

    /// What is looked up for whoever watches the server.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn levels(&self) -> Result<Levels, StoreError> {
        let (hashes_running, hashes_waiting) = self.passwords.load();
        Ok(Levels {
            outbox_length: self.store.count_pending().await?,
            outbox_age: self.outbox_age().await?.as_secs_f64(),
            hashes_running,
            hashes_waiting,
        })
    }

    /// Opens the flow of a token, for whoever shows the keyed hash of a session with it.
    async fn load(&self, token: &Token, session: Option<Digest>) -> Outcome<Loaded> {
        let digest = self.keys.digest(Purpose::FlowToken, token.as_bytes());
        let stored = self
            .store
            .flow(&digest)
            .await?
            .ok_or(ProblemCode::UnknownFlow)?;
        let kept: Kept = self
            .keys
            .open_json(Purpose::FlowState, &stored.id.0, &stored.state)
            .await
            .map_err(|error| Failure::unavailable(&error))?;
        let now = self.now();
        let is_over = stored.is_ended || stored.expires_at <= now;
        // Its session has ended with it, and its end names nobody: whoever presses twice, or
        // has lost the answer, is told by the token alone that it is done.
        let is_told = !is_over && kept.state.has_ended_session();
        // Before anything is told of another flow: to others it is none.
        let session_ends = match &kept.holder {
            Some(holder) if !is_told => Some(self.check_holder(holder, session).await?),
            _ => None,
        };
        if is_over {
            return Err(ProblemCode::FlowExpired.into());
        }
        Ok(Loaded {
            stored,
            kept,
            session_ends,
        })
    }

    fn seal_state(&self, flow: FlowId, kept: &Kept) -> crate::crypto::Sealed {
        self.keys
            .seal_json(Purpose::FlowState, &flow.0, kept, &*self.entropy)
    }

    /// What is sealed of an account, if it is that of the patient whom the row names.
    async fn secrets(&self, found: &FoundAccount) -> Outcome<AccountSecrets> {
        AccountSecrets::open(&self.keys, found.id, found.patient, &found.sealed)
            .await
            .map_err(|error| Failure::unavailable(&error))
    }

    /// A flow as its owner sees it, with what the database knows of its tries.
    async fn view_of(
        &self,
        flow: FlowId,
        kept: &Kept,
        expires_at: Timestamp,
        notice: Option<Notice>,
    ) -> Outcome<View> {
        Ok(View {
            is_out_of_tries: self.is_out_of_tries(flow, kept).await?,
            ..self.shown(&kept.state, kept.holder.as_ref(), expires_at, notice)
        })
    }

    async fn current(&self, loaded: &Loaded, notice: Option<Notice>) -> Outcome<View> {
        let Loaded { stored, kept, .. } = loaded;
        let ends_at = within(stored.expires_at, loaded.session_ends);
        self.view_of(stored.id, kept, ends_at, notice).await
    }

    /// A flow's state as it is shown to whoever it is of, as if tries were left.
    fn shown(
        &self,
        state: &State,
        holder: Option<&Holder>,
        expires_at: Timestamp,
        notice: Option<Notice>,
    ) -> View {
        let mut step = state.step(self.now());
        if let (Step::Password { username }, Some(holder)) = (&mut step, holder) {
            holder.username.clone_into(username);
        }
        View {
            kind: state.kind(),
            token: None,
            expires_at: whole_seconds(expires_at).to_string(),
            expires_in: seconds_left(expires_at.duration_since(self.now())),
            progress: state.progress(),
            step,
            notice,
            is_out_of_tries: false,
            sign_in: self.portal_url.clone(),
        }
    }

    /// The current view: for a page that was loaded again, by whoever shows the keyed hash of
    /// a session, if they have one.
    ///
    /// # Errors
    /// `unknown-flow`, `flow-expired`, `sign-in-first`, `unavailable`.
    pub async fn view(&self, token: &Token, session: Option<Digest>) -> Outcome<View> {
        let loaded = self.load(token, session).await?;
        self.current(&loaded, None).await
    }
}

/// Whole seconds that are left, and none once the time is over.
fn seconds_left(time: SignedDuration) -> u32 {
    u32::try_from(time.as_secs().max(0)).unwrap_or(u32::MAX)
}

/// When a flow ends that goes on in a session: no later than that does.
fn within(expires_at: Timestamp, session_ends: Option<Timestamp>) -> Timestamp {
    session_ends.map_or(expires_at, |ends| ends.min(expires_at))
}

/// Cut down, so that what is told is never later than what holds.
fn whole_seconds(time: Timestamp) -> Timestamp {
    Timestamp::from_second(time.as_second()).unwrap_or(time)
}
