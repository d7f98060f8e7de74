//! A phone number, as people write them. Apart from other values, since it takes longest.

use verify_api::patient::phone::Phone;

use super::values::{is_digits, same};
use crate::text::text;

/// Toll-free and premium numbers, which no code may be sent to.
const COSTLY: [&str; 8] = ["800", "833", "844", "855", "866", "877", "888", "900"];

pub(crate) fn run(input: &[u8]) {
    let text = &text(input);
    same(
        text,
        Phone::parse,
        |it| it.as_e164().to_owned(),
        |shown| {
            assert!(
                shown.starts_with("+1") && shown.len() == 12 && is_digits(&shown[1..]),
                "{shown}"
            );
            assert!(
                !COSTLY.contains(&&shown[2..5]),
                "{shown} is nobody's own phone"
            );
        },
    );
}
