//! The audit trail: one chain, whoever writes, and any change is found.

use tokio::task::JoinSet;

use super::bench::{account, at, change, entry};
use super::{Bench, on_each_store};
use crate::account::AccountId;
use crate::audit::{Broken, Entry, Event, Head, Verifier};
use crate::patient::PatientId;
use crate::staff::StaffId;
use crate::store::{AccountRow, TrailPlace, TrailQuery, Write};

on_each_store!(
    lines_written_at_once_make_one_chain,
    the_database_refuses_to_change_the_trail,
    ends_that_were_taken_away_come_back_by_nobody,
    any_change_is_found,
    a_shortened_trail_is_still_whole,
    lines_are_found_newest_first_by_all_that_was_asked,
    each_page_begins_after_the_last_line_of_the_one_before,
    a_patient_has_the_lines_of_their_accounts,
);

/// Follows the trail as it stands in the database.
async fn verify(bench: &Bench) -> Result<Head, Broken> {
    let ends = bench.store.audit_ends().await.unwrap().unwrap();
    let mut verifier = Verifier::begin(bench.chain.clone(), ends.start, &ends.mark)?;
    loop {
        let after = verifier.head().seq;
        let lines = bench.store.audit_lines(after, 7).await.unwrap();
        if lines.is_empty() {
            return verifier.end(&ends.head);
        }
        for (line, link) in lines {
            verifier.take(&line, &link)?;
        }
    }
}

async fn lines(bench: &Bench, count: u8) {
    for n in 1..=count {
        let flow = bench.flow(n).await;
        let mut change = change(flow, 0, vec![Write::Audit(entry(Event::CodeAsked, n))]);
        change.at = at(i64::from(n) * 100);
        bench.store.commit(change).await.unwrap();
    }
}

async fn lines_written_at_once_make_one_chain(bench: Bench) {
    let mut tasks = JoinSet::new();
    for n in 1..=40 {
        let flow = bench.flow(n).await;
        let store = bench.store.clone();
        let line = |event| Write::Audit(entry(event, n));
        let writes = vec![line(Event::CodeAsked), line(Event::PhoneProven)];
        tasks.spawn(async move { store.commit(change(flow, 0, writes)).await });
    }
    for made in tasks.join_all().await {
        made.unwrap();
    }
    assert_eq!(verify(&bench).await.unwrap().seq, 80);
    let first = bench.store.audit_lines(0, 1).await.unwrap();
    assert_eq!(first.first().map(|(line, _)| line.seq), Some(1));
}

async fn the_database_refuses_to_change_the_trail(bench: Bench) {
    lines(&bench, 3).await;
    for sql in [
        "UPDATE audit SET event = 'enrolled' WHERE seq = 2",
        "DELETE FROM audit WHERE seq = 3",
        "DELETE FROM audit",
        "DELETE FROM audit_ends",
        "UPDATE audit_ends SET seq = 2",
        "UPDATE audit_ends SET start_seq = -1",
        "UPDATE audit_ends SET start_seq = 4",
        "INSERT INTO audit_ends SELECT 1, 0, link, start_mark, 0, link FROM audit_ends",
        // Each database refuses the other's words for it, too.
        "INSERT OR REPLACE INTO audit_ends SELECT 1, 0, link, start_mark, 0, link FROM audit_ends",
        "TRUNCATE audit, audit_ends",
    ] {
        assert!(bench.tamper(sql).await.is_err(), "{sql}");
    }
    assert_eq!(verify(&bench).await.unwrap().seq, 3);
}

/// Even where somebody has got past the guard of the ends.
async fn ends_that_were_taken_away_come_back_by_nobody(bench: Bench) {
    lines(&bench, 3).await;
    bench.unguard("audit_ends_stay", "audit_ends").await;
    assert_eq!(bench.tamper("DELETE FROM audit_ends").await, Ok(1));
    for sql in [
        "DELETE FROM audit",
        "INSERT INTO audit_ends SELECT 1, 0, link, link, 0, link FROM audit WHERE seq = 1",
    ] {
        assert!(bench.tamper(sql).await.is_err(), "{sql}");
    }
    let database = bench.connect().await;
    let others = super::bench::first_keys();
    let keys = database.first_keys(&others, &bench.chain, at(0)).await;
    assert_eq!(keys.unwrap().len(), 2);
    let store = database.store(bench.chain.clone());
    assert!(store.audit_ends().await.unwrap().is_none());
    let flow = bench.flow(9).await;
    let line = Write::Audit(entry(Event::CodeAsked, 9));
    let made = store.commit(change(flow, 0, vec![line])).await;
    assert!(made.is_err(), "nothing is done without its line");
}

