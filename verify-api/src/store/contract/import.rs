//! Imports: batches of records, whole or not at all.

use std::sync::Arc;

use super::bench::{account, at, change, entry, invitation, key, sealed};
use super::{Bench, on_each_store};
use crate::audit::Event;
use crate::crypto::Sealed;
use crate::patient::PatientId;
use crate::store::{ImportBatch, NewPatient, Resealed, StoreError, Write};

on_each_store!(
    a_batch_stands_whole_with_its_lines,
    patients_who_come_again_are_brought_up_to_date,
    a_batch_that_meets_what_it_has_not_read_leaves_nothing,
    of_imports_at_once_each_patient_is_made_by_one,
    whose_record_was_closed_has_no_open_invitation_and_keeps_the_account,
    nobody_is_invited_by_a_record_that_has_changed_since,
);

fn new(n: u8) -> NewPatient {
    NewPatient {
        id: PatientId([n; 16]),
        source: key(n),
        sealed: sealed(n),
        lookups: Vec::new(),
    }
}

fn replaced(n: u8, old: Sealed, by: u8) -> Resealed {
    Resealed {
        id: [n; 16],
        old,
        new: sealed(by),
    }
}

async fn import(bench: &Bench, batch: ImportBatch) -> Result<u64, StoreError> {
    bench.store.import(Arc::new(batch), at(5)).await
}

async fn record(bench: &Bench, n: u8) -> Vec<u8> {
    let kept = bench.store.patient(PatientId([n; 16])).await.unwrap();
    kept.unwrap().0
}

async fn a_batch_stands_whole_with_its_lines(bench: Bench) {
    let batch = ImportBatch {
        created: (1..=200).map(new).collect(),
        audit: (1..=200)
            .map(|n| entry(Event::PatientImported, n))
            .collect(),
        ..ImportBatch::default()
    };
    assert_eq!(import(&bench, batch).await.unwrap(), 0);
    assert_eq!(bench.store.count_patients().await.unwrap(), 200);
    let lines = bench.store.audit_lines(0, 500).await.unwrap();
    let subjects = lines.iter().map(|(line, _)| line.subject[0]);
    assert_eq!(
        subjects.collect::<Vec<_>>(),
        (1..=200).collect::<Vec<u8>>(),
        "in their order"
    );
    let sources = vec![key(7), key(201), key(9)];
    let mut found = bench.store.patients_by_source(sources).await.unwrap();
    found.sort_by_key(|found| found.id.0);
    let found: Vec<_> = found
        .into_iter()
        .map(|found| (found.source.0, found.id.0, found.sealed.0))
        .collect();
    assert_eq!(
        found,
        [7, 9].map(|n| (key(n).0, [n; 16], sealed(n).0)),
        "who is not there is left out"
    );
    assert_eq!(import(&bench, ImportBatch::default()).await.unwrap(), 0);
    assert_eq!(bench.number("SELECT count(*) FROM audit").await, 200);
}

async fn patients_who_come_again_are_brought_up_to_date(bench: Bench) {
    for n in [1, 2, 3] {
        bench.patient(n).await;
    }
    let batch = ImportBatch {
        updated: vec![replaced(3, sealed(3), 43), replaced(1, sealed(1), 41)],
        ..ImportBatch::default()
    };
    import(&bench, batch).await.unwrap();
    for (n, now) in [(1, 41), (2, 2), (3, 43)] {
        assert_eq!(record(&bench, n).await, sealed(now).0, "{n}");
    }
    assert_eq!(bench.number("SELECT count(*) FROM patients").await, 3);
}

