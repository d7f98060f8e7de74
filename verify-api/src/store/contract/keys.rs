//! The keys of records: none goes while a record needs it, and none that has
//! gone is written with.

use super::bench::{
    at, change, entry, invitation, job, key, sealed, sealed_with, stored_key, wrapped,
};
use super::visits::{DANA, begin, check, shown};
use super::{Bench, on_each_store, providers, proxies};
use crate::audit::{Entry, Event};
use crate::crypto::{KeyId, Sealed, Wrapped};
use crate::patient::PatientId;
use crate::staff::ProxyId;
use crate::store::{FlowId, ImportBatch, NewFlow, Place, Resealed, StoreError, StoredKey};

on_each_store!(
    a_database_gets_its_first_keys_once,
    a_key_is_added_under_the_same_master_key_and_number_only_once,
    records_are_found_in_every_place_and_page_by_page,
    a_record_that_was_changed_meanwhile_is_left_alone,
    a_key_is_erased_once_no_record_needs_it,
    no_record_is_written_with_a_key_that_is_gone,
    keys_are_wrapped_anew_all_or_none,
);

const SECOND: KeyId = KeyId(2);

async fn add(bench: &Bench, id: KeyId, root: u8) -> Result<(), StoreError> {
    let entry = Entry::key(Event::KeyAdded, id);
    let (key, root) = (stored_key(id), wrapped(root));
    bench.store.add_key(&key, &root, at(1), entry).await
}

async fn ids(bench: &Bench) -> Vec<u16> {
    let keys = bench.store.keys().await.unwrap();
    keys.iter().map(|key| key.id.0).collect()
}

async fn erase(bench: &Bench, id: KeyId) -> Result<(), StoreError> {
    let entry = Entry::key(Event::KeyErased, id);
    bench.store.erase_key(id, at(2), entry).await
}

/// One record in every place.
async fn everywhere(bench: &Bench) {
    bench.staff().await;
    bench.set_up(0xEE, 1).await;
    bench.account(1).await;
    let patient = bench.patient(2).await;
    begin(bench, 2, patient).await.unwrap();
    assert!(check(bench, shown(2, DANA, 1)).await);
    assert!(proxies::note(bench, shown(2, DANA, 1), 2, patient).await);
    let mut mailed = invitation(2, patient);
    mailed.mailed_to = Some(sealed(2));
    mailed.proxy = Some(ProxyId([2; 16]));
    let invited = entry(Event::PatientInvited, 2);
    let job = Some(job(2, 600));
    bench
        .store
        .invite(mailed, job, at(0), invited)
        .await
        .unwrap();
    providers::add(bench, 1).await;
    // What is done has no record left, and needs no key.
    let flow = bench.flow(3).await;
    let none = change(flow, 0, vec![]);
    bench.store.commit(none).await.unwrap();
    bench.tamper("INSERT INTO outbox (id, lane, created_at, not_after, next_at) SELECT substr(token_digest, 1, 16), 'email', 0, 0, 0 FROM flows").await.unwrap();
}

async fn a_database_gets_its_first_keys_once(bench: Bench) {
    assert_eq!(ids(&bench).await, [0, 1]);
    // Even if they were lost: new ones would open nothing.
    bench.tamper("DELETE FROM keys").await.unwrap();
    let database = bench.connect().await;
    let made = database
        .first_keys(&super::bench::first_keys(), &bench.chain, at(0))
        .await;
    assert!(made.unwrap().is_empty());
}

async fn a_key_is_added_under_the_same_master_key_and_number_only_once(bench: Bench) {
    let other = add(&bench, SECOND, 9).await;
    assert!(matches!(other, Err(StoreError::Conflict)), "{other:?}");
    add(&bench, SECOND, 1).await.unwrap();
    let again = add(&bench, SECOND, 1).await;
    assert!(matches!(again, Err(StoreError::Conflict)), "{again:?}");
    assert_eq!(ids(&bench).await, [0, 1, 2]);
    assert_eq!(bench.number("SELECT count(*) FROM audit").await, 1);
}

async fn records_are_found_in_every_place_and_page_by_page(bench: Bench) {
    everywhere(&bench).await;
    add(&bench, SECOND, 1).await.unwrap();
    for (place, count) in [
        (Place::Patients, 2),
        (Place::Staff, 1),
        (Place::StaffCredentials, 1),
        (Place::Proxies, 1),
        (Place::Invitations, 1),
        (Place::Accounts, 1),
        (Place::Flows, 2),
        (Place::Outbox, 1),
        (Place::Providers, 1),
    ] {
        let store = &bench.store;
        assert_eq!(store.count_otherwise(place, SECOND).await.unwrap(), count);
        assert_eq!(store.count_otherwise(place, KeyId::FIRST).await.unwrap(), 0);
        let (mut after, mut found) = (None, 0);
        loop {
            let page = store
                .sealed_otherwise(place, SECOND, after, 1)
                .await
                .unwrap();
            let Some((id, _)) = page.first() else { break };
            (after, found) = (Some(*id), found + 1);
        }
        assert_eq!(found, count, "{place:?}");
        let page = store
            .sealed_otherwise(place, SECOND, None, 100)
            .await
            .unwrap();
        let resealed = page.into_iter().map(|(id, old)| Resealed {
            id,
            old,
            new: sealed_with(SECOND, 7),
        });
        let replaced = store.reseal(place, resealed.collect()).await.unwrap();
        assert_eq!(replaced, count, "{place:?}");
        assert_eq!(store.count_otherwise(place, SECOND).await.unwrap(), 0);
    }
}

