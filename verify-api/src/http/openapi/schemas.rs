//! What bodies look like.
//!
//! Answers are closed objects: what is not described is not sent. Requests are
//! open, since members that nobody knows are passed over.

use protocol::{Field, Problem, Step, StepName, View};
use utoipa::ToSchema;
use utoipa::openapi::schema::{
    AdditionalProperties, KnownFormat, ObjectBuilder, OneOfBuilder, Schema, SchemaFormat, Type,
};
use utoipa::openapi::{Ref, RefOr};

use super::super::json::{BeginBody, ResendBody};
use super::super::providers::{PatientBody, TakenDown};

/// A view with the token, which only the answer has that begins a flow.
pub(super) const BEGUN: &str = "BegunFlow";
/// The body of an answer to a step.
pub(super) const ANSWER: &str = "Answer";
const LOCALE: &str =
    "The language of messages from now on, a BCP 47 tag; as before, unless it is given.";

type Named = (String, RefOr<Schema>);

/// Every schema that has a name.
pub(super) fn all() -> Vec<Named> {
    let mut all = Vec::new();
    with_parts::<Problem>(&mut all);
    with_parts::<BeginBody>(&mut all);
    with_parts::<ResendBody>(&mut all);
    with_parts::<PatientBody>(&mut all);
    with_parts::<TakenDown>(&mut all);
    let mut begun = None;
    for (name, schema) in &mut all {
        let RefOr::T(Schema::Object(object)) = schema else {
            continue;
        };
        let is_closed = [
            Problem::name(),
            View::name(),
            "Progress".into(),
            TakenDown::name(),
            // The one request that takes nothing else.
            PatientBody::name(),
        ];
        if is_closed.contains(&name.as_str().into()) {
            object.additional_properties = Some(Box::new(AdditionalProperties::FreeForm(false)));
        }
        if *name == View::name() {
            let mut with_token = object.clone();
            with_token.required.push("token".to_owned());
            begun = Some((BEGUN.to_owned(), Schema::Object(with_token).into()));
            object.properties.remove("token");
        }
    }
    all.extend(begun);
    all.push((ANSWER.to_owned(), answer()));
    all
}

fn with_parts<T: ToSchema>(all: &mut Vec<Named>) {
    all.push((T::name().into_owned(), T::schema()));
    T::schemas(all);
}

pub(super) fn named(name: &str) -> Ref {
    Ref::from_schema_name(name)
}

pub(super) fn text() -> ObjectBuilder {
    ObjectBuilder::new().schema_type(Type::String)
}

/// One object for each step that can be answered.
fn answer() -> RefOr<Schema> {
    let steps = StepName::ALL.into_iter();
    let asking = steps.filter(|step| !step.fields().is_empty());
    let one = asking
        .map(answer_to)
        .fold(OneOfBuilder::new(), OneOfBuilder::item);
    one.into()
}

fn answer_to(step: StepName) -> ObjectBuilder {
    let answers = ObjectBuilder::new().additional_properties(Some(text()));
    let answers = step.fields().iter().fold(answers, |answers, field| {
        answers
            .property(field.as_str(), typed(step, *field))
            .required(field.as_str())
    });
    ObjectBuilder::new()
        .title(Some(step.as_str()))
        .property("step", text().enum_values(Some([step.as_str()])))
        .required("step")
        .property("answers", answers)
        .required("answers")
        .property("locale", text().description(Some(LOCALE)))
}

/// A field of an answer. Text as people type it: spaces, dashes and case are
/// forgiven, so that no pattern tells what is taken.
fn typed(step: StepName, field: Field) -> ObjectBuilder {
    let text = text()
        .min_length(Some(1))
        .examples([example(field)])
        .description(Some(meaning(field)));
    match field {
        Field::Channel => {
            let channels = match step {
                StepName::Phone => Step::Phone.channels(),
                _ => Step::Method.channels(),
            };
            text.enum_values(Some(channels.iter().map(|channel| channel.as_str())))
        }
        Field::BirthDate => text.format(Some(SchemaFormat::KnownFormat(KnownFormat::Date))),
        Field::Password => text.format(Some(SchemaFormat::KnownFormat(KnownFormat::Password))),
        Field::Email => text.format(Some(SchemaFormat::Custom("idn-email".to_owned()))),
        Field::Invitation
        | Field::GivenName
        | Field::FamilyName
        | Field::PostalCode
        | Field::Phone
        | Field::Code
        | Field::Username => text,
    }
}

const fn meaning(field: Field) -> &'static str {
    match field {
        Field::Invitation => "The code of the invitation, as it is printed.",
        Field::GivenName => "The first name as the clinic has it; up to 256 characters.",
        Field::FamilyName => "The last name as the clinic has it; up to 256 characters.",
        Field::BirthDate => "`YYYY-MM-DD`.",
        Field::PostalCode => "A ZIP code of five or nine digits.",
        Field::Phone => "A North American number, in any spelling.",
        Field::Channel => "How the code is to travel.",
        Field::Code => "The six digits of the message.",
        Field::Email => "An address; up to 254 bytes.",
        Field::Username => "3 to 64 of the ASCII letters, digits, `.`, `_` and `-`.",
        Field::Password => {
            "15 to 256 characters; none that many people use, or that is made of known names."
        }
    }
}

/// What an invented person would type.
pub(super) const fn example(field: Field) -> &'static str {
    match field {
        Field::Invitation => "ABCD-EFGH-JKMN-PQRS",
        Field::GivenName => "Nora",
        Field::FamilyName => "Vance-O'Hara",
        Field::BirthDate => "1944-02-29",
        Field::PostalCode => "04101",
        Field::Phone => "(207) 555-0143",
        Field::Channel => "text",
        Field::Code => "314159",
        Field::Email => "nora@example.org",
        Field::Username => "nora.vance",
        Field::Password => "seven quiet herons at dusk",
    }
}
