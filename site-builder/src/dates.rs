//! Dates that are written as text: in quotes, or the way YAML lets one write them.

use toml::value::Datetime;

/// A date with or without a time: as TOML has it, or as YAML does, where digits may be left out
/// (`2026-1-5`, `2026-01-05 9:30:00 +2`). What only YAML allows is a moment, in UTC unless it says
/// otherwise.
pub(crate) fn from_text(text: &str) -> Option<Datetime> {
    let date: Datetime = text.parse().ok().or_else(|| loose(text)?.parse().ok())?;
    date.date.is_some().then_some(date)
}

fn loose(text: &str) -> Option<String> {
    let (day, time) = text
        .split_once(['T', 't', ' ', '\t'])
        .map_or((text, ""), |(day, time)| (day, time.trim()));
    let mut numbers = day.splitn(3, '-');
    let year = numbers.next()?;
    let month = two_digits(numbers.next()?)?;
    let day = two_digits(numbers.next()?)?;
    if time.is_empty() {
        return Some(format!("{year}-{month}-{day}T00:00:00Z"));
    }
    let (clock, offset) = time.split_at(time.find(['Z', '+', '-']).unwrap_or(time.len()));
    let (hour, rest) = clock.trim_end().split_once(':')?;
    let hour = two_digits(hour)?;
    let offset = match offset.split_at_checked(1) {
        None | Some(("Z", "")) => "Z".to_owned(),
        Some((sign, hours)) => {
            let (hours, minutes) = hours.split_once(':').unwrap_or((hours, "00"));
            format!("{sign}{}:{minutes}", two_digits(hours)?)
        }
    };
    Some(format!("{year}-{month}-{day}T{hour}:{rest}{offset}"))
}

fn two_digits(number: &str) -> Option<String> {
    let number: u8 = number.parse().ok()?;
    Some(format!("{number:02}"))
}

#[cfg(test)]
mod tests {
    use super::from_text;

    #[test]
    fn dates_of_toml_and_yaml_are_understood_and_nothing_else() {
        let read = |text| from_text(text).map(|date| date.to_string());
        for (written, meant) in [
            ("2026-11-25", "2026-11-25"),
            ("2026-11-25T10:00:00", "2026-11-25T10:00:00"),
            ("2026-1-5", "2026-01-05T00:00:00Z"),
            ("2026-01-05 9:30:00", "2026-01-05T09:30:00Z"),
            (
                "2026-01-05 09:30:00.5 +02:00",
                "2026-01-05T09:30:00.5+02:00",
            ),
            ("2026-01-05 09:30:00 -5", "2026-01-05T09:30:00-05:00"),
            ("2026-01-05\t09:30:00Z", "2026-01-05T09:30:00Z"),
        ] {
            assert_eq!(read(written).as_deref(), Some(meant), "{written}");
        }
        for text in [
            "",
            "soon",
            "10:00:00",
            "25.11.2026",
            "2026-02-30",
            "2026-1-5 é",
            "2026-1-5 x:1",
        ] {
            assert_eq!(read(text), None, "{text}");
        }
    }
}
