//! What the model answers when the engine asks.

use protocol::{Field, FieldProblem, FieldProblems};

use super::{House, INVITATION, Invitation, PATIENT, account_of, hash, index, passed, patient};
use crate::flow::properties::acts;
use crate::flow::{
    Check, CodeFact, CodeFor, Fact, InvitationFact, NoPatient, PasswordFact, Question, SignInFact,
    Tried, code, confirm, enrollment,
};
use crate::limits::ladder;

impl House {
    pub(super) fn find_out(&mut self, question: Question) -> Fact {
        match question {
            Question::Invitation(code) => Fact::Invitation(self.find_invitation(code.as_str())),
            Question::Patient { check, .. } => Fact::Patient(self.try_invitation(check)),
            Question::Code { typed, purpose } => Fact::Code(self.try_code(typed.as_str(), purpose)),
            Question::NewAccount { username, password } => {
                let mut problems = FieldProblems::new();
                if self.taken.iter().any(|taken| taken == username.as_str()) {
                    problems.insert(Field::Username, FieldProblem::UsernameTaken);
                }
                if password.as_str() == acts::COMMON_PASSWORD {
                    problems.insert(Field::Password, FieldProblem::PasswordCommon);
                }
                Fact::NewAccount(if problems.is_empty() {
                    Ok(hash())
                } else {
                    Err(problems)
                })
            }
            Question::SignIn { username, password } => {
                Fact::SignIn(self.try_password(username.as_str(), password.as_str()))
            }
            Question::Password(password) => Fact::Password(self.confirm(password.as_str())),
            Question::OwnUsername(typed) => Fact::OwnUsername(typed.lookup_key() == acts::USERNAME),
            Question::PasswordHash { password, .. } => {
                let is_common = password.as_str() == acts::COMMON_PASSWORD;
                let problem = FieldProblem::PasswordCommon;
                Fact::PasswordHash(if is_common { Err(problem) } else { Ok(hash()) })
            }
        }
    }

    fn find_invitation(&self, code: &str) -> InvitationFact {
        match self.invitation {
            _ if code != acts::INVITATION.replace('-', "") => InvitationFact::Unknown,
            Invitation::Replaced => InvitationFact::Unknown,
            Invitation::Expired => InvitationFact::Expired,
            Invitation::Used => InvitationFact::Used,
            Invitation::Open => InvitationFact::Open {
                id: INVITATION,
                patient: PATIENT,
                mailed_to: self.mailed_to.clone(),
            },
        }
    }

    fn try_invitation(&mut self, check: Check) -> Result<Box<Tried>, NoPatient> {
        let tries = match check {
            Check::Identity => &mut self.tries.identity,
            Check::Phone => &mut self.tries.phone,
        };
        if self.invitation != Invitation::Open {
            return Err(NoPatient::InvitationEnded);
        }
        if *tries >= enrollment::TRIES {
            return Err(NoPatient::NoTryLeft);
        }
        *tries += 1;
        Ok(Box::new(Tried {
            patient: patient(),
            tries_left: enrollment::TRIES - *tries,
        }))
    }

    fn try_password(&mut self, username: &str, password: &str) -> SignInFact {
        self.tries.passwords += 1;
        let is_right = acts::is_right(username, password);
        let passed = account_of(username).filter(|_| is_right).map(passed);
        match passed {
            passed if u32::from(self.tries.passwords) > ladder::FREE => SignInFact::CodeRequired {
                passed,
                is_guessed: true,
            },
            Some(passed) => SignInFact::Right {
                passed,
                better: None,
            },
            None => SignInFact::Wrong,
        }
    }

    /// The password of whoever is signed in, who has [`acts::USERNAME`].
    fn confirm(&mut self, password: &str) -> PasswordFact {
        if self.tries.confirmations >= confirm::TRIES {
            return PasswordFact::Spent;
        }
        self.tries.confirmations += 1;
        let whose = account_of(acts::USERNAME).map(passed);
        let passed = whose.filter(|_| acts::is_right(acts::USERNAME, password));
        match passed {
            Some(passed) => PasswordFact::Right(passed),
            None if self.tries.confirmations == confirm::TRIES => PasswordFact::Spent,
            None => PasswordFact::Wrong,
        }
    }

    fn try_code(&mut self, typed: &str, purpose: CodeFor) -> CodeFact {
        let tries = &mut self.tries.codes[index(purpose)];
        let challenge = self.challenges[index(purpose)].as_ref();
        let Some(challenge) = challenge.filter(|it| !it.is_spent && *tries < code::TRIES) else {
            return CodeFact::Spent;
        };
        *tries += 1;
        let tries_left = code::TRIES - *tries;
        let is_right = challenge.code.as_deref() == Some(typed);
        match (is_right, challenge.expires_at > self.now) {
            (true, true) => CodeFact::Right {
                account: challenge.account,
            },
            _ if tries_left == 0 => CodeFact::Spent,
            (true, false) => CodeFact::Expired { tries_left },
            (false, _) => CodeFact::Wrong { tries_left },
        }
    }
}
