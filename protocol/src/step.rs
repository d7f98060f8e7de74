//! What a step is and how it travels.
//!
//! [`Step`] is the enum that code matches on; on the wire it is one flat object
//! with a `name`, which any reader takes in one pass. It must not know the
//! order of steps.

use alloc::string::String;

use serde::{Deserialize, Serialize};

use crate::{Channel, Field, FlowKind};

/// The name of a step on the wire.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum StepName {
    /// Type the code of the invitation.
    Invitation,
    /// Say who you are, as the clinic has it.
    Identity,
    /// Give a phone number, the one on file or a new one, and how to reach it.
    Phone,
    /// Type the code that was sent.
    Code,
    /// Confirm or change the email for notices.
    Contact,
    /// Choose a username and a password.
    Credentials,
    /// Say who you are, to recover a username.
    PersonalInfo,
    /// Nothing to answer: look in your email.
    CheckEmail,
    /// Say whose password is to be reset.
    Identify,
    /// Choose how the code travels.
    Method,
    /// Choose a new password.
    NewPassword,
    /// Give the username and the password.
    SignIn,
    /// Give the password once more, before something is changed.
    Password,
    /// Give the username once more, before the account ends.
    Confirm,
    /// Nothing to answer: it is done.
    Done,
}

impl StepName {
    /// Every name.
    pub const ALL: [Self; 15] = [
        Self::Invitation,
        Self::Identity,
        Self::Phone,
        Self::Code,
        Self::Contact,
        Self::Credentials,
        Self::PersonalInfo,
        Self::CheckEmail,
        Self::Identify,
        Self::Method,
        Self::NewPassword,
        Self::SignIn,
        Self::Password,
        Self::Confirm,
        Self::Done,
    ];

    /// The name on the wire.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Invitation => "invitation",
            Self::Identity => "identity",
            Self::Phone => "phone",
            Self::Code => "code",
            Self::Contact => "contact",
            Self::Credentials => "credentials",
            Self::PersonalInfo => "personal-info",
            Self::CheckEmail => "check-email",
            Self::Identify => "identify",
            Self::Method => "method",
            Self::NewPassword => "new-password",
            Self::SignIn => "sign-in",
            Self::Password => "password",
            Self::Confirm => "confirm",
            Self::Done => "done",
        }
    }

    /// The step of that name, if there is one.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|step| step.as_str() == name)
    }

    /// Whether the person may go back from here to the step before.
    ///
    /// Never across a proof: a code or a password that was right is not asked for again.
    pub const fn can_go_back(self, kind: FlowKind) -> bool {
        match self {
            Self::Code | Self::Method => true,
            Self::Phone => !kind.needs_session(),
            _ => false,
        }
    }

    /// Whether its password is one that the person has, and not one to choose.
    pub const fn has_password(self) -> bool {
        matches!(self, Self::SignIn | Self::Password)
    }

    /// The fields that an answer to this step has, in the order of the form.
    pub const fn fields(self) -> &'static [Field] {
        use Field as F;
        match self {
            Self::Invitation => &[F::Invitation],
            Self::Identity => &[F::GivenName, F::FamilyName, F::BirthDate, F::PostalCode],
            Self::Phone => &[F::Phone, F::Channel],
            Self::Code => &[F::Code],
            Self::Contact => &[F::Email],
            Self::Credentials | Self::SignIn => &[F::Username, F::Password],
            Self::PersonalInfo => &[F::GivenName, F::FamilyName, F::BirthDate, F::Email],
            Self::Identify | Self::Confirm => &[F::Username],
            Self::Method => &[F::Channel],
            Self::NewPassword | Self::Password => &[F::Password],
            Self::CheckEmail | Self::Done => &[],
        }
    }
}

/// A step, with what its form needs to be shown.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(from = "WireStep", into = "WireStep")]
pub enum Step {
    /// See [`StepName::Invitation`].
    Invitation,
    /// See [`StepName::Identity`].
    Identity,
    /// See [`StepName::Phone`].
    Phone,
    /// See [`StepName::Code`].
    Code {
        /// How the code travels.
        channel: Channel,
        /// Where it goes, masked; only where the patient has named the
        /// destination themselves. A reset never says, so that its answers are
        /// the same for known and unknown people.
        to: Option<String>,
        /// Seconds until another code can be asked for. A span, not a moment:
        /// phones with a wrong clock exist.
        resend_in: u32,
    },
    /// See [`StepName::Contact`].
    Contact {
        /// The address that the clinic has, to confirm.
        email: String,
    },
    /// See [`StepName::Credentials`].
    Credentials,
    /// See [`StepName::PersonalInfo`].
    PersonalInfo,
    /// See [`StepName::CheckEmail`].
    CheckEmail,
    /// See [`StepName::Identify`].
    Identify,
    /// See [`StepName::Method`].
    Method,
    /// See [`StepName::NewPassword`].
    NewPassword {
        /// The username, so that a password manager files the new password well.
        username: String,
    },
    /// See [`StepName::SignIn`].
    SignIn,
    /// See [`StepName::Password`].
    Password {
        /// The username, so that a password manager finds the password; empty where it is not
        /// known.
        username: String,
    },
    /// See [`StepName::Confirm`].
    Confirm,
    /// See [`StepName::Done`].
    Done {
        /// The username that was chosen, for its owner to keep.
        username: Option<String>,
    },
}

