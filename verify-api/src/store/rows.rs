//! How values look in a database, the same in each: times as milliseconds since
//! 1970, ids and keyed hashes as bytes.
//!
//! What was stored is checked when it is read: a row that was damaged is an
//! error, never a wrong value.

use jiff::{SignedDuration, Timestamp};
use sqlx::migrate::Migrator;

use super::{
    Challenge, ClaimedJob, Ends, FlowId, FoundAccount, FoundInvitation, FoundSession, JobId,
    ListedJob, PageFeedback, Result, StoreError, StoredFlow, StoredKey, TriedInvitation,
};
use crate::account::AccountId;
use crate::audit::{Head, Line};
use crate::crypto::{Digest, KeyId, PasswordHash, Sealed, Wrapped};
use crate::flow::{InvitationId, Passed};
use crate::limits::Charge;
use crate::patient::PatientId;

/// A time as it is stored.
pub(super) fn millis(time: Timestamp) -> i64 {
    time.as_millisecond()
}

/// A duration in the unit of stored times.
pub(super) fn millis_of(duration: SignedDuration) -> i64 {
    i64::try_from(duration.as_millis()).unwrap_or(i64::MAX)
}

/// How long it is from `now` to a stored time.
pub(super) fn wait(until: i64, now: Timestamp) -> SignedDuration {
    SignedDuration::from_millis(until.saturating_sub(millis(now)).max(0))
}

/// A time as it was stored.
pub(super) fn time(millis: i64) -> Result<Timestamp> {
    Timestamp::from_millisecond(millis).map_err(|error| corrupt(&error))
}

/// Sixteen bytes as they were stored.
pub(super) fn id(bytes: &[u8]) -> Result<[u8; 16]> {
    bytes.try_into().map_err(|error| corrupt(&error))
}

/// A keyed hash as it was stored.
pub(super) fn digest(bytes: &[u8]) -> Result<Digest> {
    bytes
        .try_into()
        .map(Digest)
        .map_err(|error| corrupt(&error))
}

pub(super) fn corrupt(error: &dyn std::error::Error) -> StoreError {
    StoreError::Unavailable(format!("a stored value cannot be read: {error}"))
}

/// The charges whose budgets are not among those that were taken.
pub(super) fn not_taken(charges: &[Charge], mut taken: Vec<Vec<u8>>) -> Vec<&Charge> {
    // A budget that was taken once counts for one charge.
    let mut was_taken = |charge: &Charge| {
        let found = taken.iter().position(|key| **key == charge.key.0);
        found.map(|found| taken.swap_remove(found)).is_some()
    };
    let charges = charges.iter();
    charges.filter(|charge| !was_taken(charge)).collect()
}

/// How long to wait until the first of `charges` that does not fit now does; `budgets`
/// are keys, and when each is whole.
pub(super) fn over_budgets(
    charges: &[&Charge],
    budgets: &[(Vec<u8>, i64)],
    now: Timestamp,
) -> StoreError {
    let mut waits = charges.iter().filter_map(|charge| {
        let (_, whole_at) = budgets.iter().find(|(key, _)| **key == charge.key.0)?;
        let free_at = whole_at + millis_of(charge.cost) - millis_of(charge.room);
        Some(wait(free_at, now))
    });
    // None is left where a budget has grown back meanwhile.
    let wait = waits.find(SignedDuration::is_positive);
    StoreError::OverBudget {
        wait: wait.unwrap_or_default(),
    }
}

/// A guard that named one row must have found it.
pub(super) fn one(rows: u64) -> Result<()> {
    if rows == 1 {
        Ok(())
    } else {
        Err(StoreError::Conflict)
    }
}

/// `id, sealed, version, created_at, expires_at, whether it was ended`
pub(super) type FlowRow = (Vec<u8>, Vec<u8>, i64, i64, i64, bool);

pub(super) fn flow(row: FlowRow) -> Result<StoredFlow> {
    let (flow, sealed, version, begun_at, expires_at, is_ended) = row;
    Ok(StoredFlow {
        id: FlowId(id(&flow)?),
        state: Sealed(sealed),
        version,
        begun_at: time(begun_at)?,
        expires_at: time(expires_at)?,
        is_ended,
    })
}

