//! Staff users, what they sign in with, and their sessions, on SQLite.

use async_trait::async_trait;
use jiff::Timestamp;
use rusqlite::Connection;

use super::query::{all, execute, optional};
use super::{SqliteStore, audit, limits};
use crate::audit::{Chain, Entry, Event};
use crate::crypto::{Digest, PasswordHash};
use crate::limits::ladder::Guessing;
use crate::staff::{Role, StaffId};
use crate::store::rows::millis;
use crate::store::staff_rows;
use crate::store::{
    FoundStaffSession, NewStaff, NewStaffLink, NewStaffSession, Result, Shown, Staff,
    StaffCredentials, StaffGuess, StaffRow, StaffSetUp,
};

#[async_trait]
impl Staff for SqliteStore {
    async fn add_staff(&self, staff: NewStaff, audit: Entry) -> Result<bool> {
        let chain = self.chain.clone();
        self.writer
            .write(move |on| add(on, &chain, &staff, audit))
            .await
    }

    async fn staff_by_email(&self, email: &Digest) -> Result<Option<StaffRow>> {
        let row = self.readers.optional(
            "SELECT s.id, s.sealed, s.role, c.id IS NOT NULL, s.disabled_at IS NOT NULL
             FROM staff s LEFT JOIN staff_credentials c ON c.id = s.id
             WHERE s.email_key = ?1",
            (email.0,),
        );
        row.await?.map(staff_rows::staff).transpose()
    }

    async fn all_staff(&self) -> Result<Vec<StaffRow>> {
        let found = self.readers.read(|on| {
            Ok(all(
                on,
                "SELECT s.id, s.sealed, s.role, c.id IS NOT NULL, s.disabled_at IS NOT NULL
                 FROM staff s LEFT JOIN staff_credentials c ON c.id = s.id
                 ORDER BY s.created_at, s.id",
                (),
            )?)
        });
        found.await?.into_iter().map(staff_rows::staff).collect()
    }

    async fn disable_staff(&self, staff: StaffId, at: Timestamp, audit: Entry) -> Result<bool> {
        let chain = self.chain.clone();
        self.writer
            .write(move |on| disable(on, &chain, staff, at, audit))
            .await
    }

    async fn change_staff_role(
        &self,
        staff: StaffId,
        role: Role,
        at: Timestamp,
        audit: Entry,
    ) -> Result<bool> {
        let chain = self.chain.clone();
        self.writer
            .write(move |on| change_role(on, &chain, staff, role, at, audit))
            .await
    }

    async fn reset_staff(&self, link: NewStaffLink, ladder: &Digest, audit: Entry) -> Result<()> {
        let (chain, ladder) = (self.chain.clone(), *ladder);
        self.writer
            .write(move |on| {
                execute(
                    on,
                    "UPDATE staff SET disabled_at = NULL WHERE id = ?1",
                    (link.staff.0,),
                )?;
                take_away(on, link.staff, link.at)?;
                insert_link(on, &link)?;
                limits::end_ladder(on, &ladder)?;
                audit::append(on, &chain, audit, link.at)
            })
            .await
    }

    async fn staff_link(&self, token: &Digest, now: Timestamp) -> Result<Option<StaffRow>> {
        let row = self.readers.optional(
            "SELECT s.id, s.sealed, s.role, c.id IS NOT NULL, s.disabled_at IS NOT NULL
             FROM staff_links l JOIN staff s ON s.id = l.staff_id
             LEFT JOIN staff_credentials c ON c.id = s.id
             WHERE l.token_digest = ?1 AND l.expires_at > ?2 AND l.spent_at IS NULL",
            (token.0, millis(now)),
        );
        row.await?.map(staff_rows::staff).transpose()
    }

    async fn set_up_staff(&self, set_up: StaffSetUp, audit: Entry) -> Result<bool> {
        let chain = self.chain.clone();
        self.writer
            .write(move |on| self::set_up(on, &chain, &set_up, audit))
            .await
    }

