//! What whoever is signed in changes about their account, and what ends with it.

use std::sync::Arc;

use jiff::SignedDuration;
use tokio::sync::Barrier;

use super::bench::{at, change, hash, key, mailed_link, sealed};
use super::passwords::guess_in;
use super::sessions::passed;
use super::{Bench, on_each_store};
use crate::account::AccountId;
use crate::audit::Entry;
use crate::crypto::Sealed;
use crate::flow::CodeFor;
use crate::store::{
    Change, FlowId, Held, JobId, NewContact, NewFlow, NewLink, NewSession, Result, Shown,
    StoreError, Write,
};

on_each_store!(
    a_contact_is_changed_and_all_else_about_the_account_ends,
    a_link_works_as_long_as_the_account_has_the_email_that_it_went_to,
    a_contact_is_changed_only_by_whoever_is_signed_in_with_the_password_of_now,
    of_two_contacts_at_once_exactly_one_counts,
    of_a_contact_and_a_reset_at_once_the_reset_is_not_undone,
    five_passwords_of_a_session_are_looked_at_however_many_come_at_once,
);

pub(super) fn shown(token: u8, seconds: i64) -> Shown {
    Shown {
        token: key(token),
        at: at(seconds),
        idle: SignedDuration::from_secs(600),
    }
}

/// The account 1, as its owner holds it in the session 5.
pub(super) fn held(before: Sealed) -> Held {
    Held {
        passed: passed(1, 0),
        session: shown(5, 20),
        before,
    }
}

/// The account 1 as it is stored, and as `n` would have it.
fn contact(before: Sealed, n: u8) -> NewContact {
    contact_of(held(before), n)
}

fn contact_of(held: Held, n: u8) -> NewContact {
    NewContact {
        held,
        after: sealed(n),
        email: key(n),
    }
}

pub(super) async fn stored(bench: &Bench) -> Sealed {
    let found = bench.store.account(AccountId([1; 16])).await.unwrap();
    found.unwrap().sealed
}

/// The account 1, with the sessions 5 and 6; as it is stored.
pub(super) async fn signed_in(bench: &Bench) -> Sealed {
    bench.account(1).await;
    for (version, token) in [(1, 5), (2, 6)] {
        let session = Write::Session(NewSession {
            token: key(token),
            passed: passed(1, 0),
            expires_at: at(3600),
            earlier: None,
        });
        let made = change(FlowId([1; 16]), version, vec![session]);
        bench.store.commit(made).await.unwrap();
    }
    stored(bench).await
}

/// A flow that is about the account 1.
pub(super) async fn about(bench: &Bench, n: u8, writes: Vec<Write>) -> Change {
    let flow = bench.flow(n).await;
    Change {
        subject: Some(key(99)),
        ..change(flow, 0, writes)
    }
}

/// Two flows about the account 1: one that has proven whose it is, and one that waits for a
/// code that was sent.
pub(super) async fn flows_about_it(bench: &Bench) {
    let proven = about(bench, 30, Vec::new()).await;
    bench.store.commit(proven).await.unwrap();
    let flow = bench.flow(31).await;
    let challenge = Write::Challenge {
        purpose: CodeFor::Reset,
        job: JobId([7; 16]),
        patient: None,
        expires_at: at(3600),
        limit: 5,
    };
    let unproven = Change {
        subject: None,
        ..change(flow, 0, vec![challenge])
    };
    bench.store.commit(unproven).await.unwrap();
    let (job, code, account) = (JobId([7; 16]), key(7), Some(AccountId([1; 16])));
    let set = (bench.store).set_code(flow, CodeFor::Reset, job, &code, account);
    assert!(set.await.unwrap());
}

async fn changes(bench: &Bench, n: u8, contact: NewContact) -> Result<()> {
    let made = about(bench, n, vec![Write::Contact(contact)]).await;
    bench.store.commit(made).await
}

async fn a_contact_is_changed_and_all_else_about_the_account_ends(bench: Bench) {
    let before = signed_in(&bench).await;
    flows_about_it(&bench).await;
    changes(&bench, 32, contact(before, 40)).await.unwrap();

    assert_eq!(stored(&bench).await.0, sealed(40).0);
    let found = bench.store.accounts_by_email(&key(40)).await.unwrap();
    assert_eq!(found.len(), 1, "it is found by its email");
    let lives = async |token| {
        bench
            .store
            .session(shown(token, 20))
            .await
            .unwrap()
            .is_some()
    };
    assert!(
        lives(5).await && !lives(6).await,
        "this session alone stays"
    );
    let ended = "SELECT count(*) FROM flows WHERE ended_at IS NOT NULL";
    assert_eq!(
        bench.number(ended).await,
        1,
        "what has proven nothing goes on"
    );
    let codes = "SELECT count(*) FROM challenges WHERE code_digest IS NOT NULL";
    assert_eq!(bench.number(codes).await, 0, "and its code is none");
}

