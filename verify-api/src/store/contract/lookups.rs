//! Looking patients up: by a row or the birth date, so many at most.

use std::sync::Arc;

use super::bench::{at, key, sealed};
use super::{Bench, on_each_store};
use crate::patient::PatientId;
use crate::store::{
    ImportBatch, Listed, LookedUp, LookupKey, NewPatient, Relisted, Resealed, StoreError,
};

on_each_store!(
    whoever_has_a_row_or_the_birth_date_is_found_once,
    no_more_are_found_than_were_asked_for_and_always_the_same,
    one_group_of_rows_takes_no_place_of_the_other,
    a_record_that_changes_changes_its_rows,
    older_records_get_their_rows_once_and_as_they_were_read,
);

fn row(birth: u8, name: u8) -> LookupKey {
    LookupKey {
        birth: [birth; 8],
        name: [name; 8],
    }
}

fn new(n: u8, lookups: &[LookupKey]) -> NewPatient {
    NewPatient {
        id: PatientId([n; 16]),
        source: key(n),
        sealed: sealed(n),
        lookups: lookups.to_vec(),
    }
}

async fn import(bench: &Bench, created: Vec<NewPatient>) {
    let batch = ImportBatch {
        created,
        ..ImportBatch::default()
    };
    bench.store.import(Arc::new(batch), at(5)).await.unwrap();
}

/// Who is found, in the order of their ids.
async fn found(bench: &Bench, rows: &[LookupKey], birth: u8, most: u32) -> Vec<u8> {
    let rows = [rows.to_vec(), Vec::new()];
    let (found, is_cut) = found_of(bench, rows, birth, most).await;
    assert!(!is_cut || found.len() >= most as usize, "{found:?}");
    found
}

/// Who is found, and whether there are others.
async fn found_of(
    bench: &Bench,
    rows: [Vec<LookupKey>; 2],
    birth: u8,
    most: u32,
) -> (Vec<u8>, bool) {
    let wanted = LookedUp {
        rows,
        by_rows: most,
        birth: [birth; 8],
        by_birth: most,
    };
    let found = bench.store.look_up(wanted).await.unwrap();
    let is_cut = found.is_cut;
    let mut found: Vec<_> = found
        .records
        .into_iter()
        .map(|(PatientId([n, ..]), record)| {
            assert_eq!(record.0, sealed(n).0);
            n
        })
        .collect();
    found.sort_unstable();
    (found, is_cut)
}

async fn whoever_has_a_row_or_the_birth_date_is_found_once(bench: Bench) {
    let created = vec![
        new(1, &[row(1, 1), row(1, 2)]),
        new(2, &[row(1, 1)]),
        new(3, &[row(2, 1), row(2, 2)]),
        new(4, &[row(2, 2)]),
    ];
    import(&bench, created).await;
    assert_eq!(found(&bench, &[], 1, 9).await, [1, 2]);
    assert_eq!(found(&bench, &[row(2, 2)], 9, 9).await, [3, 4]);
    let rows = [row(1, 2), row(2, 1), row(2, 2), row(3, 1)];
    assert_eq!(found(&bench, &rows, 1, 9).await, [1, 2, 3, 4]);
    assert!(
        found(&bench, &[row(1, 3), row(3, 1)], 9, 9)
            .await
            .is_empty()
    );
}

async fn no_more_are_found_than_were_asked_for_and_always_the_same(bench: Bench) {
    let created = (1..=20).map(|n| new(n, &[row(1, n % 4), row(1, 9)]));
    import(&bench, created.rev().collect()).await;
    let none = || [Vec::new(), Vec::new()];
    let all = found_of(&bench, none(), 1, 20).await;
    assert_eq!((all.0.len(), all.1), (20, false));
    let few = (vec![1, 2, 3, 4, 5, 6, 7], true);
    assert_eq!(found_of(&bench, none(), 1, 7).await, few);
    let by_row = || vec![row(1, 9)];
    assert_eq!(found_of(&bench, [by_row(), vec![]], 8, 7).await, few);
    assert_eq!(found_of(&bench, [vec![], by_row()], 8, 7).await, few);
    let by_both = (0..4).map(|n| row(1, n)).collect();
    assert_eq!(found_of(&bench, [by_both, vec![]], 8, 7).await, few);
    let all = found_of(&bench, [by_row(), vec![]], 8, 20).await;
    assert_eq!((all.0.len(), all.1), (20, false));
}

/// Else very many who are a slip away would hide whoever is meant.
async fn one_group_of_rows_takes_no_place_of_the_other(bench: Bench) {
    let many = (1..=9).map(|n| new(n, &[row(1, 1)]));
    import(&bench, many.chain([new(20, &[row(2, 1)])]).collect()).await;
    let rows = [vec![row(2, 1)], vec![row(1, 1)]];
    let found = found_of(&bench, rows, 8, 3).await;
    assert_eq!(found, (vec![1, 2, 3, 20], true));
}

async fn a_record_that_changes_changes_its_rows(bench: Bench) {
    import(
        &bench,
        vec![new(1, &[row(1, 1), row(1, 2)]), new(2, &[row(1, 1)])],
    )
    .await;
    let relist = |old| ImportBatch {
        updated: vec![Resealed {
            id: [1; 16],
            old,
            new: sealed(1),
        }],
        relisted: vec![Relisted {
            id: PatientId([1; 16]),
            old: vec![row(1, 1), row(1, 2)],
            new: vec![row(2, 1)],
        }],
        ..ImportBatch::default()
    };
    let refused = bench.store.import(Arc::new(relist(sealed(9))), at(6)).await;
    assert!(matches!(refused, Err(StoreError::Conflict)), "{refused:?}");
    assert_eq!(found(&bench, &[], 1, 9).await, [1, 2], "all or nothing");
    let relisted = Arc::new(relist(sealed(1)));
    bench.store.import(relisted, at(6)).await.unwrap();
    assert_eq!(found(&bench, &[row(1, 2)], 1, 9).await, [2]);
    assert_eq!(found(&bench, &[], 2, 9).await, [1]);
    assert!(bench.store.unlisted(None, 9).await.unwrap().is_empty());
}

async fn older_records_get_their_rows_once_and_as_they_were_read(bench: Bench) {
    import(&bench, (1..=5).map(|n| new(n, &[])).collect()).await;
    let none = if bench.is_sqlite() { "0" } else { "FALSE" };
    let older = format!("UPDATE patients SET is_listed = {none}");
    bench.tamper(&older).await.unwrap();
    let unlisted = async |after: Option<u8>, limit| -> Vec<u8> {
        let after = after.map(|n| PatientId([n; 16]));
        let found = bench.store.unlisted(after, limit).await.unwrap();
        found.into_iter().map(|(id, _)| id.0[0]).collect()
    };
    assert_eq!(unlisted(None, 3).await, [1, 2, 3]);
    assert_eq!(unlisted(Some(3), 9).await, [4, 5]);
    let listed = |n: u8, read_as: u8| Listed {
        id: PatientId([n; 16]),
        sealed: sealed(read_as),
        lookups: vec![row(1, n), row(1, 9)],
    };
    let some = vec![listed(4, 4), listed(2, 9), listed(1, 1)];
    assert_eq!(bench.store.list(some).await.unwrap(), 2);
    assert_eq!(found(&bench, &[], 1, 9).await, [1, 4]);
    assert_eq!(unlisted(None, 9).await, [2, 3, 5]);
    assert_eq!(bench.store.list(vec![listed(1, 1)]).await.unwrap(), 0);
    assert_eq!(
        bench.number("SELECT count(*) FROM patient_lookups").await,
        4
    );
}
