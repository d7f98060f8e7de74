//! Work on many items at once, with a result that does not show it.
//!
//! Owns how work is spread over the machine's cores. Knows nothing of the work.

use rayon::prelude::*;

use crate::diagnostic::Findings;

/// Does `work` on every item, on all cores. What it gives comes back in the order of the items, and
/// its findings are added as if the items had been taken one by one.
pub(crate) fn map<T, R>(
    items: Vec<T>,
    findings: &mut Findings,
    work: impl Fn(T, &mut Findings) -> R + Sync,
) -> Vec<R>
where
    T: Send,
    R: Send,
{
    let done: Vec<(R, Findings)> = items
        .into_par_iter()
        .map(|item| {
            let mut own = Findings::default();
            let result = work(item, &mut own);
            (result, own)
        })
        .collect();
    let take = |(result, own)| {
        findings.append(own);
        result
    };
    done.into_iter().map(take).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnostic::{Finding, Place};

    #[test]
    fn results_keep_their_order_and_no_finding_is_lost() {
        let mut findings = Findings::default();
        let doubled = map((0..1000).collect(), &mut findings, |n: usize, own| {
            if n.is_multiple_of(100) {
                own.push(Finding::error("x", Place::file(&n.to_string()), "s"));
            }
            2 * n
        });
        assert!(doubled.iter().enumerate().all(|(n, twice)| *twice == 2 * n));
        assert_eq!(findings.len(), 10);
    }
}
