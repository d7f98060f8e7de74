//! Of which time counts are told: whole weeks, up to the last one that is over.
//!
//! A count that stands still for a week cannot be compared with itself a day later, which would
//! tell what one person did that day.

use jiff::civil::{Date, Weekday};
use jiff::tz::TimeZone;
use jiff::{Span as Days, Timestamp};

/// A time that a manager chooses. Each begins earlier than the one before it, and all end
/// together.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Span {
    /// Four weeks.
    Weeks,
    /// Thirteen weeks: three months.
    Months,
    /// Fifty-two weeks: a year.
    Year,
}

/// How many there are.
pub const SPANS: usize = 3;

impl Span {
    /// All of them, the shortest first.
    pub const ALL: [Self; SPANS] = [Self::Weeks, Self::Months, Self::Year];

    /// The name by which it is asked for.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Weeks => "weeks",
            Self::Months => "months",
            Self::Year => "year",
        }
    }

    /// The span of a name; a year for any other.
    pub fn named(name: &str) -> Self {
        let mut all = Self::ALL.into_iter();
        all.find(|span| span.as_str() == name).unwrap_or(Self::Year)
    }

    const fn weeks(self) -> i64 {
        match self {
            Self::Weeks => 4,
            Self::Months => 13,
            Self::Year => 52,
        }
    }
}

/// The weeks that are counted: the day after the last of them, and the first day of each span.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Weeks {
    /// The first day that is not counted any more: a Monday.
    pub end: Date,
    /// The first day of each span.
    pub begins: [Date; SPANS],
}

impl Weeks {
    /// Those that are over at a time, in UTC; nothing beyond the calendar.
    pub fn until(now: Timestamp) -> Option<Self> {
        let today = TimeZone::UTC.to_datetime(now).date();
        let since_monday = today.weekday().since(Weekday::Monday);
        let end = today.checked_sub(Days::new().days(since_monday)).ok()?;
        let mut begins = [end; SPANS];
        for (begin, span) in begins.iter_mut().zip(Span::ALL) {
            *begin = end.checked_sub(Days::new().weeks(span.weeks())).ok()?;
        }
        Some(Self { end, begins })
    }

    /// The same as times: the end, and then each beginning.
    pub fn times(&self) -> Option<[Timestamp; SPANS + 1]> {
        let [weeks, months, year] = self.begins;
        let mut times = [Timestamp::UNIX_EPOCH; SPANS + 1];
        for (time, day) in times.iter_mut().zip([self.end, weeks, months, year]) {
            *time = day.to_zoned_datetime(TimeZone::UTC).ok()?.timestamp();
        }
        Some(times)
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    #[test]
    fn weeks_end_with_the_last_sunday_that_is_over() {
        for now in ["2026-11-23T00:00:00Z", "2026-11-29T23:59:59Z"] {
            let weeks = Weeks::until(now.parse().unwrap()).unwrap();
            assert_eq!(weeks.end, date(2026, 11, 23), "{now}");
            let begins = [date(2026, 10, 26), date(2026, 8, 24), date(2025, 11, 24)];
            assert_eq!(weeks.begins, begins, "{now}");
        }
        let next = Weeks::until("2026-11-30T00:00:00Z".parse().unwrap()).unwrap();
        assert_eq!(next.end, date(2026, 11, 30));
        let [end, weeks, ..] = next.times().unwrap();
        assert_eq!(end.to_string(), "2026-11-30T00:00:00Z");
        assert_eq!(weeks.to_string(), "2026-11-02T00:00:00Z");
    }

    #[test]
    fn a_span_is_read_by_its_name() {
        for span in Span::ALL {
            assert_eq!(Span::named(span.as_str()), span);
        }
        assert_eq!(Span::named(""), Span::Year);
    }
}
