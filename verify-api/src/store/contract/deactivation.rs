//! Accounts that have ended: nobody's, for good, and with a username that nobody gets.

use super::bench::{account, at, change, entry, hash, invitation, key, mailed_link};
use super::contact::{about, flows_about_it, held, signed_in, stored};
use super::passwords::guess;
use super::sessions::passed;
use super::trail::every;
use super::{Bench, on_each_store};
use crate::account::AccountId;
use crate::audit::{Entry, Event};
use crate::crypto::Sealed;
use crate::store::{
    AccountRow, Change, FlowId, Held, NewFlow, NewInvitation, NewSession, Result, Shown,
    StoreError, TrailQuery, Write,
};

on_each_store!(
    an_account_that_was_deactivated_is_nobodys,
    it_is_deactivated_only_by_whoever_is_signed_in_with_the_password_of_now,
    nothing_brings_it_back,
    the_lines_about_it_stay_its_patients,
    where_its_invitations_were_mailed_to_goes_with_it,
    its_patient_enrolls_again_and_under_another_username_only,
    of_a_deactivation_and_a_reset_at_once_one_is_made,
);

const ACCOUNT: AccountId = AccountId([1; 16]);

async fn deactivates(bench: &Bench, n: u8, held: Held) -> Result<()> {
    let made = about(bench, n, vec![Write::Deactivation(held)]).await;
    bench.store.commit(made).await
}

/// The account 1, which has ended.
async fn deactivated(bench: &Bench) -> Sealed {
    let before = signed_in(bench).await;
    deactivates(bench, 90, held(before.clone())).await.unwrap();
    before
}

async fn rows(bench: &Bench, of: &str) -> i64 {
    bench.number(&format!("SELECT count(*) FROM {of}")).await
}

async fn an_account_that_was_deactivated_is_nobodys(bench: Bench) {
    let before = signed_in(&bench).await;
    flows_about_it(&bench).await;
    for n in [50, 51] {
        let (reveal, link) = (key(n), key(n + 2));
        let mailed = |n| mailed_link(n, ACCOUNT, 3600);
        bench.store.set_reveal(mailed(n)).await.unwrap();
        bench.store.set_reset_link(mailed(n + 2)).await.unwrap();
        if n == 50 {
            assert!(bench.store.reveal_is_open(&reveal, at(20)).await.unwrap());
            let found = bench.store.reset_link(&link, at(20)).await.unwrap();
            assert!(found.is_some());
            deactivates(&bench, 32, held(before.clone())).await.unwrap();
        }
        let store = &bench.store;
        assert!(!store.reveal_is_open(&reveal, at(20)).await.unwrap());
        assert!(store.spend_reveal(&reveal, at(20)).await.unwrap().is_none());
        assert!(store.reset_link(&link, at(20)).await.unwrap().is_none());
        let flow = NewFlow {
            id: FlowId([n; 16]),
            token: key(n),
            state: before.clone(),
            at: at(20),
            expires_at: at(3600),
            subject: None,
            charges: Vec::new(),
        };
        let audit = Entry::reset_link_used(ACCOUNT);
        let spent = store.spend_reset_link(&link, flow, &key(n), audit).await;
        assert!(!spent.unwrap(), "a link of the worker came after: {n}");
    }
    let store = &bench.store;
    assert!(store.account(ACCOUNT).await.unwrap().is_none());
    assert!(store.account_of(passed(1, 0)).await.unwrap().is_none());
    let named = store.account_by_username(&key(1)).await.unwrap();
    assert!(named.is_none());
    assert!(store.is_username_taken(&key(1)).await.unwrap());
    let reached = store.accounts_by_email(&key(100)).await.unwrap();
    assert!(reached.is_empty());
    assert!(guess(&bench, 70, 1, 20).await.unwrap().known.is_none());
    let ended = "flows WHERE ended_at IS NOT NULL";
    assert_eq!(
        rows(&bench, ended).await,
        1,
        "what has proven nothing goes on"
    );
    let codes = "challenges WHERE code_digest IS NOT NULL";
    assert_eq!(rows(&bench, codes).await, 0, "and its code is none");
    assert_eq!(rows(&bench, "sessions").await, 0);
    let gone = "accounts WHERE sealed IS NULL AND email_key IS NULL AND password IS NULL
         AND key_id IS NULL";
    assert_eq!(rows(&bench, gone).await, 1, "nothing of its owner is kept");
}

async fn it_is_deactivated_only_by_whoever_is_signed_in_with_the_password_of_now(bench: Bench) {
    let before = signed_in(&bench).await;
    let own = || held(before.clone());
    let seen = |token: u8, seconds| Shown {
        token: key(token),
        at: at(seconds),
        ..own().session
    };
    let with = |session| Held { session, ..own() };
    let of_before = Held {
        passed: passed(1, 1),
        ..own()
    };
    let of_another = Held {
        passed: passed(2, 0),
        ..own()
    };
    let read_before = Held {
        before: Sealed(vec![1, 0, 1, 77]),
        ..own()
    };
    for (n, wrong, is_signed_in) in [
        (30, of_before, true),
        (31, of_another, true),
        (32, read_before, true),
        (33, with(seen(9, 20)), false),
        (34, with(seen(5, 700)), false),
        (35, with(seen(5, 3600)), false),
    ] {
        let refused = deactivates(&bench, n, wrong).await;
        let is_told = match refused {
            Err(StoreError::Conflict) => is_signed_in,
            Err(StoreError::SignedOut) => !is_signed_in,
            _ => false,
        };
        assert!(is_told, "{n}: {refused:?}");
    }
    assert_eq!(stored(&bench).await.0, before.0);
    deactivates(&bench, 36, own()).await.unwrap();
}

