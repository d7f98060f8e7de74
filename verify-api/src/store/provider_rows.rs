//! How providers and connections look in a database, the same in each.

use super::rows::id;
use super::{ConnectionRow, ProviderRow, Result, StoreError};
use crate::account::AccountId;
use crate::crypto::Sealed;
use crate::provider::{ConnectionId, ConnectionState, ProviderId};

/// `id, sealed, features, whether there is a key, and they were retired`
pub(super) type ProviderColumns = (Vec<u8>, Vec<u8>, String, bool, bool);

pub(super) fn provider(row: ProviderColumns) -> Result<ProviderRow> {
    let (provider, name, features, has_key, is_retired) = row;
    Ok(ProviderRow {
        id: ProviderId(id(&provider)?),
        name: Sealed(name),
        features,
        has_key,
        is_retired,
    })
}

/// `id`
pub(super) fn provider_id((provider,): (Vec<u8>,)) -> Result<ProviderId> {
    Ok(ProviderId(id(&provider)?))
}

/// `account_id, provider_id` of a connection.
pub(super) fn both_ends(
    (account, provider): (Vec<u8>, Vec<u8>),
) -> Result<(AccountId, ProviderId)> {
    Ok((AccountId(id(&account)?), ProviderId(id(&provider)?)))
}

/// `id, provider_id, the provider's sealed and features, state`
pub(super) type ConnectionColumns = (Vec<u8>, Vec<u8>, Vec<u8>, String, String);

pub(super) fn connection(row: ConnectionColumns) -> Result<ConnectionRow> {
    let (connection, provider, name, features, state) = row;
    let unknown = || StoreError::Unavailable("the state of a connection is none".to_owned());
    Ok(ConnectionRow {
        id: ConnectionId(id(&connection)?),
        provider: ProviderId(id(&provider)?),
        name: Sealed(name),
        features,
        state: ConnectionState::from_name(&state).ok_or_else(unknown)?,
    })
}
