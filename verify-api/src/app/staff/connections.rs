//! Connections at the desk: staff invite a patient for a provider, in a visit in which documents
//! were seen, and take that back.
//!
//! At the desk it may be seen who is a patient: whoever is there has come in person.

use super::super::{App, Connected, Failure, ListedProvider, Outcome, StaffSignedIn, Token};
use crate::audit::{Entry, Event};
use crate::crypto::Purpose;
use crate::entropy;
use crate::outbox::{CONNECTION_LETTER_LIFETIME, Job};
use crate::patient::{Patient, Standing};
use crate::provider::{ConnectionId, ProviderId};
use crate::store::{FoundAccount, FoundVisit, NewConnection, NewLetter};

/// How many connections the desk is shown at most.
const SHOWN: usize = 20;

/// What the desk sees of the connections of a patient who has an account.
pub struct DeskConnections {
    /// Those that are open, and the newest of the others: one for each provider.
    pub all: Vec<Connected>,
    /// The providers who can invite the patient, by their names.
    pub choices: Vec<ListedProvider>,
}

crate::crypto::redact!(DeskConnections);

impl App {
    /// The connections of the patient of a visit; nothing without an account, and before
    /// documents were seen: the name of a provider alone can tell what somebody is treated for.
    pub(super) async fn desk_connections(
        &self,
        found: &FoundVisit,
        standing: Standing,
    ) -> Outcome<Option<DeskConnections>> {
        let (Some(account), Some(_)) = (&found.account, &found.documents) else {
            return Ok(None);
        };
        let mut all: Vec<Connected> = Vec::new();
        for connected in self.connections_of(account.id).await? {
            if all.iter().all(|it| it.provider != connected.provider) {
                all.push(connected);
            }
        }
        let mut choices = Vec::new();
        if standing.is_current() {
            choices = (self.providers().await).map_err(|error| Failure::unavailable(&error))?;
            choices.retain(|provider| {
                let is_open = |it: &Connected| it.provider == provider.id && it.state.is_open();
                !provider.is_retired && !all.iter().any(is_open)
            });
            choices.sort_by_cached_key(|it| (it.name.to_lowercase(), it.id));
        }
        all.truncate(SHOWN);
        Ok(Some(DeskConnections { all, choices }))
    }

    /// Invites the patient of a visit in which documents were seen to connect with a provider;
    /// whether that could be done.
    ///
    /// # Errors
    /// `unavailable`.
    pub async fn connect_in_visit(
        &self,
        staff: &StaffSignedIn,
        visit: &Token,
        provider: ProviderId,
    ) -> Outcome<bool> {
        let Some(found) = self.found_visit(staff, visit).await? else {
            return Ok(false);
        };
        let Some(account) = &found.account else {
            return Ok(false);
        };
        let record = (self.keys).open_json(Purpose::Patient, &found.patient.0, &found.record);
        let record: Patient = record.await.map_err(|error| Failure::unavailable(&error))?;
        if !record.standing.is_current() {
            return Ok(false);
        }
        let shown = self.shown_visit(staff, visit);
        let connection = NewConnection {
            id: ConnectionId(entropy::bytes(&*self.entropy)),
            provider,
            account: account.id,
            asked_at: shown.at,
            key: None,
        };
        let letter = Job::ConnectionLetter {
            account: account.id,
            connection: connection.id,
            key: None,
        };
        // Whoever stands at the desk need not wait: here it may be seen who has an account.
        let letter = NewLetter {
            job: self.job(&letter, shown.at + CONNECTION_LETTER_LIFETIME),
            leaves_at: shown.at,
            charges: self.limits.telling_connection(account.id),
        };
        let entry = by(staff, Event::ConnectionInvited, account);
        let made = (self.store).connect_in_visit(shown, connection, letter, entry);
        let is_made = made.await?;
        self.wake.notify_one();
        Ok(is_made)
    }

    /// Ends an open invitation to the patient of a visit in which documents were seen; whether
    /// it was open.
    ///
    /// # Errors
    /// `unavailable`.
    pub async fn withdraw_in_visit(
        &self,
        staff: &StaffSignedIn,
        visit: &Token,
        connection: ConnectionId,
    ) -> Outcome<bool> {
        let Some(found) = self.found_visit(staff, visit).await? else {
            return Ok(false);
        };
        let Some(account) = &found.account else {
            return Ok(false);
        };
        let entry = by(staff, Event::ConnectionWithdrawn, account);
        let shown = self.shown_visit(staff, visit);
        Ok((self.store)
            .withdraw_in_visit(shown, connection, entry)
            .await?)
    }
}

/// What a staff user did about somebody's account.
fn by(staff: &StaffSignedIn, event: Event, account: &FoundAccount) -> Entry {
    Entry {
        event,
        subject: account.id.0,
        actor: Some(staff.id.0),
    }
}
