//! Enrollment: what proves whom, and in which order.

use super::*;

#[test]
fn enrollment_walks_from_invitation_to_done() {
    let state = proven();
    assert_eq!(step_of(&state), StepName::Contact);
    let email = answer(StepName::Contact, &[(Field::Email, "Rosa@example.org")]);
    let (state, effects) = advance(state.answer(&email, None, now()));
    assert_eq!(step_of(&state), StepName::Credentials);
    assert_eq!(effects.len(), 1, "the email on file needs no code");
    let credentials = answer(
        StepName::Credentials,
        &[
            (Field::Username, "rosa.n"),
            (Field::Password, "a garden with three gates"),
        ],
    );
    let asked = state.answer(&credentials, None, now());
    assert!(matches!(asked, Verdict::Ask(Question::NewAccount { .. })));
    let both = FieldProblems::from([
        (Field::Username, FieldProblem::UsernameTaken),
        (Field::Password, FieldProblem::PasswordTooShort),
    ]);
    let fact = Fact::NewAccount(Err(both.clone()));
    let refused = refusal(state.answer(&credentials, Some(fact), now()));
    assert_eq!(refused, Refusal::Fields(both), "both are told at once");
    let hash = Fact::NewAccount(Ok(PasswordHash::from_stored("$argon2id$x".to_owned())));
    let (state, effects) = advance(state.answer(&credentials, Some(hash), now()));
    let Step::Done { username } = state.step(now()) else {
        panic!("not done");
    };
    assert_eq!(username.as_deref(), Some("rosa.n"));
    assert_eq!(
        state.patience(),
        SignedDuration::from_mins(15),
        "a username is not left on a screen for long"
    );
    assert!(matches!(effects[0], Effect::UseInvitation(id) if id == InvitationId([1; 16])));
    let Effect::CreateAccount(account) = &effects[1] else {
        panic!("no account: {effects:?}");
    };
    assert_eq!(account.patient, PatientId([2; 16]));
    assert_eq!(account.phone.as_e164(), "+12075550142");
}

#[test]
fn a_changed_email_gets_a_code_of_its_own() {
    let email = answer(StepName::Contact, &[(Field::Email, "new@example.org")]);
    let (state, effects) = advance(proven().answer(&email, None, now()));
    assert!(matches!(
        &effects[0],
        Effect::SendCode { to: Recipient::NewEmail(to), channel: Channel::Email } if to == "new@example.org"
    ));
    let asked = state.answer(&code(), None, now());
    assert!(matches!(
        asked,
        Verdict::Ask(Question::Code {
            purpose: CodeFor::NewEmail,
            ..
        })
    ));
    let (state, effects) = advance(state.answer(&code(), Some(right()), now()));
    assert!(matches!(effects[0], Effect::SpendCode(CodeFor::NewEmail)));
    assert_eq!(step_of(&state), StepName::Credentials);
}

fn unmatched(code: ProblemCode, tries_left: u8) -> Refusal {
    Refusal::Guess {
        why: WrongGuess::Whole(code),
        tries_left,
    }
}