/// Each change is made on a trail of its own, with the database's own guards
/// taken away first.
async fn any_change_is_found(bench: Bench) {
    lines(&bench, 5).await;
    for (trigger, table) in [
        ("audit_is_append_only_update", "audit"),
        ("audit_is_append_only_delete", "audit"),
        ("audit_ends_only_move_on", "audit_ends"),
    ] {
        bench.unguard(trigger, table).await;
    }
    let changed = |seq| Err(Broken::Changed { seq });
    for (sql, undo, found) in [
        (
            "UPDATE audit SET event = 'enrolled' WHERE seq = 2",
            "UPDATE audit SET event = 'code-asked' WHERE seq = 2",
            changed(2),
        ),
        (
            "UPDATE audit SET at = at + 1 WHERE seq = 3",
            "UPDATE audit SET at = at - 1 WHERE seq = 3",
            changed(3),
        ),
        (
            "UPDATE audit SET actor = subject WHERE seq = 5",
            "UPDATE audit SET actor = NULL WHERE seq = 5",
            changed(5),
        ),
        (
            "UPDATE audit_ends SET seq = 4",
            "UPDATE audit_ends SET seq = 5",
            Err(Broken::End {
                expected: 4,
                found: 5,
            }),
        ),
        (
            "UPDATE audit_ends SET start_seq = 2",
            "UPDATE audit_ends SET start_seq = 0",
            Err(Broken::Start),
        ),
    ] {
        bench.tamper(sql).await.unwrap();
        assert_eq!(verify(&bench).await.map(|head| head.seq), found, "{sql}");
        bench.tamper(undo).await.unwrap();
        assert_eq!(verify(&bench).await.map(|head| head.seq), Ok(5), "{undo}");
    }
    bench
        .tamper("DELETE FROM audit WHERE seq = 5")
        .await
        .unwrap();
    let end = Broken::End {
        expected: 5,
        found: 4,
    };
    assert_eq!(verify(&bench).await.map(|head| head.seq), Err(end));
    bench
        .tamper("DELETE FROM audit WHERE seq = 2")
        .await
        .unwrap();
    let gap = Broken::Gap {
        expected: 2,
        found: 3,
    };
    assert_eq!(verify(&bench).await.map(|head| head.seq), Err(gap));
}

async fn a_shortened_trail_is_still_whole(bench: Bench) {
    lines(&bench, 5).await;
    let shorten = |before| bench.store.shorten_audit(before, at(9000));
    assert_eq!(shorten(at(100)).await.unwrap(), 0);
    assert_eq!(shorten(at(201)).await.unwrap(), 2);
    assert_eq!(verify(&bench).await.unwrap().seq, 6);
    let kept = bench.store.audit_lines(0, 10).await.unwrap();
    let seqs: Vec<_> = kept.iter().map(|(line, _)| line.seq).collect();
    assert_eq!(seqs, [3, 4, 5, 6]);
    let last = &kept.last().unwrap().0;
    assert_eq!(last.event, Event::AuditShortened.as_str());
    assert_eq!(last.subject, 2_i128.to_be_bytes());
    // What must be kept is kept, and the trail goes on.
    assert_eq!(shorten(at(201)).await.unwrap(), 0);
    assert!(
        bench
            .tamper("DELETE FROM audit WHERE seq = 3")
            .await
            .is_err()
    );
    assert_eq!(shorten(at(8000)).await.unwrap(), 3);
    assert_eq!(verify(&bench).await.unwrap().seq, 7);
}

/// Every line.
pub(super) fn every() -> TrailQuery {
    TrailQuery {
        staff: None,
        patient: None,
        event: None,
        from: None,
        until: None,
        after: None,
        limit: 100,
    }
}

