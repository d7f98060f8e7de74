//! Reading views and problems from JSON.
//!
//! `serde` defines the wire, in `protocol`; reading by hand keeps its machinery
//! (about twenty kilobytes) off a phone. The tests hold this reader to what
//! `serde` writes for every step and problem.
//!
//! It must not know where the JSON comes from: that is what [`Json`] is for.

use alloc::boxed::Box;
use alloc::collections::BTreeMap;
use alloc::string::String;

use protocol::{
    Channel, Field, FieldProblem, FlowKind, Notice, Problem, ProblemCode, Progress, Step, StepName,
    View,
};

/// A JSON value.
pub(crate) trait Json: Sized {
    /// The member of that name; nothing where there is none.
    fn member(&self, name: &str) -> Option<Self>;
    /// The text of a string.
    fn text(&self) -> Option<String>;
    /// The value of a number that is a `u32`.
    fn number(&self) -> Option<u32>;
    /// Whether it is `true`.
    fn is_true(&self) -> bool;
}

/// A view; nothing where the JSON is not one.
pub(crate) fn view(json: &impl Json) -> Option<View> {
    let progress = json.member("progress")?;
    let notice = text(json, "notice");
    Some(View {
        kind: FlowKind::from_name(&text(json, "kind")?)?,
        token: text(json, "token"),
        expires_at: text(json, "expires_at")?,
        // A server of before does not say it; then nothing is counted down.
        expires_in: (json.member("expires_in"))
            .and_then(|it| it.number())
            .unwrap_or_default(),
        progress: Progress {
            step: small_number(&progress, "step")?,
            of: small_number(&progress, "of")?,
        },
        step: step(&json.member("step")?)?,
        notice: notice.and_then(|name| Notice::ALL.into_iter().find(|n| n.as_str() == name)),
        is_out_of_tries: json.member("out_of_tries").is_some_and(|it| it.is_true()),
        sign_in: text(json, "sign_in"),
    })
}

/// A problem; nothing where the JSON is not one, or has a code that we do not know.
///
/// Its `type` and `title` are for developers and stay unread.
pub(crate) fn problem(json: &impl Json) -> Option<Problem> {
    let code = text(json, "code")?;
    let code = *ProblemCode::ALL.iter().find(|c| c.as_str() == code)?;
    let mut problem = bare_problem(code);
    if let Some(fields) = json.member("fields") {
        for field in Field::ALL {
            if let Some(name) = text(&fields, field.as_str())
                && let Some(found) = FieldProblem::ALL.iter().find(|p| p.as_str() == name)
            {
                problem.fields.insert(field, *found);
            }
        }
    }
    problem.retry_after = json.member("retry_after").and_then(|n| n.number());
    problem.tries_left = small_number(json, "tries_left");
    problem.view = json.member("view").and_then(|v| view(&v)).map(Box::new);
    Some(problem)
}

/// A problem without the sentences for developers, which nobody reads here.
pub(crate) fn bare_problem(code: ProblemCode) -> Problem {
    Problem {
        type_uri: String::new(),
        title: String::new(),
        status: code.status(),
        code,
        fields: BTreeMap::new(),
        retry_after: None,
        tries_left: None,
        view: None,
    }
}

fn step(json: &impl Json) -> Option<Step> {
    Some(match StepName::from_name(&text(json, "name")?)? {
        StepName::Invitation => Step::Invitation,
        StepName::Identity => Step::Identity,
        StepName::Phone => Step::Phone,
        StepName::Code => Step::Code {
            channel: Channel::from_name(&text(json, "channel")?)?,
            to: text(json, "to"),
            resend_in: json.member("resend_in")?.number()?,
        },
        StepName::Contact => Step::Contact {
            email: text(json, "email")?,
        },
        StepName::Credentials => Step::Credentials,
        StepName::PersonalInfo => Step::PersonalInfo,
        StepName::CheckEmail => Step::CheckEmail,
        StepName::Identify => Step::Identify,
        StepName::Method => Step::Method,
        StepName::NewPassword => Step::NewPassword {
            username: text(json, "username")?,
        },
        StepName::SignIn => Step::SignIn,
        StepName::Password => Step::Password {
            username: text(json, "username").unwrap_or_default(),
        },
        StepName::Confirm => Step::Confirm,
        StepName::Done => Step::Done {
            username: text(json, "username"),
        },
    })
}

fn text(json: &impl Json, name: &str) -> Option<String> {
    json.member(name)?.text()
}

