//! What a budget is, and what one act takes from it.
//!
//! A budget is counted by the generic cell rate algorithm (ITU-T I.371): of each
//! key one moment is kept, the one at which all that was taken will have grown
//! back. So a row is small, needs no cleaning to be right, and is charged by one
//! statement. It must not know what is charged for.

use jiff::SignedDuration;

use crate::crypto::Digest;

/// So many at once at most; what was taken grows back evenly over `per`.
///
/// Whoever empties a full budget and then takes all that grows back gets twice
/// `count` within the first `per`, and `count` in each later one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Budget {
    count: u32,
    per: SignedDuration,
}

impl Budget {
    /// `count` in an hour. At most 3,600,000: one a millisecond.
    pub const fn hourly(count: u32) -> Self {
        let per = SignedDuration::from_hours(1);
        Self { count, per }
    }

    /// `count` in five minutes.
    pub const fn five_minutely(count: u32) -> Self {
        let per = SignedDuration::from_mins(5);
        Self { count, per }
    }

    /// `count` in 24 hours.
    pub const fn daily(count: u32) -> Self {
        let per = SignedDuration::from_hours(24);
        Self { count, per }
    }

    /// Takes one, for `key`.
    pub(super) fn charge(self, key: Digest) -> Charge {
        Charge {
            key,
            cost: SignedDuration::from_millis(self.cost()),
            room: self.room(),
        }
    }

    /// In how long a whole budget grows back.
    pub(super) fn room(self) -> SignedDuration {
        SignedDuration::from_millis(self.cost().saturating_mul(self.count()))
    }

    /// In how many milliseconds one grows back; rounded up before it is
    /// multiplied, so that exactly `count` fit.
    fn cost(self) -> i64 {
        let millis = i64::try_from(self.per.as_millis()).unwrap_or(i64::MAX);
        (millis + self.count() - 1) / self.count()
    }

    fn count(self) -> i64 {
        i64::from(self.count.max(1))
    }
}

/// Takes one from a budget, or is refused.
#[derive(Clone, Copy, Debug)]
pub struct Charge {
    /// Whose budget, as a keyed hash; another one for each kind of budget.
    pub key: Digest,
    /// In how long it grows back.
    pub cost: SignedDuration,
    /// In how long a whole budget grows back.
    pub room: SignedDuration,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn as_many_fit_as_the_budget_says_whatever_the_rounding() {
        for count in [1, 3, 7, 20, 1_000, 7_777, 3_600_000] {
            let charge = Budget::hourly(count).charge(Digest([0; 32]));
            let (cost, room) = (charge.cost.as_millis(), charge.room.as_millis());
            assert_eq!(room / cost, i128::from(count), "{count}");
            assert!(room >= 3_600_000, "{count}");
        }
    }
}
