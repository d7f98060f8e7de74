//! Staff users, what they sign in with, and their sessions, on PostgreSQL.
//!
//! Whoever gives or takes away what somebody signs in with locks the staff user first.

use async_trait::async_trait;
use jiff::Timestamp;
use sqlx::PgConnection;

use super::{PgStore, audit, limits};
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
impl Staff for PgStore {
    async fn add_staff(&self, staff: NewStaff, audit: Entry) -> Result<bool> {
        let mut tx = self.begin().await?;
        let link = &staff.link;
        let added = sqlx::query(
            "INSERT INTO staff (id, email_key, sealed, role, created_at)
             VALUES ($1, $2, $3, $4, $5) ON CONFLICT (email_key) DO NOTHING",
        )
        .bind(link.staff.0.as_slice())
        .bind(staff.email.0.as_slice())
        .bind(&staff.sealed.0)
        .bind(staff.role.as_str())
        .bind(millis(link.at))
        .execute(&mut *tx)
        .await?;
        if added.rows_affected() == 0 {
            return Ok(false);
        }
        insert_link(&mut tx, link).await?;
        audit::append(&mut tx, &self.chain, audit, link.at).await?;
        tx.commit().await?;
        Ok(true)
    }

    async fn staff_by_email(&self, email: &Digest) -> Result<Option<StaffRow>> {
        let row = sqlx::query_as(
            "SELECT s.id, s.sealed, s.role, c.id IS NOT NULL, s.disabled_at IS NOT NULL
             FROM staff s LEFT JOIN staff_credentials c ON c.id = s.id
             WHERE s.email_key = $1",
        )
        .bind(email.0.as_slice())
        .fetch_optional(&self.pool)
        .await?;
        row.map(staff_rows::staff).transpose()
    }

    async fn all_staff(&self) -> Result<Vec<StaffRow>> {
        let found = sqlx::query_as(
            "SELECT s.id, s.sealed, s.role, c.id IS NOT NULL, s.disabled_at IS NOT NULL
             FROM staff s LEFT JOIN staff_credentials c ON c.id = s.id
             ORDER BY s.created_at, s.id",
        )
        .fetch_all(&self.pool)
        .await?;
        found.into_iter().map(staff_rows::staff).collect()
    }

    async fn disable_staff(&self, staff: StaffId, at: Timestamp, audit: Entry) -> Result<bool> {
        let mut tx = self.begin().await?;
        let disabled =
            sqlx::query("UPDATE staff SET disabled_at = $1 WHERE id = $2 AND disabled_at IS NULL")
                .bind(millis(at))
                .bind(staff.0.as_slice())
                .execute(&mut *tx)
                .await?;
        if disabled.rows_affected() == 0 {
            return Ok(false);
        }
        take_away(&mut tx, staff, at).await?;
        audit::append(&mut tx, &self.chain, audit, at).await?;
        tx.commit().await?;
        Ok(true)
    }

    async fn change_staff_role(
        &self,
        staff: StaffId,
        role: Role,
        at: Timestamp,
        audit: Entry,
    ) -> Result<bool> {
        let mut tx = self.begin().await?;
        let changed = sqlx::query("UPDATE staff SET role = $1 WHERE id = $2 AND role <> $1")
            .bind(role.as_str())
            .bind(staff.0.as_slice())
            .execute(&mut *tx)
            .await?;
        if changed.rows_affected() == 0 {
            return Ok(false);
        }
        sqlx::query("DELETE FROM staff_sessions WHERE staff_id = $1")
            .bind(staff.0.as_slice())
            .execute(&mut *tx)
            .await?;
        audit::append(&mut tx, &self.chain, audit, at).await?;
        tx.commit().await?;
        Ok(true)
    }

    async fn reset_staff(&self, link: NewStaffLink, ladder: &Digest, audit: Entry) -> Result<()> {
        let mut tx = self.begin().await?;
        sqlx::query("UPDATE staff SET disabled_at = NULL WHERE id = $1")
            .bind(link.staff.0.as_slice())
            .execute(&mut *tx)
            .await?;
        take_away(&mut tx, link.staff, link.at).await?;
        insert_link(&mut tx, &link).await?;
        limits::end_ladder(&mut tx, ladder).await?;
        audit::append(&mut tx, &self.chain, audit, link.at).await?;
        Ok(tx.commit().await?)
    }