async fn a_batch_that_meets_what_it_has_not_read_leaves_nothing(bench: Bench) {
    bench.patient(1).await;
    let lines = bench.number("SELECT count(*) FROM audit").await;
    let known = ImportBatch {
        created: vec![new(2), {
            let id = PatientId([3; 16]);
            NewPatient { id, ..new(1) }
        }],
        ..ImportBatch::default()
    };
    let changed = ImportBatch {
        created: vec![new(2)],
        updated: vec![replaced(1, sealed(9), 41)],
        audit: vec![entry(Event::PatientImported, 2)],
        ..ImportBatch::default()
    };
    for batch in [known, changed] {
        let refused = import(&bench, batch).await;
        assert!(matches!(refused, Err(StoreError::Conflict)), "{refused:?}");
        assert_eq!(bench.store.count_patients().await.unwrap(), 1);
        assert_eq!(record(&bench, 1).await, sealed(1).0);
        assert_eq!(bench.number("SELECT count(*) FROM audit").await, lines);
    }
}

async fn of_imports_at_once_each_patient_is_made_by_one(bench: Bench) {
    let batch = |id: u8, order: Vec<u8>| ImportBatch {
        created: order
            .into_iter()
            .map(|n| {
                let id = PatientId([id; 16].map(|byte| byte ^ n));
                NewPatient { id, ..new(n) }
            })
            .collect(),
        ..ImportBatch::default()
    };
    let (one, other) = tokio::join!(
        import(&bench, batch(0x40, (1..=50).collect())),
        import(&bench, batch(0x80, (1..=50).rev().collect())),
    );
    assert!(
        matches!(
            (&one, &other),
            (Ok(_), Err(StoreError::Conflict)) | (Err(StoreError::Conflict), Ok(_))
        ),
        "{one:?} {other:?}"
    );
    assert_eq!(bench.store.count_patients().await.unwrap(), 50);
}

async fn whose_record_was_closed_has_no_open_invitation_and_keeps_the_account(bench: Bench) {
    bench.staff().await;
    let (invited, other) = (bench.patient(1).await, bench.patient(2).await);
    let enrolled = bench.patient(3).await;
    bench.invite(1, invited).await;
    bench.invite(2, other).await;
    let flow = bench.flow(3).await;
    let writes = vec![Write::Account(account(3, enrolled))];
    bench.store.commit(change(flow, 0, writes)).await.unwrap();
    let accounts = "SELECT count(*) FROM accounts";
    let closed = ImportBatch {
        updated: vec![replaced(1, sealed(1), 41), replaced(3, sealed(3), 43)],
        closed: vec![invited, enrolled],
        ..ImportBatch::default()
    };
    assert_eq!(import(&bench, closed).await.unwrap(), 1);
    let is_open = async |n| {
        let found = bench.store.invitation(&key(n)).await.unwrap().unwrap();
        !found.is_replaced
    };
    assert_eq!([is_open(1).await, is_open(2).await], [false, true]);
    assert_eq!(bench.number(accounts).await, 1);
    let told = "SELECT count(*) FROM audit WHERE event = 'invitation-withdrawn'";
    assert_eq!(bench.number(told).await, 1);
    let again = ImportBatch {
        closed: vec![invited, enrolled],
        ..ImportBatch::default()
    };
    assert_eq!(import(&bench, again).await.unwrap(), 0);
    assert_eq!(bench.number(told).await, 1);
}

async fn nobody_is_invited_by_a_record_that_has_changed_since(bench: Bench) {
    bench.staff().await;
    let patient = bench.patient(1).await;
    let batch = ImportBatch {
        updated: vec![replaced(1, sealed(1), 41)],
        closed: vec![patient],
        ..ImportBatch::default()
    };
    import(&bench, batch).await.unwrap();
    let invite = async |record| {
        let invitation = crate::store::NewInvitation {
            record,
            ..invitation(1, patient)
        };
        let entry = entry(Event::PatientInvited, 1);
        bench.store.invite(invitation, None, at(6), entry).await
    };
    let refused = invite(sealed(1)).await;
    assert!(matches!(refused, Err(StoreError::Conflict)), "{refused:?}");
    assert!(bench.store.invitation(&key(1)).await.unwrap().is_none());
    invite(sealed(41)).await.unwrap();
}
