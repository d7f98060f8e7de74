//! The directory and the desk.

use tokio::task::JoinSet;

use super::bench::{account, at, change, entry, invitation, job, key, sealed};
use super::{Bench, on_each_store};
use crate::audit::Event;
use crate::flow::{Check, InvitationId, NoPatient, Tries};
use crate::store::{StoreError, Write};

on_each_store!(
    a_new_invitation_ends_the_one_before,
    of_invitations_made_at_once_one_stays_open,
    tries_at_an_invitation_are_counted_and_one_can_come_back,
    the_last_try_at_an_invitation_is_in_the_trail_once,
    an_invitation_is_used_once,
    whoever_is_enrolled_is_not_invited,
    an_invitation_and_an_enrollment_at_once_do_not_both_stand,
    accounts_are_found_by_email_and_by_id,
);

async fn a_new_invitation_ends_the_one_before(bench: Bench) {
    bench.staff().await;
    let patient = bench.patient(1).await;
    bench.invite(1, patient).await;
    let with_mail = bench
        .store
        .invite(
            invitation(2, patient),
            Some(job(1, 600)),
            at(0),
            entry(Event::PatientInvited, 1),
        )
        .await;
    with_mail.unwrap();
    for (n, is_replaced) in [(1, true), (2, false)] {
        let found = bench.store.invitation(&key(n)).await.unwrap().unwrap();
        assert_eq!((found.is_replaced, found.is_used), (is_replaced, false));
        assert_eq!((found.patient, found.expires_at), (patient, at(3600)));
    }
    assert_eq!(bench.number("SELECT count(*) FROM outbox").await, 1);
}

async fn of_invitations_made_at_once_one_stays_open(bench: Bench) {
    bench.staff().await;
    let patient = bench.patient(1).await;
    let mut desks = JoinSet::new();
    for n in 1..=10 {
        let store = bench.store.clone();
        desks.spawn(async move {
            let entry = entry(Event::PatientInvited, n);
            store
                .invite(invitation(n, patient), None, at(0), entry)
                .await
        });
    }
    for invited in desks.join_all().await {
        invited.unwrap();
    }
    let open = "SELECT count(*) FROM invitations WHERE used_at IS NULL AND replaced_at IS NULL";
    assert_eq!(bench.number(open).await, 1);
    assert_eq!(bench.number("SELECT count(*) FROM invitations").await, 10);
}

async fn tries_at_an_invitation_are_counted_and_one_can_come_back(bench: Bench) {
    bench.staff().await;
    let patient = bench.patient(1).await;
    let invitation = bench.invite(1, patient).await;
    let tried = |check| bench.store.try_invitation(invitation, check, 3, at(1));
    let flow = bench.flow(1).await;
    let is_out = |check| {
        let of = Tries::Invitation(invitation, check);
        bench.store.is_out_of_tries(flow, of, 3)
    };
    for left in [2, 1, 0] {
        assert!(!is_out(Check::Identity).await.unwrap());
        let found = tried(Check::Identity).await.unwrap().unwrap();
        assert_eq!((found.patient, found.sealed.0), (patient, sealed(1).0));
        assert_eq!(found.tries_left, left);
    }
    assert_eq!(
        tried(Check::Identity).await.unwrap().unwrap_err(),
        NoPatient::NoTryLeft
    );
    assert!(tried(Check::Phone).await.unwrap().is_ok());
    assert!(is_out(Check::Identity).await.unwrap());
    assert!(
        !is_out(Check::Phone).await.unwrap(),
        "each check has its own"
    );
    let back = vec![Write::GiveBackIdentityTry(invitation)];
    bench.store.commit(change(flow, 0, back)).await.unwrap();
    assert!(!is_out(Check::Identity).await.unwrap());
    assert!(tried(Check::Identity).await.unwrap().is_ok());
    assert!(tried(Check::Identity).await.unwrap().is_err());
    let late = bench
        .store
        .try_invitation(invitation, Check::Phone, 3, at(3600))
        .await;
    assert_eq!(late.unwrap().unwrap_err(), NoPatient::InvitationEnded);
}

