//! The audit trail: one chain, whoever writes, and any change is found.

use tokio::task::JoinSet;

use super::bench::{at, change, entry};
use super::{Bench, on_each_store};
use crate::audit::{Broken, Event, Head, Verifier};
use crate::store::Write;

on_each_store!(
    lines_written_at_once_make_one_chain,
    the_database_refuses_to_change_the_trail,
    ends_that_were_taken_away_come_back_by_nobody,
    any_change_is_found,
    a_shortened_trail_is_still_whole,
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
