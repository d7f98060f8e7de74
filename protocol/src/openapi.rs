//! The schema of a step as it travels (OpenAPI 3.1).
//!
//! The other types derive theirs. A [`Step`] is written by hand, flat and with a
//! `name` in front, so its schema is: one closed object for each name. A test
//! holds it to what `serde` writes. It must not know addresses and statuses.

use alloc::borrow::Cow;

use utoipa::openapi::schema::{AdditionalProperties, ObjectBuilder, OneOfBuilder, Schema, Type};
use utoipa::openapi::{Ref, RefOr};
use utoipa::{PartialSchema, ToSchema};

use crate::{Channel, Step, StepName};

impl PartialSchema for Step {
    fn schema() -> RefOr<Schema> {
        let steps = StepName::ALL.into_iter().map(object);
        let one = steps.fold(OneOfBuilder::new(), OneOfBuilder::item);
        one.description(Some(
            "What is asked now; `name` tells which of these it is.",
        ))
        .into()
    }
}

impl ToSchema for Step {
    fn name() -> Cow<'static, str> {
        "Step".into()
    }

    fn schemas(schemas: &mut Vec<(String, RefOr<Schema>)>) {
        schemas.push((Channel::name().into_owned(), Channel::schema()));
    }
}

/// A step of that name, with its own data and nothing else.
fn object(name: StepName) -> ObjectBuilder {
    let object = ObjectBuilder::new()
        .title(Some(name.as_str()))
        .property("name", text().enum_values(Some([name.as_str()])))
        .required("name")
        .additional_properties(Some(AdditionalProperties::FreeForm(false)));
    match name {
        StepName::Code => object
            .property("channel", Ref::from_schema_name(Channel::name()))
            .required("channel")
            .property(
                "to",
                described("Where it goes, masked; a reset and a sign-in never say."),
            )
            .property(
                "resend_in",
                ObjectBuilder::new()
                    .schema_type(Type::Integer)
                    .minimum(Some(0))
                    .description(Some("Seconds until another code can be asked for.")),
            )
            .required("resend_in"),
        StepName::Contact => object
            .property(
                "email",
                described("The address on file, to confirm; empty if there is none."),
            )
            .required("email"),
        StepName::NewPassword => object
            .property(
                "username",
                described("Whose password it is, as it was typed."),
            )
            .required("username"),
        StepName::Password => object
            .property(
                "username",
                described("Whose password it is, for password managers; empty if it is not known."),
            )
            .required("username"),
        StepName::Done => object.property(
            "username",
            described("The username that was chosen, to keep."),
        ),
        StepName::Invitation
        | StepName::Identity
        | StepName::Phone
        | StepName::Credentials
        | StepName::PersonalInfo
        | StepName::CheckEmail
        | StepName::Identify
        | StepName::Method
        | StepName::SignIn
        | StepName::Confirm => object,
    }
}

/// Text that is one of `names`.
pub(crate) fn names(names: impl IntoIterator<Item = &'static str>) -> RefOr<Schema> {
    text().enum_values(Some(names)).into()
}

fn text() -> ObjectBuilder {
    ObjectBuilder::new().schema_type(Type::String)
}

fn described(description: &str) -> ObjectBuilder {
    text().description(Some(description))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The wire of each step, with everything that it can carry, and without.
    fn wires() -> Vec<serde_json::Value> {
        let text = || "rosa@example.org".to_owned();
        let steps = [
            Step::Invitation,
            Step::Identity,
            Step::Phone,
            Step::Code {
                channel: Channel::Call,
                to: None,
                resend_in: 60,
            },
            Step::Code {
                channel: Channel::Email,
                to: Some(text()),
                resend_in: 0,
            },
            Step::Contact { email: text() },
            Step::Credentials,
            Step::PersonalInfo,
            Step::CheckEmail,
            Step::Identify,
            Step::Method,
            Step::NewPassword { username: text() },
            Step::SignIn,
            Step::Password { username: text() },
            Step::Confirm,
            Step::Done { username: None },
            Step::Done {
                username: Some(text()),
            },
        ];
        steps
            .into_iter()
            .map(|step| serde_json::to_value(step).unwrap())
            .collect()
    }

    #[test]
    fn each_step_has_the_members_of_its_schema_and_no_others() {
        let wires = wires();
        for name in StepName::ALL {
            let schema = serde_json::to_value(object(name).build()).unwrap();
            let known: Vec<_> = schema["properties"].as_object().unwrap().keys().collect();
            let required = schema["required"].as_array().unwrap();
            let wires: Vec<_> = wires
                .iter()
                .filter(|wire| wire["name"] == name.as_str())
                .collect();
            let has = |key: &str| wires.iter().filter(|wire| wire.get(key).is_some()).count();
            assert!(!wires.is_empty(), "{name:?} is not tried");
            for key in known {
                let always = required.contains(&key.as_str().into());
                assert_eq!(has(key) == wires.len(), always, "{name:?} {key}");
                assert_ne!(has(key), 0, "{name:?} never has {key}");
            }
            for wire in wires {
                let keys = wire.as_object().unwrap().keys();
                let strange = keys.filter(|key| schema["properties"].get(key).is_none());
                assert_eq!(strange.count(), 0, "{wire} has more than {schema}");
            }
        }
    }
}
