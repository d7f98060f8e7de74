//! Connections at the desk.

use jiff::SignedDuration;

use super::bench::{at, key};
use super::contact::{about, held, signed_in};
use super::limits::charge;
use super::providers::{ACCOUNT, asked, both, event, letter, lines};
use super::{Bench, on_each_store};
use crate::audit::Event;
use crate::patient::PatientId;
use crate::provider::ConnectionId;
use crate::staff::StaffId;
use crate::store::{NewVisit, VisitShown, Write};

on_each_store!(
    at_the_desk_it_takes_a_visit_in_which_documents_were_seen,
    a_visit_finds_no_account_that_was_closed,
);

const DANA: StaffId = StaffId([0xEE; 16]);

async fn visited(bench: &Bench, n: u8, patient: u8) -> VisitShown {
    let visit = NewVisit {
        token: key(n),
        staff: DANA,
        patient: PatientId([patient; 16]),
        at: at(0),
    };
    let audit = event(Event::PatientLookedUp);
    let begun = bench.store.begin_visit(visit, charge(8, 9), audit);
    begun.await.unwrap();
    VisitShown {
        token: key(n),
        staff: DANA,
        at: at(10),
        lasts: SignedDuration::from_secs(600),
    }
}

async fn at_the_desk_it_takes_a_visit_in_which_documents_were_seen(bench: Bench) {
    both(&bench).await;
    bench.staff().await;
    bench.account(2).await;
    let visit = visited(&bench, 1, 1).await;
    let other = visited(&bench, 2, 2).await;
    let invites = async |visit, n| {
        let audit = event(Event::ConnectionInvited);
        let made = (bench.store).connect_in_visit(visit, asked(n, 10), letter(n), audit);
        made.await.unwrap()
    };
    let withdraws = async |visit, n| {
        let audit = event(Event::ConnectionWithdrawn);
        let id = ConnectionId([n; 16]);
        let ended = bench.store.withdraw_in_visit(visit, id, audit);
        ended.await.unwrap()
    };
    assert!(!invites(visit, 1).await, "no documents were seen");
    for checked in [visit, other] {
        let audit = event(Event::PatientChecked);
        let noted = (bench.store).note_check(checked, "passport".to_owned(), audit);
        assert!(noted.await.unwrap());
    }
    let over = VisitShown {
        at: at(600),
        ..visit
    };
    let somebody = VisitShown {
        staff: StaffId([2; 16]),
        ..visit
    };
    let unseen = visited(&bench, 3, 1).await;
    for (what, refused) in [
        ("another patient's", other),
        ("one that is over", over),
        ("a colleague's", somebody),
        ("without documents", unseen),
    ] {
        assert!(!invites(refused, 1).await, "{what}");
    }
    assert!(invites(visit, 1).await);
    assert!(!invites(visit, 2).await, "once is enough");
    assert_eq!(bench.number("SELECT count(*) FROM outbox").await, 1);
    for (what, refused) in [
        ("another patient's", other),
        ("one that is over", over),
        ("a colleague's", somebody),
        ("without documents", unseen),
    ] {
        assert!(!withdraws(refused, 1).await, "{what}");
    }
    assert!(withdraws(visit, 1).await);
    assert!(!withdraws(visit, 1).await);
    assert_eq!(lines(&bench, "connection-invited").await, 1);
    assert_eq!(lines(&bench, "connection-withdrawn").await, 1);
}

async fn a_visit_finds_no_account_that_was_closed(bench: Bench) {
    let before = signed_in(&bench).await;
    bench.staff().await;
    let visit = visited(&bench, 1, 1).await;
    let account = async || {
        let found = bench.store.visit(visit).await.unwrap().unwrap();
        found.account.map(|account| account.id)
    };
    assert_eq!(account().await, Some(ACCOUNT));
    let closing = about(&bench, 90, vec![Write::Deactivation(held(before))]).await;
    bench.store.commit(closing).await.unwrap();
    assert_eq!(account().await, None);
}
