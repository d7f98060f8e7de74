//! Hashing at its real cost.

use protocol::values::Username;
use protocol::{Answer, Answers, Field, StepName};

use super::*;
use crate::account::password::KnownNames;

const ROSA: Digest = Digest([1; 32]);

fn passwords(key: &str, permits: usize, waiting: usize) -> Passwords {
    let keyring = Keyring::of_byte(u8::from_str_radix(key, 16).unwrap());
    Passwords::start(&keyring, permits, waiting).unwrap()
}

fn typed(text: &str) -> PasswordText {
    let mut answers = Answers::default();
    answers.set(Field::Password, text);
    match Answer::parse(StepName::NewPassword, &answers) {
        Ok(Some(Answer::NewPassword(password))) => password,
        other => panic!("{other:?}"),
    }
}

/// Whether a typed password is the stored one.
async fn fits(passwords: &Passwords, owner: &Digest, stored: &PasswordHash, text: &str) -> bool {
    let place = passwords.place().unwrap();
    let checked = passwords.verify(place, owner, Some(stored), typed(text));
    checked.await.unwrap()
}

fn new(text: &str) -> NewPassword {
    NewPassword::parse(
        &typed(text),
        &Username::parse("rosa").unwrap(),
        &KnownNames::new([]),
    )
    .unwrap()
}

#[tokio::test]
async fn a_password_is_stored_with_its_parameters_and_checked_by_them() {
    let passwords = passwords("4b", 1, 0);
    let hash = passwords
        .hash(&ROSA, new("café by the pond"), [7; 16])
        .await
        .unwrap();
    assert!(
        hash.as_str()
            .starts_with("$argon2id$v=19$m=65536,t=3,p=1$BwcHBwcHBwcHBwcHBwcHBw$"),
        "{}",
        hash.as_str()
    );
    assert_eq!(format!("{hash:?}"), "PasswordHash(redacted)");

    let stored = PasswordHash::from_stored(hash.as_str().to_owned());
    for (text, right) in [
        ("café by the pond", true),
        ("cafe\u{301} by the pond", true),
        ("Café by the pond", false),
        ("café by the pond ", false),
        ("cafe by the pond", false),
        ("c", false),
    ] {
        let fits = fits(&passwords, &ROSA, &stored, text).await;
        assert_eq!(fits, right, "{text}");
    }
}

#[tokio::test]
async fn the_pepper_and_the_salt_both_matter() {
    let hash = |key, salt| async move {
        let passwords = passwords(key, 1, 0);
        let hash = passwords
            .hash(&ROSA, new("blue heron pond"), [salt; 16])
            .await;
        hash.unwrap()
    };
    let one = hash("4b", 1).await;
    assert_eq!(one.as_str(), hash("4b", 1).await.as_str());
    assert_ne!(one.as_str(), hash("4b", 2).await.as_str());
    assert_ne!(one.as_str(), hash("4c", 1).await.as_str());
    let elsewhere = passwords("4c", 1, 0);
    assert!(!fits(&elsewhere, &ROSA, &one, "blue heron pond").await);
}

#[tokio::test]
async fn a_hash_that_is_copied_to_another_account_opens_nothing() {
    let passwords = passwords("4b", 1, 0);
    let hash = passwords.hash(&ROSA, new("blue heron pond"), [7; 16]).await;
    let hash = hash.unwrap();
    for (owner, right) in [(ROSA, true), (Digest([2; 32]), false)] {
        let fits = fits(&passwords, &owner, &hash, "blue heron pond").await;
        assert_eq!(fits, right);
    }
}

#[tokio::test]
async fn a_stored_text_that_is_no_hash_fits_no_password() {
    let passwords = passwords("4b", 1, 0);
    for text in ["", "blue heron pond", "$argon2id$v=19$m=65536,t=3,p=1"] {
        let stored = PasswordHash::from_stored(text.to_owned());
        let fits = fits(&passwords, &ROSA, &stored, "blue heron pond").await;
        assert!(!fits, "{text:?}");
    }
}

#[tokio::test]
async fn whoever_would_be_turned_away_learns_it_before_the_try() {
    let passwords = passwords("4b", 1, 0);
    let place = passwords.place().unwrap();
    assert!(passwords.place().is_err());
    drop(place);
    assert!(passwords.place().is_ok());
}
