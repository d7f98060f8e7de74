//! Days as people write them. Knows no file: only what a few words or numbers can mean.

use jiff::civil::Date;

const MONTHS: [&str; 12] = [
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
];

/// The days that a text can mean: none when it is no day, two when the order of day and month is not
/// sure.
pub(crate) fn days(text: &str) -> Vec<Date> {
    let mut numbers = Vec::new();
    let mut month = None;
    for word in text.split(|c: char| !c.is_alphanumeric()) {
        let digits = word.trim_end_matches(|c: char| c.is_ascii_alphabetic());
        let ending = &word[digits.len()..];
        match (digits.parse::<i16>(), month_of(word)) {
            (Ok(number), _) if matches!(ending, "" | "st" | "nd" | "rd" | "th") => {
                numbers.push((number, digits.len()));
            }
            (Err(_), Some(found)) if month.is_none() => month = Some(found),
            (Err(_), None) if matches!(word, "" | "of" | "the") || is_weekday(word) => {}
            _ => return Vec::new(),
        }
    }
    let orders = match (numbers.as_slice(), month) {
        (&[(year, 4), (day, _)] | &[(day, _), (year, 4)], Some(month)) => {
            vec![(year, month, day)]
        }
        (&[(year, 4), (month, _), (day, _)], None) => {
            let days = valid(&[(year, month, day)]);
            return if days.is_empty() {
                valid(&[(year, day, month)])
            } else {
                days
            };
        }
        // With dots, a number without a long year may be that of a version.
        (&[a, b, (year, 2)], None) if text.contains('/') => either(year + 2000, a.0, b.0),
        (&[a, b, (year, 4)], None) => either(year, a.0, b.0),
        _ => Vec::new(),
    };
    valid(&orders)
}

/// The last day of the month, when a text names a later one: 2027-02-28 for `2027-02-30`.
pub(super) fn last_before(text: &str) -> Option<Date> {
    let mut numbers = text.splitn(3, '-');
    let mut next = || numbers.next()?.parse::<i16>().ok();
    let (year, month, day) = (next()?, next()?, next()?);
    let first = Date::new(year, i8::try_from(month).ok()?, 1).ok()?;
    (29..=31)
        .contains(&day)
        .then(|| first.last_of_month())
        .filter(|last| i16::from(last.day()) < day)
}

/// A day in words, such as `May 6`.
pub(super) fn in_words(day: Date) -> String {
    let month = usize::try_from(day.month() - 1).unwrap_or_default();
    let name = MONTHS[month];
    let (first, rest) = name.split_at(1);
    format!("{}{rest} {}", first.to_uppercase(), day.day())
}

fn either(year: i16, a: i16, b: i16) -> Vec<(i16, i16, i16)> {
    vec![(year, a, b), (year, b, a)]
}

fn valid(orders: &[(i16, i16, i16)]) -> Vec<Date> {
    let day = |&(year, month, day): &(i16, i16, i16)| {
        let (month, day) = (i8::try_from(month).ok()?, i8::try_from(day).ok()?);
        Date::new(year, month, day).ok()
    };
    let mut days: Vec<_> = orders.iter().filter_map(day).collect();
    days.dedup();
    days
}

/// A month's number, by its name or the beginning of it.
fn month_of(word: &str) -> Option<i16> {
    let word = word.to_lowercase();
    let word = if word == "sept" { "sep" } else { &word };
    let is_named = |name: &str| word.len() >= 3 && name.starts_with(word);
    let at = MONTHS.iter().position(|name| is_named(name))?;
    i16::try_from(at + 1).ok()
}

fn is_weekday(word: &str) -> bool {
    let word = word.to_lowercase();
    let days = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];
    days.iter().any(|day| word.starts_with(day))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_is_known_however_it_is_written() {
        for text in [
            "05/27/2027",
            "27/05/2027",
            "5/27/27",
            "27 May 2027",
            "May 27, 2027",
            "27th of may 2027",
            "Thursday, May 27th, 2027",
            "2027/05/27",
            "2027-5-27",
            "2027-27-05",
            "27.05.2027",
            "27-May-2027",
            "2027 May 27",
        ] {
            let found: Vec<_> = days(text).iter().map(ToString::to_string).collect();
            assert_eq!(found, ["2027-05-27"], "{text}");
        }
        for text in ["9 Sept 2027", "Sep 9 2027"] {
            assert_eq!(days(text)[0].to_string(), "2027-09-09", "{text}");
        }
    }

    #[test]
    fn where_day_and_month_may_be_either_both_days_are_there() {
        let found: Vec<_> = days("05/06/2027").into_iter().map(in_words).collect();
        assert_eq!(found, ["May 6", "June 5"]);
        assert_eq!(days("05/05/2027").len(), 1);
    }

    #[test]
    fn what_is_no_day_is_none() {
        for text in [
            "",
            "tomorrow",
            "555-0100-1234",
            "1.2.34",
            "10.1.3",
            "May",
            "May 2027",
            "13/13/2027",
            "ask May 27 2027",
            "2027-02-30",
            "99999 1 2027",
        ] {
            assert_eq!(days(text), [], "{text}");
        }
    }

    #[test]
    fn a_day_too_late_for_its_month_gives_the_last() {
        let last = |text| last_before(text).map(|day| day.to_string());
        assert_eq!(last("2027-02-30").as_deref(), Some("2027-02-28"));
        assert_eq!(last("2027-06-31").as_deref(), Some("2027-06-30"));
        for text in ["2027-06-30", "2027-06-99", "2027-13-31", "2027", ""] {
            assert_eq!(last(text), None, "{text}");
        }
    }
}
