//! Values that cannot be wrong once built.
//!
//! Each type has one `parse`, which forgives what hands do (spaces, dashes,
//! case) and answers with a [`FieldProblem`] otherwise. No clock and no
//! look-ups here: whether a date has come, a number rings or a username is free
//! is for the API to judge.
//!
//! What identifies a person has a `Debug` that does not show it.

mod birth_date;
mod code;
mod email;
mod invitation;
mod name;
mod postal_code;
mod username;

pub use birth_date::BirthDate;
pub use code::Code;
pub use email::Email;
pub use invitation::InvitationCode;
pub use name::Name;
pub use postal_code::PostalCode;
pub use username::Username;

use crate::FieldProblem;

/// The longest text that any one-line field takes, in code points.
pub(crate) const MAX_LINE: usize = 256;

/// Gives a type a `Debug` that shows its name only.
macro_rules! redact {
    ($($name:ident),*) => { $(
        impl core::fmt::Debug for $name {
            fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
                f.write_str(concat!(stringify!($name), "(redacted)"))
            }
        }
    )* };
}
redact!(
    BirthDate,
    Code,
    Email,
    InvitationCode,
    Name,
    PostalCode,
    Username
);

/// The text without the spaces around it; an error when nothing is left, when
/// it is longer than [`MAX_LINE`], or when it holds a control character.
fn line(text: &str) -> Result<&str, FieldProblem> {
    let text = text.trim_matches(|c: char| c.is_whitespace() || is_invisible(c));
    if text.is_empty() {
        return Err(FieldProblem::Required);
    }
    if text.chars().count() > MAX_LINE {
        return Err(FieldProblem::TooLong);
    }
    Ok(text)
}

/// Characters that a person can neither see nor mean: zero-width ones and the
/// overrides of the writing direction.
fn is_invisible(c: char) -> bool {
    matches!(c, '\u{200B}'..='\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2060}'..='\u{2069}' | '\u{FEFF}' | '\u{00AD}')
}

/// The ASCII digit that `c` stands for, full-width forms included.
fn digit(c: char) -> Option<char> {
    match c {
        '0'..='9' => Some(c),
        '\u{FF10}'..='\u{FF19}' => char::from_digit(u32::from(c) - 0xFF10, 10),
        _ => None,
    }
}

/// Signs that people put between groups of digits or letters.
fn is_separator(c: char) -> bool {
    c.is_whitespace()
        || is_invisible(c)
        || matches!(
            c,
            '-' | '.' | '_' | '\u{2010}'..='\u{2015}' | '\u{2212}' | '\u{FF0D}'
        )
}
