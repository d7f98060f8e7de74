//! A store to try, with what the tests put into it.

use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use jiff::{SignedDuration, Timestamp};
use sqlx::AssertSqlSafe;
use tempfile::TempDir;

use crate::account::AccountId;
use crate::audit::{Chain, Entry, Event};
use crate::crypto::{Digest, KeyId, Keyring, PasswordHash, Sealed, Wrapped};
use crate::flow::{CodeFor, InvitationId};
use crate::patient::PatientId;
use crate::staff::{Role, StaffId};
use crate::store::{
    AccountRow, Change, Database, FlowId, ImportBatch, JobId, Lane, NewFlow, NewInvitation, NewJob,
    NewLink, NewStaff, NewStaffLink, StaffSetUp, Store, StoredKey, Write, connect,
};

/// Where a PostgreSQL server for tests is.
const POSTGRES: &str = "FRONTDESK_POSTGRES";

#[derive(Clone)]
pub(super) struct Bench {
    pub(super) store: Arc<dyn Store>,
    pub(super) chain: Chain,
    behind: Behind,
}

/// The way into the database behind the store's back.
#[derive(Clone)]
enum Behind {
    /// Goes with the last that uses it.
    Sqlite(Arc<TempDir>),
    Postgres(sqlx::PgPool, String),
}

fn chain() -> Chain {
    Chain::new(Arc::new(Keyring::of_byte(0x4b)))
}

