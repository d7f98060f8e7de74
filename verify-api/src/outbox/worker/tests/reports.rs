//! What is kept of a provider's reports about messages that were sent.

use protocol::Channel;

use super::house::{House, ROSA};
use crate::audit::{Entry, Event};
use crate::clock::Clock as _;
use crate::flow::Recipient;
use crate::store::{JobId, Jobs as _, Report};

/// Settles a message; whether it was news.
async fn settle(house: &House, job: JobId, report: Report) -> bool {
    let audit = (report == Report::Undelivered).then_some(Entry {
        event: Event::MessageUndelivered,
        subject: job.0,
        actor: None,
    });
    let now = house.clock.now();
    let settled = house.store.settle_job(job, report, now, audit).await;
    settled.unwrap()
}

#[tokio::test]
async fn the_first_word_is_news_and_delivered_is_the_last() {
    use Report::{Delivered, Undelivered};
    let house = House::new().await;
    house.account(ROSA).await;
    for (reports, news) in [
        (
            vec![Delivered, Delivered, Undelivered],
            vec![true, false, false],
        ),
        (
            vec![Undelivered, Undelivered, Delivered],
            vec![true, false, true],
        ),
        (
            vec![Undelivered, Delivered, Undelivered],
            vec![true, true, false],
        ),
    ] {
        let flow = house.flow().await;
        let to = Recipient::Username(ROSA.username.to_owned());
        let job = house.ask_code(flow, 0, to, Channel::Text).await;
        house.work().await;
        let mut heard = Vec::new();
        for report in &reports {
            heard.push(settle(&house, job, *report).await);
        }
        assert_eq!(heard, news, "{reports:?}");
    }
    assert!(!settle(&house, JobId([9; 16]), Delivered).await, "unknown");
}
