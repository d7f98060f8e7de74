//! Counts of how things went.

use jiff::civil::date;

use super::bench::{at, change, entry, job};
use super::{Bench, on_each_store};
use crate::audit::Event;
use crate::store::{
    Bounds, Counted, Fate, FateOf, Given, JobId, Lane, NewJob, PageFeedback, Report, Write,
};

on_each_store!(
    each_patient_counts_once_by_their_newest_invitation,
    each_step_counts_by_what_shows_it,
    a_span_has_its_first_moment_and_not_the_end,
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

async fn each_step_counts_by_what_shows_it(bench: Bench) {
    use Event::{
        EmailConfirmed, EmailProven, Enrolled, IdentityMatched, InvitationOpened, PatientInvited,
        PhoneProven,
    };
    let furthest = [
        InvitationOpened,
        IdentityMatched,
        PhoneProven,
        EmailConfirmed,
        EmailProven,
        Enrolled,
    ];
    let mut lines = Vec::new();
    for (n, event) in (1..).zip(furthest) {
        let second = 900 + i64::from(n) * 2;
        lines.extend([(second, PatientInvited, n), (second + 1, event, n)]);
    }
    // What is no step takes nobody further.
    lines.push((950, Event::CodeAsked, 1));
    write(&bench, &lines).await;
    let mut reached = bench.store.count_reached(bounds()).await.unwrap();
    reached.sort_by_key(|it| it.what);
    let counts: Vec<_> = reached.iter().map(|it| (it.what, it.count)).collect();
    assert_eq!(counts, [(1, 1), (2, 1), (3, 1), (4, 2), (5, 1)]);
}

/// How many each span has of what was counted.
fn spans<T>(counted: &[Counted<T>]) -> Vec<(usize, u64)> {
    let mut spans: Vec<_> = counted.iter().map(|it| (it.span, it.count)).collect();
    spans.sort_unstable();
    spans
}

async fn a_span_has_its_first_moment_and_not_the_end(bench: Bench) {
    let moments = [-1, 0, 500, 900, 1000];
    let mut lines = Vec::new();
    for (n, second) in (1..).zip(moments) {
        lines.extend([
            (second, Event::PatientInvited, n),
            (second, Event::UsernameShown, n + 10),
        ]);
    }
    write(&bench, &lines).await;
    let flow = bench.flow(2).await;
    let writes = (1..=5).map(|n| Write::Job(job(n, 6000)));
    let queued = change(flow, 0, writes.collect());
    bench.store.commit(queued).await.unwrap();
    for (n, second) in (1..).zip(moments) {
        let id = JobId([n; 16]);
        let done = bench
            .store
            .finish_job(id, Fate::Sent.into(), at(second), None);
        done.await.unwrap();
    }
    let each_once = [(0, 1), (1, 1), (2, 1)];
    let store = &bench.store;
    let reached = store.count_reached(bounds()).await.unwrap();
    assert_eq!(spans(&reached), each_once);
    let events = store.count_events(bounds()).await.unwrap();
    assert_eq!(spans(&events), each_once);
    let fates = store.count_fates(bounds()).await.unwrap();
    assert_eq!(spans(&fates), each_once);
}

async fn messages_count_by_their_way_and_fate(bench: Bench) {
    let flow = bench.flow(1).await;
    let mut writes: Vec<_> = (1..=4).map(|n| Write::Job(job(n, 6000))).collect();
    // What a practice asks for is no message.
    writes.push(Write::Job(NewJob {
        lane: Lane::Practice,
        ..job(5, 6000)
    }));
    let change = change(flow, 0, writes);
    bench.store.commit(change).await.unwrap();
    for (n, fate, seconds) in [
        (1, Fate::Sent, 100),
        (2, Fate::Sent, 950),
        (3, Fate::Dead, 950),
        (4, Fate::Sent, 1000),
        (5, Fate::NothingToSend, 950),
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
            (905, Event::UsernameRecoveryAsked, 7),
            (906, Event::UsernameShown, 7),
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
        counted(0, "username-recovery-asked", 1),
        counted(0, "username-shown", 1),
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
