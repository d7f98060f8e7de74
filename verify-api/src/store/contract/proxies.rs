//! Who acts for a patient.

use jiff::SignedDuration;
use tokio::task::JoinSet;

use super::bench::{at, change, entry, invitation, key, sealed};
use super::sessions::passed;
use super::visits::{DANA, begin, check, shown};
use super::{Bench, on_each_store};
use crate::audit::Event;
use crate::patient::PatientId;
use crate::staff::{ProxyId, StaffId};
use crate::store::{
    ImportBatch, NewInvitation, NewProxy, NewSession, Resealed, Result, StoreError, VisitShown,
    Write,
};

on_each_store!(
    somebody_is_noted_in_a_visit_in_which_documents_were_seen,
    of_desks_that_note_somebody_at_once_one_does,
    nobody_is_noted_by_a_record_that_has_changed_since,
    noting_somebody_ends_the_invitation_that_is_open,
    it_ends_once_with_the_invitation_that_is_open,
    its_end_signs_out_the_account_of_that_patient_alone,
    an_enrollment_that_has_begun_is_not_finished_after_it,
    an_invitation_follows_from_who_acts_when_it_is_made,
    what_was_noted_stays_and_ends_once,
);

/// Notes somebody in a visit; whether it was noted.
pub(super) async fn note(bench: &Bench, visit: VisitShown, n: u8, patient: PatientId) -> bool {
    let proxy = NewProxy {
        id: ProxyId([n; 16]),
        patient,
        record: sealed(patient.0[0]),
        sealed: sealed(n),
    };
    let audit = entry(Event::ProxyNoted, patient.0[0]);
    bench.store.note_proxy(visit, proxy, audit).await.unwrap()
}

async fn end(bench: &Bench, visit: VisitShown, n: u8) -> bool {
    let audit = entry(Event::ProxyEnded, 1);
    let ended = bench.store.end_proxy(visit, ProxyId([n; 16]), audit);
    ended.await.unwrap()
}

/// Who is noted for a patient.
async fn held(bench: &Bench, patient: PatientId) -> Option<ProxyId> {
    let found = bench.store.proxy(patient).await.unwrap();
    found.map(|found| found.id)
}

async fn lines(bench: &Bench, event: Event) -> i64 {
    let event = event.as_str();
    let count = format!("SELECT count(*) FROM audit WHERE event = '{event}'");
    bench.number(&count).await
}

/// A patient in a visit, in which documents were seen.
async fn checked(bench: &Bench, n: u8) -> PatientId {
    let patient = bench.patient(n).await;
    begin(bench, n, patient).await.unwrap();
    assert!(check(bench, shown(n, DANA, 1)).await);
    patient
}

async fn somebody_is_noted_in_a_visit_in_which_documents_were_seen(bench: Bench) {
    bench.staff().await;
    let patient = bench.patient(1).await;
    let other = checked(&bench, 2).await;
    begin(&bench, 1, patient).await.unwrap();
    let visit = shown(1, DANA, 2);
    assert!(!note(&bench, visit, 1, patient).await, "nothing was seen");
    assert!(check(&bench, shown(1, DANA, 1)).await);
    for (visit, patient) in [
        (shown(1, StaffId([2; 16]), 2), patient),
        (shown(1, DANA, 600), patient),
        (shown(3, DANA, 2), patient),
        (visit, other),
    ] {
        assert!(!note(&bench, visit, 1, patient).await, "{visit:?}");
    }
    assert!(held(&bench, patient).await.is_none());
    assert_eq!(lines(&bench, Event::ProxyNoted).await, 0);
    assert!(note(&bench, visit, 1, patient).await);
    assert!(!note(&bench, visit, 2, patient).await, "one at a time");
    let found = bench.store.proxy(patient).await.unwrap().unwrap();
    assert_eq!((found.id, found.noted_at), (ProxyId([1; 16]), at(2)));
    assert_eq!(found.sealed.0, sealed(1).0);
    assert!(held(&bench, other).await.is_none());
    assert_eq!(lines(&bench, Event::ProxyNoted).await, 1);
}

