//! A patient's connections, as their part of the page is made of them.

use protocol::form::StaffConnection;

use crate::app::{Connected, DeskConnections};
use crate::provider::ConnectionState;

/// What the page borrows: each connection and each provider, with the id as a form brings it
/// back.
pub(super) struct ConnectionParts<'a> {
    connections: Vec<(&'a Connected, String)>,
    choices: Vec<(String, &'a str)>,
}

impl<'a> ConnectionParts<'a> {
    pub(super) fn of(connections: &'a DeskConnections) -> Self {
        let DeskConnections { all, choices } = connections;
        let choices = choices.iter();
        Self {
            connections: all.iter().map(|it| (it, it.id.to_string())).collect(),
            choices: choices
                .map(|it| (it.id.to_string(), it.name.as_str()))
                .collect(),
        }
    }

    pub(super) fn all(&self) -> Vec<StaffConnection<'_>> {
        let connections = self.connections.iter();
        let shown = connections.map(|(connected, id)| StaffConnection {
            name: &connected.name,
            state: connected.state.as_str(),
            open: (connected.state == ConnectionState::Invited).then_some(id),
        });
        shown.collect()
    }

    pub(super) fn choices(&self) -> Vec<(&str, &str)> {
        let choices = self.choices.iter();
        choices.map(|(id, name)| (id.as_str(), *name)).collect()
    }
}
