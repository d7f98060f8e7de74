//! Hashing at its real cost, and the bound on how much of it runs at once.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc;

use protocol::values::Username;
use protocol::{Answer, Answers, Field, StepName};

use super::*;
use crate::account::password::KnownNames;

const ROSA: Digest = Digest([1; 32]);

fn passwords(key: &str, permits: usize, waiting: usize) -> Passwords {
    let keyring = Keyring::of_byte(u8::from_str_radix(key, 16).unwrap());
    Passwords::new(&keyring, permits, waiting)
}

fn typed(text: &str) -> PasswordText {
    let mut answers = Answers::default();
    answers.set(Field::Password, text);
    match Answer::parse(StepName::NewPassword, &answers) {
        Ok(Some(Answer::NewPassword(password))) => password,
        other => panic!("{other:?}"),
    }
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
            .starts_with("$argon2id$v=19$m=19456,t=2,p=1$BwcHBwcHBwcHBwcHBwcHBw$"),
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
        let checked = passwords.verify(&ROSA, &stored, typed(text)).await;
        assert_eq!(checked, Ok(right), "{text}");
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
    let checked = elsewhere
        .verify(&ROSA, &one, typed("blue heron pond"))
        .await;
    assert_eq!(checked, Ok(false));
}

#[tokio::test]
async fn a_hash_that_is_copied_to_another_account_opens_nothing() {
    let passwords = passwords("4b", 1, 0);
    let hash = passwords.hash(&ROSA, new("blue heron pond"), [7; 16]).await;
    let hash = hash.unwrap();
    for (owner, right) in [(ROSA, true), (Digest([2; 32]), false)] {
        let checked = passwords.verify(&owner, &hash, typed("blue heron pond"));
        assert_eq!(checked.await, Ok(right));
    }
}

#[tokio::test]
async fn a_stored_text_that_is_no_hash_fits_no_password() {
    let passwords = passwords("4b", 1, 0);
    for text in ["", "blue heron pond", "$argon2id$v=19$m=19456,t=2,p=1"] {
        let stored = PasswordHash::from_stored(text.to_owned());
        let checked = passwords
            .verify(&ROSA, &stored, typed("blue heron pond"))
            .await;
        assert_eq!(checked, Ok(false), "{text:?}");
    }
}

/// Work that tells when it has begun and goes on until it is let go.
fn held() -> (
    impl FnOnce(&mut Memory) + Send + 'static,
    mpsc::Receiver<()>,
    mpsc::Sender<()>,
) {
    let (began, has_begun) = mpsc::channel();
    let (let_go, go) = mpsc::channel();
    let work = move |_: &mut Memory| {
        began.send(()).unwrap();
        // An error means that the test has dropped its end, which lets go too.
        let _ = go.recv();
    };
    (work, has_begun, let_go)
}

/// What `future` gives when it is looked at once; nothing when it has to wait.
async fn at_once<T>(future: impl Future<Output = T>) -> Option<T> {
    tokio::select! {
        biased;
        result = future => Some(result),
        () = std::future::ready(()) => None,
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn no_more_run_than_there_are_permits() {
    let passwords = Arc::new(passwords("4b", 2, 100));
    let (now, most) = (Arc::new(AtomicUsize::new(0)), Arc::new(AtomicUsize::new(0)));
    let tasks: Vec<_> = (0..24)
        .map(|_| {
            let (passwords, now, most) = (passwords.clone(), now.clone(), most.clone());
            tokio::spawn(async move {
                let work = move |_: &mut Memory| {
                    most.fetch_max(now.fetch_add(1, Ordering::SeqCst) + 1, Ordering::SeqCst);
                    std::thread::yield_now();
                    now.fetch_sub(1, Ordering::SeqCst);
                };
                passwords.run(work).await
            })
        })
        .collect();
    for task in tasks {
        assert_eq!(task.await.unwrap(), Ok(()));
    }
    assert!((1..=2).contains(&most.load(Ordering::SeqCst)));
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_finds_the_queue_full_is_told_at_once() {
    let passwords = Arc::new(passwords("4b", 1, 1));
    let (work, has_begun, let_go) = held();
    let running = tokio::spawn({
        let passwords = passwords.clone();
        async move { passwords.run(work).await }
    });
    has_begun.recv().unwrap();
    let mut waiting = Box::pin(passwords.run(|_| ()));
    assert_eq!(at_once(&mut waiting).await, None);
    assert_eq!(at_once(passwords.run(|_| ())).await, Some(Err(Overloaded)));
    let_go.send(()).unwrap();
    assert_eq!(waiting.await, Ok(()));
    assert_eq!(running.await.unwrap(), Ok(()));
    assert_eq!(passwords.run(|_| ()).await, Ok(()));
}

#[tokio::test(flavor = "multi_thread")]
async fn hanging_up_gives_no_permit_back_before_the_hash_has_ended() {
    let passwords = Arc::new(passwords("4b", 1, 0));
    let (work, has_begun, let_go) = held();
    let client = tokio::spawn({
        let passwords = passwords.clone();
        async move { passwords.run(work).await }
    });
    has_begun.recv().unwrap();
    client.abort();
    assert!(client.await.unwrap_err().is_cancelled());
    assert_eq!(at_once(passwords.run(|_| ())).await, Some(Err(Overloaded)));
    assert_eq!(passwords.load(), (1, 1));

    let_go.send(()).unwrap();
    // The permit comes back when the thread is through; this waits for it.
    let _place = passwords.places.clone().acquire_owned().await.unwrap();
    assert_eq!(passwords.running.available_permits(), 1);
}