impl Bench {
    pub(super) async fn sqlite() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let url = format!("sqlite://{}", file_in(&folder).display());
        let database = connect(&url).await.unwrap();
        database.migrate().await.unwrap();
        let chain = chain();
        let keys = first_keys();
        database.first_keys(&keys, &chain, at(0)).await.unwrap();
        let store = database.store(chain.clone());
        Self {
            store,
            chain,
            behind: Behind::Sqlite(Arc::new(folder)),
        }
    }

    pub(super) async fn postgres() -> Self {
        static COUNT: AtomicU32 = AtomicU32::new(0);
        let name = format!(
            "store_{}_{}",
            std::process::id(),
            COUNT.fetch_add(1, Ordering::Relaxed)
        );
        let server = server();
        execute(&server, &format!("CREATE DATABASE {name}")).await;
        let url = format!("{server}/{name}");
        let database = connect(&url).await.unwrap();
        database.migrate().await.unwrap();
        let chain = chain();
        let keys = first_keys();
        database.first_keys(&keys, &chain, at(0)).await.unwrap();
        let store = database.store(chain.clone());
        Self {
            store,
            chain,
            behind: Behind::Postgres(sqlx::PgPool::connect(&url).await.unwrap(), name),
        }
    }

    /// The database once more, as another process would open it.
    pub(super) async fn connect(&self) -> Box<dyn Database> {
        connect(&self.url()).await.unwrap()
    }

    pub(super) fn url(&self) -> String {
        match &self.behind {
            Behind::Sqlite(folder) => format!("sqlite://{}", file_in(folder).display()),
            Behind::Postgres(_, name) => format!("{}/{name}", server()),
        }
    }

    pub(super) async fn drop_database(&self) {
        if let Behind::Postgres(_, name) = &self.behind {
            let drop = format!("DROP DATABASE {name} WITH (FORCE)");
            execute(&server(), &drop).await;
        }
    }

    pub(super) const fn is_sqlite(&self) -> bool {
        matches!(self.behind, Behind::Sqlite(_))
    }

    /// Does `sql` as an intruder or a careless operator would.
    pub(super) async fn tamper(&self, sql: &str) -> Result<u64, String> {
        match &self.behind {
            Behind::Sqlite(folder) => {
                let done = open(folder).execute(sql, ());
                done.map(|rows| rows as u64)
                    .map_err(|error| error.to_string())
            }
            Behind::Postgres(pool, _) => {
                let done = sqlx::query(AssertSqlSafe(sql.to_owned()))
                    .execute(pool)
                    .await;
                done.map(|done| done.rows_affected())
                    .map_err(|error| error.to_string())
            }
        }
    }

    /// Takes a guard of the database's own away.
    pub(super) async fn unguard(&self, trigger: &str, table: &str) {
        let sql = match &self.behind {
            Behind::Sqlite(_) => format!("DROP TRIGGER {trigger}"),
            Behind::Postgres(..) => format!("DROP TRIGGER {trigger} ON {table}"),
        };
        self.tamper(&sql).await.unwrap();
    }

    /// Takes away what tells which version the tables are of.
    pub(super) async fn forget_version(&self) {
        let sql = match &self.behind {
            Behind::Sqlite(_) => "PRAGMA user_version = 0",
            Behind::Postgres(..) => "DELETE FROM _sqlx_migrations",
        };
        self.tamper(sql).await.unwrap();
    }

    pub(super) async fn number(&self, sql: &str) -> i64 {
        match &self.behind {
            Behind::Sqlite(folder) => {
                let found = open(folder).query_row(sql, (), |row| row.get(0));
                found.unwrap()
            }
            Behind::Postgres(pool, _) => {
                let found = sqlx::query_scalar(AssertSqlSafe(sql.to_owned()));
                found.fetch_one(pool).await.unwrap()
            }
        }
    }

    /// A new flow, and its token's keyed hash.
    pub(super) async fn flow(&self, n: u8) -> FlowId {
        let flow = NewFlow {
            id: FlowId([n; 16]),
            token: key(n),
            state: sealed(n),
            at: at(0),
            expires_at: at(3600),
            subject: None,
            charges: Vec::new(),
        };
        self.store.insert_flow(flow).await.unwrap();
        FlowId([n; 16])
    }

    /// The version that a flow is at.
    pub(super) async fn version(&self, FlowId([n, ..]): FlowId) -> i64 {
        let found = self.store.flow(&key(n)).await.unwrap();
        found.unwrap().version
    }

    pub(super) async fn patient(&self, n: u8) -> PatientId {
        let id = PatientId([n; 16]);
        let batch = ImportBatch::of_new(id, key(n), sealed(n));
        self.store.import(batch, at(0)).await.unwrap();
        id
    }

    pub(super) async fn staff(&self) -> [u8; 16] {
        let entry = entry(Event::StaffAdded, 0xEE);
        let added = self.store.add_staff(staff(0xEE), entry).await;
        assert!(added.unwrap());
        [0xEE; 16]
    }

    /// Has the staff user `staff` set up with the link of the same number, and the code of a
    /// step of time.
    pub(super) async fn set_up(&self, staff: u8, step: i64) {
        let entry = Entry::of_staff(Event::StaffSetUp, StaffId([staff; 16]));
        let done = self.store.set_up_staff(set_up(staff, staff, step), entry);
        assert!(done.await.unwrap());
    }

    pub(super) async fn invite(&self, n: u8, patient: PatientId) -> InvitationId {
        let entry = entry(Event::PatientInvited, n);
        self.store
            .invite(invitation(n, patient), None, at(0), entry)
            .await
            .unwrap();
        InvitationId([n; 16])
    }

    /// A patient with an account; both have the id `n`.
    pub(super) async fn account(&self, n: u8) -> AccountId {
        let patient = self.patient(n).await;
        let flow = self.flow(n).await;
        let write = Write::Account(account(n, patient));
        self.store
            .commit(change(flow, 0, vec![write]))
            .await
            .unwrap();
        AccountId([n; 16])
    }

    /// Sets the code of the message `n` that a flow's reset waits for.
    pub(super) async fn sent(&self, flow: FlowId, n: u8) {
        let (job, digest) = (JobId([n; 16]), key(n));
        let set = (self.store).set_code(flow, CodeFor::Reset, job, &digest, None);
        assert!(set.await.unwrap(), "no message {n} is asked for");
    }
}

/// A link that is mailed to the email that an account of [`Bench::account`] has.
pub(super) fn mailed_link(n: u8, account: AccountId, seconds: i64) -> NewLink {
    NewLink {
        token: key(n),
        account,
        email: key(100),
        expires_at: at(seconds),
    }
}

fn file_in(folder: &TempDir) -> PathBuf {
    folder.path().join("test.db")
}

fn open(folder: &TempDir) -> rusqlite::Connection {
    rusqlite::Connection::open(file_in(folder)).unwrap()
}

