//! The answers of every step: from a posted form and from JSON.

use protocol::{Answer, Answers, Channel, Field, FieldProblem, StepName};
use verify_api::http::fuzzing;

use crate::text::text;

pub(crate) fn run(input: &[u8]) {
    let posted = fuzzing::posted(input);
    assert!(!(posted.is_broken && posted.token.is_some()));
    if let Some(token) = posted.token {
        assert_eq!(
            token,
            posted.answers.named("token").trim(),
            "a token has one spelling"
        );
    }
    judge(&posted.answers);
    if let Ok(answers) = serde_json::from_str::<Answers>(&text(input)) {
        let written = serde_json::to_string(&answers).expect("answers are texts by name");
        assert!(serde_json::from_str::<Answers>(&written).is_ok_and(|read| read == answers));
        judge(&answers);
    }
}

fn judge(answers: &Answers) {
    for step in StepName::ALL {
        match Answer::parse(step, answers) {
            Ok(None) => assert!(step.fields().is_empty()),
            Ok(Some(answer)) => {
                assert!(!step.fields().is_empty());
                fits(step, &answer, answers);
            }
            Err(problems) => {
                assert!(!problems.is_empty(), "refused for nothing");
                for (field, problem) in problems {
                    assert!(
                        step.fields().contains(&field),
                        "{step:?} does not ask {field:?}"
                    );
                    let is_bare = answers.get(field).is_empty();
                    assert!(!is_bare || problem == FieldProblem::Required, "{field:?}");
                }
            }
        }
    }
}

fn fits(step: StepName, answer: &Answer, answers: &Answers) {
    match answer {
        Answer::Phone { phone, channel } => {
            assert_eq!(phone.as_str(), answers.get(Field::Phone).trim());
            assert_ne!(*channel, Channel::Email, "a phone reads no email");
        }
        Answer::NewPassword(password) | Answer::Credentials { password, .. } => {
            assert_eq!(
                password.as_str(),
                answers.get(Field::Password),
                "passwords stay as typed"
            );
        }
        Answer::Method(channel) => {
            assert_eq!(channel.as_str(), answers.get(Field::Channel));
        }
        _ => {}
    }
    let shown = format!("{answer:?}");
    for field in step.fields() {
        let typed = answers.get(*field).trim();
        // Short ones may be part of a type's name.
        let is_telling = typed.len() > 16 && *field != Field::Channel;
        assert!(
            !is_telling || !shown.contains(typed),
            "{field:?} shows in Debug"
        );
    }
}
