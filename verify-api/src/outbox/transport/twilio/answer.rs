//! What Twilio's answers mean.
//!
//! A cause for the log holds the numbers of an answer, never its words: they
//! repeat the phone number.

use serde::Deserialize;

use super::client::Answer;
use crate::outbox::transport::TransportError;

/// Errors that say that this number cannot be reached this way, whatever we try:
/// no number at all, none in use, none that takes texts, of a country that the
/// account does not serve, or of a person who wrote STOP.
const UNREACHABLE: &[u32] = &[
    21211, 21214, 21215, 21216, 21217, 21408, 21610, 21612, 21614, 21635,
];

/// Errors about what we send from.
const SENDER: &[u32] = &[
    21210, 21212, 21213, 21603, 21606, 21659, 21660, 21701, 21702, 21703, 21704, 21705,
];

#[derive(Default, Deserialize)]
#[serde(default)]
struct Said {
    sid: Option<String>,
    code: Option<u32>,
}

/// The id that Twilio gave to the message, if its answer tells it; or why it was
/// not taken.
///
/// Only what says that the number is at fault is final. Everything else can be
/// mended by us or by them, and a wrong setting must not cost a message.
pub(super) fn judge(answer: &Answer) -> Result<Option<String>, TransportError> {
    let said: Said = serde_json::from_slice(&answer.body).unwrap_or_default();
    let status = answer.status;
    let code = said.code.unwrap_or_default();
    let cause = match status {
        200..=299 => return Ok(said.sid.filter(|sid| is_sid(sid))),
        _ if UNREACHABLE.contains(&code) => {
            let cause = format!("Twilio cannot reach the number ({code})");
            return Err(TransportError::permanent(cause));
        }
        401 | 403 => format!(
            "Twilio refuses our credentials ({status}, {code}); check twilio.account_sid \
             and the auth token or API key that goes with it"
        ),
        404 => format!(
            "Twilio knows no such account ({code}); check twilio.account_sid and twilio.base_url"
        ),
        429 => format!("Twilio is asked too often ({code})"),
        300..=399 => format!("Twilio sends us elsewhere ({status}); check twilio.base_url"),
        500.. => format!("Twilio has a fault of its own ({status})"),
        _ if SENDER.contains(&code) => format!(
            "Twilio refuses the sender ({code}); check twilio.from and twilio.messaging_service_sid"
        ),
        _ => format!(
            "Twilio refused it ({status}, {code}); the second number is in Twilio's list of errors"
        ),
    };
    Err(match answer.retry_after {
        Some(wait) => TransportError::Busy(cause.into(), wait),
        None => TransportError::temporary(cause),
    })
}

/// Whether a text has the shape of an id of Twilio's, so that nothing else gets
/// into the log.
fn is_sid(text: &str) -> bool {
    text.len() == 34 && text.bytes().all(|byte| byte.is_ascii_alphanumeric())
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    fn answer(status: u16, body: &str) -> Answer {
        Answer {
            status,
            retry_after: None,
            body: body.to_owned().into(),
        }
    }

    fn refusal(status: u16, code: u32) -> TransportError {
        let said = format!(
            r#"{{"code":{code},"message":"+12075550142 is refused, and so is 123456","status":{status}}}"#
        );
        judge(&answer(status, &said)).unwrap_err()
    }

    #[test]
    fn only_a_number_that_cannot_be_reached_is_final() {
        for code in [21211, 21214, 21610, 21614, 21408] {
            let refused = refusal(400, code);
            let cause = format!("Twilio cannot reach the number ({code})");
            assert_eq!(refused, TransportError::permanent(cause));
        }
        for (status, code, key) in [
            (401, 20003, "twilio.account_sid"),
            (403, 20403, "twilio.account_sid"),
            (404, 20404, "twilio.base_url"),
            (400, 21606, "twilio.from"),
            (400, 21703, "twilio.messaging_service_sid"),
            (400, 21609, "(400, 21609)"),
            (307, 0, "twilio.base_url"),
            (429, 20429, "(20429)"),
            (500, 20500, "(500)"),
            (503, 0, "(503)"),
        ] {
            let TransportError::Temporary(cause) = refusal(status, code) else {
                panic!("{status} {code} can be mended");
            };
            assert!(cause.contains(key), "{cause}");
            assert!(
                !cause.contains("555") && !cause.contains("123456"),
                "{cause}"
            );
        }
    }

    #[test]
    fn what_is_taken_is_taken_whatever_the_body_says() {
        let sid = format!("SM{}", "0f".repeat(16));
        let whole = format!(r#"{{"sid":"{sid}","status":"queued","error_code":null}}"#);
        assert_eq!(judge(&answer(201, &whole)), Ok(Some(sid)));
        for body in ["", "<html>", r#"{"sid":"Rosa +12075550142"}"#] {
            assert_eq!(judge(&answer(201, body)), Ok(None), "{body}");
        }
    }

    #[test]
    fn who_asks_us_to_wait_is_heard() {
        let busy = Answer {
            retry_after: Some(Duration::from_secs(90)),
            ..answer(429, r#"{"code":20429}"#)
        };
        let expected = TransportError::Busy(
            "Twilio is asked too often (20429)".into(),
            Duration::from_secs(90),
        );
        assert_eq!(judge(&busy), Err(expected));
    }
}
