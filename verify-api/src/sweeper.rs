//! What a server does about old things from time to time: forgets flows that
//! ran out, given-up messages that would come too late and old counts of pages, shortens the audit trail
//! to what must be kept, and notes the trail's head in the log, where whoever runs the
//! database cannot reach it. Beside that it lists records that cannot be searched yet.
//!
//! What was forgotten by mistake cannot be had back, and the only word for how old
//! something is, is the clock's. A clock can be wrong by years, after a repair or in a
//! copied machine, so the trail is shortened slowly whatever the clock says: a sweep
//! goes on from where the last one ended by an hour of the trail's own time, which is
//! six times as fast as time goes, and the first sweep of a process, which may be one
//! of many that are started and fall, only looks where it begins. The rule asks nothing
//! of the clock: how fast sweeps come is measured by a counter that nobody sets. While
//! more is due, an error says so with each note of the head: a clock that is wrong by
//! years takes days to do harm.
//!
//! It must not know who asks a server what.

use std::sync::Arc;
use std::time::Duration;

use jiff::tz::TimeZone;
use jiff::{SignedDuration, Span, Timestamp};
use tokio::task::JoinSet;
use tokio::time::{Interval, MissedTickBehavior};

use crate::app::{App, feedback};
use crate::store::StoreError;

/// Flows are forgotten a day after they ran out: until then, whoever comes back
/// is told that time ran out rather than that nothing is known.
const FORGET_AFTER: SignedDuration = SignedDuration::from_hours(24);

/// How often old things are looked for, in real time.
const SWEEP: Duration = Duration::from_mins(10);

/// How much of the trail's own time a sweep removes at most. More than [`SWEEP`], so
/// that it keeps up, and catches up after a pause.
const SHORTENED_A_SWEEP: SignedDuration = SignedDuration::from_hours(1);
const _: () = assert!(SHORTENED_A_SWEEP.unsigned_abs().as_secs() > SWEEP.as_secs());

/// How often the head is noted: at the start, and once a day.
const NOTE_AFTER: SignedDuration = SignedDuration::from_hours(24);

pub(crate) struct Sweeper {
    app: Arc<App>,
    keep_years: i16,
    noted: Option<Timestamp>,
    /// Up to when the last sweep has shortened the trail.
    shortened: Option<Timestamp>,
}

impl Sweeper {
    pub(crate) fn new(app: Arc<App>, keep_years: i16) -> Self {
        Self {
            app,
            keep_years,
            noted: None,
            shortened: None,
        }
    }

    /// Sweeps until it is ended from outside.
    pub(crate) async fn run(mut self) {
        // Of very many records it takes minutes, for which nothing else waits. It ends with
        // the set that it is in.
        let mut beside = JoinSet::new();
        beside.spawn(list_patients(Arc::clone(&self.app)));
        let mut sweeps = sweeps();
        loop {
            sweeps.tick().await;
            self.sweep().await;
        }
    }

    async fn sweep(&mut self) {
        let now = self.app.clock.now();
        match self.app.store.forget_flows(now - FORGET_AFTER).await {
            Ok(0) => {}
            Ok(gone) => tracing::info!(gone, "forgot flows that ran out"),
            Err(error) => tracing::error!(%error, "old flows could not be forgotten"),
        }
        if let Err(error) = self.app.store.forget_dead(now).await {
            tracing::error!(%error, "old messages could not be forgotten");
        }
        if let Err(error) = self.forget_feedback(now).await {
            tracing::error!(%error, "old counts of pages could not be forgotten");
        }
        match self.shorten(now).await {
            Ok(0) => {}
            Ok(gone) => tracing::info!(gone, "removed lines of the audit trail that were too old"),
            Err(error) => tracing::error!(%error, "the audit trail could not be shortened"),
        }
        if self.noted.is_none_or(|noted| now >= noted + NOTE_AFTER) {
            match self.app.store.audit_ends().await {
                Ok(None) => {
                    tracing::error!(
                        "the audit trail lacks its ends; run `verify-api audit verify`"
                    );
                }
                Ok(Some(ends)) => {
                    self.noted = Some(now);
                    let head = ends.head;
                    tracing::info!(%head, "the audit trail ends here; `audit verify --expect` takes it");
                    self.tell_if_behind(now).await;
                }
                Err(error) => tracing::error!(%error, "the audit trail's head could not be read"),
            }
        }
    }

    async fn forget_feedback(&self, now: Timestamp) -> Result<(), StoreError> {
        let Some(before) = years_before(now, feedback::KEPT_YEARS) else {
            return Ok(());
        };
        let before = TimeZone::UTC.to_datetime(before).date();
        self.app.store.forget_feedback(before).await
    }

