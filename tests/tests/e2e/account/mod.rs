//! What whoever is signed in changes about their account: over JSON and by plain forms, and
//! what somebody gets who is not they.

mod confirming;
mod deactivation;
mod email;
mod notices;
mod phone;
mod plain;
mod sessions;

use frontdesk_tests::people::ROSA;
use frontdesk_tests::{Flow, Stack};
use serde_json::{Value, json};

use crate::sign_in;

pub(crate) use frontdesk_tests::walk::NEW_PHONE;

/// A session of the patient, who has enrolled.
#[track_caller]
pub(crate) fn session(stack: &Stack) -> String {
    sign_in::session(&stack.sign_in(ROSA.username, ROSA.password))
}

/// A flow that changes the phone, begun in a session.
#[track_caller]
pub(crate) fn begin(stack: &Stack, session: &str) -> Flow {
    Flow::begin_as(&stack.client, "phone-change", session)
}

pub(crate) fn password() -> Value {
    json!({"password": ROSA.password})
}

/// The same flow past the password.
#[track_caller]
pub(crate) fn at_phone(stack: &Stack, session: &str) -> Flow {
    let flow = begin(stack, session);
    flow.answer("password", &password()).at("phone");
    flow
}

/// The same flow at the code, which has come to the new phone.
#[track_caller]
pub(crate) fn at_code(stack: &Stack, session: &str, channel: &str) -> (Flow, String) {
    let flow = at_phone(stack, session);
    let phone = json!({"phone": "207-555-0171", "channel": channel});
    flow.answer("phone", &phone).at("code");
    let code = stack.mail.code(channel, NEW_PHONE);
    (flow, code)
}

/// The ending of the linked phone, as the page of the account shows it.
#[track_caller]
pub(crate) fn shown_phone(stack: &Stack, session: &str) -> String {
    let page = sign_in::account(&stack.client, session);
    page.expect(200);
    let phone = page.body.split("••• ").nth(1);
    phone.expect("a masked phone").chars().take(2).collect()
}
