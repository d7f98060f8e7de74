//! What happens when a message is not taken.

use std::sync::atomic::Ordering;

use jiff::SignedDuration;
use protocol::{Channel, Locale};

use super::house::{House, ROSA};
use crate::audit::Event;
use crate::clock::Clock as _;
use crate::crypto::Sealed;
use crate::flow::{CodeFor, Recipient};
use crate::outbox::{Job, Notice, TransportError};
use crate::store::{Fate, JobId, Jobs as _, Lane, NewJob, Write};

fn put_off() -> TransportError {
    TransportError::Temporary("the mail server put it off (451)".into())
}

/// A notice about an account that exists.
async fn notice(house: &House) -> (JobId, [u8; 16]) {
    let (account, _) = house.account(ROSA).await;
    let job = house
        .queue(&Job::Notice {
            account,
            what: Notice::Enrolled,
            lane: Lane::Email,
        })
        .await;
    (job, account.0)
}

#[tokio::test]
async fn a_message_that_is_put_off_comes_again_later_under_the_same_id() {
    let house = House::new().await;
    let (job, _) = notice(&house).await;
    house.fail([put_off()]);
    house.work().await;
    assert!(house.sent().is_empty());
    // Not before ten seconds have passed, and surely after twelve.
    house.advance(9);
    house.work().await;
    assert_eq!(house.fate(job), None);
    house.advance(3);
    house.work().await;
    assert_eq!(house.fate(job), Some(Fate::Sent));
    let id = data_encoding::HEXLOWER.encode(&job.0);
    assert_eq!(house.one_sent().id, id);
}

#[tokio::test]
async fn a_transport_that_asks_for_time_gets_it() {
    let house = House::new().await;
    let (job, _) = notice(&house).await;
    let asked = std::time::Duration::from_secs(90);
    house.fail([TransportError::Busy("asked too often (429)".into(), asked)]);
    house.work().await;
    house.advance(89);
    house.work().await;
    assert_eq!(house.fate(job), None);
    house.advance(20);
    house.work().await;
    assert_eq!(house.fate(job), Some(Fate::Sent));
}

#[tokio::test]
async fn after_eight_tries_a_message_is_given_up_and_staff_are_told() {
    let house = House::new().await;
    let (job, account) = notice(&house).await;
    house.fail(std::iter::repeat_n(put_off(), 8));
    for tries in 1..=8 {
        assert_eq!(house.fate(job), None, "{tries}");
        house.work().await;
        house.advance(40 * 60);
    }
    assert_eq!(house.fate(job), Some(Fate::Dead));
    assert_eq!(house.audit(job), Some((Event::MessageDead, account)));
    house.work().await;
    assert!(house.sent().is_empty());
}

#[tokio::test]
async fn a_refused_message_is_given_up_at_once() {
    let house = House::new().await;
    let (job, account) = notice(&house).await;
    house.fail([TransportError::Permanent("550".into())]);
    house.work().await;
    assert_eq!(house.fate(job), Some(Fate::Dead));
    assert_eq!(house.audit(job), Some((Event::MessageDead, account)));
}

#[tokio::test]
async fn what_cannot_be_opened_does_not_stop_the_queue() {
    let house = House::new().await;
    let poison = NewJob {
        id: JobId([9; 16]),
        lane: Lane::Email,
        sealed: Sealed(vec![1, 0, 1, 9]),
        not_after: house.not_after(),
    };
    // A record that was sealed for another row.
    let moved = NewJob {
        id: JobId([8; 16]),
        ..house.sealed(&Job::Invitation {
            patient: house.patient(ROSA).await,
            email: "rosa@example.org".to_owned(),
            code: "ABCD-EFGH-JKMN-PQRS".to_owned(),
        })
    };
    let flow = house.flow().await;
    let writes = vec![Write::Job(poison), Write::Job(moved)];
    house.commit(flow, 0, writes).await;
    let (good, _) = notice(&house).await;
    house.work().await;
    for job in [JobId([9; 16]), JobId([8; 16])] {
        assert_eq!(house.fate(job), Some(Fate::Dead));
        assert_eq!(house.audit(job), Some((Event::MessageDead, job.0)));
    }
    assert_eq!(house.fate(good), Some(Fate::Sent));
}

