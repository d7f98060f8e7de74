//! Looks the audit trail over, and reads it out.
//!
//! A page of lines at a time, however long the trail is, and beside a server
//! that goes on writing.

use std::sync::Arc;

use jiff::Timestamp;

use super::App;
use crate::audit::{Broken, Chain, Head, Line, Verifier};
use crate::crypto::Digest;
use crate::store::{Ends, StoreError, Trail};

/// How many lines are held in memory at once: some hundred kilobytes.
const PAGE: u32 = 1_000;

/// A trail that was found whole.
#[derive(Debug)]
pub struct Verified {
    /// How many lines there are.
    pub lines: i64,
    /// The number and time of the oldest and of the newest one.
    pub between: Option<[(i64, Timestamp); 2]>,
    /// Where it ends; to be noted down.
    pub head: Head,
}

/// How far a trail was found whole.
#[derive(Debug)]
pub enum Looked {
    /// To its end, which is here.
    Whole(Head),
    /// Up to here, and there is more.
    SoFar {
        /// Where it goes on.
        upto: Head,
        /// The newest line.
        of: i64,
    },
}

/// Why a trail was not found whole.
#[derive(Debug)]
pub enum TrailError {
    /// It was changed.
    Broken(Broken),
    /// The line that was noted down was removed because of its age.
    NoLongerKept {
        /// The line.
        seq: i64,
        /// The first one that is kept.
        first: i64,
    },
    /// It cannot be read.
    Store(StoreError),
}

impl std::fmt::Display for TrailError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Broken(broken) => write!(
                f,
                "The audit trail is not whole: {broken}. Keep the database as it is, and compare it with a backup."
            ),
            Self::NoLongerKept { seq, first } => write!(
                f,
                "Line {seq} is older than what is kept, which begins with line {first}. Expect a head that was noted down later."
            ),
            Self::Store(cause) => write!(f, "The audit trail cannot be read: {cause}."),
        }
    }
}

impl std::error::Error for TrailError {}

impl From<Broken> for TrailError {
    fn from(broken: Broken) -> Self {
        Self::Broken(broken)
    }
}

impl From<StoreError> for TrailError {
    fn from(error: StoreError) -> Self {
        Self::Store(error)
    }
}

impl App {
    /// Follows the trail from its beginning to its head; `noted` is a head from
    /// earlier, which must still be in it. `progress` hears how many lines were
    /// read, of how many.
    ///
    /// # Errors
    /// See [`TrailError`].
    pub async fn verify_audit(
        &self,
        noted: Option<Head>,
        progress: impl FnMut(i64, i64),
    ) -> Result<Verified, TrailError> {
        let chain = Chain::new(Arc::clone(&self.keys));
        verify(&*self.store, &chain, noted, progress).await
    }

    /// Follows the trail for `most` lines, from its beginning or from where it was found whole
    /// before: so nobody waits for millions of lines at once.
    ///
    /// # Errors
    /// See [`TrailError`].
    pub async fn look_at_trail(
        &self,
        whole: Option<Head>,
        most: u32,
    ) -> Result<Looked, TrailError> {
        loop {
            let ends = ends(&*self.store).await?;
            let found = self.look_on(&ends, whole, most).await;
            if let Err(TrailError::Broken(_)) = found {
                // A server has shortened the trail before our eyes: begin again.
                if self::ends(&*self.store).await?.start.seq > ends.start.seq {
                    continue;
                }
            }
            return found;
        }
    }

    async fn look_on(
        &self,
        ends: &Ends,
        whole: Option<Head>,
        most: u32,
    ) -> Result<Looked, TrailError> {
        let chain = Chain::new(Arc::clone(&self.keys));
        let mut verifier = match whole {
            // Where the trail begins later than that by now, all that is left is followed.
            Some(whole) if whole.seq >= ends.start.seq => Verifier::resume(chain, whole),
            _ => Verifier::begin(chain, ends.start, &ends.mark)?,
        };
        let mut left = most;
        loop {
            // Asked before the lines: what is promised here must be among them.
            let head = self::ends(&*self.store).await?.head;
            let upto = verifier.head();
            if left == 0 && upto.seq < head.seq {
                return Ok(Looked::SoFar { upto, of: head.seq });
            }
            let lines = self.store.audit_lines(upto.seq, left.min(PAGE)).await?;
            if lines.is_empty() {
                return Ok(Looked::Whole(verifier.end(&head)?));
            }
            for (line, link) in &lines {
                verifier.take(line, link)?;
            }
            left = left.saturating_sub(u32::try_from(lines.len()).unwrap_or(left));
        }
    }

    /// The next lines after the one counted `after`, oldest first; none at the end.
    ///
    /// # Errors
    /// [`TrailError::Store`].
    pub async fn audit_page(&self, after: i64) -> Result<Vec<(Line, Digest)>, TrailError> {
        Ok(self.store.audit_lines(after, PAGE).await?)
    }
}