async fn a_link_works_as_long_as_the_account_has_the_email_that_it_went_to(bench: Bench) {
    let before = signed_in(&bench).await;
    let account = AccountId([1; 16]);
    let (same, other) = (key(100), key(40));
    let of = |n, email| NewLink {
        email,
        ..mailed_link(n, account, 3600)
    };
    for (n, email) in [(50, same), (51, other)] {
        bench.store.set_reveal(of(n, email)).await.unwrap();
        bench.store.set_reset_link(of(n, email)).await.unwrap();
    }
    let works = async |n| {
        let (reveal, link) = (key(n), key(n));
        let shows = bench.store.reveal_is_open(&reveal, at(20)).await.unwrap();
        let resets = bench.store.reset_link(&link, at(20)).await.unwrap();
        assert_eq!(shows, resets.is_some());
        shows
    };
    assert!(works(50).await && !works(51).await);
    changes(&bench, 32, contact(before, 40)).await.unwrap();
    assert!(!works(50).await && works(51).await);

    for (n, is_spent) in [(50, false), (51, true)] {
        let shown = bench.store.spend_reveal(&key(n), at(20)).await.unwrap();
        assert_eq!(shown.is_some(), is_spent);
        let flow = NewFlow {
            id: FlowId([n; 16]),
            token: key(n),
            state: sealed(n),
            at: at(20),
            expires_at: at(3600),
            subject: None,
            charges: Vec::new(),
        };
        let audit = Entry::reset_link_used(account);
        let link = key(n);
        let spent = bench.store.spend_reset_link(&link, flow, &link, audit);
        assert_eq!(spent.await.unwrap(), is_spent);
    }
}

async fn a_contact_is_changed_only_by_whoever_is_signed_in_with_the_password_of_now(bench: Bench) {
    let before = signed_in(&bench).await;
    let new = || held(before.clone());
    let of_before = Held {
        passed: passed(1, 1),
        ..new()
    };
    let of_another = Held {
        passed: passed(2, 0),
        ..new()
    };
    let read_before = Held {
        before: sealed(77),
        ..new()
    };
    for (n, wrong) in [(30, of_before), (31, of_another), (32, read_before)] {
        let refused = changes(&bench, n, contact_of(wrong, 40)).await;
        assert!(
            matches!(refused, Err(StoreError::Conflict)),
            "{n}: {refused:?}"
        );
    }
    for (n, session) in [
        (33, shown(9, 20)),
        (34, shown(5, 700)),
        (35, shown(5, 3600)),
    ] {
        let contact = contact_of(Held { session, ..new() }, 40);
        let refused = changes(&bench, n, contact).await;
        assert!(
            matches!(refused, Err(StoreError::SignedOut)),
            "{n}: {refused:?}"
        );
    }
    assert_eq!(stored(&bench).await.0, before.0);
    changes(&bench, 36, contact(before, 40)).await.unwrap();
}

async fn of_two_contacts_at_once_exactly_one_counts(bench: Bench) {
    let before = signed_in(&bench).await;
    let mut made = Vec::new();
    for n in [40, 41] {
        let write = Write::Contact(contact(before.clone(), n));
        made.push(about(&bench, n, vec![write]).await);
    }
    let start = Arc::new(Barrier::new(2));
    let tasks = made.into_iter().map(|change| {
        let (bench, start) = (bench.clone(), Arc::clone(&start));
        tokio::spawn(async move {
            start.wait().await;
            bench.store.commit(change).await
        })
    });
    let mut counted = 0;
    for task in tasks.collect::<Vec<_>>() {
        match task.await.unwrap() {
            Ok(()) => counted += 1,
            Err(error) => assert!(matches!(error, StoreError::Conflict), "{error}"),
        }
    }
    assert_eq!(counted, 1);
}

/// Either the change comes first, or it finds the password and its session gone.
async fn of_a_contact_and_a_reset_at_once_the_reset_is_not_undone(bench: Bench) {
    let before = signed_in(&bench).await;
    let reset = Write::Password {
        account: AccountId([1; 16]),
        hash: hash("second"),
    };
    let reset = Change {
        subject: Some(key(98)),
        ..about(&bench, 40, vec![reset]).await
    };
    let contact = Write::Contact(contact(before, 41));
    let contact = about(&bench, 41, vec![contact]).await;
    let (reset, contact) = tokio::join!(bench.store.commit(reset), bench.store.commit(contact));
    reset.unwrap();
    let is_lost = matches!(contact, Err(StoreError::Conflict | StoreError::SignedOut));
    assert!(contact.is_ok() || is_lost, "{contact:?}");
    assert_eq!(stored(&bench).await.0 == sealed(41).0, contact.is_ok());
    assert_eq!(bench.number("SELECT count(*) FROM sessions").await, 0);
    let late = self::contact(stored(&bench).await, 43);
    let late = changes(&bench, 42, late).await;
    assert!(matches!(late, Err(StoreError::SignedOut)), "{late:?}");
}

async fn five_passwords_of_a_session_are_looked_at_however_many_come_at_once(bench: Bench) {
    bench.account(1).await;
    let start = Arc::new(Barrier::new(20));
    let tasks = (0..20).map(|_| {
        let (bench, start) = (bench.clone(), Arc::clone(&start));
        tokio::spawn(async move {
            start.wait().await;
            guess_in(&bench, Some((key(50), 5)), 77).await
        })
    });
    let (mut looked_at, mut last) = (0, 0);
    for task in tasks.collect::<Vec<_>>() {
        match task.await.unwrap() {
            Ok(tried) => {
                looked_at += i32::from(tried.known.is_some());
                last += i32::from(tried.is_last_try);
            }
            Err(error) => assert!(matches!(error, StoreError::NoTryLeft), "{error}"),
        }
    }
    assert_eq!((looked_at, last), (5, 1));
    for row in [50, 77] {
        let failures = bench.store.failures(&key(row)).await.unwrap();
        assert_eq!(failures, 5, "what is not looked at is not counted");
    }
    let spent = "SELECT count(*) FROM audit WHERE event = 'confirm-tries-spent'";
    assert_eq!(bench.number(spent).await, 1, "the last leaves one line");
    let elsewhere = guess_in(&bench, Some((key(51), 5)), 77).await;
    assert!(elsewhere.is_ok(), "another session has its own");
}
