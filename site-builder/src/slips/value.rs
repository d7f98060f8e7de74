//! A single value as people write it: what is wrong with it, and how it is written right.

use std::ops::Range;

use toml::de::DeTable;

use super::{Fault, Mend, dates, list};
use crate::text::has_ending;

/// Words for `true` and `false`.
const FLAGS: [(&str, bool); 6] = [
    ("true", true),
    ("yes", true),
    ("on", true),
    ("false", false),
    ("no", false),
    ("off", false),
];

const CURLY: [char; 8] = ['“', '”', '„', '‟', '‘', '’', '«', '»'];

/// Keys that hold text, whatever it looks like: a title can be a number.
const TEXTS: [&str; 7] = [
    "description",
    "name",
    "path",
    "slug",
    "template",
    "title",
    "value",
];

/// What a value can be wanted as.
#[derive(Debug, Clone, Copy)]
pub(super) enum Wanted {
    Text,
    Flag,
    Number,
    Date,
    Texts,
    Links,
}

impl Wanted {
    /// By the words in which a finding asks for it.
    pub(super) fn of(words: &str) -> Option<Self> {
        [
            ("text in quotes", Self::Text),
            ("true or false", Self::Flag),
            ("a whole number", Self::Number),
            ("a date", Self::Date),
            ("a list of te", Self::Texts),
            ("a list of links", Self::Links),
        ]
        .into_iter()
        .find(|(beginning, _)| words.starts_with(beginning))
        .map(|(_, wanted)| wanted)
    }
}

/// A value as what it is wanted as, in each way that it can be meant.
pub(super) fn as_wanted(written: &str, wanted: Wanted) -> Vec<(String, Option<String>)> {
    let bare = written.trim_matches(['"', '\'']).trim();
    let is_single = !written.starts_with(['[', '{']) && !written.contains('\n');
    let one = |value: Option<String>| value.map(|value| (value, None)).into_iter().collect();
    match wanted {
        Wanted::Text => one(is_single.then(|| quoted(bare))),
        Wanted::Flag => one(flag(bare).map(|flag| flag.to_string())),
        Wanted::Number => numbers(bare),
        Wanted::Date => days(bare),
        Wanted::Links => one(link(bare).map(|link| format!("[{}]", quoted(&link)))),
        Wanted::Texts => one(is_single.then(|| format!("[{}]", quoted(bare)))),
    }
}

/// A link to a page, from the path of its file.
pub(crate) fn link(written: &str) -> Option<String> {
    let path = written.strip_prefix("@/").unwrap_or(written);
    let path = path.trim_start_matches('/');
    let is_page = has_ending(path, "md") && !path.contains([':', '\n', '[', '"', '\\']);
    is_page.then(|| format!("@/{path}"))
}

/// What is wrong with the value at `at`, in TOML.
pub(super) fn fault(source: &str, at: Range<usize>) -> Option<Fault> {
    let written = &source[at.clone()];
    match written.chars().next() {
        None | Some('#') => return Some(empty(source, at.start)),
        Some('=') => {
            let rest = written.trim_start_matches(['=', ' ']);
            let end = at.end - rest.len();
            let fault = Fault::new(at.start..at.start + 1, "One `=` is enough.");
            return Some(fault.mend_at(at.start..end, " "));
        }
        Some('[') => return list::fault(source, at.start),
        Some('{') => return open_table(source, at),
        Some(quote @ ('"' | '\'')) => return in_quotes(source, at, quote),
        Some(_) => {}
    }
    let at = without_comment(source, at);
    let written = &source[at.clone()];
    if is_plain(written) {
        return None;
    }
    if written.starts_with(CURLY) {
        return Some(curly(source, at));
    }
    if let Some(flag) = flag(written) {
        let sentence = format!("`{written}` is not known here: it is written `{flag}`.");
        return Some(Fault::new(at, sentence).mend(flag.to_string()));
    }
    if let Some(found) = date(written, &at) {
        return Some(found);
    }
    let core = written.trim_end_matches([',', ';']).trim_end();
    if core.len() < written.len() && (is_plain(core) || core.is_empty()) {
        let stray = at.start + core.len()..at.end;
        let sentence = format!("This `{}` does not belong here.", &source[stray.clone()]);
        return Some(Fault::new(stray, sentence).mend(""));
    }
    if let Some(number) = number(written) {
        let sentence = "A number is written with digits only, and does not begin with 0.";
        return Some(
            Fault::new(at, sentence)
                .mend(number)
                .hint("If it is text, put it in quotes."),
        );
    }
    let is_other = |c: char| matches!(c, '-' | '/' | '.' | ':' | ' ');
    if written.matches(is_other).count() > 1
        && written.chars().all(|c| c.is_ascii_digit() || is_other(c))
    {
        let sentence = "This is neither a number nor a date.";
        let hint = "A date is written like `2026-11-25`; anything else stands in quotes.";
        return Some(Fault::new(at, sentence).hint(hint));
    }
    let ends_quoted = written.ends_with(['"', '\'', '”']);
    let sentence = if ends_quoted {
        "The quote at the beginning of this text is missing."
    } else {
        "This text has no quotes around it."
    };
    Some(Fault::new(at, sentence).mend(quoted(written.trim_matches(['"', '\'', '”']))))
}