async fn nothing_brings_it_back(bench: Bench) {
    let before = deactivated(&bench).await;
    for sql in [
        "UPDATE accounts SET deactivated_at = NULL",
        "UPDATE accounts SET deactivated_at = deactivated_at + 1",
        "UPDATE accounts SET password = 'third'",
        "UPDATE accounts SET password_no = 1",
        "UPDATE accounts SET deactivated_at = NULL, password = 'third', email_key = id,
             sealed = (SELECT sealed FROM patients)",
        "DELETE FROM accounts",
    ] {
        let refused = bench.tamper(sql).await;
        let why = refused.expect_err(sql);
        assert!(why.contains("stays so"), "{sql}: {why}");
    }
    let password = Write::Password {
        account: ACCOUNT,
        hash: hash("second"),
    };
    let session = Write::Session(NewSession {
        token: key(8),
        passed: passed(1, 0),
        expires_at: at(3600),
        earlier: None,
    });
    let again = Write::Deactivation(held(before));
    for (n, late) in [(40, password), (41, session), (42, again)] {
        let late = about(&bench, n, vec![late]).await;
        assert!(bench.store.commit(late).await.is_err(), "{n}");
    }
    assert_eq!(rows(&bench, "sessions").await, 0);
}

async fn where_its_invitations_were_mailed_to_goes_with_it(bench: Bench) {
    bench.staff().await;
    let before = signed_in(&bench).await;
    let invites = async |n| {
        let mailed = NewInvitation {
            mailed_to: Some(before.clone()),
            ..invitation(n, bench.patient(n).await)
        };
        let entry = entry(Event::PatientInvited, n);
        bench.store.invite(mailed, None, at(0), entry).await
    };
    invites(60).await.unwrap();
    let of_account = "patient_id = (SELECT patient_id FROM accounts)";
    let moved = format!("UPDATE invitations SET {of_account}");
    bench.tamper(&moved).await.unwrap();
    invites(61).await.unwrap();
    let mailed = "invitations WHERE mailed_to IS NOT NULL";
    assert_eq!(rows(&bench, mailed).await, 2);
    deactivates(&bench, 90, held(before.clone())).await.unwrap();
    assert_eq!(rows(&bench, mailed).await, 1, "another patient's stays");
    let its = format!("{mailed} AND {of_account}");
    assert_eq!(rows(&bench, &its).await, 0);
}

async fn its_patient_enrolls_again_and_under_another_username_only(bench: Bench) {
    bench.staff().await;
    let before = signed_in(&bench).await;
    let patient = crate::patient::PatientId([1; 16]);
    let invites = async |n| {
        let entry = entry(Event::PatientInvited, n);
        let invitation = invitation(n, patient);
        bench.store.invite(invitation, None, at(0), entry).await
    };
    let early = invites(60).await;
    assert!(
        matches!(early, Err(StoreError::AlreadyEnrolled)),
        "{early:?}"
    );
    deactivates(&bench, 90, held(before)).await.unwrap();
    invites(61).await.unwrap();
    let enrolls = async |n, username| {
        let row = AccountRow {
            username: key(username),
            ..account(n, patient)
        };
        let made = about(&bench, n, vec![Write::Account(row)]).await;
        bench.store.commit(made).await
    };
    let taken = enrolls(62, 1).await;
    assert!(matches!(taken, Err(StoreError::UsernameTaken)), "{taken:?}");
    enrolls(63, 63).await.unwrap();
    let second = enrolls(64, 64).await;
    assert!(
        matches!(second, Err(StoreError::AlreadyEnrolled)),
        "{second:?}"
    );
    let reached = bench.store.accounts_by_email(&key(100)).await.unwrap();
    assert_eq!(reached.len(), 1);
    assert_eq!(reached[0].id, AccountId([63; 16]));
}

/// Whichever comes first, the other finds that it is no longer so.
async fn of_a_deactivation_and_a_reset_at_once_one_is_made(bench: Bench) {
    let before = signed_in(&bench).await;
    let reset = Write::Password {
        account: ACCOUNT,
        hash: hash("second"),
    };
    let reset = Change {
        subject: Some(key(98)),
        ..about(&bench, 40, vec![reset]).await
    };
    let ending = about(&bench, 41, vec![Write::Deactivation(held(before))]).await;
    let (reset, ending) = tokio::join!(bench.store.commit(reset), bench.store.commit(ending));
    assert_ne!(reset.is_ok(), ending.is_ok(), "{reset:?} {ending:?}");
    let is_there = bench.store.account(ACCOUNT).await.unwrap().is_some();
    assert_eq!(is_there, reset.is_ok());
    assert_eq!(rows(&bench, "sessions").await, 0);
}

async fn the_lines_about_it_stay_its_patients(bench: Bench) {
    let patient = bench.patient(1).await;
    let id = AccountId([0x21; 16]);
    let row = AccountRow {
        id,
        ..account(1, patient)
    };
    let session = NewSession {
        token: key(5),
        passed: passed(0x21, 0),
        expires_at: at(3600),
        earlier: None,
    };
    let writes = vec![
        Write::Account(row),
        Write::Session(session),
        Write::Audit(Entry::about(Event::PasswordChanged, id.0)),
    ];
    let flow = bench.flow(9).await;
    bench.store.commit(change(flow, 0, writes)).await.unwrap();
    let before = bench.store.account(id).await.unwrap().unwrap().sealed;
    let held = Held {
        passed: passed(0x21, 0),
        ..held(before)
    };
    deactivates(&bench, 90, held).await.unwrap();
    assert!(bench.store.account(id).await.unwrap().is_none());
    let query = TrailQuery {
        patient: Some(patient),
        event: Some(Event::PasswordChanged),
        ..every()
    };
    assert_eq!(bench.store.find_lines(query).await.unwrap().len(), 1);
}
