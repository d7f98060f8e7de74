//! Plays the application around the engine: finds facts, counts tries, keeps what
//! was committed, and delivers codes.
//!
//! It does what `app` and `store` promise, in memory and for one flow, and takes
//! limits and lifetimes from the engine as they do. It must not judge whether the
//! engine was right: that is the [ledger](super::ledger)'s.

mod facts;

use jiff::{SignedDuration, Timestamp};
use protocol::{Answer, Answers, Channel, FieldProblems, ProblemCode, Step, StepName};

use super::acts::{self, Event, Start};
use super::record::{Outcome, Refused};
use crate::account::AccountId;
use crate::crypto::PasswordHash;
use crate::flow::{
    Check, CodeFor, Effect, InvitationId, Passed, Recipient, Refusal, State, Tries, Verdict,
    WrongGuess, code, confirm, enrollment,
};
use crate::patient::{Patient, PatientId};

pub(super) const INVITATION: InvitationId = InvitationId([1; 16]);
pub(super) const PATIENT: PatientId = PatientId([2; 16]);

/// Who has a username.
pub(super) fn account_of(username: &str) -> Option<AccountId> {
    match username {
        acts::USERNAME => Some(AccountId([8; 16])),
        acts::OTHER_USERNAME => Some(AccountId([9; 16])),
        _ => None,
    }
}

/// So many passwords somebody has guessed that the next one is not enough.
pub(super) const GUESSED: u8 = 5;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Invitation {
    Open,
    Used,
    Replaced,
    Expired,
}

/// A code on its way.
#[derive(Clone, Debug)]
pub(super) struct Sent {
    pub(super) purpose: CodeFor,
    pub(super) to: String,
    pub(super) channel: Channel,
    pub(super) at: Timestamp,
    pub(super) code: String,
}

/// How many tries are counted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Counted {
    pub(super) identity: u8,
    pub(super) phone: u8,
    /// For a reset, for the phone, for an email, for a sign-in, for a new phone, for a changed
    /// email.
    pub(super) codes: [u8; 6],
    /// Passwords in a row, since the last right sign-in.
    pub(super) passwords: u8,
    /// Passwords of whoever is signed in, since the last right one.
    pub(super) confirmations: u8,
}

pub(super) const fn index(purpose: CodeFor) -> usize {
    match purpose {
        CodeFor::Reset => 0,
        CodeFor::Phone => 1,
        CodeFor::NewEmail => 2,
        CodeFor::SignIn => 3,
        CodeFor::NewPhone => 4,
        CodeFor::ChangedEmail => 5,
    }
}

/// What a typed code is compared with.
#[derive(Clone)]
struct Challenge {
    code: Option<String>,
    expires_at: Timestamp,
    account: Option<AccountId>,
    is_spent: bool,
}

#[derive(Clone)]
pub(super) struct House {
    pub(super) now: Timestamp,
    begun_at: Timestamp,
    /// As it is kept.
    kept: String,
    /// As it is read back: no act sees what was not kept.
    state: State,
    /// As the engine made it.
    made: State,
    pub(super) expires_at: Timestamp,
    pub(super) invitation: Invitation,
    mailed_to: Option<String>,
    pub(super) taken: Vec<String>,
    pub(super) tries: Counted,
    challenges: [Option<Challenge>; 6],
    pub(super) sent: Vec<Sent>,
}

impl House {
    pub(super) fn new(start: Start) -> Self {
        let now: Timestamp = "2026-11-25T15:00:00Z".parse().unwrap();
        let state = match start {
            Start::Flow(kind) => State::begin(kind),
            Start::PaperInvitation => State::begin(protocol::FlowKind::Enrollment),
            Start::ResetLink => State::proven_by_link(
                acts::USERNAME.to_owned(),
                account_of(acts::USERNAME).unwrap(),
            ),
            Start::GuessedSignIn => State::begin(protocol::FlowKind::SignIn),
        };
        let is_guessed = matches!(start, Start::GuessedSignIn);
        let on_paper = matches!(start, Start::PaperInvitation);
        Self {
            now,
            begun_at: now,
            kept: serde_json::to_string(&state).unwrap(),
            expires_at: state.waits_until(now, now),
            invitation: Invitation::Open,
            mailed_to: (!on_paper).then(|| acts::MAILED_TO.to_owned()),
            taken: vec![acts::USERNAME.to_owned()],
            tries: Counted {
                passwords: if is_guessed { GUESSED } else { 0 },
                ..Counted::default()
            },
            challenges: [const { None }; 6],
            sent: Vec::new(),
            made: state.clone(),
            state,
        }
    }

