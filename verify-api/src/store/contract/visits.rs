//! Patients at the desk.

use jiff::SignedDuration;
use tokio::task::JoinSet;

use super::bench::{at, entry, invitation, job, key, staff};
use super::{Bench, on_each_store};
use crate::audit::Event;
use crate::crypto::Digest;
use crate::flow::InvitationId;
use crate::limits::Charge;
use crate::patient::PatientId;
use crate::staff::StaffId;
use crate::store::{
    DeskInvitation, InVisit, NewInvitation, NewVisit, Result, StoreError, VisitShown,
};

on_each_store!(
    a_visit_is_of_one_staff_user_and_has_its_time,
    patients_are_looked_up_as_the_budget_holds,
    what_came_to_nothing_is_written_down_as_the_budget_holds,
    documents_are_noted_once_in_a_visit,
    an_invitation_in_a_visit_follows_from_documents_that_were_seen,
    of_desks_that_invite_at_once_one_does,
    an_invitation_is_cancelled_once_and_in_a_visit_of_its_patient,
    a_stop_is_lifted_once_documents_were_seen,
    a_visit_finds_the_invitation_that_counts_and_its_message,
    visits_are_forgotten_and_stay_as_they_began,
);

pub(super) const DANA: StaffId = StaffId([0xEE; 16]);

/// A visit, as `staff` shows it at a second.
pub(super) fn shown(n: u8, staff: StaffId, second: i64) -> VisitShown {
    VisitShown {
        token: key(n),
        staff,
        at: at(second),
        lasts: SignedDuration::from_secs(600),
    }
}

fn in_visit(n: u8, seen: Option<u8>) -> InVisit {
    InVisit {
        shown: shown(n, DANA, 2),
        seen: seen.map(|seen| InvitationId([seen; 16])),
    }
}

/// Takes one of so many.
fn charge(count: i64) -> Charge {
    Charge {
        key: Digest([77; 32]),
        cost: SignedDuration::from_secs(60),
        room: SignedDuration::from_secs(60 * count),
    }
}

pub(super) async fn begin(bench: &Bench, n: u8, patient: PatientId) -> Result<()> {
    let visit = NewVisit {
        token: key(n),
        staff: DANA,
        patient,
        at: at(0),
    };
    let audit = entry(Event::PatientLookedUp, patient.0[0]);
    bench.store.begin_visit(visit, charge(5), audit).await
}

pub(super) async fn check(bench: &Bench, visit: VisitShown) -> bool {
    let audit = entry(Event::PatientChecked, 1);
    let noted = bench.store.note_check(visit, "passport".to_owned(), audit);
    noted.await.unwrap()
}

async fn invite(bench: &Bench, n: u8, patient: PatientId, visit: InVisit) -> Result<()> {
    let invitation = NewInvitation {
        visit: Some(visit),
        ..invitation(n, patient)
    };
    let audit = entry(Event::PatientInvited, 1);
    let made = bench.store.invite(invitation, None, at(2), audit);
    made.await
}

async fn found(bench: &Bench, n: u8) -> Option<DeskInvitation> {
    let found = bench.store.visit(shown(n, DANA, 3)).await.unwrap();
    found.unwrap().invitation
}

async fn a_visit_is_of_one_staff_user_and_has_its_time(bench: Bench) {
    bench.staff().await;
    let other = (bench.store).add_staff(staff(2), entry(Event::StaffAdded, 2));
    assert!(other.await.unwrap());
    let patient = bench.patient(1).await;
    begin(&bench, 1, patient).await.unwrap();
    for (n, staff, second, is_found) in [
        (1, DANA, 599, true),
        (1, DANA, 600, false),
        (1, StaffId([2; 16]), 1, false),
        (2, DANA, 1, false),
    ] {
        let found = bench.store.visit(shown(n, staff, second)).await.unwrap();
        assert_eq!(found.map(|it| it.patient), is_found.then_some(patient));
        if !is_found {
            assert!(!check(&bench, shown(n, staff, second)).await);
        }
    }
    let line = "SELECT count(*) FROM audit WHERE event = 'patient-looked-up'";
    assert_eq!(bench.number(line).await, 1);
}

