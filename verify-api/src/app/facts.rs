//! Finds out what the engine asks. What must hold when its answer is written down is read once
//! more there.
//!
//! What is a guess is counted here before it is looked at.

use protocol::answers::PasswordText;
use protocol::values::{Code, Username};
use protocol::{Field, FieldProblem, FieldProblems, ProblemCode};

use super::commit::refused;
use super::{App, Failure, Kept, Loaded, Outcome};
use crate::account::password::{KnownNames, NewPassword};
use crate::crypto::{Digest, PasswordHash, Purpose};
use crate::entropy;
use crate::flow::{
    Check, CodeFact, Fact, Guessed, InvitationFact, InvitationId, NoPatient, Question, State,
    Tried, Tries, code, enrollment,
};
use crate::limits::Network;
use crate::outbox::code_digest;
use crate::patient::{Patient, PatientId};
use crate::store::{FlowId, FoundInvitation, Guess};

impl App {
    pub(super) async fn find_out(
        &self,
        loaded: &Loaded,
        question: Question,
        from: Network,
    ) -> Outcome<Fact> {
        let Loaded { stored, kept, .. } = loaded;
        let (flow, state) = (stored.id, &kept.state);
        match question {
            Question::Invitation(code) => {
                let digest = self
                    .keys
                    .digest(Purpose::Invitation, code.as_str().as_bytes());
                let found = self.store.invitation(&digest).await?;
                Ok(Fact::Invitation(self.invitation_fact(found).await?))
            }
            Question::Patient { invitation, check } => {
                Ok(Fact::Patient(self.patient_for(invitation, check).await?))
            }
            Question::Code { typed, purpose } => {
                let Some(guessed) = state.guessed() else {
                    return Err(ProblemCode::WrongStep.into());
                };
                let guess = Guess {
                    flow,
                    version: stored.version,
                    purpose,
                    limit: code::TRIES,
                    ladder: self.limits.ladder(&guessed),
                    username: self.username_of(&guessed),
                    account: guessed.account(),
                    at: self.now(),
                };
                Ok(Fact::Code(self.check_code(guess, &typed).await?))
            }
            Question::NewAccount { username, password } => {
                if let Some(whose) = state.subject() {
                    let charges = vec![self.limits.choosing(&whose)];
                    self.store.charge(charges, self.now()).await?;
                }
                let names = self.names_about(state).await?;
                self.new_account(&username, &password, &names).await
            }
            Question::SignIn { username, password } => {
                let fact = self.try_password(flow, &username, &password, from);
                Ok(Fact::SignIn(fact.await?))
            }
            Question::Password(password) => {
                let holder = kept.holder.as_ref().ok_or(ProblemCode::SignInFirst)?;
                let fact = self.confirm_password(flow, holder, &password, from);
                Ok(Fact::Password(fact.await?))
            }
            Question::OwnUsername(typed) => {
                let holder = kept.holder.as_ref().ok_or(ProblemCode::SignInFirst)?;
                let own = holder.username()?.lookup_key();
                Ok(Fact::OwnUsername(own == typed.lookup_key()))
            }
            Question::PasswordHash { password, username } => {
                let names = self.names_about(state).await?;
                match NewPassword::parse(&password, &username, &names) {
                    Ok(password) => {
                        let owner = self.username_digest(&username);
                        let hash = self.hash(&owner, password).await?;
                        Ok(Fact::PasswordHash(Ok(hash)))
                    }
                    Err(problem) => Ok(Fact::PasswordHash(Err(problem))),
                }
            }
        }
    }

    async fn invitation_fact(&self, found: Option<FoundInvitation>) -> Outcome<InvitationFact> {
        Ok(match found {
            Some(found) if found.is_used => InvitationFact::Used,
            None => InvitationFact::Unknown,
            Some(found) if found.is_replaced => InvitationFact::Unknown,
            Some(found) if found.expires_at <= self.now() => InvitationFact::Expired,
            // The patient may have come of age since.
            Some(found) if !self.may_be_invited(found.patient).await? => InvitationFact::Unknown,
            Some(found) => InvitationFact::Open {
                id: found.id,
                patient: found.patient,
                mailed_to: match found.mailed_to {
                    None => None,
                    Some(to) => self
                        .keys
                        .open_json(Purpose::Invitation, &found.id.0, &to)
                        .await
                        .map(Some)
                        .map_err(|error| Failure::unavailable(&error))?,
                },
            },
        })
    }

    /// Whether an invitation of a patient could be made today.
    pub(super) async fn may_be_invited(&self, patient: PatientId) -> Outcome<bool> {
        let Some(sealed) = self.store.patient(patient).await? else {
            return Ok(false);
        };
        let record = (self.keys).open_json(Purpose::Patient, &patient.0, &sealed);
        let record: Patient = record.await.map_err(|error| Failure::unavailable(&error))?;
        let proxy = self.proxy_of(patient, &record).await;
        let proxy = proxy.map_err(|error| Failure::unavailable(&error))?;
        Ok(proxy.acting.can_be_invited())
    }