fn server() -> String {
    let server = std::env::var(POSTGRES).unwrap_or_else(|_| {
        panic!(
            "{POSTGRES} names no PostgreSQL server; run the tests with `cargo xtask test`, which starts one"
        )
    });
    server.trim_end_matches('/').to_owned()
}

async fn execute(server: &str, sql: &str) {
    use sqlx::Connection as _;

    let url = format!("{server}/postgres");
    let mut on = sqlx::PgConnection::connect(&url).await.unwrap();
    sqlx::query(AssertSqlSafe(sql.to_owned()))
        .execute(&mut on)
        .await
        .unwrap();
    on.close().await.unwrap();
}

/// A moment, in seconds after the tests begin.
pub(super) fn at(seconds: i64) -> Timestamp {
    let begin: Timestamp = "2026-11-25T09:30:00Z".parse().unwrap();
    begin + SignedDuration::from_secs(seconds)
}

/// The root and the key of all records, neither of which anybody could open.
pub(super) fn first_keys() -> [StoredKey; 2] {
    [KeyId::ROOT, KeyId::FIRST].map(stored_key)
}

pub(super) fn stored_key(id: KeyId) -> StoredKey {
    StoredKey {
        id,
        wrapped: wrapped(1),
    }
}

pub(super) fn wrapped(n: u8) -> Wrapped {
    Wrapped(vec![n; 40])
}

/// A record under the first key.
pub(super) fn sealed(n: u8) -> Sealed {
    sealed_with(KeyId::FIRST, n)
}

pub(super) fn sealed_with(key: KeyId, n: u8) -> Sealed {
    let [high, low] = key.0.to_be_bytes();
    Sealed(vec![1, high, low, n])
}

pub(super) fn key(n: u8) -> Digest {
    Digest([n; 32])
}

pub(super) fn entry(event: Event, n: u8) -> Entry {
    Entry {
        event,
        subject: [n; 16],
        actor: None,
    }
}

/// A step forward of a flow from a version, about the subject 200.
pub(super) fn change(flow: FlowId, version: i64, writes: Vec<Write>) -> Change {
    Change {
        flow,
        version,
        state: sealed(9),
        subject: Some(key(200)),
        expires_at: at(3600),
        at: at(10),
        writes,
        charges: Vec::new(),
    }
}

pub(super) fn job(n: u8, not_after: i64) -> NewJob {
    NewJob {
        id: JobId([n; 16]),
        lane: Lane::Email,
        sealed: sealed(n),
        not_after: at(not_after),
    }
}

pub(super) fn account(n: u8, patient: PatientId) -> AccountRow {
    AccountRow {
        id: AccountId([n; 16]),
        patient,
        username: key(n),
        email: key(100),
        sealed: sealed(n),
        hash: hash("first"),
    }
}

pub(super) fn hash(text: &str) -> PasswordHash {
    PasswordHash::from_stored(text.to_owned())
}

/// A staff user of the front desk, whose link is open for a minute.
pub(super) fn staff(n: u8) -> NewStaff {
    NewStaff {
        email: key(n),
        sealed: sealed(1),
        role: Role::FrontDesk,
        link: staff_link(n, n, 0),
    }
}

/// The link `n` of a staff user, which is made at a second and open for a minute.
pub(super) fn staff_link(n: u8, staff: u8, second: i64) -> NewStaffLink {
    NewStaffLink {
        staff: StaffId([staff; 16]),
        token: key(n),
        at: at(second),
        expires_at: at(second + 60),
    }
}

/// What a staff user sets up with the link `n`: the first password, and the code of a step.
pub(super) fn set_up(staff: u8, n: u8, step: i64) -> StaffSetUp {
    StaffSetUp {
        token: key(n),
        staff: StaffId([staff; 16]),
        password: hash("first"),
        sealed: sealed(3),
        step,
        at: at(1),
    }
}

/// An invitation of a patient whose record is still as [`Bench::patient`] made it.
pub(super) fn invitation(n: u8, patient: PatientId) -> NewInvitation {
    NewInvitation {
        id: InvitationId([n; 16]),
        patient,
        record: sealed(patient.0[0]),
        staff: [0xEE; 16],
        code: key(n),
        expires_at: at(3600),
        mailed_to: None,
        proxy: None,
        visit: None,
    }
}
