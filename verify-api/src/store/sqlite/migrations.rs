//! The tables, and the version that they are of: SQLite keeps its number in the head
//! of the file, as `user_version`. A migration that was applied is never edited: unlike on
//! PostgreSQL, nobody would notice.

use rusqlite::{Connection, TransactionBehavior};
use sqlx::migrate::Migrator;

use super::query;
use crate::store::{Result, StoreError, rows};

/// What makes the tables, in its order.
static MIGRATIONS: Migrator = sqlx::migrate!("migrations/sqlite");

/// Brings the tables to this version, or leaves them as they are. On a connection of its own:
/// while one table takes another's place, foreign keys are looked after by nobody, so that
/// rows which point there stay; at the end each of them must point to something. To look at
/// all of them takes a while, and keeps others from writing: only a migration is worth that.
pub(super) fn run(on: &mut Connection) -> Result<()> {
    if Some(applied(on)?) == newest() {
        return Ok(());
    }
    on.pragma_update(None, "foreign_keys", false)?;
    let tx = on.transaction_with_behavior(TransactionBehavior::Immediate)?;
    apply(&tx)?;
    if query::exists(&tx, "SELECT 1 FROM pragma_foreign_key_check", ())? {
        return Err(StoreError::Unavailable(
            "a row of it points to one that is not there".to_owned(),
        ));
    }
    Ok(tx.commit()?)
}

