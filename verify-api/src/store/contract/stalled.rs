//! What holds on PostgreSQL alone, where several servers share a database.

use jiff::SignedDuration;
use sqlx::{Connection as _, PgConnection, PgPool};
use tokio::task::JoinHandle;

use super::bench::{at, change, entry, hash, key};
use super::{Bench, providers, visits};
use crate::account::AccountId;
use crate::audit::Event;
use crate::flow::CodeFor;
use crate::limits::Charge;
use crate::store::postgres::options;
use crate::store::{Change, FlowId, JobId, NewConnection, StoreError, Write};

/// Somebody has used up a budget of their own while another server holds the row of
/// everybody: they are told at once, and wait for nobody.
#[tokio::test(flavor = "multi_thread")]
async fn whoever_is_over_their_own_budget_waits_for_no_row_of_everybody() {
    let bench = Bench::postgres().await;
    let minute = SignedDuration::from_mins(1);
    let charge = |n, count| Charge {
        key: key(n),
        cost: minute,
        room: minute * count,
    };
    let both = || vec![charge(77, 1), charge(78, 100)];
    bench.store.charge(both(), at(0)).await.unwrap();
    let options = options(&bench.url()).unwrap();
    let mut other = PgConnection::connect_with(&options).await.unwrap();
    let mut tx = other.begin().await.unwrap();
    sqlx::query("SELECT 1 FROM budgets WHERE key = $1 FOR UPDATE")
        .bind(key(78).0.as_slice())
        .execute(&mut *tx)
        .await
        .unwrap();
    let refused = bench.store.charge(both(), at(0)).await;
    let still_held = sqlx::query("SELECT 1").execute(&mut *tx).await;
    assert!(still_held.is_ok(), "it was refused while the row was held");
    assert!(
        matches!(refused, Err(StoreError::OverBudget { wait }) if wait == minute),
        "{refused:?}"
    );
    drop(tx);
    bench.drop_database().await;
}

/// One connection stands still with the lock that everybody needs.
#[tokio::test(flavor = "multi_thread")]
async fn a_server_that_stands_still_in_a_transaction_stops_no_other() {
    let bench = Bench::postgres().await;
    let options = options(&bench.url()).unwrap();
    let mut stalled = PgConnection::connect_with(&options).await.unwrap();
    let mut tx = stalled.begin().await.unwrap();
    sqlx::query("SELECT 1 FROM audit_ends FOR UPDATE")
        .execute(&mut *tx)
        .await
        .unwrap();
    let flow = bench.flow(1).await;
    let line = Write::Audit(entry(Event::CodeAsked, 1));
    // Waits, and goes on before its own patience ends.
    bench
        .store
        .commit(change(flow, 0, vec![line]))
        .await
        .unwrap();
    let ended = sqlx::query("SELECT 1").execute(&mut *tx).await;
    assert!(ended.is_err(), "the one that stood still was ended");
    drop(tx);
    bench.drop_database().await;
}

/// A flow about the account 1 from its beginning, whose code has been sent to its owner.
async fn waiting_for_its_code(bench: &Bench) -> FlowId {
    let flow = bench.flow(20).await;
    let challenge = Write::Challenge {
        purpose: CodeFor::NewPhone,
        job: JobId([20; 16]),
        patient: None,
        expires_at: at(3600),
        limit: 5,
    };
    let asked = about_its_owner(flow, vec![challenge]);
    bench.store.commit(asked).await.unwrap();
    let (job, code, account) = (JobId([20; 16]), key(20), Some(AccountId([1; 16])));
    let set = (bench.store).set_code(flow, CodeFor::NewPhone, job, &code, account);
    assert!(set.await.unwrap());
    flow
}

fn about_its_owner(flow: FlowId, writes: Vec<Write>) -> Change {
    Change {
        subject: Some(key(99)),
        ..change(flow, 0, writes)
    }
}

/// Whether a task comes to wait for what another holds, before it is done.
async fn waits<T>(task: &JoinHandle<T>, pool: &PgPool) -> bool {
    let waiting = "SELECT count(*) FROM pg_stat_activity
         WHERE datname = current_database() AND wait_event_type = 'Lock'";
    while !task.is_finished() {
        let found = sqlx::query_scalar::<_, i64>(waiting).fetch_one(pool);
        if found.await.unwrap() > 0 {
            return true;
        }
    }
    false
}