fn empty(source: &str, at: usize) -> Fault {
    let end = super::line_at(source, at);
    let hint = "Write what it is after the `=`, with text in quotes; or take the line out.";
    let at = super::trimmed(source, end.start..at).end;
    Fault::new(at..at, "There is nothing after the `=`.").hint(hint)
}

fn open_table(source: &str, at: Range<usize>) -> Option<Fault> {
    if source[at.clone()].contains('}') {
        return None;
    }
    let end = without_comment(source, at).end;
    let fault = Fault::new(
        end..end,
        "The bracket `}` at the end of this table is missing.",
    );
    Some(fault.mend("}"))
}

/// A fault of a value that begins with a straight quote.
fn in_quotes(source: &str, at: Range<usize>, quote: char) -> Option<Fault> {
    let written = &source[at.clone()];
    let Some(end) = closing(written, quote) else {
        // What stands after a blank and a comma is the next item.
        let bare = written.trim_end_matches([',', ';']);
        let end = at.start + bare.trim_end_matches(CURLY).trim_end().len();
        let fault = Fault::new(end..end, "The quote at the end of this text is missing.");
        return Some(fault.mend_at(end..at.end, quote.to_string()));
    };
    let inside = &written[1..end];
    let rest = written[end + 1..].trim();
    let quote_at = at.start + end..at.start + end + 1;
    if rest.is_empty() || rest.starts_with('#') {
        return (quote == '"' && inside.contains('\\')).then(|| backslash(&at, end, inside));
    }
    let after = quote_at.end..at.end;
    if rest.trim_matches([',', ';', '.', ' ']).is_empty() {
        let stray = super::trimmed(source, after.clone());
        let sentence = format!("This `{rest}` does not belong here.");
        return Some(Fault::new(stray, sentence).mend_at(after, ""));
    }
    if rest.starts_with([',', ']']) {
        let closed = if rest.ends_with(']') { "" } else { "]" };
        let items = format!("[{}{closed}", written.trim_end_matches(','));
        let sentence = "A list stands between square brackets, and one is missing.";
        return Some(Fault::new(at.start..at.start, sentence).mend_at(at, items));
    }
    if let Some((key, _)) = rest.split_once('=')
        && super::line::is_key(key.trim())
    {
        let next = super::trimmed(source, after);
        let sentence = "A second name begins on this line.";
        let hint = format!("Put `{rest}` on a line of its own.");
        return Some(Fault::new(next, sentence).hint(hint));
    }
    let sentence = if quote == '"' {
        "The text ends at this quote, but more comes after it."
    } else {
        "The text ends at this apostrophe, but more comes after it."
    };
    let hint = (quote == '"').then_some("Quotes inside a text must be curly ones.");
    let whole = written.trim_end_matches([',', ';']);
    let text = whole[1..].strip_suffix(quote).unwrap_or(&whole[1..]);
    let fault = Fault::new(quote_at, sentence).mend_at(at, quoted(text));
    Some(match hint {
        Some(hint) => fault.hint(hint),
        None => fault,
    })
}

fn backslash(at: &Range<usize>, end: usize, inside: &str) -> Fault {
    let slash = at.start + 1 + inside.find('\\').unwrap_or_default();
    let sentence = "A `\\` in a text means something of its own.";
    let text = if inside.contains('\'') {
        quoted(inside)
    } else {
        format!("'{inside}'")
    };
    Fault::new(slash..slash + 1, sentence).mend_at(at.start..at.start + end + 1, text)
}

fn curly(source: &str, at: Range<usize>) -> Fault {
    let written = &source[at.clone()];
    let first = written.chars().next().map_or(0, char::len_utf8);
    let text = written.trim_end_matches([',', ';']);
    let text = text.trim_matches(|c| CURLY.contains(&c) || c == '"' || c == '\'');
    let sentence = "This quote is curly, and only straight quotes hold a text.";
    let fault = Fault::new(at.start..at.start + first, sentence);
    if !TEXTS.contains(&key_before(source, at.start)) {
        let is_number = text.bytes().all(|byte| byte.is_ascii_digit());
        if (is_number || matches!(text, "true" | "false")) && is_plain(text) {
            return fault.mend_at(at, text);
        }
        if let Some(Fault { ways, .. }) = date(text, &at)
            && !ways.is_empty()
        {
            return Fault { ways, ..fault };
        }
    }
    fault.mend_at(at, quoted(text))
}

