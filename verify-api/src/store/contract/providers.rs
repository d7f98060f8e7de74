//! Providers, and what is between them and accounts.

use tokio::task::JoinSet;

use super::bench::{at, change, entry, job, key, sealed};
use super::contact::{about, held, shown, signed_in};
use super::limits::charge;
use super::sessions::passed;
use super::{Bench, on_each_store};
use crate::account::AccountId;
use crate::audit::Event;
use crate::patient::PatientId;
use crate::provider::{ConnectionId, ConnectionState, ProviderId, Reply};
use crate::store::{
    FlowId, NewConnection, NewLetter, NewProvider, NewSession, Shown, StoreError, Write,
};

on_each_store!(
    providers_are_listed_and_found_by_their_key,
    a_provider_who_was_retired_stays_so,
    what_is_asked_for_is_queued_as_the_budget_holds,
    an_account_is_found_by_the_number_of_its_patient,
    however_many_invite_at_once_one_does,
    a_withdrawal_counts_in_whatever_order_it_comes,
    a_connection_is_answered_in_a_session_of_its_account_alone,
    each_step_is_taken_from_where_it_may_be,
    of_all_who_answer_at_once_one_does,
    an_account_that_is_closed_has_no_connection_and_gets_none,
);

pub(super) const ACCOUNT: AccountId = AccountId([1; 16]);
pub(super) const PROVIDER: ProviderId = ProviderId([1; 16]);

/// A provider whose key has the number `n`, too.
pub(super) async fn add(bench: &Bench, n: u8) -> ProviderId {
    let id = ProviderId([n; 16]);
    let provider = NewProvider {
        id,
        name: sealed(n),
        features: "messages,billing".to_owned(),
        at: at(i64::from(n)),
    };
    let added = bench
        .store
        .add_provider(provider, event(Event::ProviderAdded));
    added.await.unwrap();
    let made = entry(Event::ProviderKeyMade, n);
    let set = (bench.store).set_provider_key(id, key(n), at(0), made);
    assert!(set.await.unwrap());
    id
}

pub(super) fn event(event: Event) -> crate::audit::Entry {
    entry(event, 1)
}

pub(super) fn asked(n: u8, second: i64) -> NewConnection {
    NewConnection {
        id: ConnectionId([n; 16]),
        provider: PROVIDER,
        account: ACCOUNT,
        asked_at: at(second),
        key: None,
    }
}

/// Whether the connection `n`, which was asked for at a second, came about.
pub(super) async fn invites(bench: &Bench, n: u8, second: i64) -> bool {
    let audit = event(Event::ConnectionInvited);
    let made = (bench.store).connect(asked(n, second), letter(n), at(20), audit);
    made.await.unwrap()
}

/// A letter that leaves at second 30, of which a budget holds two.
pub(super) fn letter(n: u8) -> NewLetter {
    NewLetter {
        job: job(n, 600),
        leaves_at: at(30),
        charges: vec![charge(6, 2)],
    }
}

pub(super) async fn withdraws(bench: &Bench, n: u8, second: i64) -> bool {
    let audit = event(Event::ConnectionWithdrawn);
    let ended = (bench.store).withdraw(asked(n, second), at(20), audit);
    ended.await.unwrap()
}

pub(super) async fn replies(bench: &Bench, n: u8, session: Shown, reply: Reply) -> bool {
    let connection = ConnectionId([n; 16]);
    let replied = bench.store.reply(session, connection, reply, None);
    replied.await.unwrap()
}

/// The states of the account's connections, as they are listed.
pub(super) async fn states(bench: &Bench) -> Vec<ConnectionState> {
    let found = bench.store.connections(ACCOUNT).await.unwrap();
    found.into_iter().map(|it| it.state).collect()
}

pub(super) async fn lines(bench: &Bench, event: &str) -> i64 {
    let line = format!("SELECT count(*) FROM audit WHERE event = '{event}'");
    bench.number(&line).await
}

/// The account 1 with its sessions, and a provider.
pub(super) async fn both(bench: &Bench) {
    signed_in(bench).await;
    add(bench, 1).await;
}

