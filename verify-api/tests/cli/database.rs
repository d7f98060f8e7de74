//! The database of a desk, as the program does not see it: in a file, or on the
//! PostgreSQL server that `FRONTDESK_POSTGRES` names.

use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::{Duration, Instant};

use rusqlite::types::FromSql;
use sqlx::{AssertSqlSafe, Connection as _, Decode, PgConnection, Postgres, Type};

/// Where a PostgreSQL server for tests is.
const POSTGRES: &str = "FRONTDESK_POSTGRES";
/// How long a connection may take to end whose program is dead. Reached only by a failure.
const PATIENCE: Duration = Duration::from_secs(30);

pub(crate) enum Database {
    /// A file, which goes with its folder.
    File(PathBuf),
    /// A database of that name, which goes with this.
    Postgres(String),
}

impl Database {
    pub(crate) fn file(folder: &Path) -> Self {
        Self::File(folder.join("frontdesk.db"))
    }

    /// A new database on the server.
    pub(crate) fn postgres() -> Self {
        static COUNT: AtomicU32 = AtomicU32::new(0);
        let count = COUNT.fetch_add(1, Ordering::Relaxed);
        let name = format!("cli_{}_{count}", std::process::id());
        on_server(&format!("CREATE DATABASE {name}")).unwrap();
        Self::Postgres(name)
    }

    pub(crate) fn url(&self) -> String {
        match self {
            Self::File(file) => format!("sqlite://{}", file.display()),
            Self::Postgres(name) => format!("{}/{name}", server()),
        }
    }

    /// These bytes, given in hexadecimal digits, as they are written in SQL.
    pub(crate) fn bytes(&self, hex: &str) -> String {
        match self {
            Self::File(_) => format!("x'{hex}'"),
            Self::Postgres(_) => format!("'\\x{hex}'::bytea"),
        }
    }

    pub(crate) fn execute(&self, sql: &str) {
        match self {
            Self::File(file) => {
                let on = rusqlite::Connection::open(file).unwrap();
                on.execute_batch(sql).unwrap();
            }
            Self::Postgres(_) => wait(async {
                let mut on = PgConnection::connect(&self.url()).await.unwrap();
                let statement = sqlx::raw_sql(AssertSqlSafe(sql.to_owned()));
                statement.execute(&mut on).await.unwrap();
                on.close().await.unwrap();
            }),
        }
    }

    /// What stands in the first column of the first row.
    pub(crate) fn find<T>(&self, sql: &str) -> T
    where
        T: FromSql + Type<Postgres> + for<'r> Decode<'r, Postgres> + Send + Unpin,
    {
        match self {
            Self::File(file) => {
                let on = rusqlite::Connection::open(file).unwrap();
                on.query_row(sql, (), |row| row.get(0)).unwrap()
            }
            Self::Postgres(_) => wait(async {
                let mut on = PgConnection::connect(&self.url()).await.unwrap();
                let found = sqlx::query_scalar(AssertSqlSafe(sql.to_owned()));
                let found = found.fetch_one(&mut on).await.unwrap();
                on.close().await.unwrap();
                found
            }),
        }
    }

    /// Waits until a program that was killed does nothing here any more: PostgreSQL
    /// ends the statement that it was sent last.
    pub(crate) fn outlive_the_killed(&self) {
        let Self::Postgres(_) = self else { return };
        let others = "SELECT count(*) FROM pg_stat_activity
             WHERE datname = current_database() AND pid <> pg_backend_pid()
               AND backend_type = 'client backend'";
        let begin = Instant::now();
        while self.find::<i64>(others) > 0 {
            assert!(begin.elapsed() < PATIENCE, "a connection does not end");
            std::thread::sleep(Duration::from_millis(5));
        }
    }
}

impl Drop for Database {
    fn drop(&mut self) {
        if let Self::Postgres(name) = self
            && let Err(error) = on_server(&format!("DROP DATABASE {name} WITH (FORCE)"))
        {
            eprintln!("the database {name} stays on the server: {error}");
        }
    }
}

fn server() -> String {
    let server = std::env::var(POSTGRES);
    server.unwrap_or_else(|_| panic!("{POSTGRES} should name a server: run `cargo xtask test`"))
}

fn on_server(sql: &str) -> sqlx::Result<()> {
    wait(async {
        let mut on = PgConnection::connect(&format!("{}/postgres", server())).await?;
        sqlx::raw_sql(AssertSqlSafe(sql.to_owned()))
            .execute(&mut on)
            .await?;
        on.close().await
    })
}

fn wait<T>(work: impl Future<Output = T>) -> T {
    tokio::runtime::Runtime::new().unwrap().block_on(work)
}
