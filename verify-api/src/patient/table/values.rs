//! How tables write dates, languages, and yes and no.

use jiff::civil::Date;
use protocol::Locale;

use crate::patient::intake::Refusal;

/// How birth dates are written.
#[derive(Clone, Debug)]
pub(super) struct Dates(Vec<String>);

impl Dates {
    /// As the standard and as the United States write them: a day is never taken for a
    /// month.
    pub(super) fn usual() -> Self {
        let usual = ["%Y-%m-%d", "%Y%m%d", "%m/%d/%Y"];
        Self(usual.map(str::to_owned).into())
    }

    /// As a mapping file says: YYYY, MM and DD, with any signs between. A year of two
    /// digits tells nobody of 90 from nobody of minus ten.
    pub(super) fn of_format(format: &str) -> Option<Self> {
        let mut pattern = format.trim().to_owned();
        for (part, directive) in [("YYYY", "%Y"), ("MMM", "%b"), ("MM", "%m"), ("DD", "%d")] {
            if part == "MM" && pattern.contains("%b") {
                continue;
            }
            let before = pattern.matches(part).count();
            if before > 1 || (before == 0 && part != "MMM") {
                return None;
            }
            pattern = pattern.replacen(part, directive, 1);
        }
        let between = pattern.replace("%Y", "").replace("%m", "");
        let between = between.replace("%b", "").replace("%d", "");
        let is_plain = !between.contains(|c: char| c.is_alphanumeric() || c == '%');
        is_plain.then(|| Self(vec![pattern]))
    }

    /// Reads a date; a time of day behind it is let go.
    pub(super) fn read(&self, text: &str) -> Result<Date, Refusal> {
        let text = without_time(text);
        let mut dates = self.0.iter();
        let found = dates.find_map(|pattern| Date::strptime(pattern, text).ok());
        found.ok_or(if is_part(text) {
            Refusal::PartOfBirthDate
        } else {
            Refusal::NoSuchBirthDate
        })
    }
}

/// `1944-02-29 00:00:00` and `1944-02-29T00:00:00` are dates in some exports.
fn without_time(text: &str) -> &str {
    match text.split_once([' ', 'T']) {
        Some((date, time)) if time.contains(':') => date,
        _ => text,
    }
}

/// A year, or a year and a month.
fn is_part(text: &str) -> bool {
    let numbers: Vec<_> = text.split(['-', '/', '.']).collect();
    let are_digits = numbers
        .iter()
        .all(|part| !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit()));
    let has_year = numbers.iter().any(|part| part.len() == 4);
    are_digits && has_year && numbers.len() < 3 && text.len() < 8
}

fn is_one_of(words: &[&str], text: &str) -> bool {
    words.iter().any(|word| text.eq_ignore_ascii_case(word))
}

fn is_no(text: &str) -> bool {
    is_one_of(&["n", "no", "false", "f", "0"], text)
}

/// What stands where nobody has said anything, a date of zeros among it.
fn is_not_said(text: &str) -> bool {
    const NOT_SAID: [&str; 11] = [
        "u",
        "unk",
        "unknown",
        "not known",
        "none",
        "null",
        "n/a",
        "na",
        "unspecified",
        "not recorded",
        "undefined",
    ];
    let is_filler = |c: char| matches!(c, '0' | '-' | '–' | '—' | '/' | '.' | ':' | '?' | ' ');
    is_one_of(&NOT_SAID, text) || (text != "0" && text.chars().all(is_filler))
}

/// Whatever stands there and says no less: a yes, a date, a mark.
pub(super) fn is_deceased(text: &str) -> bool {
    const LIVING: [&str; 4] = ["alive", "living", "not deceased", "not dead"];
    !(is_not_said(text) || is_no(text) || is_one_of(&LIVING, text))
}

pub(super) fn is_inactive(text: &str) -> bool {
    !is_not_said(text) && (is_no(text) || is_one_of(&["inactive", "archived", "closed"], text))
}

/// A language by its code, in two letters or three, or by its name in it or in English.
pub(super) fn locale(text: &str) -> Locale {
    match text.to_lowercase().as_str() {
        "spa" | "spanish" | "español" | "espanol" => Locale::Es,
        tag => Locale::for_tag(tag),
    }
}
