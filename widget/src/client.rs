//! Asking the API, and reading what it says.
//!
//! It must not know what is done with the answer.

use gloo_net::http::Request;
use js_sys::{JSON, Reflect};
use protocol::ProblemCode;
use wasm_bindgen::JsValue;

use crate::read::{self, Json, bare_problem};
use crate::state::Reply;

/// Posts a JSON body once. It never tries again by itself: whether an answer
/// that got lost has arrived, only the person's next press may find out.
pub(crate) async fn post(api: &str, path: &str, token: Option<&str>, body: String) -> Reply {
    let mut request =
        Request::post(&[api, path].concat()).header("content-type", "application/json");
    if let Some(token) = token {
        request = request.header("authorization", &["Bearer ", token].concat());
    }
    let Ok(request) = request.body(body) else {
        return Reply::Offline;
    };
    match request.send().await {
        Ok(response) => match response.text().await {
            Ok(body) => reply(response.status(), &body),
            Err(_) => Reply::Offline,
        },
        Err(_) => Reply::Offline,
    }
}

/// Reads an answer of the API. What is none of its answers, such as a proxy's
/// page about an outage, is told as an outage.
pub(crate) fn reply(status: u16, body: &str) -> Reply {
    let json = JSON::parse(body).unwrap_or_default();
    let read = if status < 300 {
        read::view(&json).map(Reply::View)
    } else {
        read::problem(&json).map(Reply::Problem)
    };
    read.unwrap_or_else(|| Reply::Problem(bare_problem(ProblemCode::Unavailable)))
}

impl Json for JsValue {
    fn member(&self, name: &str) -> Option<Self> {
        let member = Reflect::get(self, &JsValue::from_str(name)).ok()?;
        (!member.is_undefined() && !member.is_null()).then_some(member)
    }

    fn text(&self) -> Option<String> {
        self.as_string()
    }

    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "the cast saturates, and a number that it changes is refused"
    )]
    fn number(&self) -> Option<u32> {
        let number = self.as_f64()?;
        let whole = number as u32;
        f64::from(whole).total_cmp(&number).is_eq().then_some(whole)
    }

    fn is_true(&self) -> bool {
        self.as_bool() == Some(true)
    }
}
