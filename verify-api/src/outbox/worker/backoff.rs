//! How long a message waits for its next try.

use jiff::SignedDuration;

use crate::entropy::{self, Entropy};

/// Tries until a message is given up: about two and a half hours after the first.
pub(super) const MAX_ATTEMPTS: u32 = 8;

/// The wait after try number `attempt` (from 1), up to a fifth longer by chance,
/// so that what failed together is not tried again together.
pub(super) fn wait(attempt: u32, entropy: &dyn Entropy) -> SignedDuration {
    let seconds: i64 = match attempt {
        0 | 1 => 10,
        2 => 30,
        3 => 2 * 60,
        4 => 10 * 60,
        _ => 30 * 60,
    };
    let [chance] = entropy::bytes(entropy);
    let longest_jitter = seconds * 1000 / 5;
    SignedDuration::from_millis(seconds * 1000 + longest_jitter * i64::from(chance) / 255)
}

#[cfg(test)]
mod tests {
    use super::*;

    struct Always(u8);

    impl Entropy for Always {
        fn fill(&self, bytes: &mut [u8]) {
            bytes.fill(self.0);
        }
    }

    #[test]
    fn waits_grow_and_never_differ_by_more_than_a_fifth() {
        let waits: Vec<i64> = (1..=MAX_ATTEMPTS)
            .map(|attempt| wait(attempt, &Always(0)).as_secs())
            .collect();
        assert_eq!(waits, [10, 30, 120, 600, 1800, 1800, 1800, 1800]);
        for attempt in 1..=MAX_ATTEMPTS {
            let (least, most) = (wait(attempt, &Always(0)), wait(attempt, &Always(255)));
            assert_eq!(most.as_millis() * 5, least.as_millis() * 6);
        }
    }
}
