//! The tables, and the version that they are of: SQLite keeps its number in the head
//! of the file, as `user_version`.

use rusqlite::Connection;
use sqlx::migrate::Migrator;

use crate::store::{Result, StoreError, rows};

/// What makes the tables, in its order.
static MIGRATIONS: Migrator = sqlx::migrate!("migrations/sqlite");

/// Brings the tables to this version. The caller's transaction makes it whole.
pub(super) fn run(on: &Connection) -> Result<()> {
    let applied = applied(on)?;
    let newest = MIGRATIONS.iter().map(|migration| migration.version).max();
    if Some(applied) > newest {
        return Err(StoreError::Unavailable(format!(
            "its tables are of version {applied}, which is later than this program's"
        )));
    }
    for migration in MIGRATIONS.iter() {
        if migration.version > applied {
            on.execute_batch(migration.sql.as_str())?;
            on.pragma_update(None, "user_version", migration.version)?;
        }
    }
    Ok(())
}

/// Whether the tables are of this version, or of a later one.
pub(super) fn are_applied(on: &Connection) -> Result<bool> {
    Ok(rows::is_migrated(&MIGRATIONS, Some(applied(on)?)))
}

/// The latest migration that was applied, or 0.
fn applied(on: &Connection) -> Result<i64> {
    Ok(on.pragma_query_value(None, "user_version", |row| row.get(0))?)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::sqlite::query;

    #[test]
    fn tables_of_a_later_version_are_left_alone_and_are_ready() {
        let on = Connection::open_in_memory().unwrap();
        run(&on).unwrap();
        assert_eq!(applied(&on).unwrap(), 1);
        run(&on).unwrap();
        on.pragma_update(None, "user_version", 2).unwrap();
        let refused = run(&on).unwrap_err().to_string();
        assert!(refused.contains("version 2"), "{refused}");
        assert!(are_applied(&on).unwrap());
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
