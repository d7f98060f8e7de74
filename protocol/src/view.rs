//! What a host is told of a flow: its step, how far it has come, and what to say
//! beside it. It must not know what a step asks.

use alloc::string::String;

use serde::{Deserialize, Serialize};

use crate::{FlowKind, Step};

/// How far a flow has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Progress {
    /// The current step, counted from 1.
    pub step: u8,
    /// How many steps there are.
    pub of: u8,
}

/// Something to tell beside the step: not a problem, and not a question.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "kebab-case")]
pub enum Notice {
    /// Another code is on its way; older ones stop working.
    CodeSent,
    /// The form that was sent belongs to an earlier step; here is the current one.
    AlreadyAnswered,
    /// The earlier flow has run out; this is a fresh start.
    StartedOver,
    /// There is no flow to the form that was sent; this is a fresh start.
    Lost,
    /// Nobody is signed in any more.
    SignedOut,
    /// Whoever wants to sign in is signed in already.
    SignedIn,
    /// The time that was asked for is there.
    MoreTime,
    /// It is not: the flow ends before long.
    NoMoreTime,
}

impl Notice {
    /// Every notice.
    pub const ALL: [Self; 8] = [
        Self::CodeSent,
        Self::AlreadyAnswered,
        Self::StartedOver,
        Self::Lost,
        Self::SignedOut,
        Self::SignedIn,
        Self::MoreTime,
        Self::NoMoreTime,
    ];

    /// The name on the wire.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::CodeSent => "code-sent",
            Self::AlreadyAnswered => "already-answered",
            Self::StartedOver => "started-over",
            Self::Lost => "lost",
            Self::SignedOut => "signed-out",
            Self::SignedIn => "signed-in",
            Self::MoreTime => "more-time",
            Self::NoMoreTime => "no-more-time",
        }
    }

    /// Whether it answers a press that asked for time, and is true of that press alone.
    pub const fn is_of_time(self) -> bool {
        matches!(self, Self::MoreTime | Self::NoMoreTime)
    }
}

/// A flow as its owner sees it.
#[derive(Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct View {
    /// Which job it is.
    pub kind: FlowKind,
    /// The bearer token of the flow; only in the answer that creates it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(nullable = false))]
    pub token: Option<String>,
    /// When the flow stops taking answers, RFC 3339.
    #[cfg_attr(feature = "openapi", schema(format = DateTime))]
    pub expires_at: String,
    /// Seconds until then, for whoever has another clock.
    pub expires_in: u32,
    /// How far it has come.
    pub progress: Progress,
    /// What is asked now.
    pub step: Step,
    /// What to tell beside it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(nullable = false))]
    pub notice: Option<Notice>,
    /// Whether no try is left here: only a new start leads on.
    #[serde(default, rename = "out_of_tries", skip_serializing_if = "is_false")]
    pub is_out_of_tries: bool,
    /// Where people sign in to the portal, if the clinic has said so.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(nullable = false))]
    pub sign_in: Option<String>,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde calls it so")]
const fn is_false(flag: &bool) -> bool {
    !*flag
}

impl core::fmt::Debug for View {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.debug_struct("View")
            .field("kind", &self.kind)
            .field("step", &self.step.name())
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Readers of before the two members came must see no change.
    #[test]
    fn what_is_not_so_is_not_written() {
        let view = View {
            kind: FlowKind::Enrollment,
            token: None,
            expires_at: "2026-11-25T10:00:00Z".into(),
            expires_in: 900,
            progress: Progress { step: 6, of: 6 },
            step: Step::Done { username: None },
            notice: None,
            is_out_of_tries: false,
            sign_in: None,
        };
        let wire = serde_json::to_value(&view).unwrap();
        assert_eq!(wire["step"], serde_json::json!({ "name": "done" }));
        assert!(wire.get("out_of_tries").is_none() && wire.get("sign_in").is_none());
        let read: View = serde_json::from_value(wire).unwrap();
        assert!(!read.is_out_of_tries && read.sign_in.is_none());
    }

    #[test]
    fn notices_have_the_names_that_they_have_on_the_wire() {
        for notice in Notice::ALL {
            assert_eq!(serde_json::to_value(notice).unwrap(), notice.as_str());
        }
    }
}