/// A flow that sends another code holds itself, and then wants its code. A reset that comes
/// between waits for the flow before it has touched the code.
#[tokio::test(flavor = "multi_thread")]
async fn a_reset_waits_for_a_flow_before_it_takes_its_code_away() {
    let bench = Bench::postgres().await;
    bench.account(1).await;
    let flow = waiting_for_its_code(&bench).await;
    let reset = Write::Password {
        account: AccountId([1; 16]),
        hash: hash("second"),
    };
    let reset = about_its_owner(bench.flow(21).await, vec![reset]);
    let pool = PgPool::connect(&bench.url()).await.unwrap();
    let mut resend = pool.begin().await.unwrap();
    sqlx::query("UPDATE flows SET version = version + 1 WHERE id = $1")
        .bind(flow.0.as_slice())
        .execute(&mut *resend)
        .await
        .unwrap();
    let store = bench.store.clone();
    let reset = tokio::spawn(async move { store.commit(reset).await });
    assert!(waits(&reset, &pool).await, "for the flow");
    let code = sqlx::query("SELECT 1 FROM challenges WHERE flow_id = $1 FOR UPDATE NOWAIT")
        .bind(flow.0.as_slice())
        .fetch_one(&mut *resend)
        .await;
    assert!(code.is_ok(), "the code is held: {code:?}");
    resend.commit().await.unwrap();
    reset.await.unwrap().unwrap();
    let codes = "SELECT count(*) FROM challenges WHERE code_digest IS NOT NULL";
    assert_eq!(bench.number(codes).await, 0);
    bench.drop_database().await;
}

/// Else the change would not find it, and it would work after the change.
#[tokio::test(flavor = "multi_thread")]
async fn a_code_is_set_after_the_change_that_is_under_way() {
    let bench = Bench::postgres().await;
    let account = bench.account(1).await;
    let flow = waiting_for_its_code(&bench).await;
    let pool = PgPool::connect(&bench.url()).await.unwrap();
    let mut change = pool.begin().await.unwrap();
    sqlx::query("SELECT 1 FROM accounts WHERE id = $1 FOR UPDATE")
        .bind(account.0.as_slice())
        .execute(&mut *change)
        .await
        .unwrap();
    let store = bench.store.clone();
    let set = tokio::spawn(async move {
        let (job, code) = (JobId([20; 16]), key(21));
        let set = store.set_code(flow, CodeFor::NewPhone, job, &code, Some(account));
        set.await
    });
    assert!(waits(&set, &pool).await, "for the account");
    change.commit().await.unwrap();
    assert!(set.await.unwrap().unwrap());
    bench.drop_database().await;
}

/// Else the key would be seen before it was replaced, and an invitation would be made after that.
#[tokio::test(flavor = "multi_thread")]
async fn a_wish_waits_for_whoever_replaces_its_key() {
    let bench = Bench::postgres().await;
    providers::both(&bench).await;
    let pool = PgPool::connect(&bench.url()).await.unwrap();
    let mut replacing = pool.begin().await.unwrap();
    sqlx::query("UPDATE providers SET key_digest = $1")
        .bind(key(9).0.as_slice())
        .execute(&mut *replacing)
        .await
        .unwrap();
    let store = bench.store.clone();
    let wish = NewConnection {
        key: Some(key(1)),
        ..providers::asked(1, 10)
    };
    let connecting = tokio::spawn(async move {
        let audit = entry(Event::ConnectionInvited, 1);
        store
            .connect(wish, providers::letter(1), at(20), audit)
            .await
    });
    assert!(waits(&connecting, &pool).await, "for the provider");
    replacing.commit().await.unwrap();
    assert!(!connecting.await.unwrap().unwrap());
    bench.drop_database().await;
}

/// Else the desk would be shown an invitation that is open beside the account that was made of it.
#[tokio::test(flavor = "multi_thread")]
async fn the_invitation_and_the_account_that_a_visit_finds_are_of_one_moment() {
    let bench = Bench::postgres().await;
    bench.staff().await;
    let patient = bench.patient(1).await;
    visits::begin(&bench, 1, patient).await.unwrap();
    bench.invite(1, patient).await;
    let pool = PgPool::connect(&bench.url()).await.unwrap();
    let mut enrolling = pool.begin().await.unwrap();
    sqlx::query("LOCK TABLE accounts IN ACCESS EXCLUSIVE MODE")
        .execute(&mut *enrolling)
        .await
        .unwrap();
    let store = bench.store.clone();
    let shown = visits::shown(1, visits::DANA, 3);
    let visit = tokio::spawn(async move { store.visit(shown).await });
    assert!(waits(&visit, &pool).await, "it has found the invitation");
    for step in [
        "UPDATE invitations SET used_at = $1",
        "INSERT INTO accounts (id, patient_id, username_key, email_key, sealed, password, created_at)
         SELECT id, id, source_key, source_key, sealed, 'first', $1 FROM patients",
    ] {
        sqlx::query(step)
            .bind(at(3).as_millisecond())
            .execute(&mut *enrolling)
            .await
            .unwrap();
    }
    enrolling.commit().await.unwrap();
    let found = visit.await.unwrap().unwrap().unwrap();
    assert!(found.invitation.is_some_and(|it| it.is_open));
    assert!(found.account.is_none());
    bench.drop_database().await;
}