    async fn staff_password(&self, email: &Digest) -> Result<Option<PasswordHash>> {
        let row = self.readers.optional(
            "SELECT c.password FROM staff s
             JOIN staff_credentials c ON c.id = s.id WHERE s.email_key = ?1",
            (email.0,),
        );
        let found: Option<(String,)> = row.await?;
        Ok(found.map(|(password,)| PasswordHash::from_stored(password)))
    }

    async fn try_staff(&self, guess: StaffGuess) -> Result<Option<StaffCredentials>> {
        let chain = self.chain.clone();
        self.writer
            .write(move |on| try_staff(on, &chain, &guess))
            .await
    }

    async fn begin_staff_session(&self, session: NewStaffSession, audit: Entry) -> Result<bool> {
        let chain = self.chain.clone();
        self.writer
            .write(move |on| begin(on, &chain, &session, audit))
            .await
    }

    async fn staff_session(&self, shown: Shown) -> Result<Option<FoundStaffSession>> {
        let row = self.readers.optional(
            "SELECT t.seen_at, t.expires_at, s.id, s.sealed, s.role
             FROM staff_sessions t JOIN staff s ON s.id = t.staff_id
             WHERE t.token_digest = ?1 AND t.expires_at > ?2 AND t.seen_at > ?3",
            living(&shown),
        );
        row.await?.map(staff_rows::staff_session).transpose()
    }

    async fn see_staff_session(&self, shown: Shown) -> Result<()> {
        self.writer
            .write(move |on| {
                execute(
                    on,
                    "UPDATE staff_sessions SET seen_at = max(seen_at, ?2)
                     WHERE token_digest = ?1 AND expires_at > ?2 AND seen_at > ?3",
                    living(&shown),
                )?;
                Ok(())
            })
            .await
    }

    async fn end_staff_session(&self, shown: Shown) -> Result<bool> {
        let chain = self.chain.clone();
        self.writer.write(move |on| end(on, &chain, &shown)).await
    }
}

/// The token, the time, and since when a living session must have been seen.
fn living(shown: &Shown) -> ([u8; 32], i64, i64) {
    let since = shown.at - shown.idle;
    (shown.token.0, millis(shown.at), millis(since))
}

fn add(on: &Connection, chain: &Chain, staff: &NewStaff, audit: Entry) -> Result<bool> {
    let link = &staff.link;
    let added = execute(
        on,
        "INSERT INTO staff (id, email_key, sealed, role, created_at) VALUES (?1, ?2, ?3, ?4, ?5)
         ON CONFLICT (email_key) DO NOTHING",
        (
            link.staff.0,
            staff.email.0,
            &staff.sealed.0,
            staff.role.as_str(),
            millis(link.at),
        ),
    )?;
    if added == 0 {
        return Ok(false);
    }
    insert_link(on, link)?;
    audit::append(on, chain, audit, link.at)?;
    Ok(true)
}

fn insert_link(on: &Connection, link: &NewStaffLink) -> Result<()> {
    execute(
        on,
        "INSERT INTO staff_links (token_digest, staff_id, expires_at) VALUES (?1, ?2, ?3)",
        (link.token.0, link.staff.0, millis(link.expires_at)),
    )?;
    Ok(())
}

fn disable(
    on: &Connection,
    chain: &Chain,
    staff: StaffId,
    at: Timestamp,
    audit: Entry,
) -> Result<bool> {
    let disabled = execute(
        on,
        "UPDATE staff SET disabled_at = ?1 WHERE id = ?2 AND disabled_at IS NULL",
        (millis(at), staff.0),
    )?;
    if disabled == 0 {
        return Ok(false);
    }
    take_away(on, staff, at)?;
    audit::append(on, chain, audit, at)?;
    Ok(true)
}

fn change_role(
    on: &Connection,
    chain: &Chain,
    staff: StaffId,
    role: Role,
    at: Timestamp,
    audit: Entry,
) -> Result<bool> {
    let changed = execute(
        on,
        "UPDATE staff SET role = ?1 WHERE id = ?2 AND role <> ?1",
        (role.as_str(), staff.0),
    )?;
    if changed == 0 {
        return Ok(false);
    }
    execute(
        on,
        "DELETE FROM staff_sessions WHERE staff_id = ?1",
        (staff.0,),
    )?;
    audit::append(on, chain, audit, at)?;
    Ok(true)
}