    pub(super) fn state(&self) -> &State {
        &self.state
    }

    pub(super) fn made(&self) -> &State {
        &self.made
    }

    /// The flow as it is kept.
    pub(super) fn kept(&self) -> &str {
        &self.kept
    }

    pub(super) fn step(&self) -> Step {
        self.state().step(self.now)
    }

    /// Whether the invitation came by email.
    pub(super) fn has_mailed(&self) -> bool {
        self.mailed_to.is_some()
    }

    pub(super) fn is_expired(&self) -> bool {
        self.expires_at <= self.now
    }

    pub(super) fn wait(&mut self, seconds: i64) {
        self.now += SignedDuration::from_secs(seconds);
    }

    pub(super) fn happens(&mut self, event: Event) {
        match event {
            Event::InvitationUsed => self.invitation = Invitation::Used,
            Event::InvitationReplaced => self.invitation = Invitation::Replaced,
            Event::InvitationExpired => self.invitation = Invitation::Expired,
            Event::UsernameTaken => self.taken.push(acts::FREE_USERNAMES[0].to_owned()),
        }
    }

    /// What a view says.
    pub(super) fn is_out_of_tries(&self) -> bool {
        if self.state().asks_password() {
            return self.tries.confirmations >= confirm::TRIES;
        }
        self.state().tries().into_iter().any(|tries| match tries {
            Tries::Code(purpose) => self.tries.codes[index(purpose)] >= code::TRIES,
            Tries::Invitation(_, Check::Identity) => self.tries.identity >= enrollment::TRIES,
            Tries::Invitation(_, Check::Phone) => self.tries.phone >= enrollment::TRIES,
        })
    }

    /// `times` requests with the same answers, all judged before one is written.
    pub(super) fn submit(&mut self, step: StepName, answers: &Answers, times: usize) -> Outcome {
        if self.is_expired() {
            return Err(Refused::Expired);
        }
        let verdicts: Vec<_> = (0..times).map(|_| self.judge(step, answers)).collect();
        let mut outcome = Err(Refused::WrongStep);
        for verdict in verdicts {
            outcome = match (outcome, verdict) {
                // The second to be written finds another version of the flow.
                (Ok(done), _) => return Ok(done),
                (Err(_), Ok((state, effects))) => self.commit(state, effects),
                (Err(_), Err(refused)) => Err(refused),
            };
        }
        outcome
    }

    fn judge(
        &mut self,
        step: StepName,
        answers: &Answers,
    ) -> Result<(State, Vec<Effect>), Refused> {
        let state = self.state.clone();
        if state.step(self.now).name() != step {
            return Err(Refused::WrongStep);
        }
        let Some(answer) = Answer::parse(step, answers).map_err(Refused::Fields)? else {
            return Err(Refused::WrongStep);
        };
        let mut verdict = state.answer(&answer, None, self.now);
        if let Verdict::Ask(question) = verdict {
            let fact = self.find_out(question);
            verdict = state.answer(&answer, Some(fact), self.now);
        }
        match verdict {
            Verdict::Advance { state, effects } => Ok((state, effects)),
            Verdict::Refuse(refusal) => Err(refusal.into()),
            Verdict::Ask(question) => panic!("asked twice: {question:?}"),
        }
    }

    pub(super) fn resend(&mut self, channel: Option<Channel>) -> Outcome {
        if self.is_expired() {
            return Err(Refused::Expired);
        }
        let (state, effects) = self.state().resend(channel, self.now)?;
        self.commit(state, effects)
    }

    pub(super) fn back(&mut self) -> Outcome {
        if self.is_expired() {
            return Err(Refused::Expired);
        }
        match self.state().back(self.now) {
            Some(state) => self.commit(state, Vec::new()),
            None => Err(Refused::Problem(ProblemCode::NoWayBack)),
        }
    }

    /// Never less than there was.
    pub(super) fn more_time(&mut self) -> Outcome {
        if self.is_expired() {
            return Err(Refused::Expired);
        }
        let state = self.state.clone().extended(self.now);
        let expires_at = state.waits_until(self.begun_at, self.now);
        if expires_at > self.expires_at {
            self.keep(state);
            self.expires_at = expires_at;
        }
        Ok(Vec::new())
    }

    fn keep(&mut self, state: State) {
        self.kept = serde_json::to_string(&state).unwrap();
        self.state = serde_json::from_str(&self.kept).unwrap();
        self.made = state;
    }

