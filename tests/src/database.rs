//! The server's database, and the way into it behind the server's back.
//!
//! `FRONTDESK_STATE` says where tests keep state: `sqlite`, which is usual, or
//! `postgres`, on the server that `FRONTDESK_POSTGRES` names.

use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU32, Ordering};

use rusqlite::Connection;
use sqlx::{AssertSqlSafe, Connection as _, PgConnection};

use crate::runtime;

/// A database of one test; it goes with the test.
#[derive(Debug)]
pub(crate) enum Database {
    /// A file in the folder of the test.
    Sqlite(PathBuf),
    /// A database of its own on a server.
    Postgres { server: String, name: String },
}

impl Database {
    /// The database that the environment asks for.
    pub(crate) fn asked_for(folder: &Path) -> Self {
        match std::env::var("FRONTDESK_STATE").as_deref() {
            Ok("postgres") => Self::postgres(),
            Ok("sqlite") | Err(_) => Self::sqlite(folder),
            Ok(other) => panic!("FRONTDESK_STATE is `{other}`, and knows sqlite and postgres"),
        }
    }

    /// A file in `folder`.
    pub(crate) fn sqlite(folder: &Path) -> Self {
        Self::Sqlite(folder.join("frontdesk.db"))
    }

    pub(crate) fn postgres() -> Self {
        static COUNT: AtomicU32 = AtomicU32::new(0);
        let server = server();
        let count = COUNT.fetch_add(1, Ordering::Relaxed);
        let name = format!("test_{}_{count}", std::process::id());
        on_server(&server, &format!("CREATE DATABASE {name}"));
        Self::Postgres { server, name }
    }

    /// What `database.url` says.
    pub(crate) fn url(&self) -> String {
        match self {
            Self::Sqlite(file) => format!("sqlite://{}", file.display()),
            Self::Postgres { server, name } => format!("{server}/{name}"),
        }
    }

    /// Does `sql`; how many rows it touched.
    ///
    /// # Errors
    /// The database's own words.
    pub(crate) fn execute(&self, sql: &str) -> Result<u64, String> {
        match self {
            Self::Sqlite(file) => {
                let done = open(file).execute(sql, ());
                done.map(|rows| rows as u64)
                    .map_err(|error| error.to_string())
            }
            Self::Postgres { .. } => {
                let done = runtime().block_on(async {
                    let mut on = PgConnection::connect(&self.url()).await?;
                    let sql = AssertSqlSafe(sql.to_owned());
                    let done = sqlx::query(sql).execute(&mut on).await;
                    on.close().await?;
                    done
                });
                done.map(|done| done.rows_affected())
                    .map_err(|error| error.to_string())
            }
        }
    }

    /// Takes away what tells which version the tables are of.
    pub(crate) fn forget_version(&self) -> Result<u64, String> {
        self.execute(match self {
            Self::Sqlite(_) => "PRAGMA user_version = 0",
            Self::Postgres { .. } => "DELETE FROM _sqlx_migrations",
        })
    }

    /// The one value that `sql` finds, as text.
    ///
    /// # Errors
    /// The database's own words.
    pub(crate) fn text(&self, sql: &str) -> Result<String, String> {
        match self {
            Self::Sqlite(file) => {
                let found = open(file).query_row(sql, (), |row| row.get(0));
                found.map_err(|error| error.to_string())
            }
            Self::Postgres { .. } => {
                let found = runtime().block_on(async {
                    let mut on = PgConnection::connect(&self.url()).await?;
                    let sql = AssertSqlSafe(sql.to_owned());
                    let found = sqlx::query_scalar(sql).fetch_one(&mut on).await;
                    on.close().await?;
                    found
                });
                found.map_err(|error: sqlx::Error| error.to_string())
            }
        }
    }

