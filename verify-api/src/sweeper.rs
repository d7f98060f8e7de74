//! What a server does about old things from time to time: forgets flows that
//! ran out and given-up messages that would come too late, shortens the audit trail to what must be kept, and notes the trail's
//! head in the log, where whoever runs the database cannot reach it.
//!
//! It must not know who asks a server what.

use std::sync::Arc;
use std::time::Duration;

use jiff::tz::TimeZone;
use jiff::{SignedDuration, Span, Timestamp};

use crate::app::App;
use crate::store::StoreError;

/// Flows are forgotten a day after they ran out: until then, whoever comes back
/// is told that time ran out rather than that nothing is known.
const FORGET_AFTER: SignedDuration = SignedDuration::from_hours(24);

/// How often old things are looked for, in real time.
const SWEEP: Duration = Duration::from_mins(10);

/// How often the head is noted: at the start, and once a day.
const NOTE_AFTER: SignedDuration = SignedDuration::from_hours(24);

pub(crate) struct Sweeper {
    app: Arc<App>,
    keep_years: i16,
    noted: Option<Timestamp>,
}

impl Sweeper {
    pub(crate) fn new(app: Arc<App>, keep_years: i16) -> Self {
        Self {
            app,
            keep_years,
            noted: None,
        }
    }

    /// Sweeps until it is ended from outside.
    pub(crate) async fn run(mut self) {
        let mut interval = tokio::time::interval(SWEEP);
        loop {
            interval.tick().await;
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
                }
                Err(error) => tracing::error!(%error, "the audit trail's head could not be read"),
            }
        }
    }

    /// Removes what is older than it must be kept; how many lines.
    async fn shorten(&self, now: Timestamp) -> Result<u64, StoreError> {
        let Some(before) = years_before(now, self.keep_years) else {
            return Ok(0);
        };
        let mut total = 0;
        loop {
            match self.app.store.shorten_audit(before, now).await? {
                0 => return Ok(total),
                gone => total += gone,
            }
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
    use crate::clock::{Clock as _, ManualClock};
    use crate::config::Config;
    use crate::entropy::OsEntropy;
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

    #[tokio::test]
    async fn lines_are_kept_for_six_years_and_no_longer() {
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
        let add = async |email| app.add_staff(&Email::parse(email).unwrap()).await.unwrap();
        let mut sweeper = Sweeper::new(Arc::clone(&app), config.audit.keep_years);
        let count = async || app.verify_audit(None, |_, _| {}).await.unwrap().lines;

        let until = |time: &str| {
            let time: Timestamp = time.parse().unwrap();
            clock.advance(time.duration_since(clock.now()));
        };
        add("one@example.org").await;
        until("2026-11-26T09:30:00Z");
        add("two@example.org").await;
        for now in ["2031-11-25T09:30:00Z", "2032-11-25T09:30:00Z"] {
            until(now);
            sweeper.sweep().await;
            assert_eq!(count().await, 2, "nothing is too old at {now}");
        }
        until("2032-11-25T09:30:00.001Z");
        sweeper.sweep().await;
        let kept = app.audit_page(0).await.unwrap();
        let kept: Vec<_> = kept
            .iter()
            .map(|(line, _)| (line.seq, &*line.event))
            .collect();
        assert_eq!(kept, [(2, "staff-added"), (3, "audit-shortened")]);
        assert_eq!(count().await, 2, "and the chain holds");
        assert!(sweeper.noted.is_some());
    }
}
