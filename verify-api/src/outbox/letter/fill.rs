//! Puts values into the texts of letters: placeholders, wrapping, digits.
//!
//! It must not know what a letter is about.

use std::borrow::Cow;

/// The widest line of plain text that mail programs show as it is
/// (RFC 5322 §2.1.1 asks for at most 78 columns).
const COLUMNS: usize = 76;

/// Puts values in the place of `{name}`.
///
/// In one pass: a value that looks like a placeholder stays as it is. So does a
/// name that has no value; a test sees to it that no letter has one.
pub(super) fn fill(text: &str, values: &[(&str, Cow<'_, str>)]) -> String {
    let mut filled = String::with_capacity(text.len() + 64);
    let mut rest = text;
    while let Some(open) = rest.find('{') {
        let (before, from_open) = rest.split_at(open);
        filled.push_str(before);
        let value = from_open.find('}').and_then(|close| {
            let name = &from_open[1..close];
            let found = values.iter().find(|(key, _)| *key == name);
            found.map(|(_, value)| (value, close + 1))
        });
        if let Some((value, end)) = value {
            filled.push_str(value);
            rest = &from_open[end..];
        } else {
            filled.push('{');
            rest = &from_open[1..];
        }
    }
    filled.push_str(rest);
    filled
}

/// Breaks long lines at spaces. A word that is wider than a line, such as a
/// link, keeps a line to itself: broken, it could not be opened.
pub(super) fn wrap(text: &str) -> String {
    let mut wrapped = String::with_capacity(text.len() + 16);
    for line in text.lines() {
        if line.chars().count() <= COLUMNS {
            wrapped.push_str(line);
        } else {
            wrap_line(line, &mut wrapped);
        }
        wrapped.push('\n');
    }
    wrapped
}

fn wrap_line(line: &str, wrapped: &mut String) {
    let mut column = 0;
    for word in line.split_whitespace() {
        let width = word.chars().count();
        if column > 0 && column + 1 + width > COLUMNS {
            wrapped.push('\n');
            column = 0;
        } else if column > 0 {
            wrapped.push(' ');
            column += 1;
        }
        wrapped.push_str(word);
        column += width;
    }
}

/// Digits as a voice says them one by one: `1, 2, 3`.
pub(super) fn spoken(digits: &str) -> String {
    let digits: Vec<String> = digits.chars().map(String::from).collect();
    digits.join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_is_never_read_as_a_placeholder() {
        let values = [("name", "{code}".into()), ("code", "123456".into())];
        assert_eq!(fill("{name}: {code}", &values), "{code}: 123456");
        assert_eq!(fill("{other} { {code", &values), "{other} { {code");
        assert_eq!(fill("{{code}}", &values), "{123456}");
    }

    #[test]
    fn lines_are_broken_at_spaces_and_links_stay_whole() {
        let link = format!("https://help.example.org/{}", "x".repeat(90));
        let text = format!("{}\n\n    123456\n{link}\n", "word ".repeat(30).trim());
        let wrapped = wrap(&text);
        let lines: Vec<&str> = wrapped.lines().collect();
        assert_eq!(lines.len(), 5);
        assert!(lines[0].len() <= COLUMNS && lines[0].len() > COLUMNS - 6);
        assert_eq!(lines[2..], ["", "    123456", link.as_str()]);
        let joined = format!("{} {}", lines[0], lines[1]);
        assert_eq!(joined, "word ".repeat(30).trim());
    }

    #[test]
    fn digits_are_spoken_one_by_one() {
        assert_eq!(spoken("120"), "1, 2, 0");
    }
}
