//! A date as staff read it: its order and its words are the language's, so nobody takes the day for the
//! month while they compare it with a document.

use alloc::string::{String, ToString as _};

use jiff::civil::Date;

use crate::messages::Catalog;
use crate::values::BirthDate;

/// A birth date in words.
pub(super) fn birth_date(born: BirthDate, words: &Catalog<'_>) -> String {
    date(born.date(), words)
}

/// A date in words.
pub(super) fn date(day: Date, words: &Catalog<'_>) -> String {
    let month = ["staff.month.", &day.month().to_string()].concat();
    let parts = [
        ("month", words.text(&month)),
        ("day", &day.day().to_string()),
        ("year", &day.year().to_string()),
    ];
    words.fill("staff.date", &parts)
}

#[cfg(test)]
mod tests {
    use alloc::collections::BTreeSet;

    use super::*;
    use crate::Locale;
    use crate::messages::catalog;

    fn told(born: &str, locale: Locale) -> String {
        birth_date(BirthDate::parse(born).unwrap(), &catalog(locale))
    }

    #[test]
    fn a_date_reads_as_the_language_writes_it() {
        for (born, english, spanish) in [
            ("1944-02-29", "February 29, 1944", "29 de febrero de 1944"),
            ("2001-12-01", "December 1, 2001", "1 de diciembre de 2001"),
        ] {
            assert_eq!(told(born, Locale::En), english);
            assert_eq!(told(born, Locale::Es), spanish);
        }
    }

    #[test]
    fn no_two_months_read_alike_and_none_is_without_a_word() {
        for locale in Locale::ALL {
            let of_month = |month: i8| told(&["1950-", &month.to_string(), "-7"].concat(), locale);
            let all: BTreeSet<_> = (1..=12).map(of_month).collect();
            assert_eq!(all.len(), 12, "{all:?}");
            assert!(all.iter().all(|date| !date.contains("staff.")), "{all:?}");
        }
    }
}
