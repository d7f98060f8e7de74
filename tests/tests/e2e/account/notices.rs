//! Notices that wait while whoever is signed in changes the account once more. A thief who
//! changes both the phone and the email must not get what the owner is to be told.

use frontdesk_tests::Twilio;
use frontdesk_tests::people::ROSA;
use frontdesk_tests::walk::NEW_EMAIL;
use jiff::SignedDuration;
use serde_json::json;

use super::{NEW_PHONE, at_phone, email, session};
use crate::phone::with_rosa;

#[test]
fn the_phone_that_was_linked_when_the_email_changed_is_told_of_it() {
    let twilio = Twilio::start();
    let stack = with_rosa(&twilio);
    let own = session(&stack);
    let (flow, code) = email::at_code(&stack, &own, NEW_EMAIL);
    twilio.confuse(1);
    flow.answer("code", &json!({"code": code})).at("done");
    assert_eq!(
        twilio.next().field("To"),
        ROSA.phone,
        "it waits for a while"
    );

    let flow = at_phone(&stack, &own);
    flow.answer("phone", &json!({"phone": NEW_PHONE, "channel": "text"}))
        .at("code");
    let text = twilio.next();
    assert_eq!(text.field("To"), NEW_PHONE);
    let code = text.code().expect("a text with a code");
    flow.answer("code", &json!({"code": code})).at("done");
    stack.advance(SignedDuration::from_secs(13));
    for _ in 0..2 {
        let notice = twilio.next();
        assert_eq!(notice.field("To"), ROSA.phone, "{}", notice.field("Body"));
    }
    stack.settle();
}
