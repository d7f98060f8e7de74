//! Whether pages have helped.

use jiff::civil::{Date, date};

use super::bench::at;
use super::limits::charge;
use super::{Bench, on_each_store};
use crate::store::{Given, PageFeedback, Result, StoreError};

on_each_store!(
    answers_are_counted_for_a_page_and_a_day,
    what_is_over_its_budget_is_not_counted,
    old_counts_are_forgotten,
);

async fn give(bench: &Bench, page: &str, day: Date, has_helped: bool) -> Result<()> {
    let given = Given {
        page: page.to_owned(),
        day,
        has_helped,
    };
    bench.store.count_feedback(given, Vec::new(), at(0)).await
}

fn page(page: &str, yes: u64, no: u64) -> PageFeedback {
    PageFeedback {
        page: page.to_owned(),
        yes,
        no,
    }
}

async fn answers_are_counted_for_a_page_and_a_day(bench: Bench) {
    let [one, two] = [date(2026, 11, 27), date(2026, 11, 28)];
    for (path, day, has_helped) in [
        ("/b/", one, true),
        ("/b/", one, true),
        ("/b/", one, false),
        ("/b/", two, false),
        ("/a/", two, true),
    ] {
        give(&bench, path, day, has_helped).await.unwrap();
    }
    let since = async |day| bench.store.feedback(day).await.unwrap();
    assert_eq!(since(one).await, [page("/a/", 1, 0), page("/b/", 2, 2)]);
    assert_eq!(since(two).await, [page("/a/", 1, 0), page("/b/", 0, 1)]);
    assert_eq!(since(date(2026, 11, 29)).await, []);
    assert_eq!(bench.number("SELECT count(*) FROM feedback").await, 3);
}

async fn what_is_over_its_budget_is_not_counted(bench: Bench) {
    let day = date(2026, 11, 28);
    let given = Given {
        page: "/a/".to_owned(),
        day,
        has_helped: true,
    };
    let count = || {
        bench
            .store
            .count_feedback(given.clone(), vec![charge(60, 1)], at(0))
    };
    count().await.unwrap();
    let over = count().await;
    assert!(
        matches!(over, Err(StoreError::OverBudget { .. })),
        "{over:?}"
    );
    assert_eq!(
        bench.store.feedback(day).await.unwrap(),
        [page("/a/", 1, 0)]
    );
}

async fn old_counts_are_forgotten(bench: Bench) {
    let [one, two] = [date(2026, 11, 27), date(2026, 11, 28)];
    for day in [one, two] {
        give(&bench, "/a/", day, true).await.unwrap();
    }
    bench.store.forget_feedback(two).await.unwrap();
    assert_eq!(
        bench.store.feedback(one).await.unwrap(),
        [page("/a/", 1, 0)]
    );
}