    /// All of it or nothing.
    fn commit(&mut self, state: State, effects: Vec<Effect>) -> Outcome {
        for effect in &effects {
            match effect {
                Effect::SendCode { to, .. }
                    if self.tries.codes[index(to.purpose())] >= code::TRIES =>
                {
                    return Err(Refused::Problem(ProblemCode::TooManyTries));
                }
                Effect::UseInvitation(_) if self.invitation != Invitation::Open => {
                    return Err(Refused::Problem(ProblemCode::InvitationEnded));
                }
                _ => {}
            }
        }
        for effect in &effects {
            match effect {
                Effect::SendCode { to, channel } => self.send(to, *channel),
                Effect::SpendCode(purpose) => {
                    let spent = self.challenges[index(*purpose)].as_mut();
                    spent.expect("only what was sent is spent").is_spent = true;
                }
                Effect::GiveBackIdentityTry(_) => {
                    self.tries.identity = self.tries.identity.saturating_sub(1);
                }
                Effect::UseInvitation(_) => self.invitation = Invitation::Used,
                Effect::CreateAccount(account) => {
                    self.taken.push(account.username.as_str().to_owned());
                }
                Effect::GiveBackPasswordTry(_) => self.tries.passwords -= 1,
                Effect::EndPasswordTries => self.tries.confirmations = 0,
                Effect::SendUsername(_)
                | Effect::ChangePassword { .. }
                | Effect::ChangePhone { .. }
                | Effect::ChangeEmail { .. }
                | Effect::Deactivate(_)
                | Effect::BeginSession { .. }
                | Effect::TellOfGuesses(_)
                | Effect::Audit(..) => {}
            }
        }
        self.expires_at = state.waits_until(self.begun_at, self.now);
        self.keep(state);
        Ok(effects)
    }

    fn send(&mut self, to: &Recipient, channel: Channel) {
        let code = format!("{:06}", 100_001 + 137 * self.sent.len());
        let purpose = to.purpose();
        let (to, account) = match to {
            Recipient::Username(name) => (name.clone(), account_of(name)),
            Recipient::OnFile(phone) => (phone.as_e164().to_owned(), None),
            Recipient::NewEmail(email) => (email.clone(), None),
            Recipient::SignIn { username, passed } => match passed {
                Some(passed) => (username.clone(), Some(passed.account)),
                None => (String::new(), None),
            },
            Recipient::NewPhone { passed, phone } => {
                (phone.as_e164().to_owned(), Some(passed.account))
            }
            Recipient::ChangedEmail { passed, email } => (email.clone(), Some(passed.account)),
        };
        // The worker makes no code for a username that nobody has, nor for a wrong password.
        let is_about_account = matches!(purpose, CodeFor::Reset | CodeFor::SignIn);
        let is_delivered = !is_about_account || account.is_some();
        self.challenges[index(purpose)] = Some(Challenge {
            code: is_delivered.then(|| code.clone()),
            expires_at: self.now + code::lifetime(channel),
            account,
            is_spent: false,
        });
        self.sent.push(Sent {
            purpose,
            to,
            channel,
            at: self.now,
            code,
        });
    }
}

impl From<Refusal> for Refused {
    fn from(refusal: Refusal) -> Self {
        match refusal {
            Refusal::Fields(fields) => Self::Fields(fields),
            Refusal::Problem(ProblemCode::WrongStep) => Self::WrongStep,
            Refusal::Problem(code) => Self::Problem(code),
            Refusal::Guess { why, .. } => match why {
                WrongGuess::Field(field, problem) => {
                    Self::Fields(FieldProblems::from([(field, problem)]))
                }
                WrongGuess::Whole(code) => Self::Problem(code),
            },
            Refusal::TooSoon { retry_after } => Self::TooSoon(retry_after),
        }
    }
}

pub(super) const fn passed(account: AccountId) -> Passed {
    Passed {
        account,
        password_no: 0,
    }
}

pub(super) fn hash() -> PasswordHash {
    PasswordHash::from_stored("$argon2id$x".to_owned())
}

pub(super) fn patient() -> Patient {
    serde_json::from_value(serde_json::json!({
        "given_names": ["Rosa"],
        "family_name": "Okafor",
        "birth_date": "1951-03-27",
        "postal_code": "04101",
        "phones": [{ "number": acts::PHONE }],
        "email": acts::MAILED_TO,
        "locale": "en",
    }))
    .unwrap()
}