async fn of_desks_that_note_somebody_at_once_one_does(bench: Bench) {
    bench.staff().await;
    let patient = checked(&bench, 1).await;
    let mut desks = JoinSet::new();
    for n in 1..=10 {
        let bench = bench.clone();
        desks.spawn(async move { note(&bench, shown(1, DANA, 2), n, patient).await });
    }
    let noted = desks.join_all().await;
    assert_eq!(noted.into_iter().filter(|noted| *noted).count(), 1);
    assert_eq!(lines(&bench, Event::ProxyNoted).await, 1);
}

async fn nobody_is_noted_by_a_record_that_has_changed_since(bench: Bench) {
    bench.staff().await;
    let patient = checked(&bench, 1).await;
    let corrected = ImportBatch {
        updated: vec![Resealed {
            id: patient.0,
            old: sealed(1),
            new: sealed(41),
        }],
        ..ImportBatch::default()
    };
    bench.store.import(corrected.into(), at(2)).await.unwrap();
    assert!(!note(&bench, shown(1, DANA, 3), 1, patient).await);
    assert!(held(&bench, patient).await.is_none());
    assert_eq!(lines(&bench, Event::ProxyNoted).await, 0);
}

async fn noting_somebody_ends_the_invitation_that_is_open(bench: Bench) {
    bench.staff().await;
    let (patient, other) = (checked(&bench, 1).await, bench.patient(2).await);
    make(&bench, 1, patient, None).await.unwrap();
    make(&bench, 2, other, None).await.unwrap();
    assert!(note(&bench, shown(1, DANA, 3), 1, patient).await);
    for (n, is_replaced) in [(1, true), (2, false)] {
        let invitation = bench.store.invitation(&key(n)).await.unwrap().unwrap();
        assert_eq!(invitation.is_replaced, is_replaced, "{n}");
    }
    // Whoever comes second has noted nothing, and ends nothing.
    make(&bench, 3, patient, Some(1)).await.unwrap();
    assert!(!note(&bench, shown(1, DANA, 4), 2, patient).await);
    let invitation = bench.store.invitation(&key(3)).await.unwrap().unwrap();
    assert!(!invitation.is_replaced);
}

async fn its_end_signs_out_the_account_of_that_patient_alone(bench: Bench) {
    bench.staff().await;
    for n in [1, 2] {
        bench.account(n).await;
        let patient = PatientId([n; 16]);
        begin(&bench, n, patient).await.unwrap();
        assert!(check(&bench, shown(n, DANA, 1)).await);
        assert!(note(&bench, shown(n, DANA, 2), n, patient).await);
        let session = Write::Session(NewSession {
            token: key(n),
            passed: passed(n, 0),
            expires_at: at(3600),
            earlier: None,
        });
        let flow = bench.flow(n + 10).await;
        let signed_in = change(flow, 0, vec![session]);
        bench.store.commit(signed_in).await.unwrap();
    }
    let sessions = "SELECT count(*) FROM sessions";
    assert!(!end(&bench, shown(1, DANA, 3), 2).await, "another's");
    assert_eq!(bench.number(sessions).await, 2);
    assert!(end(&bench, shown(1, DANA, 3), 1).await);
    assert_eq!(bench.number(sessions).await, 1);
    let other = "SELECT count(*) FROM sessions WHERE account_id =
        (SELECT id FROM accounts ORDER BY id DESC LIMIT 1)";
    assert_eq!(bench.number(other).await, 1);
}