    async fn staff_link(&self, token: &Digest, now: Timestamp) -> Result<Option<StaffRow>> {
        let row = sqlx::query_as(
            "SELECT s.id, s.sealed, s.role, c.id IS NOT NULL, s.disabled_at IS NOT NULL
             FROM staff_links l JOIN staff s ON s.id = l.staff_id
             LEFT JOIN staff_credentials c ON c.id = s.id
             WHERE l.token_digest = $1 AND l.expires_at > $2 AND l.spent_at IS NULL",
        )
        .bind(token.0.as_slice())
        .bind(millis(now))
        .fetch_optional(&self.pool)
        .await?;
        row.map(staff_rows::staff).transpose()
    }

    async fn set_up_staff(&self, set_up: StaffSetUp, audit: Entry) -> Result<bool> {
        let mut tx = self.begin().await?;
        let is_set_up = self::set_up(&mut tx, &self.chain, &set_up, audit).await?;
        tx.commit().await?;
        Ok(is_set_up)
    }

    async fn staff_password(&self, email: &Digest) -> Result<Option<PasswordHash>> {
        let found: Option<String> = sqlx::query_scalar(
            "SELECT c.password FROM staff s
             JOIN staff_credentials c ON c.id = s.id WHERE s.email_key = $1",
        )
        .bind(email.0.as_slice())
        .fetch_optional(&self.pool)
        .await?;
        Ok(found.map(PasswordHash::from_stored))
    }

    async fn try_staff(&self, guess: StaffGuess) -> Result<Option<StaffCredentials>> {
        let mut tx = self.begin().await?;
        let known = try_staff(&mut tx, &self.chain, &guess).await?;
        tx.commit().await?;
        Ok(known)
    }

    async fn begin_staff_session(&self, session: NewStaffSession, audit: Entry) -> Result<bool> {
        let mut tx = self.begin().await?;
        let has_begun = begin(&mut tx, &self.chain, &session, audit).await?;
        tx.commit().await?;
        Ok(has_begun)
    }

    async fn staff_session(&self, shown: Shown) -> Result<Option<FoundStaffSession>> {
        let row = sqlx::query_as(
            "SELECT t.seen_at, t.expires_at, s.id, s.sealed, s.role
             FROM staff_sessions t JOIN staff s ON s.id = t.staff_id
             WHERE t.token_digest = $1 AND t.expires_at > $2 AND t.seen_at > $3",
        )
        .bind(shown.token.0.as_slice())
        .bind(millis(shown.at))
        .bind(seen_since(&shown))
        .fetch_optional(&self.pool)
        .await?;
        row.map(staff_rows::staff_session).transpose()
    }

    async fn see_staff_session(&self, shown: Shown) -> Result<()> {
        sqlx::query(
            "UPDATE staff_sessions SET seen_at = greatest(seen_at, $2)
             WHERE token_digest = $1 AND expires_at > $2 AND seen_at > $3",
        )
        .bind(shown.token.0.as_slice())
        .bind(millis(shown.at))
        .bind(seen_since(&shown))
        .execute(&self.pool)
        .await?;
        Ok(())
    }

    async fn end_staff_session(&self, shown: Shown) -> Result<bool> {
        let mut tx = self.begin().await?;
        let is_ended = end(&mut tx, &self.chain, &shown).await?;
        tx.commit().await?;
        Ok(is_ended)
    }
}

/// Since when a living session must have been seen.
fn seen_since(shown: &Shown) -> i64 {
    millis(shown.at - shown.idle)
}

async fn insert_link(on: &mut PgConnection, link: &NewStaffLink) -> Result<()> {
    sqlx::query("INSERT INTO staff_links (token_digest, staff_id, expires_at) VALUES ($1, $2, $3)")
        .bind(link.token.0.as_slice())
        .bind(link.staff.0.as_slice())
        .bind(millis(link.expires_at))
        .execute(on)
        .await?;
    Ok(())
}

/// Takes away what somebody signs in with, and so their sessions, and their links.
async fn take_away(on: &mut PgConnection, staff: StaffId, at: Timestamp) -> Result<()> {
    sqlx::query("DELETE FROM staff_credentials WHERE id = $1")
        .bind(staff.0.as_slice())
        .execute(&mut *on)
        .await?;
    sqlx::query("UPDATE staff_links SET spent_at = $1 WHERE staff_id = $2 AND spent_at IS NULL")
        .bind(millis(at))
        .bind(staff.0.as_slice())
        .execute(on)
        .await?;
    Ok(())
}