    async fn patient_for(
        &self,
        invitation: InvitationId,
        check: Check,
    ) -> Outcome<Result<Box<Tried>, NoPatient>> {
        let limit = enrollment::TRIES;
        let tried = self
            .store
            .try_invitation(invitation, check, limit, self.now())
            .await?;
        let found = match tried {
            Ok(found) => found,
            Err(why) => return Ok(Err(why)),
        };
        let patient = self
            .keys
            .open_json(Purpose::Patient, &found.patient.0, &found.sealed)
            .await
            .map_err(|error| Failure::unavailable(&error))?;
        Ok(Ok(Box::new(Tried {
            patient,
            tries_left: found.tries_left,
        })))
    }

    /// The username that a guess is about, as it is looked up. At a sign-in it is about
    /// whoever had the right password, and behind a wrong one about nobody.
    fn username_of(&self, guessed: &Guessed) -> Option<Digest> {
        let Guessed::Username(typed) = guessed else {
            return None;
        };
        let username = Username::parse(typed).ok()?;
        Some(self.username_digest(&username))
    }

    async fn check_code(&self, guess: Guess, typed: &Code) -> Outcome<CodeFact> {
        let tried = self.store.try_code(guess).await.map_err(refused)?;
        let Some(challenge) = tried else {
            return Ok(CodeFact::Spent);
        };
        let typed = code_digest(&self.keys, guess.flow, guess.purpose, typed);
        let is_right = challenge.code.is_some_and(|sent| sent.matches(&typed));
        let tries_left = challenge.tries_left;
        Ok(match (is_right, challenge.expires_at > self.now()) {
            (true, true) => CodeFact::Right {
                account: challenge.account,
            },
            // Told now: asking for another code would be of no use.
            _ if tries_left == 0 => CodeFact::Spent,
            (true, false) => CodeFact::Expired { tries_left },
            (false, _) => CodeFact::Wrong { tries_left },
        })
    }

    /// Names that no password is made of: those that everybody knows, and those of
    /// the person whom the flow has proven to be there.
    async fn names_about(&self, state: &State) -> Outcome<KnownNames> {
        let record = if let Some(patient) = state.subject().and_then(|it| it.patient()) {
            let sealed = self.store.patient(patient).await?;
            sealed.map(|sealed| (patient, sealed))
        } else if let State::PasswordReset(state) = state
            && let Some(account) = state.proven_account()
        {
            let found = self.store.account(account).await?;
            found.map(|found| (found.patient, found.patient_sealed))
        } else {
            None
        };
        let Some((id, sealed)) = record else {
            return Ok(self.names.clone());
        };
        let patient: Patient = self
            .keys
            .open_json(Purpose::Patient, &id.0, &sealed)
            .await
            .map_err(|error| Failure::unavailable(&error))?;
        let names = patient.given_names.iter().chain([&patient.family_name]);
        Ok(self.names.and_of_person(names.map(String::as_str)))
    }

    /// Looks at both before it answers, so that nobody types a password once more
    /// only to hear of the username. Who asks has proven an invitation and a phone,
    /// and would learn at the end that a username is taken.
    async fn new_account(
        &self,
        username: &Username,
        password: &PasswordText,
        names: &KnownNames,
    ) -> Outcome<Fact> {
        let mut problems = FieldProblems::new();
        let digest = self.username_digest(username);
        if self.store.is_username_taken(&digest).await? {
            problems.insert(Field::Username, FieldProblem::UsernameTaken);
        }
        match NewPassword::parse(password, username, names) {
            Ok(password) if problems.is_empty() => {
                return Ok(Fact::NewAccount(Ok(self.hash(&digest, password).await?)));
            }
            Ok(_) => {}
            Err(problem) => {
                problems.insert(Field::Password, problem);
            }
        }
        Ok(Fact::NewAccount(Err(problems)))
    }

    async fn hash(&self, owner: &Digest, password: NewPassword) -> Outcome<PasswordHash> {
        let salt = entropy::bytes(&*self.entropy);
        let hashed = self.passwords.hash(owner, password, salt).await;
        hashed.map_err(|error| Failure::unavailable(&error))
    }

    /// Whether no try is left at the step where a flow stands.
    pub(super) async fn is_out_of_tries(&self, flow: FlowId, kept: &Kept) -> Outcome<bool> {
        let state = &kept.state;
        if let Some(holder) = &kept.holder
            && state.asks_password()
        {
            return self.is_confirming_spent(holder).await;
        }
        for tries in state.tries() {
            let limit = match tries {
                Tries::Code(_) => code::TRIES,
                Tries::Invitation(..) => enrollment::TRIES,
            };
            if self.store.is_out_of_tries(flow, tries, limit).await? {
                return Ok(true);
            }
        }
        match state.guessed() {
            // Of a sign-in nobody is told.
            None | Some(Guessed::SignIn { .. }) => Ok(false),
            Some(guessed) => self.is_stopped(&guessed).await,
        }
    }
}