/// `job_id, code_digest, account_id, expires_at, how many tries are left`
pub(super) type ChallengeRow = (Vec<u8>, Option<Vec<u8>>, Option<Vec<u8>>, i64, i64);

/// The message that carries the code, and what to compare with.
pub(super) fn challenge(row: ChallengeRow) -> Result<(JobId, Challenge)> {
    let (job, code, account, expires_at, left) = row;
    let challenge = Challenge {
        code: code.as_deref().map(digest).transpose()?,
        account: account.as_deref().map(id).transpose()?.map(AccountId),
        expires_at: time(expires_at)?,
        tries_left: tries_left(left),
    };
    Ok((JobId(id(&job)?), challenge))
}

/// `id, patient_id, mailed_to, expires_at, whether it was used, and replaced`
pub(super) type InvitationRow = (Vec<u8>, Vec<u8>, Option<Vec<u8>>, i64, bool, bool);

pub(super) fn invitation(row: InvitationRow) -> Result<FoundInvitation> {
    let (invitation, patient, mailed_to, expires_at, is_used, is_replaced) = row;
    Ok(FoundInvitation {
        id: InvitationId(id(&invitation)?),
        patient: PatientId(id(&patient)?),
        mailed_to: mailed_to.map(Sealed),
        expires_at: time(expires_at)?,
        is_used,
        is_replaced,
    })
}

/// `patient_id, sealed, how many tries are left`
pub(super) type TriedRow = (Vec<u8>, Vec<u8>, i64);

/// The patient of an invitation that was tried.
pub(super) fn tried((patient, sealed, left): TriedRow) -> Result<TriedInvitation> {
    Ok(TriedInvitation {
        patient: PatientId(id(&patient)?),
        sealed: Sealed(sealed),
        tries_left: tries_left(left),
    })
}

/// None, where the limit is less than what was counted under another one.
fn tries_left(left: i64) -> u8 {
    u8::try_from(left.max(0)).unwrap_or(u8::MAX)
}

/// `account_id`
pub(super) fn account_id((account,): (Vec<u8>,)) -> Result<AccountId> {
    Ok(AccountId(id(&account)?))
}

/// `accounts.id, accounts.sealed, patients.id, patients.sealed`
pub(super) type AccountRow = (Vec<u8>, Vec<u8>, Vec<u8>, Vec<u8>);

pub(super) fn account((account, sealed, patient, record): AccountRow) -> Result<FoundAccount> {
    Ok(FoundAccount {
        id: AccountId(id(&account)?),
        sealed: Sealed(sealed),
        patient: PatientId(id(&patient)?),
        patient_sealed: Sealed(record),
    })
}

/// A count as the database gives it.
pub(super) fn count(count: i64) -> Result<u64> {
    u64::try_from(count).map_err(|error| corrupt(&error))
}

/// How much an answer adds to those whom a page has helped, and has not.
pub(super) fn counted(has_helped: bool) -> (i64, i64) {
    (i64::from(has_helped), i64::from(!has_helped))
}

/// `page, sum of yes, sum of no`
pub(super) type FeedbackRow = (String, i64, i64);

pub(super) fn feedback((page, yes, no): FeedbackRow) -> Result<PageFeedback> {
    Ok(PageFeedback {
        page,
        yes: count(yes)?,
        no: count(no)?,
    })
}

/// `id, password_no, password`
pub(super) type PasswordRow = (Vec<u8>, i64, String);

pub(super) fn password(row: PasswordRow) -> Result<(Passed, PasswordHash)> {
    let (account, password_no, password) = row;
    let passed = Passed {
        account: AccountId(id(&account)?),
        password_no,
    };
    Ok((passed, PasswordHash::from_stored(password)))
}

/// `begun_at, seen_at, expires_at`, and those of an [`AccountRow`]
pub(super) type SessionRow = (i64, i64, i64, Vec<u8>, Vec<u8>, Vec<u8>, Vec<u8>);

pub(super) fn session(row: SessionRow) -> Result<FoundSession> {
    let (begun_at, seen_at, expires_at, id, sealed, patient, record) = row;
    Ok(FoundSession {
        account: account((id, sealed, patient, record))?,
        begun_at: time(begun_at)?,
        seen_at: time(seen_at)?,
        expires_at: time(expires_at)?,
    })
}

