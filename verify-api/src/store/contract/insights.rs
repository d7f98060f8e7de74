//! Counts of how things went.

use jiff::civil::date;

use super::bench::{at, change, entry, job};
use super::{Bench, on_each_store};
use crate::audit::Event;
use crate::store::{
    Bounds, Counted, Fate, FateOf, Given, JobId, Lane, PageFeedback, Report, Write,
};

on_each_store!(
    each_patient_counts_once_by_their_newest_invitation,
    messages_count_by_their_way_and_fate,
    what_was_asked_for_and_done_counts_by_its_name,
    pages_count_in_the_weeks_of_each_span,
);

/// The weeks of three spans: the end, and where each begins.
fn bounds() -> Bounds<jiff::Timestamp> {
    [at(1000), at(900), at(500), at(0)]
}

/// Writes lines about patients, each at its second, in the order of time.
async fn write(bench: &Bench, lines: &[(i64, Event, u8)]) {
    let flow = bench.flow(1).await;
    for (version, (seconds, event, patient)) in (0..).zip(lines) {
        let line = Write::Audit(entry(*event, *patient));
        let mut change = change(flow, version, vec![line]);
        change.at = at(*seconds);
        bench.store.commit(change).await.unwrap();
    }
}

async fn each_patient_counts_once_by_their_newest_invitation(bench: Bench) {
    use Event::{EmailConfirmed, Enrolled, IdentityMatched, InvitationOpened, PatientInvited};
    write(
        &bench,
        &[
            (100, PatientInvited, 1),
            (110, InvitationOpened, 1),
            (120, PatientInvited, 2),
            (600, PatientInvited, 3),
            (610, InvitationOpened, 3),
            // Once more, so that what came of the first one counts no more.
            (910, PatientInvited, 1),
            (920, PatientInvited, 4),
            (930, InvitationOpened, 4),
            (940, IdentityMatched, 4),
            (950, EmailConfirmed, 4),
            (960, Enrolled, 2),
            (999, PatientInvited, 5),
            // After the end nothing counts: neither who is invited then, nor what is done.
            (1000, Enrolled, 3),
            (1001, PatientInvited, 6),
        ],
    )
    .await;
    let mut reached = bench.store.count_reached(bounds()).await.unwrap();
    reached.sort_by_key(|it| (it.span, it.what));
    let counted = |span, what, count| Counted { span, what, count };
    let expected = [
        counted(0, 0, 2),
        counted(0, 4, 1),
        counted(1, 1, 1),
        counted(2, 5, 1),
    ];
    assert_eq!(reached, expected);
}

async fn messages_count_by_their_way_and_fate(bench: Bench) {
    let flow = bench.flow(1).await;
    let writes = (1..=4).map(|n| Write::Job(job(n, 6000)));
    let change = change(flow, 0, writes.collect());
    bench.store.commit(change).await.unwrap();
    for (n, fate, seconds) in [
        (1, Fate::Sent, 100),
        (2, Fate::Sent, 950),
        (3, Fate::Dead, 950),
        (4, Fate::Sent, 1000),
    ] {
        let id = JobId([n; 16]);
        let done = bench.store.finish_job(id, fate.into(), at(seconds), None);
        done.await.unwrap();
    }
    let told = (bench.store).settle_job(JobId([2; 16]), Report::Undelivered, at(960), None);
    assert!(told.await.unwrap());
    let mut fates = bench.store.count_fates(bounds()).await.unwrap();
    fates.sort_by_key(|it| (it.span, it.what.fate.clone()));
    let counted = |span, fate: &str, report: &str| Counted {
        span,
        what: FateOf {
            lane: Lane::Email,
            fate: fate.to_owned(),
            report: report.to_owned(),
        },
        count: 1,
    };
    let expected = [
        counted(0, "dead", ""),
        counted(0, "sent", "undelivered"),
        counted(2, "sent", ""),
    ];
    assert_eq!(fates, expected);
}

async fn what_was_asked_for_and_done_counts_by_its_name(bench: Bench) {
    write(
        &bench,
        &[
            (100, Event::PasswordResetAsked, 1),
            (910, Event::PasswordResetAsked, 2),
            (920, Event::PasswordResetAsked, 3),
            (930, Event::PasswordChanged, 4),
            (940, Event::SignedIn, 5),
            (1000, Event::UsernameShown, 6),
        ],
    )
    .await;
    let mut events = bench.store.count_events(bounds()).await.unwrap();
    events.sort_by_key(|it| (it.span, it.what.clone()));
    let counted = |span, what: &str, count| Counted {
        span,
        what: what.to_owned(),
        count,
    };
    let expected = [
        counted(0, "password-changed", 1),
        counted(0, "password-reset-asked", 2),
        counted(2, "password-reset-asked", 1),
    ];
    assert_eq!(events, expected);
}

async fn pages_count_in_the_weeks_of_each_span(bench: Bench) {
    for (day, has_helped) in [(1, true), (20, false), (20, false), (25, true), (30, true)] {
        let given = Given {
            page: "/a/".to_owned(),
            day: date(2026, 11, day),
            has_helped,
        };
        let counted = bench.store.count_feedback(given, Vec::new(), at(0));
        counted.await.unwrap();
    }
    let days = [30, 20, 10, 1].map(|day| date(2026, 11, day));
    let mut pages = bench.store.count_pages(days).await.unwrap();
    pages.sort_by_key(|(span, _)| *span);
    let page = |yes, no| PageFeedback {
        page: "/a/".to_owned(),
        yes,
        no,
    };
    assert_eq!(pages, [(0, page(1, 2)), (2, page(1, 0))]);
}
