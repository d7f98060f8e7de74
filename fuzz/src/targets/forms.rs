//! A step as HTML: what people and the database say stays text.
//!
//! The input is a posted form; beside answers, it says which step is shown, how,
//! and with which texts.

use std::sync::LazyLock;

use protocol::form::{self, Form};
use protocol::{
    Answers, Channel, FieldProblem, FlowKind, Locale, Notice, Problem, ProblemCode, Progress, Step,
    StepName, messages,
};

use protocol::messages::Catalog;

use crate::html;

static WORDS: LazyLock<Catalog<'static>> = LazyLock::new(|| messages::catalog(Locale::En));

pub(crate) fn run(input: &[u8]) {
    let pairs: Vec<_> = form_urlencoded::parse(input).into_owned().collect();
    let (starts, markup) = html::read(&render(&pairs));
    let tame: Vec<_> = (pairs.iter())
        .map(|(name, value)| (name.clone(), tamed(name, value)))
        .collect();
    assert_eq!(markup, html::read(&render(&tame)).1, "text became markup");
    let typed = Answers::from_form(pairs);
    for start in starts.iter().filter(|start| start.name == "input") {
        let (name, value) = (start.attribute("name"), start.attribute("value"));
        match name {
            Some("password" | "code") => assert_eq!(value, None, "a secret is shown again"),
            Some("token") => assert_eq!(value, Some(&*html::as_read(typed.named("token")))),
            Some(name) if is_asked(name, &typed) && start.attribute("type") != Some("radio") => {
                let is_prefilled = typed.named(name).is_empty();
                let typed = html::as_read(typed.named(name));
                assert!(
                    is_prefilled || value == Some(&*typed),
                    "{name} shows {value:?}"
                );
            }
            _ => {}
        }
    }
}

fn step(typed: &Answers) -> StepName {
    StepName::from_name(typed.named("step")).unwrap_or(StepName::Identity)
}

/// Whether the step has such an input, of which a date has three.
fn is_asked(input: &str, typed: &Answers) -> bool {
    let field = input.split_once('-').map_or(input, |(field, _)| field);
    step(typed).fields().iter().any(|it| it.as_str() == field)
}

fn render(pairs: &[(String, String)]) -> String {
    let typed = Answers::from_form(pairs.iter().cloned());
    let named = |name: &str| typed.named(name).to_owned();
    let optional = |name: &str| Some(named(name)).filter(|text| !text.is_empty());
    let kind = FlowKind::from_name(&named("kind")).unwrap_or(FlowKind::Enrollment);
    let name = step(&typed);
    let shown = match name {
        StepName::Invitation => Step::Invitation,
        StepName::Identity => Step::Identity,
        StepName::Phone => Step::Phone,
        StepName::Code => Step::Code {
            channel: Channel::from_name(&named("by")).unwrap_or(Channel::Text),
            to: optional("to"),
            resend_in: if named("wait").is_empty() { 0 } else { 60 },
        },
        StepName::Contact => Step::Contact { email: named("to") },
        StepName::Credentials => Step::Credentials,
        StepName::PersonalInfo => Step::PersonalInfo,
        StepName::CheckEmail => Step::CheckEmail,
        StepName::Identify => Step::Identify,
        StepName::Method => Step::Method,
        StepName::NewPassword => Step::NewPassword {
            username: named("to"),
        },
        StepName::SignIn => Step::SignIn,
        StepName::Password => Step::Password {
            username: named("to"),
        },
        StepName::Confirm => Step::Confirm,
        StepName::Done => Step::Done {
            username: optional("to"),
        },
    };
    let problem = problem(&typed, name);
    let (sign_in, token) = (optional("sign_in"), named("token"));
    let form = Form {
        kind,
        step: &shown,
        progress: Progress { step: 1, of: 6 },
        notice: Notice::ALL
            .into_iter()
            .find(|it| it.as_str() == typed.named("notice")),
        problem: problem.as_ref(),
        is_out_of_tries: !named("spent").is_empty(),
        expires_in: (!named("left").is_empty()).then_some(600),
        sign_in: sign_in.as_deref(),
        typed: &typed,
        action: &named("action"),
        hidden: &[("token", &token)],
        is_page: named("part").is_empty(),
    };
    form::html(&form, &WORDS)
}

/// The problem of that name: with the whole answer, or with each of its fields.
fn problem(typed: &Answers, step: StepName) -> Option<Problem> {
    let name = typed.named("problem");
    if let Some(code) = ProblemCode::ALL.iter().find(|code| code.as_str() == name) {
        return Some(Problem::new(*code));
    }
    let code = FieldProblem::ALL
        .iter()
        .find(|code| code.as_str() == name)?;
    let fields = step.fields().iter().map(|field| (*field, *code)).collect();
    Some(Problem::fields(fields))
}

/// The same text without any sign that could be markup. What our own code reads
/// (names of steps and problems) is made of letters and dashes, and stays.
fn tamed(name: &str, value: &str) -> String {
    let is_ours = ["kind", "step", "by", "problem", "notice", "channel"].contains(&name);
    if is_ours {
        return value.to_owned();
    }
    value
        .chars()
        .map(|c| if c.is_alphanumeric() { c } else { 'x' })
        .collect()
}
