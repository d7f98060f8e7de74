//! Reading an input as a person would write it: seeds are text files.

/// The input as text. What is no UTF-8 becomes a replacement character, so that
/// no input is wasted.
pub(crate) fn text(input: &[u8]) -> String {
    String::from_utf8_lossy(input).into_owned()
}

/// The first line, without its end, and what follows.
pub(crate) fn first_line(text: &str) -> (&str, &str) {
    text.split_once('\n').unwrap_or((text, ""))
}
