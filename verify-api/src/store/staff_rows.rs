//! How staff, their sessions and their visits look in a database, the same in each.

use super::rows::{corrupt, id, time};
use super::{
    DeskInvitation, DeskMessage, FoundProxy, FoundStaffSession, Result, StaffCredentials, StaffRow,
};
use crate::crypto::{PasswordHash, Sealed};
use crate::flow::InvitationId;
use crate::patient::PatientId;
use crate::staff::{NoRole, ProxyId, StaffId};

/// `id, sealed, role, whether they have set up, and were disabled`
pub(super) type StaffColumns = (Vec<u8>, Vec<u8>, String, bool, bool);

pub(super) fn staff(row: StaffColumns) -> Result<StaffRow> {
    let (staff, sealed, role, is_set_up, is_disabled) = row;
    Ok(StaffRow {
        id: StaffId(id(&staff)?),
        sealed: Sealed(sealed),
        role: role.parse().map_err(|error: NoRole| corrupt(&error))?,
        is_set_up,
        is_disabled,
    })
}

/// `staff_id`
pub(super) fn staff_id((staff,): (Vec<u8>,)) -> Result<StaffId> {
    Ok(StaffId(id(&staff)?))
}

/// `id, password, sealed`
pub(super) type StaffCredentialsRow = (Vec<u8>, String, Vec<u8>);

pub(super) fn staff_credentials(row: StaffCredentialsRow) -> Result<StaffCredentials> {
    let (staff, password, sealed) = row;
    Ok(StaffCredentials {
        staff: StaffId(id(&staff)?),
        password: PasswordHash::from_stored(password),
        sealed: Sealed(sealed),
    })
}

/// `seen_at, expires_at, id, sealed, role` of somebody who has set up and is not disabled
pub(super) type StaffSessionRow = (i64, i64, Vec<u8>, Vec<u8>, String);

pub(super) fn staff_session(row: StaffSessionRow) -> Result<FoundStaffSession> {
    let (seen_at, expires_at, id, sealed, role) = row;
    Ok(FoundStaffSession {
        staff: staff((id, sealed, role, true, false))?,
        seen_at: time(seen_at)?,
        expires_at: time(expires_at)?,
    })
}

/// `patient_id, documents, sealed`
pub(super) type VisitRow = (Vec<u8>, Option<String>, Vec<u8>);

pub(super) fn visit(row: VisitRow) -> Result<(PatientId, Option<String>, Sealed)> {
    let (patient, documents, record) = row;
    Ok((PatientId(id(&patient)?), documents, Sealed(record)))
}

/// `id, sealed, noted_at`
pub(super) type ProxyRow = (Vec<u8>, Vec<u8>, i64);

pub(super) fn proxy((proxy, sealed, noted_at): ProxyRow) -> Result<FoundProxy> {
    Ok(FoundProxy {
        id: ProxyId(id(&proxy)?),
        sealed: Sealed(sealed),
        noted_at: time(noted_at)?,
    })
}

/// `fate, report, attempts`
pub(super) type DeskMessageRow = (Option<String>, Option<String>, i64);

pub(super) fn desk_message((fate, report, attempts): DeskMessageRow) -> Result<DeskMessage> {
    Ok(DeskMessage {
        fate,
        report,
        attempts: number(attempts)?,
    })
}

/// `id, expires_at, whether it is open, identity_tries, phone_tries, whether a
/// message is known, fate, report, attempts`
pub(super) type DeskInvitationRow = (
    Vec<u8>,
    i64,
    bool,
    i64,
    i64,
    bool,
    Option<String>,
    Option<String>,
    i64,
);

pub(super) fn desk_invitation(row: DeskInvitationRow) -> Result<DeskInvitation> {
    let (invitation, expires_at, is_open, identity, phone, has_message, fate, report, tries) = row;
    let message = desk_message((fate, report, tries))?;
    Ok(DeskInvitation {
        id: InvitationId(id(&invitation)?),
        expires_at: time(expires_at)?,
        is_open,
        identity_tries: number(identity)?,
        phone_tries: number(phone)?,
        message: has_message.then_some(message),
    })
}

fn number(count: i64) -> Result<u32> {
    u32::try_from(count).map_err(|error| corrupt(&error))
}
