//! How long a message waits for its next try.

use std::time::Duration;

use jiff::SignedDuration;

use crate::entropy::{self, Entropy};

/// Tries until a message is given up: about two and a half hours after the first.
pub(super) const MAX_ATTEMPTS: u32 = 8;

/// The longest wait, in seconds, whoever asks for it.
const LONGEST: i64 = 30 * 60;

/// The wait after try number `attempt` (from 1), or `asked` where that is longer;
/// up to a fifth longer by chance, so that what failed together is not tried
/// again together.
pub(super) fn wait(attempt: u32, asked: Duration, entropy: &dyn Entropy) -> SignedDuration {
    let seconds: i64 = match attempt {
        0 | 1 => 10,
        2 => 30,
        3 => 2 * 60,
        4 => 10 * 60,
        _ => LONGEST,
    };
    let asked = i64::try_from(asked.as_secs()).unwrap_or(LONGEST);
    let seconds = seconds.max(asked).min(LONGEST);
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
            .map(|attempt| wait(attempt, Duration::ZERO, &Always(0)).as_secs())
            .collect();
        assert_eq!(waits, [10, 30, 120, 600, 1800, 1800, 1800, 1800]);
        for attempt in 1..=MAX_ATTEMPTS {
            let [least, most] =
                [0, 255].map(|chance| wait(attempt, Duration::ZERO, &Always(chance)));
            assert_eq!(most.as_millis() * 5, least.as_millis() * 6);
        }
    }

    #[test]
    fn who_asks_for_a_longer_wait_gets_it_within_reason() {
        for (asked, seconds) in [(0, 10), (5, 10), (90, 90), (86_400, 1800), (u64::MAX, 1800)] {
            let wait = wait(1, Duration::from_secs(asked), &Always(0));
            assert_eq!(wait.as_secs(), seconds, "{asked}");
        }
    }
}