fn small_number(json: &impl Json, name: &str) -> Option<u8> {
    u8::try_from(json.member(name)?.number()?).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    impl Json for serde_json::Value {
        fn member(&self, name: &str) -> Option<Self> {
            self.get(name).filter(|v| !v.is_null()).cloned()
        }
        fn text(&self) -> Option<String> {
            self.as_str().map(str::to_owned)
        }
        fn number(&self) -> Option<u32> {
            self.as_u64()?.try_into().ok()
        }
        fn is_true(&self) -> bool {
            self.as_bool() == Some(true)
        }
    }

    fn a_step(name: StepName) -> Step {
        match name {
            StepName::Invitation => Step::Invitation,
            StepName::Identity => Step::Identity,
            StepName::Phone => Step::Phone,
            StepName::Code => Step::Code {
                channel: Channel::Call,
                to: Some("42".into()),
                resend_in: 60,
            },
            StepName::Contact => Step::Contact {
                email: "ana@example.org".into(),
            },
            StepName::Credentials => Step::Credentials,
            StepName::PersonalInfo => Step::PersonalInfo,
            StepName::CheckEmail => Step::CheckEmail,
            StepName::Identify => Step::Identify,
            StepName::Method => Step::Method,
            StepName::NewPassword => Step::NewPassword {
                username: "ana.b".into(),
            },
            StepName::SignIn => Step::SignIn,
            StepName::Password => Step::Password {
                username: "ana.b".into(),
            },
            StepName::Confirm => Step::Confirm,
            StepName::Done => Step::Done {
                username: Some("ana.b".into()),
            },
        }
    }

    fn a_view(step: Step) -> View {
        View {
            kind: FlowKind::PasswordReset,
            token: None,
            expires_at: "2026-11-25T10:00:00Z".into(),
            expires_in: 3599,
            progress: Progress { step: 2, of: 4 },
            step,
            notice: None,
            is_out_of_tries: false,
            sign_in: None,
        }
    }

    /// What is read is written again by `serde` to the very same JSON.
    fn assert_reads(written: &View) {
        let wire = serde_json::to_value(written).unwrap();
        let read = view(&wire).expect("a view");
        assert_eq!(serde_json::to_value(&read).unwrap(), wire);
    }

    #[test]
    fn every_step_is_read_as_serde_writes_it() {
        for name in StepName::ALL {
            assert_reads(&a_view(a_step(name)));
        }
        for channel in Channel::ALL {
            assert_reads(&a_view(Step::Code {
                channel,
                to: None,
                resend_in: 0,
            }));
        }
    }

    #[test]
    fn what_only_some_views_say_is_read() {
        assert_reads(&a_view(Step::Done { username: None }));
        assert_reads(&View {
            is_out_of_tries: true,
            sign_in: Some("https://portal.example.org/".into()),
            ..a_view(Step::Method)
        });
    }

    #[test]
    fn every_kind_notice_and_token_is_read() {
        for kind in FlowKind::ALL {
            for notice in Notice::ALL {
                assert_reads(&View {
                    kind,
                    token: Some("t-1".into()),
                    notice: Some(notice),
                    ..a_view(Step::Identify)
                });
            }
        }
    }

    #[test]
    fn every_problem_is_read() {
        for &code in ProblemCode::ALL {
            let mut written = Problem::new(code);
            written.retry_after = Some(30);
            written.tries_left = Some(4);
            written.view = Some(Box::new(a_view(Step::Method)));
            let wire = serde_json::to_value(&written).unwrap();
            let mut read = problem(&wire).expect("a problem");
            (read.type_uri, read.title) = (written.type_uri, written.title);
            assert_eq!(serde_json::to_value(&read).unwrap(), wire);
        }
        for field in Field::ALL {
            for &found in FieldProblem::ALL {
                let wire = serde_json::to_value(Problem::field(field, found)).unwrap();
                assert_eq!(problem(&wire).expect("a problem").fields[&field], found);
            }
        }
    }

    #[test]
    fn what_is_no_view_is_refused_in_peace() {
        for wire in [
            "null",
            "[]",
            "{}",
            r#"{"kind":"password-reset","step":{"name":"dance"}}"#,
        ] {
            let wire: serde_json::Value = serde_json::from_str(wire).unwrap();
            assert!(view(&wire).is_none() && problem(&wire).is_none(), "{wire}");
        }
        let mut wire = serde_json::to_value(a_view(Step::Identify)).unwrap();
        wire["progress"]["of"] = 4000.into();
        assert!(view(&wire).is_none());
    }
}
