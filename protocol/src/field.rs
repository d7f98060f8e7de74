//! The fields that steps ask for: their names, their inputs, their autofill tokens.
//!
//! It must not know which values are right; see [`crate::values`].

use serde::{Deserialize, Serialize};

use crate::StepName;

/// One field of an answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum Field {
    /// The code on the invitation.
    Invitation,
    /// First name as the clinic has it.
    GivenName,
    /// Last name as the clinic has it.
    FamilyName,
    /// Date of birth.
    BirthDate,
    /// ZIP code.
    PostalCode,
    /// Phone number on file with the clinic.
    Phone,
    /// How a code should travel.
    Channel,
    /// The code that was sent.
    Code,
    /// Email address.
    Email,
    /// Portal username.
    Username,
    /// A password.
    Password,
}

/// What a field looks like in a form.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Input {
    /// One line of text.
    Text,
    /// One line whose value has a known, small width.
    Short,
    /// An email address.
    Email,
    /// A phone number.
    Tel,
    /// The one box for a code (WCAG 3.3.8: pasting works, no digit boxes).
    Code,
    /// A password, with a switch to show it.
    Password,
    /// Three boxes: month, day, year.
    Date,
    /// Radio buttons, one per channel of the step.
    Channels,
}

impl Field {
    /// Every field.
    pub const ALL: [Self; 11] = [
        Self::Invitation,
        Self::GivenName,
        Self::FamilyName,
        Self::BirthDate,
        Self::PostalCode,
        Self::Phone,
        Self::Channel,
        Self::Code,
        Self::Email,
        Self::Username,
        Self::Password,
    ];

    /// The name on the wire and of the form control.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Invitation => "invitation",
            Self::GivenName => "given_name",
            Self::FamilyName => "family_name",
            Self::BirthDate => "birth_date",
            Self::PostalCode => "postal_code",
            Self::Phone => "phone",
            Self::Channel => "channel",
            Self::Code => "code",
            Self::Email => "email",
            Self::Username => "username",
            Self::Password => "password",
        }
    }

    /// The autofill token (WCAG 1.3.5; HTML living standard, autofill).
    ///
    /// A date has one per box, which the form adds itself. Who signs in, or confirms it,
    /// has a password, which its manager fills in; who chooses one gets it from there.
    pub const fn autocomplete(self, step: StepName) -> &'static str {
        match self {
            Self::Password if step.has_password() => "current-password",
            Self::GivenName => "given-name",
            Self::FamilyName => "family-name",
            Self::PostalCode => "postal-code",
            Self::Phone => "tel",
            Self::Code => "one-time-code",
            Self::Email => "email",
            Self::Username => "username",
            Self::Password => "new-password",
            Self::Invitation | Self::BirthDate | Self::Channel => "off",
        }
    }

    /// How the field is asked for.
    pub const fn input(self) -> Input {
        match self {
            Self::Invitation | Self::GivenName | Self::FamilyName | Self::Username => Input::Text,
            Self::PostalCode => Input::Short,
            Self::BirthDate => Input::Date,
            Self::Phone => Input::Tel,
            Self::Channel => Input::Channels,
            Self::Code => Input::Code,
            Self::Email => Input::Email,
            Self::Password => Input::Password,
        }
    }

    /// Whether what was typed may be shown again when the form comes back.
    ///
    /// Passwords and codes are not: they would stand in the page's source.
    pub const fn is_kept(self) -> bool {
        !matches!(self, Self::Code | Self::Password)
    }
}
