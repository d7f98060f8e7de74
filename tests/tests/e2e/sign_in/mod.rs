//! Signing in: over JSON and by plain forms, under attack, and how a session ends.

mod guessing;
mod json;
mod plain;
mod sessions;

use frontdesk_tests::{Client, Reply, Request, Stack};
use protocol::paths;

/// The session that an answer brings, as the browser sends it back.
#[track_caller]
pub(crate) fn session(reply: &Reply) -> String {
    let mut set = reply.all_headers("set-cookie");
    let session = set.find(|cookie| cookie.starts_with("session="));
    let session = session.unwrap_or_else(|| panic!("no session has begun: {reply:?}"));
    session.split(';').next().unwrap_or_default().to_owned()
}

/// The page of the account, as this session sees it.
pub(crate) fn account(client: &Client, session: &str) -> Reply {
    client.send(Request::new("GET", paths::ACCOUNT).header("cookie", session))
}

/// Whether this session still lives.
pub(crate) fn is_signed_in(stack: &Stack, session: &str) -> bool {
    account(&stack.client, session).status == 200
}

/// Presses a button on the page of the account.
#[track_caller]
pub(crate) fn press(stack: &Stack, session: &str, action: &str) -> Reply {
    send(stack, session, &form_token(stack, session), action)
}

/// What the form on that page holds.
#[track_caller]
pub(crate) fn form_token(stack: &Stack, session: &str) -> String {
    let page = account(&stack.client, session);
    page.expect(200);
    let token = page.body.split("name=\"token\" value=\"").nth(1);
    let token = token.and_then(|rest| rest.split('"').next());
    let token = token.expect("the form holds what follows from the session");
    token.to_owned()
}

/// Sends the form of a page that was opened earlier.
pub(crate) fn send(stack: &Stack, session: &str, token: &str, action: &str) -> Reply {
    let action = format!("action-{action}");
    let form = [("token", token), (action.as_str(), "x")];
    let request = Request::new("POST", paths::ACCOUNT).form(&form);
    stack.client.send(request.header("cookie", session))
}