impl Step {
    /// The step's name.
    pub const fn name(&self) -> StepName {
        match self {
            Self::Invitation => StepName::Invitation,
            Self::Identity => StepName::Identity,
            Self::Phone => StepName::Phone,
            Self::Code { .. } => StepName::Code,
            Self::Contact { .. } => StepName::Contact,
            Self::Credentials => StepName::Credentials,
            Self::PersonalInfo => StepName::PersonalInfo,
            Self::CheckEmail => StepName::CheckEmail,
            Self::Identify => StepName::Identify,
            Self::Method => StepName::Method,
            Self::NewPassword { .. } => StepName::NewPassword,
            Self::SignIn => StepName::SignIn,
            Self::Password { .. } => StepName::Password,
            Self::Confirm => StepName::Confirm,
            Self::Done { .. } => StepName::Done,
        }
    }

    /// The channels that the step offers.
    pub const fn channels(&self) -> &'static [Channel] {
        match self {
            Self::Phone => &[Channel::Text, Channel::Call],
            Self::Method => &Channel::ALL,
            _ => &[],
        }
    }
}

impl core::fmt::Debug for Step {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        write!(f, "Step({})", self.name().as_str())
    }
}

/// [`Step`] as it travels.
#[derive(Serialize, Deserialize)]
struct WireStep {
    name: StepName,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    channel: Option<Channel>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    to: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    resend_in: Option<u32>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    email: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    username: Option<String>,
}

impl From<Step> for WireStep {
    fn from(step: Step) -> Self {
        let mut wire = Self {
            name: step.name(),
            channel: None,
            to: None,
            resend_in: None,
            email: None,
            username: None,
        };
        match step {
            Step::Code {
                channel,
                to,
                resend_in,
            } => {
                wire.channel = Some(channel);
                wire.to = to;
                wire.resend_in = Some(resend_in);
            }
            Step::Contact { email } => wire.email = Some(email),
            Step::NewPassword { username } | Step::Password { username } => {
                wire.username = Some(username);
            }
            Step::Done { username } => wire.username = username,
            _ => {}
        }
        wire
    }
}

impl From<WireStep> for Step {
    fn from(wire: WireStep) -> Self {
        match wire.name {
            StepName::Invitation => Self::Invitation,
            StepName::Identity => Self::Identity,
            StepName::Phone => Self::Phone,
            StepName::Code => Self::Code {
                channel: wire.channel.unwrap_or(Channel::Text),
                to: wire.to,
                resend_in: wire.resend_in.unwrap_or_default(),
            },
            StepName::Contact => Self::Contact {
                email: wire.email.unwrap_or_default(),
            },
            StepName::Credentials => Self::Credentials,
            StepName::PersonalInfo => Self::PersonalInfo,
            StepName::CheckEmail => Self::CheckEmail,
            StepName::Identify => Self::Identify,
            StepName::Method => Self::Method,
            StepName::NewPassword => Self::NewPassword {
                username: wire.username.unwrap_or_default(),
            },
            StepName::SignIn => Self::SignIn,
            StepName::Password => Self::Password {
                username: wire.username.unwrap_or_default(),
            },
            StepName::Confirm => Self::Confirm,
            StepName::Done => Self::Done {
                username: wire.username,
            },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_step_travels_as_one_flat_object() {
        let step = Step::Code {
            channel: Channel::Call,
            to: None,
            resend_in: 60,
        };
        let wire = serde_json::to_string(&step).unwrap();
        assert_eq!(wire, r#"{"name":"code","channel":"call","resend_in":60}"#);
        assert_eq!(serde_json::from_str::<Step>(&wire).unwrap(), step);
    }

    #[test]
    fn names_agree_with_the_wire() {
        for name in StepName::ALL {
            let wire = serde_json::to_value(name).unwrap();
            assert_eq!(wire, name.as_str());
            assert_eq!(StepName::from_name(name.as_str()), Some(name));
        }
        for kind in FlowKind::ALL {
            assert_eq!(serde_json::to_value(kind).unwrap(), kind.as_str());
        }
        for channel in Channel::ALL {
            assert_eq!(serde_json::to_value(channel).unwrap(), channel.as_str());
        }
        for field in Field::ALL {
            assert_eq!(serde_json::to_value(field).unwrap(), field.as_str());
        }
    }
}
