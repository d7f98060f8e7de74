//! Turns a verdict into one transaction: state, codes, messages, audit lines.

mod account;

use jiff::{SignedDuration, Timestamp};
use protocol::answers::PersonalInfo;
use protocol::values::Username;
use protocol::{Channel, Field, FieldProblem, Locale, Problem, ProblemCode, StepName};

use super::holder::Holder;
use super::{App, Failure, Kept, Loaded, Outcome, Token, Visitor, within};
use crate::account::{AccountId, AccountSecrets};
use crate::audit::Entry;
use crate::crypto::{Digest, Purpose};
use crate::entropy;
use crate::flow::{
    About, Effect, Guessed, NewAccount, Passed, Recipient, Rehash, State, Subject, code,
};
use crate::limits::{Network, ladder};
use crate::outbox::{Job, Notice};
use crate::patient::PatientId;
use crate::store::{
    AccountRow, BetterHash, Change, FlowId, JobId, Lane, NewJob, NewSession, StoreError, Write,
};

/// A notice or an explaining email is of use for a day.
pub(super) const LETTER_LIFETIME: SignedDuration = SignedDuration::from_hours(24);

/// A step that was made real.
pub(super) struct Committed {
    pub(super) flow: FlowId,
    pub(super) kept: Kept,
    /// Until when it can be answered.
    pub(super) ends_at: Timestamp,
    /// The token of the session that has begun, if one has.
    pub(super) session: Option<Token>,
}

impl App {
    /// Commits a step forward, and wakes the worker when there is something to send.
    pub(super) async fn commit(
        &self,
        loaded: Loaded,
        state: State,
        effects: Vec<Effect>,
        from: Visitor,
    ) -> Outcome<Committed> {
        let Loaded {
            stored,
            kept,
            session_ends,
        } = loaded;
        let locale = from.locale.unwrap_or(kept.locale);
        let at = self.now();
        let about = state.subject();
        let begins = |effect: &Effect| matches!(effect, Effect::BeginSession { .. });
        let session = (effects.iter().any(begins)).then(|| Token::new(&*self.entropy));
        let draft = Draft {
            app: self,
            flow: stored.id,
            patient: about.as_ref().and_then(Subject::patient),
            locale,
            at,
            network: from.network,
            ladder: kept.state.guessed().map(|it| self.limits.ladder(&it)),
            session: session.as_ref().map(|token| self.session_key(token)),
            earlier_session: from.session,
            holder: kept.holder.as_ref(),
        };
        let before = self.subject(&kept)?;
        self.check_guessing(&effects, &state).await?;
        let charges = (effects.iter())
            .filter(|effect| effect.is_asked_for())
            .flat_map(|_| self.limits.asking(about.as_ref(), from.network))
            .collect();
        let mut writes = Vec::new();
        for effect in effects {
            writes.extend(draft.writes(effect).await?);
        }
        let has_mail = writes.iter().any(|write| matches!(write, Write::Job(_)));
        let expires_at = state.waits_until(stored.begun_at, at);
        let kept = Kept {
            state,
            locale,
            holder: kept.holder,
        };
        let subject = self.subject(&kept)?.or(before);
        let change = Change {
            flow: stored.id,
            version: stored.version,
            state: self.seal_state(stored.id, &kept),
            subject,
            expires_at,
            at,
            writes,
            charges,
        };
        let was_right = change.writes.iter().find_map(|write| match write {
            Write::GiveBack(charges) => Some(charges.clone()),
            _ => None,
        });
        if let Err(error) = self.store.commit(change).await {
            // Somebody was faster; the password was right all the same.
            if let Some(charges) = was_right
                && let Err(error) = self.store.give_back(charges).await
            {
                tracing::error!(%error, "what a right password took could not be given back");
            }
            return Err(refused(error));
        }
        if has_mail {
            self.wake.notify_one();
        }
        let step = kept.state.step(at).name();
        if matches!(step, StepName::Done | StepName::CheckEmail) {
            self.metrics.finished(kept.state.kind());
        }
        Ok(Committed {
            flow: stored.id,
            kept,
            ends_at: within(expires_at, session_ends),
            session,
        })
    }

    /// A code that nobody may type is not sent. To whoever has a username it is
    /// the worker that sends none, and something better instead.
    async fn check_guessing(&self, effects: &[Effect], state: &State) -> Outcome<()> {
        let sends = |effect: &Effect| matches!(effect, Effect::SendCode { .. });
        match state.guessed() {
            None | Some(Guessed::Username(_) | Guessed::SignIn { .. }) => Ok(()),
            Some(guessed) if effects.iter().any(sends) && self.is_stopped(&guessed).await? => {
                Err(ProblemCode::TooManyTries.into())
            }
            Some(_) => Ok(()),
        }
    }

