//! What clinic staff do from a shell: find a patient, and invite them.

use jiff::SignedDuration;
use protocol::Locale;
use protocol::values::{BirthDate, Email, InvitationCode};

use super::{App, FoundPatients, seconds};
use crate::audit::{Entry, Event};
use crate::crypto::{OpenError, Purpose};
use crate::entropy;
use crate::flow::InvitationId;
use crate::outbox::{Job, Links};
use crate::patient::{Patient, PatientId, Standing};
use crate::staff::{Acting, StaffId};
use crate::store::{InVisit, NewInvitation, StoreError};

/// How long an invitation works.
pub const INVITATION_LIFETIME: SignedDuration = SignedDuration::from_hours(14 * 24);

/// How often an invitation is tried that others get in the way of.
const TRIES: usize = 5;

/// An invitation as the desk hands it over.
pub struct Invited {
    /// The code, in groups.
    pub code: InvitationCode,
    /// The page that asks for it, with the code filled in.
    pub link: String,
    /// The language of the record.
    pub speaks: Locale,
    /// Whether an email with it is on its way.
    pub by_email: bool,
    /// Whether the patient has a phone on file, without which nobody can enroll.
    pub has_phone: bool,
    /// Whether it is for somebody who acts for the patient; then it is not mailed.
    pub is_for_proxy: bool,
}

/// Why the desk could not do it.
#[derive(Debug)]
pub enum DeskError {
    /// No patient has this number in the system that records are imported from.
    NoSuchPatient,
    /// A name that is searched for has no word of two letters.
    NoName,
    /// No staff user has this email.
    NoSuchStaff,
    /// There is a staff user with this email.
    StaffExists,
    /// The staff user was disabled.
    StaffDisabled,
    /// The visit is over or documents were not seen in it, or a colleague has acted since.
    Overtaken,
    /// Their role does not search for patients, nor invite them.
    NotTheirRole,
    /// The role that they have already.
    SameRole,
    /// The patient has an account, and so needs no invitation.
    AlreadyEnrolled,
    /// The record is of nobody who can be invited.
    NotCurrent(Standing),
    /// The patient is under this age, and nobody is noted who acts for them.
    UnderAge(u8),
    /// The patient has come to this age since somebody was noted who acted for them.
    CameOfAge(u8),
    /// They have looked as often as one may in an hour; so many seconds until they may again.
    TooOften(u32),
    /// The database or a key does not work.
    Unavailable(String),
}

impl std::fmt::Display for DeskError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::NoSuchPatient => {
                "No patient has this number. Import the patient first, or check the number."
            }
            Self::NoName => {
                "Type at least one part of the patient's name in full: two letters or more."
            }
            Self::NoSuchStaff => {
                "No staff user has this email. Add them with `verify-api staff add EMAIL`."
            }
            Self::StaffExists => {
                "A staff user with this email is there already. Give them a new way to sign in \
                 with `verify-api staff reset EMAIL`."
            }
            Self::StaffDisabled => {
                "This staff user is disabled. Let them work again with \
                 `verify-api staff reset EMAIL`."
            }
            Self::Overtaken => {
                "A colleague has done something about this patient, or the visit is over. Look at \
                 the patient's page again."
            }
            Self::NotTheirRole => {
                "An auditor reads what was done, and neither searches for patients nor invites \
                 them. Name somebody of the front desk, or a manager."
            }
            Self::SameRole => "This staff user has that role already: nothing was changed.",
            Self::AlreadyEnrolled => {
                "This patient is enrolled already. They can reset their password instead."
            }
            Self::NotCurrent(Standing::Deceased) => {
                "The record says that this patient has died, so nobody invites them. If that is \
                 wrong, correct the record and import it again."
            }
            Self::NotCurrent(Standing::Replaced) => {
                "Another record has replaced this one. Invite the patient by its number."
            }
            Self::NotCurrent(Standing::Inactive | Standing::Current) => {
                "The record is not active. Activate it in the record system and import it again."
            }
            Self::UnderAge(age) => {
                return write!(
                    f,
                    "This patient is under {age}, and nobody is noted who acts for them. A parent \
                     or legal guardian must come to the desk with a photo ID and a paper that shows \
                     it: note that on the patient's page, and invite there."
                );
            }
            Self::CameOfAge(age) => {
                return write!(
                    f,
                    "This patient has turned {age} since somebody was noted who acted for them. \
                     The patient must come to the desk: end what is noted on their page, and \
                     invite there."
                );
            }
            Self::TooOften(seconds) => {
                return write!(
                    f,
                    "This staff user has looked for patients as often as one may in an hour. Wait \
                     {} min, or ask a colleague.",
                    seconds.div_ceil(60)
                );
            }
            Self::Unavailable(cause) => return write!(f, "It cannot be done right now: {cause}."),
        })
    }
}

impl std::error::Error for DeskError {}

