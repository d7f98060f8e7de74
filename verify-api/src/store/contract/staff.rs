//! Staff users, what they sign in with, and their sessions.

use jiff::SignedDuration;
use tokio::task::JoinSet;

use super::bench::{at, entry, hash, key, sealed, set_up, staff, staff_link};
use super::{Bench, on_each_store};
use crate::audit::{Entry, Event};
use crate::staff::{Role, StaffId};
use crate::store::{NewStaff, NewStaffSession, Shown, StaffGuess, StoreError};

on_each_store!(
    a_staff_user_is_added_once,
    a_link_sets_up_once_and_in_its_time,
    of_many_who_set_up_by_one_link_at_once_one_does,
    a_reset_takes_everything_away_and_gives_another_link,
    whoever_is_disabled_has_nothing_left_until_a_reset,
    another_role_ends_sessions_and_is_given_once,
    a_code_of_staff_begins_one_session_and_none_of_before_it,
    of_many_sessions_by_one_code_at_once_one_begins,
    no_session_follows_from_a_password_of_before,
    a_password_of_staff_is_found_while_they_sign_in_with_it,
    a_session_of_staff_lives_while_it_is_seen_and_not_for_ever,
    a_new_session_of_staff_takes_the_place_of_the_earlier_one,
    tries_of_staff_wait_and_stop_and_are_in_the_trail,
    what_ran_out_of_staff_is_forgotten,
);

const ONE: StaffId = StaffId([1; 16]);

async fn add(bench: &Bench, n: u8) {
    let added = bench.store.add_staff(staff(n), entry(Event::StaffAdded, n));
    assert!(added.await.unwrap());
}

/// A staff user who has set up with the code of step 10.
async fn ready(bench: &Bench) {
    add(bench, 1).await;
    bench.set_up(1, 10).await;
}

fn session(token: u8, step: i64) -> NewStaffSession {
    NewStaffSession {
        token: key(token),
        staff: ONE,
        password: hash("first"),
        step,
        ladder: key(90),
        earlier: None,
        at: at(10),
        expires_at: at(3600),
    }
}

async fn begin(bench: &Bench, session: NewStaffSession) -> bool {
    let entry = Entry::of_staff(Event::StaffSignedIn, ONE);
    let begun = bench.store.begin_staff_session(session, entry).await;
    begun.unwrap()
}

fn shown(token: u8, seconds: i64) -> Shown {
    Shown {
        token: key(token),
        at: at(seconds),
        idle: SignedDuration::from_secs(600),
    }
}

async fn lives(bench: &Bench, token: u8, seconds: i64) -> bool {
    let found = bench.store.staff_session(shown(token, seconds)).await;
    found.unwrap().is_some()
}

async fn a_staff_user_is_added_once(bench: Bench) {
    add(&bench, 1).await;
    let lines = bench.number("SELECT count(*) FROM audit").await;
    let again = NewStaff {
        link: staff_link(2, 2, 0),
        sealed: sealed(2),
        ..staff(1)
    };
    let again = (bench.store).add_staff(again, entry(Event::StaffAdded, 2));
    assert!(!again.await.unwrap());
    assert_eq!(bench.number("SELECT count(*) FROM audit").await, lines);
    let auditor = NewStaff {
        role: Role::Auditor,
        ..staff(3)
    };
    let added = (bench.store).add_staff(auditor, entry(Event::StaffAdded, 3));
    assert!(added.await.unwrap());
    let found = bench.store.staff_by_email(&key(1)).await.unwrap().unwrap();
    assert_eq!((found.id, found.role), (ONE, Role::FrontDesk));
    assert!(!found.is_set_up && !found.is_disabled);
    let roles: Vec<_> = (bench.store.all_staff().await.unwrap().iter())
        .map(|staff| staff.role)
        .collect();
    assert_eq!(roles, [Role::FrontDesk, Role::Auditor]);
    assert!(bench.store.staff_by_email(&key(2)).await.unwrap().is_none());
}

async fn a_link_sets_up_once_and_in_its_time(bench: Bench) {
    add(&bench, 1).await;
    add(&bench, 2).await;
    let open = async |n, second| {
        let found = bench.store.staff_link(&key(n), at(second)).await;
        found.unwrap().map(|staff| staff.id)
    };
    assert_eq!(open(1, 59).await, Some(ONE));
    assert_eq!(open(1, 60).await, None);
    let entry = Entry::of_staff(Event::StaffSetUp, ONE);
    let late = crate::store::StaffSetUp {
        at: at(60),
        ..set_up(1, 1, 10)
    };
    for refused in [late, set_up(1, 2, 10)] {
        assert!(!bench.store.set_up_staff(refused, entry).await.unwrap());
    }
    bench.set_up(1, 10).await;
    assert_eq!(open(1, 5).await, None);
    let again = bench.store.set_up_staff(set_up(1, 1, 10), entry).await;
    assert!(!again.unwrap());
    let found = bench.store.staff_by_email(&key(1)).await.unwrap().unwrap();
    assert!(found.is_set_up);
    let lines = "SELECT count(*) FROM audit WHERE event = 'staff-set-up'";
    assert_eq!(bench.number(lines).await, 1);
}

