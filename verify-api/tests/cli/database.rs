//! The database of a desk, as the program does not see it: in a file, or on the
//! PostgreSQL server that `FRONTDESK_POSTGRES` names.

use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU32, Ordering};

use sqlx::{
    AssertSqlSafe, Connection, Database as Kind, Decode, Executor, IntoArguments, PgConnection,
    Postgres, Sqlite, SqliteConnection, Type,
};

/// Where a PostgreSQL server for tests is.
const POSTGRES: &str = "FRONTDESK_POSTGRES";

pub(crate) enum Database {
    /// A file, which goes with its folder.
    File(PathBuf),
    /// A database of that name, which goes with this.
    Postgres(String),
}

/// What a test can find in either kind of database.
pub(crate) trait Found: InDatabase<Sqlite> + InDatabase<Postgres> {}

impl<T: InDatabase<Sqlite> + InDatabase<Postgres>> Found for T {}

pub(crate) trait InDatabase<K: Kind>:
    Type<K> + for<'r> Decode<'r, K> + Send + Unpin
{
}

impl<K: Kind, T: Type<K> + for<'r> Decode<'r, K> + Send + Unpin> InDatabase<K> for T {}

impl Database {
    pub(crate) fn file(folder: &Path) -> Self {
        Self::File(folder.join("frontdesk.db"))
    }

    /// A new database on the server.
    pub(crate) fn postgres() -> Self {
        static COUNT: AtomicU32 = AtomicU32::new(0);
        let count = COUNT.fetch_add(1, Ordering::Relaxed);
        let name = format!("cli_{}_{count}", std::process::id());
        on_server(&format!("CREATE DATABASE {name}"));
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
            Self::File(_) => wait(execute::<SqliteConnection>(&self.url(), sql)),
            Self::Postgres(_) => wait(execute::<PgConnection>(&self.url(), sql)),
        }
    }

    /// What stands in the first column of the first row.
    pub(crate) fn find<T: Found>(&self, sql: &str) -> T {
        match self {
            Self::File(_) => wait(find::<SqliteConnection, T>(&self.url(), sql)),
            Self::Postgres(_) => wait(find::<PgConnection, T>(&self.url(), sql)),
        }
    }
}

impl Drop for Database {
    fn drop(&mut self) {
        if let Self::Postgres(name) = self {
            on_server(&format!("DROP DATABASE {name} WITH (FORCE)"));
        }
    }
}

fn server() -> String {
    let server = std::env::var(POSTGRES);
    server.unwrap_or_else(|_| panic!("{POSTGRES} should name a server: run `cargo xtask test`"))
}

fn on_server(sql: &str) {
    wait(execute::<PgConnection>(
        &format!("{}/postgres", server()),
        sql,
    ));
}

fn wait<T>(work: impl Future<Output = T>) -> T {
    tokio::runtime::Runtime::new().unwrap().block_on(work)
}

async fn execute<C: Connection>(url: &str, sql: &str)
where
    for<'c> &'c mut C: Executor<'c, Database = C::Database>,
{
    let mut on = C::connect(url).await.unwrap();
    let done = sqlx::raw_sql(AssertSqlSafe(sql.to_owned())).execute(&mut on);
    done.await.unwrap();
    on.close().await.unwrap();
}

async fn find<C: Connection, T: InDatabase<C::Database>>(url: &str, sql: &str) -> T
where
    for<'c> &'c mut C: Executor<'c, Database = C::Database>,
    <C::Database as Kind>::Arguments: IntoArguments<C::Database>,
    usize: sqlx::ColumnIndex<<C::Database as Kind>::Row>,
{
    let mut on = C::connect(url).await.unwrap();
    let found = sqlx::query_scalar(AssertSqlSafe(sql.to_owned())).fetch_one(&mut on);
    let found = found.await.unwrap();
    on.close().await.unwrap();
    found
}
