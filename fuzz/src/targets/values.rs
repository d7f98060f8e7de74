//! Each value that a field holds, from any text: birth date, email, code and so on.

use std::fmt::Debug;

use protocol::FieldProblem;
use protocol::values::{BirthDate, Code, Email, InvitationCode, Name, PostalCode, Username};

use crate::text::text;

/// No one-line field takes more code points.
const LONGEST: usize = 256;

pub(crate) fn run(input: &[u8]) {
    let text = &text(input);
    same(
        text,
        Name::parse,
        |it| it.as_str().to_owned(),
        |shown| {
            assert!((1..=LONGEST).contains(&shown.chars().count()));
            assert!(!shown.chars().any(char::is_control));
        },
    );
    same(text, BirthDate::parse, ToString::to_string, |shown| {
        assert!(shown.parse::<jiff::civil::Date>().is_ok(), "{shown}");
    });
    same(
        text,
        Code::parse,
        |it| it.as_str().to_owned(),
        |shown| {
            assert!(shown.len() == Code::DIGITS && is_digits(shown));
        },
    );
    same(text, InvitationCode::parse, ToString::to_string, |shown| {
        let signs: Vec<_> = shown.split('-').collect();
        assert!(signs.len() == 4 && signs.iter().all(|group| group.len() == 4));
        assert!(
            signs
                .iter()
                .all(|group| group.bytes().all(|b| b.is_ascii_alphanumeric()))
        );
    });
    same(
        text,
        PostalCode::parse,
        |it| it.as_str().to_owned(),
        |shown| {
            assert!(shown.len() >= 5 && is_digits(&shown[..5]), "{shown}");
        },
    );
    same(
        text,
        Username::parse,
        |it| it.as_str().to_owned(),
        |shown| {
            assert!((3..=64).contains(&shown.len()));
            assert!(
                shown
                    .bytes()
                    .all(|b| b.is_ascii_alphanumeric() || b"._-".contains(&b))
            );
        },
    );
    same(
        text,
        Email::parse,
        |it| it.as_str().to_owned(),
        |shown| {
            assert_eq!(shown.matches('@').count(), 1, "{shown}");
            assert!(shown.len() <= 254 && !shown.chars().any(|c| c.is_control() || c == ' '));
        },
    );
    for text in [
        Email::parse(text).ok().map(|it| it.lookup_key()),
        Username::parse(text).ok().map(|it| it.lookup_key()),
    ]
    .into_iter()
    .flatten()
    {
        assert_eq!(
            text,
            text.to_lowercase(),
            "a look-up does not know capitals"
        );
    }
}

pub(super) fn is_digits(text: &str) -> bool {
    text.bytes().all(|byte| byte.is_ascii_digit())
}

/// What is read and shown is read again as the same, and is within its bounds.
pub(super) fn same<T: Debug + PartialEq>(
    text: &str,
    parse: impl Fn(&str) -> Result<T, FieldProblem>,
    show: impl Fn(&T) -> String,
    check: impl Fn(&str),
) {
    match parse(text) {
        Ok(value) => {
            let shown = show(&value);
            check(&shown);
            assert!(
                parse(&shown).as_ref() == Ok(&value),
                "{shown} is not read again"
            );
        }
        Err(FieldProblem::Required) => {
            let is_empty = |c: char| c.is_whitespace() || !c.is_alphanumeric();
            assert!(text.chars().all(is_empty), "{text} is called empty");
        }
        Err(_) => {}
    }
}
