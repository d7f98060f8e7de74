//! Answers and facts that belong to another step: what reaches the engine when
//! two requests race, past the comparison of steps in `app`.

use protocol::{Answer, FlowKind, StepName};

use super::acts::{self, Knowledge, Way};
use super::house::{House, INVITATION, PATIENT, account_of, hash, passed, patient};
use crate::account::AccountId;
use crate::flow::{
    CodeFact, Fact, InvitationFact, PasswordFact, SignInFact, Tried, Verdict, enrollment,
};

/// The kind of fact that an answer at a step waits for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Invitation,
    Patient,
    Code,
    NewAccount,
    PasswordHash,
    SignIn,
    Password,
    OwnUsername,
}

const KINDS: [Kind; 8] = [
    Kind::Invitation,
    Kind::Patient,
    Kind::Code,
    Kind::NewAccount,
    Kind::PasswordHash,
    Kind::SignIn,
    Kind::Password,
    Kind::OwnUsername,
];

/// For the phone on file a record is asked, unless it `has_code` already; for a new one nothing.
fn waits_for(kind: FlowKind, step: StepName, has_code: bool) -> Option<Kind> {
    match step {
        StepName::Phone if kind.needs_session() || has_code => None,
        StepName::Invitation => Some(Kind::Invitation),
        StepName::Identity | StepName::Phone => Some(Kind::Patient),
        StepName::Code => Some(Kind::Code),
        StepName::Credentials => Some(Kind::NewAccount),
        StepName::NewPassword => Some(Kind::PasswordHash),
        StepName::SignIn => Some(Kind::SignIn),
        StepName::Password => Some(Kind::Password),
        StepName::Confirm => Some(Kind::OwnUsername),
        _ => None,
    }
}

/// The best news of a kind.
fn fact(kind: Kind, account: Option<AccountId>) -> Fact {
    match kind {
        Kind::Invitation => Fact::Invitation(InvitationFact::Open {
            id: INVITATION,
            patient: PATIENT,
            mailed_to: Some(acts::MAILED_TO.to_owned()),
        }),
        Kind::Patient => Fact::Patient(Ok(Box::new(Tried {
            patient: patient(),
            tries_left: enrollment::TRIES,
        }))),
        Kind::Code => Fact::Code(CodeFact::Right { account }),
        Kind::NewAccount => Fact::NewAccount(Ok(hash())),
        Kind::PasswordHash => Fact::PasswordHash(Ok(hash())),
        Kind::SignIn => Fact::SignIn(match account {
            Some(account) => SignInFact::Right {
                passed: passed(account),
                better: None,
            },
            None => SignInFact::Wrong,
        }),
        Kind::OwnUsername => Fact::OwnUsername(true),
        Kind::Password => Fact::Password(match account {
            Some(account) => PasswordFact::Right(passed(account)),
            None => PasswordFact::Wrong,
        }),
    }
}

/// The first answer, with its fact, that moves the flow and should not.
pub(super) fn moves(house: &House, has_code: bool) -> Option<String> {
    let state = house.state();
    let shown = state.step(house.now).name();
    let nothing = Knowledge {
        newest_code: None,
        earlier_code: None,
        username: acts::FREE_USERNAMES[0],
    };
    for step in StepName::ALL {
        let answers = acts::typed(step, Way::Right, &nothing);
        let Ok(Some(answer)) = Answer::parse(step, &answers) else {
            continue;
        };
        for kind in [None].into_iter().chain(KINDS.map(Some)) {
            let wanted = waits_for(state.kind(), step, has_code);
            let is_asked = step == shown && (wanted.is_none() || wanted == kind);
            if is_asked {
                continue;
            }
            let fact = kind.map(|kind| fact(kind, account_of(acts::USERNAME)));
            if let Verdict::Advance { .. } = state.answer(&answer, fact, house.now) {
                return Some(format!("{shown:?} takes {step:?} with {kind:?}"));
            }
        }
    }
    None
}