impl From<StoreError> for DeskError {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::AlreadyEnrolled => Self::AlreadyEnrolled,
            StoreError::Overtaken => Self::Overtaken,
            StoreError::OverBudget { wait } => Self::TooOften(seconds(wait)),
            error => Self::Unavailable(error.to_string()),
        }
    }
}

impl From<OpenError> for DeskError {
    fn from(error: OpenError) -> Self {
        Self::Unavailable(error.to_string())
    }
}

impl App {
    /// Invites a patient whom `staff` has checked in person. Earlier invitations
    /// of the patient stop working.
    ///
    /// # Errors
    /// See [`DeskError`].
    pub async fn invite(&self, source: &str, staff: &Email) -> Result<Invited, DeskError> {
        let source = self.keys.digest(Purpose::PatientSource, source.as_bytes());
        let patient = self.store.patient_by_source(&source).await?;
        let patient = patient.ok_or(DeskError::NoSuchPatient)?;
        let staff = self.inviting(staff).await?;
        self.invite_patient(patient, staff, None).await
    }

    /// The patients whom a staff user may mean: see [`App::find_patients`]. It counts as one look,
    /// as at the desk.
    ///
    /// # Errors
    /// See [`DeskError`].
    pub async fn find_for(
        &self,
        staff: &Email,
        name: &str,
        born: BirthDate,
    ) -> Result<FoundPatients, DeskError> {
        let staff = self.inviting(staff).await?;
        self.charge_search(staff).await?;
        self.find_patients(name, born, Some(staff.0)).await
    }

    /// The staff user with this email, who may invite.
    async fn inviting(&self, staff: &Email) -> Result<StaffId, DeskError> {
        let staff = self.staff_of(staff).await?;
        if !staff.role.invites() {
            return Err(DeskError::NotTheirRole);
        }
        Ok(staff.id)
    }

    /// The same, of a patient who is known; in a visit, if it is not from a shell.
    pub(super) async fn invite_patient(
        &self,
        patient: PatientId,
        staff: StaffId,
        visit: Option<InVisit>,
    ) -> Result<Invited, DeskError> {
        for _ in 0..TRIES {
            let invited = self.try_invite(patient, staff, visit).await?;
            if let Some(invited) = invited {
                return Ok(invited);
            }
        }
        let others = "somebody else changes the same record".to_owned();
        Err(DeskError::Unavailable(others))
    }

    /// Nothing where the record was changed meanwhile, by an import or with its key: an
    /// invitation follows from no older one.
    async fn try_invite(
        &self,
        patient: PatientId,
        StaffId(staff): StaffId,
        visit: Option<InVisit>,
    ) -> Result<Option<Invited>, DeskError> {
        let sealed = self.store.patient(patient).await?;
        let sealed = sealed.ok_or(DeskError::NoSuchPatient)?;
        let record: Patient = self
            .keys
            .open_json(Purpose::Patient, &patient.0, &sealed)
            .await?;
        if !record.standing.is_current() {
            return Err(DeskError::NotCurrent(record.standing));
        }
        let proxy = self.proxy_of(patient, &record).await?;
        match proxy.acting {
            Acting::Patient | Acting::Proxy => {}
            Acting::Nobody => return Err(DeskError::UnderAge(proxy.age)),
            Acting::CameOfAge => return Err(DeskError::CameOfAge(proxy.age)),
        }
        let is_for_proxy = proxy.acting == Acting::Proxy;

        let code = InvitationCode::from_entropy(entropy::bytes(&*self.entropy));
        let now = self.now();
        let expires_at = now + INVITATION_LIFETIME;
        let id = InvitationId(entropy::bytes(&*self.entropy));
        // The address on file may be of somebody else than whoever was checked at the desk: what
        // is for whoever acts is handed to them.
        let email = record.email.as_ref().filter(|_| !is_for_proxy);
        let email = email.map(Email::as_str);
        let invitation = NewInvitation {
            id,
            patient,
            record: sealed,
            staff,
            code: self
                .keys
                .digest(Purpose::Invitation, code.as_str().as_bytes()),
            expires_at,
            mailed_to: email.map(|email| {
                self.keys
                    .seal_json(Purpose::Invitation, &id.0, &email, &*self.entropy)
            }),
            proxy: proxy.noted.map(|noted| noted.id),
            visit,
        };
        let entry = Entry {
            event: Event::PatientInvited,
            subject: patient.0,
            actor: Some(staff),
        };
        let job = email.map(|email| {
            let job = Job::Invitation {
                patient,
                email: email.to_owned(),
                code: code.to_string(),
            };
            self.job(&job, expires_at)
        });
        match self.store.invite(invitation, job, now, entry).await {
            Err(StoreError::Conflict) => return Ok(None),
            invited => invited?,
        }
        self.wake.notify_one();
        Ok(Some(Invited {
            link: Links::new(&self.base_url).invitation(&code, record.locale),
            code,
            speaks: record.locale,
            by_email: email.is_some(),
            has_phone: !record.phones.is_empty(),
            is_for_proxy,
        }))
    }
}
