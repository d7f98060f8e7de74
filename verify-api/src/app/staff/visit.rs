//! A patient at the desk: found by their record number or by name and birth date, checked in
//! person, invited.
//!
//! A visit is of one staff user and one patient, and lasts an hour: only in it something can
//! be done, and an invitation follows only from documents that were seen in it.

use jiff::civil::Date;
use jiff::tz::Offset;
use jiff::{SignedDuration, Timestamp};
use protocol::ProblemCode;
use protocol::values::BirthDate;

use super::super::{
    App, DeskError, Failure, FoundPatients, Invited, Outcome, ProxyAtDesk, StaffSignedIn, Token,
};
use super::connections::DeskConnections;
use crate::account::AccountSecrets;
use crate::audit::{Entry, Event};
use crate::crypto::{Digest, Purpose};
use crate::flow::{Guessed, InvitationId};
use crate::limits::ladder;
use crate::patient::{OnFile, PatientId};
use crate::staff::{Document, Documents, PatientState, StaffId};
use crate::store::{DeskMessage, FoundVisit, InVisit, NewVisit, StoreError, VisitShown};

/// How long a visit lasts.
const LASTS: SignedDuration = SignedDuration::from_hours(1);

/// A patient as whoever is with them sees it.
pub struct AtDesk {
    /// Their name.
    pub name: String,
    /// The first of their given names.
    pub first_name: String,
    /// Their birth date.
    pub birth_date: BirthDate,
    /// Their medical record number; nothing while none is kept.
    pub number: Option<String>,
    /// The last two digits of each phone on file.
    pub phones: Vec<String>,
    /// Whether an email is on file.
    pub has_email: bool,
    /// How far they have come.
    pub state: PatientState,
    /// The day on which they closed an account last, in UTC.
    pub closed_on: Option<Date>,
    /// What became of the email with their invitation.
    pub invitation_message: Option<DeskMessage>,
    /// What became of their newest codes.
    pub codes: Vec<DeskMessage>,
    /// Which documents were seen in this visit, once they were.
    pub documents: Option<Vec<Document>>,
    /// Their open invitation.
    pub open: Option<InvitationId>,
    /// Whether wrong codes about their account have come to the stop.
    pub is_stopped: bool,
    /// Whether wrong passwords of their account have: then none signs in until there is another
    /// one, to which the owner was mailed a link.
    pub are_passwords_stopped: bool,
    /// Their connections with providers; nothing without an account, and before documents were
    /// seen.
    pub connections: Option<DeskConnections>,
    /// Who acts for them.
    pub proxy: ProxyAtDesk,
}

crate::crypto::redact!(AtDesk);

impl App {
    /// Begins a visit of the patient with this number; nothing when nobody has it. Looking is
    /// counted for the staff user, and written down.
    ///
    /// # Errors
    /// `over-limit` when they have looked too often; `unavailable`.
    pub async fn begin_visit(&self, staff: &StaffSignedIn, number: &str) -> Outcome<Option<Token>> {
        let source = self.keys.digest(Purpose::PatientSource, number.as_bytes());
        let patient = self.store.patient_by_source(&source).await?;
        let charge = self.limits.looking_up(staff.id);
        let at = self.now();
        let token = Token::new(&*self.entropy);
        let looked = match patient {
            None => {
                let audit = Entry::of_staff(Event::PatientNotFound, staff.id);
                self.store.note(audit, charge, at).await
            }
            Some(patient) => {
                let visit = NewVisit {
                    token: self.visit_key(&token),
                    staff: staff.id,
                    patient,
                    at,
                };
                let audit = by(staff, Event::PatientLookedUp, patient);
                self.store.begin_visit(visit, charge, audit).await
            }
        };
        self.note_over_budget(staff.id, &looked, at).await?;
        looked?;
        Ok(patient.map(|_| token))
    }

