//! The engine walked by hand: what is asked, what is refused, what follows.

mod coming_back;
mod deactivation;
mod email_change;
mod enrollment;
mod more_time;
mod pages;
mod phone_change;
mod sign_in;

use jiff::{SignedDuration, Timestamp};
use protocol::{Answer, Answers, Channel, Field, FieldProblem, FlowKind, ProblemCode, StepName};

use super::*;
use crate::crypto::PasswordHash;
use crate::patient::{Patient, PatientId};

fn now() -> Timestamp {
    "2026-11-25T15:00:00Z".parse().unwrap()
}

fn answer(step: StepName, fields: &[(Field, &str)]) -> Answer {
    let mut answers = Answers::default();
    for (field, text) in fields {
        answers.set(*field, *text);
    }
    Answer::parse(step, &answers).unwrap().unwrap()
}

fn patient() -> Patient {
    serde_json::from_value(serde_json::json!({
        "given_names": ["Rosa"],
        "family_name": "Núñez-Okafor",
        "birth_date": "1951-03-27",
        "postal_code": "04101",
        "phones": [{ "number": "+12075550142" }],
        "email": "rosa@example.org",
        "locale": "en",
    }))
    .unwrap()
}

fn advance(verdict: Verdict) -> (State, Vec<Effect>) {
    match verdict {
        Verdict::Advance { state, effects } => (state, effects),
        other => panic!("did not advance: {other:?}"),
    }
}

fn refusal(verdict: Verdict) -> Refusal {
    match verdict {
        Verdict::Refuse(refusal) => refusal,
        other => panic!("was not refused: {other:?}"),
    }
}

fn wrong_guess(field: Field, problem: FieldProblem, tries_left: u8) -> Refusal {
    Refusal::Guess {
        why: WrongGuess::Field(field, problem),
        tries_left,
    }
}

fn step_of(state: &State) -> StepName {
    state.step(now()).name()
}

fn invited() -> State {
    invited_at(Some("rosa@example.org"))
}

fn invited_at(mailed_to: Option<&str>) -> State {
    let state = State::begin(FlowKind::Enrollment);
    let typed = answer(
        StepName::Invitation,
        &[(Field::Invitation, "7GQK-2M4D-X9TB-HW3R")],
    );
    let asked = state.answer(&typed, None, now());
    assert!(matches!(asked, Verdict::Ask(Question::Invitation(_))));
    let open = Fact::Invitation(InvitationFact::Open {
        id: InvitationId([1; 16]),
        patient: PatientId([2; 16]),
        mailed_to: mailed_to.map(str::to_owned),
    });
    advance(state.answer(&typed, Some(open), now())).0
}

fn identity() -> Answer {
    answer(
        StepName::Identity,
        &[
            (Field::GivenName, "rosa"),
            (Field::FamilyName, "Nunez Okafor"),
            (Field::BirthDate, "1951-03-27"),
            (Field::PostalCode, "04101-2222"),
        ],
    )
}

fn phone(number: &str) -> Answer {
    answer(
        StepName::Phone,
        &[(Field::Phone, number), (Field::Channel, "text")],
    )
}

fn record() -> Fact {
    tried(4)
}

fn tried(tries_left: u8) -> Fact {
    Fact::Patient(Ok(Box::new(Tried {
        patient: patient(),
        tries_left,
    })))
}

fn identified() -> State {
    advance(invited().answer(&identity(), Some(record()), now())).0
}

fn code() -> Answer {
    answer(StepName::Code, &[(Field::Code, "123456")])
}

fn right() -> Fact {
    Fact::Code(CodeFact::Right {
        account: Some(AccountId([9; 16])),
    })
}

fn waiting_for_text() -> State {
    let verdict = identified().answer(&phone("207 555 0142"), Some(record()), now());
    let (state, effects) = advance(verdict);
    assert!(matches!(
        effects[0],
        Effect::SendCode {
            to: Recipient::OnFile(_),
            channel: Channel::Text
        }
    ));
    state
}

fn proven() -> State {
    let (state, effects) = advance(waiting_for_text().answer(&code(), Some(right()), now()));
    assert!(matches!(effects[0], Effect::SpendCode(CodeFor::Phone)));
    state
}

