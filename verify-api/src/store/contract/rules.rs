//! Rules that hold whatever statement comes: ours with a mistake in it, or an
//! operator's.

use super::bench::{at, change, job, key, mailed_link};
use super::{Bench, on_each_store};
use crate::flow::CodeFor;
use crate::store::{Guess, JobId, Write};

on_each_store!(
    a_username_cannot_be_changed,
    nothing_is_replaced_on_sqlite,
    what_is_spent_stays_spent,
    a_counted_try_stays_counted,
    ids_have_their_length,
);

async fn refused(bench: &Bench, sql: &str) {
    let refused = bench.tamper(sql).await;
    assert!(refused.is_err(), "`{sql}` was done: {refused:?}");
}

async fn a_username_cannot_be_changed(bench: Bench) {
    bench.account(1).await;
    bench.patient(2).await;
    refused(
        &bench,
        "UPDATE accounts SET username_key = (SELECT id FROM patients LIMIT 1)",
    )
    .await;
    refused(
        &bench,
        "UPDATE accounts SET patient_id = (SELECT id FROM patients ORDER BY id DESC LIMIT 1)",
    )
    .await;
    let email = bench.tamper("UPDATE accounts SET email_key = id").await;
    assert_eq!(email, Ok(1));
}

/// PostgreSQL has no such statement, and refuses it as well.
async fn nothing_is_replaced_on_sqlite(bench: Bench) {
    bench.account(1).await;
    bench.patient(2).await;
    for sql in [
        "INSERT OR REPLACE INTO accounts (id, patient_id, username_key, email_key, sealed,
         password, password_no, created_at) SELECT id, patient_id, email_key, email_key, sealed,
         password, password_no, created_at FROM accounts",
        "INSERT OR REPLACE INTO accounts (id, patient_id, username_key, email_key, sealed,
         password, password_no, created_at) SELECT zeroblob(16), patient_id, email_key, email_key,
         sealed, password, password_no, created_at FROM accounts",
        "INSERT OR REPLACE INTO accounts (id, patient_id, username_key, email_key, sealed,
         password, password_no, created_at) SELECT zeroblob(16), p.id, username_key, email_key,
         a.sealed, password, password_no, created_at FROM accounts a, patients p WHERE p.id <> a.patient_id",
        "INSERT OR REPLACE INTO audit SELECT seq, at, 'enrolled', subject, actor, link FROM audit",
    ] {
        refused(&bench, sql).await;
    }
}

async fn what_is_spent_stays_spent(bench: Bench) {
    bench.staff().await;
    let account = bench.account(1).await;
    let patient = bench.patient(2).await;
    let invitation = bench.invite(2, patient).await;
    let flow = bench.flow(2).await;
    let asked = Write::Challenge {
        purpose: CodeFor::Reset,
        job: JobId([1; 16]),
        patient: None,
        expires_at: at(600),
        limit: 5,
    };
    let writes = vec![asked, Write::Job(job(1, 600))];
    bench.store.commit(change(flow, 0, writes)).await.unwrap();
    bench.sent(flow, 1).await;
    let writes = vec![
        Write::SpendChallenge(CodeFor::Reset),
        Write::UseInvitation(invitation),
    ];
    bench.store.commit(change(flow, 1, writes)).await.unwrap();
    let reveal = mailed_link(7, account, 60);
    bench.store.set_reveal(reveal).await.unwrap();
    bench.store.spend_reveal(&key(7), at(1)).await.unwrap();
    for sql in [
        "UPDATE challenges SET spent_at = NULL",
        "UPDATE challenges SET code_digest = id FROM flows",
        "UPDATE reveals SET spent_at = NULL",
        "UPDATE reveals SET spent_at = 5",
        "UPDATE invitations SET used_at = NULL",
        "UPDATE invitations SET replaced_at = 5",
    ] {
        refused(&bench, sql).await;
    }
}

async fn a_counted_try_stays_counted(bench: Bench) {
    let flow = bench.flow(1).await;
    let asked = Write::Challenge {
        purpose: CodeFor::Reset,
        job: JobId([1; 16]),
        patient: None,
        expires_at: at(600),
        limit: 5,
    };
    bench
        .store
        .commit(change(flow, 0, vec![asked]))
        .await
        .unwrap();
    let tried = bench
        .store
        .try_code(Guess {
            flow,
            version: bench.version(flow).await,
            purpose: CodeFor::Reset,
            limit: 5,
            ladder: key(99),
            username: None,
            account: None,
            at: at(0),
        })
        .await;
    assert!(tried.unwrap().is_some());
    refused(&bench, "UPDATE challenges SET tries = 0").await;
}

async fn ids_have_their_length(bench: Bench) {
    bench.patient(1).await;
    refused(
        &bench,
        "INSERT INTO patients (id, source_key, sealed, updated_at)
         SELECT source_key, id, sealed, 0 FROM patients",
    )
    .await;
}