async fn providers_are_listed_and_found_by_their_key(bench: Bench) {
    for n in [2, 1] {
        add(&bench, n).await;
    }
    let store = &bench.store;
    let listed = store.providers().await.unwrap();
    let ids: Vec<_> = listed.iter().map(|it| it.id.0[0]).collect();
    assert_eq!(ids, [1, 2], "in the order in which they were added");
    assert!(listed.iter().all(|it| it.has_key && !it.is_retired));
    let changed = event(Event::ProviderChanged);
    let set = store.set_features(PROVIDER, "billing".to_owned(), at(1), changed);
    assert!(set.await.unwrap());
    let listed = store.providers().await.unwrap();
    assert_eq!(listed[0].features, "billing");
    assert_eq!(listed[1].features, "messages,billing");

    let found = async |n| store.provider_by_key(&key(n)).await.unwrap();
    assert_eq!(found(1).await, Some(PROVIDER));
    let made = event(Event::ProviderKeyMade);
    let set = store.set_provider_key(PROVIDER, key(9), at(2), made);
    assert!(set.await.unwrap());
    assert_eq!(found(9).await, Some(PROVIDER));
    assert_eq!(found(1).await, None, "an earlier key ends with the new one");
    let nobody = ProviderId([7; 16]);
    let made = event(Event::ProviderKeyMade);
    let set = store.set_provider_key(nobody, key(8), at(2), made);
    assert!(!set.await.unwrap());
    let changed = event(Event::ProviderChanged);
    let set = store.set_features(nobody, String::new(), at(1), changed);
    assert!(!set.await.unwrap());
    assert_eq!(lines(&bench, "provider-key-made").await, 3);
    assert_eq!(lines(&bench, "provider-changed").await, 1);
}

async fn a_provider_who_was_retired_stays_so(bench: Bench) {
    both(&bench).await;
    assert!(invites(&bench, 1, 0).await);
    assert!(replies(&bench, 1, shown(5, 20), Reply::Accept).await);
    let retire = async || {
        let audit = event(Event::ProviderRetired);
        let retired = bench.store.retire_provider(PROVIDER, at(30), audit);
        retired.await.unwrap()
    };
    assert!(retire().await);
    assert!(!retire().await);
    assert_eq!(lines(&bench, "provider-retired").await, 1);
    assert_eq!(states(&bench).await, [ConnectionState::Ended]);
    assert_eq!(bench.store.provider_by_key(&key(1)).await.unwrap(), None);
    assert!(!invites(&bench, 2, 40).await, "nobody is invited by them");
    let made = event(Event::ProviderKeyMade);
    let set = (bench.store).set_provider_key(PROVIDER, key(9), at(40), made);
    assert!(!set.await.unwrap());
    let changed = event(Event::ProviderChanged);
    let set = (bench.store).set_features(PROVIDER, String::new(), at(40), changed);
    assert!(!set.await.unwrap());
    let listed = bench.store.providers().await.unwrap();
    assert!(listed[0].is_retired && !listed[0].has_key);
    for set in ["retired_at = NULL", "key_digest = id"] {
        let back = bench.tamper(&format!("UPDATE providers SET {set}")).await;
        assert!(back.is_err(), "{set}");
    }
    let resealed = bench.tamper("UPDATE providers SET sealed = sealed").await;
    assert_eq!(resealed, Ok(1), "the name gets other keys all the same");
}

async fn what_is_asked_for_is_queued_as_the_budget_holds(bench: Bench) {
    add(&bench, 1).await;
    for n in 1..=3 {
        let audit = event(Event::ConnectionAsked);
        let asked = bench.store.ask(job(n, 600), charge(7, 2), at(0), audit);
        let asked = asked.await;
        let is_over = matches!(asked, Err(StoreError::OverBudget { .. }));
        assert_eq!(is_over, n == 3, "{n}: {asked:?}");
    }
    assert_eq!(bench.number("SELECT count(*) FROM outbox").await, 2);
    assert_eq!(lines(&bench, "connection-asked").await, 2);
}

async fn an_account_is_found_by_the_number_of_its_patient(bench: Bench) {
    bench.account(1).await;
    bench.patient(2).await;
    let found = async |n| bench.store.account_by_source(&key(n)).await.unwrap();
    let account = found(1).await.unwrap();
    assert_eq!((account.id, account.patient), (ACCOUNT, PatientId([1; 16])));
    assert!(found(2).await.is_none(), "a patient without an account");
    assert!(found(3).await.is_none(), "nobody");
}

