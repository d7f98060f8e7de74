//! Where sealed records stand, and the statements that go over all of them,
//! which are the same on each database.
//!
//! Every such table has a column `key_id`, which the database itself takes from
//! the record and holds against the table `keys`: a key cannot be erased while
//! a record needs it, and no record can be written with one that is gone.

use crate::crypto::Sealed;

/// A record that gets another key.
#[derive(Debug)]
pub struct Resealed {
    /// Its row.
    pub id: [u8; 16],
    /// As it was read.
    pub old: Sealed,
    /// As it shall be.
    pub new: Sealed,
}

/// A column of sealed records.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    /// Patients' records.
    Patients,
    /// Who works at the desk.
    Staff,
    /// The secrets of their authenticator apps.
    StaffCredentials,
    /// What is noted of who acts for patients.
    Proxies,
    /// Addresses that invitations were mailed to.
    Invitations,
    /// What accounts hold about their owners.
    Accounts,
    /// The states of flows.
    Flows,
    /// Messages on their way.
    Outbox,
    /// Names of providers.
    Providers,
}

impl Place {
    /// All of them.
    pub const ALL: [Self; 9] = [
        Self::Patients,
        Self::Staff,
        Self::StaffCredentials,
        Self::Proxies,
        Self::Invitations,
        Self::Accounts,
        Self::Flows,
        Self::Outbox,
        Self::Providers,
    ];

    const fn table_and_column(self) -> (&'static str, &'static str) {
        match self {
            Self::Patients => ("patients", "sealed"),
            Self::Staff => ("staff", "sealed"),
            Self::StaffCredentials => ("staff_credentials", "sealed"),
            Self::Proxies => ("proxies", "sealed"),
            Self::Invitations => ("invitations", "mailed_to"),
            Self::Accounts => ("accounts", "sealed"),
            Self::Flows => ("flows", "sealed"),
            Self::Outbox => ("outbox", "sealed"),
            Self::Providers => ("providers", "sealed"),
        }
    }

    /// How many records are sealed with another key than `$1`.
    pub(super) fn count(self) -> String {
        let (table, _) = self.table_and_column();
        format!("SELECT count(*) FROM {table} WHERE key_id <> $1")
    }

    /// `$3` records after the one with the id `$2` that are sealed with another
    /// key than `$1`.
    pub(super) fn page(self) -> String {
        let (table, column) = self.table_and_column();
        format!(
            "SELECT id, {column} FROM {table} WHERE id > $2 AND key_id <> $1 ORDER BY id LIMIT $3"
        )
    }

    /// Puts `$1` in the place of `$3`, in the row `$2`, if it still stands there.
    pub(super) fn replace(self) -> String {
        let (table, column) = self.table_and_column();
        format!("UPDATE {table} SET {column} = $1 WHERE id = $2 AND {column} = $3")
    }

    /// Locks the rows of `$1` that nobody else holds. On PostgreSQL: whoever
    /// waited there for one row while holding another could wait in a circle.
    pub(super) fn lock_free_ones(self) -> String {
        let (table, _) = self.table_and_column();
        format!("SELECT id FROM {table} WHERE id = ANY($1) FOR NO KEY UPDATE SKIP LOCKED")
    }
}