    /// Removes some of what is older than it must be kept; how many lines.
    async fn shorten(&mut self, now: Timestamp) -> Result<u64, StoreError> {
        let Some(due) = years_before(now, self.keep_years) else {
            return Ok(0);
        };
        let Some(from) = self.shortened else {
            let oldest = self.oldest().await?;
            self.shortened = Some(oldest.map_or(due, |oldest| oldest.min(due)));
            return Ok(0);
        };
        let before = (from + SHORTENED_A_SWEEP).min(due);
        self.shortened = Some(before);
        let mut total = 0;
        loop {
            match self.app.store.shorten_audit(before, now).await? {
                0 => return Ok(total),
                gone => total += gone,
            }
        }
    }

    /// When the oldest line that is kept was written.
    async fn oldest(&self) -> Result<Option<Timestamp>, StoreError> {
        let oldest = self.app.store.audit_lines(0, 1).await?;
        Ok(oldest.first().map(|(line, _)| line.at))
    }

    async fn tell_if_behind(&self, now: Timestamp) {
        let due = years_before(now, self.keep_years);
        if let (Some(due), Ok(Some(oldest))) = (due, self.oldest().await)
            && oldest < due
        {
            tracing::error!(
                %now,
                %oldest,
                "far more of the audit trail is old enough to be removed than there should be; \
                 see whether the clock is right, before too much is gone"
            );
        }
    }
}

/// When to sweep. After one that took long the next comes no sooner than usual: each
/// shortens the trail, and several at once would shorten it faster than is safe.
fn sweeps() -> Interval {
    let mut sweeps = tokio::time::interval(SWEEP);
    sweeps.set_missed_tick_behavior(MissedTickBehavior::Delay);
    sweeps
}

/// Lists records that cannot be searched yet, time and again, until it is ended from outside.
async fn list_patients(app: Arc<App>) {
    let mut rounds = sweeps();
    loop {
        rounds.tick().await;
        match app.list_patients().await {
            Ok(0) => {}
            Ok(listed) => tracing::info!(listed, "records can be searched from now on"),
            Err(error) => tracing::error!(%error, "records could not be listed for the search"),
        }
    }
}