#[test]
fn an_answer_to_another_step_goes_nowhere() {
    let states = [
        State::begin(FlowKind::Enrollment),
        invited(),
        identified(),
        waiting_for_text(),
        proven(),
        State::begin(FlowKind::UsernameRecovery),
        State::begin(FlowKind::PasswordReset),
        waiting_for_reset(Channel::Text),
    ];
    let answers = [
        (StepName::Code, code()),
        (StepName::Identity, identity()),
        (StepName::Phone, phone("207-555-0142")),
        (
            StepName::NewPassword,
            answer(
                StepName::NewPassword,
                &[(Field::Password, "a garden with three gates")],
            ),
        ),
        (
            StepName::Credentials,
            answer(
                StepName::Credentials,
                &[
                    (Field::Username, "rosa"),
                    (Field::Password, "a garden with three gates"),
                ],
            ),
        ),
    ];
    for state in &states {
        for (step, typed) in &answers {
            if step_of(state) == *step {
                continue;
            }
            for fact in [None, Some(right()), Some(record())] {
                assert_eq!(
                    refusal(state.answer(typed, fact, now())),
                    Refusal::Problem(ProblemCode::WrongStep),
                    "{state:?} took {step:?}"
                );
            }
        }
    }
}

fn waiting_for_reset(channel: Channel) -> State {
    let state = State::begin(FlowKind::PasswordReset);
    let username = answer(StepName::Identify, &[(Field::Username, "rosa.n")]);
    let (state, effects) = advance(state.answer(&username, None, now()));
    assert!(
        !effects.iter().any(|e| matches!(e, Effect::SendCode { .. })),
        "nothing is sent before a method is chosen"
    );
    let method = answer(StepName::Method, &[(Field::Channel, channel.as_str())]);
    advance(state.answer(&method, None, now())).0
}

#[test]
fn a_reset_walks_by_every_channel_and_knows_nobody_before_the_code() {
    for channel in Channel::ALL {
        let state = waiting_for_reset(channel);
        let Step::Code { to, .. } = state.step(now()) else {
            panic!("no code is asked for");
        };
        assert_eq!(to, None, "a destination would tell that somebody is there");
        let (state, _) = advance(state.answer(&code(), Some(right()), now()));
        let password = answer(
            StepName::NewPassword,
            &[(Field::Password, "a garden with three gates")],
        );
        let hash = Fact::PasswordHash(Ok(PasswordHash::from_stored("$argon2id$x".to_owned())));
        let (state, effects) = advance(state.answer(&password, Some(hash), now()));
        assert!(matches!(
            effects[0],
            Effect::ChangePassword { account, .. } if account == AccountId([9; 16])
        ));
        assert_eq!(step_of(&state), StepName::Done);
    }
}

#[test]
fn a_code_for_nobody_opens_nothing() {
    let for_nobody = Some(Fact::Code(CodeFact::Right { account: None }));
    let verdict = waiting_for_reset(Channel::Text).answer(&code(), for_nobody, now());
    refusal(verdict);
}

#[test]
fn each_kind_of_wrong_code_is_told_apart() {
    for (fact, problem) in [
        (CodeFact::Wrong { tries_left: 2 }, FieldProblem::WrongCode),
        (
            CodeFact::Wrong { tries_left: 1 },
            FieldProblem::WrongCodeOneLeft,
        ),
        (
            CodeFact::Expired { tries_left: 2 },
            FieldProblem::ExpiredCode,
        ),
        (
            CodeFact::Expired { tries_left: 1 },
            FieldProblem::ExpiredCodeOneLeft,
        ),
        (CodeFact::Spent, FieldProblem::SpentCode),
    ] {
        for state in [waiting_for_reset(Channel::Call), waiting_for_text()] {
            let told = match fact {
                CodeFact::Wrong { tries_left } | CodeFact::Expired { tries_left } => {
                    wrong_guess(Field::Code, problem, tries_left)
                }
                _ => Refusal::field(Field::Code, problem),
            };
            assert_eq!(
                refusal(state.answer(&code(), Some(Fact::Code(fact)), now())),
                told
            );
        }
    }
}

#[test]
fn another_code_waits_a_minute_whichever_way_it_is_asked_for() {
    let state = waiting_for_reset(Channel::Text);
    let soon = now() + SignedDuration::from_secs(10);
    let too_soon = Refusal::TooSoon { retry_after: 50 };
    assert_eq!(state.resend(None, soon).unwrap_err(), too_soon);
    assert_eq!(
        state.resend(Some(Channel::Call), soon).unwrap_err(),
        too_soon
    );
    let back = state.back(now()).unwrap();
    let method = answer(StepName::Method, &[(Field::Channel, "call")]);
    assert_eq!(refusal(back.answer(&method, None, soon)), too_soon);
    let further_back = back.back(now()).unwrap();
    let username = answer(StepName::Identify, &[(Field::Username, "rosa.n")]);
    let (again, _) = advance(further_back.answer(&username, None, soon));
    assert_eq!(refusal(again.answer(&method, None, soon)), too_soon);
    let later = now() + SignedDuration::from_secs(60);
    assert!(state.resend(Some(Channel::Call), later).is_ok());
}