async fn of_many_who_set_up_by_one_link_at_once_one_does(bench: Bench) {
    add(&bench, 1).await;
    let mut tabs = JoinSet::new();
    for _ in 0..10 {
        let store = bench.store.clone();
        tabs.spawn(async move {
            let entry = Entry::of_staff(Event::StaffSetUp, ONE);
            store.set_up_staff(set_up(1, 1, 10), entry).await.unwrap()
        });
    }
    let done = tabs.join_all().await;
    assert_eq!(done.into_iter().filter(|done| *done).count(), 1);
}

async fn reset(bench: &Bench, link: u8) {
    let entry = entry(Event::StaffReset, 1);
    let link = staff_link(link, 1, 20);
    let done = bench.store.reset_staff(link, &key(90), entry).await;
    done.unwrap();
}

async fn a_reset_takes_everything_away_and_gives_another_link(bench: Bench) {
    ready(&bench).await;
    assert!(begin(&bench, session(1, 11)).await);
    add(&bench, 2).await;
    let guess = StaffGuess {
        email: key(1),
        ladder: key(90),
        at: at(15),
    };
    bench.store.try_staff(guess).await.unwrap();
    reset(&bench, 3).await;
    assert!(!lives(&bench, 1, 21).await);
    let found = bench.store.try_staff(guess).await.unwrap();
    assert!(found.is_none(), "there is nothing to compare with any more");
    let row = "SELECT max(failures) FROM ladders";
    assert_eq!(bench.number(row).await, 1, "the row began anew");
    let open = async |n| bench.store.staff_link(&key(n), at(21)).await.unwrap();
    assert!(open(3).await.is_some());
    assert!(open(2).await.is_some(), "somebody else's stays");
    reset(&bench, 4).await;
    assert!(open(3).await.is_none(), "a newer one takes its place");
    let entry = Entry::of_staff(Event::StaffSetUp, ONE);
    let anew = bench.store.set_up_staff(set_up(1, 4, 0), entry).await;
    assert!(anew.unwrap());
}

async fn whoever_is_disabled_has_nothing_left_until_a_reset(bench: Bench) {
    ready(&bench).await;
    assert!(begin(&bench, session(1, 11)).await);
    let disable = async || {
        let entry = entry(Event::StaffDisabled, 1);
        let done = bench.store.disable_staff(ONE, at(20), entry).await;
        done.unwrap()
    };
    assert!(disable().await);
    assert!(!disable().await);
    let lines = "SELECT count(*) FROM audit WHERE event = 'staff-disabled'";
    assert_eq!(bench.number(lines).await, 1);
    assert!(!lives(&bench, 1, 21).await);
    let found = bench.store.staff_by_email(&key(1)).await.unwrap().unwrap();
    assert!(found.is_disabled && !found.is_set_up);
    assert!(!begin(&bench, session(2, 12)).await);
    reset(&bench, 3).await;
    let found = bench.store.staff_by_email(&key(1)).await.unwrap().unwrap();
    assert!(!found.is_disabled);
}

/// What is open in a browser was let in as somebody else.
async fn another_role_ends_sessions_and_is_given_once(bench: Bench) {
    ready(&bench).await;
    add(&bench, 2).await;
    assert!(begin(&bench, session(1, 11)).await);
    let change = async |role| {
        let entry = entry(Event::StaffRoleChanged, 1);
        let changed = bench.store.change_staff_role(ONE, role, at(20), entry);
        changed.await.unwrap()
    };
    assert!(!change(Role::FrontDesk).await);
    assert!(lives(&bench, 1, 20).await);
    assert!(change(Role::Manager).await);
    assert!(!change(Role::Manager).await);
    assert!(!lives(&bench, 1, 20).await);
    let roles: Vec<_> = (bench.store.all_staff().await.unwrap().iter())
        .map(|staff| (staff.id.0[0], staff.role))
        .collect();
    assert_eq!(roles, [(1, Role::Manager), (2, Role::FrontDesk)]);
    let lines = "SELECT count(*) FROM audit WHERE event = 'staff-role-changed'";
    assert_eq!(bench.number(lines).await, 1);
    assert!(
        begin(&bench, session(2, 12)).await,
        "the password is theirs"
    );
}

async fn a_code_of_staff_begins_one_session_and_none_of_before_it(bench: Bench) {
    ready(&bench).await;
    for (token, step, begins) in [
        (1, 10, false),
        (1, 9, false),
        (1, 12, true),
        (2, 12, false),
        (2, 11, false),
        (2, 13, true),
    ] {
        assert_eq!(begin(&bench, session(token, step)).await, begins, "{step}");
    }
    let used = bench.tamper("UPDATE staff_credentials SET used_step = 13");
    let refused = used.await.unwrap_err();
    assert!(refused.contains("a code is used once"), "{refused}");
}