    /// The patients whom a staff user may mean by a name and a birth date; nothing when the
    /// name has no letters. It counts as one look, whoever is found, and opening one of them
    /// as another.
    ///
    /// # Errors
    /// `over-limit` when they have looked too often; `unavailable`.
    pub async fn search_at_desk(
        &self,
        staff: &StaffSignedIn,
        name: &str,
        born: BirthDate,
    ) -> Outcome<Option<FoundPatients>> {
        self.charge_search(staff.id).await?;
        match self.find_patients(name, born, Some(staff.id.0)).await {
            Ok(found) => Ok(Some(found)),
            Err(DeskError::NoName) => Ok(None),
            Err(error) => Err(Failure::unavailable(&error)),
        }
    }

    /// Counts a search as one look, from wherever it is made.
    ///
    /// # Errors
    /// [`StoreError::OverBudget`] when they have looked too often.
    pub(in crate::app) async fn charge_search(&self, staff: StaffId) -> Result<(), StoreError> {
        let at = self.now();
        let charge = self.limits.looking_up(staff);
        let charged = self.store.charge(vec![charge], at).await;
        self.note_over_budget(staff, &charged, at).await?;
        charged
    }

    /// Writes down that somebody has looked too often, where they have.
    pub(super) async fn note_over_budget(
        &self,
        staff: StaffId,
        looked: &Result<(), StoreError>,
        at: Timestamp,
    ) -> Result<(), StoreError> {
        if matches!(looked, Err(StoreError::OverBudget { .. })) {
            let audit = Entry::of_staff(Event::LookupsOverBudget, staff);
            let once = self.limits.telling_lookups(staff);
            match self.store.note(audit, once, at).await {
                Err(StoreError::OverBudget { .. }) => {}
                told => told?,
            }
        }
        Ok(())
    }

    /// The patient of a visit; nothing when it is over, or somebody else's.
    ///
    /// # Errors
    /// `unavailable`.
    pub async fn at_desk(&self, staff: &StaffSignedIn, visit: &Token) -> Outcome<Option<AtDesk>> {
        let Some(found) = self.found_visit(staff, visit).await? else {
            return Ok(None);
        };
        let patient = found.patient;
        let record = (self.keys).open_json(Purpose::Patient, &patient.0, &found.record);
        let OnFile {
            number,
            patient: record,
        } = record.await.map_err(|error| Failure::unavailable(&error))?;
        let (mut is_stopped, mut are_passwords_stopped) = (false, false);
        if let Some(username) = self.username_at_desk(&found).await? {
            let [codes, passwords] = [
                self.row_of_codes(&username),
                self.limits.passwords(&username),
            ];
            is_stopped = self.store.failures(&codes).await? >= ladder::STOP;
            // Its letter leaves with the first try after the stop.
            are_passwords_stopped = self.store.failures(&passwords).await? > ladder::STOP;
        }
        let proxy = self.proxy_of(patient, &record).await;
        let proxy = proxy.map_err(|error| Failure::unavailable(&error))?;
        let documents = found.documents.as_deref().map(Document::of_list);
        let invitation = found.invitation.as_ref();
        Ok(Some(AtDesk {
            name: format!("{} {}", record.given_names.join(" "), record.family_name),
            birth_date: record.birth_date,
            number,
            phones: (record.phones.iter())
                .map(|phone| phone.number.last_two().to_owned())
                .collect(),
            has_email: record.email.is_some(),
            state: PatientState::of(&found, record.standing, self.now()),
            closed_on: found.closed_at.map(|at| Offset::UTC.to_datetime(at).date()),
            invitation_message: invitation.and_then(|it| it.message.clone()),
            open: invitation.filter(|it| it.is_open).map(|it| it.id),
            connections: self.desk_connections(&found, record.standing).await?,
            codes: found.codes,
            documents,
            is_stopped,
            are_passwords_stopped,
            proxy,
            first_name: record.given_names.into_iter().next().unwrap_or_default(),
        }))
    }

    /// Notes which kinds of document were seen; whether that was not noted before.
    ///
    /// # Errors
    /// `unavailable`.
    pub async fn note_check(
        &self,
        staff: &StaffSignedIn,
        visit: &Token,
        documents: &Documents,
    ) -> Outcome<bool> {
        let Some(found) = self.found_visit(staff, visit).await? else {
            return Ok(false);
        };
        let audit = by(staff, Event::PatientChecked, found.patient);
        let shown = self.shown_visit(staff, visit);
        Ok(self
            .store
            .note_check(shown, documents.list(), audit)
            .await?)
    }

