//! Which counts are shown, so that nobody can be told apart among few.
//!
//! A count under [`LEAST`] is hidden, as the Centers for Medicare and Medicaid Services ask for
//! of their data (cell size suppression policy). That is not enough: whoever sees 40 who opened
//! an invitation and 37 who answered who they are knows of three who did not. So a count is also
//! hidden where what is shown could be subtracted from it, or it from what is shown, and fewer
//! than [`LEAST`] would be left (complementary suppression).
//!
//! Counts stand in a grid: a row for each span of time, where a longer one holds all of a shorter
//! one, and in a row a count for each step, where who came to one came to those before it. Of two
//! counts of which one holds the other, the difference is a count of people. So is the difference
//! of two such differences, which is the people of some steps in the weeks that the longer span
//! has more. Counts are taken in one after another: the longest span first, in it those who began,
//! those who came to the end, and then the steps between. One is shown if with all that is shown
//! so far every one of those differences is [`LEAST`] or more, and nought counts as few.
//!
//! So a hidden count follows from no shown ones: a test finds another that goes with all of them.

/// The least that is shown.
pub const LEAST: u64 = 11;

/// A count as it is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Count {
    /// This many.
    Shown(u64),
    /// Fewer than [`LEAST`], or so many that it would tell of fewer: which of the two is not told
    /// either, since that would say more of how many there are.
    Hidden,
}

/// Counts of steps, a row for each span: the shortest span first, and the first step.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Grid {
    spans: Vec<Vec<u64>>,
}

impl Grid {
    /// The grid of what each step is counted in the weeks of each span alone, which shorter
    /// ones have not: such rows can be added.
    pub fn of_parts<const SPANS: usize>(parts: [Vec<u64>; SPANS]) -> Self {
        let mut spans: Vec<Vec<u64>> = parts.into();
        for at in 1..spans.len() {
            let (shorter, longer) = spans.split_at_mut(at);
            let shorter = &shorter[at - 1];
            for (count, more) in longer[0].iter_mut().zip(shorter) {
                *count += more;
            }
        }
        Self { spans }
    }

    /// What of it may be seen. A span that has nobody more than a shorter one shows the same.
    pub fn shown(&self) -> Vec<Vec<Count>> {
        let mut spans = self.spans.clone();
        spans.dedup();
        let different = Self { spans };
        let shown = different.shown_apart();
        let of = |row| {
            let mut known = different.spans.iter().zip(&shown);
            known.find_map(|(known, shown)| (known == row).then(|| shown.clone()))
        };
        self.spans.iter().filter_map(of).collect()
    }

    fn shown_apart(&self) -> Vec<Vec<Count>> {
        let mut seen: Vec<(usize, usize)> = Vec::new();
        for cell in self.order() {
            if self.may_be_seen(cell, &seen) {
                seen.push(cell);
            }
        }
        let rows = self.spans.iter().enumerate();
        rows.map(|(span, row)| {
            let counts = row.iter().enumerate();
            let count = |(step, count): (usize, &u64)| {
                if seen.contains(&(span, step)) {
                    Count::Shown(*count)
                } else {
                    Count::Hidden
                }
            };
            counts.map(count).collect()
        })
        .collect()
    }

    /// All cells, those that matter most first.
    fn order(&self) -> Vec<(usize, usize)> {
        let mut order = Vec::new();
        for (span, row) in self.spans.iter().enumerate().rev() {
            let mut steps: Vec<_> = (0..row.len()).collect();
            if steps.len() > 2 {
                steps[1..].rotate_right(1);
            }
            order.extend(steps.into_iter().map(|step| (span, step)));
        }
        order
    }

    fn count(&self, (span, step): (usize, usize)) -> u64 {
        self.spans[span][step]
    }

    /// Whether a cell tells of nobody but many, beside those that are seen.
    fn may_be_seen(&self, cell: (usize, usize), seen: &[(usize, usize)]) -> bool {
        let count = self.count(cell);
        let is_apart = |other: &(usize, usize)| {
            !holds(cell, *other) && !holds(*other, cell)
                || count.abs_diff(self.count(*other)) >= LEAST
        };
        let is_square_apart = |other: &(usize, usize)| {
            let corners = [(cell.0, other.1), (other.0, cell.1)];
            let is_seen = |corner| seen.contains(&corner);
            if cell.0 == other.0 || cell.1 == other.1 || !corners.into_iter().all(is_seen) {
                return true;
            }
            let [one, two] = corners.map(|corner| self.count(corner));
            (count + self.count(*other)).abs_diff(one + two) >= LEAST
        };
        count >= LEAST && seen.iter().all(is_apart) && seen.iter().all(is_square_apart)
    }
}