/// A right answer gives the last try back, so that it can be made for ever.
async fn the_last_try_at_an_invitation_is_in_the_trail_once(bench: Bench) {
    bench.staff().await;
    let patient = bench.patient(7).await;
    let invitation = bench.invite(1, patient).await;
    let flow = bench.flow(1).await;
    let spent = "SELECT count(*) FROM audit WHERE event = 'invitation-tries-spent'
                 AND subject = (SELECT id FROM patients)";
    let tried = async |check, told| {
        let tried = bench.store.try_invitation(invitation, check, 2, at(1));
        tried.await.unwrap().unwrap();
        assert_eq!(bench.number(spent).await, told);
    };
    tried(Check::Identity, 0).await;
    for version in 0..5 {
        tried(Check::Identity, 1).await;
        let back = vec![Write::GiveBackIdentityTry(invitation)];
        let back = change(flow, version, back);
        bench.store.commit(back).await.unwrap();
    }
    tried(Check::Phone, 1).await;
    tried(Check::Phone, 2).await;
}

async fn an_invitation_is_used_once(bench: Bench) {
    bench.staff().await;
    let patient = bench.patient(1).await;
    let invitation = bench.invite(1, patient).await;
    let mut flows = JoinSet::new();
    for n in 1..=10 {
        let flow = bench.flow(n).await;
        let store = bench.store.clone();
        flows.spawn(async move {
            let writes = vec![Write::UseInvitation(invitation)];
            store.commit(change(flow, 0, writes)).await
        });
    }
    let (made, refused): (Vec<_>, Vec<_>) =
        (flows.join_all().await.into_iter()).partition(Result::is_ok);
    assert_eq!((made.len(), refused.len()), (1, 9));
    let ended =
        |result: &Result<(), StoreError>| matches!(result, Err(StoreError::InvitationEnded));
    assert!(refused.iter().all(ended), "{refused:?}");
    let found = bench.store.invitation(&key(1)).await.unwrap().unwrap();
    assert!(found.is_used);
}

async fn whoever_is_enrolled_is_not_invited(bench: Bench) {
    bench.staff().await;
    bench.account(1).await;
    let entry = entry(Event::PatientInvited, 1);
    let refused = bench
        .store
        .invite(
            invitation(1, crate::patient::PatientId([1; 16])),
            Some(job(1, 600)),
            at(0),
            entry,
        )
        .await;
    assert!(matches!(refused, Err(StoreError::AlreadyEnrolled)));
    assert_eq!(bench.number("SELECT count(*) FROM outbox").await, 0);
}

async fn an_invitation_and_an_enrollment_at_once_do_not_both_stand(bench: Bench) {
    bench.staff().await;
    for n in 1..=10 {
        let patient = bench.patient(n).await;
        let old = bench.invite(n, patient).await;
        let flow = bench.flow(n).await;
        let writes = vec![
            Write::UseInvitation(old),
            Write::Account(account(n, patient)),
            Write::Audit(entry(Event::Enrolled, n)),
        ];
        let invited = entry(Event::PatientInvited, n);
        let (enrolled, invited) = tokio::join!(
            bench.store.commit(change(flow, 0, writes)),
            bench
                .store
                .invite(invitation(n + 100, patient), None, at(0), invited),
        );
        match (enrolled, invited) {
            (Ok(()), Err(StoreError::AlreadyEnrolled))
            | (Err(StoreError::InvitationEnded), Ok(())) => {}
            other => panic!("{other:?}"),
        }
        let found = bench.store.invitation(&key(n)).await.unwrap().unwrap();
        assert_eq!(found.id, InvitationId([n; 16]));
        assert_ne!(found.is_used, found.is_replaced);
    }
}

async fn accounts_are_found_by_email_and_by_id(bench: Bench) {
    let (one, two) = (bench.account(1).await, bench.account(2).await);
    let found = bench.store.accounts_by_email(&key(100)).await.unwrap();
    let ids: Vec<_> = found.iter().map(|account| account.id).collect();
    assert_eq!(ids, [one, two]);
    let found = bench.store.account(two).await.unwrap().unwrap();
    assert_eq!(
        (found.sealed.0, found.patient_sealed.0),
        (sealed(2).0, sealed(2).0)
    );
    let none = bench.store.accounts_by_email(&key(101)).await.unwrap();
    assert!(none.is_empty());
}