async fn patients_are_looked_up_as_the_budget_holds(bench: Bench) {
    bench.staff().await;
    let patient = bench.patient(1).await;
    for n in 1..=5 {
        begin(&bench, n, patient).await.unwrap();
    }
    let over = begin(&bench, 6, patient).await;
    assert!(
        matches!(over, Err(StoreError::OverBudget { .. })),
        "{over:?}"
    );
    assert_eq!(bench.number("SELECT count(*) FROM staff_visits").await, 5);
}

async fn what_came_to_nothing_is_written_down_as_the_budget_holds(bench: Bench) {
    let note = async |second| {
        let audit = entry(Event::PatientNotFound, 1);
        bench.store.note(audit, charge(2), at(second)).await
    };
    for _ in 0..2 {
        note(0).await.unwrap();
    }
    let over = note(1).await;
    assert!(
        matches!(over, Err(StoreError::OverBudget { .. })),
        "{over:?}"
    );
    let line = "SELECT count(*) FROM audit WHERE event = 'patient-not-found'";
    assert_eq!(bench.number(line).await, 2);
    note(60).await.unwrap();
    assert_eq!(bench.number(line).await, 3);
}

async fn documents_are_noted_once_in_a_visit(bench: Bench) {
    bench.staff().await;
    let patient = bench.patient(1).await;
    begin(&bench, 1, patient).await.unwrap();
    let mut tabs = JoinSet::new();
    for _ in 0..10 {
        let bench = bench.clone();
        tabs.spawn(async move { check(&bench, shown(1, DANA, 1)).await });
    }
    let noted = tabs.join_all().await;
    assert_eq!(noted.into_iter().filter(|noted| *noted).count(), 1);
    let line = "SELECT count(*) FROM audit WHERE event = 'patient-checked'";
    assert_eq!(bench.number(line).await, 1);
    let found = bench.store.visit(shown(1, DANA, 2)).await.unwrap();
    assert_eq!(found.unwrap().documents.as_deref(), Some("passport"));
}

async fn an_invitation_in_a_visit_follows_from_documents_that_were_seen(bench: Bench) {
    bench.staff().await;
    let patient = bench.patient(1).await;
    begin(&bench, 1, patient).await.unwrap();
    let overtaken = |made: Result<()>| matches!(made, Err(StoreError::Overtaken));
    assert!(overtaken(
        invite(&bench, 1, patient, in_visit(1, None)).await
    ));
    assert!(check(&bench, shown(1, DANA, 1)).await);
    // What was seen in one visit counts in no other.
    begin(&bench, 2, patient).await.unwrap();
    assert!(overtaken(
        invite(&bench, 1, patient, in_visit(2, None)).await
    ));
    assert!(overtaken(
        invite(&bench, 1, patient, in_visit(1, Some(9))).await
    ));
    invite(&bench, 1, patient, in_visit(1, None)).await.unwrap();
    assert!(overtaken(
        invite(&bench, 2, patient, in_visit(1, None)).await
    ));
    invite(&bench, 2, patient, in_visit(1, Some(1)))
        .await
        .unwrap();
    assert_eq!(bench.number("SELECT count(*) FROM invitations").await, 2);
}

async fn of_desks_that_invite_at_once_one_does(bench: Bench) {
    bench.staff().await;
    let patient = bench.patient(1).await;
    begin(&bench, 1, patient).await.unwrap();
    assert!(check(&bench, shown(1, DANA, 1)).await);
    let mut desks = JoinSet::new();
    for n in 1..=10 {
        let bench = bench.clone();
        desks.spawn(async move { invite(&bench, n, patient, in_visit(1, None)).await });
    }
    let made = desks.join_all().await;
    assert_eq!(
        made.iter().filter(|made| made.is_ok()).count(),
        1,
        "{made:?}"
    );
    assert_eq!(bench.number("SELECT count(*) FROM invitations").await, 1);
}

async fn an_invitation_is_cancelled_once_and_in_a_visit_of_its_patient(bench: Bench) {
    bench.staff().await;
    let patient = bench.patient(1).await;
    let other = bench.patient(2).await;
    begin(&bench, 1, patient).await.unwrap();
    begin(&bench, 2, other).await.unwrap();
    let open = bench.invite(1, patient).await;
    let cancel = async |n, second| {
        let audit = entry(Event::InvitationCancelled, 1);
        let visit = shown(n, DANA, second);
        let ended = bench.store.cancel_invitation(visit, open, audit).await;
        ended.unwrap()
    };
    assert!(!cancel(1, 1).await, "no documents were seen");
    for n in [1, 2] {
        assert!(check(&bench, shown(n, DANA, 1)).await);
    }
    assert!(!cancel(2, 1).await, "another patient's visit");
    assert!(!cancel(1, 600).await, "a visit that is over");
    assert!(cancel(1, 1).await);
    assert!(!cancel(1, 1).await);
    let line = "SELECT count(*) FROM audit WHERE event = 'invitation-cancelled'";
    assert_eq!(bench.number(line).await, 1);
    let found = bench.store.invitation(&key(1)).await.unwrap().unwrap();
    assert!(found.is_replaced);
}