/// The same day and time, that many years earlier; nothing before the year -9999.
fn years_before(now: Timestamp, years: i16) -> Option<Timestamp> {
    let now = now.to_zoned_datetime(TimeZone::UTC);
    let before = now.checked_sub(Span::new().try_years(years).ok()?);
    before.ok().map(|before| before.timestamp())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::audit::Head;
    use crate::clock::{Clock as _, ManualClock};
    use crate::config::Config;
    use crate::entropy::OsEntropy;
    use crate::staff::Role;
    use crate::{Parts, open};
    use protocol::values::Email;

    #[test]
    fn years_are_those_of_the_calendar() {
        for (now, years, before) in [
            ("2032-11-25T09:30:00Z", 6, "2026-11-25T09:30:00Z"),
            ("2032-02-29T09:30:00Z", 6, "2026-02-28T09:30:00Z"),
            ("2026-11-25T09:30:00Z", 10, "2016-11-25T09:30:00Z"),
        ] {
            let now: Timestamp = now.parse().unwrap();
            assert_eq!(years_before(now, years).unwrap().to_string(), before);
        }
    }

    #[tokio::test(start_paused = true)]
    async fn a_sweep_that_took_long_is_followed_by_one_and_not_by_all_that_were_missed() {
        let mut sweeps = sweeps();
        sweeps.tick().await;
        tokio::time::advance(5 * SWEEP).await;
        sweeps.tick().await;
        let before = tokio::time::Instant::now();
        sweeps.tick().await;
        assert_eq!(before.elapsed(), SWEEP);
    }

    /// A database with staff members in it, and a clock that can be moved.
    struct House {
        app: Arc<App>,
        clock: ManualClock,
        _folder: tempfile::TempDir,
    }

    impl House {
        async fn new() -> Self {
            let folder = tempfile::tempdir().unwrap();
            let file = folder.path().join("x.db");
            let env = [
                ("FRONTDESK_MODE", "demo".to_owned()),
                ("FRONTDESK_SECRETS__KEY", "4b".repeat(32)),
                (
                    "FRONTDESK_DATABASE__URL",
                    format!("sqlite://{}", file.display()),
                ),
            ];
            let env = env.map(|(name, value)| (name.to_owned(), value));
            let config = Config::load(None, env.into_iter()).unwrap();
            let clock = ManualClock::new("2026-11-25T09:30:00Z".parse().unwrap());
            let parts = Parts {
                clock: Arc::new(clock.clone()),
                entropy: Arc::new(OsEntropy),
            };
            let app = open(&config, parts).await.unwrap();
            Self {
                app,
                clock,
                _folder: folder,
            }
        }

        fn until(&self, time: &str) {
            let time: Timestamp = time.parse().unwrap();
            self.clock.advance(time.duration_since(self.clock.now()));
        }

        /// Writes a line.
        async fn add(&self, email: &str) {
            let email = Email::parse(email).unwrap();
            self.app.add_staff(&email, Role::FrontDesk).await.unwrap();
        }

        /// A server that has just started.
        fn sweeper(&self) -> Sweeper {
            Sweeper::new(Arc::clone(&self.app), 6)
        }

        /// The numbers of the lines that are kept, which are whole.
        async fn kept(&self) -> Vec<i64> {
            self.app.verify_audit(None, |_, _| {}).await.unwrap();
            let kept = self.app.audit_page(0).await.unwrap();
            kept.iter().map(|(line, _)| line.seq).collect()
        }
    }

    #[tokio::test]
    async fn lines_are_kept_for_six_years_and_no_longer() {
        let house = House::new().await;
        house.add("one@example.org").await;
        house.until("2026-11-26T09:30:00Z");
        house.add("two@example.org").await;
        let mut sweeper = house.sweeper();
        for now in [
            "2031-11-25T09:30:00Z",
            "2032-11-25T09:29:00Z",
            "2032-11-25T09:30:00Z",
        ] {
            house.until(now);
            sweeper = house.sweeper();
            for _ in 0..2 {
                sweeper.sweep().await;
            }
            assert_eq!(house.kept().await, [1, 2], "nothing is too old at {now}");
        }
        house.until("2032-11-25T09:30:00.001Z");
        sweeper.sweep().await;
        assert_eq!(house.kept().await, [2, 3]);
        let kept = house.app.audit_page(0).await.unwrap();
        assert_eq!(kept[1].0.event, "audit-shortened");
        assert!(sweeper.noted.is_some());
    }

    #[tokio::test]
    async fn a_clock_that_jumps_ahead_erases_hours_and_not_years() {
        let house = House::new().await;
        // A line a day, for a week.
        for day in 25..=30 {
            house.until(&format!("2026-11-{day}T09:30:00Z"));
            house.add(&format!("desk{day}@example.org")).await;
        }
        let mut sweeper = house.sweeper();
        sweeper.sweep().await;
        assert_eq!(house.kept().await, [1, 2, 3, 4, 5, 6]);
        house.until("2048-01-01T00:00:00Z");
        // A day of the counter, whatever is written meanwhile.
        for sweep in 0..144 {
            if sweep == 7 {
                house.add("late@example.org").await;
            }
            sweeper.sweep().await;
        }
        let kept = house.kept().await;
        assert!(kept.starts_with(&[1, 2, 3, 4, 5, 6]), "{kept:?}");
        // Nor does it help to be started again and again.
        for _ in 0..20 {
            sweeper = house.sweeper();
            sweeper.sweep().await;
        }
        assert_eq!(house.kept().await, kept);
        // It goes on from where the trail begins, an hour each.
        for _ in 0..20 {
            sweeper.sweep().await;
        }
        let kept = house.kept().await;
        assert!(kept.starts_with(&[2, 3, 4, 5, 6]), "{kept:?}");
    }

    #[tokio::test]
    async fn after_a_pause_the_trail_is_shortened_in_time() {
        let house = House::new().await;
        house.add("one@example.org").await;
        house.until("2026-11-25T19:30:00Z");
        house.add("two@example.org").await;
        house.until("2033-01-01T00:00:00Z");
        let first = house.app.verify_audit(None, |_, _| {}).await.unwrap().head;
        house.add("three@example.org").await;
        let mut sweeper = house.sweeper();
        sweeper.sweep().await;
        assert_eq!(house.kept().await, [1, 2, 3]);
        // Ten hours of the trail, an hour each.
        for _ in 0..10 {
            sweeper.sweep().await;
            assert_eq!(house.kept().await[0], 2);
        }
        sweeper.sweep().await;
        assert_eq!(house.kept().await[0], 3, "both are gone");
        let old = Head { seq: 1, ..first };
        let told = house
            .app
            .verify_audit(Some(old), |_, _| {})
            .await
            .unwrap_err();
        let told = told.to_string();
        assert!(
            told.contains("Line 1") && told.contains("begins with line 3"),
            "{told}"
        );
        house
            .app
            .verify_audit(Some(first), |_, _| {})
            .await
            .unwrap();
    }
}