    /// Whether no code about this subject is looked at any more.
    pub(super) async fn is_stopped(&self, guessed: &Guessed) -> Outcome<bool> {
        let failures = self.store.failures(&self.limits.ladder(guessed)).await?;
        Ok(failures >= ladder::STOP)
    }

    /// Whom a flow has proven to be about, as a keyed hash, so that a reset can end
    /// the others. A flow that has proven nothing goes on: if it ended, a stranger
    /// who began one would learn that there is an account and that it was reset.
    /// A flow of whoever is signed in is about them from its beginning.
    pub(super) fn subject(&self, kept: &Kept) -> Outcome<Option<Digest>> {
        if let Some(holder) = &kept.holder {
            return Ok(Some(self.username_digest(&holder.username()?)));
        }
        let State::PasswordReset(state) = &kept.state else {
            return Ok(None);
        };
        let username = state.proven_username().map(Username::parse);
        Ok(username.and_then(|it| Some(self.username_digest(&it.ok()?))))
    }

    pub(super) fn username_digest(&self, username: &Username) -> Digest {
        self.keys
            .digest(Purpose::Username, username.lookup_key().as_bytes())
    }
}

/// What the database did not accept, as the person is told.
pub(super) fn refused(error: StoreError) -> Failure {
    match error {
        StoreError::Conflict | StoreError::Overtaken => ProblemCode::WrongStep.into(),
        StoreError::InvitationEnded | StoreError::AlreadyEnrolled => {
            ProblemCode::InvitationEnded.into()
        }
        StoreError::NoTryLeft => ProblemCode::TooManyTries.into(),
        StoreError::PasswordChanged => ProblemCode::FlowExpired.into(),
        StoreError::SignedOut => ProblemCode::SignInFirst.into(),
        StoreError::UsernameTaken => {
            Problem::field(Field::Username, FieldProblem::UsernameTaken).into()
        }
        StoreError::MustWait { .. }
        | StoreError::GuessingStopped
        | StoreError::OverBudget { .. }
        | StoreError::Unavailable(_) => error.into(),
    }
}

/// What the writes of one change have in common.
struct Draft<'a> {
    app: &'a App,
    flow: FlowId,
    /// Whom the flow is about, where it is about a patient.
    patient: Option<PatientId>,
    locale: Locale,
    at: Timestamp,
    network: Network,
    /// Where wrong codes at the step that was answered are counted.
    ladder: Option<Digest>,
    /// The keyed hash of the session that begins.
    session: Option<Digest>,
    /// That of the one which the browser had before.
    earlier_session: Option<Digest>,
    /// Whose account the flow changes, where it changes one.
    holder: Option<&'a Holder>,
}