fn apply(on: &Connection) -> Result<()> {
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

    fn version(on: &Connection) -> i64 {
        (on.pragma_query_value(None, "user_version", |row| row.get(0))).unwrap()
    }

    #[test]
    fn migrations_are_numbered_without_gaps() {
        let versions = MIGRATIONS.iter().map(|migration| migration.version);
        let versions: Vec<_> = versions.collect();
        let without_gaps: Vec<_> = (1..=newest().unwrap()).collect();
        assert_eq!(
            versions, without_gaps,
            "one in between would never be applied"
        );
    }

    #[test]
    fn tables_of_this_version_are_opened_while_somebody_writes() {
        let folder = tempfile::TempDir::new().unwrap();
        let file = folder.path().join("test.db");
        let open = || Connection::open(&file).unwrap();
        run(&mut open()).unwrap();
        let mut other = open();
        let _writes = (other.transaction_with_behavior(TransactionBehavior::Immediate)).unwrap();
        let mut on = open();
        on.busy_timeout(std::time::Duration::ZERO).unwrap();
        run(&mut on).unwrap();
    }

    #[test]
    fn tables_of_a_later_version_are_left_alone_and_are_ready() {
        let mut on = Connection::open_in_memory().unwrap();
        run(&mut on).unwrap();
        assert_eq!(Some(version(&on)), newest());
        run(&mut on).unwrap();
        let later = newest().unwrap() + 1;
        on.pragma_update(None, "user_version", later).unwrap();
        let refused = run(&mut on).unwrap_err().to_string();
        assert!(refused.contains(&format!("version {later}")), "{refused}");
        assert!(are_applied(&on).unwrap());
    }

    #[test]
    fn tables_that_sqlx_has_made_are_taken_over() {
        let mut on = Connection::open_in_memory().unwrap();
        let first = MIGRATIONS.iter().next().unwrap();
        on.execute_batch(first.sql.as_str()).unwrap();
        on.execute_batch(
            "CREATE TABLE _sqlx_migrations (version BIGINT);
             INSERT INTO _sqlx_migrations VALUES (1)",
        )
        .unwrap();
        assert!(!are_applied(&on).unwrap(), "the others are still to come");
        run(&mut on).unwrap();
        assert!(are_applied(&on).unwrap());
        assert_eq!(Some(version(&on)), newest());
    }

    #[test]
    fn tables_that_somebody_else_has_made_are_left_alone() {
        let mut on = Connection::open_in_memory().unwrap();
        on.execute_batch("CREATE TABLE patients (n INTEGER); INSERT INTO patients VALUES (1)")
            .unwrap();
        assert!(run(&mut on).is_err());
        assert!(!are_applied(&on).unwrap());
        let there = "SELECT (SELECT count(*) FROM patients), (SELECT count(*) FROM sqlite_schema)";
        let there: (i64, i64) = query::one(&on, there, ()).unwrap();
        assert_eq!(there, (1, 1));
    }

    /// An account with all that points to it, as version 2 kept them.
    const OF_BEFORE: &str = "
        INSERT INTO keys (id, wrapped, created_at) VALUES (x'0001', x'00', 0);
        INSERT INTO patients (id, source_key, sealed, updated_at)
        VALUES (zeroblob(16), x'01', x'01000102', 0);
        INSERT INTO accounts
            (id, patient_id, username_key, email_key, sealed, password, password_no, created_at)
        VALUES (zeroblob(16), zeroblob(16), x'02', x'03', x'01000104', 'stored', 5, 6);
        INSERT INTO reveals (token_digest, account_id, expires_at) VALUES (x'07', zeroblob(16), 8);
        INSERT INTO reset_links (token_digest, account_id, expires_at)
        VALUES (x'09', zeroblob(16), 10);
        INSERT INTO sessions (token_digest, account_id, begun_at, seen_at, expires_at)
        VALUES (x'0b', zeroblob(16), 12, 13, 14);";

    fn before_deactivation() -> Connection {
        let on = Connection::open_in_memory().unwrap();
        let is_before = |it: &&sqlx::migrate::Migration| it.version < 3;
        for migration in MIGRATIONS.iter().filter(is_before) {
            on.execute_batch(migration.sql.as_str()).unwrap();
        }
        on.pragma_update(None, "user_version", 2).unwrap();
        on.pragma_update(None, "foreign_keys", true).unwrap();
        on
    }

    #[test]
    fn accounts_of_before_and_what_points_to_them_stay() {
        let mut on = before_deactivation();
        on.execute_batch(OF_BEFORE).unwrap();
        run(&mut on).unwrap();
        let kept = "SELECT hex(username_key || email_key || sealed), password, password_no,
                           created_at, deactivated_at IS NULL FROM accounts";
        let kept: (String, String, i64, i64, bool) = query::one(&on, kept, ()).unwrap();
        assert_eq!(
            kept,
            ("020301000104".to_owned(), "stored".to_owned(), 5, 6, true)
        );
        for of in ["reveals", "reset_links", "sessions"] {
            let of = format!("SELECT count(*) FROM {of} WHERE account_id = zeroblob(16)");
            let (count,): (i64,) = query::one(&on, &of, ()).unwrap();
            assert_eq!(count, 1, "{of}");
        }
        // The same rules hold of them as of new ones.
        on.pragma_update(None, "foreign_keys", true).unwrap();
        for sql in [
            "UPDATE accounts SET username_key = x'99'",
            "UPDATE accounts SET sealed = x'01000204'",
            "INSERT OR REPLACE INTO accounts (id, patient_id, username_key, email_key, sealed,
                 password, created_at)
             SELECT x'11111111111111111111111111111111', patient_id, x'98', email_key, sealed,
                 password, created_at FROM accounts",
        ] {
            assert!(on.execute(sql, ()).is_err(), "`{sql}` was done");
        }
    }

    #[test]
    fn messages_of_before_stay_as_they_were() {
        let mut on = Connection::open_in_memory().unwrap();
        for migration in MIGRATIONS.iter().filter(|it| it.version < 7) {
            on.execute_batch(migration.sql.as_str()).unwrap();
        }
        on.pragma_update(None, "user_version", 6).unwrap();
        on.execute_batch(
            "INSERT INTO keys (id, wrapped, created_at) VALUES (x'0001', x'00', 0);
             INSERT INTO outbox (id, lane, sealed, created_at, not_after, next_at, attempts,
                 charged_at, fate, done_at, report, cause)
             VALUES (zeroblob(16), 'phone', x'01000102', 3, 4, 5, 6, 7, 'dead', 8, 'delivered', 'c')",
        )
        .unwrap();
        run(&mut on).unwrap();
        let numbers = "SELECT created_at, not_after, next_at, attempts, charged_at, done_at
             FROM outbox WHERE id = zeroblob(16)";
        let kept: (i64, i64, i64, i64, i64, i64) = query::one(&on, numbers, ()).unwrap();
        assert_eq!(kept, (3, 4, 5, 6, 7, 8));
        let texts = "SELECT lane, hex(sealed), fate, report, cause FROM outbox";
        let kept: (String, String, String, String, String) = query::one(&on, texts, ()).unwrap();
        let as_before = ["phone", "01000102", "dead", "delivered", "c"].map(str::to_owned);
        assert_eq!(<[String; 5]>::from(kept), as_before);
    }

    #[test]
    fn a_row_that_points_to_nothing_is_told_and_nothing_is_changed() {
        let mut on = before_deactivation();
        on.pragma_update(None, "foreign_keys", false).unwrap();
        on.execute_batch(OF_BEFORE).unwrap();
        on.execute("DELETE FROM patients", ()).unwrap();
        assert!(run(&mut on).is_err());
        assert_eq!(version(&on), 2);
    }
}