/// The numbers of the lines that are found.
async fn found(bench: &Bench, query: TrailQuery) -> Vec<i64> {
    let lines = bench.store.find_lines(query).await.unwrap();
    lines.iter().map(|line| line.seq).collect()
}

const DANA: StaffId = StaffId([7; 16]);

/// Writes five lines, of which the clock calls the last one older than two before it.
async fn five_lines(bench: &Bench) {
    let flow = bench.flow(1).await;
    let (dana, other) = (DANA, StaffId([8; 16]));
    let by = |event, subject, actor: StaffId| {
        let actor = Some(actor.0);
        Write::Audit(Entry {
            event,
            subject: [subject; 16],
            actor,
        })
    };
    for (version, seconds, writes) in [
        (
            0,
            100,
            vec![
                by(Event::PatientChecked, 2, dana),
                by(Event::PatientInvited, 2, dana),
            ],
        ),
        (
            1,
            200,
            vec![
                by(Event::PatientChecked, 3, other),
                Write::Audit(entry(Event::StaffReset, 7)),
            ],
        ),
        (2, 150, vec![Write::Audit(entry(Event::PatientImported, 2))]),
    ] {
        let mut change = change(flow, version, writes);
        change.at = at(seconds);
        bench.store.commit(change).await.unwrap();
    }
}

async fn lines_are_found_newest_first_by_all_that_was_asked(bench: Bench) {
    five_lines(&bench).await;
    let dana = DANA;
    let every = every();
    assert_eq!(found(&bench, every).await, [4, 3, 5, 2, 1]);
    for (query, seqs) in [
        (
            TrailQuery {
                staff: Some(dana),
                ..every
            },
            vec![4, 2, 1],
        ),
        (
            TrailQuery {
                staff: Some(dana),
                limit: 2,
                ..every
            },
            vec![4, 2],
        ),
        (
            TrailQuery {
                event: Some(Event::PatientChecked),
                ..every
            },
            vec![3, 1],
        ),
        (
            TrailQuery {
                event: Some(Event::PatientImported),
                ..every
            },
            vec![5],
        ),
        (
            TrailQuery {
                patient: Some(PatientId([2; 16])),
                ..every
            },
            vec![5, 2, 1],
        ),
        (
            TrailQuery {
                from: Some(at(150)),
                until: Some(at(200)),
                ..every
            },
            vec![5],
        ),
        (
            TrailQuery {
                staff: Some(dana),
                patient: Some(PatientId([2; 16])),
                event: Some(Event::PatientChecked),
                from: Some(at(100)),
                until: Some(at(101)),
                ..every
            },
            vec![1],
        ),
    ] {
        assert_eq!(found(&bench, query).await, seqs, "{query:?}");
    }
}

async fn each_page_begins_after_the_last_line_of_the_one_before(bench: Bench) {
    five_lines(&bench).await;
    let every = every();
    // Also where two have the same time.
    for staff in [None, Some(DANA)] {
        let mut query = TrailQuery {
            limit: 1,
            staff,
            ..every
        };
        let mut read = Vec::new();
        while let Some(line) = bench.store.find_lines(query).await.unwrap().pop() {
            query.after = Some(TrailPlace::of(&line));
            read.push(line.seq);
            assert!(read.len() <= 5, "no line comes twice: {read:?}");
        }
        assert_eq!(read, found(&bench, TrailQuery { staff, ..every }).await);
    }
}

async fn a_patient_has_the_lines_of_their_accounts(bench: Bench) {
    let patient = bench.patient(1).await;
    let flow = bench.flow(9).await;
    let id = AccountId([0x21; 16]);
    let row = AccountRow {
        id,
        ..account(1, patient)
    };
    let writes = vec![
        Write::Account(row),
        Write::Audit(Entry::about(Event::PasswordChanged, id.0)),
        Write::Audit(entry(Event::PasswordChanged, 0x99)),
    ];
    bench.store.commit(change(flow, 0, writes)).await.unwrap();
    let query = TrailQuery {
        patient: Some(patient),
        event: Some(Event::PasswordChanged),
        ..every()
    };
    assert_eq!(bench.store.find_lines(query).await.unwrap().len(), 1);
}
