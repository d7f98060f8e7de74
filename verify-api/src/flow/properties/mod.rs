//! What holds whatever people do: random journeys through the engine.
//!
//! [`acts`] are what people and clocks do, [`house`] plays the application, and
//! [`ledger`] keeps its own account of what was proven. A property looks at each
//! [`record`] of a [`journey`]. Seeds of failures are not kept in a file: a seed
//! means something else once an act is added, so a failure that was found becomes
//! a test by name.

mod acts;
mod honest;
mod house;
mod journey;
mod ledger;
mod record;
mod unasked;

use std::collections::BTreeSet;

use jiff::SignedDuration;
use proptest::prelude::*;
use proptest::strategy::ValueTree as _;
use proptest::test_runner::{TestCaseError, TestRunner};
use protocol::{FlowKind, StepName};

use self::acts::{Act, Start};
use self::journey::Journey;
use self::record::{Record, Refused};
use super::{CodeFor, Effect, State};

type Check = Result<(), TestCaseError>;

/// Looks at a journey after each of its acts.
fn travel(start: Start, acts: &[Act], check: impl Fn(&Journey, &Record) -> Check) -> Check {
    let mut journey = Journey::new(start);
    for act in acts {
        let record = journey.act(*act);
        check(&journey, &record)?;
    }
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(256) })]

    #[test]
    fn nobody_gets_further_than_their_proofs(start in acts::start(), acts in acts::acts()) {
        travel(start, &acts, |journey, record| {
            let ledger = &journey.ledger;
            prop_assert!(ledger.allows(&record.after), "{:?} without its proofs", record.after.step);
            for effect in record.effects() {
                prop_assert!(ledger.allows_effect(effect, record), "{effect:?} without its proofs");
            }
            Ok(())
        })?;
    }

    #[test]
    fn whoever_is_honest_gets_through_from_everywhere(start in acts::start(), acts in acts::acts()) {
        travel(start, &acts, |journey, _| honest::gets_through(journey.clone()))?;
    }

    #[test]
    fn each_guess_costs_a_try_and_nothing_else_does(start in acts::start(), acts in acts::acts()) {
        travel(start, &acts, |journey, record| {
            prop_assert_eq!(record.after.tries, journey.ledger.guesses, "{:?}", record.act);
            Ok(())
        })?;
    }

    #[test]
    fn what_was_proven_stays_proven(start in acts::start(), acts in acts::acts()) {
        travel(start, &acts, |journey, record| {
            let (before, after) = (&record.before, &record.after);
            prop_assert!(journey.ledger.keeps_proven(after.step), "{:?} asks again", after.step);
            if !record.is_accepted() {
                prop_assert_eq!(&before.kept, &after.kept, "{:?} was refused", record.act);
            }
            let is_back = matches!(record.act, Act::Back);
            prop_assert!(is_back || before.progress <= after.progress, "{:?}", record.act);
            prop_assert_eq!(before.kind, after.kind);
            Ok(())
        })?;
    }

    #[test]
    fn more_time_is_all_that_asking_for_it_brings(start in acts::start(), acts in acts::acts()) {
        travel(start, &acts, |journey, record| {
            let (before, after) = (&record.before, &record.after);
            if !matches!(record.act, Act::MoreTime) {
                return Ok(());
            }
            prop_assert_eq!(record.is_accepted(), before.expires_at > before.at);
            prop_assert_eq!((before.step, before.tries), (after.step, after.tries));
            prop_assert!(record.effects().is_empty() && before.expires_at <= after.expires_at);
            let is_kept = before.kept == after.kept;
            prop_assert!(is_kept || journey.ledger.is_present(after.at), "{:?}", before.step);
            Ok(())
        })?;
    }

    #[test]
    fn a_form_of_another_step_changes_nothing(start in acts::start(), acts in acts::acts()) {
        travel(start, &acts, |_, record| {
            if let Act::Stale(step, _) = record.act && step != record.before.step {
                let refused = record.outcome.as_ref().map(|outcome| outcome.as_ref().err().cloned());
                let is_told = matches!(refused, Some(Some(Refused::WrongStep | Refused::Expired)));
                prop_assert!(is_told, "{refused:?}");
                prop_assert_eq!(record.before.tries, record.after.tries);
            }
            Ok(())
        })?;
    }

    #[test]
    fn codes_for_one_thing_are_a_minute_apart(start in acts::start(), acts in acts::acts()) {
        travel(start, &acts, |journey, _| {
            let sent = &journey.house.sent;
            for (index, later) in sent.iter().enumerate() {
                let earlier = sent[..index].iter().rev().find(|it| it.purpose == later.purpose);
                let apart = earlier.map(|earlier| later.at.duration_since(earlier.at));
                prop_assert!(apart.is_none_or(|it| it >= SignedDuration::from_mins(1)), "{apart:?}");
            }
            Ok(())
        })?;
    }

    #[test]
    fn no_form_ends_a_code_that_works(start in acts::start(), acts in acts::acts()) {
        travel(start, &acts, |journey, record| {
            let is_form = matches!(record.act, Act::Answer(_) | Act::Twice(_));
            let is_sent = record.effects().iter().any(|it| matches!(it, Effect::SendCode { .. }));
            // To sign in is to begin anew, with a password that may be another one.
            if is_form && is_sent && record.before.kind != FlowKind::SignIn {
                prop_assert!(!journey.ledger.was_needless(&journey.house));
            }
            Ok(())
        })?;
    }

    #[test]
    fn a_step_brings_its_effects(start in acts::start(), acts in acts::acts()) {
        travel(start, &acts, |journey, record| {
            let (from, to) = (record.before.step, record.after.step);
            let has = |wanted: fn(&Effect) -> bool| record.effects().iter().any(wanted);
            let is_complete = match (record.before.kind, from, to) {
                _ if !record.is_accepted() || record.before.kept == record.after.kept => true,
                (_, _, StepName::Code) => {
                    has(|it| matches!(it, Effect::SendCode { .. })) || journey.is_back_at_code()
                }
                (_, StepName::Code, StepName::Contact) if record.before.progress < record.after.progress => {
                    has(|it| matches!(it, Effect::SpendCode(CodeFor::Phone)))
                }
                (_, StepName::Code, StepName::Credentials) => {
                    has(|it| matches!(it, Effect::SpendCode(CodeFor::NewEmail)))
                }
                (_, StepName::Code, StepName::NewPassword) => {
                    has(|it| matches!(it, Effect::SpendCode(CodeFor::Reset)))
                }
                (FlowKind::Enrollment, _, StepName::Done) => {
                    has(|it| matches!(it, Effect::UseInvitation(_)))
                        && has(|it| matches!(it, Effect::CreateAccount(_)))
                }
                (FlowKind::SignIn, _, StepName::Done) => {
                    has(|it| matches!(it, Effect::BeginSession { .. }))
                        && (from == StepName::SignIn
                            || has(|it| matches!(it, Effect::SpendCode(CodeFor::SignIn))))
                }
                (FlowKind::PhoneChange, _, StepName::Done) => {
                    has(|it| matches!(it, Effect::SpendCode(CodeFor::NewPhone)))
                        && has(|it| matches!(it, Effect::ChangePhone { .. }))
                }
                (FlowKind::EmailChange, _, StepName::Done) => {
                    has(|it| matches!(it, Effect::SpendCode(CodeFor::ChangedEmail)))
                        && has(|it| matches!(it, Effect::ChangeEmail { .. }))
                }
                (FlowKind::Deactivation, _, StepName::Done) => {
                    has(|it| matches!(it, Effect::Deactivate(_)))
                }
                (_, _, StepName::Done) => has(|it| matches!(it, Effect::ChangePassword { .. })),
                (_, _, StepName::CheckEmail) => has(|it| matches!(it, Effect::SendUsername(_))),
                _ => true,
            };
            prop_assert!(is_complete, "{from:?} to {to:?} with {:?} only", record.effects());
            Ok(())
        })?;
    }

    #[test]
    fn a_state_is_read_back_as_it_was_made(start in acts::start(), acts in acts::acts()) {
        travel(start, &acts, |journey, _| {
            let (made, read, now) = (journey.house.made(), journey.house.state(), journey.house.now);
            let written = |state: &State| serde_json::to_string(state).unwrap();
            prop_assert_eq!(written(made), written(read));
            prop_assert_eq!(made.step(now), read.step(now));
            prop_assert_eq!(made.back(now).as_ref().map(written), read.back(now).as_ref().map(written));
            prop_assert_eq!(made.resend(None, now).err(), read.resend(None, now).err());
            Ok(())
        })?;
    }
}

