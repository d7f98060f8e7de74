//! The tables, and the version that they are of: SQLite keeps its number in the head
//! of the file, as `user_version`. A migration that was applied is never edited: unlike on
//! PostgreSQL, nobody would notice.

use rusqlite::Connection;
use sqlx::migrate::Migrator;

use super::query;
use crate::store::{Result, StoreError, rows};

/// What makes the tables, in its order.
static MIGRATIONS: Migrator = sqlx::migrate!("migrations/sqlite");

/// Brings the tables to this version. The caller's transaction makes it whole.
pub(super) fn run(on: &Connection) -> Result<()> {
    let applied = applied(on)?;
    let newest = newest();
    if Some(applied) > newest {
        return Err(StoreError::Unavailable(format!(
            "its tables are of version {applied}, which is later than this program's"
        )));
    }
    for migration in MIGRATIONS.iter() {
        if migration.version > applied {
            on.execute_batch(migration.sql.as_str())?;
        }
    }
    Ok(on.pragma_update(None, "user_version", newest)?)
}

/// The latest migration that there is.
fn newest() -> Option<i64> {
    MIGRATIONS.iter().map(|migration| migration.version).max()
}

/// Whether the tables are of this version, or of a later one.
pub(super) fn are_applied(on: &Connection) -> Result<bool> {
    Ok(rows::is_migrated(&MIGRATIONS, Some(applied(on)?)))
}

/// The latest migration that was applied, or 0. A database that was made when sqlx ran them has
/// it in a table of sqlx's.
fn applied(on: &Connection) -> Result<i64> {
    let version = on.pragma_query_value(None, "user_version", |row| row.get(0))?;
    let of_sqlx = "SELECT 1 FROM sqlite_schema WHERE name = '_sqlx_migrations'";
    if version > 0 || !query::exists(on, of_sqlx, ())? {
        return Ok(version);
    }
    let (version,) = query::one(
        on,
        "SELECT coalesce(max(version), 0) FROM _sqlx_migrations",
        (),
    )?;
    Ok(version)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tables_of_a_later_version_are_left_alone_and_are_ready() {
        let on = Connection::open_in_memory().unwrap();
        run(&on).unwrap();
        assert_eq!(Some(applied(&on).unwrap()), newest());
        run(&on).unwrap();
        let later = newest().unwrap() + 1;
        on.pragma_update(None, "user_version", later).unwrap();
        let refused = run(&on).unwrap_err().to_string();
        assert!(refused.contains(&format!("version {later}")), "{refused}");
        assert!(are_applied(&on).unwrap());
    }

    #[test]
    fn tables_that_sqlx_has_made_are_taken_over() {
        let on = Connection::open_in_memory().unwrap();
        let first = MIGRATIONS.iter().next().unwrap();
        on.execute_batch(first.sql.as_str()).unwrap();
        on.execute_batch(
            "CREATE TABLE _sqlx_migrations (version BIGINT);
             INSERT INTO _sqlx_migrations VALUES (1)",
        )
        .unwrap();
        assert!(!are_applied(&on).unwrap(), "the others are still to come");
        run(&on).unwrap();
        assert!(are_applied(&on).unwrap());
        let version: i64 = on
            .pragma_query_value(None, "user_version", |row| row.get(0))
            .unwrap();
        assert_eq!(Some(version), newest());
    }

    #[test]
    fn tables_that_somebody_else_has_made_are_left_alone() {
        let mut on = Connection::open_in_memory().unwrap();
        on.execute_batch("CREATE TABLE patients (n INTEGER); INSERT INTO patients VALUES (1)")
            .unwrap();
        let tx = on.transaction().unwrap();
        assert!(run(&tx).is_err());
        drop(tx);
        assert!(!are_applied(&on).unwrap());
        let there = "SELECT (SELECT count(*) FROM patients), (SELECT count(*) FROM sqlite_schema)";
        let there: (i64, i64) = query::one(&on, there, ()).unwrap();
        assert_eq!(there, (1, 1));
    }
}