async fn however_many_invite_at_once_one_does(bench: Bench) {
    both(&bench).await;
    let mut practice = JoinSet::new();
    for n in 1..=10 {
        let bench = bench.clone();
        practice.spawn(async move { invites(&bench, n, i64::from(n)).await });
    }
    let made = practice.join_all().await;
    assert_eq!(made.into_iter().filter(|made| *made).count(), 1);
    assert_eq!(states(&bench).await, [ConnectionState::Invited]);
    assert_eq!(bench.number("SELECT count(*) FROM outbox").await, 1);
    assert_eq!(lines(&bench, "connection-invited").await, 1);
    // Nor while they are connected.
    let found = bench.store.connections(ACCOUNT).await.unwrap();
    let accepted = (bench.store).reply(shown(5, 20), found[0].id, Reply::Accept, None);
    assert!(accepted.await.unwrap());
    assert!(!invites(&bench, 11, 30).await);
}

/// The worker does several things at once, and some again: what was asked for later counts.
async fn a_withdrawal_counts_in_whatever_order_it_comes(bench: Bench) {
    both(&bench).await;
    assert!(!withdraws(&bench, 1, 10).await, "there is nothing yet");
    assert!(!invites(&bench, 2, 9).await, "it was asked for before");
    assert!(!invites(&bench, 2, 10).await, "at the same moment");
    assert!(invites(&bench, 2, 11).await);
    assert!(!withdraws(&bench, 3, 10).await, "the one before, once more");
    for n in 0..30 {
        assert!(!withdraws(&bench, 60 + n, 5).await, "there is nothing");
    }
    assert_eq!(
        states(&bench).await,
        [ConnectionState::Invited],
        "a withdrawal of nothing is no connection, and hides none"
    );
    let kept = "SELECT count(*) FROM withdrawals";
    assert_eq!(bench.number(kept).await, 1, "however often it comes");
    assert!(
        !bench
            .store
            .is_invited(ConnectionId([1; 16]), None)
            .await
            .unwrap()
    );
    assert!(
        bench
            .store
            .is_invited(ConnectionId([2; 16]), None)
            .await
            .unwrap()
    );
    assert!(withdraws(&bench, 3, 12).await);
    assert!(
        !bench
            .store
            .is_invited(ConnectionId([2; 16]), None)
            .await
            .unwrap()
    );
    assert!(!invites(&bench, 4, 11).await, "the one before, once more");
    assert!(!withdraws(&bench, 3, 14).await, "there is nothing any more");
    assert!(
        !withdraws(&bench, 3, 5).await,
        "a late one hides no later one"
    );
    assert!(!invites(&bench, 4, 14).await, "it was asked for before");
    assert!(invites(&bench, 4, 15).await);
    assert_eq!(lines(&bench, "connection-withdrawn").await, 1);
    assert_eq!(lines(&bench, "connection-invited").await, 2);
    // What is accepted is the patient's to end.
    assert!(replies(&bench, 4, shown(5, 20), Reply::Accept).await);
    assert!(!withdraws(&bench, 5, 30).await);
    assert_eq!(states(&bench).await[0], ConnectionState::Accepted);
}

