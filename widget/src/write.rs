//! Writing the few JSON bodies that the API takes.
//!
//! It must not know how they are sent.

use alloc::string::String;

use protocol::{Answers, Channel, FlowKind, StepName};

/// The body that begins a flow.
pub(crate) fn begin(kind: FlowKind, locale: &str) -> String {
    object([("kind", text(kind.as_str())), ("locale", text(locale))])
}

/// The body that answers a step: the step's own fields, and nothing else of the form.
pub(crate) fn answers(step: StepName, answers: &Answers, locale: &str) -> String {
    let fields = step.fields().iter();
    let fields = fields.map(|field| (field.as_str(), text(answers.get(*field))));
    object([
        ("step", text(step.as_str())),
        ("answers", object(fields)),
        ("locale", text(locale)),
    ])
}

/// The body that asks for another code, on another channel if one is given.
pub(crate) fn resend(channel: Option<Channel>, locale: &str) -> String {
    let channel = channel.map(|channel| ("channel", text(channel.as_str())));
    object(channel.into_iter().chain([("locale", text(locale))]))
}

/// An object whose values are JSON already.
fn object<'a>(members: impl IntoIterator<Item = (&'a str, String)>) -> String {
    let mut json = String::from("{");
    for (name, value) in members {
        if json.len() > 1 {
            json.push(',');
        }
        json.push_str(&text(name));
        json.push(':');
        json.push_str(&value);
    }
    json.push('}');
    json
}

/// A string (RFC 8259, section 7): quotes, backslashes and controls are escaped.
fn text(text: &str) -> String {
    let mut json = String::from("\"");
    for c in text.chars() {
        match c {
            '"' | '\\' => json.extend(['\\', c]),
            '\0'..='\x1f' => {
                let digit = |n: u32| char::from_digit(n, 16).unwrap_or('0');
                json.push_str("\\u00");
                json.extend([digit(c as u32 / 16), digit(c as u32 % 16)]);
            }
            _ => json.push(c),
        }
    }
    json.push('"');
    json
}

#[cfg(test)]
mod tests {
    use super::*;
    use protocol::Field;
    use serde_json::{Value, json};

    fn parsed(json: &str) -> Value {
        serde_json::from_str(json).expect(json)
    }

    #[test]
    fn bodies_are_the_json_that_the_api_takes() {
        assert_eq!(
            parsed(&begin(FlowKind::UsernameRecovery, "en")),
            json!({ "kind": "username-recovery", "locale": "en" })
        );
        assert_eq!(parsed(&resend(None, "es")), json!({ "locale": "es" }));
        assert_eq!(
            parsed(&resend(Some(Channel::Call), "en")),
            json!({ "channel": "call", "locale": "en" })
        );
    }

    #[test]
    fn whatever_is_typed_arrives_as_typed() {
        let typed: String = ('\0'..='\u{ff}')
            .chain("\u{2028}\u{1f44b}".chars())
            .collect();
        let mut form = Answers::default();
        form.set(Field::Username, "ana");
        form.set(Field::Password, typed.clone());
        form.set(Field::Phone, "of another step");
        assert_eq!(
            parsed(&answers(StepName::Credentials, &form, "es")),
            json!({
                "step": "credentials",
                "answers": { "username": "ana", "password": typed },
                "locale": "es",
            })
        );
    }
}