/// The key that a value belongs to.
fn key_before(source: &str, at: usize) -> &str {
    let line = &source[super::line_at(source, at).start..at];
    line.trim_end().trim_end_matches([' ', '=']).trim()
}

fn date(written: &str, at: &Range<usize>) -> Option<Fault> {
    let ways: Vec<_> = days(written)
        .into_iter()
        .map(|(new, when)| Mend {
            at: at.clone(),
            new,
            when,
        })
        .collect();
    let has_right_form = written.split('-').map(str::len).eq([4, 2, 2])
        && written
            .bytes()
            .all(|byte| byte == b'-' || byte.is_ascii_digit());
    let fault = if has_right_form {
        Fault::new(at.clone(), "There is no such day.")
    } else if ways.is_empty() {
        return None;
    } else {
        let sentence = "A date is written as year, month and day, with `-` between them.";
        Fault::new(at.clone(), sentence)
    };
    Some(if ways.is_empty() {
        fault.hint("Write the year, the month and the day, such as `2026-11-25`.")
    } else {
        Fault { ways, ..fault }
    })
}

/// The days that a text can mean, each with when it does.
fn days(written: &str) -> Vec<(String, Option<String>)> {
    let mut days = dates::days(written);
    if days.is_empty() {
        days.extend(dates::last_before(written));
    }
    let is_sure = days.len() == 1;
    let when = |day| (!is_sure).then(|| format!("if it is {}", dates::in_words(day)));
    days.into_iter()
        .map(|day| (day.to_string(), when(day)))
        .collect()
}

fn flag(written: &str) -> Option<bool> {
    let is_word = |(word, _): &&(&str, bool)| written.eq_ignore_ascii_case(word);
    FLAGS.iter().find(is_word).map(|(_, flag)| *flag)
}

/// A whole number, or both beside one with a fraction.
fn numbers(written: &str) -> Vec<(String, Option<String>)> {
    let whole = number(written).map(|number| vec![number]);
    let beside = || {
        let (before, fraction) = written.split_once('.')?;
        let below: i64 = number(before)?.parse().ok()?;
        let is_whole = fraction.bytes().all(|digit| digit == b'0');
        let above = if before.starts_with('-') { -1 } else { 1 };
        let mut both = vec![below, below.checked_add(above)?];
        both.truncate(if is_whole { 1 } else { 2 });
        let is_number = fraction.bytes().all(|byte| byte.is_ascii_digit());
        is_number.then(|| both.iter().map(ToString::to_string).collect::<Vec<_>>())
    };
    let numbers = whole.or_else(beside).unwrap_or_default();
    numbers.into_iter().map(|number| (number, None)).collect()
}

/// A whole number without what people put into one: `1,000`, `007`.
fn number(written: &str) -> Option<String> {
    let (sign, digits) = match written.strip_prefix('-') {
        Some(digits) => ("-", digits),
        None => ("", written),
    };
    let mut groups = digits.split([',', ' ']);
    let is_grouped = groups.next().is_some_and(|first| first.len() <= 3)
        && digits.contains([',', ' '])
        && groups.all(|group| group.len() == 3);
    let digits = if is_grouped {
        digits.replace([',', ' '], "")
    } else {
        digits.to_owned()
    };
    let is_digits = !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit());
    let number: i64 = digits.parse().ok().filter(|_| is_digits)?;
    Some(format!("{sign}{number}"))
}

/// Whether TOML takes a value as it stands.
pub(super) fn is_plain(written: &str) -> bool {
    DeTable::parse(&format!("a = {written}\n")).is_ok()
}

/// A text in straight quotes. Quotes in it become curly, in pairs; without a partner they go.
pub(super) fn quoted(text: &str) -> String {
    let has_pairs = text.matches('"').count().is_multiple_of(2);
    let mut out = String::from("\"");
    let mut is_open = false;
    for c in text.trim().chars() {
        match c {
            '"' if !has_pairs => {}
            '"' => {
                is_open = !is_open;
                out.push(if is_open { '“' } else { '”' });
            }
            '\\' => out.push_str("\\\\"),
            c => out.push(c),
        }
    }
    out.push('"');
    out
}

/// Where a text that begins with a quote ends.
pub(super) fn closing(written: &str, quote: char) -> Option<usize> {
    let mut is_escaped = false;
    for (at, c) in written.char_indices().skip(1) {
        match c {
            '\n' => return None,
            _ if is_escaped => is_escaped = false,
            '\\' if quote == '"' => is_escaped = true,
            c if c == quote => return Some(at),
            _ => {}
        }
    }
    None
}

/// A bare value ends where a comment begins.
fn without_comment(source: &str, at: Range<usize>) -> Range<usize> {
    let written = &source[at.clone()];
    let end = written.find(" #").unwrap_or(written.len());
    super::trimmed(source, at.start..at.start + end)
}

pub(super) fn is_curly(c: char) -> bool {
    CURLY.contains(&c)
}
