//! Who works at the desk and what they note there: roles, the codes of an authenticator app,
//! documents, and who acts for a patient.
//!
//! It must not know how anything of it is stored, nor which page a role may see.

mod document;
mod proxy;
mod state;
mod totp;

pub use document::{Document, Documents, Lacking};
pub use proxy::{Acting, Authority, NoProxy, Proxy, ProxyId, is_under};
pub use state::PatientState;
pub use totp::AppSecret;

use crate::patient::id;

id::id! {
    /// Names a staff user.
    StaffId
}

/// What a staff user does at the clinic.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    /// Checks patients in person and invites them.
    FrontDesk,
    /// The same, and looks after it.
    Manager,
    /// Reads what was done, and does nothing.
    Auditor,
}

impl Role {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::FrontDesk, Self::Manager, Self::Auditor];

    /// The name under which it is stored and typed.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::FrontDesk => "front-desk",
            Self::Manager => "manager",
            Self::Auditor => "auditor",
        }
    }

    /// Whether it invites patients.
    pub const fn invites(self) -> bool {
        matches!(self, Self::FrontDesk | Self::Manager)
    }
}

/// A text that names no role.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NoRole;

impl std::fmt::Display for NoRole {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let names = Role::ALL.map(Role::as_str).join(", ");
        write!(f, "a role is one of {names}")
    }
}

impl std::error::Error for NoRole {}

impl std::str::FromStr for Role {
    type Err = NoRole;

    fn from_str(text: &str) -> Result<Self, NoRole> {
        let mut roles = Self::ALL.into_iter();
        roles.find(|role| role.as_str() == text).ok_or(NoRole)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_role_is_read_by_the_name_that_it_is_stored_under() {
        for role in Role::ALL {
            assert_eq!(role.as_str().parse(), Ok(role));
        }
        let told = "boss".parse::<Role>().unwrap_err().to_string();
        assert!(told.contains("front-desk, manager, auditor"), "{told}");
    }
}