proptest! {
    // Each journey tries every answer with every fact at every step.
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(128) })]

    #[test]
    fn what_was_not_asked_moves_nothing(start in acts::start(), acts in acts::acts()) {
        travel(start, &acts, |journey, _| {
            prop_assert_eq!(unasked::moves(&journey.house, journey.ledger.has_phone_code(&journey.house)), None);
            Ok(())
        })?;
    }

    #[test]
    fn no_clock_is_too_wrong(
        start in acts::start(),
        acts in acts::acts(),
        jumps in prop::collection::vec(-40_000_000_000..40_000_000_000_i64, 40),
    ) {
        let mut journey = Journey::new(start);
        for (act, jump) in acts.iter().zip(jumps) {
            let record = journey.act(*act);
            prop_assert!(journey.ledger.allows(&record.after));
            let now = journey.house.now;
            journey.house.wait(jump);
            journey.house.step();
            journey.house.state().back(journey.house.now);
            let _ = journey.house.state().resend(None, journey.house.now);
            journey.house.now = now;
        }
    }
}

/// Else the properties above would hold of nothing.
#[test]
fn the_journeys_lead_everywhere() {
    let mut runner = TestRunner::deterministic();
    let mut seen = BTreeSet::new();
    for _ in 0..512 {
        let start = acts::start().new_tree(&mut runner).unwrap().current();
        let acts = acts::acts().new_tree(&mut runner).unwrap().current();
        let mut journey = Journey::new(start);
        for act in acts {
            let reached = journey.act(act).after;
            let names = [reached.kind.as_str(), reached.step.as_str()].join("/");
            let is_about_email = journey.ledger.is_about_email();
            seen.insert((names, is_about_email));
        }
    }
    let steps: [(FlowKind, &[&str]); 7] = [
        (
            FlowKind::Enrollment,
            &[
                "invitation",
                "identity",
                "phone",
                "code",
                "contact",
                "credentials",
                "done",
            ],
        ),
        (
            FlowKind::UsernameRecovery,
            &["personal-info", "check-email"],
        ),
        (
            FlowKind::PasswordReset,
            &["identify", "method", "code", "new-password", "done"],
        ),
        (FlowKind::SignIn, &["sign-in", "code", "done"]),
        (
            FlowKind::PhoneChange,
            &["password", "phone", "code", "done"],
        ),
        (
            FlowKind::EmailChange,
            &["password", "contact", "code", "done"],
        ),
        (FlowKind::Deactivation, &["password", "confirm", "done"]),
    ];
    for (kind, names) in steps {
        for name in names {
            let step = format!("{}/{name}", kind.as_str());
            assert!(
                seen.iter().any(|(seen, _)| *seen == step),
                "{step} is never reached"
            );
        }
    }
    let email_code = ("enrollment/code".to_owned(), true);
    assert!(seen.contains(&email_code), "no email is ever changed");
}

/// Found by chance: the ledger once held that whoever asks for more time was there no later
/// than the clock says, which had been set back since they were.
#[test]
fn more_time_by_a_clock_that_was_set_back_takes_none_away() {
    use self::acts::Way::{Right, Wrong};
    let mut acts = vec![Act::Answer(Right); 4];
    acts.extend([Act::Answer(Wrong), Act::Back, Act::Wait(-600)]);
    acts.extend([Act::MoreTime, Act::Wait(901)]);
    let mut journey = Journey::new(Start::Flow(FlowKind::Enrollment));
    for act in acts {
        journey.act(act);
    }
    assert!(journey.ledger.is_present(journey.house.now));
    let record = journey.act(Act::Answer(Wrong));
    assert!(journey.is_back_at_code(), "{record:?}");
    assert!(journey.ledger.allows(&record.after));
}