#[tokio::test]
async fn what_comes_too_late_is_not_sent() {
    let house = House::new().await;
    let (job, _) = notice(&house).await;
    house.clock.advance(SignedDuration::from_hours(24));
    house.advance(1);
    house.work().await;
    assert!(house.sent().is_empty());
    assert_eq!(house.fate(job), Some(Fate::TooLate));
}

#[tokio::test]
async fn another_worker_takes_over_from_one_that_died() {
    let house = House::new().await;
    let (job, _) = notice(&house).await;
    let now = house.clock.now();
    let lease = now + SignedDuration::from_secs(60);
    let claimed = house
        .store
        .claim_job(Lane::Email, now, lease)
        .await
        .unwrap();
    assert_eq!(claimed.unwrap().id, job);
    house.advance(59);
    house.work().await;
    assert!(house.sent().is_empty(), "it is leased");
    house.advance(1);
    house.work().await;
    assert_eq!(house.fate(job), Some(Fate::Sent));
}

#[tokio::test]
async fn a_message_that_takes_every_worker_down_is_given_up() {
    let house = House::new().await;
    let (job, _) = notice(&house).await;
    for _ in 0..8 {
        let now = house.clock.now();
        let claimed = house.store.claim_job(Lane::Email, now, now).await.unwrap();
        assert!(claimed.is_some());
    }
    house.work().await;
    assert!(house.sent().is_empty());
    assert_eq!(house.fate(job), Some(Fate::Dead));
}

#[tokio::test]
async fn a_database_that_is_gone_loses_no_message() {
    let house = House::new().await;
    let (job, _) = notice(&house).await;
    let worker = house.worker();
    house.store.is_gone.store(true, Ordering::SeqCst);
    assert!(worker.run_once().await.is_err());
    house.store.is_gone.store(false, Ordering::SeqCst);
    house.work().await;
    assert_eq!(house.fate(job), Some(Fate::Sent));
}

#[tokio::test]
async fn a_code_that_is_tried_again_stays_the_same() {
    let house = House::new().await;
    house.account(ROSA).await;
    let flow = house.flow().await;
    let to = Recipient::Username("Rosa.M".to_owned());
    house.ask_code(flow, 0, to, Channel::Text).await;
    house.fail([put_off()]);
    house.work().await;
    // The mail server may have taken it all the same: that code must work.
    let first = house.challenge(flow, CodeFor::Reset).await.code.unwrap();
    house.advance(15);
    house.work().await;
    let text = house.one_sent().text;
    let (_, code) = text.rsplit_once('#').unwrap();
    let code = protocol::values::Code::parse(code).unwrap();
    let digest = crate::outbox::code_digest(&house.keys, flow, CodeFor::Reset, &code);
    let kept = house.challenge(flow, CodeFor::Reset).await.code.unwrap();
    assert!(kept.matches(&digest) && first.matches(&digest));
}

#[tokio::test]
async fn details_that_make_no_sense_end_a_job_and_nothing_else() {
    let house = House::new().await;
    let job = house
        .queue(&Job::Username {
            given_name: String::new(),
            family_name: "M".to_owned(),
            birth_date: "1945-02-29".to_owned(),
            email: "nowhere".to_owned(),
            locale: Locale::En,
        })
        .await;
    house.work().await;
    assert_eq!(house.fate(job), Some(Fate::Dead));
    let unused = house.keys.digest(crate::crypto::Purpose::RevealToken, &[]);
    let now = house.clock.now();
    assert!(
        !house
            .store
            .inner
            .reveal_is_open(&unused, now)
            .await
            .unwrap()
    );
}