async fn of_many_sessions_by_one_code_at_once_one_begins(bench: Bench) {
    ready(&bench).await;
    let mut tabs = JoinSet::new();
    for token in 1..=10 {
        let bench = bench.clone();
        tabs.spawn(async move { begin(&bench, session(token, 11)).await });
    }
    let begun = tabs.join_all().await;
    assert_eq!(begun.into_iter().filter(|begun| *begun).count(), 1);
    assert_eq!(bench.number("SELECT count(*) FROM staff_sessions").await, 1);
}

async fn no_session_follows_from_a_password_of_before(bench: Bench) {
    ready(&bench).await;
    let other = NewStaffSession {
        password: hash("second"),
        ..session(1, 11)
    };
    assert!(!begin(&bench, other).await);
    assert!(begin(&bench, session(1, 11)).await);
}

async fn a_password_of_staff_is_found_while_they_sign_in_with_it(bench: Bench) {
    let found = async || {
        let found = bench.store.staff_password(&key(1)).await.unwrap();
        found.map(|it| it.as_str().to_owned())
    };
    add(&bench, 1).await;
    assert_eq!(found().await, None);
    bench.set_up(1, 10).await;
    assert_eq!(found().await, Some(hash("first").as_str().to_owned()));
    reset(&bench, 3).await;
    assert_eq!(found().await, None);
}

async fn a_session_of_staff_lives_while_it_is_seen_and_not_for_ever(bench: Bench) {
    ready(&bench).await;
    assert!(begin(&bench, session(1, 11)).await);
    assert!(lives(&bench, 1, 609).await);
    assert!(!lives(&bench, 1, 610).await);
    for seconds in (500..3600).step_by(500) {
        bench
            .store
            .see_staff_session(shown(1, seconds))
            .await
            .unwrap();
    }
    assert!(lives(&bench, 1, 3599).await);
    assert!(!lives(&bench, 1, 3600).await);
    let found = bench.store.staff_session(shown(1, 3599)).await.unwrap();
    let found = found.unwrap();
    assert_eq!((found.staff.id, found.seen_at), (ONE, at(3500)));
    assert!(bench.store.end_staff_session(shown(1, 3599)).await.unwrap());
    assert!(!bench.store.end_staff_session(shown(1, 3599)).await.unwrap());
    let moved = "UPDATE staff_sessions SET expires_at = expires_at + 1";
    assert_eq!(bench.tamper(moved).await, Ok(0));
    assert!(begin(&bench, session(2, 12)).await);
    assert!(bench.tamper(moved).await.is_err());
}

async fn a_new_session_of_staff_takes_the_place_of_the_earlier_one(bench: Bench) {
    ready(&bench).await;
    assert!(begin(&bench, session(1, 11)).await);
    let second = NewStaffSession {
        earlier: Some(shown(1, 15)),
        ..session(2, 12)
    };
    assert!(begin(&bench, second).await);
    assert!(!lives(&bench, 1, 20).await);
    assert!(lives(&bench, 2, 20).await);
    let told = "SELECT count(*) FROM audit a JOIN staff s ON s.id = a.subject AND s.id = a.actor
         WHERE a.event = 'staff-signed-out'";
    assert_eq!(bench.number(told).await, 1);
    let third = NewStaffSession {
        earlier: Some(shown(2, 610)),
        ..session(3, 13)
    };
    assert!(begin(&bench, third).await);
    assert_eq!(bench.number(told).await, 1, "it had ended by itself");
}

async fn tries_of_staff_wait_and_stop_and_are_in_the_trail(bench: Bench) {
    ready(&bench).await;
    let mut now = 100;
    let mut tried = 0;
    let stopped = loop {
        let guess = StaffGuess {
            email: key(1),
            ladder: key(91),
            at: at(now),
        };
        match bench.store.try_staff(guess).await {
            Ok(found) => {
                assert_eq!(found.unwrap().staff, ONE);
                tried += 1;
            }
            Err(StoreError::MustWait { wait }) => {
                assert!(tried >= 5);
                now += wait.as_secs();
            }
            Err(error) => break error,
        }
    };
    assert!(matches!(stopped, StoreError::GuessingStopped));
    assert_eq!(tried, 100);
    for event in ["staff-sign-in-waits", "staff-sign-in-stopped"] {
        let lines = format!(
            "SELECT count(*) FROM audit WHERE event = '{event}' AND subject = (SELECT id FROM staff)"
        );
        assert_eq!(bench.number(&lines).await, 1, "{event}");
    }
    let nobody = StaffGuess {
        email: key(7),
        ladder: key(92),
        at: at(100),
    };
    assert!(bench.store.try_staff(nobody).await.unwrap().is_none());
}

async fn what_ran_out_of_staff_is_forgotten(bench: Bench) {
    ready(&bench).await;
    assert!(begin(&bench, session(1, 11)).await);
    bench.store.forget_flows(at(3600)).await.unwrap();
    assert_eq!(bench.number("SELECT count(*) FROM staff_sessions").await, 1);
    assert_eq!(bench.number("SELECT count(*) FROM staff_links").await, 0);
    bench.store.forget_flows(at(3601)).await.unwrap();
    assert_eq!(bench.number("SELECT count(*) FROM staff_sessions").await, 0);
}