async fn a_record_that_was_changed_meanwhile_is_left_alone(bench: Bench) {
    add(&bench, SECOND, 1).await.unwrap();
    let patient = bench.patient(1).await;
    let resealed = |old: Sealed| Resealed {
        id: patient.0,
        old,
        new: sealed_with(SECOND, 7),
    };
    let records = vec![resealed(sealed(99))];
    let replaced = bench.store.reseal(Place::Patients, records).await;
    assert_eq!(replaced.unwrap(), 0);
    let kept = bench.store.patient(patient).await.unwrap().unwrap();
    assert_eq!(kept.0, sealed(1).0);
    let records = vec![resealed(sealed(1))];
    let replaced = bench.store.reseal(Place::Patients, records).await;
    assert_eq!(replaced.unwrap(), 1);
}

async fn a_key_is_erased_once_no_record_needs_it(bench: Bench) {
    everywhere(&bench).await;
    add(&bench, SECOND, 1).await.unwrap();
    for place in Place::ALL {
        let refused = erase(&bench, KeyId::FIRST).await;
        assert!(matches!(refused, Err(StoreError::Conflict)), "{refused:?}");
        let page = bench.store.sealed_otherwise(place, SECOND, None, 100).await;
        let resealed = page.unwrap().into_iter().map(|(id, old)| Resealed {
            id,
            old,
            new: sealed_with(SECOND, 7),
        });
        bench.store.reseal(place, resealed.collect()).await.unwrap();
    }
    erase(&bench, KeyId::FIRST).await.unwrap();
    assert_eq!(ids(&bench).await, [0, 2]);
    let erased = "SELECT count(*) FROM audit WHERE event = 'key-erased'";
    assert_eq!(bench.number(erased).await, 1);
    // Again is no error, and no other act.
    erase(&bench, KeyId::FIRST).await.unwrap();
    assert_eq!(bench.number(erased).await, 1);
}

async fn no_record_is_written_with_a_key_that_is_gone(bench: Bench) {
    add(&bench, SECOND, 1).await.unwrap();
    erase(&bench, KeyId::FIRST).await.unwrap();
    let put = |sealed| {
        let patient = PatientId([1; 16]);
        let batch = ImportBatch::of_new(patient, key(1), sealed);
        bench.store.import(batch, at(0))
    };
    assert!(put(sealed(1)).await.is_err());
    assert_eq!(bench.number("SELECT count(*) FROM patients").await, 0);
    put(sealed_with(SECOND, 1)).await.unwrap();
    let flow = NewFlow {
        id: FlowId([1; 16]),
        token: key(1),
        state: sealed(1),
        at: at(0),
        expires_at: at(60),
        subject: None,
        charges: Vec::new(),
    };
    assert!(bench.store.insert_flow(flow).await.is_err());
}

async fn keys_are_wrapped_anew_all_or_none(bench: Bench) {
    let pairs = |keys: Vec<StoredKey>| -> Vec<(StoredKey, Wrapped)> {
        keys.into_iter().map(|key| (key, wrapped(2))).collect()
    };
    let before = bench.store.keys().await.unwrap();
    add(&bench, SECOND, 1).await.unwrap();
    let rewrap = |keys| {
        let entry = Entry::key(Event::KeysRewrapped, KeyId::ROOT);
        bench.store.rewrap(pairs(keys), at(3), entry)
    };
    let stale = rewrap(before).await;
    assert!(matches!(stale, Err(StoreError::Conflict)), "{stale:?}");
    let mut changed = bench.store.keys().await.unwrap();
    changed[2].wrapped = wrapped(77);
    let stale = rewrap(changed).await;
    assert!(matches!(stale, Err(StoreError::Conflict)), "{stale:?}");
    let kept = bench.store.keys().await.unwrap();
    assert!(kept.iter().all(|key| key.wrapped == wrapped(1)));
    rewrap(kept).await.unwrap();
    let kept = bench.store.keys().await.unwrap();
    assert!(kept.iter().all(|key| key.wrapped == wrapped(2)));
    // A key in the old wrapping comes too late.
    let late = add(&bench, KeyId(3), 1).await;
    assert!(matches!(late, Err(StoreError::Conflict)), "{late:?}");
}
