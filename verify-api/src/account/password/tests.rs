//! Judging passwords from outside.

use proptest::prelude::*;
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
fn a_password_of_staff_is_judged_by_their_email() {
    let email = Email::parse("dana.frost@lakeside.example").unwrap();
    let judge = |text| {
        let names = KnownNames::new(["Wellsprings"]);
        NewPassword::of_staff(&typed(text), &email, &names).map(|_| ())
    };
    for predictable in [
        "dana.frost 2026 2026",
        "frost lakeside 1",
        "wellsprings lakeside",
    ] {
        let told = Err(FieldProblem::PasswordPredictable);
        assert_eq!(judge(predictable), told, "{predictable}");
    }
    assert_eq!(judge("blue heron pon"), Err(FieldProblem::PasswordTooShort));
    assert_eq!(judge("passwordpassword"), Err(FieldProblem::PasswordCommon));
    assert_eq!(judge("seven herons at dusk"), Ok(()));
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

/// Whatever a keyboard, a paste or an attacker can bring: any signs, words with
/// accents, and what is nearly refused.
fn any_text() -> impl Strategy<Value = String> {
    const WORDS: &[&str] = &[
        "password",
        "Rosa.M",
        "Wellsprings",
        "heron",
        "e\u{301}",
        "é",
        "ﬁ",
        "한",
        "2026",
        " ",
    ];
    let any = prop::collection::vec(any::<char>(), 1..300).prop_map(String::from_iter);
    let word = prop::sample::select(WORDS);
    let words = prop::collection::vec(word, 1..40).prop_map(|words| words.concat());
    prop_oneof![any, words]
}

/// The other case of signs that have exactly one, and come back from it.
fn other_case(c: char) -> char {
    fn only(mut signs: impl Iterator<Item = char>) -> Option<char> {
        signs.next().filter(|_| signs.next().is_none())
    }
    only(c.to_lowercase())
        .filter(|lower| *lower != c && only(lower.to_uppercase()) == Some(c))
        .or_else(|| only(c.to_uppercase()).filter(|upper| only(upper.to_lowercase()) == Some(c)))
        .unwrap_or(c)
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(256) })]

    #[test]
    fn what_is_accepted_has_15_to_256_code_points_and_is_nfc(text in any_text()) {
        if let Ok(password) = parse(&text) {
            prop_assert!((15..=256).contains(&password.0.chars().count()));
            prop_assert!(password.0.nfc().eq(text.nfc()));
        }
    }

    #[test]
    fn the_same_text_is_judged_the_same_however_it_is_composed(text in any_text()) {
        let composed: String = text.nfc().collect();
        let apart: String = text.nfd().collect();
        prop_assert_eq!(judge(&composed), judge(&text));
        prop_assert_eq!(judge(&apart), judge(&text));
    }

    #[test]
    fn case_does_not_decide(text in any_text()) {
        let other: String = text.nfc().map(other_case).collect();
        prop_assert_eq!(judge(&other), judge(&text));
    }

    #[test]
    fn digits_around_a_listed_word_do_not_make_a_password(
        word in prop::sample::select(&["password", "Sunshine", "dragon", "1q2w3e4r", "ManchesterUnited"][..]),
        before in "[0-9]{0,20}",
        after in "[0-9 !._-]{15,40}",
    ) {
        prop_assert_eq!(judge(&format!("{before}{word}{after}")), Err(FieldProblem::PasswordCommon));
    }
}
