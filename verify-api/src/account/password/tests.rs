//! Judging passwords from outside.

use protocol::{Answer, Answers, Field, StepName};

use super::*;

fn typed(text: &str) -> PasswordText {
    let mut answers = Answers::default();
    answers.set(Field::Password, text);
    match Answer::parse(StepName::NewPassword, &answers) {
        Ok(Some(Answer::NewPassword(password))) => password,
        other => panic!("{other:?}"),
    }
}

fn judge(text: &str) -> Result<(), FieldProblem> {
    parse(text).map(|_| ())
}

fn parse(text: &str) -> Result<NewPassword, FieldProblem> {
    let username = Username::parse("rosa.m").unwrap();
    NewPassword::parse(&typed(text), &username, &KnownNames::new(["Wellsprings"]))
}

#[test]
fn length_is_counted_in_code_points_after_nfc() {
    assert_eq!(judge("blue heron pon"), Err(FieldProblem::PasswordTooShort));
    assert_eq!(judge("blue heron pond"), Ok(()));
    // Fourteen and fifteen letters, each accent typed as a sign of its own.
    let accents = |n: usize| {
        "kóe\u{301}bi\u{308}xum"
            .chars()
            .cycle()
            .take(n)
            .collect::<String>()
    };
    assert_eq!(accents(18).nfc().count(), 14);
    assert_eq!(judge(&accents(18)), Err(FieldProblem::PasswordTooShort));
    assert_eq!(judge(&accents(19)), Ok(()));
    assert_eq!(judge("🦆🦢🦉🦩🦤🐓🦃🦚🦜🐦🐧🕊🦅🐤🐥"), Ok(()));
}

#[test]
fn the_cap_is_told_and_a_megabyte_costs_nothing() {
    let long = |n: usize| {
        "a heron, a pond; "
            .chars()
            .cycle()
            .take(n)
            .collect::<String>()
    };
    assert_eq!(judge(&long(64)), Ok(()));
    assert_eq!(judge(&long(256)), Ok(()));
    assert_eq!(judge(&long(257)), Err(FieldProblem::TooLong));
    assert_eq!(judge(&long(1_000_000)), Err(FieldProblem::TooLong));
}

#[test]
fn every_character_is_welcome() {
    assert_eq!(judge("heron\0pond\u{7}and more"), Ok(()));
    assert_eq!(judge("   heron   pond   "), Ok(()));
}

#[test]
fn what_is_tried_first_is_refused_with_its_reason() {
    assert_eq!(judge("Password1234567"), Err(FieldProblem::PasswordCommon));
    assert_eq!(
        judge("ＰＡＳＳＷＯＲＤ1234567"),
        Err(FieldProblem::PasswordCommon)
    );
    assert_eq!(
        judge("Wellsprings2026!"),
        Err(FieldProblem::PasswordPredictable)
    );
    assert_eq!(
        judge("Rosa.M-Rosa.M-Rosa.M-1"),
        Err(FieldProblem::PasswordPredictable)
    );
}

#[test]
fn the_same_accent_from_another_keyboard_is_the_same_password() {
    assert_eq!(*normalized("cafe\u{301}"), *normalized("café"));
}

#[test]
fn a_password_does_not_show_in_debug() {
    let password = parse("blue heron pond").unwrap();
    assert_eq!(format!("{password:?}"), "NewPassword(redacted)");
}
