//! The password policy: a username in the first line, then the password, however
//! long and in whatever script.

use std::sync::LazyLock;

use protocol::answers::PasswordText;
use protocol::values::Username;
use protocol::{Answer, Answers, Field, FieldProblem, StepName};
use unicode_normalization::UnicodeNormalization as _;
use verify_api::account::password::{KnownNames, NewPassword};

use crate::text::{first_line, text};

static NAMES: LazyLock<KnownNames> =
    LazyLock::new(|| KnownNames::new(["Wellsprings", "Patient Ally"]));

pub(crate) fn run(input: &[u8]) {
    let text = text(input);
    let (username, password) = first_line(&text);
    let username = Username::parse(username)
        .or_else(|_| Username::parse("rosa.n"))
        .expect("a username");
    let judge = |text: &str| {
        typed(text).map(|typed| NewPassword::parse(&typed, &username, &NAMES).map(|_| ()))
    };
    let Some(judged) = judge(password) else {
        assert!(password.is_empty());
        return;
    };
    let length = password.nfc().count();
    match judged {
        Ok(()) => assert!(
            (15..=256).contains(&length),
            "{length} code points are taken"
        ),
        Err(FieldProblem::PasswordTooShort) => assert!(length < 15),
        Err(FieldProblem::TooLong) => assert!(length > 256),
        Err(FieldProblem::PasswordCommon | FieldProblem::PasswordPredictable) => {
            assert!((15..=256).contains(&length));
        }
        Err(other) => panic!("{other:?} is nothing that a password can be"),
    }
    let apart: String = password.nfd().collect();
    assert_eq!(judge(&apart), Some(judged), "the keyboard decides");
    let username = username.as_str();
    assert_ne!(judge(username), Some(Ok(())), "a username is a password");
    if username.contains(|c: char| c.is_ascii_alphanumeric()) {
        let over_and_over = username.repeat(5);
        assert_ne!(
            judge(&over_and_over),
            Some(Ok(())),
            "{over_and_over} is taken"
        );
    }
}

fn typed(text: &str) -> Option<PasswordText> {
    let mut answers = Answers::default();
    answers.set(Field::Password, text);
    match Answer::parse(StepName::NewPassword, &answers) {
        Ok(Some(Answer::NewPassword(password))) => Some(password),
        _ => None,
    }
}