async fn a_stop_is_lifted_once_documents_were_seen(bench: Bench) {
    bench.staff().await;
    let patient = bench.patient(1).await;
    begin(&bench, 1, patient).await.unwrap();
    let guess = crate::store::StaffGuess {
        email: key(7),
        ladder: key(50),
        at: at(0),
    };
    bench.store.try_staff(guess).await.unwrap();
    let lift = async || {
        let audit = entry(Event::StopLifted, 1);
        let visit = shown(1, DANA, 2);
        let lifted = bench.store.lift_stop(visit, &key(50), audit).await;
        lifted.unwrap()
    };
    let failures = async |count: u32| {
        let set = format!("UPDATE ladders SET failures = {count}");
        assert_eq!(bench.tamper(&set).await, Ok(1));
    };
    let line = "SELECT count(*) FROM audit WHERE event = 'stop-lifted'";
    failures(100).await;
    assert!(!lift().await, "no documents were seen");
    assert!(check(&bench, shown(1, DANA, 1)).await);
    failures(99).await;
    assert!(!lift().await, "codes still work");
    assert_eq!(bench.number(line).await, 0);
    failures(100).await;
    assert!(lift().await);
    assert!(!lift().await, "there is no row any more");
    assert_eq!(bench.number(line).await, 1);
}

async fn a_visit_finds_the_invitation_that_counts_and_its_message(bench: Bench) {
    bench.staff().await;
    let patient = bench.patient(1).await;
    begin(&bench, 1, patient).await.unwrap();
    assert!(found(&bench, 1).await.is_none());
    let audit = entry(Event::PatientInvited, 1);
    let mailed = (bench.store).invite(invitation(1, patient), Some(job(1, 600)), at(1), audit);
    mailed.await.unwrap();
    let first = found(&bench, 1).await.unwrap();
    assert_eq!((first.id, first.is_open), (InvitationId([1; 16]), true));
    assert_eq!(first.message.unwrap().fate, None);
    bench
        .tamper("UPDATE outbox SET fate = 'sent', report = 'undelivered', attempts = 2")
        .await
        .unwrap();
    let message = found(&bench, 1).await.unwrap().message.unwrap();
    assert_eq!(message.fate.as_deref(), Some("sent"));
    assert_eq!(message.report.as_deref(), Some("undelivered"));
    assert_eq!(message.attempts, 2);
    bench.invite(2, patient).await;
    let second = found(&bench, 1).await.unwrap();
    assert_eq!(second.id, InvitationId([2; 16]));
    assert!(second.is_open && second.message.is_none());
    let visit = bench.store.visit(shown(1, DANA, 3)).await.unwrap().unwrap();
    assert_eq!(visit.events, [] as [&str; 0], "nothing since the last one");
    assert!(visit.account.is_none() && visit.codes.is_empty());
}

async fn visits_are_forgotten_and_stay_as_they_began(bench: Bench) {
    bench.staff().await;
    let patient = bench.patient(1).await;
    bench.patient(2).await;
    begin(&bench, 1, patient).await.unwrap();
    let other = "(SELECT id FROM patients ORDER BY id DESC LIMIT 1)";
    for set in [&format!("patient_id = {other}"), "begun_at = begun_at + 1"] {
        let refused = bench
            .tamper(&format!("UPDATE staff_visits SET {set}"))
            .await;
        assert!(refused.is_err(), "{set}");
    }
    let day = 24 * 3600;
    bench.store.forget_flows(at(day)).await.unwrap();
    assert_eq!(bench.number("SELECT count(*) FROM staff_visits").await, 1);
    bench.store.forget_flows(at(day + 1)).await.unwrap();
    assert_eq!(bench.number("SELECT count(*) FROM staff_visits").await, 0);
}
