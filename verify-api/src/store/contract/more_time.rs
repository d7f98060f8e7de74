//! More time for a flow: where it stands, beside answers, and never once it is over.

use super::bench::{at, change, key, sealed};
use super::{Bench, on_each_store};
use crate::flow::LIFETIME;
use crate::store::{FlowId, MoreTime, StoreError};

on_each_store!(
    more_time_is_given_where_the_flow_stands_and_holds_up_no_answer,
    more_time_wakes_no_flow_that_is_over,
);

/// More time until so many seconds after the flow began, asked for at `now`.
fn more_time(flow: FlowId, version: i64, now: i64, until: i64) -> MoreTime {
    MoreTime {
        flow,
        version,
        state: sealed(7),
        expires_at: at(until),
        at: at(now),
    }
}

async fn more_time_is_given_where_the_flow_stands_and_holds_up_no_answer(bench: Bench) {
    let flow = bench.flow(1).await;
    let more = more_time(flow, 0, 3599, 7199);
    bench.store.extend(more).await.unwrap();
    let found = bench.store.flow(&key(1)).await.unwrap().unwrap();
    assert_eq!((found.version, found.expires_at), (0, at(7199)));
    assert_eq!(found.state.0, sealed(7).0);
    // The answer was judged before.
    let answered = change(flow, 0, Vec::new());
    bench.store.commit(answered).await.unwrap();
    let late = bench.store.extend(more_time(flow, 0, 3599, 9000)).await;
    assert!(matches!(late, Err(StoreError::Conflict)), "{late:?}");
    let found = bench.store.flow(&key(1)).await.unwrap().unwrap();
    assert_eq!((found.version, found.state.0), (1, sealed(9).0));
    assert_eq!(found.expires_at, at(3600), "as the answer has it");
}

async fn more_time_wakes_no_flow_that_is_over(bench: Bench) {
    let flow = bench.flow(1).await;
    let end = LIFETIME.as_secs();
    let refused = async |more| {
        let given = bench.store.extend(more).await;
        assert!(matches!(given, Err(StoreError::Conflict)), "{given:?}");
    };
    refused(more_time(flow, 0, 3600, 7200)).await;
    let given = bench.store.extend(more_time(flow, 0, 3599, end + 60)).await;
    given.unwrap();
    refused(more_time(flow, 0, end, end + 60)).await;
    let end = "UPDATE flows SET ended_at = 1";
    bench.tamper(end).await.unwrap();
    refused(more_time(flow, 0, 3600, 7200)).await;
}
