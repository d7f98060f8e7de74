//! How things went, as managers see it: counts of the weeks that are over, small ones hidden.
//!
//! They are made of the audit trail, of what became of messages, and of what readers said.

use std::collections::BTreeMap;

use super::{App, Failure, Outcome};
use crate::insights::{Count, Grid, SPANS, Span, Weeks};
use crate::store::{ASKED_AND_DONE, Counted, FateOf, Lane, STEPS};

/// Counts of the weeks of one span.
#[derive(Debug)]
pub struct Insights {
    /// Which weeks.
    pub weeks: Weeks,
    /// How many came to each step of an enrollment, from those who were invited.
    pub reached: Vec<Count>,
    /// What became of messages: of emails, and of texts and calls.
    pub fates: Vec<(MessageFate, [Count; 2])>,
    /// Who asked for a username, and who saw it; and the same of another password.
    pub recovered: [[Count; 2]; 2],
    /// What readers said of pages: whom each has helped, and has not. Those of which nothing
    /// may be shown are left out.
    pub pages: Vec<(String, [Count; 2])>,
}

/// What became of a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MessageFate {
    /// It left, and nobody told that it did not arrive.
    Left,
    /// It left, and did not arrive.
    Undelivered,
    /// It was refused, or could not be sent.
    GivenUp,
    /// It was held back by a budget.
    HeldBack,
}

impl MessageFate {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::Left, Self::Undelivered, Self::GivenUp, Self::HeldBack];

    /// The name by which it is told.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Left => "left",
            Self::Undelivered => "undelivered",
            Self::GivenUp => "given-up",
            Self::HeldBack => "held-back",
        }
    }

    fn of(told: &FateOf) -> Option<Self> {
        Some(match (told.fate.as_str(), told.report.as_str()) {
            ("sent", "undelivered") => Self::Undelivered,
            ("sent", _) => Self::Left,
            ("dead", _) => Self::GivenUp,
            ("over-budget", _) => Self::HeldBack,
            // There was nothing to tell, or nobody to tell it to.
            _ => return None,
        })
    }
}

impl App {
    /// How things went in the weeks of a span.
    ///
    /// # Errors
    /// `unavailable`.
    pub async fn insights(&self, span: Span) -> Outcome<Insights> {
        let weeks = Weeks::until(self.now());
        let weeks = weeks.and_then(|weeks| Some((weeks, weeks.times()?)));
        let (weeks, times) =
            weeks.ok_or_else(|| Failure::unavailable(&"the clock is beyond the calendar"))?;
        let reached = self.store.count_reached(times).await?;
        let fates = self.store.count_fates(times).await?;
        let events = self.store.count_events(times).await?;
        let [one, two, three] = weeks.begins;
        let said = self.store.count_pages([weeks.end, one, two, three]).await?;
        let row = Row(span as usize);
        let fates: Vec<_> = (fates.iter())
            .filter_map(|it| {
                Some((
                    it.span,
                    (MessageFate::of(&it.what)?, it.what.lane),
                    it.count,
                ))
            })
            .collect();
        let fates = MessageFate::ALL.map(|fate| {
            let counts = Lane::OUT.map(|lane| row.one(&fates, &(fate, lane)));
            (fate, counts)
        });
        let events: Vec<_> = (events.into_iter())
            .map(|Counted { span, what, count }| (span, what, count))
            .collect();
        let recovered = ASKED_AND_DONE.map(|pair| {
            // Whoever asked and has not finished is a count as well.
            let counts = row.of(&events, &pair.map(str::to_owned));
            [counts[0], counts[1]]
        });
        let mut pages: BTreeMap<&str, Vec<(usize, bool, u64)>> = BTreeMap::new();
        for (span, it) in &said {
            let of_page = pages.entry(&it.page).or_default();
            of_page.extend([(*span, true, it.yes), (*span, false, it.no)]);
        }
        let pages = pages.into_iter().map(|(page, counts)| {
            let counts = [true, false].map(|has_helped| row.one(&counts, &has_helped));
            (page.to_owned(), counts)
        });
        let is_shown = |count: &Count| matches!(count, Count::Shown(_));
        Ok(Insights {
            weeks,
            reached: row.steps(&reached),
            fates: fates.into(),
            recovered,
            pages: pages
                .filter(|(_, counts)| counts.iter().any(is_shown))
                .collect(),
        })
    }
}

/// The row of a grid that is looked at. What may be shown of it follows from all rows.
#[derive(Clone, Copy)]
struct Row(usize);

impl Row {
    /// How many came to each step: those who came further came to it as well.
    fn steps(self, reached: &[Counted<usize>]) -> Vec<Count> {
        let mut parts = [(); SPANS].map(|()| vec![0; STEPS]);
        for Counted { span, what, count } in reached {
            for step in &mut parts[*span][..=*what] {
                *step += count;
            }
        }
        self.shown(parts)
    }

    /// Counts of one thing after another, of which the first holds the others.
    fn of<T: PartialEq>(self, counted: &[(usize, T, u64)], whats: &[T]) -> Vec<Count> {
        let mut parts = [(); SPANS].map(|()| vec![0; whats.len()]);
        for (span, what, count) in counted {
            if let Some(at) = whats.iter().position(|it| it == what) {
                parts[*span][at] += count;
            }
        }
        self.shown(parts)
    }

    fn one<T: PartialEq + Clone>(self, counted: &[(usize, T, u64)], what: &T) -> Count {
        self.of(counted, std::slice::from_ref(what))[0]
    }

    fn shown(self, parts: [Vec<u64>; SPANS]) -> Vec<Count> {
        Grid::of_parts(parts).shown().swap_remove(self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whoever_came_further_came_to_the_steps_before() {
        let counted = |span, what, count| Counted { span, what, count };
        let reached = [counted(0, 5, 20), counted(0, 0, 30), counted(2, 2, 15)];
        let weeks = Row(0).steps(&reached);
        assert_eq!(weeks[0], Count::Shown(50));
        assert_eq!(weeks[5], Count::Hidden, "as many as in the year");
        let year = Row(2).steps(&reached);
        assert_eq!(year[0], Count::Shown(65));
        assert_eq!(year[5], Count::Shown(20));
    }

    #[test]
    fn each_fate_of_a_message_is_counted_once_or_of_no_use() {
        let fate = |fate: &str, report: &str| {
            MessageFate::of(&FateOf {
                lane: Lane::Email,
                fate: fate.to_owned(),
                report: report.to_owned(),
            })
        };
        for (told, expected) in [
            (("sent", ""), Some(MessageFate::Left)),
            (("sent", "delivered"), Some(MessageFate::Left)),
            (("sent", "undelivered"), Some(MessageFate::Undelivered)),
            (("dead", ""), Some(MessageFate::GivenUp)),
            (("over-budget", ""), Some(MessageFate::HeldBack)),
            (("nothing-to-send", ""), None),
            (("too-late", ""), None),
        ] {
            assert_eq!(fate(told.0, told.1), expected, "{told:?}");
        }
    }
}
