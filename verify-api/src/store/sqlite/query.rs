//! Statements in a line each: prepared once a connection, with parameters by their
//! number (`?1`).
//!
//! It must not know what they are about.

use rusqlite::{Connection, Params, Result, Row};

/// A tuple of the columns of a row.
pub(super) trait Columns: for<'r> TryFrom<&'r Row<'r>, Error = rusqlite::Error> {}
impl<T: for<'r> TryFrom<&'r Row<'r>, Error = rusqlite::Error>> Columns for T {}

/// Does a statement; how many rows it changed.
pub(super) fn execute(on: &Connection, sql: &str, with: impl Params) -> Result<u64> {
    let changed = on.prepare_cached(sql)?.execute(with)?;
    Ok(changed as u64)
}

/// Every row that a statement finds or returns.
pub(super) fn all<T: Columns>(on: &Connection, sql: &str, with: impl Params) -> Result<Vec<T>> {
    let mut statement = on.prepare_cached(sql)?;
    let rows = statement.query_map(with, |row| T::try_from(row))?;
    rows.collect()
}

/// The row of a statement that finds one at most. It is read to its end: what the
/// statement must keep to is checked there.
pub(super) fn optional<T: Columns>(
    on: &Connection,
    sql: &str,
    with: impl Params,
) -> Result<Option<T>> {
    Ok(all(on, sql, with)?.pop())
}

/// The row of a statement that always finds one.
pub(super) fn one<T: Columns>(on: &Connection, sql: &str, with: impl Params) -> Result<T> {
    optional(on, sql, with)?.ok_or(rusqlite::Error::QueryReturnedNoRows)
}

/// Whether a statement finds anything.
pub(super) fn exists(on: &Connection, sql: &str, with: impl Params) -> Result<bool> {
    on.prepare_cached(sql)?.exists(with)
}
