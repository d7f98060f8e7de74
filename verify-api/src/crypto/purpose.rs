//! What keys are for: no key serves two purposes, nor two algorithms.

/// What a hash or a sealed record is for. Each has keys of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Purpose {
    /// The token that a flow is known by.
    FlowToken,
    /// The six digits in a message.
    Code,
    /// The code on an invitation.
    Invitation,
    /// The token in the link that shows a username.
    RevealToken,
    /// Finding an account by username.
    Username,
    /// Finding accounts by email.
    Email,
    /// Making the six digits of a message from its id.
    CodeMaking,
    /// Finding a patient by the identifier in the clinic's own system.
    PatientSource,
    /// Staff users.
    Staff,
    /// The token of the link by which staff set up what they sign in with.
    StaffLink,
    /// The secret of a staff user's authenticator app, and making it from such a link.
    StaffApp,
    /// The token that a session of staff is known by.
    StaffSession,
    /// The token that a visit at the desk is known by.
    StaffVisit,
    /// What is noted of who acts for a patient.
    Proxy,
    /// What a form of staff who are signed in holds.
    StaffForm,
    /// How far somebody of the staff has seen the audit trail to be whole, to go on from there.
    StaffTrail,
    /// Knowing a browser again in which a staff user has signed in.
    StaffBrowser,
    /// The state of a flow.
    FlowState,
    /// A message on its way.
    Job,
    /// A patient's record.
    Patient,
    /// What an account holds about its owner.
    Account,
    /// Making the link of a message from its id.
    LinkMaking,
    /// What is mixed into every password.
    Pepper,
    /// The link between two lines of the audit trail.
    AuditLine,
    /// The token in the link that leads past the code of a reset.
    ResetLink,
    /// Whose budget or wait it is.
    Limit,
    /// The token that a session is known by.
    Session,
    /// What a form of somebody signed in holds, so that no other site can send it.
    SessionForm,
    /// Vouching for where a shortened audit trail begins.
    AuditStart,
    /// The names of providers.
    Provider,
    /// The key by which a practice's system is known.
    ProviderKey,
    /// Finding patients by their birth date.
    PatientBirth,
    /// Finding patients by their birth date and a form of their name.
    PatientName,
}

impl Purpose {
    /// The name that goes into key derivation. Changing one makes everything
    /// that was stored under it unreadable.
    pub(super) const fn label(self) -> &'static str {
        match self {
            Self::FlowToken => "flow-token",
            Self::Code => "code",
            Self::Invitation => "invitation",
            Self::RevealToken => "reveal-token",
            Self::Username => "username",
            Self::Email => "email",
            Self::CodeMaking => "code-making",
            Self::PatientSource => "patient-source",
            Self::Staff => "staff",
            Self::StaffLink => "staff-link",
            Self::StaffApp => "staff-app",
            Self::StaffSession => "staff-session",
            Self::StaffVisit => "staff-visit",
            Self::Proxy => "proxy",
            Self::StaffForm => "staff-form",
            Self::StaffTrail => "staff-trail",
            Self::StaffBrowser => "staff-browser",
            Self::FlowState => "flow-state",
            Self::Job => "job",
            Self::Patient => "patient",
            Self::Account => "account",
            Self::LinkMaking => "link-making",
            Self::Pepper => "pepper",
            Self::AuditLine => "audit-line",
            Self::ResetLink => "reset-link",
            Self::Limit => "limit",
            Self::Session => "session",
            Self::SessionForm => "session-form",
            Self::AuditStart => "audit-start",
            Self::Provider => "provider",
            Self::ProviderKey => "provider-key",
            Self::PatientBirth => "patient-birth",
            Self::PatientName => "patient-name",
        }
    }
}

/// What a derived key is used with. One key serves one algorithm only.
#[derive(Clone, Copy)]
pub(super) enum Use {
    Digest,
    Seal,
    Pepper,
}

impl Use {
    pub(super) const fn label(self) -> &'static str {
        match self {
            Self::Digest => "digest",
            Self::Seal => "seal",
            Self::Pepper => "pepper",
        }
    }
}