async fn a_connection_is_answered_in_a_session_of_its_account_alone(bench: Bench) {
    both(&bench).await;
    bench.account(2).await;
    let others = Write::Session(NewSession {
        token: key(8),
        passed: passed(2, 0),
        expires_at: at(3600),
        earlier: None,
    });
    let made = change(FlowId([2; 16]), 1, vec![others]);
    bench.store.commit(made).await.unwrap();
    let short = Write::Session(NewSession {
        token: key(10),
        passed: passed(1, 0),
        expires_at: at(20),
        earlier: None,
    });
    let made = change(FlowId([1; 16]), 3, vec![short]);
    bench.store.commit(made).await.unwrap();
    assert!(invites(&bench, 1, 0).await);
    let refused = [
        ("another account's", shown(8, 20)),
        ("nobody's", shown(9, 20)),
        ("one that was left alone too long", shown(5, 700)),
        ("one that has run out", shown(10, 20)),
    ];
    for (what, session) in refused {
        for reply in [Reply::Accept, Reply::Decline] {
            assert!(!replies(&bench, 1, session, reply).await, "{what}");
        }
    }
    assert!(replies(&bench, 1, shown(5, 20), Reply::Accept).await);
    for (what, session) in refused {
        let ended = replies(&bench, 1, session, Reply::Disconnect).await;
        assert!(!ended, "{what}");
    }
    assert!(replies(&bench, 1, shown(6, 20), Reply::Disconnect).await);
    assert!((bench.store.connections(AccountId([2; 16])).await.unwrap()).is_empty());
    let about = "SELECT count(*) FROM audit a JOIN connections c ON c.account_id = a.subject
         JOIN audit b ON b.seq = a.seq + 1 AND b.subject = a.subject AND b.actor = c.provider_id
         WHERE a.event IN ('connection-accepted', 'connection-ended')
             AND b.event = 'connection-provider'";
    let named = "the line behind each tells which provider it was";
    assert_eq!(bench.number(about).await, 2, "{named}");
}

async fn each_step_is_taken_from_where_it_may_be(bench: Bench) {
    both(&bench).await;
    let own = shown(5, 20);
    assert!(invites(&bench, 1, 0).await);
    assert!(!replies(&bench, 1, own, Reply::Disconnect).await, "not yet");
    assert!(replies(&bench, 1, own, Reply::Accept).await);
    for reply in [Reply::Accept, Reply::Decline] {
        assert!(!replies(&bench, 1, own, reply).await, "{reply:?}");
    }
    assert!(replies(&bench, 1, own, Reply::Disconnect).await);
    for reply in [Reply::Accept, Reply::Decline, Reply::Disconnect] {
        assert!(!replies(&bench, 1, own, reply).await, "{reply:?}");
    }
    // The provider invites again.
    assert!(invites(&bench, 2, 30).await);
    assert!(replies(&bench, 2, own, Reply::Decline).await);
    assert!(!replies(&bench, 2, own, Reply::Accept).await);
    assert_eq!(
        states(&bench).await,
        [ConnectionState::Declined, ConnectionState::Ended]
    );
    for (event, count) in [
        ("connection-accepted", 1),
        ("connection-declined", 1),
        ("connection-ended", 1),
    ] {
        assert_eq!(lines(&bench, event).await, count, "{event}");
    }
}

async fn of_all_who_answer_at_once_one_does(bench: Bench) {
    both(&bench).await;
    assert!(invites(&bench, 1, 0).await);
    let mut tabs = JoinSet::new();
    for n in 0..12 {
        let bench = bench.clone();
        tabs.spawn(async move {
            match n % 3 {
                0 => replies(&bench, 1, shown(5, 20), Reply::Accept).await,
                1 => replies(&bench, 1, shown(6, 20), Reply::Decline).await,
                _ => withdraws(&bench, 50 + n, 15).await,
            }
        });
    }
    let done = tabs.join_all().await;
    assert_eq!(done.into_iter().filter(|done| *done).count(), 1);
    let steps = "SELECT count(*) FROM audit WHERE event IN
         ('connection-accepted', 'connection-declined', 'connection-withdrawn')";
    assert_eq!(bench.number(steps).await, 1);
}

async fn an_account_that_is_closed_has_no_connection_and_gets_none(bench: Bench) {
    let before = signed_in(&bench).await;
    for n in [1, 2] {
        add(&bench, n).await;
    }
    assert!(invites(&bench, 1, 0).await);
    assert!(replies(&bench, 1, shown(5, 20), Reply::Accept).await);
    let other = NewConnection {
        provider: ProviderId([2; 16]),
        ..asked(2, 0)
    };
    let audit = event(Event::ConnectionInvited);
    let made = bench.store.connect(other, letter(2), at(20), audit);
    assert!(made.await.unwrap());
    let closing = about(&bench, 90, vec![Write::Deactivation(held(before))]).await;
    bench.store.commit(closing).await.unwrap();
    assert_eq!(states(&bench).await, [ConnectionState::Ended; 2]);
    assert!(!invites(&bench, 3, 30).await);
    assert!(
        bench
            .store
            .account_by_source(&key(1))
            .await
            .unwrap()
            .is_none()
    );
}