#[test]
fn other_details_or_another_phone_are_refused_and_count() {
    let asked = invited().answer(&identity(), None, now());
    assert!(matches!(
        asked,
        Verdict::Ask(Question::Patient {
            check: Check::Identity,
            ..
        })
    ));
    let twin = answer(
        StepName::Identity,
        &[
            (Field::GivenName, "Rose"),
            (Field::FamilyName, "Nunez Okafor"),
            (Field::BirthDate, "1951-03-27"),
            (Field::PostalCode, "04101"),
        ],
    );
    assert_eq!(
        refusal(invited().answer(&twin, Some(tried(4)), now())),
        unmatched(ProblemCode::NotMatched, 4)
    );
    let asked = identified().answer(&phone("207-555-0199"), None, now());
    assert!(matches!(
        asked,
        Verdict::Ask(Question::Patient {
            check: Check::Phone,
            ..
        })
    ));
    assert_eq!(
        refusal(identified().answer(&phone("207-555-0199"), Some(tried(2)), now())),
        wrong_guess(Field::Phone, FieldProblem::PhoneNotOnFile, 2)
    );
    assert_eq!(
        refusal(invited().answer(&twin, Some(tried(1)), now())),
        unmatched(ProblemCode::NotMatchedOneLeft, 1)
    );
    assert_eq!(
        refusal(identified().answer(&phone("207-555-0199"), Some(tried(1)), now())),
        wrong_guess(Field::Phone, FieldProblem::PhoneNotOnFileOneLeft, 1)
    );
    for (wrong, at) in [(&twin, invited()), (&phone("207-555-0199"), identified())] {
        assert_eq!(
            refusal(at.answer(wrong, Some(tried(0)), now())),
            Refusal::Problem(ProblemCode::TooManyTries),
            "after the last one, to look again is of no use"
        );
    }
    let (state, _) = advance(invited().answer(&identity(), Some(tried(0)), now()));
    assert_eq!(state.step(now()).name(), StepName::Phone, "it was right");
    for (why, code) in [
        (NoPatient::NoTryLeft, ProblemCode::TooManyTries),
        (NoPatient::InvitationEnded, ProblemCode::InvitationEnded),
    ] {
        let fact = Some(Fact::Patient(Err(why)));
        assert_eq!(
            refusal(identified().answer(&phone("207-555-0142"), fact, now())),
            Refusal::Problem(code)
        );
    }
}

#[test]
fn what_guesses_at_nothing_is_refused_before_a_try_is_counted() {
    let future = answer(
        StepName::Identity,
        &[
            (Field::GivenName, "Rosa"),
            (Field::FamilyName, "Okafor"),
            (Field::BirthDate, "2050-01-01"),
            (Field::PostalCode, "04101"),
        ],
    );
    assert_eq!(
        refusal(invited().answer(&future, None, now())),
        Refusal::field(Field::BirthDate, FieldProblem::FutureDate)
    );
    assert!(matches!(
        refusal(identified().answer(&phone("call me"), None, now())),
        Refusal::Fields(_)
    ));
}

#[test]
fn an_email_that_no_invitation_went_to_gets_a_code_even_if_it_is_on_file() {
    let email = answer(StepName::Contact, &[(Field::Email, "rosa@example.org")]);
    let (state, _) = advance(proven_with(&invited_at(None)).answer(&email, None, now()));
    assert_eq!(step_of(&state), StepName::Code);
}

#[test]
fn the_wait_of_an_enrollment_survives_going_back_twice() {
    let soon = now() + SignedDuration::from_secs(10);
    let back = waiting_for_text().back(now()).unwrap().back(now()).unwrap();
    assert_eq!(step_of(&back), StepName::Identity);
    let again = advance(back.answer(&identity(), Some(record()), soon)).0;
    let call = answer(
        StepName::Phone,
        &[(Field::Phone, "207-555-0142"), (Field::Channel, "call")],
    );
    assert_eq!(
        refusal(again.answer(&call, None, soon)),
        Refusal::TooSoon { retry_after: 50 }
    );
    let (same, effects) = advance(again.answer(&phone("207-555-0142"), None, soon));
    assert_eq!(step_of(&same), StepName::Code);
    assert!(effects.is_empty(), "the text is on its way");
}

#[test]
fn whoever_finds_a_proven_form_open_cannot_change_the_email() {
    let email = answer(StepName::Contact, &[(Field::Email, "new@example.org")]);
    let (waiting, _) = advance(proven().answer(&email, None, now()));
    let soon = now() + SignedDuration::from_mins(15);
    let late = now() + SignedDuration::from_mins(16);
    assert!(waiting.back(soon).is_some() && waiting.resend(None, soon).is_ok());
    assert!(waiting.back(late).is_none());
    let expired = Refusal::Problem(ProblemCode::FlowExpired);
    assert_eq!(waiting.resend(None, late).unwrap_err(), expired);
    assert_eq!(refusal(proven().answer(&email, None, late)), expired);
    // The code itself still proves what it proves.
    advance(waiting.answer(&code(), Some(right()), late));
}

#[test]
fn a_phone_code_is_not_sent_elsewhere() {
    let later = now() + SignedDuration::from_secs(60);
    assert!(
        waiting_for_text()
            .resend(Some(Channel::Email), later)
            .is_err()
    );
    assert!(
        waiting_for_text()
            .resend(Some(Channel::Call), later)
            .is_ok()
    );
}