    /// Everything in it, by the name of the file or table: of SQLite the file
    /// and its journal, of PostgreSQL every row twice, once with its bytes as text
    /// where they are text, and once with all of them in hexadecimal digits.
    pub(crate) fn contents(&self) -> Vec<(String, Vec<u8>)> {
        match self {
            Self::Sqlite(file) => {
                let folder = file.parent().expect("the file is in a folder");
                let name = file.file_name().expect("a file").to_string_lossy();
                let entries = std::fs::read_dir(folder).expect("the folder can be read");
                let files = entries.map(|entry| entry.expect("an entry").path());
                files
                    .filter(|file| file.to_string_lossy().contains(&*name))
                    .map(|file| {
                        let bytes = std::fs::read(&file).expect("a file of the database");
                        (file.display().to_string(), bytes)
                    })
                    .collect()
            }
            Self::Postgres { .. } => {
                let tables = "SELECT string_agg(tablename, ' ') FROM pg_tables
                              WHERE schemaname = 'public'";
                let tables = self.text(tables).expect("the tables are listed");
                let rows = |table: &str| {
                    let rows = ["escape", "hex"].map(|bytes| {
                        let rows = format!(
                            "SELECT coalesce(string_agg(row_to_json(t)::text, ' '), '') FROM
                             (SELECT set_config('bytea_output', '{bytes}', false)) s, {table} t"
                        );
                        self.text(&rows).expect("the rows are read")
                    });
                    rows.join(" ").into_bytes()
                };
                let tables = tables.split(' ');
                tables
                    .map(|table| (table.to_owned(), rows(table)))
                    .collect()
            }
        }
    }
}

/// A database that somebody holds.
#[derive(Debug)]
pub enum Held {
    /// A connection that has begun to write.
    Sqlite(Connection),
    /// A connection that has locked the flows.
    Postgres(PgConnection),
}

impl Database {
    /// Begins to write, and does not end.
    pub(crate) fn hold(&self) -> Held {
        match self {
            Self::Sqlite(file) => {
                let on = open(file);
                on.execute_batch("BEGIN IMMEDIATE")
                    .expect("the database is held");
                Held::Sqlite(on)
            }
            Self::Postgres { .. } => {
                let held = runtime().block_on(async {
                    let mut on = PgConnection::connect(&self.url()).await?;
                    sqlx::query("BEGIN").execute(&mut on).await?;
                    let lock = "LOCK TABLE flows IN EXCLUSIVE MODE";
                    sqlx::query(lock).execute(&mut on).await?;
                    Ok::<_, sqlx::Error>(on)
                });
                Held::Postgres(held.expect("the database is held"))
            }
        }
    }
}

impl Held {
    /// Lets go, for sure.
    pub fn let_go(self) {
        match self {
            Self::Sqlite(on) => on.close().map_err(|(_, error)| error.to_string()),
            Self::Postgres(on) => {
                let closed = runtime().block_on(on.close());
                closed.map_err(|error| error.to_string())
            }
        }
        .expect("the database is let go");
    }
}

fn open(file: &Path) -> Connection {
    Connection::open(file).expect("the database is opened")
}

impl Drop for Database {
    fn drop(&mut self) {
        if let Self::Postgres { server, name } = self {
            on_server(server, &format!("DROP DATABASE {name} WITH (FORCE)"));
        }
    }
}

fn server() -> String {
    let server = std::env::var("FRONTDESK_POSTGRES");
    server.expect(
        "this test needs PostgreSQL, and FRONTDESK_POSTGRES does not name a server: \
         run `cargo xtask test`, which starts one",
    )
}

/// Host and port of the PostgreSQL server.
pub fn postgres_address() -> String {
    let server = server();
    let address = server.rsplit(['@', '/']).next();
    address.unwrap_or_default().to_owned()
}

fn on_server(server: &str, sql: &str) {
    let done = runtime().block_on(async {
        let mut on = PgConnection::connect(&format!("{server}/postgres")).await?;
        let done = sqlx::query(AssertSqlSafe(sql.to_owned()))
            .execute(&mut on)
            .await;
        on.close().await?;
        done
    });
    done.unwrap_or_else(|error| panic!("{sql}: {error}"));
}