async fn set_up(
    on: &mut PgConnection,
    chain: &Chain,
    set_up: &StaffSetUp,
    audit: Entry,
) -> Result<bool> {
    // Whoever disables or resets them at this moment waits here, and takes away what follows.
    sqlx::query("SELECT 1 FROM staff WHERE id = $1 FOR UPDATE")
        .bind(set_up.staff.0.as_slice())
        .execute(&mut *on)
        .await?;
    let spent = sqlx::query(
        "UPDATE staff_links SET spent_at = $1
         WHERE token_digest = $2 AND staff_id = $3 AND expires_at > $1 AND spent_at IS NULL",
    )
    .bind(millis(set_up.at))
    .bind(set_up.token.0.as_slice())
    .bind(set_up.staff.0.as_slice())
    .execute(&mut *on)
    .await?;
    if spent.rows_affected() == 0 {
        return Ok(false);
    }
    sqlx::query(
        "INSERT INTO staff_credentials (id, password, sealed, used_step) VALUES ($1, $2, $3, $4)",
    )
    .bind(set_up.staff.0.as_slice())
    .bind(set_up.password.as_str())
    .bind(&set_up.sealed.0)
    .bind(set_up.step)
    .execute(&mut *on)
    .await?;
    audit::append(on, chain, audit, set_up.at).await?;
    Ok(true)
}

async fn try_staff(
    on: &mut PgConnection,
    chain: &Chain,
    guess: &StaffGuess,
) -> Result<Option<StaffCredentials>> {
    let guessing = Guessing::Staff;
    let row = limits::guess(on, guessing, &guess.ladder, guess.at).await?;
    let known = sqlx::query_as(
        "SELECT c.id, c.password, c.sealed FROM staff s
         JOIN staff_credentials c ON c.id = s.id WHERE s.email_key = $1",
    )
    .bind(guess.email.0.as_slice())
    .fetch_optional(&mut *on)
    .await?;
    let known = known.map(staff_rows::staff_credentials).transpose()?;
    if let Some(event) = row.event(guessing) {
        let entry = guess.entry(event, known.as_ref());
        audit::append(on, chain, entry, guess.at).await?;
    }
    Ok(known)
}

/// Begins a session. In the statement itself stands that the password is still the one that
/// was right, and that neither the code nor a later one was used.
async fn begin(
    on: &mut PgConnection,
    chain: &Chain,
    session: &NewStaffSession,
    audit: Entry,
) -> Result<bool> {
    let used = sqlx::query(
        "UPDATE staff_credentials SET used_step = $1
         WHERE id = $2 AND password = $3 AND used_step < $1",
    )
    .bind(session.step)
    .bind(session.staff.0.as_slice())
    .bind(session.password.as_str())
    .execute(&mut *on)
    .await?;
    if used.rows_affected() == 0 {
        return Ok(false);
    }
    let left = match &session.earlier {
        Some(earlier) => delete_session(on, earlier).await?,
        None => None,
    };
    sqlx::query(
        "INSERT INTO staff_sessions (token_digest, staff_id, begun_at, seen_at, expires_at)
         VALUES ($1, $2, $3, $3, $4)",
    )
    .bind(session.token.0.as_slice())
    .bind(session.staff.0.as_slice())
    .bind(millis(session.at))
    .bind(millis(session.expires_at))
    .execute(&mut *on)
    .await?;
    // Whoever tries locks the ladder before the end of the trail, and so must this.
    limits::end_ladder(on, &session.ladder).await?;
    if let Some(left) = left {
        let entry = Entry::of_staff(Event::StaffSignedOut, left);
        audit::append(on, chain, entry, session.at).await?;
    }
    audit::append(on, chain, audit, session.at).await?;
    Ok(true)
}

async fn end(on: &mut PgConnection, chain: &Chain, shown: &Shown) -> Result<bool> {
    let Some(staff) = delete_session(on, shown).await? else {
        return Ok(false);
    };
    let entry = Entry::of_staff(Event::StaffSignedOut, staff);
    audit::append(on, chain, entry, shown.at).await?;
    Ok(true)
}

/// Deletes a session that lives; whose it was.
async fn delete_session(on: &mut PgConnection, shown: &Shown) -> Result<Option<StaffId>> {
    let ended = sqlx::query_as(
        "DELETE FROM staff_sessions
         WHERE token_digest = $1 AND expires_at > $2 AND seen_at > $3
         RETURNING staff_id",
    )
    .bind(shown.token.0.as_slice())
    .bind(millis(shown.at))
    .bind(seen_since(shown))
    .fetch_optional(on)
    .await?;
    ended.map(staff_rows::staff_id).transpose()
}
