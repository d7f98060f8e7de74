//! Providers who invite patients as connections: from their practices' systems and from the desk,
//! to the page of the account.

mod account;
mod api;
mod desk;

use frontdesk_tests::{Document, Reply, Request, Stack};
use jiff::SignedDuration;
use protocol::paths;
use serde_json::json;
use verify_api::provider::ProviderId;

/// A provider whose name tells what somebody is treated for.
pub(crate) const QUILL: &str = "Quillwort Oncology";

/// A provider, and the system of their practice, which has a key.
pub(crate) struct Practice<'a> {
    stack: &'a Stack,
    pub(crate) id: ProviderId,
    key: String,
}

impl<'a> Practice<'a> {
    pub(crate) fn new(stack: &'a Stack, name: &str, features: &str) -> Self {
        let id = stack.add_provider(name, features);
        let key = stack.provider_key(id);
        Self { stack, id, key }
    }

    /// Asks that the patient with this record number is invited.
    pub(crate) fn invite(&self, number: &str) -> Reply {
        ask(self.stack, paths::CONNECTIONS, &self.key, number)
    }

    /// Asks that this is taken back.
    fn withdraw(&self, number: &str) -> Reply {
        ask(self.stack, paths::WITHDRAWAL, &self.key, number)
    }

    /// The same as [`Self::invite`], until the worker has done all that follows.
    #[track_caller]
    pub(crate) fn invites(&self, number: &str) {
        self.invite(number).expect(202);
        self.stack.settle();
    }
}

/// What the system of a practice sends.
#[track_caller]
fn ask(stack: &Stack, path: &str, key: &str, number: &str) -> Reply {
    let request = Request::new("POST", path).bearer(key);
    let reply = (stack.client).send(request.json(&json!({"patient": number})));
    Document::of(&stack.client).allows("POST", path, &reply);
    reply
}

/// Waits until the letters that practices have brought about have left: half an hour at most.
pub(crate) fn letters_leave(stack: &Stack) {
    stack.advance(SignedDuration::from_mins(30));
    stack.settle();
}

/// How many connections are in a state.
pub(crate) fn in_state(stack: &Stack, state: &str) -> i64 {
    stack.number(&format!(
        "SELECT count(*) FROM connections WHERE state = '{state}'"
    ))
}
