//! The small closed sets that both sides name: flow kinds, channels, languages.
//!
//! It must not know what happens in a flow; that is the API's.

use serde::{Deserialize, Serialize};

/// A job a patient comes to finish.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "kebab-case")]
pub enum FlowKind {
    /// From an invitation, given in person, to a username and password.
    Enrollment,
    /// An email that explains how to see one's username again.
    UsernameRecovery,
    /// A new password, proven by a code to the address or phone linked to the account.
    PasswordReset,
    /// Into the account, with username and password.
    SignIn,
    /// Another phone in the place of the one linked to the account.
    PhoneChange,
    /// Another email in the place of the one on the account.
    EmailChange,
    /// The end of the account, for good.
    Deactivation,
}

impl FlowKind {
    /// Every kind, in the order in which pages list them.
    pub const ALL: [Self; 7] = [
        Self::Enrollment,
        Self::UsernameRecovery,
        Self::PasswordReset,
        Self::SignIn,
        Self::PhoneChange,
        Self::EmailChange,
        Self::Deactivation,
    ];

    /// The name on the wire and in URLs.
    ///
    /// ```
    /// # use protocol::FlowKind;
    /// assert_eq!(FlowKind::PasswordReset.as_str(), "password-reset");
    /// assert_eq!(FlowKind::from_name("password-reset"), Some(FlowKind::PasswordReset));
    /// ```
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Enrollment => "enrollment",
            Self::UsernameRecovery => "username-recovery",
            Self::PasswordReset => "password-reset",
            Self::SignIn => "sign-in",
            Self::PhoneChange => "phone-change",
            Self::EmailChange => "email-change",
            Self::Deactivation => "deactivation",
        }
    }

    /// Whether it is about the account of whoever is signed in, and goes on only while
    /// they are.
    pub const fn needs_session(self) -> bool {
        matches!(
            self,
            Self::PhoneChange | Self::EmailChange | Self::Deactivation
        )
    }

    /// Whether nobody is signed in any more once it is done.
    pub const fn ends_session(self) -> bool {
        matches!(self, Self::Deactivation)
    }

    /// Whether a cookie says who is there: then no page of another site can show it.
    pub const fn needs_cookies(self) -> bool {
        matches!(self, Self::SignIn) || self.needs_session()
    }

    /// The kind of that name, if there is one.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.as_str() == name)
    }
}

/// How a code travels to the patient.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "kebab-case")]
pub enum Channel {
    /// To an email address.
    Email,
    /// As a text message.
    Text,
    /// Read aloud by a phone call; the only way for a landline.
    Call,
}

impl Channel {
    /// Every channel, in the order in which forms offer them.
    pub const ALL: [Self; 3] = [Self::Text, Self::Call, Self::Email];

    /// The name on the wire.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Email => "email",
            Self::Text => "text",
            Self::Call => "call",
        }
    }

    /// The channel of that name, if there is one.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|c| c.as_str() == name)
    }
}

/// A language that a patient can read the flows in.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Locale {
    /// English.
    #[default]
    En,
    /// Spanish.
    Es,
}

impl Locale {
    /// Every language that is complete.
    pub const ALL: [Self; 2] = [Self::En, Self::Es];

    /// The BCP 47 tag.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::En => "en",
            Self::Es => "es",
        }
    }

    /// The language that serves someone who asks for `tag` (BCP 47).
    ///
    /// A language that we do not have is answered in English rather than with
    /// an error: a person who set their phone to Polish still gets in.
    ///
    /// ```
    /// # use protocol::Locale;
    /// assert_eq!(Locale::for_tag("es-MX"), Locale::Es);
    /// assert_eq!(Locale::for_tag("pl"), Locale::En);
    /// ```
    pub fn for_tag(tag: &str) -> Self {
        let primary = tag.split(['-', '_']).next().unwrap_or_default();
        Self::ALL
            .into_iter()
            .find(|l| l.as_str().eq_ignore_ascii_case(primary))
            .unwrap_or_default()
    }
}
