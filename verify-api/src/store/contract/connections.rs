//! Connections as the database keeps them, the letters about them, and the desk.

use jiff::SignedDuration;

use super::bench::{at, job, key};
use super::contact::{about, held, shown, signed_in};
use super::limits::charge;
use super::providers::{
    ACCOUNT, PROVIDER, add, asked, both, event, invites, letter, lines, replies, states, withdraws,
};
use super::{Bench, on_each_store};
use crate::account::AccountId;
use crate::audit::Event;
use crate::patient::PatientId;
use crate::provider::{ConnectionId, ConnectionState, ProviderId, Reply};
use crate::staff::StaffId;
use crate::store::{Lane, NewConnection, NewVisit, VisitShown, Write};

on_each_store!(
    a_letter_leaves_at_its_time_if_its_budget_holds_it,
    the_letter_about_a_step_is_queued_with_it,
    nobody_is_invited_with_a_key_that_was_replaced,
    connections_only_go_on,
    at_the_desk_it_takes_a_visit_in_which_documents_were_seen,
    what_was_accepted_is_the_patients_to_end,
    of_two_wishes_of_one_moment_the_withdrawal_counts,
    a_wish_is_about_one_provider_and_one_account,
    an_answer_is_about_one_connection,
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

async fn what_was_accepted_is_the_patients_to_end(bench: Bench) {
    both(&bench).await;
    bench.staff().await;
    let visit = visited(&bench, 1, 1).await;
    let checked = event(Event::PatientChecked);
    let noted = (bench.store).note_check(visit, "passport".to_owned(), checked);
    assert!(noted.await.unwrap());
    assert!(invites(&bench, 1, 0).await);
    assert!(replies(&bench, 1, shown(5, 20), Reply::Accept).await);
    let audit = event(Event::ConnectionWithdrawn);
    let ended = (bench.store).withdraw_in_visit(visit, ConnectionId([1; 16]), audit);
    assert!(!ended.await.unwrap());
    assert_eq!(lines(&bench, "connection-withdrawn").await, 0);
}

async fn a_visit_finds_no_account_that_was_closed(bench: Bench) {
    let before = signed_in(&bench).await;
    bench.staff().await;
    let visit = visited(&bench, 1, 1).await;
    let account = async || {
        let found = bench.store.visit(visit).await.unwrap().unwrap();
        (found.account.map(|account| account.id), found.closed_at)
    };
    assert_eq!(account().await, (Some(ACCOUNT), None));
    let closing = about(&bench, 90, vec![Write::Deactivation(held(before))]).await;
    let closed_at = closing.at;
    bench.store.commit(closing).await.unwrap();
    assert_eq!(account().await, (None, Some(closed_at)));
}

async fn a_letter_leaves_at_its_time_if_its_budget_holds_it(bench: Bench) {
    both(&bench).await;
    for n in 1..=3 {
        assert!(invites(&bench, n, i64::from(n) * 2).await, "{n}");
        assert!(withdraws(&bench, 100 + n, i64::from(n) * 2 + 1).await);
    }
    let queued = "SELECT count(*) FROM outbox WHERE fate IS NULL";
    assert_eq!(
        bench.number(queued).await,
        2,
        "what is over is never queued"
    );
    assert_eq!(lines(&bench, "connection-invited").await, 3);
    assert_eq!(lines(&bench, "message-over-budget").await, 1);
    let claim = async |second| {
        let claimed = (bench.store).claim_job(Lane::Email, at(second), at(second + 30));
        claimed.await.unwrap().map(|claimed| claimed.id)
    };
    assert_eq!(claim(29).await, None, "it is not its time yet");
    assert!(claim(30).await.is_some());
    assert!(claim(30).await.is_some());
}

async fn connections_only_go_on(bench: Bench) {
    both(&bench).await;
    add(&bench, 2).await;
    assert!(invites(&bench, 1, 0).await);
    let refused = async |set: &str| {
        let done = bench.tamper(&format!("UPDATE connections SET {set}")).await;
        assert!(done.is_err(), "{set}: {done:?}");
    };
    let other = "provider_id = (SELECT id FROM providers ORDER BY id DESC LIMIT 1)";
    for set in [
        other,
        "invited_at = invited_at + 1",
        "state = 'accepted'",
        "state = 'ended'",
        "state = 'sold', ended_at = 1",
        "accepted_at = 1",
    ] {
        refused(set).await;
    }
    let short = "INSERT INTO connections
             (id, provider_id, account_id, state, invited_at, ended_at)
         SELECT sealed, provider_id, account_id, 'withdrawn', 9, 9
         FROM connections, providers LIMIT 1";
    assert!(bench.tamper(short).await.is_err(), "an id has its length");
    let again = "INSERT INTO connections (id, provider_id, account_id, state, invited_at)
         SELECT (SELECT id FROM providers ORDER BY id DESC LIMIT 1), provider_id, account_id,
             'invited', 9 FROM connections";
    let twice = bench.tamper(again).await;
    assert!(twice.is_err(), "two are open: {twice:?}");
    assert!(replies(&bench, 1, shown(5, 20), Reply::Accept).await);
    refused("state = 'invited', accepted_at = NULL").await;
    assert!(replies(&bench, 1, shown(5, 20), Reply::Disconnect).await);
    refused("state = 'accepted', ended_at = NULL").await;
    refused("ended_at = 1").await;
}

async fn the_letter_about_a_step_is_queued_with_it(bench: Bench) {
    both(&bench).await;
    assert!(invites(&bench, 1, 0).await);
    let queued = async || bench.number("SELECT count(*) FROM outbox").await;
    let before = queued().await;
    let accept = async |n| {
        let (session, id) = (shown(5, 20), ConnectionId([1; 16]));
        let letter = Some(job(n, 600));
        let replied = bench.store.reply(session, id, Reply::Accept, letter);
        replied.await.unwrap()
    };
    assert!(accept(71).await);
    assert_eq!(queued().await, before + 1);
    assert!(!accept(72).await);
    assert_eq!(queued().await, before + 1, "nothing has happened");
}

async fn nobody_is_invited_with_a_key_that_was_replaced(bench: Bench) {
    both(&bench).await;
    let store = &bench.store;
    let with = |k, n, second| NewConnection {
        key: Some(key(k)),
        ..asked(n, second)
    };
    let connects = async |asked| {
        let audit = event(Event::ConnectionInvited);
        store
            .connect(asked, letter(9), at(20), audit)
            .await
            .unwrap()
    };
    let withdraws = async |asked| {
        let audit = event(Event::ConnectionWithdrawn);
        store.withdraw(asked, at(20), audit).await.unwrap()
    };
    let replaces = async |k| {
        let made = event(Event::ProviderKeyMade);
        let set = store.set_provider_key(PROVIDER, key(k), at(20), made);
        assert!(set.await.unwrap());
    };
    replaces(8).await;
    assert!(!connects(with(1, 1, 10)).await);
    assert_eq!(states(&bench).await, []);
    assert!(connects(with(8, 2, 11)).await);
    let is_told = async |key| {
        let told = store.is_invited(ConnectionId([2; 16]), key);
        told.await.unwrap()
    };
    assert!(is_told(Some(key(8))).await && is_told(None).await);
    replaces(9).await;
    assert!(!is_told(Some(key(8))).await && is_told(None).await);
    assert!(withdraws(with(8, 3, 12)).await, "what was taken back is");
    assert_eq!(states(&bench).await, [ConnectionState::Withdrawn]);
    assert!(!withdraws(with(8, 4, 13)).await);
    assert!(!connects(with(9, 5, 13)).await, "nor what arrives later");
    let told = "SELECT count(*) FROM audit a JOIN accounts c ON c.id = a.subject
         JOIN providers p ON p.id = a.actor WHERE a.event = 'connection-dropped'";
    assert_eq!(bench.number(told).await, 1);
}

/// In whichever order they come: what was taken back is the one that harms nobody.
async fn of_two_wishes_of_one_moment_the_withdrawal_counts(bench: Bench) {
    both(&bench).await;
    assert!(invites(&bench, 1, 5).await);
    assert!(withdraws(&bench, 9, 5).await);
    assert!(!invites(&bench, 2, 5).await, "once more");
    assert!(!withdraws(&bench, 9, 8).await, "before its invitation");
    assert!(!invites(&bench, 3, 8).await);
    assert_eq!(states(&bench).await, [ConnectionState::Withdrawn]);
}

/// Connects whoever `connection` names.
async fn connects(bench: &Bench, connection: NewConnection) {
    let audit = event(Event::ConnectionInvited);
    let made = (bench.store).connect(connection, letter(connection.id.0[0]), at(20), audit);
    assert!(made.await.unwrap());
}

async fn a_wish_is_about_one_provider_and_one_account(bench: Bench) {
    both(&bench).await;
    add(&bench, 2).await;
    bench.account(2).await;
    assert!(invites(&bench, 1, 0).await);
    let by_another = NewConnection {
        provider: ProviderId([2; 16]),
        ..asked(2, 0)
    };
    let for_another = NewConnection {
        account: AccountId([2; 16]),
        ..asked(3, 0)
    };
    connects(&bench, by_another).await;
    connects(&bench, for_another).await;
    assert!(withdraws(&bench, 9, 5).await);
    for (n, is_open) in [(1, false), (2, true), (3, true)] {
        let open = bench
            .store
            .is_invited(ConnectionId([n; 16]), None)
            .await
            .unwrap();
        assert_eq!(open, is_open, "{n}");
    }
    // Nor does what they have taken back keep others from being invited.
    assert!(!withdraws(&bench, 9, 30).await);
    for other in [by_another, for_another] {
        let audit = event(Event::ConnectionWithdrawn);
        assert!(bench.store.withdraw(other, at(20), audit).await.unwrap());
        let again = NewConnection {
            id: ConnectionId([other.id.0[0] + 10; 16]),
            asked_at: at(10),
            ..other
        };
        connects(&bench, again).await;
    }
}

async fn an_answer_is_about_one_connection(bench: Bench) {
    both(&bench).await;
    add(&bench, 2).await;
    assert!(invites(&bench, 1, 0).await);
    let by_another = NewConnection {
        provider: ProviderId([2; 16]),
        ..asked(2, 0)
    };
    connects(&bench, by_another).await;
    assert!(replies(&bench, 1, shown(5, 20), Reply::Accept).await);
    assert!(
        bench
            .store
            .is_invited(ConnectionId([2; 16]), None)
            .await
            .unwrap()
    );
    assert_eq!(lines(&bench, "connection-accepted").await, 1);
}