    /// Invites the patient of a visit in which documents were seen. `seen` is the invitation
    /// that was open when the staff user looked.
    ///
    /// # Errors
    /// See [`DeskError`]; [`DeskError::Overtaken`] when the visit is over or was not checked,
    /// or a colleague has acted since.
    pub async fn invite_in_visit(
        &self,
        staff: &StaffSignedIn,
        visit: &Token,
        seen: Option<InvitationId>,
    ) -> Result<Invited, DeskError> {
        let shown = self.shown_visit(staff, visit);
        let found = self.store.visit(shown).await?;
        let found = found.ok_or(DeskError::Overtaken)?;
        let in_visit = InVisit { shown, seen };
        self.invite_patient(found.patient, staff.id, Some(in_visit))
            .await
    }

    /// Ends an open invitation of the patient of a visit in which documents were seen; whether
    /// it was open.
    ///
    /// # Errors
    /// `unavailable`.
    pub async fn cancel_invitation(
        &self,
        staff: &StaffSignedIn,
        visit: &Token,
        invitation: InvitationId,
    ) -> Outcome<bool> {
        let Some(found) = self.found_visit(staff, visit).await? else {
            return Ok(false);
        };
        let audit = by(staff, Event::InvitationCancelled, found.patient);
        let shown = self.shown_visit(staff, visit);
        Ok(self
            .store
            .cancel_invitation(shown, invitation, audit)
            .await?)
    }

    /// Ends the stop after wrong codes about the account of the patient of a visit, in which
    /// documents were seen; whether it had come to that.
    ///
    /// # Errors
    /// `unavailable`.
    pub async fn lift_stop(&self, staff: &StaffSignedIn, visit: &Token) -> Outcome<bool> {
        let Some(found) = self.found_visit(staff, visit).await? else {
            return Ok(false);
        };
        let Some(username) = self.username_at_desk(&found).await? else {
            return Ok(false);
        };
        let ladder = self.row_of_codes(&username);
        let account = found.account.as_ref().ok_or(ProblemCode::NotFound)?;
        let audit = Entry {
            event: Event::StopLifted,
            subject: account.id.0,
            actor: Some(staff.id.0),
        };
        let shown = self.shown_visit(staff, visit);
        Ok(self.store.lift_stop(shown, &ladder, audit).await?)
    }

    pub(super) async fn found_visit(
        &self,
        staff: &StaffSignedIn,
        visit: &Token,
    ) -> Outcome<Option<FoundVisit>> {
        Ok(self.store.visit(self.shown_visit(staff, visit)).await?)
    }

    /// The row of wrong codes about the account with a username.
    fn row_of_codes(&self, username: &str) -> Digest {
        self.limits.ladder(&Guessed::Username(username.to_owned()))
    }

    /// The username of whoever a visit is of.
    async fn username_at_desk(&self, found: &FoundVisit) -> Outcome<Option<String>> {
        let Some(account) = &found.account else {
            return Ok(None);
        };
        let secrets =
            AccountSecrets::open(&self.keys, account.id, account.patient, &account.sealed);
        let secrets = secrets
            .await
            .map_err(|error| Failure::unavailable(&error))?;
        Ok(Some(secrets.username.as_str().to_owned()))
    }

    fn visit_key(&self, visit: &Token) -> Digest {
        self.keys.digest(Purpose::StaffVisit, visit.as_bytes())
    }

    pub(super) fn shown_visit(&self, staff: &StaffSignedIn, visit: &Token) -> VisitShown {
        VisitShown {
            token: self.visit_key(visit),
            staff: staff.id,
            at: self.now(),
            lasts: LASTS,
        }
    }
}

/// What a staff user did about a patient.
pub(super) fn by(staff: &StaffSignedIn, event: Event, patient: PatientId) -> Entry {
    Entry {
        event,
        subject: patient.0,
        actor: Some(staff.id.0),
    }
}
