//! One step of a flow, with all that belongs to it.

use jiff::Timestamp;
use rusqlite::Connection;

use super::audit::append;
use super::query::execute;
use crate::audit::Chain;
use crate::flow;
use crate::store::rows::{millis, one};
use crate::store::{AccountRow, Change, Result, StoreError, Write};

/// Makes a change; the caller's transaction makes it whole.
pub(super) fn make(on: &Connection, chain: &Chain, change: &Change) -> Result<()> {
    let moved = execute(
        on,
        "UPDATE flows SET sealed = ?1, version = version + 1, subject_key = ?2, expires_at = ?3
         WHERE id = ?4 AND version = ?5 AND ended_at IS NULL AND created_at > ?6",
        (
            &change.state.0,
            change.subject.map(|subject| subject.0),
            millis(change.expires_at),
            change.flow.0,
            change.version,
            millis(change.at - flow::LIFETIME),
        ),
    )?;
    one(moved)?;
    for write in &change.writes {
        apply(on, chain, change, write)?;
    }
    super::limits::charge(on, &change.charges, change.at)
}

fn apply(on: &Connection, chain: &Chain, change: &Change, write: &Write) -> Result<()> {
    match write {
        Write::Challenge {
            purpose,
            job,
            patient,
            expires_at,
            limit,
        } => {
            let asked = execute(
                on,
                "INSERT INTO challenges (flow_id, purpose, job_id, expires_at, patient_id)
                 VALUES (?1, ?2, ?3, ?4, ?6)
                 ON CONFLICT (flow_id, purpose) DO UPDATE
                 SET job_id = excluded.job_id, expires_at = excluded.expires_at,
                     code_digest = NULL, account_id = NULL
                 WHERE tries < ?5 AND spent_at IS NULL",
                (
                    change.flow.0,
                    purpose.as_str(),
                    job.0,
                    millis(*expires_at),
                    limit,
                    patient.map(|patient| patient.0),
                ),
            )?;
            if asked == 0 {
                return Err(StoreError::NoTryLeft);
            }
        }
        Write::SpendChallenge(purpose) => {
            let spent = execute(
                on,
                "UPDATE challenges SET spent_at = ?1
                 WHERE flow_id = ?2 AND purpose = ?3 AND spent_at IS NULL
                   AND code_digest IS NOT NULL",
                (millis(change.at), change.flow.0, purpose.as_str()),
            )?;
            one(spent)?;
        }
        Write::EndLadder(subject) => super::limits::end_ladder(on, subject)?,
        Write::GiveBack(charges) => super::limits::give_back(on, charges)?,
        Write::Job(job) => super::jobs::insert(on, job, change.at)?,
        Write::GiveBackIdentityTry(invitation) => {
            execute(
                on,
                "UPDATE invitations SET identity_tries = identity_tries - 1
                 WHERE id = ?1 AND identity_tries > 0",
                (invitation.0,),
            )?;
        }
        Write::UseInvitation(invitation) => {
            let used = execute(
                on,
                "UPDATE invitations SET used_at = ?1
                 WHERE id = ?2 AND expires_at > ?1 AND used_at IS NULL AND replaced_at IS NULL",
                (millis(change.at), invitation.0),
            )?;
            if used == 0 {
                return Err(StoreError::InvitationEnded);
            }
        }
        Write::Account(account) => insert_account(on, account, change.at)?,
        Write::Password { account, hash } => {
            let changed = execute(
                on,
                "UPDATE accounts SET password = ?1, password_no = password_no + 1
                 WHERE id = ?2 AND deactivated_at IS NULL",
                (hash.as_str(), account.0),
            )?;
            one(changed)?;
            super::sessions::end_all(on, *account)?;
            // Before the flows: a link that is being spent has made its flow by then.
            super::limits::end_reset_links(on, *account, change.at)?;
            // Before the flows, too: one that proves its code meanwhile is among them then.
            super::flows::void_codes(on, *account)?;
            super::flows::end_others(on, change)?;
        }
        Write::Contact(contact) => super::sessions::change_contact(on, contact, change)?,
        Write::Deactivation(held) => super::sessions::deactivate(on, held, change)?,
        Write::Session(session) => super::sessions::insert(on, session, change.at)?,
        Write::BetterHash(better) => super::sessions::better_hash(on, better)?,
        Write::Audit(entry) => append(on, chain, *entry, change.at)?,
    }
    Ok(())
}

fn insert_account(on: &Connection, account: &AccountRow, at: Timestamp) -> Result<()> {
    execute(
        on,
        "INSERT INTO accounts (id, patient_id, username_key, email_key, sealed, password, created_at)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
        (
            account.id.0,
            account.patient.0,
            account.username.0,
            account.email.0,
            &account.sealed.0,
            account.hash.as_str(),
            millis(at),
        ),
    )?;
    Ok(())
}