/// Whether all whom the second counts are among those whom the first does.
const fn holds((span, step): (usize, usize), (other_span, other_step): (usize, usize)) -> bool {
    span >= other_span && step <= other_step
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const STEPS: usize = 4;
    const SPANS: usize = 2;

    /// People who stopped at each step, in the weeks of each span alone.
    type Stops = [[u64; STEPS]; SPANS];

    /// The grid of those: who stopped later came to a step as well.
    fn grid(stops: &Stops) -> Grid {
        Grid::of_parts(stops.map(|stops| {
            let came = (0..STEPS).map(|step| stops[step..].iter().sum());
            came.collect::<Vec<_>>()
        }))
    }

    fn row(counts: &[u64]) -> Vec<Count> {
        let grid = Grid {
            spans: vec![counts.to_vec()],
        };
        grid.shown().remove(0)
    }

    #[test]
    fn few_are_hidden_and_so_is_what_would_tell_of_few() {
        use Count::{Hidden, Shown};
        for (counts, shown) in [
            (vec![0], vec![Hidden]),
            (vec![10], vec![Hidden]),
            (vec![11], vec![Shown(11)]),
            (vec![40, 37], vec![Shown(40), Hidden]),
            (vec![40, 40], vec![Shown(40), Hidden]),
            (vec![40, 29, 10], vec![Shown(40), Shown(29), Hidden]),
            (
                vec![100, 95, 60, 50],
                vec![Shown(100), Hidden, Hidden, Shown(50)],
            ),
            (
                vec![100, 80, 60, 40],
                vec![Shown(100), Shown(80), Shown(60), Shown(40)],
            ),
        ] {
            assert_eq!(row(&counts), shown, "{counts:?}");
        }
        // What a longer span has more is a count, too; and so is who of that stopped.
        let months = Grid::of_parts([vec![30], vec![10]]);
        assert_eq!(months.shown(), [vec![Hidden], vec![Shown(40)]]);
        let nothing_before = Grid::of_parts([vec![30], vec![0]]);
        assert_eq!(nothing_before.shown(), [vec![Shown(30)], vec![Shown(30)]]);
        let stopped = Grid::of_parts([vec![60, 20], vec![50, 45]]);
        assert_eq!(
            stopped.shown(),
            [vec![Shown(60), Hidden], vec![Shown(110), Shown(65)]]
        );
    }

    /// Whether people can be moved between stops so that every count that is shown stays, and yet
    /// the one of a cell is another.
    fn could_be_another(stops: &Stops, cell: (usize, usize)) -> bool {
        let shown = grid(stops).shown();
        let before = grid(stops).count(cell);
        let moves = moves();
        let mut others = moves.iter().flat_map(|first| {
            std::iter::once(vec![first]).chain(moves.iter().map(move |second| vec![first, second]))
        });
        others.any(|moves| {
            let mut other = *stops;
            for ((span, step), by) in moves.into_iter().flatten() {
                let Some(count) = other[*span][*step].checked_add_signed(*by) else {
                    return false;
                };
                other[*span][*step] = count;
            }
            let other = grid(&other);
            let cells = shown.iter().enumerate().flat_map(|(span, row)| {
                let row = row.iter().enumerate();
                row.map(move |(step, count)| ((span, step), count))
            });
            let stays = |(cell, count): ((usize, usize), &Count)| match count {
                Count::Shown(count) => other.count(cell) == *count,
                Count::Hidden => true,
            };
            other.count(cell) != before && cells.into_iter().all(stays)
        })
    }

    /// One person comes, goes, or stopped elsewhere.
    fn moves() -> Vec<Vec<((usize, usize), i64)>> {
        let cells = || (0..SPANS).flat_map(|span| (0..STEPS).map(move |step| (span, step)));
        let mut moves = Vec::new();
        for one in cells() {
            moves.extend([vec![(one, 1)], vec![(one, -1)]]);
            let others = cells().filter(|other| *other != one);
            moves.extend(others.map(|other| vec![(one, 1), (other, -1)]));
        }
        moves
    }

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(256) })]

        /// Whatever is added or subtracted: each hidden count could be another.
        #[test]
        fn no_hidden_count_follows_from_what_is_shown(
            stops in prop::array::uniform2(prop::array::uniform4(0_u64..30)),
        ) {
            for (span, row) in grid(&stops).shown().iter().enumerate() {
                for (step, count) in row.iter().enumerate() {
                    let is_shown = matches!(count, Count::Shown(_));
                    prop_assert!(
                        is_shown || could_be_another(&stops, (span, step)),
                        "{span} {step} of {:?}", grid(&stops)
                    );
                }
            }
        }

        /// No difference that is a count of people is small.
        #[test]
        fn what_is_shown_cannot_be_subtracted_to_few(
            stops in prop::array::uniform2(prop::array::uniform4(0_u64..40)),
        ) {
            let shown = grid(&stops).shown();
            let has_more = stops[1] != [0; STEPS];
            let seen = |span: usize, step: usize| match shown[span][step] {
                Count::Shown(count) => Some(count),
                Count::Hidden => None,
            };
            for (first, last) in (0..STEPS).flat_map(|a| (a + 1..STEPS).map(move |b| (a, b))) {
                let row = |span| Some(seen(span, first)? - seen(span, last)?);
                let both = row(0).zip(row(1)).map(|(a, b)| b - a);
                for stopped in [row(0), row(1), both.filter(|_| has_more)] {
                    prop_assert!(stopped.is_none_or(|it| it >= LEAST), "{shown:?}");
                }
            }
            for step in (0..STEPS).filter(|_| has_more) {
                let earlier = seen(1, step).zip(seen(0, step)).map(|(long, short)| long - short);
                prop_assert!(earlier.is_none_or(|it| it >= LEAST), "{shown:?}");
            }
        }
    }
}