/// Takes away what somebody signs in with, and so their sessions, and their links.
fn take_away(on: &Connection, staff: StaffId, at: Timestamp) -> Result<()> {
    execute(
        on,
        "DELETE FROM staff_credentials WHERE id = ?1",
        (staff.0,),
    )?;
    execute(
        on,
        "UPDATE staff_links SET spent_at = ?1 WHERE staff_id = ?2 AND spent_at IS NULL",
        (millis(at), staff.0),
    )?;
    Ok(())
}

fn set_up(on: &Connection, chain: &Chain, set_up: &StaffSetUp, audit: Entry) -> Result<bool> {
    let at = millis(set_up.at);
    let spent = execute(
        on,
        "UPDATE staff_links SET spent_at = ?1
         WHERE token_digest = ?2 AND staff_id = ?3 AND expires_at > ?1 AND spent_at IS NULL",
        (at, set_up.token.0, set_up.staff.0),
    )?;
    if spent == 0 {
        return Ok(false);
    }
    execute(
        on,
        "INSERT INTO staff_credentials (id, password, sealed, used_step) VALUES (?1, ?2, ?3, ?4)",
        (
            set_up.staff.0,
            set_up.password.as_str(),
            &set_up.sealed.0,
            set_up.step,
        ),
    )?;
    audit::append(on, chain, audit, set_up.at)?;
    Ok(true)
}

fn try_staff(
    on: &Connection,
    chain: &Chain,
    guess: &StaffGuess,
) -> Result<Option<StaffCredentials>> {
    let guessing = Guessing::Staff;
    let row = limits::guess(on, guessing, &guess.ladder, guess.at)?;
    let known = optional(
        on,
        "SELECT c.id, c.password, c.sealed FROM staff s
         JOIN staff_credentials c ON c.id = s.id WHERE s.email_key = ?1",
        (guess.email.0,),
    )?;
    let known = known.map(staff_rows::staff_credentials).transpose()?;
    if let Some(event) = row.event(guessing) {
        let entry = guess.entry(event, known.as_ref());
        audit::append(on, chain, entry, guess.at)?;
    }
    Ok(known)
}

/// Begins a session. In the statement itself stands that the password is still the one that
/// was right, and that neither the code nor a later one was used.
fn begin(on: &Connection, chain: &Chain, session: &NewStaffSession, audit: Entry) -> Result<bool> {
    let used = execute(
        on,
        "UPDATE staff_credentials SET used_step = ?1
         WHERE id = ?2 AND password = ?3 AND used_step < ?1",
        (session.step, session.staff.0, session.password.as_str()),
    )?;
    if used == 0 {
        return Ok(false);
    }
    let left = match &session.earlier {
        Some(earlier) => delete_session(on, earlier)?,
        None => None,
    };
    execute(
        on,
        "INSERT INTO staff_sessions (token_digest, staff_id, begun_at, seen_at, expires_at)
         VALUES (?1, ?2, ?3, ?3, ?4)",
        (
            session.token.0,
            session.staff.0,
            millis(session.at),
            millis(session.expires_at),
        ),
    )?;
    limits::end_ladder(on, &session.ladder)?;
    if let Some(left) = left {
        let entry = Entry::of_staff(Event::StaffSignedOut, left);
        audit::append(on, chain, entry, session.at)?;
    }
    audit::append(on, chain, audit, session.at)?;
    Ok(true)
}

fn end(on: &Connection, chain: &Chain, shown: &Shown) -> Result<bool> {
    let Some(staff) = delete_session(on, shown)? else {
        return Ok(false);
    };
    let entry = Entry::of_staff(Event::StaffSignedOut, staff);
    audit::append(on, chain, entry, shown.at)?;
    Ok(true)
}

/// Deletes a session that lives; whose it was.
fn delete_session(on: &Connection, shown: &Shown) -> Result<Option<StaffId>> {
    let ended = optional(
        on,
        "DELETE FROM staff_sessions
         WHERE token_digest = ?1 AND expires_at > ?2 AND seen_at > ?3
         RETURNING staff_id",
        living(shown),
    )?;
    ended.map(staff_rows::staff_id).transpose()
}