impl Draft<'_> {
    async fn writes(&self, effect: Effect) -> Outcome<Vec<Write>> {
        Ok(match effect {
            Effect::SendCode { to, channel } => self.send_code(to, channel),
            Effect::SpendCode(purpose) => {
                let mut writes = vec![Write::SpendChallenge(purpose)];
                writes.extend(self.ladder.map(Write::EndLadder));
                writes
            }
            Effect::SendUsername(info) => vec![self.send_username(&info)],
            Effect::GiveBackIdentityTry(id) => vec![Write::GiveBackIdentityTry(id)],
            Effect::UseInvitation(id) => vec![Write::UseInvitation(id)],
            Effect::CreateAccount(account) => {
                // Its code may have been typed before a birthday. Whatever else ends the say of
                // whoever acts has ended the invitation, too.
                if !self.app.may_be_invited(account.patient).await? {
                    return Err(ProblemCode::InvitationEnded.into());
                }
                self.create_account(*account)
            }
            Effect::ChangePassword {
                account,
                username,
                hash,
            } => {
                let mut writes = vec![Write::Password { account, hash }];
                writes.push(self.end_passwords(&username));
                writes.extend(self.notices(account, Notice::PasswordChanged));
                writes
            }
            Effect::BeginSession {
                passed,
                username,
                better,
            } => self.begin_session(passed, &username, better),
            Effect::GiveBackPasswordTry(username) => {
                let limits = &self.app.limits;
                let [whose, everybody] = limits.telling_password(&username);
                let mut charges = vec![whose];
                charges.extend(limits.signing_in(self.network));
                charges.push(everybody);
                vec![Write::GiveBack(charges)]
            }
            Effect::EndPasswordTries => self.end_password_tries()?,
            Effect::ChangePhone {
                passed,
                phone,
                channel,
            } => self.change_phone(passed, phone, channel).await?,
            Effect::ChangeEmail { passed, email } => self.change_email(passed, &email).await?,
            Effect::Deactivate(passed) => self.deactivate(passed).await?,
            Effect::TellOfGuesses(account) => {
                vec![self.notice(account, Notice::SignedInAfterGuesses, Lane::Email)]
            }
            Effect::Audit(event, about) => {
                let subject = match about {
                    About::Flow => self.flow.0,
                    About::Patient(PatientId(id)) | About::Account(AccountId(id)) => id,
                };
                let actor = None;
                vec![Write::Audit(Entry {
                    event,
                    subject,
                    actor,
                })]
            }
        })
    }

    fn send_code(&self, to: Recipient, channel: Channel) -> Vec<Write> {
        let purpose = to.purpose();
        let expires_at = self.at + code::lifetime(channel);
        let job = Job::Code {
            flow: self.flow.0,
            purpose,
            to,
            channel,
            locale: self.locale,
        };
        let job = self.app.job(&job, expires_at);
        let challenge = Write::Challenge {
            purpose,
            job: job.id,
            patient: self.patient,
            expires_at,
            limit: code::TRIES,
        };
        vec![challenge, Write::Job(job)]
    }

    fn send_username(&self, info: &PersonalInfo) -> Write {
        let job = Job::Username {
            given_name: info.given_name.as_str().to_owned(),
            family_name: info.family_name.as_str().to_owned(),
            birth_date: info.birth_date.to_string(),
            email: info.email.as_str().to_owned(),
            locale: self.locale,
        };
        Write::Job(self.app.job(&job, self.at + LETTER_LIFETIME))
    }

    fn create_account(&self, account: NewAccount) -> Vec<Write> {
        let (keys, entropy) = (&self.app.keys, &*self.app.entropy);
        let id = AccountId(entropy::bytes(entropy));
        let email = keys.digest(Purpose::Email, account.email.lookup_key().as_bytes());
        let username = self.app.username_digest(&account.username);
        // Whoever guessed at the name while it was free has guessed at nothing.
        let passwords = self.end_passwords(account.username.as_str());
        let secrets = AccountSecrets {
            patient: account.patient,
            username: account.username,
            email: account.email,
            phone: account.phone,
            phone_channel: account.phone_channel,
        };
        let row = AccountRow {
            id,
            patient: account.patient,
            username,
            email,
            sealed: keys.seal_json(Purpose::Account, &id.0, &secrets, entropy),
            hash: account.hash,
        };
        let mut writes = vec![Write::Account(row), passwords];
        writes.extend(self.notices(id, Notice::Enrolled));
        writes
    }

    fn begin_session(
        &self,
        passed: Passed,
        username: &str,
        better: Option<Box<Rehash>>,
    ) -> Vec<Write> {
        let mut writes = vec![self.end_passwords(username)];
        writes.extend(self.session.map(|token| {
            Write::Session(NewSession {
                token,
                passed,
                expires_at: self.at + self.app.sessions.lifetime,
                earlier: self.earlier_session,
            })
        }));
        writes.extend(better.map(|better| {
            let Rehash { old, new } = *better;
            let account = passed.account;
            Write::BetterHash(BetterHash { account, old, new })
        }));
        writes
    }

    /// Guesses at a password are counted anew: after a right sign-in, and once there is
    /// another password to guess, the first one included.
    fn end_passwords(&self, username: &str) -> Write {
        Write::EndLadder(self.app.limits.passwords(username))
    }

    /// A notice to every verified address (NIST SP 800-63B-4 §4.6).
    fn notices(&self, account: AccountId, what: Notice) -> [Write; 2] {
        Lane::OUT.map(|lane| self.notice(account, what, lane))
    }

    fn notice(&self, account: AccountId, what: Notice, lane: Lane) -> Write {
        let job = Job::Notice {
            account,
            what,
            lane,
        };
        Write::Job(self.app.job(&job, self.at + LETTER_LIFETIME))
    }
}

impl App {
    /// A message, sealed and bound to its id.
    pub(super) fn job(&self, job: &Job, not_after: Timestamp) -> NewJob {
        let id = JobId(entropy::bytes(&*self.entropy));
        NewJob {
            id,
            lane: job.lane(),
            sealed: self
                .keys
                .seal_json(Purpose::Job, &id.0, job, &*self.entropy),
            not_after,
        }
    }
}