/// `id, sealed, not_after, attempts`
pub(super) type JobRow = (Vec<u8>, Vec<u8>, i64, i64);

pub(super) fn job((job, sealed, not_after, attempts): JobRow) -> Result<ClaimedJob> {
    Ok(ClaimedJob {
        id: JobId(id(&job)?),
        sealed: Sealed(sealed),
        not_after: time(not_after)?,
        attempts: u32::try_from(attempts).map_err(|error| corrupt(&error))?,
    })
}

/// `id, sealed, created_at, not_after, when it was or is to be tried, attempts, cause`
pub(super) type ListedRow = (Vec<u8>, Option<Vec<u8>>, i64, i64, i64, i64, Option<String>);

pub(super) fn listed(row: ListedRow) -> Result<ListedJob> {
    let (job, sealed, created_at, not_after, at, attempts, cause) = row;
    Ok(ListedJob {
        id: JobId(id(&job)?),
        sealed: sealed.map(Sealed),
        created_at: time(created_at)?,
        not_after: time(not_after)?,
        at: time(at)?,
        attempts: u32::try_from(attempts).map_err(|error| corrupt(&error))?,
        cause,
    })
}

/// Whether a database with the migration `applied` as its latest has all that
/// this version needs. A later version may have been here during an update.
pub(super) fn is_migrated(migrations: &Migrator, applied: Option<i64>) -> bool {
    let needed = migrations.iter().map(|migration| migration.version).max();
    applied >= needed
}

/// `seq, at, event, subject, actor, link`
pub(super) type LineRow = (i64, i64, String, Vec<u8>, Option<Vec<u8>>, Vec<u8>);

pub(super) fn line(row: LineRow) -> Result<(Line, Digest)> {
    let (seq, at, event, subject, actor, stored) = row;
    let line = || {
        let line = bare_line((seq, at, event, subject, actor))?;
        Ok((line, digest(&stored)?))
    };
    line().map_err(|error: StoreError| {
        StoreError::Unavailable(format!("line {seq} of the audit trail is damaged: {error}"))
    })
}

/// `seq, at, event, subject, actor`
pub(super) type BareLineRow = (i64, i64, String, Vec<u8>, Option<Vec<u8>>);

/// A line that is shown, and not followed.
pub(super) fn bare_line(row: BareLineRow) -> Result<Line> {
    let (seq, at, event, subject, actor) = row;
    Ok(Line {
        seq,
        at: time(at)?,
        event,
        subject: id(&subject)?,
        actor: actor.as_deref().map(id).transpose()?,
    })
}

/// The number of a key as it is stored, and as it stands in what it sealed.
pub(super) fn key_id(key: KeyId) -> Vec<u8> {
    key.0.to_be_bytes().to_vec()
}

/// `id, wrapped`
pub(super) type KeyRow = (Vec<u8>, Vec<u8>);

pub(super) fn stored_key((key, wrapped): KeyRow) -> Result<StoredKey> {
    let key = key
        .try_into()
        .map_err(|_| StoreError::Unavailable("the number of a key cannot be read".to_owned()))?;
    Ok(StoredKey {
        id: KeyId(u16::from_be_bytes(key)),
        wrapped: Wrapped(wrapped),
    })
}

/// `id, sealed`
pub(super) fn sealed_at((row, sealed): (Vec<u8>, Vec<u8>)) -> Result<([u8; 16], Sealed)> {
    Ok((id(&row)?, Sealed(sealed)))
}

/// `seq, link`
pub(super) type HeadRow = (i64, Vec<u8>);

pub(super) fn head((seq, link): HeadRow) -> Result<Head> {
    Ok(Head {
        seq,
        link: digest(&link)?,
    })
}

/// `start_seq, start_link, start_mark, seq, link`
pub(super) type EndsRow = (i64, Vec<u8>, Vec<u8>, i64, Vec<u8>);

pub(super) fn ends((start, start_link, mark, seq, link): EndsRow) -> Result<Ends> {
    Ok(Ends {
        start: head((start, start_link))?,
        mark: digest(&mark)?,
        head: head((seq, link))?,
    })
}
