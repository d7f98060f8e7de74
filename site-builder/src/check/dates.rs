//! `last_reviewed` and `review_by` of a page: in order, and not overdue.

use jiff::civil::Date;

/// The rule about a review that is due.
pub(super) const DUE: &str = "review-due";
/// The rule about dates that cannot be right.
pub(super) const DATES: &str = "review-dates";

/// When a page was last looked over.
pub(super) const REVIEWED: &str = "last_reviewed";
/// When it is to be looked over again.
pub(crate) const REVIEW_BY: &str = "review_by";

/// What is wrong: the rule, the key that it is about, a sentence, and what to do.
pub(super) type Fault = (&'static str, &'static str, String, String);

/// Looks at the dates of a page. Without a day of today, only at what holds on every day.
pub(super) fn check(
    reviewed: Option<Date>,
    review_by: Option<Date>,
    today: Option<Date>,
) -> Vec<Fault> {
    let mut faults = Vec::new();
    let future = reviewed
        .zip(today)
        .filter(|(reviewed, today)| reviewed > today);
    if let Some((reviewed, _)) = future {
        faults.push((
            DATES,
            REVIEWED,
            format!("`{REVIEWED}` is {reviewed}, a day that is still to come."),
            "Write the day on which somebody last read the page through.".to_owned(),
        ));
    }
    let order = reviewed
        .zip(review_by)
        .filter(|(reviewed, by)| reviewed > by);
    if let Some((reviewed, by)) = order {
        faults.push((
            DATES,
            REVIEW_BY,
            format!("`{REVIEW_BY}` ({by}) is before `{REVIEWED}` ({reviewed})."),
            format!("Write in `{REVIEW_BY}` when the page is to be read through again."),
        ));
    } else if let Some((by, _)) = review_by.zip(today).filter(|(by, today)| by < today) {
        faults.push((
            DUE,
            REVIEW_BY,
            format!("This page was to be reviewed by {by}."),
            format!(
                "Read it through, correct it, and set `{REVIEWED}` to today and `{REVIEW_BY}` to \
                 the next time."
            ),
        ));
    }
    faults
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    #[test]
    fn dates_are_held_against_the_day_and_each_other() {
        let day = |month, day| Some(date(2026, month, day));
        let found = |reviewed, by, today| -> Vec<_> {
            let faults = check(reviewed, by, today);
            faults
                .into_iter()
                .map(|(rule, key, _, _)| (rule, key))
                .collect()
        };
        let today = day(6, 15);
        assert_eq!(found(day(6, 15), day(6, 15), today), []);
        assert_eq!(found(None, None, today), []);
        assert_eq!(found(day(1, 1), day(6, 14), today), [(DUE, REVIEW_BY)]);
        assert_eq!(found(day(6, 16), day(7, 1), today), [(DATES, REVIEWED)]);
        assert_eq!(found(day(2, 1), day(1, 1), today), [(DATES, REVIEW_BY)]);
        assert_eq!(found(day(2, 1), day(1, 1), None), [(DATES, REVIEW_BY)]);
        assert_eq!(found(day(1, 1), day(2, 1), None), []);
    }
}
