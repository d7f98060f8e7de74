//! Birth dates that one slip of the hand turns into another: a digit that is wrong, two
//! neighbours that changed places, day and month the other way round.

use std::collections::BTreeSet;

use jiff::civil::Date;
use protocol::values::BirthDate;

/// The dates of the calendar that are one slip away from `born`, in their order.
pub(super) fn a_slip_away(born: BirthDate) -> impl Iterator<Item = BirthDate> {
    let date = born.date();
    let digits = digits(date);
    let mut near = BTreeSet::new();
    for place in 0..digits.len() {
        let mut slip = digits;
        for digit in b'0'..=b'9' {
            slip[place] = digit;
            near.insert(slip);
        }
        if place > 0 {
            let mut slip = digits;
            slip.swap(place - 1, place);
            near.insert(slip);
        }
    }
    let [y1, y2, y3, y4, m1, m2, d1, d2] = digits;
    near.insert([y1, y2, y3, y4, d1, d2, m1, m2]);
    near.remove(&digits);
    near.into_iter().filter_map(read)
}

fn digits(date: Date) -> [u8; 8] {
    let text = date.strftime("%Y%m%d").to_string();
    let mut digits = [b'0'; 8];
    for (digit, byte) in digits.iter_mut().zip(text.bytes()) {
        *digit = byte;
    }
    digits
}

fn read(digits: [u8; 8]) -> Option<BirthDate> {
    let text = std::str::from_utf8(&digits).ok()?;
    let (year, rest) = text.split_at(4);
    let (month, day) = rest.split_at(2);
    BirthDate::parse(&format!("{year}-{month}-{day}")).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn near(born: &str) -> Vec<String> {
        let born = BirthDate::parse(born).unwrap();
        a_slip_away(born).map(|date| date.to_string()).collect()
    }

    #[test]
    fn a_wrong_digit_changed_places_and_another_order_are_one_slip() {
        let near = near("1944-02-07");
        for slip in [
            "1994-02-07",
            "1934-02-07",
            "1949-02-07",
            "1944-07-02",
            "1944-12-07",
            "1944-03-07",
            "1944-02-17",
            "1944-02-08",
        ] {
            assert!(near.iter().any(|date| date == slip), "{slip}");
        }
        for other in ["1944-02-07", "1945-03-07", "1744-02-07", "1944-02-30"] {
            assert!(!near.iter().any(|date| date == other), "{other}");
        }
        assert!(near.is_sorted() && near.len() < 80, "{}", near.len());
    }

    #[test]
    fn whoever_is_a_slip_away_has_the_other_a_slip_away() {
        for born in ["1944-02-29", "1999-12-31", "2000-01-01", "1880-10-10"] {
            for other in near(born) {
                assert!(near(&other).iter().any(|date| date == born), "{other}");
            }
        }
    }
}
