//! A date of birth: a plain date that no time zone ever touches.

use jiff::civil::{Date, date};

use super::line;
use crate::FieldProblem;

/// A date of birth that exists on the calendar.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct BirthDate(Date);

impl BirthDate {
    /// Reads `YYYY-MM-DD`; one-digit months and days are forgiven.
    ///
    /// # Errors
    /// [`FieldProblem::Required`] when empty, [`FieldProblem::SwappedDate`] when there is a date
    /// with day and month the other way round only, [`FieldProblem::InvalidDate`] when there is
    /// none or the year is before 1880.
    ///
    /// ```
    /// # use protocol::{FieldProblem, values::BirthDate};
    /// assert!(BirthDate::parse("1944-02-29").is_ok());
    /// assert_eq!(BirthDate::parse("1945-02-29"), Err(FieldProblem::InvalidDate));
    /// ```
    pub fn parse(text: &str) -> Result<Self, FieldProblem> {
        let text = line(text)?;
        let invalid = FieldProblem::InvalidDate;
        let mut parts = text.split('-').map(str::trim);
        let mut number = |max_digits: usize| {
            let part = parts.next().ok_or(invalid)?;
            let plain = part.len() <= max_digits && part.bytes().all(|b| b.is_ascii_digit());
            plain
                .then(|| part.parse::<i16>().ok())
                .flatten()
                .ok_or(invalid)
        };
        let (year, month, day) = (number(4)?, number(2)?, number(2)?);
        if parts.next().is_some() || year < 1880 {
            return Err(invalid);
        }
        let small = |n: i16| i8::try_from(n).map_err(|_| invalid);
        let date = |month, day| Date::new(year, small(month)?, small(day)?).map_err(|_| invalid);
        match date(month, day) {
            Err(_) if month > 12 && date(day, month).is_ok() => Err(FieldProblem::SwappedDate),
            date => date.map(Self),
        }
    }

    /// The date.
    pub fn date(self) -> Date {
        self.0
    }

    /// Whether the date has not come yet anywhere on earth at UTC date `today`.
    ///
    /// One day of grace: a person east of Greenwich can be born "tomorrow".
    pub fn is_after(self, today: Date) -> bool {
        self.0 > today.tomorrow().unwrap_or(date(9999, 12, 31))
    }
}

impl core::fmt::Display for BirthDate {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        self.0.fmt(f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn impossible_dates_are_named_as_such() {
        for text in [
            "2023-02-30",
            "1900-02-29",
            "1950-13-13",
            "1950-32-01",
            "1950-31-02",
            "1950-13-00",
            "1850-13-01",
            "1950-00-10",
            "1950-01-00",
            "50-01-02",
            "1850-01-02",
            "March",
            "1950-01",
            "1950-01-02-03",
            "1950-+1-02",
        ] {
            assert_eq!(
                BirthDate::parse(text),
                Err(FieldProblem::InvalidDate),
                "{text}"
            );
        }
        assert_eq!(BirthDate::parse("  "), Err(FieldProblem::Required));
    }

    #[test]
    fn a_date_with_day_and_month_the_other_way_round_is_told_and_not_guessed() {
        for text in ["1950-13-01", "1950-27-3", "1950-31-12", "1952-29-02"] {
            assert_eq!(
                BirthDate::parse(text),
                Err(FieldProblem::SwappedDate),
                "{text}"
            );
        }
        assert_eq!(
            BirthDate::parse("1951-29-02"),
            Err(FieldProblem::InvalidDate)
        );
        assert!(BirthDate::parse("1950-12-01").is_ok());
    }

    #[test]
    fn one_digit_months_are_forgiven_and_written_in_full() {
        assert_eq!(
            BirthDate::parse("1944-3-7").unwrap().to_string(),
            "1944-03-07"
        );
        assert!(BirthDate::parse("2000-02-29").is_ok());
    }

    #[test]
    fn a_date_that_has_not_come_is_after_today() {
        let today = date(2026, 11, 25);
        assert!(BirthDate::parse("2026-11-27").unwrap().is_after(today));
        assert!(!BirthDate::parse("2026-11-26").unwrap().is_after(today));
    }
}
