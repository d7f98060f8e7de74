//! Why a store could not do what it was asked, in the house's own terms. It must
//! not know what a person is told of it.

use jiff::SignedDuration;
use rusqlite::ErrorCode;

/// Why a store could not do it.
#[derive(Debug)]
pub enum StoreError {
    /// Somebody else changed the flow first; what was tried left no trace.
    Conflict,
    /// The invitation was used or replaced.
    InvitationEnded,
    /// Every try at the code was used up; another code would be of no use.
    NoTryLeft,
    /// There were wrong codes in a row; the next guess has to wait.
    MustWait {
        /// For so long.
        wait: SignedDuration,
    },
    /// There were so many wrong codes in a row that none is looked at any more.
    GuessingStopped,
    /// A budget does not hold it.
    OverBudget {
        /// How long it takes until it does.
        wait: SignedDuration,
    },
    /// The username belongs to someone.
    UsernameTaken,
    /// The patient has an account.
    AlreadyEnrolled,
    /// The password that was right is the account's no more.
    PasswordChanged,
    /// Somebody else has acted since, or the visit that it is done in is over.
    Overtaken,
    /// The session that it is done in has ended.
    SignedOut,
    /// The database cannot be used right now.
    Unavailable(String),
}

impl std::fmt::Display for StoreError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Conflict => f.write_str("the flow was changed by another request"),
            Self::InvitationEnded => f.write_str("the invitation was used or replaced"),
            Self::NoTryLeft => f.write_str("no try at the code is left"),
            Self::MustWait { .. } => f.write_str("the next guess has to wait"),
            Self::GuessingStopped => f.write_str("no more guesses are taken"),
            Self::OverBudget { .. } => f.write_str("a budget is used up"),
            Self::UsernameTaken => f.write_str("the username is taken"),
            Self::AlreadyEnrolled => f.write_str("the patient is enrolled"),
            Self::PasswordChanged => f.write_str("the password was changed"),
            Self::Overtaken => f.write_str("somebody else has acted since"),
            Self::SignedOut => f.write_str("the session has ended"),
            Self::Unavailable(cause) => write!(f, "the database is unavailable: {cause}"),
        }
    }
}

impl std::error::Error for StoreError {}

impl StoreError {
    /// What a broken rule of the tables means, by the name of the constraint or the
    /// column that the database tells.
    fn of_broken(rule: &str) -> Option<Self> {
        if rule.contains("username_key") {
            return Some(Self::UsernameTaken);
        }
        (rule.contains("accounts") && rule.contains("patient_id")).then_some(Self::AlreadyEnrolled)
    }
}

impl From<sqlx::Error> for StoreError {
    fn from(error: sqlx::Error) -> Self {
        if let sqlx::Error::Database(database) = &error {
            // PostgreSQL ends one of two that wait for each other.
            if matches!(database.code().as_deref(), Some("40001" | "40P01")) {
                return Self::Conflict;
            }
            let broken = database.constraint().unwrap_or(database.message());
            if let Some(broken) = Self::of_broken(broken) {
                return broken;
            }
        }
        Self::Unavailable(error.to_string())
    }
}

impl From<rusqlite::Error> for StoreError {
    fn from(error: rusqlite::Error) -> Self {
        match error {
            rusqlite::Error::SqliteFailure(failure, Some(message))
                if failure.code == ErrorCode::ConstraintViolation =>
            {
                Self::of_broken(&message).unwrap_or(Self::Unavailable(message))
            }
            // With the whole statement, which may be a migration.
            rusqlite::Error::SqlInputError { msg, .. } => Self::Unavailable(msg),
            error => Self::Unavailable(error.to_string()),
        }
    }
}

/// A store's answer.
pub type Result<T> = std::result::Result<T, StoreError>;