/// As [`App::verify_audit`], of any trail.
pub(crate) async fn verify(
    trail: &(impl Trail + ?Sized),
    chain: &Chain,
    noted: Option<Head>,
    mut progress: impl FnMut(i64, i64),
) -> Result<Verified, TrailError> {
    loop {
        let ends = ends(trail).await?;
        let found = follow(trail, chain, &ends, noted, &mut progress).await;
        if let Err(TrailError::Broken(_)) = found {
            // A server has shortened the trail before our eyes: begin again.
            if self::ends(trail).await?.start.seq > ends.start.seq {
                continue;
            }
        }
        return found;
    }
}

async fn ends(trail: &(impl Trail + ?Sized)) -> Result<Ends, TrailError> {
    Ok(trail.audit_ends().await?.ok_or(Broken::Ends)?)
}

async fn follow(
    trail: &(impl Trail + ?Sized),
    chain: &Chain,
    ends: &Ends,
    noted: Option<Head>,
    progress: &mut impl FnMut(i64, i64),
) -> Result<Verified, TrailError> {
    let start = ends.start;
    let mut verifier = Verifier::begin(chain.clone(), start, &ends.mark)?;
    match noted {
        Some(noted) if noted.seq < start.seq => {
            let (seq, first) = (noted.seq, start.seq + 1);
            return Err(TrailError::NoLongerKept { seq, first });
        }
        noted => compare(noted, start.seq, &start.link)?,
    }
    let mut between = None;
    loop {
        // Asked before the lines: what is promised here must be among them.
        let head = self::ends(trail).await?.head;
        let lines = trail.audit_lines(verifier.head().seq, PAGE).await?;
        if lines.is_empty() {
            let head = verifier.end(&head)?;
            if let Some(noted) = noted.filter(|noted| noted.seq > head.seq) {
                let (expected, found) = (noted.seq, head.seq);
                return Err(Broken::End { expected, found }.into());
            }
            return Ok(Verified {
                lines: head.seq - start.seq,
                between,
                head,
            });
        }
        for (line, link) in &lines {
            verifier.take(line, link)?;
            compare(noted, line.seq, link)?;
            let this = (line.seq, line.at);
            between = Some([between.map_or(this, |[first, _]| first), this]);
        }
        progress(verifier.head().seq - start.seq, head.seq - start.seq);
    }
}

/// If it is this line that was noted down, it must have had this link.
fn compare(noted: Option<Head>, seq: i64, link: &Digest) -> Result<(), Broken> {
    match noted {
        Some(noted) if noted.seq == seq && !noted.link.matches(link) => {
            Err(Broken::NotAsNoted { seq })
        }
        _ => Ok(()),
    }
}

#[cfg(test)]
pub(super) mod tests {
    use protocol::values::Email;

    use super::*;
    use crate::application::{Parts, open};
    use crate::clock::ManualClock;
    use crate::config::Config;
    use crate::staff::Role;

    /// A database whose trail has five lines, at a time that stands still.
    pub(in crate::app) async fn app() -> (Arc<App>, tempfile::TempDir) {
        let folder = tempfile::tempdir().unwrap();
        let database = format!("sqlite://{}/state.db", folder.path().display());
        let env = [
            ("FRONTDESK_MODE", "demo".to_owned()),
            ("FRONTDESK_SECRETS__KEY", "4b".repeat(32)),
            ("FRONTDESK_DATABASE__URL", database),
        ];
        let env = env.map(|(name, value)| (name.to_owned(), value));
        let config = Config::load(None, env.into_iter()).unwrap();
        let now = "2026-11-25T09:30:00Z".parse().unwrap();
        let parts = Parts {
            clock: Arc::new(ManualClock::new(now)),
            ..Parts::default()
        };
        let app = open(&config, parts).await.unwrap();
        for n in 1..=5 {
            let email = Email::parse(&format!("desk{n}@example.org")).unwrap();
            app.add_staff(&email, Role::Auditor).await.unwrap();
        }
        (app, folder)
    }

    #[tokio::test]
    async fn a_trail_is_looked_over_in_steps() {
        let (app, _folder) = app().await;
        let mut whole = None;
        let mut stops = Vec::new();
        let end = loop {
            match app.look_at_trail(whole, 2).await.unwrap() {
                Looked::Whole(head) => break head,
                Looked::SoFar { upto, of } => {
                    assert_eq!(of, 5);
                    stops.push(upto.seq);
                    whole = Some(upto);
                }
            }
        };
        assert_eq!((stops, end.seq), (vec![2, 4], 5));
        let exactly = app.look_at_trail(None, 5).await.unwrap();
        assert!(matches!(exactly, Looked::Whole(_)), "{exactly:?}");
        // What follows another line than the one that is there, is found changed.
        let other = Head {
            seq: 3,
            link: end.link,
        };
        let broken = app.look_at_trail(Some(other), 2).await;
        let is_found = matches!(broken, Err(TrailError::Broken(Broken::Changed { seq: 4 })));
        assert!(is_found, "{broken:?}");
    }
}
