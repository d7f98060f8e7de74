//! Words for what the standard's tokenizer finds.

use html5gum::Error;

/// Whether the fault is a character, which the tokenizer does not say the place of.
pub(super) fn is_character(error: Error) -> bool {
    matches!(
        error,
        Error::UnexpectedNullCharacter
            | Error::ControlCharacterInInputStream
            | Error::NoncharacterInInputStream
    )
}

/// Whether no page may hold a character.
pub(super) fn is_forbidden(sign: char) -> bool {
    let is_control = sign.is_control() && !matches!(sign, '\t' | '\n' | '\x0c' | '\r');
    let number = u32::from(sign);
    is_control || number & 0xfffe == 0xfffe || (0xfdd0..=0xfdef).contains(&number)
}

/// A sentence and what to do, for each kind of fault.
pub(super) fn explain(error: Error) -> (String, &'static str) {
    let (sentence, help) = match error {
        Error::DuplicateAttribute => (
            "This element has the same attribute twice.",
            "Remove one of them: browsers read only the first.",
        ),
        Error::MissingWhitespaceBetweenAttributes
        | Error::UnexpectedCharacterInAttributeName
        | Error::UnexpectedCharacterInUnquotedAttributeValue
        | Error::UnexpectedEqualsSignBeforeAttributeName
        | Error::MissingAttributeValue => (
            "The quotes or blanks between the attributes of this element are not right.",
            "Write each as `name=\"value\"`, with a blank before it.",
        ),
        Error::UnknownNamedCharacterReference
        | Error::MissingSemicolonAfterCharacterReference
        | Error::AbsenceOfDigitsInNumericCharacterReference => (
            "A character that is written with `&` is unknown or lacks its `;`.",
            "Write `&amp;` for the sign itself.",
        ),
        Error::InvalidFirstCharacterOfTagName | Error::EofBeforeTagName => (
            "This `<` begins no element.",
            "Write `&lt;` for the sign itself.",
        ),
        Error::EofInTag => (
            "This page ends inside of a tag.",
            "Look for a `<` without its `>`, or an attribute without its closing quote.",
        ),
        Error::EofInComment => (
            "This comment is never ended, so nothing behind it shows.",
            "Write `-->` where it ends, or remove it.",
        ),
        Error::IncorrectlyOpenedComment
        | Error::IncorrectlyClosedComment
        | Error::NestedComment
        | Error::AbruptClosingOfEmptyComment => (
            "This comment does not begin with `<!--` and end with `-->`.",
            "Correct it, or remove it.",
        ),
        Error::EndTagWithAttributes | Error::EndTagWithTrailingSolidus => (
            "An end tag has a name and nothing else.",
            "Write it as `</name>`.",
        ),
        Error::UnexpectedNullCharacter
        | Error::ControlCharacterInInputStream
        | Error::NoncharacterInInputStream => (
            "There is a character here that no page may hold.",
            "Remove it; it cannot be seen, so write the words around it anew.",
        ),
        other => {
            let sentence = format!(
                "This HTML breaks a rule of the standard: {}.",
                other.as_str()
            );
            return (sentence, "Correct it, or write it as Markdown.");
        }
    };
    (sentence.to_owned(), help)
}