async fn it_ends_once_with_the_invitation_that_is_open(bench: Bench) {
    bench.staff().await;
    let patient = checked(&bench, 1).await;
    let other = checked(&bench, 2).await;
    for (n, patient) in [(1, patient), (2, other)] {
        assert!(note(&bench, shown(n, DANA, 2), n, patient).await);
        make(&bench, n, patient, Some(n)).await.unwrap();
    }
    assert!(!end(&bench, shown(2, DANA, 3), 1).await, "another's visit");
    assert!(!end(&bench, shown(1, DANA, 600), 1).await, "it is over");
    assert_eq!(held(&bench, patient).await, Some(ProxyId([1; 16])));
    assert!(end(&bench, shown(1, DANA, 3), 1).await);
    assert!(!end(&bench, shown(1, DANA, 3), 1).await, "it has ended");
    assert!(held(&bench, patient).await.is_none());
    assert!(held(&bench, other).await.is_some());
    for (n, is_replaced) in [(1, true), (2, false)] {
        let invitation = bench.store.invitation(&key(n)).await.unwrap().unwrap();
        assert_eq!(invitation.is_replaced, is_replaced, "{n}");
    }
    assert_eq!(lines(&bench, Event::ProxyEnded).await, 1);
    assert!(note(&bench, shown(1, DANA, 4), 3, patient).await);
}

async fn an_enrollment_that_has_begun_is_not_finished_after_it(bench: Bench) {
    bench.staff().await;
    for (n, has_ended) in [(1, true), (2, false)] {
        let patient = checked(&bench, n).await;
        assert!(note(&bench, shown(n, DANA, 2), n, patient).await);
        make(&bench, n, patient, Some(n)).await.unwrap();
        let invitation = bench.store.invitation(&key(n)).await.unwrap().unwrap();
        let flow = bench.flow(n + 20).await;
        if has_ended {
            assert!(end(&bench, shown(n, DANA, 3), n).await);
        }
        let finished = change(flow, 0, vec![Write::UseInvitation(invitation.id)]);
        let finished = bench.store.commit(finished).await;
        let is_refused = matches!(finished, Err(StoreError::InvitationEnded));
        assert_eq!(is_refused, has_ended, "{finished:?}");
    }
}

/// Invites by what was read: that this one, or nobody, acts for the patient.
async fn make(bench: &Bench, n: u8, patient: PatientId, read: Option<u8>) -> Result<()> {
    let invitation = NewInvitation {
        proxy: read.map(|read| ProxyId([read; 16])),
        ..invitation(n, patient)
    };
    let audit = entry(Event::PatientInvited, n);
    bench.store.invite(invitation, None, at(2), audit).await
}

async fn an_invitation_follows_from_who_acts_when_it_is_made(bench: Bench) {
    bench.staff().await;
    let patient = checked(&bench, 1).await;
    let conflicts = |made: Result<()>| matches!(made, Err(StoreError::Conflict));
    assert!(conflicts(make(&bench, 1, patient, Some(1)).await));
    make(&bench, 1, patient, None).await.unwrap();
    assert!(note(&bench, shown(1, DANA, 2), 1, patient).await);
    for read in [None, Some(2)] {
        assert!(conflicts(make(&bench, 2, patient, read).await), "{read:?}");
    }
    make(&bench, 2, patient, Some(1)).await.unwrap();
    assert!(end(&bench, shown(1, DANA, 3), 1).await);
    assert!(conflicts(make(&bench, 3, patient, Some(1)).await));
    make(&bench, 3, patient, None).await.unwrap();
}

async fn what_was_noted_stays_and_ends_once(bench: Bench) {
    bench.staff().await;
    let patient = checked(&bench, 1).await;
    bench.patient(2).await;
    assert!(note(&bench, shown(1, DANA, 2), 1, patient).await);
    let other = "(SELECT id FROM patients ORDER BY id DESC LIMIT 1)";
    for change in [
        &format!("UPDATE proxies SET patient_id = {other}"),
        "UPDATE proxies SET noted_at = noted_at + 1",
        "DELETE FROM proxies",
    ] {
        assert!(bench.tamper(change).await.is_err(), "{change}");
    }
    assert!(end(&bench, shown(1, DANA, 3), 1).await);
    for change in [
        "UPDATE proxies SET ended_by = NULL, ended_at = NULL",
        "UPDATE proxies SET ended_at = ended_at + 1",
    ] {
        assert!(bench.tamper(change).await.is_err(), "{change}");
    }
    // It outlives the visit in which it was noted.
    let later = at(0) + SignedDuration::from_hours(48);
    bench.store.forget_flows(later).await.unwrap();
    assert_eq!(bench.number("SELECT count(*) FROM proxies").await, 1);
}
