//! Reading what the API says, out of the browser's own JSON parser.
//!
//! It must not know how the answer came, nor what is done with it.

use alloc::string::String;

use js_sys::{JSON, Reflect};
use protocol::ProblemCode;
use wasm_bindgen::JsValue;

use crate::read::{self, Json, bare_problem};
use crate::state::Reply;

/// Reads an answer of the API; a status of 0 says that nothing came back. What is
/// none of its answers, such as a proxy's page about an outage, is told as an outage.
pub(crate) fn reply(status: u16, body: &str) -> Reply {
    if status == 0 {
        return Reply::Offline;
    }
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