#[test]
fn going_back_gives_up_no_proof_and_never_skips_one() {
    assert!(
        proven().back(now()).is_none(),
        "a proven phone stays proven"
    );
    let back = waiting_for_text().back(now()).unwrap();
    assert_eq!(step_of(&back), StepName::Phone);
    for state in [invited(), identified(), waiting_for_text(), proven()] {
        assert_eq!(
            state.back(now()).is_some(),
            step_of(&state).can_go_back(state.kind())
        );
    }
}

#[test]
fn a_proven_flow_waits_less() {
    assert_eq!(proven().patience(), SignedDuration::from_mins(15));
    assert_eq!(
        waiting_for_reset(Channel::Email).patience(),
        SignedDuration::from_hours(24)
    );
    assert_eq!(
        waiting_for_reset(Channel::Text).patience(),
        SignedDuration::from_hours(1)
    );
}

fn proven_with(invited: &State) -> State {
    let (state, _) = advance(invited.answer(&identity(), Some(record()), now()));
    let (state, _) = advance(state.answer(&phone("2075550142"), Some(record()), now()));
    advance(state.answer(&code(), Some(right()), now())).0
}

#[test]
fn a_step_names_the_tries_it_lives_by() {
    let at = |check| Tries::Invitation(InvitationId([1; 16]), check);
    assert_eq!(invited().tries(), [at(Check::Identity)]);
    let of_phone = [at(Check::Phone), Tries::Code(CodeFor::Phone)];
    assert_eq!(identified().tries(), of_phone);
    assert_eq!(waiting_for_text().tries(), [Tries::Code(CodeFor::Phone)]);
    let email = answer(StepName::Contact, &[(Field::Email, "new@example.org")]);
    let (waiting, _) = advance(proven().answer(&email, None, now()));
    assert_eq!(waiting.tries(), [Tries::Code(CodeFor::NewEmail)]);
    assert!(
        proven().tries().is_empty(),
        "the address of the invitation needs no code"
    );
    assert_eq!(
        proven_with(&invited_at(None)).tries(),
        [Tries::Code(CodeFor::NewEmail)],
        "an invitation on paper proves no address"
    );
    let reset = waiting_for_reset(Channel::Text);
    let of_reset = [Tries::Code(CodeFor::Reset)];
    assert_eq!(reset.tries(), of_reset);
    assert_eq!(reset.back(now()).unwrap().tries(), of_reset);
}

#[test]
fn nothing_of_a_person_shows_in_debug() {
    let job = crate::outbox::Job::Username {
        given_name: "Rosa".to_owned(),
        family_name: "Okafor".to_owned(),
        birth_date: "1951-03-27".to_owned(),
        email: "rosa@example.org".to_owned(),
        locale: protocol::Locale::En,
    };
    let (state, effects) = {
        let email = answer(StepName::Contact, &[(Field::Email, "rosa2@example.org")]);
        advance(proven().answer(&email, None, now()))
    };
    let reset = waiting_for_reset(Channel::Text);
    let step = reset.step(now());
    let account = AccountId([7; 16]);
    let passed = Passed {
        account,
        password_no: 0,
    };
    let session = Effect::BeginSession {
        passed,
        username: "rosa.heron".to_owned(),
        better: None,
    };
    let shown = format!(
        "{job:?} {state:?} {effects:?} {reset:?} {step:?} {session:?} {:?}",
        proven()
    );
    for secret in ["osa", "kafor", "1951", "example.org", "5550142"] {
        assert!(!shown.contains(secret), "{secret} in {shown}");
    }
}

#[test]
fn the_audit_trail_names_a_record_that_outlives_the_flow() {
    let about = |effects: &[Effect]| {
        effects.iter().find_map(|effect| match effect {
            Effect::Audit(_, about) => Some(*about),
            _ => None,
        })
    };
    let (_, effects) = advance(waiting_for_text().answer(&code(), Some(right()), now()));
    assert_eq!(about(&effects), Some(About::Patient(PatientId([2; 16]))));
    let reset = waiting_for_reset(Channel::Text);
    let (_, effects) = advance(reset.answer(&code(), Some(right()), now()));
    assert_eq!(about(&effects), Some(About::Account(AccountId([9; 16]))));
}
